"""A run can stop anywhere and go on; one more file costs only itself; the answer is the same whatever the order of things."""

import contextlib
import os
import subprocess
import sys
import time
from datetime import date

import pyarrow.parquet as pq
import pytest

from amanat import scope
from amanat.scope import hits
from tests.scope import labelled

NOW = date(2026, 11, 22)
RESULTS = ("exposures", "findings", "places", "links", "outsiders")


@pytest.fixture(scope="module")
def case(tmp_path_factory):
    """Files of persons with and without a key, of strangers who hang together across files, and some that cannot be read."""
    home = tmp_path_factory.mktemp("case")
    register, records = labelled.make(300, 400, seed=9)
    rows = ["person_id,given_name,family_name,birth_date,address,email"]
    rows += [f'{p.id},{p.given[0]},{p.family[0]},{p.born},"{p.address()}",{p.id.lower()}@example.org' for p in register]
    (home / "register.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    (home / "files").mkdir()
    for n in range(8):
        lines = ["given_name,family_name,birth_date,address,email,password"]
        for i, r in enumerate(records[50 * n : 50 * n + 50], start=50 * n):
            email = (f"p-{i}@example.org", f"s{i % 40}@example.com", "")[i % 3]
            lines.append(f'{r.given},{r.family},{r.born},"{r.address}",{email},pw{i}xyzzy')
        (home / "files" / f"{n}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    (home / "files" / "note.txt").write_text("Please call p-7@example.org and s3@example.com")
    (home / "files" / "scan.bin").write_bytes(bytes(range(256)) * 8)
    return home


def find(case, out, files=None, **options):
    given = {"out": out, "key": bytes(32), "now": NOW, "workers": 2} | options
    return scope.find_exposures(files or [case / "files"], given.pop("register", case / "register.csv"), **given)


def results(out):
    return {name: pq.read_table(out / f"{name}.parquet").to_pylist() for name in RESULTS} | {"gaps": (out / "gaps.csv").read_text()}


class Stopped(Exception):
    """As if somebody had pulled the plug."""


def stop_after(n):
    left = [n]

    def progress(what, done, total):
        if what == "reading":
            left[0] -= 1
            if left[0] < 0:
                raise Stopped

    return progress


@pytest.fixture
def small_parts(monkeypatch):
    monkeypatch.setattr(hits, "PART_BYTES", 6000)


def test_the_answer_does_not_depend_on_how_many_read_or_in_which_order(case, tmp_path, small_parts):
    find(case, tmp_path / "one", workers=1)
    each = sorted((case / "files").iterdir(), reverse=True)
    find(case, tmp_path / "turned", files=each)
    for n in (2, 4):
        find(case, tmp_path / f"{n}", workers=n)
        assert results(tmp_path / f"{n}") == results(tmp_path / "one")
    assert results(tmp_path / "turned") == results(tmp_path / "one")


def test_a_run_that_stopped_anywhere_goes_on_and_gives_the_same(case, tmp_path, small_parts):
    whole = find(case, tmp_path / "whole")
    most_kept = 0
    for n in range(0, 24, 3):
        out = tmp_path / f"stopped-{n}"
        with contextlib.suppress(Stopped):
            find(case, out, progress=stop_after(n))
        again = find(case, out)
        most_kept = max(most_kept, again.n_kept)
        assert results(out) == results(tmp_path / "whole"), n
        assert (again.n_records, again.n_findings, again.n_bytes) == (whole.n_records, whole.n_findings, whole.n_bytes)
    assert most_kept >= 4  # it did not begin anew each time


def test_a_large_file_goes_on_in_its_middle(case, tmp_path):
    line = "{},{},s{}@example.com\n"
    (tmp_path / "files").mkdir()
    with (tmp_path / "files" / "large.csv").open("w") as file:
        file.write("note,number,email\n")
        for n in range(150_000):
            file.write(line.format("x" * 160, n, n % 500))
    find(case, tmp_path / "whole", files=[tmp_path / "files"])
    out = tmp_path / "stopped"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(hits, "PART_BYTES", 1)
        with pytest.raises(Stopped):
            find(case, out, files=[tmp_path / "files"], progress=stop_after(2))
    kept = len(list((out / "hits").rglob("*.arrow")))
    judged = []
    with pytest.MonkeyPatch.context() as patch:
        from amanat.scope.finder import Finder

        judge = Finder.judge
        patch.setattr(Finder, "judge", lambda self, batch: judged.append(batch.path) or judge(self, batch))
        find(case, out, files=[tmp_path / "files"])
    total = len(list((out / "hits").rglob("*.arrow")))
    assert kept >= 2 and judged and total >= kept
    assert results(out) == results(tmp_path / "whole")
    find(case, tmp_path / "counted", files=[tmp_path / "files"])
    manifest = next((tmp_path / "counted" / "hits").rglob("*.jsonl")).read_text()
    assert len(judged) == manifest.count('"batch"') - kept


def test_one_more_file_is_read_alone_and_a_file_that_left_does_not_count(case, tmp_path):
    home = tmp_path / "files"
    home.mkdir()
    for name in ("0.csv", "1.csv"):
        (home / name).write_bytes((case / "files" / name).read_bytes())
    find(case, tmp_path / "out", files=[home])
    (home / "00.csv").write_bytes((case / "files" / "2.csv").read_bytes())
    more = find(case, tmp_path / "out", files=[home])
    assert more.n_kept == 2
    (home / "1.csv").unlink()
    fewer = find(case, tmp_path / "out", files=[home])
    fresh = find(case, tmp_path / "fresh", files=[home])
    assert (fewer.n_kept, fresh.n_kept) == (2, 0)
    assert results(tmp_path / "out") == results(tmp_path / "fresh")


def test_a_file_that_changed_is_read_again(case, tmp_path):
    home = tmp_path / "files"
    home.mkdir()
    (home / "a.csv").write_text("email\np-1@example.org\n")
    find(case, tmp_path / "out", files=[home])
    (home / "a.csv").write_text("email\np-2@example.org\n")
    os.utime(home / "a.csv", ns=(1, 1))
    again = find(case, tmp_path / "out", files=[home])
    assert again.n_kept == 0 and again.exposures.column("person_id").to_pylist() == ["P-2"]


def test_what_was_found_for_another_register_or_key_is_not_used_and_removed(case, tmp_path):
    find(case, tmp_path / "out")
    (first,) = (tmp_path / "out" / "hits").iterdir()
    lines = (case / "register.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    (tmp_path / "register.csv").write_text("".join(lines[:-1]), encoding="utf-8")
    for options in ({"register": tmp_path / "register.csv"}, {"key": bytes(31) + b"x"}, {"own_domains": ["hotel.example"]}):
        again = find(case, tmp_path / "out", **options)
        (now,) = (tmp_path / "out" / "hits").iterdir()
        assert again.n_kept == 0 and now != first


def test_a_list_torn_in_the_middle_of_a_line_costs_only_what_it_named_last(case, tmp_path, small_parts):
    find(case, tmp_path / "out")
    before = results(tmp_path / "out")
    (manifest,) = (tmp_path / "out" / "hits").rglob("*.jsonl")
    manifest.write_bytes(manifest.read_bytes()[:-30])
    (manifest.parent / "000099.part").write_bytes(b"half a part")
    again = find(case, tmp_path / "out")
    assert 0 < again.n_kept < 10 and results(tmp_path / "out") == before
    assert find(case, tmp_path / "out").n_kept == 10


def test_what_was_found_is_good_in_another_process_and_on_another_day(case, tmp_path):
    find(case, tmp_path / "out")
    program = f"""
from datetime import date
from pathlib import Path
from amanat import scope
found = scope.find_exposures(
    [Path({str(case / "files")!r})], Path({str(case / "register.csv")!r}), out=Path({str(tmp_path / "out")!r}), key=bytes(32), now=date(2026, 11, 23)
)
print(found.n_kept)
"""
    for seed in ("1", "2"):  # sets of words come in another order
        told = subprocess.run([sys.executable, "-c", program], env=os.environ | {"PYTHONHASHSEED": seed}, check=True, capture_output=True, text=True)
        assert told.stdout.split() == ["10"]


def test_of_many_small_files_what_was_read_is_kept_every_thousand_batches(case, tmp_path, monkeypatch):
    monkeypatch.setattr(hits, "PART_BATCHES", 2)
    written = []
    flush = hits.Writer.flush

    def noted(self):
        written.append(len(self._pending))
        flush(self)

    monkeypatch.setattr(hits.Writer, "flush", noted)
    found = find(case, tmp_path, workers=1)
    assert found.n_records and max(written) <= 4 and len(written) >= 5
    assert pq.ParquetFile(tmp_path / "findings.parquet").num_row_groups == 1


def test_a_run_that_was_killed_goes_on(case, tmp_path):
    find(case, tmp_path / "whole")
    out = tmp_path / "killed"
    program = f"""
from datetime import date
from pathlib import Path
from amanat import scope
from amanat.scope import hits
hits.PART_BYTES = 1
files = sorted(Path({str(case / "files")!r}).iterdir())
scope.find_exposures(files, Path({str(case / "register.csv")!r}), out=Path({str(out)!r}), key=bytes(32), now=date(2026, 11, 22), workers=1)
"""
    with subprocess.Popen([sys.executable, "-c", program]) as run:
        until = time.monotonic() + 300
        while run.poll() is None and not list((out / "hits").rglob("*.jsonl")) and time.monotonic() < until:
            time.sleep(0.002)
        run.kill()
    assert list((out / "hits").rglob("*.jsonl"))
    find(case, out)
    assert results(out) == results(tmp_path / "whole")
