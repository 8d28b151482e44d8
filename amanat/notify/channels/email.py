"""E-mail over SMTP: reused connections, text beside HTML, and one Message-ID for every attempt of the same sending."""

import select
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from amanat.lib.private import Private
from amanat.notify.bounces import bounce_address
from amanat.notify.channel import BadChannelAddress, ChannelType, Message, Opening, Outcome, Refused, TryLater, an_example, gateway_file, must_be
from amanat.notify.dkim import Dkim, DkimKey
from amanat.notify.doors import Doors
from amanat.notify.gateway import read_gateway
from amanat.notify.mime import Composed, addresses_of, ascii_domain, envelope_of, reaches
from amanat.notify.smtp import Connection, Result, read_relay

PER_CONNECTION = 25  # messages that are claimed at once for each
GATHER_SECONDS = 0.001  # an answer waits that long for another one to be written down with
GATHER_MOST_SECONDS = 0.05  # and for all of them together, however much the servers talk
LOOK_SECONDS = 1.0  # after that, whoever asked gets the word, also when nothing was answered
LOST_MOST = 3  # connections that served others before and broke under one message


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
    n_lost: int = 0  # connections that broke before it was handed over


@dataclass(slots=True)
class _Air:
    """What is on its way, what came of it since somebody asked, and what keeps more from being begun."""

    n_connections: int
    waiting: Iterator[Message]
    attempts: dict[Connection, _Attempt] = field(default_factory=dict)
    taken: list[_Attempt] = field(default_factory=list)  # that wait for a free connection
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
        self._sender, self._bounces = _own("sender", opening.company.sender), _own("bounces", opening.company.bounces)
        self._composed: dict[str, Composed] = {}
        self._free: list[Connection] = []
        self._doors = Doors(lambda: Connection(self._relay))
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
        self._doors.close()

    def _send(self, air: _Air) -> Iterator[Sequence[Outcome]]:
        self._air, looked_at = air, time.monotonic()
        while self._hand_out(air) or air.attempts or air.outcomes:
            if not air.outcomes:
                self._listen(air, LOOK_SECONDS)
            ends = time.monotonic() + GATHER_MOST_SECONDS
            while air.outcomes and air.attempts and self._listen(air, GATHER_SECONDS) and time.monotonic() < ends:
                pass
            if air.outcomes or time.monotonic() - looked_at >= LOOK_SECONDS:
                outcomes, air.outcomes = air.outcomes, []
                yield outcomes
                looked_at = time.monotonic()
        if air.trouble:
            raise air.trouble  # after all that was in the air has come down

    def _hand_out(self, air: _Air) -> bool:
        """Gives messages to free connections, and has others opened where more is waiting; whether a message waits for one."""
        while not air.trouble:
            while len(air.attempts) + len(air.taken) < air.n_connections and (message := next(air.waiting, None)) is not None:
                if addresses := addresses_of(message.contact):
                    air.taken.append(_Attempt(message, addresses))
                else:
                    air.came(_Attempt(message, []), ("refused", "the e-mail address on file cannot be one"))
            connection = self._free_one() if air.taken else None
            if connection is None:
                break
            self._begin(air, connection, air.taken.pop(0))
        if air.trouble:
            return False
        for _ in range(min(len(air.taken), air.n_connections - len(air.attempts)) - self._doors.n):
            self._doors.open()
        return bool(air.taken)

    def _free_one(self) -> Connection | None:
        while self._free:
            connection = self._free.pop()
            if connection.is_quiet():
                return connection
            connection.close()
        return None

    def _begin(self, air: _Air, connection: Connection, attempt: _Attempt) -> None:
        """Gives the message to a free connection, or notes why it cannot be given."""
        address, message = attempt.addresses[0], attempt.message
        if not (connection.has_smtputf8 or (address.isascii() and self._sender.isascii())):
            self._free.append(connection)
            return self._answered(air, attempt, ("refused", "the server takes no international addresses"))
        sender = bounce_address(self._bounces, message.sending_id) or self._sender
        body = self._compose(message, address)
        try:
            connection.begin(sender, address, body, envelope_id=message.sending_id)
        except OSError as error:
            return self._lost(air, connection, attempt, error)
        air.attempts[connection] = attempt
        return None

    def _listen(self, air: _Air, seconds: float) -> bool:
        """Takes what the servers say next; whether one did, or a connection was opened, within that time."""
        speaking = _speaking(air.attempts, self._doors, seconds)
        if self._doors.fileno() in speaking:
            self._enter(air)
        now = time.monotonic()
        for connection in list(air.attempts):
            if connection.fileno() in speaking:
                self._take(air, connection, connection.hear)
            elif connection.due <= now:
                self._take(air, connection, connection.expire)
        return bool(speaking)

    def _enter(self, air: _Air) -> None:
        """What became of the connections that were being opened."""
        for came in self._doors.ended():
            if isinstance(came, Connection):
                self._free.append(came)
            elif isinstance(came, TryLater) and (n := len(air.attempts) + len(self._free) + self._doors.n):
                air.n_connections = min(n, air.n_connections)  # the relay bears no more: who is waiting goes over one of them
            elif isinstance(came, TryLater | Refused):
                air.trouble = air.trouble if isinstance(air.trouble, Refused) else came
            else:
                raise came

    def _take(self, air: _Air, connection: Connection, step: Callable[[], Result | None]) -> None:
        """Goes on with what this connection carries."""
        attempt = air.attempts[connection]
        try:
            result = step()
        except (Refused, TryLater) as error:
            air.trouble = air.trouble if isinstance(air.trouble, Refused) else error
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

    def _answered(self, air: _Air, attempt: _Attempt, result: Result) -> None:
        """The result of one address: the message's, unless it was refused and the register knows another."""
        if result[0] == "refused" and len(attempt.addresses) > 1:
            air.taken.insert(0, _Attempt(attempt.message, attempt.addresses[1:]))
        else:
            air.came(attempt, result)

    def _lost(self, air: _Air, connection: Connection, attempt: _Attempt, error: OSError) -> None:
        """A connection broke before the message was handed over, so the same person may be tried again without doubt."""
        connection.close()
        attempt.n_lost += 1
        if connection.is_reused and attempt.n_lost < LOST_MOST:
            # A server may close a connection that was idle, or used often enough. That says nothing about this person.
            air.taken.insert(0, attempt)
        else:
            air.came(attempt, ("try_later", f"the connection broke before the message was sent ({type(error).__name__})"))

    def _compose(self, message: Message, address: str) -> bytes:
        notice = message.notice
        composed = self._composed.get(notice.id)
        if composed is None:
            composed = self._composed[notice.id] = Composed(self._company, notice, self._texts[notice.id], self._dkim)
        return composed.fill(message, address)


def _own(name: str, address: str) -> str:
    """One of the company's own addresses for the envelope; empty where none was given."""
    found = envelope_of(Private("email", address)) if address else ""
    if address and not found:
        raise BadChannelAddress(f"company.toml: {name} must be an address alone, such as notices@hotel.example, without a name or blanks")
    return found


def _speaking(connections: Iterable[Connection], doors: Doors, seconds: float) -> set[int]:
    """Numbers of those on which something can be taken or given, as soon as there is one; none when all were silent for so long."""
    watch = select.poll()
    for connection in connections:
        watch.register(connection.fileno(), select.POLLIN | (select.POLLOUT if connection.is_giving else 0))
    watch.register(doors.fileno(), select.POLLIN)
    return {number for number, _ in watch.poll(1000 * seconds)}


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
