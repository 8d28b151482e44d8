"""The register, read where it lies: keyed hashes for matching, and the little that every exposure says of its person."""

import re
from collections.abc import Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet as pq

from amanat.lib.errors import Fixable, did_you_mean
from amanat.lib.shape import build, read_toml
from amanat.scope.column_names import Headers
from amanat.scope.fold import fold_text
from amanat.scope.identifier import identifiers
from amanat.scope.vocabulary import words_of
from amanat.terms.places import is_place
from amanat.terms.register import COLUMNS

BLOCK_BYTES = 1 << 23
SAMPLE = 1000  # rows that are looked at when the names of columns say nothing
_LIKE_A_VALUE = re.compile(r"\S@\S+\.\w|(?:\d[ ().+-]*){7}|\d{4}-\d\d-\d\d")  # in the place of a column's name: there is no header
_MANY = frozenset({"email", "phone"})  # several columns may hold one of these
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
class RegisterMap:
    """`register.toml`: which columns of the file hold what."""

    columns: dict[str, list[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterFile:
    """A register that can be read: its columns by what they hold."""

    path: Path
    columns: Mapping[str, Sequence[str]]  # name in COLUMNS -> names in the file
    is_confirmed: bool  # by a register.toml beside it, not guessed
    delimiter: str = ","
    encoding: str = "utf-8"

    def blocks(self, skipped: list[int] | None = None) -> Iterator[pa.RecordBatch]:
        """The rows, block by block, all columns as strings and named as in COLUMNS; `skipped` collects rows of another length."""
        for block in _blocks(self.path, self.delimiter, self.encoding, skipped):
            arrays, names = [], []
            for name, sources in self.columns.items():
                parts = [_as_text(block.column(source)) for source in sources]
                whole = parts[0] if len(parts) == 1 else pc.binary_join_element_wise(*parts, ";", null_handling="skip")
                arrays.append(whole)
                names.append(name)
            yield pa.RecordBatch.from_arrays(arrays, names=names)


def open_register(path: Path) -> RegisterFile:
    """The register with its columns found: by `register.toml` beside it, else by their names, else by what they hold.

    Raises:
        NoRegister: no such file, or not a table.
        NoUsableColumn: no person_id, or nothing to recognise a person by.
    """
    if not path.is_file():
        raise NoRegister(f"{path}: there is no such register; name a CSV or Parquet file, or leave --register out")
    delimiter, encoding = ("", "") if _is_parquet(path) else _sniff(path)
    try:
        blocks = _blocks(path, delimiter, encoding)
        first = next(blocks, None)
        blocks.close()
    except (pa.ArrowInvalid, OSError, UnicodeError) as error:
        raise NoRegister(f"{path}: cannot be read as a table ({type(error).__name__}); save it as CSV in UTF-8, or as Parquet") from None
    if first is None or first.num_columns == 0 or first.num_rows == 0:
        raise NoRegister(f"{path}: holds no person; its first line must name the columns, and a row for each person must follow")
    beside = path.with_name("register.toml")
    if not beside.is_file() and any(_LIKE_A_VALUE.search(name) for name in first.schema.names):
        # Read as names, the first person would be lost, and stand in the next sentence.
        raise NoUsableColumn(f"{path}: its first line looks like a person's row; write a line with the names of the columns above it")
    columns = _confirmed(beside, first.schema.names) if beside.is_file() else _guess(first)
    _check_usable(path, columns, first.schema.names)
    for source in (source for sources in columns.values() for source in sources):
        if not _is_plain(first.schema.field(source).type):
            raise NoUsableColumn(f"{path}: a cell of the column {source!r} holds several values with names; export each into a column of its own")
    return RegisterFile(path=path, columns=columns, is_confirmed=beside.is_file(), delimiter=delimiter, encoding=encoding)


def map_as_toml(register: RegisterFile) -> str:
    """The guess as a register.toml that a person can correct and put beside the register."""
    lines = [
        "# Which columns of the register hold what, as amanat read them."
        if register.is_confirmed
        else "# Which columns of the register hold what, as amanat guessed.",
        "# To settle it, correct this file and put it beside the register.",
        "",
        "[columns]",
    ]
    for name, sources in register.columns.items():
        quoted = ", ".join('"' + source.replace("\\", "\\\\").replace('"', '\\"') + '"' for source in sources)
        lines.append(f"{name} = [{quoted}]  # {COLUMNS[name].says}")
    return "\n".join(lines) + "\n"


def _check_usable(path: Path, columns: Mapping[str, Sequence[str]], names: Sequence[str]) -> None:
    there = ", ".join(repr(name) for name in names[:20])
    how = 'Write which column holds what into a register.toml beside it ([columns] person_id = ["…"]).'
    if "person_id" not in columns:
        raise NoUsableColumn(f"{path}: no column holds the number of the person (person_id); its columns are {there}. {how}")
    has_name = "name" in columns or {"given_name", "family_name"} <= set(columns)
    if not (
        {"email", "phone", "national_id", "iban", "card", "loyalty_id"} & set(columns) or (has_name and {"address", "birth_date"} & set(columns))
    ):
        raise NoUsableColumn(
            f"{path}: no column by which a person could be recognised (e-mail, phone, name with address, national_id); its columns are {there}. {how}"
        )


def _confirmed(path: Path, names: Sequence[str]) -> dict[str, list[str]]:
    given = build(RegisterMap, read_toml(path), where=path).columns
    for name, sources in given.items():
        if name not in COLUMNS:
            raise NoUsableColumn(f"{path}: there is no column {name!r}{did_you_mean(name, COLUMNS) or '.'} It takes {', '.join(COLUMNS)}.")
        for source in sources:
            if source not in names:
                raise NoUsableColumn(f"{path}: the register has no column {source!r}{did_you_mean(source, names)}")
    return {name: list(sources) for name, sources in given.items() if sources}


def _folded(name: str) -> str:
    return "_".join(words_of(name))


def _guess(first: pa.RecordBatch) -> dict[str, list[str]]:
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
    for source in (source for source in left if _is_plain(first.schema.field(source).type)):
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


def _is_parquet(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(4) == b"PAR1"


def _sniff(path: Path) -> tuple[str, str]:
    with path.open("rb") as file:
        head = file.read(1 << 20)
    encoding = "utf-8"
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        encoding = "utf-16"
    else:
        try:
            head[: max(len(head) - 4, 0)].decode("utf-8-sig") if len(head) == 1 << 20 else head.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            # A character cut in two at the end of the sample is no sign of another encoding.
            encoding = "utf-8" if len(head) == 1 << 20 and error.start > len(head) - 8 else "cp1252"
    line = head.decode(encoding, "replace").lstrip("\ufeff").split("\n", 1)[0]
    return max(",;\t|", key=line.count), encoding


def _blocks(path: Path, delimiter: str, encoding: str, skipped: list[int] | None = None) -> Generator[pa.RecordBatch, None, None]:
    if not delimiter:
        for batch in pq.ParquetFile(path).iter_batches(batch_size=1 << 16):
            yield batch.rename_columns(_each_once(batch.schema.names))
        return

    def skip(row: Any) -> str:
        if skipped is not None:
            skipped.append(row.number if row.number is not None else 0)
        return "skip"

    with path.open("rb") as file:
        header = file.readline() if encoding != "utf-16" else file.read(1 << 16)
    names = next(iter(_csv_rows(header.decode(encoding, "replace").lstrip("\ufeff"), delimiter)), [])
    options = {
        "read_options": pyarrow.csv.ReadOptions(block_size=BLOCK_BYTES, encoding=encoding, use_threads=False),
        "parse_options": pyarrow.csv.ParseOptions(delimiter=delimiter, newlines_in_values=True, invalid_row_handler=skip),
        "convert_options": pyarrow.csv.ConvertOptions(
            column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=True, null_values=["", "NULL", "\\N"]
        ),
    }
    # The reader of streams reads ahead on a thread of its own; when the program ends soon after, that thread can abort it.
    is_small = path.stat().st_size <= BLOCK_BYTES
    batches = pyarrow.csv.read_csv(path, **options).to_batches() if is_small else pyarrow.csv.open_csv(path, **options)
    for batch in batches:
        yield batch.rename_columns(_each_once(batch.schema.names))


def _each_once(names: Sequence[str]) -> list[str]:
    """The names of columns, a second one of the same name with its number: spreadsheets repeat names, and leave some empty.

    >>> _each_once(["id", "mail", "", "mail", ""])
    ['id', 'mail', '', 'mail 2', ' 2']
    """
    seen: dict[str, int] = {}
    found = []
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        found.append(name if seen[name] == 1 else f"{name} {seen[name]}")
    return found


def _csv_rows(text: str, delimiter: str) -> Iterator[list[str]]:
    import csv

    return csv.reader(text.splitlines(), delimiter=delimiter)


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
