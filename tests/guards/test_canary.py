"""Values of persons never appear where they are not needed: output, errors, journal, tables, file names."""

import json
import subprocess
import sys
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from tests.respond.test_respond import COMPANY

AMANAT = Path(sys.executable).parent / "amanat"
# One person of the register, and one who is not in it; every value is a canary.
EMAIL, PHONE, NAME, IBAN, PASSWORD = (
    "canary.wren@example.org",
    "+33639980017",
    "Wrenna Canarybird",
    "FR7630006000011234567890189",
    "Tw1tter-Canary!42",
)
STRANGER = "stranger.canary@example.net"
CANARIES = [EMAIL, PHONE, "639980017", NAME, "Canarybird", IBAN, PASSWORD, STRANGER, "canary.wren"]


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    folder = tmp_path_factory.mktemp("canary")
    story = folder / "story"
    (story / "files").mkdir(parents=True)
    (story / "company.toml").write_text(COMPANY, encoding="utf-8")
    (story / "facts.toml").write_text('role = "controller"\nawareness = 2026-11-13T19:40:00+01:00\nmalicious = true\n', encoding="utf-8")
    (story / "register.csv").write_text(
        f"person_id,name,email,phone,iban,residence,language\nP-1,{NAME},{EMAIL},{PHONE},{IBAN},FR,fr\n", encoding="utf-8"
    )
    (story / "files/users.csv").write_text(
        f"email,phone,password,iban\n{EMAIL},{PHONE},{PASSWORD},{IBAN}\n{STRANGER},,{PASSWORD},\n", encoding="utf-8"
    )
    (story / "files/broken.json").write_text('[{"email": "%s", "x": ' % EMAIL, encoding="utf-8")  # noqa: UP031
    done = subprocess.run([AMANAT, "run", story, "--out", folder / "out"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return story, folder / "out", done


def test_nothing_that_is_printed_holds_a_value(run):
    _, _, done = run
    assert [c for c in CANARIES if c in done.stdout + done.stderr] == []


def test_nothing_in_the_results_holds_a_value(run):
    """The letters and notices hold no person's value either: those are filled at the moment of sending."""
    _, out, _ = run
    leaks = []
    for path in out.rglob("*"):
        if path.is_file():
            text = path.name.encode() + path.read_bytes()
            leaks += [(path.name, canary) for canary in CANARIES if canary.encode() in text or canary.encode("utf-16-le") in text]
        else:
            leaks += [(path.name, canary) for canary in CANARIES if canary in path.name]
    assert leaks == []
    tables = [out / "findings.parquet", out / "exposures.parquet", out / "persons_duties.parquet"]
    for table in tables:
        shown = json.dumps(pq.read_table(table).to_pylist(), default=str)
        assert [c for c in CANARIES if c in shown] == [], table.name


def test_the_person_was_really_found_and_the_stranger_too(run):
    _, out, _ = run
    rows = {row["person_id"]: row for row in pq.read_table(out / "exposures.parquet").to_pylist()}
    assert {"email", "phone", "password", "iban"} <= set(rows["P-1"]["kinds"])
    assert sum(row["state"] == "outsider" for row in rows.values()) == 1


def test_an_error_about_a_row_names_the_row_and_not_the_value(run, tmp_path):
    story, _, _ = run
    register = tmp_path / "register.csv"
    register.write_text(f"person_id,email\nP-1,{EMAIL}\nP-1,{STRANGER}\n", encoding="utf-8")
    done = subprocess.run(
        [AMANAT, "scope", "files", story / "files", "--register", register, "--out", tmp_path / "out"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert "register.csv" in done.stderr and [c for c in CANARIES if c in done.stdout + done.stderr] == []
    assert "3" in done.stderr


def test_the_pages_of_the_scan_of_text_show_places_only(run):
    line = json.dumps({"id": "t1", "text": f"Write to {EMAIL} or call {PHONE}."})
    done = subprocess.run([AMANAT, "scope", "text"], input=line + "\n", capture_output=True, text=True, check=False)
    answer = json.loads(done.stdout)
    start, end = 9, 9 + len(EMAIL)
    assert {"identifier": "email", "kind": "email", "start": start, "end": end} in [
        {k: f[k] for k in ("identifier", "kind", "start", "end")} for f in answer["findings"]
    ]
    assert [c for c in CANARIES if c in done.stdout + done.stderr] == []
