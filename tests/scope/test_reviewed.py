"""Reviews: what a reviewer decided holds in the next run, for what the reviewer saw."""

import pyarrow as pa
import pytest

from amanat import scope
from amanat.scope.reviewed import BadReviews
from amanat.terms.exposure import EXPOSURES


def exposures(*rows):
    given = {
        "kinds": ["name"],
        "n_findings": 1,
        "n_records": 1,
        "belief": 0.5,
        "basis": "content",
        "residence": "FR",
        "language": "fr",
        "minor": None,
    }
    return pa.Table.from_pylist([given | row for row in rows], schema=EXPOSURES)


def reviews(tmp_path, *lines, head="person_id,decision,n_records"):
    file = tmp_path / "reviewed.csv"
    file.write_text("\n".join([head, *lines]) + "\n", encoding="utf-8")
    return file


def test_a_confirmed_person_is_sure_and_a_refused_one_is_gone(tmp_path):
    found = exposures({"person_id": "G-1", "state": "review"}, {"person_id": "G-2", "state": "review"}, {"person_id": "G-3", "state": "review"})

    after = scope.with_reviews(found, reviews(tmp_path, "G-1,confirmed,1", "G-2,refused,1"))

    assert after.select(["person_id", "state", "belief"]).to_pylist() == [
        {"person_id": "G-1", "state": "sure", "belief": 1.0},
        {"person_id": "G-3", "state": "review", "belief": 0.5},
    ]
    assert after.schema == EXPOSURES


def test_a_refusal_ends_when_more_records_were_found_and_never_touches_who_is_sure(tmp_path):
    found = exposures({"person_id": "G-1", "state": "review", "n_records": 3}, {"person_id": "G-2", "state": "sure"})

    after = scope.with_reviews(found, reviews(tmp_path, "G-1,refused,2", "G-2,refused,1"))

    assert after.column("state").to_pylist() == ["review", "sure"]


def test_a_file_that_is_none_says_what_to_mend(tmp_path):
    with pytest.raises(BadReviews, match="has no column decision"):
        scope.with_reviews(exposures(), reviews(tmp_path, head="person_id,n_records"))
    with pytest.raises(BadReviews, match="row 2: decision must be confirmed or refused"):
        scope.with_reviews(exposures(), reviews(tmp_path, "G-1,maybe,1"))
    with pytest.raises(BadReviews, match="cannot be read"):
        scope.with_reviews(exposures(), tmp_path / "nothing.csv")
