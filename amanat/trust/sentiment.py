"""Does a text complain? A trained reading where its package is installed, else a small lexicon; and how often either is wrong.

A share of complaints counted by any classifier is biased by its errors; the share shown is corrected for them, and its
interval carries what we do not know about them (Rogan and Gladen 1978; Lang and Reiczigel 2014).
"""

import math
import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from amanat.lib.open_set import OpenSet
from amanat.terms.measure import Estimate
from amanat.trust import reading
from amanat.trust.chances import Z95, difference, wilson

SET = OpenSet("trust/lexicon", suffix=".toml")
HELD_OUT = Path(__file__).parent / "lexicon" / "held_out"
REACH = 3  # words after a negation that it turns round
# Arabic forms of Persian letters, and the vowel signs and stretches that change no word.
_PLAIN = str.maketrans({"ي": "ی", "ك": "ک", "ۀ": "ه", "ة": "ه", "أ": "ا", "إ": "ا", "ؤ": "و", "’": "'", "ـ": None, "ٔ": None, "ً": None})


@dataclass(frozen=True, slots=True)
class Accuracy:
    """How the reading of one language did on texts that it was not made with."""

    n_complaints: int
    n_found: int  # of them recognised
    n_others: int
    n_cleared: int  # of them recognised as no complaint

    @property
    def sensitivity(self) -> float:
        return self.n_found / self.n_complaints

    @property
    def specificity(self) -> float:
        return self.n_cleared / self.n_others

    @property
    def is_of_use(self) -> bool:
        """Whether complaints read as such are surely more frequent among complaints than elsewhere, by a fifth at least."""
        found, wrong = wilson(self.n_found, self.n_complaints), wilson(self.n_others - self.n_cleared, self.n_others)
        return difference(found, wrong).low >= 0.2


class Reader:
    """Reads texts of one language."""

    def __init__(self, lexicon: dict[str, str]) -> None:
        self._complains = _pattern(lexicon["complains"])
        self._praises = _pattern(lexicon["praises"])
        words = "|".join(re.escape(w) for w in plain(lexicon["negates"]).split())
        self._negates = re.compile(rf"(?<!\w)(?:{words})(?!\w)")

    def complains(self, text: str) -> bool:
        """Whether complaints outweigh praise; a word of praise after a negation counts as a complaint, and the other way round."""
        said = plain(text)
        score = 0.0
        for pattern, sign in ((self._complains, 1.0), (self._praises, -1.0)):
            for found in pattern.finditer(said):
                before = said[: found.start()]
                near = " ".join(re.split(r"[.!?؟؛;:\n]", before)[-1].split()[-REACH:])
                after = " ".join(said[found.end() :].split()[:2])
                is_turned = bool(self._negates.search(near)) or (sign < 0 and said[found.start()] > "\u0600" and bool(self._negates.search(after)))
                # "Not bad" is mild praise; "not good" is a complaint.
                score += (-0.5 * sign if sign > 0 else 1.0) if is_turned else sign
        return score > 0


def plain(text: str) -> str:
    """Small letters, one form of each Persian letter, and half-spaces kept."""
    return text.lower().translate(_PLAIN)


@cache
def reader(language: str) -> Reader | None:
    """The reader of a language; None where there is no lexicon."""
    path = SET.paths().get(language)
    return Reader(tomllib.loads(path.read_text(encoding="utf-8"))) if path else None


def complain(language: str, texts: Sequence[str]) -> list[bool]:
    """Whether each text complains, in a language for which `accuracy` is known."""
    if _is_trained(language):
        return reading.complains(texts)
    ours = reader(language)
    assert ours is not None
    return [ours.complains(text) for text in texts]


@cache
def accuracy(language: str) -> Accuracy | None:
    """How the reading in use does on held-out texts of the language; None where it was never measured."""
    if _is_trained(language):
        return Accuracy(**reading.stored()[1][language])
    path, ours = HELD_OUT / f"{language}.toml", reader(language)
    if ours is None or not path.exists():
        return None
    return measured(ours, tomllib.loads(path.read_text(encoding="utf-8")))


def _is_trained(language: str) -> bool:
    return language in reading.LANGUAGES and reading.is_installed()


def measured(ours: Reader, texts: dict[str, Sequence[str]]) -> Accuracy:
    """The accuracy on texts that a person judged: `complaints` and `others`."""
    complaints, others = texts["complaints"], texts["others"]
    found = sum(ours.complains(text) for text in complaints)
    cleared = sum(not ours.complains(text) for text in others)
    return Accuracy(len(complaints), found, len(others), cleared)


def corrected_share(n_seen: int, n: int, errors: Accuracy) -> Estimate | None:
    """True share of complaints among n texts of which n_seen read as such: p = (p_obs + spec - 1) / (sens + spec - 1).

    None when the reading is hardly better than a coin. The interval is that of Lang and Reiczigel 2014 (Prev Vet Med 113:13).
    """
    assert 0 <= n_seen <= n and n > 0
    if not errors.is_of_use:
        return None
    z2 = Z95 * Z95
    n1, p1 = n + z2, (n_seen + z2 / 2) / (n + z2)
    n_se, se = errors.n_complaints + 2, (errors.n_found + 1) / (errors.n_complaints + 2)
    n_sp, sp = errors.n_others + 2, (errors.n_cleared + 1) / (errors.n_others + 2)
    gain = se + sp - 1
    middle = (p1 + sp - 1) / gain
    shift = 2 * z2 * (middle * se * (1 - se) / n_se - (1 - middle) * sp * (1 - sp) / n_sp)
    spread = math.sqrt(p1 * (1 - p1) / n1 + middle**2 * se * (1 - se) / n_se + (1 - middle) ** 2 * sp * (1 - sp) / n_sp) / gain
    value = (n_seen / n + errors.specificity - 1) / (errors.sensitivity + errors.specificity - 1)
    low, high = (min(1.0, max(0.0, middle + shift + side * Z95 * spread)) for side in (-1, 1))
    value = min(1.0, max(0.0, value))
    return Estimate(value=value, low=min(low, value), high=max(high, value))


def corrected_difference(one: tuple[int, int], other: tuple[int, int], errors: Accuracy) -> Estimate | None:
    """Difference of two corrected shares, each given as (read as complaints, texts): the same errors stand behind both."""
    if not errors.is_of_use:
        return None
    gain = errors.sensitivity + errors.specificity - 1
    (a, n), (b, m) = one, other
    value = (a / n - b / m) / gain
    # Agresti and Caffo's two added texts keep the variance alive where a share is 0 or 1.
    pa, pb = (a + 1) / (n + 2), (b + 1) / (m + 2)
    se, sp = (errors.n_found + 1) / (errors.n_complaints + 2), (errors.n_cleared + 1) / (errors.n_others + 2)
    of_gain = se * (1 - se) / (errors.n_complaints + 2) + sp * (1 - sp) / (errors.n_others + 2)
    half = Z95 * math.sqrt((pa * (1 - pa) / (n + 2) + pb * (1 - pb) / (m + 2) + value**2 * of_gain) / gain**2)
    value, low, high = (min(1.0, max(-1.0, x)) for x in (value, value - half, value + half))
    return Estimate(value=value, low=low, high=high)


def _pattern(entries: str) -> re.Pattern[str]:
    words = [quoted or single for quoted, single in re.findall(r"\"([^\"]+)\"|(\S+)", plain(entries))]
    # Long entries first, so that a phrase wins over a word in it.
    parts = [re.escape(word).replace(r"\*", r"[\w\u200c]*") for word in sorted(set(words), key=len, reverse=True)]
    return re.compile(rf"(?<![\w\u200c])(?:{'|'.join(parts)})(?![\w\u200c])")
