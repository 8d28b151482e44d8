"""Verification codes: every message carries one, and anyone can ask the company whether it is true.

A code is 60 bits in Crockford's base 32 and a check symbol, in groups: `KV7M-2Q9T-X4C8-R`. It is derived from the case's key
and the sending's id, so it need not be stored; the case keeps a keyed hash of it with the notice it stands for, and nothing
that leads to the person. The check symbol finds every single wrong symbol and every swap of two.

Source: Douglas Crockford, Base 32, https://www.crockford.com/base32.html (alphabet and tolerant reading; the check symbol is
our own: a weighted sum over the field of 32 elements needs no symbols outside the alphabet, which people must read out on the phone).
"""

import hashlib
import hmac
import json
import os
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from amanat.lib.errors import Fixable
from amanat.lib.parquet import read_parquet
from amanat.notify.codes import ALPHABET as ALPHABET
from amanat.notify.codes import code_for as code_for
from amanat.notify.codes import hash_of_code as hash_of_code
from amanat.notify.codes import hashes_of_codes as hashes_of_codes
from amanat.notify.codes import read_code as read_code
from amanat.notify.codes import spell as spell
from amanat.terms.notice import Notice

CODES = pa.schema([("code_hash", pa.binary(16)), ("notice_id", pa.string()), ("channel", pa.string())])

# How a message may have come to somebody, and the channels of ours that come that way. A code of ours on any other was copied there.
CAME_BY: dict[str, tuple[str, ...]] = {
    "email": ("email",),
    "sms": ("sms", "sms_http", "smpp"),  # what carried it stands in records of before
    "letter": ("letter",),
    "call": (),
    "site": ("portal",),
    "social": (),
}


class NoCodes(Fixable):
    """The folder holds no codes."""


class UnknownNotice(Fixable):
    """A notice that the case does not know."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What we say about a code: whether it stands in a message of ours. It tells nothing about the person."""

    state: Literal["true", "unknown", "withdrawn", "other_channel"]
    title: str = ""  # of the notice
    language: str = ""
    sent_on: str = ""  # ISO 8601 day on which sending of this notice began
    company: str = ""
    is_mistyped: bool = False  # unknown, and the check symbol does not fit: read it again


def is_ours_on(channel: str, came_by: str) -> bool:
    """Whether a message on this channel of ours can have come that way; true where nobody said how, or in some other way.

    >>> is_ours_on("letter", "letter"), is_ours_on("letter", "sms"), is_ours_on("letter", ""), is_ours_on("sms", "sms")
    (True, False, True, True)
    """
    return came_by not in CAME_BY or channel in CAME_BY[came_by]


# ---- the case's store ----


def write_codes(path: Path, key: bytes, sendings: Iterable[pa.Table]) -> None:
    """Writes the hash of every sending's code, beside those that are there already. The file appears whole or not at all."""
    tables = [table for table in sendings if table.num_rows]
    ids = [table["sending_id"].to_pylist() for table in tables]
    digest = hashlib.sha256("".join(i for some in ids for i in some).encode()).hexdigest().encode()
    before = _with_channels(read_parquet(path)) if path.exists() else CODES.empty_table()
    if (before.schema.metadata or {}).get(b"sendings") == digest:
        return  # a run that continues an earlier one
    fresh = list(hashes_of_codes(key, (i for some in ids for i in some)))
    known = before["code_hash"].to_pylist()
    raw = np.frombuffer(b"".join([*known, *fresh]), np.uint8).reshape(-1, 16)
    columns = [pa.chunked_array([*before[n].chunks, *[c for t in tables for c in t[n].chunks]], pa.string()) for n in ("notice_id", "channel")]
    high, low = raw.view(">u8").T if len(raw) else (np.array([]), np.array([]))
    order = np.lexsort((low, high))
    if len(order):
        first = np.ones(len(order), bool)
        first[1:] = (high[order][1:] != high[order][:-1]) | (low[order][1:] != low[order][:-1])
        order = order[first]
    hashes = pa.FixedSizeBinaryArray.from_buffers(pa.binary(16), len(order), [None, pa.py_buffer(raw[order].tobytes())])
    beside = path.with_suffix(".parquet.part")
    kept = [column.take(pa.array(order)) for column in columns]
    pq.write_table(pa.table([hashes, *kept], schema=CODES).replace_schema_metadata({b"sendings": digest}), beside)
    os.replace(beside, path)


def _with_channels(codes: pa.Table) -> pa.Table:
    """Cases of before noted no channels: then none is said to be the wrong one."""
    return codes if "channel" in codes.column_names else codes.append_column("channel", pa.nulls(codes.num_rows, pa.string()))


def verify(code: str, case: Path, *, came_by: str = "") -> Answer:
    """Whether the code stands in a message of this case: true, unknown, withdrawn, or never used on the channel by which it came.

    The same work is done for each.

    Args:
        came_by: one of CAME_BY, where somebody said how the message came.
    """
    from amanat.notify.case import company_of, key_of, notices_of

    path = case / "codes.parquet"
    if not path.exists():
        raise NoCodes(f"{case}: holds no codes.parquet; give the folder that `amanat run --out` wrote, after sending began")
    number = read_code(code)
    # An impossible code is looked up all the same, so that time tells nothing.
    notice_id, channel = _look_up(_with_channels(read_parquet(path)), hash_of_code(key_of(case), number if number is not None else 1 << 63))
    published = {entry["notice_id"]: entry for entry in _published(case)}
    entry = published.get(notice_id or "", {})
    company, titles = company_of(case).name, {n.id: n for n in notices_of(case)}
    if number is None or notice_id is None or not entry:
        return Answer(state="unknown", company=company, is_mistyped=number is None)
    notice = titles.get(notice_id)
    if channel and not is_ours_on(channel, came_by):
        return Answer(state="other_channel", company=company)
    return Answer(
        state="withdrawn" if entry.get("withdrawn_at") else "true",
        title=notice.title if notice else "",
        language=notice.language if notice else "",
        sent_on=entry["sent_on"],
        company=company,
    )


def publish(case: Path, notices: Iterable[Notice], *, now: datetime) -> None:
    """Notes that sending of these notices begins today; codes of them are true from now on."""
    entries = {entry["notice_id"]: entry for entry in _published(case)}
    for notice in notices:
        entries.setdefault(notice.id, {"notice_id": notice.id, "sent_on": now.astimezone(timezone.utc).date().isoformat()})
    _write_published(case, list(entries.values()))


def withdraw(case: Path, notice_id: str, *, why: str, now: datetime) -> None:
    """From now on every code of this notice is answered with "withdrawn"."""
    entries = _published(case)
    found = [entry for entry in entries if entry["notice_id"] == notice_id]
    if not found:
        known = ", ".join(entry["notice_id"] for entry in entries) or "none"
        raise UnknownNotice(f"{case}: no notice {notice_id!r} was sent; sent were: {known}")
    found[0] |= {"withdrawn_at": now.astimezone(timezone.utc).isoformat(timespec="seconds"), "why": why}
    _write_published(case, entries)


def _look_up(codes: pa.Table, wanted: bytes) -> tuple[str | None, str | None]:
    """The notice and channel of a stored code."""
    hashes = codes["code_hash"].combine_chunks()
    stored = np.frombuffer(hashes.buffers()[1], dtype="S16", count=len(hashes)) if len(hashes) else np.array([], "S16")
    row = int(np.searchsorted(stored, np.frombuffer(wanted, "S16")[0])) if len(hashes) else 0
    if row < len(hashes) and hmac.compare_digest(hashes[row].as_py(), wanted):
        return str(codes["notice_id"][row].as_py()), codes["channel"][row].as_py()
    return None, None


def _published(case: Path) -> list[dict[str, Any]]:
    path = case / "published.json"
    found: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else []
    return found


def _write_published(case: Path, entries: list[dict[str, Any]]) -> None:
    beside = case / "published.json.part"
    beside.write_text(json.dumps(entries, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    os.replace(beside, case / "published.json")
