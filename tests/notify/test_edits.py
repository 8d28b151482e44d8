"""A sentence that a person wrote otherwise stands in the text, follows it when it is composed anew, and lapses with what it replaced."""

import pytest

from amanat import notify
from amanat.notify.edits import CannotEdit, Edit, checked_edit, joined_edits, one_press, with_edits
from amanat.terms.fact import Fact
from amanat.terms.notice import Finding, Notice, Section, Sentence


def a_notice(*texts, language="en", section="what_happened"):
    return Notice(
        id=f"eu.{language}",
        letter_group="eu",
        language=language,
        audience="individuals",
        title="What happened",
        subject="A message",
        greeting="Dear {name},",
        sections=(Section(id=section, heading="", sentences=tuple(Sentence(text=text, facts=("what_happened",)) for text in texts)),),
        closing="Hotel",
        duty_ids=(),
    )


def texts_of(notice):
    return [one.text for one in notice.sections[0].sentences]


def an_edit(before="Data were taken.", after="Attackers copied data.", where="what_happened"):
    return Edit(where=where, before=before, after=after)


def a_finding(check, quote, is_blocking=True, where="what_happened"):
    return Finding(check=check, is_blocking=is_blocking, says="", where=where, quote=quote, rewrite="")


def test_the_new_words_stand_in_the_place_of_the_old_and_keep_their_facts():
    made, lapsed = with_edits(a_notice("Data were taken.", "We are sorry."), [an_edit()])

    assert texts_of(made) == ["Attackers copied data.", "We are sorry."]
    assert made.sections[0].sentences[0].facts == ("what_happened",)
    assert lapsed == ()


def test_an_edit_lapses_when_what_it_replaced_is_no_longer_said():
    made, lapsed = with_edits(a_notice("Data of 40 people were taken."), [an_edit()])

    assert texts_of(made) == ["Data of 40 people were taken."]
    assert lapsed == (an_edit(),)


def test_a_sentence_can_be_left_out_and_another_added():
    made, _ = with_edits(a_notice("One.", "Two."), [an_edit("One.", ""), an_edit("", "Three.")])

    assert texts_of(made) == ["Two.", "Three."]


def test_subject_and_title_can_be_written_otherwise_and_not_emptied():
    made, _ = with_edits(a_notice("One."), [an_edit("A message", "A letter", where="subject")])

    assert made.subject == "A letter"
    with pytest.raises(CannotEdit, match="a subject and a title"):
        checked_edit(an_edit("A message", " ", where="subject"))


def test_what_was_written_otherwise_twice_is_one_edit_and_what_is_put_back_is_none():
    once = joined_edits((), an_edit("A.", "B."))
    twice = joined_edits(once, an_edit("B.", "C."))

    assert twice == (an_edit("A.", "C."),)
    assert joined_edits(twice, an_edit("C.", "A.")) == ()


def test_the_code_that_proves_a_message_cannot_be_lost():
    with pytest.raises(CannotEdit, match=r"\{code\} must stay"):
        checked_edit(an_edit("Your code: {code}", "Your code is below."))
    assert checked_edit(an_edit("Your code: {code}", "This is your code: {code}")).after == "This is your code: {code}"


@pytest.mark.parametrize("after", ["Hello {whoever}.", "A { brace.", "A } brace."])
def test_braces_that_nobody_fills_are_refused(after):
    with pytest.raises(CannotEdit):
        checked_edit(an_edit(after=after))


def test_lines_become_one_and_the_narrow_spaces_of_french_and_joiners_of_persian_stay():
    assert checked_edit(an_edit(after=" Nous écrivons\r\n« vite » \u202f! ")).after == "Nous écrivons « vite » \u202f!"
    assert checked_edit(an_edit(after="داده‌ها کپی شد.")).after == "داده‌ها کپی شد."


def test_what_sells_is_left_out_with_one_press():
    notice = a_notice("Data were taken. Enjoy 20% off your next stay.")
    edit = one_press(a_finding("marketing", "Enjoy 20% off your next stay."), notice, {})

    assert edit == an_edit("Data were taken. Enjoy 20% off your next stay.", "Data were taken.")


def test_the_apology_that_is_missing_is_added_and_one_with_an_if_is_replaced():
    model = "We are sorry. You trusted us with your data, and we did not protect them well enough."
    missing = one_press(a_finding("apology", "", where=""), a_notice("Data were taken.", section="apology"), {})
    conditional = one_press(a_finding("apology", "If you were affected, we are sorry."), a_notice("If you were affected, we are sorry."), {})

    assert missing == Edit(where="apology", before="", after=model)
    assert conditional == an_edit("If you were affected, we are sorry.", model)


def test_a_wrong_number_is_replaced_by_that_of_the_facts_in_the_digits_of_the_language():
    facts = {"residents": Fact(name="residents", value={"FR": 700, "DE": 41_170}, status="known")}
    english = a_notice("We are writing to 41,000 people.")
    persian = a_notice("ما به ۴۱٬۰۰۰ نفر می‌نویسیم.", language="fa")
    put = {notice.language: _numbers_put_right(notice, facts) for notice in (english, persian)}

    assert put == {"en": "We are writing to 41,870 people.", "fa": "ما به ۴۱٬۸۷۰ نفر می‌نویسیم."}


def _numbers_put_right(notice, facts):
    from datetime import UTC, datetime

    from amanat.terms.company import Company

    company = Company(
        name="Hotel",
        legal_name="Hotel SA",
        address="1 rue",
        country="FR",
        website="https://hotel.example",
        notices_url="https://hotel.example/v",
        sender="a@hotel.example",
        privacy_email="p@hotel.example",
    )
    found = notify.check_notice(notice, facts, (), company, now=datetime(2026, 3, 1, tzinfo=UTC))
    [wrong] = [one for one in found if one.check == "numbers"]
    edit = one_press(wrong, notice, facts)
    assert edit is not None
    return edit.after


def test_we_know_nothing_is_not_put_in_where_we_searched():
    finding, notice = a_finding("no_evidence", "There is no indication of fraud."), a_notice("There is no indication of fraud.")
    searched = {"search_for_misuse": Fact(name="search_for_misuse", value="We searched.", status="known")}

    assert one_press(finding, notice, {}).after == "We do not know yet whether anyone has misused the data."
    assert one_press(finding, notice, searched) is None


def test_where_only_a_person_can_find_the_words_nothing_is_offered():
    assert one_press(a_finding("hedging", "Data may have been taken."), a_notice("Data may have been taken."), {}) is None


@pytest.mark.parametrize("language", ["en", "fr", "fa"])
def test_a_model_sentence_passes_the_rule_that_offers_it(language):
    from amanat import wording

    for name, gate in wording.words(language).gate.items():
        if gate.model:
            assert name not in [one.check for one in notify.check_text(gate.model, language)], name
