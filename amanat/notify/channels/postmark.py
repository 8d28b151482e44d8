"""E-mail through Postmark, in its own stream for notices, with our Message-ID kept."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from amanat.lib.shape import line_of
from amanat.notify.channel import ChannelType, Message, Opening, Outcome, Refused, an_example, gateway_file
from amanat.notify.gateway import Broken, Gateway, Said, became_of, broke_off, read_gateway, read_secret, to_each_address
from amanat.notify.leave import LeaveBlock, leave_headers
from amanat.notify.mime import ascii_domain, mailbox, reaches

# Of its error codes: what concerns one address, and what concerns us (developer/api/overview, "API error codes"). 300 is said of an address
# that cannot be one, and of a sender that is not verified; only the words tell them apart (support, "Troubleshooting 422").
_NOT_THIS_ONE = {300: "the address is not valid", 406: "the address is on its list of inactive ones"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Postmark:
    """`postmark.toml`."""

    secret_file: str  # its first line is the server's token
    stream: str = "outbound"  # a transactional stream: a broadcast one would add an unsubscribe link, which a statutory notice must not have
    url: str = "https://api.postmarkapp.com"
    webhook_secret_file: str = ""  # its first line is USER:PASSWORD, with which Postmark logs in when it tells us something


class ByPostmark:
    """An open account."""

    batch_size = 25

    def __init__(self, opening: Opening) -> None:
        path = gateway_file("postmark", opening)
        self._given = given = read_gateway(Postmark, "postmark", opening)
        self._gateway = Gateway(f"{given.url.rstrip('/')}/email", ca_file=opening.ca_file, where=line_of(path, "url"))
        self._token = read_secret(given.secret_file, path)
        self.is_local = self._gateway.is_local
        self.n_parallel = opening.n_parallel
        self._company, self._texts = opening.company, opening.texts
        self._domain = ascii_domain((opening.company.domains or (opening.company.sender.rsplit("@", 1)[-1],))[0])

    def send(self, batch: Sequence[Message]) -> Iterator[Outcome]:
        for message in batch:
            yield to_each_address(message, self._attempt)

    def close(self) -> None:
        self._gateway.close()

    def _attempt(self, message: Message, address: str) -> Outcome:
        headers = {"Accept": "application/json", "Content-Type": "application/json", "X-Postmark-Server-Token": self._token}
        try:
            said = self._gateway.post(json.dumps(self._letter(message, address)).encode(), headers)
        except Broken as error:
            return broke_off(message, error)
        return self._judge(message.sending_id, said)

    def _letter(self, message: Message, address: str) -> dict[str, Any]:
        notice, company = message.notice, self._company
        filling = (message.contact, message.kinds, message.basis, message.code)
        headers = {
            "Message-ID": f"<{message.sending_id}@{self._domain}>",
            "X-PM-KeepID": "true",
            "Auto-Submitted": "auto-generated",
            "Content-Language": notice.language,
        }
        text, html = (filled.wire(*filling) for filled in (self._texts[notice.id].text, self._texts[notice.id].html))
        if message.leave_url:
            leave = LeaveBlock(notice.language)
            text, html = leave.under_text(text, message.leave_url), leave.in_html(html, message.leave_url)
            headers |= dict(line.split(": ", 1) for line in leave_headers(message.leave_url).decode().splitlines())
        return {
            "From": mailbox(company.name, company.sender),
            "To": address,
            "ReplyTo": company.reply_to or company.sender,
            "Subject": notice.subject,
            "TextBody": text.decode(),
            "HtmlBody": html.decode(),
            "MessageStream": self._given.stream,
            "Metadata": {"sending": message.sending_id},
            "Headers": [{"Name": name, "Value": value} for name, value in headers.items()],
            # Nobody's reading is watched: no pixel, and no link that leads through somebody else. Where the server's own setting tracks, it
            # wins over this (user guide, "Tracking opens per email"): it must be off there, too.
            "TrackOpens": False,
            "TrackLinks": "None",
        }

    def _judge(self, sending_id: str, said: Said) -> Outcome:
        value = said.value()
        code = value.get("ErrorCode") if isinstance(value, dict) else None
        words = f"HTTP {said.status} from Postmark" + (f", error {code}: {_NOT_THIS_ONE.get(code, 'see its list of errors')}" if code else "")
        is_about_sender = code == 300 and "'from'" in str(value.get("Message", "")).lower()
        if said.status == 422 and (code not in _NOT_THIS_ONE or is_about_sender):
            # The sender's signature, the stream, our plan: as wrong for the next person as for this one.
            raise Refused(words)
        return Outcome(sending_id=sending_id, became=became_of(said), answer=words)


CHANNEL = ChannelType(
    says="E-mail through Postmark.",
    reaches=reaches,
    lacks="no e-mail address on file",
    open=ByPostmark,
    carries="email",
    gateway=Postmark,
    source="https://postmarkapp.com/developer/api/email-api",
    read_on="2026-11-22",
    read_as="Stored copies, of unknown age, of its user guide (sending with the API, tracking of opens), of its help about error 300 and "
    "status 422, and of its list of error codes. The other end of the tests is our own; no account was tried.",
    examples=(an_example("sara@example.org"),),
    not_examples=(an_example(), an_example("sara@")),
)
