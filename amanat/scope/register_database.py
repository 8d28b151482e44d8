"""A register in a database: a table or query of PostgreSQL, MySQL or SQLite, read and never written.

The address of the database, with its password, stands in a file of its owner's or in the setting AMANAT_REGISTER_URL; it is
never an argument of a command, and no error repeats it. DuckDB could read all three, but loads its extensions for them from the network.
"""

import re
import sqlite3
from collections.abc import Generator, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pyarrow as pa

from amanat.lib import settings
from amanat.lib.errors import Fixable
from amanat.scope.register_files import BLOCK_ROWS, each_once

SCHEMES = ("postgresql", "mysql", "sqlite")
_TABLE = re.compile(r"[\w$]+(\.[\w$]+){0,2}")


class NoDatabase(Fixable):
    """The database with the register cannot be reached, or does not know what it is asked for."""


def address_of(where: str, connection_file: Path | None) -> str:
    """The database's URL, from a file whose owner alone may read it, or from the setting.

    Raises:
        NoDatabase: there is none, or others may read the file.
    """
    if connection_file is None:
        url = settings.get("AMANAT_REGISTER_URL")
        if not url:
            raise NoDatabase(f"{where}: set AMANAT_REGISTER_URL to the address of the database, or name a connection_file that holds it")
    else:
        try:
            if connection_file.stat().st_mode & 0o077:
                raise NoDatabase(f"{connection_file}: others may read it, and it holds a password; chmod 600 it")
            url = connection_file.read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError):
            raise NoDatabase(f"{connection_file}: cannot be read; write the address of the database into it") from None
    if urlsplit(url).scheme not in SCHEMES:
        raise NoDatabase(f"{where}: the address of the database begins with postgresql://, mysql:// or sqlite:///")
    return url


def query_of(where: str, table: str | None, query: str | None) -> str:
    """What the database is asked. Raises NoDatabase for neither or both, and for a name that is none."""
    if (table is None) == (query is None):
        raise NoDatabase(f"{where}: give the name of a table or a query, and not both")
    if query is not None:
        return query
    assert table is not None
    if not _TABLE.fullmatch(table):
        raise NoDatabase(f"{where}: {table!r} is not the name of a table; write a query for it")
    return f"SELECT * FROM {table}"  # noqa: S608  the name was checked, and its author may run any query


def database_blocks(where: str, url: str, query: str) -> Generator[pa.RecordBatch, None, None]:
    """The answer to a query, block by block. Raises NoDatabase without a word of the address or of a value."""
    read = {"postgresql": _postgresql, "mysql": _mysql, "sqlite": _sqlite}[urlsplit(url).scheme]
    try:
        for batch in read(url, query):
            yield batch.rename_columns(each_once(batch.schema.names))
    except Exception as error:
        # Drivers put the address, or a row, into what they say.
        state = getattr(error, "sqlstate", None)
        kind = f"{type(error).__name__}{f', SQLSTATE {state}' if isinstance(state, str) else ''}"
        raise NoDatabase(f"{where}: the database did not answer ({kind}); try the same query with its own program and account") from None


def _postgresql(url: str, query: str) -> Iterator[pa.RecordBatch]:
    from adbc_driver_postgresql import dbapi

    with dbapi.connect(url, autocommit=True) as connection, connection.cursor() as cursor:
        cursor.execute("SET default_transaction_read_only = on")
        cursor.execute(query)
        yield from cursor.fetch_record_batch()


def _mysql(url: str, query: str) -> Iterator[pa.RecordBatch]:
    import pymysql
    from pymysql.cursors import SSCursor

    parts = urlsplit(url)
    connection = pymysql.connect(
        host=parts.hostname,
        port=parts.port or 3306,
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        database=parts.path.lstrip("/") or None,
        charset="utf8mb4",
        cursorclass=SSCursor,
    )
    with closing(connection), connection.cursor() as cursor:
        cursor.execute("SET SESSION TRANSACTION READ ONLY")
        cursor.execute(query)
        yield from _fetched(cursor)


def _sqlite(url: str, query: str) -> Iterator[pa.RecordBatch]:
    path = Path(unquote(urlsplit(url).path))
    with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as connection:
        yield from _fetched(connection.execute(query))


def _fetched(cursor: Any) -> Iterator[pa.RecordBatch]:
    names = each_once([column[0] for column in cursor.description])
    while rows := cursor.fetchmany(BLOCK_ROWS):
        columns = [pa.array([_text(value) for value in column], pa.string()) for column in zip(*rows, strict=True)]
        yield pa.RecordBatch.from_arrays(columns, names=names)


def _text(value: Any) -> str | None:
    if isinstance(value, bytes | bytearray | memoryview):
        return bytes(value).decode("utf-8", "replace")
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return None if value is None else str(value)
