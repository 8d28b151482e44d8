"""What Brevo, Mailjet and SendGrid tell: proven in the way that each of them offers, counted once, and followed by the next channel."""

import json
from base64 import b64encode

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.utils import timezone

from amanat.web.notify import told, told_tasks
from amanat.web.notify.models import ReceiptRow, ReportRow

from .test_approval import alice, fresh, incident, story  # noqa: F401  fixtures
from .test_public import door  # noqa: F401  fixture
from .test_told import sent, states  # noqa: F401  fixture

pytestmark = pytest.mark.django_db
OURS, OTHER = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
WHO = "guest0@example.org"


@pytest.fixture
def gateways(tmp_path, monkeypatch):
    public = OURS.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    (tmp_path / "verification").write_text(b64encode(public).decode() + "\n")
    (tmp_path / "login").write_text("amanat:a long password\n")
    (tmp_path / "sendgrid.toml").write_text('secret_file = "key"\nwebhook_secret_file = "verification"\n')
    (tmp_path / "mailjet.toml").write_text('secret_file = "key"\nwebhook_secret_file = "login"\n')
    (tmp_path / "brevo.toml").write_text('secret_file = "key"\ntracking = "anonymous"\nwebhook_secret_file = "login"\n')
    monkeypatch.setenv("AMANAT_GATEWAYS", str(tmp_path))


def post(door, provider, body, headers):  # noqa: F811
    raw = body if isinstance(body, str) else json.dumps(body)
    return door.post(f"/en/told/{provider}/", raw, content_type="application/json", headers=headers).status_code


def login(password="a long password"):
    return {"Authorization": "Basic " + b64encode(f"amanat:{password}".encode()).decode()}


def signed(body, *, key=OURS, at="1790000000"):
    """The two headers of the Signed Event Webhook: ECDSA with SHA-256 over the moment and the body."""
    signature = key.sign(at.encode() + json.dumps(body).encode(), ec.ECDSA(hashes.SHA256()))
    return {"X-Twilio-Email-Event-Webhook-Signature": b64encode(signature).decode(), "X-Twilio-Email-Event-Webhook-Timestamp": at}


def by_sendgrid(sending_id, event="bounce", number="a", **more):
    return {"email": WHO, "timestamp": 1790000000, "event": event, "sg_event_id": number, "sending": sending_id, "smtp-id": "<x@y>"} | more


def by_mailjet(sending_id, event="bounce", **more):
    said = {"event": event, "time": 1790000000, "MessageID": 19421777835146490, "email": WHO, "CustomID": sending_id}
    return said | {"Payload": json.dumps({"sending": sending_id})} | more


def by_brevo(sending_id, event="hard_bounce", **more):
    said = {"event": event, "email": WHO, "id": 1, "ts_epoch": 1790000000000, "message-id": "<1@smtp-relay.mailin.fr>", "tags": []}
    return said | {"X-Mailin-custom": json.dumps({"sending": sending_id})} | more


def tell(door, provider, sending_id, event):  # noqa: F811
    """One proven word of the provider."""
    body = {"brevo": by_brevo, "mailjet": by_mailjet, "sendgrid": by_sendgrid}[provider](sending_id, **event)
    body = [body] if provider == "sendgrid" else body
    assert post(door, provider, body, signed(body) if provider == "sendgrid" else login()) == 200


@pytest.mark.parametrize("provider", ["brevo", "mailjet", "sendgrid"])
def test_a_bounce_brings_the_letter(sent, gateways, door, provider):  # noqa: F811
    tell(door, provider, sent.pk.hex, {"reason": f"550 5.1.1 <{WHO}> unknown"})
    assert told_tasks.note(now=timezone.now()) == {"noted": 1}
    assert states() == {"email": "bounced", "letter": "queued"}
    assert WHO not in repr([*ReportRow.objects.values_list(), *ReceiptRow.objects.values_list()])


@pytest.mark.parametrize(
    ("provider", "event", "says", "state"),
    [
        ("brevo", {"reason": f"550 5.1.1 <{WHO}> unknown"}, "brevo: bounced 5.1.1", "bounced"),
        ("brevo", {"event": "soft_bounce"}, "brevo: bounced", "bounced"),  # after it tried for 36 hours
        ("brevo", {"event": "blocked"}, "brevo: rejected", "bounced"),
        ("brevo", {"event": "error"}, "brevo: failed", "bounced"),
        ("brevo", {"event": "delivered"}, "brevo: delivered", "delivered"),
        ("brevo", {"event": "spam"}, "brevo: complained", "complained"),
        ("brevo", {"event": "deferred"}, None, None),
        ("brevo", {"event": "request"}, None, None),
        ("brevo", {"event": "unsubscribe"}, "brevo: unsubscribed", "complained"),  # by the header that it adds
        ("mailjet", {"hard_bounce": True, "error": "user unknown"}, "mailjet: bounced", "bounced"),
        ("mailjet", {"hard_bounce": False, "error": "quota exceeded"}, "mailjet: bounced", "bounced"),  # after it tried for a day
        ("mailjet", {"hard_bounce": False, "error": "greylisted"}, None, None),
        ("mailjet", {"event": "blocked", "error": "preblocked"}, "mailjet: rejected", "bounced"),
        ("mailjet", {"event": "sent", "smtp_reply": "sent (250 2.0.0 OK)"}, "mailjet: delivered 2.0.0", "delivered"),
        ("mailjet", {"event": "unsub"}, "mailjet: unsubscribed", "complained"),
        ("mailjet", {"event": "spam"}, "mailjet: complained", "complained"),
        ("sendgrid", {"reason": f"550 5.1.1 <{WHO}> unknown", "status": "5.1.1"}, "sendgrid: bounced 5.1.1", "bounced"),
        ("sendgrid", {"event": "dropped", "reason": "Bounced Address"}, "sendgrid: rejected", "bounced"),
        ("sendgrid", {"event": "delivered", "response": "250 2.0.0 OK"}, "sendgrid: delivered 2.0.0", "delivered"),
        ("sendgrid", {"event": "spamreport"}, "sendgrid: complained", "complained"),
        ("sendgrid", {"event": "deferred", "response": "450 4.2.1 later"}, None, None),
        ("sendgrid", {"event": "processed"}, None, None),
    ],
)
def test_each_word_of_a_provider_is_what_it_is(gateways, door, provider, event, says, state):  # noqa: F811
    tell(door, provider, "a" * 32, event)
    assert list(ReportRow.objects.values_list("says", "state")) == ([(says, state)] if says else [])


@pytest.mark.parametrize("provider", ["brevo", "mailjet", "sendgrid"])
def test_without_the_providers_proof_nothing_is_believed(gateways, door, provider):  # noqa: F811
    body = [by_sendgrid("a" * 32)] if provider == "sendgrid" else {"brevo": by_brevo, "mailjet": by_mailjet}[provider]("a" * 32)
    false = [{}, login("another"), {"Authorization": "Basic !!"}, signed(body, key=OTHER), signed([by_sendgrid("b" * 32)])]
    assert {post(door, provider, body, headers) for headers in false} <= {400, 403}
    assert not ReportRow.objects.exists()


def test_a_signature_of_sendgrid_holds_for_its_moment_alone(gateways, door):  # noqa: F811
    body = [by_sendgrid("a" * 32)]
    later = signed(body) | {"X-Twilio-Email-Event-Webhook-Timestamp": "1790000001"}
    assert post(door, "sendgrid", body, later) == 403
    assert post(door, "sendgrid", body, signed(body) | {"X-Twilio-Email-Event-Webhook-Signature": "%%%"}) == 403
    assert not ReportRow.objects.exists()


def test_an_event_that_sendgrid_tells_again_among_others_counts_once(gateways, door):  # noqa: F811
    first = [by_sendgrid("a" * 32, "delivered", "a")]
    again = [by_sendgrid("c" * 32, "delivered", "b"), *first]
    assert [post(door, "sendgrid", body, signed(body)) for body in (first, again)] == [200, 200]
    assert ReportRow.objects.count() == 2


@pytest.mark.parametrize("provider", ["brevo", "mailjet"])
def test_events_that_come_together_are_all_read_and_count_once_when_told_twice(gateways, door, provider):  # noqa: F811
    one = {"brevo": by_brevo, "mailjet": by_mailjet}[provider]
    body = [one("a" * 32), one("b" * 32)]
    assert [post(door, provider, body, login()) for _ in range(2)] == [200, 200]
    assert sorted(ReportRow.objects.values_list("sending_id", flat=True)) == ["a" * 32, "b" * 32]


@pytest.mark.parametrize("provider", ["brevo", "mailjet"])
@pytest.mark.parametrize("body", ["{", "[1]", '"text"', "7", "null", '{"event": ["x"]}', '{"items": []}'])
def test_what_nobody_understands_is_said_to_be_so_and_kept_nowhere(gateways, door, provider, body):  # noqa: F811
    assert post(door, provider, body, login()) in (200, 400)
    assert not ReportRow.objects.exists()


def test_another_mail_of_the_same_account_is_no_business_of_ours(gateways, door):  # noqa: F811
    for body in (by_brevo("x"), {**by_brevo("x"), "X-Mailin-custom": "an invoice"}, {**by_brevo("x"), "X-Mailin-custom": '["a"]'}):
        assert post(door, "brevo", body, login()) in (200, 400)
    assert post(door, "mailjet", by_mailjet("x", Payload=""), login()) == 200
    assert not ReportRow.objects.exists()


def test_some_hundred_events_fit_into_one_word_of_a_provider(gateways, door):  # noqa: F811
    body = [by_brevo(f"{n:032x}", reason="x" * 500) for n in range(500)]
    assert post(door, "brevo", body, login()) == 200
    assert ReportRow.objects.count() == 500
    assert post(door, "brevo", "x" * (told.BODY_MAX + 1), login()) == 403
