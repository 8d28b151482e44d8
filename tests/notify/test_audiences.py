"""Texts for everybody else: press, public, partners, staff, call centre, authority, controller; every kind of incident, every language."""

from dataclasses import replace
from datetime import datetime, timezone

import pytest

from amanat import notify, wording
from amanat.notify.audience import PERSONS, UnknownAudience, UnknownIncident, audiences, incident_for, incidents
from amanat.notify.compose import compose
from amanat.notify.gate import check_notice
from amanat.notify.render import render_text
from tests.notify.writing_world import ASSESSMENT, CODE, COMPANY, DUTIES, NOW, TODAY, exposures, fact, facts, person, persons_duties

LANGUAGES = ("en", "fr", "fa")
EVERYBODY = tuple(audiences())
OURS = ("agent", "authority", "controller", "employee", "partner", "press", "public")


def text_for(audience, language="en", ledger=None, *, is_counted=True, company=COMPANY, **more):
    case = (ASSESSMENT, exposures(), persons_duties()) if is_counted else ()
    [made] = compose(facts() if ledger is None else ledger, company, *case, now=NOW, audience=audience, languages=[language], **more)
    return made


def said(notice, section=None):
    return [s.text for part in notice.sections if section in (None, part.id) for s in part.sentences]


def test_we_write_for_everybody_who_reads_of_an_incident_and_for_its_persons():
    assert set(EVERYBODY) == {"agent", "authority", "bulletin", "closing", "controller", "employee", "holding", "partner", "press", "public", "told"}
    assert PERSONS == ("individuals", "guardian")


def test_there_are_words_for_every_kind_of_incident():
    assert set(incidents()) == {"account_takeover", "data_breach", "impersonation", "outage", "payment_fraud"}


@pytest.mark.parametrize("audience", OURS)
@pytest.mark.parametrize("incident", tuple(incidents()))
def test_the_gate_blocks_no_text_of_ours_for_any_audience_incident_and_language(incident, audience):
    for language in LANGUAGES:
        for ledger in (facts(), facts(what_happened=None, incident_kind=None, acquired=None, what_we_did=None)):
            notice = text_for(audience, language, ledger, incident=incident)
            found = check_notice(notice, ledger, DUTIES, COMPANY, now=NOW)
            assert [(f.check, f.quote) for f in found] == [], notice.id


@pytest.mark.parametrize("audience", OURS)
def test_a_text_needs_nothing_but_facts_and_company(audience):
    for language in LANGUAGES:
        notice = text_for(audience, language, {}, is_counted=False, incident="impersonation")
        assert (notice.id, notice.audience, notice.language) == (f"{audience}.{language}", audience, language)
        assert [f for f in check_notice(notice, {}, (), COMPANY, now=NOW) if f.is_blocking] == []


def test_the_next_update_is_promised_in_the_hour_of_the_company_s_country_where_no_duty_names_one():
    ledger = facts(next_update=fact("next_update", datetime(2026, 3, 20, 17, tzinfo=timezone.utc)))
    assert "20 March 2026, 18:00 UTC+1" in said(text_for("press", ledger=ledger, is_counted=False), "next_update")[0]


def test_the_same_number_stands_in_every_text_of_the_case():
    for audience in ("public", "press", "employee", "partner", "agent", "authority"):
        assert "We are writing to 8 people about this." in said(text_for(audience))


def test_nobody_having_counted_the_number_is_that_of_the_facts_or_said_to_be_unknown():
    ledger = facts(residents=fact("residents", {"FR": 700, "GB": 500}))
    assert "1,200 people are affected." in said(text_for("public", ledger=ledger, is_counted=False))
    believed = facts(residents=fact("residents", {"FR": 700, "GB": 500}, "believed"))
    assert "We believe that 1,200 people are affected; we are still counting." in said(text_for("public", ledger=believed, is_counted=False))
    assert "We do not know yet how many people are affected." in said(text_for("public", is_counted=False))


@pytest.mark.parametrize(
    ("acquired", "says"),
    [
        (fact("acquired", True), "The attackers copied personal data."),
        (fact("acquired", True, "believed"), "We believe that the attackers copied personal data; we are still checking this."),
        (fact("acquired", False), "The attackers did not copy personal data."),
        (None, "We do not know yet whether the attackers copied data or only saw them."),
    ],
)
def test_what_became_of_the_data_is_said_as_it_is_known(acquired, says):
    assert says in said(text_for("press", ledger=facts(acquired=acquired)))


def test_where_no_data_are_in_question_nobody_is_told_that_we_do_not_know_of_them():
    ledger = facts(acquired=None, search_for_misuse=None)
    assert "We do not know yet whether the attackers copied data or only saw them." not in said(
        text_for("public", ledger=ledger, is_counted=False, incident="impersonation")
    )


def test_the_kind_of_incident_follows_the_facts_unless_it_is_named():
    assert incident_for({"incident_kind": fact("incident_kind", "ransomware")}).name == "outage"
    assert incident_for({"incident_kind": fact("incident_kind", "disinformation")}).name == "impersonation"
    assert incident_for({}).name == "data_breach"
    told_as = {"incident_kind": fact("incident_kind", "phishing"), "told_as": fact("told_as", "account_takeover")}
    assert incident_for(told_as).name == "account_takeover"
    letters = compose(facts(what_happened=None, **told_as), COMPANY, ASSESSMENT, exposures(), persons_duties(), now=NOW)
    assert "Attackers logged in to accounts of customers." in {text for letter in letters for text in said(letter)}
    assert incident_for({"incident_kind": fact("incident_kind", "ransomware")}, "payment_fraud").name == "payment_fraud"


def test_what_a_kind_of_incident_puts_first_stands_first():
    steps = said(text_for("public", incident="account_takeover"), "what_you_do")
    assert steps[1].startswith("Change your password with us") and steps[2].startswith("Log out of all devices")


def test_a_press_release_quotes_whoever_signs_with_the_apology():
    assert said(text_for("press"), "apology") == [
        "Claire Exemple, Managing Director: “We are sorry. You trusted us with your data, and we did not protect them well enough.”"
    ]
    assert said(text_for("press", company=replace(COMPANY, signatory="")), "apology")[0].startswith("Hotel Example: “We are sorry.")


def test_an_apology_rests_on_what_counsel_and_insurer_said_and_becomes_regret_when_counsel_objects():
    asked = facts(counsel_on_apology=fact("counsel_on_apology", "agreed"), insurer_on_apology=fact("insurer_on_apology", "agreed"))
    [sorry] = [s for part in text_for("public", ledger=asked).sections if part.id == "apology" for s in part.sentences]
    assert sorry.facts == ("counsel_on_apology", "insurer_on_apology")
    objected = facts(counsel_on_apology=fact("counsel_on_apology", "objected"))
    assert said(text_for("public", ledger=objected), "apology") == [wording.words("en").text["regret"]]


def test_an_outage_apologises_for_the_service_and_stolen_data_for_the_data():
    words = wording.words("en").text
    assert said(text_for("public", ledger=facts(acquired=None), is_counted=False, incident="outage"), "apology") == [words["apology_service"]]
    assert said(text_for("public", is_counted=False, incident="outage"), "apology") == [words["apology"]]


def test_each_section_of_the_call_centres_text_is_a_question_with_its_answer():
    agent = text_for("agent", incident="payment_fraud")
    by_heading = {section.heading: [s.text for s in section.sentences] for section in agent.sections}
    assert by_heading["Which data are they?"][1:3] == ["Name", "E-mail address"]
    assert any(text.startswith("Do I have to pay once more?") for text in by_heading["Further questions"])


def test_a_sentence_in_such_a_text_is_for_everybody_who_reads_it():
    for audience in OURS:
        for section in text_for(audience).sections:
            assert all(not (s.kinds or s.places or s.bases or s.readers) for s in section.sentences), (audience, section.id)


def test_a_promise_in_the_past_is_not_repeated():
    ledger = facts(next_update=fact("next_update", datetime(2026, 3, 1, tzinfo=timezone.utc)))
    assert said(text_for("press", ledger=ledger), "next_update")[0].startswith("We do not know yet when")


def test_an_audience_or_incident_that_nobody_knows_is_said_with_those_we_have():
    with pytest.raises(UnknownAudience, match="did you mean 'press'"):
        text_for("pres")
    with pytest.raises(UnknownIncident, match="did you mean 'outage'"):
        text_for("press", incident="outages")


def test_whoever_has_nobody_to_count_writes_one_letter_to_all_customers():
    [letter] = compose(facts(), COMPANY, now=NOW, incident="impersonation", languages=["fr"])
    assert letter.id == "general.fr"
    words = wording.words("fr")
    assert said(letter, "apology") == [words.incidents["impersonation"]["apology"], words.family["apology_service"]]
    assert [f for f in check_notice(letter, facts(), (), COMPANY, now=NOW) if f.is_blocking] == []


def test_a_text_can_be_read_as_plain_text_with_what_is_ranked_numbered():
    text = notify.as_text(text_for("public", "fa", incident="account_takeover"))
    assert "۱. گذرواژهٔ خود را" in text
    assert "\u2066https://hotel.example/notices\u2069" in text


def test_one_more_audience_is_one_file_and_one_table_for_each_language(tmp_path, monkeypatch):
    folder = tmp_path / "notify" / "audiences"
    folder.mkdir(parents=True)
    (folder / "investors.toml").write_text('says = "Investors."\n[[section]]\nid = "what_happened"\nlines = ["happened"]\n', encoding="utf-8")
    monkeypatch.setenv("AMANAT_EXTRA", str(tmp_path))
    assert "investors" in audiences()
    with pytest.raises(notify.outside.NotWritten, match=r"there is no \[audiences.investors\] in 'en'"):
        text_for("investors")


@pytest.mark.parametrize("part", ["outside", "audiences", "incidents"])
def test_every_language_has_the_same_tables_and_the_same_slots(part):
    import re

    def slots(text):
        return set(re.findall(r"\{(\w+)[,}]", text))

    english = getattr(wording.words("en"), part)
    for language in ("fr", "fa"):
        table = getattr(wording.words(language), part)
        assert set(table) == set(english)
        for key, text in english.items():
            if isinstance(text, str):
                assert slots(text) == slots(table[key]), (language, key)
                continue
            assert set(text) == set(table[key]), (language, key)
            for inner, each in text.items():
                assert slots(each) == slots(table[key][inner]), (language, key, inner)


def test_only_persons_are_told_where_they_can_complain():
    for audience, is_told in {"public": True, "agent": True, "employee": True, "press": False, "partner": False, "controller": False}.items():
        assert any("data-protection authority" in text for text in said(text_for(audience), "whom_to_ask")) is is_told, audience
    assert [text for text in said(text_for("authority"), "whom_to_ask") if "data-protection authority" in text] == []
    assert [text.partition(":")[0] for text in said(text_for("press"), "whom_to_ask")] == [
        "Call us",
        "Write to our data-protection officer",
        "By post",
    ]


def test_what_may_follow_is_told_an_authority_as_what_we_tell_the_persons():
    for audience in ("authority", "controller"):
        [heading] = [section.heading for section in text_for(audience).sections if section.id == "consequences"]
        assert heading == "What we tell the people about what may follow"


# ---- easy language ----

EASY_LEDGER = {
    name: fact(name, {**facts()[name].value, **{wording.easy(tag): text for tag, text in texts.items()}})
    for name, texts in {
        "what_happened": {
            "en": "Criminals came into our booking system.",
            "fr": "Des voleurs sont entrés chez nous.",
            "fa": "خلافکارها وارد سامانهٔ ما شدند.",
        },
        "what_we_did": {"en": "We closed the way in.", "fr": "Nous avons fermé cette entrée.", "fa": "راه ورود را بستیم."},
    }.items()
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("incident", tuple(incidents()))
def test_every_text_in_easy_language_is_easy_and_passes_the_gate(incident, language):
    ledger = facts(**EASY_LEDGER)
    for audience in (*PERSONS, *OURS):
        for case in ((), (ASSESSMENT, exposures(), persons_duties())):
            made = compose(ledger, COMPANY, *case, now=NOW, audience=audience, incident=incident, languages=[language], is_easy=True)
            for notice in made:
                assert notice.language.endswith("-x-easy")
                assert [(f.check, f.quote) for f in check_notice(notice, ledger, DUTIES, COMPANY, now=NOW)] == [], notice.id


def test_a_statement_has_its_own_easy_form_and_else_stands_as_it_is():
    easy = text_for("public", ledger=facts(**EASY_LEDGER), is_easy=True)
    assert "Criminals came into our booking system." in said(easy)
    plain = text_for("public", is_easy=True)
    assert "Attackers entered our booking system with a stolen staff password." in said(plain)


def test_who_asks_for_easy_language_gets_it_and_nobody_else():
    table = exposures().set_column(exposures().column_names.index("language"), "language", [["fr-x-easy", *exposures()["language"].to_pylist()[1:]]])
    made = compose(facts(), COMPANY, ASSESSMENT, table, persons_duties(), now=NOW)
    assert [n.id for n in made] == ["br-lgpd.en", "eu-gdpr.en", "eu-gdpr.fa", "eu-gdpr.fr-x-easy", "us-ca.en", "us-ca.fa", "us-ny.en"]


def test_a_long_statement_in_an_easy_text_is_advised_against():
    long = {
        "en": "Attackers who had stolen the password of a member of our staff entered the system in which we keep our bookings.",
        "fr": "x",
        "fa": "x",
    }
    ledger = facts(what_happened=fact("what_happened", long))
    found = check_notice(text_for("public", ledger=ledger, is_easy=True), ledger, (), COMPANY, now=NOW)
    assert [(f.check, f.is_blocking, f.where) for f in found] == [("easy_read", False, "what_happened")]


def test_a_parent_reads_what_concerns_the_child_and_no_other_persons_greeting():
    made = {n.id: n for n in compose(facts(), COMPANY, ASSESSMENT, exposures(), persons_duties(), now=NOW, audience="guardian")}
    letter = made["eu-gdpr-guardian.en"]
    assert letter.greeting == "To the parent or guardian of {name}:" and letter.other_greetings == ()
    assert any(text.startswith("Talk with the child about what happened.") for text in said(letter, "what_you_do"))
    assert not any("in your loss" in text for text in said(letter))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_easy_form_of_every_sentence_has_no_slot_that_the_ordinary_one_cannot_fill(language):
    import re

    def slots(text):
        return set(re.findall(r"\{(\w+)[,}]", text)) - {"day"}  # a day alone is easier than a day with its hour

    plain, easy = wording.words(language), wording.words(wording.easy(language))
    for part in ("text", "unknown", "consequences", "steps", "contacts", "outside"):
        for key, text in getattr(easy, part).items():
            assert slots(text) <= slots(getattr(plain, part)[key]), (part, key)
    for part in ("audiences", "incidents"):
        for name, table in getattr(easy, part).items():
            for key, text in table.items():
                assert slots(text) <= slots(getattr(plain, part)[name][key]) | {"topic", "company"}, (part, name, key)


@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_text_in_easy_language_has_no_words_in_capitals(language):
    made = compose(facts(), COMPANY, now=NOW, languages=[language], audience="individuals", is_easy=True)
    for notice in made:
        text = render_text(notice, person("p1").contact, {"email", "name"}, "content", CODE, COMPANY, on=TODAY)
        assert [heading for s in notice.sections if (heading := s.heading) and heading.upper() in text] == []
