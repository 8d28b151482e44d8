"""Older Office, Outlook, and Office files under a password."""

import io

import compressed_rtf
import olefile
import xlsxwriter

from tests.scope.hostile import TABLE
from tests.scope.ole_file import doc, msg, ole, ppt
from tests.scope.readers.reading import gaps, read, records, texts


def test_the_container_of_these_tests_is_one_to_another_library():
    with olefile.OleFileIO(io.BytesIO(ole({"a": b"x" * 700, "b/c": b"y"}))) as container:
        assert container.listdir() == [["a"], ["b", "c"]]
        assert container.openstream("a").read() == b"x" * 700 and container.openstream("b/c").read() == b"y"


def test_an_outlook_message_is_a_record_and_its_attachments_are_files():
    data = msg(
        {0x0C1A: "Hotel Saffron", 0x5D01: "desk@example.org", 0x0037: "Your room", 0x1000: "Dear Sara,\r\nroom 12.", 0x1013: b"<p>Dear</p>"},
        recipients=[{0x3001: "سارا", 0x39FE: "sara@example.org", 0x0C15: 1}, {0x3001: "omid@example.org", 0x3003: "omid@example.org", 0x0C15: 2}],
        attachments=[{0x3707: "guests.csv", 0x3701: TABLE}],
    )
    assert read(data, "a.msg") == [
        (
            "a.msg!/guests.csv",
            "",
            "name|email",
            "Sara|sara@example.org",
        ),
        ("a.msg!/guests.csv", "", "name|email", "Omid|omid@example.org"),
        (
            "a.msg",
            "",
            "from|to|cc|subject|body",
            "Hotel Saffron <desk@example.org>|سارا <sara@example.org>|omid@example.org|Your room|Dear Sara,\r\nroom 12.",
        ),
    ]


def test_a_message_without_plain_text_gives_its_html_or_its_packed_rtf():
    assert texts(msg({0x0037: "x", 0x1013: b"<html><body><p>Dear <b>Sara</b></p></body></html>"})) == ["x|Dear Sara"]
    packed = compressed_rtf.compress(rb"{\rtf1\ansi Dear \b Sara\b0 .\par}", compressed=True)
    assert texts(msg({0x0037: "x", 0x1009: packed})) == ["x|Dear Sara."]


def test_a_contact_gives_its_numbers_and_its_mail_addresses():
    contact = msg({0x3A06: "Sara", 0x3A11: "Example", 0x3A1C: "+44 7700 900123", 0x8083: "sara@example.org", 0x8010: "no address"})
    assert records(contact) == [("given name|family name|phone|email", "Sara|Example|+44 7700 900123|sara@example.org")]


def test_a_word_97_document_is_put_together_from_its_pieces():
    letter = 'Dear Sara,\ryour room\x0bis paid.\rName\x07Born\x07\x07Sara\x071980-02-01\x07\x07\x13 HYPERLINK "x" \x14our page\x15\rسارا\r'
    assert texts(doc(letter)) == ["Dear Sara,\nyour room\nis paid.\nName\tBorn\nSara\t1980-02-01\nour page\nسارا"]
    assert len(gaps(doc(letter)[:-1200])) == 1  # its directory is gone


def test_slides_of_powerpoint_97_are_records():
    assert read(ppt(["Guests of July", "Sara, room 12"], ["سارا"])) == [
        ("x", "part 1", "", "Guests of July\nSara, room 12"),
        ("x", "part 2", "", "سارا"),
    ]


def test_an_office_file_under_a_password_is_opened_by_it():
    from msoffcrypto.format.ooxml import OOXMLFile

    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    sheet = book.add_worksheet("Guests")
    sheet.write_row(0, 0, ["Name", "Born", "Phone"])
    sheet.write_row(1, 0, ["Sara", "1980-02-01", "+447700900123"])
    book.close()
    locked = io.BytesIO()
    OOXMLFile(io.BytesIO(out.getvalue())).encrypt("saffron", locked)
    assert gaps(locked.getvalue()) == ["It is encrypted."]
    assert gaps(locked.getvalue(), passwords=["crocus"]) == ["It is encrypted, and none of the passwords given opens it."]
    found = read(locked.getvalue(), "a.xlsx", passwords=["crocus", "saffron"])
    assert found == [("a.xlsx!/a.xlsx", "sheet Guests", "Name|Born|Phone", "Sara|1980-02-01|+447700900123")]


def test_an_unknown_older_office_file_and_a_broken_store_are_gaps():
    assert "older Office or Outlook" in gaps(ole({"Contents": b"x" * 5000}))[0]
    assert gaps(b"!BDN" + bytes(2000)) == ["The mail store is damaged or cut off."]
