"""People: what the scan needs to know of the register's persons, in arrays."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from amanat.lib.progress import Progress, silent
from amanat.scope.candidate import ALTERNATIVE
from amanat.scope.compared import Builder, day_of, days_by_key
from amanat.scope.identifier import Identifier
from amanat.scope.learn import learn_numbers
from amanat.scope.likeness import Known
from amanat.scope.lookup import build_starts, composite_keys, fill_bloom
from amanat.scope.phone_plan import trunk_of
from amanat.scope.record import FIELD
from amanat.scope.register import Part, RegisterFile, SamePerson, place_of, truth_of
from amanat.scope.same_person import same_persons
from amanat.scope.scan import REGIONS, Scanner
from amanat.scope.tables import field_tag
from amanat.terms.places import country_of

# Columns of the register and the field of the identifiers that may stand in them.
KEYED = ("person_id", "name", "given_name", "family_name", "email", "phone", "address", "birth_date", "national_id", "iban", "card", "loyalty_id")


@dataclass(slots=True, kw_only=True, repr=False)
class People:
    """Persons by number (their row in the register). It does not print itself: it holds the words of their names."""

    ids: pa.ChunkedArray  # strings
    residence: Any  # [n] int16, into `residences`; 0: unknown
    residences: list[str | None]
    language: Any  # [n] int16, into `languages`
    languages: list[str | None]
    minor: Any  # [n] int8: 1, 0, -1 unknown
    keys: Any  # [n_keys] uint64, sorted, each once
    first: Any  # [n_keys + 1] int32, into `persons`
    persons: Any  # int32
    starts: Any  # where in `keys` those with the same first bits begin
    name: Any  # [n] uint64, 0: none
    birth: Any  # [n] uint64
    address: Any  # [n] uint64
    bloom: Any  # uint8, over the name keys
    regions: tuple[str, ...]
    learned: dict[str, Identifier]  # shapes of the company's own numbers
    known: Known  # names, birth dates and addresses, to be compared by likeness
    words: dict[str, int]  # number of each word of a name in `known`
    days: tuple[Any, Any]  # keys of all days of birth, sorted, and the days
    same_as: Any  # [n] the number under which each person is counted; None: everybody stands in the register once
    notes: list[str]

    def __len__(self) -> int:
        return len(self.residence)

    def __repr__(self) -> str:
        return f"<{len(self):,} people>"

    def row_of(self, ids: Sequence[str] | pa.ChunkedArray) -> Any:
        """Numbers under which the persons with these ids are counted; -1 where there is none."""
        asked = ids if isinstance(ids, pa.ChunkedArray) else pa.array(ids, pa.string())
        found = pc.index_in(asked, value_set=self.ids)
        rows = found.fill_null(-1).to_numpy()
        return rows if self.same_as is None else np.where(rows >= 0, self.same_as[rows], -1)

    def known_as(self, person_id: str) -> dict[str, Any] | None:
        """Residence, language and minor of a person, as an exposure holds them; None when there is no such person."""
        (row,) = self.row_of([person_id]).tolist() if len(self) else (-1,)
        if row < 0:
            return None
        return {
            "residence": self.residences[self.residence[row]],
            "language": self.languages[self.language[row]],
            "minor": None if self.minor[row] < 0 else bool(self.minor[row]),
        }


def nobody() -> People:
    """The people of a missing register."""
    keys = np.zeros(0, np.uint64)
    return People(
        ids=pa.chunked_array([], pa.string()),
        residence=np.zeros(0, np.int16),
        residences=[None],
        language=np.zeros(0, np.int16),
        languages=[None],
        minor=np.zeros(0, np.int8),
        keys=keys,
        first=np.zeros(1, np.int32),
        persons=np.zeros(0, np.int32),
        starts=build_starts(keys),
        name=keys,
        birth=keys,
        address=keys,
        bloom=np.zeros(1, np.uint8),
        regions=REGIONS,
        learned={},
        known=Builder().known(np.zeros(0, np.int32)),
        words={},
        days=(keys, np.zeros(0, np.int32)),
        same_as=None,
        notes=[],
    )


def read_people(register: RegisterFile, key: bytes, *, now: date, progress: Progress = silent) -> People:
    """Reads the register once, block by block, and keeps keys and codes; names and addresses only as what they are compared by.

    Raises:
        SamePerson: two rows with the same person_id, in a table that does not say which of them still holds.
    """
    regions = _regions(register)
    scanner = Scanner(key, regions=regions, now=now)
    rows = _Rows(scanner)
    total = register.size_bytes or 1
    for part in register.parts:
        begin = rows.n
        for block in part.blocks(rows.skipped):
            rows.add(part, block)
            progress("reading the register", min(rows.n * 100.0, total), total)
        if part.table.ids != "shared" and not part.has_history:
            _check_ids(part, rows.ids_from(begin))
    ids, person = _numbered(register, rows)
    n = len(ids)
    of = _first_of(person, rows, n)
    name, birth, address = (of(np.concatenate(parts) if parts else np.zeros(0, np.uint64)) for parts in (rows.names, rows.births, rows.addresses))
    rows.names, rows.births, rows.addresses = [], [], []  # of millions of persons each is large
    keys, row = rows.pairs("strong")
    strong = keys, person[row]
    same = same_persons(*strong, name, birth, ids)
    days = days_by_key(scanner, now)
    known = rows.builder.known(day_of(birth, days), None if n == rows.n else person, same)
    names, births, addresses = ((k, person[r]) for k, r in (rows.pairs("name"), rows.pairs("birth"), rows.pairs("address")))
    bloom = fill_bloom(names[0])
    pieces = [strong, names]
    for other, tag in ((births, "name+birth_date"), (addresses, "name+address")):
        left, right, who = _together(names, other)
        pieces.append((composite_keys(left, right, field_tag(tag), *scanner.key_words), who))
        del left, right, who
    # An address alone is looked up only when it is not the one that stands beside the person.
    is_former = addresses[0] != address[addresses[1]]
    pieces.append((addresses[0][is_former], addresses[1][is_former]))
    notes = rows.notes(n, person, strong[1], same)
    if same is not None:
        pieces = [(keys_of, same[who_has]) for keys_of, who_has in pieces]
    pieces = [(keys_of, who_has.astype(np.int32, copy=False)) for keys_of, who_has in pieces]
    del strong, names, births, addresses, keys, row
    unique, first, who = _grouped(pieces)
    return People(
        ids=ids,
        residence=of(rows.joined("residence")),
        residences=list(rows.residences),
        language=of(rows.joined("language")),
        languages=list(rows.languages),
        minor=of(rows.joined("minor"), -1),
        keys=unique,
        first=first,
        persons=who,
        starts=build_starts(unique),
        name=name,
        birth=birth,
        address=address,
        bloom=bloom,
        regions=regions,
        learned=rows.learned,
        known=known,
        words=rows.builder.vocabulary.number,
        days=days,
        same_as=same,
        notes=notes,
    )


class _Rows:
    """What is read of all rows of all parts, in their order."""

    def __init__(self, scanner: Scanner) -> None:
        self._scanner = scanner
        # Fields by number: there are many more candidates than fields.
        self._number = {name: number for number, name in enumerate(dict.fromkeys((*KEYED, *(m.field for m in scanner.members.values()))))}
        self._field_of = np.array([self._number[m.field] for m in scanner.members.values()], np.int16)
        self.residences: dict[str | None, int] = {None: 0}
        self.languages: dict[str | None, int] = {None: 0}
        self.ids: list[pa.Array] = []
        self.residence: list[Any] = []
        self.language: list[Any] = []
        self.minor: list[Any] = []
        self.is_former: list[Any] = []
        self.names: list[Any] = []
        self.births: list[Any] = []
        self.addresses: list[Any] = []
        self._pairs: dict[str, list[tuple[Any, Any]]] = {"strong": [], "name": [], "birth": [], "address": []}
        self.unknown_places: Counter[str] = Counter()
        self.skipped: list[int] = []
        self.learned: dict[str, Identifier] = {}
        self.builder = Builder()
        self.n = 0

    def add(self, part: Part, block: pa.RecordBatch) -> None:
        """A block of a part, and the earlier names and addresses in it as rows of their own."""
        is_former = np.zeros(block.num_rows, bool)
        if "valid_until" in block.schema.names:
            is_former = pc.not_equal(pc.utf8_trim_whitespace(block.column("valid_until").fill_null("")), "").to_numpy(zero_copy_only=False)
        if not self.learned:
            self.learned = learn_numbers({name: block.column(name) for name in ("person_id", "loyalty_id") if name in block.schema.names})
        self._add(block.select([name for name in block.schema.names if not name.startswith("former_")]), is_former)
        for column in (name for name in block.schema.names if name.startswith("former_")):
            several = pc.split_pattern(block.column(column).fill_null(""), ";")
            values, at = pc.utf8_trim_whitespace(several.flatten()), pc.list_parent_indices(several)
            there = pc.not_equal(values, "")
            if pc.any(there).as_py():
                former = pa.RecordBatch.from_arrays(
                    [block.column("person_id").take(at.filter(there)), values.filter(there)], names=["person_id", column.removeprefix("former_")]
                )
                self._add(former, np.ones(former.num_rows, bool))

    def _add(self, block: pa.RecordBatch, is_former: Any) -> None:
        size = block.num_rows
        wanted = [name for name in KEYED if name in block.schema.names]
        hints = [frozenset(i for i, m in enumerate(self._scanner.members.values()) if m.field == name) for name in wanted]
        schema = self._scanner.schema_of("register:" + FIELD.join(wanted), hints)
        self.builder.add(block)
        self.ids.append(block.column("person_id").fill_null(""))
        self.is_former.append(is_former)
        places = _codes(block, "residence", self.residences, place_of, self.unknown_places)
        self.residence.append(places)
        self.language.append(_codes(block, "language", self.languages, lambda text: text.strip()[:35] or None if text else None))
        self.minor.append(_flags(block, "minor"))
        texts = pc.binary_join_element_wise(
            *[pc.replace_substring(block.column(name).cast(pa.large_string()), FIELD, " ").fill_null("") for name in wanted],
            pa.scalar(FIELD, pa.large_string()),
        )
        countries = [self._scanner.region_row(trunk_of(country_of(p))[0]) if p else -1 for p in self.residences]
        dialled_of = np.array(countries, np.int32)[places]
        found = self._scanner.scan_texts(texts, np.full(size, schema, np.int32), dialled_of_record=dialled_of)
        column = np.array([self._number.get(name, -1) for name in wanted], np.int16)[np.minimum(found.field, len(wanted) - 1)]
        fields = self._field_of[found.identifier]
        # With a known country the first reading of a number is the one.
        is_first = (found.flags & ALTERNATIVE) == 0
        is_mine = (fields == column) & (is_first | (self._among(fields, "phone") & (dialled_of[found.record] < 0)))
        of = {
            "strong": is_mine & ~self._among(fields, "name", "given_name", "family_name", "birth_date", "address", "address_part"),
            "name": self._among(fields, "name") & self._among(column, "name", "given_name", "family_name") & is_first,
            "birth": is_mine & self._among(fields, "birth_date") & is_first,
            "address": is_mine & self._among(fields, "address"),
        }
        for kind, mine in of.items():
            self._pairs[kind].append((found.key[mine], (found.record[mine] + self.n).astype(np.int32)))
        for kind, parts in (("name", self.names), ("birth", self.births), ("address", self.addresses)):
            parts.append(_each(found, of[kind], size))
        self.n += size

    def _among(self, numbers: Any, *fields: str) -> Any:
        """[n] bool: whether a number is that of one of these fields."""
        is_one = np.zeros(len(self._number) + 1, bool)
        is_one[[self._number[name] for name in fields if name in self._number]] = True
        return is_one[numbers]

    def ids_from(self, begin: int) -> pa.ChunkedArray:
        """The person_ids of the rows from `begin` on that do not only tell of earlier values."""
        ids = pa.chunked_array(self.ids, pa.string())[begin:] if self.ids else pa.chunked_array([], pa.string())
        return ids.filter(pa.array(~np.concatenate(self.is_former)[begin:])) if len(ids) else ids

    def pairs(self, kind: str) -> tuple[Any, Any]:
        """Keys of one kind and the rows that have them."""
        parts = self._pairs.pop(kind)
        keys = np.concatenate([k for k, _ in parts]) if parts else np.zeros(0, np.uint64)
        return keys, np.concatenate([r for _, r in parts]) if parts else np.zeros(0, np.int32)

    def joined(self, name: str) -> Any:
        """[n rows] of a column of codes."""
        parts = getattr(self, name)
        return np.concatenate(parts) if parts else np.zeros(0, np.int8 if name == "minor" else np.int16)

    def notes(self, n: int, person: Any, keyed: Any, same: Any) -> list[str]:
        """Sentences about what the register lacks."""
        has_key = np.zeros(n, bool)
        has_key[keyed] = True
        return _notes(n, self.unknown_places, n - int(has_key.sum()), self.skipped, 0 if same is None else int((same != np.arange(n)).sum()))


def _numbered(register: RegisterFile, rows: _Rows) -> tuple[pa.ChunkedArray, Any]:
    """The ids of the persons, and [n rows] the number of each row's person: in the order in which they come first."""
    ids = pa.chunked_array(rows.ids, pa.string()) if rows.ids else pa.chunked_array([], pa.string())
    is_former = np.concatenate(rows.is_former) if rows.is_former else np.zeros(0, bool)
    if len(register.parts) == 1 and not is_former.any() and not register.parts[0].has_history:
        return ids, np.arange(len(ids), dtype=np.int32)
    encoded = ids.combine_chunks().dictionary_encode()
    return pa.chunked_array([encoded.dictionary]), encoded.indices.to_numpy(zero_copy_only=False).astype(np.int32)


def _first_of(person: Any, rows: _Rows, n: int) -> Any:
    """A function that gives [n persons] what the first row says that says anything; rows that still hold go before earlier ones."""
    if n == rows.n:
        return lambda column, unknown=0: column
    order = np.argsort(np.concatenate(rows.is_former), kind="stable")[::-1]

    def first_of(column: Any, unknown: int = 0) -> Any:
        out = np.full(n, unknown, column.dtype)
        told = order[column[order] != unknown]
        out[person[told]] = column[told]  # the last that is written is the first
        return out

    return first_of


def _together(names: tuple[Any, Any], others: tuple[Any, Any]) -> tuple[Any, Any, Any]:
    """Each name with each other value of the same person: names, values and persons."""
    if len(names[1]) == len(others[1]) and np.array_equal(names[1], others[1]) and (np.diff(names[1]) > 0).all():
        return names[0], others[0], names[1]
    order = np.argsort(others[1], kind="stable")
    value, who = others[0][order], others[1][order]
    begin = np.searchsorted(who, names[1], "left")
    n = np.searchsorted(who, names[1], "right") - begin
    at = np.repeat(begin, n) + np.arange(n.sum()) - np.repeat(np.cumsum(n) - n, n)
    return np.repeat(names[0], n), value[at], np.repeat(names[1], n)


def _grouped(pieces: list[tuple[Any, Any]]) -> tuple[Any, Any, Any]:
    """Keys, sorted and each once; [n_keys + 1] where the persons of each begin; persons. Empties `pieces`, for they are large."""
    keys = np.concatenate([piece[0] for piece in pieces])
    pieces[:] = [(None, piece[1]) for piece in pieces]
    persons = np.concatenate([piece[1] for piece in pieces])
    pieces.clear()
    order = np.argsort(keys)
    keys = keys[order]
    persons = persons[order]
    del order
    # Persons of one key in their order, each once; most keys have one person, and are not sorted again.
    is_tie = np.zeros(len(keys), bool)
    if len(keys):
        same = keys[1:] == keys[:-1]
        is_tie[1:] |= same
        is_tie[:-1] |= same
    at = np.flatnonzero(is_tie)
    persons[at] = persons[at][np.lexsort((persons[at], keys[at]))]
    is_new = np.ones(len(keys), bool)
    is_new[1:] = (keys[1:] != keys[:-1]) | (persons[1:] != persons[:-1])
    if not is_new.all():
        keys = keys[is_new]
        persons = persons[is_new]
    is_first = np.ones(len(keys), bool)
    is_first[1:] = keys[1:] != keys[:-1]
    n = len(keys)
    keys = keys[is_first]
    first = np.full(len(keys) + 1, n, np.int32)
    first[:-1] = np.flatnonzero(is_first)
    return keys, first, persons


def _each(found: Any, rows: Any, size: int) -> Any:
    """[size] the last key of each record among the rows, 0 where there is none."""
    out = np.zeros(size, np.uint64)
    out[found.record[rows]] = found.key[rows]
    return out


def _codes(block: pa.RecordBatch, name: str, known: dict[str | None, int], read: Any, unknown: Counter[str] | None = None) -> Any:
    if name not in block.schema.names:
        return np.zeros(block.num_rows, np.int16)
    encoded = block.column(name).dictionary_encode()
    counts: Any = (
        np.bincount(encoded.indices.drop_null().to_numpy(zero_copy_only=False), minlength=len(encoded.dictionary)) if len(encoded.dictionary) else []
    )
    numbers = []
    for text, count in zip(encoded.dictionary.to_pylist(), counts, strict=True):
        value = read(text)
        if value is None and text and unknown is not None:
            unknown[text] += int(count)
        # A column of nonsense must not fill the table of codes.
        numbers.append(known.setdefault(value, len(known)) if len(known) < 30_000 else known.get(value, 0))
    lookup = np.array([*numbers, 0], np.int16)
    return lookup[encoded.indices.fill_null(len(numbers)).to_numpy(zero_copy_only=False)]


def _flags(block: pa.RecordBatch, name: str) -> Any:
    if name not in block.schema.names:
        return np.full(block.num_rows, -1, np.int8)
    encoded = block.column(name).dictionary_encode()
    values = [{True: 1, False: 0, None: -1}[truth_of(text)] for text in encoded.dictionary.to_pylist()]
    return np.array([*values, -1], np.int8)[encoded.indices.fill_null(len(values)).to_numpy(zero_copy_only=False)]


def _regions(register: RegisterFile) -> tuple[str, ...]:
    """The countries of the register's first rows, most frequent first: national telephone numbers are read as theirs."""
    counts: Counter[str] = Counter()
    if "residence" in register.columns:
        for number, block in enumerate(register.blocks()):
            for text, count in Counter(block.column("residence").to_pylist()).items():
                if place := place_of(text):
                    counts[country_of(place)] += count
            if number >= 3:
                break
    return tuple(region for region, _ in counts.most_common(24)) or REGIONS


def _check_ids(part: Part, ids: pa.ChunkedArray) -> None:
    empty = pc.equal(ids, "")
    if pc.any(empty).as_py():
        row = pc.index(empty, True).as_py() + 2
        raise SamePerson(f"{part.where}, row {row}: has no person_id; give every person a number")
    if pc.count_distinct(ids).as_py() == len(ids):
        return
    encoded = ids.combine_chunks().dictionary_encode().indices.to_numpy()
    order = np.argsort(encoded, kind="stable")
    at = int(np.flatnonzero(encoded[order][1:] == encoded[order][:-1])[0])
    raise SamePerson(
        f"{part.where}: rows {order[at] + 2} and {order[at + 1] + 2} (the header is row 1) have the same person_id;"
        " give each person one row and one number, or say in a column valid_until which rows hold no longer"
    )


def _notes(n: int, unknown: Counter[str], n_without_key: int, skipped: list[int], n_twice: int) -> list[str]:
    notes = []
    if unknown:
        notes.append(
            f"{sum(unknown.values()):,} persons of the register live in a place that we do not know (for {len(unknown):,} different spellings);"
            " their residence is unknown. Use ISO 3166 codes."
        )
    if n_without_key:
        notes.append(
            f"{n_without_key:,} of {n:,} persons of the register have nothing but a name to be recognised by; they are found only for review."
        )
    if n_twice:
        notes.append(
            f"{n_twice:,} entries of the register are a person who stands there already (same name, birth date, and an address of mail, telephone or"
            " number in common); each such person is counted and told once. same_persons.csv lists them."
        )
    if skipped:
        notes.append(
            f"{len(skipped):,} rows of the register have another number of fields than its header and were left out (the first is row {skipped[0]})."
        )
    return notes
