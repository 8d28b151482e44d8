"""Words of many texts at once are those that regular expressions find in one after the other."""

import re

import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from amanat.scope.split_words import split_words

TEXT = st.text(st.sampled_from("abzÀéßñ ,.;'-/0189٣۴²½ا‌ق中ʼ̈\n\t_ǅ𝔸"), max_size=20)


def slowly(text, has_digits):
    text = text.replace("'", "").replace(";", " ; ")
    return [word for word in re.split(r"[^\w;]|_" if has_digits else r"[^\w;]|[_\d²½]", text) if word]


@settings(deadline=None)  # the first call compiles
@given(st.lists(TEXT, max_size=8))
def test_words_are_runs_of_letters_and_digits(texts):
    for has_digits in (True, False):
        offsets, words = split_words(pa.array(texts, pa.large_string()), has_digits=has_digits)
        found = [words.slice(a, b - a).to_pylist() for a, b in zip(offsets[:-1].tolist(), offsets[1:].tolist(), strict=True)]
        assert found == [slowly(text, has_digits) for text in texts]


def test_a_semicolon_is_a_word_and_an_apostrophe_joins():
    offsets, words = split_words(pa.array(["o'neill; d'arc", "", "12 rue"], pa.large_string()), has_digits=False)
    assert (offsets.tolist(), words.to_pylist()) == ([0, 3, 3, 4], ["oneill", ";", "darc", "rue"])
