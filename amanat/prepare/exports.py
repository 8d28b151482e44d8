"""CSV exports of the hotels' offices: each in the encoding, the separator, the headings and the dates of its country."""

from collections.abc import Callable
from dataclasses import dataclass

import pyarrow.compute as pc

from amanat.prepare import spellings
from amanat.prepare.block import Block, in_latin_letters
from amanat.prepare.column import Text, filled, iso, join, numbers, or_empty, pick, where
from amanat.prepare.draw import Flags
from amanat.prepare.folder import Folder, Sink
from amanat.prepare.members import Members
from amanat.prepare.truth import Truth

_US = ("US-CA", "US-NY", "US-TX", "US-FL")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Export:
    path: str
    places: tuple[str, ...]
    header: str
    encoding: str
    mark: bytes
    row: Callable[[Block, Text], Text]  # of the persons and their e-mail as it is written there
    kinds: tuple[str, ...]


def _french(part: Block, email: Text) -> Text:
    columns = (
        pc.utf8_upper(part.family),
        part.given,
        spellings.day(part, "dmy/"),
        email,
        spellings.phone(part, "export.phone"),
        spellings.with_quotes(part.address),
        spellings.national_id(part, "export.id"),
        spellings.iban(part, "export.iban"),
        join(numbers(part.yearly_value_eur), ",00"),
    )
    return join(*[or_empty(c) for c in columns], by=";")


def _german(part: Block, email: Text) -> Text:
    given, family = in_latin_letters(part)
    salutation = pick(["Herr", "Frau"], part.is_female)
    columns = (
        salutation,
        family,
        given,
        part.street,
        part.postcode,
        part.town,
        spellings.day(part, "dmy."),
        spellings.phone(part, "export.phone"),
        email,
        spellings.iban(part, "export.iban"),
    )
    return join(*[or_empty(c) for c in columns], by=";")


def _english(part: Block, email: Text) -> Text:
    born = where(part.is_in(*_US), spellings.day(part, "mdy/"), spellings.day(part, "dmy/"))
    columns = (
        spellings.with_quotes(join(part.family, ", ", part.given)),
        email,
        spellings.phone(part, "export.phone"),
        born,
        spellings.with_quotes(part.address),
        spellings.residence_words(part),
        spellings.national_id(part, "export.id"),
        spellings.card(part, "export.card"),
        spellings.iban(part, "export.iban"),
        iso(part.since),
    )
    return join(*[or_empty(c) for c in columns], by=",")


def _arabic_windows(part: Block, email: Text) -> Text:
    # Windows-1256 has neither ی nor the Persian digits, so such files carry ي and 0 to 9.
    columns = (
        spellings.with_arabic_letters(part.given),
        spellings.with_arabic_letters(part.family),
        spellings.national_id(part, "export.id"),
        spellings.day(part, "jalali"),
        spellings.phone(part, "export.phone"),
        email,
        spellings.iban(part, "export.iban"),
    )
    return join(*[or_empty(c) for c in columns], by=",")


def _persian(part: Block, email: Text) -> Text:
    family = where(part.draw.chance("export.joiner", 0.3), spellings.without_joiners(part.family), part.family)
    given = where(part.draw.chance("export.yeh", 0.3), spellings.with_arabic_letters(part.given), part.given)
    columns = (
        join(given, " ", family),
        spellings.in_persian_digits(spellings.national_id(part, "export.id")),
        spellings.in_persian_digits(spellings.day(part, "jalali")),
        spellings.phone(part, "export.phone", persian_digits=True),
        email,
        part.address,
        spellings.iban(part, "export.iban"),
    )
    return join(*[or_empty(c) for c in columns], by="\t")


def _brazilian(part: Block, email: Text) -> Text:
    given, family = in_latin_letters(part)
    columns = (
        join(given, " ", family),
        spellings.national_id(part, "export.id"),
        spellings.day(part, "dmy/"),
        spellings.phone(part, "export.phone"),
        email,
        spellings.with_quotes(part.address),
        spellings.card(part, "export.card"),
    )
    return join(*[or_empty(c) for c in columns], by=";")


_EXPORTS = (
    _Export(
        path="exports/clients_francophones.csv",
        places=("FR", "CA-QC"),
        header="Nom;Prénom;Né(e) le;Courriel;Téléphone;Adresse;N° sécurité sociale;IBAN;CA annuel\r\n",
        encoding="utf-8",
        mark=b"\xef\xbb\xbf",
        row=_french,
        kinds=("name", "dob", "email", "phone", "address", "national_id", "iban"),
    ),
    _Export(
        path="exports/Gästeliste DE-CH.csv",
        places=("DE", "CH"),
        header="Anrede;Nachname;Vorname;Straße;PLZ;Ort;Geburtsdatum;Telefon;E-Mail;IBAN\r\n",
        encoding="cp1252",
        mark=b"",
        row=_german,
        kinds=("name", "address", "dob", "phone", "email", "iban"),
    ),
    _Export(
        path="exports/guests_en.csv",
        places=("GB", "CA-ON", "IT", "ES", *_US),
        header="Guest,Email,Phone,Date of birth,Address,Country,National ID,Card,IBAN,Member since\r\n",
        encoding="utf-8",
        mark=b"",
        row=_english,
        kinds=("name", "email", "phone", "dob", "address", "national_id", "ssn", "card_number_alone", "iban"),
    ),
    _Export(
        path="exports/mehmanan_1256.csv",
        places=("IR",),
        header="نام,نام خانوادگي,کد ملي,تاريخ تولد,موبايل,ايميل,شبا\r\n",
        encoding="cp1256",
        mark=b"",
        row=_arabic_windows,
        kinds=("name", "national_id", "dob", "phone", "email", "iban"),
    ),
    _Export(
        path="exports/mehmanan.txt",
        places=("IR",),
        header="نام کامل\tکد ملی\tتاریخ تولد\tموبایل\tایمیل\tنشانی\tشماره شبا\r\n",
        encoding="utf-16-le",
        mark=b"\xff\xfe",
        row=_persian,
        kinds=("name", "national_id", "dob", "phone", "email", "address", "iban"),
    ),
    _Export(
        path="exports/hospedes.csv",
        places=("BR",),
        header="Nome;CPF;Nascimento;Telefone;E-mail;Endereço;Cartão\r\n",
        encoding="latin-1",
        mark=b"",
        row=_brazilian,
        kinds=("name", "national_id", "dob", "phone", "email", "address", "card_number_alone"),
    ),
)


class Exports(Sink):
    """Writes the six exports; Iranian guests stand in one or the other of theirs."""

    def __init__(self, folder: Folder, truth: Truth) -> None:
        self._folder, self._truth = folder, truth
        for export in _EXPORTS:
            folder.begin(export.path, export.header, encoding=export.encoding, mark=export.mark)

    def write(self, block: Block, members: Members) -> None:
        is_old = block.draw.chance("export.1256", 0.5)
        # A slip in the address, while name and birth date of the same row are right: the person can still be found.
        slipped = block.draw.chance("export.slip", 0.01)
        has = what_persons_have(block)
        for export in _EXPORTS:
            member = members.export & block.is_in(*export.places)
            if export.places == ("IR",):
                member &= is_old if export.encoding == "cp1256" else ~is_old
            if not member.any():
                continue
            part = block.take(member)
            email = spellings.loud(part, part.email, "export.email", 0.04)
            self._folder.add(export.path, join(export.row(part, spellings.slip(email, slipped[member])), "\r\n"))
            kinds = {kind: has[kind] for kind in export.kinds}
            kinds["email"] = kinds["email"] & ~slipped
            self._truth.note(export.path, block, member, kinds)


def what_persons_have(block: Block) -> dict[str, Flags]:
    """For each kind, whether the person has such a value at all."""
    is_us, has_number = block.is_in(*_US), filled(block.national_id)
    everyone = filled(block.name)
    return {
        "name": everyone,
        "dob": everyone,
        "address": everyone,
        "email": filled(block.email),
        "phone": filled(block.phone),
        "national_id": has_number & ~is_us,
        "ssn": has_number & is_us,
        "iban": filled(block.iban),
        "card_number_alone": filled(block.card),
        "loyalty_id": filled(block.loyalty_id),
    }
