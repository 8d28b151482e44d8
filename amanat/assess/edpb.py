"""EDPB: where a fine under the GDPR may begin and end, by the five steps of the EDPB's Guidelines 04/2022. A range, not a forecast.

Source: EDPB, Guidelines 04/2022 on the calculation of administrative fines under the GDPR, version 2.1 of 24 May 2023.
The supervisory authority keeps its discretion; the guidelines give starting points and no outcome.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

Seriousness = Literal["low", "medium", "high"]
SERIOUSNESS: tuple[Seriousness, ...] = ("low", "medium", "high")

SOURCE = "https://www.edpb.europa.eu/our-work-tools/our-documents/guidelines/guidelines-042022-calculation-administrative-fines-under_en"

# Article -> (fixed maximum, share of the turnover): Art 83(4) and 83(5). What a breach usually brings to light.
INFRINGEMENTS: dict[str, tuple[int, str]] = {
    "Art 5(1)(f)": (20_000_000, "0.04"),
    "Art 32": (10_000_000, "0.02"),
    "Art 33": (10_000_000, "0.02"),
    "Art 34": (10_000_000, "0.02"),
}
# Para 60: the starting point as a share of the legal maximum.
_OF_MAXIMUM: dict[str, tuple[str, str]] = {"low": ("0", "0.1"), "medium": ("0.1", "0.2"), "high": ("0.2", "1")}
# Paras 65 and 66: what of it is taken from a smaller undertaking; up to this turnover, from, to. Above the last one nothing is taken off.
_BY_TURNOVER: tuple[tuple[int, str, str], ...] = (
    (2_000_000, "0.002", "0.004"),
    (10_000_000, "0.003", "0.02"),
    (50_000_000, "0.015", "0.1"),
    (100_000_000, "0.08", "0.2"),
    (250_000_000, "0.15", "0.5"),
    (500_000_000, "0.4", "1"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Circumstance:
    """Something of Art 83(2)(c) to (k) that the facts say; the guidelines give it no percentage."""

    id: str
    is_aggravating: bool
    cite: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FineRange:
    """One infringement: the legal maximum, and between which sums a fine would start. In euros."""

    article: str
    maximum: Decimal  # without the turnover: the fixed one, and it may be higher
    low: Decimal
    high: Decimal
    seriousness: tuple[Seriousness, ...]  # that were thought possible
    is_turnover_known: bool


def legal_maximum(article: str, turnover: Decimal | None) -> Decimal:
    """The higher of the fixed sum and the share of the turnover of the whole undertaking (CJEU C-383/23).

    >>> legal_maximum("Art 5(1)(f)", Decimal(1_000_000_000))
    Decimal('40000000.00')
    """
    fixed, share = INFRINGEMENTS[article]
    return Decimal(fixed) if turnover is None else max(Decimal(fixed), Decimal(share) * turnover)


def size_shares(turnover: Decimal | None) -> tuple[Decimal, Decimal]:
    """Which part of the starting amount may be taken, for an undertaking of this turnover; from the least to the whole while it is not known."""
    if turnover is None:
        return Decimal(_BY_TURNOVER[0][1]), Decimal(1)
    return next(((Decimal(low), Decimal(high)) for limit, low, high in _BY_TURNOVER if turnover <= limit), (Decimal(1), Decimal(1)))


def starting_range(article: str, seriousness: tuple[Seriousness, ...], turnover: Decimal | None) -> FineRange:
    """Step 2: the legal maximum, narrowed by seriousness and by the size of the undertaking.

    Args:
        seriousness: one level, or several while nobody has decided; then from the lowest to the highest.
        turnover: worldwide, of the undertaking, in the last financial year, in euros; None: not known.
    """
    assert seriousness
    maximum = legal_maximum(article, turnover)
    ranked = sorted(seriousness, key=SERIOUSNESS.index)
    size_low, size_high = size_shares(turnover)
    low = maximum * Decimal(_OF_MAXIMUM[ranked[0]][0]) * size_low
    high = maximum * Decimal(_OF_MAXIMUM[ranked[-1]][1]) * size_high
    return FineRange(article=article, maximum=maximum, low=low, high=high, seriousness=tuple(ranked), is_turnover_known=turnover is not None)


def gravest(ranges: tuple[FineRange, ...]) -> FineRange:
    """Step 1, Art 83(3): for the same or linked processing the whole may not exceed the maximum of the gravest infringement."""
    return max(ranges, key=lambda one: (one.maximum, one.high))


def after_circumstances(one: FineRange, factor_low: Decimal, factor_high: Decimal) -> FineRange:
    """Steps 3 to 5: the range after aggravating and mitigating circumstances, never above the legal maximum.

    The guidelines name no percentage; the factors are ours to set and to explain.
    """
    assert Decimal(0) <= factor_low <= factor_high
    return FineRange(
        article=one.article,
        maximum=one.maximum,
        low=min(one.low * factor_low, one.maximum),
        high=min(one.high * factor_high, one.maximum),
        seriousness=one.seriousness,
        is_turnover_known=one.is_turnover_known,
    )


def circumstances(facts: Mapping[str, object]) -> tuple[Circumstance, ...]:
    """What the known facts say of Art 83(2)(c) to (k). Telling the authority in time is a duty and counts neither way (para 98 ff.)."""
    found = []
    if facts.get("encrypted") == "no":
        found.append(Circumstance(id="not_encrypted", is_aggravating=True, cite="Art 83(2)(d), 25, 32"))
    if facts.get("encrypted") == "yes" and facts.get("key_taken") is False:
        found.append(Circumstance(id="encrypted", is_aggravating=False, cite="Art 83(2)(d), 25, 32"))
    if facts.get("previous_infringements") is True:
        found.append(Circumstance(id="previous_infringements", is_aggravating=True, cite="Art 83(2)(e)"))
    if facts.get("what_we_offer"):
        found.append(Circumstance(id="help_offered", is_aggravating=False, cite="Art 83(2)(c)"))
    if facts.get("data_recovered") is True:
        found.append(Circumstance(id="data_recovered", is_aggravating=False, cite="Art 83(2)(c)"))
    return tuple(found)
