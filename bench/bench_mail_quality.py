"""Is every mail of the hotel read as it was meant? Two readers of MIME, dkimpy, SpamAssassin and the tables of caniemail.com judge it.

Each text of the case in its languages, to invented persons, stamped and signed as it goes out. The second reader shares nothing with
Python's; SpamAssassin runs its local tests (Debian: apt install spamassassin); caniemail needs Node (npm install caniemail).
"""

import email
import email.policy
import json
import re
import shutil
import subprocess
import tempfile
from datetime import datetime
from pathlib import Path

from bench.bench_mail_path import NOW, a_key, the_notice

HERE = Path(__file__).parent
SPAM_MOST = 2.0


def the_mails(home: Path) -> dict[str, tuple[bytes, str, str]]:
    """By notice and person: the finished mail, its text, its HTML."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    from amanat import wording
    from amanat.lib.signing import Signer
    from amanat.notify.channel import Message, Texts
    from amanat.notify.dkim import Dkim, DkimKey
    from amanat.notify.mime import Composed
    from amanat.notify.previews import sample_persons
    from amanat.notify.render import HtmlTemplate, TextTemplate
    from amanat.notify.stamp import stamper
    from amanat.notify.stamp_block import StampBlock
    from amanat.notify.store import read_notices
    from amanat.terms.company import read_company

    toml, _ = the_notice(home)
    company, on = read_company(toml), datetime.fromisoformat(NOW).date()
    notices = read_notices(home / "case")
    domain = company.sender.rsplit("@", 1)[1]
    folder = a_key(home, domain)
    signer = Dkim([DkimKey(domain=domain, selector="bench", key_file="dkim.pem")], sender=company.sender, beside=folder / "email.toml")
    stamp = stamper(Signer(Ed25519PrivateKey.generate()), notices, company, on=on)
    mails = {}
    for notice in notices:
        texts = Texts(text=TextTemplate(notice, company, on=on), html=HtmlTemplate(notice, company, on=on))
        composed, block = Composed(company, notice, texts, signer), StampBlock(notice.language, company)
        for n, person in enumerate(sample_persons(notice, wording.words(notice.language))):
            message = Message(
                sending_id=f"{n:032x}",
                notice=notice,
                contact=person.contact,
                kinds=person.kinds,
                basis=person.basis,
                code=person.code,
                stamp=stamp(person.code, notice.id),
            )
            asked = (message.contact, message.kinds, message.basis, message.code)
            text, html = block.under_text(texts.text.wire(*asked), message.stamp), block.in_html(texts.html.wire(*asked), message.stamp)
            mails[f"{notice.id}.{n}"] = composed.fill(message, f"guest{n}@example.org"), text.decode(), html.decode()
    return mails


def is_read_by_python(raw: bytes, text: str, html: str) -> bool:
    mail = email.message_from_bytes(raw, policy=email.policy.default)
    parts = [part for part in mail.walk() if not part.is_multipart()]
    return not mail.defects and not any(p.defects for p in parts) and [_lines(p.get_content()) for p in parts] == [_lines(text), _lines(html)]


def is_read_by_another(raw: bytes, text: str, html: str) -> bool:
    from fast_mail_parser import parse_email

    mail = parse_email(raw)
    return [_lines(t) for t in (*mail.text_plain, *mail.text_html)] == [_lines(text), _lines(html)]


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").rstrip("\n")


def is_signed(raw: bytes, key: Path) -> bool:
    import base64

    import dkim
    from cryptography.hazmat.primitives import serialization as s

    public = s.load_pem_private_key(key.read_bytes(), None).public_key().public_bytes(s.Encoding.DER, s.PublicFormat.SubjectPublicKeyInfo)
    return bool(dkim.DKIM(raw).verify(dnsfunc=lambda _name, **_: b"v=DKIM1; k=rsa; p=" + base64.b64encode(public)))


def spam_scores(mails: list[bytes]) -> list[float]:
    """What SpamAssassin's local tests give each."""
    box = b"".join(b"From notices@example Sat Nov 14 09:00:00 2026\r\n" + mail + b"\r\n" for mail in mails)
    said = subprocess.run(["spamassassin", "-L", "--mbox"], input=box.replace(b"\r\n", b"\n"), capture_output=True, check=True).stdout
    return [float(score) for score in re.findall(rb"^X-Spam-Status: .*?score=(-?[\d.]+)", said, re.MULTILINE)]


def support(pages: dict[str, str], folder: Path) -> dict[str, object] | None:
    """Features that some reader lacks and the mail needs, by mail; None where caniemail is not installed."""
    files = []
    for name, html in pages.items():
        files.append(folder / f"{name}.html")
        files[-1].write_text(html, encoding="utf-8")
    done = subprocess.run(["node", str(HERE / "mail_support.mjs"), *map(str, files)], capture_output=True, text=True, check=False)
    return {Path(file).stem: lacks for file, lacks in json.loads(done.stdout).items() if lacks} if done.returncode == 0 else None


def measure() -> list[dict[str, str]]:
    with tempfile.TemporaryDirectory(prefix="amanat-bench-") as temporary:
        home = Path(temporary)
        mails = the_mails(home)
        n = len(mails)
        key = home / "gateways" / "dkim.pem"
        rows = [
            ("read as it was composed", sum(is_read_by_python(*mail) for mail in mails.values()), "Python's email"),
            ("read as it was composed", sum(is_read_by_another(*mail) for mail in mails.values()), "mailparse (Rust)"),
            ("DKIM signature whole", sum(is_signed(mail[0], key) for mail in mails.values()), "dkimpy"),
        ]
        one_of_each = {name: mail for name, mail in mails.items() if name.endswith(".0")}
        if shutil.which("spamassassin"):
            scores = spam_scores([mail[0] for mail in one_of_each.values()])
            assert len(scores) == len(one_of_each)
            rows.append((f"under {SPAM_MOST}, the highest {max(scores)}", sum(s < SPAM_MOST for s in scores), "SpamAssassin, local tests"))
        lacking = support({name: mail[2] for name, mail in one_of_each.items()}, home)
        if lacking is not None:
            rows.append(("needs nothing that a reader lacks", len(one_of_each) - len(lacking), f"caniemail {lacking or ''}".strip()))
    return [
        {
            "what": f"mails, {what}",
            "ours": f"{good} of {len(one_of_each) if peer.startswith(('Spam', 'cani')) else n}",
            "peer": peer,
            "theirs": "",
            "ratio": "",
        }
        for what, good, peer in rows
    ]
