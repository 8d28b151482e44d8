"""Reach: who was told, counted in persons; and the proof for one of them."""

import json

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from amanat import notify
from amanat.lib.journal import Journal
from amanat.notify.__main__ import VERB
from amanat.notify.case import NotACase
from amanat.notify.reach import UnknownPerson, reach_of
from tests.notify.delivery_world import KEY, NOW, Sink, a_contact, a_notice, a_plan, a_server, an_approval, deliver, exposures_for
from tests.notify.test_verify_codes import COMPANY


class Picky(Sink):
    async def handle_RCPT(self, server, session, envelope, address, options):
        if address.startswith("gone"):
            return "550 5.1.1 no such user"
        envelope.rcpt_tos.append(address)
        return "250 ok"


CONTACTS = [
    a_contact("fr1", residence="FR", language="fr", emails=("a@example.org",)),
    a_contact("fr2", residence="FR", language="fr", emails=("gone@example.org",)),
    a_contact("ca1", residence="US-CA", language="en", emails=("c@example.org",)),
    a_contact("ca2", residence="US-CA", language="en", emails=("gone2@example.org",), address=None),
    a_contact("x", residence=None, language=None, emails=(), address=None),
]


@pytest.fixture(scope="module")
def case(tmp_path_factory):
    folder = tmp_path_factory.mktemp("case")
    plan = a_plan(CONTACTS)
    (folder / "company.toml").write_text(COMPANY)
    (folder / "case.key").write_text(KEY.hex())
    notify.write_notices([a_notice()], folder, findings={"eu.en": ()})
    notify.write_plan(plan, folder)
    pq.write_table(exposures_for(CONTACTS), folder / "exposures.parquet")
    Journal(folder / "journal.jsonl").write(who="test", act="run.started", at=NOW, what={"incident": "hotel"})
    with a_server(Picky()) as url:
        deliver(folder, CONTACTS, plan, url)
    return folder


def test_the_board_counts_sendings_by_channel_country_language_and_state(case):
    rows = [tuple(row.values()) for row in notify.reach(case).to_pylist()]
    assert rows == [
        ("", "", "", "left_out", 1),
        ("email", "FR", "fr", "accepted", 1),
        ("email", "FR", "fr", "refused", 1),
        ("email", "US", "en", "accepted", 1),
        ("email", "US", "en", "refused", 1),
        ("letter", "FR", "fr", "accepted", 1),
    ]


def test_the_command_counts_each_person_once(case, capsys):
    assert VERB.main(["reach", str(case), "--format", "json"]) == 0
    found = json.loads(capsys.readouterr().out)
    counts = {name: found[name] for name in ("n_persons", "n_reached", "n_waiting", "n_unsure", "n_failed", "n_left_out")}
    assert counts == {"n_persons": 4, "n_reached": 3, "n_waiting": 0, "n_unsure": 0, "n_failed": 1, "n_left_out": 1}
    assert found["states"] == {"accepted": 3, "refused": 2}


def test_the_board_is_readable_on_a_terminal(case, capsys):
    assert VERB.main(["reach", str(case)]) == 0
    assert "3 of 4 persons reached; 0 waiting, 0 unsure, 1 failed on every channel, 1 without an address." in capsys.readouterr().out


def test_a_person_counts_by_their_best_sending():
    states = pa.table({"person_id": ["1", "1", "2", "2", "3", "4"], "state": ["bounced", "accepted", "refused", "queued", "unsure", "refused"]})
    reach = reach_of(states)
    assert (reach.n_persons, reach.n_reached, reach.n_waiting, reach.n_unsure, reach.n_failed) == (4, 1, 1, 1, 1)


def test_the_proof_for_one_person_names_each_step_the_text_and_the_approvers(case):
    found = notify.proof(case, "fr2")
    by_mail, by_letter = found["sendings"]
    assert [state["state"] for state in by_mail["states"]] == ["queued", "attempting", "refused"]
    assert [state["state"] for state in by_letter["states"]] == ["queued", "attempting", "accepted"]
    assert by_letter["content_hash"] == a_notice().content_hash
    assert (found["approval"]["author"], found["approval"]["approver"]) == ("leila", "omar")
    assert found["approval"]["approver_signature"] == an_approval(a_plan(CONTACTS)).approver_signature


def test_the_proof_for_somebody_without_an_address_says_why(case):
    assert notify.proof(case, "x")["left_out"] == "no e-mail address on file; no postal address on file"


def test_an_unknown_person_is_said(case):
    with pytest.raises(UnknownPerson):
        notify.proof(case, "nobody")


def test_the_proof_command_prints_json_and_text(case, capsys):
    assert VERB.main(["proof", str(case), "--person", "fr1", "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["sendings"][0]["states"][-1]["state"] == "accepted"
    assert VERB.main(["proof", str(case), "--person", "fr1"]) == 0
    assert "Approved by leila and omar" in capsys.readouterr().out


FORECAST = {"forecast", "paces", "n_at_once", "zone", "service_level"}


def test_the_plan_command_shows_who_and_who_not(case, capsys):
    assert VERB.main(["plan", str(case), "--format", "json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found.keys() - {"n_sendings", "channels", "n_together", "n_left_out", "reasons", "languages"} == FORECAST
    assert {name: value for name, value in found.items() if name not in FORECAST} == {
        "n_sendings": 4,
        "channels": {"email": 4},
        "n_together": 0,
        "n_left_out": 1,
        "reasons": {"no e-mail address on file; no postal address on file": 1},
        "languages": [{"notice_id": "eu.en", "reason": "we do not write fr", "n_persons": 2}],
    }


def test_a_folder_that_was_never_sent_from_is_said(tmp_path, capsys):
    with pytest.raises(NotACase, match="holds no receipts"):
        notify.reach(tmp_path)
    assert VERB.main(["plan", str(tmp_path)]) == 2


def test_receipts_have_the_agreed_columns_and_no_address(case):
    receipts = pq.read_table(case / "receipts.parquet")
    assert receipts.schema.names == ["sending_id", "notice_id", "person_id", "channel", "state", "at", "answer"]
    assert not any("@" in answer for answer in receipts["answer"].to_pylist())


def test_withdrawing_is_noted_in_the_journal(case, capsys):
    assert VERB.main(["withdraw", str(case), "--notice", "eu.en", "--why", "a wrong number"]) == 0
    last = json.loads((case / "journal.jsonl").read_text().splitlines()[-1])
    assert (last["act"], last["what"], last["why"]) == ("notice.withdrawn", {"notice_id": "eu.en"}, "a wrong number")


def test_settling_needs_a_member_of_staff_and_is_noted(case, capsys):
    assert VERB.main(["settle", str(case), "--as", "mallory", "told"]) == 2
    staff = '\n[[staff]]\nid = "leila"\nname = "Leila"\n'
    (case / "company.toml").write_text(COMPANY + staff)
    assert VERB.main(["settle", str(case), "--as", "leila", "told", "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out.splitlines()[-1]) == {"n_settled": 0, "verdict": "told"}
    last = json.loads((case / "journal.jsonl").read_text().splitlines()[-1])
    assert (last["who"], last["act"]) == ("leila", "unsure.settled")
