"""Notices from facts: one per letter group and language, every sentence honest about what it rests on."""

import re
from dataclasses import replace
from datetime import datetime, timezone

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from amanat import wording
from amanat.notify.compose import BadNoticesUrl, compose
from amanat.notify.groups import UnknownKind, UnusableGroup, assign, fallbacks
from amanat.notify.render import render_text
from amanat.notify.select import sections_for
from amanat.notify.writer import FOUND
from amanat.terms.kinds import KINDS
from amanat.wording.language import TEMPLATE
from tests.notify.writing_world import (
    ASSESSMENT,
    BASES,
    CODE,
    COMPANY,
    DUTIES,
    NOW,
    PERSONS,
    TODAY,
    exposures,
    fact,
    facts,
    known_by,
    notices,
    person,
    persons_duties,
)

LANGUAGES = ("en", "fr", "fa")


def texts(notice, section=None):
    return [s.text for part in notice.sections if section in (None, part.id) for s in part.sentences]


def test_there_is_one_notice_for_each_letter_group_and_language_that_occurs():
    assert list(notices()) == ["br-lgpd.en", "eu-gdpr.en", "eu-gdpr.fa", "eu-gdpr.fr", "us-ca.en", "us-ca.fa", "us-ny.en"]


def test_each_person_is_assigned_the_notice_of_their_group_and_language():
    assigned = assign(exposures(), persons_duties(), COMPANY)
    assert assigned["notice_id"].to_pylist() == [
        "eu-gdpr.fr",
        "us-ca.en",
        "eu-gdpr.fa",
        "us-ny.en",
        "eu-gdpr.en",
        "eu-gdpr.en",
        "us-ca.fa",
        "br-lgpd.en",
    ]


def test_it_is_said_how_many_persons_get_another_language_than_their_own():
    said = fallbacks(exposures(), persons_duties(), COMPANY)
    assert "2 people get this message in English, because we do not have theirs (de and pt)." in said
    assert "For one person no language is known; that person gets English." in said


def test_a_company_that_does_not_speak_a_language_does_not_write_in_it():
    assert {n.language for n in notices(company=replace(COMPANY, languages=("en", "fr"))).values()} == {"en", "fr"}


def test_california_gets_its_title_and_its_five_headings():
    notice = notices()["us-ca.en"]
    assert notice.title == "Notice of Data Breach"
    assert [s.heading for s in notice.sections if s.heading] == [
        "What Happened",
        "What Information Was Involved",
        "What We Are Doing",
        "What You Can Do",
        "For More Information",
    ]


def test_a_californian_who_reads_persian_finds_the_prescribed_headings_beside_the_persian_ones():
    notice = notices()["us-ca.fa"]
    assert "چه اتفاقی افتاد (What Happened)" in [s.heading for s in notice.sections]
    assert notice.title.endswith("(Notice of Data Breach)")


def test_new_york_names_state_and_federal_agencies():
    said = " ".join(texts(notices()["us-ny.en"]))
    assert "Federal Trade Commission (FTC)" in said
    assert "New York Attorney General" in said
    assert "Division of Consumer Protection" in said


@pytest.mark.parametrize(("language", "begins"), [("en", "We believe"), ("fr", "Voici ce que nous pensons"), ("fa", "برآورد کنونی ما")])
def test_what_we_believe_is_said_as_a_belief(language, begins):
    statement = {"en": "It was a burglar.", "fr": "C’était un voleur.", "fa": "کار دزد بود."}
    notice = notices(facts(what_happened=fact("what_happened", statement, "believed")))[f"eu-gdpr.{language}"]
    assert texts(notice, "what_happened")[0].startswith(begins)


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_unknown_is_said_to_be_unknown(language):
    words = wording.words(language)
    notice = notices(facts(occurrence=fact("occurrence", None, "unknown")))[f"eu-gdpr.{language}"]
    assert words.unknown["occurrence"] in texts(notice, "what_we_do_not_know")
    assert words.unknown["search_for_misuse"] in texts(notice, "what_we_do_not_know")


def test_a_fact_that_nobody_gave_is_not_taken_for_no():
    notice = notices(facts(search_for_misuse=None, acquired=None))["eu-gdpr.en"]
    assert "We do not know yet whether the attackers copied data or only saw them." in texts(notice)
    assert not any("Attackers copied data" in text for text in texts(notice))


def test_a_believed_theft_is_not_called_a_theft():
    notice = notices(facts(acquired=fact("acquired", True, "believed")))["eu-gdpr.en"]
    assert texts(notice, "what_of_yours")[0].startswith("We believe that the attack affected")


def test_every_sentence_about_the_incident_names_its_facts():
    for notice in notices().values():
        for section in notice.sections:
            if (
                section.id in ("what_happened", "what_we_do_not_know", "what_of_yours", "consequences", "next_update")
                and notice.letter_group != "us-ca"
            ):
                assert all(sentence.facts for sentence in section.sentences), section.id


def test_the_earliest_knowledge_counts_so_that_none_is_hidden():
    ledger = facts(detection=fact("detection", datetime(2026, 3, 2, 12, tzinfo=timezone.utc)))
    assert "We found out on 2 March 2026." in texts(notices(ledger)["eu-gdpr.en"])
    assert "detection" in FOUND


def test_french_writes_the_first_of_the_month_as_it_is_spoken():
    assert "Cela s’est passé le 1er mars 2026." in texts(notices()["eu-gdpr.fr"])


def test_persian_dates_are_those_of_the_jalali_calendar_in_persian_digits():
    # 1 March 2026 is 10 Esfand 1404; Nowruz of 1405 fell on 21 March 2026.
    assert "این رویداد روز ۱۰ اسفند ۱۴۰۴ رخ داد." in texts(notices()["eu-gdpr.fa"])


def test_sensitive_kinds_are_not_named_where_others_read_along():
    notice = notices()["eu-gdpr.fa"]
    assert wording.words("fa").kinds["medical"].name not in " ".join(texts(notice, "what_of_yours"))
    hidden = next(s for part in notice.sections for s in part.sentences if part.id == "what_of_yours" and s.kinds == ("medical",))
    assert hidden.text.startswith("اطلاعاتی حساس دربارهٔ شما که اینجا از آن‌ها نام نمی‌بریم")


def test_when_the_law_wants_the_kinds_in_the_letter_they_are_named():
    duties = tuple(replace(d, content=(*d.content, "data_types")) if d.law == "eu-gdpr" else d for d in DUTIES)
    notice = notices(assessment=replace(ASSESSMENT, duties=duties))["eu-gdpr.fa"]
    assert wording.words("fa").kinds["medical"].name in " ".join(texts(notice, "what_of_yours"))


def test_where_the_law_forbids_the_nature_of_the_breach_the_letter_is_silent_about_it():
    duties = tuple(replace(d, forbidden=("nature of the breach", "number of residents affected")) if d.law == "eu-gdpr" else d for d in DUTIES)
    notice = notices(assessment=replace(ASSESSMENT, duties=duties))["eu-gdpr.en"]
    assert not {"what_happened", "what_we_do_not_know", "consequences"} & {s.id for s in notice.sections}
    assert notice.content == ("nature", "contact_point", "consequences", "measures")


def test_help_is_offered_only_when_the_facts_say_so():
    assert "how_we_help" not in [s.id for s in notices()["eu-gdpr.en"].sections]
    offer = fact("what_we_offer", {"en": "We pay for a new passport.", "fr": "x", "fa": "x"})
    assert texts(notices(facts(what_we_offer=offer))["eu-gdpr.en"], "how_we_help") == ["We pay for a new passport."]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_apology_has_no_if(language):
    assert wording.words(language).text["apology"] in texts(notices()[f"eu-gdpr.{language}"])


def test_when_counsel_objects_to_an_apology_regret_is_expressed():
    notice = notices(facts(counsel_on_apology=fact("counsel_on_apology", "objected")))["eu-gdpr.en"]
    words = wording.words("en")
    assert texts(notice, "apology") == [words.text["regret"], words.family["regret"]]  # to the living, and to the family of who has died


def test_a_promise_that_lies_in_the_past_is_not_repeated():
    notice = notices(facts(next_update=fact("next_update", datetime(2026, 3, 9, tzinfo=timezone.utc))))["eu-gdpr.en"]
    assert datetime(2026, 3, 9, tzinfo=timezone.utc) < NOW
    assert texts(notice, "next_update")[0].startswith("We do not know yet when")


def test_steps_belong_to_the_place_and_the_kinds():
    notice = notices()["eu-gdpr.en"]
    german = str(sections_for(notice, ("email", "passport", "card_with_code"), "content", "DE", "self"))
    british = str(sections_for(notice, ("email",), "content", "GB", "self"))
    assert "116 116" in german and "SCHUFA" in german and "Sperr-Notruf" not in british
    assert "Information Commissioner’s Office" in british and "Information Commissioner’s Office" not in german


def test_braces_in_a_statement_are_not_slots():
    statement = {"en": "They left a note: {name} {code}.", "fr": "x", "fa": "x"}
    notice = notices(facts(what_happened=fact("what_happened", statement)))["eu-gdpr.en"]
    assert texts(notice, "what_happened")[0] == "They left a note: {{name}} {{code}}."


def test_a_letter_group_that_cannot_be_a_file_name_is_refused():
    table = persons_duties().set_column(2, "letter_group", [["../x"] * persons_duties().num_rows])
    with pytest.raises(UnusableGroup):
        compose(facts(), COMPANY, ASSESSMENT, exposures(), table, now=NOW)


def test_the_subject_reveals_nothing():
    assert {n.subject for n in notices().values()} == {
        "A personal message from Hotel Example",
        "Hotel Example\u00a0: un message personnel",
        "پیامی شخصی از Hotel Example",
    }


def test_dates_are_those_of_the_letters_own_law_even_when_another_asks_for_it_too():
    table = persons_duties().set_column(1, "duty_ids", [[["eu-gdpr.individuals", f"{p[4]}.individuals"] for p in PERSONS]])
    [notice] = [n for n in compose(facts(), COMPANY, ASSESSMENT, exposures(), table, now=NOW) if n.id == "us-ca.en"]
    assert set(notice.duty_ids) == {"eu-gdpr.individuals", "us-ca.individuals"}
    assert "It happened on 28 February 2026." in texts(notice)  # 02:00 UTC on 1 March


def test_a_further_language_is_one_further_file(tmp_path, monkeypatch):
    folder = tmp_path / "wording"
    folder.mkdir()
    template = TEMPLATE.read_text(encoding="utf-8").replace('tag = "en"', 'tag = "de"').replace('"English"', '"Deutsch"')
    (folder / "de.toml").write_text(template.replace("Dear {name},", "Guten Tag {name},"), encoding="utf-8")
    monkeypatch.setenv("AMANAT_EXTRA", str(tmp_path))
    found = notices(company=replace(COMPANY, languages=("en", "de")))
    assert found["eu-gdpr.de"].greeting == "Guten Tag {name},"
    assert dict(wording.languages())["de"] == "Deutsch"


def test_a_kind_that_nobody_knows_is_said():
    table = exposures().set_column(1, "kinds", [[["emial"]] * len(PERSONS)])
    with pytest.raises(UnknownKind, match="did you mean 'email'"):
        compose(facts(), COMPANY, ASSESSMENT, table, persons_duties(), now=NOW)


def test_a_notices_page_without_scheme_is_said():
    with pytest.raises(BadNoticesUrl, match="notices_url"):
        notices(company=replace(COMPANY, notices_url="hotel.example/notices"))


def test_a_person_without_exposure_or_group_still_has_a_notice():
    more = pa.table(
        {
            "person_id": ["p99", "p98"],
            "duty_ids": pa.array([["eu-gdpr.individuals"], []], pa.list_(pa.string())),
            "letter_group": pa.array(["eu-gdpr", None], pa.string()),
            "channel_order": pa.array([["email"], ["email"]], pa.list_(pa.string())),
        }
    )
    found = compose(facts(), COMPANY, ASSESSMENT, exposures(), more, now=NOW)
    assert [n.id for n in found] == ["eu-gdpr.en", "general.en"]
    assert "what_of_yours" not in [s.id for s in found[0].sections]


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=200))
def test_whatever_staff_write_is_printed_word_for_word(statement):
    someone = person("p5")
    [notice] = [n for n in notices(facts(what_happened=fact("what_happened", {"en": statement}))).values() if n.id == "eu-gdpr.en"]
    text = render_text(notice, someone.contact, someone.kinds, someone.basis, CODE, COMPANY, on=TODAY)
    assert re.sub(r"\s*\n\s*", " ", statement.strip()) in text


def test_the_number_of_people_we_write_to_leaves_out_those_who_are_not_in_the_register():
    table = exposures()
    with_outsiders = table.set_column(table.column_names.index("state"), "state", pa.array(["outsider"] * 2 + ["sure"] * (table.num_rows - 2)))
    found = compose(facts(), COMPANY, ASSESSMENT, with_outsiders, persons_duties(), now=NOW)
    said = " ".join(text for notice in found if notice.language == "en" for text in texts(notice))
    assert f"We are writing to {len(PERSONS) - 2} people" in said
    assert f"We are writing to {len(PERSONS)} people" not in said


# ---- how we know: each person reads what is true of them ----

COPIED = {
    "en": "Attackers copied data from our systems",
    "fr": "Les attaquants ont copié des données",
    "fa": "مهاجمان داده‌هایی را از سامانه‌های ما کپی کردند",
}
IN_FILES = {
    "en": "We found data of yours in the files that the attackers copied.",
    "fr": "Nous avons trouvé des données vous concernant dans les fichiers que les attaquants ont copiés.",
    "fa": "داده‌هایی از شما را در فایل‌هایی یافتیم که مهاجمان کپی کردند.",
}
REACHED = {
    "en": "These data of yours were within the attackers’ reach. We do not know whether they copied them:",
    "fr": "Ces données vous concernant étaient à la portée des attaquants. Nous ne savons pas s’ils les ont copiées\u00a0:",
    "fa": "این داده‌های شما در دسترس مهاجمان بود. نمی‌دانیم آن‌ها را کپی کردند یا نه:",
}
NOT_WORKING = {
    "en": "Because of the attack, this did not work for you:",
    "fr": "À cause de l’attaque, ceci n’a pas fonctionné pour vous\u00a0:",
    "fa": "به خاطر این حمله، این خدمت برای شما کار نکرد:",
}


def read_by(basis, notice, kinds=("name", "email")):
    someone = person("p1")
    own = {"service"} if basis == "service" else set(kinds)
    return " ".join(sentence.text for section in sections_for(notice, own, basis, "FR", "self") for sentence in section.sentences) + render_text(
        notice, someone.contact, own, basis, CODE, COMPANY, on=TODAY
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_who_was_only_within_reach_never_reads_that_data_were_copied(language):
    said = read_by("access", known_by()[language])
    assert REACHED[language] in said
    assert COPIED[language] not in said and IN_FILES[language] not in said


@pytest.mark.parametrize("language", LANGUAGES)
def test_who_was_found_in_the_stolen_files_reads_it(language):
    assert COPIED[language] in read_by("content", known_by(("content",))[language])


@pytest.mark.parametrize("language", LANGUAGES)
def test_where_persons_are_known_by_access_too_those_in_the_files_read_what_holds_for_both(language):
    # Somebody who is in the files and in a reachable table has one basis, "content": the sentence must not call all of it copied.
    said = read_by("content", known_by(("content", "access"))[language])
    assert IN_FILES[language] in said
    assert COPIED[language] not in said and REACHED[language] not in said


@pytest.mark.parametrize("language", LANGUAGES)
def test_who_missed_a_service_reads_what_did_not_work_and_nothing_of_data(language):
    said = read_by("service", known_by()[language])
    words = wording.words(language)
    assert NOT_WORKING[language] in said
    assert words.text["apology_service"] in said and words.text["apology"] not in said
    assert not any(text in said for text in (COPIED[language], IN_FILES[language], REACHED[language], words.unknown["search_for_misuse"]))
    assert words.headings["what_of_yours"].upper() not in said.upper()


def test_a_title_speaks_of_data_only_when_it_is_true_for_all():
    assert known_by(("content", "access"))["en"].title == "What happened to your data, and what you can do"
    assert known_by(("content", "service"))["en"].title == "What happened, and what you can do"
    assert known_by(("service",))["en"].title == "What happened, and what you can do"


@pytest.mark.parametrize(
    ("status", "says"),
    [
        ("known", "These data of yours were within the attackers’ reach. The attackers did not copy them:"),
        (
            "believed",
            "These data of yours were within the attackers’ reach. We believe that they did not copy them, and we are still checking this:",
        ),
    ],
)
def test_when_nothing_was_copied_who_was_within_reach_reads_that(status, says):
    notice = known_by(("access",), facts(acquired=fact("acquired", False, status)))["en"]
    assert says in texts(notice, "what_of_yours")


def test_found_in_files_of_which_nobody_knows_whether_they_were_copied_is_said_as_that():
    notice = known_by(("content",), facts(acquired=None))["en"]
    assert texts(notice, "what_of_yours")[0] == "We found these data of yours in the files that the attack affected:"


def test_the_words_of_every_basis_are_part_of_what_is_approved():
    notice = known_by()["en"]
    for basis in BASES:
        spoken = [s for section in notice.sections for s in section.sentences if s.bases == (basis,)]
        assert spoken
        for sentence in spoken:
            for other in (replace(sentence, text=sentence.text + "!"), replace(sentence, bases=("content",) if basis != "content" else ())):
                changed = replace(
                    notice,
                    sections=tuple(
                        replace(section, sentences=tuple(other if s is sentence else s for s in section.sentences)) for section in notice.sections
                    ),
                )
                assert changed.content_hash != notice.content_hash


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_action_says_how_many_minutes_it_takes(language):
    minutes = {"en": r"\(about \d+ minutes?\)$", "fr": r"\(environ \d+ minutes?\)$", "fa": r"\(حدود [۰-۹]+ دقیقه\)$"}[language]
    for notice in known_by(kinds=tuple(KINDS)).values():
        if notice.language == language:
            actions = [s.text for section in notice.sections if section.id == "what_you_do" for s in section.sentences if s.is_item]
            assert len(actions) > 15
            assert [text for text in actions if not re.search(minutes, text)] == []


def test_a_composed_french_notice_has_hard_spaces_throughout():
    for notice in (*known_by(kinds=tuple(KINDS)).values(), *notices().values()):
        if notice.language == "fr":
            said = [notice.title, notice.closing, *(s.heading for s in notice.sections), *(s.text for x in notice.sections for s in x.sentences)]
            assert [text for text in said if re.search(r" [:;!?»]|« |\w[;!?»](\s|$)", text)] == []


def test_who_missed_a_service_is_not_sent_to_the_police_for_stolen_data():
    said = read_by("service", known_by()["en"])
    assert "Report fraud and misuse to the police" not in said
    assert "Report fraud and misuse to the police" in read_by("access", known_by()["en"])


def test_sensitive_data_alone_are_not_left_without_a_word_on_what_became_of_them():
    notice = known_by(("access",), kinds=("email", "medical"))["en"]
    said = [
        s.text for section in sections_for(notice, {"medical"}, "access", "FR", "self") if section.id == "what_of_yours" for s in section.sentences
    ]
    assert said[0] == REACHED["en"]
    assert said[1].startswith("Sensitive details about you, which we do not name here")
