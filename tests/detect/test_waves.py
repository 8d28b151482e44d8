"""What many people reported or asked about alike is one alert; what one person did is none."""

from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amanat.detect import waves
from amanat.detect.waves import Asked, Report, marks_of

DAY = datetime(2026, 11, 13, tzinfo=timezone.utc)
KEY = b"k" * 32
OURS = ("hotel.example",)
FAKE = "Dear {name}, your stay is cancelled unless you confirm your card within one day. See https://{link}/{name} now."


def reported(*texts, minutes=5):
    found = []
    for number, (text, hosts) in enumerate(texts):
        found.append(Report(at=DAY + timedelta(minutes=minutes * number), marks=marks_of(text, hosts, ours=OURS, key=KEY)))
    return found


def seen(reports=(), asked=(), usual=0.0):
    return waves.waves(reports, asked, usual_an_hour=usual, day="2026-11-13", key=KEY)


def asked(sort, name, n, n_connections):
    return Asked(sort=sort, name=name, n=n, n_connections=n_connections, since=DAY, until=DAY + timedelta(hours=1))


def said(alert):
    assert alert.evidence[-1].sentence == "Strangers told us, and anybody can tell anything: it is a reason to look, and no proof."
    return [one.sentence for one in alert.evidence[:-1]]


def test_three_reports_with_one_link_are_one_alert_with_its_domain_and_count():
    texts = [(f"{words} https://pay.thief.example/{n}", ["pay.thief.example"]) for n, words in enumerate(["Pay", "Your room", "Confirm"])]
    (alert,) = seen(reported(*texts))
    assert (alert.kind, alert.severity, alert.n_events, alert.entity.type) == ("disinformation", "medium", 3, "domain")
    assert alert.entity.value.reveal(why="test") == "thief.example"
    assert said(alert) == ["3 reports of false messages lead to thief.example."]
    assert (alert.since, alert.until) == (DAY, DAY + timedelta(minutes=10))


def test_two_reports_are_chance_and_so_are_three_that_share_nothing():
    assert not seen(reported(*[("Pay at https://thief.example/x", ["thief.example"])] * 2))
    assert not seen(reported(*[(f"Pay at https://thief{n}.example/x", [f"thief{n}.example"]) for n in range(3)]))


def test_links_to_ourselves_make_no_wave():
    assert not seen(reported(*[("See www.hotel.example/help", ["www.hotel.example"])] * 9))


def test_names_numbers_and_links_do_not_hide_that_a_sentence_is_the_same():
    texts = [
        (f"Hello {name}!\nYour booking {n}77 was cancelled because the payment of {n} EUR failed.", [])
        for n, name in enumerate(["Sara", "Ali", "Lea"])
    ]
    (alert,) = seen(reported(*texts))
    assert said(alert) == ["3 reports of false messages carry the same sentence."]
    assert alert.entity.type == "message"


def test_a_sender_is_named_by_domain_only_and_a_free_mailbox_counts_by_its_whole_address():
    same = [(f"From: Hotel <desk.hotel@thief.example>\nSubject: {n}\n\nx", []) for n in range(3)]
    (alert,) = seen(reported(*same))
    assert alert.evidence[0].sentence == "3 reports of false messages name the same sender (thief.example)."
    assert "desk.hotel" not in str(waves_as_text(alert))
    others = [(f"From: person{n}@gmail.com\n\nx", []) for n in range(5)]
    assert not seen(reported(*others))


def waves_as_text(alert):
    from amanat.detect.as_json import alert_as_json

    return alert_as_json(alert)


def test_reports_that_hang_together_by_several_marks_are_one_alert():
    texts = [
        (FAKE.format(name=name, link=link), [link]) for name, link in [("a", "x.example"), ("b", "x.example"), ("c", "x.example"), ("d", "y.example")]
    ]
    texts += [("Short. https://y.example", ["y.example"])] * 2
    (alert,) = seen(reported(*texts))
    assert alert.n_events == 6
    assert said(alert)[:2] == [
        "3 reports of false messages lead to x.example.",
        "3 reports of false messages lead to y.example.",
    ]


def test_a_wave_keeps_its_id_while_it_grows():
    texts = [("One https://thief.example", ["thief.example"])] * 3 + [("From: a@crook.example\nTwo https://thief.example", ["thief.example"])] * 9
    ids = {alert.id for n in range(3, 13) for alert in seen(reported(*texts[:n]))}
    assert len(ids) == 1


def test_a_link_that_many_checked_is_an_alert_and_one_person_who_asks_again_is_none():
    assert not seen(asked=[asked("link", "thief.example", 40, 2)])
    assert not seen(asked=[asked("link", "thief.example", 4, 4)])
    (alert,) = seen(asked=[asked("link", "thief.example", 60, 50)])
    assert (alert.severity, alert.n_events) == ("high", 60)
    assert alert.evidence[0].sentence == "60 messages that were checked lead to thief.example; they came from 50 connections."


def test_questions_about_a_link_join_the_alert_of_its_reports():
    reports = reported(*[("Pay https://thief.example", ["thief.example"])] * 3)
    (alert,) = seen(reports, [asked("link", "thief.example", 9, 7)])
    assert said(alert)[1:] == ["9 messages that were checked lead to thief.example; they came from 7 connections."]


@pytest.mark.parametrize(
    ("n", "n_connections", "usual", "is_seen"),
    [(1, 1, 0.0, False), (29, 29, 0.0, False), (30, 9, 0.0, False), (30, 10, 0.0, True), (30, 10, 8.0, False), (32, 10, 8.0, True)],
)
def test_a_rising_count_of_strange_codes_is_seen_above_the_floor_and_above_what_is_usual(n, n_connections, usual, is_seen):
    assert bool(seen(asked=[asked("all", "", n, n_connections)], usual=usual)) is is_seen


def test_all_strange_codes_of_a_day_are_one_alert():
    codes = [asked("code", f"{n:08x}", 10 + n, 5) for n in range(30)]
    (alert,) = seen(asked=[*codes, asked("way", "Text message", 6, 4), asked("all", "", 90, 40)])
    assert alert.evidence[0].sentence == "90 codes that are not ours were asked about within one hour, from 40 connections; usual is 0."
    assert len(said(alert)) == 1 + waves.WAVES_A_DAY
    assert alert.entity.type == "message"


def test_a_code_of_ours_in_a_way_that_we_never_used_is_told_by_the_way():
    (alert,) = seen(asked=[asked("way", "Text message", 6, 4)])
    assert alert.evidence[0].sentence == (
        "A code of ours was asked about 6 times as if it had come in a way that we never used (Text message), from 4 connections."
    )


def test_a_file_that_is_not_ours_is_told_by_its_fingerprint_once_many_ask_about_it():
    (alert,) = seen(asked=[asked("file", "9f86d081884c7d65", 5, 3)])
    assert alert.evidence[0].sentence == "The file with the fingerprint 9f86d081884c7d65 is not ours, and was checked 5 times, from 3 connections."
    assert seen(asked=[asked("file", "9f86d081884c7d65", 5, 2)]) == []


@given(st.lists(st.sampled_from([f"t{n}.example" for n in range(40)]), max_size=400), st.integers(0, 300))
def test_whoever_makes_waves_up_never_fills_the_page(links, n_signs):
    signs = [asked(sort, f"{n}.example", 50, 50) for n in range(n_signs) for sort in ("link", "code", "way")]
    found = seen(reported(*[(f"https://{link}", [link]) for link in links]), signs)
    assert len(found) <= waves.WAVES_A_DAY + 1
    assert len({alert.id for alert in found}) == len(found)
    assert all(1 <= len(alert.evidence) <= 50 for alert in found)


@given(st.text(max_size=600), st.lists(st.text(max_size=30), max_size=4))
def test_marks_of_anything_carry_no_words_of_it(text, hosts):
    for mark in marks_of(text, hosts, ours=OURS, key=KEY):
        assert mark.sort == "link" or len(mark.key) == 32
