"""Typed files and databases: Parquet, ORC, Avro, SQLite. Where there is one, another library makes the file than reads it."""

import gzip
import io
import json
import sqlite3
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import fastavro
import pyarrow as pa
import pyarrow.orc
import pyarrow.parquet as pq
import pytest

from amanat.scope.reader import Limits
from tests.scope.readers.reading import gaps, read, records, texts

SHIPPED = Path(pa.__file__).parent / "tests/data"  # written by the makers of Parquet and ORC, years ago

ROWS = [
    {
        "name": "Sara",
        "born": date(1980, 2, 1),
        "phone": 447700900123.0,
        "paid": Decimal("12.50"),
        "stay": {"from": datetime(2026, 3, 6, 18, tzinfo=UTC), "room": {"no": 12}},
        "tags": ["vip", "late"],
        "photo": b"\x00\xff",
    },
    {"name": "Om\x1fid", "born": None, "phone": None, "paid": None, "stay": None, "tags": None, "photo": None},
]
LABELS = "name|born|phone|paid|stay.from|stay.room.no|tags|photo"
TEXTS = ['Sara|1980-02-01|447700900123|12.50|2026-03-06 18:00:00+00:00|12|["vip", "late"]|00ff', "Om id|||||||"]


@pytest.mark.parametrize("compression", ["none", "snappy", "zstd", "gzip", "brotli", "lz4"])
def test_parquet_rows_have_dotted_labels_and_values_as_people_write_them(compression):
    out = io.BytesIO()
    pq.write_table(pa.Table.from_pylist(ROWS), out, compression=compression)
    assert records(out.getvalue()) == [(LABELS, text) for text in TEXTS]


def test_parquet_written_years_ago_by_others_is_read():
    found = texts((SHIPPED / "parquet/v0.7.1.parquet").read_bytes())
    assert found[0] == "0.23|Ideal|E|SI2|61.5|55|326|3.95|3.98|2.43|0"
    assert len(found) == 10


def test_a_damaged_part_of_a_parquet_file_is_a_gap_and_the_other_parts_are_read():
    out = io.BytesIO()
    pq.write_table(
        pa.table({"email": [f"guest{i}@example.org" for i in range(300)]}), out, row_group_size=100, compression="gzip", use_dictionary=False
    )
    data = bytearray(out.getvalue())
    at = pq.ParquetFile(out).metadata.row_group(1).column(0).data_page_offset
    data[at + 40 : at + 80] = bytes(40)
    assert {"guest0@example.org", "guest299@example.org"} <= set(texts(bytes(data)))
    assert ["A part of it is damaged" in gap for gap in gaps(bytes(data))] == [True]
    assert "cut off" in gaps(out.getvalue()[:-50])[0]


def test_a_parquet_file_that_unfolds_a_thousandfold_is_a_gap():
    out = io.BytesIO()
    pq.write_table(pa.table({"a": pa.DictionaryArray.from_arrays(pa.array([0] * 4_000_000, pa.int32()), ["x" * 100])}), out)
    assert any("times its size" in gap for gap in gaps(out.getvalue(), limits=Limits(ratio_from_bytes=1 << 20)))


def test_orc_rows_are_read_like_parquet_rows():
    out = io.BytesIO()
    pa.orc.write_table(pa.Table.from_pylist(ROWS), out)
    assert records(out.getvalue()) == [(LABELS, text) for text in TEXTS]


def test_orc_files_written_by_others_are_read_as_they_say_themselves():
    found = records((SHIPPED / "orc/TestOrcFile.test1.orc").read_bytes())
    said = [json.loads(line) for line in gzip.decompress((SHIPPED / "orc/TestOrcFile.test1.jsn.gz").read_bytes()).splitlines()]
    assert [dict(zip(labels.split("|"), text.split("|"), strict=False))["int1"] for labels, text in found] == [str(row["int1"]) for row in said]
    dates = texts((SHIPPED / "orc/TestOrcFile.testDate1900.orc").read_bytes())
    said = [json.loads(line) for line in gzip.decompress((SHIPPED / "orc/TestOrcFile.testDate1900.jsn.gz").read_bytes()).splitlines()]
    assert [text.split("|")[1] for text in dates[:1000]] == [row["date"] for row in said[:1000]] and len(dates) == len(said)


def test_avro_objects_are_records_and_logical_types_are_dates():
    schema = {
        "type": "record",
        "name": "guest",
        "fields": [
            {"name": "name", "type": "string"},
            {"name": "born", "type": ["null", {"type": "int", "logicalType": "date"}]},
            {"name": "stay", "type": ["null", {"type": "record", "name": "stay", "fields": [{"name": "room", "type": "int"}]}]},
        ],
    }
    rows = [{"name": "Sara", "born": date(1980, 2, 1), "stay": {"room": 12}}, {"name": "Omid", "born": None, "stay": None}]
    for codec in ("null", "deflate", "bzip2", "xz"):
        out = io.BytesIO()
        fastavro.writer(out, schema, rows, codec=codec)
        assert records(out.getvalue()) == [("name|born|stay.room", "Sara|1980-02-01|12"), ("name|born|stay", "Omid||")]


def test_an_avro_file_that_breaks_off_keeps_the_blocks_before():
    out = io.BytesIO()
    schema = {"type": "record", "name": "guest", "fields": [{"name": "name", "type": "string"}]}
    fastavro.writer(out, schema, [{"name": f"guest {i}"} for i in range(5000)], sync_interval=1000)
    data = out.getvalue()[:-300]
    assert "guest 4000" in texts(data) and "breaks off" in gaps(data)[0]


def database(path: Path, script: str) -> bytes:
    connection = sqlite3.connect(path)
    connection.executescript(script)
    connection.commit()
    connection.close()
    return path.read_bytes()


def test_sqlite_tables_are_read_with_their_columns_and_views_are_not_run(tmp_path):
    data = database(
        tmp_path / "a.db",
        """CREATE TABLE guests (id INTEGER PRIMARY KEY, "full name" TEXT, paid REAL, photo BLOB);
        INSERT INTO guests VALUES (1, 'Sara', 12.5, NULL), (2, 'Om' || char(31) || 'id', 447700900123.0, x'00ff');
        CREATE TABLE "odd ""name" (a) ; INSERT INTO "odd ""name" VALUES ('x');
        CREATE TABLE pairs (k TEXT PRIMARY KEY, v) WITHOUT ROWID; INSERT INTO pairs VALUES ('k', 'v');
        CREATE TABLE empty (a);
        CREATE VIEW endless AS WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT x FROM n;""",
    )
    assert read(data) == [
        ("x", "table guests", "id|full name|paid|photo", "1|Sara|12.5|"),
        ("x", "table guests", "id|full name|paid|photo", "2|Om id|447700900123|00ff"),
        ("x", 'table odd "name', "a", "x"),
        ("x", "table pairs", "k|v", "k|v"),
    ]


def test_a_document_in_a_column_is_a_file_of_its_own_and_pictures_are_counted(tmp_path):
    from tests.scope.hostile import TABLE, zip_of

    database(tmp_path / "a.db", "CREATE TABLE mails (id, file)")
    connection = sqlite3.connect(tmp_path / "a.db")
    connection.execute(
        "INSERT INTO mails VALUES (1, ?), (2, ?)",
        (zip_of({"guests.csv": TABLE, "long.txt": bytes(range(65, 91)) * 40}).ljust(600), b"\xff\xd8\xff" + bytes(900)),
    )
    connection.commit()
    connection.close()
    found = read((tmp_path / "a.db").read_bytes())
    assert ("x!/mails/0/file!/guests.csv", "", "name|email", "Sara|sara@example.org") in found
    assert [text for path, place, _, text in found if place == "GAP" and path == "x!/table mails"] == [
        "1 of its values are pictures or of a binary format that is not known."
    ]


def test_a_database_in_write_ahead_mode_and_in_utf_16_is_read(tmp_path):
    data = database(tmp_path / "a.db", "PRAGMA encoding='UTF-16'; PRAGMA journal_mode=WAL; CREATE TABLE g (n); INSERT INTO g VALUES ('سارا')")
    assert texts(data) == ["سارا"]


def test_a_damaged_database_keeps_what_can_be_read(tmp_path):
    rows = "".join(f"INSERT INTO a VALUES ('guest{i}@example.org');" for i in range(2000))
    data = bytearray(
        database(tmp_path / "a.db", f"BEGIN; CREATE TABLE a (email); CREATE TABLE b (name); {rows} INSERT INTO b VALUES ('Sara'); COMMIT;")
    )
    data[4096 * 9 : 4096 * 10] = b"\xff" * 4096
    found = read(bytes(data))
    assert ("x", "table a", "email", "guest0@example.org") in found and ("x", "table b", "name", "Sara") in found
    assert ("x", "table a", "email", "guest1999@example.org") in found  # behind the damage
    assert len({text for _, place, _, text in found if place == "table a"}) > 1800
    assert [path for path, place, _, _ in found if place == "GAP"] == ["x!/table a"]
    assert len(gaps(bytes(data[:100]) + bytes(4000))) == 1
