"""A service that was missing: who was hit, how often, and who depends on it."""

import json
from datetime import datetime, timedelta, timezone

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from amanat import scope
from amanat.lib.errors import Fixable
from amanat.scope.__main__ import VERB
from amanat.terms.exposure import EXPOSURES

UTC = timezone.utc
KEY = bytes(range(32))
# A Saturday noon.
SINCE, UNTIL = datetime(2026, 11, 14, 11, tzinfo=UTC), datetime(2026, 11, 14, 14, tzinfo=UTC)
NOW = datetime(2026, 11, 16, 9, tzinfo=UTC)
NOON = datetime(2026, 11, 14, 12, tzinfo=UTC)
REGISTER = """person_id,email,name,residence,language,minor,needs
P-1,one@example.org,Ana One,FR,fr,false,
P-2,two@example.org,Ben Two,US-CA,en,false,
P-3,three@example.org,Cem Three,FR,fr,true,
P-4,four@example.org,Dia Four,GB,en,false,
P-5,five@example.org,Eva Five,FR,fr,false,carer writes for the person
P-6,six@example.org,Finn Six,DE,de,false,
P-7,seven@example.org,Gil Seven,FR,fr,false,
P-8,both@example.org,Hal Eight,FR,fr,false,
P-9,both@example.org,Ida Eight,FR,fr,false,
"""


def weekly(person, *weeks, at=NOON, service="meals"):
    return [(person, (at - timedelta(days=7) * week).isoformat(), service) for week in weeks]


EVENTS = [
    *weekly("P-1", *range(1, 9)),  # every Saturday noon
    *weekly("P-2", 9),
    ("P-2", "2026-11-14T12:30:00+01:00", "meals"),  # 11:30 in UTC: a try
    ("P-2", "2026-11-14T12:45:00Z", "meals"),
    *weekly("P-4", 2, 5),  # two Saturdays of eight
    *weekly("P-5", 3, at=NOON - timedelta(days=4)),  # one Tuesday, and a declared need
    *weekly("P-6", *range(1, 9)),
    *weekly("P-7", *range(1, 9), at=NOON + timedelta(hours=8)),  # every Saturday night: not at that time
    *weekly("P-4", 1, service="parking"),
    ("X-9", "2026-11-14T13:59:59Z", "meals"),
    ("X-9", "2026-11-14T14:00:00Z", "meals"),  # the outage was over
]


@pytest.fixture
def missed(tmp_path):
    def run(events, *, header="person_id,at,service", register=REGISTER, **options):
        path, beside = tmp_path / "events.csv", tmp_path / "register.csv"
        path.write_text("\n".join([header, *(",".join(row) for row in events)]) + "\n", encoding="utf-8")
        if register:
            beside.write_text(register, encoding="utf-8")
        options = {"service": "meals", "since": SINCE, "until": UNTIL, **options}
        found = scope.find_missed(path, beside if register else None, out=tmp_path / "out", key=KEY, now=NOW, **options)
        return {row["person_id"]: row for row in found.hit.to_pylist()}, found

    return run


def test_a_try_a_habit_and_a_need_each_show_who_was_hit(missed):
    hit, found = missed(EVENTS)
    assert {who: (row["state"], row["why"]) for who, row in hit.items() if not who.startswith("out-")} == {
        "P-1": ("sure", "habit"),
        "P-2": ("sure", "tried"),
        "P-4": ("review", "habit"),
        "P-5": ("review", "need"),
        "P-6": ("sure", "habit"),
    }
    assert hit["P-2"]["n_tries"] == 2 and hit["P-1"]["n_tries"] == 0 and hit["P-1"]["n_expected"] == 1.0 and hit["P-4"]["n_expected"] == 0.25
    assert {who for who, row in hit.items() if row["depends"]} == {"P-1", "P-5", "P-6"}
    (outsider,) = (row for who, row in hit.items() if who.startswith("out-"))
    assert (outsider["state"], outsider["n_tries"], outsider["has_need"]) == ("outsider", 1, None)
    assert found.n_weeks == 8


def test_the_exposures_have_the_columns_of_every_exposure_and_the_basis_service(missed):
    _, found = missed(EVENTS)
    assert found.exposures.schema == EXPOSURES
    rows = {row["person_id"]: row for row in found.exposures.to_pylist()}
    assert {row["basis"] for row in rows.values()} == {"service"} and all(row["kinds"] == ["service"] for row in rows.values())
    assert (rows["P-2"]["residence"], rows["P-2"]["language"], rows["P-2"]["minor"], rows["P-2"]["n_findings"]) == ("US-CA", "en", False, 2)
    # Eight of eight weeks: nine tenths by the rule of succession; two of eight: three tenths.
    assert rows["P-1"]["belief"] == pytest.approx(0.9) and rows["P-4"]["belief"] == pytest.approx(0.3)


def test_who_was_served_during_the_outage_was_not_hit(missed):
    header = "person_id,at,service,outcome"
    usual = [(*row, "done") for row in weekly("P-1", *range(1, 9))]
    assert "P-1" in missed(usual, header=header)[0]
    assert "P-1" not in missed([*usual, ("P-1", "2026-11-14T13:00:00Z", "meals", "done")], header=header)[0]
    hit, _ = missed([*usual, ("P-1", "2026-11-14T13:00:00Z", "meals", "timeout")], header=header)
    assert (hit["P-1"]["why"], hit["P-1"]["n_tries"]) == ("tried", 1)


def test_subscriptions_in_force_were_hit_and_ended_ones_were_not(missed):
    rows = [
        ("P-1", "2026-01-01T00:00:00Z", "meals", ""),
        ("P-2", "2026-01-01T00:00:00Z", "meals", "2026-11-14T11:00:00Z"),  # ended as the outage began
        ("P-3", "2026-11-10T00:00:00Z", "meals", "2027-01-01T00:00:00Z"),
        ("P-4", "2026-11-14T14:00:00Z", "meals", ""),  # began when it was over
    ]
    hit, _ = missed(rows, header="person_id,at,service,until")
    assert {who: (row["why"], row["depends"]) for who, row in hit.items()} == {"P-1": ("subscribed", True), "P-3": ("subscribed", False)}


def test_an_outage_of_ten_days_is_compared_with_weeks_before_it(missed):
    until = SINCE + timedelta(days=10)
    events = weekly("P-1", *range(1, 10))
    hit, found = missed(events, until=until)
    # Ten days reach back to the second week: each of these spans holds at least one Saturday noon, most hold two.
    assert hit["P-1"]["why"] == "habit" and found.n_weeks == 8


def test_addresses_stand_for_persons_and_a_shared_one_is_for_review(missed):
    events = [("Two@Example.org ", "2026-11-14T12:00:00Z", "meals"), ("both@example.org", "2026-11-14T12:00:00Z", "meals"),
              ("stranger@example.org", "2026-11-14T12:00:00Z", "meals")]  # fmt: skip
    hit, _ = missed(events, header="email,at,service")
    assert {who: row["state"] for who, row in hit.items() if not who.startswith("out-")} == {"P-2": "sure", "P-8": "review", "P-9": "review"}
    assert [row["state"] for who, row in hit.items() if who.startswith("out-")] == ["outsider"]


def test_the_same_event_twice_counts_once_and_is_said(missed):
    row = ("P-2", "2026-11-14T12:45:00Z", "meals")
    hit, found = missed([row, row, row])
    assert hit["P-2"]["n_tries"] == 1
    assert any(note.startswith("2 events are there twice") for note in found.notes)


def test_with_three_weeks_of_events_no_habit_is_known(missed):
    hit, found = missed(weekly("P-1", 1, 2, 3))
    assert found.n_weeks == 3 and not hit["P-1"]["is_regular"] and hit["P-1"]["state"] == "review"
    assert any("only 3 whole weeks" in note for note in found.notes)


def test_persons_of_one_single_week_are_counted_and_not_listed(missed):
    hit, found = missed([*weekly("P-1", 4), *weekly("P-6", *range(1, 9))])
    assert "P-1" not in hit and found.n_rare == 1 and any("one single week" in note for note in found.notes)


@pytest.mark.parametrize(
    ("events", "options", "words"),
    [
        (EVENTS, {"service": "meels"}, ["'meels'", "did you mean 'meals'", "parking"]),
        (EVENTS, {"until": SINCE}, ["before it begins"]),
        (EVENTS, {"since": datetime(2026, 11, 14, 11)}, ["offset"]),  # noqa: DTZ001
        (EVENTS, {"zone": "Europe/Pariss"}, ["Europe/Pariss", "did you mean 'Europe/Paris'"]),
        ([], {}, ["holds no event"]),
        ([*weekly("P-1", 1), ("P-2", "2026-11-14 12:30:00", "meals")], {}, ["row 3", "--zone"]),
        ([("P-2", "soon", "meals")], {}, ["none of the 1 times"]),
    ],
)
def test_what_cannot_be_used_is_said_in_a_sentence(missed, events, options, words):
    with pytest.raises(Fixable) as said:
        missed(events, **options)
    assert all(word in str(said.value) for word in words), str(said.value)


def test_missing_columns_are_named(missed):
    with pytest.raises(Fixable, match="no column 'service'"):
        missed([("P-1", "2026-11-14T12:00:00Z")], header="person_id,at")
    with pytest.raises(Fixable, match="neither a column person_id nor email"):
        missed([("x", "2026-11-14T12:00:00Z", "meals")], header="colour,at,service")


def test_times_without_offset_are_read_where_the_clock_stood(missed):
    # 12:30 in Paris is 11:30 in UTC, within the outage; 11:30 in Paris is before it.
    events = [("P-2", "2026-11-14 12:30:00", "meals"), ("P-4", "2026-11-14 11:30", "meals")]
    hit, _ = missed(events, zone="Europe/Paris")
    assert set(hit) == {"P-2"}


def test_unreadable_times_and_nameless_events_are_left_out_and_counted(missed):
    hit, found = missed([("P-2", "2026-11-14T12:00:00Z", "meals"), ("P-4", "noonish", "meals"), ("", "2026-11-14T12:00:00Z", "meals")])
    assert set(hit) == {"P-2"}
    assert any(note.startswith("1 events of the service name no person") for note in found.notes)
    assert any(note.startswith("1 events of the service have a time") for note in found.notes)


def test_parquet_and_csv_say_the_same(missed, tmp_path):
    first, _ = missed(EVENTS)
    path = tmp_path / "events.parquet"
    at = [datetime.fromisoformat(row[1]) for row in EVENTS]
    table = {"customer": [row[0] for row in EVENTS], "time": pa.array(at, pa.timestamp("us", "UTC")), "service": [row[2] for row in EVENTS]}
    pq.write_table(pa.table(table), path)
    found = scope.find_missed(path, tmp_path / "register.csv", service="meals", since=SINCE, until=UNTIL, out=tmp_path / "o", key=KEY, now=NOW)
    assert {row["person_id"]: row for row in found.hit.to_pylist()} == first


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(st.sampled_from("ABCD"), st.integers(-60 * 24, 24)), min_size=1, max_size=60), st.randoms())
def test_the_order_of_the_events_does_not_matter_and_another_try_never_removes_a_person(tmp_path_factory, rows, random):
    folder = tmp_path_factory.mktemp("any")

    def found(some):
        table = {"person_id": [who for who, _ in some], "at": [SINCE + timedelta(hours=h) for _, h in some], "service": ["meals"] * len(some)}
        pq.write_table(pa.table(table, schema=pa.schema([("person_id", pa.string()), ("at", pa.timestamp("us", "UTC")), ("service", pa.string())])),
                       folder / "e.parquet")  # fmt: skip
        hit = scope.find_missed(folder / "e.parquet", None, service="meals", since=SINCE, until=UNTIL, out=folder / "o", key=KEY, now=NOW).hit
        return sorted(hit.to_pylist(), key=lambda row: row["person_id"])

    once = found(rows)
    shuffled = list(rows)
    random.shuffle(shuffled)
    assert found(shuffled) == once
    more = {row["person_id"] for row in found([*rows, ("A", 1)])}
    # One more event may reach further back, so that fewer habits are known; during the outage it only adds.
    assert more >= {row["person_id"] for row in once}
    assert len(more) >= 1


def test_the_command_says_who_was_hit_and_whom_to_call(capsys, tmp_path, missed):
    missed(EVENTS)
    arguments = [
        "outage",
        str(tmp_path / "events.csv"),
        "--service",
        "meals",
        "--from",
        "2026-11-14T12:00:00+01:00",
        "--until",
        "2026-11-14T15:00:00+01:00",
    ]
    arguments += ["--register", str(tmp_path / "register.csv"), "--out", str(tmp_path / "case")]
    assert VERB.main(arguments) == 0
    said = capsys.readouterr().out
    assert "3 persons of the register were hit for sure, 2 perhaps; 1 are not in the register" in said and "amanat care dependents" in said
    assert VERB.main([*arguments, "--format", "json"]) == 0
    keys = json.loads(capsys.readouterr().out)
    assert {name: keys[name] for name in ("persons", "sure", "review", "outsiders", "tries", "depends", "regular", "needs")} == {
        "persons": 6, "sure": 3, "review": 2, "outsiders": 1, "tries": 3, "depends": 3, "regular": 2, "needs": 1,
    }  # fmt: skip
    assert pq.read_table(tmp_path / "case" / "exposures.parquet").num_rows == 6
    assert VERB.main([*arguments[:4], "--from", "noon", *arguments[6:]]) == 2
    assert "--from noon" in capsys.readouterr().err


def test_data_and_service_become_one_row_and_a_doubt_stays_a_doubt(tmp_path):
    (tmp_path / "files").mkdir()
    (tmp_path / "files" / "a.csv").write_text("email,password\none@example.org,hunter2hunter\nboth@example.org,hunter3hunter\n", encoding="utf-8")
    (tmp_path / "register.csv").write_text(REGISTER, encoding="utf-8")
    folder = tmp_path / "outage"
    folder.mkdir()
    rows = [*weekly("P-1", *range(1, 9)), ("P-2", "2026-11-14T12:30:00Z", "meals"), ("P-8", "2026-11-14T12:30:00Z", "meals")]
    (folder / "events.csv").write_text("person_id,at,service\n" + "\n".join(",".join(row) for row in rows), encoding="utf-8")
    (folder / "outage.toml").write_text('service = "meals"\nsince = 2026-11-14T11:00:00Z\nuntil = 2026-11-14T14:00:00Z\n', encoding="utf-8")
    found = scope.find_exposures([tmp_path / "files"], tmp_path / "register.csv", outage=folder, out=tmp_path / "out", key=KEY, now=NOW, workers=1)
    rows = {row["person_id"]: row for row in found.exposures.to_pylist()}
    assert rows["P-1"]["basis"] == "content" and set(rows["P-1"]["kinds"]) == {"email", "password", "online_credentials", "service"}
    assert rows["P-2"]["basis"] == "service" and rows["P-2"]["kinds"] == ["service"]
    assert rows["P-8"]["state"] == "review" and "service" in rows["P-8"]["kinds"]
    assert any("1 persons missed the service for sure" in note for note in found.notes)
    assert (tmp_path / "out" / "outage.parquet").is_file()


def test_an_outage_file_is_checked_key_by_key(tmp_path):
    (tmp_path / "outage.toml").write_text('servise = "meals"\nsince = 2026-11-14T11:00:00Z\n', encoding="utf-8")
    with pytest.raises(Fixable, match="did you mean 'service'"):
        scope.find_exposures([], None, outage=tmp_path, out=tmp_path / "out", key=KEY, now=NOW)
    (tmp_path / "outage.toml").write_text('service = "meals"\nsince = 2026-11-14T11:00:00Z\nevents = "../../x.csv"\n', encoding="utf-8")
    with pytest.raises(Fixable, match="lie elsewhere"):
        scope.find_exposures([], None, outage=tmp_path, out=tmp_path / "out", key=KEY, now=NOW)
