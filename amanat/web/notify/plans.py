"""The plan for the persons in the tables: made for real when somebody signs or sends, and counted once for the screens."""

import hashlib
import hmac
import json
from collections import Counter
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime
from itertools import islice
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet

from amanat import notify
from amanat.lib.private import Private
from amanat.terms.company import Company
from amanat.terms.contact import Contact
from amanat.terms.notice import Notice
from amanat.web import crypto
from amanat.web.notify import following, together
from amanat.web.notify.models import ApprovalRow, NoticeRow, PlanCount
from amanat.web.notify.pace import severity_of
from amanat.web.notify.queries import company_of, facts_of, letters, notices_of
from amanat.web.respond.models import Incident
from amanat.web.scope.models import AffectedPerson
from amanat.web.scope.people import reveal_many

BATCH = 20_000  # persons decrypted at once
AT_ONCE = 20_000  # persons; more are counted, and written into the ledger, by a worker: so many take seconds, a million takes minutes
COUNTED = ("channel", "further", "language", "place", "left_out", "other_language", "at_once")  # lists of `Counts`
FORM = 7  # of the counts; a new form is counted anew


@dataclass(frozen=True, slots=True)
class Counts:
    """What a plan comes to, without a person in it."""

    n: int
    notices_hash: str
    recipients_hash: str
    channel: list[tuple[str, int]]  # persons by first channel, most first
    further: list[tuple[str, int]]  # by the channels that follow when one fails
    language: list[tuple[str, int]]  # of the text
    place: list[tuple[str, int]]
    left_out: list[tuple[str, int]]  # why persons cannot be written to
    other_language: list[tuple[str, int]]  # why persons are written to in a language that is not their own
    notices: dict[str, int]  # persons by text
    at_once: list[tuple[str, int]]  # persons by first channel whom no pace slows
    dry: dict[str, Any]  # `dry_of`: units by channel, mailbox providers, what is odd about addresses
    samples: dict[str, list[tuple[str, notify.Sample, int]]]  # by text: why this one, what the message depends on, how many read the same

    @property
    def n_together(self) -> int:
        """Records that are the same person as another: one message."""
        return int(self.dry["odd"]["n_together"])

    @property
    def n_shared_envelope(self) -> int:
        """Letters that share an envelope with another of the household."""
        return int(self.dry["odd"]["n_shared_envelope"])

    @property
    def n_left_out(self) -> int:
        return sum(n for _reason, n in self.left_out)

    def covers(self, approval: ApprovalRow) -> bool:
        """Whether the approval is of exactly these texts and this list."""
        return (approval.notices_hash, approval.recipients_hash, approval.n_recipients) == (self.notices_hash, self.recipients_hash, self.n)


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """What two people sign: these texts, and what the list comes to."""

    rows: list[NoticeRow]
    counts: Counts

    @property
    def n(self) -> int:
        return self.counts.n

    @property
    def notices_hash(self) -> str:
        return self.counts.notices_hash

    @property
    def recipients_hash(self) -> str:
        return self.counts.recipients_hash

    def covers(self, approval: ApprovalRow) -> bool:
        """Whether the approval is of exactly these texts and this list."""
        return self.counts.covers(approval)


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned(Listed):
    """Who would get what now: the real list, made from the tables this moment."""

    notices: list[Notice]
    plan: Any  # amanat.notify.Plan
    at_once: frozenset[str] = frozenset()  # persons whom no pace slows
    first: frozenset[str] = frozenset()  # persons who are served before all others; fewer, where the whole incident is grave


def planned(incident: Incident, *, reached: Callable[[int], None] = lambda _n: None) -> Planned:
    """The plan for everybody who is affected for sure and owed a letter. It decrypts them all, a batch at a time.

    Args:
        reached: is told after each batch how many persons have been looked up.
    """
    rows = letters(incident)
    notices = notices_of(rows)
    company, facts, key = company_of(incident), facts_of(incident), sending_key(incident, notices)
    severity, at_once, first, n_persons = severity_of(incident), set(), set(), 0
    # Where each of them is reached is part of what two people approve: the same persons at other addresses are another list.
    addresses = hmac.new(key, digestmod="sha256")
    parts, counted, records = [], _Counted(notices, company), notify.Records(key)
    # A part of the list knows its own homes alone: who shares an envelope is seen at the end.
    homes, apart = notify.Homes(key), replace(company, one_envelope_per_household=False)
    for batch in _batches(incident):
        of_person: dict[str, notify.Sample] = {}
        contacts: list[Contact] = []
        orders: list[list[str]] = []
        followed = following.followed_by(incident, batch, rows)
        for (_pk, secret), row in zip(reveal_many(incident, batch), batch, strict=True):
            contact = contact_of(row, secret)
            contacts.append(contact)
            if company.one_envelope_per_household:
                homes.add(contact)
            if secret.get("birth_date") is not None:  # otherwise nobody looked whether two of one name are two
                records.add(contact)
            reached_at = [str(row.pk), *(secret.get(name) or None for name in ("emails", "phones", "address"))]
            addresses.update(json.dumps(reached_at).encode() + b"\n")
            orders.append(following.order_of(followed.get(row.pk), secret.get("channel_order") or ()))
            kinds = tuple(sorted(secret.get("kinds") or ()))
            if notify.is_at_once(kinds, is_minor=bool(row.minor), has_needs=bool(secret.get("needs")), severity=severity):
                at_once.add(contact.person_id)
            if notify.is_served_first(kinds, is_minor=bool(row.minor), has_needs=bool(secret.get("needs"))):
                first.add(contact.person_id)
            of_person[contact.person_id] = notify.Sample(
                kinds=kinds, basis=row.basis, residence=row.residence or "", reader=notify.reader_of(contact)
            )
        made = notify.plan(_owed(batch, orders, followed), contacts, notices, apart, facts=facts, key=key)
        parts.append(made)
        counted.add(made, contacts, of_person, at_once)
        n_persons += len(batch)
        reached(n_persons)
    plan = _joined(parts) or notify.plan(_owed([], []), [], notices, company, facts=facts, key=key)
    plan = _told_together(incident, plan, records, counted, at_once, first, notices=notices, company=company, key=key)
    plan = replace(plan, envelopes=homes.envelopes(plan))
    counted.tally.share_envelopes(plan.envelopes)
    counts = Counts(
        n=plan.sendings.num_rows,
        notices_hash=notify.notices_hash(notices),
        recipients_hash=hashlib.sha256(
            notify.recipients_hash(plan.sendings, plan.further, together=plan.together, envelopes=plan.envelopes).encode() + addresses.digest()
        ).hexdigest(),
        notices=dict(counted.count.pop("notices")),
        dry=dry_of(counted.tally.result()),
        samples={notice: notify.choose_samples(found.items()) for notice, found in counted.samples.items()},
        **{name: found.most_common() for name, found in counted.count.items()},
    )
    return Planned(rows=rows, notices=notices, plan=plan, counts=counts, at_once=frozenset(at_once), first=frozenset(first))


class _Counted:
    """What a list comes to, counted a part at a time."""

    def __init__(self, notices: Sequence[Notice], company: Company) -> None:
        self.count: dict[str, Counter[Any]] = {name: Counter() for name in (*COUNTED, "notices")}
        self.samples: dict[str, Counter[notify.Sample]] = {n.id: Counter() for n in notices}
        self.tally = notify.Tally(notices, company)
        self._language = {n.id: n.language for n in notices}

    def add(self, made: Any, contacts: Sequence[Contact], of_person: Mapping[str, notify.Sample], at_once: Container[str]) -> None:
        """Counts a part of the list, with the contacts of its persons and what each one's message depends on."""
        count = self.count
        self.tally.add(made, contacts)
        for person, notice, channel in zip(*(made.sendings[c].to_pylist() for c in ("person_id", "notice_id", "channel")), strict=True):
            sample = of_person[person]
            self.samples[notice][sample] += 1
            count["place"][sample.residence] += 1
            count["notices"][notice] += 1
            count["language"][self._language[notice]] += 1
            count["channel"][channel] += 1
            count["at_once"][channel] += person in at_once
        count["further"].update(made.further["channel"].to_pylist())
        count["left_out"].update(made.left_out["reason"].to_pylist())
        for one in made.languages.to_pylist():
            count["other_language"][one["reason"]] += one["n_persons"]

    def exchange(self, old: "_Counted", new: "_Counted") -> None:
        """Counts `new` in place of `old`, which was counted here before."""
        self.tally.exchange(old.tally, new.tally)
        for mine, gone, come in ((self.count, old.count, new.count), (self.samples, old.samples, new.samples)):
            for name, found in mine.items():
                found.subtract(gone[name])
                found.update(come[name])
                mine[name] = +found  # without what came to nothing


def _told_together(
    incident: Incident,
    plan: Any,
    records: notify.Records,
    counted: _Counted,
    at_once: set[str],
    first: set[str],
    *,
    notices: Sequence[Notice],
    company: Company,
    key: bytes,
) -> Any:
    """The plan with one message for each person with several records, counted so; those few are decrypted once more."""
    import pyarrow.compute as pc

    groups = records.same()
    groups = notify.as_told(groups, together.told_before([one for group in groups for one in group]))
    if not groups:
        return plan
    ids = [one for group in groups for one in group]
    rows = {str(row.pk): row for row in AffectedPerson.objects.filter(incident=incident, pk__in=ids)}
    secrets = {str(pk): secret for pk, secret in reveal_many(incident, rows.values())}
    found = notify.tell_together(plan, together.records_of(incident, groups, secrets), notices, key=key)
    others = notify.told_with(found.together)
    joined = {*others, *(one for some in others.values() for one in some)}
    if not joined:
        return found

    def part(of: Any) -> Any:
        def theirs(table: Any) -> Any:
            return table.filter(pc.is_in(table["person_id"], value_set=_strings(joined)))

        return replace(
            of, sendings=theirs(of.sendings), further=theirs(of.further), left_out=of.left_out.slice(0, 0), languages=of.languages.slice(0, 0)
        )

    contacts = [contact_of(rows[one], secrets[one]) for one in sorted(joined)]
    alone = {one.person_id: _sample(rows, secrets, [one.person_id], notify.reader_of(one)) for one in contacts}
    both = alone | {one.person_id: _sample(rows, secrets, [one.person_id, *others.get(one.person_id, ())], notify.reader_of(one)) for one in contacts}
    old, new = _Counted(notices, company), _Counted(notices, company)
    old.add(part(plan), contacts, alone, frozenset(at_once))
    for who, some in others.items():
        for flagged in (at_once, first):
            if flagged & set(some):
                flagged.add(who)
    new.add(part(found), contacts, both, at_once)
    counted.exchange(old, new)
    return found


def _sample(rows: Mapping[str, AffectedPerson], secrets: Mapping[str, Mapping[str, Any]], ids: Sequence[str], reader: str) -> notify.Sample:
    kinds = {kind for one in ids for kind in secrets[one].get("kinds") or ()}
    basis = notify.surest(rows[one].basis for one in ids)
    return notify.Sample(kinds=tuple(sorted(kinds)), basis=basis, residence=rows[ids[0]].residence or "", reader=reader)


def _strings(values: Iterable[str]) -> Any:
    """These as an Arrow array."""
    import pyarrow as pa

    return pa.array(sorted(values), pa.string())


def dry_of(found: notify.DryRun) -> dict[str, Any]:
    """What a dry run counted, as it is kept: without prices, which the company may change any day."""
    return {
        "units": {one.channel: one.n_units for one in found.channels},
        "domains": [list(one) for one in found.domains],
        "odd": found.odd,
    }


def persons_owed(incident: Incident) -> QuerySet[AffectedPerson]:
    """Who is affected for sure and owed a letter."""
    return AffectedPerson.objects.filter(incident=incident, state="sure").exclude(letter_group="")


def _batches(incident: Incident) -> Iterator[list[AffectedPerson]]:
    rows = persons_owed(incident).order_by("pk").defer("person_index", "email_index").iterator(chunk_size=2000)
    while batch := list(islice(rows, BATCH)):
        yield batch


def _owed(persons: Sequence[AffectedPerson], orders: Sequence[Sequence[str]], followed: Mapping[UUID, following.Follows] | None = None) -> Any:
    """What the plan asks about each person's duties, as an Arrow table; who was written to before may get another text."""
    import pyarrow as pa

    of = followed or {}
    groups = [of[p.pk].group if p.pk in of else p.letter_group for p in persons]
    return pa.table(
        {
            "person_id": pa.array([str(p.pk) for p in persons], pa.string()),
            "letter_group": pa.array(groups, pa.string()),
            "channel_order": pa.array(orders, pa.list_(pa.string())),
        }
    )


def _joined(parts: Sequence[Any]) -> Any:
    """The plans of all batches as one; None when there was no batch."""
    if not parts:
        return None
    import pyarrow as pa

    return type(parts[0])(**{field.name: pa.concat_tables([getattr(part, field.name) for part in parts]) for field in fields(parts[0])})


# ---- counted once ----


def is_long(incident: Incident) -> bool:
    """Whether the list is too long to be made while a page waits."""
    return persons_owed(incident).count() > AT_ONCE


def to_sign(incident: Incident, *, now: datetime) -> Listed | None:
    """What somebody signs now: the list itself, made this moment, or of a long one the count of it; None while that is being counted.

    The count holds for the very texts and persons that are in the tables now, as far as can be seen without decrypting them. A worker
    makes the list before anything leaves, and if it is another one after all the signatures are void (`filling`).
    """
    if not is_long(incident):
        return planned(incident)
    counts = counts_of(incident, now=now)
    return Listed(rows=letters(incident), counts=counts) if counts else None


def counts_of(incident: Incident, *, now: datetime, is_patient: bool = False) -> Counts | None:
    """What the plan comes to, from the last count if texts, persons and facts are still the same.

    None: it is too much to count while a page waits; a worker was asked. With `is_patient` it is counted here, whatever it takes.
    What is signed and sent is never decided by this count: there the list is made anew.
    """
    key = _state_of(incident)
    row = PlanCount.objects.filter(incident=incident).first()
    if row and row.key == key:
        return _read(row)
    if not is_patient and is_long(incident):
        return None
    counts = planned(incident).counts
    keep(incident, key, counts, now=now)
    return counts


def keep(incident: Incident, key: str, counts: Counts, *, now: datetime) -> None:
    """Keeps a count for the screens that follow."""
    body = {name: getattr(counts, name) for name in (*COUNTED, "notices", "dry")}
    body["samples"] = {
        notice: [[why, list(s.kinds), s.basis, s.residence, s.reader, n] for why, s, n in chosen] for notice, chosen in counts.samples.items()
    }
    PlanCount.objects.update_or_create(
        incident=incident,
        defaults={
            "key": key,
            "notices_hash": counts.notices_hash,
            "recipients_hash": counts.recipients_hash,
            "n": counts.n,
            "counts": body,
            "at": now,
        },
    )


def _read(row: PlanCount) -> Counts:
    body = row.counts
    lists = {name: [(value, n) for value, n in body[name]] for name in COUNTED}
    samples = {
        notice: [
            (why, notify.Sample(kinds=tuple(kinds), basis=basis, residence=residence, reader=reader), n)
            for why, kinds, basis, residence, reader, n in chosen
        ]
        for notice, chosen in body["samples"].items()
    }
    return Counts(
        n=row.n,
        notices_hash=row.notices_hash,
        recipients_hash=row.recipients_hash,
        notices=body["notices"],
        dry=body["dry"],
        samples=samples,
        **lists,
    )


def _state_of(incident: Incident) -> str:
    """A fingerprint of all that the plan rests on, without decrypting anything.

    Every change of a row carries the number of its transaction (`xmin`), newer than all before: as long as the count, the sum and
    the newest are the same, no person was added, changed or removed.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "select count(*), coalesce(sum(xmin::text::bigint), 0)::text, coalesce(max(xmin::text::bigint), 0) "
            "from scope_affectedperson where incident_id = %s",
            [incident.pk],
        )
        persons = [str(value) for value in cursor.fetchone()]
    notices = notices_of(letters(incident))
    company = company_of(incident)
    breach = facts_of(incident).get("is_email_account_breach")
    rests_on = [
        FORM,
        severity_of(incident),
        persons,
        notify.notices_hash(notices),
        company.default_language,
        company.one_envelope_per_household,
        bool(breach and breach.value),
        incident.wrapped_keys is None,
    ]
    return hashlib.sha256(json.dumps(rests_on).encode()).hexdigest()


# ---- persons and keys ----


def contact_of(row: AffectedPerson, secret: Mapping[str, Any]) -> Contact:
    """The contact of a person, or of a row of their columns; outside the tables they are known by the row's id alone."""

    def value(name: str) -> Private | None:
        return Private(name, secret[name]) if secret.get(name) else None

    return Contact(
        person_id=str(row.id),
        name=value("name"),
        emails=tuple(Private("email", e) for e in secret.get("emails") or ()),
        phones=tuple(Private("phone", p) for p in secret.get("phones") or ()),
        address=value("address"),
        residence=row.residence,
        language=row.language,
        minor=row.minor,
        birth_date=value("birth_date"),
        deceased=secret.get("deceased"),
        needs=value("needs"),
        national_id=value("national_mark"),
        controllers=tuple(secret.get("controllers") or ()),
        register_id=value("person_id"),
    )


def sending_key(incident: Incident, notices: Sequence[Notice]) -> bytes:
    """Makes sending ids that stay the same while the texts do: who was told once is not told the same again."""
    return hmac.digest(crypto.master_key(), f"sendings\0{incident.pk}\0{notify.notices_hash(notices)}".encode(), "sha256")
