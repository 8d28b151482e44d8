"""E-mail through Twilio SendGrid, over its Mail Send interface (v3)."""

import re
from base64 import b64decode
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from amanat.lib.shape import line_of
from amanat.notify.channel import BadChannelAddress, ChannelType, Message, Opening, Outcome, Refused, an_example, gateway_file
from amanat.notify.gateway import Said, became_of, read_gateway, read_secret
from amanat.notify.json_account import JsonAccount
from amanat.notify.mime import reaches

_OFF, _ON = {"enable": False}, {"enable": True}


@dataclass(frozen=True, slots=True, kw_only=True)
class SendGrid:
    """`sendgrid.toml`."""

    secret_file: str  # its first line is an API key that may send mails, and needs to do nothing else
    url: str = "https://api.eu.sendgrid.com"  # for a subuser of the European region; https://api.sendgrid.com for all others
    webhook_secret_file: str = ""  # its first line is the verification key of the Signed Event Webhook, as SendGrid shows it (it is public)


class BySendGrid(JsonAccount):
    """An open account."""

    def __init__(self, opening: Opening) -> None:
        path = gateway_file("sendgrid", opening)
        given = read_gateway(SendGrid, "sendgrid", opening)
        if given.webhook_secret_file:
            _check_key(read_secret(given.webhook_secret_file, path), path.parent / given.webhook_secret_file)
        login = {"Authorization": f"Bearer {read_secret(given.secret_file, path)}"}
        super().__init__(opening, f"{given.url.rstrip('/')}/v3/mail/send", where=line_of(path, "url"), headers=login)

    def letter(self, message: Message, address: str) -> dict[str, Any]:
        text, html = self.parts(message)
        company = self.company
        letter: dict[str, Any] = {
            "personalizations": [{"to": [{"email": address}]}],
            "from": {"name": company.name, "email": company.sender},
            "reply_to": {"email": company.reply_to or company.sender},
            "subject": message.notice.subject,
            "content": [{"type": "text/plain", "value": text}, {"type": "text/html", "value": html}],
            "headers": {"Message-ID": self.message_id(message), **self.headers_of(message)},
            # Comes back in what SendGrid tells us later; what stands here it keeps for long, so it is a number that says nothing.
            "custom_args": {"sending": message.sending_id},
            # Nobody's reading is watched: no pixel, and no link that leads through somebody else. No way out is added, either.
            "tracking_settings": {
                "click_tracking": {"enable": False, "enable_text": False},
                "open_tracking": _OFF,
                "subscription_tracking": _OFF,
                "ganalytics": _OFF,
            },
            "mail_settings": {"footer": _OFF},
        }
        if not message.leave_url:
            # What the law requires does not end with a newsletter that somebody left or called spam. The list of addresses that bounced still
            # counts: SendGrid drops those at once, says so, and the next channel takes its turn. `bypass_list_management` would override that
            # list as well, and cannot be combined with these two.
            letter["mail_settings"] |= {"bypass_unsubscribe_management": _ON, "bypass_spam_management": _ON}
        return letter

    def judge(self, sending_id: str, said: Said) -> Outcome:
        words = f"HTTP {said.status} from SendGrid"
        if said.status == 403:
            raise Refused(f"{words}: our sender is not verified there, or the key may not send")
        became = became_of(said)
        if became == "refused":
            fields = _fields(said.value())
            if not fields or not all(field.startswith("personalizations.0.to") for field in fields):
                # The sender, the content, its size: as wrong for the next person as for this one.
                raise Refused(words + (f" about {', '.join(fields)}" if fields else ""))
            words += " about the address"
        return Outcome(sending_id=sending_id, became=became, answer=words)


def _check_key(key: str, file: Path) -> None:
    """Whether it can be a verification key: with a wrong one no word of SendGrid would be believed, and nobody would notice. Raises Fixable."""
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
    from cryptography.hazmat.primitives.serialization import load_der_public_key

    try:
        is_one = isinstance(load_der_public_key(b64decode(key, validate=True)), EllipticCurvePublicKey)
    except (ValueError, UnsupportedAlgorithm):
        is_one = False
    if not is_one:
        raise BadChannelAddress(f"{file}:1: is no verification key; copy the line that SendGrid shows where the Signed Event Webhook is enabled")


def _fields(value: Any) -> list[str]:
    """Which fields of our request its errors are about: its own names for them, never what stood in them."""
    errors = value.get("errors") if isinstance(value, dict) else None
    names = [str(error.get("field")) for error in errors or () if isinstance(error, dict)]
    return [name if re.fullmatch(r"[\w.]{1,60}", name) else "something" for name in names]


CHANNEL = ChannelType(
    says="E-mail through Twilio SendGrid.",
    reaches=reaches,
    lacks="no e-mail address on file",
    open=BySendGrid,
    carries="email",
    gateway=SendGrid,
    source="https://www.twilio.com/docs/sendgrid/api-reference/mail-send/mail-send",
    read_on="2026-11-23",
    read_as="Stored copies, of unknown age, of its reference (errors of Mail Send, Event Webhook, the European host), of its guide to suppressions "
    "and the settings that pass over them, and of django-anymail's notes on it, whose reader of its events has had no live test since June 2025. "
    "The other end of the tests is our own; no account was tried.",
    examples=(an_example("sara@example.org"),),
    not_examples=(an_example(), an_example("sara@")),
)
