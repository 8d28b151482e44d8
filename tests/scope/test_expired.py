"""Cards that no longer work are told apart from those that do."""

from datetime import date

import pytest

from amanat.scope.expired import last_day, with_expired
from amanat.scope.scan import Scanner, best_of, records_of

NOW = date(2026, 11, 22)
SCANNER = Scanner(bytes(16), now=NOW)


def kinds_in(text, labels=""):
    records = records_of([text], [labels])
    found = SCANNER.scan(records)
    found = with_expired(found.take(best_of(found) & (found.belief >= 0.5)), records.column("text"), SCANNER, NOW)
    return {SCANNER.members[SCANNER.names[i]].kind for i in found.identifier} - {""}


@pytest.mark.parametrize(
    ("expiry", "kind"),
    [
        ("09/25", "card_expired"),
        ("10/2026", "card_expired"),
        ("11/26", "card_number_alone"),  # works until the end of the month
        ("2031-01", "card_number_alone"),
        ("never", "card_number_alone"),
        ("", "card_number_alone"),
    ],
)
def test_a_card_beside_an_expiry_date_that_is_past_is_expired(expiry, kind):
    assert kinds_in(f"4111111111111111\x1f{expiry}", "card number\x1fexpiry") == {kind}


def test_in_words_too():
    assert kinds_in("card 4111 1111 1111 1111, card expiry: 03/24") == {"card_expired"}
    assert kinds_in("expired card: 4111111111111111") == {"card_expired"}


def test_two_cards_of_which_one_works_both_count_as_working():
    assert kinds_in("4111111111111111\x1f01/24\x1f5555555555554444\x1f01/31", "card number\x1fexp date\x1fcard number 2\x1fcard exp") == {
        "card_number_alone"
    }


def test_what_is_no_month_tells_nothing():
    assert last_day("00/28") is None
    assert last_day("soon") is None
    assert last_day("۰۹/۲۸") == date(2028, 9, 30)


def test_a_masked_number_is_part_of_a_card_and_no_card():
    assert kinds_in("411111******1111", "card_masked") == {"card_truncated"}
