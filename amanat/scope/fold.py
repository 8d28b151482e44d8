"""Folding: one spelling for what people and keyboards write in many.

Persian, Arabic and full-width digits become 0-9; ي and ك become ی and ک; Latin letters lose their accents;
the many blanks and dashes become one each; marks that cannot be seen are dropped. The case of Latin letters is left alone;
Greek, Cyrillic and Armenian capitals become small, and Greek accents go.
Only text with a byte beyond ASCII is folded, and every folded byte remembers which character it came from.
"""

import unicodedata
from functools import cache
from typing import Any, NamedTuple

import numpy as np

from amanat.scope.compiled import compiled
from amanat.scope.eight_bytes import eight_bytes, put_eight_bytes

# Characters beyond the Latin blocks that stand for an ASCII one.
_STANDS_FOR = {
    **{chr(0x06F0 + d): str(d) for d in range(10)},
    **{chr(0x0660 + d): str(d) for d in range(10)},
    **{chr(0xFF01 + i): chr(0x21 + i) for i in range(94)},
    **dict.fromkeys("\u00a0\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000", " "),
    **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u00ad", "-"),
    **dict.fromkeys("\u2018\u2019\u02bc\u2032", "'"),
    **dict.fromkeys("\u201c\u201d\u00ab\u00bb", '"'),
    "\u060c": ",",
    "\u061b": ";",
    "\u066b": ".",
    "\u066c": ",",
    "\u2024": ".",
    "ي": "ی",
    "ى": "ی",
    "ئ": "ی",
    "ك": "ک",
    "ة": "ه",
    "ۀ": "ه",
    "أ": "ا",
    "إ": "ا",
    "آ": "ا",
    "ؤ": "و",
    "ß": "ss",
    "æ": "ae",
    "Æ": "AE",
    "œ": "oe",
    "Œ": "OE",
    "ø": "o",
    "Ø": "O",
    "đ": "d",
    "Đ": "D",
    "ł": "l",
    "Ł": "L",
    "ı": "i",
    "ð": "d",
    "þ": "th",
}
_UNSEEN = {0x061C, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070), 0xFEFF, 0x0640, 0x00AD, *range(0x064B, 0x0653), 0x0670}
_MARKS = range(0x0300, 0x0370)
_HIGH = np.uint64(0x8080808080808080)  # set in bytes that are not ASCII
_SIZE = 0x10000  # characters beyond the first plane stay as they are


def _folded(code: int) -> str | None:
    """What a character becomes; None when it stays."""
    if code in _UNSEEN or code in _MARKS:
        return ""
    character = chr(code)
    if character in _STANDS_FOR:
        return _STANDS_FOR[character]
    if 0x00C0 <= code < 0x0250 or 0x1E00 <= code < 0x1F00:
        base = "".join(c for c in unicodedata.normalize("NFD", character) if not unicodedata.combining(c))
        return base if base != character and base.isascii() else None
    if 0x0370 <= code < 0x0590:
        small = character.lower()
        if code < 0x0400:
            small = "".join(c for c in unicodedata.normalize("NFD", small) if not unicodedata.combining(c)).replace("ς", "σ")
        small = small.replace("ё", "е")
        return small if small != character and len(small.encode()) <= len(character.encode()) else None
    return None


@cache
def _table() -> Any:
    """[65536] the UTF-8 bytes that a character becomes, in the low bytes, and their number in the top byte; 0xFF: stays."""
    table = np.full(_SIZE, 0xFF000000, np.uint32)
    for code in [*range(0x80, 0x0700), *range(0x1E00, 0x1F00), *range(0x2000, 0x2300), 0x3000, 0xFEFF, *range(0xFF00, 0xFFF0)]:
        becomes = _folded(code)
        if becomes is None:
            continue
        out = becomes.encode()
        # Never longer than before: the folded text fits the room of the text.
        assert len(out) <= len(chr(code).encode()) and len(out) < 4
        table[code] = (len(out) << 24) | int.from_bytes(out, "little")
    return table


class Folded(NamedTuple):
    """Folded text, and where its characters come from."""

    text: Any  # [n_bytes] uint8
    offsets: Any  # [n_records + 1] int64
    turn_from: Any  # [n_records + 1] int64, into `turns`; empty when nothing had to be folded
    turns: Any  # [n] TURN: the characters beyond ASCII


TURN = np.dtype(
    [("at", np.int64), ("character", np.int32), ("length", np.int32)], align=True
)  # first folded byte, number in the record, folded bytes


@compiled
def _count_wide(b):  # type: ignore[no-untyped-def]
    """How many characters beyond ASCII there can be: bytes that begin one, or that stand where none may."""
    n = 0
    for i in range(b.size):
        n += b[i] >> np.uint8(7)
    return n


@compiled
def _fold(b, offsets, table, out, out_offsets, turns, turn_from):  # type: ignore[no-untyped-def]
    """Folds each record; gives the lengths of the text and of the turns."""
    n = n_turns = 0
    size = b.size
    for r in range(offsets.size - 1):
        out_offsets[r] = n
        turn_from[r] = n_turns
        i, hi = offsets[r], min(offsets[r + 1], size)
        character = 0  # number of the character that begins at i
        while i < hi:
            begin = i
            while i + 8 <= hi and eight_bytes(b, i) & _HIGH == 0:
                put_eight_bytes(out, n, eight_bytes(b, i))
                n += 8
                i += 8
            while i < hi and b[i] < 128:
                out[n] = b[i]
                n += 1
                i += 1
            character += i - begin
            if i == hi:
                break
            c = np.int64(b[i])
            # A stray continuation byte (text that is not UTF-8 after all) counts as a character of its own.
            length = 1
            code = c
            if c >= 0xC0:
                length = min(2 if c < 0xE0 else (3 if c < 0xF0 else 4), hi - i)
                code = c & (0x1F if length == 2 else (0x0F if length == 3 else 0x07))
                for j in range(1, length):
                    code = (code << 6) | (np.int64(b[i + j]) & 0x3F)
            entry = np.int64(table[code]) if code < _SIZE else np.int64(0xFF000000)
            n_out = entry >> 24
            turns[n_turns].at = n
            turns[n_turns].character = character
            if n_out > length:  # it stays
                n_out = np.int64(length)
                for j in range(length):
                    out[n + j] = b[i + j]
            else:
                for j in range(n_out):
                    out[n + j] = np.uint8((entry >> (8 * j)) & 0xFF)
            turns[n_turns].length = n_out
            n_turns += 1
            n += n_out  # type: ignore[assignment]
            i += length
            character += 1
    out_offsets[offsets.size - 1] = n
    turn_from[offsets.size - 1] = n_turns
    return n, n_turns


@compiled
def character_of(turns, first, until, begin, at):  # type: ignore[no-untyped-def]
    """Number, within its record, of the character that the folded byte `at` belongs to.

    `first` and `until` are the record's turns, `begin` is where its folded text begins.
    """
    lo, hi = first, until
    while lo < hi:
        middle = (lo + hi) // 2
        if turns[middle].at <= at:
            lo = middle + 1
        else:
            hi = middle
    if lo == first:
        return at - begin
    turn = turns[lo - 1]
    if at < turn.at + turn.length:
        return np.int64(turn.character)
    return turn.character + 1 + at - turn.at - turn.length


class Room:
    """Memory for folding one batch after the other; what was folded before is written over."""

    def __init__(self) -> None:
        self._arrays: dict[str, Any] = {}

    def of(self, name: str, size: int, dtype: Any) -> Any:
        if name not in self._arrays or len(self._arrays[name]) < size:
            self._arrays[name] = np.empty(size + size // 4, dtype)
        return self._arrays[name][:size]


def fold_records(b: Any, offsets: Any, room: Room | None = None) -> Folded:
    """Folds records, whose text is UTF-8.

    Args:
        b: [n_bytes] uint8, the records' text one after the other.
        offsets: [n_records + 1] int64.
        room: memory to fold into, for who needs the last batch no more.
    """
    lo, hi = int(offsets[0]), int(offsets[-1])
    n_wide = _count_wide(b[lo:hi])
    if n_wide == 0:
        return Folded(b, offsets, np.zeros(0, np.int64), np.zeros(0, TURN))
    room = room or Room()
    out, turns = room.of("text", hi - lo, np.uint8), room.of("turns", n_wide, TURN)
    out_offsets, turn_from = room.of("offsets", len(offsets), np.int64), room.of("turn_from", len(offsets), np.int64)
    n, n_turns = _fold(b, offsets, _table(), out, out_offsets, turns, turn_from)
    # Read-only like the text itself, so that the scan is compiled for one type of array only.
    out.flags.writeable = out_offsets.flags.writeable = False
    return Folded(out[:n], out_offsets, turn_from, turns[:n_turns])


def fold_text(text: str) -> str:
    """The folded text, for words in tables and for tests.

    >>> fold_text("Né le ۱۲/۰۳/۱۹۸۵\u200f")
    'Ne le 12/03/1985'
    """
    if text.isascii():
        return text
    b = np.frombuffer(text.encode("utf-8", "replace"), np.uint8)
    offsets = np.array([0, b.size], np.int64)
    offsets.flags.writeable = False
    folded = fold_records(b, offsets)
    return bytes(folded.text[folded.offsets[0] : folded.offsets[1]]).decode("utf-8", "replace")
