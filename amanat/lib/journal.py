"""An append-only journal in which every line carries the hash of the one before.

A change, a removal or a swap of lines breaks the chain at a line that can be named. Lines cut off at the end
leave a chain that is whole in itself: only a head (the last hash) kept elsewhere shows that. The lines hold
ids and kinds, never a person's value.
"""

import fcntl
import hashlib
import json
import os
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from datetime import datetime, timezone
from pathlib import Path
from typing import Any, BinaryIO

from amanat.lib.errors import Fixable

FIRST = "0" * 64


class NotAJournal(Fixable):
    """The file is missing, or is not a journal at all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One act: who did what to which thing, and why."""

    seq: int
    at: str  # ISO 8601 in UTC
    who: str
    act: str  # dotted, past tense: "notice.approved"
    what: dict[str, Any] = field(default_factory=dict)  # ids, counts, hashes
    why: str = ""
    prev: str
    hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What reading a journal from its first line to its last showed."""

    is_whole: bool
    n_entries: int
    head: str
    problem: str  # empty when whole
    is_head_checked: bool  # without a head from elsewhere, cut-off lines cannot be seen


def link(*, seq: int, at: datetime, who: str, act: str, what: dict[str, Any], why: str, prev: str) -> Entry:
    """The next entry of a chain whose last hash is `prev`."""
    moment = at.astimezone(timezone.utc).isoformat(timespec="microseconds")
    body: dict[str, Any] = {"seq": seq, "at": moment, "who": who, "act": act, "what": what, "why": why, "prev": prev}
    return Entry(**body, hash=hash_of(body))


def hash_of(body: dict[str, Any]) -> str:
    """SHA-256 of an entry without its own hash, in one spelling: sorted keys, no blanks, UTF-8."""
    text = json.dumps({k: v for k, v in body.items() if k != "hash"}, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def as_line(entry: Entry) -> str:
    """The entry as it stands in `journal.jsonl`, without the line's end."""
    return json.dumps(asdict(entry), separators=(",", ":"), ensure_ascii=False)


def verify_entries(bodies: Iterable[dict[str, Any]], *, head: str | None = None) -> Verdict:
    """Walks a chain of entries, given as dicts, and says where it breaks first."""
    prev, seen = FIRST, 0
    for body in bodies:
        problem = _problem(body, seq=seen + 1, prev=prev)
        if problem:
            return Verdict(is_whole=False, n_entries=seen, head=prev, problem=problem, is_head_checked=head is not None)
        prev, seen = body["hash"], seen + 1
    problem = ""
    if head is not None and head != prev:
        problem = (
            f"the last hash is not the head that was kept elsewhere: entries after number {seen} were cut off, or the head is of another journal"
        )
    return Verdict(is_whole=not problem, n_entries=seen, head=prev, problem=problem, is_head_checked=head is not None)


def verify_file(path: Path, *, head: str | None = None) -> Verdict:
    """The same for a `journal.jsonl`."""
    return verify_entries(_bodies(path), head=head)


def _problem(body: dict[str, Any], *, seq: int, prev: str) -> str:
    if "unreadable" in body:
        return f"line {seq} is not a journal entry: it was changed or cut"
    if body.get("seq") != seq:
        return f"entry {seq} is not where it belongs (found number {body.get('seq')}): an entry was removed, added or moved"
    if body.get("prev") != prev:
        return f"entry {seq} does not follow the one before it: an entry was removed, replaced or moved"
    if body.get("hash") != hash_of(body):
        return f"entry {seq} was changed after it was written"
    return ""


def _bodies(path: Path) -> Iterator[dict[str, Any]]:
    try:
        file = path.open(encoding="utf-8", errors="surrogateescape", newline="\n")
    except OSError as error:
        raise NotAJournal(f"{path}: cannot be opened ({error.strerror}); give the path of a journal.jsonl") from None
    with file:
        for line in file:
            try:
                body = json.loads(line)
            except ValueError:
                body = None
            yield body if isinstance(body, dict) else {"unreadable": True}


class Journal:
    """A `journal.jsonl` that is being written; each line reaches the disk before `write` returns.

    Several processes may write the same one: each adds its line to what the others wrote, one after the other.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._seq, self._prev, self._size_bytes = 0, FIRST, 0
        if path.exists():
            with path.open("r+b") as file:
                fcntl.flock(file, fcntl.LOCK_EX)
                self._catch_up(file)

    @property
    def head(self) -> str:
        """The last hash; keep it elsewhere, and truncation can be seen too."""
        return self._prev

    def write(self, *, who: str, act: str, at: datetime, what: dict[str, Any] | None = None, why: str = "") -> Entry:
        """Adds one entry."""
        with self.path.open("a+b") as file:
            fcntl.flock(file, fcntl.LOCK_EX)  # closing gives it free
            if os.fstat(file.fileno()).st_size != self._size_bytes:
                self._catch_up(file)  # another process wrote meanwhile
            entry = link(seq=self._seq + 1, at=at, who=who, act=act, what=what or {}, why=why, prev=self._prev)
            file.write((as_line(entry) + "\n").encode())
            file.flush()
            os.fsync(file.fileno())
            self._seq, self._prev, self._size_bytes = entry.seq, entry.hash, os.fstat(file.fileno()).st_size
        return entry

    def _catch_up(self, file: BinaryIO) -> None:
        """Walks the chain as it stands on the disk, and goes on from its last entry."""
        file.seek(0)
        text = file.read()
        if text and not text.endswith(b"\n"):
            # A crash in the middle of a write leaves half a line without its end; that entry was never acknowledged.
            file.truncate(text.rfind(b"\n") + 1)
        verdict = verify_file(self.path)
        if not verdict.is_whole:
            raise NotAJournal(f"{self.path}: {verdict.problem}; it is not continued. Keep it as evidence and start in another folder")
        self._seq, self._prev, self._size_bytes = verdict.n_entries, verdict.head, os.fstat(file.fileno()).st_size
