"""Reads about notices: the newest texts, what they rest on, who approved them, and how far sending has come."""

import hmac
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.db.models import Count, Exists, OuterRef, QuerySet

from amanat import notify
from amanat.lib.errors import Fixable
from amanat.terms.company import Company, read_company
from amanat.terms.fact import Fact, fact_types, read_facts
from amanat.terms.notice import Notice
from amanat.web import crypto
from amanat.web.notify.models import ApprovalRow, NoticeRow, ReceiptRow, SendingRow
from amanat.web.respond.models import Incident
from amanat.web.respond.queries import newest_facts
from amanat.web.scope.models import AffectedPerson, GapRow, ScopeRow

REACHED = ("accepted", "delivered", "opened_page")
OPEN = ("queued", "attempting")
FAILED = ("refused", "bounced")
SILENT_FOR = timedelta(minutes=2)  # then whoever was sending is gone
CLOSING = "last_letter"  # letter group of the last letter, to everyone who was told


class NoFolder(Fixable):
    """An incident that was declared on the screens and has no folder yet."""


def company_of(incident: Incident) -> Company:
    """The company as its file in the incident's folder describes it; raises NoFolder and the errors of the file."""
    if not incident.folder:
        raise NoFolder(
            "this incident has no folder yet, so nobody knows in whose name to write; give it one with files, register.csv and company.toml"
        )
    return read_company(Path(incident.folder) / "company.toml")


def company_name(incident: Incident) -> str:
    """Its name; empty where there is no file that can be read."""
    try:
        return company_of(incident).name
    except (Fixable, OSError):
        return ""


def facts_of(incident: Incident) -> dict[str, Fact]:
    """The facts of the incident's folder, and over them what staff noted on the screens."""
    path = Path(incident.folder) / "facts.toml"
    facts: dict[str, Fact] = dict(read_facts(path)) if incident.folder and path.is_file() else {}
    for name, row in newest_facts(incident, with_staff=False).items():
        facts[name] = Fact(name=name, value=row.value, status=row.status, since=row.since, source=row.source)  # type: ignore[arg-type]
    return facts


def newest_notices(incident: Incident) -> list[NoticeRow]:
    """The newest version of each text that was not withdrawn."""
    rows = NoticeRow.objects.filter(incident=incident).order_by("notice_id", "-version").distinct("notice_id")
    return [row for row in rows if row.withdrawn_at is None]


def newest_letters(incident: Incident) -> list[NoticeRow]:
    """Every newest text to persons of the case, whether anybody is to get it now or not."""
    return [row for row in newest_notices(incident) if row.audience == "individuals"]


def letters(incident: Incident) -> list[NoticeRow]:
    """Those that are sent to the persons of the case: an approval is about them, and not about what the press or the public reads.

    A text for readers of an earlier version (`following`) counts while it goes with the present one, and until the last letter stands.
    """
    rows = newest_letters(incident)
    if any(row.letter_group == CLOSING for row in rows):
        rows = [row for row in rows if row.letter_group == notify.base_group(row.letter_group)]
    written_at = {(row.letter_group, row.language): row.at for row in rows}
    return [row for row in rows if row.at >= written_at.get((notify.base_group(row.letter_group), row.language), row.at)]


def notices_of(rows: Sequence[NoticeRow]) -> list[Notice]:
    return [notify.notice_from(row.content) for row in rows]


def letter_groups(incident: Incident) -> dict[str, list[NoticeRow]]:
    """The texts of each letter group side by side: the group, then its languages."""
    groups: dict[str, list[NoticeRow]] = {}
    order = {"en": 0, "fr": 1, "fa": 2}
    for row in sorted(letters(incident), key=lambda r: (r.letter_group, order.get(r.language, 9), r.language)):
        groups.setdefault(row.letter_group, []).append(row)
    return groups


def code_key() -> bytes:
    """The key of verification codes, one for the house: a stranger's code must be found without knowing the incident."""
    return hmac.digest(crypto.master_key(), b"amanat web verification codes", "sha256")


def doubts(incident: Incident) -> dict[str, int]:
    """What is not settled: persons to review, outsiders, files that could not be read."""
    found = ScopeRow.objects.filter(incident=incident).order_by("-at").first()
    gaps = GapRow.objects.filter(incident=incident, settled_at=None)
    no_duty = AffectedPerson.objects.filter(incident=incident, state="sure", letter_group="").count()
    return {
        "n_review": found.n_review if found else 0,
        "n_outsiders": found.n_outsiders if found else 0,
        "n_no_duty": no_duty,
        "n_gaps": gaps.count(),
        "gap_bytes": sum(gaps.values_list("size_bytes", flat=True)),
    }


# ---- approvals and sending ----


def standing_approval(incident: Incident) -> ApprovalRow | None:
    """The approval, or the author's half of one, that was not voided."""
    return ApprovalRow.objects.filter(incident=incident, voided_at=None).select_related("author", "approver").order_by("-authored_at").first()


def preparing(incident: Incident | None = None) -> QuerySet[ApprovalRow]:
    """Approvals that stand and whose list the ledger does not hold yet, of this incident or of all."""
    found = ApprovalRow.objects.filter(voided_at=None, approver__isnull=False, filled_at=None)
    return found if incident is None else found.filter(incident=incident)


def n_blocking(rows: Sequence[NoticeRow]) -> int:
    return sum(bool(f.get("is_blocking")) for row in rows for f in once(row.findings))


def n_advice(rows: Sequence[NoticeRow]) -> int:
    """What the gate advises, without what a person let stand."""
    return sum(not f.get("is_blocking") and not f.get("overruled_by") for row in rows for f in once(row.findings))


@dataclass(frozen=True, slots=True)
class Course:
    """How far sending has come, in persons, and how fast it goes."""

    n_persons: int
    n_reached: int
    n_open: int
    n_unsure: int
    n_failed: int  # on every channel
    states: list[tuple[str, int]]  # sendings by state
    per_minute: int
    minutes_left: int | None
    is_stopped: bool
    is_running: bool
    why: str
    is_preparing: bool  # the ledger does not hold the list (yet, or never, where it was stopped): the counts above are of nothing
    prepared: dict[str, Any]  # how far a worker is with it, as `ApprovalRow.prepared`; empty before one has begun


def course(approval: ApprovalRow, *, now: datetime) -> Course:
    """Sendings by state, persons told and left, rate and time left."""
    sendings = SendingRow.objects.filter(approval=approval)
    states = Counter(dict(sendings.exclude(state="idle").values_list("state").annotate(n=Count("id")).order_by()))
    # Every person has one sending of turn 0; only where that one failed is there more to look at.
    firsts = sendings.filter(turn=0)
    n_persons = firsts.count()
    n_reached = sendings.filter(state__in=REACHED).values("person").distinct().count()
    told = sendings.filter(person=OuterRef("person"), state__in=(*REACHED, *OPEN, "unsure"))
    n_failed = firsts.filter(state__in=FAILED).annotate(has=Exists(told)).filter(has=False).count()
    n_open = sum(states[s] for s in OPEN)
    recent = ReceiptRow.objects.filter(sending__approval=approval, state__in=REACHED, at__gt=now - timedelta(minutes=1)).count()
    began = ReceiptRow.objects.filter(sending__approval=approval).order_by("id").values_list("at", flat=True).first()
    seconds = max(1.0, min(60.0, (now - began).total_seconds())) if began else 60.0
    per_minute = round(recent * 60 / seconds)
    is_preparing = approval.approver_id is not None and approval.filled_at is None
    is_alive = approval.alive_at is not None and approval.alive_at > now - SILENT_FOR
    return Course(
        n_persons=n_persons,
        n_reached=n_reached,
        n_open=n_open,
        n_unsure=states["unsure"],
        n_failed=n_failed,
        states=sorted(states.items()),
        per_minute=per_minute,
        minutes_left=-(-n_open // per_minute) if per_minute and n_open else None,
        is_stopped=approval.stopped_at is not None or approval.voided_at is not None,
        is_running=bool(n_open or is_preparing) and is_alive,
        why=approval.stop_why or approval.void_why,
        is_preparing=is_preparing,
        prepared=approval.prepared if is_preparing else {},
    )


def sections(row: NoticeRow, facts: Mapping[str, Fact], language: str) -> list[dict[str, Any]]:
    """A text for the screen: each sentence with the facts it rests on and what the gate says of it.

    A finding stands at the sentence that it quotes; one that quotes none, or several, stands below its section.
    """
    found, said = [], once(row.findings)
    for section in row.content["sections"]:
        open_findings = [f for f in said if f.get("where") == section["id"]]
        sentences = []
        for s in section["sentences"]:
            mine = [f for f in open_findings if f["shown"] and (f["shown"] in s["text"] or s["text"] in f["shown"])]
            open_findings = [f for f in open_findings if f not in mine]
            sentences.append(s | {"facts": [shown_fact(facts, name, language) for name in s["facts"]], "findings": mine})
        found.append({"heading": section["heading"], "sentences": sentences, "findings": open_findings})
    return found


def once(findings: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Findings that say the same of the same place stand there once: a text that many read is judged as each of them reads it.

    What is quoted without a letter in it is a count of the gate's, such as words before the first step, and no words of the text.
    """
    found: dict[tuple[Any, ...], dict[str, Any]] = {}
    for one in findings:
        quote = one.get("quote", "") if any(c.isalpha() for c in one.get("quote", "")) else ""
        found.setdefault((one["check"], one.get("where", ""), quote, one["says"], one["is_blocking"]), one | {"shown": quote})
    return list(found.values())


def shown_fact(facts: Mapping[str, Fact], name: str, language: str) -> dict[str, Any]:
    """One fact for the screen: its value in the language, how sure we are of it, and whether it was counted by us."""
    if name not in fact_types():
        return {"name": name, "value": None, "status": "counted"}
    fact = facts.get(name)
    value = fact.value if fact else None
    if fact_types()[name].type == "moment" and isinstance(value, str):
        value = datetime.fromisoformat(value)  # a fact noted on a screen is kept as text
    if isinstance(value, dict):
        value = value.get(language) or value.get("en") or ", ".join(f"{k}: {v}" for k, v in value.items())
    elif isinstance(value, (list, tuple)):
        value = ", ".join(map(str, value))
    return {
        "name": name,
        "value": value,
        "is_moment": isinstance(value, datetime),
        "status": fact.status if fact else "unknown",
        "since": fact.since if fact else None,
        "source": fact.source if fact else "",
    }
