"""E-mail through Brevo (once Sendinblue), over the interface for its transactional mails."""

import json
import re
from dataclasses import dataclass
from typing import Any, Literal
from uuid import NAMESPACE_OID, uuid5

from amanat.lib.shape import line_of
from amanat.notify.channel import ChannelType, Message, Opening, Outcome, Refused, an_example, gateway_file
from amanat.notify.gateway import Said, became_of, read_gateway, read_secret
from amanat.notify.json_account import JsonAccount
from amanat.notify.mime import reaches


@dataclass(frozen=True, slots=True, kw_only=True)
class Brevo:
    """`brevo.toml`."""

    secret_file: str  # its first line is the API key (v3), not the one for SMTP
    # What is set in the account for transactional mails. Brevo counts openings and clicks of each reader unless told otherwise there, and no
    # message can say it: so whoever describes the gateway has to. "off" is only where Brevo itself has switched it off for the account.
    tracking: Literal["anonymous", "off"]
    url: str = "https://api.brevo.com"  # there is one, in the European Union
    webhook_secret_file: str = ""  # its first line is USER:PASSWORD, with which Brevo logs in when it tells us something


class ByBrevo(JsonAccount):
    """An open account."""

    def __init__(self, opening: Opening) -> None:
        path = gateway_file("brevo", opening)
        given = read_gateway(Brevo, "brevo", opening)
        login = {"api-key": read_secret(given.secret_file, path)}
        super().__init__(opening, f"{given.url.rstrip('/')}/v3/smtp/email", where=line_of(path, "url"), headers=login)

    def letter(self, message: Message, address: str) -> dict[str, Any]:
        text, html = self.parts(message)
        company = self.company
        return {
            # It keeps a sender's name of up to 70 letters.
            "sender": {"name": company.name[:70], "email": company.sender},
            "to": [{"email": address}],
            "replyTo": {"email": company.reply_to or company.sender},
            "subject": message.notice.subject,
            "textContent": text,
            "htmlContent": html,
            "headers": {
                **self.headers_of(message),
                # Brevo gives each mail a Message-ID of its own; this header comes back in what it tells us later.
                "X-Mailin-custom": json.dumps({"sending": message.sending_id}),
                # The same request within half an hour is answered with `duplicate_parameter` and not sent. A person's second address is
                # another request.
                "idempotencyKey": str(uuid5(NAMESPACE_OID, f"{message.sending_id} {address}")),
            },
        }

    def judge(self, sending_id: str, said: Said) -> Outcome:
        value = said.value()
        code = str(value.get("code", "")).lower() if isinstance(value, dict) else ""
        about = str(value.get("message", "")).lower() if isinstance(value, dict) else ""
        words = f"HTTP {said.status} from Brevo" + (f", {code}" if re.fullmatch(r"[a-z_]{1,40}", code) else "")
        if code in ("duplicate_parameter", "duplicate_request"):
            # It had this request before. Whether it was sent, or ended in the error after which we ask again, it does not say.
            return Outcome(sending_id=sending_id, became="unsure", answer=f"{words}: it had this request before")
        became = became_of(said)
        if became == "refused" and not (code == "invalid_parameter" and re.search(r"\bin to\b", about)):
            # Our sender, our credits, our account: as wrong for the next person as for this one.
            raise Refused(words)
        return Outcome(sending_id=sending_id, became=became, answer=words)


CHANNEL = ChannelType(
    says="E-mail through Brevo.",
    reaches=reaches,
    lacks="no e-mail address on file",
    open=ByBrevo,
    carries="email",
    gateway=Brevo,
    source="https://developers.brevo.com/reference/send-transac-email",
    read_on="2026-11-23",
    read_as="Stored copies, of unknown age, of its guides (how the API works, idempotency, transactional and batched webhooks, secure webhook "
    "calls), of the models of this request and of errors in its own Python client, of its help about soft bounces, anonymous tracking and "
    "list-unsubscribe, of an issue that quotes the answer to a wrong recipient, and of django-anymail's notes on it. The other end of the tests "
    "is our own; no account was tried.",
    examples=(an_example("sara@example.org"),),
    not_examples=(an_example(), an_example("sara@")),
)
