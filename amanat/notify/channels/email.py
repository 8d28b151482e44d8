"""E-mail over SMTP: reused connections, text beside HTML, and one Message-ID for every attempt of the same sending."""

import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from amanat.notify.bounces import bounce_address
from amanat.notify.channel import ChannelType, Message, Opening, Outcome, an_example, gateway_file, must_be
from amanat.notify.dkim import Dkim, DkimKey
from amanat.notify.gateway import read_gateway
from amanat.notify.mime import Composed, addresses_of, ascii_domain, reaches
from amanat.notify.smtp import Connection, Result, Stale, read_relay


@dataclass(frozen=True, slots=True, kw_only=True)
class Relay:
    """`email.toml`; without it, mails go unsigned to the relay that was named otherwise, which may sign them itself."""

    address: str = ""  # smtps://HOST:PORT or smtp://HOST:PORT, where no other was given
    login_file: str = ""  # USER:PASSWORD in its first line; beside this file
    ca_file: str = ""  # certificate authority (PEM) of a relay inside the company
    dkim: tuple[DkimKey, ...] = ()


class Email:
    """An open e-mail channel; each thread that sends keeps a connection of its own."""

    batch_size = 25

    def __init__(self, opening: Opening) -> None:
        path = gateway_file("email", opening)
        given = read_gateway(Relay, "email", opening) if path.is_file() else Relay()
        address = must_be(opening.address or given.address, "the relay's address (smtp://HOST:PORT)")
        # The machine's own name may tell a stranger more than it should; the sender's domain is what the relay knows us by.
        hello = ascii_domain(opening.company.sender.rsplit("@", 1)[-1]) or "localhost"
        login = opening.login_file or (path.parent / given.login_file if given.login_file else None)
        ca = opening.ca_file or (path.parent / given.ca_file if given.ca_file else None)
        self._relay = read_relay(address, hello=hello, login_file=login, ca_file=ca)
        self._dkim = Dkim(given.dkim, sender=opening.company.sender, beside=path) if given.dkim else None
        self.is_local = self._relay.is_local
        self.n_parallel = opening.n_parallel
        self._company, self._texts = opening.company, opening.texts
        self._composed: dict[str, Composed] = {}
        self._mine = threading.local()
        self._open: list[Connection] = []

    def send(self, batch: Sequence[Message]) -> Iterator[Outcome]:
        for message in batch:
            became, answer = self._send_one(message)
            yield Outcome(sending_id=message.sending_id, became=became, answer=answer)

    def close(self) -> None:
        for connection in self._open:
            connection.quit()
        self._open.clear()

    def _send_one(self, message: Message) -> Result:
        result: Result = ("refused", "the e-mail address on file cannot be one")
        for address in addresses_of(message.contact):
            result = self._attempt(message, address)
            if result[0] != "refused":
                break
        return result

    def _attempt(self, message: Message, address: str) -> Result:
        connection = self._connection()
        if not (connection.has_smtputf8 or (address.isascii() and self._company.sender.isascii())):
            return "refused", "the server takes no international addresses"
        is_reused = connection.is_reused
        try:
            sender = bounce_address(self._company.bounces, message.sending_id) or self._company.sender
            return connection.hand_over(sender, address, self._compose(message, address), envelope_id=message.sending_id)
        except Stale:
            pass
        except OSError as error:
            # Nothing was handed over yet, so the same person may be tried again without doubt.
            if not is_reused:
                return "try_later", f"the connection broke before the message was sent ({type(error).__name__})"
        # A server may close a connection that was idle, or used often enough. That says nothing about this person.
        return self._attempt(message, address)

    def _compose(self, message: Message, address: str) -> bytes:
        notice = message.notice
        composed = self._composed.get(notice.id)
        if composed is None:
            composed = self._composed[notice.id] = Composed(self._company, notice, self._texts[notice.id], self._dkim)
        return composed.fill(message, address)

    def _connection(self) -> Connection:
        connection: Connection | None = getattr(self._mine, "connection", None)
        if connection is None or connection.is_broken:
            if connection in self._open:
                self._open.remove(connection)
            connection = self._mine.connection = Connection(self._relay)
            self._open.append(connection)
        return connection


CHANNEL = ChannelType(
    says="E-mail through the company's own relay, as plain text beside HTML.",
    reaches=reaches,
    lacks="no e-mail address on file",
    open=Email,
    gateway=Relay,
    needs_gateway=False,
    source="https://www.rfc-editor.org/rfc/rfc5321",
    read_on="2026-11-22",
    examples=(an_example("sara@example.org"), an_example("not an address", "sara@example.org"), an_example("سارا@example.org")),
    not_examples=(an_example(), an_example("sara@"), an_example("a@example.org\r\nRCPT TO:<b@example.org>")),
)
