"""The plan: who gets which notice on which channel, in turn, and who cannot be reached and why."""

import hashlib
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import cache
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from amanat import wording
from amanat.notify.case import LANGUAGES, LEFT_OUT, envelopes_of, languages_of, left_out_of, table_of, together_of
from amanat.notify.channel import ChannelType, carriers_of
from amanat.notify.household import Homes
from amanat.notify.line import dues_by_notice, in_line, place_of, places
from amanat.notify.planned import FURTHER as FURTHER
from amanat.notify.planned import Plan as Plan
from amanat.notify.planned import sending_id as sending_id
from amanat.notify.same_record import Record, Records, as_told, tell_together
from amanat.notify.select import reader_of
from amanat.terms.company import Company
from amanat.terms.contact import Contact
from amanat.terms.fact import Fact
from amanat.terms.notice import Notice
from amanat.terms.sending import SENDINGS

CHUNK = 50_000
NO_WORDS = "the person has died and the notice has no words for the family"


def plan(
    persons_duties: pa.Table,
    contacts: Iterable[Contact],
    notices: Sequence[Notice],
    company: Company,
    *,
    facts: Mapping[str, Fact],
    key: bytes,
    channels: Sequence[str] | None = None,
    due: Mapping[str, datetime] | None = None,
    urgent: Collection[str] = (),
    exposures: pa.Table | None = None,
    told: Mapping[str, frozenset[str]] | None = None,
) -> Plan:
    """One sending per person, on the first channel of their `channel_order` that is open and that the register has an address for.

    A person who has died is written to by letter only (it reaches the family), in the words that the notice has for the family;
    where it has none, a person decides. Nobody is written to at an e-mail account that was itself broken into. Everybody in
    `persons_duties` is in `sendings`, in `left_out` or, as the second record of somebody in `sendings`, in `together`.

    Args:
        contacts: of the persons, in any order; read once.
        key: the case's key; makes sending ids that say nothing about the person and are the same at every planning.
        channels: those that will be open, in the order in which they take turns; the company's when left out.
        due: by notice id, when the last of its readers must have been told: who stands in `sendings` first is served first, the
            vulnerable and those at high risk before all others, then whose deadline is the soonest (`notify.line`).
        urgent: persons whose kinds of data put them at high risk (`line.served_first`); minors and who has declared a need are so besides.
        exposures: what of each person was exposed; without it two records of one person get a message each (`notify.same_record`).
        told: by person who was written to before, all whom that message told (`same_record.told_before`); they stay as they are.
        facts: of the incident; `is_email_account_breach`, known or believed, rules out e-mail.
    """
    opened = company.channels if channels is None else channels
    types = {name: _type(name) for name in opened}
    account_breach = facts.get("is_email_account_breach")
    rules = _Rules(types, notices, company.default_language, bool(account_breach and account_breach.value))
    ids = persons_duties["person_id"].combine_chunks()
    groups: list[str | None] = persons_duties["letter_group"].to_pylist()
    orders: list[Sequence[str]] = persons_duties["channel_order"].to_pylist()
    row_of = {person_id: row for row, person_id in enumerate(ids.to_pylist())}

    is_first = bytearray()  # of each row of `first`: whether the person is served before the others
    first, further, left, seen = _Grown(), _Grown(), _Grown(), bytearray(len(ids))
    other: Counter[tuple[str, str]] = Counter()
    records = Records(key) if exposures is not None else None
    homes = Homes(key) if company.one_envelope_per_household else None
    for contact in contacts:
        row = row_of.get(contact.person_id)
        if row is None or seen[row]:
            continue
        seen[row] = 1
        notice, usable, reason = rules.decide(contact, groups[row], turns_of(tuple(orders[row] or ()), opened))
        if notice is None or not usable:
            left.add(contact.person_id, reason)
            continue
        if records is not None:
            records.add(contact)
        if homes is not None:
            homes.add(contact)
        if why := rules.why_other_language(contact, groups[row]):
            other[notice, why] += 1
        for turn, channel in enumerate(usable):
            sending = (sending_id(key, notice, contact.person_id, channel), notice, contact.person_id, channel)
            if turn == 0:
                first.add(*sending)
                is_first.append(bool(contact.minor or contact.needs) or contact.person_id in urgent)
            else:
                further.add(*sending, turn)
    for person_id, row in row_of.items():
        if not seen[row]:
            left.add(person_id, "not in the register: no contact on file")
    made = Plan(
        sendings=_in_line(first.table(SENDINGS), bytes(is_first), due or {}),
        further=further.table(FURTHER),
        left_out=left.table(LEFT_OUT),
        languages=pa.Table.from_pylist([{"notice_id": n, "reason": why, "n_persons": k} for (n, why), k in sorted(other.items())], LANGUAGES),
    )
    if records is not None and exposures is not None:
        made = tell_together(made, _records(as_told(records.same(), told or {}), exposures, persons_duties), notices, key=key)
    return made if homes is None else replace(made, envelopes=homes.envelopes(made))


def _records(groups: Sequence[Sequence[str]], exposures: pa.Table, persons_duties: pa.Table) -> list[list[Record]]:
    """What is known of the persons in these groups."""
    wanted = pa.array([one for group in groups for one in group], pa.string())
    exposed = {row["person_id"]: row for row in exposures.filter(pc.is_in(exposures["person_id"], value_set=wanted)).to_pylist()}
    owed = {row["person_id"]: row for row in persons_duties.filter(pc.is_in(persons_duties["person_id"], value_set=wanted)).to_pylist()}

    def of(person_id: str) -> Record:
        seen = exposed.get(person_id, {})
        kinds, duties = seen.get("kinds") or (), owed[person_id]["duty_ids"] or ()
        return Record(person_id=person_id, kinds=frozenset(kinds), basis=seen.get("basis") or "", duty_ids=frozenset(duties))

    return [[of(one) for one in group] for group in groups]


def _in_line(sendings: pa.Table, is_first: bytes, due: Mapping[str, datetime]) -> pa.Table:
    of_notice = places(due)
    order = [place_of(notice, of_notice, is_first=bool(is_first[row])) for row, notice in enumerate(sendings["notice_id"].to_pylist())]
    return sendings if len(set(order)) < 2 else sendings.take(pa.array(in_line(order)))


@cache
def _turns_of(order: tuple[str, ...], opened: tuple[str, ...]) -> tuple[str, ...]:
    turns = list(order)
    # E-mail and letter are the law's to name: one that it left out, as after a break-in at the mailbox, does not come back here.
    for name in (n for n in opened if n not in order and n not in ("email", "letter")):
        # Right after what stands before it among our channels, and never first: the law names what comes first.
        before = [turns.index(o) for o in opened[: opened.index(name)] if o in turns]
        turns.insert(max(before, default=0) + 1, name)
    return tuple(turns) if order else ()


def turns_of(order: Sequence[str], opened: Sequence[str]) -> tuple[str, ...]:
    """The channels a person is tried on: those of the law in its order, and among them what the company has besides.

    >>> turns_of(["email", "letter"], ["email", "sms", "letter"]), turns_of(["letter"], ["email", "sms", "letter"])[:1]
    (('email', 'sms', 'letter'), ('letter',))
    """
    return _turns_of(tuple(order), tuple(opened))


def dues_of(case: Path, notices: Sequence[Notice]) -> dict[str, datetime]:
    """By notice id, the soonest instant by which its readers must have been told, of duties in the case's `assessment.json`."""
    from amanat.notify.case_files import read_assessment

    if not (case / "assessment.json").is_file():
        return {}
    duties = read_assessment(case / "assessment.json").duties
    # What is not decided yet counts as due: a deadline is never traded for convenience.
    due = {d.id: d.due_at for d in duties if d.to == "individuals" and d.due_at and d.state in ("due", "undetermined")}
    return dues_by_notice(notices, due)


def write_plan(plan: Plan, out: Path) -> None:
    """Writes the plan as sendings.parquet, further.parquet, together.parquet, envelopes.parquet, left_out.csv and languages.csv."""
    import pyarrow.parquet as pq
    from pyarrow import csv

    pq.write_table(plan.sendings, out / "sendings.parquet")
    pq.write_table(plan.further, out / "further.parquet")
    pq.write_table(plan.together, out / "together.parquet")
    pq.write_table(plan.envelopes, out / "envelopes.parquet")
    csv.write_csv(plan.left_out, out / "left_out.csv")
    csv.write_csv(plan.languages, out / "languages.csv")


def read_plan(case: Path) -> Plan:
    """The plan of a case folder, as `write_plan` left it."""
    return Plan(
        sendings=table_of(case, "sendings.parquet"),
        further=table_of(case, "further.parquet"),
        left_out=left_out_of(case),
        together=together_of(case),
        envelopes=envelopes_of(case),
        languages=languages_of(case),
    )


def notices_hash(notices: Iterable[Notice]) -> str:
    """SHA-256 over the sorted content hashes: what an approval says about the text."""
    return hashlib.sha256("\n".join(sorted(n.content_hash for n in notices)).encode()).hexdigest()


def recipients_hash(
    sendings: pa.Table, further: pa.Table | None = None, *, together: pa.Table | None = None, envelopes: pa.Table | None = None
) -> str:
    """SHA-256 over one sorted line per sending, further channels included: what an approval says about the list.

    The approved thing is "this person gets this notice, on these channels in turn", so a bounce that moves to the
    letter needs no new approval, and one more person, notice or channel does; and so does another opinion of which records are
    one person, or of which letters share an envelope.
    """
    lines = _lines(sendings, turn=None)
    if further is not None and further.num_rows:
        lines = pa.concat_arrays([lines, _lines(further, turn=further["turn"])])
    if together is not None and together.num_rows:
        lines = pa.concat_arrays([lines, _joined(["person_id", "told_with"], together, "told with")])
    if envelopes is not None and envelopes.num_rows:
        lines = pa.concat_arrays([lines, _joined(["sending_id", "envelope"], envelopes, "in one envelope")])
    digest = hashlib.sha256()
    lines = lines.take(pc.sort_indices(lines))
    for begin in range(0, len(lines), CHUNK):
        digest.update(("\n".join(lines.slice(begin, CHUNK).to_pylist()) + "\n").encode())
    return digest.hexdigest()


def _lines(table: pa.Table, *, turn: pa.ChunkedArray | None) -> pa.Array:
    turns = pc.cast(turn, pa.string()) if turn is not None else pa.chunked_array([pa.repeat("0", table.num_rows)])
    return _joined(["person_id", "notice_id", "channel", "sending_id"], table, turns)


def _joined(columns: Sequence[str], table: pa.Table, last: pa.ChunkedArray | str) -> pa.Array:
    # Each part with its length in front, so that no person id, however odd, can be read as two parts.
    def counted(column: pa.ChunkedArray) -> pa.ChunkedArray:
        return pc.binary_join_element_wise(pc.cast(pc.binary_length(column), pa.string()), column, ":")

    joined = pc.binary_join_element_wise(*[counted(table[c]) for c in columns], last, ",")
    whole = joined.combine_chunks() if isinstance(joined, pa.ChunkedArray) else joined
    return pc.cast(whole, pa.string())


class _Rules:
    """Which notice and which channels a person gets."""

    def __init__(self, types: Mapping[str, ChannelType], notices: Sequence[Notice], default_language: str, is_email_account_breach: bool) -> None:
        individual = [n for n in notices if n.audience == "individuals"]
        self._types, self._default, self._no_email = types, default_language, is_email_account_breach
        self._for_family = {n.id for n in individual if any("family" in greeting.readers for greeting in n.other_greetings)}
        self._by_group: dict[str, dict[str, str]] = {}
        self._chosen: dict[tuple[str | None, tuple[str, ...]], tuple[str, str]] = {}
        for notice in individual:
            self._by_group.setdefault(notice.letter_group, {})[notice.language] = notice.id

    def decide(self, contact: Contact, group: str | None, order: tuple[str, ...]) -> tuple[str | None, list[str], str]:
        languages = self._by_group.get(group or "")
        if not languages:
            return None, [], f"there is no notice for the letter group {group!r}"
        notice = languages[self._choose(contact.language, tuple(languages))[0]]
        if contact.deceased and (notice not in self._for_family or reader_of(contact) != "family"):
            # A letter that greets the dead, or nobody of whom the family could know who is meant, is worse than one that waits for a person.
            return None, [], NO_WORDS
        usable, reason = self._channels(contact, order)
        return notice, usable, reason

    def why_other_language(self, contact: Contact, group: str | None) -> str:
        """Why the notice is not in the person's own language; "" when it is."""
        return self._choose(contact.language, tuple(self._by_group[group or ""]))[1]

    def _choose(self, tag: str | None, available: tuple[str, ...]) -> tuple[str, str]:
        if (tag, available) not in self._chosen:
            language, reason = wording.choose_language(tag, available, self._default)
            self._chosen[tag, available] = (language if language in available else available[0], reason)
        return self._chosen[tag, available]

    def _channels(self, contact: Contact, order: tuple[str, ...]) -> tuple[list[str], str]:
        lacking = []
        usable = []
        for name in order:
            channel = self._types.get(name)
            if channel is None:
                continue
            if contact.deceased and name != "letter":
                continue
            if self._no_email and name == "email":
                lacking.append("the e-mail account itself was broken into")
            elif not channel.reaches(contact):
                lacking.append(channel.lacks)
            else:
                usable.append(name)
        if usable:
            return usable, ""
        if contact.deceased:
            lacking = ["the person has died and there is no postal address to write to the family", *[r for r in lacking if "postal" not in r]]
        return [], "; ".join(lacking) or "no address on file for an open channel"


class _Grown:
    """Rows that grow, kept as Arrow chunks so that millions of them stay small."""

    def __init__(self) -> None:
        self._rows: list[tuple[object, ...]] = []
        self._chunks: list[list[pa.Array]] = []

    def add(self, *row: object) -> None:
        self._rows.append(row)
        if len(self._rows) >= CHUNK:
            self._flush()

    def _flush(self) -> None:
        self._chunks.append([pa.array(column) for column in zip(*self._rows, strict=True)])
        self._rows = []

    def table(self, schema: pa.Schema) -> pa.Table:
        if self._rows:
            self._flush()
        return pa.Table.from_batches(
            [pa.RecordBatch.from_arrays([c.cast(f.type) for c, f in zip(chunk, schema, strict=True)], schema=schema) for chunk in self._chunks],
            schema=schema,
        )


def _type(name: str) -> ChannelType:
    # Whoever carries e-mail reaches the same persons: the first that carries it answers for all.
    return next(iter(carriers_of(name).values()))
