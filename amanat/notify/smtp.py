"""Speaking SMTP: one connection to the company's relay, greeted, secured and logged in, that hands over message after message."""

import contextlib
import smtplib
import socket
import ssl
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from amanat.notify.channel import BadChannelAddress, Refused, TryLater

LOCAL = ("127.0.0.1", "localhost", "::1")
TIMEOUT_SECONDS = 60.0
OPENING_SECONDS, OPENING_BYTES = 120.0, 65536  # of all answers before the first message, and before and after a change to TLS
ANSWER_BYTES, ANSWER_LINES = 8192, 100  # of one line, and of one answer
WORDS_MAX = 500  # that are kept of an answer
ANSWER_SECONDS = 600.0  # RFC 5321, 4.5.3.2.6: a server may take ten minutes over what it was given

_NOT_YET = (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError)  # a socket that has nothing to say, or takes nothing, at the moment
Said = tuple[int, bytes]
Result = tuple[Literal["accepted", "refused", "try_later", "unsure"], str]


class Stale(OSError):
    """The server closed a connection that it had served before; that says nothing about the message."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Relay:
    """The server that takes our mail, and how to enter."""

    host: str
    port: int
    is_tls: bool
    hello: str  # the name we give
    login: tuple[str, str] | None = None
    ca_file: Path | None = None

    @property
    def is_local(self) -> bool:
        return self.host in LOCAL


def read_relay(address: str, *, hello: str = "localhost", login_file: Path | None = None, ca_file: Path | None = None) -> Relay:
    """The relay of `smtp://HOST:PORT` or `smtps://HOST:PORT`; raises BadChannelAddress.

    >>> read_relay("smtp://127.0.0.1:2525").port
    2525
    """
    parts = urlsplit(address)
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
        raise BadChannelAddress("the relay's address must read smtp://HOST:PORT or smtps://HOST:PORT")
    if parts.username or parts.password:
        raise BadChannelAddress("the relay's address must not hold a user or password, logs would show it; put USER:PASSWORD into a file")
    try:
        port = parts.port or (465 if parts.scheme == "smtps" else 25)
    except ValueError:
        raise BadChannelAddress("the relay's port must be a number from 1 to 65535") from None
    login = read_login(login_file) if login_file else None
    return Relay(host=parts.hostname, port=port, is_tls=parts.scheme == "smtps", hello=hello, login=login, ca_file=ca_file)


class Connection:
    """An open connection, asked one step at a time, so that one thread can watch many: nothing here waits for the server.

    A message is given with `begin`; from then on whoever watches calls `hear` when the server says something (`fileno`), or bears
    more while `is_giving`, until there is a result, and `expire` when the moment `due` passes. After `is_broken` it is thrown away.
    """

    def __init__(self, relay: Relay) -> None:
        self._server = _connect(relay)
        assert self._server.sock is not None
        self._socket = self._server.sock
        self._socket.setblocking(False)
        self._is_pipelined = self._server.has_extn("pipelining")
        self.has_smtputf8 = self._server.has_extn("smtputf8")
        self.is_broken = False
        self.is_reused = False
        self.due = 0.0  # by the clock of `time.monotonic`
        self._must_reset = False
        self._is_given = False  # the message's last byte is with the server, or may be
        self._is_dropping = False  # a message for nobody, whose refusal is awaited
        self._commands: list[str] = []
        self._said: list[Said] = []  # in answer to them
        self._heard = b""  # not a whole line yet
        self._lines: list[bytes] = []  # of an answer that goes on
        self._body = b""
        self._unsent = memoryview(b"")  # what the server has not taken yet

    def fileno(self) -> int:
        return self._socket.fileno()

    @property
    def is_giving(self) -> bool:
        """Whether the server has yet to take a part of what it is given."""
        return bool(self._unsent)

    def is_quiet(self) -> bool:
        """Whether the server said nothing since the last result: what it says unasked would be read as an answer to the next message."""
        try:
            return not self.is_broken and self._take() is None
        except OSError:
            return False

    def begin(self, sender: str, address: str, body: bytes, *, envelope_id: str = "") -> None:
        """Gives one message to the server; a bounce of it names `envelope_id` where servers know how (RFC 3461). Raises OSError.

        Args:
            sender, address: as `mime.envelope_of` gives them.
        """
        option = "" if sender.isascii() and address.isascii() else " SMTPUTF8"
        to_option = ""
        if envelope_id and self._server.has_extn("dsn"):
            # Only the headers come back: what stands in the notice needs no second journey.
            option += f" RET=HDRS ENVID={envelope_id}"
            to_option = " NOTIFY=FAILURE"
        commands = [f"MAIL FROM:<{sender}>{option}", f"RCPT TO:<{address}>{to_option}", "DATA"]
        self._commands = ["RSET", *commands] if self._must_reset else commands
        self._said, self._body = [], body
        self._must_reset = self._is_given = self._is_dropping = False
        # RFC 2920: all commands in one packet; on a line of 20 ms that doubles what a connection carries.
        self._put("".join(f"{one}\r\n" for one in (self._commands if self._is_pipelined else self._commands[:1])).encode(), TIMEOUT_SECONDS)

    def hear(self) -> Result | None:
        """Takes what the server has said, and goes on; the result when there is one.

        Raises Stale or OSError while nothing was handed over, and Refused or TryLater when the sender is unwelcome, or for now.
        """
        try:
            self._give()
            self._heard += self._take() or b""
            while (end := self._heard.find(b"\n")) >= 0:
                line, self._heard = self._heard[:end], self._heard[end + 1 :]
                self._lines.append(line.strip())
                if len(self._lines) > ANSWER_LINES:
                    raise ConnectionAbortedError("the server's answer has no end")
                if line[3:4] != b"-":
                    answer, self._lines = _answer(self._lines), []
                    if (result := self._go_on(answer)) is not None:
                        self.is_reused = True
                        if self._heard or self._unsent:
                            self.close()  # it says more than it was asked, or has not read all
                        return result
            if len(self._heard) > ANSWER_BYTES:
                raise ConnectionAbortedError("the server's answer has no end")
            return self.expire() if self.due <= time.monotonic() else None  # one that dribbles gets no more time than a silent one
        except OSError as error:
            return self._lost(error)

    def expire(self) -> Result:
        """The result of a server that said nothing for too long. Raises OSError while nothing was handed over."""
        return self._lost(TimeoutError("the server does not answer"))

    def quit(self) -> None:
        with contextlib.suppress(OSError):
            self._socket.send(b"QUIT\r\n")
        self.close()  # nothing is left that an answer could tell us

    def close(self) -> None:
        self.is_broken = True
        self._server.close()

    def _put(self, data: bytes, patience_seconds: float, *, is_message: bool = False) -> None:
        if self._heard or self._unsent:
            raise ConnectionAbortedError("the server answers before it is asked")
        self._is_given = is_message
        self.due = time.monotonic() + patience_seconds
        self._unsent = memoryview(data)
        self._give()

    def _give(self) -> None:
        """Gives as much of what is left as the server takes now."""
        with contextlib.suppress(*_NOT_YET):
            while self._unsent:
                self._unsent = self._unsent[self._socket.send(self._unsent) :]

    def _take(self) -> bytes | None:
        """What the server said; None when it said nothing, or of TLS not a whole record yet."""
        try:
            said = self._socket.recv(65536)
        except _NOT_YET:
            return None
        if not said:
            raise ConnectionResetError("the server hung up")
        return said

    def _go_on(self, said: Said) -> Result | None:
        """The next step after an answer."""
        if self._is_given:
            if self._unsent and said[0] // 100 == 2:
                raise ConnectionAbortedError("the server takes what it has not read")
            return ("accepted", words(said)) if said[0] // 100 == 2 else self._judge(said)
        if self._is_dropping:
            return self._judge(self._said[0])
        if said[0] == 421 and self.is_reused:
            self.close()
            raise Stale("the server closes the connection")
        self._said.append(said)
        n = len(self._said)
        if n < len(self._commands) and (self._is_pipelined or said[0] // 100 == 2):
            if not self._is_pipelined:
                self._put(f"{self._commands[n]}\r\n".encode(), TIMEOUT_SECONDS)
            return None
        return self._after_envelope()

    def _after_envelope(self) -> Result | None:
        was_reset = self._commands[0] == "RSET"
        if was_reset and self._said[0][0] // 100 != 2:
            self.close()
            raise Stale("the server does not forget the message before")
        envelope = self._said[was_reset:]  # MAIL, RCPT, DATA, or as far as it came
        if envelope[0][0] // 100 == 5:
            self.close()
            raise Refused(f"the server does not take mail from the company's sender: {words(envelope[0])}")
        if envelope[0][0] // 100 == 4:
            self.close()
            raise TryLater(f"the server takes no mail for now: {words(envelope[0])}")  # a full disk or a throttled sender: no person's fault
        awaits = len(envelope) == 3 and envelope[2][0] == 354
        wrong = next((one for one in envelope[:2] if one[0] // 100 != 2), None)
        if awaits and wrong:
            # Nobody is addressed, yet the server awaits a message: it gets an empty one, which it must refuse.
            self._is_dropping, self._said = True, [wrong]
            self._put(b".\r\n", TIMEOUT_SECONDS)
            return None
        if not awaits:
            last = wrong or envelope[2]
            if last[0] < 400:
                raise ConnectionAbortedError("the server answers what it was not asked")
            return self._judge(last)
        # Our headers and base64 lines never begin with a dot, so nothing needs to be stuffed.
        self._put(self._body + b".\r\n", ANSWER_SECONDS, is_message=True)
        return None

    def _lost(self, error: OSError) -> Result:
        self.close()
        if not self._is_given:
            raise error
        return "unsure", f"the connection broke after the message was sent, before the server answered ({type(error).__name__})"

    def _judge(self, said: Said) -> Result:
        if said[0] == 421 or said[0] < 400:
            self.close()
            # A message that was given and answered by neither yes nor no may be with the server.
            return "unsure" if self._is_given and said[0] < 400 else "try_later", words(said)
        self._must_reset = True
        return ("try_later" if said[0] < 500 else "refused"), words(said)


def _answer(lines: Sequence[bytes]) -> Said:
    """Number and words of an answer, as smtplib gives them; a line without a number means that nobody there speaks SMTP."""
    number = lines[-1][:3]
    if not number.isdigit():
        raise ConnectionAbortedError("the server's answer has no number")
    return int(number), b"\n".join(line[4:].strip() for line in lines)


def words(said: tuple[int, bytes | str]) -> str:
    """What a server said, on one line, as far as anybody reads it."""
    code, text = said
    plain = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    if len(plain) > WORDS_MAX:
        plain = plain[:WORDS_MAX].rsplit(None, 1)[0]  # not in the middle of an address, which nobody would know as one
    return f"{code} {' '.join(''.join(c if c.isprintable() else ' ' for c in plain).split())}"


class _Answers:
    """What a server says while a connection is being opened, line by line: within a time and a size of all, not of each."""

    def __init__(self, sock: socket.socket) -> None:
        self._socket, self._rest = sock, b""
        self._ends, self._n_left = time.monotonic() + OPENING_SECONDS, OPENING_BYTES

    def readline(self, most: int) -> bytes:
        while b"\n" not in self._rest and len(self._rest) < most:
            left = self._ends - time.monotonic()
            if left <= 0 or self._n_left <= 0:
                raise TimeoutError("the server's answer has no end")
            self._socket.settimeout(min(left, TIMEOUT_SECONDS))
            said = self._socket.recv(4096)
            if not said:
                break
            self._rest, self._n_left = self._rest + said, self._n_left - len(said)
        end = self._rest.find(b"\n") + 1 or len(self._rest)
        line, self._rest = self._rest[:end], self._rest[end:]
        return line

    def close(self) -> None:
        pass  # the socket is not ours


class _Patient(smtplib.SMTP):
    """smtplib waits anew for every byte, and takes any number of lines: a server that dribbles would keep it for ever."""

    def getreply(self) -> tuple[int, bytes]:
        if self.file is None and self.sock is not None:
            self.file = _Answers(self.sock)  # after STARTTLS a new one: nothing that was said in clear is read any more
        return super().getreply()


class _PatientTls(_Patient, smtplib.SMTP_SSL):
    """The same, where TLS begins with the first byte."""


def _connect(relay: Relay) -> smtplib.SMTP:
    try:
        if relay.is_tls:
            server: smtplib.SMTP = _PatientTls(relay.host, relay.port, relay.hello, timeout=TIMEOUT_SECONDS, context=_tls(relay))
        else:
            server = _Patient(relay.host, relay.port, relay.hello, timeout=TIMEOUT_SECONDS)
        if server.sock is not None:
            # Commands are small and each waits for its answer; Nagle's delay would add 40 ms to every message.
            server.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        server.ehlo_or_helo_if_needed()
        if not relay.is_tls and server.has_extn("starttls"):
            server.starttls(context=_tls(relay))
            server.ehlo_or_helo_if_needed()
        if relay.login is not None:
            _log_in(server, relay)
    except ssl.SSLCertVerificationError as error:
        raise Refused(f"the relay's certificate is not valid ({error.verify_message}); give the authority of your own relay as ca_file") from None
    except smtplib.SMTPAuthenticationError as error:
        raise Refused(f"the relay refuses our log-in: {words((error.smtp_code, error.smtp_error))}") from None
    except smtplib.SMTPResponseException as error:
        raise TryLater(f"the relay does not greet us: {words((error.smtp_code, error.smtp_error))}") from None
    except OSError as error:
        raise TryLater(f"the relay at {relay.host}:{relay.port} does not answer ({type(error).__name__})") from None
    return server


def _log_in(server: smtplib.SMTP, relay: Relay) -> None:
    assert relay.login is not None
    if not isinstance(server.sock, ssl.SSLSocket) and not relay.is_local:
        server.close()
        raise Refused("the relay offers no TLS, so the password would cross the network in clear; use smtps:// or a relay with STARTTLS")
    offered = server.esmtp_features.get("auth", "").upper().split()
    ways: dict[str, Any] = {"PLAIN": server.auth_plain, "LOGIN": server.auth_login, "CRAM-MD5": server.auth_cram_md5}
    way = next((name for name in ways if name in offered), None)
    if way is None:
        server.close()
        raise Refused("the relay offers no log-in that we know (PLAIN, LOGIN, CRAM-MD5); send without one, or ask who runs it")
    # One try of one way: smtplib's login() tries them all, and a server that hangs up after the first looks like one that is down.
    server.user, server.password = relay.login  # type: ignore[attr-defined]
    server.auth(way, ways[way])


def _tls(relay: Relay) -> ssl.SSLContext:
    context = ssl.create_default_context(cafile=str(relay.ca_file) if relay.ca_file else None)
    context.options |= ssl.OP_NO_RENEGOTIATION  # it would make a write wait for a read, and us ask again and again
    if relay.is_local and not relay.ca_file:
        # A relay on this very machine has no name that an authority could vouch for, and nobody stands between.
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


def read_login(path: Path) -> tuple[str, str]:
    """User and password from the first line of a file; raises BadChannelAddress."""
    try:
        first = path.read_text(encoding="utf-8").split("\n")[0].strip()
    except OSError as error:
        raise BadChannelAddress(f"{path}: cannot be read ({error.strerror}); its first line is USER:PASSWORD") from None
    user, colon, password = first.partition(":")
    if not (user and colon and password):
        raise BadChannelAddress(f"{path}:1: must read USER:PASSWORD")
    return user, password
