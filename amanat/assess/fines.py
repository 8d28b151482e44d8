"""Fines: the legal maxima of the laws that reach us, from their own numbers, the turnover and the persons where they are known. No forecast."""

import math
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from amanat.assess.law import Penalty
from amanat.assess.situation import Situation
from amanat.assess.statute_book import Ready
from amanat.terms.assessment import Duty

_UNITS = {"person": "person", "violation": "violation", "day": "day", "person_day": "person and day"}


def fines_of(laws: Iterable[Ready], duties: Iterable[Duty], now: Situation) -> tuple[dict[str, Any], ...]:
    """One row for each legal maximum of a law with a duty that is due or may be.

    Keys: law, cite, maximum (in `currency`; None when the law names no sum), currency, basis; `turnover_part_eur` where a share of the
    turnover counts but in another currency than the fixed sum (no exchange rate is assumed); and for a penalty by the piece `each`, `unit`,
    `n_persons` (None: not known), `minimum` where the law names a least sum, and `is_to_persons` for damages that persons claim themselves.
    """
    listed = list(duties)
    reaching = {duty.law for duty in listed if duty.state in ("due", "undetermined")}
    kinds = {duty.law: duty.kinds for duty in listed if duty.to == "individuals" and duty.kinds}
    return tuple(
        _fine(ready, penalty, now, kinds.get(ready.law.id, ())) for ready in laws if ready.law.id in reaching for penalty in ready.law.penalties
    )


def _fine(ready: Ready, penalty: Penalty, now: Situation, kinds: tuple[str, ...]) -> dict[str, Any]:
    turnover = now.given("turnover_eur")
    share = None if turnover is None or penalty.turnover_share is None else Decimal(str(turnover)) * penalty.turnover_share
    row: dict[str, Any] = {
        "law": ready.law.id,
        "cite": penalty.cite,
        "maximum": _number(penalty.fixed),
        "currency": penalty.currency,
        "basis": penalty.says,
    }
    if penalty.each is not None:
        return row | _by_the_piece(ready, penalty, now, kinds, row["basis"])
    if penalty.rule == "whichever_is_higher" and penalty.fixed is not None:
        if share is None:
            row["basis"] += "; the turnover is not known, so only the fixed sum is shown and the maximum may be higher"
        elif penalty.currency == "EUR":
            row["maximum"] = _number(max(penalty.fixed, share))
        else:
            row["turnover_part_eur"] = _number(share)
            row["basis"] += "; the higher of the fixed sum and the share of the turnover, each in its own currency"
    return row


def _by_the_piece(ready: Ready, penalty: Penalty, now: Situation, kinds: tuple[str, ...], basis: str) -> dict[str, Any]:
    """A penalty for each person, violation or day. Persons are counted; violations and days nobody can count for us."""
    assert penalty.each is not None
    found: dict[str, Any] = {"each": _number(penalty.each), "unit": penalty.unit, "n_persons": None, "is_to_persons": penalty.is_to_persons}
    if penalty.unit != "person":
        return found | {"basis": f"{basis}; by the {_UNITS.get(penalty.unit, 'piece')}: how many there will be, nobody knows yet"}
    count = now.residents(ready.law.places, kinds)
    if math.isinf(count.high):
        return found | {"basis": f"{basis}; how many persons live there is not known"}
    n = int(count.high)
    found |= {"n_persons": n, "maximum": _number(_within(penalty, penalty.each * n))}
    if penalty.each_low is not None:
        found["minimum"] = _number(_within(penalty, penalty.each_low * int(count.low)))
    return found | {"basis": f"{basis}; for {n:,} persons"}


def _within(penalty: Penalty, amount: Decimal) -> Decimal:
    amount = amount if penalty.floor is None else max(amount, penalty.floor)
    return amount if penalty.fixed is None else min(amount, penalty.fixed)


def _number(amount: Decimal | None) -> int | float | None:
    if amount is None:
        return None
    return int(amount) if amount == amount.to_integral_value() else float(round(amount, 2))
