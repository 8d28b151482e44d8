"""What a deadline of a law file may say, each on a law of its own that is written to a folder."""

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from amanat.assess.judgement import judge
from amanat.assess.law_checks import BadLaw
from amanat.assess.statute_book import read_law
from amanat.terms.assessment import Duty
from tests.assess.stories import NOW, facts_of

LAW = """
id       = "xx-test"
name     = "A law of the tests"
citation = "s. 1"
places   = ["EEA"]
kind     = "test"
by_establishment = true
read_on  = 2026-11-22
verified = true

[authority]
name     = "An authority"
zone     = "{zone}"

[[duty]]
id       = "xx-test.first"
to       = "individuals"
who      = "persons"
says     = "They are told."
cite     = "s. 1"
source   = "https://www.example.org/law"
confidence = "high"
verified = true

[[duty.version]]
when     = "always"
deadline = {{ within_days = 30, from = "awareness" }}

[[duty]]
id       = "xx-test.second"
to       = "authority"
who      = "an authority"
says     = "It is told."
cite     = "s. 2"
source   = "https://www.example.org/law"
confidence = "high"
verified = true

[[duty.version]]
when     = "always"
deadline = {deadline}

[[example]]
story  = "Somebody lives there"
facts  = {{ residents = {{ FR = 1 }} }}
duties = {{ "xx-test.first" = "due" }}
"""


def law(folder: Path, deadline: str, zone: str = "Europe/Paris") -> Any:
    path = folder / "xx_test.toml"
    path.write_text(LAW.format(deadline=deadline, zone=zone), encoding="utf-8")
    return read_law(path)


def second(folder: Path, deadline: str, zone: str = "Europe/Paris", **facts: Any) -> Duty:
    moments = {name: datetime.fromisoformat(value) if isinstance(value, str) and "T" in value else value for name, value in facts.items()}
    found = judge((law(folder, deadline, zone),), facts_of(residents={"FR": 1}, **moments), None, now=NOW)
    return next(duty for duty in found.duties if duty.id == "xx-test.second")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def test_no_later_than_the_notice_is_the_planned_day_first_and_its_own_moment_once_it_happened(tmp_path: Path):
    deadline = '{ at = "same_time", from = "notice_to_individuals", after = "xx-test.first" }'

    planned = second(tmp_path, deadline, awareness="2026-03-06T18:00:00+01:00")
    assert planned.due_at == at("2026-04-05T23:59:59+02:00")  # thirty days after 6 March
    assert planned.limit.startswith("no later than notice_to_individuals; planned: counted from the last moment for xx-test.first")

    told = second(tmp_path, deadline, awareness="2026-03-06T18:00:00+01:00", notice_to_individuals="2026-03-12T09:30:00+01:00")
    assert told.due_at == at("2026-03-12T09:30:00+01:00")


def test_of_two_clocks_the_first_to_end_is_the_deadline(tmp_path: Path):
    # DORA: four hours from classification, and at most twenty-four from awareness while the classification came in time.
    deadline = (
        '{ within_hours = 4, from = "classification_major", or_earlier = [ { within_hours = 24, from = "awareness", cite = "Art 5",'
        " when = \"hours_between('awareness', 'classification_major') <= 24\" } ] }"
    )
    soon = second(tmp_path, deadline, awareness="2026-03-02T08:00:00+01:00", classification_major="2026-03-02T10:00:00+01:00")
    assert soon.due_at == at("2026-03-02T14:00:00+01:00")
    towards_the_end = second(tmp_path, deadline, awareness="2026-03-02T08:00:00+01:00", classification_major="2026-03-03T07:00:00+01:00")
    assert towards_the_end.due_at == at("2026-03-03T08:00:00+01:00")
    late = second(tmp_path, deadline, awareness="2026-03-02T08:00:00+01:00", classification_major="2026-03-04T07:00:00+01:00")
    assert late.due_at == at("2026-03-04T11:00:00+01:00")
    # Not classified yet: the twenty-four hours run.
    assert second(tmp_path, deadline, awareness="2026-03-02T08:00:00+01:00").due_at == at("2026-03-03T08:00:00+01:00")


def test_counting_may_begin_at_the_end_of_the_year_or_with_the_day_itself(tmp_path: Path):
    # HIPAA, fewer than 500: sixty days after the end of the calendar year; 2027 is no leap year.
    year = second(tmp_path, '{ within_days = 60, from = "discovery", start = "year_end" }', discovery="2026-03-02T08:00:00+01:00")
    assert year.due_at == at("2027-03-01T23:59:59+01:00")
    day = second(tmp_path, '{ within_days = 5, from = "awareness", start = "same_day" }', awareness="2026-03-02T08:00:00+01:00")
    assert day.due_at == at("2026-03-06T23:59:59+01:00")


@pytest.mark.parametrize(
    ("unless", "sectors", "due"),
    [
        ("", ["payment"], "2026-03-09T12:00:00+01:00"),  # Saturday 7 March moves to Monday at noon
        ("roll_unless = \"'bank' in sectors\",", ["bank"], "2026-03-07T10:00:00+01:00"),
        ("roll_unless = \"'bank' in sectors\",", ["payment"], "2026-03-09T12:00:00+01:00"),
        ("roll_unless = \"'bank' in sectors\",", None, "2026-03-07T10:00:00+01:00"),  # not known: the earlier one is safe
    ],
)
def test_a_limit_that_the_law_moves_ends_at_noon_of_the_next_working_day(tmp_path: Path, unless: str, sectors: list[str] | None, due: str):
    deadline = f'{{ within_hours = 72, from = "awareness", calendar = "main_establishment", {unless} roll = "noon_of_next_working_day" }}'
    facts: dict[str, Any] = {"awareness": "2026-03-04T10:00:00+01:00", "main_establishment": "FR"}

    assert second(tmp_path, deadline, **facts, **({"sectors": sectors} if sectors else {})).due_at == at(due)


def test_public_holidays_are_those_of_the_main_establishment(tmp_path: Path):
    deadline = '{ within_working_days = 2, from = "awareness", calendar = "main_establishment" }'

    # 14 July is a holiday in France and none in Germany.
    assert second(tmp_path, deadline, awareness="2026-07-13T10:00:00+02:00", main_establishment="FR").due_at == at("2026-07-16T23:59:59+02:00")
    assert second(tmp_path, deadline, awareness="2026-07-13T10:00:00+02:00", main_establishment="DE").due_at == at("2026-07-15T23:59:59+02:00")
    nobody_knows = second(tmp_path, deadline, awareness="2026-07-13T10:00:00+02:00")
    assert nobody_knows.due_at == at("2026-07-15T23:59:59+02:00")
    assert "public holidays are not counted" in nobody_knows.limit


def test_what_is_due_without_a_date_asks_when_its_clock_began(tmp_path: Path):
    deadline = '{ within_days = 60, from = "determination" }'

    assert (second(tmp_path, deadline).due_at, second(tmp_path, deadline).ask) == (None, ("determination",))
    assert second(tmp_path, deadline, determination="2026-03-02T08:00:00+01:00").ask == ()


def test_a_roll_rule_that_only_allows_more_time_keeps_the_earlier_date_and_says_the_later(tmp_path: Path):
    month = second(
        tmp_path, '{ within_months = 1, from = "awareness", roll = "next_working_day", calendar = "FR" }', awareness="2026-01-08T10:00:00+01:00"
    )

    assert month.due_at == at("2026-02-08T23:59:59+01:00")  # a Sunday
    assert "it would end on 2026-02-09" in month.limit


@pytest.mark.parametrize(
    ("deadline", "says"),
    [
        ('{ within_days = 3, at = "before", from = "awareness" }', "a number or `at`, not both"),
        ('{ at = "before" }', "name it with `from`"),
        ('{ within_days = 3, from = "awareness", roll = "next_working_day" }', "needs a `calendar`"),
        ('{ within_working_days = 3, from = "awareness", calendar = "QQ" }', "no calendar of holidays 'QQ'"),
        (
            '{ within_days = 3, from = "awareness", or_earlier = [ { within_days = 2, from = "awarenes", cite = "s. 3" } ] }',
            "did you mean 'awareness'",
        ),
    ],
)
def test_a_deadline_that_cannot_be_is_refused_with_its_line(tmp_path: Path, deadline: str, says: str):
    with pytest.raises(BadLaw, match=r"xx_test\.toml:\d+") as caught:
        law(tmp_path, deadline)
    assert says in str(caught.value)


@pytest.mark.parametrize(
    ("facts", "state", "reach"),
    [
        ({"sectors": ["hotel"]}, "not_due", False),  # although nobody has checked the file
        ({"sectors": ["bank"]}, "due", True),
        ({}, "undetermined", None),
    ],
)
def test_a_law_for_banks_does_not_reach_a_hotel_and_asks_who_we_are_first(tmp_path: Path, facts: dict[str, Any], state: str, reach: bool | None):
    path = tmp_path / "xx_test.toml"
    text = LAW.format(deadline='{ within_hours = 36, from = "awareness" }', zone="Europe/Paris").replace("verified = true", "verified = false")
    path.write_text(text.replace("read_on", "for_whom = \"'bank' in sectors\"\nread_on", 1), encoding="utf-8")

    facts = {**facts, "awareness": at("2026-03-06T18:00:00+01:00")}
    found = judge((read_law(path),), facts_of(residents={"FR": 1}, **facts), None, now=NOW)

    duty = found.duties[1]
    assert (duty.state, duty.reach) == (state, reach)
    assert duty.ask == (("sectors",) if reach is None else ())


def test_whom_a_law_binds_is_read_as_strictly_as_every_condition(tmp_path: Path):
    path = tmp_path / "xx_test.toml"
    text = LAW.format(deadline='{ within_hours = 36, from = "awareness" }', zone="Europe/Paris")
    path.write_text(text.replace("read_on", "for_whom = \"'banc' in sectors\"\nread_on", 1), encoding="utf-8")

    with pytest.raises(BadLaw, match="sectors never holds 'banc'"):
        read_law(path)
