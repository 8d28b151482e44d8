"""Whatever is wrong is said with what, where and what next, or becomes a gap; the rest of the work is done."""

import csv
import fcntl
import io
import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.respond.test_respond import COMPANY

AMANAT = Path(sys.executable).parent / "amanat"
GOOD = "person_id,name,email,residence,language\nP-1,Ana Probe,ana@example.org,FR,fr\nP-2,Ben Probe,ben@example.org,GB,en\n"


@pytest.fixture
def story(tmp_path):
    folder = tmp_path / "story"
    (folder / "files").mkdir(parents=True)
    (folder / "company.toml").write_text(COMPANY, encoding="utf-8")
    (folder / "facts.toml").write_text('role = "controller"\nawareness = 2026-11-13T19:40:00+01:00\n', encoding="utf-8")
    (folder / "register.csv").write_text(GOOD, encoding="utf-8")
    (folder / "files/guests.csv").write_text("name,email,born\nAna Probe,ana@example.org,1980-02-03\n", encoding="utf-8")
    return folder


def run(story, code=0):
    done = subprocess.run([AMANAT, "run", story, "--out", story.parent / "out", "--format", "json"], capture_output=True, text=True, check=False)
    assert done.returncode == code, (done.stdout[-1500:], done.stderr[-1500:])
    return json.loads(done.stdout) if code == 0 else done.stderr


def gaps(story):
    with (story.parent / "out/gaps.csv").open(encoding="utf-8", newline="") as file:
        return {row["path"]: row for row in csv.DictReader(file)}


def test_an_empty_folder_of_files(story):
    (story / "files/guests.csv").unlink()
    assert "files: is empty; put the stolen files there" in run(story, code=2)


def test_a_register_without_a_usable_column(story):
    (story / "register.csv").write_text("colour,size\nred,1\n", encoding="utf-8")
    said = run(story, code=2)
    assert "register.csv" in said and "column" in said


def test_two_rows_of_the_register_with_the_same_id(story):
    (story / "register.csv").write_text(GOOD + "P-1,Cy Probe,cy@example.org,FR,fr\n", encoding="utf-8")
    said = run(story, code=2)
    assert "register.csv" in said and "row" in said
    assert "cy@example.org" not in said


def test_a_facts_file_with_a_typing_mistake(story):
    (story / "facts.toml").write_text('rolle = "controller"\n', encoding="utf-8")
    said = run(story, code=2)
    assert "facts.toml:1: there is no fact 'rolle'; did you mean 'role'?" in said


def test_a_country_that_nobody_knows_is_said_and_the_person_is_still_found(story):
    (story / "register.csv").write_text(GOOD.replace(",FR,", ",Narnia,"), encoding="utf-8")
    result = run(story)
    assert result["persons"] == 1
    assert any("residence" in note or "place" in note for note in result["notes"]), result["notes"]


def test_a_file_that_lies_about_its_type_is_read_as_what_it_is(story):
    with zipfile.ZipFile(story / "files/photo.jpg", "w") as archive:
        archive.writestr("b.csv", "name,email\nBen Probe,ben@example.org\n")
    assert run(story)["persons"] == 2


def test_a_zip_that_contains_itself_ends_in_a_gap_and_the_rest_is_read(story):
    inner = b"x"
    for _ in range(30):
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("again.zip", inner)
        inner = buffer.getvalue()
    (story / "files/again.zip").write_bytes(inner)
    assert run(story)["persons"] == 1
    assert any(path.startswith("again.zip") for path in gaps(story))


def test_a_sparse_file_of_10_gigabytes_is_a_gap_at_once(story):
    with (story / "files/huge.bin").open("wb") as file:
        os.truncate(file.fileno(), 10_000_000_000)
    result = run(story)
    assert result["persons"] == 1
    assert gaps(story)["huge.bin"]["size_bytes"] == "10000000000"


def test_a_name_with_a_newline_does_not_break_a_line_of_the_gaps(story):
    (story / "files/two\nlines.zip").write_bytes(b"PK\x03\x04 cut")
    assert run(story)["persons"] == 1
    assert len(gaps(story)) == 1


def test_a_locale_we_lack_gets_the_default_language(story):
    (story / "register.csv").write_text(GOOD.replace(",FR,fr", ",FR,br-FR"), encoding="utf-8")
    assert {n["language"] for n in run(story)["notices"]} == {"en"}


def test_a_missing_register_makes_everybody_an_outsider_and_says_what_that_means(story):
    (story / "register.csv").unlink()
    result = run(story)
    assert (result["persons"], result["outsiders"]) == (0, 1)
    assert any("register" in note for note in result["notes"])


def test_results_do_not_go_among_the_stolen_files_or_over_other_things(story):
    done = subprocess.run([AMANAT, "run", story, "--out", story / "files/out"], capture_output=True, text=True, check=False)
    assert done.returncode == 2 and "lies inside the stolen files" in done.stderr
    (story.parent / "mine").mkdir()
    (story.parent / "mine/letter.txt").write_text("keep me")
    done = subprocess.run([AMANAT, "run", story, "--out", story.parent / "mine"], capture_output=True, text=True, check=False)
    assert done.returncode == 2 and "was not made by amanat" in done.stderr
    assert (story.parent / "mine/letter.txt").read_text() == "keep me"


def test_two_runs_at_once_do_not_write_into_the_same_folder(story):
    out = story.parent / "out"
    out.mkdir()
    other = os.open(out, os.O_RDONLY)
    fcntl.flock(other, fcntl.LOCK_EX)
    assert f"{out}: another run is writing there; wait for it to end" in run(story, code=2)
    assert not list(out.iterdir())
    os.close(other)
    assert run(story)["persons"] == 1
    verified = subprocess.run([AMANAT, "journal", "verify", out / "journal.jsonl"], capture_output=True, text=True, check=False)
    assert verified.returncode == 0


@pytest.mark.parametrize("n", ["0", "-3", "two", "1.5"])
def test_nobody_at_work_is_no_way_to_find_nobody(story, n):
    for arguments in (["run", story], ["scope", "files", story / "files"]):
        done = subprocess.run([AMANAT, *arguments, "--out", story.parent / "out", "--workers", n], capture_output=True, text=True, check=False)
        assert done.returncode == 2 and f"'{n}' is not a whole number from 1" in done.stderr


def test_an_empty_journal_proves_nothing(tmp_path):
    (tmp_path / "journal.jsonl").touch()
    done = subprocess.run([AMANAT, "journal", "verify", tmp_path / "journal.jsonl"], capture_output=True, text=True, check=False)
    assert (done.returncode, "holds no entry" in done.stdout) == (1, True)


def test_an_address_that_is_none_gets_a_sentence():
    done = subprocess.run([AMANAT, "verify", "ABCD", "--url", "http://[::1"], capture_output=True, text=True, check=False)
    assert done.returncode == 2 and "is no address" in done.stderr
