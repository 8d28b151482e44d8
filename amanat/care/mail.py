"""A person's e-mail as a case begins with it: sender, subject, text; parsed in a process that can do nothing else.

Attachments are counted and never opened. Started as `python -m amanat.care.mail`, with the message on standard input.
"""

import codecs
import contextlib
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from email import policy
from email.header import decode_header, make_header
from email.message import Message
from email.parser import BytesParser
from email.utils import parseaddr
from encodings.aliases import aliases
from html.parser import HTMLParser

from amanat.lib import confine
from amanat.lib.errors import Fixable
from amanat.lib.private import Private

SIZE_MAX = 10 << 20
TEXT_MAX, SUBJECT_MAX = 20_000, 300
SECONDS_MAX = 20


class NotAMail(Fixable):
    """A file that cannot be read as one e-mail message."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """One message. Who wrote it is what it says of itself: a sender is easy to invent, so it proves nobody's identity."""

    sender: Private
    subject: Private
    text: Private
    n_attachments: int
    is_automatic: bool  # an out-of-office note or a returned message: no case


def read_mail(content: bytes) -> Mail:
    """The message in these bytes, parsed in a confined process; raises NotAMail with what to do."""
    if len(content) > SIZE_MAX:
        raise NotAMail(f"the message has more than {SIZE_MAX >> 20} MB; open a case by hand")
    clean = {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "PYTHONDONTWRITEBYTECODE": "1", "PYTHONNOUSERSITE": "1"}
    try:
        done = subprocess.run(
            [sys.executable, "-P", "-m", "amanat.care.mail"], input=content, env=clean, capture_output=True, timeout=SECONDS_MAX, check=False
        )
    except subprocess.TimeoutExpired:
        raise NotAMail("the message took too long to read; open a case by hand") from None
    try:
        found = json.loads(done.stdout)
    except ValueError:
        raise NotAMail("the message could not be read (its reader stopped); open a case by hand") from None
    if not found["sender"] or "@" not in found["sender"]:
        raise NotAMail("the message names no sender; is it an e-mail saved as .eml?")
    return Mail(
        sender=Private("email", found["sender"]),
        subject=Private("communications", found["subject"]),
        text=Private("communications", found["text"]),
        n_attachments=found["n_attachments"],
        is_automatic=found["is_automatic"],
    )


def parse(content: bytes) -> dict[str, object]:
    """What the confined process answers. Nothing in a message makes it fail: what cannot be decoded is replaced."""
    message = BytesParser(policy=policy.compat32).parsebytes(content)
    texts: list[str] = []
    n_attachments = 0
    for n, part in enumerate(message.walk()):
        if n > 500:  # nobody writes so many parts
            break
        if part.is_multipart():
            continue
        if part.get_content_type() == "text/plain" and part.get_content_disposition() != "attachment":
            texts.append(_text(part))
        elif part.get_content_type() != "text/html" or part.get_content_disposition() == "attachment":
            n_attachments += 1
    if not any(text.strip() for text in texts):
        html = next((p for p in message.walk() if p.get_content_type() == "text/html" and not p.is_multipart()), None)
        texts = [_without_tags(_text(html))] if html is not None else []
    automatic = _header(message, "auto-submitted").lower() not in ("", "no") or "<>" in _header(message, "return-path")
    return {
        "sender": parseaddr(_header(message, "from"))[1][:320],
        "subject": _header(message, "subject")[:SUBJECT_MAX],
        "text": "\n".join(texts).replace("\r\n", "\n").strip()[:TEXT_MAX],
        "n_attachments": n_attachments,
        "is_automatic": automatic,
    }


def _header(message: Message, name: str) -> str:
    value = message.get(name)
    if value is None:
        return ""
    try:
        text = str(make_header(decode_header(str(value))))
    except (ValueError, LookupError):
        text = str(value)
    return " ".join(text.encode("utf-8", "replace").decode().split())


def _text(part: Message) -> str:
    content = part.get_payload(decode=True)
    raw = content if isinstance(content, bytes) else b""
    try:
        return raw.decode(part.get_content_charset() or "utf-8", "replace")
    except (LookupError, ValueError):
        return raw.decode("utf-8", "replace")


def _without_tags(html: str) -> str:
    kept: list[str] = []

    class Reader(HTMLParser):
        hidden = 0

        def handle_starttag(self, tag: str, attrs: object) -> None:
            self.hidden += tag in ("script", "style")
            if tag in ("p", "br", "div", "li", "tr"):
                kept.append("\n")

        def handle_endtag(self, tag: str) -> None:
            self.hidden -= tag in ("script", "style")

        def handle_data(self, data: str) -> None:
            if self.hidden <= 0:
                kept.append(data)

    Reader().feed(html)
    return "\n".join(line for line in (" ".join(x.split()) for x in "".join(kept).split("\n")) if line)


def _import_all() -> None:
    """Nothing can be imported once no file can be opened: every character set, decoder and header is used once before."""
    for name in sorted(set(aliases.values())):
        with contextlib.suppress(LookupError, ImportError):
            codecs.lookup(name)
    body = b"Content-Type: multipart/mixed; boundary=B\n\n--B\nContent-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: "
    for encoding in (b"quoted-printable", b"base64", b"8bit", b"x-uuencode"):
        parse(b"From: =?utf-8?q?a?= <a@example.org>\nSubject: =?utf-8?b?YQ==?=\n" + body + encoding + b"\n\n<p>a&amp;\n--B--\n")


def _main() -> None:
    content = sys.stdin.buffer.read(SIZE_MAX)
    _import_all()
    confine.no_network()
    confine.limits(memory_bytes=512 << 20, cpu_seconds=10)
    confine.no_privileges()
    confine.no_files()
    confine.few_calls()
    answer = json.dumps(parse(content)).encode()
    while answer:
        answer = answer[os.write(1, answer) :]


if __name__ == "__main__":
    _main()
    os._exit(0)
