"""The forecast of contacts: textbook waiting times, nobody lost between the hours, and a pace that never passes a deadline."""

import heapq
import math
import random
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from amanat.notify.surge import (
    Arrival,
    BadSurge,
    Desk,
    Guesses,
    Handling,
    Rate,
    Wave,
    agents_needed,
    forecast,
    guesses,
    pace,
    wait_seconds,
    waiting,
)

ALWAYS = Desk(agents=10)
PLAIN = Guesses(
    rate=Rate(middle=0.1, low=0.05, high=0.2),
    handling=Handling(minutes=6.0),
    arrival={"email": Arrival(delay_hours=0, half_life_hours=10), "other": Arrival(delay_hours=0, half_life_hours=10)},
)


def erlang_c(load: Fraction, agents: int) -> Fraction:
    """The formula as it stands in Erlang's tables, with whole factorials."""
    busy = load**agents / math.factorial(agents) * agents / (agents - load)
    return busy / (sum(load**n / math.factorial(n) for n in range(agents)) + busy)


@given(st.integers(1, 60), st.fractions(min_value=Fraction(1, 50), max_value=Fraction(49, 50)))
def test_the_chance_to_wait_is_that_of_erlangs_formula(agents, share):
    load = agents * share
    assert waiting(float(load), agents) == pytest.approx(float(erlang_c(load, agents)), rel=1e-9)


@pytest.mark.parametrize(
    ("load", "agents", "chance"),
    [
        (Fraction(1, 2), 1, 0.5),  # one agent: the chance to wait is the load
        (Fraction(1), 2, 1 / 3),  # two agents, one erlang: a third
        (Fraction(20), 24, 0.2981),  # printed in tables of Erlang C
    ],
)
def test_known_chances_to_wait(load, agents, chance):
    assert waiting(float(load), agents) == pytest.approx(chance, abs=1e-4)


def test_callers_of_a_simulated_desk_wait_as_long_as_forecast():
    draw, agents, contacts, minutes = random.Random(11), 5, 40.0, 6.0
    free, now, waited, n = [0.0] * agents, 0.0, 0.0, 200_000
    for _ in range(n):
        now += draw.expovariate(contacts / 3600.0)
        begins = max(now, heapq.heappop(free))
        waited += begins - now
        heapq.heappush(free, begins + draw.expovariate(1.0 / (minutes * 60.0)))
    assert wait_seconds(contacts, minutes, agents) == pytest.approx(waited / n, rel=0.08)


def test_when_more_come_than_can_be_served_no_waiting_time_is_made_up():
    assert wait_seconds(100, 6, 10) is None  # ten erlangs, ten agents
    assert wait_seconds(99, 6, 10) > 0
    assert waiting(12.0, 10) == 1.0


@given(st.floats(0.1, 500), st.floats(1, 30))
def test_one_agent_fewer_would_not_do(contacts, minutes):
    def is_enough(n: int) -> bool:
        load = contacts * minutes / 60
        return n > load and 1 - waiting(load, n) * math.exp(-(n - load) * 60 / (minutes * 60)) >= 0.8

    n = agents_needed(contacts, minutes)
    assert is_enough(n) and not is_enough(n - 1)


def test_nobody_calls_then_nobody_is_needed():
    assert agents_needed(0, 9) == 0
    assert forecast([], ALWAYS).contacts == (0, 0, 0)


def test_half_of_the_contacts_come_in_each_half_life():
    seen = forecast([Wave(hour=0, n=1000, channel="email")], ALWAYS, n_hours=200, start=PLAIN)
    came = np.cumsum([one.contacts for one in seen.hours])
    assert came[9] == pytest.approx(50, rel=1e-6)  # 1,000 told, one in ten, half of them in ten hours
    assert came[19] == pytest.approx(75, rel=1e-6)
    assert came[-1] == pytest.approx(100, rel=1e-5)


@settings(deadline=None)
@given(st.integers(0, 167), st.integers(0, 12), st.integers(13, 24))
def test_who_would_come_while_we_are_closed_comes_later_and_nobody_is_lost(starts_in, opens, closes):
    wave = [Wave(hour=0, n=10_000, channel="email")]
    shut = forecast(wave, Desk.weekdays(10, opens, closes), starts_in=starts_in, n_hours=21 * 24, start=PLAIN)
    assert sum(one.contacts for one in shut.hours) == pytest.approx(1000, rel=1e-3)
    assert all((starts_in + one.hour) % 168 in Desk.weekdays(10, opens, closes).open_hours for one in shut.hours)


def test_a_desk_that_is_open_all_week_does_not_push_contacts_to_another_day():
    wave = [Wave(hour=0, n=1000, channel="email")]
    first = forecast(wave, ALWAYS, starts_in=100, n_hours=5, start=PLAIN).hours[0]
    assert first.contacts == pytest.approx(100 * (1 - 2 ** (-1 / 10)), rel=1e-6)


def test_a_queue_that_was_not_served_is_carried_to_the_next_hour():
    seen = forecast([Wave(hour=0, n=10_000, channel="email")], Desk(agents=1), n_hours=3, start=PLAIN)
    comes = [one.contacts for one in seen.hours]
    assert seen.hours[0].queue == pytest.approx(comes[0] - 10)  # one agent serves ten an hour
    assert seen.hours[1].queue == pytest.approx(comes[0] + comes[1] - 20)
    assert seen.hours[1].wait_seconds is None
    assert seen.queue_max == seen.hours[2].queue


def test_the_rate_starts_from_the_guess_and_follows_what_came():
    told = [Wave(hour=-1000, n=10_000, channel="email")]  # so long ago that whoever calls has called
    guessed = forecast(told, ALWAYS, start=PLAIN).rate
    assert guessed[1] == pytest.approx(0.1)
    assert guessed[2] / guessed[0] == pytest.approx(4.0, rel=1e-6)
    low, middle, high = forecast(told, ALWAYS, contacts_so_far=300, hours_so_far=1000, start=PLAIN).rate
    assert low < 0.03 < high and middle == pytest.approx(0.03, rel=0.03)
    assert high - low < 0.008


def test_no_contact_at_all_lowers_the_rate_only_as_far_as_there_was_time_to_call():
    soon = forecast([Wave(hour=-1, n=1000, channel="email")], ALWAYS, contacts_so_far=0, hours_so_far=1, start=PLAIN).rate
    late = forecast([Wave(hour=-100, n=1000, channel="email")], ALWAYS, contacts_so_far=0, hours_so_far=100, start=PLAIN).rate
    assert late[1] < soon[1] < 0.1


@settings(deadline=None, max_examples=30)
@given(n=st.integers(1, 200_000), hours_left=st.integers(1, 200), agents=st.integers(1, 60))
def test_a_pace_never_passes_the_deadline_unless_the_channel_cannot_carry_it(n, hours_left, agents):
    per_hour, is_served = pace(n, "email", Desk(agents=agents), hours_left=hours_left, fastest=5000, start=PLAIN)
    assert per_hour == 5000 or per_hour * hours_left >= n
    waves = [Wave(hour=h, n=min(per_hour, n - h * per_hour), channel="email") for h in range(-(-n // per_hour))]
    enough = all(one.agents_needed <= agents for one in forecast(waves, Desk(agents=agents), start=PLAIN).hours)
    assert is_served == enough


def test_a_small_desk_slows_the_sending_and_a_large_one_does_not():
    slow, served = pace(20_000, "email", Desk(agents=12), hours_left=400, fastest=20_000, start=PLAIN)
    fast, served_fast = pace(20_000, "email", Desk(agents=500), hours_left=400, fastest=20_000, start=PLAIN)
    assert served and served_fast
    assert slow < 2000 < fast == 20_000


def test_a_deadline_is_kept_even_where_callers_will_wait():
    assert pace(50_000, "email", Desk(agents=1), hours_left=10, fastest=20_000, start=PLAIN) == (5000, False)


@pytest.mark.parametrize(
    "call",
    [
        lambda: forecast([Wave(hour=0, n=-1, channel="email")], ALWAYS),
        lambda: forecast([], Desk(agents=-1)),
        lambda: forecast([], Desk(agents=1, open_hours=frozenset({168}))),
        lambda: pace(10, "email", ALWAYS, hours_left=0, fastest=10),
        lambda: pace(10, "email", ALWAYS, hours_left=1, fastest=0),
        lambda: forecast([], ALWAYS, start=Guesses(rate=Rate(middle=0.1, low=0.2, high=0.3), handling=PLAIN.handling, arrival=PLAIN.arrival)),
    ],
)
def test_what_cannot_be_is_refused(call):
    with pytest.raises(BadSurge):
        call()


def test_every_guess_says_where_it_comes_from_and_how_sure_it_is():
    found = guesses()
    for one in (found.rate, found.handling, *found.arrival.values()):
        assert len(one.source) > 40 and "confidence" in one.source.lower()
    assert found.arrival_of("sms") == found.arrival["other"]
