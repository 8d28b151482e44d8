import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from amanat.assess.__main__ import VERB
from tests.assess.stories import exposures_of

FACTS = """
role = "controller"
awareness = 2026-11-20T18:00:00+01:00
risk = "high"
encrypted = "no"
acquired = true
establishments = ["FR"]
"""


@pytest.fixture
def facts(tmp_path: Path) -> str:
    (tmp_path / "facts.toml").write_text(FACTS, encoding="utf-8")
    return str(tmp_path / "facts.toml")


@pytest.fixture
def exposures(tmp_path: Path) -> str:
    pq.write_table(exposures_of((3, "FR", ["email"], "sure"), (501, "US-CA", ["ssn"], "sure")), tmp_path / "exposures.parquet")
    return str(tmp_path / "exposures.parquet")


def test_duties_prints_the_clock_wall_where_the_authority_is_and_in_utc(facts: str, exposures: str, capsys: pytest.CaptureFixture[str]):
    assert VERB.main(["duties", facts, "--exposures", exposures, "--now", "2026-11-22T05:00:00Z"]) == 0

    wall = capsys.readouterr().out
    assert "eu-gdpr.authority        Mon 23 Nov 2026 18:00 CET (17:00 UTC), in 1 d 12 h" in wall
    assert "us-ca.individuals        Sun 20 Dec 2026 23:59:59 PST (21 Dec 07:59:59 UTC)" in wall


def test_the_clock_wall_of_a_run_has_a_line_for_each_duty():
    from datetime import datetime

    from amanat import assess
    from tests.assess.stories import NOW, facts_of

    facts = facts_of(
        role="controller", awareness=datetime.fromisoformat("2026-11-20T18:00:00+01:00"), risk="high", encrypted="no", establishments=["FR"]
    )
    wall = assess.clock_wall(assess.assess(facts, exposures=exposures_of((3, "FR", ["email"], "sure")), now=NOW), at=NOW)

    assert wall.split("\n")[0] == "  eu-gdpr.authority      Mon 23 Nov 2026 18:00 CET (17:00 UTC), in 1 d 5 h: competent supervisory authority"
    assert "  eu-gdpr.individuals    without undue delay: each affected person" in wall
    out_of_reach = wall[wall.index("OUT OF REACH") :]
    assert "us-ca" in out_of_reach and "eu-gdpr" not in out_of_reach and "us-ca.individuals" not in wall


def test_a_missed_deadline_is_called_overdue(facts: str, exposures: str, capsys: pytest.CaptureFixture[str]):
    VERB.main(["duties", facts, "--exposures", exposures, "--now", "2026-11-24T17:00:00Z"])

    assert "OVERDUE by 1 d 0 h" in capsys.readouterr().out


def test_duties_for_machines_have_the_keys_of_the_contract(facts: str, exposures: str, capsys: pytest.CaptureFixture[str]):
    assert VERB.main(["duties", facts, "--exposures", exposures, "--now", "2026-11-22T05:00:00Z", "--format", "json"]) == 0

    found = json.loads(capsys.readouterr().out)
    assert {"severity", "duties", "fines", "questions"} <= set(found)
    authority = next(d for d in found["duties"] if d["id"] == "eu-gdpr.authority")
    assert (authority["state"], authority["due_at"]) == ("due", "2026-11-23T18:00:00+01:00")
    contract = "id law to state due_at standard from_event why would_change_if cite confidence verified ask".split()
    assert set(contract) <= set(authority)


def test_explain_shows_the_steps_and_the_threshold_beside(facts: str, exposures: str, capsys: pytest.CaptureFixture[str]):
    assert VERB.main(["explain", facts, "us-ca.authority1", "--exposures", exposures, "--now", "2026-11-22T05:00:00Z"]) == 0

    text = capsys.readouterr().out
    assert "breach and over_500_residents  (§ 1798.82(f))" in text
    assert "residents of US-CA with covered data at most 500 (now 501) → not due" in text


def test_basis_lists_why_we_tell_whom_and_writes_every_group(facts: str, exposures: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    out = tmp_path / "basis.parquet"
    given = ["basis", facts, "--exposures", exposures, "--now", "2026-11-22T05:00:00Z", "--out", str(out)]
    assert VERB.main(given) == 0

    text = capsys.readouterr().out
    # The largest group first: aware at nine in the morning of 20 November in California, and thirty days later is 20 December there.
    assert "501  US-CA      en               ssn" in text and "eu-gdpr, us-ca  2026-12-21 07:59 UTC  us-ca" in text
    assert text.strip().endswith("504 persons in 2 groups.")
    assert pq.read_table(out)["n_persons"].to_pylist() == [501, 3]
    assert VERB.main([*given[:-2], "--format", "json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["n_persons"], found["n_groups"], found["groups"][1]["laws"]) == (504, 2, ["eu-gdpr"])


def test_the_legal_basis_needs_persons(facts: str, capsys: pytest.CaptureFixture[str]):
    assert VERB.main(["basis", facts]) == 2
    assert "give --exposures" in capsys.readouterr().err


def test_facts_laws_and_check_answer(capsys: pytest.CaptureFixture[str]):
    assert VERB.main(["facts"]) == 0
    assert "none < risk < high" in capsys.readouterr().out
    assert VERB.main(["laws", "--format", "json"]) == 0
    assert "us-ny" in [law["id"] for law in json.loads(capsys.readouterr().out)["laws"]]
    assert VERB.main(["check"]) == 0
    assert "0 differ" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["duties", "{facts}", "--now", "yesterday"], "is no moment"),
        (["duties", "{facts}", "--exposures", "{facts}"], "no Parquet file"),
        (["duties", "{facts}", "--exposures", "/nowhere/e.parquet"], "no such file"),
        (["duties", "/nowhere/facts.toml"], "there is no such file"),
        (["explain", "{facts}", "eu-gdpr.autority"], "did you mean 'eu-gdpr.authority'"),
    ],
)
def test_bad_input_gets_a_sentence_and_exit_2(arguments: list[str], says: str, facts: str, capsys: pytest.CaptureFixture[str]):
    assert VERB.main([argument.format(facts=facts) for argument in arguments]) == 2
    assert says in capsys.readouterr().err


def test_a_typing_mistake_in_the_facts_gets_its_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    (tmp_path / "facts.toml").write_text('role = "controller"\nriks = "high"\n', encoding="utf-8")

    assert VERB.main(["duties", str(tmp_path / "facts.toml")]) == 2
    assert "facts.toml:2: there is no fact 'riks'; did you mean 'risk'?" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("residents = { FRA = 5 }", "residents: 'FRA' is no place"),
        ("residents = { FR = -5 }", "never below 0"),
        ('kinds = ["emial"]', "did you mean 'email'"),
        ('establishments = ["EU"]', "'EU' is no place"),
    ],
)
def test_a_place_or_kind_that_nobody_knows_is_said(tmp_path: Path, line: str, says: str, capsys: pytest.CaptureFixture[str]):
    (tmp_path / "facts.toml").write_text(line + "\n", encoding="utf-8")

    assert VERB.main(["duties", str(tmp_path / "facts.toml")]) == 2
    assert says in capsys.readouterr().err


def test_check_exits_1_when_an_example_comes_out_otherwise(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    import amanat.assess

    template = (Path(amanat.assess.__file__).parent / "laws" / "_template.toml").read_text(encoding="utf-8")
    (tmp_path / "assess" / "laws").mkdir(parents=True)
    wrong = template.replace("xx-name", "fr-lil").replace('"fr-lil.authority" = "undetermined"', '"fr-lil.authority" = "not_due"', 1)
    (tmp_path / "assess" / "laws" / "fr_lil.toml").write_text(wrong, encoding="utf-8")
    monkeypatch.setenv("AMANAT_EXTRA", str(tmp_path))

    assert VERB.main(["check"]) == 1
    assert "fr-lil.authority should be not_due, and is undetermined" in capsys.readouterr().out
