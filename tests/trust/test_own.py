"""Amanat's own records beside a table: who was told, what they answered, how they were helped, and which of the two counts."""

from datetime import datetime, timedelta, timezone

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from amanat import trust
from amanat.terms.answer import ANSWERS
from amanat.terms.sending import RECEIPTS

TOLD = datetime(2026, 1, 5, 8, tzinfo=timezone.utc)
NOW = datetime(2026, 8, 1, tzinfo=timezone.utc)


def day(n):
    return TOLD + timedelta(days=n)


@pytest.fixture
def given(tmp_path):
    """Thirty affected A0…A29 in the register, X1 affected and in no register, thirty others; orders before and after."""
    people = [f"{g}{i}" for g in "AB" for i in range(30)]
    (tmp_path / "register.csv").write_text("person_id,since\n" + "".join(f"{p},2020-05-01\n" for p in people))
    rows = [f"{p},{day(n).isoformat()},order,20,," for p in people for n in (-60, 60)]
    rows += [f"A{i},{day(3).isoformat()},told,,," for i in range(10)]
    rows += [f"{g}{i},{day(40).isoformat()},answer,,nps,{score}" for g, score in (("A", 10), ("B", 9)) for i in range(20)]
    (tmp_path / "events.csv").write_text("\n".join(["person_id,at,kind,value_eur,question,score", *rows]) + "\n")
    exposed = [f"A{i},sure,{'FR' if i < 20 else 'US-CA'},{'fr' if i < 20 else 'en'},yes" for i in range(30)]
    exposed += ["X1,sure,FR,fr,yes", "A29,sure,US-CA,en,yes", "R1,review,FR,fr,yes", "N1,sure,FR,fr,no"]
    (tmp_path / "exposures.csv").write_text("\n".join(["person_id,state,residence,language,to_tell", *exposed]) + "\n")
    return tmp_path


def report(folder, **more):
    return trust.report(folder / "events.csv", folder / "exposures.csv", persons=folder / "register.csv", now=NOW, **more)


def receipts(folder, rows):
    table = [
        {"sending_id": f"s-{person}-{channel}", "notice_id": "n", "person_id": person, "channel": channel, "state": state, "at": at, "answer": ""}
        for person, channel, state, at in rows
    ]
    pq.write_table(pa.Table.from_pylist(table, schema=RECEIPTS), folder / "receipts.parquet")
    return folder / "receipts.parquet"


def some_receipts(folder):
    rows = [(f"A{i}", "email", state, TOLD) for i in range(20) for state in ("attempting", "accepted")]
    rows += [("A20", "email", "accepted", TOLD), ("A20", "email", "bounced", day(1)), ("A20", "letter", "accepted", day(2))]
    rows += [("A21", "email", "refused", TOLD), ("A22", "letter", "queued", TOLD), ("X1", "email", "accepted", day(-1) + timedelta(hours=23))]
    rows += [("R1", "email", "accepted", TOLD)]
    return receipts(folder, rows)


def test_who_was_told_comes_from_receipts_and_the_tables_word_is_left_aside(given):
    made = report(given, receipts=some_receipts(given))
    reach = made.of("reach")

    # To be told: A0 to A29 and X1. Reached: A0 to A19, A20 by letter after the mail came back, X1.
    assert (reach.n, reach.estimate.value, reach.compared_with) == (31, 22 / 31, "everyone_to_tell")
    assert reach.details["by"] == {
        "channel": [{"name": "email", "n": 23, "reached": 21}, {"name": "letter", "n": 1, "reached": 1}],
        "language": [{"name": "fr", "n": 21, "reached": 21}, {"name": "en", "n": 10, "reached": 1}],
        "residence": [{"name": "FR", "n": 21, "reached": 21}, {"name": "US-CA", "n": 10, "reached": 1}],
    }
    assert made.since == day(-1) + timedelta(hours=23)
    # The first receipt is X1's; A0 to A19 follow an hour later, still on the first day, and A20 on the third.
    assert reach.details["by_day"][:4] == [0, 21 / 31, 21 / 31, 22 / 31]
    assert [(one.code, one.values) for one in made.sources[:1]] == [("told_own", {"n": 23, "table": 10})]
    assert {one.code: one.n for one in made.aside} == {"double_exposures": 1, "told_others": 1, "unknown_persons": 2}


def test_persons_of_the_incident_are_joined_with_the_register_and_counted(given):
    made = report(given)

    assert [(one.code, one.values) for one in made.sources] == [
        ("told_table", {"n": 10}),
        ("answers_table", {"n": 40}),
        ("joined_register", {"n": 32, "known": 30}),
    ]
    assert ("exposed_not_in_register", 2) in [(one.code, one.n) for one in made.cautions]
    assert made.own == {}


def test_receipts_that_reached_nobody_leave_the_tables_word(given):
    made = report(given, receipts=receipts(given, [("A1", "email", "refused", TOLD)]))

    assert (made.sources[0].code, made.sources[0].values) == ("told_table_only", {"n": 10})
    assert made.own["reach"]["reached"] == 0


def answers(folder, rows):
    table = [{"person_id": person, "at": day(20), "language": "fr", "notice_id": "n"} | said for person, said in rows]
    pq.write_table(pa.Table.from_pylist(table, schema=ANSWERS), folder / "answers.parquet")
    return folder / "answers.parquet"


def test_answers_of_our_survey_count_for_the_affected_and_the_tables_for_the_others(given):
    rows = [(f"A{i}", {"nps": 9 if i < 5 else 0, "csat": 4, "integrity": 3 if i % 2 else 4}) for i in range(20)]
    made = report(given, answers=answers(given, rows))
    nps = made.of("survey.nps")

    # Ours: 5 of 20 promote, 15 detract: -50. The table's twenty others all promote: +100. The table has the affected at +100, too.
    assert (nps.n, nps.n_compared, nps.compared_with, nps.estimate.value) == (20, 20, "unaffected", -150.0)
    assert nps.details["affected"]["value"] == -50.0
    levels = {one["question"]: one for one in made.own["survey"]}
    assert (levels["nps"]["n"], levels["nps"]["value"]) == (20, -50.0)
    assert (levels["integrity"]["value"], levels["csat"]["value"]) == (3.5, 1.0)
    assert (levels["benevolence"]["n"], levels["benevolence"]["value"]) == (0, None)
    assert [(one.code, one.values) for one in made.sources if one.code == "answers_own"] == [("answers_own", {"n": 20, "table": 20, "others": 20})]


def test_an_answer_that_is_not_on_its_scale_is_counted_and_not_used(given):
    path = given / "answers.csv"
    path.write_text("person_id,at,nps\n" + "".join(f"A{i},2026-02-01T10:00:00Z,{i}\n" for i in range(12)) + "A12,2026-02-01T10:00:00Z,9.5\n")
    made = report(given, answers=path)

    assert {one.code: one.n for one in made.aside}["off_scale"] == 2
    assert made.own["survey"][0]["n"] == 11


def test_help_counts_what_was_answered_and_how_soon(given):
    path = given / "cases.csv"
    rows = [("0", "2", "1", "answered"), ("0", "2", "3", "answered"), ("0", "2", "", "open"), ("4000", "4002", "", "open"), ("0", "2", "1", "closed")]
    lines = [",".join([*("" if not h else (TOLD + timedelta(hours=int(h) * 2)).isoformat() for h in row[:3]), row[3]]) for row in rows]
    path.write_text("\n".join(["opened_at,due_at,answered_at,state", *lines]) + "\n")
    made = report(given, cases=path)

    # Four count: two answered (after 2 and 6 hours, due after 4), one overdue, one whose time is still to come in 4,002 × 2 hours.
    assert made.own["help"] == {"n": 4, "answered": 2, "over": 3, "in_time": 1, "median_hours": 4.0, "ninth_tenth_hours": 5.6}


@pytest.mark.parametrize("language", ["en", "fr", "fa"])
def test_page_paper_and_terminal_say_where_the_numbers_come_from(given, tmp_path, language):
    made = report(given, receipts=some_receipts(given), answers=answers(given, [(f"A{i}", {"nps": 9}) for i in range(20)]))
    told = trust.sentences(trust.report_as_json(made), language)

    assert len(told["sources"]) == 3
    assert [table["title"] for table in told["own"]["tables"]][:1] == [
        {"en": "Told, by channel", "fr": "Personnes informées, par canal", "fa": "باخبرشدگان به تفکیک راه ارتباطی"}[language]
    ]
    page = trust.write_report(made, tmp_path / "out", language=language)[1].read_text(encoding="utf-8")
    assert told["sources"][0] in page and told["own"]["title"] in page
    assert {"en": "California", "fr": "Californie", "fa": "کالیفرنیا"}[language] in page


def test_a_report_that_was_kept_before_there_were_own_records_is_still_told(given):
    content = trust.report_as_json(report(given))
    del content["sources"], content["own"]

    assert trust.sentences(content, "en")["sources"] == [] and trust.sentences(content, "en")["own"]["tables"] == []
