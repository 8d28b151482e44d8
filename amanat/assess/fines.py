"""Fines: the legal maxima of the laws that reach us, from their own numbers and the turnover when it is known. No forecast."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from amanat.assess.law import Penalty
from amanat.assess.situation import Situation
from amanat.assess.statute_book import Ready
from amanat.terms.assessment import Duty


def fines_of(laws: Iterable[Ready], duties: Iterable[Duty], now: Situation) -> tuple[dict[str, Any], ...]:
    """One row for each legal maximum of a law with a duty that is due or may be.

    Keys: law, cite, maximum (in `currency`; None when the law names no sum), currency, basis; and `turnover_part_eur`
    where a share of the turnover counts but in another currency than the fixed sum: no exchange rate is assumed.
    """
    reaching = {duty.law for duty in duties if duty.state in ("due", "undetermined")}
    return tuple(_fine(ready.law.id, penalty, now) for ready in laws if ready.law.id in reaching for penalty in ready.law.penalties)


def _fine(law: str, penalty: Penalty, now: Situation) -> dict[str, Any]:
    turnover = now.given("turnover_eur")
    share = None if turnover is None or penalty.turnover_share is None else Decimal(str(turnover)) * penalty.turnover_share
    row: dict[str, Any] = {"law": law, "cite": penalty.cite, "maximum": _number(penalty.fixed), "currency": penalty.currency, "basis": penalty.says}
    if penalty.rule == "whichever_is_higher" and penalty.fixed is not None:
        if share is None:
            row["basis"] += "; the turnover is not known, so only the fixed sum is shown and the maximum may be higher"
        elif penalty.currency == "EUR":
            row["maximum"] = _number(max(penalty.fixed, share))
        else:
            row["turnover_part_eur"] = _number(share)
            row["basis"] += "; the higher of the fixed sum and the share of the turnover, each in its own currency"
    return row


def _number(amount: Decimal | None) -> int | float | None:
    if amount is None:
        return None
    return int(amount) if amount == amount.to_integral_value() else float(round(amount, 2))
