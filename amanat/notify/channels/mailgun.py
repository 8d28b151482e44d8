"""E-mail through Mailgun: our own finished message, with our Message-ID, over its HTTP interface."""

from base64 import b64encode
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from amanat.lib.shape import line_of
from amanat.notify.channel import ChannelType, Message, Opening, Outcome, an_example, gateway_file
from amanat.notify.gateway import Broken, Gateway, became_of, broke_off, read_gateway, read_secret, to_each_address
from amanat.notify.mime import Composed, reaches


@dataclass(frozen=True, slots=True, kw_only=True)
class Mailgun:
    """`mailgun.toml`."""

    domain: str  # the sending domain, as it is called there
    secret_file: str  # its first line is the sending key
    url: str = "https://api.eu.mailgun.net"  # the European region; https://api.mailgun.net is the American one
    webhook_secret_file: str = ""  # its first line is the key that signs what Mailgun tells us


class ByMailgun:
    """An open account."""

    batch_size = 25

    def __init__(self, opening: Opening) -> None:
        path = gateway_file("mailgun", opening)
        given = read_gateway(Mailgun, "mailgun", opening)
        where = line_of(path, "url")
        self._gateway = Gateway(f"{given.url.rstrip('/')}/v3/{quote(given.domain, safe='')}/messages.mime", ca_file=opening.ca_file, where=where)
        self._login = b64encode(f"api:{read_secret(given.secret_file, path)}".encode()).decode()
        self.is_local = self._gateway.is_local
        self.n_parallel = opening.n_parallel
        self._company, self._texts = opening.company, opening.texts
        self._composed: dict[str, Composed] = {}

    def send(self, batch: Sequence[Message]) -> Iterator[Outcome]:
        for message in batch:
            yield to_each_address(message, self._attempt)

    def close(self) -> None:
        self._gateway.close()

    def _attempt(self, message: Message, address: str) -> Outcome:
        notice = message.notice
        composed = self._composed.get(notice.id)
        if composed is None:
            composed = self._composed[notice.id] = Composed(self._company, notice, self._texts[notice.id])
        fields = {
            "to": address,
            "v:sending": message.sending_id,  # comes back in what Mailgun tells us later
            # Nobody's reading is watched: no pixel, and no link that leads through somebody else.
            "o:tracking": "no",
            "o:tracking-opens": "no",
            "o:tracking-clicks": "no",
        }
        body, content_type = _form(fields, composed.fill(message, address))
        try:
            said = self._gateway.post(body, {"Authorization": f"Basic {self._login}", "Content-Type": content_type})
        except Broken as error:
            return broke_off(message, error)
        return Outcome(sending_id=message.sending_id, became=became_of(said), answer=f"HTTP {said.status} from Mailgun")


def _form(fields: dict[str, str], message: bytes) -> tuple[bytes, str]:
    """multipart/form-data with the finished message as a file."""
    boundary = f"amanat-{fields['v:sending']}"
    parts = [f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode() for name, value in fields.items()]
    head = f'--{boundary}\r\nContent-Disposition: form-data; name="message"; filename="message.mime"\r\nContent-Type: message/rfc822\r\n\r\n'
    return b"".join([*parts, head.encode(), message, f"\r\n--{boundary}--\r\n".encode()]), f"multipart/form-data; boundary={boundary}"


CHANNEL = ChannelType(
    says="E-mail through Mailgun.",
    reaches=reaches,
    lacks="no e-mail address on file",
    open=ByMailgun,
    carries="email",
    gateway=Mailgun,
    source="https://documentation.mailgun.com/docs/mailgun/api-reference/send/mailgun/messages",
    read_on="2026-11-22",
    read_as="Stored copies, of unknown age, of its user manual about tracking and webhooks. The other end of the tests is our own; no account "
    "was tried.",
    examples=(an_example("sara@example.org"),),
    not_examples=(an_example(), an_example("sara@")),
)
