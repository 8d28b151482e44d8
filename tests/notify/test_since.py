"""What changed since the last message: by what each person read, old beside new, in three languages, and the gate lets it pass."""

from datetime import datetime, timezone

import pytest

from amanat.notify.gate import check_notice
from amanat.notify.since import SECTION, base_group, changes, since

from .writing_world import COMPANY, NOW, fact, facts, notices

GROUP = "eu-gdpr"
TOLD = {
    "en": ("We wrote then: “Attackers entered our booking system with a stolen staff password.”", "This is how it is now: Attackers entered"),
    "fr": ("Nous vous écrivions\u00a0: «\u00a0Des attaquants sont entrés", "Voici ce qu’il en est aujourd’hui\u00a0: Des attaquants"),
    "fa": ("آن زمان نوشتیم: «مهاجمان با گذرواژه‌ای دزدیده‌شده", "اکنون چنین است: مهاجمان"),
}
NOW_SAID = {
    "en": "Attackers entered our booking system through a hole that we had not closed.",
    "fr": "Des attaquants sont entrés par une faille que nous n’avions pas fermée.",
    "fa": "مهاجمان از راه رخنه‌ای آمدند که نبسته بودیم.",
}


def a_notice(language, **changed):
    return notices(facts(**changed))[f"{GROUP}.{language}"]


def lines(section):
    return [sentence.text for sentence in section.sentences]


@pytest.mark.parametrize("language", ["en", "fr", "fa"])
def test_what_was_written_then_stands_beside_what_is_true_now(language):
    ledger = facts(what_happened=fact("what_happened", NOW_SAID))
    made = since(a_notice(language, what_happened=fact("what_happened", NOW_SAID)), a_notice(language), key="1")

    assert next(section.id for section in made.sections if section.id != "readers") == SECTION
    _intro, before, now = lines(made.sections[[section.id for section in made.sections].index(SECTION)])
    assert before.startswith(TOLD[language][0]) and now.startswith(TOLD[language][1])
    assert made.id == f"eu-gdpr-since-1.{language}" and made.letter_group == "eu-gdpr-since-1" and base_group(made.letter_group) == "eu-gdpr"
    assert [f for f in check_notice(made, ledger, (), COMPANY, now=NOW) if f.where == SECTION] == []


def test_two_persons_who_read_different_versions_read_different_sections():
    first = a_notice("en")
    second = a_notice("en", what_happened=fact("what_happened", NOW_SAID))
    third = a_notice(
        "en", what_happened=fact("what_happened", NOW_SAID), what_we_did=fact("what_we_did", {"en": "We closed the hole.", "fr": "x", "fa": "x"})
    )

    of_first, of_second = lines(changes(third, first)), lines(changes(third, second))
    assert "This is how it is now: We closed the hole." in of_first and "This is how it is now: We closed the hole." in of_second
    assert any("through a hole that we had not closed" in line for line in of_first)
    assert not any("through a hole that we had not closed" in line for line in of_second)


def test_whoever_read_what_holds_reads_no_such_section():
    assert changes(a_notice("fr"), a_notice("fr")) is None and since(a_notice("fr"), a_notice("fr"), key="1") is None


def test_what_was_not_known_and_is_known_now_is_said_as_both():
    found = fact("search_for_misuse", {"en": "We looked through 40 forums until 9 March and found none of the data.", "fr": "x", "fa": "x"})
    section = changes(a_notice("en", search_for_misuse=found), a_notice("en"))

    _intro, before, now = lines(section)
    assert before == "We wrote then: “We do not know yet whether anyone has misused the data.”"
    assert now == "This is how it is now: We looked through 40 forums until 9 March and found none of the data."


def test_only_facts_that_changed_count_where_that_is_known():
    new = a_notice(
        "en", what_happened=fact("what_happened", NOW_SAID), what_we_did=fact("what_we_did", {"en": "We closed it.", "fr": "x", "fa": "x"})
    )

    assert len(lines(changes(new, a_notice("en"), changed=["what_we_did"]))) == 3


def test_a_number_that_grew_stands_old_beside_new():
    from dataclasses import replace

    from amanat.terms.notice import Sentence

    def saying(text):
        notice = a_notice("en")
        [happened] = [one for one in notice.sections if one.id == "what_happened"]
        told = replace(happened, sentences=(*[s for s in happened.sentences if s.facts != ("exposures",)], Sentence(text=text, facts=("exposures",))))
        return replace(notice, sections=tuple(told if one is happened else one for one in notice.sections))

    section = changes(saying("We are writing to 43,112 people about this."), saying("We are writing to 41,870 people about this."))
    assert lines(section)[1:] == [
        "We wrote then: “We are writing to 41,870 people about this.”",
        "This is how it is now: We are writing to 43,112 people about this.",
    ]


def test_the_next_moment_of_news_is_no_change_of_the_case():
    later = fact("next_update", datetime(2026, 4, 2, 9, tzinfo=timezone.utc))

    assert changes(a_notice("en", next_update=later), a_notice("en")) is None
