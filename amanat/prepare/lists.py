"""Lists that lie about: passwords, birthdays, address labels, Wi-Fi sign-ups, and old exports packed, locked or cut off."""

import gzip
import io
import shutil
import zipfile
from pathlib import Path
from typing import Any

import pyarrow.compute as pc
import pyzipper
from pyzipper import zipfile_aes

from amanat.prepare import spellings
from amanat.prepare.block import Block
from amanat.prepare.column import Text, digits, join, or_empty, pick
from amanat.prepare.draw import Draw
from amanat.prepare.exports import what_persons_have
from amanat.prepare.folder import Folder, Sink
from amanat.prepare.members import Members
from amanat.prepare.truth import Truth

PACKED = "archive/backup.zip!/old/inner.zip!/guests_2019.csv"
LOCKED = "archive/hr_and_guests.zip!/locked/guests_vip.csv"
CUT = "backup/bookings_2018.csv.gz"
CUT_ZIP = "backup/night_audit_2017.zip"
_MOMENT = (2026, 11, 8, 3, 0, 0)  # of all members of archives, so that a second run gives the same bytes
_WORDS = ("sommer", "Lavande", "tiger", "Qwertz", "liberte", "sunshine", "golnar", "saudade", "dragon", "Football", "princesse", "letmein")


class Lists(Sink):
    """Writes the lists, and packs the old exports when all persons are written."""

    def __init__(self, folder: Folder, truth: Truth) -> None:
        self._folder, self._truth = folder, truth
        self._passwords = folder.begin("loot/combo.txt")
        self._birthday = folder.begin("lists/birthday_club.csv", "Guest;Born;Gift\r\n", encoding="utf-8", mark=b"\xef\xbb\xbf")
        self._addresses = folder.begin("lists/brochure_addresses.csv", "Name;Street;Place\n")
        self._labels = folder.begin("lists/brochure_labels.txt")
        self._wifi = folder.begin("lists/wifi_signups.csv", "first name,e-mail,accepted terms\n")
        old = "Name,Email,Phone,Born,Card\n"
        self._old = folder.begin("archive/guests_2019.csv.part", old)
        self._vip = folder.begin("archive/guests_vip.csv.part", old)
        self._cut = folder.begin("backup/bookings_2018.csv.part", old)

    def write(self, block: Block, members: Members) -> None:
        truth, has = self._truth, what_persons_have(block)

        part = block.take(members.passwords)
        self._folder.add(self._passwords, join(spellings.loud(part, part.email, "combo.email", 0.03), ":", password(part.draw), "\n"))
        truth.note(self._passwords, block, members.passwords, {"email": True, "password": True, "online_credentials": True})

        part = block.take(members.birthday)
        gift = pick(["wine", "spa", "flowers", "-"], part.draw.below("gift", 4))
        self._folder.add(self._birthday, join(part.name, ";", spellings.day(part, "dmy/"), ";", gift, "\r\n"))
        truth.note(self._birthday, block, members.birthday, {"name": True, "dob": True})

        # Most addresses stand in columns; some only on a sheet of labels, where nothing says what is a name.
        on_sheet = block.draw.chance("labels.sheet", 0.2)
        for path, member in ((self._addresses, members.labels & ~on_sheet), (self._labels, members.labels & on_sheet)):
            part = block.take(member)
            lines = join(part.name, "\n", _in_lines(part.address), "\n\n")
            columns = join(part.name, part.street, spellings.with_quotes(_after_street(part.address)), by=";")
            self._folder.add(path, lines if path == self._labels else join(columns, "\n"))
            truth.note(path, block, member, {"name": True, "address": True})

        self._write_wifi(block, members)
        for path, target, member, readable in (
            (self._old, PACKED, members.archive, True),
            (self._vip, LOCKED, members.locked, False),
            (self._cut, CUT, members.cut, False),
        ):
            part = block.take(member)
            self._folder.add(path, _old_row(part))
            kinds = {kind: has[kind] for kind in ("name", "email", "phone", "dob", "card_number_alone")}
            truth.note(target, block, member, kinds, readable=readable)

    def _write_wifi(self, block: Block, members: Members) -> None:
        member = members.wifi | members.wifi_slip
        part = block.take(member)
        email = spellings.slip(part.email, members.wifi_slip[member])
        self._folder.add(self._wifi, join(part.given, ",", email, ",yes\n"))
        self._truth.note(self._wifi, block, member, {"email": True})

    def close(self) -> None:
        """Packs, locks and cuts."""
        folder = self._folder
        inner = folder.home / "archive/inner.zip.part"
        with zipfile.ZipFile(inner, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
            _pack(archive, "guests_2019.csv", folder.end(self._old))
        with zipfile.ZipFile(folder.home / "archive/backup.zip", "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
            _pack_text(archive, "old/README.txt", "Moved from the old file server. Delete after the audit.\n")
            _pack(archive, "old/inner.zip", inner)
        self._lock(folder.end(self._vip))
        self._cut_off(folder.end(self._cut))

    def _lock(self, path: Path) -> None:
        with _LockedZip(
            self._folder.home / "archive/hr_and_guests.zip", "w", compression=pyzipper.ZIP_DEFLATED, encryption=pyzipper.WZ_AES
        ) as archive:
            archive.setpassword(b"the night porter knows")
            with archive.open(zipfile_aes.AESZipInfo("locked/guests_vip.csv", _MOMENT), "w") as target, path.open("rb") as source:
                shutil.copyfileobj(source, target, 1 << 20)
        path.unlink()

    def _cut_off(self, path: Path) -> None:
        # A reader that restores the first half is right to do so; none is counted as missed.
        packed = io.BytesIO()
        with path.open("rb") as source, gzip.GzipFile(fileobj=packed, mode="wb", mtime=0, filename="") as target:
            shutil.copyfileobj(source, target, 1 << 20)
        self._folder.put(CUT, packed.getvalue()[: len(packed.getvalue()) // 2])
        path.unlink()
        archive = io.BytesIO()
        with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as whole:
            _pack_text(whole, "audit.txt", "Night audit\n" + "Room and tax posted, no person named here.\n" * 400)
        self._folder.put(CUT_ZIP, archive.getvalue()[:200])


class _Encrypter(zipfile_aes.AESZipEncrypter):
    """AES encryption whose salt is the same every time, so that the same seed gives the same file. For practice only."""

    def __init__(self, pwd: bytes, nbits: int = 256, **options: Any) -> None:
        super().__init__(pwd, nbits=nbits, **options)
        self.salt = bytes(range(self.salt_length))
        keys = zipfile_aes.PBKDF2(pwd, self.salt, count=1000, dkLen=2 * 32 + 2)
        self.encpwdverify = keys[64:]
        counter = zipfile_aes.Counter.new(nbits=128, little_endian=True)
        self.encrypter = zipfile_aes.AES.new(keys[:32], zipfile_aes.AES.MODE_CTR, counter=counter)
        self.hmac = zipfile_aes.HMAC.new(keys[32:64], digestmod=zipfile_aes.SHA1Hash())


class _LockedZip(pyzipper.AESZipFile):
    def get_encrypter(self) -> _Encrypter:
        return _Encrypter(self.pwd)


def password(draw: Draw) -> Text:
    """Passwords as people choose them; nobody's."""
    mark = pick(["", "!", "#", "_"], draw.below("password.mark", 4))
    return join(pick(_WORDS, draw.below("password.word", len(_WORDS))), digits(draw.below("password.number", 10**4), 4), mark)


def _old_row(part: Block) -> Text:
    columns = (part.name, part.email, spellings.phone(part, "old.phone"), spellings.day(part, "iso"), spellings.card(part, "old.card"))
    return join(join(*[or_empty(c) for c in columns], by=","), "\n")


def _in_lines(address: Text) -> Text:
    return pc.replace_substring(address, ", ", "\n")


def _after_street(address: Text) -> Text:
    return pc.replace_substring_regex(address, pattern="^[^,]*, ", replacement="")


def _pack(archive: zipfile.ZipFile, name: str, path: Path) -> None:
    info = zipfile.ZipInfo(name, _MOMENT)
    info.compress_type = archive.compression
    info.file_size = path.stat().st_size  # decides whether the member needs 64-bit sizes
    with archive.open(info, "w") as target, path.open("rb") as source:
        shutil.copyfileobj(source, target, 1 << 20)
    path.unlink()


def _pack_text(archive: zipfile.ZipFile, name: str, text: str) -> None:
    info = zipfile.ZipInfo(name, _MOMENT)
    info.compress_type = zipfile.ZIP_DEFLATED
    archive.writestr(info, text)
