"""Reads about notices: the newest texts, the plan for the persons in the tables, and how far sending has come."""

import hmac
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.db.models import Count, Exists, OuterRef
from django.utils.translation import gettext as _

from amanat import notify
from amanat.lib.private import Private
from amanat.terms.company import Company, read_company
from amanat.terms.contact import Contact
from amanat.terms.fact import Fact, fact_types, read_facts
from amanat.terms.notice import Notice
from amanat.web import crypto
from amanat.web.notify.models import ApprovalRow, NoticeRow, ReceiptRow, SendingRow
from amanat.web.respond.models import Incident
from amanat.web.respond.queries import newest_facts
from amanat.web.scope.models import AffectedPerson, GapRow, ScopeRow
from amanat.web.scope.people import reveal_many

REACHED = ("accepted", "delivered", "opened_page")
OPEN = ("queued", "attempting")
FAILED = ("refused", "bounced")
SILENT_FOR = timedelta(minutes=2)  # then whoever was sending is gone


def company_of(incident: Incident) -> Company:
    """The company as its file in the incident's folder describes it."""
    return read_company(Path(incident.folder) / "company.toml")


def facts_of(incident: Incident) -> dict[str, Fact]:
    """The facts of the incident's folder, and over them what staff noted on the screens."""
    path = Path(incident.folder) / "facts.toml"
    facts: dict[str, Fact] = dict(read_facts(path)) if incident.folder and path.is_file() else {}
    for name, row in newest_facts(incident).items():
        facts[name] = Fact(name=name, value=row.value, status=row.status, since=row.since, source=row.source)  # type: ignore[arg-type]
    return facts


def newest_notices(incident: Incident) -> list[NoticeRow]:
    """The newest version of each text that was not withdrawn."""
    rows = NoticeRow.objects.filter(incident=incident).order_by("notice_id", "-version").distinct("notice_id")
    return [row for row in rows if row.withdrawn_at is None]


def notices_of(rows: Sequence[NoticeRow]) -> list[Notice]:
    return [notify.notice_from(row.content) for row in rows]


def letter_groups(incident: Incident) -> dict[str, list[NoticeRow]]:
    """The texts of each letter group side by side: the group, then its languages."""
    groups: dict[str, list[NoticeRow]] = {}
    order = {"en": 0, "fr": 1, "fa": 2}
    for row in sorted(newest_notices(incident), key=lambda r: (r.letter_group, order.get(r.language, 9), r.language)):
        groups.setdefault(row.letter_group, []).append(row)
    return groups


# ---- the plan ----


@dataclass(frozen=True, slots=True)
class Planned:
    """Who would get what now, with the two hashes that an approval names."""

    rows: list[NoticeRow]
    notices: list[Notice]
    plan: Any  # amanat.notify.Plan
    notices_hash: str
    recipients_hash: str
    people: dict[str, tuple[str | None, str | None]]  # person: residence and language

    @property
    def n(self) -> int:
        return int(self.plan.sendings.num_rows)

    def covers(self, approval: ApprovalRow) -> bool:
        """Whether the approval is of exactly these texts and this list."""
        return (approval.notices_hash, approval.recipients_hash, approval.n_recipients) == (self.notices_hash, self.recipients_hash, self.n)


def planned(incident: Incident) -> Planned:
    """The plan for everybody who is affected for sure and owed a letter, made from the tables."""
    import pyarrow as pa

    rows = newest_notices(incident)
    notices = notices_of(rows)
    people = list(AffectedPerson.objects.filter(incident=incident, state="sure").exclude(letter_group="").order_by("pk"))
    contacts: list[Contact] = []
    orders: list[list[str]] = []
    for (_pk, secret), row in zip(reveal_many(incident, people), people, strict=True):
        contacts.append(contact_of(row, secret))
        orders.append(list(secret.get("channel_order") or ()))
    duties = pa.table(
        {
            "person_id": pa.array([str(p.pk) for p in people], pa.string()),
            "letter_group": pa.array([p.letter_group for p in people], pa.string()),
            "channel_order": pa.array(orders, pa.list_(pa.string())),
        }
    )
    made = notify.plan(duties, contacts, notices, company_of(incident), facts=facts_of(incident), key=sending_key(incident, notices))
    return Planned(
        rows=rows,
        notices=notices,
        plan=made,
        notices_hash=notify.notices_hash(notices),
        recipients_hash=notify.recipients_hash(made.sendings, made.further),
        people={str(p.pk): (p.residence, p.language) for p in people},
    )


def contact_of(row: AffectedPerson, secret: Mapping[str, Any]) -> Contact:
    """The person's contact; outside the tables they are known by the row's id alone."""

    def value(name: str) -> Private | None:
        return Private(name, secret[name]) if secret.get(name) else None

    return Contact(
        person_id=str(row.pk),
        name=value("name"),
        emails=tuple(Private("email", e) for e in secret.get("emails") or ()),
        phones=tuple(Private("phone", p) for p in secret.get("phones") or ()),
        address=value("address"),
        residence=row.residence,
        language=row.language,
        minor=row.minor,
        deceased=secret.get("deceased"),
        needs=value("needs"),
    )


def code_key() -> bytes:
    """The key of verification codes, one for the house: a stranger's code must be found without knowing the incident."""
    return hmac.digest(crypto.master_key(), b"amanat web verification codes", "sha256")


def sending_key(incident: Incident, notices: Sequence[Notice]) -> bytes:
    """Makes sending ids that stay the same while the texts do: who was told once is not told the same again."""
    return hmac.digest(crypto.master_key(), f"sendings\0{incident.pk}\0{notify.notices_hash(notices)}".encode(), "sha256")


def by(planned_: Planned) -> dict[str, list[tuple[str, int]]]:
    """How many persons by channel, notice language and place of residence, most first."""
    sendings = planned_.plan.sendings
    language = {n.id: n.language for n in planned_.notices}
    return {
        "channel": Counter(sendings["channel"].to_pylist()).most_common(),
        "language": Counter(language[n] for n in sendings["notice_id"].to_pylist()).most_common(),
        "place": Counter(planned_.people[p][0] or "?" for p in sendings["person_id"].to_pylist()).most_common(),
    }


def left_out(planned_: Planned) -> list[tuple[str, int]]:
    """Why persons cannot be written to, and how many."""
    return Counter(planned_.plan.left_out["reason"].to_pylist()).most_common()


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


def n_blocking(rows: Sequence[NoticeRow]) -> int:
    return sum(bool(f.get("is_blocking")) for row in rows for f in row.findings)


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


def course(approval: ApprovalRow, *, now: datetime) -> Course:
    """Sendings by state, persons told and left, rate and time left."""
    sendings = SendingRow.objects.filter(approval=approval)
    states = Counter(dict(sendings.exclude(state="idle").values_list("state").annotate(n=Count("id")).order_by()))
    persons = sendings.values("person").distinct()
    n_persons = persons.count()
    n_reached = persons.filter(state__in=REACHED).count()
    told = sendings.filter(person=OuterRef("person"), state__in=(*REACHED, *OPEN, "unsure"))
    n_failed = sendings.filter(turn=0).annotate(has=Exists(told)).filter(has=False).count()
    n_open = sum(states[s] for s in OPEN)
    recent = ReceiptRow.objects.filter(sending__approval=approval, state__in=REACHED, at__gt=now - timedelta(minutes=1)).count()
    began = ReceiptRow.objects.filter(sending__approval=approval).order_by("id").values_list("at", flat=True).first()
    seconds = max(1.0, min(60.0, (now - began).total_seconds())) if began else 60.0
    per_minute = round(recent * 60 / seconds)
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
        is_running=bool(n_open) and is_alive,
        why=approval.stop_why or approval.void_why,
    )


def sections(row: NoticeRow, facts: Mapping[str, Fact], language: str) -> list[dict[str, Any]]:
    """A text for the screen: each sentence with the facts it rests on and what the gate says about its section."""
    return [
        {
            "heading": section["heading"],
            "sentences": [
                {"text": s["text"], "is_item": s["is_item"], "kinds": s["kinds"], "facts": [_fact(facts, name, language) for name in s["facts"]]}
                for s in section["sentences"]
            ],
            "findings": [f for f in row.findings if f.get("where") == section["id"]],
        }
        for section in row.content["sections"]
    ]


def _fact(facts: Mapping[str, Fact], name: str, language: str) -> dict[str, Any]:
    if name not in fact_types():
        return {"name": name, "value": _("counted in the files that were read"), "status": "known"}
    fact = facts.get(name)
    value = fact.value if fact else None
    if isinstance(value, dict):
        value = value.get(language) or value.get("en") or ", ".join(f"{k}: {v}" for k, v in value.items())
    elif isinstance(value, (list, tuple)):
        value = ", ".join(map(str, value))
    return {
        "name": name,
        "value": value,
        "is_moment": isinstance(value, datetime),
        "is_bool": isinstance(value, bool),
        "status": fact.status if fact else "unknown",
    }


def band(incident: Incident) -> dict[str, Any]:
    """What the time band shows: persons not yet told, and when we promised to write again."""
    owed = AffectedPerson.objects.filter(incident=incident, state="sure").exclude(letter_group="").count()
    told = SendingRow.objects.filter(incident=incident, state__in=REACHED).values("person").distinct().count()
    promise = facts_of(incident).get("next_update")
    at = promise.value if promise else None
    at = datetime.fromisoformat(at) if isinstance(at, str) else at
    return {"n_untold": owed - told, "promise_at": at, "promise_for": _("next update")} if owed else {}


def board(incident: Incident) -> dict[str, Any]:
    """Persons reached and left by channel, place and language, and why the rest were not."""
    owed = AffectedPerson.objects.filter(incident=incident, state="sure").exclude(letter_group="")
    mine = SendingRow.objects.filter(incident=incident, person=OuterRef("pk"))
    people = owed.annotate(
        is_told=Exists(mine.filter(state__in=REACHED)),
        is_open=Exists(mine.filter(state__in=(*OPEN, "unsure"))),
        is_written=Exists(mine),
    )
    counts: dict[str, Counter[tuple[str, str]]] = {"place": Counter(), "language": Counter()}
    total: Counter[str] = Counter()
    for place, language, told, opened, written in people.values_list("residence", "language", "is_told", "is_open", "is_written").iterator():
        state = "reached" if told else "open" if opened else "failed" if written else "never"
        total[state] += 1
        counts["place"][place or "", state] += 1
        counts["language"][language or "", state] += 1
    channels = SendingRow.objects.filter(incident=incident).exclude(state="idle").values_list("channel", "state").annotate(n=Count("id")).order_by()
    channel: Counter[tuple[str, str]] = Counter()
    for name, state, n in channels:
        channel[name, "reached" if state in REACHED else "failed" if state in FAILED else "open"] += n
    return {
        "n": sum(total.values()),
        "n_reached": total["reached"],
        "n_open": total["open"],
        "n_failed": total["failed"],
        "n_never": total["never"],
        **{what: _table(found, what) for what, found in (*counts.items(), ("channel", channel))},
    }


def _table(found: Counter[tuple[str, str]], what: str) -> list[dict[str, Any]]:
    rows = []
    for name in {name for name, _state in found}:
        n = {state: found[name, state] for state in ("reached", "open", "failed", "never")}
        left = n["open"] + n["failed"] + n["never"]
        rows.append({what: name, "name": name, "n_reached": n["reached"], "n_left": left, **{f"n_{s}": k for s, k in n.items()}})
    return sorted(rows, key=lambda r: (-r["n_left"], -r["n_reached"], r["name"]))
