"""What Amazon SES tells of our mails through SNS: believed only with Amazon's signature, from our own topic, and while it is fresh.

The signature is checked here: the library that knows other providers' ways (django-anymail 15) does not check it. Mails themselves go
through SES's SMTP interface, as through any relay. Source: Amazon SNS Developer Guide, "Verifying the signatures of Amazon SNS messages";
Amazon SES Developer Guide, "Amazon SNS notification contents for Amazon SES", both as stored copies, read on 2026-11-22.
"""

import base64
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

from amanat.lib.errors import Fixable
from amanat.lib.shape import build, line_of, read_toml

FRESH_FOR = timedelta(hours=12)  # SNS tries again for an hour; what somebody recorded is worth nothing later
_ARN = re.compile(r"arn:aws(?P<china>-cn)?(?:-us-gov)?:sns:(?P<region>[a-z]{2}(?:-[a-z]+)+-\d):\d{12}:[\w-]{1,256}", re.ASCII)
_OF_NOTIFICATION = ("Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type")
_OF_CONFIRMATION = ("Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type")


class BadTopic(Fixable):
    """`ses.toml` names no topic of SNS."""


class NotAmazons(Exception):
    """What came is not proven to be Amazon's word about our topic."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ses:
    """`ses.toml`."""

    topic: str  # ARN of the SNS topic to which SES publishes bounces, complaints and deliveries


@dataclass(frozen=True, slots=True, kw_only=True)
class SesEvent:
    """What became of one mail."""

    sending_id: str
    event: str  # bounced | complained | delivered
    code: str = ""  # status code such as 5.1.1


def ses_topic(folder: Path) -> str:
    """The topic in the folder's `ses.toml`; empty when there is none. Raises BadTopic."""
    path = folder / "ses.toml"
    if not path.is_file():
        return ""
    topic = build(Ses, read_toml(path), where=path).topic
    if not _ARN.fullmatch(topic):
        raise BadTopic(f"{line_of(path, 'topic')}: must read arn:aws:sns:REGION:ACCOUNT:NAME, as SNS shows it")
    return topic


def proven_by_sns(body: bytes, topic: str, *, now: datetime, fetch: Callable[[str], bytes]) -> dict[str, str]:
    """The message of SNS, once its signature holds; raises NotAmazons.

    Args:
        topic: ours; nothing about another one is believed.
        fetch: gives what lies at an https address, without following redirects; asked only for Amazon's certificate.
    """
    try:
        given = json.loads(body)
        message = {str(name): value for name, value in given.items() if isinstance(value, str)}
        fields = {"Notification": _OF_NOTIFICATION, "SubscriptionConfirmation": _OF_CONFIRMATION}[message["Type"]]
        if message["TopicArn"] != topic or message["SignatureVersion"] != "2":
            raise NotAmazons("another topic, or a signature with SHA-1")
        if abs(now - datetime.fromisoformat(message["Timestamp"])) > FRESH_FOR:
            raise NotAmazons("not fresh")
        signature = base64.b64decode(message["Signature"], validate=True)
        certificate = _certificate(message["SigningCertURL"], topic, fetch)
        said = "".join(f"{name}\n{message[name]}\n" for name in fields if name in message)
        _check(certificate, signature, said.encode(), now=now)
    except (KeyError, ValueError, TypeError, AttributeError, RecursionError, OSError) as error:
        raise NotAmazons(type(error).__name__) from None
    return message


def confirmation_url(message: Mapping[str, str]) -> str:
    """Where our topic's subscription is confirmed, made from what was signed and not from an address that came along."""
    return f"https://{_host(message['TopicArn'])}/?Action=ConfirmSubscription&TopicArn={quote(message['TopicArn'])}&Token={quote(message['Token'])}"


def ses_event(message: Mapping[str, str]) -> SesEvent | None:
    """What a proven notification says; None where it is about no mail of ours or says nothing final."""
    try:
        told = json.loads(message["Message"])
        kind = told.get("notificationType") or told.get("eventType")
        sending_id = _sending_of(told["mail"])
        if not sending_id:
            return None
        if kind == "Bounce":
            return _of_bounce(told["bounce"], sending_id)
        event = {"Complaint": "complained", "Delivery": "delivered", "Reject": "bounced"}.get(kind)
    except (KeyError, ValueError, TypeError, AttributeError, RecursionError):
        return None
    return SesEvent(sending_id=sending_id, event=event) if event else None


def _of_bounce(bounce: Mapping[str, Any], sending_id: str) -> SesEvent | None:
    recipients = bounce.get("bouncedRecipients") or []
    has_failed = any(one.get("action") == "failed" for one in recipients)
    # SES calls a notice of absence a transient bounce as well: it says nothing about the mail, which arrived.
    if bounce.get("bounceType") != "Permanent" and not has_failed:
        return None
    found = re.search(r"\b[45]\.\d{1,3}\.\d{1,3}\b", " ".join(str(one.get("status", "")) for one in recipients))
    return SesEvent(sending_id=sending_id, event="bounced", code=found[0] if found else "")


def _sending_of(mail: Mapping[str, Any]) -> str:
    """SES gives a mail another Message-ID, and returns ours among the headers that it got; the envelope's sender may name it, too."""
    for header in mail.get("headers") or ():
        if str(header.get("name", "")).lower() == "message-id" and (found := re.fullmatch(r"<([0-9a-f]{32})@[^<>@\s]+>", str(header.get("value")))):
            return found[1]
    verp = re.search(r"\+([0-9a-f]{32})@", str(mail.get("source", "")))
    return verp[1] if verp else ""


def _host(topic: str) -> str:
    arn = _ARN.fullmatch(topic)
    if arn is None:
        raise NotAmazons("no topic")
    return f"sns.{arn['region']}.amazonaws.com{'.cn' if arn['china'] else ''}"


def _certificate(url: str, topic: str, fetch: Callable[[str], bytes]) -> bytes:
    # Whoever could name another host would sign with a key of their own.
    if not re.fullmatch(rf"https://{re.escape(_host(topic))}/SimpleNotificationService-[0-9A-Za-z_-]{{1,64}}\.pem", url):
        raise NotAmazons("a certificate from elsewhere")
    return fetch(url)


def _check(pem: bytes, signature: bytes, said: bytes, *, now: datetime) -> None:
    from cryptography import x509
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import padding, rsa

    certificate = x509.load_pem_x509_certificate(pem)
    key = certificate.public_key()
    if not isinstance(key, rsa.RSAPublicKey) or not certificate.not_valid_before_utc <= now <= certificate.not_valid_after_utc:
        raise NotAmazons("a certificate that does not hold now")
    try:
        key.verify(signature, said, padding.PKCS1v15(), hashes.SHA256())
    except InvalidSignature:
        raise NotAmazons("the signature does not fit") from None
