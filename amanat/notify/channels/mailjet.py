"""E-mail through Mailjet, over its Send interface (v3.1)."""

import json
import re
from base64 import b64encode
from dataclasses import dataclass
from typing import Any

from amanat.lib.shape import line_of
from amanat.notify.channel import BadChannelAddress, ChannelType, Message, Opening, Outcome, Refused, an_example, gateway_file
from amanat.notify.gateway import Said, became_of, read_gateway, read_secret
from amanat.notify.json_account import JsonAccount
from amanat.notify.mime import reaches


@dataclass(frozen=True, slots=True, kw_only=True)
class Mailjet:
    """`mailjet.toml`."""

    secret_file: str  # its first line is KEY:SECRET, the API key and its secret key
    url: str = "https://api.mailjet.com"  # https://api.us.mailjet.com only for an account that Mailjet has moved to the United States
    webhook_secret_file: str = ""  # its first line is USER:PASSWORD, with which Mailjet logs in when it tells us something


class ByMailjet(JsonAccount):
    """An open account."""

    def __init__(self, opening: Opening) -> None:
        path = gateway_file("mailjet", opening)
        given = read_gateway(Mailjet, "mailjet", opening)
        secret = read_secret(given.secret_file, path)
        if not re.fullmatch(r"[^:\s]+:[^:\s]+", secret):
            raise BadChannelAddress(f"{path.parent / given.secret_file}:1: must read KEY:SECRET, the API key and its secret key")
        login = {"Authorization": f"Basic {b64encode(secret.encode()).decode()}"}
        super().__init__(opening, f"{given.url.rstrip('/')}/v3.1/send", where=line_of(path, "url"), headers=login)

    def letter(self, message: Message, address: str) -> dict[str, Any]:
        text, html = self.parts(message)
        company = self.company
        # Mailjet can refuse a second mail of one campaign to one address. We use no campaign: two persons may share an address, and each is
        # told of their own data.
        one = {
            "From": {"Email": company.sender, "Name": company.name},
            "To": [{"Email": address}],
            "ReplyTo": {"Email": company.reply_to or company.sender},
            "Subject": message.notice.subject,
            "TextPart": text,
            "HTMLPart": html,
            # Mailjet gives each mail a Message-ID of its own and refuses ours; these two come back in what it tells us later.
            "CustomID": message.sending_id,
            "EventPayload": json.dumps({"sending": message.sending_id}),
            # Nobody's reading is watched: no pixel, and no link that leads through somebody else, whatever is set in the account.
            "TrackOpens": "disabled",
            "TrackClicks": "disabled",
            "Headers": self.headers_of(message),
        }
        return {"Messages": [one]}

    def judge(self, sending_id: str, said: Said) -> Outcome:
        value = said.value()
        status, errors = _result(value)
        codes = sorted({code for error in errors if re.fullmatch(r"[a-z]+-\d{4}", code := str(error.get("ErrorCode", "")))})
        words = f"HTTP {said.status} from Mailjet" + (f", {' '.join(codes)}" if codes else "")
        if said.status == 403:
            raise Refused(f"{words}: our sender is not validated there, or the key may not send")
        became = became_of(said)
        if became == "refused" or (became == "accepted" and errors):
            if not errors or not all(_is_about_address(error) for error in errors):
                # The sender, a header, a size: as wrong for the next person as for this one.
                raise Refused(words)
            return Outcome(sending_id=sending_id, became="refused", answer=f"{words}: the address is not valid")
        if became == "accepted" and status != "success":
            return Outcome(sending_id=sending_id, became="unsure", answer=f"{words}: it does not say what became of the mail")
        return Outcome(sending_id=sending_id, became=became, answer=words)


def _result(value: Any) -> tuple[str, list[dict[str, Any]]]:
    """Status and errors of our one message; errors of the request as a whole stand at the top of the answer."""
    if not isinstance(value, dict):
        return "", []
    messages = value.get("Messages")
    first = messages[0] if isinstance(messages, list) and messages and isinstance(messages[0], dict) else {}
    errors = [error for error in first.get("Errors") or () if isinstance(error, dict)]
    return str(first.get("Status", "")), errors or ([value] if "ErrorCode" in value else [])


def _is_about_address(error: dict[str, Any]) -> bool:
    """mj-0013: an address is not one. Which of ours it means stands beside it."""
    related = error.get("ErrorRelatedTo") or ()
    return error.get("ErrorCode") == "mj-0013" and bool(related) and all(str(one).startswith("To") for one in related)


CHANNEL = ChannelType(
    says="E-mail through Mailjet.",
    reaches=reaches,
    lacks="no e-mail address on file",
    open=ByMailjet,
    carries="email",
    gateway=Mailjet,
    source="https://dev.mailjet.com/email/reference/send-emails/",
    read_on="2026-11-23",
    read_as="Stored copies, of unknown age, of its guides (Send API v3.1 with its list of error codes, Event API with its list of errors), of its "
    "reference of Send, of its clients' notes on the American host, and of django-anymail's notes on it; how long it tries before it calls "
    "something a soft bounce, from the help of one who sends through it. The other end of the tests is our own; no account was tried.",
    examples=(an_example("sara@example.org"),),
    not_examples=(an_example(), an_example("sara@")),
)
