"""A run tries the passwords and reads the databases that it is given, and tells nobody of either."""

import json
import sqlite3

import pytest

from amanat.verbs.run import VERB
from tests.respond.test_respond import COMPANY
from tests.scope import hostile

REGISTER = (
    "person_id,email,residence,language\n1,sara@example.org,FR,fr\n2,omid@example.org,FR,fr\n3,marc@example.org,FR,fr\n4,zoe@example.org,FR,fr\n"
)


@pytest.fixture
def story(tmp_path):
    folder = tmp_path / "story"
    (folder / "files").mkdir(parents=True)
    (folder / "company.toml").write_text(COMPANY, encoding="utf-8")
    (folder / "facts.toml").write_text('role = "controller"\nawareness = 2026-11-13T19:40:00+01:00\n', encoding="utf-8")
    (folder / "register.csv").write_text(REGISTER, encoding="utf-8")
    (folder / "files/a.zip").write_bytes(hostile.encrypted_zip())  # of Sara and Omid; its password is saffron
    return folder


def persons(story, capsys, *options):
    assert VERB.main([str(story), "--out", str(story.parent / "out"), *map(str, options), "--format", "json"]) == 0
    return json.loads(capsys.readouterr().out)["persons"]


def test_passwords_open_what_is_locked_and_stand_in_no_line_that_is_kept(story, capsys):
    assert persons(story, capsys) == 0
    (story.parent / "words.txt").write_text("crocus\nsaffron\n")
    assert persons(story, capsys, "--passwords", story.parent / "words.txt") == 2
    kept = [path for path in (story.parent / "out").rglob("*") if path.is_file() and b"saffron" in path.read_bytes()]
    assert kept == []


def test_a_list_of_passwords_in_the_story_is_tried_without_asking(story, capsys):
    (story / "passwords.txt").write_text("saffron\n")
    assert persons(story, capsys) == 2


def test_a_bad_list_of_passwords_is_said_and_not_repeated(story, capsys):
    (story.parent / "words.txt").write_bytes(b"saffron\xff\n")
    assert VERB.main([str(story), "--out", str(story.parent / "out"), "--passwords", str(story.parent / "words.txt")]) == 2
    said = capsys.readouterr().err
    assert "is not UTF-8" in said and "saffron" not in said


def test_a_database_takes_the_place_of_files(story, capsys):
    (story / "files/a.zip").unlink()
    with sqlite3.connect(story.parent / "hotel.db") as connection:
        connection.executescript("CREATE TABLE guests (name, email); INSERT INTO guests VALUES ('Marc', 'marc@example.org')")
    (story.parent / "db.url").write_text(f"sqlite://{story.parent}/hotel.db")
    (story.parent / "db.url").chmod(0o600)
    assert VERB.main([str(story), "--out", str(story.parent / "out")]) == 2
    assert "files: is empty" in capsys.readouterr().err
    assert persons(story, capsys, "--database", story.parent / "db.url") == 1
    assert "hotel.db" not in (story.parent / "out/journal.jsonl").read_text()
