"""The staff's mail of a fortnight as a mailbox, with the one mail that began it all, and the same mail as the receptionist forwarded it later."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from pathlib import Path

from amanat.lib.shape import build, read_toml
from amanat.prepare.intrusion import COLLEAGUES, DOMAIN, LOOKALIKE, MAIL_SERVER, SECURITY, STAGER, VICTIM, Chance, Intrusion

MAILBOX, REPORTED = "mail/staff.mbox", "mail/reported.eml"
_TIMES = 3  # each ordinary mail is written so often, with other numbers
_LINK = f"https://sso.{LOOKALIKE}/reservation/verification?u=c.moreau"
_BY_ACCOUNT = {c.account: c for c in COLLEAGUES}
_SHOWN = f"https://sso.{DOMAIN}/reservation"
TEXTS = Path(__file__).parent / "trace_mails.toml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """One ordinary mail."""

    sender: str
    to: str
    subject: str
    text: str
    is_signed: bool = True  # whether an outside sender's own server signs what it sends


@dataclass(frozen=True, slots=True, kw_only=True)
class Newsletter:
    """One mail to many."""

    name: str
    sender: str
    to: str
    subject: str
    text: str
    link: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Lure:
    """The mail that began it: the false link stands between `text` and `end`."""

    name: str
    subject: str
    text: str
    end: str


@dataclass(frozen=True, slots=True)
class Report:
    """What the receptionist writes when she forwards it."""

    subject: str
    text: str


@dataclass(frozen=True, slots=True)
class Texts:
    """All of them."""

    letter: tuple[Letter, ...]
    newsletter: tuple[Newsletter, ...]
    lure: Lure
    report: Report


def write_mail(folder: Path, seed: int, story: Intrusion) -> int:
    """Writes both files and gives the number of the lure in the mailbox, from 1."""
    texts = build(Texts, read_toml(TEXTS), where=TEXTS)
    chance, since = Chance(seed, "mail"), story.awareness - timedelta(days=12)
    mails: list[tuple[datetime, bytes]] = []
    for letter in texts.letter * _TIMES:
        at = chance.at_work(since, story.awareness)
        mails.append((at, _letter(chance, letter, at)))
    for week in range(2):
        for newsletter in texts.newsletter:
            at = chance.at_work(since + timedelta(days=6 * week), since + timedelta(days=6 * week + 6))
            mails.append((at, _newsletter(chance, newsletter, at)))
    lure = _lure(chance, texts.lure, story.mailed_at)
    mails.append((story.mailed_at, lure))
    mails.sort(key=lambda mail: mail[0])
    target = folder / MAILBOX
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(b"".join(_in_mailbox(at, raw) for at, raw in mails))
    (folder / REPORTED).write_bytes(_report(chance, texts.report, story.reported_at, lure))
    return [raw for _, raw in mails].index(lure) + 1


def _letter(chance: Chance, letter: Letter, at: datetime) -> bytes:
    to, number = _BY_ACCOUNT[letter.to], str(3 + chance.below(40))
    message = EmailMessage(policy=SMTP)
    if colleague := _BY_ACCOUNT.get(letter.sender):
        name, address = colleague.name, colleague.address
        _inside(message, chance, at, address)
    else:
        name, address = letter.sender.split("@")[1].split(".")[0].replace("-", " ").title(), letter.sender
        _outside(message, chance, at, address, "198.51.100.70", is_signed=letter.is_signed)
    _head(message, chance, at, name, address, to.name, to.address, letter.subject.replace("{n}", number))
    text = letter.text.replace("{n}", number)
    # Persian is shorter in base64; the others stay readable in quoted-printable.
    message.set_content(text, cte="base64" if any("\u0600" <= letter <= "\u06ff" for letter in text) else "quoted-printable")
    if address == "orders@linen-supply.example":
        from amanat.prepare import office

        page = {"to": ["Karvan Hotels"], "title": f"Invoice 2026-{number}", "lines": ["Linen, October: 812.40 EUR"]}
        message.add_attachment(office.pdf([page]), maintype="application", subtype="pdf", filename=f"invoice_2026_{number}.pdf")
    return _bytes(message, chance)


def _newsletter(chance: Chance, newsletter: Newsletter, at: datetime) -> bytes:
    domain, to = newsletter.sender.split("@")[1], _BY_ACCOUNT[newsletter.to]
    message = EmailMessage(policy=SMTP)
    _outside(message, chance, at, f"bounce-{chance.hex(6)}@{domain}", "198.51.100.80", is_signed=True)
    _head(message, chance, at, newsletter.name, newsletter.sender, to.name, to.address, newsletter.subject)
    message["List-Id"] = f"<weekly.{domain}>"
    message["List-Unsubscribe"] = f"<https://{domain}/unsubscribe/{chance.hex(10)}>"
    message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message["Precedence"] = "bulk"
    url = newsletter.link + chance.hex(16)
    message.set_content(f"{newsletter.text}\n\n{url}\n", cte="base64")
    page = f'<html><body><h1>{newsletter.name}</h1><p>{newsletter.text}</p><p><a href="{url}">{domain}</a></p></body></html>'
    message.add_alternative(page, subtype="html", cte="base64")
    return _bytes(message, chance)


def _lure(chance: Chance, lure: Lure, at: datetime) -> bytes:
    """The attack. Its authentication passes: the false domain has real records, and proves only who sent it."""
    address = f"support@{LOOKALIKE}"
    message = EmailMessage(policy=SMTP)
    _outside(message, chance, at, f"bounce@{LOOKALIKE}", STAGER, is_signed=True)
    _head(message, chance, at, lure.name, address, VICTIM.name, VICTIM.address, lure.subject)
    message["Reply-To"] = "karvan.support@freemail.example"
    message["X-Priority"] = "1"
    message["X-Mailer"] = "PHPMailer 6.9.1"
    message.set_content(f"{lure.text}\n{_SHOWN}\n\n{lure.end}", cte="quoted-printable")
    link = f'<p><a href="{_LINK}">{_SHOWN}</a></p>'
    page = f'<html><body style="font-family:sans-serif"><h1>Karvan Hotels</h1>{_paragraphs(lure.text)}{link}{_paragraphs(lure.end)}</body></html>'
    message.add_alternative(page, subtype="html", cte="quoted-printable")
    return _bytes(message, chance)


def _report(chance: Chance, report: Report, at: datetime, lure: bytes) -> bytes:
    from email import message_from_bytes

    message = EmailMessage(policy=SMTP)
    _inside(message, chance, at, VICTIM.address)
    _head(message, chance, at, VICTIM.name, VICTIM.address, "Sécurité", SECURITY, report.subject)
    message.set_content(report.text, cte="quoted-printable")
    message.add_attachment(message_from_bytes(lure, policy=SMTP), cte="8bit")
    return _bytes(message, chance)


def _paragraphs(text: str) -> str:
    return "".join(f"<p>{part.replace(chr(10), '<br>')}</p>" for part in text.strip().split("\n\n"))


def _inside(message: EmailMessage, chance: Chance, at: datetime, address: str) -> None:
    message["Return-Path"] = f"<{address}>"
    message["Received"] = (
        f"from webmail.{DOMAIN} (webmail.{DOMAIN} [192.0.2.12]) by {MAIL_SERVER} with ESMTPSA id {chance.hex(10)}; {format_datetime(at)}"
    )
    message["Authentication-Results"] = (
        f"{MAIL_SERVER}; auth=pass smtp.auth={address}; dkim=pass header.d={DOMAIN} header.s=k1; dmarc=pass header.from={DOMAIN}"
    )


def _outside(message: EmailMessage, chance: Chance, at: datetime, envelope: str, address: str, *, is_signed: bool) -> None:
    domain = envelope.split("@")[1]
    message["Return-Path"] = f"<{envelope}>"
    message["Received"] = f"from mail.{domain} (mail.{domain} [{address}]) by {MAIL_SERVER} with ESMTPS id {chance.hex(10)}; {format_datetime(at)}"
    results = (
        f"dkim=pass header.d={domain} header.s=s1; dmarc=pass (p=NONE) header.from={domain}"
        if is_signed
        else f"dkim=none; dmarc=none header.from={domain}"
    )
    message["Authentication-Results"] = f"{MAIL_SERVER}; spf=pass (client-ip={address}) smtp.mailfrom={domain}; {results}"


def _head(message: EmailMessage, chance: Chance, at: datetime, name: str, address: str, to_name: str, to: str, subject: str) -> None:
    message["Date"] = format_datetime(at.replace(microsecond=0))
    message["From"] = Address(name, addr_spec=address)
    message["To"] = Address(to_name, addr_spec=to)
    message["Subject"] = subject
    message["Message-ID"] = f"<{chance.hex(16)}@{address.split('@')[1]}>"


def _bytes(message: EmailMessage, chance: Chance) -> bytes:
    # The library draws boundaries at random; ours follow from the seed.
    for piece in message.walk():
        if piece.is_multipart() and piece.get_content_maintype() == "multipart":
            piece.set_boundary(f"=_{chance.hex(20)}")
    return message.as_bytes()


def _in_mailbox(at: datetime, raw: bytes) -> bytes:
    days, months = "Mon Tue Wed Thu Fri Sat Sun".split(), "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
    head = f"From MAILER-DAEMON {days[at.weekday()]} {months[at.month - 1]} {at.day:2} {at:%H:%M:%S %Y}\n"
    lines = raw.replace(b"\r\n", b"\n").split(b"\n")
    return head.encode() + b"\n".join(b">" + line if line.lstrip(b">").startswith(b"From ") else line for line in lines) + b"\n\n"
