"""The text is as easy as a newspaper: short words, short sentences."""

import re
from collections.abc import Iterator

from amanat.notify.check import Check, Objection, Reading, thoughts
from amanat.wording.language import GateWords

FEWEST = 30  # words: of fewer a formula says nothing
LONG = 6  # letters: LIX calls longer words long
_WORD = re.compile(r"[^\W\d_]+(?:[’'\u200c][^\W\d_]+)*")


def lix(texts: list[str]) -> tuple[float, int]:
    """Björnsson's LIX, words per sentence plus long words per hundred, and how many words it was counted over.

    >>> round(lix(["We are sorry.", "Attackers copied your data."])[0], 2)  # 7 words in 2 sentences, one of them long
    17.79
    """
    words = [word for text in texts for word in _WORD.findall(text)]
    if not words:
        return 0.0, 0
    # Of a Persian compound each part is read on its own, and so is what stands before a French apostrophe.
    n_long = sum(max(len(part) for part in re.split(r"[’'\u200c]", word)) > LONG for word in words)
    return len(words) / max(len(texts), 1) + 100 * n_long / len(words), len(words)


def _look(reading: Reading, words: GateWords) -> Iterator[Objection]:
    value, n_words = lix([part for heard in reading.sentences for part in thoughts(heard.text)])
    if n_words >= FEWEST and value > words.limit:
        yield Objection(quote=f"LIX {value:.0f}")


CHECK = Check(
    is_blocking=False,
    look=_look,
    source="LIX (Björnsson 1968), which needs no syllables; it sees long words and sentences and nothing else. Tested for Swedish, used for "
    "English and French; for Persian, whose words are shorter in writing, our limit is a guess by analogy",
    read_on="2026-11-22",
)
