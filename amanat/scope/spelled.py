"""Spelled: names and addresses as rows of words, numbered, so that millions are compared without being kept as text."""

import re
import zlib
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from amanat.scope.fold import fold_records
from amanat.scope.scan import text_buffer
from amanat.scope.sounds import IGNORED, skeleton_of
from amanat.scope.split_words import split_words

NAME_WORDS_MAX = 8
ADDRESS_WORDS_MAX = 12
SEVERAL = ";"  # between several values of one person
_DIGIT = re.compile(r"\d")
# Commas that part a street from a town say nothing; these words stand in nearly every address.
_EVERYWHERE = frozenset("rue street st road rd avenue ave av strasse str calle rua خیابان کوچه پلاک no n".split())


def folded(cells: pa.Array) -> pa.LargeStringArray:
    """Cells in one spelling of digits, accents and case."""
    b, offsets = text_buffer(cells)
    # The loop is compiled for read-only arrays that begin at 0 as well as for slices.
    text = fold_records(b, offsets)
    arrays = [None, pa.py_buffer(np.ascontiguousarray(text.offsets)), pa.py_buffer(np.ascontiguousarray(text.text))]
    return pc.utf8_lower(pa.Array.from_buffers(pa.large_string(), len(cells), arrays))


def rows_of_words(cells: pa.Array, *, has_digits: bool) -> tuple[Any, pa.Array]:
    """[n + 1] where each cell's words begin, and the words as a dictionary array; `;` is a word of its own."""
    offsets, words = split_words(folded(cells), has_digits=has_digits)
    return offsets, words.dictionary_encode()


def kept(offsets: Any, keep: Any) -> Any:
    """The offsets when only some of the elements stay."""
    return np.r_[0, np.cumsum(keep)][offsets]


@dataclass(slots=True, repr=False)
class Vocabulary:
    """Words of names by number, in the order in which they came."""

    number: dict[str, int] = field(default_factory=dict)

    def names(self, cells: pa.Array) -> tuple[Any, Any]:
        """[n + 1] offsets and numbers of the words of names; -1 between several names of one person."""
        offsets, words = rows_of_words(cells, has_digits=False)
        lookup = np.array([self._number_of(word) for word in words.dictionary.to_pylist()] or [0], np.int32)
        numbers = lookup[words.indices.to_numpy(zero_copy_only=False)] if len(words) else np.zeros(0, np.int32)
        return _shortened(offsets, numbers, numbers != -2, NAME_WORDS_MAX * 3)

    def _number_of(self, word: str) -> int:
        if word == SEVERAL:
            return -1
        return -2 if not word or word in IGNORED else self.number.setdefault(word, len(self.number))


def addresses(cells: pa.Array, known: dict[str, int]) -> tuple[Any, Any]:
    """[n + 1] offsets and hashes of the words of addresses; 0 between several addresses of one person."""
    offsets, words = rows_of_words(cells, has_digits=True)
    lookup = np.array([_address_hash(word, known) for word in words.dictionary.to_pylist()] or [0], np.int64)
    numbers = lookup[words.indices.to_numpy(zero_copy_only=False)] if len(words) else np.zeros(0, np.int64)
    offsets, numbers = _shortened(offsets, numbers, numbers >= 0, ADDRESS_WORDS_MAX * 3)
    return offsets, numbers.astype(np.uint32)


HAS_DIGITS = 1  # lowest bit of an address word's hash: it is a number, or a postal code


def _address_hash(word: str, known: dict[str, int]) -> int:
    if not word or word in _EVERYWHERE:
        return -1
    if word == SEVERAL:
        return 0
    if word not in known:
        if _DIGIT.search(word):
            known[word] = (zlib.crc32(word.encode()) & 0xFFFFFFFE) | (HAS_DIGITS if len(word) >= 3 else 0) or 2
        else:
            # Streets and towns are known by their sound, unless little is left of it; numbers by themselves.
            skeleton = skeleton_of(word)
            known[word] = zlib.crc32((word if len(skeleton) < 3 else "~" + skeleton).encode()) & 0xFFFFFFFE or 2
    return known[word]


def _shortened(offsets: Any, numbers: Any, keep: Any, most: int) -> tuple[Any, Any]:
    """Offsets and numbers of those that are kept, at most so many in each row."""
    row = np.repeat(np.arange(len(offsets) - 1), np.diff(offsets))
    place = np.cumsum(keep) - 1
    first = np.r_[0, np.cumsum(keep)][offsets[:-1]]
    keep = keep & (place - first[row] < most)
    return kept(offsets, keep), numbers[keep]
