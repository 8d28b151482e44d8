"""Who may stand in what could not be read: a middle, a range, and unknown where nobody can say."""

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from amanat.scope.find import write_gaps
from amanat.scope.gaps import estimate_gaps
from amanat.scope.people import nobody
from amanat.terms.finding import FINDINGS, Gap


@pytest.fixture
def findings(tmp_path):
    """Writes findings: for each file the keys of so many persons, all different."""

    def write(**persons):
        rows = []
        for name, keys in persons.items():
            path = name.replace("_", ".")
            rows += [
                {
                    "unit": 1,
                    "path": path,
                    "place": "",
                    "record": i,
                    "start": 0,
                    "end": 1,
                    "identifier": "email",
                    "kind": "email",
                    "key": key,
                    "belief": 1,
                }
                for i, key in enumerate(keys)
            ]
        pq.write_table(pa.Table.from_pylist(rows, schema=FINDINGS), tmp_path / "findings.parquet")
        return tmp_path / "findings.parquet"

    return write


def a_gap(path, size):
    return Gap(path=path, reason="It is encrypted.", size_bytes=size, next_step="Ask for the password.")


def test_the_range_goes_from_the_leanest_to_the_richest_files_of_its_kind(findings):
    # Of 1,000 bytes each: ten persons in one table, thirty in the other; a letter with one person is of another kind.
    file = findings(a_csv=range(10), b_csv=range(100, 130), c_txt=[7])
    found = estimate_gaps(file, nobody(), [a_gap("lost.csv", 1000)], {"a.csv": 1000, "b.csv": 1000, "c.txt": 1000})
    # Densities .01 and .03: a tenth and nine tenths of the way between them, and their mean.
    assert (found.persons_least, found.persons, found.persons_most) == (12, 20, 28)
    assert "about 20 persons may stand in them, from 12 to 28" in found.as_sentence()


def test_of_unknown_size_there_may_be_nobody_or_as_many_as_in_the_richest_file_of_its_kind(findings):
    file = findings(a_csv=range(10), b_csv=range(100, 130))
    found = estimate_gaps(file, nobody(), [a_gap("lost.csv", 0)], {"a.csv": 1000, "b.csv": 1000})
    assert (found.persons_least, found.persons, found.persons_most, found.n_without_size) == (0, 0, 30, 1)
    assert "of 1 nobody knows the size" in found.as_sentence() and "0.0 MB" not in found.as_sentence()


def test_where_nothing_was_read_nobody_can_say(findings):
    found = estimate_gaps(findings(), nobody(), [a_gap("lost.csv", 1000)], {})
    assert (found.persons_least, found.persons_most) == (None, None)
    assert "nobody can say how many persons" in found.as_sentence() and "about 0" not in found.as_sentence()


def test_a_kind_that_was_never_read_is_compared_with_all_files_and_nobody_counts_more_than_there_are(findings):
    file = findings(a_csv=range(10))
    found = estimate_gaps(file, nobody(), [a_gap("lost.pst", 10**9)], {"a.csv": 1000})
    assert found.persons == found.persons_most == 10


@pytest.mark.parametrize("size", np.geomspace(1, 1e6, 7).astype(int).tolist())
def test_the_middle_lies_within_the_range(findings, size):
    file = findings(a_csv=range(3), b_csv=range(100, 190), c_csv=range(1000, 1040))
    found = estimate_gaps(file, nobody(), [a_gap("x.csv", size), a_gap("y.csv", 0)], {"a.csv": 5000, "b.csv": 1000, "c.csv": 800})
    assert found.persons_least <= found.persons <= found.persons_most


def test_a_range_that_is_none_is_not_named_and_nobody_is_new_who_was_found_already(findings):
    file = findings(a_csv=range(10))
    found = estimate_gaps(file, nobody(), [a_gap("lost.csv", 10**9)], {"a.csv": 1000})
    assert found.persons_least == found.persons_most == 10
    assert "about 10 persons may stand in them, and about" in found.as_sentence()


def test_the_list_of_gaps_runs_no_formula_in_a_spreadsheet(tmp_path):
    write_gaps([a_gap("=HYPERLINK(1).csv", 0), a_gap("files/a.csv", 0)], tmp_path / "gaps.csv")
    lines = (tmp_path / "gaps.csv").read_text(encoding="utf-8").splitlines()
    assert lines[1].startswith("'=HYPERLINK(1).csv,") and lines[2].startswith("files/a.csv,")


def test_nobody_stands_in_holes_and_pipes(findings):
    file = findings(a_csv=range(10))
    hole = Gap(
        path="b.bin", reason="52 of its 52 MB are holes: nothing was ever written there, or it was punched out.", size_bytes=52 << 20, next_step=""
    )
    pipe = Gap(path="p", reason="It is a device, pipe or socket, not a file.", size_bytes=0, next_step="")
    found = estimate_gaps(file, nobody(), [hole, pipe, a_gap("lost.csv", 100)], {"a.csv": 1000})
    assert (found.n, found.size_bytes, found.n_without_size, found.persons) == (1, 100, 0, 1)
