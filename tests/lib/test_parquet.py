"""A table of ours that is cut off or none is named with what to do next."""

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from amanat.lib.parquet import DamagedTable, read_parquet


def test_a_whole_table_is_read_and_a_damaged_one_is_named(tmp_path):
    path = tmp_path / "exposures.parquet"
    pq.write_table(pa.table({"person_id": ["7"]}), path)
    assert read_parquet(path).to_pylist() == [{"person_id": "7"}]

    for damaged in (path.read_bytes()[:40], b"garbage", b""):
        path.write_bytes(damaged)
        with pytest.raises(DamagedTable, match=r"exposures\.parquet: is damaged"):
            read_parquet(path)
