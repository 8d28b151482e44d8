"""Parquet: a row is a record; structs become dotted labels. Read a few thousand rows at a time, so that its size does not matter."""

import io
from collections.abc import Iterator, Sequence

import pyarrow as pa
import pyarrow.parquet as pq

from amanat.scope.columns import rows_of
from amanat.scope.reader import Context, Hole, Read, Reader, Unreadable
from amanat.scope.source import Expansion, Source

_ROWS = 8192


def looks(source: Source) -> float:
    return {b"PAR1": 0.95, b"PARE": 0.95}.get(source.peek(4), 0.0)


def read(source: Source, context: Context) -> Iterator[Read]:
    if source.peek(4) == b"PARE":
        raise Unreadable("It is encrypted.", "Ask for its keys, write it anew without encryption on a machine kept apart, and scan that.")
    try:
        file = pq.ParquetFile(source.seekable(context.limits.held_bytes), page_checksum_verification=False)
    except (pa.ArrowException, OSError, ValueError) as error:
        raise Unreadable("Its directory is damaged, or it is cut off.", "Look for a whole copy.") from error
    out = Expansion(context.budget, source.size)
    for group in range(file.num_row_groups):
        try:
            for batch in file.iter_batches(batch_size=_ROWS, row_groups=[group], use_threads=False):
                out.add(batch.nbytes)
                if batch.num_rows:
                    yield rows_of(batch)
        except (pa.ArrowException, OSError) as error:
            yield Hole(f"A part of it is damaged ({type(error).__name__}).", "Look for a whole copy; all other parts were read.")


def examples() -> Sequence[bytes]:
    from datetime import UTC, datetime

    out = io.BytesIO()
    rows = [{"name": "Sara", "stay": {"from": datetime(2026, 3, 6, 18, tzinfo=UTC)}, "phones": ["447700900123"]}, {"name": "Omid"}]
    pq.write_table(pa.Table.from_pylist(rows), out)
    return (out.getvalue(),)


def not_examples() -> Sequence[bytes]:
    return (b"PAR is under par\n",)


READER = Reader(
    says="Parquet table",
    looks=looks,
    read=read,
    suffixes=(".parquet", ".pq"),
    source="https://parquet.apache.org/docs/file-format/",
    examples=examples,
    not_examples=not_examples,
)
