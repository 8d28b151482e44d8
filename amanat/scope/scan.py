"""Scanner: from a batch of records to the candidates in it, with character offsets and keyed hashes."""

import copy
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa

from amanat.lib.errors import Fixable
from amanat.scope.candidate import CANDIDATE
from amanat.scope.column_names import Headers
from amanat.scope.engine.maps import COLUMNS
from amanat.scope.engine.one_pass import scan
from amanat.scope.engine.state import COUNTRIES_MAX, DOMAINS_MAX, HEADED_WORDS, STATE, Fields, OfRecord
from amanat.scope.fold import Room as FoldRoom
from amanat.scope.fold import fold_records, fold_text
from amanat.scope.identifier import Identifier, identifiers
from amanat.scope.keys import columns_of, stand
from amanat.scope.record import FIELD, RECORDS
from amanat.scope.siphash import key_words
from amanat.scope.tables import compile_tables, dialled, dialled_bits, standard_tables
from amanat.scope.vocabulary import word_hash

# Which identifiers a field holds by its name, and which a value there mostly is not.
_Hint = tuple[frozenset[int], frozenset[int]]
NOTHING: _Hint = (frozenset(), frozenset())
# National spellings that are read when nobody says which countries matter.
REGIONS = ("US", "GB", "FR", "DE", "IR", "BR", "ES", "PT")


class TooManyDomains(Fixable):
    """The company names more domains of its own than the scan has room for."""


@dataclass(frozen=True, slots=True)
class Found:
    """Candidates of one batch, in the order of the records; one array for each column."""

    record: Any  # [n] int32, row of the batch
    start: Any  # [n] int32, first character within the record's text
    end: Any  # [n] int32
    identifier: Any  # [n] int16, number in alphabetical order
    flags: Any  # [n] uint8, see candidate.py
    key: Any  # [n] uint64
    belief: Any  # [n] float32
    field: Any  # [n] int32, number of the field within the record

    def __len__(self) -> int:
        return len(self.key)

    def columns(self) -> tuple[Any, ...]:
        return self.record, self.start, self.end, self.identifier, self.flags, self.key, self.belief, self.field

    def take(self, rows: Any) -> "Found":
        return Found(*(column[rows] for column in self.columns()))


class Scanner:
    """Looks for identifiers in records. One scanner belongs to one thread; the passes themselves release the lock.

    `known` is a Bloom filter of the register's keys (`match.fill_bloom`): what we hardly believe in is then a candidate only when the
    register may have it. `now` says which century `12/03/24` belongs to, and which days are too recent to be somebody's birth;
    None: neither is asked.
    """

    def __init__(
        self,
        key: bytes,
        *,
        members: Mapping[str, Identifier] | None = None,
        regions: Sequence[str] = REGIONS,
        own_domains: Sequence[str] = (),
        names: Any = None,
        known: Any = None,
        now: date | None,
    ) -> None:
        self.members = dict(members if members is not None else identifiers())
        self.names = tuple(self.members)
        self.tables = standard_tables() if members is None else compile_tables(self.members)
        words = key_words(key)
        self.key_words = (words[0], words[1])
        self._headers = Headers(self.members)
        self._hint_rows: dict[_Hint, int] = {NOTHING: 0}
        self._schemas: dict[str, int] = {"": 0}
        self._fields: list[list[int]] = [[]]
        self._fields_known: Fields | None = None
        self._names = names if names is not None else np.zeros(1, np.uint8)
        self._known = known if known is not None else np.zeros(1, np.uint8)
        self._asked = {i: ask for i, m in enumerate(self.members.values()) if (ask := m.is_valid)}
        rows = dialled(regions)
        assert len(rows) <= COUNTRIES_MAX  # there are fewer calling codes
        self._regions = {code: i for i, code in enumerate(rows[:, 0].tolist())}
        own = [word_hash(fold_text(domain).lower().lstrip("@.")) for domain in own_domains]
        if len(own) > DOMAINS_MAX:
            raise TooManyDomains(f"the company has {len(own):,} domains of its own; give at most {DOMAINS_MAX:,}, those that addresses are found at")
        self._room = np.empty(1 << 16, CANDIDATE)
        self._maps, self._fold_room = np.empty(0, np.uint64), FoldRoom()
        self._state = np.zeros(1, STATE)
        state = self._state[0]
        state["k0"], state["k1"] = words
        state["year_max"] = now.year if now else 0
        state["n_dialled"], state["n_own"] = len(rows), len(own)
        state["dialled"][: len(rows)] = rows
        state["dialled_so"], state["dialled_long"] = dialled_bits(rows)
        state["own"][: len(own)] = own

    def _lend(self, **arrays: Any) -> None:
        """Tells the compiled loops where arrays are, which stay ours."""
        for name, array in arrays.items():
            self._state[f"{name}_at"], self._state[f"{name}_size"] = array.ctypes.data, array.size

    def again(self) -> "Scanner":
        """One for another thread, with the same identifiers and key."""
        other = copy.copy(self)
        other._hint_rows, other._schemas = {NOTHING: 0}, {"": 0}
        other._fields, other._fields_known = [[]], None
        other._room, other._maps, other._fold_room = np.empty(1 << 16, CANDIDATE), np.empty(0, np.uint64), FoldRoom()
        other._state = self._state.copy()
        return other

    def region_row(self, calling_code: int) -> int:
        """Row of a calling code among the countries whose national spelling is read; -1 when it is not."""
        return self._regions.get(calling_code, -1)

    def schema_of(self, labels: str, hints: Sequence[frozenset[int]] | None = None) -> int:
        """Number of a list of field names. `hints` says what the fields hold when the names do not."""
        if labels not in self._schemas or hints is not None:
            names = labels.split(FIELD)
            found = [(hint, NOTHING[1]) for hint in hints] if hints is not None else [(self._headers.of(n), self._headers.not_of(n)) for n in names]
            if labels not in self._schemas:
                self._schemas[labels] = len(self._fields)
                self._fields.append([])
            self._fields[self._schemas[labels]] = [self._hint_rows.setdefault(hint, len(self._hint_rows)) for hint in found]
            self._fields_known = None
        return self._schemas[labels]

    def _known_fields(self) -> Fields:
        if self._fields_known is None:
            bits = np.zeros((len(self._hint_rows), HEADED_WORDS), np.uint64)
            values: list[list[int]] = []
            others = [sorted(other) for _, other in self._hint_rows]
            for (identifiers_of, _), row in self._hint_rows.items():
                for i in identifiers_of:
                    # A line of words may hold anything besides: names, numbers, passwords are looked for in it as in any text.
                    if self.members[self.names[i]].form == "line":
                        continue
                    bits[row, i // 64] |= np.uint64(1 << (i % 64))
                values.append([i for i in sorted(identifiers_of) if self._is_whole_value(self.names[i])])
            self._fields_known = Fields(
                field_from=np.cumsum([0, *map(len, self._fields)]).astype(np.int32),
                field_hints=np.array([h for fields in self._fields for h in fields] or [0], np.int32),
                hints=bits,
                value_from=np.cumsum([0, *map(len, values)]).astype(np.int32),
                value_of=np.array([i for of_hint in values for i in of_hint] or [0], np.int32),
                other_from=np.cumsum([0, *map(len, others)]).astype(np.int32),
                other_of=np.array([i for of_hint in others for i in of_hint] or [0], np.int32),
                holds_numbers=np.array([any(self.members[self.names[i]].patterns for i in hint) for hint, _ in self._hint_rows], np.uint8),
                is_shape=bits.any(axis=1).astype(np.uint8),
            )
        return self._fields_known

    def _is_whole_value(self, name: str) -> bool:
        """Whether a field's whole value can be of this identifier just because the field's name says so."""
        return name == "password_hash" or self.members[name].form not in ("compact", "literal", "email", "phone", "ip", "mac", "coordinates")

    def may_hold_text(self, labels: str) -> bool:
        """Whether one of these fields may hold sentences: its name says nothing of what it is, or there is no name."""
        rows = self._fields[self.schema_of(labels)] or [0]
        return any(not hint and row in rows for (hint, _), row in self._hint_rows.items())

    @property
    def fields(self) -> Fields:
        """What the fields of all schemas seen so far hold, as their names say."""
        return self._known_fields()

    @property
    def state(self) -> Any:
        """The room and the key that the compiled loops of one thread work with."""
        return self._state

    def scan(self, records: pa.RecordBatch, *, dialled_of_record: Any = None, is_month_first: Any = None) -> Found:
        """The candidates of a batch of RECORDS."""
        labels = records.column("labels")
        numbers = np.array([self.schema_of(label or "") for label in labels.dictionary.to_pylist()] or [0], np.int32)
        indices = labels.indices.fill_null(-1).to_numpy(zero_copy_only=False)
        schema = np.where(indices >= 0, numbers[np.maximum(indices, 0)], 0).astype(np.int32)
        return self.scan_texts(records.column("text"), schema, dialled_of_record=dialled_of_record, is_month_first=is_month_first)

    def scan_texts(self, texts: pa.Array, schema: Any, *, dialled_of_record: Any = None, is_month_first: Any = None) -> Found:
        """The candidates of texts, each with the number of its schema (0: free text)."""
        b, offsets = text_buffer(texts)
        folded = fold_records(b, offsets, self._fold_room)
        of_record = OfRecord(
            schema=schema,
            country=np.zeros(0, np.int32) if dialled_of_record is None else dialled_of_record,
            is_month_first=np.zeros(0, np.uint8) if is_month_first is None else is_month_first,
        )
        size = ((int(folded.offsets[-1]) >> 6) + 1) * COLUMNS
        if size > len(self._maps):
            self._maps = np.empty(size, np.uint64)
        self._lend(text=folded.text, maps=self._maps, names=self._names, known=self._known, room=self._room)
        pieces: list[Found] = []
        begin, n_records = 0, len(texts)
        while begin < n_records:
            n, after = scan(folded.offsets, self.tables, self._known_fields(), of_record, self._state, begin)
            if n:
                found = empty_found(n)
                columns_of(self._room[:n], folded.offsets, folded.turn_from, folded.turns, *found.columns())
                pieces.append(self._without_refused(found, texts))
            elif after == begin:
                # One record holds more than there is room for.
                self._room = np.empty(len(self._room) * 4, CANDIDATE)
                self._lend(room=self._room)
            begin = after
        if len(pieces) == 1:
            return pieces[0]
        return Found(*map(np.concatenate, zip(*(p.columns() for p in pieces), strict=True))) if pieces else empty_found(0)

    def _without_refused(self, found: Found, texts: pa.Array) -> Found:
        """Leaves out what an identifier's own `is_valid` refuses."""
        keeps = np.ones(len(found), bool)
        for i, ask in self._asked.items():
            rows = np.flatnonzero(found.identifier == i)
            if len(rows):
                of_rows = texts.take(pa.array(found.record[rows])).to_numpy(zero_copy_only=False)
                places = zip(of_rows, found.start[rows].tolist(), found.end[rows].tolist(), strict=True)
                keeps[rows] = [ask(text[start:end]) for text, start, end in places]
        return found if keeps.all() else found.take(np.flatnonzero(keeps))


def empty_found(n: int) -> Found:
    """Room for n candidates."""
    types = (np.int32, np.int32, np.int32, np.int16, np.uint8, np.uint64, np.float32, np.int32)
    return Found(*(np.empty(n, each) for each in types))


def text_buffer(texts: pa.Array) -> tuple[Any, Any]:
    """The bytes and the [n + 1] offsets of an array of strings; a null is an empty text."""
    if not pa.types.is_large_string(texts.type):
        texts = texts.cast(pa.large_string())
    if texts.null_count:
        texts = texts.fill_null("")
    _, offsets, values = texts.buffers()
    starts = np.frombuffer(offsets, np.int64, len(texts) + 1, texts.offset * 8) if offsets is not None and len(texts) else np.zeros(1, np.int64)
    b = np.frombuffer(values if values is not None and values.size else b"", np.uint8)
    b.flags.writeable = starts.flags.writeable = False  # one type of array, so that the scan is compiled once
    return b, starts


def records_of(texts: Sequence[str], labels: Sequence[str] | None = None, place: str = "") -> pa.RecordBatch:
    """A batch of RECORDS from texts, for the command line and for tests."""
    n = len(texts)
    return pa.RecordBatch.from_arrays(
        [
            pa.array([place] * n).dictionary_encode(),
            pa.array(range(n), pa.int64()),
            pa.array(labels if labels is not None else [""] * n, pa.string()).dictionary_encode(),
            pa.array(texts, pa.large_string()),
        ],
        schema=RECORDS,
    )


def best_of(found: Found) -> Any:
    """[n] bool: candidates that stand when several cover the same characters: the surest, then the longest."""
    return stand(found.record, found.start, found.end, found.belief, found.flags)
