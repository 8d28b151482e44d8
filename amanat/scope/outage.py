"""Outage: who was hit when a service was missing, how often, and who depends on it.

Three things show that somebody was hit: an event during the outage that did not succeed, a subscription in force, and habit: in
the same hours of the weeks before, the person was there. Habit is measured before the outage only, so that nobody counts as less
dependent because the service was down. The rules are explained in docs/how-to/outage.md.
"""

import hashlib
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from amanat.lib.errors import Fixable
from amanat.lib.shape import build, read_toml
from amanat.scope.outsiders import outsider_id
from amanat.scope.register import open_register, place_of, truth_of
from amanat.scope.uses import Uses, micros, read_uses
from amanat.terms.exposure import BASES, EXPOSURES

WEEKS = 8  # before the outage, on which habits are measured
WEEKS_MIN = 4  # with less behind us nobody's habit is known
REGULAR_SHARE = 0.75  # of these weeks: regular use, and an expected use that counts as missed
SEEN_MIN = 2  # weeks in which a person was there in the same hours, for a reviewer to look at them
WEEK = timedelta(days=7) // timedelta(microseconds=1)

# One row for each person who was hit, or may have been.
HIT = pa.schema(
    [
        ("person_id", pa.string()),
        ("state", pa.string()),  # sure | review | outsider
        ("why", pa.string()),  # tried | subscribed | habit | need
        ("n_tries", pa.int32()),  # events during the outage that did not succeed
        ("n_expected", pa.float32()),  # uses in the same hours of a mean week before; null when nothing is known of the weeks before
        ("weeks_used", pa.int16()),  # of the weeks before, in how many the person used the service
        ("weeks_same", pa.int16()),  # in how many of them in the hours of the outage
        ("is_regular", pa.bool_()),
        ("has_need", pa.bool_()),  # declared in the register; null for who is not in it
        ("depends", pa.bool_()),  # regular use, or a declared need
    ]
)


class BadOutage(Fixable):
    """What was missing, or when, cannot be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outage:
    """`outage.toml`: which service was missing from when until when, and the file of who used it."""

    service: str
    since: datetime
    until: datetime | None = None  # None: still missing
    events: str = "events.csv"
    zone: str | None = None  # where the clocks stood that wrote times without an offset


@dataclass(frozen=True, slots=True, kw_only=True)
class Missed:
    """Who was hit by an outage."""

    hit: pa.Table  # HIT
    exposures: pa.Table  # EXPOSURES, basis "service"
    n_weeks: int  # of the weeks before that the events tell of
    n_rare: int  # persons who came in the same hours of a single week and were not listed
    notes: tuple[str, ...]


def read_outage(folder: Path) -> tuple[Outage, Path]:
    """The outage of a story folder and the file of its events."""
    path = folder / "outage.toml"
    if not path.is_file():
        raise BadOutage(f"{folder}: holds no outage.toml; say there which service was missing, since when and until when")
    outage = build(Outage, read_toml(path), where=path)
    events = (folder / outage.events).resolve()
    if not events.is_relative_to(folder.resolve()):
        raise BadOutage(f"{path}: the events {outage.events!r} lie elsewhere; give a path below {folder}")
    return outage, events


def find_missed(events: Path, outage: Outage, register: Path | None, *, key: bytes, now: datetime) -> Missed:
    """Who was hit, how often, and who depends on the service.

    Raises:
        Fixable: the events, the register or the moments cannot be used, and why.
    """
    until = outage.until or now
    for name, moment in (("from", outage.since), ("until", until)):
        if moment.tzinfo is None:
            raise BadOutage(f"--{name}: the moment needs its offset from UTC, such as 2026-11-14T09:00:00+01:00")
    if until <= outage.since:
        end = outage.until.isoformat() if outage.until else f"{now.isoformat()} (now, because no end is given)"
        raise BadOutage(f"the outage ends ({end}) before it begins ({outage.since.isoformat()}); correct one of the moments")
    length = micros(until) - micros(outage.since)
    # Weeks that lie before the outage as a whole: one that lasts ten days is compared with the weeks from the second one back.
    first_week = -(-length // WEEK)
    since = outage.since - timedelta(days=7) * (first_week + WEEKS - 1)
    uses = read_uses(events, service=outage.service, since=since, until=until, zone=outage.zone)
    habit = _habits(uses, micros(outage.since), micros(until), first_week)
    persons, n_register = _persons(uses, register)
    hit, n_rare = _hit(habit, persons, uses, key)
    notes = uses.notes + _notes(outage, habit, hit, n_rare, n_register is None)
    return Missed(hit=hit, exposures=_exposures(hit, persons, habit.n_weeks), n_weeks=habit.n_weeks, n_rare=n_rare, notes=tuple(notes))


@dataclass(slots=True, kw_only=True)
class _Habits:
    """Of each person of the events."""

    n_tries: Any  # int64
    n_served: Any
    n_weeks: int  # that the events tell of, WEEKS at the most
    n_weeks_there: Any  # with a use at any hour
    n_weeks_same: Any  # with a use in the hours of the outage
    n_same: Any  # uses in these hours, in all these weeks
    is_subscribed: Any  # bool: during the outage


def _habits(uses: Uses, since: int, until: int, first_week: int) -> _Habits:
    n = len(uses.names)
    is_plan = uses.until > 0
    who, at = uses.person[~is_plan], uses.at[~is_plan]
    is_during = (at >= since) & (at < until)
    done = uses.is_done[~is_plan]
    # A week counts from the first event of anybody on.
    n_weeks = min(WEEKS, max(0, (until - 1 - uses.first_at) // WEEK - (first_week - 1))) if len(uses.at) else 0
    there, same, n_same = (np.zeros(n, np.int64) for _ in range(3))
    for week in range(1, n_weeks + 1):
        is_there = (at >= since - week * WEEK) & (at < since - (week - 1) * WEEK)
        there += np.bincount(who[is_there], minlength=n) > 0
        shift = (first_week + week - 1) * WEEK
        counts = np.bincount(who[(at >= since - shift) & (at < until - shift)], minlength=n)
        same += counts > 0
        n_same += counts
        start, end = since - week * WEEK, since - (week - 1) * WEEK
        in_force = is_plan & (uses.at < end) & (uses.until > start)
        there += (np.bincount(uses.person[in_force], minlength=n) > 0) & (np.bincount(who[is_there], minlength=n) == 0)
    in_force = is_plan & (uses.at < until) & (uses.until > since)
    return _Habits(
        n_tries=np.bincount(who[is_during & ~done], minlength=n),
        n_served=np.bincount(who[is_during & done], minlength=n),
        n_weeks=int(n_weeks),
        n_weeks_there=there,
        n_weeks_same=same,
        n_same=n_same,
        is_subscribed=np.bincount(uses.person[in_force], minlength=n) > 0,
    )


@dataclass(slots=True, kw_only=True)
class _Persons:
    """Persons of the register whom the events name: a row for each pair of name and person."""

    name: Any  # [n] int64, into Uses.names
    ids: Any  # pa.Array
    residence: Any
    language: Any
    minor: Any  # pa.Array of bool
    has_need: Any  # [n] bool


def _persons(uses: Uses, register: Path | None) -> tuple[_Persons, int | None]:
    """Read block by block, so that of a register of millions only those stay whom the events name."""
    parts: list[tuple[Any, ...]] = []
    n = None
    if register is not None:
        file = open_register(register)
        if uses.by not in file.columns:
            raise BadOutage(f"{register}: has no column {uses.by}, by which the events name persons; add it, or give events with person_id")
        n = 0
        for block in file.blocks():
            n += block.num_rows
            cells = block.column(uses.by).fill_null("")
            row = np.arange(block.num_rows)
            if uses.by == "email":
                lists = pc.split_pattern(pc.utf8_lower(cells), ";")
                row = pc.list_parent_indices(lists).to_numpy()
                cells = pc.utf8_trim_whitespace(pc.list_flatten(lists))
            found = pc.index_in(cells, value_set=uses.names)
            kept = np.flatnonzero(found.is_valid().to_numpy(zero_copy_only=False))
            if not len(kept):
                continue
            part = block.take(pa.array(row[kept]))
            parts.append(
                (
                    found.take(pa.array(kept)).to_numpy(zero_copy_only=False).astype(np.int64),
                    part.column("person_id"),
                    _read(part, "residence", place_of, pa.string()),
                    _read(part, "language", lambda text: text.strip()[:35] or None, pa.string()),
                    _read(part, "minor", truth_of, pa.bool_()),
                    _read(part, "needs", lambda text: bool(text.strip()), pa.bool_()).fill_null(False).to_numpy(zero_copy_only=False),
                )
            )
    name, need = (np.concatenate([p[i] for p in parts]) if parts else np.zeros(0, np.int64) for i in (0, 5))
    ids, residence, language, minor = (
        pa.chunked_array([p[i] for p in parts], kind).combine_chunks() for i, kind in enumerate((pa.string(),) * 3 + (pa.bool_(),), start=1)
    )
    return _Persons(name=name, ids=ids, residence=residence, language=language, minor=minor, has_need=need.astype(bool)), n


def _read(block: pa.RecordBatch, column: str, read: Any, kind: pa.DataType) -> pa.Array:
    """A column with each spelling read once."""
    if column not in block.schema.names:
        return pa.nulls(block.num_rows, kind)
    spelled = block.column(column).dictionary_encode()
    return pa.array([read(text) for text in spelled.dictionary.to_pylist()], kind).take(spelled.indices)


def _hit(habit: _Habits, persons: _Persons, uses: Uses, key: bytes) -> tuple[pa.Table, int]:
    """HIT: persons of the register in its order, then everybody else; and how many came too rarely to be listed."""
    strangers = np.setdiff1d(np.arange(len(uses.names)), persons.name)
    name = np.concatenate([persons.name, strangers]).astype(np.int64)
    is_stranger = np.arange(len(name)) >= len(persons.name)
    need = np.concatenate([persons.has_need, np.zeros(len(strangers), bool)])
    sharers = np.bincount(persons.name, minlength=len(uses.names))[name] if len(uses.names) else np.zeros(0, np.int64)

    tried, subscribed, served = habit.n_tries[name] > 0, habit.is_subscribed[name], habit.n_served[name] > 0
    n_weeks = habit.n_weeks
    is_known = n_weeks >= WEEKS_MIN
    there, same = habit.n_weeks_there[name], habit.n_weeks_same[name]
    is_regular = (there >= REGULAR_SHARE * n_weeks) & is_known
    # Whoever was served during the outage was there, and got what they came for.
    is_missed = (same >= REGULAR_SHARE * n_weeks) & is_known & ~served
    is_maybe = (same >= SEEN_MIN) & ~served
    is_needed = need & (there > 0) & ~served
    is_sure = tried | subscribed | is_missed
    is_listed = is_sure | is_maybe | is_needed
    why = np.select([tried, subscribed, is_missed | is_maybe], ["tried", "subscribed", "habit"], "need")
    # An address that several persons share does not say whose evening it was.
    state = np.where(is_stranger, "outsider", np.where(is_sure & (sharers <= 1), "sure", "review"))
    rows = np.flatnonzero(is_listed)
    ids = pa.concat_arrays([persons.ids, _outsiders(uses, strangers, key)])
    expected = habit.n_same[name] / max(n_weeks, 1)
    table = pa.table(
        [
            ids.take(pa.array(rows)),
            pa.array(state[rows], pa.string()),
            pa.array(why[rows], pa.string()),
            pa.array(habit.n_tries[name][rows], pa.int32()),
            pa.array(expected[rows], pa.float32(), mask=np.full(len(rows), n_weeks == 0)),
            pa.array(there[rows], pa.int16()),
            pa.array(same[rows], pa.int16()),
            pa.array(is_regular[rows]),
            pa.array(need[rows], pa.bool_(), mask=is_stranger[rows]),
            pa.array((is_regular | need)[rows]),
        ],
        schema=HIT,
    )
    n_rare = int(((same == 1) & ~is_listed & ~served).sum())
    return _each_once(table), n_rare


def _each_once(hit: pa.Table) -> pa.Table:
    """A person with two addresses in the events has one row: the one that says most; the tries of all are theirs."""
    ids = hit.column("person_id").combine_chunks()
    if pc.count_distinct(ids).as_py() == len(ids):
        return hit
    code = ids.dictionary_encode().indices.to_numpy()
    rank = np.select([pc.equal(hit["state"], s).to_numpy(zero_copy_only=False) for s in ("sure", "outsider")], [2, 2], 1)
    tries = hit["n_tries"].to_numpy()
    order = np.lexsort((-tries, -rank, code))
    is_first = np.r_[True, code[order][1:] != code[order][:-1]]
    kept = np.sort(order[is_first])
    total = np.bincount(code, weights=tries).astype(np.int32)
    hit = hit.take(pa.array(kept))
    return hit.set_column(3, HIT.field("n_tries"), pa.array(total[code[kept]], pa.int32()))


def _outsiders(uses: Uses, strangers: Any, key: bytes) -> pa.Array:
    names = uses.names.take(pa.array(strangers)).to_pylist()
    if uses.by == "email" and names:
        from amanat.scope.scan import REGIONS, Scanner, records_of

        # The same hash as in files, so that one address is one outsider wherever it was met.
        scanner = Scanner(key, regions=REGIONS, now=None)
        found = scanner.scan(records_of(names))
        is_email = found.identifier == scanner.names.index("email")
        known = {int(r): outsider_id(k, *scanner.key_words) for r, k in zip(found.record[is_email], found.key[is_email], strict=True)}
        return pa.array([known.get(i) or _stranger(name, key) for i, name in enumerate(names)], pa.string())
    return pa.array([_stranger(name, key) for name in names], pa.string())


def _stranger(name: str, key: bytes) -> str:
    return "out-" + hashlib.blake2b(name.encode(), key=key[:64], digest_size=6).hexdigest()


def _exposures(hit: pa.Table, persons: _Persons, n_weeks: int) -> pa.Table:
    n = hit.num_rows
    at = pc.index_in(hit.column("person_id"), value_set=persons.ids)
    why = hit.column("why").to_numpy(zero_copy_only=False)
    # By the rule of succession: who was there in s of w weeks would have come again with (s + 1) / (w + 2).
    habit = (hit.column("weeks_same").to_numpy() + 1) / (n_weeks + 2)
    belief = np.select([why == "tried", why == "subscribed"], [0.99, 0.95], habit)
    is_shared = pc.equal(hit.column("state"), "review").to_numpy(zero_copy_only=False)
    belief = np.where(is_shared, np.minimum(belief, 0.5), belief)
    tries = hit.column("n_tries").cast(pa.int64())
    return pa.table(
        [
            hit.column("person_id"),
            pa.array([["service"]], pa.list_(pa.string())).take(pa.array(np.zeros(n, np.int64))),
            tries,
            tries,
            pa.array(belief.astype(np.float32)),
            hit.column("state"),
            pa.array(["service"] * n, pa.string()),
            persons.residence.take(at),
            persons.language.take(at),
            persons.minor.take(at),
        ],
        schema=EXPOSURES,
    ).combine_chunks()


def with_missed(exposures: pa.Table, missed: pa.Table) -> tuple[pa.Table, list[str]]:
    """EXPOSURES of data and of the outage as one table, a row for each person; and sentences about it.

    Who is in both keeps the stronger basis (content or access) and gets the kind `service`. Who waits for a reviewer because
    of their data goes on waiting: what was missed must not make sure what was stolen.
    """
    ids = exposures.column("person_id").combine_chunks()
    at = pc.index_in(missed.column("person_id"), value_set=ids)
    both = np.flatnonzero(at.is_valid().to_numpy(zero_copy_only=False))
    notes = []
    if len(both):
        rows = at.take(pa.array(both)).to_numpy(zero_copy_only=False).astype(np.int64)
        is_sure = pc.equal(missed.column("state").take(pa.array(both)), "sure").to_numpy(zero_copy_only=False)
        states = exposures.column("state").to_numpy(zero_copy_only=False)
        # A doubt about the outage alone does not become part of what is sure about the data.
        rows_kept = rows[is_sure | (states[rows] != "sure")]
        flags = np.zeros(exposures.num_rows, bool)
        flags[rows_kept] = True
        kinds = [list(dict.fromkeys([*k, "service"])) if f else k for k, f in zip(exposures.column("kinds").to_pylist(), flags, strict=True)]
        exposures = exposures.set_column(1, EXPOSURES.field("kinds"), pa.array(kinds, pa.list_(pa.string())))
        if n := len(rows) - len(rows_kept):
            notes.append(f"{n:,} persons whose data are affected for sure may have missed the service as well; outage.parquet says who.")
        if n := int((is_sure & (states[rows] == "review")).sum()):
            notes.append(f"{n:,} persons missed the service for sure, and wait for a reviewer about their data; look at them first.")
    alone = np.setdiff1d(np.arange(missed.num_rows), both)
    return pa.concat_tables([exposures, missed.take(pa.array(alone))]).combine_chunks(), notes


def add_outage(exposures: pa.Table, folder: Path, register: Path | None, out: Path, *, key: bytes, now: date) -> tuple[pa.Table, pa.Table, list[str]]:
    """The exposures with everybody whom the outage of a story folder hit; their BASES; and sentences about it. Writes outage.parquet."""
    outage, events = read_outage(folder)
    moment = now if isinstance(now, datetime) else datetime.combine(now, time(), UTC)
    missed = find_missed(events, outage, register, key=key, now=moment)
    pq.write_table(missed.hit, out / "outage.parquet", compression="zstd")
    table, notes = with_missed(exposures, missed.exposures)
    hit = missed.exposures
    same = [pa.array([word] * hit.num_rows, pa.string()) for word in ("service", outage.service)]
    bases = pa.table([hit["person_id"], *same, hit["kinds"], hit["belief"]], schema=BASES)
    return table, bases, [*missed.notes, *notes]


def write_missed(missed: Missed, out: Path) -> None:
    """outage.parquet (who was hit, how often, who depends on the service) and exposures.parquet."""
    out.mkdir(parents=True, exist_ok=True)
    pq.write_table(missed.hit, out / "outage.parquet", compression="zstd")
    pq.write_table(missed.exposures, out / "exposures.parquet", compression="zstd")


def _notes(outage: Outage, habit: _Habits, hit: pa.Table, n_rare: int, is_without_register: bool) -> list[str]:
    notes = []
    if not hit.num_rows:
        notes.append(f"Nobody in the events tried to use {outage.service!r} during the outage, subscribed to it, or was used to come at that time.")
    if habit.n_weeks < WEEKS_MIN:
        notes.append(
            f"The events tell of only {habit.n_weeks} whole weeks before the outage; with fewer than {WEEKS_MIN} nobody's habit is known."
            " Give older events to see who would have come."
        )
    elif habit.n_weeks < WEEKS:
        notes.append(f"Habits were measured on {habit.n_weeks} weeks before the outage, because the events do not reach back further.")
    if outage.until is None:
        notes.append("No end of the outage is given: it was counted up to now, so run this again when it is over.")
    if n_rare:
        notes.append(f"{n_rare:,} persons came in the same hours of one single week before; they are not listed.")
    if n := pc.sum(pc.equal(hit.column("state"), "outsider")).as_py():
        why = "there is no register" if is_without_register else "the register does not have them"
        notes.append(f"{n:,} of those hit are known to the events only, because {why}; they cannot be written to.")
    return notes
