"""Expressions that fill a form from a case: facts, totals, the company, and earlier fields of the same form.

Nothing of Python runs: the text is parsed, and every piece that is not on the short list is refused. Answers are of three
kinds: a value, no, and not known. What is not known names the facts that would settle it, so that somebody can be asked.
"""

import ast
import operator
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, Protocol

from amanat.lib.errors import Fixable, did_you_mean
from amanat.terms.fact import fact_types


class BadFormExpression(Fixable):
    """An expression of a form that cannot be understood."""


@dataclass(frozen=True, slots=True)
class Got:
    """What an expression came to. `value` None: not known."""

    value: Any = None
    sources: tuple[str, ...] = ()  # "fact:awareness", "company:lei", "exposures", "assessment", "field:55"
    ask: tuple[str, ...] = ()  # facts that nobody has given
    notes: tuple[str, ...] = ()  # doubts that belong beside the value

    def with_(self, *others: "Got") -> "Got":
        """The same value, resting on the others' sources too."""
        return replace(
            self,
            sources=tuple(dict.fromkeys((*self.sources, *(s for one in others for s in one.sources)))),
            ask=tuple(dict.fromkeys((*self.ask, *(a for one in others for a in one.ask)))),
            notes=tuple(dict.fromkeys((*self.notes, *(n for one in others for n in one.notes)))),
        )


class World(Protocol):
    """What expressions may ask about; `form_world.py` answers for a case."""

    def fact(self, name: str) -> Got: ...

    def word(self, name: str) -> Got: ...

    def call(self, name: str, arguments: tuple[Got, ...]) -> Got: ...


# Words that are no facts, and functions with how they are called; the how-to shows this list.
WORDS: Mapping[str, str] = {
    "phase": "the phase that is being filled, such as 'initial'",
    "is_follow_up": "something was submitted before",
    "is_late": "the deadline of the phase's duty has passed, or had passed when it was submitted",
    "is_complete": "no required field of the form is missing",
    "is_told": "the persons have been told, or the first of them",
    "told_at": "when the first of them were told",
    "n_told": "how many were told",
    "due_at": "the deadline of the phase's duty",
    "now": "the moment of filling",
    "our_reference": "our own number of the incident",
    "their_reference": "the number that the authority gave to what was submitted before",
    "severity": "low, medium, high or very_high, by the ENISA method",
    "n_minors": "how many of the persons are known to be minors",
    "n_review": "how many more persons wait for a reviewer",
    "n_records": "how many records were found",
    "n_gaps": "how many files could not be read",
    "channels": "the channels of the notices: email, letter",
    "always": "yes",
}
FUNCTIONS: Mapping[str, str] = {
    "persons": "persons('EEA', …): affected persons who live there; without places, all",
    "has_kind": "has_kind('ssn', …): one of these kinds of data is affected",
    "has_kind_in": "has_kind_in('US-ME', 'ssn', …): of persons who live there",
    "kinds": "kinds(): names of the kinds of data affected, as text",
    "places": "places('EEA'): where affected persons live",
    "places_abroad": "places_abroad('EEA'): the same without the company's own country",
    "per_place": "per_place('EEA'): number of persons by country, as text",
    "company": "company('lei'): a key of company.toml",
    "contact": "contact(1, 'name'): a person whom the authority may ask, from company.toml",
    "field": "field('55'): what an earlier field of this form holds",
    "duty": "duty('eu-gdpr.individuals'): whether that duty is due",
    "established": "established('EEA', …): we are established there",
    "join": "join(what_happened, cause): the texts that are known, one paragraph each",
    "first": "first(detection, awareness): the first that is known",
    "day": "day(awareness): the day of a moment, in the authority's zone",
    "count": "count(list): how many",
    "notice": "notice('eu-gdpr'): the text of our notice to the persons under that law",
    "hours": "hours(a, b): hours from one moment to the other",
    "minutes": "minutes(downtime_hours, 60): so many times 60 minutes, as days:hours:minutes",
    "thousands": "thousands(costs_and_losses_eur): an amount in thousands",
}
_COMPARE: dict[type[ast.cmpop], Callable[[Any, Any], bool]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.In: lambda a, b: a in b,
    ast.NotIn: lambda a, b: a not in b,
}


@cache
def _tree(text: str) -> ast.expr:
    try:
        return ast.parse(" ".join(text.split()), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise BadFormExpression(f"{text!r} is not an expression") from None


def parse(text: str, *, fields: Collection[str] = ()) -> ast.expr:
    """The expression as a tree of known pieces only; `fields` are the earlier fields that it may ask about."""
    tree = _tree(text)
    _check(tree, text, fields)
    return tree


def _check(node: ast.expr, text: str, fields: Collection[str]) -> None:
    match node:
        case ast.Constant(value=str() | int() | float() | bool()):
            return
        case ast.Name(id=name):
            if name not in fact_types() and name not in WORDS:
                hint = did_you_mean(name, [*fact_types(), *WORDS]) or "."
                raise BadFormExpression(f"{name!r} is no fact and no word of forms{hint} `amanat assess facts` lists the facts.")
        case ast.Tuple(elts=elements) | ast.List(elts=elements):
            for one in elements:
                _check(one, text, fields)
        case ast.Call(func=ast.Name(id=name), args=arguments, keywords=[]):
            if name not in FUNCTIONS:
                raise BadFormExpression(f"there is no {name}(){did_you_mean(name, FUNCTIONS) or '.'} There are: {', '.join(FUNCTIONS)}.")
            if name == "field" and not (len(arguments) == 1 and isinstance(arguments[0], ast.Constant) and arguments[0].value in fields):
                raise BadFormExpression(f"{ast.unparse(node)} asks about a field that does not stand earlier in the form")
            for one in arguments:
                _check(one, text, fields)
        case ast.BoolOp(values=values):
            for one in values:
                _check(one, text, fields)
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            _check(operand, text, fields)
        case ast.Compare(left=left, ops=[op], comparators=[right]) if type(op) in _COMPARE:
            _check(left, text, fields)
            _check(right, text, fields)
        case ast.IfExp(test=test, body=body, orelse=other):
            for one in (test, body, other):
                _check(one, text, fields)
        case _:
            raise BadFormExpression(f"{ast.unparse(node)!r} cannot stand in {text!r}; it takes facts, words, and/or/not, comparisons and functions")


def evaluate(text: str, world: World) -> Got:
    """What the expression comes to in this case."""
    return _value(_tree(text), world)


def _value(node: ast.expr, world: World) -> Got:
    match node:
        case ast.Constant(value=value):
            return Got(value)
        case ast.Name(id=name):
            return world.word(name) if name in WORDS else world.fact(name)
        case ast.Tuple(elts=elements) | ast.List(elts=elements):
            parts = [_value(one, world) for one in elements]
            return Got([one.value for one in parts]).with_(*parts)
        case ast.Call(func=ast.Name(id=name), args=arguments):
            return world.call(name, tuple(_value(one, world) for one in arguments))
        case ast.BoolOp(op=op, values=values):
            return _joined([_value(one, world) for one in values], ends_with=isinstance(op, ast.Or))
        case ast.UnaryOp(operand=operand):
            got = _value(operand, world)
            return replace(got, value=None if got.value is None else not got.value)
        case ast.Compare(left=left, ops=[op], comparators=[right]):
            a, b = _value(left, world), _value(right, world)
            known = a.value is not None and b.value is not None
            return Got(_COMPARE[type(op)](a.value, b.value) if known else None).with_(a, b)
        case ast.IfExp(test=test, body=body, orelse=other):
            asked = _value(test, world)
            if asked.value is None:
                return Got().with_(asked)
            return _value(body if asked.value else other, world).with_(asked)
    raise AssertionError(f"{ast.dump(node)} was let through")


def _joined(got: list[Got], *, ends_with: bool) -> Got:
    """Kleene's and (ends with no) and or (ends with yes): one that decides is enough, whatever is unknown beside it."""
    for one in got:
        if one.value is not None and bool(one.value) is ends_with:
            return replace(one, value=ends_with, ask=())
    open_ = [one for one in got if one.value is None]
    return Got(None if open_ else not ends_with).with_(*got)
