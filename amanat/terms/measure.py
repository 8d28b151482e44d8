"""Measure: one answer to "did it help?", with its interval and with whom it was compared, or the reason why there is none."""

from dataclasses import dataclass, field
from typing import Any, Literal

Unit = Literal["share", "points", "ratio", "eur", "eur_per_month", "logins_per_month", "days", "score"]
# identified: an effect, by comparison; counted: everyone was counted, nothing is estimated; described: a difference that claims no cause.
Standing = Literal["identified", "described", "counted", "not_identified", "cannot_say"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """A number with its 95 % interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """Why a measure stands as it does: a key of the words of the report, with the values that its sentence names."""

    code: str
    values: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """One measure of one group against another.

    `estimate` is None exactly when `standing` is "not_identified" or "cannot_say"; then `why` says what is missing.
    """

    name: str  # a member of trust/measures, with a part after a dot where it has several: "survey.nps"
    unit: Unit
    standing: Standing
    estimate: Estimate | None
    n: int  # persons (answers, texts) it speaks of
    compared_with: str  # a key of the words: "unaffected", "before", "everyone_affected"
    n_compared: int
    why: tuple[Reason, ...] = ()
    # Curves and checks behind the number, as plain lists: what the pictures are drawn from.
    details: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        assert (self.estimate is None) == (self.standing in ("not_identified", "cannot_say")), self.name
        assert self.estimate is not None or self.why, f"{self.name}: a measure without a number says why"
