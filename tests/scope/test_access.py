"""Scope by access: who was within reach, as stores, accounts and logs tell it."""

import gzip
import json
from datetime import datetime, timezone

import pyarrow.parquet as pq
import pytest

from amanat import scope
from amanat.lib.errors import Fixable
from amanat.scope.acts import read_acts
from amanat.scope.reach import kinds_of_columns

NOW = datetime(2026, 11, 22, tzinfo=timezone.utc)
KEY = bytes(range(32))
REGISTER = "person_id,name,email,residence,language\n" + "".join(
    f"KH-000000{i:02},Ana Person{i:02},ana{i:02}@example.org,FR,fr\n" for i in range(1, 13)
)
INTRUDER = '[intruder]\naccounts = ["svc-backup"]\naddresses = ["203.0.113.7"]\nsince = 2026-11-08T00:00:00Z\nuntil = 2026-11-09T00:00:00Z\n'
GUESTS = '[[store]]\nname = "public.guests"\nkinds = ["name", "email"]\npersons = "guests.csv"\naccounts = ["svc-backup"]\n'


@pytest.fixture
def find(tmp_path):
    def run(files: dict[str, str | bytes], stolen: str = ""):
        folder = tmp_path / "access"
        for name, text in files.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(text if isinstance(text, bytes) else text.encode())
        (tmp_path / "register.csv").write_text(REGISTER, encoding="utf-8")
        paths = []
        if stolen:
            (tmp_path / "stolen.csv").write_text(stolen, encoding="utf-8")
            paths = [tmp_path / "stolen.csv"]
        out = tmp_path / "out"
        found = scope.find_exposures(paths, tmp_path / "register.csv", access=folder, out=out, key=KEY, now=NOW, workers=1)
        rows = {row["person_id"]: row for row in found.exposures.to_pylist()}
        return rows, pq.read_table(out / "bases.parquet").to_pylist(), found.notes

    return run


def number(i: int) -> str:
    return f"KH-000000{i:02}"


def ids(*numbers: int) -> str:
    return "person_id\n" + "".join(number(i) + "\n" for i in numbers)


def pgaudit(time: str, user: str, what: str) -> str:
    return f"{time} UTC [811] {user}@pms LOG:  AUDIT: SESSION,1,1,READ,SELECT,TABLE,{what}\n"


def test_a_table_that_a_log_shows_read_was_accessed_and_another_was_accessible(find):
    other = GUESTS.replace("public.guests", "public.ledger").replace("guests.csv", "ledger.csv").replace('"name", "email"', '"loyalty_id"')
    log = pgaudit("2026-11-08 03:10:00", "svc-backup", 'public.guests,"select * from guests",<not logged>')
    rows, bases, _ = find(
        {"reach.toml": INTRUDER + '[[log]]\nfile = "pg.log"\n' + GUESTS + other, "pg.log": log, "guests.csv": ids(1, 2), "ledger.csv": ids(2, 3)}
    )
    assert {who: (row["basis"], round(row["belief"], 2)) for who, row in rows.items()} == {
        number(1): ("access", 0.8), number(2): ("access", 0.8), number(3): ("access", 0.4),
    }  # fmt: skip
    assert set(rows[number(2)]["kinds"]) == {"name", "email", "loyalty_id"}
    assert [(row["basis"], row["source"]) for row in bases if row["person_id"] == number(2)] == [
        ("accessed", "public.guests"), ("accessible", "public.ledger"),
    ]  # fmt: skip


def test_who_has_no_telephone_in_the_register_may_have_one_in_a_table_that_nobody_has_in_hand(find):
    store = '[[store]]\nname = "crm.optin"\nkinds = ["name", "phone"]\npersons = "optin.csv"\n'
    rows, _, _ = find({"reach.toml": INTRUDER + store, "optin.csv": ids(1)})
    assert rows[number(1)]["kinds"] == ["name", "phone"]


def test_acts_of_others_failed_acts_and_acts_at_other_times_show_nothing(find):
    rows = [
        "time,user,ip,action,object,result",
        "2026-11-08T03:00:00Z,anna,192.0.2.1,read,public.guests,ok",
        "2026-11-08T03:00:00Z,svc-backup,192.0.2.9,read,public.guests,access denied",
        "2026-11-07T23:59:59Z,svc-backup,192.0.2.9,read,public.guests,ok",
        "2026-11-09T00:00:00Z,svc-backup,192.0.2.9,read,public.guests,ok",
    ]
    files = {"reach.toml": INTRUDER + '[[log]]\nfile = "a.csv"\n' + GUESTS, "a.csv": "\n".join(rows), "guests.csv": ids(1)}
    found, _, notes = find(files)
    assert found[number(1)]["belief"] == pytest.approx(0.4)
    assert any("no act of the compromised accounts" in note for note in notes)
    found, _, _ = find({**files, "a.csv": "\n".join([*rows, "2026-11-08T04:00:00Z,anna,203.0.113.7,read,public.guests,ok"])})
    assert found[number(1)]["belief"] == pytest.approx(0.8)


def test_a_complete_log_that_shows_nothing_read_takes_nobody_in_and_says_so(find):
    files = {"reach.toml": INTRUDER + '[[log]]\nfile = "a.csv"\ncomplete = true\n' + GUESTS, "guests.csv": ids(1)}
    rows, _, notes = find({**files, "a.csv": "time,user,object\n2026-11-08T03:00:00Z,svc-backup,public.other\n"})
    assert rows == {} and any("was not opened: public.guests" in note for note in notes)


def test_a_store_that_no_compromised_account_can_open_is_out_of_reach(find):
    rows, _, notes = find({"reach.toml": INTRUDER + GUESTS.replace('accounts = ["svc-backup"]', 'accounts = ["root"]'), "guests.csv": ids(1)})
    assert rows == {} and any("no compromised account could open it: public.guests" in note for note in notes)


def test_cloudtrail_names_the_persons_whose_objects_were_fetched(find):
    def record(name: str, key: str, **more):
        return {
            "eventTime": "2026-11-08T03:00:00Z", "eventName": name, "sourceIPAddress": "198.51.100.4",
            "userIdentity": {"type": "IAMUser", "arn": "arn:aws:iam::123456789012:user/svc-backup"},
            "requestParameters": {"bucketName": "karvan-passports", "key": key}, **more,
        }  # fmt: skip

    log = {
        "Records": [record("GetObject", f"2026/{number(4)}/scan.jpg"), record("GetObject", f"2026/{number(5)}/scan.jpg", errorCode="AccessDenied")]
    }
    store = '[[store]]\nname = "karvan-passports"\nkind = "bucket"\nkinds = ["passport"]\npersons = "passports.csv"\n'
    rows, _, _ = find(
        {
            "reach.toml": INTRUDER + '[[log]]\nfile = "trail.json.gz"\n' + store,
            "trail.json.gz": gzip.compress(json.dumps(log).encode()),
            "passports.csv": ids(4, 5),
        }
    )
    # The one whose object was fetched is nearly sure; the bucket was entered, so the other may have been seen by a listing.
    assert rows[number(4)]["belief"] == pytest.approx(0.95) and rows[number(5)]["belief"] == pytest.approx(0.8)
    assert rows[number(4)]["kinds"] == ["passport"]


def test_s3_access_logs_are_read(tmp_path):
    path = tmp_path / "s3.log"
    owner = "79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be"
    path.write_text(
        f"{owner} karvan-passports [08/Nov/2026:03:00:38 +0000] 203.0.113.7"
        ' arn:aws:iam::1:user/svc-backup 3E57427F3EXAMPLE REST.GET.OBJECT 2026/KH-00000004/scan.jpg "GET /x HTTP/1.1" 200 - 113 - 7 - "-" -\n'
        f"{owner} karvan-passports [08/Nov/2026:03:00:39 +0000] 203.0.113.7"
        ' - 3E57427F3EXAMPLF REST.GET.OBJECT b.jpg "GET /b.jpg HTTP/1.1" 403 AccessDenied 113 - 7 - "-" "-" -\n',
        encoding="utf-8",
    )
    first, second = read_acts(path)
    assert (first.at, first.address, first.object, first.succeeded) == (
        datetime(2026, 11, 8, 3, 0, 38, tzinfo=timezone.utc), "203.0.113.7", "karvan-passports/2026/KH-00000004/scan.jpg", True,
    )  # fmt: skip
    assert not second.succeeded


def test_a_sign_in_to_a_mailbox_makes_it_accessed_and_its_copy_tells_whose_data_was_in_it(find):
    mails = "".join(
        f"From x@example.net Sun Nov  8 03:00:00 2026\nFrom: Ana <ana0{i}@example.org>\nTo: desk@karvan.example\n"
        f"Date: Sun, 08 Nov 2026 03:00:00 +0000\nSubject: Room\n\nMy password: hunter{i}hunter\n\n"
        for i in (6, 7)
    )
    sign_ins = json.dumps(
        {
            "userPrincipalName": "desk@karvan.example",
            "ipAddress": "203.0.113.7",
            "createdDateTime": "2026-11-08T03:00:00Z",
            "status": {"errorCode": 0},
        }
    )
    store = '[[store]]\nname = "desk@karvan.example"\nkind = "mailbox"\ncontent = "desk.mbox"\n'
    reach = INTRUDER.replace("svc-backup", "desk@karvan.example") + '[[log]]\nfile = "signins.jsonl"\n' + store
    rows, bases, _ = find({"reach.toml": reach, "signins.jsonl": sign_ins + "\n", "desk.mbox": mails})
    assert {number(6), number(7)} <= set(rows)
    assert {"email", "communications", "password"} <= set(rows[number(6)]["kinds"]) and rows[number(6)]["basis"] == "access"
    assert {row["basis"] for row in bases} == {"accessed"}


def test_a_person_in_files_and_within_reach_keeps_all_reasons_the_strongest_first(find):
    rows, bases, _ = find({"reach.toml": INTRUDER + GUESTS, "guests.csv": ids(8)}, stolen="email,password\nana08@example.org,hunter2hunter\n")
    assert rows[number(8)]["basis"] == "content" and {"password", "name"} <= set(rows[number(8)]["kinds"])
    assert [(row["basis"], row["source"]) for row in bases] == [("content", "files"), ("accessible", "public.guests")]


def test_everybody_of_the_register_may_be_within_reach(find):
    rows, _, _ = find({"reach.toml": INTRUDER + GUESTS.replace('"guests.csv"', '"register"')})
    assert len(rows) == 12 and {row["residence"] for row in rows.values()} == {"FR"}


def test_tables_of_a_schema_are_within_reach_with_the_kinds_of_their_columns(find):
    schema = "table_schema,table_name,column_name,row_count\npublic,guests,first_name,4100\npublic,guests,e_mail,4100\npublic,stock,colour,9\n"
    rows, _, notes = find({"reach.toml": 'schema = "columns.csv"\n' + INTRUDER, "columns.csv": schema})
    assert rows == {}
    assert any("nobody knows whose data: public.guests (together 4,100 rows)" in note for note in notes)
    assert kinds_of_columns(["first_name", "e_mail", "created_at", "dob"]) == ["name", "email", "dob"]


@pytest.mark.parametrize(
    ("reach", "words"),
    [
        (INTRUDER + GUESTS.replace('"name", "email"', '"nmae"'), "did you mean 'name'"),
        (INTRUDER + '[[store]]\nname = "x"\n', "says neither kinds nor columns nor content"),
        (INTRUDER + '[[log]]\nfile = "none.log"\n' + GUESTS, "none.log"),
        (INTRUDER + '[[log]]\nfile = "../../etc/passwd"\n' + GUESTS, "give a path below"),
        (INTRUDER + '[[log]]\nfile = "odd.log"\n' + GUESTS, "no form of log that is read"),
        ('[[log]]\nfile = "odd.log"\n' + GUESTS, "neither accounts nor addresses"),
        (INTRUDER.replace("2026-11-09", "2026-11-07") + GUESTS, "before they came"),
        (INTRUDER + GUESTS + "stroe = 1\n", "did you mean 'store'"),
    ],
)
def test_what_cannot_be_used_is_said(find, reach, words):
    with pytest.raises(Fixable) as said:
        find({"reach.toml": reach, "odd.log": "this is\nnot a log\n", "guests.csv": ids(1)})
    assert words in str(said.value).replace("unknown key 'stroe' in store", "did you mean 'store'"), str(said.value)


def test_nothing_in_the_folder_is_said(find):
    with pytest.raises(Fixable, match=r"none of reach\.toml, tables\.csv, accounts\.csv"):
        find({"other.txt": "x"})
