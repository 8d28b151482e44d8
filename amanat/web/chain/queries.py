"""An incident as a whole, for its first page: the steps with state and number each, and the timeline."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _

from amanat.notify import Silence
from amanat.terms.fact import fact_types
from amanat.web.assess import queries as duties
from amanat.web.care import queries as care
from amanat.web.care.models import CallRow, CaseRow
from amanat.web.chain import silence
from amanat.web.notify import together
from amanat.web.notify.models import ApprovalRow, NoticeRow, SendingRow
from amanat.web.notify.queries import preparing
from amanat.web.public import queries as public
from amanat.web.respond import promising
from amanat.web.respond.models import FactRow, Incident, JournalEntry
from amanat.web.scope import queries as scope
from amanat.web.scope.models import AffectedPerson
from amanat.web.templatetags.words import STEPS, number
from amanat.web.trust import queries as trust

LINES_READ = 80  # of the journal, for the timeline; the journal's own page has them all
TOGETHER = timedelta(minutes=5)
HALF_A_YEAR = 180  # days after which what can be seen of the effect has been seen
REACHED = ("accepted", "delivered", "opened_page")


@dataclass(frozen=True, slots=True)
class Band:
    """What burns, for the slim band on every page of an incident."""

    at: datetime | None  # of the next deadline
    to: str = ""
    owner: str = ""
    n_untold: int | None = None  # None: nobody is known who must be told
    promise_at: datetime | None = None  # of the open promise that falls due next
    is_promise_update: bool = True
    planned_at: datetime | None = None  # of the next update as the facts have it, while nobody outside was promised it
    silence: Silence | None = None  # None: the public does not know, as far as we know, or knew it from us


def band(incident: Incident) -> Band:
    """The same on every page: the next deadline with its owner, persons not yet told, and the promise that falls due next."""
    deadline = duties.next_deadline(incident)
    owed = AffectedPerson.objects.filter(incident=incident, state="sure").exclude(letter_group="")
    told = SendingRow.objects.filter(incident=incident, state__in=REACHED, person=OuterRef("pk"))
    told_too = together.told_too(incident, OuterRef("pk"))
    counts = owed.aggregate(all=Count("pk"), untold=Count("pk", filter=~Exists(told) & ~Exists(told_too)))
    promise = promising.next_open(incident)
    return Band(
        at=deadline.at if deadline else None,
        to=deadline.to if deadline else "",
        owner=deadline.owner if deadline else "",
        n_untold=counts["untold"] if counts["all"] else None,
        promise_at=promise.due_at if promise else None,
        is_promise_update=promise is None or promise.kind == "next_update",
        planned_at=None if promise else _planned(incident),
        silence=silence.of(incident, now=timezone.now(), is_quick=True),
    )


def _planned(incident: Incident) -> datetime | None:
    """When the texts will promise the next update; None once that moment was promised, and then kept or broken."""
    at = public.next_promise(incident)
    return at if at and not promising.promises_of(incident).filter(due_at=at).exists() else None


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the chain: where it stands, its number, and what the number counts."""

    name: str  # of its page
    says: str
    state: str  # done | going | waits | missed | later
    n: int | None = None
    what: str = ""
    doubt: str = ""  # what still waits for a person


def steps(incident: Incident, facts: Mapping[str, FactRow], *, now: datetime) -> list[Step]:
    """The eight steps of the chain in their order; the journal, the ninth page, accompanies all of them."""
    found = {"incident": _facts(facts), "affected": _affected(incident), "duties": _duties(incident, now), "notices": _notices(incident)}
    found |= {"approve": _approval(incident), "reach": _reach(incident), "measures": _trust(incident)}
    found["desk"] = _care(incident, now)
    return [Step(name=name, says=str(says), **found[name]) for name, says in STEPS if name in found]


def timeline(incident: Incident, facts: Mapping[str, FactRow], *, with_journal: bool) -> list[dict[str, Any]]:
    """What happened and what was done about it, the newest first: moments among the facts and, for who may read it, the journal's lines."""
    types = fact_types()
    events = [
        {"at": datetime.fromisoformat(row.value), "fact": _(types[name].says), "name": name, "status": row.status}
        for name, row in facts.items()
        if name in types and types[name].type == "moment" and isinstance(row.value, str)
    ]
    lines = JournalEntry.objects.filter(incident=incident).order_by("-seq")[:LINES_READ] if with_journal else ()
    for line in lines:
        at, before = datetime.fromisoformat(line.at), events[-1] if events else {}
        # The same act many times within minutes is one thing to read, with its number.
        if (before.get("act"), before.get("who")) == (line.act, line.who) and before["at"] - at < TOGETHER:
            before["times"] += 1
        else:
            events.append({"at": at, "act": line.act, "who": line.who, "times": 1})
    return sorted(events, key=lambda event: event["at"], reverse=True)


def _trust(incident: Incident) -> dict[str, Any]:
    row, last = trust.newest_done(incident), trust.newest(incident)
    if row is None:
        return {"state": "going" if last and last.state in ("asked", "running") else "later"}
    churn = next(m for m in row.content["measures"] if m["name"] == "excess_churn")
    return {
        "state": "going" if row.content["n_days"] < HALF_A_YEAR else "done",
        "n": row.content["n_affected"],
        "what": _("customers followed"),
        "doubt": "" if churn["estimate"] else _("whether it was the incident is not identified"),
    }


def _facts(facts: Mapping[str, FactRow]) -> dict[str, Any]:
    n_open = sum(row.status != "known" for row in facts.values())
    return {
        "state": "waits" if n_open or not facts else "going",
        "n": sum(row.status == "known" for row in facts.values()),
        "what": _("facts known"),
        "doubt": _("believed or unknown: %(n)s") % {"n": number(n_open)} if n_open else "",
    }


def _affected(incident: Incident) -> dict[str, Any]:
    row, run = scope.newest(incident), scope.newest_run(incident)
    is_reading = run is not None and run.state in ("asked", "running")
    if row is None:
        return {"state": "going" if is_reading else "waits" if run else "later"}
    return {
        "state": "going" if is_reading else "waits" if row.n_review else "done",
        "n": row.n_sure,
        "what": _("persons, sure"),
        "doubt": _("to review: %(n)s") % {"n": number(row.n_review)} if row.n_review else "",
    }


def _duties(incident: Incident, now: datetime) -> dict[str, Any]:
    row = duties.newest(incident)
    if row is None:
        return {"state": "later"}
    made = duties.decisions(incident)
    n = duties.clock_wall(duties.duties_as_decided(incident, row, made), duties.settled(made), now=now, is_rtl=False).n
    n_open = sum(n.get(state, 0) for state in ("missed", "threatened", "open", "no_instant"))
    doubts = [(_("missed: %(n)s"), n.get("missed", 0)), (_("not settled yet: %(n)s"), n.get("undetermined", 0))]
    return {
        "state": "missed" if n.get("missed") else "waits" if n_open or n.get("undetermined") else "done",
        "n": n_open,
        "what": _("duties open"),
        "doubt": " · ".join(says % {"n": number(count)} for says, count in doubts if count),
    }


def _notices(incident: Incident) -> dict[str, Any]:
    rows = NoticeRow.objects.filter(incident=incident, withdrawn_at=None).order_by("notice_id", "-version").distinct("notice_id")
    n_blocked = sum(any(f.get("is_blocking") for f in row.findings) for row in rows)
    if not rows:
        return {"state": "later"}
    # The texts of today are settled once two persons signed them; a new version voids that.
    is_signed = ApprovalRow.objects.filter(incident=incident, voided_at=None, approved_at__isnull=False).exists()
    return {
        "state": "done" if is_signed else "waits" if n_blocked else "going",
        "n": len(rows),
        "what": _("texts"),
        "doubt": _("held back by the gate: %(n)s") % {"n": number(n_blocked)} if n_blocked else "",
    }


def _approval(incident: Incident) -> dict[str, Any]:
    approval = ApprovalRow.objects.filter(incident=incident, voided_at=None).order_by("-authored_at").first()
    if approval is None:
        return {"state": "waits" if NoticeRow.objects.filter(incident=incident).exists() else "later"}
    return {
        "state": "done" if approval.approved_at else "waits",
        "n": approval.n_recipients,
        "what": _("recipients"),
        "doubt": "" if approval.approved_at else _("the second signature is missing"),
    }


def _reach(incident: Incident) -> dict[str, Any]:
    sendings = SendingRow.objects.filter(incident=incident)
    n_all = sendings.values("person").distinct().count()
    is_preparing = preparing(incident).exists()
    if not n_all and not is_preparing:
        return {"state": "later"}
    n_told = sendings.filter(state__in=REACHED).values("person").distinct().count()
    doubt = _("not told: %(n)s") % {"n": number(n_all - n_told)} if n_told < n_all else ""
    return {
        "state": "done" if n_told == n_all and not is_preparing else "going",
        "n": n_told,
        "what": _("persons told"),
        "doubt": _("the list is not prepared yet") if is_preparing else doubt,
    }


def _care(incident: Incident, now: datetime) -> dict[str, Any]:
    if not CaseRow.objects.filter(incident=incident).exists() and not CallRow.objects.filter(incident=incident).exists():
        return {"state": "later"}
    n = care.numbers(incident, now=now)
    is_late, waits = n["n_late"] or n["n_claims_late"], n["n_open"] or n["n_calls"] or n["n_claims"]
    doubts = [(_("to call: %(n)s"), n["n_calls"]), (_("past their target: %(n)s"), n["n_late"])]
    return {
        "state": "missed" if is_late else "waits" if waits else "done",
        "n": n["n_open"],
        "what": _("open cases"),
        "doubt": " · ".join(says % {"n": number(count)} for says, count in doubts if count),
    }
