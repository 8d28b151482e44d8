"""The company's portal: nothing personal in a URL, every request signed, one message kept once, and only the right account gets it."""

import dataclasses
import json
from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amanat.lib.private import Private
from amanat.notify.channel import BadChannelAddress, Opening, Refused, open_channel
from amanat.notify.channels.portal import register_id
from amanat.notify.portal_request import is_signed_request, signed_headers, token_of
from tests.notify.counterparts import portal
from tests.notify.delivery_world import TEXTS, a_company, a_contact
from tests.notify.test_channel_contract import messages

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=timezone.utc)


def test_each_person_gets_their_own_text_under_a_token_that_says_nothing():
    with portal.opened("takes") as pair:
        list(pair.channel.send(messages()))
        assert pair.seen == [f"/amanat/{token_of(portal.SECRET, one)}" for one in ("p0", "p1", "p2")]
        assert ["Person 1" in one["text"] for one in pair.kept.values()] == [False, True, False]
        first = pair.kept["0" * 32]
    assert set(first) == {"format", "id", "language", "subject", "text", "html", "code", "stamp"}
    assert "p0@example.org" not in json.dumps(first)


def test_a_message_put_twice_is_there_once_and_one_that_was_read_is_delivered():
    with portal.opened("takes", "opened") as pair:
        [first] = pair.channel.send(messages(1))
        [second] = pair.channel.send(messages(1))
        assert (first.became, second.became, len(pair.kept)) == ("accepted", "delivered", 1)


def test_a_line_that_broke_leaves_one_message_however_often_it_is_sent_again():
    with portal.opened("breaks", "takes") as pair:
        assert [o.became for _ in range(2) for o in pair.channel.send(messages(1))] == ["unsure", "accepted"]
        assert len(pair.kept) == 1


def test_who_has_no_account_is_refused_alone():
    with portal.opened("takes", accounts=("p0", "p2")) as pair:
        assert [o.became for o in pair.channel.send(messages())] == ["accepted", "refused", "accepted"]


@pytest.mark.parametrize(("behaviour", "secret"), [("lost", portal.SECRET), ("takes", "another secret, also long enough to be one")])
def test_a_wrong_address_or_secret_stops_the_channel_instead_of_refusing_everybody(behaviour, secret):
    with portal.opened(behaviour, secret=secret) as pair, pytest.raises(Refused):
        list(pair.channel.send(messages()))


def test_a_secret_that_can_be_guessed_is_refused():
    with pytest.raises(BadChannelAddress, match="at least 32"), portal.opened("takes", secret="s3cret"):
        pass


def test_the_register_s_number_makes_the_token_where_the_ledger_has_another_name_for_the_person():
    contact = a_contact("5c1f", "Sara", ("sara@example.org",))
    assert register_id(contact) == "5c1f"
    assert register_id(dataclasses.replace(contact, register_id=Private("person_id", "4711"))) == "4711"


def test_without_a_page_or_a_portal_the_channel_does_not_open():
    with pytest.raises(BadChannelAddress, match=r"portal\.toml"):
        open_channel("portal", Opening(company=a_company(), texts=TEXTS))


# ---- signatures ----


def headers(**more):
    return signed_headers("s3cret", "PUT", "/amanat/ab", b"{}", at=NOW) | more


def test_a_request_is_believed_as_it_was_signed_and_while_it_is_fresh():
    assert is_signed_request("s3cret", "PUT", "/amanat/ab", b"{}", headers(), now=NOW)
    assert is_signed_request("s3cret", "put", "/amanat/ab", b"{}", headers(), now=NOW + timedelta(minutes=10))
    assert not is_signed_request("s3cret", "PUT", "/amanat/ab", b"{}", headers(), now=NOW + timedelta(minutes=11))
    assert not is_signed_request("s3cret", "PUT", "/amanat/ab", b"{}", headers(), now=NOW - timedelta(minutes=11))


@pytest.mark.parametrize(
    ("secret", "method", "path", "body"),
    [
        ("other", "PUT", "/amanat/ab", b"{}"),
        ("s3cret", "POST", "/amanat/ab", b"{}"),
        ("s3cret", "PUT", "/amanat/ac", b"{}"),
        ("s3cret", "PUT", "/amanat/ab", b"[]"),
    ],
)
def test_anything_else_is_not_believed(secret, method, path, body):
    assert not is_signed_request(secret, method, path, body, headers(), now=NOW)


def test_the_signature_is_the_one_that_the_manual_gives():
    # echo -n, openssl: sha256 of {} is 44136fa3…, then HMAC over the four lines.
    assert headers() == {
        "Amanat-At": "2026-11-22T12:00:00Z",
        "Amanat-Signature": "v1=11c23fa0419537c887d391c9011274f7d1d01eedb41bb3ea9b4bcfe163638e5b",
    }


@given(st.text(max_size=80), st.text(max_size=80), st.text(max_size=20))
def test_no_made_up_headers_are_believed_or_break_anything(at, signature, secret):
    assert not is_signed_request(secret, "PUT", "/x", b"", {"Amanat-At": at, "Amanat-Signature": signature}, now=NOW)


@given(st.text(min_size=1, max_size=40), st.text(min_size=1, max_size=40))
def test_two_persons_never_share_a_token(one, other):
    assert (token_of("s3cret", one) == token_of("s3cret", other)) == (one == other)
