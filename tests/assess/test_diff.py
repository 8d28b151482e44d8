"""What changed since an assessment was kept: new and earlier duties first, and an exit code that a timer can watch."""

import json
from pathlib import Path

import pytest

from amanat.assess.__main__ import VERB

FACTS = """
role = "controller"
awareness = 2026-11-20T18:00:00+01:00
risk = "high"
encrypted = "no"
acquired = true
establishments = ["FR"]
kinds = ["email"]
residents = { FR = 12 }
"""
NOW = ("--now", "2026-11-22T05:00:00+00:00")


@pytest.fixture
def facts(tmp_path: Path) -> Path:
    path = tmp_path / "facts.toml"
    path.write_text(FACTS, encoding="utf-8")
    return path


@pytest.fixture
def kept(facts: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    assert VERB.main(["duties", str(facts), *NOW, "--format", "json"]) == 0
    path = tmp_path / "assessment.json"
    path.write_text(capsys.readouterr().out, encoding="utf-8")
    return path


def compared(kept: Path, facts: Path, capsys: pytest.CaptureFixture[str]) -> tuple[int, dict[str, object]]:
    code = VERB.main(["diff", str(kept), str(facts), *NOW, "--format", "json"])
    return code, json.loads(capsys.readouterr().out)


def test_nothing_has_changed_where_nothing_has(kept: Path, facts: Path, capsys: pytest.CaptureFixture[str]):
    code, keys = compared(kept, facts, capsys)
    assert (code, keys["changes"]) == (0, [])


def test_a_day_of_awareness_that_is_earlier_moves_the_deadline_of_72_hours(kept: Path, facts: Path, capsys: pytest.CaptureFixture[str]):
    facts.write_text(FACTS.replace("2026-11-20T18", "2026-11-19T18"), encoding="utf-8")
    code, keys = compared(kept, facts, capsys)

    [authority] = [one for one in keys["changes"] if one["duty"] == "eu-gdpr.authority"]  # type: ignore[attr-defined]
    assert (code, authority["change"]) == (1, "earlier")
    assert authority["due_before"][:16] == "2026-11-23 18:00" and authority["due_after"][:16] == "2026-11-22 18:00"


def test_people_of_a_further_place_bring_new_duties_which_stand_first(kept: Path, facts: Path, capsys: pytest.CaptureFixture[str]):
    facts.write_text(FACTS.replace("{ FR = 12 }", "{ FR = 12, GB = 3 }"), encoding="utf-8")
    code, keys = compared(kept, facts, capsys)

    changed = {one["duty"]: one["change"] for one in keys["changes"]}  # type: ignore[attr-defined]
    assert code == 1 and any(duty.startswith("uk-") for duty in changed), changed


def test_a_file_that_is_no_assessment_gets_a_sentence(facts: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    for name, text in (("a.json", "[]"), ("b.json", "no json"), ("c.json", '{"duties": 3}')):
        (tmp_path / name).write_text(text)
        assert VERB.main(["diff", str(tmp_path / name), str(facts), *NOW]) == 2
    assert VERB.main(["diff", str(tmp_path / "missing.json"), str(facts), *NOW]) == 2
    assert "give the assessment.json that `amanat run --out` wrote" in capsys.readouterr().err
