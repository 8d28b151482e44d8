"""What providers and mail servers tell later: believed with their proof only, counted once, and followed by the next channel."""

import hashlib
import hmac
import json
import time
from base64 import b64encode
from datetime import timedelta

import pytest
from django.utils import timezone

from amanat import notify
from amanat.web import public_role
from amanat.web.notify import queries, told, told_tasks
from amanat.web.notify.ledger import PostgresLedger
from amanat.web.notify.models import ReceiptRow, ReportRow, SendingRow
from amanat.web.respond import journal
from amanat.web.scope import people
from tests.notify.test_bounces import a_dsn

from .test_approval import alice, countersign, fresh, incident, person, sign, story  # noqa: F401  fixtures
from .test_public import door  # noqa: F401  fixture

pytestmark = pytest.mark.django_db
KEY = "signing-key-of-the-house"


@pytest.fixture
def gateways(tmp_path, monkeypatch):
    (tmp_path / "key").write_text(KEY + "\n")
    (tmp_path / "login").write_text("postmark:a long password\n")
    (tmp_path / "mailgun.toml").write_text('domain = "mail.hotel.example"\nsecret_file = "key"\nwebhook_secret_file = "key"\n')
    (tmp_path / "postmark.toml").write_text('secret_file = "key"\nwebhook_secret_file = "login"\n')
    monkeypatch.setenv("AMANAT_GATEWAYS", str(tmp_path))
    return tmp_path


@pytest.fixture
def sent(incident, fresh, monkeypatch):  # noqa: F811
    """One mail that a server accepted, and a letter in reserve."""
    monkeypatch.setattr(PostgresLedger, "do", lambda self, what, *args: what(*args))  # in this thread, which alone sees the test's transaction
    people.load(incident, [person(0, address="1 rue Exemple, 75000 Paris", channel_order=("email", "letter"))])
    sign(fresh, incident, typed="1")
    countersign(fresh, incident, typed="1")
    ledger, now = PostgresLedger(queries.standing_approval(incident)), timezone.now()
    [claimed] = ledger.claim("email", 25, at=now)
    ledger.record(notify.Outcome(sending_id=claimed.sending_id, became="accepted", answer="250 taken"), at=now)
    return SendingRow.objects.get(turn=0)


def by_mailgun(sending_id, event="failed", *, key=KEY, token="t" * 50, at=None, **more):
    at = str(int(at or time.time()))
    data = {
        "event": event,
        "timestamp": float(at),
        "recipient": "guest0@example.org",
        "severity": "permanent",
        "reason": "bounce",
        "user-variables": {"sending": sending_id},
        "delivery-status": {"code": 550, "message": "5.1.1 <guest0@example.org> no such user", "description": ""},
        "message": {"headers": {"message-id": f"{sending_id}@hotel.example", "to": "guest0@example.org"}},
        "client-info": {},
    }
    signature = hmac.new(key.encode(), f"{at}{token}".encode(), hashlib.sha256).hexdigest()
    return {"signature": {"timestamp": at, "token": token, "signature": signature}, "event-data": data | more}


def post(door, provider, body, **headers):  # noqa: F811
    return door.post(f"/en/told/{provider}/", json.dumps(body), content_type="application/json", headers=headers).status_code


def as_postmark(password="a long password"):
    return {"Authorization": "Basic " + b64encode(f"postmark:{password}".encode()).decode()}


def states():
    return dict(SendingRow.objects.values_list("channel", "state"))


def test_a_bounce_that_mailgun_tells_brings_the_letter(sent, gateways, door):  # noqa: F811
    assert post(door, "mailgun", by_mailgun(sent.pk.hex)) == 200
    assert states() == {"email": "accepted", "letter": "idle"}  # the public door wrote one row, and touched nothing
    assert told_tasks.note(now=timezone.now()) == {"noted": 1}

    assert states() == {"email": "bounced", "letter": "queued"}
    assert ReceiptRow.objects.get(state="bounced").answer == "mailgun: bounced 5.1.1"
    [entry] = [e for e in journal.entries(sent.incident_id) if e["act"] == "reports.noted"]
    assert entry["what"]["bounced"] == 1


def test_a_bounce_that_postmark_tells_brings_the_letter(sent, gateways, door):  # noqa: F811
    body = {
        "RecordType": "Bounce",
        "Type": "HardBounce",
        "MessageID": "b7bc2f4a-e38e-4336-af7d-e6c392c2f817",
        "Email": "guest0@example.org",
        "BouncedAt": "2026-11-22T12:00:00Z",
        "Details": "smtp;550 5.1.1 no such user",
        "Metadata": {"sending": sent.pk.hex},
    }
    assert post(door, "postmark", body, **as_postmark()) == 200
    assert post(door, "postmark", body, **as_postmark()) == 200  # told twice
    told_tasks.note(now=timezone.now())
    assert states() == {"email": "bounced", "letter": "queued"}
    assert ReportRow.objects.count() == 1


@pytest.mark.parametrize(
    "body",
    [
        by_mailgun("a" * 32, key="another key"),
        by_mailgun("a" * 32) | {"signature": {}},
        {"event-data": {}},
        by_mailgun("a" * 32, at=time.time() - 86_400),  # an old signature, caught somewhere and used again
        by_mailgun("a" * 32, at=time.time() + 86_400),
        [],
        "text",
    ],
)
def test_what_mailgun_did_not_sign_now_is_not_believed(gateways, door, body):  # noqa: F811
    assert post(door, "mailgun", body) in (400, 403)
    assert ReportRow.objects.count() == 0


def test_a_signature_used_again_with_another_story_changes_nothing(sent, gateways, door):  # noqa: F811
    assert post(door, "mailgun", by_mailgun(sent.pk.hex, "delivered")) == 200
    assert post(door, "mailgun", by_mailgun(sent.pk.hex, "failed")) == 200  # the same token: Mailgun signs no more than that
    told_tasks.note(now=timezone.now())
    assert states() == {"email": "delivered", "letter": "idle"}


@pytest.mark.parametrize("headers", [{}, as_postmark("another"), {"Authorization": "Basic !!"}])
def test_who_does_not_log_in_is_not_postmark(gateways, door, headers):  # noqa: F811
    assert post(door, "postmark", {"RecordType": "Delivery", "Metadata": {"sending": "a" * 32}}, **headers) in (400, 403)
    assert ReportRow.objects.count() == 0


def test_without_a_secret_nobody_is_believed(gateways, door, monkeypatch):  # noqa: F811
    (gateways / "mailgun.toml").write_text('domain = "mail.hotel.example"\nsecret_file = "key"\n')
    assert post(door, "mailgun", by_mailgun("a" * 32)) == 403
    monkeypatch.delenv("AMANAT_GATEWAYS")
    assert post(door, "mailgun", by_mailgun("a" * 32)) == 403
    assert door.get("/en/told/mailgun/").status_code == 405


@pytest.mark.parametrize(
    ("event", "more", "state", "letter"),
    [
        ("delivered", {}, "delivered", "idle"),
        ("complained", {}, "delivered", "idle"),  # a statutory notice is suppressed by nobody
        ("opened", {}, "delivered", "idle"),
        ("failed", {"severity": "temporary"}, "accepted", "idle"),
        ("unsubscribed", {}, "delivered", "idle"),  # nor does who leaves by a way out that Mailgun put there
        ("rejected", {"reject": {"reason": "old"}}, "bounced", "queued"),
    ],
)
def test_each_event_is_what_it_is(sent, gateways, door, event, more, state, letter):  # noqa: F811
    assert post(door, "mailgun", by_mailgun(sent.pk.hex, event, **more)) == 200
    told_tasks.note(now=timezone.now())
    assert states() == {"email": state, "letter": letter}


def test_no_row_holds_an_address(sent, gateways, door):  # noqa: F811
    post(door, "mailgun", by_mailgun(sent.pk.hex))
    told_tasks.note(now=timezone.now())
    rows = [*ReportRow.objects.values_list(), *ReceiptRow.objects.values_list()]
    assert "example.org" not in repr(rows)


def test_a_report_that_comes_before_the_answer_waits_for_it(sent, gateways, door):  # noqa: F811
    SendingRow.objects.filter(pk=sent.pk).update(state="attempting")
    post(door, "mailgun", by_mailgun(sent.pk.hex))
    assert told_tasks.note(now=timezone.now()) == {}
    SendingRow.objects.filter(pk=sent.pk).update(state="accepted")
    assert told_tasks.note(now=timezone.now()) == {"noted": 1}
    assert told_tasks.note(now=timezone.now()) == {}  # once


def test_a_sending_that_nobody_knows_is_closed_as_such(gateways, door):  # noqa: F811
    assert post(door, "mailgun", by_mailgun("a" * 32)) == 200
    assert told_tasks.note(now=timezone.now()) == {"unknown": 1}


def test_bounces_in_the_maildir_are_read_noted_and_removed(sent, tmp_path):
    box = tmp_path / "box" / "new"
    box.mkdir(parents=True)
    (box / "1").write_bytes(a_dsn(sent.pk.hex))
    (box / "2").write_bytes(b"From: sara@example.org\n\nHello")
    assert told.take_mails(tmp_path / "box", {"hotel.example"}, now=timezone.now()) == 2
    assert list(box.iterdir()) == []
    told_tasks.note(now=timezone.now())
    assert states() == {"email": "bounced", "letter": "queued"}
    assert ReceiptRow.objects.get(state="bounced").answer == "mail: bounced 5.1.1"


def test_the_domains_of_what_was_sent_are_those_of_its_company(sent):
    company = queries.company_of(sent.incident)
    assert set(company.domains) <= told_tasks.our_domains()


def test_old_reports_are_erased(sent, gateways, door):  # noqa: F811
    post(door, "mailgun", by_mailgun(sent.pk.hex))
    told_tasks.note(now=timezone.now() - timedelta(days=31))
    told_tasks.note_reports.func(timestamp=0)
    assert ReportRow.objects.count() == 0


def test_the_public_door_may_add_a_report_and_read_none():
    assert public_role.RIGHTS["notify_reportrow"] == "insert"


def test_a_mailbox_on_a_server_is_read_each_mail_kept_before_it_is_marked(sent, monkeypatch):
    from amanat.notify.imap_box import Waiting

    marked = []

    def mails(_box):
        for n in range(2):
            yield Waiting(a_dsn(sending_id=sent.pk.hex if n else "ab" * 16), lambda: marked.append(ReportRow.objects.count()))

    monkeypatch.setattr(told_tasks, "our_domains", lambda: {"hotel.example"})
    monkeypatch.setattr(notify, "waiting_mails", mails, raising=False)
    monkeypatch.setattr(notify, "imap_box", lambda address, *, login_file: address, raising=False)
    monkeypatch.setenv("AMANAT_BOUNCES", "imaps://mail.hotel.example/INBOX")
    told_tasks.note_reports(0)
    assert marked == [1, 2]
    assert states() == {"email": "bounced", "letter": "queued"}


def test_a_mail_server_that_is_away_keeps_nothing_else_from_being_noted(sent, monkeypatch, tmp_path, caplog):
    (tmp_path / "login").write_text("a:b\n")
    monkeypatch.setenv("AMANAT_BOUNCES", "imaps://127.0.0.1:9/INBOX")
    monkeypatch.setenv("AMANAT_BOUNCES_LOGIN_FILE", str(tmp_path / "login"))
    ReportRow.objects.create(provider="mailgun", key="1", sending_id=sent.pk.hex, state="bounced", says="mailgun: failed", at=timezone.now())
    told_tasks.note_reports(0)
    assert states()["email"] == "bounced"
    assert "the mail server does not answer" in caplog.text


def test_a_bounce_that_amazon_tells_brings_the_letter_and_nobody_else_can_tell_it(sent, gateways, door, monkeypatch):  # noqa: F811
    from tests.notify import test_sns as amazon

    (gateways / "ses.toml").write_text(f'topic = "{amazon.TOPIC}"\n')
    asked = []

    def from_amazon(url):
        asked.append(url)
        return amazon.pem_of(amazon.KEY, until=timezone.now() + timedelta(days=300))

    monkeypatch.setattr(told, "from_amazon", from_amazon)
    now = timezone.now().strftime("%Y-%m-%dT%H:%M:%S.000Z")
    bounce = json.loads(json.dumps(amazon.a_bounce()).replace(amazon.ID, sent.pk.hex))

    def tell(body):
        return door.post("/en/told/ses/", body, content_type="text/plain; charset=UTF-8").status_code

    asks = {"Type": "SubscriptionConfirmation", "Token": "t0k3n", "SubscribeURL": "https://sns.eu-west-1.amazonaws.com/", "Timestamp": now}
    assert tell(amazon.signed("You have chosen to subscribe", **asks)) == 200
    assert asked[-1].startswith("https://sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription&")
    assert tell(amazon.signed(bounce, key=amazon.OTHER, Timestamp=now)) == 403
    assert not ReportRow.objects.exists()
    assert [tell(amazon.signed(bounce, Timestamp=now)) for _ in range(2)] == [200, 200]
    told_tasks.note(now=timezone.now())
    assert states() == {"email": "bounced", "letter": "queued"}
    assert ReceiptRow.objects.get(state="bounced").answer == "ses: bounced 5.1.1"
