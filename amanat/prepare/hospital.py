"""A hospital's heap: patient records, laboratory lists of five countries, messages between its systems, notes of the wards, the portal."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyarrow.compute as pc

from amanat.prepare import diagnoses, numbers, office, spellings
from amanat.prepare.block import Block, in_latin_letters
from amanat.prepare.column import Text, digits, filled, from_matrix, iso, join, or_empty, or_null, pick, where
from amanat.prepare.draw import Draw, Flags
from amanat.prepare.exports import what_persons_have
from amanat.prepare.folder import Folder, Sink
from amanat.prepare.members import Members
from amanat.prepare.plant import Kinds, Plant, Plants, stands
from amanat.prepare.truth import Truth

# Where a patient's only or main trace lies, as shares of the register. `slip` has a mistyped address and nothing else.
_SHARES = {
    "records": 0.26,
    "laboratory": 0.10,
    "fhir": 0.05,
    "messages": 0.03,
    "portal": 0.04,
    "appointments": 0.03,
    "ward": 0.01,
    "accounts": 0.02,
    "slip": 0.001,
}
_US = ("US-CA", "US-NY", "US-TX", "US-FL")
_WARDS = ("3B cardiology", "2A surgery", "5C medicine", "maternity", "day clinic")
_DOCTORS = ("Dr. Vane", "Dr. Ostrow", "Dr. Lindqvist", "Dr. Paget", "Dr. Moradi-Test")
_N_LETTERS = 60
_RECORDS = """--
-- PostgreSQL database dump
--
-- Dumped from database version 15.8

SET statement_timeout = 0;
SET client_encoding = 'UTF8';
CREATE TABLE public.patients (
    mrn bigint NOT NULL, last_name text, first_name text, birth_date date, sex character(1), email text, phone text, street text,
    postcode text, city text, country character(2), national_id text, insurance_no text, diagnosis text, icd10 text,
    updated_at timestamp without time zone
);

COPY public.patients (mrn, last_name, first_name, birth_date, sex, email, phone, street, postcode, city, country, national_id, insurance_no, \
diagnosis, icd10, updated_at) FROM stdin;
"""
_PORTAL = """COPY public.portal_users (id, email, password_hash, last_ip, verified) FROM stdin;
"""


def insurance(part: Block) -> Text:
    """Number of the health insurance, where the patient's country has one of its own (in France it is the national number)."""
    number = where(part.is_in("DE"), numbers.de_kvnr(part.draw), numbers.uk_nhs(part.draw))
    return or_null(has_insurance(part), number)


def has_insurance(part: Block) -> Flags:
    return part.is_in("DE", "GB") & part.draw.chance("insurance", 0.9)


def mrn(part: Block) -> Text:
    """The hospital's own number of a patient, which is not the register's."""
    return digits(part.draw.unique("mrn", 2**28), 9)


def _tsv(*columns: Text) -> Text:
    return join(join(*[pc.fill_null(pc.replace_substring(c, "\\", "\\\\"), "\\N") for c in columns], by="\t"), "\n")


def _record(part: Block) -> Text:
    draw = part.draw
    sick = draw.chance("records.sick", 0.8)
    return _tsv(
        mrn(part),
        spellings.loud(part, part.family, "records.name", 0.3),
        part.given,
        spellings.day(part, "iso"),
        pick(["M", "F"], part.is_female),
        spellings.loud(part, part.email, "records.email", 0.05),
        spellings.phone(part, "records.phone"),
        part.street,
        part.postcode,
        part.town,
        spellings.residence_words(part),
        spellings.national_id(part, "records.id"),
        insurance(part),
        or_null(sick, diagnoses.own_words(part)),
        or_null(sick, diagnoses.code(part)),
        join("2026-", digits(1 + draw.below("month", 10), 2), "-", digits(1 + draw.below("day", 28), 2), " 11:00:00"),
    )


def _has(block: Block, *names: str, **more: Flags | bool) -> Kinds:
    has = what_persons_have(block)
    return {name: has[name] for name in names} | more


def _records_kinds(block: Block) -> Kinds:
    sick = block.draw.chance("records.sick", 0.8)
    return _has(
        block,
        "name",
        "dob",
        "email",
        "phone",
        "address",
        "national_id",
        "ssn",
        medical=sick,
        medical_id=True,
        health_insurance=has_insurance(block),
        gender=True,
    )


def _french(part: Block) -> Text:
    columns = (
        pc.utf8_upper(part.family),
        part.given,
        spellings.day(part, "dmy/"),
        spellings.national_id(part, "lab.id"),
        part.email,
        spellings.phone(part, "lab.phone"),
        diagnoses.code(part),
        diagnoses.words(part, "fr"),
    )
    return join(join(*[or_empty(c) for c in columns], by=";"), "\r\n")


def _german(part: Block) -> Text:
    given, family = in_latin_letters(part)
    columns = (
        family,
        given,
        spellings.day(part, "dmy."),
        insurance(part),
        spellings.phone(part, "lab.phone"),
        part.email,
        diagnoses.code(part),
        diagnoses.words(part, "de"),
    )
    return join(join(*[or_empty(c) for c in columns], by=";"), "\r\n")


def _english(part: Block) -> Text:
    born = where(part.is_in(*_US), spellings.day(part, "mdy/"), spellings.day(part, "dmy/"))
    columns = (
        spellings.with_quotes(join(part.family, ", ", part.given)),
        born,
        spellings.national_id(part, "lab.id"),
        insurance(part),
        part.email,
        spellings.phone(part, "lab.phone"),
        diagnoses.code(part),
        diagnoses.words(part, "en"),
    )
    return join(join(*[or_empty(c) for c in columns], by=","), "\n")


def _persian(part: Block) -> Text:
    columns = (
        spellings.with_arabic_letters(part.given),
        part.family,
        spellings.in_persian_digits(spellings.national_id(part, "lab.id")),
        spellings.in_persian_digits(spellings.day(part, "jalali")),
        spellings.phone(part, "lab.phone", persian_digits=True),
        part.email,
        diagnoses.words(part, "fa"),
    )
    return join(join(*[or_empty(c) for c in columns], by=","), "\n")


def _brazilian(part: Block) -> Text:
    given, family = in_latin_letters(part)
    columns = (
        join(given, " ", family),
        spellings.national_id(part, "lab.id"),
        spellings.day(part, "dmy/"),
        part.email,
        spellings.phone(part, "lab.phone"),
        diagnoses.code(part),
        diagnoses.words(part, "pt"),
    )
    return join(join(*[or_empty(c) for c in columns], by=";"), "\n")


def _laboratory() -> list[Plant]:
    member = stands(_SHARES, "laboratory", also=0.3)
    known = ("name", "dob", "email", "phone", "national_id", "ssn")

    def living(*codes: str) -> Callable[[Block], Flags]:
        return lambda block: member(block) & block.is_in(*codes)

    def kinds(*names: str, number: str = "") -> Callable[[Block], Kinds]:
        more = (lambda block: {number: has_insurance(block)}) if number else lambda block: {}
        return lambda block: _has(block, *names, medical=True, **more(block))

    without_id = ("name", "dob", "email", "phone")
    return [
        Plant(
            path="labo/résultats_2026.csv",
            member=living("FR", "CA-QC"),
            row=_french,
            kinds=kinds(*known),
            mark=b"\xef\xbb\xbf",
            header="Nom;Prénom;Né(e) le;N° sécurité sociale;Courriel;Téléphone;Code CIM-10;Diagnostic médical\r\n",
        ),
        Plant(
            path="labo/Befunde.csv",
            member=living("DE", "CH"),
            row=_german,
            kinds=kinds(*without_id, number="health_insurance"),
            encoding="cp1252",
            header="Nachname;Vorname;geb.;Versichertennummer;Telefon;E-Mail;ICD;Diagnose\r\n",
        ),
        Plant(
            path="labo/results.csv",
            member=living("GB", "CA-ON", "IT", "ES", *_US),
            row=_english,
            # The NHS number names a patient, and insures nobody.
            kinds=kinds(*known, number="medical_id"),
            header="Patient,Date of birth,National ID,NHS number,Email,Phone,ICD-10,Diagnosis\n",
        ),
        Plant(
            path="labo/javab.csv",
            member=living("IR"),
            row=_persian,
            kinds=kinds(*known),
            header="نام,نام خانوادگی,کد ملی,تاریخ تولد,موبایل,ایمیل,تشخیص\n",
        ),
        Plant(
            path="labo/resultados.csv",
            member=living("BR"),
            row=_brazilian,
            kinds=kinds(*known),
            encoding="latin-1",
            header="Paciente;CPF;Nascimento;E-mail;Telefone;CID-10;Diagnóstico\n",
        ),
    ]


def _fhir(part: Block) -> Text:
    quote, draw = spellings.in_json, part.draw
    return join(
        '{"resourceType":"Patient","id":"',
        digits(draw.below("fhir", 10**9), 9),
        '","identifier":[{"system":"urn:oid:2.16.840.1.999999.1","value":"',
        mrn(part),
        '"}],"name":[{"use":"official","family":',
        quote(part.family),
        ',"given":[',
        quote(part.given),
        ']}],"telecom":[{"system":"phone","value":',
        quote(part.phone),
        '},{"system":"email","value":',
        quote(part.email),
        '}],"gender":"',
        pick(["male", "female"], part.is_female),
        '","birthDate":"',
        iso(part.birth_date),
        '","address":[{"line":[',
        quote(part.street),
        '],"city":',
        quote(part.town),
        ',"postalCode":',
        quote(part.postcode),
        '}],"contained":[{"resourceType":"Condition","code":{"coding":[{"system":"http://hl7.org/fhir/sid/icd-10","code":"',
        diagnoses.code(part),
        '","display":',
        quote(diagnoses.words(part, "en")),
        "}]}}]}\n",
    )


def _hl7(part: Block) -> Text:
    given, family = in_latin_letters(part)
    day = pc.replace_substring(iso(part.birth_date), "-", "")
    return join(
        "MSH|^~\\&|ADT|HDQ|LAB|HDQ|20261102",
        digits(part.draw.below("h", 24), 2),
        "1500||ADT^A01|",
        mrn(part),
        "|P|2.5\rPID|1||",
        mrn(part),
        "^^^HDQ^MR||",
        pc.utf8_upper(family),
        "^",
        pc.utf8_upper(given),
        "||",
        day,
        "|",
        pick(["M", "F"], part.is_female),
        "|||",
        or_empty(part.street),
        "^^",
        part.town,
        "^^",
        part.postcode,
        "||",
        or_empty(part.phone),
        "^PRN^PH^",
        or_empty(part.email),
        "|||||",
        "\rDG1|1||",
        diagnoses.code(part),
        "^",
        diagnoses.words(part, "en"),
        "^I10\r\n",
    )


def _appointment(part: Block) -> Text:
    day = join(digits(1 + part.draw.below("day", 28), 2), " Oct 2026 09:", digits(part.draw.below("m", 60), 2), ":00 +0200")
    given, family = in_latin_letters(part)
    return join(
        "From portal@hopital-du-quai.example Thu Oct  1 09:00:00 2026\nFrom: Hopital du Quai <portal@hopital-du-quai.example>\nTo: ",
        given,
        " ",
        family,
        " <",
        part.email,
        ">\nDate: ",
        day,
        "\nMessage-ID: <",
        mrn(part),
        "@hopital-du-quai.example>\nSubject: Appointment\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\nDear ",
        part.name,
        ",\n\nyour appointment is confirmed. Please bring your card and arrive ten minutes early.\nWe call you on ",
        pc.fill_null(spellings.phone(part, "mail.phone"), "the number you gave us"),
        " if anything changes.\n\n",
    )


def _ward(part: Block) -> Text:
    draw = part.draw
    return join(
        "* ",
        pick(_WARDS, draw.below("ward", len(_WARDS))),
        ", bed ",
        digits(1 + draw.below("bed", 40), 2),
        ": ",
        part.name,
        ", born ",
        spellings.day(part, "dmy."),
        ", ",
        or_empty(spellings.phone(part, "ward.phone")),
        ". Diagnosis: ",
        diagnoses.words(part, "en"),
        " (ICD-10 ",
        diagnoses.code(part),
        "). ",
        pick(_DOCTORS, draw.below("doctor", len(_DOCTORS))),
        " on call.\n\n",
    )


def _account(part: Block) -> Text:
    return join(
        join(spellings.with_quotes(part.name), spellings.iban(part, "acc.iban"), digits(20 + part.draw.below("due", 900), 3), by=","), ".00\n"
    )


def _portal_row(part: Block) -> Text:
    return _tsv(
        mrn(part),
        spellings.loud(part, part.email, "portal.email", 0.05),
        join("$2b$12$", _salted(part.draw)),
        numbers.ip(part.draw, "portal.ip"),
        pick(["t", "f"], part.draw.below("verified", 2)),
    )


def _salted(draw: Draw) -> Text:
    letters = np.frombuffer(b"./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789", dtype=np.uint8)
    raw = np.stack([draw.bits(f"salt.{i}") for i in range(7)], axis=1).view(np.uint8).reshape(len(draw.index), -1)[:, :53]
    return from_matrix(letters[raw % 64].astype(np.int64))


def plants() -> list[Plant]:
    """Every text file of the hospital's heap."""
    own, slip = (lambda block: block.has_own_email), stands(_SHARES, "slip")
    portal, appointments, accounts = (stands(_SHARES, name, also=also) for name, also in (("portal", 0.4), ("appointments", 0.3), ("accounts", 0.1)))
    messages, cut = stands(_SHARES, "messages", also=0.1), (lambda block: block.draw.chance("cut", 0.02) & filled(block.email))
    contacts = ("name", "dob", "email", "phone", "address")
    return [
        Plant(
            path="emr/patients.sql",
            header=_RECORDS,
            footer="\\.\n\n-- PostgreSQL database dump complete\n",
            member=stands(_SHARES, "records"),
            row=_record,
            kinds=_records_kinds,
        ),
        *_laboratory(),
        Plant(
            path="interfaces/patients.ndjson",
            member=stands(_SHARES, "fhir", also=0.2),
            row=_fhir,
            kinds=lambda b: _has(b, *contacts, medical=True, medical_id=True, gender=True),
        ),
        Plant(
            path="interfaces/adt.hl7",
            member=lambda b: messages(b) & ~b.is_persian,
            row=_hl7,
            kinds=lambda b: _has(b, *contacts, medical=True, medical_id=True, gender=True),
        ),
        Plant(
            path="portal/portal_users.sql",
            header=_PORTAL,
            footer="\\.\n",
            member=lambda b: portal(b) & own(b),
            row=_portal_row,
            kinds=lambda b: {"email": True, "password_hash": True, "ip": True},
        ),
        Plant(
            path="mail/appointments.mbox",
            member=lambda b: appointments(b) & own(b),
            row=_appointment,
            kinds=lambda b: _has(b, "name", "email", "phone"),
        ),
        Plant(
            path="wards/handover.txt",
            header="HAND-OVER BETWEEN SHIFTS - confidential\n\n",
            member=stands(_SHARES, "ward", also=0.02),
            row=_ward,
            kinds=lambda b: _has(b, "name", "dob", "phone", medical=True),
        ),
        Plant(
            path="finance/direct_debits.csv",
            header="Account holder,IBAN,Amount EUR\n",
            member=lambda b: accounts(b) & filled(b.iban),
            row=_account,
            kinds=lambda b: _has(b, "name", "iban"),
        ),
        Plant(
            path="wards/visitor_wifi.csv",
            header="first name,e-mail\n",
            member=lambda b: slip(b) & own(b),
            row=lambda p: join(p.given, ",", spellings.slip(p.email, np.ones(len(p), bool)), "\n"),
            kinds=lambda b: {"email": True},
        ),
        Plant(
            path="backup/patients_2017.csv.gz",
            header="Name,Email,Phone,Born\n",
            is_cut=True,
            member=cut,
            kinds=lambda b: _has(b, "name", "email", "phone", "dob"),
            row=lambda p: join(join(p.name, or_empty(p.email), or_empty(p.phone), iso(p.birth_date), by=","), "\n"),
        ),
    ]


class Letters(Sink):
    """Some discharge letters as Word files, and pictures of the radiology that no reader of texts can open."""

    def __init__(self, folder: Folder, truth: Truth, n_persons: int) -> None:
        self._folder, self._truth, self._n = folder, truth, 0
        self._share = min(0.03, _N_LETTERS / n_persons)

    def write(self, block: Block, members: Members) -> None:
        chosen = block.draw.chance("letter", self._share) & ~block.is_outsider & block.has_own_email
        for row in np.flatnonzero(chosen):
            one = np.zeros(len(block), dtype=bool)
            one[row] = True
            p = block.take(one)
            name, born, address, email = (column.to_pylist()[0] for column in (p.name, spellings.day(p, "dmy."), p.address, p.email))
            self._n += 1
            if self._n % 8 == 0:
                self._truth.note(self._picture(name, born), block, one, {"name": True, "dob": True}, readable=False)
                continue
            what, icd = diagnoses.words(p, "en").to_pylist()[0], diagnoses.code(p).to_pylist()[0]
            lines = [name, *address.split(", "), "", "Hôpital du Quai, 30.10.2026", "", f"Patient: {name}, born {born}, {email}"]
            lines += [f"Diagnosis: {what} ({icd})", "We discharged the patient in good condition and ask you to follow up in two weeks."]
            path = self._folder.put(f"letters/discharge_{self._n:03}.docx", office.docx(lines))
            self._truth.note(path, block, one, {"name": True, "address": True, "email": True, "dob": True, "medical": True})

    def _picture(self, name: str, born: str) -> str:
        # DICOM: 128 bytes of nothing, four letters, then tags; the pixels here are a pattern.
        head = b"\0" * 128 + b"DICM" + b"\x02\x00\x10\x00UI\x14\x001.2.840.10008.1.2.1\0"
        tags = b"\x10\x00\x10\x00PN" + len(name.encode()).to_bytes(2, "little") + name.encode() + b"\x10\x00\x30\x00DA\x08\x00" + born.encode()[:8]
        return self._folder.put(f"imaging/{self._n:04}.dcm", head + tags + bytes(range(256)) * 16)


def unreadable(files: Path) -> list[str]:
    """What nobody can read, for `expected.toml`."""
    return ["backup/patients_2017.csv.gz", *sorted(f"imaging/{path.name}" for path in (files / "imaging").glob("*.dcm"))]


def sinks(folder: Folder, truth: Truth, n_persons: int) -> list[Sink]:
    """Everything that writes the hospital's heap."""
    return [Plants(folder, truth, plants()), Letters(folder, truth, n_persons)]
