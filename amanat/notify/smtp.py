"""Speaking SMTP: one connection to the company's relay, greeted, secured and logged in, that hands over message after message."""

import smtplib
import socket
import ssl
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from amanat.notify.channel import BadChannelAddress, Refused, TryLater

LOCAL = ("127.0.0.1", "localhost", "::1")
TIMEOUT_SECONDS = 60.0
ANSWER_SECONDS = 600.0  # RFC 5321, 4.5.3.2.6: a server may take ten minutes over what it was given

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
    """An open connection. After `is_broken` it is thrown away."""

    def __init__(self, relay: Relay) -> None:
        self._server = _connect(relay)
        self._is_pipelined = self._server.has_extn("pipelining")
        self.has_smtputf8 = self._server.has_extn("smtputf8")
        self.is_broken = False
        self.is_reused = False

    def hand_over(self, sender: str, address: str, body: bytes, *, envelope_id: str = "") -> Result:
        """Hands one message over; a bounce of it names `envelope_id` where servers know how (RFC 3461).

        Raises Stale or OSError while nothing was handed over, and Refused when the sender is unwelcome.
        """
        try:
            mail, rcpt, data = self._envelope(sender, address, envelope_id)
        except OSError:  # smtplib's own errors are OSErrors too
            self.close()
            raise
        self.is_reused = True
        if mail[0] // 100 == 5:
            self.close()
            raise Refused(f"the server does not take mail from the company's sender: {words(mail)}")
        for said in (mail, rcpt):
            if said[0] // 100 != 2:
                return self._judge(said)
        return self._body(body) if data[0] == 354 else self._judge(data)

    def quit(self) -> None:
        try:
            self._server.quit()
        except OSError:
            self._server.close()

    def close(self) -> None:
        self.is_broken = True
        self._server.close()

    def _envelope(self, sender: str, address: str, envelope_id: str) -> tuple[Said, Said, Said]:
        """The answers to MAIL, RCPT and DATA; DATA is only answered with 354 when a message is awaited."""
        server = self._server
        option = "" if sender.isascii() and address.isascii() else " SMTPUTF8"
        to_option = ""
        if envelope_id and server.has_extn("dsn"):
            # Only the headers come back: what stands in the notice needs no second journey.
            option += f" RET=HDRS ENVID={envelope_id}"
            to_option = " NOTIFY=FAILURE"
        commands = [f"MAIL FROM:{smtplib.quoteaddr(sender)}{option}", f"RCPT TO:{smtplib.quoteaddr(address)}{to_option}", "DATA"]
        said: list[Said] = []
        if self._is_pipelined:
            # RFC 2920: three commands in one packet; on a line of 20 ms that doubles what a connection carries.
            server.send("".join(command + "\r\n" for command in commands).encode())
            said = [self._reply() for _ in commands]
            if said[2][0] == 354 and not (said[0][0] // 100 == said[1][0] // 100 == 2):
                # Nobody is addressed, yet the server awaits a message: it gets an empty one, which it must refuse.
                server.send(b".\r\n")
                self._reply()
        else:
            for command in commands:
                if said and said[-1][0] // 100 != 2:
                    said.append((503, b"not asked"))
                    continue
                server.send(f"{command}\r\n".encode())
                said.append(self._reply())
        return said[0], said[1], said[2]

    def _reply(self) -> Said:
        code, text = self._server.getreply()
        if code == 421 and self.is_reused:
            raise Stale("the server closes the connection")
        return code, text

    def _body(self, body: bytes) -> Result:
        try:
            # Our headers and base64 lines never begin with a dot, so nothing needs to be stuffed.
            self._server.send(body + b".\r\n")
            assert self._server.sock is not None
            self._server.sock.settimeout(ANSWER_SECONDS)
            said = self._server.getreply()
            self._server.sock.settimeout(TIMEOUT_SECONDS)
        except OSError as error:
            self.close()
            return "unsure", f"the connection broke after the message was sent, before the server answered ({type(error).__name__})"
        return ("accepted", words(said)) if said[0] // 100 == 2 else self._judge(said)

    def _judge(self, said: Said) -> Result:
        if said[0] == 421 or said[0] < 400:
            self.close()
            return "try_later", words(said)
        try:
            self._server.rset()
        except OSError:
            self.close()
        return ("try_later" if said[0] < 500 else "refused"), words(said)


def words(said: tuple[int, bytes | str]) -> str:
    """What a server said, on one line."""
    code, text = said
    return f"{code} {text.decode('utf-8', 'replace') if isinstance(text, bytes) else text}"


def _connect(relay: Relay) -> smtplib.SMTP:
    try:
        if relay.is_tls:
            server: smtplib.SMTP = smtplib.SMTP_SSL(relay.host, relay.port, relay.hello, timeout=TIMEOUT_SECONDS, context=_tls(relay))
        else:
            server = smtplib.SMTP(relay.host, relay.port, relay.hello, timeout=TIMEOUT_SECONDS)
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
