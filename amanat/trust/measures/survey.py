"""Surveys: what affected persons answer, beside what the others answer to the same question after the same day."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from amanat.terms.event import QUESTIONS
from amanat.terms.measure import Estimate, Measure, Reason, Unit
from amanat.trust import chances
from amanat.trust.gauge import Act, Crowd, Example, Gauge
from amanat.trust.identify import refused
from amanat.trust.panel import Panel

LEAST = 20  # answers on each side
SATISFIED = {"csat": 4, "ease": 5, "stay": 4}  # from this score on; these are shown as shares


def _measure(panel: Panel) -> Iterator[Measure]:
    for question in QUESTIONS:
        here = panel.answers.question == question
        is_mine = here & panel.is_affected[panel.answers.person] & panel.answers.is_after
        mine = panel.answers.score[is_mine]
        if not len(mine):
            continue
        name = f"survey.{question}"
        unit: Unit = "points" if question == "nps" else "share" if question in SATISFIED else "score"
        others = panel.answers.score[here & ~panel.is_affected[panel.answers.person] & panel.answers.is_after]
        compared_with = "unaffected"
        if len(others) < LEAST:
            # Where nobody else was asked, the same group's answers before are the next best.
            others, compared_with = panel.answers.score[here & panel.is_affected[panel.answers.person] & ~panel.answers.is_after], "before"
        if min(len(mine), len(others)) < LEAST:
            yield refused(name, unit, panel, Reason(code="no_answers", values={"affected": len(mine), "others": len(others), "least": LEAST}))
            continue
        level, other, gap = _levels(question, mine, others)
        yield Measure(
            name=name,
            unit=unit,
            standing="described",
            estimate=gap,
            n=len(mine),
            compared_with=compared_with,
            n_compared=len(others),
            # Who answers is not who was asked, so a difference in answers is never called an effect.
            why=(Reason(code="answers_are_chosen"),),
            details={"affected": _plain(level), "compared": _plain(other)},
        )


def _levels(question: str, mine: NDArray[np.float64], others: NDArray[np.float64]) -> tuple[Estimate, Estimate, Estimate]:
    if question in SATISFIED:
        one, two = (chances.wilson(int((scores >= SATISFIED[question]).sum()), len(scores)) for scores in (mine, others))
        return one, two, chances.difference(one, two)
    (a, va), (b, vb) = (chances.net_promoters(s) if question == "nps" else (float(s.mean()), float(s.var(ddof=1)) / len(s)) for s in (mine, others))
    return chances.normal(a, va), chances.normal(b, vb), chances.normal(a - b, va + vb)


def _plain(estimate: Estimate) -> dict[str, float]:
    return {"value": estimate.value, "low": estimate.low, "high": estimate.high}


def _answering(n: int, state: str, question: str, score: float, day: float = 30) -> Crowd:
    return Crowd(n, state, (Act(-5, "login"), Act(day, "answer", {"question": question, "score": score}), Act(100, "login")))  # type: ignore[arg-type]


GAUGE = Gauge(
    says="answers of affected persons beside those of others",
    source="variance of NPS: p + d - (p - d)²; CSAT: Wilson 1927, difference Newcombe 1998",
    measure=_measure,
    examples=(
        Example(
            story="NPS: of 100 affected 30 promote and 50 detract (-20); of 50 others 25 promote and 10 detract (+30): 50 points less",
            crowds=(
                _answering(30, "sure", "nps", 9),
                _answering(20, "sure", "nps", 7),
                _answering(50, "sure", "nps", 6),
                _answering(25, "unaffected", "nps", 10),
                _answering(15, "unaffected", "nps", 8),
                _answering(10, "unaffected", "nps", 0),
            ),
            expected={"survey.nps": -50.0},
        ),
        Example(
            story="Satisfaction: 56 of 70 against 48 of 80, the example of Newcombe's paper",
            crowds=(
                _answering(56, "sure", "csat", 5),
                _answering(14, "sure", "csat", 3),
                _answering(48, "unaffected", "csat", 4),
                _answering(32, "unaffected", "csat", 1),
            ),
            expected={"survey.csat": 0.2},
        ),
        Example(
            story="Three answers are too few",
            crowds=(_answering(3, "sure", "nps", 9), _answering(50, "unaffected", "nps", 9)),
            expected={"survey.nps": "no_answers"},
        ),
    ),
)
