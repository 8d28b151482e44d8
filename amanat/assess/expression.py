"""Conditions of law files: Python-like strings, answered with yes, no or unknown, and a trace of every step.

    residents('US-CA') > 500 and any_of(kinds('US-CA'), 'ssn', 'passport') and not key_taken

Nothing of Python runs: the string is parsed, and every piece that is not on the short list below is refused.
Names are facts, or definitions of the same law file. Choices compare in the order of their list (`risk >= 'high'`).
"""

import ast
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from amanat.lib.errors import Fixable, did_you_mean
from amanat.terms.assessment import Reason
from amanat.terms.fact import FactType, fact_types
from amanat.terms.kinds import KINDS
from amanat.terms.places import GROUPS, PLACES

FUNCTIONS = {
    "residents": "residents('US-CA', …): affected persons who live in these places; without places, all",
    "residents_with": "residents_with('US-CA', 'ssn', …): those of whom one of these kinds of data is affected",
    "kinds": "kinds('US-CA', …): kinds of data affected of persons who live there; only inside any_of or all_of",
    "any_of": "any_of(kinds('US-CA'), 'ssn', …): at least one of these kinds",
    "all_of": "all_of(kinds('US-CA'), 'email', …): every one of these kinds",
    "established": "established('EEA', …): we are established in one of these places",
}


class BadExpression(Fixable):
    """A condition that cannot be understood, with what is wrong in it."""


@dataclass(frozen=True, slots=True)
class Known:
    """A fact's value and how far it can be relied on; `note` says where it comes from when it was not simply given."""

    value: Any
    note: str = ""


@dataclass(frozen=True, slots=True)
class Between:
    """A number, or the rank of a choice, known only to lie between two bounds, both included."""

    low: float
    high: float
    note: str = ""


@dataclass(frozen=True, slots=True)
class SomeKinds:
    """Kinds that are affected for sure, and those that may be; `maybe` None means any kind may be."""

    sure: frozenset[str]
    maybe: frozenset[str] | None
    note: str = ""


class World(Protocol):
    """What a condition can ask. `Situation` answers from facts and exposures; tests answer from anything."""

    def fact(self, name: str) -> Known | Between | None: ...
    def residents(self, places: tuple[str, ...], kinds: tuple[str, ...]) -> Between: ...
    def kinds(self, places: tuple[str, ...]) -> SomeKinds: ...
    def established(self, places: tuple[str, ...]) -> Known | None: ...


def k_and(answers: list[bool | None]) -> bool | None:
    """Yes when all are yes, no when one is no, else unknown."""
    return False if False in answers else None if None in answers else True


def k_or(answers: list[bool | None]) -> bool | None:
    """Yes when one is yes, no when all are no, else unknown."""
    return True if True in answers else None if None in answers else False


def k_not(answer: bool | None) -> bool | None:
    """The opposite; unknown stays unknown."""
    return None if answer is None else not answer


# What if a single leaf had another answer? Leaf text -> answer.
Instead = Mapping[str, bool | None]


@dataclass(frozen=True, slots=True)
class Leaf:
    """One question about one fact, or one count."""

    says: str
    fact: str  # the fact a person is asked for
    ask: Callable[[World], tuple[bool | None, Any, str]]  # answer, value got, note
    wants: Callable[[bool], str]  # the change that would give that answer, in words
    kinds: tuple[str, ...] = ()  # kinds of data it looks for

    def answer(self, world: World, instead: Instead) -> Reason:
        outcome, got, note = self.ask(world)
        outcome = instead.get(self.says, outcome)
        below = (Reason(says=note, outcome=outcome, fact=self.fact),) if note else ()
        return Reason(says=self.says, outcome=outcome, fact=self.fact, got=got, below=below)

    def leaves(self) -> tuple["Leaf", ...]:
        return (self,)


@dataclass(frozen=True, slots=True)
class Branch:
    """`and`, `or`, `not`, or the name of a definition, over what stands below. Every part is asked, so that the trace is whole."""

    says: str
    join: Callable[[list[bool | None]], bool | None]
    below: tuple["Leaf | Branch", ...]

    def answer(self, world: World, instead: Instead) -> Reason:
        reasons = tuple(part.answer(world, instead) for part in self.below)
        return Reason(says=self.says, outcome=self.join([r.outcome for r in reasons]), below=reasons)

    def leaves(self) -> tuple[Leaf, ...]:
        return tuple(leaf for part in self.below for leaf in part.leaves())


Expression = Leaf | Branch


def parse(text: str, *, definitions: Mapping[str, Expression] | None = None) -> Expression:
    """The condition as a tree; raises BadExpression.

    >>> parse("risk >= 'high' and not key_taken").says
    "risk >= 'high' and not key_taken"
    """
    text = " ".join(text.split())
    try:
        tree = ast.parse(text, mode="eval").body
    except SyntaxError as error:
        raise BadExpression(f"{text!r} is not an expression ({error.msg}); see `amanat assess facts`") from None
    except (RecursionError, MemoryError, ValueError):
        raise BadExpression("the expression is too deep or holds characters that cannot be; write it shorter") from None
    return _tree(tree, text, definitions or {})


def _tree(node: ast.expr, text: str, definitions: Mapping[str, Expression]) -> Expression:
    says = ast.get_source_segment(text, node) or text
    match node:
        case ast.BoolOp(op=op, values=values):
            return Branch(says, k_and if isinstance(op, ast.And) else k_or, tuple(_tree(v, text, definitions) for v in values))
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return Branch(says, lambda answers: k_not(answers[0]), (_tree(operand, text, definitions),))
        case ast.Name(id="always"):
            return Leaf(says, "", lambda world: (True, None, ""), lambda answer: "")
        case ast.Name(id=name) if name in definitions:
            return Branch(name, lambda answers: answers[0], (definitions[name],))
        case ast.Name(id=name):
            fact = _fact(name, definitions)
            if fact.type != "bool":
                raise BadExpression(f"{name} is not a yes-or-no fact; compare it with something")
            return _compare_fact(says, fact, "==", True)
        case ast.Compare(left=left, ops=[op], comparators=[right]):
            return _comparison(says, left, op, right, definitions)
        case ast.Compare():
            raise BadExpression(f"{says!r} compares twice; join two comparisons with `and`")
        case ast.Call(
            func=ast.Name(id="any_of" | "all_of" as name), args=[ast.Call(func=ast.Name(id="kinds"), args=places, keywords=[]), *wanted], keywords=[]
        ):
            return _kinds_leaf(says, name, _places(places), _kinds(wanted))
        case ast.Call(func=ast.Name(id="established"), args=places, keywords=[]) if places:
            return _established_leaf(says, _places(places))
    raise BadExpression(f"{says!r} cannot stand in a condition; it takes facts, and/or/not, comparisons, {', '.join(FUNCTIONS)}")


_OPS: dict[type[ast.cmpop], str] = {
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.In: "in",
    ast.NotIn: "not in",
}
_OPPOSITE = {"==": "!=", "!=": "==", "<": ">=", ">=": "<", ">": "<=", "<=": ">", "in": "not in", "not in": "in"}
_WORDS = {"==": "exactly", "!=": "other than", "<": "fewer than", "<=": "at most", ">": "more than", ">=": "at least"}


def _comparison(says: str, left: ast.expr, op: ast.cmpop, right: ast.expr, definitions: Mapping[str, Expression]) -> Expression:
    symbol = _OPS.get(type(op))
    if symbol is None:
        raise BadExpression(f"{says!r}: this comparison is not known; use ==, !=, <, <=, >, >=, in, not in")
    if isinstance(left, ast.Constant) and isinstance(right, ast.Name) and symbol in ("in", "not in"):
        return _member_leaf(says, left.value, _fact(right.id, definitions), symbol)
    if isinstance(left, ast.Name):
        return _compare_fact(says, _fact(left.id, definitions), symbol, _constant(right, says))
    if isinstance(left, ast.Call) and isinstance(left.func, ast.Name) and left.func.id in ("residents", "residents_with") and not left.keywords:
        bound = _constant(right, says)
        if symbol in ("in", "not in") or not isinstance(bound, int) or isinstance(bound, bool):
            raise BadExpression(f"{says!r}: a number of persons compares with a whole number")
        return _count_leaf(says, left, symbol, bound)
    raise BadExpression(f"{says!r}: the left side must be a fact or a number of residents")


def _fact(name: str, definitions: Mapping[str, Expression]) -> FactType:
    types = fact_types()
    if name not in types:
        raise BadExpression(f"there is no fact {name!r}{did_you_mean(name, [*types, *definitions])} `amanat assess facts` lists them all.")
    return types[name]


def _constant(node: ast.expr, says: str) -> Any:
    try:
        value = ast.literal_eval(node)
    except ValueError:
        raise BadExpression(f"{says!r}: the right side must be a plain value") from None
    return list(value) if isinstance(value, (tuple, list, set)) else value


def _strings(nodes: list[ast.expr]) -> tuple[str, ...]:
    texts = [n.value for n in nodes if isinstance(n, ast.Constant) and isinstance(n.value, str)]
    if len(texts) != len(nodes):
        raise BadExpression(f"{', '.join(ast.unparse(n) for n in nodes)!r}: only texts in quotes can stand here")
    return tuple(texts)


def _places(nodes: list[ast.expr]) -> tuple[str, ...]:
    for place in (places := _strings(nodes)):
        check_place(place)
    return places


def check_place(place: str) -> None:
    """Raises BadExpression for a place that nobody knows."""
    if place not in PLACES and place not in GROUPS:
        raise BadExpression(
            f"{place!r} is no place{did_you_mean(place, [*PLACES, *GROUPS])} Use ISO 3166 codes such as FR or US-CA, or {', '.join(GROUPS)}."
        )


def _kinds(nodes: list[ast.expr]) -> tuple[str, ...]:
    for kind in (kinds := _strings(nodes)):
        if kind not in KINDS:
            raise BadExpression(f"{kind!r} is no kind of data{did_you_mean(kind, KINDS)}")
    if not kinds:
        raise BadExpression("name at least one kind of data")
    return kinds


# ---- leaves ----


def _compare_fact(says: str, fact: FactType, op: str, wanted: Any) -> Leaf:
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
                raise BadExpression(f"{fact.name} is never {one!r}{did_you_mean(str(one), fact.choices)} It is one of {', '.join(fact.choices)}.")
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


def _member_leaf(says: str, member: Any, fact: FactType, op: str) -> Leaf:
    if fact.type != "list" or not isinstance(member, str):
        raise BadExpression(f"{says!r}: {fact.name} is not a list of texts")

    def ask(world: World) -> tuple[bool | None, Any, str]:
        got = world.fact(fact.name)
        if not isinstance(got, Known):
            return None, None, ""
        return (member in got.value) == (op == "in"), sorted(got.value), got.note

    return Leaf(says, fact.name, ask, lambda answer: f"{fact.name}: {'with' if answer == (op == 'in') else 'without'} {member}")


def _count_leaf(says: str, call: ast.Call, op: str, bound: int) -> Leaf:
    assert isinstance(call.func, ast.Name)
    texts = _strings(call.args)
    split = next((i for i, text in enumerate(texts) if text in KINDS), len(texts)) if call.func.id == "residents_with" else len(texts)
    places, kinds = _places(call.args[:split]), _kinds(call.args[split:]) if call.func.id == "residents_with" else ()
    who = f"residents of {', '.join(places)}" if places else "affected persons"
    if kinds:
        who += " with covered data"

    def ask(world: World) -> tuple[bool | None, Any, str]:
        got = world.residents(places, kinds)
        return compare_between(op, got, bound), _range(got), got.note

    return Leaf(says, "residents", ask, lambda answer: f"{who} {_WORDS[op if answer else _OPPOSITE[op]]} {bound}", kinds)


def _kinds_leaf(says: str, name: str, places: tuple[str, ...], wanted: tuple[str, ...]) -> Leaf:
    needed = set(wanted)

    def ask(world: World) -> tuple[bool | None, Any, str]:
        got = world.kinds(places)
        may_be = needed if got.maybe is None else needed & (got.maybe | got.sure)
        if name == "any_of":
            answer = True if needed & got.sure else None if may_be else False
        else:
            answer = True if needed <= got.sure else None if may_be == needed else False
        return answer, sorted(needed & got.sure), got.note

    what = f"kinds of data of residents of {', '.join(places) or 'any place'}"
    joined = ", ".join(wanted) if len(wanted) < 6 else f"{', '.join(wanted[:4])} or {len(wanted) - 4} more"
    return Leaf(says, "kinds", ask, lambda answer: f"{what}: {'with' if answer else 'without'} {joined}", wanted)


def _established_leaf(says: str, places: tuple[str, ...]) -> Leaf:
    def ask(world: World) -> tuple[bool | None, Any, str]:
        got = world.established(places)
        return (None, None, "") if got is None else (got.value, got.value, got.note)

    return Leaf(says, "establishments", ask, lambda answer: f"establishments: {'with one' if answer else 'none'} in {', '.join(places)}")


def _plain_compare(op: str, value: Any, bound: Any) -> bool:
    return {
        "==": lambda: value == bound,
        "!=": lambda: value != bound,
        "<": lambda: value < bound,
        "<=": lambda: value <= bound,
        ">": lambda: value > bound,
        ">=": lambda: value >= bound,
        "in": lambda: value in bound,
        "not in": lambda: value not in bound,
    }[op]()


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
    return f"{int(got.low)} or more" if math.isinf(got.high) else f"{int(got.low)} to {int(got.high)}"
