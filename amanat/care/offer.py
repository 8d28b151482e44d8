"""Offers: who may have what, judged by harm alone; what the law owes stands apart and depends on nothing.

Two persons with the same harm get the same offers: the functions here see kinds, basis and place, and no value, tenure or language.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Literal

from amanat.care.member import BadFile, must_know, read_all
from amanat.lib.open_set import OpenSet
from amanat.terms.offer import Harm
from amanat.terms.places import lies_in

SET = OpenSet("care/offers", suffix=".toml")
Unit = Literal["eur", "percent", "points", "months"]


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
