"""How a text reads: the words that unwanted mail uses more than honest mail, with weights learned by `amanat.detect.learn`.

The weights are plain numbers in `model/words.json`, so that anybody can read them. Only English was learned: a text in which
few words are known is not judged by its words at all.
"""

import json
import math
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from amanat.detect.mail import Mail

MODEL = Path(__file__).parent / "model" / "words.json"
KNOWN_SHARE_MIN = 0.5  # of the running words; below, the text is in another language or says hardly anything
WORDS_MIN = 8
TOKENS_MAX = 5000

_WORD = re.compile(r"[^\W\d_]{2,24}(?:['’][a-z]{1,3})?")
_NOT_WORDS = re.compile(r"(?i)\b(?:https?://|www\.)\S+|\S+@\S+|^\s*>.*$|^On .{5,80} wrote:$", re.MULTILINE)
_LIST_TAG = re.compile(r"(?i)\[[^\]]{1,40}\]|^(?:\s*(?:re|fwd?|fw)\s*:)+")


@dataclass(frozen=True, slots=True, kw_only=True)
class WordModel:
    """Weights of words, and how the sum becomes a probability."""

    weights: Mapping[str, float]
    bias: float
    slope: float  # calibration, fitted on messages that were not learned from
    offset: float
    common: frozenset[str]  # words that any English text has; they only show that the language is ours to judge


@dataclass(frozen=True, slots=True)
class Reading:
    """What the words say; `probability` None when they say nothing."""

    probability: float | None
    telling: tuple[str, ...] = ()  # the words that weigh most towards the answer


def tokens(mail: Mail) -> list[str]:
    """The words of a message, each once, those of the subject marked; addresses, links and quoted lines left out.

    >>> from amanat.detect.mail import Mail
    >>> tokens(Mail(raw=b"", subject="Re: [list] Free rooms", text="See http://a.example/b\\n> old\\nFREE!"))
    ['see', 'free', '!', 's:free', 's:rooms']
    """
    text = unicodedata.normalize("NFKC", mail.text[:60_000])
    bare = _NOT_WORDS.sub(" ", text)
    found = dict.fromkeys(word.lower().replace("’", "'") for word in _WORD.findall(bare)[:TOKENS_MAX])
    for mark in ("!", "$", "%"):
        if mark in bare:
            found[mark] = None
    found |= dict.fromkeys(f"s:{word.lower()}" for word in _WORD.findall(_LIST_TAG.sub("", mail.subject)))
    return list(found)


# Words that hardly any French text goes without, and letters that Persian has and Arabic has not.
_FRENCH = frozenset("le la les des du une est et vous votre vos nous notre pour dans sur avec que qui pas ne ce cette merci bonjour".split())
_PERSIAN = re.compile("[پچژگکی]")


def is_covered(text: str) -> bool:
    """Whether the text is in French or Persian: its words are not judged, but the signals know what cheats write there.

    >>> is_covered("Nous vous attendons pour le dîner dans notre maison."), is_covered("Wir warten mit dem Essen auf euch.")
    (True, False)
    """
    words = _WORD.findall(text[:20_000].lower())
    letters = _PERSIAN.findall(text[:20_000])
    return len(letters) >= 5 or (len(words) >= 5 and 8 * sum(word in _FRENCH for word in words) >= len(words))


@cache
def word_model() -> WordModel:
    """The weights that come with amanat."""
    given = json.loads(MODEL.read_text(encoding="utf-8"))
    return WordModel(weights=given["weights"], bias=given["bias"], slope=given["slope"], offset=given["offset"], common=frozenset(given["common"]))


def score(found: list[str], model: WordModel) -> float | None:
    """The sum of the weights before calibration; None when too few words are known."""
    words = [t for t in found if t[0].isalpha() and not t.startswith("s:")]
    n_known = sum(word in model.common or word in model.weights for word in words)
    if len(words) < WORDS_MIN or n_known < KNOWN_SHARE_MIN * len(words):
        return None
    # Long texts have more words of every sort; the root keeps their sum in proportion.
    return model.bias + sum(model.weights.get(t, 0.0) for t in found) / math.sqrt(max(len(found), 1))


def read_words(mail: Mail, model: WordModel | None = None) -> Reading:
    """What the words of a message say about it."""
    model = model or word_model()
    found = tokens(mail)
    total = score(found, model)
    if total is None:
        return Reading(None)
    probability = 1 / (1 + math.exp(-max(min(model.slope * total + model.offset, 30), -30)))
    sign = 1 if probability >= 0.5 else -1
    telling = sorted((t for t in found if model.weights.get(t, 0) * sign > 0 and t[0].isalpha()), key=lambda t: -sign * model.weights[t])
    return Reading(probability, tuple(dict.fromkeys(t.removeprefix("s:") for t in telling[:8])))
