"""Every number and every rank that a law file compares with, one below, exactly at, and one above it.

The comparisons are read out of the files with Python's own parser, and what must come out is Python's own comparison of the numbers:
nothing of the engine takes part in the expectation.
"""

import ast
import tomllib
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from amanat.assess.groups import Group
from amanat.assess.situation import Situation
from amanat.assess.statute_book import LAWS, read_law
from amanat.assess.tree import Branch, Expression, Leaf
from amanat.terms import fact as facts_module
from tests.assess.stories import facts_of

FACTS = tomllib.loads((Path(facts_module.__file__).parent / "facts.toml").read_text(encoding="utf-8"))
SYMBOLS = {"Lt": "<", "LtE": "<=", "Gt": ">", "GtE": ">=", "Eq": "==", "NotEq": "!="}
# Clocks change in between in most places: hours are real ones.
EVE = datetime(2026, 3, 28, 12, tzinfo=timezone.utc)
IN_GROUP = {"EEA": "FR", "US": "US-OH", "CA": "CA-ON"}


def texts_of(law: dict[str, Any]) -> Iterator[str]:
    yield from law.get("define", {}).values()
    yield from [law["for_whom"]] if "for_whom" in law else []
    for duty in law["duty"]:
        yield from (items["when"] for items in duty.get("content_if", []))
        for version in duty["version"]:
            yield version["when"]
            yield from (exemption["when"] for exemption in version.get("unless", []))
            clock = version.get("deadline", {})
            yield from (other["when"] for other in [*clock.get("instead", []), *clock.get("or_earlier", [])] if "when" in other)
            yield from [clock["roll_unless"]] if "roll_unless" in clock else []


def thresholds_of(path: Path) -> dict[str, ast.Compare]:
    """Every comparison with a number, or with a choice of an ordered list, by its text."""
    found = {}
    for text in texts_of(tomllib.loads(path.read_text(encoding="utf-8"))):
        line = " ".join(text.split())
        for node in ast.walk(ast.parse(line, mode="eval")):
            if isinstance(node, ast.Compare) and type(node.ops[0]).__name__ in SYMBOLS:
                says = ast.get_source_segment(line, node)
                assert says is not None
                found[says] = node
    return found


def leaf_of(path: Path, says: str) -> Leaf:
    """The leaf in the law as it was loaded."""
    waiting: list[Expression] = list(read_law(path).conditions.values())
    while waiting:
        part = waiting.pop()
        if isinstance(part, Branch):
            waiting += part.below
        elif part.says == says:
            return part
    raise AssertionError(f"{says} stands in the file and in none of the conditions that were loaded")


def answer(leaf: Leaf, groups: tuple[Group, ...] | None = None, **facts: Any) -> bool | None:
    return leaf.answer(Situation(facts_of(**facts), groups), {}).outcome


def truth(value: Any, node: ast.Compare, bound: Any) -> bool:
    return bool(eval(f"value {SYMBOLS[type(node.ops[0]).__name__]} bound", {}, {"value": value, "bound": bound}))


EVERY = [(stem, says) for stem, path in LAWS.paths().items() for says in thresholds_of(path)]


def test_the_files_hold_as_many_thresholds_as_were_found_when_this_was_written_or_more():
    assert len(EVERY) >= 240
    counts = {says.split("(")[0] for _, says in EVERY if "(" in says}
    assert counts == {"residents", "residents_with", "residents_of_one_state", "hours_between"}


@pytest.mark.parametrize(("stem", "says"), EVERY, ids=[f"{stem}: {says[:60]}" for stem, says in EVERY])
def test_each_threshold_holds_on_its_own_side(stem: str, says: str):
    path = LAWS.paths()[stem]
    node, leaf = thresholds_of(path)[says], leaf_of(path, says)
    bound = ast.literal_eval(node.comparators[0])

    if isinstance(node.left, ast.Call):
        name = node.left.func.id  # type: ignore[attr-defined]
        arguments = [ast.literal_eval(argument) for argument in node.left.args]
        check = hours if name == "hours_between" else persons
        check(leaf, node, bound, arguments)
    elif isinstance(bound, str):
        choices = FACTS[node.left.id].get("choices", [])  # type: ignore[attr-defined]
        for choice in choices:
            expected = truth(choices.index(choice), node, choices.index(bound))
            assert answer(leaf, **{node.left.id: choice}) is expected, choice  # type: ignore[attr-defined]
    elif isinstance(bound, bool):
        for value in (True, False):
            assert answer(leaf, **{node.left.id: value}) is truth(value, node, bound)  # type: ignore[attr-defined]
    else:
        steps = (1,) if FACTS[node.left.id]["type"] == "int" else (1, 0.01)  # type: ignore[attr-defined]
        for value in [bound, *(bound + sign * step for step in steps for sign in (-1, 1))]:
            assert answer(leaf, **{node.left.id: value}) is truth(value, node, bound), value  # type: ignore[attr-defined]
    assert answer(leaf) is None  # nothing is known, and nothing is said


def persons(leaf: Leaf, node: ast.Compare, bound: int, arguments: list[str]) -> None:
    """Counted in a scan, and told by people; nobody waits for a reviewer."""
    places = [text for text in arguments if text.isupper() or "-" in text]
    kinds = [text for text in arguments if text not in places]
    home = IN_GROUP.get(places[0], places[0]) if places else "FR"
    for n in (bound - 1, bound, bound + 1):
        expected = truth(n, node, bound)
        counted = Group(residence=home, kinds=frozenset(kinds[:1] or ["name"]), n=n)
        elsewhere = Group(residence="IR", kinds=frozenset({"name"}), n=7)
        groups = tuple(group for group in (counted, elsewhere) if group.n and not (group is elsewhere and not places))
        assert answer(leaf, groups) is expected, n
        assert answer(leaf, residents={home: n}, kinds=kinds[-1:] or ["name"]) is expected, n
        if n > 0:
            waiting = Group(residence=home, kinds=frozenset(kinds[:1] or ["name"]), n=1, state="review")
            with_one_to_review = answer(leaf, (Group(residence=home, kinds=counted.kinds, n=n - 1), waiting) if n > 1 else (waiting,))
            assert with_one_to_review is (expected if truth(n - 1, node, bound) is expected else None), n


def hours(leaf: Leaf, node: ast.Compare, bound: float, arguments: list[str]) -> None:
    one, other = arguments
    for seconds in (bound * 3600 - 3600, bound * 3600 - 1, bound * 3600, bound * 3600 + 1, bound * 3600 + 3600):
        expected = truth(seconds, node, bound * 3600)
        assert answer(leaf, **{one: EVE, other: EVE + timedelta(seconds=seconds)}) is expected, seconds
