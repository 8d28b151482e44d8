"""Vocabulary: the words that say something about the values near them, as one table for the scan."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from amanat.scope.fold import fold_text
from amanat.scope.identifier import Identifier

# What a word means to the scan.
NEAR, LABEL, MONTH, TITLE, LABEL_WHOLE = range(5)

_MONTHS = (
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


class Words(NamedTuple):
    """The vocabulary as arrays."""

    slots: Any  # [2**k] SLOT: phrases by hash, open addressing, key 0 is free
    meanings: Any  # [n, 2] int32: identifier (or month), meaning
    lengths: Any  # [65536] uint32 by the first two bytes of a phrase's last word: which lengths there are (bit 31: 31 and more)
    endings: Any  # [65536] uint8 by the low bits of its hash: whether a phrase ends with such a word


SLOT = np.dtype([("key", np.uint64), ("first", np.int32), ("until", np.int32)], align=True)


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
    """The words of a label, folded.

    >>> words_of("Date de Naissance"), words_of("guest_eMail"), words_of("firstName")
    (['date', 'de', 'naissance'], ['guest', 'email'], ['first', 'name'])
    """
    folded = fold_text(text)
    folded = re.sub(r"(?<=[a-z])(?=[A-Z][a-z]{2})", " ", folded.replace("eMail", "email").replace("E-Mail", "email").replace("e-mail", "email"))
    return [w.lower() for w in re.findall(r"[^\W\d_]+|\d+", folded)]


def slots_of(found: Mapping[int, tuple[int, int]], place: Any = lambda key: key) -> Any:
    """[2**k] SLOT: a table with open addressing from keys (never 0) to from and until; mostly free, so that a miss is quick."""
    size = 1 << max(10, (len(found) * 4).bit_length())
    slots = np.zeros(size, SLOT)
    for key, (first, until) in found.items():
        at = place(key) & (size - 1)
        while slots[at]["key"]:
            at = (at + 1) & (size - 1)
        slots[at] = key, first, until
    return slots


def compile_words(members: Mapping[str, Identifier]) -> Words:
    """The words, labels, months and titles of these identifiers. Identifiers are numbers, in the order of the mapping."""
    phrases: dict[int, set[tuple[int, int]]] = {}
    lengths = np.zeros(1 << 16, np.uint32)
    endings = np.zeros(1 << 16, np.uint8)

    def say(phrase: str, number: int, meaning: int) -> None:
        words = words_of(phrase)[-3:]
        if not words:
            return
        phrases.setdefault(phrase_hash(words), set()).add((number, meaning))
        last = fold_text(words[-1]).lower().encode()
        lengths[(last[0] << 8) | (last[1] if len(last) > 1 else 0)] |= np.uint32(1 << min(len(last), 31))
        endings[word_hash(words[-1]) & 0xFFFF] = 1

    for i, member in enumerate(members.values()):
        for word in member.words:
            say(word, i, NEAR)
        for header in member.headers:
            say(header.lstrip("="), i, LABEL_WHOLE if header.startswith("=") else LABEL)
    for month, spellings in enumerate(_MONTHS, start=1):
        for word in spellings.split():
            say(word, month, MONTH)
    for word in _TITLES.split():
        say(word, 0, TITLE)

    meanings: list[tuple[int, int]] = []
    ranges = {}
    for h, found in phrases.items():
        ranges[h] = len(meanings), len(meanings) + len(found)
        meanings += sorted(found)
    return Words(slots_of(ranges), np.array(meanings or [(0, 0)], np.int32), lengths, endings)
