"""Deadlines in a calendar program: stable names, rising SEQUENCE, the authority's zone, alarms, and nobody by name."""

import json
from dataclasses import replace
from datetime import datetime, timezone

import pytest
from icalendar import Calendar

from amanat import assess
from amanat.assess.__main__ import VERB
from amanat.assess.calendar_file import Entry, NotACalendar, as_ics, entries_of, follow, read_ics, uid_of
from amanat.terms.fact import Fact

NOW = datetime(2026, 3, 6, 17, tzinfo=timezone.utc)
DUE = datetime(2026, 3, 9, 17, tzinfo=timezone.utc)
ENTRY = Entry(
    uid=uid_of("eu-gdpr.authority", "c1"), due_at=DUE, standing="CONFIRMED", zone="Europe/Paris", summary="CNIL (Art 33(1))", description="72 h; a, b"
)


def events(content):
    return {str(event["uid"]): event for event in Calendar.from_ical(content).walk("VEVENT")}


def test_a_deadline_stands_in_the_zone_of_the_authority_with_its_own_changes_of_clocks():
    content = as_ics(follow([ENTRY], {}, now=NOW), name="amanat", now=NOW)
    event = events(content)["eu-gdpr.authority.c1@amanat"]

    assert event["dtstart"].params["TZID"] == "Europe/Paris"
    assert event.decoded("dtstart").isoformat() == "2026-03-09T18:00:00+01:00"
    assert [str(zone["tzid"]) for zone in Calendar.from_ical(content).walk("VTIMEZONE")] == ["Europe/Paris"]
    assert [alarm["trigger"].to_ical() for alarm in event.walk("VALARM")] == [b"-P1D", b"-PT2H"]
    assert max(len(line) for line in content.split(b"\r\n")) <= 75  # RFC 5545, 3.1


def test_what_has_moved_gets_the_next_sequence_and_what_has_not_keeps_its_own():
    first = {e.uid: e for e in follow([ENTRY], {}, now=NOW)}
    same = {e.uid: e for e in follow([ENTRY], first, now=DUE)}
    moved = {e.uid: e for e in follow([replace(ENTRY, due_at=NOW)], same, now=DUE)}

    assert [x[ENTRY.uid].sequence for x in (first, same, moved)] == [0, 0, 1]
    assert (same[ENTRY.uid].changed_at, moved[ENTRY.uid].changed_at) == (NOW, DUE)


def test_what_is_not_due_any_more_is_cancelled_once_and_can_come_back():
    first = {e.uid: e for e in follow([ENTRY], {}, now=NOW)}
    gone = {e.uid: e for e in follow([], first, now=DUE)}
    still_gone = {e.uid: e for e in follow([], gone, now=DUE)}
    back = {e.uid: e for e in follow([ENTRY], still_gone, now=DUE)}

    assert [(x[ENTRY.uid].standing, x[ENTRY.uid].sequence) for x in (first, gone, still_gone, back)] == [
        ("CONFIRMED", 0),
        ("CANCELLED", 1),
        ("CANCELLED", 1),
        ("CONFIRMED", 2),
    ]


def test_what_is_done_or_cancelled_rings_no_more():
    done = as_ics([replace(ENTRY, is_done=True), replace(ENTRY, uid="x@amanat", standing="CANCELLED")], name="amanat", now=NOW)

    assert b"VALARM" not in done


def test_a_calendar_that_was_written_is_read_back():
    written = follow([ENTRY, replace(ENTRY, uid="y@amanat", is_done=True)], {}, now=NOW)
    read = read_ics(as_ics(written, name="amanat", now=NOW), where="x.ics")

    assert {uid: (e.due_at, e.standing, e.sequence, e.is_done) for uid, e in read.items()} == {
        e.uid: (e.due_at, e.standing, e.sequence, e.is_done) for e in written
    }
    with pytest.raises(NotACalendar, match=r"x\.ics: cannot be read as a calendar"):
        read_ics(b"no calendar", where="x.ics")


def assessment(**more):
    given = {"awareness": NOW, "role": "controller", "main_establishment": "FR", "establishments": ["FR"], "residents": {"FR": 12000}, "risk": "high"}
    facts = {name: Fact(name=name, value=value, status="known") for name, value in (given | {"kinds": ["email"]} | more).items()}
    return assess.assess(facts, now=NOW)


def test_only_deadlines_with_an_instant_of_laws_that_reach_us_stand_in_it():
    entries = {e.uid: e for e in entries_of(assessment(), case="c1")}

    assert entries["eu-gdpr.authority.c1@amanat"].due_at == DUE  # 72 hours
    assert not any(uid.startswith("us-") for uid in entries)


def test_the_command_writes_the_calendar_of_a_case_and_follows_it(tmp_path, capsys):
    case = tmp_path / "case"
    case.mkdir()
    (case / "assessment.json").write_text(json.dumps(assess.assessment_as_json(assessment())))
    assert VERB.main(["calendar", "--case", str(case), "--now", NOW.isoformat()]) == 0
    later = datetime(2026, 3, 6, 18, tzinfo=timezone.utc)
    (case / "assessment.json").write_text(json.dumps(assess.assessment_as_json(assessment(awareness=later))))
    assert VERB.main(["calendar", "--case", str(case), "--now", NOW.isoformat(), "--format", "json"]) == 0

    told = json.loads(capsys.readouterr().out.splitlines()[-1])
    of_the_authority = next(e for e in told["entries"] if e["uid"].startswith("eu-gdpr.authority."))
    assert (of_the_authority["sequence"], of_the_authority["due_at"]) == (1, "2026-03-09T19:00:00+01:00")
    assert str(tmp_path.name) not in (case / "deadlines.ics").read_text()
