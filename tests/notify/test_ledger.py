"""The ledger: every story of crashes and answers ends with everybody accounted for."""

from datetime import datetime, timedelta, timezone

import pyarrow as pa
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from amanat.notify.channel import Outcome
from amanat.notify.file_ledger import BadLedger, FileLedger
from amanat.notify.ledger import Retry
from tests.notify.delivery_world import NOW, a_contact, a_plan

SENDINGS = pa.table({"sending_id": ["a", "b", "c"], "notice_id": ["n"] * 3, "person_id": ["1", "2", "3"], "channel": ["email"] * 3})
FURTHER = pa.table({"sending_id": ["a2"], "notice_id": ["n"], "person_id": ["1"], "channel": ["letter"]})


def a_ledger(path, **retry):
    return FileLedger(path / "ledger.jsonl", SENDINGS, FURTHER, retry=Retry(**retry), at=NOW)


def ids(claimed):
    return [s.sending_id for s in claimed]


def test_what_is_claimed_is_on_disk_before_it_is_attempted(tmp_path):
    with a_ledger(tmp_path) as ledger:
        assert ids(ledger.claim("email", 2, at=NOW)) == ["a", "b"]
        assert '"state":"attempting","ids":["a","b"]' in (tmp_path / "ledger.jsonl").read_text()


def test_nobody_claims_what_another_has(tmp_path):
    with a_ledger(tmp_path) as ledger:
        assert ids(ledger.claim("email", 2, at=NOW) + ledger.claim("email", 2, at=NOW) + ledger.claim("email", 2, at=NOW)) == ["a", "b", "c"]


def test_the_next_channel_waits_until_the_one_before_failed(tmp_path):
    with a_ledger(tmp_path) as ledger:
        assert ledger.claim("letter", 9, at=NOW) == []
        ledger.claim("email", 3, at=NOW)
        ledger.record(Outcome(sending_id="a", became="refused", answer="550 no such user"), at=NOW)
        assert ids(ledger.claim("letter", 9, at=NOW)) == ["a2"]


def test_a_bounce_that_comes_days_later_moves_the_person_to_the_next_channel(tmp_path):
    with a_ledger(tmp_path) as ledger:
        ledger.claim("email", 3, at=NOW)
        ledger.record(Outcome(sending_id="a", became="accepted"), at=NOW)
        ledger.note("a", "bounced", at=NOW + timedelta(days=2), answer="mailbox full")
        assert ids(ledger.claim("letter", 9, at=NOW + timedelta(days=2))) == ["a2"]


def test_later_means_later_and_each_time_twice_as_long(tmp_path):
    with a_ledger(tmp_path, first_wait_seconds=60, longest_wait_seconds=100) as ledger:
        ledger.claim("email", 3, at=NOW)
        now = NOW
        for wait_seconds in (60, 100, 100):
            ledger.record(Outcome(sending_id="a", became="try_later", answer="450"), at=now)
            assert ledger.claim("email", 9, at=now + timedelta(seconds=wait_seconds - 1)) == []
            now += timedelta(seconds=wait_seconds)
            assert ids(ledger.claim("email", 9, at=now)) == ["a"]


def test_waiting_is_remembered_over_a_restart(tmp_path):
    with a_ledger(tmp_path, first_wait_seconds=60) as ledger:
        ledger.claim("email", 1, at=NOW)
        ledger.record(Outcome(sending_id="a", became="try_later"), at=NOW)
    with a_ledger(tmp_path) as ledger:
        assert ids(ledger.claim("email", 9, at=NOW + timedelta(seconds=30))) == ["b", "c"]
        assert ids(ledger.claim("email", 9, at=NOW + timedelta(seconds=61))) == ["a"]


def test_after_enough_tries_the_next_channel_is_taken(tmp_path):
    with a_ledger(tmp_path, first_wait_seconds=0, tries_max=2) as ledger:
        for _ in range(2):
            assert "a" in ids(ledger.claim("email", 3, at=NOW))
            ledger.record(Outcome(sending_id="a", became="try_later", answer="450 busy"), at=NOW)
        assert ids(ledger.claim("letter", 9, at=NOW)) == ["a2"]
        assert "given up after 2 tries: 450 busy" in (tmp_path / "ledger.jsonl").read_text()


def test_who_was_in_the_air_when_it_died_is_unsure_and_then_sent_again(tmp_path):
    a_ledger(tmp_path).claim("email", 2, at=NOW)  # the file is closed with the process; no outcome was ever recorded
    with a_ledger(tmp_path) as ledger:
        text = (tmp_path / "ledger.jsonl").read_text()
        assert '"state":"unsure","ids":["a","b"],"answer":"the program stopped during the attempt"' in text
        assert sorted(ids(ledger.claim("email", 9, at=NOW))) == ["a", "b", "c"]


def test_or_is_held_for_a_person(tmp_path):
    a_ledger(tmp_path).claim("email", 2, at=NOW)
    with a_ledger(tmp_path, hold_unsure=True) as ledger:
        assert ids(ledger.claim("email", 9, at=NOW)) == ["c"]
        assert ledger.counts() == {"unsure": 2, "attempting": 1}


@pytest.mark.parametrize(
    ("verdict", "claimed", "counts"), [("again", ["c", "a", "b"], {"attempting": 3}), ("told", ["c"], {"attempting": 1, "accepted": 2})]
)
def test_a_person_decides_about_what_was_held(tmp_path, verdict, claimed, counts):
    a_ledger(tmp_path).claim("email", 2, at=NOW)
    with a_ledger(tmp_path, hold_unsure=True) as ledger:
        assert ledger.settle(verdict, who="leila", at=NOW) == ["a", "b"]
        assert sorted(ids(ledger.claim("email", 9, at=NOW))) == sorted(claimed)
        assert ledger.counts() == counts
    assert "leila decided" in (tmp_path / "ledger.jsonl").read_text()


def test_a_person_held_before_is_not_sent_to_when_the_policy_changes_silently(tmp_path):
    a_ledger(tmp_path).claim("email", 2, at=NOW)
    a_ledger(tmp_path, hold_unsure=True).close()
    with a_ledger(tmp_path) as ledger:
        assert ids(ledger.claim("email", 9, at=NOW)) == ["c"]


def test_a_failure_whose_second_line_was_lost_still_takes_the_next_channel(tmp_path):
    with a_ledger(tmp_path) as ledger:
        ledger.claim("email", 1, at=NOW)
        ledger.record(Outcome(sending_id="a", became="refused"), at=NOW)
    path = tmp_path / "ledger.jsonl"
    path.write_bytes(path.read_bytes()[:-3])  # the crash cut the line that queued the letter
    with a_ledger(tmp_path) as ledger:
        assert ids(ledger.claim("letter", 9, at=NOW)) == ["a2"]


def test_damage_in_the_middle_is_said_with_its_line_and_nothing_is_sent(tmp_path):
    a_ledger(tmp_path).close()
    path = tmp_path / "ledger.jsonl"
    path.write_bytes(path.read_bytes() + b'{"at": garbage}\n' + path.read_bytes())
    with pytest.raises(BadLedger, match=r"ledger\.jsonl:2: .*was damaged"):
        a_ledger(tmp_path)


def test_the_same_sending_twice_on_a_list_is_refused(tmp_path):
    twice = pa.concat_tables([SENDINGS, SENDINGS])
    with pytest.raises(BadLedger, match="the same sending twice"):
        FileLedger(tmp_path / "ledger.jsonl", twice, at=NOW)


def test_the_ledger_holds_no_address(tmp_path):
    with a_ledger(tmp_path) as ledger:
        ledger.claim("email", 1, at=NOW)
        ledger.record(Outcome(sending_id="a", became="refused", answer="550 <sara@example.org> unknown\r\nsara@example.org"), at=NOW)
    assert "@" not in (tmp_path / "ledger.jsonl").read_text()


def test_sendings_of_an_earlier_list_stay_in_the_file_and_out_of_the_way(tmp_path):
    with a_ledger(tmp_path) as ledger:
        ledger.claim("email", 3, at=NOW)
        ledger.record(Outcome(sending_id="c", became="accepted"), at=NOW)
    shorter = SENDINGS.slice(0, 2)
    with FileLedger(tmp_path / "ledger.jsonl", shorter, at=NOW) as ledger:
        assert sorted(ids(ledger.claim("email", 9, at=NOW))) == ["a", "b"]
        assert sum(batch.num_rows for batch in ledger.receipts()) > 0


class Story(RuleBasedStateMachine):
    """Any order of claims, answers, crashes and lost ends of lines."""

    @initialize(n=st.integers(1, 6), hold=st.booleans())
    def begin(self, n, hold):
        import tempfile
        from pathlib import Path

        self.path = Path(tempfile.mkdtemp()) / "ledger.jsonl"
        contacts = [a_contact(f"p{i}", emails=(f"p{i}@example.org",) if i % 3 else ()) for i in range(n)]
        self.plan = a_plan(contacts)
        self.now = NOW
        self.retry = Retry(first_wait_seconds=1, tries_max=3, hold_unsure=hold)
        self.taken: list[str] = []  # what the world really received
        self.doubted: set[str] = set()
        self.air: list[str] = []
        self.open()

    def open(self):
        self.ledger = FileLedger(self.path, self.plan.sendings, self.plan.further, retry=self.retry, at=self.now)

    @rule(channel=st.sampled_from(["email", "letter"]), n=st.integers(1, 3))
    def claim(self, channel, n):
        self.air += [s.sending_id for s in self.ledger.claim(channel, n, at=self.now)]

    @rule(became=st.sampled_from(["accepted", "refused", "try_later", "unsure"]), is_taken=st.booleans())
    def answer(self, became, is_taken):
        if self.air:
            sending_id = self.air.pop()
            if became == "accepted" or (became == "unsure" and is_taken):
                self.taken.append(sending_id)
            if became == "unsure":
                self.doubted.add(sending_id)
            self.ledger.record(Outcome(sending_id=sending_id, became=became), at=self.now)

    @rule(n_taken=st.integers(0, 3))
    def crash(self, n_taken):
        # The world may have taken some of what was in the air, and we never heard.
        self.taken += self.air[:n_taken]
        self.doubted |= set(self.air)
        self.air = []
        self.ledger._file.close()
        self.open()

    @rule(seconds=st.integers(1, 5000))
    def wait(self, seconds):
        self.now += timedelta(seconds=seconds)

    @rule()
    def stop(self):
        self.ledger.put_back(self.air, at=self.now, answer="stopped before the attempt")
        self.air = []

    @invariant()
    def everybody_is_accounted_for(self):
        if not hasattr(self, "ledger"):
            return
        states = self.ledger.states().to_pylist()
        assert {s["person_id"] for s in states} == set(self.plan.sendings["person_id"].to_pylist())
        assert {s["sending_id"] for s in states if s["state"] == "attempting"} == set(self.air)
        n_open = sum(s["state"] in ("queued", "attempting") for s in states)
        assert self.ledger.n_open(["email", "letter"]) == n_open

    @invariant()
    def nobody_is_told_twice_without_doubt(self):
        if not hasattr(self, "ledger"):
            return
        twice = {s for s in self.taken if self.taken.count(s) > 1}
        assert twice <= self.doubted
        if self.retry.hold_unsure:
            assert not twice

    def teardown(self):
        if not hasattr(self, "ledger"):
            return
        # Once the world answers, nobody is left behind.
        self.stop()
        for _ in range(50):
            self.now += timedelta(hours=1)
            for channel in ("email", "letter"):
                for sending in self.ledger.claim(channel, 100, at=self.now):
                    self.ledger.record(Outcome(sending_id=sending.sending_id, became="accepted"), at=self.now)
        states = self.ledger.states().to_pylist()
        assert all(s["state"] in ("accepted", "refused", "unsure") for s in states)
        reached = {s["person_id"] for s in states if s["state"] in ("accepted", "unsure")}
        failed_everywhere = set(self.plan.sendings["person_id"].to_pylist()) - reached
        ready = {s["sending_id"] for s in states}
        assert all(f["sending_id"] in ready for f in self.plan.further.to_pylist() if f["person_id"] in failed_everywhere)
        self.ledger.close()


TestStory = Story.TestCase
TestStory.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)


def test_moments_in_the_ledger_are_utc(tmp_path):
    with a_ledger(tmp_path) as ledger:
        ledger.claim("email", 1, at=datetime(2026, 11, 22, 12, tzinfo=timezone(timedelta(hours=3, minutes=30))))
    assert '"at":"2026-11-22T08:30:00.000000+00:00"' in (tmp_path / "ledger.jsonl").read_text()
