"""Amazon's word about our mails: believed with its signature, about our topic, while it is fresh; and what it means."""

import base64
import json
from datetime import datetime, timedelta, timezone

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from hypothesis import given
from hypothesis import strategies as st

from amanat.notify.sns import BadTopic, NotAmazons, confirmation_url, proven_by_sns, ses_event, ses_topic

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=timezone.utc)
TOPIC = "arn:aws:sns:eu-west-1:123456789012:amanat"
CERTIFICATE = "https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-0123456789abcdef.pem"
ID = "07dfb848f38ded29313f87b28269452e"
KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
OTHER = rsa.generate_private_key(public_exponent=65537, key_size=2048)


def pem_of(key, since=NOW - timedelta(days=30), until=NOW + timedelta(days=300)):
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "sns.amazonaws.com")])
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(1)
    made = made.not_valid_before(since).not_valid_after(until).sign(key, hashes.SHA256())
    return made.public_bytes(serialization.Encoding.PEM)


def signed(told, *, key=KEY, **more):
    """As SNS signs it: the fields of the guide in their order, each name and value on a line of its own."""
    message = {
        "Type": "Notification",
        "MessageId": "22b80b92-fdea-4c2c-8f9d-bdfb0c7bf324",
        "TopicArn": TOPIC,
        "Message": told if isinstance(told, str) else json.dumps(told),
        "Timestamp": "2026-11-22T11:59:00.000Z",
        "SignatureVersion": "2",
        "SigningCertURL": CERTIFICATE,
    } | more
    names = ["Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"]
    if message["Type"] != "Notification":
        names = ["Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"]
    said = "".join(f"{name}\n{message[name]}\n" for name in names if name in message)
    message.setdefault("Signature", base64.b64encode(key.sign(said.encode(), padding.PKCS1v15(), hashes.SHA256())).decode())
    return json.dumps(message).encode()


def fetch(url):
    assert url == CERTIFICATE
    return pem_of(KEY)


def a_bounce(kind="Permanent", action="failed", **mail):
    headers = [{"name": "From", "value": "notices@hotel.example"}, {"name": "Message-ID", "value": f"<{ID}@hotel.example>"}]
    bounce = {"bounceType": kind, "bouncedRecipients": [{"emailAddress": "sara@example.org", "status": "5.1.1", "action": action}]}
    return {"notificationType": "Bounce", "bounce": bounce, "mail": {"source": "notices@hotel.example", "headers": headers} | mail}


def test_what_amazon_signed_about_our_topic_is_believed():
    message = proven_by_sns(signed(a_bounce(), Subject="Amazon SES"), TOPIC, now=NOW, fetch=fetch)
    event = ses_event(message)
    assert (event.sending_id, event.event, event.code) == (ID, "bounced", "5.1.1")


@pytest.mark.parametrize(
    "more",
    [
        {"Signature": "AAAA"},
        {"Signature": "no base64!"},
        {"TopicArn": "arn:aws:sns:eu-west-1:999999999999:amanat"},
        {"SignatureVersion": "1"},
        {"Timestamp": "2026-11-21T11:00:00.000Z"},
        {"Timestamp": "2026-11-24T11:00:00.000Z"},
        {"Timestamp": "yesterday"},
        {"SigningCertURL": "https://sns.eu-west-1.amazonaws.com.thief.example/SimpleNotificationService-0.pem"},
        {"SigningCertURL": "http://sns.eu-west-1.amazonaws.com/SimpleNotificationService-0.pem"},
        {"SigningCertURL": "https://sns.us-east-1.amazonaws.com/SimpleNotificationService-0.pem"},
        {"SigningCertURL": "https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-0.pem?x=.pem"},
        {"SigningCertURL": "https://sns.eu-west-1.amazonaws.com@thief.example/SimpleNotificationService-0.pem"},
        {"Type": "Anything"},
    ],
)
def test_anything_else_is_not(more):
    with pytest.raises(NotAmazons):
        proven_by_sns(signed(a_bounce(), **more), TOPIC, now=NOW, fetch=fetch)


def test_another_key_a_changed_text_and_a_certificate_that_has_ended_are_refused():
    with pytest.raises(NotAmazons):
        proven_by_sns(signed(a_bounce(), key=OTHER), TOPIC, now=NOW, fetch=fetch)
    changed = json.loads(signed(a_bounce()))
    changed["Message"] = changed["Message"].replace(ID, "0" * 32)
    with pytest.raises(NotAmazons):
        proven_by_sns(json.dumps(changed).encode(), TOPIC, now=NOW, fetch=fetch)
    with pytest.raises(NotAmazons):
        proven_by_sns(signed(a_bounce()), TOPIC, now=NOW, fetch=lambda _url: pem_of(KEY, until=NOW - timedelta(days=1)))


def test_nobody_at_amazon_is_no_proof_either():
    def away(_url):
        raise OSError

    with pytest.raises(NotAmazons):
        proven_by_sns(signed(a_bounce()), TOPIC, now=NOW, fetch=away)


@given(st.binary(max_size=300))
def test_no_made_up_body_is_believed_or_breaks_anything(body):
    with pytest.raises(NotAmazons):
        proven_by_sns(body, TOPIC, now=NOW, fetch=fetch)


@pytest.mark.parametrize(
    ("told", "event"),
    [
        (a_bounce("Transient", "failed"), "bounced"),  # the mailbox is full, and SES has given up
        (a_bounce("Transient", ""), None),  # somebody is on holiday
        ({"notificationType": "Delivery", "mail": a_bounce()["mail"]}, "delivered"),
        ({"notificationType": "Complaint", "mail": a_bounce()["mail"]}, "complained"),
        ({"eventType": "Reject", "mail": a_bounce()["mail"]}, "bounced"),
        ({"eventType": "Open", "mail": a_bounce()["mail"]}, None),
        (a_bounce(headers=[], source=f"bounces+{ID}@hotel.example"), "bounced"),
        (a_bounce(headers=[]), None),  # a mail of ours cannot be recognised without its headers
        ("Successfully validated SNS topic", None),
        ("[]", None),
    ],
)
def test_what_it_says_of_a_mail(told, event):
    found = ses_event({"Message": told if isinstance(told, str) else json.dumps(told)})
    assert (found.event if found else None) == event
    assert found is None or found.sending_id == ID


def test_a_subscription_is_confirmed_at_amazon_whatever_address_came_along():
    more = {"Type": "SubscriptionConfirmation", "Token": "2336/4&x", "SubscribeURL": "https://thief.example/"}
    message = proven_by_sns(signed("You have chosen to subscribe", **more), TOPIC, now=NOW, fetch=fetch)
    assert confirmation_url(message) == (
        "https://sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription&TopicArn=arn%3Aaws%3Asns%3Aeu-west-1%3A123456789012%3Aamanat&Token=2336/4%26x"
    )


def test_the_topic_stands_in_ses_toml(tmp_path):
    assert ses_topic(tmp_path) == ""
    (tmp_path / "ses.toml").write_text(f'topic = "{TOPIC}"\n')
    assert ses_topic(tmp_path) == TOPIC
    (tmp_path / "ses.toml").write_text('topic = "amanat"\n')
    with pytest.raises(BadTopic, match=r"ses\.toml:1"):
        ses_topic(tmp_path)
