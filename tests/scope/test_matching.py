"""Properties of matching: order does not matter, and a practice company's persons are found."""

import collections
from datetime import date

import pyarrow.parquet as pq
import pytest

from amanat import scope

NOW = date(2026, 11, 22)


@pytest.fixture(scope="module")
def story(tmp_path_factory):
    # The practice company comes through its command: stages do not know each other.
    from amanat.prepare.__main__ import VERB

    folder = tmp_path_factory.mktemp("company") / "story"
    assert VERB.main(["company", str(folder), "--persons", "2000", "--seed", "5"]) == 0
    return folder


def test_the_persons_of_a_practice_company_are_found(story, tmp_path):
    found = scope.find_exposures(
        [story / "files"], story / "register.csv", out=tmp_path, key=bytes(32), now=NOW, own_domains=["karvan-hotels.example"]
    )
    truth = collections.defaultdict(set)
    mentioned = set()
    for row in pq.read_table(story / "truth.parquet").to_pylist():
        mentioned.add(row["person_id"])
        if row["readable"] and not row["path"].startswith("access/"):
            truth[row["person_id"]].add(row["kind"])
    affected = {person for person in truth if not person.startswith("out-")}
    states = {row["person_id"]: row["state"] for row in found.exposures.to_pylist()}
    assert len(affected & set(states)) >= 0.99 * len(affected)
    # Who stands in a file that breaks off is affected as well, as far as it can be read; the truth calls such files unreadable.
    sure = {person for person, state in states.items() if state == "sure"}
    assert len(sure - mentioned) <= 0.01 * len(sure)
    assert len(sure - affected) <= 0.02 * len(sure)
