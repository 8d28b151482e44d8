"""Documents and folded text: ODT, ODP, PPTX, RTF, vCard, iCalendar, LDIF, XML; made by other libraries, or taken from the specification."""

import io

import odfdo
import pptx
import pytest

from tests.scope.hostile import TABLE, zip_of
from tests.scope.readers.reading import gaps, read, records, texts


def test_an_open_document_letter_is_a_record_and_its_table_gives_rows():
    document = odfdo.Document("text")
    document.body.clear()
    document.body.append(odfdo.Header(1, "Hotel Saffron"))
    document.body.append(odfdo.Paragraph("Dear Sara,  your room\nis paid."))
    table = odfdo.Table("Guests")
    for row in (["Name", "Born", "E-mail"], ["Sara", "1980-02-01", "sara@example.org"], ["Omid", "1981-05-09", "omid@example.org"]):
        table.append_row(odfdo.Row())
        table.set_row_values(table.height - 1, row)
    document.body.append(table)
    out = io.BytesIO()
    document.save(out)
    found = read(out.getvalue())
    assert found[0][1:] == ("", "", "Hotel Saffron\nDear Sara,  your room\nis paid.")
    assert ("x", "table 1", "Name|Born|E-mail", "Sara|1980-02-01|sara@example.org") in found
    assert ("x", "table 1", "Name|Born|E-mail", "Omid|1981-05-09|omid@example.org") in found


def test_slides_are_records_with_their_notes_and_tables():
    show = pptx.Presentation()
    slide = show.slides.add_slide(show.slide_layouts[1])
    slide.shapes.title.text = "Guests of July"
    slide.placeholders[1].text = "Sara, room 12\nOmid, room 13"
    slide.notes_slide.notes_text_frame.text = "Call Sara: +44 7700 900123"
    slide = show.slides.add_slide(show.slide_layouts[5])
    cells = slide.shapes.add_table(2, 3, 0, 0, 9000, 9000).table
    for at, row in enumerate((["Name", "Born", "Phone"], ["Sara", "1980-02-01", "+447700900123"])):
        for column, text in enumerate(row):
            cells.cell(at, column).text = text
    out = io.BytesIO()
    show.save(out)
    found = [row[1:] for row in read(out.getvalue())]
    assert ("slide 1", "", "Guests of July\nSara, room 12\nOmid, room 13") in found
    assert any(place == "notes 1" and "Call Sara: +44 7700 900123" in text for place, _, text in found)
    assert ("slide 2 table 1", "Name|Born|Phone", "Sara|1980-02-01|+447700900123") in found


def test_a_damaged_document_keeps_the_text_before_the_damage():
    from amanat.scope.readers.open_document import document

    whole = document("<text:p>Dear Sara</text:p><text:p>room 12</text:p>")
    import zipfile

    members = {name: zipfile.ZipFile(io.BytesIO(whole)).read(name) for name in ("mimetype", "content.xml")}
    members["content.xml"] = members["content.xml"].replace(b"room 12", b"room <12")
    members["META-INF/manifest.xml"] = b"<manifest/>"
    assert texts(zip_of(members)) == ["Dear Sara"]
    assert "only up to the damage" in gaps(zip_of(members))[0]


def test_rtf_is_text_in_the_code_page_it_names():
    assert texts(rb"{\rtf1\ansi\ansicpg1256{\fonttbl{\f0\fcharset178 Arial;}}\f0 \'d3\'c7\'d1\'c7\par }") == ["سارا"]
    assert texts(rb"{\rtf1\ansi{\*\generator Word;}{\info{\author x}}Dear Sara,\par room\~12 is \i paid\i0 .\par}") == [
        "Dear Sara,\nroom\xa012 is paid."
    ]
    table = rb"{\rtf1\ansi \trowd Name\cell Born\cell\row \trowd Sara\cell 1980-02-01\cell\row}"
    assert "Sara|1980-02-01|" in texts(table)[0]


# RFC 6350, section 8, and RFC 2426, section 7.
RFC_6350 = b"""BEGIN:VCARD\r\nVERSION:4.0\r\nFN:Simon Perreault\r\nN:Perreault;Simon;;;ing. jr,M.Sc.\r\nBDAY:--0203\r\nGENDER:M\r\nLANG;PREF=1:fr\r
ORG;TYPE=work:Viagenie\r\nADR;TYPE=work:;Suite D2-630;2875 Laurier;\r\n Quebec;QC;G1V 2M2;Canada\r
TEL;VALUE=uri;TYPE="work,voice";PREF=1:tel:+1-418-656-9254;ext=102\r\nEMAIL;TYPE=work:simon.perreault@viagenie.ca\r\nEND:VCARD\r\n"""


def test_the_card_of_the_specification():
    assert read(RFC_6350) == [
        (
            "x",
            "",
            "full name|family name|given name|birth date|gender|lang|organisation|address|phone|email",
            "Simon Perreault|Perreault|Simon|--0203|M|fr|Viagenie|Suite D2-630, 2875 Laurier, Quebec, QC, G1V 2M2, Canada"
            "|+1-418-656-9254;ext=102|simon.perreault@viagenie.ca",
        )
    ]


def test_many_cards_are_many_records_and_photos_are_left_out():
    card = "BEGIN:VCARD\nVERSION:3.0\nFN:Guest {}\nPHOTO;ENCODING=b;TYPE=JPEG:/9j/4AAQSkZJRgABAQ\n AAAQABAAD\nEND:VCARD\n"
    data = "".join(card.format(i) for i in range(30_000)).encode()
    assert texts(data) == [f"Guest {i}" for i in range(30_000)]
    assert texts(b"BEGIN:VCARD\nFN:Sara") == ["Sara"]  # cut off


# RFC 5545, section 4, shortened by its last lines.
RFC_5545 = b"""BEGIN:VCALENDAR\r\nPRODID:-//RDU Software//NONSGML HandCal//EN\r\nVERSION:2.0\r\nBEGIN:VTIMEZONE\r\nTZID:America/New_York\r
BEGIN:STANDARD\r\nTZNAME:EST\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\nBEGIN:VEVENT\r\nDTSTAMP:19980309T231000Z\r\nUID:guid-1.example.com\r
ORGANIZER:mailto:mrbig@example.com\r\nATTENDEE;RSVP=TRUE;ROLE=REQ-PARTICIPANT;CUTYPE=GROUP:\r\n mailto:employee-A@example.com\r
DESCRIPTION:Project XYZ Review Meeting\r\nCATEGORIES:MEETING\r\nCLASS:PUBLIC\r\nSUMMARY:XYZ Project Review\r
DTSTART;TZID=America/New_York:19980312T083000\r\nLOCATION:1CP Conference Room 4350\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"""


def test_the_calendar_of_the_specification():
    assert records(RFC_5545) == [
        (
            "uid|organizer|attendee|description|categories|class|summary|dtstart|location",
            "guid-1.example.com|mrbig@example.com|employee-A@example.com|Project XYZ Review Meeting|MEETING|PUBLIC|XYZ Project Review"
            "|19980312T083000|1CP Conference Room 4350",
        )
    ]


def test_a_file_attached_to_an_event_is_read():
    import base64

    data = b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nSUMMARY:x\r\nATTACH;ENCODING=BASE64;VALUE=BINARY;X-FILENAME=guests.csv:" + base64.b64encode(TABLE)
    found = read(data + b"\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n")
    assert ("x!/guests.csv", "", "name|email", "Sara|sara@example.org") in found


# RFC 2849, example 1, 3 and 4 in part.
RFC_2849 = b"""version: 1
dn: cn=Barbara Jensen, ou=Product Development, dc=airius, dc=com
objectclass: top
cn: Barbara Jensen
description:Babs is a big sailing fan, and travels extensively in sea
 rch of perfect sailing conditions.
title:Product Manager, Rod and Reel Division

dn:: b3U95Za25qWt6YOoLG89QWlyaXVz
# dn:: ou=<JapaneseOU>,o=Airius
ou;lang-ja:: 5Za25qWt6YOo
"""


def test_the_directory_export_of_the_specification():
    assert records(RFC_2849) == [
        (
            "dn|objectclass|cn|description|title",
            "cn=Barbara Jensen, ou=Product Development, dc=airius, dc=com|top|Barbara Jensen"
            "|Babs is a big sailing fan, and travels extensively in search of perfect sailing conditions.|Product Manager, Rod and Reel Division",
        ),
        ("dn|ou", "ou=営業部,o=Airius|営業部"),
    ]


def test_xml_records_are_what_comes_again_with_labels_from_elements_and_attributes():
    dump = b"""<?xml version="1.0"?>
<mysqldump xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><database name="hotel"><table_data name="guests">
<row><field name="id">1</field><field name="e mail">sara@example.org</field><field name="left" xsi:nil="true" /></row>
<row><field name="id">2</field><field name="e mail">omid&amp;co@example.org</field></row></table_data></database></mysqldump>"""
    assert read(dump) == [
        ("x", "element database.table_data", "id|e mail", "1|sara@example.org"),
        ("x", "element database.table_data", "id|e mail", "2|omid&co@example.org"),
        ("x", "", "database.name|database.table_data.name", "hotel|guests"),
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "windows-1256", "koi8-r", "shift_jis"])
def test_xml_is_read_in_the_encoding_that_it_declares(encoding):
    name = {"windows-1256": "سارا", "koi8-r": "Саша", "shift_jis": "佐藤"}.get(encoding, "Zoë سارا")
    data = f'<?xml version="1.0" encoding="{encoding}"?><g><p><n>{name}</n></p><p><n>Omid</n></p></g>'.encode(encoding)
    assert texts(data) == [name, "Omid"]


def test_xml_that_is_not_well_formed_loses_nothing_and_says_so():
    data = b"<?xml version='1.0'?><g><p><n>Sara</n></p><p><n>Bed & Breakfast</n></p><p><n>Omid</n></p></g>"
    found = read(data)
    assert ("x", "", "n", "Sara") in found and any("Omid" in text for *_, text in found)
    assert "not well formed" in gaps(data)[0]
    assert "breaks off" in gaps(data[:40])[0]
    assert texts(b"<?xml version='1.0'?><g><p><n>caf&eacute; Sara</n></p><p><n>x</n></p></g>")[0].startswith("caf")


def test_xml_entities_are_not_resolved_and_nothing_is_fetched():
    laughs = '<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><l><p>&b;</p><p>sara@example.org</p></l>'
    assert "entities" in gaps(laughs.encode())[0] and any("sara@example.org" in text for text in texts(laughs.encode()))
    outside = b'<?xml version="1.0"?><!DOCTYPE l SYSTEM "file:///etc/passwd"><l><p><n>Sara</n></p><p><n>Omid</n></p></l>'
    assert texts(outside) == ["Sara", "Omid"]
    fetched = b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY x SYSTEM "file:///etc/passwd">]><l><p>&x;</p></l>'
    assert not any("root:" in text for text in texts(fetched)) and gaps(fetched)


def test_a_large_xml_export_is_read_in_parts():
    guests = "".join(f"<guest><name>guest {i}</name><mail>g{i}@example.org</mail></guest>\n" for i in range(80_000))
    found = texts(f"<?xml version='1.0'?>\n<guests>{guests}</guests>".encode())
    assert len(found) == 80_000 and found[-1] == "guest 79999|g79999@example.org"
