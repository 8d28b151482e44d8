"""The last letter to each person who was told: promises kept and broken, what was learned, what stays; formal and easy, in three languages."""

from datetime import date, datetime, timedelta, timezone

import pytest

from amanat.notify.as_text import as_text
from amanat.notify.closing import closing_letters
from amanat.notify.gate import check_notice
from amanat.notify.outside import Case
from amanat.terms.promise import Promise

from .writing_world import COMPANY, NOW, fact, facts

LATER = NOW + timedelta(days=120)
LEARNED = {"en": "One password opened everything.", "fr": "Un seul mot de passe ouvrait tout.", "fa": "یک گذرواژه همه‌چیز را باز می‌کرد."}
KEYS = {"en": "Every log-in of our staff needs a key.", "fr": "Nos équipes se connectent avec une clé.", "fa": "هر ورود کارکنان ما کلید می‌خواهد."}
LEDGER = facts(support_until=fact("support_until", date(2027, 3, 31)), what_we_learned=fact("what_we_learned", LEARNED))


def a_promise(state, *, kind="measure", due=datetime(2026, 3, 19, 12, tzinfo=timezone.utc), settled=None, words=KEYS):
    return Promise(
        id=f"{state}-{kind}", kind=kind, words=words, made_in="notice", made_at=NOW, due_at=due, owner="1", state=state, settled_at=settled
    )


def letter(language, *promises, is_easy=False, ledger=LEDGER):
    [made] = closing_letters(ledger, COMPANY, now=LATER, languages=[language], case=Case(promises=promises), is_easy=is_easy)
    return made


def promised(notice):
    return [s.text for section in notice.sections if section.id == "promises" for s in section.sentences][1:]


@pytest.mark.parametrize("is_easy", [False, True])
@pytest.mark.parametrize("language", ["en", "fr", "fa"])
def test_the_gate_lets_the_letter_pass(language, is_easy):
    kept = a_promise("kept", settled=NOW)
    made = letter(language, kept, a_promise("broken"), a_promise("open", due=None, kind="offer"), is_easy=is_easy)

    assert check_notice(made, LEDGER, (), COMPANY, now=LATER) == []
    assert made.letter_group == "last_letter" and made.audience == "individuals" and "{code}" in as_text(made) and "{name}" in made.greeting


def test_what_we_broke_stands_first_with_its_date_and_no_excuse():
    made = letter("en", a_promise("kept", settled=NOW), a_promise("broken", kind="next_update", words={}))

    assert promised(made) == [
        "Not kept: We promised you news by a certain hour. We had promised it for 19 March 2026. That was wrong of us.",
        "Kept: Every log-in of our staff needs a key.",
    ]


def test_a_promise_that_was_kept_late_or_is_overdue_is_not_called_kept():
    late = a_promise("kept", settled=datetime(2026, 3, 21, 12, tzinfo=timezone.utc))
    made = letter("fr", late, a_promise("open", kind="offer"))

    assert promised(made) == [
        "Promesse en retard, encore à tenir\u00a0: Nos équipes se connectent avec une clé. Nous l’avions promis pour le 19 mars 2026.",
        "Promesse tenue, mais en retard\u00a0: Nos équipes se connectent avec une clé. "
        "Nous l’avions promis pour le 19 mars 2026 et l’avons fait le 21 mars 2026.",
    ]


def test_a_moved_promise_stands_as_the_one_in_its_place():
    assert promised(letter("en", a_promise("moved"), a_promise("kept", settled=NOW))) == ["Kept: Every log-in of our staff needs a key."]


def test_the_day_until_which_we_stand_by_them_is_said_in_their_calendar():
    assert "تا ۱۱ فروردین ۱۴۰۶ برای شما برقرار است" in as_text(letter("fa"))
    assert "until 31 March 2027" in as_text(letter("en"))
    assert "stays open until" not in as_text(letter("en", ledger=facts()))


def test_families_and_parents_are_greeted_as_in_the_first_letter():
    assert {reader for sentence in letter("en").other_greetings for reader in sentence.readers} == {"nameless", "guardian", "family"}
