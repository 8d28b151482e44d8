"""Papers about single guests: a workbook, letters, invoices, mails with attachments, notes of the front desk, scans, and files that lie.

There are a few hundred of them whatever the size of the company: they are slow to write, and a heap holds few of them.
"""

from collections.abc import Callable
from email.message import EmailMessage
from email.policy import SMTP
from typing import Any

import numpy as np

from amanat.prepare import numbers, office, spellings
from amanat.prepare.block import Block
from amanat.prepare.draw import Flags
from amanat.prepare.exports import what_persons_have
from amanat.prepare.folder import Folder, Sink
from amanat.prepare.members import Members
from amanat.prepare.truth import Truth

N_PAPERS = 300  # about so many persons have one
_FORMS = {"letter": 40, "invoice": 25, "monthly": 45, "lying": 15, "eml": 35, "desk": 60, "group": 30, "note": 60, "scan": 6}
WORKBOOK, MONTHLY, LYING = "office/Stammgäste.xlsx", "invoices/2026-09.pdf", "exports/rechnungen.csv"
DESK, NOTES = "mail/desk.mbox", "desk/notes.txt"
_GUESTS_WRITE = {
    "fr": "Bonjour, pourriez-vous me confirmer la chambre ? Vous pouvez me joindre au {phone}. Cordialement, {name}",
    "de": "Guten Tag, können Sie mir das Zimmer bestätigen? Sie erreichen mich unter {phone}. Mit freundlichen Grüßen, {name}",
    "fa": "سلام، لطفاً رزرو اتاق را تأیید کنید. شمارهٔ من {phone} است. با احترام، {name}",
    "pt": "Olá, poderia confirmar o quarto? Meu telefone é {phone}. Atenciosamente, {name}",
    "en": "Hello, could you please confirm my room? You can reach me on {phone}. Kind regards, {name}",
}
_ATTENTION = ("allergic to peanuts", "insulin in the fridge", "asthma, no feather pillows", "wheelchair, room on the ground floor", "coeliac disease")

Person = dict[str, Any]


class Papers(Sink):
    """Writes the papers of each block's few persons, and the collected ones at the end."""

    def __init__(self, folder: Folder, truth: Truth, n_persons: int) -> None:
        self._folder, self._truth = folder, truth
        self._share = min(0.03, N_PAPERS / n_persons)
        self._count = dict.fromkeys(_FORMS, 0)
        self._attached: list[tuple[str, tuple[str, ...]]] = []  # papers that hang on the mail just written
        self._pages: dict[str, list[dict[str, Any]]] = {MONTHLY: [], LYING: []}
        (folder.home / "office").mkdir(parents=True, exist_ok=True)
        self._workbook = office.Workbook(folder.home / WORKBOOK)
        folder.begin(DESK)
        folder.begin(NOTES, "FRONT DESK - hand-over notes. For the team only!\nQuestions: reception@karvan-hotels.example\n\n")
        self._write_files_without_persons()

    def write(self, block: Block, members: Members) -> None:
        self._write_workbook(block, members.sheet)
        chosen = block.draw.chance("paper", self._share) & ~block.is_outsider & block.has_own_email
        form = block.draw.weighted("paper.form", list(_FORMS.values()))
        form = np.where(block.is_persian & np.isin(form, [1, 2, 3, 8]), 5, form)  # the invoices' typeface has no Persian: those guests write mails
        names = list(_FORMS)
        for row in np.flatnonzero(chosen):
            one = np.zeros(len(block), dtype=bool)
            one[row] = True
            name = names[int(form[row])]
            self._count[name] += 1
            path, kinds, readable = self._writers()[name](_person(block.take(one)), self._count[name])
            has = what_persons_have(block) if len(kinds) else {}
            self._truth.note(path, block, one, {kind: has.get(kind, True) for kind in kinds}, readable=readable)
            for attached, of in self._attached:
                self._truth.note(attached, block, one, {kind: has[kind] for kind in of})
            self._attached.clear()

    def close(self) -> None:
        """Writes what was collected."""
        for path, pages in self._pages.items():
            self._folder.put(path, office.pdf(pages or [{"to": ["Karvan Hotels"], "title": "No invoices", "lines": []}]))
        self._workbook.close()
        self._folder.end(DESK)
        self._folder.end(NOTES)

    def _writers(self) -> dict[str, Callable[[Person, int], tuple[str, tuple[str, ...], bool]]]:
        return {
            "letter": self._letter,
            "invoice": self._invoice,
            "monthly": lambda p, i: self._collected(p, i, MONTHLY),
            "lying": lambda p, i: self._collected(p, i, LYING),
            "eml": self._eml,
            "desk": self._desk,
            "group": self._group,
            "note": self._note,
            "scan": self._scan,
        }

    def _letter(self, p: Person, i: int) -> tuple[str, tuple[str, ...], bool]:
        lines = [p["name"], *p["address"].split(", "), "", "Karvan Hotels, 30.10.2026", "", f"{p['name']}, {p['email']}", "Refund of your deposit"]
        if p["phone"]:
            lines.append(f"Tel. {p['phone']}")
        rows = [("Born", p["birth_date"]), ("Account", p["iban_spelled"] or "-"), ("Reference", f"KV-{i:06}")]
        path = self._folder.put(f"letters/letter_{i:03}.docx", office.docx(lines, rows))
        return path, ("name", "address", "email", "phone", "dob", "iban"), True

    def _page(self, p: Person, i: int) -> dict[str, Any]:
        lines = [f"E-mail: {p['email']}", f"Date of birth: {p['birth_date']}"]
        lines += [f"{label}: {p[key]}" for label, key in (("Telephone", "phone"), ("IBAN", "iban_spelled"), ("Card", "card_spelled")) if p[key]]
        return {
            "to": [p["name"], *p["address"].split(", ")],
            "title": f"Invoice 2026-{i:05}",
            "lines": [*lines, "3 nights with breakfast: 417.00 EUR"],
        }

    _PAGE_KINDS = ("name", "address", "email", "dob", "phone", "iban", "card_number_alone")

    def _invoice(self, p: Person, i: int) -> tuple[str, tuple[str, ...], bool]:
        return self._folder.put(f"invoices/invoice_{i:03}.pdf", office.pdf([self._page(p, i)])), self._PAGE_KINDS, True

    def _collected(self, p: Person, i: int, path: str) -> tuple[str, tuple[str, ...], bool]:
        self._pages[path].append(self._page(p, i))
        return path, self._PAGE_KINDS, True

    def _message(self, p: Person, i: int, which: str) -> EmailMessage:
        words = _GUESTS_WRITE.get(p["language"], _GUESTS_WRITE["en"]).format(phone=p["phone"] or "e-mail", name=p["name"])
        message = EmailMessage(policy=SMTP)
        message["From"] = f"{p['latin']} <{p['email']}>"
        message["To"] = "reception@karvan-hotels.example"
        message["Cc"] = "night.desk@karvan-hotels.example"
        message["Date"] = f"{1 + i % 28:02} Sep 2026 10:{i % 60:02}:00 +0200"
        message["Message-ID"] = f"<{which}.{i}@mail.example>"
        message["Subject"] = {"fr": "Réservation", "fa": "رزرو اتاق", "de": "Zimmerbestätigung"}.get(p["language"], "Booking")
        message.set_content(words, cte="base64" if p["language"] == "fa" else "quoted-printable")
        message.add_alternative(f"<html><body><p>{words}</p></body></html>", subtype="html", cte="quoted-printable")
        return message

    def _eml(self, p: Person, i: int) -> tuple[str, tuple[str, ...], bool]:
        message = self._message(p, i, "eml")
        return self._folder.put(f"mail/eml/{i:04}.eml", _bytes(message, f"eml{i}")), ("name", "email", "phone"), True

    def _desk(self, p: Person, i: int) -> tuple[str, tuple[str, ...], bool]:
        message = self._message(p, i, "desk")
        if i % 6 == 0:
            name = f"invoice_{i:04}.pdf"
            message.add_attachment(office.pdf([self._page(p, i)]), maintype="application", subtype="pdf", filename=name)
            self._attached.append((f"{DESK}!/{name}", self._PAGE_KINDS))
        self._append(message, f"desk{i}")
        return DESK, ("name", "email", "phone"), True

    def _group(self, p: Person, i: int) -> tuple[str, tuple[str, ...], bool]:
        # A travel agency sends the list of its guests; the person stands in the attached file only.
        agent = {"language": "en", "phone": None, "name": "Group Desk", "latin": "Group Desk", "email": "groups@karvan-hotels.example"}
        message = self._message(agent, i, "group")
        row = [p["name"], p["email"], p["phone"] or "", p["birth_date"], p["national_id"] or ""]
        text = "name;e-mail;phone;date of birth;national number\r\n" + ";".join(row) + "\r\n"
        name = f"group_{i:04}.csv"
        message.add_attachment(text.encode("utf-8-sig"), maintype="text", subtype="csv", filename=name, cte="base64")
        self._append(message, f"group{i}")
        return f"{DESK}!/{name}", ("name", "email", "phone", "dob", "national_id", "ssn"), True

    def _note(self, p: Person, i: int) -> tuple[str, tuple[str, ...], bool]:
        attention = ""
        kinds: tuple[str, ...] = ("name", "email", "phone", "passport")
        if i % 3 == 0:
            attention, kinds = f" ATTENTION: {_ATTENTION[i % len(_ATTENTION)]}.", (*kinds, "medical")
        if i % 4 == 0 and p["card"]:
            attention += f" Guarantee: {p['card_spelled']} exp 09/28 CVC {100 + i * 37 % 900}."
            kinds = (*kinds, "card_number_alone", "card_with_code")
        self._folder.write(
            NOTES, f"* room {100 + i * 7 % 400}: {p['name']}, {p['email']}, {p['phone'] or 'no phone'}, passport no. {p['passport']}.{attention}\n\n"
        )
        return NOTES, kinds, True

    def _scan(self, p: Person, i: int) -> tuple[str, tuple[str, ...], bool]:
        zone = f"P<UTO{p['latin_family'].upper()}<<{p['latin_given'].upper()}".ljust(44, "<")[:44]
        page = {
            "lines": [f"Surname: {p['family']}", f"Given names: {p['given']}", f"Date of birth: {p['birth_date']}", f"No. {p['passport']}"],
            "zone": [zone],
        }
        return self._folder.put(f"scans/passport_{i:03}.png", office.passport_picture(page)), ("name", "dob", "passport"), False

    def _append(self, message: EmailMessage, boundary: str) -> None:
        lines = _bytes(message, boundary).decode("ascii").replace("\r\n", "\n").split("\n")
        body = "\n".join(">" + line if line.startswith("From ") else line for line in lines)
        self._folder.write(DESK, f"From desk@karvan-hotels.example Wed Sep 30 10:00:00 2026\n{body}\n\n")

    def _write_workbook(self, block: Block, member: Flags) -> None:
        if not member.any():
            return
        is_spa = block.draw.chance("sheet.spa", 0.4)
        has_note = block.draw.chance("sheet.note", 0.2)
        part = block.take(member)
        columns = zip(
            part.family.to_pylist(), part.given.to_pylist(), part.email.to_pylist(), spellings.phone(part, "sheet.phone").to_pylist(),
            part.birth_date.astype("datetime64[D]").tolist(), part.address.to_pylist(), spellings.iban(part, "sheet.iban").to_pylist(),
            spellings.card(part, "sheet.card").to_pylist(), is_spa[member], has_note[member], strict=True,
        )  # fmt: skip
        for family, given, email, phone, born, address, iban, card, spa, noted in columns:
            if spa:
                self._workbook.add_spa(
                    (f"{given} {family}", born, email, "Hammam, 45 min", _ATTENTION[len(given) % len(_ATTENTION)] if noted else "")
                )
            else:
                self._workbook.add_regular((family, given, email, phone, born, address, iban, card))
        has = what_persons_have(block)
        self._truth.note(WORKBOOK, block, member & is_spa, {"name": True, "dob": True, "email": has["email"], "medical": has_note})
        kinds = ("name", "email", "phone", "dob", "address", "iban", "card_number_alone")
        self._truth.note(WORKBOOK, block, member & ~is_spa, {kind: has[kind] for kind in kinds})

    def _write_files_without_persons(self) -> None:
        put = self._folder.put
        put("db/karvan_pms.payments.sql", b"")
        orders = "order;supplier;total\n" + "".join(f"4100 {i:04} 7788 {i * 7 % 10000:04};{5550100 + i};{i * 13 % 997}.00\n" for i in range(400))
        put("orders/orders_2026.csv", orders.encode())
        # The number of the Social Security leaflet and the example of HMRC: nobody's, and never issued.
        put("desk/forms_help.txt", b"Example for the form: SSN 987-65-4321, NINO QQ 12 34 56 C. Fax 0000 000000. Version 2026.10.30.1\n")
        put("README_FOR_YOU.txt", b"Your network was locked and your files were taken. Talk to us before the timer ends.\n")


def _person(part: Block) -> Person:
    """One person as plain values; the few who have papers only."""
    texts = {
        "name": part.name, "given": part.given, "family": part.family, "email": part.email, "address": part.address, "language": part.language,
        "phone": spellings.phone(part, "paper.phone"), "birth_date": spellings.day(part, "iso"), "national_id": spellings.national_id(part,
        "paper.id"),
        "iban_spelled": spellings.iban(part, "paper.iban"), "card": part.card, "card_spelled": spellings.card(part, "paper.card"),
        "passport": numbers.passport(part.draw), "latin_given": part.latin_given, "latin_family": part.latin_family,
    }  # fmt: skip
    person = {key: column.to_pylist()[0] for key, column in texts.items()}
    # Mail programs write the sender's name in Latin letters here; the text below it is signed as the person writes.
    person["latin"] = f"{person['latin_given']} {person['latin_family']}".title()
    return person


def _bytes(message: EmailMessage, boundary: str) -> bytes:
    # The library draws boundaries at random; ours follow from the message's number.
    for i, piece in enumerate(part for part in message.walk() if part.is_multipart()):
        piece.set_boundary(f"=_{boundary}_{i}")
    return message.as_bytes()
