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
from amanat.scope.match import build_slots, composite_keys, fill_bloom
from amanat.scope.phone_plan import trunk_of
from amanat.scope.record import FIELD
from amanat.scope.register import RegisterFile, SamePerson, place_of, truth_of
from amanat.scope.scan import REGIONS, Scanner
from amanat.scope.tables import field_tag
from amanat.terms.places import country_of

# Columns of the register and the field of the identifiers that may stand in them.
KEYED = ("person_id", "name", "given_name", "family_name", "email", "phone", "address", "birth_date", "national_id", "iban", "card", "loyalty_id")


@dataclass(slots=True, kw_only=True)
class People:
    """Persons by number (their row in the register)."""

    ids: pa.ChunkedArray  # strings
    residence: Any  # [n] int16, into `residences`; 0: unknown
    residences: list[str | None]
    language: Any  # [n] int16, into `languages`
    languages: list[str | None]
    minor: Any  # [n] int8: 1, 0, -1 unknown
    keys: Any  # [n_keys] uint64, sorted, each once
    first: Any  # [n_keys + 1] int64, into `persons`
    persons: Any  # int32
    slots: Any  # hash table over `keys`, -1: free
    name: Any  # [n] uint64, 0: none
    birth: Any  # [n] uint64
    address: Any  # [n] uint64
    bloom: Any  # uint8, over the name keys
    regions: tuple[str, ...]
    learned: dict[str, Identifier]  # shapes of the company's own numbers
    known: Known  # names, birth dates and addresses, to be compared by likeness
    words: dict[str, int]  # number of each word of a name in `known`
    days: tuple[Any, Any]  # keys of all days of birth, sorted, and the days
    notes: list[str]

    def __len__(self) -> int:
        return len(self.residence)

    def row_of(self, ids: Sequence[str]) -> Any:
        """Numbers of the persons with these ids; -1 where there is none."""
        found = pc.index_in(pa.array(ids, pa.string()), value_set=self.ids.combine_chunks())
        return found.fill_null(-1).to_numpy(zero_copy_only=False)

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
        first=np.zeros(1, np.int64),
        persons=np.zeros(0, np.int32),
        slots=build_slots(keys),
        name=keys,
        birth=keys,
        address=keys,
        bloom=np.zeros(1, np.uint8),
        regions=REGIONS,
        learned={},
        known=Builder().known(np.zeros(0, np.int32)),
        words={},
        days=(keys, np.zeros(0, np.int32)),
        notes=[],
    )


def read_people(register: RegisterFile, key: bytes, *, now: date, progress: Progress = silent) -> People:
    """Reads the register once, block by block, and keeps keys and codes only.

    Raises:
        SamePerson: two rows with the same person_id.
    """
    regions = _regions(register)
    scanner = Scanner(key, regions=regions, now=now)
    wanted = [name for name in KEYED if name in register.columns]
    hints = [frozenset(i for i, m in enumerate(scanner.members.values()) if m.field == name) for name in wanted]
    schema = scanner.schema_of("register:" + FIELD.join(wanted), hints)
    field_of = np.array([m.field for m in scanner.members.values()])
    residences: dict[str | None, int] = {None: 0}
    languages: dict[str | None, int] = {None: 0}
    ids, residence, language, minor = [], [], [], []
    names, births, addresses, keys, persons = [], [], [], [], []
    unknown_places: Counter[str] = Counter()
    n_without_key = 0
    skipped: list[int] = []
    learned: dict[str, Identifier] = {}
    builder = Builder()
    n = 0
    total = register.path.stat().st_size
    for block in register.blocks(skipped):
        size = block.num_rows
        if n == 0:
            learned = learn_numbers({name: block.column(name) for name in ("person_id", "loyalty_id") if name in register.columns})
        ids.append(block.column("person_id").fill_null(""))
        builder.add(block)
        places = _codes(block, "residence", residences, place_of, unknown_places)
        residence.append(places)
        language.append(_codes(block, "language", languages, lambda text: text.strip()[:35] or None if text else None))
        minor.append(_flags(block, "minor"))
        texts = pc.binary_join_element_wise(
            *[pc.replace_substring(block.column(name).cast(pa.large_string()), FIELD, " ").fill_null("") for name in wanted],
            pa.scalar(FIELD, pa.large_string()),
        )
        countries = [scanner.region_row(trunk_of(country_of(p))[0]) if p else -1 for p in residences]
        dialled_of = np.array(countries, np.int32)[places]
        found = scanner.scan_texts(texts, np.full(size, schema, np.int32), dialled_of_record=dialled_of)
        column = np.array(wanted)[np.minimum(found.field, len(wanted) - 1)]
        fields = field_of[found.identifier]
        # With a known country the first reading of a number is the one.
        is_first = (found.flags & ALTERNATIVE) == 0
        is_mine = (fields == column) & (is_first | ((fields == "phone") & (dialled_of[found.record] < 0)))
        is_strong = is_mine & ~np.isin(fields, ["name", "given_name", "family_name", "birth_date", "address", "address_part"])
        keys.append(found.key[is_strong])
        persons.append((found.record[is_strong] + n).astype(np.int32))
        name = _each(found, (fields == "name") & np.isin(column, ["name", "given_name", "family_name"]) & is_first, size)
        birth = _each(found, is_mine & (fields == "birth_date") & is_first, size)
        address = _each(found, is_mine & (fields == "address"), size)
        names.append(name)
        births.append(birth)
        addresses.append(address)
        known = np.zeros(size, bool)
        known[found.record[is_strong & (fields != "person_id")]] = True
        n_without_key += int((~known).sum())
        n += size
        progress("reading the register", min(n * 100.0, total), total)
    name, birth, address = (np.concatenate(parts) if parts else np.zeros(0, np.uint64) for parts in (names, births, addresses))
    numbers = np.arange(n, dtype=np.int32)
    for other, tag in ((birth, "name+birth_date"), (address, "name+address")):
        both = (name != 0) & (other != 0)
        keys.append(composite_keys(name[both], other[both], field_tag(tag), *scanner.key_words))
        persons.append(numbers[both])
    keys.append(name[name != 0])
    persons.append(numbers[name != 0])
    days = days_by_key(scanner, now)
    compared = builder.known(day_of(birth, days))
    all_ids = pa.chunked_array(ids, pa.string()) if ids else pa.chunked_array([], pa.string())
    _check_ids(register, all_ids)
    unique, first, who = _grouped(np.concatenate(keys), np.concatenate(persons))
    return People(
        ids=all_ids,
        residence=np.concatenate(residence) if residence else np.zeros(0, np.int16),
        residences=list(residences),
        language=np.concatenate(language) if language else np.zeros(0, np.int16),
        languages=list(languages),
        minor=np.concatenate(minor) if minor else np.zeros(0, np.int8),
        keys=unique,
        first=first,
        persons=who,
        slots=build_slots(unique),
        name=name,
        birth=birth,
        address=address,
        bloom=fill_bloom(name),
        regions=regions,
        learned=learned,
        known=compared,
        words=builder.vocabulary.number,
        days=days,
        notes=_notes(n, unknown_places, n_without_key, skipped),
    )


def _grouped(keys: Any, persons: Any) -> tuple[Any, Any, Any]:
    order = np.lexsort((persons, keys))
    keys, persons = keys[order], persons[order]
    if len(keys):
        is_new = np.r_[True, (keys[1:] != keys[:-1]) | (persons[1:] != persons[:-1])]
        keys, persons = keys[is_new], persons[is_new]
    unique, first = np.unique(keys, return_index=True)
    return unique, np.r_[first, len(keys)].astype(np.int64), persons


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


def _check_ids(register: RegisterFile, ids: pa.ChunkedArray) -> None:
    empty = pc.equal(ids, "")
    if pc.any(empty).as_py():
        row = pc.index(empty, True).as_py() + 2
        raise SamePerson(f"{register.path}, row {row}: has no person_id; give every person a number")
    if pc.count_distinct(ids).as_py() == len(ids):
        return
    encoded = ids.combine_chunks().dictionary_encode().indices.to_numpy()
    order = np.argsort(encoded, kind="stable")
    at = int(np.flatnonzero(encoded[order][1:] == encoded[order][:-1])[0])
    raise SamePerson(
        f"{register.path}: rows {order[at] + 2} and {order[at + 1] + 2} (the header is row 1) have the same person_id;"
        " give each person one row and one number"
    )


def _notes(n: int, unknown: Counter[str], n_without_key: int, skipped: list[int]) -> list[str]:
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
    if skipped:
        notes.append(
            f"{len(skipped):,} rows of the register have another number of fields than its header and were left out (the first is row {skipped[0]})."
        )
    return notes
