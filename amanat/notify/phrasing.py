"""How the gate looks for phrases: one way of writing for each text, and no pattern tried whose words do not stand in it.

A text is folded before it is read: apostrophes, hyphens and blanks of every kind are one, small letters stand for capitals,
and Persian is written as if everybody had typed it on the same keyboard, with the same spacing. Patterns are written for
folded text, so that they need not list what a keyboard can do.
"""

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from re import _constants as op  # type: ignore[attr-defined]  # no public door to a parsed pattern
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

GRAM = 4  # letters of which one run must stand in a text before a pattern is tried on it
MANY = 96  # wordings of one pattern that are told apart

_SIGNS = str.maketrans(
    {
        **dict.fromkeys("'‘ʼʹ`´", "’"),
        **dict.fromkeys("\u00a0\u2007\u2009\u200a\u202f\t\u200c", " "),
        **dict.fromkeys("\u2010\u2011", "-"),
        **dict.fromkeys("\u00ad\u200b\u200d\u200e\u200f\ufeff\u0640"),
        **{chr(mark): None for mark in range(0x064B, 0x0656)},  # vowel signs, and the hamza above "ه" for the ezafe
        "ي": "ی",
        "ى": "ی",
        "ئ": "ی",
        "ك": "ک",
        "ۀ": "ه",
        "ة": "ه",
        "أ": "ا",
        "إ": "ا",
        "ؤ": "و",
        **{chr(zero + n): str(n) for zero in (0x0660, 0x06F0) for n in range(10)},
    }
)
_PERSIAN = re.compile("[آ-ی]")
_BEFORE = re.compile(r"(?<!\w)(ن?می) +(?=[آ-ی]{2})")
_BEHIND = re.compile(r"(?<=[آ-ی]) +((?:ها|های|هایی|ای|ایم|اید|اند|تر|ترین|مان|تان|شان|ها(?:ی)?(?:م|ت|ش|مان|تان|شان))(?!\w))")
_EZAFE = re.compile(r"(?<=ه) ی(?!\w)")
_BLANKS = re.compile(" {2,}")


@lru_cache(maxsize=1 << 12)
def folded(text: str) -> str:
    """The text as patterns see it, capitals kept.

    >>> folded("don't\\u00a0“worry”"), folded("كلمه\\u200cي عبور"), folded("می\\u200cشود") == folded("می شود") == folded("میشود")
    ('don’t “worry”', 'کلمه عبور', True)
    """
    text = text.translate(_SIGNS)
    if _PERSIAN.search(text):
        text = _EZAFE.sub("", _BLANKS.sub(" ", text))
        text = _BEHIND.sub(r"\1", _BEFORE.sub(r"\1", text))
    return text


def folded_pattern(pattern: str) -> str:
    """The pattern for folded text: signs as the text has them, and a half-space may be a blank or nothing."""
    pattern = pattern.replace("[’']", "’").replace(r"[’\x27]", "’").replace(r"[\s\u200c]", " ")
    pattern = re.sub(r" ?\u200c ?\??", " ?", pattern)
    return re.sub(r"(?<!\w)(ن?می) \?(?=[\w(])", r"\1", pattern).translate(_SIGNS)


@dataclass(frozen=True, slots=True)
class Phrases:
    """Patterns made ready: by the runs of letters without which they cannot stand in a text, and those that are always tried."""

    runs: frozenset[str]
    by_run: dict[str, tuple[re.Pattern[str], ...]]
    always: tuple[re.Pattern[str], ...]
    cased: tuple[re.Pattern[str], ...]  # those to which capitals matter

    def stand_in(self, text: str) -> bool:
        """Whether one of them stands in the text."""
        seen = folded(text)
        if any(pattern.search(seen) for pattern in self.cased):
            return True
        small = seen.lower()
        if any(pattern.search(small) for pattern in self.always):
            return True
        runs = _runs_of(small)
        if runs.isdisjoint(self.runs):
            return False
        return any(pattern.search(small) for pattern in dict.fromkeys(p for run in runs & self.runs for p in self.by_run[run]))


@cache
def phrases_of(patterns: tuple[str, ...]) -> Phrases:
    """The patterns made ready; raises re.error for one that is no regular expression."""
    by_run: dict[str, list[re.Pattern[str]]] = {}
    always, cased = [], []
    for pattern in map(folded_pattern, patterns):
        if "(?-i:" in pattern:
            cased.append(re.compile(pattern, re.IGNORECASE))
            continue
        small = _in_small_letters(pattern)
        compiled = re.compile(small)
        needed = needed_runs(small)
        if not needed:
            always.append(compiled)
        for run in needed:
            by_run.setdefault(run, []).append(compiled)
    return Phrases(frozenset(by_run), {run: tuple(found) for run, found in by_run.items()}, tuple(always), tuple(cased))


def _in_small_letters(pattern: str) -> str:
    return re.sub(r"\\.|[^\\]+", lambda found: found[0] if found[0][0] == "\\" else found[0].lower(), pattern)


@lru_cache(maxsize=1 << 10)
def _runs_of(text: str) -> frozenset[str]:
    return frozenset(text[at : at + GRAM] for at in range(len(text) - GRAM + 1)) | frozenset(text[at : at + 3] for at in range(len(text) - 2))


def needed_runs(pattern: str) -> frozenset[str]:
    """Runs of letters one of which stands in every text in which the pattern stands; empty when there are none such.

    >>> sorted(needed_runs("(data|files) (were|was) taken"))
    ['data', 'file']
    >>> needed_runs("a.*b")
    frozenset()
    """
    words, needed = _words_of(parser.parse(pattern))
    found = _better(needed, _runs_in(words))
    return found or frozenset()


_Words = frozenset[str] | None  # every text that a part of the pattern can be; None when they are too many


def _words_of(parts: Any) -> tuple[_Words, _Words]:
    """Of a sequence: all its wordings if they are few, and runs one of which it needs."""
    words: _Words = frozenset([""])
    needed: _Words = None
    so_far: _Words = words
    for part in parts:
        here, needed_here = _words_of_part(*part)
        needed = _better(needed, needed_here)
        if here is not None and so_far is not None and len(here) * len(so_far) <= MANY:
            so_far = frozenset(a + b for a in so_far for b in here)
        else:
            needed = _better(needed, _runs_in(so_far))
            so_far, words = here, None
            if here is None:
                so_far = frozenset([""])
    needed = _better(needed, _runs_in(so_far))
    return (so_far if words is not None else None), needed


def _words_of_part(name: Any, value: Any) -> tuple[_Words, _Words]:
    if name is op.LITERAL:
        return frozenset([chr(value)]), None
    if name is op.IN and all(kind is op.LITERAL for kind, _ in value):
        return frozenset(chr(each) for _, each in value), None
    if name in (op.AT, op.ASSERT, op.ASSERT_NOT):
        return frozenset([""]), None
    if name is op.SUBPATTERN:
        return _words_of(value[3])
    if name is op.BRANCH:
        branches = [_words_of(each) for each in value[1]]
        known = [words for words, _ in branches if words is not None]
        words = frozenset().union(*known) if len(known) == len(branches) else None
        each_needs = [_better(needed, _runs_in(words)) for words, needed in branches]
        needs = [needed for needed in each_needs if needed]
        needed = frozenset().union(*needs) if len(needs) == len(branches) else None
        return (words if words is not None and len(words) <= MANY else None), needed
    if name in (op.MAX_REPEAT, op.MIN_REPEAT):
        least, most, inner = value
        words, needed = _words_of(inner)
        if (least, most) == (0, 1):
            return (words | {""} if words is not None else None), None
        return None, (needed or _runs_in(words)) if least else None
    return None, None


def _runs_in(words: _Words) -> _Words:
    """For each wording one run of it; None when one is too short to have any."""
    if not words or min(map(len, words)) < 3:
        return None
    return frozenset(_run_in(word) for word in words)


def _run_in(word: str) -> str:
    # A run that holds a blank is in many texts: the first one without is taken.
    runs = [word[at : at + GRAM] for at in range(len(word) - GRAM + 1)] or [word]
    return next((run for run in runs if " " not in run), runs[0])


def _better(one: _Words, other: _Words) -> _Words:
    if not one or not other:
        return one or other
    return min(one, other, key=lambda runs: (min(map(len, runs)) < GRAM, len(runs)))
