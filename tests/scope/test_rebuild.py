"""A register made from files: who was put together, and what is said of its limits."""

import csv
import json
from datetime import date

import pytest

from amanat import scope
from amanat.lib.errors import Fixable
from amanat.scope.rebuild import rebuild_register

KEY, NOW = bytes(range(32)), date(2026, 11, 22)


@pytest.fixture
def rebuild(tmp_path):
    def run(files: dict[str, str]):
        for name, text in files.items():
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name).write_text(text, encoding="utf-8")
        made = rebuild_register([tmp_path / "files"], tmp_path / "register.csv", key=KEY, now=NOW, workers=1)
        with (tmp_path / "register.csv").open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file)), made

    return run


def test_records_with_the_same_address_are_one_person_with_all_that_is_known(rebuild):
    rows, made = rebuild(
        {
            "files/a.csv": "name,email,phone\nSara Ahmadi,sara@example.org,+33 1 99 00 12 34\nMarc Petit,marc@example.org,\n",
            "files/b.csv": "e-mail,date of birth,IBAN\nSARA@example.org,1985-03-12,FR76 3000 6000 0112 3456 7890 189\n",
            "files/c.csv": "tel,name\n0033 (0)1.99.00.12.34,Sara Ahmadi\n",
        }
    )
    by = {row["email"].lower(): row for row in rows}
    assert set(by) == {"sara@example.org", "marc@example.org"} and made.persons == 2
    sara = by["sara@example.org"]
    assert (sara["name"], sara["birth_date"], sara["iban"]) == ("Sara Ahmadi", "1985-03-12", "FR76 3000 6000 0112 3456 7890 189")
    assert sara["person_id"].startswith("RB-") and "99" in sara["phone"]


def test_a_record_of_several_persons_joins_nobody(rebuild):
    rows, made = rebuild(
        {
            "files/a.csv": "email\nsara@example.org\nmarc@example.org\n",
            "files/note.txt": "Please write to sara@example.org and marc@example.org.\n",
        }
    )
    assert len(rows) == 2 and made.records_of_several == 1


def test_what_was_made_can_be_used_as_a_register_and_says_what_it_is(rebuild, tmp_path):
    rebuild({"files/a.csv": "name,email,phone\nSara Ahmadi,sara@example.org,+33 1 99 00 12 34\n"})
    found = scope.find_exposures([tmp_path / "files"], tmp_path / "register.csv", out=tmp_path / "out", key=KEY, now=NOW, workers=1)
    assert [row["state"] for row in found.exposures.to_pylist()] == ["sure"]
    said = json.loads((tmp_path / "register.rebuilt.json").read_text(encoding="utf-8"))
    assert said["persons"] == 1 and any("numbers (RB-" in limit for limit in said["limits"])
    assert (tmp_path / "register.csv").stat().st_mode & 0o777 == 0o600


def test_nothing_is_written_over_and_files_of_nobody_are_said(rebuild, tmp_path):
    with pytest.raises(Fixable, match="nobody who could be reached"):
        rebuild({"files/a.csv": "order,total\n1,2\n"})
    (tmp_path / "register.csv").write_text("x")
    with pytest.raises(Fixable, match="is there already"):
        rebuild({"files/a.csv": "email\nsara@example.org\n"})
