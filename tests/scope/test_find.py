"""From stolen files and a register to exposures: who is found, with what, and how surely."""

from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from amanat import scope
from amanat.lib.errors import Fixable
from amanat.terms.exposure import EXPOSURES
from amanat.terms.finding import FINDINGS

NOW = date(2026, 11, 22)

KEY = bytes(range(32))
REGISTER = """person_id,name,email,phone,address,residence,language,birth_date,national_id,iban,card,loyalty_id,minor
P-1,Sara Ahmadi,sara@example.org,+33 1 99 00 12 34,"12 rue des Lilas, 75001 Paris",FR,fr,1985-03-12,,,4111111111111111,KL010000001,false
P-2,Marc Petit,marc@example.org,+33 1 99 00 56 78,"3 rue du Port, 33000 Bordeaux",FR,fr,1970-07-01,255081416802538,,,,false
P-3,Lena Petit,marc@example.org,+33 1 99 00 56 78,"3 rue du Port, 33000 Bordeaux",FR,fr,2012-05-05,,,,,true
P-4,علی کریمی,ali@example.com,+98 912 345 6789,"تهران، خیابان ولیعصر ۱۲",IR,fa,1985-03-12,0499370899,,,,false
P-5,John Smith,john@example.net,(415) 555-0132,"1 Main Street, Springfield",US-CA,en,1990-12-31,078-05-1129,,,,false
"""


@pytest.fixture
def find(tmp_path):
    def run(files: dict[str, str], *, register: str | None = REGISTER, **options):
        home = tmp_path / "files"
        for name, text in files.items():
            (home / name).parent.mkdir(parents=True, exist_ok=True)
            (home / name).write_text(text, encoding="utf-8")
        path = None
        if register is not None:
            path = tmp_path / "register.csv"
            path.write_text(register, encoding="utf-8")
        found = scope.find_exposures([home], path, out=tmp_path / "out", key=KEY, now=NOW, workers=1, **options)
        return {row["person_id"]: row for row in found.exposures.to_pylist()}, found

    return run


def test_everything_in_a_row_belongs_to_the_person_of_the_row(find):
    people, found = find({"guests.csv": "mail,dob,password\nsara@example.org,12/03/1985,hunter2hunter\n"})
    assert people["P-1"]["state"] == "sure"
    assert set(people["P-1"]["kinds"]) == {"email", "dob", "password", "online_credentials"}
    assert people["P-1"]["residence"] == "FR" and people["P-1"]["language"] == "fr" and people["P-1"]["minor"] is False
    assert list(people) == ["P-1"]
    assert found.exposures.schema == EXPOSURES and found.n_records == 1


def test_spellings_of_a_telephone_are_one_number(find):
    for text in ("Tel. 01 99 00 12 34", "+33199001234", "0033 (0)1.99.00.12.34", "téléphone : ۰۱۹۹۰۰۱۲۳۴"):
        people, _ = find({"note.txt": text})
        assert [p["state"] for p in people.values()] == ["sure"], text
        assert list(people) == ["P-1"]


@pytest.mark.parametrize(
    ("text", "person"),
    [
        ("From sara@example.org: my parcel did not come. Please send it to 12 rue des Lilas, 75001 Paris. Thank you.", "P-1"),
        ("sara@example.org habite toujours au 12, rue des Lilas à 75001 Paris, dit-elle.", None),  # a word stands between
        ("Write to sara@example.org, 75001 PARIS, 12 Rue des Lilas, before noon.", "P-1"),
        ("Lieber Herr, sara@example.org wohnt 12 rue des Lilas - 75001 Paris", "P-1"),
        ("ایمیل من ali@example.com است و بسته را به تهران، خیابان ولیعصر ۱۲ بفرستید.", "P-4"),
        ("sara@example.org asked for the way to 3 rue du Port, 33000 Bordeaux, and we told her.", None),  # where others live
    ],
)
def test_the_address_of_a_known_person_is_found_in_the_middle_of_a_sentence(find, text, person):
    people, _ = find({"note.txt": text})
    assert [who for who, row in people.items() if "address" in row["kinds"]] == ([person] if person else [])


def test_an_address_in_the_body_of_a_mail_is_the_writers_and_its_place_is_told(find):
    mail = (
        "From: Sara <sara@example.org>\nTo: help@example.com\nSubject: Zoë\n\nHéllo,\n\nplease send it to 12 rue des Lilas,\n75001 Paris.\n"
        + "Hm. " * 30
    )
    people, _ = find({"a.eml": mail})
    assert "address" in people["P-1"]["kinds"]


def test_a_persian_note_finds_its_person(find):
    people, _ = find({"note.txt": "آقای علي كريمي، متولد ۱۳۶۳/۱۲/۲۱، کد ملی ۰۴۹۹۳۷۰۸۹۹"})
    assert people["P-4"]["state"] == "sure"
    assert {"national_id", "dob", "name"} <= set(people["P-4"]["kinds"])


def test_a_key_that_two_persons_share_is_settled_by_the_name_beside_it(find):
    people, _ = find({"a.csv": "email,name,dob\nmarc@example.org,Lena Petit,2012-05-05\n"})
    assert people["P-3"]["state"] == "sure" and "P-2" not in people


def test_a_shared_key_alone_makes_both_a_matter_of_review(find):
    people, _ = find({"a.txt": "please call marc@example.org"})
    assert {p: row["state"] for p, row in people.items()} == {"P-2": "review", "P-3": "review"}


def test_name_and_birth_date_together_are_enough(find):
    people, _ = find({"a.csv": "first_name,last_name,date_of_birth\nJohn,SMITH,1990-12-31\n"})
    assert people["P-5"]["state"] == "sure"


def test_a_name_alone_is_for_review(find):
    people, _ = find({"a.csv": "full name,room\nSmith John,12\n"})
    assert people["P-5"]["state"] == "review"


def test_persons_who_are_not_in_the_register_are_outsiders_and_stay_one_person(find):
    people, _ = find({"a.csv": "email,phone\nzoe@example.org,+33 1 99 00 99 99\n", "b.txt": "zoe@example.org", "c.txt": "tel +33199009999"})
    (outsider,) = people.values()
    assert outsider["state"] == "outsider" and outsider["person_id"].startswith("out-") and len(outsider["person_id"]) == 16
    assert set(outsider["kinds"]) == {"email", "phone"} and outsider["residence"] is None


def test_who_is_known_only_by_name_and_birth_date_is_an_outsider_too_and_one_person(find):
    people, _ = find(
        {
            "a.csv": "name,date of birth,password\nZoé Brandt,1981-02-03,hunter2hunter\nNobody Known,,x1y2z3abc\n",
            "b.csv": "first name,last name,date of birth,email\nZoe,BRANDT,03/02/1981,zoe@example.org\n",
            "c.txt": "write to zoe@example.org",
        }
    )
    (outsider,) = people.values()
    assert outsider["state"] == "outsider" and outsider["n_records"] == 3
    assert set(outsider["kinds"]) == {"name", "dob", "email", "password"}


def test_the_company_itself_is_nobody(find):
    people, _ = find({"a.txt": "From: reservations@desk.hotel.example\nTo: sara@example.org"}, own_domains=["hotel.example"])
    assert list(people) == ["P-1"]


def test_without_a_register_everybody_is_an_outsider_and_a_note_says_so(find):
    people, found = find({"a.csv": "email\nsara@example.org\nmarc@example.org\n"}, register=None)
    assert [p["state"] for p in people.values()] == ["outsider", "outsider"]
    assert any("no register" in note for note in found.notes)


def test_findings_hold_places_and_hashes_and_no_values(find, tmp_path):
    import pyarrow.parquet as pq

    find({"a.csv": "email,password\nsara@example.org,hunter2hunter\n"})
    findings = pq.read_table(tmp_path / "out" / "findings.parquet")
    assert findings.schema.equals(FINDINGS)
    assert set(findings.column("identifier").to_pylist()) == {"email", "password"}
    for file in (file for file in (tmp_path / "out").rglob("*") if file.is_file()):
        content = file.read_bytes()
        assert b"sara@example.org" not in content and b"hunter2hunter" not in content


def test_one_more_file_never_removes_a_person_and_order_does_not_matter(find):
    few, _ = find({"a.csv": "email\nsara@example.org\n", "b.txt": "john@example.net"})
    more, _ = find({"0.txt": "Lena Petit, marc@example.org and zoe@example.com"})
    assert set(few) <= set(more)


def test_two_rows_with_one_number_are_refused_with_their_rows(find):
    with pytest.raises(Fixable, match="rows 2 and 4"):
        find({"a.txt": "x"}, register="person_id,email\n7,a@example.org\n8,b@example.org\n7,c@example.org\n")


def test_a_register_that_names_nobody_is_refused_with_its_columns(find):
    with pytest.raises(Fixable, match="'colour'"):
        find({"a.txt": "x"}, register="colour,size\nred,1\n")
    with pytest.raises(Fixable, match="recognised"):
        find({"a.txt": "x"}, register="person_id,name\n1,Sara\n")


@pytest.mark.parametrize(
    "register",
    [
        "P-1,Sara Ahmadi,sara@example.org\nP-2,Marc Petit,marc@example.org\n",
        "7,+33 1 99 00 12 34,Sara\n8,+33 1 99 00 56 78,Marc\n",
        "7;Sara;1985-03-12\n8;Marc;1970-07-01\n",
    ],
)
def test_a_register_without_names_of_columns_is_refused_and_nobody_in_it_is_shown(find, register):
    with pytest.raises(Fixable, match="looks like a person's row") as refused:
        find({"a.txt": "x"}, register=register)
    assert not any(word in str(refused.value) for word in ("Sara", "sara", "99 00", "1985"))


def test_columns_of_the_same_name_and_without_a_name_are_read(find):
    register = "person_id,email,email,,\n1,a@example.org,b@example.org,,\n2,c@example.org,,x,y\n"
    people, _ = find({"a.txt": "b@example.org", "c.txt": "c@example.org"}, register=register)
    assert {person: row["state"] for person, row in people.items()} == {"1": "sure", "2": "sure"}


def test_a_register_of_nobody_is_refused(find):
    for register in ("person_id,email\n", "\n", "person_id,email,name\n1,a@example.org\n"):
        with pytest.raises(Fixable, match=r"holds no person|cannot be read as a table"):
            find({"a.txt": "x"}, register=register)


def test_a_register_with_tables_in_its_cells_is_refused_by_the_name_of_the_column(tmp_path):
    path = tmp_path / "register.parquet"
    pq.write_table(pa.table({"person_id": ["1"], "email": [{"home": "a@example.org"}], "phone": ["+33199001234"], "more": [{"x": 1}]}), path)
    (tmp_path / "a.txt").write_text("x")
    with pytest.raises(Fixable, match="column 'email'") as refused:
        scope.find_exposures([tmp_path / "a.txt"], path, out=tmp_path / "out", key=KEY, now=NOW, workers=1)
    assert "example.org" not in str(refused.value)


def test_a_country_nobody_knows_is_unknown_and_said(find):
    people, found = find({"a.txt": "a@example.org"}, register="person_id,email,country\n1,a@example.org,Narnia\n")
    assert people["1"]["residence"] is None
    assert any("place that we do not know" in note and "Narnia" not in note for note in found.notes)


def test_a_register_in_another_spelling_is_understood(find, tmp_path):
    register = "Kundennummer;Nachname;Vorname;E-Mail;Geburtsdatum;Land\n77;Großmüller;Zoë;zoe@example.org;12.03.1985;Deutschland\n"
    people, _ = find({"a.csv": "name,born on\nZoe Grossmuller,1985-03-12\n"}, register=register)
    assert people["77"]["state"] == "sure" and people["77"]["residence"] == "DE"
    assert 'birth_date = ["Geburtsdatum"]' in (tmp_path / "out" / "register.toml").read_text()


def test_contacts_are_read_for_the_persons_asked_for(tmp_path):
    path = tmp_path / "register.csv"
    path.write_text(REGISTER, encoding="utf-8")
    (contact,) = scope.read_contacts(path, pa.array(["P-3"]))
    assert contact.person_id == "P-3" and contact.minor is True and contact.residence == "FR"
    assert contact.name.reveal(why="test") == "Lena Petit"
    assert "Lena" not in repr(contact)
    assert len(list(scope.read_contacts(path, None))) == 5


def test_who_is_within_reach_is_added_and_content_stays_content(find, tmp_path):
    folder = tmp_path / "access"
    (folder / "lists").mkdir(parents=True)
    (folder / "tables.csv").write_text("table,reached,kinds,persons\ncrm,accessible,email;phone,lists/a.csv\n")
    (folder / "accounts.csv").write_text("account,kind,reached,kinds,persons\ndesk,mailbox,accessed,communications,lists/b.csv\n")
    (folder / "lists" / "a.csv").write_text("person_id\nP-1\nP-5\n")
    (folder / "lists" / "b.csv").write_text("email\nali@example.com\nzoe@example.com\n")
    people, _ = find({"a.txt": "sara@example.org"}, access=folder)
    assert people["P-1"]["basis"] == "content" and set(people["P-1"]["kinds"]) == {"email", "phone"}
    assert people["P-5"]["basis"] == "access" and people["P-5"]["belief"] == pytest.approx(0.4)
    assert people["P-4"]["kinds"] == ["communications"] and people["P-4"]["belief"] == pytest.approx(0.8)
    assert [p["state"] for p in people.values() if p["person_id"].startswith("out-")] == ["outsider"]


def test_an_access_folder_with_a_typing_mistake_says_where(find, tmp_path):
    folder = tmp_path / "access"
    folder.mkdir()
    (folder / "tables.csv").write_text("table,reached,kinds,persons\ncrm,acessed,email,a.csv\n")
    with pytest.raises(Fixable, match=r"tables\.csv, row 2.*accessed"):
        find({"a.txt": "x"}, access=Path(folder))
