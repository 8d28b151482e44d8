"""What a plan brings to the desk: the desk's own clock with its changes, what came, and paces that slow nobody in danger."""

from datetime import datetime, timedelta, timezone
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from amanat.notify.surge import AGENTS_MAX, Arrival, AtOnce, BadSurge, Guesses, Handling, Patience, Rate, Service, agents_needed, carries
from amanat.notify.surge_chart import strip, surge_svg
from amanat.notify.surge_plan import Load, Sent, desk_of, is_at_once, outlook, paces, read_days, read_hours, week_hours, zone_named
from amanat.notify.surge_show import BadContacts, read_contacts

NOW = datetime(2026, 3, 6, 17, 20, tzinfo=timezone.utc)  # a Friday
PLAIN = Guesses(
    rate=Rate(middle=0.1, low=0.05, high=0.2),
    handling=Handling(minutes=6.0),
    arrival={"other": Arrival(delay_hours=0, half_life_hours=10)},
    at_once=AtOnce(kinds=("card_with_code",)),
    patience=Patience(hours=48),
)


def mails(n, *, at_once=0, fastest=5000):
    return [Load(channel="email", n=n, n_at_once=at_once, fastest=fastest)]


def test_opening_hours_and_days_are_read_as_people_write_them():
    assert read_hours("8-20") == set(range(8, 20))
    assert read_hours("20-4") == {20, 21, 22, 23, 0, 1, 2, 3}
    assert read_hours("0-24") == set(range(24))
    assert read_days("Mon-Fri") == {0, 1, 2, 3, 4}
    assert read_days("sat-wed") == {5, 6, 0, 1, 2}  # as in Iran
    assert read_days("mon, thu") == {0, 3}


@pytest.mark.parametrize("text", ["", "8", "8-8", "25-30", "8-25", "-8", "8:30-20", "eight-ten", "８-20x"])
def test_other_hours_are_refused(text):
    with pytest.raises(BadSurge):
        read_hours(text)


@pytest.mark.parametrize("call", [lambda: read_days("mon-fryday"), lambda: read_days(""), lambda: zone_named("Europe/Pariss")])
def test_a_word_that_is_no_day_or_zone_is_refused_with_what_was_meant(call):
    with pytest.raises(BadSurge):
        call()


@pytest.mark.parametrize("text", ["80", "80/0", "0/20", "100/20", "80/x", "-80/20", "80/20/1"])
def test_a_service_level_that_cannot_be_is_refused(text):
    with pytest.raises(BadSurge):
        Service.read(text)


def test_a_night_shift_belongs_to_the_day_on_which_it_opened():
    # Monday 22 to Tuesday 2: hours 22, 23, 24 and 25 of the week. Sunday's goes on into Monday.
    assert desk_of(1, read_hours("22-2"), read_days("mon")).open_hours == {22, 23, 24, 25}
    assert desk_of(1, read_hours("22-2"), read_days("sun")).open_hours == {166, 167, 0, 1}


def test_where_clocks_go_back_one_hour_comes_twice():
    # 25 October 2026, Europe/Paris: 03:00 summer time becomes 02:00. A Sunday; 0 h is hour 144 of the week.
    begin = datetime(2026, 10, 24, 22, tzinfo=timezone.utc)
    assert week_hours(begin, "Europe/Paris", 5) == [144, 145, 146, 146, 147]


@pytest.mark.parametrize(("day", "n_hours"), [("2026-03-29", 23), ("2026-10-25", 25), ("2026-05-03", 24)])
def test_a_day_on_which_clocks_change_has_an_hour_fewer_or_more_and_nobody_is_lost(day, n_hours):
    begin = datetime.fromisoformat(f"{day}T00:00:00+{'02' if day == '2026-10-25' or day == '2026-05-03' else '01'}:00")
    seen = outlook(mails(10_000), desk_of(9), now=begin, zone="Europe/Paris", start=PLAIN)
    assert seen.days[0].day.isoformat() == day
    assert sum((one.hour < n_hours) for one in seen.forecast.hours) == n_hours
    # 10,000 told in the first two hours; one in ten, half of them in each ten hours: after 28 days all have called.
    assert sum(one.contacts for one in seen.days) == pytest.approx(1000, rel=1e-3)
    assert sum(n or 0 for n in seen.days[0].hours) == pytest.approx(seen.days[0].contacts)


def test_a_zone_with_half_hours_begins_at_its_own_full_hour():
    seen = outlook(mails(100), desk_of(1), now=NOW, zone="Asia/Tehran", start=PLAIN)
    assert seen.begins_at.isoformat() == "2026-03-06T20:00:00+03:30"  # 17:20 UTC is 20:50 there
    assert seen.moment_of(5).isoformat() == "2026-03-07T01:00:00+03:30"


def test_the_forecast_learns_from_what_came_since_the_first_notice():
    sent = [Sent(at=NOW - timedelta(hours=900), n=10_000, channel="email")]  # whoever calls has called
    early = [NOW - timedelta(hours=901)] * 50  # before the first notice: not because of it
    came = [NOW - timedelta(hours=h) for h in range(100, 400)]
    seen = outlook([], desk_of(5), now=NOW, sent=sent, contacts=early + came, start=PLAIN)
    assert seen.contacts_so_far == 300
    assert seen.forecast.rate[1] == pytest.approx(0.03, rel=0.03)


def test_where_nobody_counts_contacts_nothing_is_learned():
    sent = [Sent(at=NOW - timedelta(hours=900), n=10_000, channel="email")]
    assert outlook([], desk_of(5), now=NOW, sent=sent, contacts=None, start=PLAIN).forecast.rate[1] == pytest.approx(0.1)
    assert outlook([], desk_of(5), now=NOW, sent=sent, contacts=[], start=PLAIN).forecast.rate[1] < 0.001


@settings(deadline=None, max_examples=40)
@given(
    n=st.integers(0, 100_000),
    at_once_share=st.floats(0, 1),
    agents=st.integers(0, 60),
    hours=st.floats(-5, 200),
    since=st.floats(0, 60),
)
def test_no_pace_passes_the_deadline_or_our_patience_unless_the_channel_cannot_carry_it(n, at_once_share, agents, hours, since):
    at_once = int(n * at_once_share)
    (one,) = paces(
        mails(n, at_once=at_once),
        desk_of(agents),
        now=NOW,
        deadline=NOW + timedelta(hours=hours),
        waits_since=NOW - timedelta(hours=since),
        start=PLAIN,
    )
    last = min(NOW + timedelta(hours=hours), NOW + timedelta(hours=48 - since))
    assert one.deadline == last
    assert one.ends_at <= last or one.per_hour == 5000


def test_a_small_desk_slows_the_sending_and_whoever_is_in_danger_is_not_part_of_it():
    # 24,000 in 48 hours are at least 500 an hour. With half of them told at once, 12,000 are: 250 an hour.
    (slow,) = paces(mails(24_000), desk_of(2), now=NOW, start=PLAIN)
    (half,) = paces(mails(24_000, at_once=12_000), desk_of(2), now=NOW, start=PLAIN)
    assert (slow.per_hour, slow.is_served, slow.is_by_law) == (500, False, False)
    assert half.per_hour == 250
    (fast,) = paces(mails(24_000, at_once=24_000), desk_of(2), now=NOW, start=PLAIN)
    assert fast.ends_at == NOW


def test_patience_does_not_begin_anew_when_the_pace_is_chosen_again():
    (one,) = paces(mails(10_000), desk_of(1), now=NOW, waits_since=NOW - timedelta(hours=47), start=PLAIN)
    assert one.deadline == NOW + timedelta(hours=1)
    assert one.per_hour == 5000  # 10,000 in the hour that is left is more than the channel carries


def test_who_is_told_at_once():
    assert is_at_once(["name", "card_with_code"], start=PLAIN)
    assert not is_at_once(["name", "email"], start=PLAIN)
    assert is_at_once(["name"], is_minor=True, start=PLAIN) and is_at_once([], has_needs=True, start=PLAIN)
    assert is_at_once(["name"], severity="very_high", start=PLAIN) and not is_at_once(["name"], severity="high", start=PLAIN)
    assert is_at_once(["password"]) and is_at_once(["service"])  # of surge.toml


@given(st.integers(1, 200), st.floats(1, 30))
def test_what_a_desk_carries_is_the_most_for_which_it_is_enough(agents, minutes):
    most = carries(agents, minutes)
    assert agents_needed(most, minutes) <= agents
    assert agents_needed(most * 1.001 + 1e-6, minutes) > agents


def test_a_desk_that_would_fill_a_town_is_not_counted_for_ever():
    assert agents_needed(10_000_000, 9.0) == AGENTS_MAX


def test_a_strip_shows_closed_hours_and_the_tallest_block():
    assert strip((None, 0.0, 1.0, 4.0, 8.0), 8.0) == "· ▁▄█"


@pytest.mark.parametrize("is_rtl", [False, True])
def test_the_picture_is_well_formed_and_says_what_it_shows(is_rtl):
    seen = outlook(mails(20_000), desk_of(9, read_hours("8-20")), now=NOW, zone="Europe/Paris", start=PLAIN)
    drawn = ET.fromstring(surge_svg(seen, came={-1: 12, 0: 30}, is_rtl=is_rtl, title="Contacts <an hour>"))
    bars = [r for r in drawn.iter() if r.get("class") == "bar"]
    assert len(bars) == sum(one.hour < 168 and one.contacts > 0 for one in seen.forecast.hours)
    assert all(0 <= float(r.get("x")) <= 720 and float(r.get("height")) >= 0 for r in bars)
    first, last = float(bars[0].get("x")), float(bars[-1].get("x"))
    assert (first > last) if is_rtl else (first < last)
    assert drawn.findtext("{http://www.w3.org/2000/svg}title") == "Contacts <an hour>"


def test_a_file_of_contacts_names_the_row_that_is_no_moment(tmp_path):
    path = tmp_path / "cases.csv"
    path.write_text("case_id,opened_at\n1,2026-03-06T18:00:00+01:00\n2,yesterday\n", encoding="utf-8")
    with pytest.raises(BadContacts, match="row 3: opened_at"):
        read_contacts(path)
    path.write_text("case_id,when\n1,2\n", encoding="utf-8")
    with pytest.raises(BadContacts, match="no column"):
        read_contacts(path)
    path.write_text("at\n2026-03-06T18:00:00+01:00\n", encoding="utf-8")
    assert read_contacts(path) == [datetime(2026, 3, 6, 17, tzinfo=timezone.utc)]
