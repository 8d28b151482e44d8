"""Conditions of law files: Python-like strings, answered with yes, no or unknown, and a trace of every step.

    residents('US-CA') > 500 and any_of(kinds('US-CA'), 'ssn', 'passport') and not key_taken

Nothing of Python runs: the string is parsed, and every piece that is not on the short list below is refused.
Names are facts, or definitions of the same law file. Choices compare in the order of their list (`risk >= 'high'`).
"""

import ast
from collections.abc import Mapping
from functools import partial

from amanat.assess.leaves import (
    BadExpression,
    constant_of,
    count_leaf,
    established_leaf,
    fact_leaf,
    hours_leaf,
    kinds_leaf,
    kinds_of_call,
    member_leaf,
    members_leaf,
    most_leaf,
    places_of,
    strings_of,
)
from amanat.assess.tree import Branch, Expression, Leaf, k_and, k_at_least, k_not, k_or
from amanat.lib.errors import did_you_mean
from amanat.terms.fact import FactType, fact_types

FUNCTIONS = {
    "residents": "residents('US-CA', …): affected persons who live in these places; without places, all",
    "residents_with": "residents_with('US-CA', 'ssn', …): those of whom one of these kinds of data is affected",
    "residents_of_one_state": "residents_of_one_state('US'): affected persons of that state in which most of them live",
    "hours_between": "hours_between('awareness', 'determination'): hours from one event to the other",
    "kinds": "kinds('US-CA', …): kinds of data affected of persons who live there; only inside any_of or all_of",
    "any_of": "any_of(kinds('US-CA'), 'ssn', …): at least one of these kinds; any_of(sectors, 'bank', …): of these sectors",
    "all_of": "all_of(kinds('US-CA'), 'email', …): every one of these kinds",
    "established": "established('EEA', …): we are established in one of these places",
    "at_least": "at_least(2, one, other, third): at least two of these conditions hold",
}


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
            return fact_leaf(says, fact, "==", True)
        case ast.Compare(left=left, ops=[op], comparators=[right]):
            return _comparison(says, left, op, right, definitions)
        case ast.Compare():
            raise BadExpression(f"{says!r} compares twice; join two comparisons with `and`")
        case ast.Call(
            func=ast.Name(id="any_of" | "all_of" as name), args=[ast.Call(func=ast.Name(id="kinds"), args=places, keywords=[]), *wanted], keywords=[]
        ):
            return kinds_leaf(says, name, places_of(places), kinds_of_call(wanted))
        case ast.Call(func=ast.Name(id="any_of"), args=[ast.Name(id=name), *wanted], keywords=[]):
            return members_leaf(says, _fact(name, definitions), strings_of(wanted))
        case ast.Call(func=ast.Name(id="at_least"), args=[ast.Constant(value=n), *parts], keywords=[]):
            if type(n) is not int or not 1 <= n <= len(parts):
                raise BadExpression(f"{says!r}: at_least takes a number from 1 to the number of conditions behind it, and these conditions")
            return Branch(says, partial(k_at_least, n), tuple(_tree(part, text, definitions) for part in parts))
        case ast.Call(func=ast.Name(id="established"), args=places, keywords=[]) if places:
            return established_leaf(says, places_of(places))
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


def _comparison(says: str, left: ast.expr, op: ast.cmpop, right: ast.expr, definitions: Mapping[str, Expression]) -> Expression:
    symbol = _OPS.get(type(op))
    if symbol is None:
        raise BadExpression(f"{says!r}: this comparison is not known; use ==, !=, <, <=, >, >=, in, not in")
    if isinstance(left, ast.Constant) and isinstance(right, ast.Name) and symbol in ("in", "not in"):
        return member_leaf(says, left.value, _fact(right.id, definitions), symbol)
    if isinstance(left, ast.Name):
        return fact_leaf(says, _fact(left.id, definitions), symbol, constant_of(right, says))
    if not (isinstance(left, ast.Call) and isinstance(left.func, ast.Name)) or left.keywords:
        raise BadExpression(f"{says!r}: the left side must be a fact, a number of residents or hours between two events")
    called = left.func.id
    if called in ("residents", "residents_with", "residents_of_one_state"):
        bound = constant_of(right, says)
        if symbol in ("in", "not in") or not isinstance(bound, int) or isinstance(bound, bool):
            raise BadExpression(f"{says!r}: a number of persons compares with a whole number")
        leaf = most_leaf if called == "residents_of_one_state" else count_leaf
        return leaf(says, left, symbol, bound)
    if called == "hours_between":
        bound = constant_of(right, says)
        if symbol not in ("<", "<=", ">", ">=") or not isinstance(bound, (int, float)) or isinstance(bound, bool):
            raise BadExpression(f"{says!r}: hours compare with a number, by <, <=, > or >=")
        return hours_leaf(says, left, symbol, bound, [name for name, fact in fact_types().items() if fact.type == "moment"])
    raise BadExpression(f"{says!r}: the left side must be a fact, a number of residents or hours between two events")


def _fact(name: str, definitions: Mapping[str, Expression]) -> FactType:
    types = fact_types()
    if name not in types:
        raise BadExpression(f"there is no fact {name!r}{did_you_mean(name, [*types, *definitions]) or '.'} `amanat assess facts` lists them all.")
    return types[name]
