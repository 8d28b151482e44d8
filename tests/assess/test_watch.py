"""Legal watch: two versions of the law folder, what differs, and which open incidents that moves."""

import json
import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from amanat import assess
from amanat.assess.__main__ import VERB
from amanat.assess.statute_book import BadLaw, NoLaws, read_folder, read_law
from amanat.assess.watch import rule_changes

LAWS = Path(assess.__file__).parent / "laws"
FACTS = """
role = "controller"
main_establishment = "FR"
establishments = ["FR"]
kinds = ["email"]
risk = "high"
awareness = 2026-03-06T18:00:00+01:00
residents = { FR = 12000 }
"""


@pytest.fixture
def other_laws(tmp_path):
    """Our laws as they might have stood: the authority had to be told within 96 hours."""
    folder = tmp_path / "laws"
    folder.mkdir()
    text = (LAWS / "eu_gdpr.toml").read_text()
    assert text.count("within_hours = 72") == 1
    text = text.replace("within_hours = 72", "within_hours = 96")
    # Its examples would not come out any more; that is not what this folder is asked for.
    (folder / "eu_gdpr.toml").write_text(text)
    for path in LAWS.glob("ch_*.toml"):
        shutil.copy(path, folder)
    return folder


@pytest.fixture
def cases(tmp_path):
    paths = [tmp_path / name for name in ("lyon.toml", "lille.toml", "zurich.toml")]
    for path in paths[:2]:
        path.write_text(FACTS)
    paths[2].write_text(FACTS.replace("FR", "CH"))
    return [str(path) for path in paths]


def test_a_changed_number_is_named_as_it_was_and_as_it_is(other_laws):
    now = [law for law in assess.laws().values() if law.id == "eu-gdpr"]
    was = [ready.law for ready in read_folder(other_laws) if ready.law.id == "eu-gdpr"]
    (change,) = rule_changes(was, now)

    assert (change.duty, change.what, change.before, change.after) == (
        "eu-gdpr.authority",
        "deadline",
        "96 hours from awareness",
        "72 hours from awareness",
    )


def test_the_incidents_that_a_new_number_moves_are_named_once_together(other_laws, cases, capsys):
    code = VERB.main(["diff", str(other_laws), *cases, "--now", "2026-03-06T20:00:00+01:00", "--format", "json"])
    told = json.loads(capsys.readouterr().out)

    assert code == 1
    (moved,) = [one for one in told["moved"] if one["duty"] == "eu-gdpr.authority"]
    assert (moved["change"], moved["before"], moved["after"]) == ("earlier", "96 hours from awareness", "72 hours from awareness")
    assert [Path(case).name for case in moved["cases"]] == ["lyon.toml", "lille.toml"]


def test_the_sentence_says_how_many_incidents_are_affected(other_laws, cases, capsys):
    VERB.main(["diff", str(other_laws), *cases[:2], "--now", "2026-03-06T20:00:00+01:00"])

    assert "from 96 hours from awareness to 72 hours from awareness; affects 2 incidents" in capsys.readouterr().out


def test_a_file_of_before_is_compared_though_authors_are_asked_for_more_today(other_laws):
    path = other_laws / "eu_gdpr.toml"
    path.write_text(path.read_text().replace("https://eur-lex", "http://eur-lex"))  # refused among our own laws
    with pytest.raises(BadLaw, match="https"):
        read_law(path)

    assert "eu-gdpr" in {ready.law.id for ready in read_folder(other_laws)}


def test_a_folder_without_laws_is_no_folder_of_laws(tmp_path):
    with pytest.raises(NoLaws, match="holds no law files"):
        read_folder(tmp_path)


def test_a_file_that_nobody_read_for_half_a_year_is_stale_and_the_setting_moves_that(monkeypatch):
    law = replace(assess.laws()["eu-gdpr"], read_on=date(2026, 1, 1))

    assert not assess.is_stale(law, date(2026, 6, 30))  # 180 days later
    assert assess.is_stale(law, date(2026, 7, 1))
    monkeypatch.setenv("AMANAT_LAW_DAYS", "30")
    assert assess.is_stale(law, date(2026, 2, 1))


def test_each_law_has_a_print_that_another_wording_changes(other_laws):
    (other,) = [ready for ready in read_folder(other_laws) if ready.law.id == "eu-gdpr"]

    assert other.print_of_file != assess.law_prints()["eu-gdpr"]
    assert set(assess.law_prints()) == set(assess.laws())
