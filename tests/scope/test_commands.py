"""The commands of scope, as people and programs call them."""

import io
import json
import subprocess
import sys
from pathlib import Path

import pytest

from amanat.scope.__main__ import VERB


def call(capsys, *arguments: str) -> tuple[int, str, str]:
    code = VERB.main(list(arguments))
    out, err = capsys.readouterr()
    return code, out, err


def test_text_answers_each_line_without_its_values(capsys, monkeypatch):
    lines = [json.dumps({"id": 7, "text": "mail sara@example.org"}), json.dumps({"id": "b", "text": "nothing"})]
    monkeypatch.setattr("sys.stdin", io.StringIO("\n".join(lines) + "\n"))
    code, out, _ = call(capsys, "text")
    first, second = (json.loads(line) for line in out.splitlines())
    assert code == 0
    assert first == {"id": 7, "findings": [{"identifier": "email", "kind": "email", "start": 5, "end": 21, "belief": 0.99}]}
    assert second == {"id": "b", "findings": []}
    assert "sara" not in out


def test_text_says_which_line_is_not_json(capsys, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO("nonsense\n"))
    code, out, _ = call(capsys, "text")
    assert code == 1 and json.loads(out)["line"] == 1


def test_identifiers_are_listed_for_machines(capsys):
    code, out, _ = call(capsys, "identifiers", "--format", "json")
    names = {entry["identifier"]: entry["kind"] for entry in json.loads(out)["identifiers"]}
    assert code == 0 and names["iban"] == "iban" and names["us_ssn"] == "ssn" and names["fr_nir"] == "national_id"


def test_files_tells_people_what_was_found_and_what_was_not_read(capsys, tmp_path):
    (tmp_path / "files").mkdir()
    (tmp_path / "files" / "a.csv").write_text("email,password\nsara@example.org,hunter2hunter\n")
    (tmp_path / "files" / "scan.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(64))
    (tmp_path / "register.csv").write_text("person_id,email\nP-1,sara@example.org\n")
    arguments = ["files", str(tmp_path / "files"), "--register", str(tmp_path / "register.csv"), "--out", str(tmp_path / "out"), "--workers", "1"]
    code, out, _ = call(capsys, *arguments)
    assert code == 0 and "1 persons of the register are affected for sure" in out and "scan.png" in out
    code, out, _ = call(capsys, *arguments, "--format", "json")
    keys = json.loads(out)
    assert (keys["persons"], keys["sure"], keys["review"], keys["outsiders"]) == (1, 1, 0, 0)
    assert keys["kinds"] == {"email": 1, "password": 1, "online_credentials": 1}
    assert {p.name for p in (tmp_path / "out").iterdir()} >= {"findings.parquet", "exposures.parquet", "gaps.csv", "register.toml"}


@pytest.mark.parametrize("what", ["no_register.csv", "empty.csv"])
def test_a_register_that_cannot_be_used_is_a_sentence(capsys, tmp_path, what):
    (tmp_path / "a.txt").write_text("x")
    (tmp_path / "empty.csv").write_text("")
    code, _, err = call(capsys, "files", str(tmp_path / "a.txt"), "--register", str(tmp_path / what), "--out", str(tmp_path / "out"))
    assert code == 2 and what in err and len(err.splitlines()) == 1


def test_an_empty_folder_is_no_clean_result_but_a_sentence_as_in_a_run(tmp_path):
    (tmp_path / "files" / "below").mkdir(parents=True)
    done = subprocess.run(
        [Path(sys.executable).parent / "amanat", "scope", "files", tmp_path / "files", "--out", tmp_path / "out"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "files: is empty; put the stolen files there, or say with --access what was reachable" in done.stderr


def test_locked_files_are_opened_by_a_list_of_passwords_and_a_database_is_read_as_it_stands(tmp_path, capsys):
    import sqlite3

    from tests.scope import hostile

    files = tmp_path / "files"
    files.mkdir()
    (files / "a.zip").write_bytes(hostile.encrypted_zip())
    with sqlite3.connect(tmp_path / "hotel.db") as connection:
        connection.executescript("CREATE TABLE guests (name, email); INSERT INTO guests VALUES ('Marc', 'marc@example.org')")
    (tmp_path / "db.url").write_text(f"sqlite://{tmp_path}/hotel.db")
    (tmp_path / "db.url").chmod(0o600)
    (tmp_path / "register.csv").write_text("person_id,email\n1,sara@example.org\n2,omid@example.org\n3,marc@example.org\n4,zoe@example.org\n")
    (tmp_path / "passwords.txt").write_text("crocus\nsaffron\n")

    def sure(*more: str) -> int:
        given = ["--register", str(tmp_path / "register.csv"), "--out", str(tmp_path / "out"), "--format", "json"]
        code, out, err = call(capsys, "files", str(files), *given, *more)
        assert code == 0, err
        return json.loads(out)["sure"]

    assert sure() == 0
    assert sure("--passwords", str(tmp_path / "passwords.txt")) == 2  # what was a gap in the run before is read again
    assert sure("--passwords", str(tmp_path / "passwords.txt"), "--database", str(tmp_path / "db.url")) == 3
