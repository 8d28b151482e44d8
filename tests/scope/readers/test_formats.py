"""What each format's records are, written out by hand; and fast ways against the obvious ones."""

import csv
import io
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from amanat.scope import ocr
from amanat.scope.encoding import encoding_of, text_of
from amanat.scope.readers import sql, table
from amanat.scope.readers.letter import docx, paragraph
from tests.scope import hostile
from tests.scope.readers.reading import READERS, read, records, texts

# --- text and encodings ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("name;city\nZoë;Orléans\n", "utf-8"),
        ("name;city\nZoë;Orléans\n", "utf-8-sig"),
        ("name;city\nZoë;Orléans\n", "cp1252"),
        ("name;city\nZoë;Orléans\n", "utf-16"),
        ("name;city\nZoë;Orléans\n", "utf-16-le"),
        ("name;city\nZoë;Orléans\n", "utf-16-be"),
        ("name;city\nZoë;Orléans\n", "utf-32"),
        ("name;city\nZoë;Orléans\n", "utf-32-be"),
        ("نام;شهر\nسارا;تهران\n", "utf-8"),
        ("نام;شهر\nسارا;تهران\n", "utf-16"),
        ("نام;شهر\nسارا;تهران\n", "utf-16-le"),
        ("نام;شهر\nسارا;تهران\n", "cp1256"),
        ("имя;email\nСаша из Москвы;sasha@example.org\n", "cp1251"),
        ("имя;email\nСаша из Москвы;sasha@example.org\n", "koi8_r"),
        ("имя;email\nСаша из Москвы;sasha@example.org\n", "cp866"),
        ("name;city\nRenée;Besançon\n", "cp850"),
        ("name;city\nRenée;Besançon\n", "mac_roman"),
        ("name;city\nŘehoř Čapek;Plzeň\n", "cp1250"),
        ("name;city\nAyşe Yıldız;İzmir\n", "cp1254"),
        ("name;city\nΜαρία;Αθήνα\n", "cp1253"),
        ("name;city\nשרה;חיפה\n", "cp1255"),
        ("name;city\nสมชาย;กรุงเทพ\n", "cp874"),
        ("name;city\n佐藤さくら;東京都港区\n", "shift_jis"),
        ("name;city\n佐藤さくら;東京都港区\n", "euc_jp"),
        ("name;city\n佐藤さくら;東京都港区\n", "iso2022_jp"),
        ("name;city\n王小明;北京市朝阳区\n", "gb18030"),
        ("name;city\n王小明;臺北市信義區\n", "big5"),
        ("name;city\n김민수;서울특별시\n", "cp949"),
        ("NAME;CITY\nSARA EXAMPLE;LYON SUR MER\n", "cp500"),
    ],
)
def test_tables_in_many_encodings_read_the_same(text, encoding):
    header, row = text.replace(";", "|").splitlines()
    assert records(text.encode(encoding)) == [(header, row)]


def test_a_line_in_another_encoding_than_the_rest_is_not_lost():
    data = ("Zoë from Orléans\n" * 3000).encode() + "Zoë from Orléans\n".encode("cp1252") + "last é\n".encode()
    assert text_of(data).count("Zoë from Orléans") == 3001


def test_zero_bytes_at_the_end_of_lines_do_not_hide_a_table():
    assert records(b"name,email\0\nSara,sara@example.org\0\nOmid,omid@example.org\0\n") == [
        ("name|email", "Sara|sara@example.org "),
        ("name|email", "Omid|omid@example.org "),
    ]


def test_bytes_that_are_no_text_have_no_encoding():
    assert encoding_of(bytes(range(256))) is None
    assert encoding_of(bytes(100)) is None


def test_password_lists_and_logs_go_line_by_line():
    assert records(b"sara@example.org:x1\nomid@example.org:y2\n\n") == [("", "sara@example.org:x1"), ("", "omid@example.org:y2")]
    log = b"2026-03-06 18:00:01 GET /a, b, c\n\n2026-03-06 18:00:02 GET /b\n"
    assert records(log) == [("", "2026-03-06 18:00:01 GET /a, b, c"), ("", "2026-03-06 18:00:02 GET /b")]


def test_addresses_and_passwords_go_line_by_line_whatever_mark_parts_them():
    assert records(b"sara@example.org;Qwertz1895_\nomid@example.org;letmein26#\nlea@example.org;sunshine4\n") == [
        ("", "sara@example.org;Qwertz1895_"),
        ("", "omid@example.org;letmein26#"),
        ("", "lea@example.org;sunshine4"),
    ]
    assert records(b"sara@example.org,Qwertz1895_\nomid@example.org,letmein26#\n", "x.csv") == [
        ("", "sara@example.org:Qwertz1895_"),
        ("", "omid@example.org:letmein26#"),
    ]
    digests = ("5baa61e4c9b93f3f0682250b6cf8331b7ee68fd8", "7c4a8d09ca3762af61e59520943dc26494f8941b")
    assert records(f"sara@example.org;{digests[0]}\nomid@example.org;{digests[1]}\n".encode())[1] == ("", f"omid@example.org;{digests[1]}")


@pytest.mark.parametrize(
    "beside",
    [
        ("KL010000049", "KL010000091", "KL010000161"),  # customer numbers
        ("Sara", "Jean-Luc", "O'Brien"),
        ("33199000000", "4420794600", "199000000"),  # telephones
        ("a3f9c2d17b6e4f80", "0b7d92e1c4a56f38", "9e81d0c37f2b4a65"),  # tokens
        ("Lyon 3", "Paris 11", "Tabriz 5"),
        ("omid@example.net", "lea2@example.net", "sara99@example.net"),
    ],
)
def test_what_else_stands_beside_addresses_stays_a_table(beside):
    rows = "".join(f"guest{'abc'[i]}@example.org;{value}\n" for i, value in enumerate(beside))
    assert [text for _, text in records(rows.encode())] == [f"guest{'abc'[i]}@example.org|{value}" for i, value in enumerate(beside)]


def test_a_letter_is_one_record_and_a_list_of_forms_one_for_each():
    letter = "Dear Sara,\n\nyour passport is X123.\n\nOmid\n"
    assert records(letter.encode()) == [("", letter.strip())]
    forms = b"Name: Sara\nBorn: 1980-02-01\n\nName: Omid\nBorn: 1981-05-09\n"
    assert records(forms) == [("", "Name: Sara\nBorn: 1980-02-01"), ("", "Name: Omid\nBorn: 1981-05-09")]


# --- tables ----------------------------------------------------------------------------------------------------------------


def test_titles_above_the_header_are_text_and_a_table_without_header_has_no_labels():
    assert records(b"Guests of July\n\nname,email,room\nSara,sara@example.org,12\n") == [
        ("", "Guests of July"),
        ("name|email|room", "Sara|sara@example.org|12"),
    ]
    assert records(b"Sara,sara@example.org,12\nOmid,omid@example.org,13\n") == [("", "Sara|sara@example.org|12"), ("", "Omid|omid@example.org|13")]


def test_quoted_fields_keep_delimiters_quotes_and_line_ends():
    data = b'name;note\n"Neil; Sara";"said ""hello"""\n"Omid";"two\r\nlines"\n'
    assert records(data) == [("name|note", 'Neil; Sara|said "hello"'), ("name|note", "Omid|two\nlines")]


def test_a_field_separator_inside_a_value_cannot_forge_a_field():
    assert records(b"name,email\nSa\x1fra,sara@example.org\n") == [("name|email", "Sa ra|sara@example.org")]
    assert records(b'{"name": "Sa\\u001fra", "n": "\\ud800"}\n{"name": "b", "n": "c"}\n') == [("name|n", "Sa ra|?"), ("name|n", "b|c")]


def test_an_unclosed_quote_does_not_swallow_the_rows_behind_it():
    rows = "".join(f"guest{i},guest{i}@example.org\n" for i in range(2000))
    found = records(f'name,email\n"Sara,sara@example.org\n{rows}'.encode())
    assert ("name|email", "guest1999|guest1999@example.org") in found


CELL = st.text(st.sampled_from('ab 1é,;"\n\tن'), max_size=6)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.lists(CELL, min_size=2, max_size=4), min_size=1, max_size=8), st.sampled_from(",;\t"), st.booleans())
def test_the_fast_table_reads_like_the_csv_module(rows, delimiter, is_all_quoted):
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator="\n", quoting=csv.QUOTE_ALL if is_all_quoted else csv.QUOTE_MINIMAL).writerows(rows)
    dialect = table.Dialect(delimiter)
    text = out.getvalue()
    assert table.fast(text.encode(), dialect).to_pylist() == table.slow(dialect.rows(text)).to_pylist()


@settings(max_examples=300, deadline=None)
@given(st.text(st.sampled_from('ab,"\n'), min_size=1, max_size=40))
def test_the_fast_table_reads_like_the_csv_module_whatever_stands_in_it(text):
    dialect = table.Dialect(",")
    assert table.fast(text.encode(), dialect).to_pylist() == table.slow(dialect.rows(text)).to_pylist()


# --- JSON --------------------------------------------------------------------------------------------------------------------


def test_a_name_that_stands_twice_in_a_json_object_keeps_both_values():
    assert records(b'{"id": 1, "mail": "sara@example.org", "mail": "omid@example.org"}\n{"id": 2}\n') == [
        ("id|mail.0|mail.1", "1|sara@example.org|omid@example.org"),
        ("id", "2"),
    ]


def test_json_lines_are_records_with_dotted_labels_and_numbers_as_written():
    data = b'{"id": 1.10, "guest": {"name": "Sara", "phones": ["1", "2"]}, "vip": true, "left": null}\nnot json\n{"id": 2}\n'
    assert records(data) == [("id|guest.name|guest.phones.0|guest.phones.1|vip|left", "1.10|Sara|1|2|true|"), ("", "not json"), ("id", "2")]


def test_the_main_list_of_a_document_gives_the_records():
    data = b'{"made": "2026-03-06", "hotel": {"guests": [{"name": "Sara"},\n {"name": "Omid"}]}, "n": 2}'
    assert read(data) == [
        ("x", "list hotel.guests", "name", "Sara"),
        ("x", "list hotel.guests", "name", "Omid"),
        ("x", "", "made|n", "2026-03-06|2"),
    ]


def test_a_json_document_larger_than_the_window_reads_to_its_end():
    guests = [{"name": f"guest {i}", "email": f"g{i}@example.org"} for i in range(100_000)]
    for data in (json.dumps(guests), json.dumps({"a": 1, "guests": guests}, indent=1)):
        found = records(data.encode())
        assert sum(labels == "name|email" for labels, _ in found) == 100_000
        assert ("name|email", "guest 99999|g99999@example.org") in found


def test_a_cut_off_json_document_keeps_what_came_before_and_says_so():
    data = json.dumps([{"name": f"guest {i}"} for i in range(1000)]).encode()[:-5]
    found = read(data)
    assert ("x", "", "name", "guest 998") in found
    assert any(place == "GAP" for _, place, _, _ in found)


def test_deep_nesting_is_no_crash():
    found = read(b"[" * 100_000)
    assert found
    found = read(b'{"a":' * 5000 + b"1" + b"}" * 5000)
    assert found


# --- SQL ---------------------------------------------------------------------------------------------------------------------

SQL_SERVER = """USE [Hotel]
GO
CREATE TABLE [dbo].[Guests](
\t[GuestID] [int] IDENTITY(1,1) NOT NULL,
\t[FullName] [nvarchar](80) NULL,
 CONSTRAINT [PK_Guests] PRIMARY KEY CLUSTERED ([GuestID] ASC) WITH (PAD_INDEX = OFF) ON [PRIMARY]
) ON [PRIMARY]
GO
SET IDENTITY_INSERT [dbo].[Guests] ON
GO
INSERT [dbo].[Guests] ([GuestID], [FullName], [Born]) VALUES (1, N'Sara O''Neil', CAST(N'1980-02-01' AS Date))
GO
INSERT [dbo].[Guests] ([GuestID], [FullName], [Born]) VALUES (2, N'سارا \\ (x);', CAST(N'1981-05-09T00:00:00.000' AS DateTime))
INSERT [dbo].[Guests] ([GuestID], [FullName], [Born]) VALUES (3, NULL, NULL)
INSERT [dbo].[Rooms] ([No]) VALUES (12)
GO
"""


def test_sql_server_scripts_are_read_though_no_statement_is_ended():
    for encoding in ("utf-8", "utf-16"):
        assert [row[1:] for row in read(SQL_SERVER.encode(encoding)) if row[1]] == [
            ("table Guests", "GuestID|FullName|Born", "1|Sara O'Neil|1980-02-01"),
            ("table Guests", "GuestID|FullName|Born", "2|سارا \\ (x);|1981-05-09T00:00:00.000"),
            ("table Guests", "GuestID|FullName|Born", "3||"),
            ("table Rooms", "No", "12"),
        ]


ORACLE = b"""REM INSERTING into HOTEL.GUESTS
SET DEFINE OFF;
Insert into HOTEL.GUESTS (ID,NAME,BORN,NOTE) values (1,'Sara O''Neil',to_date('01-02-80','DD-MM-RR'),null);
Insert into HOTEL.GUESTS (ID,NAME,BORN,NOTE) values (2,'Omid',to_timestamp('1981-05-09 00:00:00','YYYY-MM-DD HH24:MI:SS'),'a'||chr(10)||'b');
INSERT ALL
  INTO GUESTS (ID, NAME) VALUES (3, 'Zoe')
  INTO GUESTS (ID, NAME) VALUES (4, 'Ali')
SELECT * FROM dual;
"""


def test_oracle_scripts_give_the_values_inside_functions_and_every_row_of_insert_all():
    assert [row[1:] for row in read(ORACLE) if row[1]] == [
        ("table GUESTS", "ID|NAME|BORN|NOTE", "1|Sara O'Neil|01-02-80|"),
        ("table GUESTS", "ID|NAME|BORN|NOTE", "2|Omid|1981-05-09 00:00:00|a b"),
        ("table GUESTS", "ID|NAME", "3|Zoe"),
        ("table GUESTS", "ID|NAME", "4|Ali"),
    ]


def test_a_large_sql_server_script_loses_no_row_where_two_blocks_meet():
    rows = "".join(f"INSERT [dbo].[Guests] ([ID], [Mail]) VALUES ({i}, N'guest{i}@example.org')\n" for i in range(60_000))
    found = [text for place, text in ((r[1], r[3]) for r in read(f"GO\n{rows}".encode())) if place]
    assert found == [f"{i}|guest{i}@example.org" for i in range(60_000)]


MYSQL = rb"""-- MySQL dump 10.13
/*!40101 SET NAMES utf8mb4 */;
DROP TABLE IF EXISTS `guests`;
CREATE TABLE `guests` (
  `id` int(11) NOT NULL AUTO_INCREMENT,
  `full name` varchar(80) DEFAULT 'x,(y',
  `price` decimal(10,2),
  `secret` varbinary(80),
  PRIMARY KEY (`id`),
  UNIQUE KEY `mail` (`full name`)
) ENGINE=InnoDB;
INSERT INTO `guests` VALUES (1,'O\'Neil; (Sara)',1.50,NULL),(2,'a\\','-2',_binary 'abc'),(3,'line\nend',NULL,0x7365637265740a),
(4,'','NULL',x'41');
INSERT IGNORE INTO `db`.`other` (`a`, b) VALUES ('it''s','x');
UPDATE guests SET secret='y' WHERE id=1;
"""


def test_mysql_rows_take_their_columns_from_the_table_or_the_statement():
    labels = "id|full name|price|secret"
    assert [r[1:] for r in read(MYSQL) if r[1]] == [
        ("table guests", labels, "1|O'Neil; (Sara)|1.50|"),
        ("table guests", labels, "2|a\\|-2|abc"),
        ("table guests", labels, "3|line\nend||secret\n"),
        ("table guests", labels, "4||NULL|A"),
        ("table other", "a|b", "it's|x"),
    ]
    assert ("", "UPDATE guests SET secret='y' WHERE id=1;") in records(MYSQL)


def test_postgres_copy_and_inserts():
    data = (
        b'-- PostgreSQL database dump\nCOPY public.guests (id, "full name") FROM stdin;\n1\tSara\\tB\n2\t\\N\n3\ta\\\\b\n\\.\n\n'
        b"INSERT INTO public.rooms (id, note) VALUES (1, 'C:\\temp');\nINSERT INTO public.rooms (id, note) VALUES (2, NULL);\n"
    )
    assert [r[1:] for r in read(data) if r[1]] == [
        ("table guests", "id|full name", "1|Sara\tB"),
        ("table guests", "id|full name", "2|"),
        ("table guests", "id|full name", "3|a\\b"),
        ("table rooms", "id|note", "1|C:\\temp"),
        ("table rooms", "id|note", "2|"),
    ]


def test_bytes_in_a_postgres_dump_are_text_where_they_are():
    data = b"COPY guests (id, email, photo) FROM stdin;\n1\t\\\\x736172614065786d706c652e6f7267\t\\\\xffd8ffe0\n2\t\\\\x\t\\\\xzz\n\\.\n"
    assert [r[3] for r in read(data) if r[1]] == ["1|sara@exmple.org|\\xffd8ffe0", "2|\\x|\\xzz"]


def test_a_dump_of_many_blocks_loses_no_row():
    head = b"CREATE TABLE g (id int, name text);\nINSERT INTO g VALUES "
    rows = [f"({i},'guest ({i}); it''s {i}')" for i in range(200_000)]
    found = records(head + ",\n".join(rows).encode() + b";\n")
    assert len(found) == 200_000 and found[-1] == ("id|name", "199999|guest (199999); it's 199999")
    found = records(b"\n".join(b"INSERT INTO g (id,name) VALUES " + row.encode() + b";" for row in rows))
    assert len(found) == 200_000 and found[123_456] == ("id|name", "123456|guest (123456); it's 123456")


@settings(max_examples=300, deadline=None)
@given(
    st.lists(
        st.lists(st.one_of(st.none(), st.integers(), st.text(st.sampled_from("ab '\\;(),\n%_é0nN"), max_size=8)), min_size=1, max_size=4),
        min_size=1,
        max_size=6,
    )
)
def test_fast_insert_rows_read_like_the_slow_ones(rows):
    def literal(value):
        if value is None:
            return "NULL"
        if isinstance(value, int):
            return str(value)
        return "'" + value.replace("\\", "\\\\").replace("'", "\\'").replace("\n", "\\n") + "'"

    text = ",".join("(" + ",".join(map(literal, row)) + ")" for row in rows)
    found, _, is_over = sql.insert_rows(text.encode() + b";", is_escaped=True)
    wanted = ["\x1f".join("" if v is None else str(v) for v in row) for row in rows]
    assert is_over
    assert found.to_pylist() == [w for w in wanted if w]
    assert ["\x1f".join(row) for row in sql.slow(text, True)] == [w for row, w in zip(rows, wanted, strict=True) if any(row) or 0 in row]


# --- documents and mail --------------------------------------------------------------------------------------------------------


def test_a_document_gives_its_text_its_tables_and_its_edges():
    cells = "".join(f"<w:tc>{paragraph(cell)}</w:tc>" for cell in ("Name", "Born"))
    more = "".join(f"<w:tc>{paragraph(cell)}</w:tc>" for cell in ("Sara", "1980-02-01"))
    data = docx(paragraph("Dear Sara,") + f"<w:tbl><w:tr>{cells}</w:tr><w:tr>{more}</w:tr></w:tbl>" + paragraph("Omid"), footer1=paragraph("page 1"))
    assert [r[1:] for r in read(data)] == [
        ("", "", "Dear Sara,\nOmid"),
        ("table 1", "Name|Born", "Sara|1980-02-01"),
        ("footer", "", "page 1"),
    ]


def test_sheets_give_iso_dates_and_whole_numbers():
    assert [r[1:] for r in read(READERS["sheets"].examples()[0])] == [
        ("sheet Guests", "", "Guests of July"),
        ("sheet Guests", "Name|Born|Phone", "Sara|1980-02-01|447700900123"),
        ("sheet Guests", "Name|Born|Phone", "Omid|1981-05-09|447700900456"),
    ]


def test_a_page_that_is_only_a_picture_is_a_gap_and_the_others_are_read():
    why = "no text was found in it" if ocr.is_there() else "Tesseract, which reads text in pictures, is not installed"
    assert read(READERS["pdf"].examples()[1]) == [
        ("x", "GAP", "", f"Page 2 has only a picture; {why}."),
        ("x", "page 1", "", "First page"),
    ]


def test_a_mail_gives_its_fields_and_its_attachments_are_files():
    assert read(READERS["mail"].examples()[0], "a.eml") == [
        ("a.eml!/guests.csv", "", "name|email", "Omid|omid@example.org"),
        ("a.eml", "", "from|to|subject|body", "Hotel <desk@example.org>|سارا <sara@example.org>|Room|Dear Sara"),
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252"])
def test_names_above_a_mail_are_read_as_they_were_typed_without_being_encoded(encoding):
    mail = "From: Larissa Leão <larissa@example.org>\nTo: =?utf-8?b?2LPYp9ix2Kc=?= Müller <sara@example.org>\nSubject: Room\n\nHello\n"
    assert records(mail.encode(encoding), "a.eml") == [
        ("from|to|subject|body", "Larissa Leão <larissa@example.org>|سارا Müller <sara@example.org>|Room|Hello")
    ]


def test_an_mbox_of_many_messages_gives_each_once():
    one = "From desk@example.org Fri Mar  6 18:00:00 2026\nFrom: desk@example.org\nTo: g{0}@example.org\nSubject: {0}\n\nFrom here on\n\n"
    found = read("".join(one.format(i) for i in range(30_000)).encode())
    assert len(found) == 30_000
    assert found[-1] == ("x", "message 30000", "from|to|subject|body", "desk@example.org|g29999@example.org|29999|From here on")


def test_two_members_of_one_name_stay_two():
    import zipfile

    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive, pytest.warns(UserWarning):
        archive.writestr("a.csv", hostile.TABLE)
        archive.writestr("a.csv", hostile.TABLE)
    assert {path for path, _, _, _ in read(out.getvalue())} == {"x!/a.csv", "x!/a.csv (2)"}


def test_what_was_packed_before_a_damage_is_read():
    import gzip
    import random

    random.seed(5)
    table = b"name,email\n" + b"".join(b"g%d,%d@example.org\n" % (i, random.getrandbits(60)) for i in range(100))
    found = read(gzip.compress(table)[:-200], "guests.csv.gz")
    assert ("guests.csv.gz!/guests.csv", "name|email") in {(path, labels) for path, _, labels, _ in found}
    assert any(place == "GAP" and "breaks off" in reason for _, place, _, reason in found)


def test_a_cut_off_dump_says_so_and_keeps_its_last_row_as_text():
    found = read(b"CREATE TABLE g (id int, mail text);\nINSERT INTO g VALUES (1,'sara@example.org'),(2,'omid@exam")
    assert [r[1:] for r in found if r[1] != "GAP"] == [("table g", "id|mail", "1|sara@example.org"), ("", "", ",(2,'omid@exam")]
    assert any(place == "GAP" for _, place, _, _ in found)


def test_names_and_values_side_by_side_belong_to_the_letter_above():
    def row(*cells):
        return "<w:tr>" + "".join(f"<w:tc>{paragraph(cell)}</w:tc>" for cell in cells) + "</w:tr>"

    data = docx(paragraph("Dear Sara,") + "<w:tbl>" + row("Reference", "KV-000001") + row("Passport", "X1234567") + "</w:tbl>")
    assert records(data) == [("", "Dear Sara,\nReference: KV-000001\nPassport: X1234567")]


def test_notes_with_commas_are_no_table():
    notes = "* room 114: Sara, sara@example.org, passport no. X1, late\n* room 115: Omid, omid@example.org, passport no. X2, early\n" * 3
    assert {labels for labels, _ in records(notes.encode())} == {""} and "\x1f" not in records(notes.encode())[0][1]
    assert "|" not in records(notes.encode())[0][1]


def test_notes_about_many_persons_go_line_by_line_even_between_paragraphs():
    notes = "Hand-over notes\n\n* room 1: Sara, passport X1\n\n* room 2: Omid, passport X2\n* room 3: Zoë, passport X3\n"
    assert [text for _, text in records(notes.encode())] == [
        "Hand-over notes",
        "* room 1: Sara, passport X1",
        "* room 2: Omid, passport X2",
        "* room 3: Zoë, passport X3",
    ]


@pytest.mark.parametrize("share", [0.2, 0.5, 0.9, 0.99])
def test_a_workbook_that_breaks_off_is_a_gap_and_never_silence(share):
    whole = READERS["sheets"].examples()[0]
    found = read(whole[: int(len(whole) * share)], "guests.xlsx")
    gaps = [reason for path, place, _, reason in found if place == "GAP"]
    assert gaps and all(path.startswith("guests.xlsx") for path, *_ in found)


def test_address_labels_are_read_label_by_label_and_a_letter_is_not_cut():
    labels = "Sara Ahmadi\n12 rue des Lilas\n75001 Paris\n\n"
    labels += "محمدرضا کریمی\nخیابان گلستان، پلاک ۱۰۰\nتبریز\n\nMegan Palmer\n67 Kiln Lane\nBristol BS7 7FG\n\nAna Lima\nRua do Sol 3\n"
    letter = "Sara Ahmadi\n12 rue des Lilas\n75001 Paris\n\nDear Ms Ahmadi,\n\nyour room 12 is paid.\n\nKind regards,\nTom\n"

    assert [text.split("\n")[0] for text in texts(labels.encode())] == ["Sara Ahmadi", "محمدرضا کریمی", "Megan Palmer", "Ana Lima"]
    assert texts(letter.encode()) == [letter.strip()]
