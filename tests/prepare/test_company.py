"""The story folder: the same bytes every time, honest about what it holds, and readable by others' libraries."""

import csv
import email
import gzip
import hashlib
import io
import json
import mailbox
import re
import tomllib
import zipfile
from collections import defaultdict
from datetime import datetime
from pathlib import Path

import pyarrow.parquet as pq
import pypdfium2
import pytest
import pyzipper
import stdnum.luhn
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from python_calamine import CalamineWorkbook

from amanat import prepare
from amanat.lib.errors import Fixable
from amanat.lib.progress import silent
from amanat.prepare.company import make
from amanat.prepare.dossier import expected_duties
from amanat.terms.company import read_company
from amanat.terms.fact import read_facts
from amanat.terms.kinds import KINDS

AT = datetime.fromisoformat("2026-11-13T19:40:00+01:00")
N = 3000


@pytest.fixture(scope="module")
def story(tmp_path_factory):
    folder = tmp_path_factory.mktemp("practice") / "story"
    prepare.make_company(folder, persons=N, seed=1, at=AT)
    return folder


@pytest.fixture(scope="module")
def truth(story):
    return pq.read_table(story / "truth.parquet").to_pylist()


@pytest.fixture(scope="module")
def register(story):
    with (story / "register.csv").open(encoding="utf-8", newline="") as file:
        return {row["person_id"]: row for row in csv.DictReader(file)}


def _digests(folder: Path) -> dict[str, str]:
    return {str(p.relative_to(folder)): hashlib.sha256(p.read_bytes()).hexdigest() for p in sorted(folder.rglob("*")) if p.is_file()}


def test_the_same_arguments_give_the_same_bytes(story, tmp_path):
    prepare.make_company(tmp_path / "again", persons=N, seed=1, at=AT)

    assert _digests(tmp_path / "again") == _digests(story)


def test_the_size_of_a_block_changes_only_the_order_of_the_truth(story, tmp_path):
    make(tmp_path / "small", persons=N, seed=1, kind="hotel", at=AT, progress=silent, block_size=256)
    one, two = _digests(story), _digests(tmp_path / "small")

    assert one.pop("truth.parquet") and two.pop("truth.parquet")
    assert one == two

    def rows(folder):
        return sorted(map(str, pq.read_table(folder / "truth.parquet").to_pylist()))

    assert rows(story) == rows(tmp_path / "small")


def test_every_path_of_the_truth_is_there(story, truth):
    for path in {row["path"] for row in truth}:
        outer = path.split("!/")[0]
        assert ((story if outer.startswith("access/") else story / "files") / outer).is_file(), path


def test_every_person_of_the_truth_is_in_the_register_or_an_outsider(truth, register):
    assert all(row["person_id"] in register or row["person_id"].startswith("out-") for row in truth)
    assert {row["kind"] for row in truth} <= set(KINDS)


def test_about_half_of_the_register_is_affected_as_expected_toml_says(story, truth, register):
    expected = tomllib.loads((story / "expected.toml").read_text(encoding="utf-8"))
    affected = {r["person_id"] for r in truth if r["readable"] and not r["path"].startswith("access/")}

    assert expected["persons"]["register"] == len(register) == N
    assert expected["persons"]["affected"] == len(affected & set(register))
    assert expected["persons"]["outsiders"] == len(affected - set(register))
    assert 0.45 < len(affected & set(register)) / N < 0.60
    within = {r["person_id"] for r in truth if r["path"].startswith("access/")}
    assert expected["persons"]["accessible_only"] == len(within - affected) > 0
    locked = {r["person_id"] for r in truth if not r["readable"]}
    assert expected["persons"]["only_unreadable"] == len(locked - affected - within) > 0
    by_kind = defaultdict(set)
    for row in truth:
        if row["readable"] and not row["path"].startswith("access/") and row["person_id"] in register:
            by_kind[row["kind"]].add(row["person_id"])
    assert expected["kinds"] == {kind: len(ids) for kind, ids in by_kind.items()}


def _text_of(story: Path, path: str) -> str:
    outer, *inner = path.split("!/")
    data = (story / "files" / outer).read_bytes()
    for name in inner:
        if outer.endswith(".mbox"):
            data = next(
                part.get_payload(decode=True)
                for message in mailbox.mbox(story / "files" / outer)
                for part in message.walk()
                if part.get_filename() == name
            )
            outer = name
            continue
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            data = archive.read(name)
    if outer.endswith(".xlsx"):
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        return "\n".join(str(cell) for name in book.sheet_names for row in book.get_sheet_by_name(name).to_python() for cell in row)
    if outer.endswith(".docx"):
        return re.sub(r"<[^>]+>", "", zipfile.ZipFile(io.BytesIO(data)).read("word/document.xml").decode().replace("</w:p>", "\n"))
    if data.startswith(b"%PDF"):
        document = pypdfium2.PdfDocument(data)
        return "\n".join(page.get_textpage().get_text_range() for page in document)
    if outer.endswith((".eml", "desk.mbox")):
        messages = [email.message_from_bytes(data)] if outer.endswith(".eml") else list(mailbox.mbox(story / "files" / outer))
        parts = [part for message in messages for part in message.walk() if part.get_content_type() in ("text/plain", "text/html")]
        return "\n".join([*(str(m["From"]) for m in messages), *(p.get_payload(decode=True).decode(p.get_content_charset()) for p in parts)])
    encodings = {
        "exports/Gästeliste DE-CH.csv": "cp1252",
        "exports/mehmanan_1256.csv": "cp1256",
        "exports/mehmanan.txt": "utf-16",
        "exports/hospedes.csv": "latin-1",
    }
    return data.decode(encodings.get(path, "utf-8-sig"))


def test_each_address_that_the_truth_names_stands_in_its_file(story, truth, register):
    wanted = defaultdict(set)
    for row in truth:
        if row["readable"] and row["kind"] == "email" and row["person_id"] in register and not row["path"].startswith("access/"):
            wanted[row["path"]].add(row["person_id"])
    assert len(wanted) > 30
    for path, persons in wanted.items():
        text = _text_of(story, path).lower()
        missing = [p for p in persons if not any(e in text for e in register[p]["email"].split(";"))]
        # The Wi-Fi list holds the few persons of whom only a mistyped address is there.
        assert not missing or (path == "lists/wifi_signups.csv" and len(missing) <= 0.003 * N), path


def test_each_national_number_card_and_account_stands_in_its_file(story, truth, register):
    columns = {"ssn": "national_id", "national_id": "national_id", "iban": "iban", "card_number_alone": "card"}
    persian = str.maketrans("۰۱۲۳۴۵۶۷۸۹", "0123456789")
    texts: dict[str, str] = {}
    checked = 0
    for row in truth:
        if row["readable"] and row["kind"] in columns and row["person_id"] in register:
            path = row["path"]
            texts.setdefault(path, "") or texts.update({path: re.sub(r"[ .\-]", "", _text_of(story, path).translate(persian)).upper()})
            assert register[row["person_id"]][columns[row["kind"]]] in texts[path], path
            checked += 1
    assert checked > 500


def test_encodings_are_what_they_claim(story):
    exports = story / "files" / "exports"
    assert (exports / "clients_francophones.csv").read_bytes().startswith(b"\xef\xbb\xbfNom;")
    german = (exports / "Gästeliste DE-CH.csv").read_bytes()
    assert "Straße".encode("cp1252") in german
    with pytest.raises(UnicodeDecodeError):
        german.decode("utf-8")
    arabic = (exports / "mehmanan_1256.csv").read_bytes()
    assert "كد".replace("ك", "ک").encode("cp1256") in arabic and "ی" not in arabic.decode("cp1256")
    assert b"?" not in arabic
    wide = (exports / "mehmanan.txt").read_bytes()
    assert wide.startswith(b"\xff\xfe") and "\u200c" in wide.decode("utf-16") and "۱۳" in wide.decode("utf-16")


def test_logs_are_lines_of_json_and_the_dump_counts_its_columns(story):
    for line in (story / "files/logs/app.jsonl").read_text(encoding="utf-8").splitlines():
        assert json.loads(line)["guest"]["contact"]["email"]
    dump = (story / "files/db/karvan_pms.users.sql").read_text(encoding="utf-8")
    values = re.findall(r"(?m)^\((\d+),'([^']+)','([^']+)','([^']+)','([^']+)',[01]\)[,;]$", dump)
    assert len(values) == dump.count("\n(") > 100
    assert dump.count("INSERT INTO") == dump.count(");\n")


def test_the_workbook_has_real_dates_and_a_header_in_the_fourth_row(story):
    book = CalamineWorkbook.from_path(story / "files/office/Stammgäste.xlsx")
    rows = book.get_sheet_by_name("Stammgäste").to_python()

    assert book.sheet_names == ["Stammgäste", "Spa", "Belegung"]
    assert rows[3][:3] == ["Nachname", "Vorname", "E-Mail"]
    assert rows[4][4].year > 1900


def test_mails_carry_attachments_and_quoted_text(story):
    messages = list(mailbox.mbox(story / "files/mail/desk.mbox"))
    encodings = {str(p["Content-Transfer-Encoding"]) for m in messages for p in m.walk()}
    names = [p.get_filename() for m in messages for p in m.walk() if p.get_filename()]

    assert {"base64", "quoted-printable"} <= encodings
    assert any(n.endswith(".csv") for n in names) and any(n.endswith(".pdf") for n in names)


def test_what_nobody_can_open_cannot_be_opened(story):
    files = story / "files"
    with pytest.raises(RuntimeError, match=r"encrypted|password"), pyzipper.AESZipFile(files / "archive/hr_and_guests.zip") as archive:
        archive.read("locked/guests_vip.csv")
    with pyzipper.AESZipFile(files / "archive/hr_and_guests.zip") as archive:
        archive.setpassword(b"the night porter knows")
        assert archive.read("locked/guests_vip.csv").startswith(b"Name,Email")
    with pytest.raises(zipfile.BadZipFile):
        zipfile.ZipFile(files / "backup/night_audit_2017.zip")
    with pytest.raises(EOFError):
        gzip.decompress((files / "backup/bookings_2018.csv.gz").read_bytes())
    assert (files / "db/karvan_pms.payments.sql").stat().st_size == 0
    assert (files / "exports/rechnungen.csv").read_bytes().startswith(b"%PDF")
    assert all(p.read_bytes().startswith(b"\x89PNG") for p in (files / "scans").glob("*"))


def test_numbers_that_only_look_like_cards_are_no_cards(story):
    dump = (story / "files/db/karvan_pms.bookings.sql").read_text(encoding="utf-8")
    orders = re.findall(r",'(4100\d{12})',", dump)
    assert len(orders) > 1000 and not any(stdnum.luhn.is_valid(o) for o in orders)


def test_bookings_name_guests_of_the_dump(story):
    guests = set(re.findall(r"(?m)^\((\d+),", (story / "files/db/karvan_pms.guests.sql").read_text(encoding="utf-8")))
    bookings = set(re.findall(r"(?m)^\(\d{12},(\d+),", (story / "files/db/karvan_pms.bookings.sql").read_text(encoding="utf-8")))

    assert bookings == guests


def test_facts_and_company_are_read_without_complaint(story):
    facts, company = read_facts(story / "facts.toml"), read_company(story / "company.toml")

    assert facts["awareness"].value == AT and facts["cause"].status == "believed" and facts["public_knowledge"].status == "unknown"
    assert set(facts["what_happened"].value) == {"en", "fr", "fa"}
    for staff in company.staff:
        secret = (story / "staff" / f"{staff.id}.key").read_text(encoding="utf-8").splitlines()[-1]
        assert Ed25519PrivateKey.from_private_bytes(bytes.fromhex(secret)).public_key().public_bytes_raw().hex() == staff.public_key


def test_access_lists_name_persons_of_the_register(story, register):
    with (story / "access/tables.csv").open(encoding="utf-8", newline="") as file:
        tables = list(csv.DictReader(file))
    assert [t["reached"] for t in tables] == ["accessible", "accessed"]
    for table in tables:
        ids = (story / "access" / table["persons"]).read_text(encoding="utf-8").split("\n")[1:-1]
        assert ids and set(ids) <= set(register)
        assert set(table["kinds"].split(";")) <= set(KINDS)
    with (story / "access/accounts.csv").open(encoding="utf-8", newline="") as file:
        account = next(csv.DictReader(file))
    addresses = (story / "access" / account["persons"]).read_text(encoding="utf-8").splitlines()
    assert addresses[0] == "email" and "reception@karvan-hotels.example" in addresses and len(addresses) > 20


RESIDENTS = {"FR": 10, "GB": 10, "US-CA": 501, "US-NY": 5001, "CA-QC": 1, "BR": 1}


@pytest.mark.parametrize(
    ("at", "id_", "due_at"),
    [
        # Friday evening in Lyon: 72 hours later is Monday evening.
        ("2026-11-13T19:40:00+01:00", "eu-gdpr.authority", "2026-11-16T19:40:00+01:00"),
        # 13 November in California and New York; thirty days later is 13 December.
        ("2026-11-13T19:40:00+01:00", "us-ca.individuals", "2026-12-13T23:59:59-08:00"),
        ("2026-11-13T19:40:00+01:00", "us-ny.individuals", "2026-12-13T23:59:59-05:00"),
        # Past midnight in Lyon is the evening before in America.
        ("2026-11-14T02:00:00+01:00", "us-ca.individuals", "2026-12-13T23:59:59-08:00"),
        # Monday, Tuesday, Wednesday.
        ("2026-11-13T19:40:00+01:00", "br-lgpd.authority", "2026-11-18T23:59:59-03:00"),
        # From Tuesday 17 November: Wednesday, Thursday, then not Friday 20 (Consciência Negra) nor the weekend, but Monday 23.
        ("2026-11-17T12:00:00+01:00", "br-lgpd.individuals", "2026-11-23T23:59:59-03:00"),
        # From Wednesday 1 April 2026: Thursday, not Good Friday, Monday, Tuesday 7.
        ("2026-04-01T12:00:00+02:00", "br-lgpd.authority", "2026-04-07T23:59:59-03:00"),
    ],
)
def test_deadlines_worked_out_by_hand(at, id_, due_at):
    duties = {d.id: d for d in expected_duties(datetime.fromisoformat(at), RESIDENTS)}

    assert duties[id_].state == "due" and duties[id_].due_at == datetime.fromisoformat(due_at)


def test_thresholds_of_california_and_new_york():
    duties = {d.id: d.state for d in expected_duties(AT, RESIDENTS)}
    fewer = {d.id: d.state for d in expected_duties(AT, {**RESIDENTS, "US-CA": 500, "US-NY": 5000})}

    assert (duties["us-ca.authority1"], duties["us-ny.cra"]) == ("due", "due")
    assert (fewer["us-ca.authority1"], fewer["us-ny.cra"]) == ("not_due", "not_due")


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"kind": "hotle"}, "did you mean 'hotel'"),
        ({"persons": 5}, "100 to 50,000,000"),
        ({"at": AT.replace(tzinfo=None)}, "offset"),
    ],
)
def test_what_cannot_be_is_said_in_a_sentence(tmp_path, change, says):
    with pytest.raises(Fixable, match=says):
        prepare.make_company(tmp_path / "new", **{"persons": 100, "seed": 1, "at": AT, **change})


def test_a_folder_in_use_is_never_written_over(story, tmp_path):
    (tmp_path / "evidence.txt").write_text("keep me")
    with pytest.raises(Fixable, match="not empty"):
        prepare.make_company(tmp_path, persons=100, seed=1, at=AT)
    with pytest.raises(Fixable, match="already holds a practice story"):
        prepare.make_company(story, persons=100, seed=1, at=AT)
    assert (tmp_path / "evidence.txt").read_text() == "keep me"
