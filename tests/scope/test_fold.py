"""One spelling for what people and keyboards write in many."""

from datetime import date

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from amanat.scope.fold import character_of, fold_records, fold_text
from amanat.scope.scan import Scanner, records_of


def test_persian_and_arabic_digits_and_letters_become_one_spelling():
    assert fold_text("۰۹۱۲٠٩١٢") == "09120912"
    assert fold_text("علي كريمي") == "علی کریمی"


def test_full_width_forms_blanks_and_dashes_become_ascii():
    assert fold_text("＋３３ ６‑39\u202f98 12\u00a034") == "+33 6-39 98 12 34"


def test_marks_that_cannot_be_seen_are_dropped():
    assert fold_text("\u200fsara\u200c@\u2066example.org\u2069") == "sara@example.org"


def test_latin_letters_lose_their_accents_in_both_unicode_forms():
    assert fold_text("Née Großmüller Łukasz") == "Nee Grossmuller Lukasz"
    assert fold_text("Ne\u0301e") == "Nee"


@settings(deadline=None)
@given(st.lists(st.text(), max_size=5))
def test_every_folded_byte_knows_its_character(texts):
    encoded = [t.encode("utf-8", "replace") for t in texts]
    offsets = np.cumsum([0, *map(len, encoded)]).astype(np.int64)
    folded = fold_records(np.frombuffer(b"".join(encoded), np.uint8), offsets)
    for r, raw in enumerate(encoded):
        text = raw.decode()
        begin, end = folded.offsets[r : r + 2]
        piece = bytes(folded.text[begin:end])
        turns = folded.turn_from[r : r + 2] if folded.turn_from.size else (0, 0)
        places = [character_of(folded.turns, *turns, begin, at) for at in range(begin, end)]
        assert piece.decode() == "".join(fold_text(c) for c in text)
        assert places == [i for i, c in enumerate(text) for _ in fold_text(c).encode()]


@settings(deadline=None)
@given(st.binary(max_size=200))
def test_bytes_that_are_not_text_are_folded_without_harm(raw):
    folded = fold_records(np.frombuffer(raw, np.uint8), np.array([0, len(raw)], np.int64))
    assert folded.offsets[-1] - folded.offsets[0] == folded.text.size <= len(raw)


def test_commas_points_and_hyphens_of_other_scripts_are_those_of_ascii():
    assert fold_text("۱۲\u060c۵ ۱۲\u066b۵ الف\u061b ب") == "12,5 12.5 الف; ب"
    assert fold_text("06\u201112\u201334\u201456\u221278") == "06-12-34-56-78"


def test_soft_hyphens_and_marks_of_direction_do_not_part_a_number():
    assert fold_text("4111\u00ad1111\u200e1111\u2067111\u20691\u061c") == "4111111111111111"


def test_arabic_vowels_and_the_stretching_mark_are_left_out():
    assert fold_text("مُحَمَّد عـــلی") == "محمد علی"


def test_greek_cyrillic_and_armenian_words_are_compared_without_capitals():
    assert fold_text("ΑΜΚΑ Αριθμός ИНН Фёдор Հայ") == "αμκα αριθμοσ инн федор հայ"
    assert fold_text("Sara МОСКВА") == "Sara москва"


SPELLINGS_OF_ONE = [
    "4111 1111 1111 1111",
    "۴۱۱۱ ۱۱۱۱ ۱۱۱۱ ۱۱۱۱",
    "٤١١١ ١١١١ ١١١١ ١١١١",
    "４１１１　１１１１　１１１１　１１１１",
    "4111\u00a01111\u202f1111\u20091111",
    "4111\u20111111\u20121111\u22121111",
    "\u200f4111 1111\u200e 1111 1111\u200f",
    "4111\u00ad 1111\u00ad 1111\u00ad 1111",
]


def test_one_card_has_one_key_in_every_spelling():
    scanner = Scanner(bytes(16), now=date(2026, 11, 22))
    found = scanner.scan(records_of(SPELLINGS_OF_ONE))
    cards = found.take(found.identifier == scanner.names.index("card"))
    assert len(cards) == len(SPELLINGS_OF_ONE) and len(set(cards.key.tolist())) == 1
