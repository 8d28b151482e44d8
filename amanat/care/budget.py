"""What offers cost over all persons, which of them a budget holds, and whether the same harm really brought the same.

A budget funds an offer for everybody who is eligible or for nobody, because serving some of them would be the opposite of equity.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from amanat.care.offer import offers
from amanat.lib.errors import Fixable
from amanat.terms.offer import Harm

if TYPE_CHECKING:
    import pyarrow as pa


class BadExposures(Fixable):
    """The exposures lack a column that offers are judged by."""


class BadBudget(Fixable):
    """A budget that is not an amount."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One offer over all persons: for how many, what it may cost at most, and whether the budget holds it."""

    offer: str
    n_persons: int
    n_owed: int
    cost_eur: Decimal  # if everybody accepts
    owed_eur: Decimal  # the part that law wants, whatever the budget
    is_funded: bool
    short_eur: Decimal  # what the budget lacks for it


def plan(exposures: "pa.Table", *, budget_eur: Decimal | None = None) -> tuple[Line, ...]:
    """What each offer would cost for the persons affected for sure, and which of them a budget holds.

    What law owes is funded first and always, even beyond the budget. Then the others, the most helpful first, each for everybody
    or for nobody; what does not fit is left out and what fits below it is still taken.

    Raises:
        BadExposures: a column is missing. BadBudget: the budget is negative.
    """
    if budget_eur is not None and (not budget_eur.is_finite() or budget_eur < 0):
        raise BadBudget(f"the budget is {budget_eur}: give an amount in euros, 0 or more")
    groups = harm_groups(exposures)
    lines = []
    left = budget_eur
    if left is not None:
        left -= sum((offer.cost_for(h) * n for offer in offers().values() for h, n in groups if offer.owed_to(h)), Decimal(0))
    for name, offer in offers().items():
        fitting = [(h, n) for h, n in groups if offer.fits(h)]
        owed = [(h, n) for h, n in fitting if offer.owed_to(h)]
        cost = sum((offer.cost_for(h) * n for h, n in fitting), Decimal(0))
        owed_cost = sum((offer.cost_for(h) * n for h, n in owed), Decimal(0))
        extra = cost - owed_cost
        is_funded = left is None or not extra or extra <= left
        short = Decimal(0) if is_funded or left is None else extra - max(left, Decimal(0))
        if is_funded and left is not None:
            left -= extra
        lines.append(
            Line(
                offer=name,
                n_persons=sum(n for _, n in fitting),
                n_owed=sum(n for _, n in owed),
                cost_eur=cost,
                owed_eur=owed_cost,
                is_funded=is_funded,
                short_eur=short,
            )
        )
    return tuple(lines)


def harm_groups(exposures: "pa.Table") -> list[tuple[Harm, int]]:
    """The harms that occur among the sure persons, each with its number of persons: few, however many persons there are."""
    import pyarrow as pa
    import pyarrow.compute as pc

    for column in ("kinds", "basis", "residence", "state"):
        if column not in exposures.column_names:
            raise BadExposures(
                f"the exposures have no column {column!r}; give an exposures.parquet as `amanat run` or `amanat scope files` writes it"
            )
    sure = exposures.filter(pc.equal(exposures["state"], "sure"))
    kinds = sure["kinds"].combine_chunks() if sure.num_rows else pa.array([], pa.list_(pa.string()))
    joined = pc.binary_join(kinds, "|")
    counted = pa.table({"kinds": joined, "basis": sure["basis"], "residence": sure["residence"]}).group_by(["kinds", "basis", "residence"])
    found: dict[Harm, int] = {}
    for row in counted.aggregate([([], "count_all")]).to_pylist():
        # The same kinds in another order are the same harm.
        harm = Harm(kinds=frozenset(filter(None, (row["kinds"] or "").split("|"))), basis=row["basis"], residence=row["residence"])
        found[harm] = found.get(harm, 0) + row["count_all"]
    return sorted(found.items(), key=lambda item: (sorted(item[0].kinds), item[0].basis, item[0].residence or ""))


@dataclass(frozen=True, slots=True, kw_only=True)
class Unequal:
    """Persons with the same harm of whom some were offered something and others not."""

    offer: str
    harm: Harm
    n_with: int
    n_without: int


def unequal(persons: Sequence[tuple[Harm, frozenset[str]]]) -> tuple[Unequal, ...]:
    """Where the same harm did not bring the same offers; `persons` are each person's harm and the offers they were made."""
    by_harm: dict[Harm, list[frozenset[str]]] = {}
    for harm, made in persons:
        by_harm.setdefault(harm, []).append(made)
    found = []
    for harm, all_made in by_harm.items():
        for offer in sorted(frozenset().union(*all_made)):
            n_with = sum(offer in made for made in all_made)
            if n_with < len(all_made):
                found.append(Unequal(offer=offer, harm=harm, n_with=n_with, n_without=len(all_made) - n_with))
    return tuple(found)
