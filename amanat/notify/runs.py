"""Runs of text with their own direction: codes, addresses and Latin names inside Persian, and slots that are filled later."""

import re
from dataclasses import dataclass
from functools import lru_cache

# Isolates: what stands between them is set in its own direction and moves nothing around it.
LRI, FSI, PDI, RLM = "\u2066", "\u2068", "\u2069", "\u200f"

_SLOT = re.compile(r"\{\{|\}\}|\{(name|code)\}")
# Addresses of the net, e-mail addresses, telephone numbers: they read from the left in every language.
_WIRES = (
    r"https?://[^\s<>\"،؛]*[^\s<>\"،؛.,;:!?)»]"
    r"|[\w.+-]+@[\w-]+(?:\.[\w-]+)+"
    r"|(?:[a-z0-9-]+\.)+[a-z]{2,}(?:/[^\s<>\"،؛.,;:!?)»]*)*"
    r"|\+?\d[\d\u00a0\u202f ().-]{5,}\d"
)
_ANY = re.compile(_WIRES, re.IGNORECASE)
# In right-to-left text also every stretch of Latin letters and digits.
# Brackets belong to it only in pairs: a lone one would be mirrored on the wrong side.
_LETTER, _INSIDE = "[A-Za-zÀ-ÿ0-9]", r"[A-Za-zÀ-ÿ0-9 '’&.,;/@:+−–-]"
_LATIN = re.compile(rf"{_WIRES}|{_LETTER}(?:(?:{_INSIDE}|\({_INSIDE}*\))*(?:{_LETTER}|\({_INSIDE}*\)))?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text, or a slot (`name`, `code`)."""

    text: str
    is_ltr: bool = False  # to be set from the left, whatever stands around it
    slot: str = ""


# A notice has a few hundred sentences and its persons read them in thousands of combinations: each is cut once.
@lru_cache(maxsize=8192)
def runs(text: str, direction: str) -> tuple[Run, ...]:
    """The text of a sentence, cut into runs.

    >>> runs("Code: {code}", "ltr")
    (Run(text='Code: ', is_ltr=False, slot=''), Run(text='', is_ltr=False, slot='code'))
    """
    found: list[Run] = []
    at = 0
    pending = ""
    for slot in _SLOT.finditer(text):
        pending += text[at : slot.start()]
        at = slot.end()
        if slot[1]:
            found += _directed(pending, direction)
            found.append(Run("", slot=slot[1]))
            pending = ""
        else:
            pending += slot[0][0]
    return (*found, *_directed(pending + text[at:], direction))


def plain(text: str) -> str:
    """The sentence with its doubled braces undone and its slots as they stand."""
    return _SLOT.sub(lambda m: m[0] if m[1] else m[0][0], text)


def _directed(text: str, direction: str) -> list[Run]:
    found, at = [], 0
    for run in (_LATIN if direction == "rtl" else _ANY).finditer(text):
        if run.start() > at:
            found.append(Run(text[at : run.start()]))
        found.append(Run(run[0], is_ltr=True))
        at = run.end()
    if at < len(text):
        found.append(Run(text[at:]))
    return found
