"""Places: where a person was seen, by what, and what else stands there."""

import pyarrow.parquet as pq
import pytest

from amanat import scope

from .test_find import KEY, NOW, REGISTER


@pytest.fixture
def places(tmp_path):
    def run(files):
        (tmp_path / "files").mkdir()
        for name, text in files.items():
            (tmp_path / "files" / name).write_text(text, encoding="utf-8")
        (tmp_path / "register.csv").write_text(REGISTER, encoding="utf-8")
        scope.find_exposures([tmp_path / "files"], tmp_path / "register.csv", out=tmp_path / "out", key=KEY, now=NOW, workers=1)
        return pq.read_table(tmp_path / "out" / "places.parquet").to_pylist()

    return run


def inside(found):
    """Those of the register."""
    return [place for place in found if not place["person_id"].startswith("out-")]


def test_a_person_s_places_name_file_and_record_and_what_is_theirs_there(places):
    found = inside(places({"guests.csv": "mail,card\nnobody@example.org,\nsara@example.org,4111111111111111\n"}))

    assert [(p["person_id"], p["path"].rsplit("/")[-1], p["record"], p["same"], p["other"]) for p in found] == [
        ("P-1", "guests.csv", 1, ["card", "email"], [])
    ]


def test_what_stands_beside_a_name_and_is_somebody_else_s_is_said(places):
    found = inside(places({"list.csv": "name,email\nLena Petit,lena.other@example.net\n"}))

    assert [(p["person_id"], p["same"], p["other"]) for p in found] == [("P-3", ["person_name"], ["email"])]


def test_a_person_on_every_line_has_five_places(places):
    found = inside(places({"log.csv": "mail\n" + "sara@example.org\n" * 40}))

    assert [p["record"] for p in found] == [0, 1, 2, 3, 4]


def test_a_shared_address_points_to_each_of_those_who_share_it(places):
    found = inside(places({"mails.csv": "mail\nmarc@example.org\n"}))

    assert [p["person_id"] for p in found] == ["P-2", "P-3"]


def test_an_outsider_is_seen_where_their_keys_stand(places):
    found = places(
        {
            "a.csv": "mail,card\nnobody@example.org,\nsara@example.org,4111111111111111\n",
            "b.csv": "mail,card\nnobody@example.org,5555555555554444\n",
            "c.txt": "card 5555 5555 5555 4444 was charged\n",
        }
    )
    outside = [place for place in found if place["person_id"].startswith("out-")]

    assert len({place["person_id"] for place in outside}) == 1
    assert [(place["path"].rsplit("/")[-1], place["record"], place["same"], place["other"]) for place in outside] == [
        ("a.csv", 0, ["email"], []),
        ("b.csv", 0, ["card", "email"], []),
        ("c.txt", 0, ["card"], []),
    ]


def test_an_outsider_on_every_line_has_five_places(places):
    found = places({"a.csv": "mail\n" + "nobody@example.org\n" * 30})

    assert [place["record"] for place in found] == [0, 1, 2, 3, 4]


def test_places_never_hold_a_value(places):
    text = str(places({"guests.csv": "name,mail,card\nSara Ahmadi,sara@example.org,4111111111111111\n"}))

    assert [value for value in ("Sara", "sara@", "4111") if value in text] == []
