"""Telephone numbers ring nowhere, and no two households share one."""

import numpy as np
import pytest

from amanat.prepare.phones import CAPACITY, RANGES, Exchange, number


@pytest.mark.parametrize("place", [p for p in RANGES if p != "BR"])
def test_each_number_of_a_range_is_given_once(place):
    numbers = number(place, np.arange(CAPACITY[place])).to_pylist()

    assert len(set(numbers)) == CAPACITY[place]
    assert all(any(n.startswith(prefix) and len(n) == len(prefix) + width for prefix, width in RANGES[place]) for n in numbers)


def test_when_a_range_is_used_up_further_persons_have_no_number():
    exchange = Exchange()
    first = exchange.give("CA-QC", np.ones(850, bool)).to_pylist()
    second = exchange.give("CA-QC", np.ones(100, bool)).to_pylist()

    assert None not in first
    assert second[49] is not None and second[50:] == [None] * 50
    assert len({*first, *second[:50]}) == 900


def test_places_without_a_known_range_get_no_number():
    assert Exchange().give("IT", np.ones(2, bool)).to_pylist() == [None, None]
