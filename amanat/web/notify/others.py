"""What everybody else reads: the text for each audience, made of the facts as they stand."""

from datetime import datetime

from amanat import notify
from amanat.terms.fact import Fact, Status
from amanat.terms.kinds import KINDS
from amanat.terms.notice import Finding, Notice
from amanat.terms.promise import Promise
from amanat.web.languages import LANGUAGES
from amanat.web.notify.queries import company_of, facts_of
from amanat.web.respond.models import Incident
from amanat.web.respond.promise_models import PromiseRow
from amanat.web.respond.queries import as_facts, newest_facts
from amanat.web.scope.models import ScopeRow


def facts_now(incident: Incident) -> dict[str, Fact]:
    """The facts of the folder and over them what was noted on the screens, with moments as moments."""
    return {**facts_of(incident), **as_facts(newest_facts(incident))}


def written(incident: Incident, audience: str, *, kind: str | None, is_easy: bool, now: datetime) -> list[Notice]:
    """The texts for one audience in the languages of the screens; raises the errors of facts, company and wording."""
    made: list[Notice] = notify.compose(
        with_counts(incident),
        company_of(incident),
        now=now,
        audience=audience,
        incident=kind,
        languages=[tag for tag, _name in LANGUAGES],
        is_easy=is_easy,
        counted=notify.Case(kinds=kinds_of(incident), promises=promises_of(incident)),
    )
    return made


def promises_of(incident: Incident) -> tuple[Promise, ...]:
    """Every public promise of the incident as it stands."""
    return tuple(row.to_value() for row in PromiseRow.objects.filter(incident=incident).order_by("made_at"))


def with_counts(incident: Incident) -> dict[str, Fact]:
    """The facts, with how many persons were counted; while some are still looked at, that is a belief."""
    facts, found = facts_now(incident), _newest(incident)
    if found and found.n_sure:
        status: Status = "believed" if found.n_review else "known"
        facts["residents"] = Fact(name="residents", value={"": found.n_sure}, status=status, source="scope")
    return facts


def kinds_of(incident: Incident) -> tuple[str, ...]:
    """The kinds of data that were counted."""
    found = _newest(incident)
    counted = {cell["kind"] for cell in found.counts} if found else set()
    return tuple(kind for kind in KINDS if kind in counted)


def _newest(incident: Incident) -> ScopeRow | None:
    return ScopeRow.objects.filter(incident=incident).order_by("-at").first()


def next_update(incident: Incident, *, now: datetime) -> datetime | None:
    """By when we promised to write again; None when no such promise stands."""
    fact = facts_now(incident).get("next_update")
    value = fact.value if fact and fact.status != "unknown" else None
    return value if isinstance(value, datetime) and value > now else None


def judged(incident: Incident, notices: list[Notice], *, now: datetime) -> dict[str, list[Finding]]:
    """What the gate says of each."""
    facts, company = with_counts(incident), company_of(incident)
    return {notice.id: notify.check_notice(notice, facts, (), company, now=now) for notice in notices}
