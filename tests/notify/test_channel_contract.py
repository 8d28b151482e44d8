"""What every channel keeps, whatever stands at its other end: one answer for each message, before the next one is attempted."""

import importlib
from pathlib import Path

import pytest

from amanat.lib.private import Private
from amanat.notify.channel import Message, TryLater, channel_types, without_addresses
from tests.notify.delivery_world import a_contact, a_notice

HERE = Path(__file__).parent / "counterparts"
NAMES = sorted(channel_types())


def counterpart(name):
    return importlib.import_module(f"tests.notify.counterparts.{name}")


def messages(n=3):
    return [
        Message(
            sending_id=f"{i:032x}",
            notice=a_notice(),
            contact=a_contact(f"p{i}", f"Person {i}", (f"p{i}@example.org",), phones=(Private("phone", f"+4477009001{i:02}"),), residence="GB"),
            kinds=frozenset({"email"}),
            basis="content",
            code=f"0000-0000-000{i}-2",
        )
        for i in range(n)
    ]


def can(name, behaviour):
    if behaviour in counterpart(name).CANNOT:
        assert len(counterpart(name).CANNOT[behaviour]) > 20  # and says why
        return False
    return True


def test_every_channel_has_a_counterpart():
    assert sorted(path.stem for path in HERE.glob("*.py") if path.stem != "__init__") == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_what_it_takes_is_accepted_once_each_and_arrives_with_its_code(name):
    with counterpart(name).opened("takes") as pair:
        outcomes = list(pair.channel.send(messages()))

        assert [o.sending_id for o in outcomes] == [m.sending_id for m in messages()]
        assert {o.became for o in outcomes} <= {"accepted", "delivered"}
        taken = pair.taken()
        assert len(taken) == 3
        assert all(sum(m.code in text for text in taken) == 1 for m in messages())


@pytest.mark.parametrize("name", NAMES)
def test_each_answer_is_given_before_the_next_attempt_begins(name):
    with counterpart(name).opened("takes") as pair:
        answers = pair.channel.send(messages())
        if pair.channel.is_local and name == "letter":
            # Letters of a batch are set together; one that was set and not yet answered is simply set again.
            assert next(answers).became == "accepted"
        else:
            for n in (1, 2, 3):
                next(answers)
                assert len(pair.taken()) == n
        answers.close()


@pytest.mark.parametrize("name", NAMES)
def test_who_is_busy_is_tried_later_and_took_nothing(name):
    if can(name, "busy"):
        with counterpart(name).opened("busy") as pair:
            try:
                became = {o.became for o in pair.channel.send(messages())}
            except TryLater:
                became = {"try_later"}
            assert became == {"try_later"}
            assert pair.taken() == []


@pytest.mark.parametrize("name", NAMES)
def test_one_person_refused_does_not_keep_the_next_from_being_told(name):
    if can(name, "refuses"):
        with counterpart(name).opened("refuses", "takes") as pair:
            assert [o.became for o in pair.channel.send(messages())] == ["refused", "accepted", "accepted"]


@pytest.mark.parametrize("name", NAMES)
def test_a_line_that_breaks_before_the_answer_is_a_doubt_about_that_person_alone(name):
    if can(name, "breaks"):
        with counterpart(name).opened("breaks", "takes") as pair:
            assert [o.became for o in pair.channel.send(messages())] == ["unsure", "accepted", "accepted"]


@pytest.mark.parametrize("name", NAMES)
def test_when_nobody_is_there_the_whole_batch_waits(name):
    with counterpart(name).opened("absent") as pair:
        with pytest.raises(TryLater):
            list(pair.channel.send(messages()))
        assert pair.taken() == []


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("behaviour", ["takes", "busy", "refuses", "breaks"])
def test_no_answer_holds_an_address_or_a_number(name, behaviour):
    if can(name, behaviour):
        with counterpart(name).opened(behaviour) as pair:
            said = [without_addresses(o.answer) for o in pair.channel.send(messages())]
        assert said and not any("example.org" in text or "7700900" in text for text in said)


@pytest.mark.parametrize("name", NAMES)
def test_a_counterpart_on_this_machine_is_local_so_a_drill_may_use_it(name):
    with counterpart(name).opened("takes") as pair:
        assert pair.channel.is_local


@pytest.mark.parametrize("name", NAMES)
def test_it_reaches_its_examples_and_not_the_others(name):
    one = channel_types()[name]
    assert all(map(one.reaches, one.examples)) and not any(map(one.reaches, one.not_examples))
    assert one.examples and one.not_examples and one.source.startswith("https://") and one.read_on
