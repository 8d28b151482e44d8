"""A register's keys built and hits matched to them, beside the same join in DuckDB and Polars, where they are installed.

The large case: `python -m bench.bench_match 10000000 50000000`.
"""

import importlib.util
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

N_PERSONS, N_HITS = 1_000_000, 5_000_000
IN_A_RECORD = 5
RECORDS_IN_A_BATCH = 200_000
SYLLABLES = (
    "ba be bo ca co da de do fa fe ga go ha he ja ka ko la le li lo ma me mi mo na ne ni no pa pe ra re ri ro sa se so ta te ti to va ve vi".split()
)


def measure(n_persons: int = N_PERSONS, n_hits: int = N_HITS) -> list[dict[str, str]]:
    from amanat.scope.finder import Finder
    from amanat.scope.people import read_people
    from amanat.scope.register import open_register

    now, key = date(2026, 11, 22), bytes(range(32))
    with tempfile.TemporaryDirectory() as temporary:
        small, register = Path(temporary) / "small.parquet", Path(temporary) / "register.parquet"
        _write_register(small, 1000)
        people = read_people(open_register(small), key, now=now)  # compiled before the clock starts
        _matched(Finder(people, key, now=now), people, 10_000)
        _write_register(register, n_persons)
        began, worked = time.perf_counter(), time.process_time()
        people = read_people(open_register(register), key, now=now)
        building, building_cpu = time.perf_counter() - began, time.process_time() - worked
    finder = Finder(people, key, now=now)
    worked = time.process_time()
    matching = _matched(finder, people, n_hits)
    matching_cpu = time.process_time() - worked
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1 << 20)
    what = f"{n_hits:,} hits matched to {n_persons:,} persons ({len(people.keys):,} keys)"
    rows = []
    for name, join in (("DuckDB", _duckdb), ("Polars", _polars)):
        has_it = importlib.util.find_spec(name.lower()) is not None
        theirs = join(people, n_hits) if has_it else 0.0
        rows.append(
            {
                "what": what if not rows else "  the same",
                "ours": f"{matching:.1f} s",
                "peer": f"{name}, a join of keys, persons not told apart" if has_it else f"{name} (not installed)",
                "theirs": f"{theirs:.1f} s" if has_it else "",
                "ratio": f"{theirs / matching:.1f}×" if has_it else "",
            }
        )
    ours = f"{building:.1f} s"
    rows.insert(0, {"what": f"register of {n_persons:,} persons read, keys and index built", "ours": ours, "peer": "", "theirs": "", "ratio": ""})
    spent = f"{building_cpu:.0f} s and {matching_cpu:.0f} s"
    rows.append({"what": "  processor time of building, and of matching with making the hits", "ours": spent, "peer": "", "theirs": "", "ratio": ""})
    rows.append({"what": "  most memory of both together", "ours": f"{peak:.1f} GB", "peer": "", "theirs": "", "ratio": ""})
    return rows


def _write_register(path: Path, n_persons: int) -> None:
    """Invented persons as Parquet, with arrays and not one by one: there are millions."""
    chance = np.random.default_rng(1)
    syllables = np.array(SYLLABLES, object)
    family = pa.array(["".join(each).capitalize() for each in syllables[chance.integers(0, len(syllables), (50_000, 3))]])
    given = pa.array(["".join(each).capitalize() for each in syllables[chance.integers(0, len(syllables), (2_000, 2))]])
    writer = None
    for begin in range(0, n_persons, 250_000):
        n = min(250_000, n_persons - begin)
        number = np.arange(begin, begin + n)
        streets = family.take(pa.array(chance.integers(0, 500, n)))
        postcode = pc.utf8_lpad(_text(number * 7919 % 95000), 5, "0")
        padded = pc.utf8_lpad(_text(number), 9, "0")
        table = pa.table(
            {
                "person_id": pc.binary_join_element_wise("P", _text(number), ""),
                "given_name": given.take(pa.array(chance.integers(0, len(given), n))),
                "family_name": family.take(pa.array((chance.power(0.4, n) * len(family)).astype(int))),
                "birth_date": pa.array(np.datetime64("1935-01-01") + chance.integers(0, 26_000, n)).cast(pa.string()),
                "email": pc.binary_join_element_wise("p", padded, "@example.org", ""),
                "loyalty_id": pc.binary_join_element_wise("KL", padded, ""),
                "address": pc.binary_join_element_wise(_text(number % 190), " rue ", streets, ", ", postcode, " Paris", ""),
                "country": pa.array(["FR"] * n),
            }
        )
        writer = writer or pq.ParquetWriter(path, table.schema, compression="zstd", compression_level=1)
        writer.write_table(table)
    assert writer is not None
    writer.close()


def _text(numbers: Any) -> pa.Array:
    return pa.array(numbers).cast(pa.string())


def _batches(people: Any, n_hits: int, identifier: int) -> Any:
    """Keys and records of hits, a fifth of them of nobody."""
    chance = np.random.default_rng(2)
    for begin in range(0, n_hits, RECORDS_IN_A_BATCH * IN_A_RECORD):
        n = min(RECORDS_IN_A_BATCH * IN_A_RECORD, n_hits - begin)
        keys = people.keys[chance.integers(0, len(people.keys), n)]
        is_strange = chance.random(n) < 0.2
        keys[is_strange] = chance.integers(0, 1 << 63, int(is_strange.sum()), dtype=np.uint64)
        yield keys, np.arange(n, dtype=np.int32) // IN_A_RECORD, np.full(n, identifier, np.int16)


def _matched(finder: Any, people: Any, n_hits: int) -> float:
    """Seconds of naming the persons of all hits and counting them."""
    from amanat.scope.read import Batch
    from amanat.scope.scan import Found, records_of
    from amanat.scope.tally import Tally

    tally = Tally(people, bytes(32))
    seconds = 0.0
    for keys, record, identifier in _batches(people, n_hits, finder.scanner.names.index("email")):
        n = len(keys)
        records = records_of([""] * (int(record[-1]) + 1), ["email"] * (int(record[-1]) + 1))
        start = (np.arange(n, dtype=np.int32) % IN_A_RECORD) * 30
        field = (np.arange(n, dtype=np.int32) % IN_A_RECORD).astype(np.int32)
        found = Found(record, start, start + 20, identifier, np.zeros(n, np.uint8), keys, np.full(n, 0.9, np.float32), field)
        began = time.perf_counter()
        tally.add(finder.count(finder.decide(Batch(0, "hits", records, 0), found)))
        seconds += time.perf_counter() - began
    began = time.perf_counter()
    tally.exposures()
    return seconds + time.perf_counter() - began


def _tables(people: Any, n_hits: int) -> tuple[pa.Table, pa.Table]:
    register = pa.table({"key": np.repeat(people.keys, np.diff(people.first)), "person": people.persons})
    keys = np.concatenate([keys for keys, _, _ in _batches(people, n_hits, 0)])
    return register, pa.table({"key": keys, "record": np.arange(n_hits) // IN_A_RECORD})


def _timed(run: Callable[[], Any]) -> float:
    began = time.perf_counter()
    run()
    return time.perf_counter() - began


def _duckdb(people: Any, n_hits: int) -> float:
    import duckdb

    register, hits = _tables(people, n_hits)
    connection = duckdb.connect()
    connection.register("register", register)
    connection.register("hits", hits)
    return _timed(
        lambda: connection.execute(
            "SELECT person, count(*), count(DISTINCT record) FROM hits JOIN register USING (key) GROUP BY person"
        ).to_arrow_table()
    )


def _polars(people: Any, n_hits: int) -> float:
    import polars as pl

    register, hits = (pl.from_arrow(table) for table in _tables(people, n_hits))
    return _timed(lambda: hits.join(register, on="key").group_by("person").agg(pl.len(), pl.col("record").n_unique()))


if __name__ == "__main__":
    for row in measure(*map(int, sys.argv[1:3])):
        print(row)
