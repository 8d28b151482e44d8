"""Bounces: what mail servers write back, matched to the very sending it is about, and never to a person by their address alone.

A sending is recognised by its Message-ID, which is returned with the message, or by the address that the bounce came to (VERP). Both are
128 bits that only whoever had the message can know, so nobody can bounce somebody else's mail for them.
"""

import email
import email.policy
import mailbox
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from email.message import Message as Mail
from pathlib import Path
from typing import Literal

from amanat.lib.errors import Fixable
from amanat.notify.channel import without_addresses

BOUNCE_SIZE_MAX = 2_000_000  # bytes of one message; a bounce with more is not read
PARTS_MAX = 200
Says = Literal["bounced", "delivered", "complained", "delayed", "no_bounce", "no_sending", "unreadable"]

_ID = "[0-9a-f]{32}"


class NoMailbox(Fixable):
    """A mailbox that is not there, or is none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounce:
    """One message of a mailbox: what it says about which sending."""

    says: Says
    sending_id: str = ""
    answer: str = ""  # the server's words, without addresses


def read_mailbox(path: Path) -> Iterator[bytes]:
    """The messages of an mbox file, or of a folder (Maildir, or one .eml file for each message); raises NoMailbox."""
    if path.is_dir():
        files = [p for folder in ("new", "cur", ".") for p in sorted((path / folder).glob("*")) if p.is_file()]
        for file in dict.fromkeys(files):
            yield file.read_bytes()[: BOUNCE_SIZE_MAX + 1]
        return
    if not path.is_file():
        raise NoMailbox(f"{path}: there is no such mailbox; give an mbox file, a Maildir, or a folder of .eml files")
    with path.open("rb") as beginning:
        if beginning.read(5) not in (b"From ", b""):
            raise NoMailbox(f"{path}: is no mbox (it does not begin with 'From '); put single messages into a folder and give that")
    box = mailbox.mbox(path, create=False)
    try:
        for key in box.iterkeys():
            yield box.get_bytes(key)[: BOUNCE_SIZE_MAX + 1]
    finally:
        box.close()


def read_bounce(raw: bytes, domains: Iterable[str]) -> Bounce:
    """What one message says. `domains` are those that our Message-IDs and bounce addresses end in."""
    if len(raw) > BOUNCE_SIZE_MAX:
        return Bounce(says="unreadable", answer="larger than a bounce")
    try:
        mail = email.message_from_bytes(raw, policy=email.policy.compat32)
        if sum(1 for _, _ in zip(mail.walk(), range(PARTS_MAX + 1), strict=False)) > PARTS_MAX:
            return Bounce(says="unreadable", answer="too many parts")
        says, answer = _verdict(mail)
        if says in ("no_bounce", "delayed"):
            return Bounce(says=says, answer=answer)
        sending_id = _sending_of(mail, raw, domains)
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        # Whatever a stranger wrote must not stop the rest of the mailbox.
        return Bounce(says="unreadable", answer="not a message that can be read")
    return Bounce(says=says if sending_id else "no_sending", sending_id=sending_id, answer=answer)


def _verdict(mail: Mail) -> tuple[Says, str]:
    for part in mail.walk():
        kind = part.get_content_type()
        if kind == "message/delivery-status":
            return _of_status(part)
        if kind == "message/feedback-report":
            return "complained", "the person marked it as unwanted"
        if kind == "message/disposition-notification":
            fields = _fields(part)
            is_seen = any("displayed" in f.get("disposition", "").lower() for f in fields)
            return ("delivered", "a receipt says that it was shown") if is_seen else ("no_bounce", "")
    return _of_words(mail)


def _of_status(part: Mail) -> tuple[Says, str]:
    """RFC 3464: one block about the message, then one for each recipient."""
    blocks = [b for b in _fields(part) if "action" in b]
    for block in blocks:
        action = block["action"].strip().lower()
        status = re.search(r"\b[245]\.\d{1,3}\.\d{1,3}\b", block.get("status", ""))
        words = block.get("diagnostic-code", "").partition(";")[2].strip()
        answer = without_addresses(f"{action} {status[0] if status else ''} {words}".strip())
        if action == "failed":
            return "bounced", answer
        if action in ("delivered", "relayed", "expanded"):
            # Relayed: to a server that sends no such notices. It took the message over.
            return "delivered", answer
        if action == "delayed":
            return "delayed", answer
    return "no_bounce", ""


def _of_words(mail: Mail) -> tuple[Says, str]:
    """Servers that write prose: read by flufl.bounce, which knows their ways."""
    from flufl.bounce import all_failures

    temporary, permanent = all_failures(mail)
    if permanent:
        return "bounced", "the server wrote back that it cannot be delivered"
    return ("delayed", "the server is still trying") if temporary else ("no_bounce", "")


def _fields(part: Mail) -> list[dict[str, str]]:
    """The blocks of header-like fields in a report."""
    payload = part.get_payload()
    blocks = payload if isinstance(payload, list) else [email.message_from_string(str(payload))]
    return [{name.lower(): str(value) for name, value in block.items()} for block in blocks if isinstance(block, Mail)]


def _sending_of(mail: Mail, raw: bytes, domains: Iterable[str]) -> str:
    ours = "|".join(sorted(map(re.escape, {d.lower() for d in domains})))
    message_id = re.compile(rf"<({_ID})@(?:{ours})>", re.IGNORECASE)
    verp = re.compile(rf"\+({_ID})@(?:{ours})\b", re.IGNORECASE)
    # Where the original is returned, its Message-ID stands there; a bounce's own one is the server's.
    for part in mail.walk():
        if part.get_content_type() in ("message/rfc822", "text/rfc822-headers", "message/rfc822-headers"):
            original = part.get_payload(0) if part.is_multipart() else None
            text = original.as_string() if isinstance(original, Mail) else _text(part)
            if found := message_id.search(text):
                return found[1].lower()
    for name in ("Delivered-To", "X-Original-To", "Envelope-To", "To", "X-Failed-Recipients"):
        for value in mail.get_all(name, []):
            if found := verp.search(str(value)):
                return found[1].lower()
    for part in mail.walk():
        if part.get_content_type() == "message/delivery-status":
            for block in _fields(part):
                if found := re.search(rf"\b({_ID})\b", block.get("original-envelope-id", "")):
                    return found[1]
    for name in ("In-Reply-To", "References"):
        if found := message_id.search(str(mail.get(name, ""))):
            return found[1].lower()
    if found := message_id.search(raw.decode("latin-1")):  # quoted below prose
        return found[1].lower()
    for part in mail.walk():
        if part.get_content_maintype() == "text" and (found := message_id.search(_text(part))):
            return found[1].lower()
    return ""


def _text(part: Mail) -> str:
    payload = part.get_payload(decode=True)
    return payload.decode("latin-1") if isinstance(payload, bytes) else str(part.get_payload())


def bounce_address(pattern: str, sending_id: str) -> str:
    """The envelope sender of one message, where the company has a mailbox for bounces.

    >>> bounce_address("bounces@hotel.example", "ab" * 16)
    'bounces+abababababababababababababababab@hotel.example'
    """
    local, _, domain = pattern.rpartition("@")
    return f"{local}+{sending_id}@{domain}" if domain else ""


def bounce_domains(sender: str, domains: Iterable[str], bounces: str) -> set[str]:
    """The domains that our Message-IDs and bounce addresses can end in."""
    from amanat.notify.mime import ascii_domain

    found = {*domains, sender.rpartition("@")[2], bounces.rpartition("@")[2]}
    return {ascii_domain(d).lower() for d in found if d}
