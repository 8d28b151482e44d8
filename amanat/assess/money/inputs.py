"""Inputs: what the reckoning rests on, each with its source, and what a company or a case puts in its place."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Literal

from amanat.assess.money.distribution import Distribution, Shape
from amanat.lib.errors import Fixable, did_you_mean
from amanat.lib.shape import build, line_of, read_toml
from amanat.terms.company import Company

HOME = Path(__file__).parent / "inputs.toml"
# Channel of `unit_cost` in company.toml -> the input that it answers.
OF_COMPANY = {"letter": "letter_cost", "email": "email_cost"}
GROUPS = (
    "detection",
    "notification",
    "call_centre",
    "legal",
    "compensation",
    "collective",
    "monitoring",
    "lost_business",
    "downtime",
    "insurance",
    "partners",
    "fines",
)


class UnknownInput(Fixable):
    """An input that the reckoning does not ask for: most often a typing mistake."""


class BadInput(Fixable):
    """An input whose numbers cannot be, or that was changed without a reason."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Input:
    """One input of `inputs.toml`: what it is, how sure we are of it, and where it comes from."""

    id: str
    group: str
    says: str
    unit: str
    shape: Shape
    value: float | None = None
    low: float | None = None
    mode: float | None = None
    high: float | None = None
    basis: Literal["published", "judgement", "ours"]
    source: str
    url: str
    read_on: date
    confidence: Literal["high", "medium", "low"]
    why: str = ""  # of a change: the reason that was given
    changed_in: str = ""  # the file or screen where it was changed; empty: as amanat ships it

    @property
    def distribution(self) -> Distribution:
        """Its numbers."""
        return Distribution(shape=self.shape, value=self.value, low=self.low, mode=self.mode, high=self.high)


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What a company or a case puts in the place of an input."""

    shape: Shape
    value: float | None = None
    low: float | None = None
    mode: float | None = None
    high: float | None = None
    why: str


@cache
def shipped() -> dict[str, Input]:
    """Every input as amanat ships it."""
    found = {}
    for name, table in read_toml(HOME).items():
        one = build(Input, {"id": name, **table}, where=HOME, at=name)
        if one.group not in GROUPS or one.distribution.wrong():
            raise BadInput(f"{line_of(HOME, name)}: {name}: {one.distribution.wrong() or f'there is no group {one.group!r}'}")
        found[name] = one
    return found


def read_inputs(paths: Iterable[Path], *, inputs: Mapping[str, Input] | None = None) -> dict[str, Input]:
    """The shipped inputs, or these, with what these files put in their place; of two files the later one counts."""
    found = dict(shipped() if inputs is None else inputs)
    for path in paths:
        for name, table in read_toml(path).items():
            if name not in found:
                raise UnknownInput(
                    f"{line_of(path, name)}: there is no input {name!r}{did_you_mean(name, found) or '.'} `amanat assess inputs` lists them."
                )
            if not isinstance(table, dict):
                raise BadInput(f"{line_of(path, name)}: write it as a table: [{name}], then shape, its numbers, and why")
            change = build(Change, _shaped(table), where=path, at=name)
            found[name] = changed(found[name], change, where=f"{line_of(path, name)}: {name}", changed_in=path.name)
    return found


def with_company(inputs: Mapping[str, Input], company: Company) -> dict[str, Input]:
    """These inputs with what the company says that a letter and an e-mail cost; a price in another currency than euros is left aside."""
    found = dict(inputs)
    for channel, name in OF_COMPANY.items():
        price = company.price_of(channel)
        if price is not None and price.currency == "EUR":
            change = Change(shape="fixed", value=float(price.amount), why=f"unit_cost.{channel} of the company")
            found[name] = changed(found[name], change, where=name, changed_in="company.toml")
    return found


def with_changes(changes: Mapping[str, Mapping[str, Any]], *, changed_in: str, inputs: Mapping[str, Input] | None = None) -> dict[str, Input]:
    """The shipped inputs, or these, with changes that somebody entered: id -> shape, numbers and why."""
    found = dict(shipped() if inputs is None else inputs)
    for name, table in changes.items():
        if name in found:  # an input that a later amanat does not know any more changes nothing
            change = Change(**{key: value for key, value in _shaped(dict(table)).items() if key in {f.name for f in fields(Change)}})
            found[name] = changed(found[name], change, where=name, changed_in=changed_in)
    return found


def changed(one: Input, change: Change, *, where: str, changed_in: str) -> Input:
    """The input with other numbers; raises BadInput when they cannot be, or no reason is given."""
    if not change.why.strip():
        raise BadInput(f"{where}: say `why`: a number that nobody explains helps nobody")
    numbers = {name: getattr(change, name) for name in ("shape", "value", "low", "mode", "high")}
    if one.unit == "chance" and change.shape == "fixed":
        numbers["shape"] = "chance"  # it happens or it does not; there is no three hundredths of a fine
    made = replace(one, **numbers, basis="ours", why=change.why.strip(), changed_in=changed_in)
    wrong = made.distribution.wrong() or _outside(made)
    if wrong:
        raise BadInput(f"{where}: {wrong}")
    return made


def _outside(one: Input) -> str:
    most = max((n for n in (one.value, one.low, one.mode, one.high) if n is not None), default=0)
    return f"a {one.unit} lies between 0 and 1" if one.unit in ("share", "chance") and most > 1 else ""


def _shaped(table: dict[str, Any]) -> dict[str, Any]:
    """`value = 3` alone is a fixed number, low and high alone are uniform, with a mode triangular."""
    if "shape" in table:
        return table
    guess = "fixed" if "value" in table else "triangular" if "mode" in table else "uniform" if "low" in table else "unknown"
    return {"shape": guess, **table}
