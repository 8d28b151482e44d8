"""One rule of the honesty gate: what a file in `checks/` defines, and the small tools that rules share."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import lru_cache

from amanat.notify.phrasing import phrases_of
from amanat.notify.runs import plain
from amanat.notify.since import SAID_BEFORE
from amanat.terms.assessment import Duty
from amanat.terms.company import Company
from amanat.terms.fact import Fact
from amanat.terms.notice import Notice
from amanat.wording.language import GateWords, Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """One sentence as the gate reads it."""

    text: str
    where: str = ""  # section of a notice
    facts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A text with everything that the gate may hold against it. What is None is not known to the gate."""

    words: Words
    sentences: tuple[Heard, ...]
    subject: str | None = None
    notice: Notice | None = None
    facts: Mapping[str, Fact] | None = None
    duties: tuple[Duty, ...] = ()
    company: Company | None = None
    now: datetime | None = None

    def status(self, name: str) -> str:
        """known | believed | unknown | missing, and "unheard" when no facts were given at all."""
        if self.facts is None:
            return "unheard"
        return self.facts[name].status if name in self.facts else "missing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Objection:
    """One thing a rule objects to. `is_blocking` None: as the rule has it."""

    quote: str = ""
    where: str = ""
    is_blocking: bool | None = None
    says: str = ""  # instead of the rule's own sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """A rule: whether it blocks, and how it looks. Its words, patterns and samples stand in each language's file under [gate.<name>].

    A rule that comes from elsewhere (AMANAT_EXTRA) carries them itself in `words`, by language.
    """

    is_blocking: bool
    look: Callable[[Reading, GateWords], Iterable[Objection]]
    source: str  # who asks for it
    read_on: str  # day on which the source was last read
    is_left_out: bool = False  # what it objects to says nothing that the reader needs: leaving it out mends it
    words: Mapping[str, GateWords] = field(default_factory=dict)


def phrases(reading: Reading, words: GateWords) -> Iterator[Objection]:
    """Objects to every sentence in which one of the rule's patterns stands, unless one of its exceptions stands there too.

    Where no more than a hint stands, the objection is advice.
    """
    for heard in reading.sentences:
        is_plain = matches(words.patterns, heard.text)
        if (is_plain or matches(words.hints, heard.text)) and not matches(words.unless, heard.text):
            yield Objection(quote=heard.text, where=heard.where, is_blocking=None if is_plain else False)


def vague(fact: str) -> Callable[[Reading, GateWords], Iterator[Objection]]:
    """`phrases` about something that a fact of the ledger says exactly: it blocks once that fact is known."""

    def look(reading: Reading, words: GateWords) -> Iterator[Objection]:
        is_known = reading.status(fact) == "known"
        for objection in phrases(reading, words):
            yield replace(objection, is_blocking=is_known)

    return look


def is_said(reading: Reading, words: GateWords) -> bool:
    """Whether one of the rule's patterns stands anywhere in the text."""
    return any(matches(words.patterns, heard.text) for heard in reading.sentences)


def thoughts(text: str) -> list[str]:
    """The parts of a sentence that a colon or semicolon ends: addresses and lists would otherwise count as one long sentence."""
    return re.split(r"[;؛:]\s", text)


@lru_cache(maxsize=1 << 14)  # texts for several readers share most sentences, and after an edit all but one are as they were
def matches(patterns: tuple[str, ...], text: str) -> bool:
    """Whether one of the regular expressions stands in the text; capitals do not matter, nor on which keyboard it was typed.

    >>> matches(("کلمهٔ عبور",), "كلمه\u200cي عبور")
    True
    """
    return bool(patterns) and phrases_of(patterns).stand_in(text)


# A full stop after these does not end a sentence.
_SHORT = re.compile(r"(?:\b(?:[A-Za-zÀ-ÿ]|No|Mr|Mrs|Ms|Dr|St|Art|Nr|Tel|tél|etc|cf|Inc|Ltd|Co|approx|M|Mme|bd|av|e\.g|i\.e|P\.O))\.$")
_END = re.compile(r"[.!?؟…]+[»”\")\]]*(?:\s+|$)")


def split(text: str) -> list[str]:
    """The sentences of a text; a line is never joined with the next.

    >>> split("We wrote to P.O. Box 12. Why?\\n- One\\n- Two")
    ['We wrote to P.O. Box 12.', 'Why?', 'One', 'Two']
    """
    found = []
    for line in text.split("\n"):
        line = re.sub(r"^[\s\-•*–\u200f]+", "", line)
        begin = 0
        for end in _END.finditer(line):
            if _SHORT.search(line[begin : end.end()].rstrip()):
                continue
            found.append(line[begin : end.end()].strip())
            begin = end.end()
        if line[begin:].strip():
            found.append(line[begin:].strip())
    return found


def heard_in(notice: Notice) -> tuple[Heard, ...]:
    """Every sentence of a notice, with its section and facts; what quotes an earlier message was judged when that was sent."""
    return tuple(
        Heard(text=part, where=section.id, facts=sentence.facts)
        for section in notice.sections
        for sentence in section.sentences
        if SAID_BEFORE not in sentence.facts
        for part in split(plain(sentence.text))
    )
