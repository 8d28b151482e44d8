"""How the gate looks for phrases: one way of writing for each text, and the short cut finds what the long way finds."""

import re
import tomllib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from amanat import wording
from amanat.notify.check import matches
from amanat.notify.gate import check_text
from amanat.notify.phrasing import folded, folded_pattern, needed_runs, phrases_of
from amanat.wording.language import BadWording, _read

LANGUAGES = tuple(wording.languages())
RULES = [(language, name, rule) for language in LANGUAGES for name, rule in wording.words(language).gate.items()]
SAMPLES = sorted({text for _, _, rule in RULES for text in (*rule.bad, *rule.good)})
PIECES = sorted({word for text in SAMPLES for word in text.split()})


def test_every_way_of_typing_a_persian_verb_or_plural_is_read_as_one():
    for ways in (
        ("می\u200cشود", "می شود", "میشود", "مي\u200cشود"),
        ("نمی\u200cدانیم", "نمی دانیم", "نمیدانیم"),
        ("سامانه\u200cها", "سامانه ها", "سامانهها"),
        ("داده\u200cهای", "داده های", "دادههای"),
        ("کلمهٔ عبور", "کلمه\u200cی عبور", "کلمه ی عبور", "کلمه عبور", "كلمۀ عبور"),
        ("متأسفیم", "متاسفیم"),
        ("تأیید", "تایید"),
        ("احتمالاً", "احتمالا"),
        ("۱۲", "١٢", "12"),
    ):
        assert {folded(way) for way in ways} == {folded(ways[0])}, ways


def test_apostrophes_and_narrow_blanks_are_read_as_one():
    assert folded("l'attaque\u202f: 1\u00a0%") == folded("l’attaque : 1 %") == "l’attaque : 1 %"


def test_a_pattern_may_be_written_with_a_half_space_where_texts_have_a_blank_or_nothing():
    assert all(matches(("پاسخ\u200cگو",), text) for text in ("پاسخ\u200cگو", "پاسخ گو", "پاسخگو"))


def test_capitals_matter_only_where_a_pattern_says_so():
    assert matches(("data",), "DATA") and matches(("DATA",), "data")
    assert matches(("(?-i:SOC)",), "Our SOC") and not matches(("(?-i:SOC)",), "our soc")


@pytest.mark.parametrize(
    ("pattern", "runs"),
    [
        ("no evidence", {"evid"}),
        (r"\b(was|were) (stolen|copied)\b", {"stol", "copi"}),
        ("a?b?c?", set()),
        ("[^.]{0,40}thief|intruder", {"thie", "intr"}),
        ("(x|yes) [0-9]", set()),
    ],
)
def test_the_letters_without_which_a_pattern_cannot_stand(pattern, runs):
    assert needed_runs(pattern) == runs


def plainly(patterns, text):
    """The long way: every pattern on the whole text."""
    return any(re.search(folded_pattern(pattern), folded(text), re.IGNORECASE) for pattern in patterns)


def test_the_short_cut_finds_in_every_sample_what_the_long_way_finds():
    for language, name, rule in RULES:
        for text in (*rule.bad, *rule.good):
            for patterns in (rule.patterns, rule.unless, rule.hints):
                assert phrases_of(patterns).stand_in(text) == plainly(patterns, text), (language, name, text)


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(RULES), st.lists(st.sampled_from(PIECES), max_size=12))
def test_the_short_cut_finds_in_any_text_what_the_long_way_finds(rule, words):
    text = " ".join(words)
    for pattern in rule[2].patterns:
        assert phrases_of((pattern,)).stand_in(text) == plainly((pattern,), text), pattern


def test_no_pattern_is_tried_on_every_sentence_of_a_letter():
    # Else a letter of a hundred sentences takes a second. What looks for digits, brackets or the beginning of a line must be.
    always = {(language, name) for language, name, rule in RULES if phrases_of(rule.patterns).always}
    assert {name for _, name in always} <= {"whom_to_ask", "easy_read", "actions_first", "numbers", "discreet_subject", "passive"}


def test_a_family_of_words_that_is_not_there_is_named(tmp_path):
    english = wording.language.SET.paths()["en"]
    (tmp_path / "en").mkdir()
    (tmp_path / "en.toml").write_text(english.read_text(encoding="utf-8"), encoding="utf-8")
    gate = (english.parent / "en" / "gate.toml").read_text(encoding="utf-8")
    (tmp_path / "en" / "gate.toml").write_text(gate.replace("[gate.passive]\n", "[gate.passive]\nhints = ['<peple>']\n"), encoding="utf-8")
    with pytest.raises(BadWording, match="no family of words 'peple'"):
        _read(tmp_path / "en.toml")


REGISTERS = tomllib.loads((Path(__file__).parent / "registers.toml").read_text(encoding="utf-8"))
FOUND_AT_LEAST = 0.8  # of what is bad, by the rule that it is bad for
WRONGLY_AT_MOST = 1  # of what is honest


@pytest.mark.parametrize("language", LANGUAGES)
def test_most_of_what_companies_write_in_other_registers_is_objected_to(language):
    passages = [(rule, text) for rule, texts in REGISTERS[language]["bad"].items() for text in texts]
    missed = [(rule, text) for rule, text in passages if not any(f.check == rule and f.quote for f in check_text(text, language))]
    assert len(missed) <= (1 - FOUND_AT_LEAST) * len(passages), missed


@pytest.mark.parametrize("language", LANGUAGES)
def test_honest_sentences_in_the_same_registers_are_left_alone(language):
    # What is missing from a single sentence (an apology, a day, somebody to ask) is no objection to it.
    found = [(text, f.check) for text in REGISTERS[language]["honest"]["sentences"] for f in check_text(text, language) if f.quote == text]
    assert len({text for text, _ in found}) <= WRONGLY_AT_MOST, found


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_long_hostile_sentence_is_read_to_its_end(language):
    heads = sorted({word for rule in wording.words(language).gate.values() for text in rule.bad for word in text.split()})
    text = (" ".join(heads).replace(".", "").replace("!", "") + " ") * 3
    assert check_text(text, language)
