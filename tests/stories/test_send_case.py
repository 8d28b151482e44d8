"""Sending a case that was composed and approved before: the same path as a run with --send, from the command line."""

import csv
import json
import shutil

import pytest

from amanat import notify
from amanat.__main__ import load
from tests.notify.delivery_world import KEY, LEILA, NOW, OMAR, Sink, a_notice, a_plan, a_server, exposures_for, many_contacts

STAFF = "".join(
    f'[[staff]]\nid = "{name}"\nname = "{name}"\npublic_key = "{notify.public_key_of(key)}"\n' for name, key in (("leila", LEILA), ("omar", OMAR))
)
COMPANY = f"""name = "Hôtel Exemple"
legal_name = "Hôtel Exemple SA"
address = "1 rue Exemple, 75000 Paris"
country = "FR"
website = "https://hotel.example"
notices_url = "https://hotel.example/notices"
sender = "notices@hotel.example"
privacy_email = "privacy@hotel.example"
domains = ["hotel.example"]
{STAFF}"""


@pytest.fixture
def story(tmp_path):
    """A story with three guests, and the case that was composed from it and signed by two."""
    import pyarrow.parquet as pq

    story, case = tmp_path / "hotel", tmp_path / "case"
    (story / "files").mkdir(parents=True)
    (story / "files" / "guests.csv").write_text("email\np0@example.org\n")
    (story / "facts.toml").write_text('incident_kind = "data_breach"\n')
    (story / "company.toml").write_text(COMPANY)
    with (story / "register.csv").open("w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["person_id", "name", "email", "residence", "language"])
        rows.writerows([f"p{n}", f"Person {n}", f"p{n}@example.org", "FR", "en"] for n in range(3))
    case.mkdir()
    (case / "case.key").write_text(KEY.hex())
    (case / "story.txt").write_text(str(story))
    shutil.copy(story / "company.toml", case)
    contacts = many_contacts(3)
    plan = a_plan(contacts)
    notify.write_notices([a_notice()], case, findings={})
    notify.write_plan(plan, case)
    pq.write_table(exposures_for(contacts), case / "exposures.parquet")
    from amanat.terms.company import read_company

    shared = dict(incident_id="hotel", notices=[a_notice()], plan=plan, company=read_company(case / "company.toml"), now=NOW)
    notify.write_approval(
        tmp_path / "approval.toml", notify.approve(notify.author(**shared, staff_id="leila", key=LEILA), **shared, staff_id="omar", key=OMAR)
    )
    return story


def send(story, url, *more, code=0):
    case = story.parent / "case"
    arguments = ["send", str(case), "--to", url, "--approval", str(story.parent / "approval.toml"), *more]
    assert load("notify").main(arguments) == code


def test_a_composed_and_approved_case_is_sent_and_a_second_time_nobody_is_told_twice(story, capsys):
    with a_server(sink := Sink()) as url:
        send(story, url, "--format", "json")
        first = json.loads(capsys.readouterr().out)
        send(story, url, "--drill", "--format", "json")
        second = json.loads(capsys.readouterr().out)
    assert (first["n_persons"], first["n_reached"], first["is_stopped"]) == (3, 3, False)
    assert second == first
    assert sorted(sink.recipients) == ["p0@example.org", "p1@example.org", "p2@example.org"]
    assert "Person 0" in next(m for m in sink.messages if "p0@" in m["To"]).get_body(("plain",)).get_content()
    acts = [json.loads(line)["act"] for line in (story.parent / "case" / "journal.jsonl").read_text().splitlines()]
    assert acts == ["notices.sent", "notices.sent"]


def test_a_text_that_was_changed_after_the_approval_is_not_sent(story, capsys):
    notify.write_notices([a_notice(text="Another text.")], story.parent / "case", findings={})
    with a_server(sink := Sink()) as url:
        send(story, url, code=2)
    assert "the text of the notices has changed since it was approved" in capsys.readouterr().err
    assert sink.mails == []


def test_a_drill_reaches_no_other_machine(story, capsys):
    send(story, "smtp://mail.example:25", "--drill", code=2)
    assert "a drill reaches only this machine" in capsys.readouterr().err


def test_a_story_that_was_moved_is_asked_for_and_then_taken(story, capsys):
    moved = story.rename(story.parent / "elsewhere")
    send(story, "smtp://127.0.0.1:9", code=2)
    assert "give its place with --story" in capsys.readouterr().err
    moved = moved.rename(moved.parent / "new").rename(moved.parent / "hotel")
    (story.parent / "case" / "story.txt").unlink()
    with a_server(sink := Sink()) as url:
        send(story, url, "--story", str(moved))
    assert len(sink.mails) == 3


def test_the_log_in_of_the_relay_comes_from_a_file(story, capsys):
    (story.parent / "login").write_text("no colon here")
    send(story, "smtp://127.0.0.1:9", "--login-file", str(story.parent / "login"), code=2)
    assert "USER:PASSWORD" in capsys.readouterr().err


def test_a_folder_that_is_no_case_is_said(story, tmp_path, capsys):
    (story.parent / "case" / "case.key").unlink()
    send(story, "smtp://127.0.0.1:9", code=2)
    assert "holds no case.key" in capsys.readouterr().err


def test_a_dry_run_shows_what_it_would_come_to_and_sends_nothing(story, capsys):
    case = story.parent / "case"
    assert load("notify").main(["send", str(case), "--dry-run", "--format", "json"]) == 0
    found = json.loads(capsys.readouterr().out)["dry_run"]
    assert found["channels"][0] == {"channel": "email", "n": 3, "n_reserve": 0, "n_units": 3, "cost": None}
    assert found["domains"] == [["", 3]] and found["n_no_contact"] == 0
    assert load("notify").main(["send", str(case), "--dry-run"]) == 0
    assert "Nothing was sent." in capsys.readouterr().out
    assert not (case / "ledger.jsonl").exists()


def test_without_an_approval_nothing_but_a_dry_run_is_done(story, capsys):
    assert load("notify").main(["send", str(story.parent / "case"), "--to", "smtp://127.0.0.1:9"]) == 2
    assert "--approval FILE is missing" in capsys.readouterr().err


def test_a_test_goes_to_staff_says_so_and_stands_in_no_ledger(story, capsys):
    case = story.parent / "case"
    with a_server(sink := Sink()) as url:
        assert load("notify").main(["test", str(case), "--to", url, "--address", "kim@hotel.example", "--format", "json"]) == 0
        assert json.loads(capsys.readouterr().out)["n_sent"] == 1
        assert load("notify").main(["test", str(case), "--to", url, "--address", "p0@example.org"]) == 2
        said = capsys.readouterr().err
    assert "is not of our domains (hotel.example)" in said and "p0@" not in said
    [mail] = sink.messages
    assert mail["Subject"] == "[TEST] A message about your data"
    assert "Hello [TEST]" in mail.get_body(("plain",)).get_content()
    assert sink.recipients == ["kim@hotel.example"]
    assert not (case / "ledger.jsonl").exists()
