"""Vocabulary: the words that say something about the values near them, as one table for the scan."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from amanat.scope.fold import fold_text
from amanat.scope.identifier import Identifier

# What a word means to the scan.
NEAR, LABEL, MONTH, TITLE, LABEL_WHOLE, OTHER = range(6)

MONTHS = (
    "january janvier januar enero janeiro jan janv ژانویه",
    "february fevrier februar febrero fevereiro feb fev فوریه",
    "march mars marz maerz marzo marco mar مارس",
    "april avril abril apr avr آوریل",
    "may mai mayo maio مه",
    "june juin juni junio junho jun ژوئن",
    "july juillet juli julio julho jul juil ژوئیه",
    "august aout agosto aug ago اوت",
    "september septembre septiembre setembro sep sept سپتامبر",
    "october octobre oktober octubre outubro oct okt اکتبر",
    "november novembre noviembre novembro nov نوامبر",
    "december decembre dezember diciembre dezembro dec dez دسامبر",
    "فروردین farvardin",
    "اردیبهشت ordibehesht",
    "خرداد khordad",
    "تیر tir",
    "مرداد mordad",
    "شهریور shahrivar",
    "مهر mehr",
    "آبان aban",
    "آذر azar",
    "دی dey",
    "بهمن bahman",
    "اسفند esfand",
)
_TITLES = (
    "mr mrs ms miss mx dr prof sir madam mme mlle monsieur madame mademoiselle herr frau sr sra srta senhor senhora dona"
    " آقای خانم جناب سرکار دکتر مهندس"
)


def word_hash(word: str) -> int:
    """FNV-1a over the folded, lower-case bytes, as the scan computes it."""
    h = 0xCBF29CE484222325
    for byte in fold_text(word).lower().encode():
        h = ((h ^ byte) * 0x100000001B3) & 0xFFFFFFFFFFFFFFFF
    return h


def phrase_hash(words: Sequence[str]) -> int:
    """Up to three words in a row."""
    h = 0
    for word in words:
        h = ((h * 0x9E3779B97F4A7C15) & 0xFFFFFFFFFFFFFFFF) ^ word_hash(word)
    return h or 1


def words_of(text: str) -> list[str]:
    """The words of a label, folded. As in the scan, whatever is beyond ASCII belongs to a word, and letters of ASCII are another.

    >>> words_of("Date de Naissance"), words_of("guest_eMail"), words_of("firstName")
    (['date', 'de', 'naissance'], ['guest', 'email'], ['first', 'name'])
    """
    folded = fold_text(text)
    folded = re.sub(r"(?<=[a-z])(?=[A-Z][a-z]{2})", " ", folded.replace("eMail", "email").replace("E-Mail", "email").replace("e-mail", "email"))
    return [w.lower() for w in re.findall(r"[A-Za-z]+|[^\x00-\x7f]+|\d+", folded)]


def free_slot(keys: Any, key: int, place: int) -> int:
    """Where a key (never 0) goes in a table with open addressing; half of the table stays free, so that a search ends soon."""
    size = len(keys)
    if 2 * np.count_nonzero(keys) >= size:
        raise IndexError
    at = place & (size - 1)
    while keys[at]:
        at = (at + 1) & (size - 1)
    keys[at] = key
    return at


def add_words(T: Any, members: Mapping[str, Identifier]) -> None:
    """Adds the words and labels of these identifiers, months and titles to one TABLES."""
    phrases: dict[int, set[tuple[int, int]]] = {}

    def say(phrase: str, number: int, meaning: int) -> None:
        words = words_of(phrase)[-3:]
        if not words:
            return
        phrases.setdefault(phrase_hash(words), set()).add((number, meaning))
        last = fold_text(words[-1]).lower().encode()
        T["word_lengths"][(last[0] << 8) | (last[1] if len(last) > 1 else 0)] |= np.uint32(1 << min(len(last), 31))
        T["word_endings"][word_hash(words[-1]) & 0xFFFF] = 1

    for i, member in enumerate(members.values()):
        for word in member.words:
            say(word, i, NEAR)
        for word in member.other_words:
            say(word, i, OTHER)
        for header in member.headers:
            say(header.lstrip("="), i, LABEL_WHOLE if header.startswith("=") else LABEL)
    for month, spellings in enumerate(MONTHS, start=1):
        for word in spellings.split():
            say(word, month, MONTH)
    for word in _TITLES.split():
        say(word, 0, TITLE)

    n = 0
    for h, found in phrases.items():
        at = free_slot(T["phrase_key"], h, h)
        T["phrase_first"][at], T["phrase_until"][at] = n, n + len(found)
        for meaning in sorted(found):
            T["meanings"][n] = meaning
            n += 1
