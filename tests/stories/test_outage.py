"""An attack that took nothing and stopped a service: from the outage to a notice for each person who went without."""

import csv
import json
import subprocess
import sys
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from tests.respond.test_respond import COMPANY
from tests.scope.test_outage import EVENTS, REGISTER

AMANAT = Path(sys.executable).parent / "amanat"
FACTS = """incident_kind = "denial_of_service"
role = "controller"
awareness = 2026-11-14T13:40:00+01:00
confidentiality_loss = false
integrity_loss = false
availability_loss = true
"""
OUTAGE = 'service = "meals"\nsince = 2026-11-14T11:00:00Z\nuntil = 2026-11-14T14:00:00Z\n'


def amanat(*arguments, code=0):
    done = subprocess.run([AMANAT, *map(str, arguments)], capture_output=True, text=True, check=False)
    assert done.returncode == code, (done.stdout[-1500:], done.stderr[-1500:])
    return done


@pytest.fixture(scope="module")
def story(tmp_path_factory):
    folder = tmp_path_factory.mktemp("flood") / "story"
    (folder / "outage").mkdir(parents=True)
    (folder / "company.toml").write_text(COMPANY, encoding="utf-8")
    (folder / "facts.toml").write_text(FACTS, encoding="utf-8")
    (folder / "register.csv").write_text(REGISTER, encoding="utf-8")
    (folder / "outage/outage.toml").write_text(OUTAGE, encoding="utf-8")
    (folder / "outage/events.csv").write_text("person_id,at,service\n" + "\n".join(",".join(row) for row in EVENTS) + "\n", encoding="utf-8")
    return folder


@pytest.mark.story
def test_whoever_went_without_the_service_gets_a_notice_about_the_service(story):
    out = story.parent / "out"
    result = json.loads(amanat("run", story, "--out", out, "--now", "2026-11-16T09:00:00+01:00", "--format", "json").stdout)
    assert (result["persons"], result["review"], result["outsiders"], result["kinds"]) == (3, 2, 1, {"service": 6})
    assert {row["basis"] for row in pq.read_table(out / "exposures.parquet").to_pylist()} == {"service"}
    told = set(pq.read_table(out / "sendings.parquet").column("person_id").to_pylist())
    assert told == {"P-1", "P-2", "P-6"}
    with (out / "left_out.csv").open(encoding="utf-8", newline="") as file:
        assert [row["person_id"][:4] for row in csv.DictReader(file)] == ["out-"]
    text = next((out / "notices").glob("*/sample.txt")).read_text(encoding="utf-8")
    assert "WHAT DID NOT WORK" in text and "WHAT OF YOURS" not in text
    called = json.loads(amanat("care", "dependents", out / "exposures.parquet", "--register", story / "register.csv", "--format", "json").stdout)
    # The one with a declared need comes first, although it is not sure that she was hit.
    assert called["persons"][0]["person_id"] == "P-5" and called["n"] == 6


@pytest.mark.story
def test_an_outage_without_its_file_is_said(story):
    (story / "outage/outage.toml").rename(story / "outage/kept.toml")
    said = amanat("run", story, "--out", story.parent / "out2", code=2).stderr
    (story / "outage/kept.toml").rename(story / "outage/outage.toml")
    assert "holds no outage.toml" in said
