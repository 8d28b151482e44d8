"""E-mail providers: what they are given, that nothing is watched or suppressed, and what stops the whole channel."""

import json
from dataclasses import replace
from datetime import date

import pytest

from amanat.notify.channel import NoGateway, Opening, Refused, Texts, open_channel
from amanat.notify.render import HtmlTemplate, TextTemplate
from tests.notify.counterparts import mailgun, postmark
from tests.notify.delivery_world import TEXTS, a_company, a_notice
from tests.notify.test_channel_contract import messages

JSON = (postmark,)  # who takes a mail in parts, not as we composed it
LEAVE = "https://www.hotel.example/en/bulletin/leave/abc/"


def whole_texts():
    """The notice as it is laid out for everybody, with a place under it for the stamp."""
    one, company = a_notice(), a_company()
    return {one.id: Texts(text=TextTemplate(one, company, on=date(2026, 11, 22)), html=HtmlTemplate(one, company, on=date(2026, 11, 22)))}


def letter_of(provider, **changes):
    """What the provider gets for one message."""
    with provider.opened("takes", texts=whole_texts()) as pair:
        [outcome] = pair.channel.send([replace(messages(1)[0], **changes)])
        assert outcome.became == "accepted"
        return pair.letters[0]


@pytest.mark.parametrize("provider", JSON, ids=lambda p: p.__name__.rpartition(".")[2])
def test_the_stamp_goes_with_the_notice_in_both_parts(provider):
    assert json.dumps(letter_of(provider, stamp="AMANAT1-STAMP")).count("AMANAT1-STAMP") == 2


@pytest.mark.parametrize("provider", JSON, ids=lambda p: p.__name__.rpartition(".")[2])
def test_a_notice_that_the_law_requires_offers_no_way_out_and_a_newsletter_does(provider):
    assert "List-Unsubscribe" not in json.dumps(letter_of(provider))
    issue = json.dumps(letter_of(provider, leave_url=LEAVE))
    assert "List-Unsubscribe-Post" in issue and issue.count(LEAVE) >= 3  # a header, the text, the HTML


def test_mailgun_gets_our_own_message_with_its_id_and_watches_nobody():
    with mailgun.opened("takes") as pair:
        [outcome] = pair.channel.send(messages(1))
        [form] = pair.forms
    assert outcome.answer == "HTTP 200 from Mailgun"
    assert (form["to"], form["v:sending"]) == ("p0@example.org", "0" * 32)
    assert (form["o:tracking"], form["o:tracking-opens"], form["o:tracking-clicks"]) == ("no", "no", "no")
    mail = form["message"]
    assert mail["Message-ID"] == f"<{'0' * 32}@hotel.example>"
    assert mail["List-Unsubscribe"] is None
    assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html"]


def test_postmark_keeps_our_id_adds_no_unsubscribe_and_watches_nobody():
    with postmark.opened("takes") as pair:
        list(pair.channel.send(messages(1)))
        [letter] = pair.letters
    headers = {h["Name"]: h["Value"] for h in letter["Headers"]}
    assert headers["Message-ID"] == f"<{'0' * 32}@hotel.example>" and headers["X-PM-KeepID"] == "true"
    assert "List-Unsubscribe" not in headers
    assert letter["MessageStream"] == "outbound"
    assert (letter["TrackOpens"], letter["TrackLinks"], letter["Metadata"]) == (False, "None", {"sending": "0" * 32})
    assert letter["HtmlBody"].startswith("<p dir='ltr'>Hello Person 0")


def test_a_sender_that_postmark_does_not_know_stops_the_channel_instead_of_refusing_everybody():
    with postmark.opened("no_signature") as pair, pytest.raises(Refused, match="error 400"):
        list(pair.channel.send(messages()))


def test_an_error_that_postmark_says_of_sender_and_address_alike_is_told_apart_by_its_words():
    with postmark.opened("wrong_sender") as pair, pytest.raises(Refused, match="error 300"):
        list(pair.channel.send(messages()))
    with postmark.opened("wrong_address", "takes") as pair:
        assert [o.became for o in pair.channel.send(messages())] == ["refused", "accepted", "accepted"]


def test_the_relay_stands_back_when_a_provider_is_described_and_two_of_them_are_one_too_many(tmp_path):
    for name in ("mailgun", "postmark"):
        (tmp_path / f"{name}.toml").write_text("")
    with pytest.raises(NoGateway, match="email can go through one only"):
        open_channel("email", Opening(company=a_company(), texts=TEXTS, address="smtp://127.0.0.1:25", gateways=tmp_path))
