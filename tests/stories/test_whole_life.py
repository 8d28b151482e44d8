"""The whole life of one incident, held against the truth: from a lure among the mails and an intrusion in the logs to the customers who left."""

import csv
import email
import json
import socket
import subprocess
import sys
import tomllib
from collections import Counter
from datetime import datetime
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from aiosmtpd.controller import Controller

AMANAT = Path(sys.executable).parent / "amanat"
# Chosen before the first run, and not changed since; the effect is the default of `prepare company`.
N_PERSONS, SEED = 8_000, 20_261_113
NOW = "2026-11-14T09:00:00+01:00"  # the morning after
ALARMING = {"phishing", "impersonates_us"}

pytestmark = pytest.mark.story


def amanat(*arguments):
    done = subprocess.run([AMANAT, *map(str, arguments), "--format", "json"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, (done.returncode, done.stdout[-2000:], done.stderr[-3000:])
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def story(tmp_path_factory):
    folder = tmp_path_factory.mktemp("life") / "story"
    amanat("prepare", "company", folder, "--persons", N_PERSONS, "--seed", SEED)
    return folder


@pytest.fixture(scope="module")
def traces(story):
    return tomllib.loads((story / "traces" / "truth.toml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def expected(story):
    return tomllib.loads((story / "expected.toml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def out(story):
    return story.parent / "out"


@pytest.fixture(scope="module")
def result(story, out):
    return amanat("run", story, "--out", out, "--now", NOW)


@pytest.fixture(scope="module")
def affected(story):
    truth = pq.read_table(story / "truth.parquet").to_pylist()
    return {row["person_id"] for row in truth if row["readable"] and not row["person_id"].startswith("out-")}


# ---- detect: the first signs ----


def test_the_lure_is_found_and_no_ordinary_mail_is_called_one(story, traces):
    folder = story / "traces"
    files = {Path(one["file"]).name: folder / one["file"] for one in traces["mail"]}
    judged = amanat("detect", "mail", *files.values(), "--company", story / "company.toml", "--authserv", traces["authserv_ids"][0])["messages"]

    lures = {(Path(one["file"]).name, one["message"]) for one in traces["mail"]}
    alarming = {(one["path"], one["message"]) for one in judged if one["verdict"] in ALARMING}
    assert len(judged) > 50
    assert alarming == lures


def test_every_act_of_the_intrusion_is_alerted_with_who_did_it(story, traces):
    alerts = amanat("detect", "logs", *sorted((story / "traces" / "logs").iterdir()))["alerts"]

    entities = {alert["entity"]["value"] for alert in alerts}
    # As `prepare/intrusion.py` tells it: the receptionist's machine, the guests' server, the five that tried passwords.
    for host in ("ws-reception-02", "srv-pms-01"):
        assert any(one.startswith(host) for one in entities), host
    assert {f"203.0.113.{n}" for n in (31, 32, 33, 34, 35)} <= entities
    assert {alert["kind"] for alert in alerts} >= {"phishing", "social_engineering", "data_breach", "denial_of_service", "malware"}
    grave = [alert for alert in alerts if alert["severity"] in ("critical", "high")]
    by_act = {act["act"]: act for act in traces["lines"]}
    for name in ("malicious_document", "credential_stuffing", "credential_access", "data_leaving", "covering_tracks", "request_flood"):
        act = by_act[name]
        times = [(datetime.fromisoformat(alert["since"]), datetime.fromisoformat(alert["until"])) for alert in grave]
        assert any(since <= act["until"] and until >= act["since"] for since, until in times), name
    # What is in everybody's logs all the time is seen, and is not called grave.
    scanners = {"203.0.113.201", "203.0.113.214", "198.51.100.240"}
    assert not scanners & {alert["entity"]["value"] for alert in grave}


# ---- scope and assess: whose data, and what must we do ----


def test_at_least_99_of_100_affected_persons_are_found(result, out, affected):
    found = {row["person_id"] for row in pq.read_table(out / "exposures.parquet").to_pylist() if row["state"] in ("sure", "review")}
    assert len(affected) > N_PERSONS * 0.3
    assert len(affected & found) / len(affected) >= 0.99


def test_every_duty_is_as_the_laws_say(result, expected):
    got = {duty["id"]: duty for duty in result["duties"]}
    for duty in expected["duty"]:
        assert got[duty["id"]]["state"] == duty["state"], duty["id"]
        due_at = got[duty["id"]]["due_at"]
        assert (datetime.fromisoformat(due_at) if due_at else None) == duty.get("due_at"), duty["id"]


# ---- notify: everyone once ----


class Inbox:
    """A real mail server that counts what it was given for whom."""

    def __init__(self):
        self.told = Counter()
        self.ids = Counter()

    async def handle_DATA(self, server, session, envelope):
        self.told.update(address.lower() for address in envelope.rcpt_tos)
        self.ids[email.message_from_bytes(envelope.content)["Message-ID"]] += 1
        return "250 kept"


@pytest.fixture(scope="module")
def inbox(story, out, result):
    inbox = Inbox()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    server = Controller(inbox, hostname="127.0.0.1", port=port)
    server.start()
    approval = story.parent / "approval.toml"
    n = pq.read_table(out / "sendings.parquet").num_rows
    for who in ("incident-lead", "data-protection"):
        amanat("notify", "approve", out, "--as", who, "--key", story / f"staff/{who}.key", "--file", approval, "--typed", n)
    for _ in range(2):  # the second time there is nobody left to tell
        amanat("notify", "send", out, "--to", f"smtp://127.0.0.1:{port}", "--approval", approval, "--drill")
    server.stop()
    return inbox


def test_everyone_who_is_owed_a_notice_is_told_exactly_once(inbox, story, out):
    planned = pq.read_table(out / "sendings.parquet").to_pylist()
    by_mail = {row["person_id"] for row in planned if row["channel"] == "email"}
    with (story / "register.csv").open(encoding="utf-8", newline="") as file:
        addresses = {row["person_id"]: [one.strip().lower() for one in row["email"].split(";")] for row in csv.DictReader(file)}

    assert len(planned) == len({row["person_id"] for row in planned}) and len(by_mail) > 1_000
    assert set(inbox.ids.values()) == {1} and len(inbox.ids) == len(by_mail)
    wanted = Counter(addresses[person][0] for person in by_mail)
    assert inbox.told == wanted
    accepted = {row["person_id"] for row in pq.read_table(out / "receipts.parquet").to_pylist() if row["state"] == "accepted"}
    assert accepted == {row["person_id"] for row in planned}


# ---- trust: the months after ----


def test_the_true_effect_lies_inside_the_interval(story, out, inbox, expected):
    report = amanat(
        "trust", "report", story / "events.parquet", "--exposures", out / "exposures.parquet", "--persons", story / "register.csv",
        "--out", story.parent / "trust",
    )  # fmt: skip

    measures = {one["name"]: one for one in report["measures"]}
    churn, truth = measures["excess_churn"], expected["trust"]
    assert (churn["unit"], churn["standing"], churn["compared_with"]) == ("share", "identified", "unaffected")
    assert churn["estimate"]["low"] <= truth["excess_churn"] <= churn["estimate"]["high"]
    # An interval that holds everything says nothing: with so many guests it must be narrower than the effect.
    assert churn["estimate"]["high"] - churn["estimate"]["low"] < truth["excess_churn"]
    assert churn["estimate"]["low"] > 0
