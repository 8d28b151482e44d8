"""E-mail over SMTP: reused connections, text beside HTML, and one Message-ID for every attempt of the same sending."""

import select
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain

from amanat.notify.bounces import bounce_address
from amanat.notify.channel import ChannelType, Message, Opening, Outcome, Refused, TryLater, an_example, gateway_file, must_be
from amanat.notify.dkim import Dkim, DkimKey
from amanat.notify.gateway import read_gateway
from amanat.notify.mime import Composed, addresses_of, ascii_domain, reaches
from amanat.notify.smtp import Connection, Result, read_relay

PER_CONNECTION = 25  # messages that are claimed at once for each
GATHER_SECONDS = 0.001  # an answer waits that long for another one to be written down with


@dataclass(frozen=True, slots=True, kw_only=True)
class Relay:
    """`email.toml`; without it, mails go unsigned to the relay that was named otherwise, which may sign them itself."""

    address: str = ""  # smtps://HOST:PORT or smtp://HOST:PORT, where no other was given
    login_file: str = ""  # USER:PASSWORD in its first line; beside this file
    ca_file: str = ""  # certificate authority (PEM) of a relay inside the company
    dkim: tuple[DkimKey, ...] = ()


@dataclass(slots=True)
class _Attempt:
    """A message, and the addresses that are left for it; the first is the one it is on its way to."""

    message: Message
    addresses: list[str]


@dataclass(slots=True)
class _Air:
    """What is on its way, what came of it since somebody asked, and what keeps more from being begun."""

    n_connections: int
    waiting: Iterator[Message]
    attempts: dict[Connection, _Attempt] = field(default_factory=dict)
    outcomes: list[Outcome] = field(default_factory=list)
    trouble: TryLater | Refused | None = None

    def came(self, attempt: _Attempt, result: Result) -> None:
        became, answer = result
        self.outcomes.append(Outcome(sending_id=attempt.message.sending_id, became=became, answer=answer))


class Email:
    """An open e-mail channel: one thread watches several connections, so that none waits for another."""

    n_parallel = 1

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
        self._n_connections, self.batch_size = opening.n_parallel, PER_CONNECTION * opening.n_parallel
        self._company, self._texts = opening.company, opening.texts
        self._composed: dict[str, Composed] = {}
        self._free: list[Connection] = []
        self._air = _Air(0, iter(()))

    def send(self, batch: Sequence[Message]) -> Iterator[Outcome]:
        for outcomes in self._send(_Air(1, iter(batch))):
            yield from outcomes

    def send_many(self, batch: Iterable[Message]) -> Iterator[Sequence[Outcome]]:
        return self._send(_Air(self._n_connections, iter(batch)))

    def close(self) -> None:
        for connection in self._air.attempts:
            connection.close()
        for connection in self._free:
            connection.quit()
        self._free.clear()

    def _send(self, air: _Air) -> Iterator[Sequence[Outcome]]:
        self._air, is_more = air, True
        while is_more or air.attempts:
            while is_more and not air.trouble and len(air.attempts) < air.n_connections:
                message = next(air.waiting, None)
                if message is not None:
                    self._begin(air, _Attempt(message, addresses_of(message.contact)))
                else:
                    is_more = False
            is_silent = not self._listen(air, 1.0)
            while air.outcomes and air.attempts and self._listen(air, GATHER_SECONDS):
                pass
            outcomes, air.outcomes = air.outcomes, []
            if outcomes or is_silent:
                yield outcomes
            is_more = is_more and not air.trouble
        if air.trouble:
            raise air.trouble  # after all that was in the air has come down

    def _begin(self, air: _Air, attempt: _Attempt) -> None:
        """Gives the message to a free connection, or notes why it cannot be given."""
        if not attempt.addresses:
            return air.came(attempt, ("refused", "the e-mail address on file cannot be one"))
        try:
            connection = self._free.pop() if self._free else Connection(self._relay)
        except (TryLater, Refused) as error:
            if air.attempts and isinstance(error, TryLater):
                # The relay bears no more connections than these: who is waiting goes over one of them.
                air.n_connections, air.waiting = len(air.attempts), chain([attempt.message], air.waiting)
            else:
                air.trouble = error
            return None
        address, message = attempt.addresses[0], attempt.message
        if not (connection.has_smtputf8 or (address.isascii() and self._company.sender.isascii())):
            self._free.append(connection)
            return self._answered(air, attempt, ("refused", "the server takes no international addresses"))
        sender = bounce_address(self._company.bounces, message.sending_id) or self._company.sender
        body = self._compose(message, address)
        try:
            connection.begin(sender, address, body, envelope_id=message.sending_id)
        except OSError as error:
            return self._lost(air, connection, attempt, error)
        air.attempts[connection] = attempt
        return None

    def _listen(self, air: _Air, seconds: float) -> bool:
        """Takes what the servers say next; whether one did within that time."""
        speaking = _speaking(air.attempts, seconds) if air.attempts else []
        for connection in speaking or [one for one in air.attempts if one.due <= time.monotonic()]:
            attempt = air.attempts[connection]
            try:
                result = connection.hear() if speaking else connection.expire()
            except Refused as error:
                air.trouble = error
                del air.attempts[connection]
            except OSError as error:
                del air.attempts[connection]
                self._lost(air, connection, attempt, error)
            else:
                if result is not None:
                    del air.attempts[connection]
                    if not connection.is_broken:
                        self._free.append(connection)
                    self._answered(air, attempt, result)
        return bool(speaking)

    def _answered(self, air: _Air, attempt: _Attempt, result: Result) -> None:
        """The result of one address: the message's, unless it was refused and the register knows another."""
        if result[0] == "refused" and len(attempt.addresses) > 1:
            self._begin(air, _Attempt(attempt.message, attempt.addresses[1:]))
        else:
            air.came(attempt, result)

    def _lost(self, air: _Air, connection: Connection, attempt: _Attempt, error: OSError) -> None:
        """A connection broke before the message was handed over, so the same person may be tried again without doubt."""
        connection.close()
        if connection.is_reused:
            # A server may close a connection that was idle, or used often enough. That says nothing about this person.
            self._begin(air, attempt)
        else:
            air.came(attempt, ("try_later", f"the connection broke before the message was sent ({type(error).__name__})"))

    def _compose(self, message: Message, address: str) -> bytes:
        notice = message.notice
        composed = self._composed.get(notice.id)
        if composed is None:
            composed = self._composed[notice.id] = Composed(self._company, notice, self._texts[notice.id], self._dkim)
        return composed.fill(message, address)


def _speaking(connections: Iterable[Connection], seconds: float) -> list[Connection]:
    """Those on which the server said something, as soon as one did; none when all were silent for so long."""
    watch, of = select.poll(), {connection.fileno(): connection for connection in connections}
    for number in of:
        watch.register(number, select.POLLIN)
    return [of[number] for number, _ in watch.poll(1000 * seconds)]


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
