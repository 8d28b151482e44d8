"""Numbering plans: which digits after a country's calling code are a telephone number there.

Made from Google's libphonenumber (the `phonenumbers` package): each country's patterns become one automaton over
ten digits, so that the scan follows a number digit by digit. Kept on disk, because making them takes seconds.
"""

import re
from functools import cache
from re import _constants as op  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any, NamedTuple

import numpy as np

from amanat.scope.compiled import cache_folder


class PhonePlan(NamedTuple):
    """Automatons of all calling codes. State 0 accepts nothing and is never left."""

    next: Any  # [n_states * 10] int32
    accepts: Any  # [n_states] uint8
    start: Any  # [1000] int32, by calling code; 0 where there is none
    lengths: Any  # [1000] int32, bit n: national numbers may have n digits


class _Machine:
    """A nondeterministic automaton, built from a parsed pattern."""

    def __init__(self) -> None:
        self.by_digit: list[list[tuple[frozenset[int], int]]] = []
        self.free: list[list[int]] = []

    def state(self) -> int:
        self.by_digit.append([])
        self.free.append([])
        return len(self.free) - 1

    def add(self, tree: Any, begin: int) -> int:
        """Adds the pattern after state `begin`; gives the state at its end."""
        for what, value in tree:
            if what is op.LITERAL:
                begin = self._step(begin, {value - 48})
            elif what is op.IN:
                begin = self._step(begin, _digits(value))
            elif what is op.SUBPATTERN:
                begin = self.add(value[3], begin)
            elif what is op.BRANCH:
                end = self.state()
                for branch in value[1]:
                    self.free[self.add(branch, begin)].append(end)
                begin = end
            elif what is op.MAX_REPEAT:
                least, most, inner = value
                for _ in range(least):
                    begin = self.add(inner, begin)
                end = self.state()
                self.free[begin].append(end)
                assert most is not op.MAXREPEAT
                for _ in range(most - least):
                    begin = self.add(inner, begin)
                    self.free[begin].append(end)
                begin = end
            else:
                raise ValueError(f"numbering plans do not use {what}")
        return begin

    def _step(self, begin: int, digits: set[int]) -> int:
        end = self.state()
        self.by_digit[begin].append((frozenset(digits), end))
        return end

    def closure(self, states: set[int]) -> frozenset[int]:
        seen, todo = set(states), list(states)
        while todo:
            for after in self.free[todo.pop()]:
                if after not in seen:
                    seen.add(after)
                    todo.append(after)
        return frozenset(seen)


def _digits(parts: Any) -> set[int]:
    digits: set[int] = set()
    for what, value in parts:
        if what is op.LITERAL:
            digits.add(value - 48)
        elif what is op.RANGE:
            digits.update(range(value[0] - 48, value[1] - 47))
        elif what is op.CATEGORY:
            digits.update(range(10))
        else:
            raise ValueError(f"numbering plans do not use {what}")
    return digits


def _plans(code: int) -> list[Any]:
    from phonenumbers import COUNTRY_CODE_TO_REGION_CODE
    from phonenumbers.phonemetadata import PhoneMetadata

    return [
        PhoneMetadata.metadata_for_nongeo_region(code) if region == "001" else PhoneMetadata.metadata_for_region(region)
        for region in COUNTRY_CODE_TO_REGION_CODE[code]
    ]


def _patterns(code: int) -> list[str]:
    found = []
    for plan in _plans(code):
        for kind in (
            plan.fixed_line,
            plan.mobile,
            plan.toll_free,
            plan.premium_rate,
            plan.shared_cost,
            plan.personal_number,
            plan.voip,
            plan.pager,
            plan.uan,
            plan.voicemail,
        ):
            if kind is not None and kind.national_number_pattern and kind.national_number_pattern != "NA":
                found.append(kind.national_number_pattern)
    return found


def _add_country(code: int, table: list[list[int]], accepts: list[int]) -> int:
    machine = _Machine()
    first, last = machine.state(), machine.state()
    for pattern in _patterns(code):
        begin = machine.state()
        machine.free[first].append(begin)
        machine.free[machine.add(parser.parse(pattern), begin)].append(last)
    numbers: dict[frozenset[int], int] = {}
    todo = []

    def number_of(states: frozenset[int]) -> int:
        if not states:
            return 0
        if states not in numbers:
            numbers[states] = len(table)
            table.append([0] * 10)
            accepts.append(int(last in states))
            todo.append(states)
        return numbers[states]

    start = number_of(machine.closure({first}))
    while todo:
        states = todo.pop()
        reach: list[set[int]] = [set() for _ in range(10)]
        for state in states:
            for digits, after in machine.by_digit[state]:
                for digit in digits:
                    reach[digit].add(after)
        for digit in range(10):
            table[numbers[states]][digit] = number_of(machine.closure(reach[digit]))
    return start


@cache
def phone_plan() -> PhonePlan:
    """The automatons of every calling code that libphonenumber knows."""
    from phonenumbers import COUNTRY_CODE_TO_REGION_CODE, __version__

    kept = cache_folder() / f"phones-{re.sub('[^0-9.]', '', __version__)}.npz"
    if kept.exists():
        try:
            with np.load(kept) as arrays:
                return PhonePlan(arrays["next"], arrays["accepts"], arrays["start"], arrays["lengths"])
        except (OSError, ValueError, KeyError):
            kept.unlink(missing_ok=True)
    table, accepts = [[0] * 10], [0]
    start = np.zeros(1000, np.int32)
    for code in COUNTRY_CODE_TO_REGION_CODE:
        start[code] = _add_country(code, table, accepts)
    lengths = np.zeros(1000, np.int32)
    for code in COUNTRY_CODE_TO_REGION_CODE:
        lengths[code] = sum(1 << n for n in {n for plan in _plans(code) for n in plan.general_desc.possible_length})
    plan = PhonePlan(np.array(table, np.int32).ravel(), np.array(accepts, np.uint8), start, lengths)
    part = kept.with_suffix(f".{id(plan)}.tmp.npz")
    np.savez(part, next=plan.next, accepts=plan.accepts, start=plan.start, lengths=plan.lengths)
    part.replace(kept)
    return plan


@cache
def trunk_of(region: str) -> tuple[int, int]:
    """Calling code of a country, and the digit dialled before a national number (-1: none).

    >>> trunk_of("FR"), trunk_of("US"), trunk_of("IT")
    ((33, 0), (1, 1), (39, -1))
    """
    from phonenumbers.phonemetadata import PhoneMetadata

    plan = PhoneMetadata.metadata_for_region(region)
    if plan is None:
        return 0, -1
    prefix = plan.national_prefix or ""
    return plan.country_code or 0, int(prefix) if len(prefix) == 1 and prefix.isdigit() else -1


@cache
def trunks() -> Any:
    """[1000] int32, by calling code: the digit dialled before a national number; -1: none."""
    from phonenumbers import COUNTRY_CODE_TO_REGION_CODE

    found = np.full(1000, -1, np.int32)
    for code, regions in COUNTRY_CODE_TO_REGION_CODE.items():
        found[code] = trunk_of(regions[0])[1]
    return found


@cache
def plan_lengths(code: int, trunk: int) -> tuple[int, int]:
    """Bits: how many digits a national number of this country can have as it is dialled, and without its trunk digit."""
    plan = phone_plan()
    table = plan.next.reshape(-1, 10)
    states, lengths = np.array([plan.start[code]]), 0
    for n in range(1, 18):
        states = np.unique(table[states])
        lengths |= int(plan.accepts[states].any()) << n
    dialled = lengths | (lengths << 1 if trunk >= 0 else 0) | (int(plan.lengths[code]) << 1 if trunk == 0 else 0)
    return dialled & 0x3FFFF, lengths
