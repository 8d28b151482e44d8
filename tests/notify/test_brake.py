"""What makes a message wait: busy providers and nights; and what nothing makes wait."""

from datetime import datetime, timedelta, timezone

import pyarrow as pa
import pytest

from amanat import notify
from amanat.lib.private import Private
from amanat.notify.brake import BadQuietHours, Brake, day_begins, read_hours
from amanat.notify.channel import Message, Outcome
from amanat.notify.deliver import at_once
from amanat.terms.assessment import PERSONS_DUTIES
from amanat.terms.exposure import EXPOSURES
from tests.notify.delivery_world import (
    KEY,
    NOW,
    Sink,
    a_company,
    a_contact,
    a_notice,
    a_plan,
    a_server,
    an_approval,
    deliver,
    duties_for,
    exposures_for,
    many_contacts,
)

NIGHT = read_hours("21:00-08:00")


def utc(day, hour, minute=0):
    return datetime(2026, 11, day, hour, minute, tzinfo=timezone.utc)


def a_message(n=0, email="sara@example.org", kinds=("email",), **contact):
    return Message(
        sending_id=f"{n:032x}",
        notice=a_notice(),
        contact=a_contact(str(n), emails=(email,), **contact),
        kinds=frozenset(kinds),
        basis="content",
        code="0000-0000-0001-2",
    )


# ---- nights ----


@pytest.mark.parametrize(
    ("residence", "now", "begins"),
    [
        ("FR", utc(22, 12), utc(22, 12)),  # 13 o'clock in Paris
        ("FR", utc(22, 20), utc(23, 7)),  # 21 o'clock; it ends at 8 there
        ("FR", utc(22, 19, 59), utc(22, 19, 59)),
        ("FR", utc(22, 6, 59), utc(22, 7)),
        ("IR", utc(22, 18), utc(23, 4, 30)),  # 21:30 in Tehran; 8:00 is 4:30 UTC
        ("US-CA", utc(22, 15), utc(22, 18)),  # morning in New York, 5 o'clock in Hawaii: quiet until it is 8 there
        ("US", utc(22, 15), utc(22, 18)),
        (None, utc(22, 23), utc(22, 23)),  # nobody knows where; nobody guesses
        ("XK", utc(22, 23), utc(22, 23)),
    ],
)
def test_a_night_is_where_the_person_lives(residence, now, begins):
    assert day_begins(NIGHT, residence, now) == begins


@pytest.mark.parametrize("text", ["", "21-8", "21:00", "21:00-21:00", "25:00-08:00", "21:00+01:00-08:00"])
def test_hours_that_cannot_be_are_said(text):
    with pytest.raises(BadQuietHours, match="must read like 21:00-08:00"):
        read_hours(text)


def a_brake(due=None, **company):
    return Brake(a_company(**company), due=due, is_at_once=at_once)


def test_a_text_message_waits_for_the_morning_and_an_email_does_not():
    brake = a_brake(quiet_hours={"sms": "21:00-08:00"})
    message = a_message(residence="FR")
    wait = brake.look("sms", message, utc(22, 22))
    assert (wait.until, wait.why) == (utc(23, 7), "it is night where the person lives")
    assert brake.look("email", message, utc(22, 22)) is None


def test_no_night_outlasts_a_deadline():
    night = {"sms": "21:00-08:00"}
    message = a_message(residence="FR")
    assert a_brake({"eu.en": utc(23, 9)}, quiet_hours=night).look("sms", message, utc(22, 22)) is None
    assert a_brake({"eu.en": utc(24, 9)}, quiet_hours=night).look("sms", message, utc(22, 22)).until == utc(23, 7)


@pytest.mark.parametrize(
    "message",
    [
        a_message(residence="FR", minor=True),
        a_message(residence="FR", needs=Private("needs", "large print")),
        a_message(residence="FR", kinds=("password",)),
    ],
)
def test_who_is_at_high_risk_waits_for_no_morning(message):
    assert a_brake(quiet_hours={"sms": "21:00-08:00"}).look("sms", message, utc(22, 22)) is None


# ---- providers ----


def test_mails_to_one_domain_keep_their_distance_and_each_keeps_its_place():
    brake = a_brake(per_minute_by_domain={"example.org": 60})
    mails = [a_message(n) for n in range(3)]
    waits = [brake.look("email", mail, NOW) for mail in mails]
    assert [wait and wait.until for wait in waits] == [None, NOW + timedelta(seconds=1), NOW + timedelta(seconds=2)]
    assert brake.look("email", a_message(9, "a@example.net"), NOW) is None
    # When its moment has come it goes, whoever asked meanwhile.
    assert brake.look("email", mails[2], NOW + timedelta(seconds=1)).until == NOW + timedelta(seconds=2)
    assert brake.look("email", mails[1], NOW + timedelta(seconds=1)) is None


def test_a_provider_that_defers_is_left_alone_twice_as_long_each_time():
    brake, now = a_brake(), NOW
    deferred = Outcome(sending_id="0" * 32, became="try_later", answer="421 too many")

    def defers(times):
        for _ in range(times):
            brake.learn("email", a_message(), deferred, now)

    defers(49)
    assert brake.look("email", a_message(), now) is None  # it may be greylisting
    defers(1)
    assert brake.look("email", a_message(1), now).until == now + timedelta(seconds=30)
    assert brake.look("email", a_message(1, "a@example.net"), now) is None  # the others go on
    defers(500)  # what was in the air makes it no longer
    assert brake.look("email", a_message(1), now).until == now + timedelta(seconds=30)
    for rest in (60, 120, 240, 480, 960, 1800, 1800):
        now = now + timedelta(hours=1)
        defers(50)
        assert brake.look("email", a_message(1), now).until == now + timedelta(seconds=rest)
    now = now + timedelta(hours=1)
    brake.learn("email", a_message(), Outcome(sending_id="0" * 32, became="accepted"), now)
    defers(50)
    assert brake.look("email", a_message(1), now).until == now + timedelta(seconds=30)


def test_with_a_distance_everybody_is_still_told_once(tmp_path):
    contacts, sink = many_contacts(30), Sink()
    company = a_company(per_minute_by_domain={"default": 6000})
    plan = a_plan(contacts)
    with a_server(sink) as url:
        reach = deliver(tmp_path, contacts, plan, url, company=company, approval=an_approval(plan, company=company))
    assert reach.n_reached == 30 and set(sink.message_ids.values()) == {1}


# ---- who comes first ----


def test_the_vulnerable_are_served_first_and_then_whose_deadline_is_sooner():
    notices = [a_notice("eu.en"), a_notice("us.en", letter_group="us")]
    contacts = [a_contact(str(n), emails=(f"p{n}@example.org",)) for n in range(4)]
    contacts[2] = a_contact("2", emails=("p2@example.org",), minor=True)
    duties = duties_for(contacts).to_pylist()
    duties[3]["letter_group"] = "us"
    table = pa.Table.from_pylist(duties, schema=PERSONS_DUTIES)
    due = {"us.en": utc(23, 9), "eu.en": utc(25, 9)}
    plan = notify.plan(table, contacts, notices, a_company(), facts={}, key=KEY, due=due)
    assert plan.sendings["person_id"].to_pylist() == ["2", "3", "0", "1"]
    # The order is nothing that two persons approve: the list is the same.
    other = notify.plan(table, contacts, notices, a_company(), facts={}, key=KEY)
    assert notify.recipients_hash(plan.sendings, plan.further) == notify.recipients_hash(other.sendings, other.further)


def test_who_lost_a_password_is_served_before_those_who_lost_an_address():
    contacts = [a_contact(str(n), emails=(f"p{n}@example.org",)) for n in range(3)]
    exposed = exposures_for(contacts).to_pylist()
    exposed[1]["kinds"] = ["email", "password"]
    urgent = notify.served_first(pa.Table.from_pylist(exposed, schema=EXPOSURES))
    assert urgent == {"1"}
    plan = notify.plan(duties_for(contacts), contacts, [a_notice()], a_company(), facts={}, key=KEY, urgent=urgent)
    assert plan.sendings["person_id"].to_pylist() == ["1", "0", "2"]
