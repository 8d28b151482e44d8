"""A whole incident: a hotel chain of 20,000 guests, from stolen files to mails counted person by person."""

import csv
import json
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import pyarrow.parquet as pq
import pytest

AMANAT = Path(sys.executable).parent / "amanat"
N_PERSONS, SEED = 20_000, 1


def amanat(*arguments, code=0):
    done = subprocess.run([AMANAT, *map(str, arguments)], capture_output=True, text=True, check=False)
    assert done.returncode == code, (done.returncode, done.stdout[-2000:], done.stderr[-3000:])
    return done


@pytest.fixture(scope="module")
def story(tmp_path_factory):
    folder = tmp_path_factory.mktemp("hotel") / "story"
    amanat("prepare", "company", folder, "--persons", N_PERSONS, "--seed", SEED)
    return folder


@pytest.fixture(scope="module")
def out(story):
    return story.parent / "out"


@pytest.fixture(scope="module")
def result(story, out):
    return json.loads(amanat("run", story, "--out", out, "--format", "json").stdout)


@pytest.fixture(scope="module")
def truth(story):
    return pq.read_table(story / "truth.parquet").to_pandas()


@pytest.fixture(scope="module")
def exposures(out, result):
    return pq.read_table(out / "exposures.parquet").to_pandas()


@pytest.mark.story
def test_at_least_99_percent_of_affected_persons_are_found_and_at_most_1_percent_are_wrong(truth, exposures):
    readable = truth[truth.readable]
    affected = {p for p in readable.person_id if not p.startswith("out-")}
    found = set(exposures[exposures.state.isin(["sure", "review"])].person_id)
    sure = set(exposures[exposures.state == "sure"].person_id)
    anywhere = {p for p in truth.person_id if not p.startswith("out-")}
    assert len(affected) > N_PERSONS * 0.3
    assert len(affected & found) / len(affected) >= 0.99
    assert len(affected & sure) / len(affected) >= 0.98
    assert len(sure - anywhere) / len(sure) <= 0.01
    assert len(found - anywhere) / len(found) <= 0.01


@pytest.mark.story
def test_kinds_are_found_for_the_person_they_belong_to(truth, exposures):
    readable = truth[truth.readable & ~truth.person_id.str.startswith("out-")]
    wanted = set(zip(readable.person_id, readable.kind, strict=True))
    rows = exposures[exposures.state.isin(["sure", "review"])]
    got = {(p, k) for p, kinds in zip(rows.person_id, rows.kinds, strict=True) for k in kinds}
    assert len(wanted & got) / len(wanted) >= 0.98
    for kind in ("email", "phone", "iban", "national_id", "ssn", "dob", "passport", "password", "password_hash"):
        mine = {pair for pair in wanted if pair[1] == kind}
        if mine:
            assert len(mine & got) / len(mine) >= 0.95, kind


@pytest.mark.story
def test_what_no_honest_reader_can_open_is_a_gap(truth, out, result):
    with (out / "gaps.csv").open(encoding="utf-8", newline="") as file:
        gaps = [row["path"] for row in csv.DictReader(file)]
    assert gaps and len(gaps) == len(result["gaps"])
    for path in sorted(set(truth[~truth.readable].path)):
        # A gap may name the container when its members cannot even be listed.
        assert any(path == gap or path.startswith(gap + "!/") or gap.startswith(path) for gap in gaps), path


@pytest.mark.story
def test_outsiders_are_listed_too(truth, exposures):
    outsiders = {p for p in truth[truth.readable].person_id if p.startswith("out-")}
    found = (exposures.state == "outsider").sum()
    assert outsiders
    assert 0.8 * len(outsiders) <= found <= 1.3 * len(outsiders)


@pytest.mark.story
def test_duties_and_deadlines_are_as_the_six_laws_say(result):
    # Awareness is Friday 13 November 2026, 19:40 in Paris; worked out by hand from the texts of the laws.
    due = {d["id"]: datetime.fromisoformat(d["due_at"]) if d["due_at"] else None for d in result["duties"] if d["state"] == "due"}
    instants = {
        "eu-gdpr.authority": "2026-11-16T18:40:00+00:00",  # 72 hours, through the weekend
        "uk-gdpr.authority": "2026-11-16T18:40:00+00:00",
        "us-ca.individuals": "2026-12-13T23:59:59-08:00",  # 30 calendar days, end of the day in California
        "us-ny.individuals": "2026-12-13T23:59:59-05:00",
        # Three working days: Mon 16, Tue 17, Wed 18 (Friday 20 is a holiday, and not reached).
        "br-lgpd.authority": "2026-11-18T23:59:59-03:00",
        "br-lgpd.individuals": "2026-11-18T23:59:59-03:00",
    }
    for duty, instant in instants.items():
        assert due[duty] == datetime.fromisoformat(instant), duty
    for duty in ("eu-gdpr.individuals", "uk-gdpr.individuals", "ca-qc-25.authority", "ca-qc-25.individuals", "us-ny.authority1"):
        assert duty in due and due[duty] is None, duty  # without undue delay, promptly: no fixed instant


@pytest.mark.story
def test_notices_are_written_in_three_languages_and_pass_the_honesty_gate(result, out):
    languages = {notice["language"] for notice in result["notices"]}
    assert languages == {"en", "fr", "fa"}
    assert [n["id"] for n in result["notices"] if n["blocking"]] == []
    for notice in result["notices"]:
        names = {p.suffix for p in (out / "notices" / notice["id"]).iterdir()}
        assert {".txt", ".html", ".pdf", ".json"} <= names, notice["id"]


@pytest.mark.story
def test_the_journal_of_the_run_is_whole(out, result):
    verdict = json.loads(amanat("journal", "verify", out / "journal.jsonl", "--head", result["journal_head"], "--format", "json").stdout)
    assert verdict["is_whole"]
