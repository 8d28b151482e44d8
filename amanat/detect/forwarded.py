"""Messages that somebody forwarded to us: attached whole, or copied into the text with a few lines of head."""

import re

from amanat.detect.domains import ascii_host
from amanat.detect.mail import Address, Mail, addresses, read_mail

# How mail programs begin a message that is forwarded inside another, in English, French and Persian.
_BEGINS = re.compile(
    r"(?im)^[ \t>]*(?:-{2,}\s*(?:forwarded message|original message|message transféré|message d'origine|message original|"
    r"پیام (?:هدایت‌شده|هدایت شده|ارسال‌شده|بازارسال‌شده|اصلی))\s*-{2,}|begin forwarded message\s*:|début du message (?:transféré|réexpédié)\s*:|"
    r"شروع پیام هدایت‌شده\s*:)[ \t]*$"
)
_NAMES = {
    "from": "from", "de": "from", "از": "from", "فرستنده": "from",
    "subject": "subject", "objet": "subject", "موضوع": "subject",
    "reply-to": "reply-to", "répondre à": "reply-to", "پاسخ به": "reply-to",
    "date": "", "sent": "", "envoyé": "", "تاریخ": "", "ارسال": "", "to": "", "à": "", "به": "", "گیرنده": "", "cc": "", "رونوشت": "",
}  # fmt: skip
_LINE = re.compile(r"^[ \t>*]*([^:*\n]{2,14}?)[ \t*\u00a0]*:[ \t*]*(.*)$")


def messages_of(mail: Mail) -> list[Mail]:
    """The messages to judge: those that were forwarded, or else the message itself.

    A message with another attached is judged too unless it only passes it on: a thief may attach one as well.
    """
    if mail.inner and "multipart/report" not in " ".join(mail.all("content-type")).lower():
        inner = [one for raw in mail.inner for one in messages_of(read_mail(raw, way="attached"))]
        return inner if _only_passes_on(mail) else [mail, *inner]
    if (inside := _inline(mail)) is not None:
        return [inside]
    return [mail]


def _only_passes_on(mail: Mail) -> bool:
    return not mail.links and not mail.attachments and len(mail.text) < 2000


def _inline(mail: Mail) -> Mail | None:
    """The message that is copied into the text of this one."""
    begin = _BEGINS.search(mail.text)
    if begin is None:
        return None
    lines = mail.text[begin.end() :].lstrip("\n").split("\n")
    headers: list[tuple[str, str]] = []
    at = 0
    for at, line in enumerate(lines):
        found = _LINE.match(line)
        name = _NAMES.get(found[1].strip().lower()) if found else None
        if found and name is not None:
            headers.append((name, found[2].strip()))
        elif (line.strip(" >\t") and (headers or at > 3)) or (not line.strip(" >\t") and headers):
            break
    given = dict(reversed([(name, value) for name, value in headers if name]))
    if not given:
        return None
    text = "\n".join(lines[at:]).strip()
    links = tuple(link for link in mail.links if link.text or link.target in text)
    return Mail(
        raw=mail.raw,
        way="inline",
        headers=tuple((name, value) for name, value in given.items()),
        senders=_people(given.get("from", "")),
        reply_to=_people(given.get("reply-to", "")),
        subject=given.get("subject", ""),
        text=text,
        links=links,
        forms=mail.forms,
        has_script=mail.has_script,
        attachments=mail.attachments,
        n_parts=mail.n_parts,
        gaps=mail.gaps,
    )


_BRACKETED = re.compile(r"^(.*?)[\[<(]+(?:mailto:)?([^\s<>\[\]()]+@[^\s<>\[\]()]+)[\]>)]+")


def _people(value: str) -> tuple[Address, ...]:
    if found := _BRACKETED.match(value):
        local, _at, domain = found[2].rpartition("@")
        return (Address(found[1].strip(' "'), local, ascii_host(domain)),)
    return addresses([value])
