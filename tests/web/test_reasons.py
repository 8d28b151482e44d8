"""The reasons of a duty in the language of the page, and time limits that name their event."""

import re

import pytest
from django.utils import translation

from amanat import assess
from amanat.web.templatetags.reasons import EVENTS, because, change, got, limit


def plain(shown):
    return re.sub(r"<[^>]+>", "", str(shown))


@pytest.mark.parametrize(
    ("says", "english", "french"),
    [
        ("covered_data and acquired", "All of these:", "Tout ce qui suit\u00a0:"),
        ("at_least(2, acquired, accessed, key_taken)", "At least 2 of these:", "Au moins 2 de ces points\u00a0:"),
        ("key_taken", "Was the key, or a means to decrypt, taken too?", "La clé, ou un moyen de déchiffrer, a-t-elle aussi été prise\u202f?"),
        ("covered_data", "As this law defines it: covered data", "Au sens de cette loi\u00a0: covered data"),
        ("established('EEA')", "We are established in: European Economic Area", "Nous sommes établis ici\u00a0: Espace économique européen"),
        ("residents('BR') >= 500", "affected residents of Brazil – at least 500", "résidents touchés (Brésil) – au moins\u00a0: 500"),
        ("it is because of <this>", "it is because of <this>", "it is because of <this>"),
    ],
)
def test_a_condition_of_the_law_stands_as_a_question_with_the_answer_it_wants(says, english, french):
    with translation.override("en"):
        assert plain(because(says)).replace("&lt;", "<").replace("&gt;", ">") == english
    with translation.override("fr"):
        assert plain(because(says)).replace("&lt;", "<").replace("&gt;", ">") == french


def test_the_page_names_the_places_whose_law_is_not_held():
    says = "we hold no general law on breaches for MA, PK, where affected persons live: that is unknown, and not no"
    with translation.override("fr"):
        assert plain(because(says)).startswith("Des personnes touchées vivent là où nous n’avons pas de loi générale sur les violations")
        assert "Maroc" in plain(because(says)) and "Pakistan" in plain(because(says))


def test_what_nobody_translated_is_marked_as_english_and_escaped():
    with translation.override("fa"):
        assert because("odd <b>") == '<span lang="en" dir="ltr" class="english">odd &lt;b&gt;</span>'


def test_a_change_says_the_question_the_answer_and_what_would_follow():
    with translation.override("fr"):
        said = change("key_taken: yes (now no) → due")
        assert said == "La clé, ou un moyen de déchiffrer, a-t-elle aussi été prise\u202f? – oui (actuellement\u00a0: non) → à faire"
    with translation.override("fa"):
        assert change("residents of BR at least 500 (now 41 or more) → due") == "ساکنان آسیب‌دیدهٔ برزیل – دست‌کم ۵۰۰ (اکنون: ۴۱ یا بیشتر) ← لازم"


def test_a_limit_names_the_event_in_words_and_keeps_a_citation_whole():
    with translation.override("en"):
        assert limit("72 hours from awareness") == "72 hours after we were sure"
        assert limit("30 calendar days from discovery") == "30 calendar days after the breach was discovered"
        whole = plain(limit("6 working days from awareness if is_small_agent (art. 9; Res. 2/2022); no date yet: awareness is not known"))
    assert whole.count(" · ") == 1 and whole.startswith("6 working days after we were sure – Are we a small processing agent")


def test_a_date_that_hangs_on_a_conclusion_or_a_suspicion_is_said_in_the_readers_language():
    with translation.override("fr"):
        said = plain(limit("60 calendar days from determination; had it been on the day of awareness, it would end on 2026-12-04"))
        assert "si c’était le jour où nous en avons été certains" in said and "english" not in said
        taken = (
            "reasonable_suspicion is taken from awareness: nobody gave it, and it cannot have been later; an earlier moment makes the date earlier"
        )
        assert "au plus tard à ce moment-là" in plain(because(taken))


def test_every_event_that_starts_a_clock_has_a_name():
    started = {version.deadline.since for law in assess.laws().values() for duty in law.duty for version in duty.version} - {""}
    assert started <= set(EVENTS)


def test_every_condition_of_every_law_is_said_in_persian():
    conditions = {version.when for law in assess.laws().values() for duty in law.duty for version in duty.version}
    with translation.override("fa"):
        assert [when for when in conditions if "english" in str(because(when))] == []


def test_what_was_found_is_said_with_the_page_s_numbers_and_places():
    with translation.override("fa"):
        assert (got("41 or more", "residents"), got(["FR"], "establishments")) == ("۴۱ یا بیشتر", "فرانسه")


@pytest.mark.parametrize(
    ("says", "french"),
    [
        ("no later than notice_to_individuals", "au plus tard à ce moment\u00a0: Quand les personnes touchées ont-elles été informées\u202f?"),
        ("60 calendar days from the end of the calendar year of discovery", "à compter de la fin de l’année civile en question"),
        ("and no later than 24 hours from awareness if hours_between('awareness', 'classification_major') <= 24 (Art 5(1)(a))", "(Art 5(1)(a))"),
        ("moved from 2026-03-07T10:00:00+01:00 to noon of the next working day", "reporté à midi du jour ouvrable suivant"),
        ("the earlier moment is the safe one; it moves to 2026-03-09T12:00:00+01:00 unless 'bank' in sectors", "– banque"),
        ("public holidays are not counted: name the main establishment, whose calendar holds", "les jours fériés ne sont pas comptés"),
    ],
)
def test_every_way_a_deadline_is_said_has_french_words(says, french):
    with translation.override("fr"):
        shown = limit(says)
    assert french.split("Quand")[0] in plain(shown)
    assert 'class="english"' not in str(shown)
