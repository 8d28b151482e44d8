"""Tables from outside are opened in a confined child: what it may do, and what becomes of damaged and hostile ones."""

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from amanat.trust import confined


def test_the_child_holds_every_belt_that_this_kernel_has():
    from amanat.lib import confine

    belts = confined._warm().belts
    assert {name: belts[name] for name in confine.belts_that_hold()} == confine.belts_that_hold()


@pytest.mark.parametrize(
    "content", [b"", b"PAR1 and nothing more", b"\xff\xfe\x00a,b\n", b"a,b\n1\n", b"a,b\n\xff\xff,2\n", b"\x00" * 5000, b'a,b\n"never closed']
)
def test_a_damaged_table_gets_a_sentence_that_repeats_nothing_of_it(tmp_path, content):
    path = tmp_path / "table"
    path.write_bytes(content)
    with pytest.raises(confined.NotATable) as raised:
        confined.read(path, {"a"})
    assert str(raised.value) == f"{path}: cannot be read as Parquet or CSV; save it as UTF-8 with a header row"


def test_after_a_damaged_table_the_next_one_is_read(tmp_path):
    path = tmp_path / "table"
    path.write_bytes(b"PAR1")
    with pytest.raises(confined.NotATable):
        confined.read(path, {"a"})
    path.write_text("A ,b,a\n1,2,3\n")
    table, names = confined.read(path, {"a"})

    assert (table.to_pylist(), names) == ([{"a": "1"}], ["a", "b", "a"])


def test_a_small_file_that_unpacks_to_more_than_we_take_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(confined, "BYTES_MAX", 10_000_000)
    column = pa.DictionaryArray.from_arrays(pa.array([0] * 200_000, pa.int8()), ["x" * 900])
    pq.write_table(pa.table({"a": column}), tmp_path / "bomb.parquet")
    assert (tmp_path / "bomb.parquet").stat().st_size < 50_000
    with pytest.raises(confined.NotATable, match="unpacks to more than the limit; part it into several tables"):
        confined.read(tmp_path / "bomb.parquet", {"a"})
    # And the next table is read as if nothing had been.
    pq.write_table(pa.table({"a": ["1"]}), tmp_path / "plain.parquet")
    assert confined.read(tmp_path / "plain.parquet", {"a"})[0].to_pylist() == [{"a": "1"}]


def test_columns_of_every_type_come_as_text_number_truth_or_moment(tmp_path):
    columns = {
        "words": pa.array(["a", None]).dictionary_encode(),
        "long": pa.array(["b", "c"], pa.large_string()),
        "bytes": pa.array([b"d", b"e"]),
        "money": pa.array(["1.50", "2.25"]).cast(pa.decimal128(10, 2)),
        "lists": pa.array([[1], [2]]),
        "truth": pa.array([True, False]),
    }
    pq.write_table(pa.table(columns), tmp_path / "table.parquet")
    table, _names = confined.read(tmp_path / "table.parquet", set(columns))

    assert table.to_pylist() == [
        {"words": "a", "long": "b", "bytes": "d", "money": 1.5, "lists": None, "truth": True},
        {"words": None, "long": "c", "bytes": "e", "money": 2.25, "lists": None, "truth": False},
    ]
