"""What holds for every outlet, and what a statement becomes before any of them sets it."""

import re
from dataclasses import replace

import pytest

from amanat import wording
from amanat.notify.outlet import NoStatement, UnknownOutlet, draft, notices_for, outlet_named, outlets
from amanat.notify.sheet import NoOutletWords, sheet_of
from amanat.terms.notice import Section, Sentence

from ..outlet_world import CODE, notice, statement

URL = "https://hotel.example/notices"


@pytest.mark.parametrize("name", outlets())
def test_an_outlet_names_its_source_and_makes_the_files_it_says(name):
    one = outlet_named(name)
    made = draft(name, statement("en", "fa"))

    assert one.source.startswith("https://") and re.fullmatch(r"\d{4}-\d\d-\d\d", one.read_on)
    assert sorted(artefact.name for artefact in made.artefacts) == sorted(one.makes)
    assert made.findings == () and not made.is_blocked


@pytest.mark.parametrize("name", outlets())
def test_the_same_statement_gives_the_same_bytes(name):
    once, again = draft(name, statement("en")), draft(name, statement("en"))

    assert [a.content_hash for a in once.artefacts] == [a.content_hash for a in again.artefacts]


@pytest.mark.parametrize("name", [name for name in outlets() if name not in ("press_release", "call_script")])
def test_every_outlet_carries_its_code_in_every_language(name):
    made = draft(name, statement("en", "fr", "fa"))

    for language in ("en", "fr", "fa"):
        assert any(CODE in artefact.content.decode() for artefact in made.artefacts if artefact.language == language), language


def test_the_outlets_are_these():
    assert {name: one.released_by for name, one in outlets().items()} == {
        "bluesky": "hand",
        "bulletin": "us",
        "call_script": "hand",
        "feeds": "us",
        "linkedin": "hand",
        "mastodon": "hand",
        "portal": "us",
        "press_release": "hand",
        "status_page": "us",
        "x": "hand",
    }


def test_an_outlet_that_nobody_wrote_is_named_with_the_nearest():
    with pytest.raises(UnknownOutlet, match="did you mean 'mastodon'"):
        outlet_named("mastodn")


def test_each_outlet_takes_the_notice_for_its_own_readers_first():
    written = [notice("en", "individuals"), notice("en", "press"), notice("fr", "press"), notice("en", "public"), notice("en", "agent")]

    assert [n.id for n in notices_for(outlet_named("press_release"), written)] == ["press.en", "press.fr"]
    assert [n.id for n in notices_for(outlet_named("status_page"), written)] == ["public.en"]
    assert [n.id for n in notices_for(outlet_named("call_script"), written)] == ["agent.en"]
    # What is written for the persons themselves is never put before everybody.
    with pytest.raises(NoStatement, match="no text for public"):
        notices_for(outlet_named("status_page"), [notice("en", "individuals")])


def test_a_sentence_for_one_person_is_left_out_and_a_missing_code_is_added():
    said = replace(
        notice("en"),
        sections=(
            Section(
                id="what_happened", heading="What {{happened}}", sentences=(Sentence(text="Dear {name}, hello."), Sentence(text="We closed it."))
            ),
            Section(id="readers", heading="", sentences=(Sentence(text="To the family.", readers=("family",)),)),
        ),
    )
    sheet = sheet_of(said, URL, code=CODE)

    assert list(sheet.sentences()) == [
        "We closed it.",
        f"To make sure that this comes from us, type the code {CODE} at {URL}, or read it to us on the phone.",
    ]
    assert sheet.parts[0].heading == "What {happened}"


def test_how_to_check_stands_once_beside_what_the_text_says_of_it_itself():
    said = replace(notice("en"), sections=(Section(id="is_this_real", heading="Really?", sentences=(Sentence(text="Type our address yourself."),)),))
    sheet = sheet_of(said, URL, code=CODE)

    assert [part.heading for part in sheet.parts] == ["Really?"]
    assert [CODE in line for line in sheet.sentences()] == [False, True]


def test_english_french_and_persian_have_the_same_words_with_the_same_slots():
    def slots(text):
        return sorted(re.findall(r"\{(\w+)", text))

    english = wording.words("en").outlets
    for language in ("fr", "fa"):
        other = wording.words(language).outlets
        assert set(other) == set(english), language
        assert [key for key in english if slots(other[key]) != slots(english[key])] == [], language


def test_a_language_without_words_for_everybody_says_where_they_are_missing(monkeypatch):
    monkeypatch.setattr(wording, "words", lambda language: replace(wording.language.read_words(language), outlets={}))
    with pytest.raises(NoOutletWords, match=r"en/outlets\.toml"):
        sheet_of(notice("en"), URL, code=CODE)
