"""Scanner: from a batch of records to the candidates in it, with character offsets and keyed hashes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from amanat.scope.engine import Candidates, Context, room_for, scan, workspace
from amanat.scope.fold import fold_records, fold_text
from amanat.scope.identifier import Identifier, identifiers
from amanat.scope.keys import field_numbers, stand
from amanat.scope.record import FIELD, RECORDS
from amanat.scope.siphash import key_words
from amanat.scope.tables import Headers, compile_tables, dialled, standard_tables, word_hash

# National spellings that are read when nobody says which countries matter.
REGIONS = ("US", "GB", "FR", "DE", "IR", "BR", "ES", "PT")


@dataclass(frozen=True, slots=True)
class Found:
    """Candidates of one batch, in the order of the records; one array for each column."""

    record: Any  # [n] int32, row of the batch
    start: Any  # [n] int32, first character within the record's text
    end: Any  # [n] int32
    identifier: Any  # [n] int16, number in alphabetical order
    flags: Any  # [n] uint8, see engine.py
    key: Any  # [n] uint64
    belief: Any  # [n] float32
    field: Any  # [n] int32, number of the field within the record

    def __len__(self) -> int:
        return len(self.key)

    def take(self, rows: Any) -> "Found":
        return Found(*(getattr(self, name)[rows] for name in ("record", "start", "end", "identifier", "flags", "key", "belief", "field")))


class Scanner:
    """Looks for identifiers in records. One scanner belongs to one thread; the passes themselves release the lock."""

    def __init__(
        self,
        key: bytes,
        *,
        members: Mapping[str, Identifier] | None = None,
        regions: Sequence[str] = REGIONS,
        own_domains: Sequence[str] = (),
        names: Any = None,
        year_max: int = 2026,
    ) -> None:
        self.members = dict(members if members is not None else identifiers())
        self.names = tuple(self.members)
        self.tables = standard_tables() if members is None else compile_tables(self.members)
        words = key_words(key)
        self.key_words = (words[0], words[1])
        self._headers = Headers(self.members)
        self._hint_rows: dict[frozenset[int], int] = {frozenset(): 0}
        self._schemas: dict[str, int] = {"": 0}
        self._fields: list[list[int]] = [[]]
        self._dialled = dialled(regions)
        self._regions = {code: i for i, code in enumerate(self._dialled[:, 0].tolist())}
        self._own = np.array([word_hash(fold_text(domain).lower().lstrip("@.")) for domain in own_domains], np.uint64)
        self._bloom = names if names is not None else np.zeros(1, np.uint8)
        self._year_max = year_max
        self._arrays: tuple[Any, Any, Any] | None = None
        self._room = room_for(1 << 16)
        self._work = workspace(len(self.members))

    def region_row(self, calling_code: int) -> int:
        """Row of a calling code among the countries whose national spelling is read; -1 when it is not."""
        return self._regions.get(calling_code, -1)

    def schema_of(self, labels: str, hints: Sequence[frozenset[int]] | None = None) -> int:
        """Number of a list of field names. `hints` says what the fields hold when the names do not."""
        if labels not in self._schemas or hints is not None:
            found = hints if hints is not None else [self._headers.of(label) for label in labels.split(FIELD)]
            if labels not in self._schemas:
                self._schemas[labels] = len(self._fields)
                self._fields.append([])
            self._fields[self._schemas[labels]] = [self._hint_rows.setdefault(hint, len(self._hint_rows)) for hint in found]
            self._arrays = None
        return self._schemas[labels]

    def _schema_arrays(self) -> tuple[Any, Any, Any]:
        if self._arrays is None:
            ends = np.cumsum([0, *map(len, self._fields)]).astype(np.int32)
            hints = np.array([h for fields in self._fields for h in fields] or [0], np.int32)
            matrix = np.zeros((len(self._hint_rows), len(self.names)), np.uint8)
            for identifiers_of, row in self._hint_rows.items():
                matrix[row, list(identifiers_of)] = 1
            self._arrays = ends, hints, matrix
        return self._arrays

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
        folded, folded_offsets, at = fold_records(b, offsets)
        ends, hints, matrix = self._schema_arrays()
        context = Context(
            schema_of_record=schema,
            field_from=ends,
            field_hints=hints,
            hints=matrix,
            dialled=self._dialled,
            dialled_of_record=np.zeros(0, np.int32) if dialled_of_record is None else dialled_of_record,
            is_month_first=np.zeros(0, np.uint8) if is_month_first is None else is_month_first,
            own_domains=self._own,
            names=self._bloom,
            year_max=self._year_max,
        )
        pieces: list[Candidates] = []
        begin, n_records = 0, len(texts)
        while begin < n_records:
            n, after = scan(folded, folded_offsets, self.tables, context, self._work, *self.key_words, self._room, begin)
            if n:
                pieces.append(Candidates(*(column[:n].copy() for column in self._room)))
            elif after == begin:
                # One record holds more than there is room for.
                self._room = room_for(len(self._room.key) * 4)
            begin = after
        columns = (
            Candidates(*(np.concatenate(parts) for parts in zip(*pieces, strict=True))) if pieces else Candidates(*(c[:0].copy() for c in self._room))
        )
        begins = folded_offsets[columns.record]
        field = field_numbers(folded, begins, columns.start)
        if at.size:
            start, end = at[columns.start], at[np.maximum(columns.end - 1, 0)] + 1
        else:
            start, end = columns.start - begins, columns.end - begins
        return Found(
            columns.record, start.astype(np.int32), end.astype(np.int32), columns.identifier, columns.flags, columns.key, columns.belief, field
        )


def text_buffer(texts: pa.Array) -> tuple[Any, Any]:
    """The bytes and the [n + 1] offsets of an array of strings; a null is an empty text."""
    if not pa.types.is_large_string(texts.type):
        texts = texts.cast(pa.large_string())
    if texts.null_count:
        texts = texts.fill_null("")
    _, offsets, values = texts.buffers()
    starts = np.frombuffer(offsets, np.int64, len(texts) + 1, texts.offset * 8) if offsets is not None and len(texts) else np.zeros(1, np.int64)
    return (np.frombuffer(values, np.uint8) if values is not None and values.size else np.zeros(0, np.uint8)), starts


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
