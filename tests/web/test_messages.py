"""Every sentence of the screens is translated into French and Persian, and the translations are typeset properly."""

import re

import pytest

from amanat.web import messages
from amanat.web.languages import LANGUAGES, compile_stale

OTHERS = [code for code, _name in LANGUAGES[1:]]


@pytest.mark.parametrize("language", OTHERS)
def test_no_sentence_is_missing_empty_fuzzy_or_out_of_use(language):
    catalogue = messages.catalogue(language)
    known = {m.id for m in catalogue if m.id}

    said = set(messages.sentences())
    assert said <= known <= said | messages.addressees(), "call: python -m amanat.web.messages"
    assert [m.id for m in catalogue if m.id and (not m.string or m.fuzzy)] == []


@pytest.mark.parametrize("language", OTHERS)
def test_a_translation_fills_in_the_same_names(language):
    for message in messages.catalogue(language):
        if message.id:
            assert set(re.findall(r"%\(\w+\)s", message.id)) == set(re.findall(r"%\(\w+\)s", message.string)), message.id


# Acronyms of authorities stay as their letterhead has them, names of acts and forms as the law writes them; commands, codes, slots and names
# of files as they are typed.
_AS_WRITTEN = re.compile(
    r"\bGSM-7\b|\bUCS-2\b|\bWebP\b|\bMP4\b|\bC2PA\b|\bSHA-256\b|"  # alphabets of text messages, sorts of files and marks
    r"%\(\w+\)s|«?amanat(?: [a-z]+)*»?|\([a-z]+ -\w+\)|\b\d+-[A-Z]\b(?:/A)?|\bS-P\b|\beIDAS\b|\bNIS(?:2| Regulations)\b|\b42 CFR\b|\bDFARS [\d.-]+"
    r"|\bISO [\d-]+|\b74b\b|\b[A-Z]{2,}(?:-[A-Z]{2})? \d+|\b[A-Z]{2,}\b"
    r"|\b[a-z_]+\.(?:toml|csv|parquet|jsonl|txt)\b|</?bdi[^>]*>"
    r"|\b8-20\b|\bEurope/Paris\b|\b(?:mon-fri|sat-wed)\b|\bname@example\.org\b|\{\w+\}"  # to be typed like this
)


def test_persian_has_persian_letters_digits_and_half_spaces():
    for message in messages.catalogue("fa"):
        if message.id:
            text = _AS_WRITTEN.sub("", message.string)
            assert not re.search(r"[A-Za-z0-9يك٠-٩]", text), message.string
            # می and ها are joined to their word by a half-space, never written apart.
            assert not re.search(r"(?:^|\s)ن?می\s|\sها(?:\s|ی|$)", text), message.string


def test_french_has_its_own_apostrophe_and_spaces():
    for message in messages.catalogue("fr"):
        if message.id:
            assert "'" not in message.string, message.string
            assert not re.search(r"[^\s\u00a0\u202f][?!;:»]", message.string.replace("://", "")), message.string
            assert not re.search(r" [?!;:»]|« ", message.string), f"needs a no-break space: {message.string}"


def test_compiled_words_are_made_anew_only_when_a_source_has_changed(tmp_path):
    folder = compile_stale(tmp_path)
    first = {p: p.stat().st_mtime_ns for p in folder.rglob("*.mo")}
    compile_stale(tmp_path)

    assert len(first) == 2
    assert {p: p.stat().st_mtime_ns for p in folder.rglob("*.mo")} == first
