"""The whole scan, files to persons, beside plain multiprocessing of the same functions: what confinement, keeping hits and places cost."""

import os
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path
from typing import Any

AMANAT = Path(sys.executable).parent / "amanat"
N_PERSONS, N_PROCESSES, ROUNDS = 50_000, 2, 3
NOW, KEY = date(2026, 11, 22), bytes(32)

_finder: Any = None  # made before the fork, and shared by it


def measure() -> list[dict[str, str]]:
    with tempfile.TemporaryDirectory() as temporary:
        story = Path(temporary) / "story"
        subprocess.run([AMANAT, "prepare", "company", story, "--persons", str(N_PERSONS), "--seed", "1"], check=True, capture_output=True)
        n_bytes = sum(path.stat().st_size for path in (story / "files").rglob("*") if path.is_file())
        for way in ("ours", "plain"):
            _run(way, story, Path(temporary) / f"warm-{way}")  # compiled, and in the page cache, before the clock starts
        times: dict[str, list[tuple[float, float]]] = {"ours": [], "plain": []}
        for n in range(ROUNDS):  # in turn, because other programs share the machine
            for way in ("ours", "plain"):
                times[way].append(_run(way, story, Path(temporary) / f"{way}{n}"))
    (wall, cpu), (plain_wall, plain_cpu) = (tuple(min(column) for column in zip(*times[way], strict=True)) for way in ("ours", "plain"))
    peer = f"the same functions in {N_PROCESSES} processes: not confined, nothing kept"
    return [
        {
            "what": f"{n_bytes / 1e6:.0f} MB of files to persons, {N_PERSONS:,} in the register: wall, best of {ROUNDS}",
            "ours": f"{wall:.1f} s",
            "peer": peer,
            "theirs": f"{plain_wall:.1f} s",
            "ratio": f"{wall / plain_wall:.2f}×",
        },
        {"what": "  processor time", "ours": f"{cpu:.1f} s", "peer": peer, "theirs": f"{plain_cpu:.1f} s", "ratio": f"{cpu / plain_cpu:.2f}×"},
    ]


def _run(way: str, story: Path, out: Path) -> tuple[float, float]:
    """Wall and processor seconds of a process of its own, with all its children."""
    began = time.monotonic()
    process = subprocess.Popen([sys.executable, "-m", "bench.bench_pipeline", way, story, out])
    _, status, usage = os.wait4(process.pid, 0)
    assert status == 0
    return time.monotonic() - began, usage.ru_utime + usage.ru_stime


def _ours(story: Path, out: Path) -> int:
    from amanat import scope

    found = scope.find_exposures([story / "files"], story / "register.csv", out=out, key=KEY, workers=N_PROCESSES, now=NOW)
    return found.exposures.num_rows


def _plain(story: Path, out: Path) -> int:
    """Each process reads, judges and counts some files; this one adds up and writes."""
    import multiprocessing

    import pyarrow.parquet as pq

    from amanat.scope.finder import Finder
    from amanat.scope.people import read_people
    from amanat.scope.register import open_register
    from amanat.scope.tally import Tally
    from amanat.terms.finding import FINDINGS

    global _finder
    people = read_people(open_register(story / "register.csv"), KEY, now=NOW)
    _finder = Finder(people, KEY, now=NOW)
    tally = Tally(people, KEY)
    files = sorted((path for path in (story / "files").rglob("*") if path.is_file()), key=lambda path: -path.stat().st_size)
    out.mkdir()
    pool = multiprocessing.get_context("fork").Pool(N_PROCESSES)
    with pool, pq.ParquetWriter(out / "findings.parquet", FINDINGS, compression="zstd", compression_level=1) as writer:
        for counted in pool.imap_unordered(_counted, files):
            tally.add(counted)
            for findings in counted.findings:
                writer.write_table(findings)
    exposures = tally.exposures()
    pq.write_table(exposures, out / "exposures.parquet", compression="zstd")
    return exposures.num_rows


def _counted(path: Path) -> Any:
    from amanat.lib.open_set import OpenSet
    from amanat.scope.read import Batch
    from amanat.scope.reader import Limits
    from amanat.scope.source import Source
    from amanat.scope.tally import nothing, together
    from amanat.scope.unit import Lot, read_unit

    readers = OpenSet("scope/readers", "READER").load()
    with path.open("rb") as file:
        source = Source(file, name=path.name, size=path.stat().st_size, is_seekable=True)
        lots = (lot for lot in read_unit(source, path.name, readers, Limits()) if isinstance(lot, Lot))
        return together([nothing(), *(_finder.take(Batch(0, lot.path, lot.records, 0)) for lot in lots)])


if __name__ == "__main__":
    print({"ours": _ours, "plain": _plain}[sys.argv[1]](Path(sys.argv[2]), Path(sys.argv[3])), "persons", file=sys.stderr)
