"""From files to a report: the practice company's true effect is found, and bad input gets a sentence or a refusal with counts."""

import csv
import json
import subprocess
import sys
import tomllib
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pypdfium2
import pytest

from amanat import prepare, trust
from amanat.lib.errors import Fixable
from amanat.terms.event import EVENTS

AMANAT = Path(sys.executable).parent / "amanat"
AT = datetime.fromisoformat("2026-01-10T09:00:00+01:00")
NOW = datetime(2026, 8, 1, tzinfo=timezone.utc)
SINCE = datetime(2026, 1, 5, tzinfo=timezone.utc)


@pytest.fixture(scope="module")
def story(tmp_path_factory):
    folder = tmp_path_factory.mktemp("trust") / "story"
    prepare.make_company(folder, persons=12_000, seed=5, at=AT, excess_churn=0.06)
    truth = pq.read_table(folder / "truth.parquet")
    is_found = pc.and_(truth["readable"], pc.invert(pc.starts_with(truth["path"], "access/")))
    pq.write_table(pa.table({"person_id": truth.filter(is_found)["person_id"].unique()}), folder / "exposures.parquet")
    return folder


@pytest.fixture(scope="module")
def made(story):
    return trust.report(story / "events.parquet", story / "exposures.parquet", persons=story / "register.csv", now=NOW)


@pytest.fixture(scope="module")
def expected(story):
    return tomllib.loads((story / "expected.toml").read_text(encoding="utf-8"))["trust"]


def test_the_true_effects_lie_inside_their_intervals(made, expected):
    assert (made.since, made.n_days) == (expected["since"], 180)
    assert (made.n_affected, made.n_unaffected) == (expected["affected_customers"], expected["unaffected_customers"])
    for name, true in (
        ("excess_churn", 0.06),
        ("orders", expected["orders_eur_per_month"]),
        ("survey.nps", expected["nps_affected"] - expected["nps_unaffected"]),
    ):
        estimate = made.of(name).estimate
        assert estimate.low <= true <= estimate.high, name
    assert made.of("excess_churn").standing == "identified" and made.of("excess_churn").estimate.low > 0.04


def test_every_number_has_an_interval_and_somebody_to_compare_with(made):
    for measure in made.measures:
        if measure.estimate:
            assert measure.estimate.low <= measure.estimate.value <= measure.estimate.high
            assert measure.n_compared > 0 and measure.compared_with
            assert (measure.estimate.low < measure.estimate.high) == (measure.standing != "counted")
        else:
            assert measure.why


def test_the_order_of_rows_and_the_format_of_the_file_change_nothing(story, made, tmp_path):
    events = pq.read_table(story / "events.parquet")
    turned = events.take(pa.array(range(len(events) - 1, -1, -1)))
    rows = turned.drop_columns(["ref"]).to_pylist()
    with (tmp_path / "events.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, [n for n in EVENTS.names if n != "ref"])
        writer.writeheader()
        writer.writerows({**row, "at": row["at"].isoformat()} for row in rows)
    again = trust.report(tmp_path / "events.csv", story / "exposures.parquet", persons=story / "register.csv", now=NOW)

    assert json.dumps(trust.report_as_json(again)) == json.dumps(trust.report_as_json(made))


def test_without_anybody_unaffected_no_effect_is_claimed(story, tmp_path):
    everyone = pq.read_table(story / "events.parquet", columns=["person_id"]).group_by("person_id").aggregate([])
    pq.write_table(everyone, tmp_path / "all.parquet")
    made = trust.report(story / "events.parquet", tmp_path / "all.parquet", persons=None, now=NOW)
    told = trust.sentences(trust.report_as_json(made), "en")

    for name in ("excess_churn", "hazard_ratio", "recovery_day", "orders", "logins", "cost.lost_orders"):
        assert made.of(name).standing == "not_identified" and made.of(name).estimate is None
    first = next(m for m in told["measures"] if m["name"] == "excess_churn")
    assert "there is nobody with whom to compare them" in first["why"][0] and not first["value"]
    assert made.of("reach").estimate.value > 0.5  # what can be counted is counted all the same


def a_table(tmp_path, rows, name="events.csv"):
    path = tmp_path / name
    path.write_text("\n".join(["person_id,at,kind,value_eur,language,text", *rows]) + "\n", encoding="utf-8")
    return path


@pytest.fixture
def exposed(tmp_path):
    path = tmp_path / "exposed.csv"
    path.write_text("person_id,state\n" + "\n".join(f"A{i},sure" for i in range(30)) + "\nA0,sure\nR1,review\n", encoding="utf-8")
    return path


def rows_of_a_shop():
    rows = []
    for group in "AB":
        for i in range(30):
            rows += [f"{group}{i},2025-11-0{1 + i % 9}T10:00:00Z,order,20,,", f"{group}{i},2026-02-0{1 + i % 9}T10:00:00Z,order,20,,"]
    return [*rows, "R1,2025-11-01T10:00:00Z,order,20,,"]


def codes(made):
    return {one.code: one.n for one in made.aside}


def test_what_cannot_be_used_is_counted_and_the_rest_is_measured(tmp_path, exposed):
    register = tmp_path / "register.csv"
    people = [f"{g}{i},2020-05-0{1 + i % 9}" for g in "AB" for i in range(30)]
    register.write_text("\n".join(["person_id,since", *people, "R1,2021-01-01", "B1,2024-01-01", "B2,2024-01-01"]) + "\n", encoding="utf-8")
    bad = [
        "A1,yesterday,order,20,,",
        "A2,2026-13-40,order,20,,",
        "A3,1899-01-01T00:00:00Z,order,20,,",  # before anybody joined
        "X9,2026-02-01T10:00:00Z,login,,,",  # nobody of the register
        "A4,2026-02-01T10:00:00Z,canceled,,,",  # not a word of ours
        "A5,2026-02-01T10:00:00Z,order,twenty,,",
        ",2026-02-01T10:00:00Z,order,20,,",
        "A6,2026-02-02 10:00:00,login,,,",  # no offset
        "A7,2062-02-02T10:00:00Z,login,,,",  # far in the future
    ]
    made = trust.report(a_table(tmp_path, rows_of_a_shop() + bad), exposed, persons=register, since=SINCE, now=NOW)

    assert codes(made) == {
        "bad_time": 2,
        "no_offset": 1,
        "bad_number": 1,
        "unknown_kind": 1,
        "no_person": 1,
        "double_exposures": 1,
        "double_persons": 2,
        "before_company": 1,
        "in_the_future": 1,
        "unknown_persons": 1,
    }
    assert (made.n_affected, made.n_unaffected, made.n_left_out) == (30, 30, 1)
    told = trust.sentences(trust.report_as_json(made), "en")["set_aside"]
    assert "1 event is of a kind that we do not know (canceled; did you mean 'cancelled'?)." in told
    assert "2 events have a time that cannot be read." in told
    for language in ("fr", "fa"):
        assert len(trust.sentences(trust.report_as_json(made), language)["set_aside"]) == len(told)


def test_one_stray_notice_of_long_ago_does_not_move_the_beginning(tmp_path, exposed):
    told = [f"A{i},2026-01-05T0{i % 9}:00:00Z,told,,," for i in range(30)]
    for year, code in (("1850", "before_records"), ("2015", "told_long_before")):
        rows = [*rows_of_a_shop(), *told, f"A9,{year}-06-01T10:00:00Z,told,,,"]
        made = trust.report(a_table(tmp_path, rows), exposed, now=NOW)

        assert made.since == datetime(2026, 1, 5, tzinfo=timezone.utc)
        assert codes(made) == {code: 1, "double_exposures": 1}


def test_a_person_who_joined_in_1850_lets_in_no_event_of_that_time(tmp_path, exposed):
    register = tmp_path / "register.csv"
    register.write_text("\n".join(["person_id,since", "A0,1850-01-01", *[f"{g}{i},2020-05-01" for g in "AB" for i in range(1, 30)]]) + "\n")
    made = trust.report(a_table(tmp_path, [*rows_of_a_shop(), "A0,1860-01-01T00:00:00Z,order,20,,"]), exposed, persons=register, since=SINCE, now=NOW)

    assert codes(made)["before_records"] == 1


def test_without_anybodys_words_no_count_of_texts_is_told(tmp_path, exposed):
    made = trust.report(a_table(tmp_path, rows_of_a_shop()), exposed, since=SINCE, now=NOW)
    told = next(m for m in trust.sentences(trust.report_as_json(made), "en")["measures"] if m["name"] == "sentiment")

    assert told["why"] == ["nobody’s words are among the events."]


def test_texts_whose_authors_are_unknown_are_said_to_be_so(tmp_path, exposed):
    rows = [*rows_of_a_shop(), *[f",2026-02-01T10:00:0{i}Z,post,,en,Never again" for i in range(4)]]
    made = trust.report(a_table(tmp_path, rows), exposed, since=SINCE, now=NOW)

    assert (made.of("sentiment.en").why[0].code, made.of("sentiment.en").why[0].values) == ("unknown_authors", {"n": 4})


def test_nothing_known_of_the_time_before_is_not_identified(tmp_path, exposed):
    rows = [f"{g}{i},2026-01-04T10:00:00Z,login,,," for g in "AB" for i in range(30)]
    rows += [f"A{i},2026-02-01T10:00:00Z,cancelled,,," for i in range(12)] + ["B1,2026-06-01T10:00:00Z,login,,,"]
    made = trust.report(a_table(tmp_path, rows), exposed, since=SINCE, now=NOW)

    assert (made.of("excess_churn").standing, made.of("excess_churn").why[0].code) == ("not_identified", "no_before")


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"rows": []}, "no event could be used; mend"),
        (
            {"rows": ["A1,03/04/2026,order,20,,", "A2,05/06/2026,order,20,,", ",2026-01-01T00:00:00Z,order,20,,"]},
            r"no event could be used \(2 dates in at cannot be read, because nothing shows whether the day .*; 1 event has no person\); mend",
        ),
        ({"rows": ["A1,1970-01-01T00:00:00Z,told,,,"]}, "all 1 events lie before 1990-01-01; mend the times, or give --founded DAY"),
        ({"since": None}, r"give --since MOMENT"),
        ({"since": datetime(2026, 7, 1, tzinfo=timezone.utc)}, "no whole day was seen after"),
    ],
)
def test_a_table_that_says_nothing_is_refused_with_a_sentence(tmp_path, exposed, change, says):
    given = {"rows": rows_of_a_shop(), "since": SINCE} | change
    with pytest.raises(Fixable, match=says):
        trust.report(a_table(tmp_path, given["rows"]), exposed, since=given["since"], now=NOW)


def test_a_missing_column_or_file_is_named(tmp_path, exposed):
    path = tmp_path / "bad.csv"
    path.write_text("persom_id,at,kind\n1,2026-01-01,order\n", encoding="utf-8")
    with pytest.raises(Fixable, match=r"bad\.csv: has no column 'person_id'; did you mean 'persom_id'\?"):
        trust.report(path, exposed, now=NOW)
    path.write_text("nobody,at,kind\n1,2026-01-01,order\n", encoding="utf-8")
    with pytest.raises(Fixable, match=r"has no column 'person_id'\. It takes: person_id, at"):
        trust.report(path, exposed, now=NOW)
    with pytest.raises(Fixable, match="there is no such file"):
        trust.report(tmp_path / "none.csv", exposed, now=NOW)
    (tmp_path / "noise.parquet").write_bytes(b"PAR1 and then nothing of the kind")
    with pytest.raises(Fixable, match="cannot be read"):
        trust.report(tmp_path / "noise.parquet", exposed, now=NOW)


@pytest.mark.parametrize("language", ["en", "fr", "fa"])
def test_page_and_paper_stand_alone_in_each_language(made, tmp_path, language):
    json_, html, pdf = trust.write_report(made, tmp_path / language, language=language, company="Karvan Hotels")
    page = html.read_text(encoding="utf-8")

    assert json.loads(json_.read_text(encoding="utf-8"))["n_affected"] == made.n_affected
    assert f'lang="{language}" dir="{"rtl" if language == "fa" else "ltr"}"' in page
    assert "<script" not in page and "http" not in page.replace("http://www.w3.org/2000/svg", "")
    # Each picture has a table twin.
    assert page.count("<details>") >= 8 and page.count("<svg") >= page.count("<details>")
    document = pypdfium2.PdfDocument(pdf)
    assert len(document) >= 2
    text = "".join(p.get_textpage().get_text_range() for p in document)
    # A right-to-left page gives its Latin words back in another order.
    assert {"Karvan", "Hotels"} <= set(text.split()) and {"en": "Is trust coming back?", "fr": "La confiance revient", "fa": "اعتماد"}[
        language
    ] in text


def test_the_words_of_all_languages_are_the_same_and_valid(made):
    from amanat.trust.story import report_words

    english = report_words("en")
    for language in ("fr", "fa"):
        ours = report_words(language)
        for part in ("text", "standing", "who", "measure", "reason", "aside", "source", "own", "channel"):
            assert set(getattr(ours, part)) == set(getattr(english, part)), (language, part)


def test_the_command_prints_keys_and_a_broken_moment_gets_a_sentence(story, tmp_path):
    command = [AMANAT, "trust", "report", story / "events.parquet", "--exposures", story / "exposures.parquet", "--out", tmp_path / "out"]
    done = subprocess.run([*command, "--persons", story / "register.csv", "--format", "json"], capture_output=True, text=True, check=True)
    keys = json.loads(done.stdout)
    counts = {"since", "until", "n_days", "n_affected", "n_unaffected", "n_left_out"}
    assert counts | {"measures", "set_aside", "cautions", "sources", "own", "files"} == set(keys)
    assert all(Path(path).exists() for path in keys["files"])
    bad = subprocess.run([*command, "--since", "soon"], capture_output=True, text=True, check=False)
    assert bad.returncode == 2 and "is no moment" in bad.stderr


def test_every_measure_passes_its_own_examples():
    n, misses = trust.check_measures()
    assert n >= 20 and misses == ()


def test_who_waits_for_a_reviewer_is_in_neither_group(story, tmp_path):
    exposures = pq.read_table(story / "exposures.parquet")
    states = pa.array(["review" if i % 4 == 0 else "sure" for i in range(len(exposures))])
    pq.write_table(exposures.append_column("state", states), tmp_path / "some.parquet")
    made = trust.report(story / "events.parquet", tmp_path / "some.parquet", persons=story / "register.csv", now=NOW)
    whole = trust.report(story / "events.parquet", story / "exposures.parquet", persons=story / "register.csv", now=NOW)

    assert made.n_left_out > 0 and made.n_unaffected == whole.n_unaffected and made.n_affected < whole.n_affected


def test_a_few_days_are_too_early(story):
    early = SINCE.replace(day=14) + timedelta(days=1)
    made = trust.report(story / "events.parquet", story / "exposures.parquet", persons=story / "register.csv", until=early, now=NOW)

    assert made.of("excess_churn").why[0].code == "too_early"


def test_a_group_of_nobody_has_no_curve(story, tmp_path):
    pq.write_table(pa.table({"person_id": ["nobody-1"]}), tmp_path / "nobody.parquet")
    made = trust.report(story / "events.parquet", tmp_path / "nobody.parquet", persons=story / "register.csv", now=NOW)
    churn = made.of("excess_churn")

    assert churn.why[0].code == "nobody_affected" and "affected" not in churn.details and "unaffected" in churn.details
    told = trust.sentences(trust.report_as_json(made), "fr")["measures"][0]
    assert "n’est connu" not in told["value"] and len(told["legend"]) == 1
