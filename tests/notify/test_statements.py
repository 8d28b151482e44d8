"""The first words and the last: a holding statement that is true with almost no facts, and a closing letter that says what was learned and done."""

import json
from datetime import timedelta

import pytest

from amanat.notify.__main__ import VERB
from amanat.notify.compose import compose
from amanat.notify.gate import check_notice
from tests.notify.writing_world import COMPANY, NOW, fact, facts

LANGUAGES = ("en", "fr", "fa")


def written(which, ledger, language="en"):
    [made] = compose(ledger, COMPANY, now=NOW, audience=which, languages=[language])
    return made


def said(notice, section=None):
    return [s.text for part in notice.sections if section in (None, part.id) for s in part.sentences]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("which", ["holding", "closing", "bulletin"])
def test_the_gate_has_nothing_against_either_with_no_fact_at_all(which, language):
    assert check_notice(written(which, {}, language), {}, (), COMPANY, now=NOW) == []


def test_with_no_fact_the_first_words_claim_nothing_but_that_we_look():
    notice = written("holding", {})
    assert said(notice, "what_happened") == [
        "We are examining a security incident that concerns Hotel Example. We tell you now what we know, although it is not much yet."
    ]
    resting = {name for part in notice.sections for s in part.sentences for name in s.facts}
    assert not [text for text in said(notice) if "copied" in text and "do not know" not in text]
    assert "acquired" in resting  # among what we do not know


def test_the_promised_moment_stands_in_it_and_is_that_of_the_fact():
    at = NOW + timedelta(hours=4)
    notice = written("holding", {"next_update": fact("next_update", at)})
    [text] = said(notice, "next_update")
    assert "14:00 UTC+1" in text and "even if there is nothing new" in text  # 13:00 UTC, as the clocks of the company's country show it


def test_the_last_words_tell_what_was_learned_and_changed():
    ledger = facts(
        what_we_learned=fact("what_we_learned", {"en": "One password opened everything."}),
        what_we_changed=fact("what_we_changed", {"en": "Every log-in needs a second step."}),
    )
    notice = written("closing", ledger)
    assert said(notice, "what_we_learned") == ["One password opened everything."]
    assert said(notice, "what_we_changed") == ["Every log-in needs a second step."]


def test_what_nobody_wrote_down_as_learned_is_not_made_up():
    notice = written("closing", facts(what_we_did=None))
    assert said(notice, "what_we_learned")[0].startswith("Our review of how it could happen is not finished.")
    assert said(notice, "what_we_changed")[0].startswith("We cannot name a finished change yet.")


def test_the_bulletin_tells_what_was_done_and_leaves_out_what_nobody_wrote_down():
    notice = written("bulletin", facts(bulletin_certificates=fact("bulletin_certificates", {"en": "We replaced every certificate of our shop."})))
    assert said(notice, "certificates") == ["We replaced every certificate of our shop."]
    assert said(notice, "what_we_updated") == []
    assert "one click" in said(notice, "is_this_real")[-1]
    # It is no notice of law, so it serves no duty and no person's list.
    assert notice.duty_ids == () and notice.audience != "individuals"


def test_the_command_needs_no_more_than_a_company(tmp_path, capsys):
    (tmp_path / "facts.toml").write_text("", encoding="utf-8")
    assert VERB.main(["statement", str(tmp_path), "holding"]) == 2
    assert "company.toml is missing" in capsys.readouterr().err
    company = (
        'name = "Hotel Example"\nlegal_name = "Hotel Example SAS"\naddress = "1 rue de l’Exemple, 75001 Paris"\ncountry = "FR"\n'
        'website = "https://hotel.example"\nnotices_url = "https://hotel.example/notices"\nsender = "notice@hotel.example"\n'
        'privacy_email = "privacy@hotel.example"\nlanguages = ["fr", "fa"]\n'
    )
    (tmp_path / "company.toml").write_text(company, encoding="utf-8")
    given = ["statement", str(tmp_path), "holding", "--now", "2026-03-06T17:00:00Z", "--next-update", "2026-03-06T21:00:00Z", "--out", str(tmp_path)]
    assert VERB.main([*given, "--format", "json"]) == 0
    keys = json.loads(capsys.readouterr().out)
    assert [one["id"] for one in keys["statements"]] == ["holding.en", "holding.fa", "holding.fr"]
    assert (tmp_path / "notices" / "holding.fa" / "notice.json").is_file()
    assert keys["n_blocking"] == 0
