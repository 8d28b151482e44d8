"""Unit: one file of the scan read to its end, with everything inside it, as batches of records and gaps.

This runs in the confined child. What a reader raises becomes a gap; only death of the process is left to the parent.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import pyarrow as pa

from amanat.scope.reader import Context, Fields, Hole, Inner, Limits, Reader, Rows, Unreadable, joined
from amanat.scope.record import FIELD, RECORDS
from amanat.scope.source import Budget, Damaged, Source, TooMuch
from amanat.scope.zip_names import names_of

INSIDE = "!/"

# What we know by its first bytes and do not read yet: the gap can then say what it is.
_KNOWN = (
    (b"\x37\x7f\x06\x82", "the journal of an SQLite database", "merge it into its database (PRAGMA wal_checkpoint) and scan that"),
    (b"\x37\x7f\x06\x83", "the journal of an SQLite database", "merge it into its database (PRAGMA wal_checkpoint) and scan that"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an older Office or Outlook file", "save it in a present-day format and scan that"),
    (b"\x7fELF", "a program", "scan it by hand if it may carry data of persons"),
    (b"MZ", "a program", "scan it by hand if it may carry data of persons"),
    (b"PGDMP", "a PostgreSQL dump in its own format", "turn it into text with pg_restore -f and scan that"),
    (b"OggS", "a sound recording", "listen to it or have it transcribed"),
    (b"ID3", "a sound recording", "listen to it or have it transcribed"),
    (b"RIFF", "a recording or picture", "look at it by hand"),
)


@dataclass(frozen=True, slots=True)
class Lot:
    """Records of one path, ready to be sent."""

    path: str
    records: pa.RecordBatch


@dataclass(frozen=True, slots=True)
class Lack:
    """A gap as the child knows it."""

    path: str
    reason: str
    size_bytes: int
    next_step: str


@dataclass(slots=True)
class _Pending:
    """Records of one path that do not yet fill a batch."""

    path: str
    n_bytes: int = 0
    n_sent: int = 0
    parts: list[tuple[str, str, pa.LargeStringArray]] = field(default_factory=list)  # place, labels, texts
    singles: list[tuple[str, str, str]] = field(default_factory=list)

    def add(self, item: Fields | Rows, record_bytes: int) -> None:
        if isinstance(item, Rows):
            self._settle()
            self.parts.append((item.place, item.labels, item.texts))
            self.n_bytes += item.texts.nbytes
            return
        text, labels = joined(item.values), joined(item.labels)
        for piece in [text] if len(text) <= record_bytes else _pieces(text, record_bytes):
            self.singles.append((item.place, labels, piece))
            self.n_bytes += len(piece) + 16

    def _settle(self) -> None:
        begin = 0
        while begin < len(self.singles):
            place, labels, _ = self.singles[begin]
            end = begin + 1
            while end < len(self.singles) and self.singles[end][0] == place and self.singles[end][1] == labels:
                end += 1
            self.parts.append((place, labels, pa.array([s[2] for s in self.singles[begin:end]], pa.large_string())))
            begin = end
        self.singles = []

    def take(self) -> Lot | None:
        self._settle()
        parts = [part for part in self.parts if len(part[2])]
        self.parts, self.n_bytes = [], 0
        if not parts:
            return None
        n = sum(len(texts) for _, _, texts in parts)
        columns = [
            _runs([(place, len(texts)) for place, _, texts in parts]),
            pa.array(range(self.n_sent, self.n_sent + n), pa.int64()) if n < 64 else _count(self.n_sent, n),
            _runs([(labels, len(texts)) for _, labels, texts in parts]),
            parts[0][2] if len(parts) == 1 else pa.concat_arrays([texts for _, _, texts in parts]),
        ]
        self.n_sent += n
        return Lot(self.path, pa.RecordBatch.from_arrays(columns, schema=RECORDS))


def _count(begin: int, n: int) -> pa.Int64Array:
    import numpy as np

    return pa.array(np.arange(begin, begin + n, dtype=np.int64))


def _runs(runs: list[tuple[str, int]]) -> pa.DictionaryArray:
    import numpy as np

    words: dict[str, int] = {}
    codes = [words.setdefault(word, len(words)) for word, _ in runs]
    indices = pa.array(np.repeat(np.array(codes, dtype=np.int32), [n for _, n in runs]))
    return pa.DictionaryArray.from_arrays(indices, pa.array(list(words), pa.string()))


def _pieces(text: str, most: int) -> Iterator[str]:
    """A far too long record in parts that end where a word or field ends, so that no value is cut in two."""
    begin = 0
    while begin < len(text):
        end = min(begin + most, len(text))
        if end < len(text):
            cut = max(text.rfind(mark, begin + most // 2, end) for mark in (FIELD, "\n", " ", ",", ";", "\t"))
            end = cut + 1 if cut > 0 else end
        yield text[begin:end]
        begin = end


def recognise(source: Source, readers: dict[str, Reader]) -> Reader | None:
    """The reader most sure of these bytes; the name decides only between equals. None: nobody knows them.

    Raises:
        TooMuch, Damaged: it would have to be held whole to know, and cannot be.
    """
    best: tuple[float, bool, str] = (0.0, False, "")
    suffix = source.name.lower()
    for name, reader in readers.items():
        belief = reader.looks(source)
        best = max(best, (belief, belief > 0 and suffix.endswith(reader.suffixes), name))
    return readers[best[2]] if best[0] > 0 else None


def read_unit(source: Source, path: str, readers: dict[str, Reader], limits: Limits, passwords: Sequence[str] = ()) -> Iterator[Lot | Lack]:
    """Everything in one file of the scan. Never raises for what the bytes are."""
    budget = Budget(limits.expanded_bytes, limits.entries, limits.ratio, limits.ratio_from_bytes)
    yield from _read(source, path, readers, Context(limits, budget, tuple(passwords)))


def _read(source: Source, path: str, readers: dict[str, Reader], context: Context, reader: Reader | None = None) -> Iterator[Lot | Lack]:
    """`reader` is given where it is known already."""
    limits = context.limits
    pending = _Pending(path)
    names: dict[str, int] = {}
    size = max(source.size, 0)
    try:
        if not source.peek(1):
            source.read(1)  # raises if it is only empty because its first bytes are damaged
            return  # an empty file holds nothing: that is no gap
        if source.depth > limits.depth:
            raise TooMuch(f"It lies more than {limits.depth} archives deep.")
        if reader is None:
            reader = recognise(source, readers)
            if (behind := _zip_behind(source, reader, readers)) is not None:
                yield from _read(behind, f"{path}{INSIDE}(archive behind it)", readers, context, readers["archive"])
        if reader is None:
            raise _unknown(source.peek())
        for item in reader.read(source, context):
            if isinstance(item, Inner):
                below = f"{path}{INSIDE}{_once(visible(item.name) or 'unnamed', names)}"
                yield from _read(item.source, below, readers, context)
            elif isinstance(item, Hole):
                below = f"{path}{INSIDE}{_once(visible(item.name), names)}" if item.name else path
                yield Lack(below, item.reason, item.size_bytes or (0 if item.name else size), item.next_step)
            else:
                pending.add(item, limits.record_bytes)
                if pending.n_bytes >= limits.batch_bytes or len(pending.singles) >= 100_000:
                    yield from _flush(pending)
        yield from _flush(pending)
    except Exception as error:
        yield from _flush(pending)
        yield Lack(path, _so_far(pending) + _reason(error), size, _next_step(error))


_MAY_HIDE = ("pdf", "picture")


def _zip_behind(source: Source, reader: Reader | None, readers: dict[str, Reader]) -> Source | None:
    """The same bytes as a ZIP archive when they are one too: pictures, PDFs and programs that carry an archive at their end."""
    if "archive" not in readers or not (reader is None or reader in [readers.get(name) for name in _MAY_HIDE]):
        return None
    if source.peek(2) == b"PK" or not names_of(source):
        return None
    return Source.of_bytes(source.copied(256 << 20), name=source.name, depth=source.depth + 1)


def _flush(pending: _Pending) -> Iterator[Lot]:
    if lot := pending.take():
        yield lot


def _once(name: str, names: dict[str, int]) -> str:
    """Two members of the same name stay two."""
    names[name] = names.get(name, 0) + 1
    return name if names[name] == 1 else f"{name} ({names[name]})"


def visible(name: str) -> str:
    """A file name on one line: control characters and broken letters are written as escapes.

    >>> visible("guests\\nlist.csv")
    'guests\\\\nlist.csv'
    """
    if name.isprintable():
        return name
    return "".join(c if c.isprintable() else c.encode("unicode_escape", "replace").decode() for c in name)


def _so_far(pending: _Pending) -> str:
    return f"It could be read only up to record {pending.n_sent - 1:,}. " if pending.n_sent else ""


def _reason(error: Exception) -> str:
    match error:
        case Unreadable():
            return error.reason
        case TooMuch() | Damaged():
            return str(error)
        case MemoryError():
            return "Reading it needs more memory than the limit."
        case RecursionError():
            return "It is nested more deeply than can be read."
    # The error's own words may quote the file: its type is enough.
    return f"It is damaged or not what it seems ({type(error).__name__})."


def _next_step(error: Exception) -> str:
    match error:
        case Unreadable():
            return error.next_step
        case TooMuch():
            return "Unpack or split it on a machine kept apart and scan the parts."
        case MemoryError():
            return "Split it and scan the parts."
    return "Look for an undamaged copy, or open it by hand on a machine kept apart."


def _unknown(head: bytes) -> Unreadable:
    if not head.strip(b"\0"):
        return Unreadable("It begins with nothing but zero bytes.", "Look for another copy; this one seems to have been wiped or never written.")
    for magic, what, step in _KNOWN:
        if head.startswith(magic):
            return Unreadable(f"It is {what}, which is not read yet.", step[0].upper() + step[1:] + ".")
    if head[4:8] == b"ftyp":
        return Unreadable("It is a film or a picture, which is not read yet.", "Look at it by hand.")
    return Unreadable("It is in a binary format that is not known.", "Find out which program wrote it and export it as text, or look at it by hand.")
