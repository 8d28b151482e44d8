"""The register, read where it lies: which of its columns hold what, and its rows, named as in COLUMNS.

A register is a file (CSV, Parquet, JSON lines), or several files, tables and queries that a `register.toml` lists. Its columns are
found by `register.toml`, else by their names, else by what they hold.
"""

import re
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any, Literal

import pyarrow as pa
import pyarrow.compute as pc

from amanat.lib.errors import Fixable, did_you_mean
from amanat.lib.shape import build, read_toml
from amanat.scope.column_names import Headers
from amanat.scope.fold import fold_text
from amanat.scope.identifier import identifiers
from amanat.scope.register_database import address_of, database_blocks, query_of
from amanat.scope.register_files import file_blocks, sniffed
from amanat.scope.vocabulary import words_of
from amanat.terms.places import is_place
from amanat.terms.register import COLUMNS

SAMPLE = 1000  # rows that are looked at when the names of columns say nothing
LIST = "register.toml"
_LIKE_A_VALUE = re.compile(r"\S@\S+\.\w|(?:\d[ ().+-]*){7}|\d{4}-\d\d-\d\d")  # in the place of a column's name: there is no header
_MANY = frozenset({"email", "phone", "former_name", "former_email", "former_phone", "former_address"})  # several columns may hold one of these
HISTORY = frozenset({"valid_from", "valid_until"})
_FIELD_OF = {
    "email": "email",
    "phone": "phone",
    "iban": "iban",
    "card": "card",
    "birth_date": "birth_date",
    "person_name": "name",
    "given_name": "given_name",
    "family_name": "family_name",
    "postal_address": "address",
    "loyalty_number": "loyalty_id",
    "person_number": "person_id",
}


class NoRegister(Fixable):
    """The register is not there or is no table that we can read."""


class NoUsableColumn(Fixable):
    """The register does not say who a person is, or how they could be recognised."""


class SamePerson(Fixable):
    """Two rows of the register have the same person_id."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PartMap:
    """One of several registers, as `register.toml` lists it."""

    file: str = ""  # beside register.toml; or a table or query of a database:
    table: str | None = None
    query: str | None = None
    connection_file: str | None = None  # holds the address of the database, readable by its owner only; without it AMANAT_REGISTER_URL
    ids: Literal["own", "shared"] = "own"  # shared: the person_ids are those of the parts before
    name: str = ""  # stands before ids of its own: `crm` makes `crm:17`
    columns: dict[str, list[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterMap:
    """`register.toml`: which columns of the register hold what, or of which parts the register consists."""

    columns: dict[str, list[str]] = field(default_factory=dict)
    register: list[PartMap] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One table of a register: its columns by what they hold."""

    where: str  # for sentences
    columns: Mapping[str, Sequence[str]]  # name in COLUMNS -> names in the file
    is_confirmed: bool  # by a register.toml, not guessed
    unused: Sequence[str] = ()  # columns that hold nothing we know
    names: Sequence[str] = ()  # all of its columns, in its own order
    path: Path | None = None
    delimiter: str = ","
    encoding: str = "utf-8"
    url: str = field(default="", repr=False)
    query: str = ""
    table: PartMap = field(default_factory=PartMap)

    @property
    def prefix(self) -> str:
        """What stands before its person_ids."""
        return f"{self.table.name}:" if self.table.name and self.table.ids == "own" else ""

    @property
    def has_history(self) -> bool:
        """Whether a person may have several rows, of which some hold no longer."""
        return bool(HISTORY & set(self.columns))

    def blocks(self, skipped: list[int] | None = None) -> Iterator[pa.RecordBatch]:
        """The rows, block by block, all columns as strings and named as in COLUMNS; `skipped` collects rows of another length."""
        with closing(_source_blocks(self, skipped)) as blocks:
            for block in blocks:
                yield self._named(block)

    def _named(self, block: pa.RecordBatch) -> pa.RecordBatch:
        arrays, names = [], []
        for name, sources in self.columns.items():
            parts = [_as_text(block.column(source)) for source in sources]
            whole = parts[0] if len(parts) == 1 else pc.binary_join_element_wise(*parts, ";", null_handling="skip")
            if name == "person_id" and self.prefix:
                whole = pc.binary_join_element_wise(self.prefix, whole, "")
            arrays.append(whole)
            names.append(name)
        return pa.RecordBatch.from_arrays(arrays, names=names)


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterFile:
    """A register that can be read: one table or several."""

    path: Path
    parts: tuple[Part, ...]

    @property
    def columns(self) -> Mapping[str, Sequence[str]]:
        """The columns of all parts."""
        return {name: [source for part in self.parts for source in part.columns.get(name, ())] for name in COLUMNS if self._has(name)}

    def _has(self, name: str) -> bool:
        return any(name in part.columns for part in self.parts)

    @property
    def is_confirmed(self) -> bool:
        """Whether somebody has settled all columns."""
        return all(part.is_confirmed for part in self.parts)

    @property
    def size_bytes(self) -> int:
        """Of its files; databases do not say."""
        return sum(part.path.stat().st_size for part in self.parts if part.path)

    def blocks(self, skipped: list[int] | None = None) -> Iterator[pa.RecordBatch]:
        """One row for each person, block by block, with the columns of all parts: what holds today, of the part that has the person first."""
        names = list(self.columns)
        for part in self.parts:
            if part.table.ids == "shared":
                continue
            for block in part.blocks(skipped):
                if "valid_until" in part.columns:
                    ended = pc.fill_null(block.column("valid_until"), "")
                    block = block.filter(pc.equal(pc.utf8_trim_whitespace(ended), ""))
                columns = [block.column(n) if n in part.columns else pa.nulls(block.num_rows, pa.string()) for n in names]
                yield pa.RecordBatch.from_arrays(columns, names=names)


def open_register(path: Path, *, by_content: bool = True, is_checked: bool = True) -> RegisterFile:
    """The register with its columns found: by `register.toml` beside it, else by their names, else by what they hold.

    `path` may be a `register.toml` itself that lists several files, tables and queries. Without `by_content` nothing is scanned, and columns
    whose names say nothing stay unused. Unless `is_checked`, a guess may lack what is needed: somebody is about to correct it.

    Raises:
        NoRegister: no such file, or not a table.
        NoUsableColumn: no person_id, or nothing to recognise a person by.
        NoDatabase: a part is in a database that cannot be asked.
    """
    if not path.is_file():
        raise NoRegister(f"{path}: there is no such register; name a CSV, Parquet or JSON lines file, a {LIST}, or leave --register out")
    beside = path if path.suffix == ".toml" else path.with_name(LIST)
    given = build(RegisterMap, read_toml(beside), where=beside) if beside.is_file() else None
    if given is not None and (path == beside or any(part.file == path.name for part in given.register)):
        if not given.register or given.columns:
            raise NoRegister(f"{beside}: lists no [[register]], each with a file, table or query; name the file itself if there is only one")
        parts = tuple(_open_part(beside, number, part, by_content, is_checked) for number, part in enumerate(given.register, start=1))
        _check_parts(beside, parts)
        return RegisterFile(path=beside, parts=parts)
    delimiter, encoding = sniffed(path)
    columns = given.columns if given is not None else None
    part = Part(where=str(path), columns={}, is_confirmed=False, path=path, delimiter=delimiter, encoding=encoding)
    return RegisterFile(path=path, parts=(_opened(part, columns, by_content, is_checked),))


def settled(register: RegisterFile, holds: Sequence[Mapping[str, str]]) -> RegisterFile:
    """The register as a person confirmed it.

    Args:
        holds: for each part what its columns hold, a name of COLUMNS or nothing; columns that are left out stay as they are.

    Raises:
        NoUsableColumn: there is no such column, one thing stands in two columns, or nobody could be recognised by what is left.
    """
    return replace(register, parts=tuple(_settled(part, given) for part, given in zip(register.parts, holds, strict=True)))


def _settled(part: Part, given: Mapping[str, str]) -> Part:
    for source, name in given.items():
        if source not in part.names:
            raise NoUsableColumn(f"{part.where}: the register has no column {source!r}{did_you_mean(source, part.names)}")
        if name and name not in COLUMNS:
            raise NoUsableColumn(f"{part.where}: there is no column {name!r}{did_you_mean(name, COLUMNS) or '.'} It takes {', '.join(COLUMNS)}.")
    now = {source: name for name, sources in part.columns.items() for source in sources} | dict(given)
    columns: dict[str, list[str]] = {}
    for source in part.names:
        if name := now.get(source, ""):
            columns.setdefault(name, []).append(source)
    if twice := next((name for name, sources in columns.items() if len(sources) > 1 and name not in _MANY), None):
        both = " and ".join(map(repr, columns[twice][:2]))
        raise NoUsableColumn(f"{part.where}: {both} cannot both hold {twice} ({COLUMNS[twice].says}); keep one of them")
    columns = {name: columns[name] for name in COLUMNS if name in columns}
    _check_usable(part, columns, part.names)
    return replace(part, columns=columns, is_confirmed=True, unused=[source for source in part.names if not now.get(source)])


def _open_part(beside: Path, number: int, given: PartMap, by_content: bool, is_checked: bool) -> Part:
    if not given.file:
        where = f"{beside}, [[register]] {number}"
        url = address_of(where, beside.parent / given.connection_file if given.connection_file else None)
        part = Part(where=where, columns={}, is_confirmed=False, url=url, query=query_of(where, given.table, given.query), table=given)
        return _opened(part, given.columns or None, by_content, is_checked)
    path = beside.parent / given.file
    if not path.is_file():
        raise NoRegister(f"{beside}: there is no file {given.file!r} beside it")
    delimiter, encoding = sniffed(path)
    part = Part(where=str(path), columns={}, is_confirmed=False, path=path, delimiter=delimiter, encoding=encoding, table=given)
    return _opened(part, given.columns or None, by_content, is_checked)


def _opened(part: Part, confirmed: Mapping[str, Sequence[str]] | None, by_content: bool, is_checked: bool) -> Part:
    """The part with its columns."""
    try:
        with closing(_source_blocks(part, None)) as blocks:
            first = next(blocks, None)
    except (pa.ArrowInvalid, OSError, UnicodeError) as error:
        raise NoRegister(f"{part.where}: cannot be read as a table ({type(error).__name__}); save it as CSV in UTF-8, or as Parquet") from None
    if first is None or first.num_columns == 0 or first.num_rows == 0:
        raise NoRegister(f"{part.where}: holds no person; its first line must name the columns, and a row for each person must follow")
    names = first.schema.names
    if confirmed is None and any(_LIKE_A_VALUE.search(name) for name in names):
        # Read as names, the first person would be lost, and stand in the next sentence.
        raise NoUsableColumn(f"{part.where}: its first line looks like a person's row; write a line with the names of the columns above it")
    columns = _guess(first, by_content) if confirmed is None else _confirmed(part.where, confirmed, names)
    if is_checked or confirmed is not None:
        _check_usable(part, columns, names)
    used = {source for sources in columns.values() for source in sources}
    for source in used:
        if not _is_plain(first.schema.field(source).type):
            raise NoUsableColumn(
                f"{part.where}: a cell of the column {source!r} holds several values with names; export each into a column of its own"
            )
    return replace(part, columns=columns, is_confirmed=confirmed is not None, unused=[name for name in names if name not in used], names=names)


def _source_blocks(part: Part, skipped: list[int] | None) -> Generator[pa.RecordBatch, None, None]:
    if part.path is None:
        return database_blocks(part.where, part.url, part.query)
    return file_blocks(part.path, part.delimiter, part.encoding, skipped)


def _check_parts(beside: Path, parts: Sequence[Part]) -> None:
    if parts[0].table.ids == "shared":
        raise NoRegister(f'{beside}: the first [[register]] cannot have ids = "shared"; put the one that lists each person first')
    names = [part.table.name for part in parts if part.table.ids == "own"]
    if len(set(names)) < len(names):
        raise NoRegister(
            f'{beside}: say how the persons of several registers are told apart: ids = "shared" where the numbers are those of the register'
            ' before, else name = "…", which will stand before the numbers'
        )


def described(register: RegisterFile) -> list[dict[str, Any]]:
    """Each part with its columns, in words and without a value."""
    return [
        {
            "where": part.where,
            "confirmed": part.is_confirmed,
            "columns": [{"name": name, "sources": list(sources), "says": COLUMNS[name].says} for name, sources in part.columns.items()],
            "unused": list(part.unused),
            "names": list(part.names),
        }
        for part in register.parts
    ]


def map_as_toml(register: RegisterFile) -> str:
    """The guess as a register.toml that a person can correct and put beside the register. It holds no address of a database."""
    lines = [
        "# Which columns of the register hold what, as amanat read them."
        if register.is_confirmed
        else "# Which columns of the register hold what, as amanat guessed.",
        "# To settle it, correct this file and put it beside the register.",
    ]
    is_list = register.path.suffix == ".toml"
    for part in register.parts:
        if is_list:
            lines += ["", "[[register]]"]
            given = {"file": part.table.file, "table": part.table.table, "query": part.table.query, "connection_file": part.table.connection_file}
            lines += [f"{name} = {_quoted(text)}" for name, text in {**given, "ids": part.table.ids, "name": part.table.name}.items() if text]
        lines += ["", "[register.columns]" if is_list else "[columns]"]
        for name, sources in part.columns.items():
            lines.append(f"{name} = [{', '.join(map(_quoted, sources))}]  # {COLUMNS[name].says}")
        if part.unused:
            lines.append(f"# not used: {', '.join(map(_quoted, part.unused))}")
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    escaped = "".join(c if c.isprintable() and c not in '\\"' else f"\\u{ord(c):04x}" if ord(c) < 0x10000 else f"\\U{ord(c):08x}" for c in text)
    return f'"{escaped}"'


def _check_usable(part: Part, columns: Mapping[str, Sequence[str]], names: Sequence[str]) -> None:
    there = ", ".join(repr(name) for name in names[:20])
    how = f'Write which column holds what into a {LIST} beside it ([columns] person_id = ["…"]).'
    if "person_id" not in columns:
        raise NoUsableColumn(f"{part.where}: no column holds the number of the person (person_id); its columns are {there}. {how}")
    if part.table.ids == "shared":
        return  # it only says more of persons whom another part makes known
    has_name = "name" in columns or {"given_name", "family_name"} <= set(columns)
    if not (
        {"email", "phone", "national_id", "iban", "card", "loyalty_id"} & set(columns) or (has_name and {"address", "birth_date"} & set(columns))
    ):
        raise NoUsableColumn(
            f"{part.where}: no column by which a person could be recognised (e-mail, phone, name with address, national_id);"
            f" its columns are {there}. {how}"
        )


def _confirmed(where: str, given: Mapping[str, Sequence[str]], names: Sequence[str]) -> dict[str, list[str]]:
    for name, sources in given.items():
        if name not in COLUMNS:
            raise NoUsableColumn(f"{where}: there is no column {name!r}{did_you_mean(name, COLUMNS) or '.'} It takes {', '.join(COLUMNS)}.")
        for source in sources:
            if source not in names:
                raise NoUsableColumn(f"{where}: the register has no column {source!r}{did_you_mean(source, names)}")
    return {name: list(sources) for name, sources in given.items() if sources}


def _folded(name: str) -> str:
    return "_".join(words_of(name))


def _guess(first: pa.RecordBatch, by_content: bool) -> dict[str, list[str]]:
    known: dict[str, str] = {}
    for column in COLUMNS.values():
        known[_folded(column.name)] = column.name
    for column in COLUMNS.values():
        for other in column.also:
            known.setdefault(_folded(other), column.name)
    found: dict[str, list[str]] = {}
    left = []
    for source in first.schema.names:
        name = known.get(_folded(source)) or known.get(re.sub(r"_?\d+$", "", _folded(source)))
        if name and (name not in found or name in _MANY):
            found.setdefault(name, []).append(source)
        else:
            left.append(source)
    members = identifiers()
    headers, names = Headers(members), list(members)
    for source in list(left):
        fields = {_field_of(names[i]) for i in headers.of(source)} - {None}
        if len(fields) == 1 and ((name := fields.pop()) not in found or name in _MANY):
            found.setdefault(str(name), []).append(source)
            left.remove(source)
    for source in (source for source in left if by_content and _is_plain(first.schema.field(source).type)):
        name = _by_content(first.column(source).slice(0, SAMPLE))
        if name and name not in found:
            found[name] = [source]
    return {name: found[name] for name in COLUMNS if name in found}


def _field_of(identifier: str) -> str | None:
    member = identifiers()[identifier]
    return _FIELD_OF.get(identifier) or ("national_id" if member.field == "national_id" else None)


def _by_content(cells: pa.Array) -> str | None:
    from amanat.scope.scan import Scanner, best_of, records_of

    texts = [t for t in _as_text(cells).to_pylist() if t]
    if len(texts) < 3:
        return None
    scanner = Scanner(bytes(16), now=None)
    found = scanner.scan(records_of(texts))
    stands = best_of(found) & (found.belief >= 0.5)
    counts: dict[str, set[int]] = {}
    for record, identifier in zip(found.record[stands].tolist(), found.identifier[stands].tolist(), strict=True):
        if name := _field_of(scanner.names[identifier]):
            counts.setdefault(name, set()).add(record)
    best = max(counts, key=lambda name: len(counts[name]), default=None)
    return best if best and len(counts[best]) >= 0.6 * len(texts) else None


def _is_plain(kind: pa.DataType) -> bool:
    """Whether cells of this type can be written as text, as `_as_text` does."""
    if pa.types.is_list(kind) or pa.types.is_large_list(kind):
        return not pa.types.is_nested(kind.value_type)
    return not pa.types.is_nested(kind)


def _as_text(column: pa.Array) -> pa.Array:
    """Any column as strings; whole numbers that went through a float lose their `.0`."""
    if pa.types.is_floating(column.type):
        return pc.replace_substring_regex(column.cast(pa.string()), r"\.0$", "")
    if pa.types.is_list(column.type) or pa.types.is_large_list(column.type):
        return pc.binary_join(column.cast(pa.list_(pa.string())), ";")
    return column.cast(pa.string())


@cache
def _place_names() -> dict[str, str]:
    """Names of countries in the languages of registers, folded, and their codes."""
    from babel import Locale

    names = {}
    for language in ("en", "fr", "de", "es", "pt", "fa"):
        for code, name in Locale(language).territories.items():
            if is_place(code):
                names[_folded(fold_text(name))] = code
    return names | {"uk": "GB", "usa": "US", "etats_unis_d_amerique": "US", "united_states_of_america": "US", "england": "GB"}


def place_of(text: str | None) -> str | None:
    """The place that a cell of the residence column names; None when it is empty or nobody knows it.

    >>> place_of("fr"), place_of("us-ca"), place_of("Allemagne"), place_of("Narnia")
    ('FR', 'US-CA', 'DE', None)
    """
    if not text:
        return None
    code = text.strip().upper().replace("_", "-")
    return code if is_place(code) else _place_names().get(_folded(text))


_YES = frozenset("true t yes y 1 oui o ja j si sim vrai بله".split())
_NO = frozenset("false f no n 0 non nein nao faux خیر نه".split())


def truth_of(text: str | None) -> bool | None:
    """Yes, no, or unknown.

    >>> truth_of("Oui"), truth_of("0"), truth_of("perhaps")
    (True, False, None)
    """
    word = fold_text(text or "").strip().lower()
    return True if word in _YES else False if word in _NO else None
