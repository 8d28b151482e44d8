"""A whole incident: a hotel chain of 20,000 guests, from stolen files to mails counted person by person."""

import csv
import email
import json
import re
import socket
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from aiosmtpd.controller import Controller

from amanat.scope import ocr

AMANAT = Path(sys.executable).parent / "amanat"
N_PERSONS, SEED = 20_000, 1
NOW = "2026-11-14T09:00:00+01:00"  # the morning after


def amanat(*arguments, code=0):
    done = subprocess.run([AMANAT, *map(str, arguments)], capture_output=True, text=True, check=False)
    assert done.returncode == code, (done.returncode, done.stdout[-2000:], done.stderr[-3000:])
    return done


@pytest.fixture(scope="module")
def story(tmp_path_factory):
    folder = tmp_path_factory.mktemp("hotel") / "story"
    amanat("prepare", "company", folder, "--persons", N_PERSONS, "--seed", SEED)
    return folder


@pytest.fixture(scope="module")
def out(story):
    return story.parent / "out"


@pytest.fixture(scope="module")
def result(story, out):
    return json.loads(amanat("run", story, "--out", out, "--now", NOW, "--format", "json").stdout)


@pytest.fixture(scope="module")
def truth(story):
    return pq.read_table(story / "truth.parquet").to_pylist()


@pytest.fixture(scope="module")
def exposures(out, result):
    return pq.read_table(out / "exposures.parquet").to_pylist()


def inside(person_id):
    return not person_id.startswith("out-")


@pytest.mark.story
def test_at_least_99_percent_of_affected_persons_are_found_and_at_most_1_percent_are_wrong(truth, exposures):
    affected = {row["person_id"] for row in truth if row["readable"] and inside(row["person_id"])}
    anywhere = {row["person_id"] for row in truth if inside(row["person_id"])}
    sure = {row["person_id"] for row in exposures if row["state"] == "sure"}
    review = {row["person_id"] for row in exposures if row["state"] == "review"}
    assert len(affected) > N_PERSONS * 0.3
    assert len(affected & (sure | review)) / len(affected) >= 0.99
    assert len(affected & sure) / len(affected) >= 0.97
    assert len(sure - anywhere) / len(sure) <= 0.01


@pytest.mark.story
def test_kinds_are_found_for_the_person_they_belong_to(truth, exposures):
    wanted = {(row["person_id"], row["kind"]) for row in truth if row["readable"] and inside(row["person_id"])}
    got = {(row["person_id"], kind) for row in exposures if row["state"] != "outsider" for kind in row["kinds"]}
    for kind in ("email", "phone", "iban", "national_id", "ssn", "dob", "passport", "password", "password_hash", "ip", "loyalty_id"):
        mine = {pair for pair in wanted if pair[1] == kind}
        assert mine, kind
        assert len(mine & got) / len(mine) >= 0.97, kind


@pytest.mark.story
def test_what_no_honest_reader_can_open_is_a_gap(truth, out, result):
    with (out / "gaps.csv").open(encoding="utf-8", newline="") as file:
        gaps = [row["path"] for row in csv.DictReader(file)]
    assert gaps and len(gaps) == len(result["gaps"])
    unreadable = sorted({row["path"] for row in truth if not row["readable"]})
    if ocr.installed():  # then the scans are read
        unreadable = [path for path in unreadable if not path.startswith("scans/")]
    assert unreadable
    for path in unreadable:
        # A gap may name the container when its members cannot even be listed.
        assert any(path == gap or path.startswith(gap + "!/") or gap.startswith(path) for gap in gaps), path


@pytest.mark.story
def test_outsiders_are_listed_too(truth, exposures):
    outsiders = {row["person_id"] for row in truth if row["readable"] and not inside(row["person_id"])}
    found = sum(row["state"] == "outsider" for row in exposures)
    assert outsiders
    assert 0.8 * len(outsiders) <= found <= 1.3 * len(outsiders)


@pytest.mark.story
def test_duties_and_deadlines_are_as_the_six_laws_say(result):
    # Awareness is Friday 13 November 2026, 19:40 in Paris; worked out by hand from the texts of the laws.
    due = {d["id"]: datetime.fromisoformat(d["due_at"]) if d["due_at"] else None for d in result["duties"] if d["state"] == "due"}
    instants = {
        "eu-gdpr.authority": "2026-11-16T18:40:00+00:00",  # 72 hours, through the weekend
        "uk-gdpr.authority": "2026-11-16T18:40:00+00:00",
        "us-ca.individuals": "2026-12-13T23:59:59-08:00",  # 30 calendar days, end of the day in California
        "us-ny.individuals": "2026-12-13T23:59:59-05:00",
        # Three working days: Mon 16, Tue 17, Wed 18 (Friday 20 is a holiday, and not reached).
        "br-lgpd.authority": "2026-11-18T23:59:59-03:00",
        "br-lgpd.individuals": "2026-11-18T23:59:59-03:00",
    }
    for duty, instant in instants.items():
        assert due[duty] == datetime.fromisoformat(instant), duty
    for duty in ("eu-gdpr.individuals", "uk-gdpr.individuals", "ca-qc-25.authority", "ca-qc-25.individuals", "us-ny.authority1"):
        assert duty in due and due[duty] is None, duty  # without undue delay, promptly: no fixed instant


@pytest.mark.story
def test_notices_are_written_in_three_languages_and_pass_the_honesty_gate(result, out):
    languages = {notice["language"] for notice in result["notices"]}
    assert languages == {"en", "fr", "fa"}
    assert [n["id"] for n in result["notices"] if n["blocking"]] == []
    for notice in result["notices"]:
        names = {p.suffix for p in (out / "notices" / notice["id"]).iterdir()}
        assert {".txt", ".html", ".pdf", ".json"} <= names, notice["id"]


@pytest.mark.story
def test_the_journal_of_the_run_is_whole(out, result):
    verdict = json.loads(amanat("journal", "verify", out / "journal.jsonl", "--head", result["journal_head"], "--format", "json").stdout)
    assert verdict["is_whole"]


class Inbox:
    """A real mail server that keeps the person's Message-ID and recipient of each mail."""

    def __init__(self):
        self.mails = []

    async def handle_DATA(self, server, session, envelope):
        message = email.message_from_bytes(envelope.content)
        self.mails.append((envelope.rcpt_tos[0], message["Message-ID"], message))
        return "250 kept"


def started(inbox):
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    server = Controller(inbox, hostname="127.0.0.1", port=port)
    server.start()
    return server, port


@pytest.fixture(scope="module")
def sent(story, out, result):
    inbox = Inbox()
    server, port = started(inbox)
    approval = story.parent / "approval.toml"
    n = str(pq.read_table(out / "sendings.parquet").num_rows)
    refused = amanat("run", story, "--out", out, "--now", NOW, "--send", f"smtp://127.0.0.1:{port}", code=2)
    for who in ("incident-lead", "data-protection"):
        amanat("notify", "approve", out, "--as", who, "--key", story / f"staff/{who}.key", "--file", approval, "--typed", n)
    done = json.loads(
        amanat("run", story, "--out", out, "--now", NOW, "--send", f"smtp://127.0.0.1:{port}", "--approval", approval, "--format", "json").stdout
    )
    server.stop()
    return inbox.mails, done, refused


@pytest.mark.story
def test_nothing_is_sent_without_an_approval(sent):
    assert "--approval" in sent[2].stderr


@pytest.mark.story
def test_every_person_with_an_address_gets_one_mail_and_is_counted(sent, out):
    mails, done, _ = sent
    planned = pq.read_table(out / "sendings.parquet").to_pylist()
    by_mail = [row for row in planned if row["channel"] == "email"]
    assert len(planned) > 10_000 and len({row["person_id"] for row in planned}) == len(planned)
    assert len(mails) == len(by_mail) == len({message_id for _, message_id, _ in mails})
    assert done["reach"]["accepted"] == len(planned)
    accepted = [row for row in pq.read_table(out / "receipts.parquet").to_pylist() if row["state"] == "accepted"]
    assert {row["person_id"] for row in accepted} == {row["person_id"] for row in planned}


@pytest.mark.story
def test_a_mail_speaks_the_persons_language_and_its_code_is_true(sent, out, story):
    with (story / "register.csv").open(encoding="utf-8", newline="") as file:
        language = {address.lower(): row["language"] for row in csv.DictReader(file) for address in row["email"].split(";")}
    mails, _, _ = sent
    seen = set()
    for recipient, _, message in mails:
        spoken = message["Content-Language"]
        wanted = language[recipient.lower()]
        seen.add(spoken)
        assert spoken == (wanted if wanted in ("en", "fr", "fa") else "en"), wanted
    assert seen == {"en", "fr", "fa"}
    text = next(part.get_payload(decode=True).decode() for part in mails[0][2].walk() if part.get_content_type() == "text/plain")
    code = re.search(r"\b[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z*~$=]\b|\b[0-9A-Z]{4}(?:-[0-9A-Z]{1,4}){3}", text)[0]
    assert json.loads(amanat("verify", code, "--case", out, "--format", "json").stdout)["state"] == "true"
    wrong = ("A" if code[0] != "A" else "B") + code[1:]
    assert json.loads(amanat("verify", wrong, "--case", out, "--format", "json", code=1).stdout)["state"] == "unknown"


@pytest.mark.story
def test_a_second_run_tells_nobody_twice(sent, story, out):
    inbox = Inbox()
    server, port = started(inbox)
    amanat("run", story, "--out", out, "--now", NOW, "--send", f"smtp://127.0.0.1:{port}", "--approval", story.parent / "approval.toml")
    server.stop()
    assert inbox.mails == []


@pytest.mark.story
def test_one_changed_word_voids_the_approval(sent, story, out):
    facts = story / "facts.toml"
    before = facts.read_text(encoding="utf-8")
    try:
        facts.write_text(before.replace("copied", "took", 1), encoding="utf-8")
        done = amanat("run", story, "--out", out, "--now", NOW, "--send", "smtp://127.0.0.1:9", "--approval", story.parent / "approval.toml", code=2)
    finally:
        facts.write_text(before, encoding="utf-8")
    assert "the text of the notices has changed since it was approved" in done.stderr
