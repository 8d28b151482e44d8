import itertools
import math
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from amanat.assess.expression import parse
from amanat.assess.leaves import BadExpression, compare_between
from amanat.assess.tree import Between, Known, SomeKinds, k_and, k_not, k_or

FACTS = ("acquired", "accessed", "key_taken", "redacted")


class Told:
    """A world in which facts are simply listed."""

    def __init__(self, **facts: Any) -> None:
        self.facts = facts
        self.taken = {}

    def fact(self, name: str) -> Known | Between | None:
        value = self.facts.get(name)
        return value if value is None or isinstance(value, Between) else Known(value)

    def residents(self, places: tuple[str, ...], kinds: tuple[str, ...]) -> Between:
        return self.facts.get("count", Between(0, math.inf))

    def kinds(self, places: tuple[str, ...]) -> SomeKinds:
        return self.facts.get("some_kinds", SomeKinds(frozenset(), None))

    def established(self, places: tuple[str, ...]) -> Known | None:
        return None


def answer(text: str, **facts: Any) -> bool | None:
    return parse(text).answer(Told(**facts), {}).outcome


trees = st.recursive(
    st.sampled_from(FACTS),
    lambda below: st.one_of(
        below.map(lambda a: f"not ({a})"), st.tuples(below, st.sampled_from(["and", "or"]), below).map(lambda t: f"({t[0]}) {t[1]} ({t[2]})")
    ),
    max_leaves=8,
)


@given(trees, st.fixed_dictionaries({name: st.sampled_from([True, False, None]) for name in FACTS}))
def test_what_is_answered_with_unknown_facts_holds_however_they_turn_out(text: str, given_facts: dict[str, bool | None]):
    got = answer(text, **given_facts)

    unknown = [name for name, value in given_facts.items() if value is None]
    outcomes = set()
    for values in itertools.product([True, False], repeat=len(unknown)):
        outcomes.add(eval(text, {}, {**given_facts, **dict(zip(unknown, values, strict=True))}))  # the judge: Python itself, on every assignment
    if got is not None:
        assert outcomes == {got}
    if not unknown:
        assert got in outcomes


@settings(deadline=None)  # a busy machine is no mistake
@given(trees)
def test_more_knowledge_never_turns_a_yes_into_a_no(text: str):
    for values in itertools.product([True, False, None], repeat=len(FACTS)):
        told = dict(zip(FACTS, values, strict=True))
        before = answer(text, **told)
        for name in FACTS:
            if told[name] is None and before is not None:
                assert answer(text, **{**told, name: True}) == before
                assert answer(text, **{**told, name: False}) == before


def test_the_three_valued_tables_are_kleenes():
    assert [k_and([a, b]) for a in (True, None, False) for b in (True, None, False)] == [True, None, False, None, None, False, False, False, False]
    assert [k_or([a, b]) for a in (True, None, False) for b in (True, None, False)] == [True, True, True, True, None, None, True, None, False]
    assert [k_not(a) for a in (True, None, False)] == [False, None, True]


@given(st.integers(0, 12), st.integers(0, 12), st.sampled_from(["==", "!=", "<", "<=", ">", ">="]), st.integers(0, 12))
def test_a_count_between_two_bounds_is_compared_as_all_numbers_between_them(one: int, other: int, op: str, bound: int):
    low, high = sorted((one, other))
    every = {eval(f"{n} {op} {bound}") for n in range(low, high + 1)}

    assert compare_between(op, Between(low, high), bound) == (every.pop() if len(every) == 1 else None)


def test_choices_compare_in_the_order_of_their_list():
    assert answer("risk >= 'risk'", risk="high") is True
    assert answer("risk >= 'high'", risk="risk") is False
    assert answer("risk in ['risk', 'high']", risk="none") is False
    assert answer("risk >= 'high'") is None


def test_an_advised_risk_is_a_lower_bound():
    at_least_risk = Between(1, 2)
    assert answer("risk >= 'risk'", risk=at_least_risk) is True
    assert answer("risk >= 'high'", risk=at_least_risk) is None
    assert answer("risk == 'none'", risk=at_least_risk) is False


def test_thresholds_at_one_below_at_and_one_above():
    text = "residents('US-CA') > 500"
    assert [answer(text, count=Between(n, n)) for n in (499, 500, 501)] == [False, False, True]
    assert answer(text, count=Between(499, 501)) is None
    assert answer(text, count=Between(501, math.inf)) is True


def test_kinds_that_may_be_affected_are_unknown_not_absent():
    text = "any_of(kinds('US-CA'), 'ssn', 'passport')"
    assert answer(text, some_kinds=SomeKinds(frozenset({"ssn"}), frozenset())) is True
    assert answer(text, some_kinds=SomeKinds(frozenset({"email"}), frozenset({"passport"}))) is None
    assert answer(text, some_kinds=SomeKinds(frozenset({"email"}), frozenset())) is False
    assert answer(text, some_kinds=SomeKinds(frozenset(), None)) is None


def test_a_list_of_ours_holds_one_of_several():
    text = "any_of(sectors, 'bank', 'payment')"
    assert answer(text, sectors=["hotel", "payment"]) is True
    assert answer(text, sectors=["hotel"]) is False
    assert answer(text) is None


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("any_of(sectors, 'banc')", "did you mean 'bank'"),
        ("any_of(sectors)", "what to look for"),
        ("any_of(kinds, 'ssn')", "a list of choices"),
        ("__import__('os').system('true')", "cannot stand"),
        ("role.upper() == 'X'", "left side"),
        ("open('/etc/passwd')", "cannot stand"),
        ("(lambda: acquired)()", "cannot stand"),
        ("[acquired for x in y]", "cannot stand"),
        ("acquired if accessed else redacted", "cannot stand"),
        ("aquired", "did you mean 'acquired'"),
        ("risk >= 'hihg'", "did you mean 'high'"),
        ("risk", "not a yes-or-no fact"),
        ("acquired > True", "yes or no"),
        ("residents('US-XX') > 1", "no place"),
        ("residents('US-CA') > 'many'", "whole number"),
        ("any_of(kinds('US-CA'), 'snn')", "did you mean 'ssn'"),
        ("1 < turnover_eur < 3", "compares twice"),
        ("acquired and", "not an expression"),
        ("acquired == encrypted", "plain value"),
        ("awareness > 3", "cannot be compared"),
        ("(" * 3000 + "acquired" + ")" * 3000, "expression"),
    ],
)
def test_what_is_no_condition_is_refused_with_a_sentence(text: str, says: str):
    with pytest.raises(BadExpression, match=says.replace("(", r"\(")):
        parse(text)


@given(st.integers(1, 4), st.lists(st.sampled_from([True, False, None]), min_size=4, max_size=4))
def test_at_least_so_many_is_said_only_when_it_holds_however_the_unknown_ones_turn_out(n: int, answers: list[bool | None]):
    facts = dict(zip(FACTS, answers, strict=True))
    got = answer(f"at_least({n}, {', '.join(FACTS)})", **facts)

    unknown = answers.count(None)
    possible = {answers.count(True) + more >= n for more in range(unknown + 1)}  # each number of the unknown ones may turn out to be a yes
    assert got is (possible.pop() if len(possible) == 1 else None)


@pytest.mark.parametrize(
    "text", ["at_least(0, acquired)", "at_least(3, acquired, accessed)", "at_least(acquired, accessed)", "at_least(True, acquired)"]
)
def test_at_least_takes_a_number_that_can_be_reached(text: str):
    with pytest.raises(BadExpression, match=r"at_least takes a number|cannot stand in a condition"):
        parse(text)
