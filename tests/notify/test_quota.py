"""What a provider sells by the hour and the day is never exceeded, whatever is put back, and whoever starts again remembers it."""

from datetime import timedelta

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from amanat.notify.channel import Outcome
from amanat.notify.file_ledger import FileLedger
from amanat.notify.ledger import Retry
from amanat.notify.quota import DAY, HOUR, Limit, Spent, limits_of, room
from tests.notify.delivery_world import NOW, Sink, a_company, a_plan, a_server, an_approval, deliver, many_contacts


def test_the_company_names_what_each_channel_takes():
    company = a_company(messages_per_hour={"email": 100, "sms": 5}, messages_per_day={"email": 150})
    assert limits_of(company) == {"email": [Limit(100, HOUR), Limit(150, DAY)], "sms": [Limit(5, HOUR)]}


def test_a_channel_gets_no_more_in_an_hour_and_a_day_than_it_takes():
    spent = Spent({"email": [Limit(100, HOUR), Limit(150, DAY)]})

    def claimed(channel, n, at):
        n = spent.room(channel, n, at)
        spent.add(channel, n, at)
        return n

    assert [claimed("email", 60, NOW) for _ in range(3)] == [60, 40, 0]
    assert claimed("letter", 60, NOW) == 60
    assert claimed("email", 60, NOW + timedelta(minutes=60)) == 0  # the minute in which they went is not wholly past
    later = NOW + timedelta(minutes=61)
    assert [claimed("email", 60, later) for _ in range(2)] == [50, 0]
    assert claimed("email", 60, NOW + timedelta(hours=12)) == 0
    assert claimed("email", 60, NOW + timedelta(hours=24, minutes=1)) == 60


@given(
    st.lists(st.tuples(st.integers(0, 400), st.integers(1, 30)), max_size=60),
    st.integers(1, 40),
)
def test_no_stretch_of_an_hour_holds_more_than_the_limit(wishes, most):
    spent, sent, now = Spent({"email": [Limit(most, HOUR)]}), [], NOW
    for seconds, n in wishes:
        now += timedelta(seconds=seconds)
        n = spent.room("email", n, now)
        spent.add("email", n, now)
        sent += [now] * n
    for begin in sent:
        assert sum(begin <= at < begin + HOUR for at in sent) <= most


def test_nothing_is_counted_that_was_spent_before_the_stretch():
    assert room([Limit(10, HOUR)], {NOW - timedelta(hours=2): 10}, 5, NOW) == 5


# ---- in the ledger of the command line ----

MANY = pa.table(
    {"sending_id": [f"s{n}" for n in range(30)], "notice_id": ["n"] * 30, "person_id": [f"{n}" for n in range(30)], "channel": ["email"] * 30}
)
TEN = {"email": [Limit(10, HOUR)]}


def a_ledger(path, at=NOW, sendings=MANY):
    return FileLedger(path / "ledger.jsonl", sendings, retry=Retry(), limits=TEN, at=at)


def accept(ledger, claimed, at):
    for sending in claimed:
        ledger.record(Outcome(sending_id=sending.sending_id, became="accepted"), at=at)


def test_who_starts_again_remembers_what_was_sent_in_the_hour(tmp_path):
    with a_ledger(tmp_path) as ledger:
        accept(ledger, ledger.claim("email", 7, at=NOW), NOW)
    soon = NOW + timedelta(minutes=10)
    with a_ledger(tmp_path, soon) as ledger:
        accept(ledger, ledger.claim("email", 7, at=soon), soon)
        assert ledger.counts() == {"queued": 20, "accepted": 10}
        assert ledger.claim("email", 7, at=soon) == []
    later = NOW + timedelta(minutes=62)
    with a_ledger(tmp_path, later) as ledger:
        assert len(ledger.claim("email", 30, at=later)) == 7  # the three of ten past the hour still count


def test_a_program_that_was_killed_has_used_what_it_had_claimed(tmp_path):
    ledger = a_ledger(tmp_path)
    ledger.claim("email", 10, at=NOW)
    ledger._file.close()
    with a_ledger(tmp_path) as ledger:
        assert ledger.claim("email", 5, at=NOW) == []


def test_what_was_claimed_and_not_attempted_is_given_back_over_a_restart_too(tmp_path):
    with a_ledger(tmp_path) as ledger:
        claimed = ledger.claim("email", 10, at=NOW)
        ledger.put_back([s.sending_id for s in claimed[:6]], at=NOW + timedelta(minutes=30), answer="it is night where the person lives")
        assert len(ledger.claim("email", 1, at=NOW + timedelta(minutes=30))) == 1
    half = NOW + timedelta(minutes=31)
    with a_ledger(tmp_path, half) as ledger:
        assert len(ledger.claim("email", 30, at=half)) == 5  # ten, less the four in the air and the one of half past


def test_attempts_count_for_whoever_is_no_longer_on_the_list(tmp_path):
    with a_ledger(tmp_path) as ledger:
        accept(ledger, ledger.claim("email", 8, at=NOW), NOW)
    with a_ledger(tmp_path, sendings=MANY.slice(8)) as ledger:
        assert len(ledger.claim("email", 30, at=NOW)) == 2


@pytest.mark.parametrize("line", ['{"at":"2026-11-22T09:00:00.000000+00:00","state":"attempting","ids":["s0","s1","s2"]}'])
def test_a_ledger_of_before_counts_by_its_list(tmp_path, line):
    (tmp_path / "ledger.jsonl").write_text(line + "\n")
    with a_ledger(tmp_path) as ledger:
        assert len(ledger.claim("email", 30, at=NOW)) == 7


def test_a_delivery_that_is_stopped_and_begun_again_stays_within_the_hour(tmp_path):
    contacts, sink, company = many_contacts(30), Sink(), a_company(messages_per_hour={"email": 12})
    plan = a_plan(contacts)
    given = {"company": company, "approval": an_approval(plan, company=company)}
    with a_server(sink) as url:
        for enough in (5, 12):
            deliver(tmp_path, contacts, plan, url, stop=lambda enough=enough: len(sink.mails) >= enough, **given)
    assert len(sink.mails) == 12 and set(sink.message_ids.values()) == {1}
