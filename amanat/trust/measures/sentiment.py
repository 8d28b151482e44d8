"""Sentiment: the share of complaints in posts, tickets and reviews, in each language, corrected for the errors of the reading."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from amanat.terms.measure import Measure, Reason
from amanat.trust import sentiment
from amanat.trust.gauge import Act, Crowd, Example, Gauge
from amanat.trust.identify import refused
from amanat.trust.panel import Panel

LEAST = 20  # texts on each side
SAMPLE = 100  # texts read in each group


def _measure(panel: Panel) -> Iterator[Measure]:
    texts = panel.texts
    if not len(texts.person):
        yield refused("sentiment", "share", panel, Reason(code="no_words"))
        return
    is_mine = (texts.person >= 0) & panel.is_affected[np.maximum(texts.person, 0)]
    is_other = (texts.person >= 0) & ~is_mine
    for language in sorted(set(texts.language.tolist())):
        here = texts.language == language
        name = f"sentiment.{language or 'unknown'}"
        errors = sentiment.accuracy(language)
        if errors is None:
            yield refused(name, "share", panel, Reason(code="no_lexicon", values={"language": language, "n": int(here.sum())}))
            continue
        after = texts.day >= 0
        members = {"affected": here & is_mine & after, "unaffected": here & is_other & after, "before": here & is_mine & ~after}
        groups = {who: _some(np.flatnonzero(rows)) for who, rows in members.items()}
        counts = {who: (sum(sentiment.complain(language, texts.text.take(rows).to_pylist())), len(rows)) for who, rows in groups.items()}
        compared_with = "unaffected" if counts["unaffected"][1] >= LEAST else "before"
        mine, other = counts["affected"], counts[compared_with]
        if not mine[1] and not counts["unaffected"][1]:
            yield refused(name, "share", panel, Reason(code="unknown_authors", values={"n": int(here.sum())}))
            continue
        if min(mine[1], other[1]) < LEAST:
            values = {"affected": mine[1], "others": other[1], "least": LEAST}
            yield refused(name, "share", panel, Reason(code="no_texts", values=values))
            continue
        gap = sentiment.corrected_difference(mine, other, errors)
        shares = {who: sentiment.corrected_share(k, n, errors) for who, (k, n) in counts.items() if n >= LEAST}
        if gap is None:
            yield refused(
                name, "share", panel, Reason(code="reads_badly", values={"sensitivity": errors.sensitivity, "specificity": errors.specificity})
            )
            continue
        accuracy = {"sensitivity": errors.sensitivity, "specificity": errors.specificity, "n": errors.n_complaints + errors.n_others}
        yield Measure(
            name=name,
            unit="share",
            standing="described",
            estimate=gap,
            n=mine[1],
            compared_with=compared_with,
            n_compared=other[1],
            why=(Reason(code="reading_errs", values=accuracy),),
            details={
                "shares": {who: {"value": e.value, "low": e.low, "high": e.high} for who, e in shares.items() if e},
                "n": {who: n for who, (_, n) in counts.items()},
                "read_as_complaints": {who: k for who, (k, _) in counts.items()},
                **accuracy,
            },
        )


def _some(rows: NDArray[np.int64]) -> NDArray[np.int64]:
    """At most SAMPLE of the rows, evenly spread: more would cost time, and what we do not know of the reading's errors outweighs them."""
    return rows if len(rows) <= SAMPLE else rows[np.linspace(0, len(rows) - 1, SAMPLE).round().astype(np.int64)]


def _writing(n: int, state: str, text: str, day: float, language: str = "xx") -> Crowd:
    return Crowd(n, state, (Act(-170, "login"), Act(day, "post", {"text": text, "language": language}), Act(100, "login")))  # type: ignore[arg-type]


GAUGE = Gauge(
    says="complaints among what affected persons write, beside what others write",
    source="Rogan and Gladen 1978; Lang and Reiczigel 2014; accuracy: trust/lexicon/held_out",
    measure=_measure,
    examples=(
        Example(
            story="Thirty texts in a language that has no lexicon",
            crowds=(_writing(30, "sure", "…", 5), _writing(30, "unaffected", "…", 5)),
            expected={"sentiment.xx": "no_lexicon"},
        ),
        Example(
            story="Three texts are too few",
            crowds=(_writing(3, "sure", "Thank you", 5, "en"), _writing(30, "unaffected", "Thank you", 5, "en")),
            expected={"sentiment.en": "no_texts"},
        ),
        Example(
            story="Both groups write the same",
            crowds=(_writing(30, "sure", "Thank you", 5, "en"), _writing(30, "unaffected", "Thank you", 5, "en")),
            expected={"sentiment.en": 0.0},
        ),
    ),
)
