"""SQLite databases: a row of a table is a record. Read through our own file system of one file, so that its size does not matter.

Views, triggers and virtual tables are not run; what they show stands in the tables. A value that is a document is a file of its own.
"""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, BinaryIO

import apsw

from amanat.scope.columns import as_text
from amanat.scope.reader import Context, Fields, Hole, Inner, Read, Reader, Unreadable
from amanat.scope.source import Source

_MAGIC = b"SQLite format 3\0"
_DAMAGE = (apsw.NotADBError, apsw.CorruptError, apsw.IOError, UnicodeDecodeError, apsw.TooBigError)
_DOCUMENTS = (b"PK\x03\x04", b"%PDF-", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"\x1f\x8b\x08")
_files: dict[str, BinaryIO] = {}  # databases that are open, by the name under which SQLite knows them


class _OneFile(apsw.VFS):
    """A file system for SQLite that has the files handed to it and nothing else; nothing can be written."""

    def __init__(self) -> None:
        super().__init__("amanat", base="")

    def xFullPathname(self, name: str) -> str:
        return name

    def xAccess(self, pathname: str, flags: int) -> bool:
        return False  # no journal, no write-ahead log

    def xOpen(self, name: Any, flags: list[int]) -> Any:
        key = name.filename() if isinstance(name, apsw.URIFilename) else name
        if key not in _files:
            raise apsw.CantOpenError("there are no other files")
        flags[1] = apsw.SQLITE_OPEN_READONLY
        return _Opened(_files[key])


class _Opened:
    """One open file, as SQLite asks for it."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def xRead(self, amount: int, offset: int) -> bytes:
        self._file.seek(offset)
        return self._file.read(amount)

    def xFileSize(self) -> int:
        return self._file.seek(0, 2)

    def xLock(self, level: int) -> None:
        return

    def xUnlock(self, level: int) -> None:
        return

    def xCheckReservedLock(self) -> bool:
        return False

    def xFileControl(self, op: int, pointer: int) -> bool:
        return False

    def xSectorSize(self) -> int:
        return 4096

    def xDeviceCharacteristics(self) -> int:
        return int(apsw.SQLITE_IOCAP_IMMUTABLE)

    def xClose(self) -> None:
        return


_system = _OneFile()


def looks(source: Source) -> float:
    return 0.95 if source.peek(16) == _MAGIC else 0.0


def read(source: Source, context: Context) -> Iterator[Read]:
    name = f"/{id(source)}"
    _files[name] = source.seekable(context.limits.held_bytes)
    try:
        database = _open(name)
        try:
            yield from _tables(database, source.depth, context)
        finally:
            database.close(True)
    finally:
        del _files[name]


def _open(name: str) -> apsw.Connection:
    database = apsw.Connection(f"file:{name}?immutable=1", flags=apsw.SQLITE_OPEN_READONLY | apsw.SQLITE_OPEN_URI, vfs="amanat")
    for setting, value in (
        (apsw.SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0),
        (apsw.SQLITE_DBCONFIG_ENABLE_TRIGGER, 0),
        (apsw.SQLITE_DBCONFIG_ENABLE_VIEW, 0),
        (apsw.SQLITE_DBCONFIG_DEFENSIVE, 1),
    ):
        database.config(setting, value)
    database.limit(apsw.SQLITE_LIMIT_LENGTH, 64 << 20)
    for pragma in ("temp_store=memory", "mmap_size=0", "cache_size=-16384", "cell_size_check=on"):
        database.execute(f"PRAGMA {pragma}")
    return database


def _tables(database: apsw.Connection, depth: int, context: Context) -> Iterator[Read]:
    try:
        tables = [
            name
            for (name,) in database.execute(
                "SELECT name FROM sqlite_schema WHERE type = 'table' AND rootpage > 0 AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"
            )
        ]
    except apsw.Error as error:
        raise Unreadable(
            "The list of its tables is damaged.", "Try to repair it (sqlite3 FILE .recover) and scan the result, or find a whole copy."
        ) from error
    for table in tables:
        yield from _table(database, table, depth, context)


@dataclass(slots=True)
class _Counts:
    """What one table had."""

    n_rows: int = 0
    n_binary: int = 0
    binary_bytes: int = 0


def _table(database: apsw.Connection, table: str, depth: int, context: Context) -> Iterator[Read]:
    every = 'SELECT * FROM "' + table.replace('"', '""') + '"'  # noqa: S608 a name, quoted
    counts = _Counts()
    try:
        yield from _rows(database, every, table, counts, depth, context)
    except _DAMAGE:
        n_first = counts.n_rows
        with suppress(apsw.Error, *_DAMAGE):  # from its end back to the damage; a table without row numbers has no such end
            yield from _rows(database, every + " ORDER BY rowid DESC", table, counts, depth, context)
        n_last = counts.n_rows - n_first
        yield Hole(
            f"A part of the table is damaged: its first {n_first:,} rows and its last {n_last:,} were read."
            if n_last
            else f"The table is damaged and could be read only up to row {n_first:,}.",
            "Try to repair it (sqlite3 FILE .recover) and scan the result, or find a whole copy.",
            f"table {table}",
        )
    except (apsw.Error, ValueError):
        yield Hole("The table could not be read.", "Export it as CSV and scan that.", f"table {table}")
    if counts.n_binary:
        yield Hole(
            f"{counts.n_binary:,} of its values are pictures or of a binary format that is not known.",
            "Look at some of them by hand: scans of passports, cards and forms name persons.",
            f"table {table}",
            counts.binary_bytes,
        )


def _rows(database: apsw.Connection, query: str, table: str, counts: _Counts, depth: int, context: Context) -> Iterator[Read]:
    rows = database.execute(query)
    labels: list[str] = []
    for row in rows:
        labels = labels or [column[0] for column in rows.get_description()]
        values = []
        for label, value in zip(labels, row, strict=True):
            if isinstance(value, bytes) and len(value) >= 512:
                if value.startswith(_DOCUMENTS):
                    context.budget.entry()
                    inside = f"{table}/{counts.n_rows}/{label}"
                    yield Inner(inside, Source.of_bytes(value, name=inside, depth=depth + 1))
                    value = ""
                elif b"\0" in value[:512]:
                    counts.n_binary, counts.binary_bytes = counts.n_binary + 1, counts.binary_bytes + len(value)
                    value = ""
            values.append(as_text(value))
        counts.n_rows += 1
        yield Fields(values, labels, f"table {table}")


def made(script: str) -> bytes:
    """A small database for examples, from the SQL that makes it."""
    database = apsw.Connection(":memory:")
    database.execute(script)
    return database.serialize("main") or b""


def examples() -> Sequence[bytes]:
    return (made("CREATE TABLE guests (name TEXT, born TEXT); INSERT INTO guests VALUES ('Sara', '1980-02-01'), ('Omid', NULL)"),)


def not_examples() -> Sequence[bytes]:
    return (b"SQLite format 3 is described here\n",)


READER = Reader(
    says="SQLite database",
    looks=looks,
    read=read,
    suffixes=(".db", ".sqlite", ".sqlite3", ".db3"),
    source="https://www.sqlite.org/fileformat2.html",
    examples=examples,
    not_examples=not_examples,
)
