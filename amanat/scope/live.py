"""Live: a database of the company's read as it stands, in place of a file: every table that its account may read, and nothing written.

For the day on which the thief had an account in the database and no copy is in hand. Its address stands in a file of its owner's, as in
`register_database`; the tables' names, not the address, stand in paths.
"""

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pyarrow as pa
import pyarrow.compute as pc

from amanat.scope.columns import rows_of
from amanat.scope.read import Batch, File
from amanat.scope.record import FIELD, RECORDS
from amanat.scope.register_database import NoDatabase, address_of, database_blocks
from amanat.terms.finding import Gap

LIVE_UNITS = 1_000_000  # numbers of units from here on are databases
_ROWS = 8192
_QUOTE = {"postgresql": '"', "mysql": "`", "sqlite": '"'}
# Schema and name of every table; views show what stands in tables.
_TABLES = {
    "postgresql": "SELECT table_schema::text, table_name::text FROM information_schema.tables WHERE table_type <> 'VIEW'"
    " AND table_schema NOT IN ('pg_catalog', 'information_schema') AND table_schema NOT LIKE 'pg_toast%' ORDER BY 1, 2",
    "mysql": "SELECT table_schema, table_name FROM information_schema.tables WHERE table_type = 'BASE TABLE'"
    " AND table_schema NOT IN ('mysql', 'performance_schema', 'information_schema', 'sys') ORDER BY 1, 2",
    "sqlite": "SELECT 'main', name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY 2",
}


def read_database(
    connection_file: Path, *, unit: int, leave: Callable[[File], bool] = lambda file: False, done: Callable[[File], None] = lambda file: None
) -> Iterator[Batch | Gap]:
    """Batches of every table of a database, and a gap for each table that cannot be read.

    Args:
        connection_file: holds postgresql://…, mysql://… or sqlite:///…; only its owner may read it.
        unit: the number of this source within the scan.
        leave, done: asked and told as by `read_units`.

    Raises:
        NoDatabase: it cannot be reached, or others may read the file.
    """
    url = address_of(str(connection_file), connection_file)
    scheme = urlsplit(url).scheme
    name = f"{scheme} {Path(unquote(urlsplit(url).path)).name or 'database'}"
    file = File(name, 0, time.time_ns())  # a database that is at work is another one each time
    if leave(file):
        return
    tables: list[tuple[str, str]] = []
    for block in database_blocks(name, url, _TABLES[scheme]):
        tables += zip(*(block.column(i).cast(pa.string()).to_pylist() for i in range(2)), strict=True)
    wanted = unquote(urlsplit(url).path).strip("/") if scheme == "mysql" else ""
    quote = _QUOTE[scheme]
    for schema, table in tables:
        if wanted and schema != wanted:
            continue
        whole = f"{schema}.{table}"
        path = f"{name}!/{whole}"
        query = "SELECT * FROM " + ".".join(quote + part.replace(quote, 2 * quote) + quote for part in (schema, table))  # noqa: S608 names, quoted
        n_records = 0
        try:
            for block in database_blocks(name, url, query):
                for begin in range(0, block.num_rows, _ROWS):
                    records = _records(block.slice(begin, _ROWS), f"table {whole}", n_records)
                    n_records += records.num_rows
                    yield Batch(unit, path, records, records.column("text").nbytes, file)
        except NoDatabase:
            reason = f"The table could be read only up to row {n_records:,}." if n_records else "The table could not be read."
            yield Gap(path=path, reason=reason, size_bytes=0, next_step="Ask whoever runs the database for the right to read it, and scan again.")
    done(file)


def _records(block: pa.RecordBatch, place: str, begin: int) -> pa.RecordBatch:
    rows = rows_of(block, place)
    texts = rows.texts.filter(pc.not_equal(pc.binary_length(pc.utf8_trim(rows.texts, FIELD)), 0))
    n = len(texts)
    same = pa.array([0] * n, pa.int32())
    columns = [
        pa.DictionaryArray.from_arrays(same, pa.array([rows.place], pa.string())),
        pa.array(range(begin, begin + n), pa.int64()),
        pa.DictionaryArray.from_arrays(same, pa.array([rows.labels], pa.string())),
        texts,
    ]
    return pa.RecordBatch.from_arrays(columns, schema=RECORDS)
