"""E-mail providers: what they are given, that nothing is watched or suppressed, and what stops the whole channel."""

import json
from dataclasses import replace
from datetime import date

import pytest

from amanat.lib.errors import Fixable
from amanat.lib.private import Private
from amanat.notify.channel import BadChannelAddress, NoGateway, Opening, Refused, Texts, open_channel
from amanat.notify.render import HtmlTemplate, TextTemplate
from tests.notify.counterparts import brevo, mailgun, mailjet, postmark, sendgrid
from tests.notify.delivery_world import TEXTS, a_company, a_notice, a_plan, deliver, many_contacts
from tests.notify.test_channel_contract import messages

JSON = (brevo, mailjet, postmark, sendgrid)  # who takes a mail in parts, not as we composed it
LEAVE = "https://www.hotel.example/en/bulletin/leave/abc/"


def whole_texts():
    """The notice as it is laid out for everybody, with a place under it for the stamp."""
    one, company = a_notice(), a_company()
    return {one.id: Texts(text=TextTemplate(one, company, on=date(2026, 11, 22)), html=HtmlTemplate(one, company, on=date(2026, 11, 22)))}


def became(provider, *behaviour):
    with provider.opened(*behaviour) as pair:
        return [outcome.became for outcome in pair.channel.send(messages())]


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


# ---- Brevo ----


def test_brevo_carries_our_number_and_a_key_that_is_one_for_each_address():
    with brevo.opened("refuses", "takes") as pair:
        two = replace(messages(1)[0].contact, emails=(Private("email", "old@example.org"), Private("email", "new@example.org")))
        [outcome] = pair.channel.send([replace(messages(1)[0], contact=two)])
        [letter] = pair.letters
    assert (outcome.became, letter["to"]) == ("accepted", [{"email": "new@example.org"}])
    assert json.loads(letter["headers"]["X-Mailin-custom"]) == {"sending": "0" * 32}
    assert letter["sender"] == {"name": "Hôtel Exemple", "email": "notices@hotel.example"}
    assert letter["replyTo"] == {"email": "privacy@hotel.example"}
    assert "Message-ID" not in letter["headers"] and "Person 0" not in json.dumps(letter["to"])


def test_what_brevo_had_before_and_did_not_answer_is_not_sent_again_and_stays_a_doubt():
    with brevo.opened("breaks", "takes") as pair:
        first = list(pair.channel.send(messages(1)))
        again = list(pair.channel.send(messages(1)))
    assert [o.became for o in first + again] == ["unsure", "unsure"]
    assert len(pair.letters) == 1
    assert again[0].answer == "HTTP 400 from Brevo, duplicate_parameter: it had this request before"


def test_an_error_inside_brevo_leaves_open_whether_it_sent():
    assert became(brevo, "fails", "takes") == ["unsure", "accepted", "accepted"]


@pytest.mark.parametrize(
    ("behaviour", "says"), [("wrong_sender", "invalid_parameter"), ("wrong_reply", "invalid_parameter"), ("no_credits", "not_enough_credits")]
)
def test_what_brevo_refuses_for_everybody_stops_the_channel(behaviour, says):
    with brevo.opened(behaviour) as pair, pytest.raises(Refused, match=says):
        list(pair.channel.send(messages()))


def test_brevo_is_not_opened_before_somebody_says_what_its_account_does_with_tracking(tmp_path):
    (tmp_path / "key").write_text("s3cret\n")
    for line in ("", 'tracking = "on"\n'):
        (tmp_path / "brevo.toml").write_text(f'secret_file = "key"\n{line}')
        with pytest.raises(Fixable, match="tracking"):
            open_channel("email", Opening(company=a_company(), texts=TEXTS, gateways=tmp_path))


def test_a_whole_delivery_through_brevo_sends_nobody_the_same_notice_twice_when_lines_break(tmp_path):
    contacts = many_contacts(4)
    with brevo.opened("breaks", "takes") as pair:
        reach = deliver(tmp_path, contacts, a_plan(contacts), "", n_parallel=1, gateways=pair.gateways)
    assert sorted(letter["to"][0]["email"] for letter in pair.letters) == [f"p{i}@example.org" for i in range(4)]
    assert (reach.n_reached, reach.n_unsure) == (3, 1)  # until Brevo tells what became of it


# ---- SendGrid ----


def test_sendgrid_keeps_our_id_watches_nobody_and_passes_over_lists_of_those_who_left():
    letter = letter_of(sendgrid)
    assert letter["headers"]["Message-ID"] == f"<{'0' * 32}@hotel.example>"
    assert letter["custom_args"] == {"sending": "0" * 32}
    assert letter["personalizations"] == [{"to": [{"email": "p0@example.org"}]}]
    assert {name: setting["enable"] for name, setting in letter["tracking_settings"].items()} == {
        "click_tracking": False,
        "open_tracking": False,
        "subscription_tracking": False,
        "ganalytics": False,
    }
    assert letter["mail_settings"] == {
        "footer": {"enable": False},
        "bypass_unsubscribe_management": {"enable": True},
        "bypass_spam_management": {"enable": True},
    }


def test_a_newsletter_passes_over_no_list_of_those_who_left():
    assert letter_of(sendgrid, leave_url=LEAVE)["mail_settings"] == {"footer": {"enable": False}}


@pytest.mark.parametrize(
    ("behaviour", "says"), [("wrong_sender", "about from.email"), ("not_verified", "sender is not verified"), ("too_large", "HTTP 413")]
)
def test_what_sendgrid_refuses_for_everybody_stops_the_channel(behaviour, says):
    with sendgrid.opened(behaviour) as pair, pytest.raises(Refused, match=says):
        list(pair.channel.send(messages()))


def test_an_error_inside_sendgrid_is_a_doubt_and_its_absence_is_none():
    assert became(sendgrid, "fails", "takes") == ["unsure", "accepted", "accepted"]
    assert became(sendgrid, "away", "takes") == ["try_later", "accepted", "accepted"]


@pytest.mark.parametrize("line", ["MFkw", "not a key", "c29tZXRoaW5nIGVsc2U="])
def test_a_verification_key_that_is_none_is_found_before_anybody_is_told(tmp_path, line):
    (tmp_path / "key").write_text("s3cret\n")
    (tmp_path / "verification").write_text(line + "\n")
    (tmp_path / "sendgrid.toml").write_text('secret_file = "key"\nwebhook_secret_file = "verification"\n')
    with pytest.raises(BadChannelAddress, match="verification:1: is no verification key"):
        open_channel("email", Opening(company=a_company(), texts=TEXTS, gateways=tmp_path))


# ---- Mailjet ----


def test_mailjet_carries_our_number_twice_watches_nobody_and_knows_no_campaign():
    letter = letter_of(mailjet)
    assert (letter["CustomID"], json.loads(letter["EventPayload"])) == ("0" * 32, {"sending": "0" * 32})
    assert (letter["TrackOpens"], letter["TrackClicks"]) == ("disabled", "disabled")
    assert letter["From"] == {"Email": "notices@hotel.example", "Name": "Hôtel Exemple"}
    assert not {"CustomCampaign", "DeduplicateCampaign"} & set(letter)  # two persons with one address are two mails
    assert letter["Headers"] == {"Auto-Submitted": "auto-generated", "Content-Language": "en"}


def test_an_address_that_mailjet_refuses_inside_a_friendly_answer_is_refused():
    assert became(mailjet, "refuses_with_200", "takes") == ["refused", "accepted", "accepted"]


def test_an_error_inside_mailjet_or_an_answer_without_a_word_leaves_open_whether_it_sent():
    assert became(mailjet, "fails", "takes_silently", "takes") == ["unsure", "unsure", "accepted"]


@pytest.mark.parametrize(
    ("behaviour", "says"), [("wrong_sender", "mj-0013"), ("not_verified", "not validated"), ("too_long", "mj-0006"), ("bad_json", "mj-0002")]
)
def test_what_mailjet_refuses_for_everybody_stops_the_channel(behaviour, says):
    with mailjet.opened(behaviour) as pair, pytest.raises(Refused, match=says):
        list(pair.channel.send(messages()))


def test_mailjet_wants_both_its_keys_in_one_line(tmp_path):
    (tmp_path / "key").write_text("only-one\n")
    (tmp_path / "mailjet.toml").write_text('secret_file = "key"\n')
    with pytest.raises(BadChannelAddress, match="must read KEY:SECRET"):
        open_channel("email", Opening(company=a_company(), texts=TEXTS, gateways=tmp_path))
