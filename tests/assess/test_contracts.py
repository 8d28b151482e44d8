"""Contracts: duties of our own private folder. They add, and take nothing of the law's away."""

import re
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import pytest

import amanat
from amanat import assess
from amanat.assess.__main__ import VERB
from amanat.assess.examples import check_examples
from amanat.assess.law_checks import BadLaw
from amanat.assess.statute_book import read_law
from tests.assess.stories import NOW, exposures_of, facts_of

ROOT = Path(amanat.__file__).parent.parent
PAGE = (ROOT / "docs/how-to/contracts.md").read_text(encoding="utf-8")
EXAMPLES = {re.search(r'id\s*= "([\w-]+)"', text)[1]: text for text in re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)}


@pytest.fixture
def contracts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A private folder with the three contracts of the manual."""
    folder = tmp_path / "extra/assess/laws"
    folder.mkdir(parents=True)
    for name, text in EXAMPLES.items():
        (folder / f"{name.replace('-', '_')}.toml").write_text(text, encoding="utf-8")
    monkeypatch.setenv("AMANAT_EXTRA", str(tmp_path / "extra"))
    return folder


def a_breach_at_a_processor():
    facts = facts_of(
        role="processor",
        awareness=datetime.fromisoformat("2026-03-06T18:00:00+01:00"),
        accessed=True,
        establishments=["FR"],
        main_establishment="FR",
        encrypted="no",
    )
    return assess.assess(facts, exposures=exposures_of((5, "FR", ["card_number_alone"], "sure"), (3, "US-CA", ["ssn"], "sure")), now=NOW)


@pytest.mark.parametrize("name", sorted(EXAMPLES))
def test_every_contract_of_the_manual_comes_out_as_it_says(tmp_path: Path, name: str):
    (tmp_path / f"{name.replace('-', '_')}.toml").write_text(EXAMPLES[name], encoding="utf-8")

    n, misses = check_examples([read_law(tmp_path / f"{name.replace('-', '_')}.toml")])

    assert n >= 1
    assert misses == ()


def test_the_template_is_a_contract_whose_examples_come_out(tmp_path: Path):
    text = (ROOT / "amanat/assess/laws/_contract.toml").read_text(encoding="utf-8").replace("xx-name", "probe-ltd")
    (tmp_path / "probe_ltd.toml").write_text(text, encoding="utf-8")

    assert check_examples([read_law(tmp_path / "probe_ltd.toml")])[1] == ()


def test_a_contract_stands_on_the_clock_wall_as_one(contracts: Path):
    duty = {d.id: d for d in a_breach_at_a_processor().duties}["customer-ltd.customer"]

    assert (duty.state, duty.is_contract, duty.reach) == ("due", True, True)
    assert duty.due_at == datetime.fromisoformat("2026-03-07T18:00:00+01:00")
    assert "we are bound by this contract" in duty.why[0].says
    assert "customer-ltd.customer" in assess.clock_wall(a_breach_at_a_processor())
    assert "(CONTRACT)" in assess.clock_wall(a_breach_at_a_processor())


def test_contracts_change_nothing_of_what_the_law_says(contracts: Path, monkeypatch: pytest.MonkeyPatch):
    with_them = a_breach_at_a_processor()
    monkeypatch.delenv("AMANAT_EXTRA")
    without = a_breach_at_a_processor()

    ours = set(EXAMPLES)
    assert {d.law for d in with_them.duties} - {d.law for d in without.duties} == ours
    assert [d for d in with_them.duties if d.law not in ours] == list(without.duties)
    assert with_them.severity == without.severity
    people = exposures_of((5, "FR", ["card_number_alone"], "sure"), (3, "US-CA", ["ssn"], "sure"))
    assert assess.persons_duties(with_them, people).column("letter_group") == assess.persons_duties(without, people).column("letter_group")


def test_a_contract_reaches_us_though_nobody_is_counted_yet(contracts: Path):
    facts = facts_of(role="processor", awareness=datetime.fromisoformat("2026-03-06T18:00:00+01:00"), accessed=True)

    duty = {d.id: d for d in assess.assess(facts, now=NOW).duties}["customer-ltd.customer"]

    assert (duty.state, duty.reach) == ("due", True)


def test_a_contract_that_nobody_has_read_removes_nothing(contracts: Path):
    facts = facts_of(accessed=False, acquired=False, residents={"FR": 5}, kinds=["card_number_alone"])

    duty = {d.id: d for d in assess.assess(facts, now=NOW).duties}["acquirer.call"]

    assert duty.state == "undetermined"


def test_a_contract_may_not_take_the_id_of_a_law(tmp_path: Path, contracts: Path):
    (contracts / "eu_gdpr.toml").write_text(EXAMPLES["customer-ltd"].replace("customer-ltd", "eu-gdpr"), encoding="utf-8")

    with pytest.raises(Exception, match="there is already a member 'eu_gdpr'"):
        assess.assess({}, now=NOW)


def test_a_contract_chooses_no_letter(tmp_path: Path):
    text = EXAMPLES["customer-ltd"].replace('kind     = "contract"', 'kind     = "contract"\nletter_group = "ours"')
    (tmp_path / "customer_ltd.toml").write_text(text, encoding="utf-8")

    with pytest.raises(BadLaw, match="chooses no letter"):
        read_law(tmp_path / "customer_ltd.toml")


def test_a_law_needs_an_official_address_and_a_contract_a_place_in_the_archive(tmp_path: Path):
    (tmp_path / "customer_ltd.toml").write_text(EXAMPLES["customer-ltd"].replace('"contract"', '"personal_data"'), encoding="utf-8")

    with pytest.raises(BadLaw, match="the https address of the official page"):
        read_law(tmp_path / "customer_ltd.toml")


def test_laws_lists_contracts_apart(contracts: Path, capsys: pytest.CaptureFixture[str]):
    assert VERB.main(["laws"]) == 0

    above, below = capsys.readouterr().out.split("CONTRACTS (4)")  # us-pci, which we ship, is one as well
    assert "customer-ltd" in below
    assert "customer-ltd" not in above
    assert "eu-gdpr" in above


def test_run_new_puts_a_contract_into_the_private_folder_and_nowhere_else(tmp_path: Path):
    import os

    call = [sys.executable, str(ROOT / "run"), "new", "contract=probe_ltd"]
    environment = {name: value for name, value in os.environ.items() if name != "AMANAT_EXTRA"}
    refused = subprocess.run(call, env=environment, capture_output=True, text=True, check=False)
    done = subprocess.run(call, env=environment | {"AMANAT_EXTRA": str(tmp_path)}, capture_output=True, text=True, check=False)

    assert (refused.returncode, done.returncode) == (2, 0), done.stderr
    assert "set AMANAT_EXTRA" in refused.stderr
    made = tmp_path / "assess/laws/probe_ltd.toml"
    assert check_examples([read_law(made)])[1] == ()
    assert not (ROOT / "amanat/assess/laws/probe_ltd.toml").exists()
