"""E-mail through Postmark, in its own stream for notices, with our Message-ID kept."""

from dataclasses import dataclass
from typing import Any

from amanat.lib.shape import line_of
from amanat.notify.channel import ChannelType, Message, Opening, Outcome, Refused, an_example, gateway_file
from amanat.notify.gateway import Said, became_of, read_gateway, read_secret
from amanat.notify.json_account import JsonAccount
from amanat.notify.mime import mailbox, reaches

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


class ByPostmark(JsonAccount):
    """An open account."""

    def __init__(self, opening: Opening) -> None:
        path = gateway_file("postmark", opening)
        self._given = given = read_gateway(Postmark, "postmark", opening)
        login = {"X-Postmark-Server-Token": read_secret(given.secret_file, path)}
        super().__init__(opening, f"{given.url.rstrip('/')}/email", where=line_of(path, "url"), headers=login)

    def letter(self, message: Message, address: str) -> dict[str, Any]:
        headers = {"Message-ID": self.message_id(message), "X-PM-KeepID": "true", **self.headers_of(message)}
        text, html = self.parts(message)
        return {
            "From": mailbox(self.company.name, self.company.sender),
            "To": address,
            "ReplyTo": self.company.reply_to or self.company.sender,
            "Subject": message.notice.subject,
            "TextBody": text,
            "HtmlBody": html,
            "MessageStream": self._given.stream,
            "Metadata": {"sending": message.sending_id},
            "Headers": [{"Name": name, "Value": value} for name, value in headers.items()],
            # Nobody's reading is watched: no pixel, and no link that leads through somebody else. Where the server's own setting tracks, it
            # wins over this (user guide, "Tracking opens per email"): it must be off there, too.
            "TrackOpens": False,
            "TrackLinks": "None",
        }

    def judge(self, sending_id: str, said: Said) -> Outcome:
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
