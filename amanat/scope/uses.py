"""Uses: what persons did with one service, read from orders, log-ins or subscriptions; bulk in columns, never an object for each row."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet as pq

from amanat.lib.errors import Fixable, did_you_mean

# What other systems call our columns; our own name wins where both are there.
ALSO = {
    "person_id": ("person", "customer", "customer_id", "client_id", "user_id", "guest_id", "patient_id", "member_id"),
    "email": ("e_mail", "mail", "email_address"),
    "at": ("time", "timestamp", "ts", "when", "datetime", "start", "since", "due_at", "ordered_at", "login_at"),
    "until": ("end", "ends_at", "ended_at", "valid_until"),
    "service": ("product", "system", "channel", "service_name"),
    "outcome": ("status", "result"),
}
DONE = "done ok success successful succeeded delivered completed complete fulfilled true yes 1 200".split()
FOREVER = np.iinfo(np.int64).max
_SMALL = 1 << 24
_ENDS_WITH_OFFSET = r"(?i)\d\d:\d\d.*(z|[+-]\d\d(:?\d\d)?)$"


class BadEvents(Fixable):
    """The events cannot be read, or do not say when which service was used by whom."""


class UnknownService(Fixable):
    """No event is of this service."""


class NoOffset(Fixable):
    """Times that could mean several moments."""


@dataclass(slots=True, kw_only=True)
class Uses:
    """Uses of one service from some moment on, each by the number of its person."""

    names: Any  # pa.Array of strings: persons as the events name them
    by: str  # what `names` are: person_id | email
    person: Any  # [n] int32, into `names`
    at: Any  # [n] int64, microseconds since 1970 in UTC
    until: Any  # [n] int64: end of a subscription, FOREVER while it runs; 0 for a single use
    is_done: Any  # [n] bool: the event says itself that the service was delivered
    first_at: int  # of all events of the service, however old; FOREVER when there is none
    notes: list[str]


def read_uses(path: Path, *, service: str, since: datetime, until: datetime, zone: str | None = None) -> Uses:
    """What persons did with the service between `since` and `until`; a subscription counts when it was in force then.

    Args:
        zone: where the clocks stood that wrote times without an offset, such as Europe/Paris.

    Raises:
        BadEvents, UnknownService, NoOffset
    """
    if zone is not None and zone not in available_timezones():
        raise NoOffset(f"--zone {zone}: there is no such time zone{did_you_mean(zone, available_timezones()) or '.'} Write it like Europe/Paris.")
    low, high = micros(since), micros(until)
    wanted = service.strip().casefold()
    parts: list[tuple[Any, Any, Any, Any]] = []
    services: dict[str, int] = {}
    first_at, n_rows, n_nobody, n_bad_times = int(FOREVER), 0, 0, 0
    by = "person_id"
    for batch in _batches(path):
        by = "person_id" if "person_id" in batch.column_names else "email"
        row = n_rows
        n_rows += batch.num_rows
        names = pc.utf8_trim_whitespace(batch["service"].cast(pa.string())).fill_null("")
        for each in pc.value_counts(names).to_pylist():
            if each["values"] and len(services) < 1000:
                services[each["values"]] = services.get(each["values"], 0) + each["counts"]
        is_it = pc.equal(pc.utf8_lower(names), wanted)
        who = pc.utf8_trim_whitespace(batch[by].cast(pa.string())).fill_null("")
        is_somebody = pc.greater(pc.utf8_length(who), 0)
        n_nobody += pc.sum(pc.and_(is_it, pc.invert(is_somebody))).as_py() or 0
        kept = np.flatnonzero(pc.and_(is_it, is_somebody).to_numpy(zero_copy_only=False))
        if not len(kept):
            continue
        rows = pa.array(kept)
        at, bad = _moments(batch["at"].take(rows), zone, path, row, kept)
        n_bad_times += int(bad.sum())
        end = np.zeros(len(kept), np.int64)
        if "until" in batch.column_names:
            end, bad_end = _moments(batch["until"].take(rows), zone, path, row, kept, empty=int(FOREVER))
            n_bad_times += int((bad_end & ~bad).sum())
            bad |= bad_end
        if (~bad).any():
            first_at = min(first_at, int(at[~bad].min()))
        is_within = ~bad & (at < high) & (np.where(end > 0, end, at + 1) > low)
        is_done = np.zeros(len(kept), bool)
        if "outcome" in batch.column_names:
            words = pc.utf8_lower(pc.utf8_trim_whitespace(batch["outcome"].cast(pa.string()))).fill_null("").take(rows)
            is_done = pc.is_in(words, value_set=pa.array(DONE)).to_numpy(zero_copy_only=False)
        near = np.flatnonzero(is_within)
        who = who.take(rows).take(pa.array(near))
        parts.append((pc.utf8_lower(who) if by == "email" else who, at[near], end[near], is_done[near]))
    _check(path, service, wanted, services, n_rows, n_bad_times, first_at)
    return _together(parts, by, first_at, _notes(n_nobody, n_bad_times))


def micros(moment: datetime) -> int:
    """Microseconds since 1970 in UTC, exactly."""
    return int(np.datetime64(moment.astimezone(ZoneInfo("UTC")).replace(tzinfo=None), "us").astype(np.int64))


def _together(parts: list[tuple[Any, Any, Any, Any]], by: str, first_at: int, notes: list[str]) -> Uses:
    who = pa.chunked_array([w for w, *_ in parts], pa.string()).dictionary_encode().combine_chunks()
    # combine_chunks of an empty column gives a plain array of the dictionary's type
    names, person = who.dictionary, who.indices.to_numpy(zero_copy_only=False).astype(np.int32)
    at, end = (np.concatenate([p[i] for p in parts]) if parts else np.zeros(0, np.int64) for i in (1, 2))
    is_done = np.concatenate([p[3] for p in parts]) if parts else np.zeros(0, bool)
    order = np.lexsort((is_done, end, at, person))
    person, at, end, is_done = person[order], at[order], end[order], is_done[order]
    is_new = np.ones(len(order), bool)
    is_new[1:] = (person[1:] != person[:-1]) | (at[1:] != at[:-1]) | (end[1:] != end[:-1]) | (is_done[1:] != is_done[:-1])
    if n := int((~is_new).sum()):
        notes.append(f"{n:,} events are there twice (same person, same moment, same service) and were counted once.")
    return Uses(names=names, by=by, person=person[is_new], at=at[is_new], until=end[is_new], is_done=is_done[is_new], first_at=first_at, notes=notes)


def _check(path: Path, service: str, wanted: str, services: dict[str, int], n_rows: int, n_bad: int, first_at: int) -> None:
    if not n_rows:
        raise BadEvents(f"{path}: holds no event; give what persons did with the service in the weeks before the outage and during it")
    if wanted not in {name.casefold() for name in services}:
        # Services are words of a system; what is longer may be anything.
        known = sorted((name for name in services if len(name) <= 40), key=lambda name: -services[name])
        there = f" It has: {', '.join(known[:20])}." if known else ""
        raise UnknownService(f"{path}: no event is of the service {service!r}{did_you_mean(service, known) or '.'}{there}")
    if first_at == FOREVER:
        why = f"none of the {n_bad:,} times" if n_bad else "no person"
        raise BadEvents(
            f"{path}: of the events of {service!r}, {why} can be read; write times like 2026-11-14T09:00:00+01:00 and a person_id in each"
        )


def _notes(n_nobody: int, n_bad_times: int) -> list[str]:
    notes = []
    if n_nobody:
        notes.append(f"{n_nobody:,} events of the service name no person; whoever they belong to was not counted.")
    if n_bad_times:
        notes.append(f"{n_bad_times:,} events of the service have a time that cannot be read; they were left out.")
    return notes


def _batches(path: Path) -> Iterator[pa.RecordBatch]:
    if not path.is_file():
        raise BadEvents(f"{path}: {'is a folder' if path.is_dir() else 'there is no such file'}; give a CSV or Parquet file of events")
    try:
        with path.open("rb") as file:
            is_parquet = file.read(4) == b"PAR1"
        if is_parquet:
            source = pq.ParquetFile(path)
            names = _ours(path, source.schema_arrow.names)
            for batch in source.iter_batches(batch_size=1 << 18, columns=list(names)):
                yield batch.rename_columns([names[name] for name in batch.schema.names])
            return
        yield from _csv_batches(path)
    except (pa.ArrowException, UnicodeDecodeError) as error:
        # Arrow's own words may quote a row, so they are not repeated.
        raise BadEvents(f"{path}: cannot be read as CSV or Parquet ({type(error).__name__}); save it as UTF-8 with a header row") from None


def _csv_batches(path: Path) -> Iterator[pa.RecordBatch]:
    with path.open("rb") as file:
        first = file.readline(100_000).decode("utf-8-sig")
    if not first.strip():
        raise BadEvents(f"{path}: is empty; its first line names the columns person_id, at, service")
    delimiter = max(",;\t", key=first.count)
    header = [name.strip().strip('"') for name in first.rstrip("\r\n").split(delimiter)]
    names = _ours(path, header)
    options = {
        "read_options": pyarrow.csv.ReadOptions(block_size=1 << 23),
        "parse_options": pyarrow.csv.ParseOptions(delimiter=delimiter, newlines_in_values=True),
        "convert_options": pyarrow.csv.ConvertOptions(
            column_types=dict.fromkeys(names, pa.string()), include_columns=list(names), strings_can_be_null=True
        ),
    }
    # The reader of streams reads ahead on a thread of its own; when the program ends soon after, that thread can abort it.
    is_small = path.stat().st_size <= _SMALL
    batches = pyarrow.csv.read_csv(path, **options).to_batches() if is_small else pyarrow.csv.open_csv(path, **options)
    for batch in batches:
        yield batch.rename_columns([names[name] for name in batch.schema.names])


def _ours(path: Path, header: list[str]) -> dict[str, str]:
    """Columns of the file that we need, and our names for them."""
    plain = {re.sub(r"\W+", "_", name.strip().lstrip("\ufeff").lower()): name for name in header}
    found: dict[str, str] = {}
    for ours, others in ALSO.items():
        for name in (ours, *others):
            if name in plain and plain[name] not in found:
                found[plain[name]] = ours
                break
    there = set(found.values())
    if not {"person_id", "email"} & there:
        raise BadEvents(f"{path}: has neither a column person_id nor email; add the one by which the register knows the person")
    for ours in ("at", "service"):
        if ours not in there:
            hint = did_you_mean(ours, plain)
            raise BadEvents(f"{path}: has no column {ours!r}{hint or '.'} Events need person_id (or email), at and service.")
    return {name: ours for name, ours in found.items() if ours != "email" or "person_id" not in there}


def _moments(column: Any, zone: str | None, path: Path, row: int, rows: Any, *, empty: int | None = None) -> tuple[Any, Any]:
    """[n] microseconds in UTC, and [n] which of them could not be read. `empty` stands for a missing one, otherwise it counts as unreadable."""
    n = len(column)
    kind = column.type
    if pa.types.is_date(kind):
        column, kind = column.cast(pa.timestamp("us")), pa.timestamp("us")
    if pa.types.is_timestamp(kind):
        if kind.tz is None:
            if zone is None and column.null_count < n:
                raise _naive(path, row + int(rows[0]) + 1)
            column = pc.assume_timezone(column.cast(pa.timestamp("us"), safe=False), zone or "UTC", ambiguous="earliest", nonexistent="earliest")
        read = column.cast(pa.timestamp("us", "UTC"), safe=False)
        is_missing = pc.is_null(read).to_numpy(zero_copy_only=False)
    else:
        text = pc.utf8_trim_whitespace(column.cast(pa.string())).fill_null("")
        is_missing = pc.equal(text, "").to_numpy(zero_copy_only=False)
        is_aware = pc.match_substring_regex(text, _ENDS_WITH_OFFSET).to_numpy(zero_copy_only=False)
        naive = np.flatnonzero(~is_aware & ~is_missing)
        if len(naive) and zone is None:
            looks = pc.match_substring_regex(text.take(pa.array(naive)), r"^\d{4}-\d\d-\d\d").to_numpy(zero_copy_only=False)
            if looks.any():
                raise _naive(path, row + int(rows[naive[int(np.argmax(looks))]]) + 2)
        read = _read_texts(text, zone)
    bad = pc.is_null(read).to_numpy(zero_copy_only=False)
    values = read.cast(pa.int64()).fill_null(0).to_numpy(zero_copy_only=False).copy()
    if empty is not None:
        values[is_missing] = empty
        bad = bad & ~is_missing
    return values, bad


def _naive(path: Path, row: int) -> NoOffset:
    return NoOffset(
        f"{path}, row {row}: the time has no offset from UTC, so it could mean several moments;"
        " write it like 2026-11-14T09:00:00+01:00, or say with --zone where the clock stood (--zone Europe/Paris)"
    )


def _read_texts(text: Any, zone: str | None) -> Any:
    wanted = pa.timestamp("us", "UTC")
    try:
        return text.cast(wanted)
    except pa.ArrowInvalid:
        pass
    # One by one, each spelling once: slower, and only for blocks with something unusual in them.
    spelled = text.dictionary_encode()
    place = ZoneInfo(zone) if zone else None

    def moment(one: str) -> datetime | None:
        try:
            at = datetime.fromisoformat(one)
        except ValueError:
            return None
        return at if at.tzinfo else at.replace(tzinfo=place) if place else None

    return pa.array([moment(one) for one in spelled.dictionary.to_pylist()], wanted).take(spelled.indices)
