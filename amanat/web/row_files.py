"""Many rows as a file for other systems, made row by row: CSV that no spreadsheet takes for formulas, and Parquet."""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar

from amanat.lib.cells import inert

T = TypeVar("T")
BATCH = 2000


def batched(rows: Iterable[T], n: int) -> Iterator[list[T]]:
    """The rows in lists of `n`; the last one may be shorter."""
    rest = iter(rows)
    while some := list(islice(rest, n)):
        yield some


def csv_lines(columns: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> Iterator[bytes]:
    """Piece by piece; what a spreadsheet could take for a formula begins with an apostrophe."""
    line = io.StringIO()
    writer = csv.writer(line)
    writer.writerow(columns)
    yield "\ufeff".encode()
    for row in rows:
        writer.writerow([inert(text_of(row[name])) for name in columns])
        if line.tell() > 1 << 16:
            yield line.getvalue().encode()
            line.seek(0)
            line.truncate()
    yield line.getvalue().encode()


def write_parquet(file: Path, schema: Any, rows: Iterable[Mapping[str, Any]]) -> None:
    """The rows under an Arrow schema; lists stay lists, moments stay moments."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    with pq.ParquetWriter(file, schema, compression="zstd") as writer:
        for some in batched(rows, BATCH):
            writer.write_table(pa.Table.from_pylist(some, schema=schema))


def text_of(value: Any) -> str:
    """A value as a cell shows it; nothing where nothing is known."""
    if isinstance(value, (list, tuple)):
        return "; ".join(map(str, value))
    if hasattr(value, "isoformat"):
        return str(value.isoformat())
    return "" if value is None else "true" if value is True else "false" if value is False else str(value)
