"""What providers and the company's portal tell the public door about our messages: believed only with proof, kept once, noted by a worker.

The public door may not touch the ledger. It writes one row that names a sending and what became of it: no address, no words of a person.
`django-anymail` knows each provider's proof and the forms of what it tells.
"""

import hashlib
import json
import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import lru_cache, partial
from pathlib import Path
from typing import Any
from urllib.request import HTTPRedirectHandler, build_opener

from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from amanat import notify
from amanat.lib import settings as outside
from amanat.web.notify.models import ReportRow

BODY_MAX = 1_000_000  # SendGrid and Brevo gather some hundred events before they tell them
CERTIFICATE_MAX = 20_000
OPENED_MAX = 5000  # messages in one word of the portal
# Mailgun signs a moment and a number, not what it tells: whoever got hold of one signature could tell anything with it, but only once (the
# number is our key) and only while it is fresh. It tries again for eight hours.
FRESH_FOR = timedelta(hours=12)

# What a provider says, and what a ledger is told of that. "Opened" we asked nobody to watch; where it comes anyway, the mail arrived.
STATES = {
    "delivered": "delivered",
    "opened": "delivered",
    "clicked": "delivered",
    "complained": "complained",
    # By a way out that the provider put there. A bulletin they leave; a notice that the law requires is nothing that one can leave.
    "unsubscribed": "complained",
    "bounced": "bounced",
    "rejected": "bounced",
    "failed": "bounced",
}


class NotTheirs(SuspiciousOperation):
    """What came was not proven to be the provider's."""


@csrf_exempt
@require_POST
def told(request: HttpRequest, provider: str) -> HttpResponse:
    """Takes what a provider tells about mails that it delivers for us. Every answer is empty: a stranger learns nothing."""
    folder = outside.get("AMANAT_GATEWAYS")
    proof = (notify.ses_topic if provider == "ses" else partial(notify.webhook_secret, provider))(Path(folder).expanduser()) if folder else ""
    kind = "text/plain" if provider == "ses" else "application/json"
    if not proof or int(request.headers.get("Content-Length") or 0) > BODY_MAX or request.content_type != kind:
        return HttpResponse(status=403)
    try:
        rows = list(_rows(request, provider, proof, now=timezone.now()))
    except SuspiciousOperation:
        return HttpResponse(status=403)
    except (ValueError, KeyError, TypeError, AttributeError):
        return HttpResponse(status=400)  # proven, and of a form that nobody knows
    # The same event told twice is one row.
    ReportRow.objects.bulk_create(rows, ignore_conflicts=True)
    return HttpResponse(status=200)


def _rows(request: HttpRequest, provider: str, secret: str, *, now: datetime) -> Iterator[ReportRow]:
    if provider in ("portal", "ses"):
        yield from (_of_portal if provider == "portal" else _of_ses)(request, secret, now=now)
        return
    view = _view(provider, secret)
    view.run_validators(request)
    body = json.loads(request.body)
    key = _key(provider, body, now=now)
    for n, event in enumerate(_events(view, provider, request, body)):
        sending_id = str((event.metadata or {}).get("sending", ""))
        state = STATES.get(str(event.event_type))
        if state and re.fullmatch("[0-9a-f]{32}", sending_id):
            # SendGrid numbers its events, and may tell one again among others.
            one = event.event_id if provider == "sendgrid" and event.event_id else f"{key}\0{n}"
            number = hashlib.sha256(f"{provider}\0{one}".encode()).hexdigest()
            says = _says(provider, str(event.event_type), f"{event.description or ''} {event.mta_response or ''}")
            yield ReportRow(provider=provider, key=number, sending_id=sending_id, state=state, says=says, at=now)


def _of_portal(request: HttpRequest, secret: str, *, now: datetime) -> Iterator[ReportRow]:
    """Whose message was opened, as the company's own portal says it: `{"opened": ["…", …]}`, signed (`notify.portal_request`)."""
    if not notify.is_signed_request(secret, "POST", request.path, request.body, request.headers, now=now):
        raise NotTheirs("no signature of the portal")
    for sending_id in json.loads(request.body)["opened"][:OPENED_MAX]:
        if re.fullmatch("[0-9a-f]{32}", str(sending_id)):
            key = hashlib.sha256(f"portal\0{sending_id}".encode()).hexdigest()
            yield ReportRow(provider="portal", key=key, sending_id=sending_id, state="delivered", says="portal: opened by the person", at=now)


def _of_ses(request: HttpRequest, topic: str, *, now: datetime) -> Iterator[ReportRow]:
    """What Amazon SES tells through our topic of SNS; its first word asks whether we want to hear more."""
    try:
        message = notify.proven_by_sns(request.body, topic, now=now, fetch=from_amazon)
    except notify.NotAmazons as error:
        raise NotTheirs(str(error)) from None
    if message["Type"] == "SubscriptionConfirmation":
        from_amazon(notify.confirmation_url(message))
        return
    if event := notify.ses_event(message):
        key = hashlib.sha256(f"ses\0{message['MessageId']}".encode()).hexdigest()
        says = _says("ses", event.event, event.code)
        yield ReportRow(provider="ses", key=key, sending_id=event.sending_id, state=STATES[event.event], says=says, at=now)


@lru_cache(maxsize=32)
def from_amazon(url: str) -> bytes:
    """What lies at one of Amazon's addresses: its certificate, or a subscription that we confirm. Asked once; raises OSError."""

    class Stays(HTTPRedirectHandler):
        def redirect_request(self, *_given: Any) -> None:
            return None

    with build_opener(Stays).open(url, timeout=5) as answer:
        return bytes(answer.read(CERTIFICATE_MAX))


def _view(provider: str, secret: str) -> Any:
    """What knows the provider's proof and its words. Those that sign nothing log in with what stands in the address they were given."""
    if provider == "mailgun":
        from anymail.webhooks.mailgun import MailgunTrackingWebhookView

        return MailgunTrackingWebhookView(webhook_signing_key=secret)
    if provider == "sendgrid":
        from anymail.webhooks.sendgrid import SendGridTrackingWebhookView

        return SendGridTrackingWebhookView(tracking_webhook_verification_key=secret)
    if provider == "brevo":
        from anymail.webhooks.brevo import BrevoTrackingWebhookView

        return BrevoTrackingWebhookView(webhook_secret=secret)
    if provider == "mailjet":
        from anymail.webhooks.mailjet import MailjetTrackingWebhookView

        return MailjetTrackingWebhookView(webhook_secret=secret)
    from anymail.webhooks.postmark import PostmarkTrackingWebhookView

    return PostmarkTrackingWebhookView(webhook_secret=secret)


def _events(view: Any, provider: str, request: HttpRequest, body: Any) -> list[Any]:
    if provider == "brevo":
        # One event or, from a batched webhook, which that library does not know, a list of them.
        return [view.esp_to_anymail_event(one) for one in (body if isinstance(body, list) else [body])]
    events: list[Any] = view.parse_events(request)
    return events


def _key(provider: str, body: Any, *, now: datetime) -> str:
    """What makes an event one event."""
    if provider == "mailgun":
        signature = body["signature"]
        at = datetime.fromtimestamp(float(signature["timestamp"]), tz=now.tzinfo)
        if abs(now - at) > FRESH_FOR:
            raise NotTheirs("an old signature")
        return str(signature["token"])
    return json.dumps(body, sort_keys=True)


def _says(provider: str, event: str, words: str) -> str:
    """The provider, what it calls it, and the status code; a server's prose may hold an address, so it stays outside."""
    code = re.search(r"\b[245]\.\d{1,3}\.\d{1,3}\b", words)
    return f"{provider}: {event}{' ' + code[0] if code else ''}"


# ---- by mail ----


def take_mails(folder: Path, domains: set[str], *, now: datetime) -> int:
    """Reads the bounces that the mail server put into a Maildir, keeps what they say, and removes them: they hold addresses.

    Returns how many were read.
    """
    n = 0
    for path in sorted((folder / "new").glob("*")) if folder.is_dir() else []:
        with path.open("rb") as file:
            _keep(file.read(notify.BOUNCE_SIZE_MAX + 1), domains, now=now)
        path.unlink()
        n += 1
    return n


def take_mails_from_server(address: str, login_file: Path, domains: set[str], *, now: datetime) -> int:
    """Reads the bounces in a mailbox on a server, keeps what they say, and has each marked or moved after that; raises Fixable.

    Returns how many were read.
    """
    n = 0
    for mail in notify.waiting_mails(notify.imap_box(address, login_file=login_file)):
        _keep(mail.raw, domains, now=now)
        mail.done()
        n += 1
    return n


def _keep(raw: bytes, domains: set[str], *, now: datetime) -> None:
    bounce = notify.read_bounce(raw, domains)
    if bounce.sending_id:
        says = _says("mail", bounce.says, bounce.answer)
        key = hashlib.sha256(b"mail\0" + raw).hexdigest()
        row = ReportRow(provider="mail", key=key, sending_id=bounce.sending_id, state=bounce.says, says=says, at=now)
        ReportRow.objects.bulk_create([row], ignore_conflicts=True)
