"""Offers: who may have what, judged by harm alone; what the law owes stands apart and depends on nothing.

Two persons with the same harm get the same offers: the functions here see kinds, basis and place, and no value, tenure or language.
A budget funds an offer for everybody who is eligible or for nobody, because serving some of them would be the opposite of equity.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from amanat.care.member import BadFile, must_know, read_all
from amanat.lib.errors import Fixable
from amanat.lib.open_set import OpenSet
from amanat.terms.offer import Harm
from amanat.terms.places import lies_in

if TYPE_CHECKING:
    import pyarrow as pa

SET = OpenSet("care/offers", suffix=".toml")
Unit = Literal["eur", "percent", "points", "months"]


class BadExposures(Fixable):
    """The exposures lack a column that offers are judged by."""


class BadBudget(Fixable):
    """A budget that is not an amount."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferWords:
    """What the person reads about an offer."""

    name: str
    says: str  # {amount} is the amount
    how: str  # what happens when they accept


@dataclass(frozen=True, slots=True, kw_only=True)
class Owed:
    """A law that makes the offer a duty for some persons."""

    kinds: tuple[str, ...]
    places: tuple[str, ...]
    amount: Decimal
    cite: str
    says: str
    source: str
    read_on: date
    verified: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A harm, and whether the offer is for it."""

    says: str
    kinds: tuple[str, ...]
    basis: Literal["content", "access", "service"] = "content"
    residence: str = ""
    gets: bool
    is_owed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """One file of `care/offers`."""

    id: str
    rank: int  # help against the harm comes before goodwill
    is_goodwill: bool
    unit: Unit
    amount: Decimal
    cost_eur: Decimal  # what one acceptance costs us, for the budget
    kinds: tuple[str, ...] = ()  # any of these; empty: whatever was affected
    basis: tuple[str, ...] = ()  # empty: however it was affected
    places: tuple[str, ...] = ()  # empty: everywhere
    source: str
    read_on: date
    verified: bool = False  # whether a person opened the source and compared
    words: dict[str, OfferWords]
    owed: tuple[Owed, ...] = ()
    example: tuple[Example, ...]

    def fits(self, harm: Harm) -> bool:
        """Whether it helps against this harm, or a law wants it."""
        if self.owed_to(harm):
            return True
        is_theirs = not self.kinds or bool(harm.kinds & set(self.kinds))
        return is_theirs and (not self.basis or harm.basis in self.basis) and lies_in(harm.residence, self.places)

    def owed_to(self, harm: Harm) -> tuple[Owed, ...]:
        """The laws that make it due to this person."""
        return tuple(one for one in self.owed if harm.kinds & set(one.kinds) and lies_in(harm.residence, one.places))

    def amount_for(self, harm: Harm) -> Decimal:
        """The larger of what we offer and what a law wants."""
        return max([self.amount, *(one.amount for one in self.owed_to(harm))])

    def cost_for(self, harm: Harm) -> Decimal:
        """What it costs us for this person; a longer time costs in proportion."""
        return self.cost_eur * self.amount_for(harm) / self.amount


@dataclass(frozen=True, slots=True, kw_only=True)
class Entitled:
    """One offer to one person: how much, and whether it is owed."""

    offer: str
    unit: Unit
    amount: Decimal
    cost_eur: Decimal
    is_owed: bool
    cites: tuple[str, ...]


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


def offers() -> dict[str, Offer]:
    """Every offer by name, the most helpful first."""
    found = read_all(SET, Offer, _check)
    return dict(sorted(found.items(), key=lambda item: (item[1].rank, item[0])))


def entitled(harm: Harm, *, funded: Iterable[str] | None = None) -> tuple[Entitled, ...]:
    """What a person with this harm may have: the funded offers (None: all), and always what a law owes them.

    >>> [one.offer for one in entitled(Harm(kinds=frozenset({"ssn"}), basis="content", residence="US-CT"), funded=()) if one.is_owed]
    ['monitoring']
    """
    open_ = None if funded is None else set(funded)
    found = []
    for name, offer in offers().items():
        laws = offer.owed_to(harm)
        if not laws and (not offer.fits(harm) or (open_ is not None and name not in open_)):
            continue
        found.append(
            Entitled(
                offer=name,
                unit=offer.unit,
                amount=offer.amount_for(harm),
                cost_eur=offer.cost_for(harm),
                is_owed=bool(laws),
                cites=tuple(one.cite for one in laws),
            )
        )
    return tuple(found)


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


def _check(offer: Offer, path: Path) -> None:
    must_know(path, kinds=offer.kinds, places=offer.places)
    for one in offer.owed:
        must_know(path, kinds=one.kinds, places=one.places)
    if "en" not in offer.words:
        raise BadFile(f"{path}: there are no words in English; add [words.en]")
    if offer.amount <= 0 or offer.cost_eur < 0:
        raise BadFile(f"{path}: amount must be above 0 and cost_eur not below 0")
    for unknown in set(offer.basis) - {"content", "access", "service"}:
        raise BadFile(f"{path}: basis {unknown!r} is not one of content, access, service")
