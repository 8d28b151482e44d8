"""Rebuild: a register made from files, for when the real one is encrypted and no backup is at hand.

Persons are put together by e-mail address and national number; records that have neither by telephone or account. It is no register: it
knows only who stands in these files, as they spell it, and cannot tell two persons with one address apart.
"""

import csv
import json
import os
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import numpy as np

from amanat.lib.cells import inert
from amanat.lib.errors import Fixable
from amanat.lib.progress import Progress, silent
from amanat.scope.outsiders import Outsiders, outsider_id
from amanat.scope.read import read_units
from amanat.scope.scan import Scanner, best_of
from amanat.terms.finding import Gap

JOINING = ("email", "national_id")
ELSE_BY = ("phone", "iban")
ONE_EACH = ("email", "national_id")  # a record with two of these speaks of two persons, and is left out
COLUMNS = ("name", "given_name", "family_name", "email", "phone", "address", "birth_date", "national_id", "iban", "loyalty_id")
MANY = {"email": 3, "phone": 3}  # values of one person that are kept
BELIEF_MIN = 0.7
LIMITS = (
    "It knows only who stands in the files that could be read, with the values and spellings that stand there.",
    "Persons were put together by e-mail address and national number, otherwise by telephone or account: two persons who share one are one here,"
    " and one person with two addresses may be two. Telephones without a country code may be read as another country's.",
    "It has no residence, language, declared needs or minors, so laws and letters that ask for them find them unknown.",
    "Its numbers (RB-…) are its own: they are not those of the company.",
)


class BadRebuild(Fixable):
    """The files cannot be made into a register."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rebuilt:
    """What was made, and of what."""

    persons: int
    records_used: int
    records_of_several: int  # left out, because they name several persons
    records_without_key: int
    files_unread: int
    limits: tuple[str, ...] = LIMITS


def rebuild_register(
    paths: Sequence[Path], out: Path, *, key: bytes, own_domains: Sequence[str] = (), now: date, workers: int = 2, progress: Progress = silent
) -> Rebuilt:
    """Writes a register of whoever can be reached from the files to `out` (CSV, for its owner only), and what it is beside it.

    Raises BadRebuild when `out` is there already or nobody was found.
    """
    if out.exists():
        raise BadRebuild(f"{out}: is there already; nothing is written over, name a new file")
    scanner = Scanner(key, own_domains=own_domains, now=now)
    fields = np.array([member.field for member in scanner.members.values()])
    outsiders = Outsiders(key)
    values: dict[tuple[str, int], Counter[str]] = {}  # field and key -> how it is spelled, how often
    beside: dict[tuple[str, int], Counter[tuple[str, int]]] = {}  # joining key -> what stands in its records
    n_used = n_several = n_without = n_gaps = 0
    for batch in read_units(paths, workers=workers, progress=progress):
        if isinstance(batch, Gap):
            n_gaps += 1
            continue
        found = scanner.scan(batch.records)
        found = found.take((found.belief >= BELIEF_MIN) & ((found.flags & 1) == 0))
        found = found.take(best_of(found))
        texts = batch.records.column("text")
        of_record: dict[int, list[int]] = {}
        for i, record in enumerate(found.record.tolist()):
            of_record.setdefault(record, []).append(i)
        n_without += batch.records.num_rows - len(of_record)
        for record, rows in of_record.items():
            here = {(str(fields[found.identifier[i]]), int(found.key[i])): i for i in rows if fields[found.identifier[i]] in COLUMNS}
            by = {name: [k for k in here if k[0] == name] for name in (*JOINING, *ELSE_BY)}
            if any(len(by[name]) > 1 for name in ONE_EACH):
                n_several += 1
                continue
            joining = [k for name in JOINING for k in by[name]] or [k for name in ELSE_BY for k in by[name]]
            if not joining:
                n_without += 1
                continue
            n_used += 1
            text = texts[record].as_py()
            for name, i in here.items():
                spelled = " ".join(text[found.start[i] : found.end[i]].replace("\x1f", " ").split())
                if name[0] == "email" and "@" not in spelled:
                    spelled = unquote(spelled)  # it stood in a link
                values.setdefault(name, Counter())[spelled] += 1
            for name in joining:
                beside.setdefault(name, Counter()).update(here.keys())
            keys = np.array([k for _, k in joining], np.uint64)
            outsiders.add(keys, np.zeros(len(keys), np.int64), np.zeros(1, np.uint64), np.ones(1, np.int64))
    if not beside:
        raise BadRebuild(f"{', '.join(map(str, paths))}: nobody who could be reached was found; give files that hold e-mail addresses or telephones")
    persons = _persons(outsiders, beside, key)
    _write(persons, values, out)
    rebuilt = Rebuilt(persons=len(persons), records_used=n_used, records_of_several=n_several, records_without_key=n_without, files_unread=n_gaps)
    out.with_suffix(".rebuilt.json").write_text(json.dumps(asdict(rebuilt), ensure_ascii=False, indent=1), encoding="utf-8")
    return rebuilt


def _persons(outsiders: Outsiders, beside: dict[tuple[str, int], Counter[tuple[str, int]]], key: bytes) -> dict[str, Counter[tuple[str, int]]]:
    """What belongs to each person, by id."""
    from amanat.scope.siphash import key_words

    parts = outsiders.persons()[-1]
    person_of = dict(zip(parts["part"].to_pylist(), parts["person_id"].to_pylist(), strict=True))
    words = key_words(key)
    persons: dict[str, Counter[tuple[str, int]]] = {}
    alone: dict[str, tuple[str, int]] = {}  # persons known by a telephone or an account only
    for name, what in beside.items():
        part = outsider_id(np.uint64(name[1]), *words)
        person = person_of.get(part, part)  # a key that joins too many is a person's of its own
        persons.setdefault(person, Counter()).update(what)
        if name[0] in ELSE_BY:
            alone[person] = name
    holders: dict[tuple[str, int], set[str]] = {}
    for person, what in persons.items():
        for name in what:
            if name[0] in ELSE_BY and person not in alone:
                holders.setdefault(name, set()).add(person)
    for person, name in alone.items():
        # Who is known by a telephone only is whoever has that telephone, if one person has.
        if len(who := holders.get(name, set())) == 1 and person in persons:
            persons[next(iter(who))].update(persons.pop(person))
    return persons


def _write(persons: dict[str, Counter[tuple[str, int]]], values: dict[tuple[str, int], Counter[str]], out: Path) -> None:
    handle = os.open(out, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(("person_id", *COLUMNS, "n_records"))
        for person in sorted(persons):
            what = persons[person]
            row = []
            for column in COLUMNS:
                ranked = sorted((k for k in what if k[0] == column), key=lambda k: (-what[k], k[1]))[: MANY.get(column, 1)]
                row.append("; ".join(_best(values[k]) for k in ranked))
            writer.writerow([person.replace("out-", "RB-"), *map(_cell, row), max(what.values())])


def _cell(text: str) -> str:
    """Telephones begin with a plus, which is theirs; anything else that looks like a formula is made inert."""
    return text if text.startswith("+") and text[1:2].isdigit() else inert(text)


def _best(spellings: Counter[str]) -> str:
    """The most frequent spelling; of equals the longest, and the same one every time."""
    return max(spellings, key=lambda text: (spellings[text], len(text), text))


def as_keys(rebuilt: Rebuilt) -> dict[str, Any]:
    """For machines."""
    return {**asdict(rebuilt), "limits": list(rebuilt.limits)}
