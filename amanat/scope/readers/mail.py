"""E-mail: single messages (EML) and mail stores (mbox); a message is a record, an attachment a file of its own.

Text is preferred to HTML when a message has both. Small inline pictures (up to 16 KiB) are decoration and left out.
"""

import email.generator  # noqa: F401 wanted late, when nothing can be imported any more
import re
from collections.abc import Iterator, Sequence
from email import policy
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import Message
from email.parser import BytesParser

from amanat.scope.encoding import text_of
from amanat.scope.reader import Context, Fields, Hole, Inner, Read, Reader
from amanat.scope.source import Source
from amanat.scope.web_text import seen

_HEADER = re.compile(rb"[!-9;-~]{1,60}:[ \t]?[^\n]*\n(?:[ \t][^\n]*\n)*")
_USUAL = re.compile(rb"(?im)^(from|to|subject|date|message-id|received|return-path|delivered-to|mime-version|content-type|reply-to|x-[a-z-]+):")
_ENVELOPE = re.compile(rb"From \S.{0,200}\d\d?:\d\d.{0,60}\r?\n")
_NEXT = re.compile(rb"(?<=\n)\r?\n(?=From [^\n]{3,200}\d\d?:\d\d[^\n]{0,60}\n[!-9;-~]{1,60}:)")
_FIELDS = ("from", "to", "cc", "bcc", "reply-to", "date", "subject")
_ESCAPED = re.compile("[\ud800-\udfff]")
_LONE = re.compile("[\ud800-\udc7f\udd00-\udfff]")  # those that stand for no byte
_DECORATION = 16 << 10


def looks(source: Source) -> float:
    head = source.peek(16 << 10)
    if envelope := _ENVELOPE.match(head):
        return 0.93 if _HEADER.match(head, envelope.end()) else 0.0
    at, names = 0, set()
    while found := _HEADER.match(head.replace(b"\r\n", b"\n") if not at else head, at):
        if not at:
            head = head.replace(b"\r\n", b"\n")
        if usual := _USUAL.match(found[0]):
            names.add(usual[1].lower())
        at = found.end()
    core = names & {b"from", b"to", b"subject", b"date", b"message-id", b"received", b"mime-version", b"content-type"}
    return 0.9 if len(core) >= 3 or (len(core) >= 2 and head[at : at + 1] == b"\n") else 0.0


def read(source: Source, context: Context) -> Iterator[Read]:
    if source.peek(5) == b"From ":
        for number, data in enumerate(_messages(source, context.limits.held_bytes), 1):
            yield from _message(data, f"message {number}", source.depth, context)
    else:
        yield from _message(source.whole(context.limits.held_bytes), "", source.depth, context)


def _messages(source: Source, most: int) -> Iterator[bytes]:
    """Messages of an mbox, one after another."""
    rest = b""
    while more := source.read(4 << 20):
        rest += more
        parts = _NEXT.split(rest)
        rest = parts.pop()
        yield from (part for part in parts if part.strip())
        if len(rest) > most:
            yield rest
            rest = b""
    if rest.strip():
        yield rest


def _message(data: bytes, place: str, depth: int, context: Context) -> Iterator[Read]:
    if data.startswith(b"From "):
        data = data[data.find(b"\n") + 1 :].replace(b"\n>From ", b"\nFrom ")
    message = BytesParser(policy=policy.compat32).parsebytes(data)
    labels, values = [], []
    # As they stand: asked by name, bytes above 127 would come as "\ufffd".
    headers = [(name.lower(), value) for name, value in message.raw_items()]
    for wanted in _FIELDS:
        for name, value in headers:
            if name == wanted:
                labels.append(name)
                values.append(decoded(value))
    texts: list[str] = []
    inner: list[tuple[str, bytes]] = []
    _parts(message, texts, inner, 0)
    yield Fields([*values, "\n".join(texts)], [*labels, "body"], place)
    for name, content in inner:
        context.budget.entry()
        context.budget.expand(len(content))
        if content is _ENCRYPTED:
            yield Hole("The message is encrypted.", "Ask its sender or receiver for the text.", place)
        else:
            yield Inner(name, Source.of_bytes(content, name=name, depth=depth + 1))


_ENCRYPTED = b"(encrypted)"


def _parts(message: Message, texts: list[str], inner: list[tuple[str, bytes]], depth: int) -> None:
    kind = message.get_content_type()
    if kind == "multipart/encrypted":
        inner.append(("", _ENCRYPTED))
        return
    if message.is_multipart() and depth < 20:
        below = [part for part in message.get_payload() if isinstance(part, Message)]
        if kind == "message/rfc822":
            # A mail inside a mail is a message of its own.
            inner.extend(("message.eml", part.as_bytes(policy=policy.compat32)) for part in below)
            return
        if kind == "multipart/alternative":
            plain = [part for part in below if part.get_content_type() == "text/plain" and _content(part).strip()]
            if plain:
                below = [part for part in below if part.get_content_type() != "text/html"]
        for part in below:
            _parts(part, texts, inner, depth + 1)
        return
    name = message.get_filename()
    is_attached = message.get_content_disposition() == "attachment"
    if name or is_attached or message.get_content_maintype() not in ("text", "multipart"):
        content = _content(message)
        is_decoration = message.get_content_maintype() == "image" and not is_attached and len(content) <= _DECORATION
        if content and not is_decoration:
            inner.append((decoded(name) if name else f"attachment-{len(inner) + 1}", content))
        return
    text = _text(message)
    if kind == "text/html":
        text = seen(text)
    if text.strip():
        texts.append(text.replace("\r\n", "\n").strip())


def _content(message: Message) -> bytes:
    content = message.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""


def _text(message: Message) -> str:
    content = _content(message)
    charset = message.get_content_charset()
    if charset and charset not in ("us-ascii", "ascii"):
        try:
            return content.decode(charset)
        except (LookupError, ValueError):
            pass  # a charset nobody knows, or the wrong one
    return text_of(content) or content.decode("latin-1")


def decoded(value: object) -> str:
    """A header's words as text.

    >>> decoded("=?utf-8?b?2LPYp9ix2Kc=?= <sara@example.org>")
    'سارا <sara@example.org>'
    """
    words = []
    # Bytes above 127 come as lone surrogates (RFC 6532 allows UTF-8, and most senders mean it).
    text = _unescaped(str(value))
    try:
        for part, charset in decode_header(text):
            if isinstance(part, bytes):
                try:
                    words.append(part.decode(charset or "raw-unicode-escape"))
                except (LookupError, ValueError):
                    words.append(part.decode("utf-8", "replace"))
            else:
                words.append(part)
    except (HeaderParseError, ValueError):
        words = [text]
    return " ".join(_unescaped("".join(words)).split())


def _unescaped(text: str) -> str:
    if not _ESCAPED.search(text):
        return text
    raw = _LONE.sub("\ufffd", text).encode("utf-8", "surrogateescape")
    return text_of(raw) or raw.decode("utf-8", "replace")


def examples() -> Sequence[bytes]:
    eml = (
        b"From: Hotel <desk@example.org>\r\nTo: =?utf-8?b?2LPYp9ix2Kc=?= <sara@example.org>\r\nSubject: Room\r\nMIME-Version: 1.0\r\n"
        b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<p>Dear Sara</p>\r\n'
        b'--b\r\nContent-Type: text/csv\r\nContent-Disposition: attachment; filename="guests.csv"\r\nContent-Transfer-Encoding: base64\r\n\r\n'
        b"bmFtZSxlbWFpbApPbWlkLG9taWRAZXhhbXBsZS5vcmcK\r\n--b--\r\n"
    )
    one = "From desk@example.org Fri Mar  6 18:00:00 2026\nFrom: desk@example.org\nTo: {}@example.org\nSubject: Room\n\nDear {}\n>From us\n\n"
    return (eml, (one.format("sara", "Sara") + one.format("omid", "Omid")).encode())


def not_examples() -> Sequence[bytes]:
    return (b"From here to there: a story\n\nIt began.\n", b"name: Sara\nborn: 1980-02-01\n", b"date,to,subject\n1,2,3\n")


READER = Reader(
    says="e-mail (EML, mbox)",
    looks=looks,
    read=read,
    suffixes=(".eml", ".mbox", ".mbx"),
    source="https://www.rfc-editor.org/rfc/rfc5322",
    examples=examples,
    not_examples=not_examples,
)
