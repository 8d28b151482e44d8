"""Words of many texts at once: each run of letters, or of letters and digits, as an array of strings."""

# Compiled loops are written plainly, and their types are Numba's.
# mypy: disable-error-code="no-untyped-def, untyped-decorator"

import sys
import unicodedata
from functools import cache
from typing import Any

import numpy as np
import pyarrow as pa

from amanat.scope.compiled import compiled
from amanat.scope.scan import text_buffer

_LETTER, _DIGIT, _ALONE, _NOTHING = 1, 2, 3, 4


@cache
def _classes() -> Any:
    """[code points] what each character is: a letter, a digit, a word by itself (`;`), nothing at all (`'`), or what parts words (0)."""
    codes = np.zeros(sys.maxunicode + 1, np.uint8)
    for code in range(sys.maxunicode + 1):
        category = unicodedata.category(chr(code))
        if category[0] in "LN":
            codes[code] = _LETTER if category[0] == "L" else _DIGIT
    codes[ord(";")], codes[ord("'")] = _ALONE, _NOTHING
    return codes


@compiled
def _split(text, offsets, classes, has_digits, counts, ends, out):
    """Fills how many words each text has, where each word ends in `out`, and `out`; gives the number of words and bytes."""
    n_words = n_out = 0
    for i in range(offsets.size - 1):
        at, end = offsets[i], offsets[i + 1]
        begin = n_out  # of the word at hand
        while at < end:
            first = np.int64(text[at])
            length = 1 if first < 0x80 else 2 if first < 0xE0 else 3 if first < 0xF0 else 4
            code = first if length == 1 else first & (0x7F >> length)
            for k in range(1, length):
                code = code << 6 | (np.int64(text[at + k]) & 0x3F)
            what = classes[code]
            if what == 1 or (what == 2 and has_digits):
                for k in range(length):
                    out[n_out] = text[at + k]
                    n_out += 1
            elif what != 4:
                if n_out > begin:
                    ends[n_words] = n_out
                    n_words += 1
                    counts[i] += 1
                    begin = n_out
                if what == 3:
                    out[n_out] = text[at]
                    n_out += 1
                    ends[n_words] = n_out
                    n_words += 1
                    counts[i] += 1
                    begin = n_out
            at += length
        if n_out > begin:
            ends[n_words] = n_out
            n_words += 1
            counts[i] += 1
    return n_words, n_out


def split_words(texts: pa.Array, *, has_digits: bool) -> tuple[Any, pa.Array]:
    """[n + 1] where each text's words begin, and the words; `;` is a word of its own, an apostrophe joins what stands around it."""
    text, offsets = text_buffer(texts)
    counts = np.zeros(len(texts), np.int64)
    n_bytes = int(offsets[-1] - offsets[0])
    ends, out = np.zeros(n_bytes + 1, np.int32), np.empty(n_bytes, np.uint8)
    n_words, n_out = _split(text, offsets, _classes(), has_digits, counts, ends[1:], out)
    buffers = [None, pa.py_buffer(ends[: n_words + 1]), pa.py_buffer(out[:n_out])]
    return np.r_[0, np.cumsum(counts)], pa.Array.from_buffers(pa.string(), n_words, buffers)
