"""Tables that others wrote are opened here: in a child process without network, files, privileges or secrets.

A warm process imports Arrow once and forks a child for each table. The table arrives as an open descriptor; the columns that
were asked for come back through a pipe as an Arrow stream. Both sides of that talk are in this file. Started as
`python -m amanat.trust.confined FD`.
"""

import atexit
import csv
import io
import json
import os
import signal
import sys
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

from amanat.lib import confine
from amanat.lib.errors import Fixable
from amanat.lib.warm import Died, Warm, serve

MEMORY_BYTES = 3 << 30
SECONDS = 900
ROWS_MAX = 300_000_000
BYTES_MAX = 6 << 30  # of all columns together, once they are unpacked
COLUMNS_MAX = 2_000
BATCH = 1 << 17
NAMES = b"columns"  # in the schema's metadata: what the table's columns are called
_HOW = {
    "exit 2": "cannot be read as Parquet or CSV; save it as UTF-8 with a header row",
    "exit 3": "cannot be read, because it needs more memory than the limit; part it into several tables, or write smaller row groups",
    "exit 5": f"has more than {COLUMNS_MAX} columns; leave only those that are asked for",
    "exit 6": "unpacks to more than the limit; part it into several tables",
    "signal 14": "cannot be read within fifteen minutes; part it into several tables",
    "signal 24": "cannot be read within fifteen minutes; part it into several tables",
}


class NotATable(Fixable):
    """A file that is neither Parquet nor CSV, or cannot be read."""


def read(path: Path, wanted: Collection[str]) -> tuple[Any, list[str]]:
    """The wanted columns of a table, by their plain names (`plain`), and the plain names of all of its columns.

    Text stays text: a column of numbers must not fail because of one word in it. Of columns of the same name the first counts.

    Raises:
        NotATable: the file cannot be used, and what to do.
    """
    if not path.is_file():
        raise NotATable(f"{path}: {'is a folder' if path.is_dir() else 'there is no such file'}; give Parquet or CSV")
    try:
        with path.open("rb") as file:
            return _warm().read(file.fileno(), sorted(wanted))
    except OSError as error:
        raise NotATable(f"{path}: cannot be opened ({error.strerror or type(error).__name__})") from None
    except _Ended as ended:
        forget()
        how = _HOW.get(str(ended), f"cannot be read: its reader ended unexpectedly ({ended}); it is damaged or an attack")
        raise NotATable(f"{path}: {how}") from None


def plain(name: str) -> str:
    """A column's name as we compare it.

    >>> plain(" Customer ID")
    'customer_id'
    """
    return name.strip().lstrip("\ufeff").lower().replace(" ", "_")


class _Ended(Exception):
    """How the child ended that did not end well."""


class Confined(Warm):
    """Our end of the warm process."""

    def __init__(self) -> None:
        # Arrow's plain allocator, because the others reserve more address space than the memory limit allows.
        super().__init__("amanat.trust.confined", "tables", ARROW_DEFAULT_MEMORY_POOL="system")
        self.wait_ready()

    def read(self, file: int, wanted: list[str]) -> tuple[Any, list[str]]:
        """What one child sends back; raises _Ended."""
        import pyarrow as pa

        out, into = os.pipe()
        table, n_bytes, is_whole = None, 0, False
        # Closed before we wait: a child that has more to say than we take must not wait for us in turn.
        with os.fdopen(out, "rb") as answers:
            try:
                self.ask(json.dumps(wanted).encode(), [into, file])
            except Died:
                raise _Ended("died") from None
            finally:
                os.close(into)
            try:
                with pa.ipc.open_stream(answers) as stream:
                    batches = []
                    for batch in stream:
                        batch.validate(full=True)  # only a child that was taken over sends anything else
                        n_bytes += batch.nbytes
                        if n_bytes > BYTES_MAX:
                            break
                        batches.append(batch)
                    else:
                        is_whole = True
                    table = pa.Table.from_batches(batches, stream.schema)
            except (pa.ArrowException, OSError, ValueError):
                is_whole = False
        try:
            how = self.how_it_ended()
        except Died:
            how = "died"
        if n_bytes > BYTES_MAX:
            raise _Ended("exit 6")
        if how != "exit 0":
            raise _Ended(how)
        if table is None or not is_whole:
            raise _Ended("died")
        names = json.loads((table.schema.metadata or {}).get(NAMES, b"[]"))
        return table.replace_schema_metadata(None), [str(name) for name in names]


_kept: dict[int, Confined] = {}


def _warm() -> Confined:
    """The warm process of this program, started at first need."""
    if os.getpid() not in _kept:
        _kept[os.getpid()] = Confined()
    return _kept[os.getpid()]


def forget() -> None:
    """Ends the warm process; the next call starts another."""
    if (one := _kept.pop(os.getpid(), None)) is not None:
        one.close()


atexit.register(forget)


# --- the other side: the warm process and its children -----------------------------------------------------------------


def _preload() -> None:
    """Every import and codec that could be wanted: later nothing can be opened."""
    # Arrow looks for pandas at its first array; nothing here needs it, and behind the belts the look itself would fail.
    sys.meta_path.insert(0, _NoPandas())
    import pyarrow as pa
    import pyarrow.compute
    import pyarrow.csv
    import pyarrow.parquet

    confine.import_codecs()
    # A fork takes no threads along, and the child makes none: one processor is enough for a pipe.
    pa.set_cpu_count(1)
    pa.set_io_thread_count(1)
    pa.array([], pa.string())


class _NoPandas:
    """Answers for pandas that there is none."""

    @staticmethod
    def find_spec(name: str, *_more: object) -> None:
        if name == "pandas":
            raise ModuleNotFoundError(name)


def _child(request: bytes, fds: list[int], _ready: None) -> None:
    """Reads one table and ends; never returns."""
    import pyarrow as pa

    try:
        into, file = fds
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.setitimer(signal.ITIMER_REAL, SECONDS)  # ends the child wherever it is, even deep inside a library
        confine.limits(memory_bytes=MEMORY_BYTES, cpu_seconds=SECONDS)
        confine.belts()
        _send(os.fdopen(file, "rb"), os.fdopen(into, "wb"), set(json.loads(request)))
    except (MemoryError, pa.ArrowMemoryError):
        os._exit(3)
    except (pa.ArrowException, UnicodeDecodeError, OSError, ValueError):
        os._exit(2)
    except BaseException:
        os._exit(4)
    os._exit(0)


def _send(file: Any, into: Any, wanted: set[str]) -> None:
    import pyarrow as pa

    names, batches = _opened(file)
    if len(names) > COLUMNS_MAX:
        os._exit(5)
    kept = [i for i, name in enumerate(names) if name in wanted and name not in names[:i]]
    writer, n_rows = None, 0
    for batch in batches:
        columns = [_plain_column(batch.column(i)) for i in kept]
        made = pa.RecordBatch.from_arrays(columns, names=[names[i] for i in kept])
        n_rows += len(batch)
        if n_rows > ROWS_MAX:
            os._exit(6)
        if writer is None:
            # Long names of columns that nobody asked for are not carried along.
            said = json.dumps([name[:80] for name in names]).encode()
            writer = pa.ipc.new_stream(into, made.schema.with_metadata({NAMES: said}))
        writer.write_batch(made)
    if writer is not None:
        writer.close()
    into.flush()


def _opened(file: Any) -> tuple[list[str], Iterator[Any]]:
    """Plain names of the columns, and the rows in batches; a table without rows gives one empty batch."""
    import pyarrow as pa
    import pyarrow.csv
    import pyarrow.parquet as pq

    is_parquet = file.read(4) == b"PAR1"
    file.seek(0)
    if is_parquet:
        table = pq.ParquetFile(file)
        schema = table.schema_arrow
        rows = table.iter_batches(batch_size=BATCH, use_threads=False)
    else:
        head = file.read(1 << 20)
        file.seek(0)
        # The sign that stands most often in the first line parts the columns.
        first = io.BytesIO(head).readline()
        sign = max(",;\t", key=lambda one: first.count(one.encode()))
        parse = pyarrow.csv.ParseOptions(newlines_in_values=True, delimiter=sign)
        inside = pyarrow.csv.ReadOptions(use_threads=False, block_size=4 << 20)
        header = next(csv.reader(io.StringIO(head.decode("utf-8-sig", "replace")), delimiter=sign), [])
        file.seek(0)
        as_text = pyarrow.csv.ConvertOptions(column_types=dict.fromkeys(header, pa.string()), strings_can_be_null=True)
        reader = pyarrow.csv.open_csv(file, read_options=inside, parse_options=parse, convert_options=as_text)
        schema, rows = reader.schema, iter(reader)
    names = [plain(name) for name in schema.names]
    empty = pa.RecordBatch.from_arrays([pa.array([], field.type) for field in schema], schema=schema)
    return names, _first_empty(empty, rows)


def _first_empty(empty: Any, rows: Iterator[Any]) -> Iterator[Any]:
    yield empty
    yield from rows


def _plain_column(column: Any) -> Any:
    """A column as text, number, truth or moment; what is none of these cannot be used and is empty."""
    import pyarrow as pa

    kind = column.type
    if pa.types.is_dictionary(kind):
        column = column.dictionary_decode()
        kind = column.type
    if pa.types.is_timestamp(kind) or pa.types.is_date(kind) or pa.types.is_boolean(kind) or pa.types.is_integer(kind):
        return column
    if pa.types.is_floating(kind) or pa.types.is_decimal(kind):
        return column.cast(pa.float64(), safe=False)
    if pa.types.is_string(kind):
        return column
    if pa.types.is_large_string(kind) or pa.types.is_binary(kind) or pa.types.is_large_binary(kind) or pa.types.is_string_view(kind):
        return column.cast(pa.string())
    return pa.nulls(len(column), pa.string())


if __name__ == "__main__":
    serve(int(sys.argv[1]), _preload, _child, fds_max=2)
