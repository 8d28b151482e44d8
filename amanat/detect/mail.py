"""A message as the signals see it: who says to have sent it, its words, links, parts; read from raw RFC 5322 bytes.

Nothing here decides anything. A part that cannot be read is counted in `gaps`, and the rest is read.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from email import policy
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import Message
from email.parser import BytesParser
from email.utils import getaddresses
from typing import Literal

from amanat.detect.domains import ascii_host
from amanat.detect.web_page import Link, Page, read_page
from amanat.lib.errors import Fixable
from amanat.terms.company import Company

PARTS_MAX = 500
TEXT_MAX = 400_000  # characters that are read; a longer text is cut, and said so
Way = Literal["raw", "attached", "inline"]

TOO_DEEP = "Its parts are nested too deeply to be read."
TOO_LONG = "Its text is very long; only the beginning was read."
TOO_MANY = f"It has more than {PARTS_MAX} parts or nests them deeply; the others were not read."
ENCRYPTED = "It is encrypted, so its content could not be read."
UNKNOWN_LETTERS = "Its text is written in a way that could not be told, so it was not understood."
GAPS = (TOO_DEEP, TOO_LONG, TOO_MANY, ENCRYPTED, UNKNOWN_LETTERS)


class BadMail(Fixable):
    """What was given is no message."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ours:
    """What we know about ourselves: names that somebody could borrow, and the servers whose word counts."""

    domains: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    authserv_ids: tuple[str, ...] = ()  # RFC 8601: only results that bear one of these were written by our own servers
    keys: Mapping[str, str] = field(default_factory=dict)  # "selector._domainkey.domain" -> TXT record


def ours_of(company: Company, *, authserv_ids: Iterable[str] = (), keys: Mapping[str, str] | None = None) -> Ours:
    """What `company.toml` says about our names and domains."""
    names = {company.name, company.legal_name}
    return Ours(
        domains=tuple(d.lower() for d in company.domains),
        names=tuple(sorted(n for n in names if n)),
        authserv_ids=tuple(authserv_ids),
        keys=keys or {},
    )


@dataclass(frozen=True, slots=True)
class Address:
    """An address of a header: the name shown, and where it leads."""

    shown: str
    local: str
    domain: str  # lower case, in ASCII form


@dataclass(frozen=True, slots=True)
class Attachment:
    """A part that is a file of its own."""

    name: str
    type: str  # as declared
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """One message."""

    raw: bytes = field(repr=False)
    way: Way = "raw"  # raw: as it came; attached or inline: somebody forwarded it to us, so its envelope is not ours to judge
    headers: tuple[tuple[str, str], ...] = field(default=(), repr=False)  # lower-case names in order, values unfolded and still encoded
    senders: tuple[Address, ...] = field(default=(), repr=False)  # of From
    reply_to: tuple[Address, ...] = field(default=(), repr=False)
    subject: str = field(default="", repr=False)
    text: str = field(default="", repr=False)  # what a reader sees, whether it was plain text or HTML
    links: tuple[Link, ...] = field(default=(), repr=False)
    forms: tuple[str, ...] = field(default=(), repr=False)  # kinds of input fields of forms inside
    has_script: bool = False
    attachments: tuple[Attachment, ...] = field(default=(), repr=False)
    inner: tuple[bytes, ...] = field(default=(), repr=False)  # messages attached whole
    n_parts: int = 1
    gaps: tuple[str, ...] = ()  # sentences about what could not be read

    @property
    def sender(self) -> Address | None:
        return self.senders[0] if self.senders else None

    def all(self, name: str) -> list[str]:
        """Every value of a header."""
        return [value for each, value in self.headers if each == name]

    @property
    def words(self) -> str:
        """Subject and text together, for signals that look for words."""
        return f"{self.subject}\n{self.text}"


_FIELD_NAME = re.compile(r"[!-9;-~]{1,76}")


def read_mail(raw: bytes, *, way: Way = "raw") -> Mail:
    """The message; never fails because of what is inside. Messages nested too deeply come back with a gap."""
    if raw.startswith(b"From ") and b"\n" in raw:
        raw = raw[raw.index(b"\n") + 1 :]
    try:
        message = BytesParser(policy=policy.compat32).parsebytes(raw)
        found = _Parts()
        found.take(message, 0)
    except RecursionError:
        return Mail(raw=raw, way=way, gaps=(TOO_DEEP,))
    headers = tuple((name.lower(), " ".join(str(value).split())) for name, value in getattr(message, "_headers", []) if _FIELD_NAME.fullmatch(name))
    by_name: dict[str, list[str]] = {}
    for name, value in headers:
        by_name.setdefault(name, []).append(value)
    text = "\n".join(t for t in found.texts if t.strip())
    if len(text) > TEXT_MAX:
        found.gaps.append(TOO_LONG)
    page_links = [link for page in found.pages for link in page.links]
    text = text[:TEXT_MAX]
    return Mail(
        raw=raw,
        way=way,
        headers=headers,
        senders=addresses(by_name.get("from", [])),
        reply_to=addresses(by_name.get("reply-to", [])),
        subject=decoded(" ".join(by_name.get("subject", []))[:2000]),
        text=text,
        links=tuple((page_links + [Link("", url) for url in urls_in(text)])[:2000]),
        forms=tuple(kind for page in found.pages for kind in page.inputs),
        has_script=any(page.has_script for page in found.pages),
        attachments=tuple(found.attachments),
        inner=tuple(found.inner),
        n_parts=found.n_parts,
        gaps=tuple(dict.fromkeys(found.gaps)),
    )


class _Parts:
    """What is collected on the walk through a message."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self.pages: list[Page] = []
        self.attachments: list[Attachment] = []
        self.inner: list[bytes] = []
        self.gaps: list[str] = []
        self.n_parts = 0

    def take(self, message: Message, depth: int) -> None:
        self.n_parts += 1
        if self.n_parts > PARTS_MAX or depth > 30:
            if self.n_parts == PARTS_MAX + 1 or depth > 30:
                self.gaps.append(TOO_MANY)
            return
        kind = message.get_content_type()
        below = [part for part in message.get_payload() if isinstance(part, Message)] if message.is_multipart() else []
        if kind in ("multipart/encrypted", "application/pkcs7-mime", "application/x-pkcs7-mime"):
            self.gaps.append(ENCRYPTED)
            return
        if kind.startswith("message/") and below:
            self.inner.extend(part.as_bytes(policy=policy.compat32) for part in below[:5] if kind == "message/rfc822")
            return
        if below:
            has_page = any(part.get_content_type() == "text/html" for part in below)
            for part in below:
                # Where a message says the same twice, its reader sees the page; the plain half is read for its links only.
                if kind == "multipart/alternative" and has_page and part.get_content_type() == "text/plain":
                    self.n_parts += 1
                    continue
                self.take(part, depth + 1)
            return
        name = message.get_filename()
        content = message.get_payload(decode=True)
        content = content if isinstance(content, bytes) else b""
        is_text = message.get_content_maintype() == "text" and message.get_content_disposition() != "attachment" and not name
        if not is_text:
            if content:
                self.attachments.append(Attachment(decoded(name or ""), kind, content))
            return
        text, is_sure = read_text(message, content)
        if kind == "text/html":
            page = read_page(text[: 4 * TEXT_MAX])
            self.pages.append(page)
            text = page.text
        if not is_sure:
            self.gaps.append(UNKNOWN_LETTERS)
        self.texts.append(text)


_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1f\x7f\ufffd]")
ORDINARY_MIN = 0.85  # share of letters and blanks in a text that people read; what was decoded wrongly is full of signs
FOREIGN_MAX = 0.2  # share of letters beyond ASCII in a text of Western Europe


def read_text(message: Message, content: bytes) -> tuple[str, bool]:
    """The text of a part, and whether it is sure that this is what its sender wrote."""
    try:
        charset = message.get_content_charset()
    except (LookupError, ValueError):
        charset = "?"
    is_named = charset not in (None, "us-ascii", "ascii")
    for name in (charset if is_named else None, "utf-8", "cp1252", "latin-1"):
        if not name:
            continue
        try:
            text = content.decode(name)
        except (LookupError, ValueError):
            # A charset that nobody knows, or the wrong one: most senders mean UTF-8.
            continue
        return text, not _CONTROLS.search(text) and (name == charset or _reads(text, content, name, is_named=is_named))
    raise AssertionError("latin-1 decodes everything")


def _reads(text: str, content: bytes, name: str, *, is_named: bool) -> bool:
    """Whether a text that was decoded by guessing can be what was meant."""
    if name == "utf-8":
        # Bytes beyond ASCII are UTF-8 by accident hardly ever. What is all ASCII may be another writing in disguise, if one was named.
        ordinary = sum(c.isalpha() or c.isspace() for c in text)
        return not is_named or not content.isascii() or not text.strip() or ordinary >= ORDINARY_MIN * len(text)
    # Nothing was said of the letters, or it was wrong: a guess that holds for a few accents, and for no other alphabet.
    letters = [c for c in text if c.isalpha()]
    return not is_named and name == "cp1252" and sum(c > "\x7f" for c in letters) <= FOREIGN_MAX * len(letters)


_URL = re.compile(r"(?i)\b(?:https?://|www\.)[^\s<>\"'«»()\[\]{}]{3,2000}")


def urls_in(text: str) -> list[str]:
    """Addresses of pages written out in a text.

    >>> urls_in("Go to https://example.org/a, or www.example.net.")
    ['https://example.org/a', 'www.example.net']
    """
    return [found[0].rstrip(".,;:!?'»”") for found in _URL.finditer(text)]


def addresses(values: list[str]) -> tuple[Address, ...]:
    """The addresses of a header's values, still encoded.

    >>> addresses(['=?utf-8?q?Zo=C3=AB?= <zoe@Example.ORG>'])
    (Address(shown='Zoë', local='zoe', domain='example.org'),)
    """
    found = []
    for shown, address in getaddresses([value[:4000] for value in values[:20]]):
        local, at, domain = address.rpartition("@")
        if shown or address:
            found.append(Address(decoded(shown), local, ascii_host(domain)) if at else Address(decoded(shown) or address, "", ""))
    return tuple(found)


def decoded(value: str) -> str:
    """A header's words as text (RFC 2047).

    >>> decoded("=?utf-8?b?2LPYp9ix2Kc=?=")
    'سارا'
    """
    words = []
    try:
        for part, charset in decode_header(str(value)):
            if isinstance(part, str):
                words.append(part)
                continue
            try:
                words.append(part.decode(charset or "ascii"))
            except (LookupError, ValueError):
                words.append(part.decode("utf-8", "replace"))
    except (HeaderParseError, ValueError):
        words = [str(value)]
    text = "".join(words).encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    return " ".join(text.split())
