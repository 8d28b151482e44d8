"""The second proof: random, short-lived in tries, bound to one visit, kept only as a keyed hash."""

import secrets
from datetime import datetime, timedelta, timezone

from hypothesis import given, settings
from hypothesis import strategies as st

from amanat import care
from amanat.care import proof

KEY = b"k" * 32
NOW = datetime(2026, 3, 6, 12, 0, tzinfo=timezone.utc)


@settings(deadline=None)
@given(st.integers(0, 10**9 - 1))
def test_a_code_is_right_however_it_is_typed_and_no_other_is(number):
    code = care.new_proof(lambda _n: number)
    stored = care.hash_of_proof(KEY, "visit", code)
    persian = code.translate(str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹"))

    for typed in (code, care.spell_proof(code), f" {code[:3]}-{code[3:]} ", persian):
        assert care.is_right_proof(KEY, "visit", typed, stored)
    other = f"{(number + 1) % 10**9:09d}"
    for typed in (other, code[:-1], code + "0", "", "abcdefgh"):
        assert not care.is_right_proof(KEY, "visit", typed, stored)


def test_a_code_opens_the_visit_it_was_made_for_and_no_other():
    stored = care.hash_of_proof(KEY, "visit-of-alice", "123456789")
    assert not care.is_right_proof(KEY, "visit-of-bob", "123456789", stored)
    assert not care.is_right_proof(b"other" * 8, "visit-of-alice", "123456789", stored)


def test_nothing_is_right_where_no_code_was_ever_sent():
    assert not care.is_right_proof(KEY, "visit", "", care.hash_of_proof(KEY, "visit", ""))


def test_codes_differ():
    assert len({care.new_proof(secrets.randbelow) for _ in range(200)}) > 190


def ask(here, anywhere=(), *, known=False):
    return care.may_ask_proof(here, [*here, *anywhere], is_known_here=known, now=NOW)


def test_three_codes_an_hour_and_eight_a_day_from_one_network():
    assert ask([])
    minutes = [NOW - timedelta(minutes=m) for m in (1, 2, 3)]
    assert ask(minutes[:2])
    assert not ask(minutes)
    assert ask([NOW - timedelta(hours=h) for h in range(2, 9)])
    assert not ask([NOW - timedelta(hours=h) for h in range(2, 10)])
    assert not ask(minutes, known=True)


def test_who_holds_the_letter_elsewhere_does_not_use_up_the_codes_of_the_person():
    elsewhere = [NOW - timedelta(minutes=1)] * 8
    assert ask([], elsewhere)
    many = [NOW - timedelta(minutes=1)] * 12  # takes four networks
    assert not ask([], many)
    assert ask([], many, known=True)
    assert ask([], [NOW - timedelta(minutes=61)] * 47)
    assert not ask([], [NOW - timedelta(minutes=61)] * 48)


def test_whoever_guesses_has_almost_no_chance():
    among = 10**proof.N_DIGITS
    assert proof.CODES_A_DAY * proof.TRIES_MAX / among == 1 / 25_000_000
    assert proof.ALL_A_DAY * proof.TRIES_MAX / among < 1 / 4_000_000
