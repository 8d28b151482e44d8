"""`traces/`: mail and logs in which the attack stands where `truth.toml` says, and nowhere else."""

import email
import ipaddress
import json
import mailbox
import re
import tomllib
from datetime import datetime, timedelta

import pytest

from amanat.prepare.trace_lines import ranges
from amanat.prepare.traces import write_traces
from amanat.terms.fact import read_facts

AT = datetime.fromisoformat("2026-11-13T19:40:00+01:00")
# RFC 5737
DOCUMENTATION = [ipaddress.ip_network(net) for net in ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24")]
ATTACKERS = ipaddress.ip_network("203.0.113.0/24")
COMBINED = re.compile(r'^(\S+) - - \[([^\]]+)\] "(GET|POST) (\S+) HTTP/1\.1" (\d{3}) (\d+) "([^"]*)" "([^"]*)"$')


@pytest.fixture(scope="module")
def traces(tmp_path_factory):
    folder = tmp_path_factory.mktemp("practice") / "traces"
    write_traces(folder, 1, AT)
    return folder


@pytest.fixture(scope="module")
def truth(traces):
    return tomllib.loads((traces / "truth.toml").read_text(encoding="utf-8"))


def lines_of(traces, file):
    return (traces / file).read_text(encoding="utf-8").splitlines()


def numbers_of(truth, file, act=None):
    return {
        number
        for attack in truth["lines"]
        if attack["file"] == file and act in (None, attack["act"])
        for first, last in attack["lines"]
        for number in range(first, last + 1)
    }


def test_the_message_that_the_truth_names_is_the_only_one_from_the_lookalike_domain(traces, truth):
    (lure,) = [m for m in truth["mail"] if m["file"] == "mail/staff.mbox"]
    senders = [str(message["From"]) for message in mailbox.mbox(traces / "mail/staff.mbox")]

    assert len(senders) > 50
    assert [n for n, sender in enumerate(senders, 1) if "karvan-hote1s.example" in sender] == [lure["message"]]


def test_the_lure_shows_our_address_and_leads_to_another_and_its_authentication_passes(traces, truth):
    lure = mailbox.mbox(traces / "mail/staff.mbox")[truth["mail"][0]["message"] - 1]
    page = next(p for p in lure.walk() if p.get_content_type() == "text/html").get_payload(decode=True).decode("utf-8")

    assert re.findall(r'href="https://([^/"]+)[^>]*>https://([^/<]+)', page) == [("sso.karvan-hote1s.example", "sso.karvan-hotels.example")]
    assert truth["authserv_ids"] == ["mx.karvan-hotels.example"]
    results = " ".join(str(lure["Authentication-Results"]).split())
    assert results.startswith("mx.karvan-hotels.example; spf=pass") and "dmarc=pass" in results


def test_the_receptionist_forwards_the_very_same_message_as_an_attachment(traces, truth):
    lure = mailbox.mbox(traces / "mail/staff.mbox")[truth["mail"][0]["message"] - 1]
    report = email.message_from_bytes((traces / "mail/reported.eml").read_bytes())
    (inner,) = [part.get_payload(0) for part in report.walk() if part.get_content_type() == "message/rfc822"]

    assert report["To"].endswith("<security@karvan-hotels.example>")
    assert inner["Message-ID"] == lure["Message-ID"] and inner["Subject"].split() == lure["Subject"].split()


def test_the_mailbox_holds_mail_in_three_languages_and_newsletters(traces):
    box = mailbox.mbox(traces / "mail/staff.mbox")
    texts = [next(p for p in m.walk() if p.get_content_type() == "text/plain").get_payload(decode=True).decode("utf-8") for m in box]

    assert sum("Thanks" in t or "Dear" in t for t in texts) >= 9
    assert sum("Bonjour" in t for t in texts) >= 9
    assert sum("سلام" in t for t in texts) >= 9
    assert sum(m["List-Unsubscribe"] is not None for m in box) == 6


def test_only_addresses_and_names_kept_for_documentation_appear(traces):
    for path in [p for p in traces.rglob("*") if p.is_file()]:
        text = path.read_text(encoding="utf-8")
        for address in re.findall(r"(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?![\d.]\d)", text):
            if not address.endswith(".0.0") and address not in ("127.0.0.1", "142.0.0.0", "144.0.0.0"):  # versions of browsers look alike
                assert any(ipaddress.ip_address(address) in net for net in DOCUMENTATION), (path.name, address)
        for domain in re.findall(r"@([\w-]+(?:\.[\w-]+)+)", text):
            assert domain.endswith((".example", "example.org", "example.net")), (path.name, domain)


@pytest.mark.parametrize("file", ["logs/web_access.log", "logs/auth.log", "logs/endpoints.jsonl", "logs/egress.jsonl"])
def test_attackers_stand_on_the_lines_that_the_truth_names_and_on_no_others(traces, truth, file):
    told = numbers_of(truth, file)
    for number, line in enumerate(lines_of(traces, file), 1):
        addresses = re.findall(r"(?<![\d.])203\.0\.113\.\d+", line)
        if addresses:
            assert number in told, line
    assert told and max(told) <= len(lines_of(traces, file))


def test_the_access_log_is_in_the_combined_format_and_in_the_order_of_time(traces):
    rows = [COMBINED.match(line) for line in lines_of(traces, "logs/web_access.log")]
    assert all(rows) and len(rows) > 2000
    moments = [datetime.strptime(row[2], "%d/%b/%Y:%H:%M:%S %z") for row in rows]
    assert moments == sorted(moments) and moments[-1] <= AT


def test_the_flood_is_fifty_times_what_guests_ask_for(traces, truth):
    flood = numbers_of(truth, "logs/web_access.log", "request_flood")
    (attack,) = [a for a in truth["lines"] if a["act"] == "request_flood"]
    hours = (attack["until"] - attack["since"]).total_seconds() / 3600
    calm = len(lines_of(traces, "logs/web_access.log")) - len(flood)

    assert len(flood) / hours > 50 * calm / 48


def test_many_accounts_fail_from_five_addresses_and_then_one_log_in_succeeds(traces, truth):
    log = lines_of(traces, "logs/auth.log")
    tried = [log[n - 1] for n in sorted(numbers_of(truth, "logs/auth.log", "credential_stuffing"))]
    (entered, _session) = [log[n - 1] for n in sorted(numbers_of(truth, "logs/auth.log", "account_takeover"))]

    assert len({re.search(r"(?:user|for) (\S+) from", line)[1] for line in tried}) > 30
    assert {re.search(r"from (\S+) port", line)[1] for line in tried} == {f"203.0.113.{n}" for n in (31, 32, 33, 34, 35)}
    assert "Accepted password for c.moreau from 203.0.113.77" in entered


def test_endpoint_events_are_json_and_tell_the_intrusion_in_order(traces, truth):
    events = [json.loads(line) for line in lines_of(traces, "logs/endpoints.jsonl")]
    acts = [a["act"] for a in truth["lines"] if a["file"] == "logs/endpoints.jsonl"]

    assert acts == ["malicious_document", "discovery", "credential_access", "lateral_movement", "archive", "data_leaving", "covering_tracks"]
    first = [events[n - 1] for n in sorted(numbers_of(truth, "logs/endpoints.jsonl", "malicious_document"))]
    assert any(e["Image"].endswith("powershell.exe") and e.get("ParentImage", "").endswith("WINWORD.EXE") for e in first)
    dump = [events[n - 1] for n in sorted(numbers_of(truth, "logs/endpoints.jsonl", "credential_access"))]
    assert any(e["EventID"] == 10 and e["TargetImage"].endswith("lsass.exe") for e in dump)


def test_honest_powershell_is_in_the_log_as_well(traces, truth):
    told = numbers_of(truth, "logs/endpoints.jsonl")
    events = [json.loads(line) for line in lines_of(traces, "logs/endpoints.jsonl")]
    assert sum("powershell" in e.get("Image", "") for n, e in enumerate(events, 1) if n not in told) > 5


def test_what_leaves_to_the_intruder_is_more_than_all_else_from_that_server_but_the_backup(traces, truth):
    flows = [json.loads(line) for line in lines_of(traces, "logs/egress.jsonl")]
    told = numbers_of(truth, "logs/egress.jsonl", "data_leaving")
    gone = sum(f["bytes_out"] for n, f in enumerate(flows, 1) if n in told)
    daily = sum(f["bytes_out"] for f in flows if f["src_host"].startswith("srv-pms") and f["bytes_out"] < 100_000_000)

    assert {flows[n - 1]["dest_ip"] for n in told} == {"203.0.113.77"}
    assert gone > 10 * daily


def test_the_traces_agree_with_the_facts(truth, tmp_path):
    from amanat.prepare.dossier import write_facts
    from amanat.prepare.trade import trades

    write_facts(tmp_path, AT, trades()["hotel"])
    facts = read_facts(tmp_path / "facts.toml")
    since = {(a["file"], a["act"]): a["since"] for a in truth["lines"]}
    until = {(a["file"], a["act"]): a["until"] for a in truth["lines"]}

    assert since["logs/auth.log", "account_takeover"] == facts["occurrence"].value
    assert facts["occurrence_end"].value - timedelta(hours=1) < until["logs/egress.jsonl", "data_leaving"] < facts["occurrence_end"].value
    assert since["logs/web_access.log", "request_flood"] < facts["detection"].value < until["logs/web_access.log", "request_flood"]


def test_another_seed_writes_other_lines_of_the_same_story(traces, tmp_path):
    write_traces(tmp_path / "a", 2, AT)
    write_traces(tmp_path / "b", 2, AT)
    for path in [p for p in traces.rglob("*.*") if p.is_file()]:
        name = path.relative_to(traces)
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()
        assert (tmp_path / "a" / name).read_bytes() != path.read_bytes()


def test_numbers_become_ranges():
    assert ranges([]) == ()
    assert ranges([1, 2, 3, 7, 9, 10]) == ((1, 3), (7, 7), (9, 10))
