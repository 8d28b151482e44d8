"""E-mail over SMTP: reused connections, text beside HTML, and one Message-ID for every attempt of the same sending."""

import re
import smtplib
import socket
import ssl
import threading
from base64 import encodebytes
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from email.header import Header
from email.utils import format_datetime
from typing import Any
from urllib.parse import urlsplit

from amanat.lib.private import Private
from amanat.notify.channel import BadChannelAddress, ChannelType, Message, Opening, Outcome, Refused, Texts, TryLater, must_be
from amanat.terms.company import Company
from amanat.terms.contact import Contact
from amanat.terms.notice import Notice

LOCAL = ("127.0.0.1", "localhost", "::1")


@dataclass(frozen=True, slots=True, kw_only=True)
class Relay:
    """The server that takes our mail, from `smtp://HOST:PORT` or `smtps://HOST:PORT`."""

    host: str
    port: int
    is_tls: bool

    @property
    def is_local(self) -> bool:
        return self.host in LOCAL


def read_relay(address: str) -> Relay:
    """The relay of an address; raises BadChannelAddress.

    >>> read_relay("smtp://127.0.0.1:2525")
    Relay(host='127.0.0.1', port=2525, is_tls=False)
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
    return Relay(host=parts.hostname, port=port, is_tls=parts.scheme == "smtps")


class Email:
    """An open e-mail channel; each thread that sends keeps a connection of its own."""

    batch_size = 25
    timeout_seconds = 60.0
    answer_seconds = 600.0  # RFC 5321, 4.5.3.2.6: a server may take ten minutes over what it was given

    def __init__(self, opening: Opening) -> None:
        self._relay = read_relay(must_be(opening.address, "the relay's address (smtp://HOST:PORT)"))
        self.is_local = self._relay.is_local
        self.n_parallel = opening.n_parallel
        self._company, self._texts = opening.company, opening.texts
        self._login = _read_login(opening) if opening.login_file else None
        self._ca_file = opening.ca_file
        self._heads: dict[str, _Head] = {}
        self._mine = threading.local()
        self._all: list[smtplib.SMTP] = []
        self._name = _host_name(opening.company)

    def send(self, batch: Sequence[Message]) -> Iterator[Outcome]:
        for message in batch:
            became, answer = self._send_one(message)
            yield Outcome(sending_id=message.sending_id, became=became, answer=answer)  # type: ignore[arg-type]

    def close(self) -> None:
        for server in self._all:
            try:
                server.quit()
            except (OSError, smtplib.SMTPException):
                server.close()
        self._all.clear()

    # ---- one message ----

    def _send_one(self, message: Message) -> tuple[str, str]:
        addresses = [a for a in map(_envelope, message.contact.emails) if a]
        if not addresses:
            return "refused", "the e-mail address on file cannot be one"
        last = ("refused", "no address was taken")
        for address in addresses:
            last = self._attempt(message, address)
            if last[0] != "refused":
                break
        return last

    def _attempt(self, message: Message, address: str) -> tuple[str, str]:
        server, is_reused = self._server()
        try:
            return self._over(server, message, address)
        except OSError as error:  # smtplib's own errors are OSErrors too
            # Nothing was handed over yet, so the same person may be tried again without doubt.
            self._drop(server)
            if not is_reused:
                return "try_later", f"the connection broke before the message was sent ({type(error).__name__})"
        # A server may close a connection that was idle, or used often enough. That says nothing about this person.
        return self._attempt(message, address)

    def _over(self, server: smtplib.SMTP, message: Message, address: str) -> tuple[str, str]:
        options = []
        if not (address.isascii() and self._company.sender.isascii()):
            if not server.has_extn("smtputf8"):
                return "refused", "the server takes no international addresses"
            options.append("SMTPUTF8")
        code, said = server.mail(self._company.sender, options)
        if code == 421:
            raise smtplib.SMTPServerDisconnected("closing")
        if 500 <= code < 600:
            self._drop(server)
            raise Refused(f"the server does not take mail from the company's sender: {_words(code, said)}")
        if code // 100 == 2:
            code, said = server.rcpt(address)
        if code // 100 != 2:
            return self._judge(server, code, said)
        body = self._compose(message, address)
        code, said = server.docmd("DATA")
        if code != 354:
            return self._judge(server, code, said)
        return self._hand_over(server, body)

    def _hand_over(self, server: smtplib.SMTP, body: bytes) -> tuple[str, str]:
        try:
            # Our headers and base64 lines never begin with a dot, so nothing needs to be stuffed.
            server.send(body + b".\r\n")
            assert server.sock is not None
            server.sock.settimeout(self.answer_seconds)
            code, said = server.getreply()
            server.sock.settimeout(self.timeout_seconds)
        except OSError as error:
            self._drop(server)
            return "unsure", f"the connection broke after the message was sent, before the server answered ({type(error).__name__})"
        return ("accepted", _words(code, said)) if code // 100 == 2 else self._judge(server, code, said)

    def _judge(self, server: smtplib.SMTP, code: int, said: bytes) -> tuple[str, str]:
        words = _words(code, said)
        if code == 421 or code < 400:
            self._drop(server)
            return "try_later", words
        try:
            server.rset()
        except OSError:
            self._drop(server)
        return ("try_later" if code < 500 else "refused"), words

    def _compose(self, message: Message, address: str) -> bytes:
        head = self._heads.get(message.notice.id)
        if head is None:
            head = self._heads[message.notice.id] = _Head(self._company, message.notice, self._texts[message.notice.id])
        return head.fill(message, address)

    # ---- connections ----

    def _server(self) -> tuple[smtplib.SMTP, bool]:
        server: smtplib.SMTP | None = getattr(self._mine, "server", None)
        if server is not None:
            return server, True
        server = self._mine.server = self._connect()
        self._all.append(server)
        return server, False

    def _drop(self, server: smtplib.SMTP) -> None:
        server.close()
        self._mine.server = None
        if server in self._all:
            self._all.remove(server)

    def _connect(self) -> smtplib.SMTP:
        relay = self._relay
        try:
            if relay.is_tls:
                server: smtplib.SMTP = smtplib.SMTP_SSL(relay.host, relay.port, self._name, timeout=self.timeout_seconds, context=self._tls())
            else:
                server = smtplib.SMTP(relay.host, relay.port, self._name, timeout=self.timeout_seconds)
            if server.sock is not None:
                # Commands are small and each waits for its answer; Nagle's delay would add 40 ms to every message.
                server.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            server.ehlo_or_helo_if_needed()
            if not relay.is_tls and server.has_extn("starttls"):
                server.starttls(context=self._tls())
                server.ehlo_or_helo_if_needed()
            self._log_in(server)
        except ssl.SSLCertVerificationError as error:
            raise Refused(f"the relay's certificate is not valid ({error.verify_message}); give the authority of your own relay as ca_file") from None
        except smtplib.SMTPAuthenticationError as error:
            raise Refused(f"the relay refuses our log-in: {_words(error.smtp_code, _bytes(error.smtp_error))}") from None
        except smtplib.SMTPResponseException as error:
            raise TryLater(f"the relay does not greet us: {_words(error.smtp_code, _bytes(error.smtp_error))}") from None
        except (OSError, smtplib.SMTPException) as error:
            raise TryLater(f"the relay at {relay.host}:{relay.port} does not answer ({type(error).__name__})") from None
        return server

    def _log_in(self, server: smtplib.SMTP) -> None:
        if self._login is None:
            return
        if not isinstance(server.sock, ssl.SSLSocket) and not self._relay.is_local:
            server.close()
            raise Refused("the relay offers no TLS, so the password would cross the network in clear; use smtps:// or a relay with STARTTLS")
        offered = server.esmtp_features.get("auth", "").upper().split()
        ways: dict[str, Any] = {"PLAIN": server.auth_plain, "LOGIN": server.auth_login, "CRAM-MD5": server.auth_cram_md5}
        way = next((name for name in ways if name in offered), None)
        if way is None:
            server.close()
            raise Refused("the relay offers no log-in that we know (PLAIN, LOGIN, CRAM-MD5); send without one, or ask who runs it")
        # One try of one way: smtplib's login() tries them all, and a server that hangs up after the first looks like one that is down.
        server.user, server.password = self._login  # type: ignore[attr-defined]
        server.auth(way, ways[way])

    def _tls(self) -> ssl.SSLContext:
        context = ssl.create_default_context(cafile=str(self._ca_file) if self._ca_file else None)
        if self._relay.is_local and not self._ca_file:
            # A relay on this very machine has no name that an authority could vouch for, and nobody stands between.
            context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        return context


class _Head:
    """Everything of a notice's message that is the same for all, composed once."""

    def __init__(self, company: Company, notice: Notice, texts: Texts) -> None:
        self._texts = texts
        self._domain = _ascii_domain(company.domains[0] if company.domains else company.sender.rsplit("@", 1)[-1])
        boundary = f"=_amanat_{notice.content_hash[:24]}"
        common = [f"From: {_mailbox(company.name, company.sender)}"]
        if company.reply_to:
            common.append(f"Reply-To: {_mailbox('', company.reply_to)}")
        common += [
            f"Subject: {_encoded(notice.subject, 'Subject')}",
            f"Content-Language: {notice.language}",
            "Auto-Submitted: auto-generated",  # RFC 3834: no out-of-office answers, please
            "MIME-Version: 1.0",
            f'Content-Type: multipart/alternative; boundary="{boundary}"',
        ]
        self._common = "\r\n".join(common).encode()
        self._text = f"--{boundary}\r\n{_PART.format('plain')}".encode()
        self._html = f"--{boundary}\r\n{_PART.format('html')}".encode()
        self._end = f"--{boundary}--\r\n".encode()

    def fill(self, message: Message, address: str) -> bytes:
        name = message.contact.name
        own = (
            f"Message-ID: <{message.sending_id}@{self._domain}>\r\n"
            f"Date: {format_datetime(datetime.now(timezone.utc))}\r\n"
            f"To: {_mailbox(name.reveal(why='name in the To header') if name else '', address)}\r\n"
        ).encode()
        text = self._texts.text.fill(message.contact, message.kinds, message.code)
        html = self._texts.html.fill(message.contact, message.kinds, message.code)
        return b"".join((own, self._common, b"\r\n\r\n", self._text, _base64(text), self._html, _base64(html), self._end))


_PART = "Content-Type: text/{}; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n"


def _base64(text: str) -> bytes:
    lines = text.replace("\r\n", "\n").replace("\n", "\r\n").encode()
    return encodebytes(lines).replace(b"\n", b"\r\n")


# Line ends would begin a new header; marks that turn the direction of writing could make one name look like another.
_NOT_IN_HEADERS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]+")
_PLAIN_NAME = re.compile(r"[A-Za-z0-9 !#$%&'*+/=?^_`{|}~-]*")


def _mailbox(name: str, address: str) -> str:
    """`name <address>` as a header takes it.

    >>> _mailbox("Sara\\r\\nBcc: all@example.org", "sara@example.org")
    '"Sara Bcc: all@example.org" <sara@example.org>'
    """
    name = " ".join(_NOT_IN_HEADERS.sub(" ", name).split())[:200]
    if not name:
        return address
    if _PLAIN_NAME.fullmatch(name) and "=?" not in name:
        return f"{name} <{address}>"
    if name.isascii() and "=?" not in name:
        quoted = name.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{quoted}" <{address}>'
    return f"{_encoded(name, 'To')} <{address}>"


def _encoded(text: str, header: str) -> str:
    text = " ".join(_NOT_IN_HEADERS.sub(" ", text).split())
    if text.isascii() and "=?" not in text and len(text) < 900:
        return text
    return Header(text, "utf-8", header_name=header, maxlinelen=75).encode(linesep="\r\n")


_LOCAL_PART = re.compile(r"[^\s\x00-\x20\x7f-\x9f<>()\[\]\\,;:@\"]{1,64}")
_DOMAIN = re.compile(r"(?:[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?\.)*[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?")


def _envelope(email: Private) -> str:
    """The address for the envelope, its domain in ASCII; empty when it cannot be one."""
    local, _, domain = email.reveal(why="address of the envelope").strip().rpartition("@")
    domain = _ascii_domain(domain)
    if not _LOCAL_PART.fullmatch(local) or local.startswith(".") or local.endswith(".") or ".." in local:
        return ""
    return f"{local}@{domain}" if _DOMAIN.fullmatch(domain) and len(domain) <= 253 else ""


def _ascii_domain(domain: str) -> str:
    if domain.isascii():
        return domain
    try:
        return domain.encode("idna").decode("ascii")
    except UnicodeError:
        return ""


def _words(code: int, said: bytes) -> str:
    return f"{code} {said.decode('utf-8', 'replace')}"


def _bytes(said: bytes | str) -> bytes:
    return said if isinstance(said, bytes) else said.encode()


def _host_name(company: Company) -> str:
    # The machine's own name may tell a stranger more than it should; the sender's domain is what the relay knows us by.
    return _ascii_domain(company.sender.rsplit("@", 1)[-1]) or "localhost"


def _read_login(opening: Opening) -> tuple[str, str]:
    assert opening.login_file is not None
    try:
        first = opening.login_file.read_text(encoding="utf-8").split("\n")[0].strip()
    except OSError as error:
        raise BadChannelAddress(f"{opening.login_file}: cannot be read ({error.strerror}); its first line is USER:PASSWORD") from None
    user, colon, password = first.partition(":")
    if not (user and colon and password):
        raise BadChannelAddress(f"{opening.login_file}:1: must read USER:PASSWORD")
    return user, password


def _reaches(contact: Contact) -> bool:
    return any(_envelope(email) for email in contact.emails)


def _example(*emails: str) -> Contact:
    return Contact(
        person_id="1",
        name=None,
        emails=tuple(Private("email", e) for e in emails),
        phones=(),
        address=None,
        residence=None,
        language=None,
        minor=None,
        deceased=None,
        needs=None,
    )


CHANNEL = ChannelType(
    says="E-mail through the company's own relay, as plain text beside HTML.",
    reaches=_reaches,
    lacks="no e-mail address on file",
    open=Email,
    source="https://www.rfc-editor.org/rfc/rfc5321",
    read_on="2026-11-22",
    examples=(_example("sara@example.org"), _example("not an address", "sara@example.org"), _example("سارا@example.org")),
    not_examples=(_example(), _example("sara@"), _example("a@example.org\r\nRCPT TO:<b@example.org>")),
)
