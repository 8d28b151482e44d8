"""One person, two records: who stands on the list twice gets one message, which says all that was exposed about them.

Two records are the same person only when nothing tells them apart: the same name, the same birth date or none, the same national number or
none, the same e-mail addresses, telephones, home and country, the same language, and both of age or both minors, both living or both not.
Whoever differs in anything is another person until a person decides otherwise (father and son share a name, a home and its telephone): each
is told.

The message goes out in the name of one of them. The others have no sending of their own and stand in the plan's `together`, so a
crash can neither lose nor repeat them: what became of the message became of them. See docs/decisions/0013-one-message-two-records.md.
"""

import hashlib
import unicodedata
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from amanat.notify.case import TOGETHER, table_of, together_of
from amanat.notify.groups import BASES
from amanat.notify.planned import FURTHER, Plan, sending_id
from amanat.notify.since import MARK
from amanat.terms.contact import Contact
from amanat.terms.notice import Notice

WHY = "whether the list holds the person twice"
_BYTES = 16
MOST = 4  # more records than this that look alike are a placeholder's (“unknown, none@…”), not one person's


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """What a message to one record would rest on."""

    person_id: str
    kinds: frozenset[str]
    basis: str
    duty_ids: frozenset[str]


class Records:
    """Fingerprints of the records of a list, 16 bytes for each; no value is kept."""

    def __init__(self, key: bytes) -> None:
        self._key = hashlib.sha256(b"amanat same record" + key).digest()
        self._ids: list[str] = []
        self._prints = bytearray()

    def add(self, contact: Contact) -> None:
        """Takes in one record; one of which too little is known is never the same as another."""
        if identity := identity_of(contact):
            self._ids.append(contact.person_id)
            self._prints += hashlib.blake2b(repr(identity).encode(), key=self._key, digest_size=_BYTES).digest()

    def same(self) -> list[tuple[str, ...]]:
        """The ids of records that are one person, in order, wherever there are two or more."""
        return [tuple(sorted(self._ids[row] for row in rows)) for rows in alike(self._prints, _BYTES) if len(rows) <= MOST]


def alike(prints: bytes | bytearray, size: int) -> list[list[int]]:
    """Row numbers of equal fingerprints of `size` bytes (a multiple of 8), wherever there are two or more.

    >>> alike(b"aaaaaaaabbbbbbbbaaaaaaaa", 8)
    [[0, 2]]
    """
    if not prints:
        return []
    # A copy, because memory that an array looks at cannot grow any more.
    words = np.frombuffer(bytes(prints), np.uint64).reshape(-1, size // 8)
    order = np.lexsort(words.T)
    ends = np.flatnonzero((words[order][1:] != words[order][:-1]).any(axis=1)) + 1
    starts = np.concatenate([[0], ends])
    sizes = np.diff(np.concatenate([starts, [len(order)]]))
    many = sizes > 1
    return [sorted(order[at : at + n].tolist()) for at, n in zip(starts[many].tolist(), sizes[many].tolist(), strict=True)]


def identity_of(contact: Contact) -> tuple[object, ...]:
    """All that a register says of who somebody is; empty where a name, or an address that is theirs alone, is missing."""
    name = _plain(contact.name.reveal(why=WHY)) if contact.name else ""
    emails, phones = (sorted({_plain(value.reveal(why=WHY)) for value in values} - {""}) for values in (contact.emails, contact.phones))
    born, number = (_plain(value.reveal(why=WHY)) if value else "" for value in (contact.birth_date, contact.national_id))
    if not name or not (emails or (phones and (born or number))):
        return ()  # a name and a home, with the telephone in its hall, may be father and son
    kept = (contact.residence, contact.language, contact.minor, contact.deceased, sorted(contact.controllers))
    return (name, emails, phones, born, number, home_of(contact), *kept)


def home_of(contact: Contact) -> str:
    """The postal address as it is compared with others: without commas, capitals and double blanks."""
    return (
        " ".join(_plain(contact.address.reveal(why="whether others live there")).replace(",", " ").replace("،", " ").split())
        if contact.address
        else ""
    )


def as_told(groups: Iterable[Sequence[str]], told: Mapping[str, frozenset[str]]) -> list[tuple[str, ...]]:
    """The groups without those who were written to in other company: nobody is told again because another record of theirs was found.

    Args:
        told: by person who was written to before, all whom that message told, themselves among them.

    >>> as_told([("1", "2", "3", "4"), ("5", "6")], {"1": frozenset("12"), "2": frozenset("12"), "5": frozenset("5")})
    [('1', '2'), ('3', '4')]
    """
    found: list[tuple[str, ...]] = []
    for group in groups:
        parts: dict[frozenset[str], list[str]] = {}
        for one in group:
            with_whom = told.get(one, frozenset())
            # Who was told with somebody who is no longer the same person is alone from now on.
            parts.setdefault(with_whom if with_whom <= set(group) else frozenset((one,)), []).append(one)
        found += [tuple(part) for part in parts.values() if len(part) > 1]
    return found


def tell_together(plan: Plan, groups: Iterable[Sequence[Record]], notices: Sequence[Notice], *, key: bytes) -> Plan:
    """The plan with one message for each group of records, to the first of their ids: the strictest of their notices.

    A group stays apart where no one of its notices serves all: where one would keep silent about something that was exposed, or
    about a duty, or tells what changed to somebody who read nothing before.
    """
    groups = [list(group) for group in groups]
    wanted = {record.person_id for group in groups for record in group}
    firsts = _rows_of(plan.sendings, wanted)
    further = _rows_of(plan.further, wanted)
    texts = {notice.id: _Text(notice) for notice in notices}
    replaced: dict[int, dict[str, Any]] = {}
    dropped: list[int] = []
    added: list[dict[str, Any]] = []
    together: list[dict[str, str]] = []
    for group in groups:
        told = [record for record in group if record.person_id in firsts]
        notice_of = {record.person_id: firsts[record.person_id][0][1]["notice_id"] for record in told}
        strictest = _strictest(told, notice_of, texts) if len(told) > 1 else None
        if strictest is None:
            continue
        ids = sorted(notice_of)
        # In the name of all: a message that says less, or to fewer, never counts as this one.
        name = "+".join(f"{len(one)}:{one}" for one in ids)
        its = next(one for one in ids if notice_of[one] == strictest)
        rows = sorted(firsts[one][0][0] for one in ids)
        channels = [entry["channel"] for _row, entry in (*firsts[its], *further.get(its, ()))]
        made = [
            {"sending_id": sending_id(key, strictest, name, channel), "notice_id": strictest, "person_id": ids[0], "channel": channel, "turn": turn}
            for turn, channel in enumerate(channels)
        ]
        replaced[rows[0]] = made[0]  # where the first of them stood, so that nobody waits longer for it
        dropped += rows[1:]
        added += made[1:]
        together += [{"person_id": one, "told_with": ids[0]} for one in ids[1:]]
    if not together:
        return plan
    gone = {row["person_id"] for row in together} | {row["told_with"] for row in together}
    others = plan.further.filter(pc.invert(pc.is_in(plan.further["person_id"], value_set=pa.array(sorted(gone)))))
    return replace(
        plan,
        sendings=_with(plan.sendings, replaced, dropped),
        further=pa.concat_tables([others, pa.Table.from_pylist(added, FURTHER)]),
        together=pa.concat_tables([plan.together, pa.Table.from_pylist(together, TOGETHER)]),
    )


def told_with(together: pa.Table) -> dict[str, list[str]]:
    """By the person who gets the message, the others whom it tells."""
    found: dict[str, list[str]] = {}
    for row in together.to_pylist():
        found.setdefault(row["told_with"], []).append(row["person_id"])
    return found


def told_before(case: Path) -> dict[str, frozenset[str]]:
    """By person who was written to from this case, all whom that message told; empty before anything was sent."""
    if not (case / "receipts.parquet").is_file():
        return {}
    told = set(pc.unique(table_of(case, "receipts.parquet")["person_id"]).to_pylist())
    found = dict.fromkeys(told, frozenset[str]())
    for first, others in told_with(together_of(case)).items():
        if first in told:
            found |= dict.fromkeys((first, *others), frozenset((first, *others)))
    return {one: company or frozenset((one,)) for one, company in found.items()}


def surest(bases: Iterable[str]) -> str:
    """How we know of a person with several records: by what is surest, as a record with several findings has it too.

    >>> surest(["service", "access"])
    'access'
    """
    return min(bases, key=lambda basis: (BASES.index(basis) if basis in BASES else len(BASES), basis), default="")


# ---- inside ----


class _Text:
    """What a notice speaks of."""

    def __init__(self, notice: Notice) -> None:
        sentences = [sentence for section in notice.sections for sentence in section.sentences]
        self.kinds = {kind for sentence in sentences for kind in sentence.kinds}
        self.duties, self.content = set(notice.duty_ids), set(notice.content)
        self.follows = MARK in notice.letter_group


def _strictest(told: Collection[Record], notice_of: Mapping[str, str], texts: Mapping[str, _Text]) -> str | None:
    """The notice that serves all of them, with most duties and most that law wants in it; None when none does."""
    ids = sorted(set(notice_of.values()))
    if len(ids) == 1:
        return ids[0]
    if any(texts[one].follows for one in ids):
        return None

    def serves(notice: str, record: Record) -> bool:
        own, text = texts[notice_of[record.person_id]], texts[notice]
        return record.duty_ids & own.duties <= text.duties and own.content <= text.content and record.kinds & own.kinds <= text.kinds

    fit = [one for one in ids if all(serves(one, record) for record in told)]
    return min(fit, key=lambda one: (-len(texts[one].duties), -len(texts[one].content), one), default=None)


def _rows_of(table: pa.Table, wanted: Collection[str]) -> dict[str, list[tuple[int, dict[str, Any]]]]:
    """The rows of these persons with their numbers, in order."""
    at = pc.indices_nonzero(pc.is_in(table["person_id"], value_set=pa.array(sorted(wanted), pa.string())))
    found: dict[str, list[tuple[int, dict[str, Any]]]] = {}
    for row, entry in zip(at.to_pylist(), table.take(at).to_pylist(), strict=True):
        found.setdefault(entry["person_id"], []).append((row, entry))
    return found


def _with(table: pa.Table, replaced: Mapping[int, Mapping[str, Any]], dropped: Sequence[int]) -> pa.Table:
    rows = sorted(replaced)
    new, old = np.zeros(table.num_rows, bool), np.ones(table.num_rows, bool)
    new[rows], old[list(dropped)] = True, False
    columns = [
        pc.replace_with_mask(table[name].combine_chunks(), pa.array(new), pa.array([replaced[row][name] for row in rows], pa.string()))
        for name in table.schema.names
    ]
    return pa.table(columns, schema=table.schema).filter(pa.array(old))


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())
