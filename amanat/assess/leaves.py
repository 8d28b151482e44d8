"""Leaves of conditions: each kind of question that a law file may ask, what it answers, and the words for a change of its answer."""

import ast
import math
import operator
from collections.abc import Callable, Collection
from typing import Any

from amanat.assess.tree import Between, Known, Leaf, World, k_not
from amanat.lib.errors import Fixable, did_you_mean
from amanat.terms.fact import FactType
from amanat.terms.kinds import KINDS
from amanat.terms.places import GROUPS, PLACES, SUBDIVISIONS, country_of

_OPPOSITE = {"==": "!=", "!=": "==", "<": ">=", ">=": "<", ">": "<=", "<=": ">", "in": "not in", "not in": "in"}
_WORDS = {"==": "exactly", "!=": "other than", "<": "fewer than", "<=": "at most", ">": "more than", ">=": "at least"}


class BadExpression(Fixable):
    """A condition that cannot be understood, with what is wrong in it."""


def constant_of(node: ast.expr, says: str) -> Any:
    try:
        value = ast.literal_eval(node)
    except ValueError:
        raise BadExpression(f"{says!r}: the right side must be a plain value") from None
    return list(value) if isinstance(value, (tuple, list, set)) else value


def strings_of(nodes: list[ast.expr]) -> tuple[str, ...]:
    texts = [n.value for n in nodes if isinstance(n, ast.Constant) and isinstance(n.value, str)]
    if len(texts) != len(nodes):
        raise BadExpression(f"{', '.join(ast.unparse(n) for n in nodes)!r}: only texts in quotes can stand here")
    return tuple(texts)


def places_of(nodes: list[ast.expr]) -> tuple[str, ...]:
    for place in (places := strings_of(nodes)):
        check_place(place)
    return places


def check_place(place: str) -> None:
    """Raises BadExpression for a place that nobody knows."""
    if place not in PLACES and place not in GROUPS:
        raise BadExpression(
            f"{place!r} is no place{did_you_mean(place, [*PLACES, *GROUPS]) or '.'} Use ISO 3166 codes such as FR or US-CA, or {', '.join(GROUPS)}."
        )


def kinds_of_call(nodes: list[ast.expr]) -> tuple[str, ...]:
    for kind in (kinds := strings_of(nodes)):
        if kind not in KINDS:
            raise BadExpression(f"{kind!r} is no kind of data{did_you_mean(kind, KINDS)}")
    if not kinds:
        raise BadExpression("name at least one kind of data")
    return kinds


def fact_leaf(says: str, fact: FactType, op: str, wanted: Any) -> Leaf:
    _check_wanted(says, fact, op, wanted)
    is_choice = fact.type == "choice"
    rank = {choice: i for i, choice in enumerate(fact.choices)}

    def plain(value: Any) -> Any:
        return rank[value] if is_choice else value

    bound = [plain(w) for w in wanted] if isinstance(wanted, list) else plain(wanted)

    def ask(world: World) -> tuple[bool | None, Any, str]:
        got = world.fact(fact.name)
        if got is None:
            return None, None, ""
        if isinstance(got, Between):
            shown = f"at least {fact.choices[int(got.low)]!r}" if is_choice else _range(got)
            return compare_between(op, got, bound), shown, got.note
        return _plain_compare(op, plain(got.value), bound), got.value, got.note

    def wants(answer: bool) -> str:
        if fact.type == "bool":
            return f"{fact.name}: {'yes' if (answer == (op == '==')) == wanted else 'no'}"
        real = op if answer else _OPPOSITE[op]
        ordered = {
            "==": "",
            "!=": "not ",
            "<": "less than ",
            "<=": "at most ",
            ">": "more than ",
            ">=": "at least ",
            "in": "one of ",
            "not in": "none of ",
        }
        return f"{fact.name}: {ordered[real]}{', '.join(map(str, wanted)) if isinstance(wanted, list) else wanted}"

    return Leaf(says, fact.name, ask, wants)


def _check_wanted(says: str, fact: FactType, op: str, wanted: Any) -> None:
    several = wanted if op in ("in", "not in") else [wanted]
    if not isinstance(several, list):
        raise BadExpression(f"{says!r}: `{op}` takes a list of values")
    for one in several:
        if fact.type == "choice":
            if one not in fact.choices:
                raise BadExpression(
                    f"{fact.name} is never {one!r}{did_you_mean(str(one), fact.choices) or '.'} It is one of {', '.join(fact.choices)}."
                )
        elif fact.type == "bool":
            if not isinstance(one, bool) or op not in ("==", "!="):
                raise BadExpression(f"{says!r}: {fact.name} is yes or no; write `{fact.name}` or `not {fact.name}`")
        elif fact.type in ("int", "decimal"):
            if isinstance(one, bool) or not isinstance(one, (int, float)):
                raise BadExpression(f"{says!r}: {fact.name} is a number")
        elif fact.type == "text":
            if not isinstance(one, str) or op not in ("==", "!=", "in", "not in"):
                raise BadExpression(f"{says!r}: {fact.name} is a text")
        else:
            raise BadExpression(f"{says!r}: {fact.name} ({fact.type}) cannot be compared so")


def member_leaf(says: str, member: Any, fact: FactType, op: str) -> Leaf:
    if fact.type != "list" or not isinstance(member, str):
        raise BadExpression(f"{says!r}: {fact.name} is not a list of texts")
    if fact.choices and member not in fact.choices:
        raise BadExpression(f"{says!r}: {fact.name} never holds {member!r}{did_you_mean(member, fact.choices)}")

    def ask(world: World) -> tuple[bool | None, Any, str]:
        got = world.fact(fact.name)
        if not isinstance(got, Known):
            return None, None, ""
        return (member in got.value) == (op == "in"), sorted(got.value), got.note

    return Leaf(says, fact.name, ask, lambda answer: f"{fact.name}: {'with' if answer == (op == 'in') else 'without'} {member}")


def members_leaf(says: str, fact: FactType, wanted: tuple[str, ...]) -> Leaf:
    """Whether a list, such as the sectors we work in, holds one of these."""
    if fact.type != "list" or not fact.choices or not wanted:
        raise BadExpression(f"{says!r}: any_of takes kinds(…) or a list of choices such as sectors, and what to look for in it")
    for one in wanted:
        if one not in fact.choices:
            raise BadExpression(f"{says!r}: {fact.name} never holds {one!r}{did_you_mean(one, fact.choices)}")

    def ask(world: World) -> tuple[bool | None, Any, str]:
        got = world.fact(fact.name)
        if not isinstance(got, Known):
            return None, None, ""
        return bool(set(wanted) & set(got.value)), sorted(got.value), got.note

    return Leaf(says, fact.name, ask, lambda answer: f"{fact.name}: {'one of' if answer else 'none of'} {', '.join(wanted)}")


def count_leaf(says: str, call: ast.Call, op: str, bound: int) -> Leaf:
    assert isinstance(call.func, ast.Name)
    texts = strings_of(call.args)
    split = next((i for i, text in enumerate(texts) if text in KINDS), len(texts)) if call.func.id == "residents_with" else len(texts)
    places, kinds = places_of(call.args[:split]), kinds_of_call(call.args[split:]) if call.func.id == "residents_with" else ()
    who = f"residents of {', '.join(places)}" if places else "affected persons"
    if kinds:
        who += " with covered data"

    def ask(world: World) -> tuple[bool | None, Any, str]:
        got = world.residents(places, kinds)
        answer = compare_between(op, got, bound)
        return answer, _range(got), got.note if answer is None else ""

    return Leaf(says, "residents", ask, lambda answer: f"{who} {_WORDS[op if answer else _OPPOSITE[op]]} {bound}", kinds)


def most_leaf(says: str, call: ast.Call, op: str, bound: int) -> Leaf:
    texts = strings_of(call.args)
    countries = {country_of(place) for place in SUBDIVISIONS}
    if len(texts) != 1 or texts[0] not in countries:
        raise BadExpression(f"{says!r}: residents_of_one_state takes one country whose states are known: {', '.join(sorted(countries))}")

    def ask(world: World) -> tuple[bool | None, Any, str]:
        got = world.residents_of_one(texts[0])
        answer = compare_between(op, got, bound)
        return answer, _range(got), got.note if answer is None else ""

    return Leaf(says, "residents", ask, lambda answer: f"residents of one state of {texts[0]} {_WORDS[op if answer else _OPPOSITE[op]]} {bound}")


def hours_leaf(says: str, call: ast.Call, op: str, bound: float, moments: Collection[str]) -> Leaf:
    events = strings_of(call.args)
    for event in events:
        if event not in moments:
            raise BadExpression(f"{says!r}: there is no event {event!r}{did_you_mean(event, moments)}")
    if len(events) != 2:
        raise BadExpression(f"{says!r}: hours_between takes two events")

    def ask(world: World) -> tuple[bool | None, Any, str]:
        (one, note), (other, second) = world.moment(events[0]), world.moment(events[1])
        if one is None or other is None:
            return None, None, ""
        hours = (other - one).total_seconds() / 3600
        return _plain_compare(op, hours, bound), round(hours, 2), "; ".join(filter(None, (note, second)))

    missing = events[1]  # of the two, the one that happens later is asked for
    return Leaf(says, missing, ask, lambda answer: f"hours from {events[0]} to {events[1]} {op if answer else _OPPOSITE[op]} {bound}")


def kinds_leaf(says: str, name: str, places: tuple[str, ...], wanted: tuple[str, ...]) -> Leaf:
    needed = set(wanted)

    def ask(world: World) -> tuple[bool | None, Any, str]:
        got = world.kinds(places)
        may_be = needed if got.maybe is None else needed & (got.maybe | got.sure)
        if name == "any_of":
            answer = True if needed & got.sure else None if may_be else False
        else:
            answer = True if needed <= got.sure else None if may_be == needed else False
        return answer, sorted(needed & got.sure) if answer is not None or got.sure else None, got.note if answer is None else ""

    what = f"kinds of data of residents of {', '.join(places) or 'any place'}"
    joined = ", ".join(wanted) if len(wanted) < 6 else f"{', '.join(wanted[:4])} or {len(wanted) - 4} more"
    return Leaf(says, "kinds", ask, lambda answer: f"{what}: {'with' if answer else 'without'} {joined}", wanted)


def established_leaf(says: str, places: tuple[str, ...]) -> Leaf:
    def ask(world: World) -> tuple[bool | None, Any, str]:
        got = world.established(places)
        return (None, None, "") if got is None else (got.value, got.value, got.note)

    return Leaf(says, "establishments", ask, lambda answer: f"establishments: {'with one' if answer else 'none'} in {', '.join(places)}")


_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "in": lambda value, bound: value in bound,
    "not in": lambda value, bound: value not in bound,
}


def _plain_compare(op: str, value: Any, bound: Any) -> bool:
    return _COMPARE[op](value, bound)


def compare_between(op: str, got: Between, bound: Any) -> bool | None:
    """The comparison when only two bounds are known: an answer only if it is the same everywhere between them.

    >>> compare_between(">", Between(499, 502), 500), compare_between(">", Between(501, math.inf), 500)
    (None, True)
    """
    if op in ("in", "not in", "==", "!="):
        several = bound if isinstance(bound, list) else [bound]
        inside = [b for b in several if got.low <= b <= got.high]
        # All whole values between the bounds are wanted: then it is one of them, whichever it is.
        is_certain = math.isfinite(got.high) and len(set(inside)) == got.high - got.low + 1
        is_in = True if is_certain else None if inside else False
        return is_in if op in ("in", "==") else k_not(is_in)
    low, high = _plain_compare(op, got.low, bound), _plain_compare(op, got.high, bound)
    return low if low == high else None


def _range(got: Between) -> Any:
    if got.low == got.high:
        return int(got.low)
    if got.low == 0 and math.isinf(got.high):
        return None
    return f"{int(got.low)} or more" if math.isinf(got.high) else f"{int(got.low)} to {int(got.high)}"
