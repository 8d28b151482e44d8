"""A notice as an e-mail message: composed once, filled for each person; no name or address can bend its headers."""

import re
import time
from binascii import b2a_base64
from datetime import datetime, timezone
from email.header import Header
from email.utils import format_datetime
from functools import lru_cache
from typing import Protocol

import numpy as np

from amanat.lib.private import Private
from amanat.notify.channel import Message, Texts
from amanat.notify.leave import leave_headers
from amanat.notify.parts import Parts
from amanat.terms.company import Company
from amanat.terms.contact import Contact
from amanat.terms.notice import Notice


class Signs(Protocol):
    """Whatever signs a finished message (`notify.dkim`)."""

    def headers(self, own: bytes, common: bytes, body: bytes, *, at: int) -> bytes: ...


class Composed:
    """One notice as a message: all that is the same for everybody is composed once."""

    def __init__(self, company: Company, notice: Notice, texts: Texts, dkim: Signs | None = None) -> None:
        self._parts, self._dkim = Parts(company, notice, texts), dkim
        self._domain = ascii_domain(company.domains[0] if company.domains else company.sender.rsplit("@", 1)[-1])
        boundary = f"=_amanat_{notice.content_hash[:24]}"
        common = [f"From: {mailbox(company.name, company.sender)}"]
        if company.reply_to:
            common.append(f"Reply-To: {mailbox('', company.reply_to)}")
        common += [
            f"Subject: {encoded(notice.subject, 'Subject')}",
            f"Content-Language: {notice.language}",
            "Auto-Submitted: auto-generated",  # RFC 3834: no out-of-office answers, please
            "MIME-Version: 1.0",
            f'Content-Type: multipart/alternative; boundary="{boundary}"',
        ]
        self._common = "\r\n".join([*common, ""]).encode()
        self._text = f"--{boundary}\r\n{_PART.format('plain')}".encode()
        self._html = f"--{boundary}\r\n{_PART.format('html')}".encode()
        self._end = f"--{boundary}--\r\n".encode()

    def fill(self, message: Message, address: str) -> bytes:
        """The message of one person, with CRLF line ends, without the final dot of SMTP."""
        name, now = message.contact.name, int(time.time())
        own = (
            f"Message-ID: <{message.sending_id}@{self._domain}>\r\n"
            f"Date: {_date(now)}\r\n"
            f"To: {mailbox(name.reveal(why='name in the To header') if name else '', address)}\r\n"
        ).encode()
        if message.leave_url:
            own += leave_headers(message.leave_url)
        text, html = self._parts.of(message)
        body = b"".join((self._text, _base64(text), self._html, _base64(html), self._end))
        signed = self._dkim.headers(own, self._common, body, at=now) if self._dkim else b""
        return b"".join((signed, own, self._common, b"\r\n", body))


@lru_cache(maxsize=2)
def _date(second: int) -> str:
    """The Date header of all messages of one second."""
    return format_datetime(datetime.fromtimestamp(second, timezone.utc))


_PART = "Content-Type: text/{}; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n"


def _base64(text: bytes) -> bytes:
    """RFC 2045, 6.8: lines of 76 letters; laid out as one block, which is a hundred times faster than line by line."""
    letters = np.frombuffer(b2a_base64(text, newline=False), np.uint8)
    whole = len(letters) // 76
    lines = np.empty((whole, 78), np.uint8)
    lines[:, :76] = letters[: whole * 76].reshape(whole, 76)
    lines[:, 76:] = (13, 10)
    rest = letters[whole * 76 :].tobytes()
    return lines.tobytes() + (rest + b"\r\n" if rest else b"")


# Line ends would begin a new header; marks that turn the direction of writing could make one name look like another.
_NOT_IN_HEADERS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]+")
_PLAIN_NAME = re.compile(r"[A-Za-z0-9 !#$%&'*+/=?^_`{|}~-]*")


def mailbox(name: str, address: str) -> str:
    """`name <address>` as a header takes it.

    >>> mailbox("Sara\\r\\nBcc: all@example.org", "sara@example.org")
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
    return f"{encoded(name, 'To')} <{address}>"


def encoded(text: str, header: str) -> str:
    """The text as a header takes it: on one line, or folded into the encoded words of RFC 2047."""
    text = " ".join(_NOT_IN_HEADERS.sub(" ", text).split())
    if text.isascii() and "=?" not in text and len(text) < 900:
        return text
    return Header(text, "utf-8", header_name=header, maxlinelen=75).encode(linesep="\r\n")


_LOCAL_PART = re.compile(r"[^\s\x00-\x20\x7f-\x9f<>()\[\]\\,;:@\"]{1,64}")
_DOMAIN = re.compile(r"(?:[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?\.)*[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?")


def envelope_of(email: Private) -> str:
    """The address for the envelope, its domain in ASCII; empty when it cannot be one."""
    local, _, domain = email.reveal(why="address of the envelope").strip().rpartition("@")
    domain = ascii_domain(domain)
    if not _LOCAL_PART.fullmatch(local) or local.startswith(".") or local.endswith(".") or ".." in local:
        return ""
    return f"{local}@{domain}" if _DOMAIN.fullmatch(domain) and len(domain) <= 253 else ""


def addresses_of(contact: Contact) -> list[str]:
    """The person's addresses that can be one, for the envelope, in the order of the register."""
    return [address for email in contact.emails if (address := envelope_of(email))]


def reaches(contact: Contact) -> bool:
    """Whether an e-mail can reach this person."""
    return bool(addresses_of(contact))


def ascii_domain(domain: str) -> str:
    """The domain as the name system knows it; empty when it cannot be one."""
    if domain.isascii():
        return domain
    try:
        return domain.encode("idna").decode("ascii")
    except UnicodeError:
        return ""
