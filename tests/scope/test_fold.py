"""One spelling for what people and keyboards write in many."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from amanat.scope.fold import character_of, fold_records, fold_text


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
