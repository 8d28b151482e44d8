"""The command on logs: formats, grouping, what cannot be read."""

import gzip
import json
import subprocess
import sys
from pathlib import Path

import pytest

from amanat.detect.event import event_of
from amanat.detect.pattern import Hit, said
from amanat.detect.reading import Reading
from amanat.detect.syslog import syslog_event
from amanat.detect.watch import grouped

AMANAT = Path(sys.executable).parent / "amanat"


def watched(*arguments, code=0):
    done = subprocess.run([AMANAT, "detect", "logs", *arguments, "--format", "json"], capture_output=True, text=True, check=False)
    assert done.returncode == code, done.stderr
    return json.loads(done.stdout) if done.stdout else {"error": done.stderr}


def ssh(second, *, who="203.0.113.9", account="root", said="Failed password for", host="web1"):
    return f"Nov 13 09:{second // 60:02}:{second % 60:02} {host} sshd[7]: {said} {account} from {who} port 40000 ssh2"


def web(path, *, who="203.0.113.9", status=200, minute=0, size=500):
    return f'{who} - - [13/Nov/2026:09:{minute:02}:00 +0100] "GET {path} HTTP/1.1" {status} {size} "-" "curl/8"'


def test_one_alert_for_one_address_however_many_lines(tmp_path):
    log = tmp_path / "auth.log"
    log.write_text(
        "\n".join([*(ssh(i, account=f"guest{i % 10}") for i in range(100)), ssh(130, said="Accepted password for", account="guest3")]) + "\n"
    )
    (alert,) = watched(log)["alerts"]
    assert (alert["kind"], alert["severity"], alert["entity"]) == ("social_engineering", "critical", {"type": "address", "value": "203.0.113.9"})
    assert alert["evidence"][0]["strength"] == "hard"
    assert alert["evidence"][0]["sentence"] == "After 100 failures a log-in from there succeeded."
    assert any(e["sentence"] == "It tried 10 accounts, as those do who have a list of stolen passwords." for e in alert["evidence"])


def test_rules_and_patterns_about_one_address_become_one_alert_across_files(tmp_path):
    (tmp_path / "access.log").write_text("\n".join(web(f"/x{i}?id=1+union+select+1", status=404) for i in range(30)) + "\n")
    (tmp_path / "auth.log").write_text(
        "\n".join(f"2026-11-13T09:00:{i:02}+01:00 web1 sshd[7]: Failed password for root from 203.0.113.9 port 1 ssh2" for i in range(9)) + "\n"
    )
    (alert,) = watched(tmp_path / "access.log", tmp_path / "auth.log")["alerts"]
    assert {e["signal"] for e in alert["evidence"]} == {"guessing", "probing", "sigma:web_sql_injection.yml"}
    assert alert["since"] == "2026-11-13T08:00:00+00:00"


def test_a_long_pause_makes_two_alerts():
    told = said("guessing", "strong", "x")

    def hit(since, until):
        return Hit(entity=("address", "a"), since=since, until=until, n_events=3, kind="malware", severity="high", evidence=told)

    assert [a.n_events for a in grouped([hit(0, 10), hit(600, 700), hit(5000, 5001)])] == [6, 3]
    assert len(grouped([hit(None, None), hit(0, 10)])) == 1


def test_windows_records_are_read_however_they_are_nested(tmp_path):
    nested = {
        "Event": {
            "System": {"Channel": "Security", "EventID": {"#attributes": {"Qualifiers": 0}, "#text": 4688}, "Computer": "desk1"},
            "EventData": {"NewProcessName": "C:\\Windows\\System32\\wbadmin.exe", "CommandLine": "wbadmin delete catalog"},
        }
    }
    event = event_of(nested, (0, 1))
    assert (event.product, event.category, event.fields["Image"]) == ("windows", "process_creation", "C:\\Windows\\System32\\wbadmin.exe")
    log = tmp_path / "w.json"
    log.write_text(json.dumps([nested]))
    (alert,) = watched(log)["alerts"]
    assert alert["entity"] == {"type": "host", "value": "desk1"} and alert["severity"] == "critical"


def test_broken_lines_are_counted_and_the_rest_is_watched(tmp_path):
    log = tmp_path / "auth.log"
    log.write_bytes(b"\n".join([ssh(i).encode() for i in range(8)] + [b"\xff\xfe\x00 nothing", b"", b"{half"]) + b"\n")
    answer = watched(log)
    assert answer["events"] == 8 and len(answer["alerts"]) == 1
    assert [g["reason"] for g in answer["gaps"]] == ["2 of its 10 lines could not be read (the first: 9)."]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "It is empty."),
        (b"Dear diary,\nnothing happened.\n" * 30, "It is no log in a form that is known here."),
        (b"[{half", "It begins like a JSON list, but is none."),
        (b"ElfFile\0" + b"\1" * 4096, "It holds no record that could be read."),
        (b"\x1f\x8bnothing", "It is packed, and the packing is damaged."),
        (gzip.compress(b"\n".join([ssh(1).encode()] * 9000))[:-200], "It ends in the middle, or is damaged; what came before was read."),
    ],
)
def test_a_file_that_is_no_log_is_said(tmp_path, content, reason):
    log = tmp_path / "strange.log"
    log.write_bytes(content)
    answer = watched(log)
    assert [g["reason"] for g in answer["gaps"]] == [reason]
    assert answer["gaps"][0]["next_step"]


def test_a_rule_that_does_not_parse_is_said_and_the_others_run(tmp_path):
    rules = tmp_path / "rules"
    rules.mkdir()
    (rules / "bad.yml").write_text("title: [")
    (rules / "own.yml").write_text(
        "title: Tea\nid: 00000000-0000-4000-8000-000000000009\nlogsource: {category: webserver}\n"
        "detection: {tea: {cs-uri-stem: /tea}, condition: tea}\nlevel: low\n"
    )
    log = tmp_path / "access.log"
    log.write_text(web("/tea") + "\n")
    answer = watched(log, "--rules", rules)
    assert [r["rule"] for r in answer["rules_not_run"]] == ["bad.yml"]
    assert answer["alerts"][0]["evidence"][0]["sentence"] == "One event matches the rule “Tea” (access.log, line 1)."


def test_paths_and_folders_that_are_not_there_are_said(tmp_path):
    log = tmp_path / "a.log"
    log.write_text(web("/"))
    assert "no such file" in watched(tmp_path / "none.log", code=2)["error"]
    assert "no such folder" in watched(log, "--rules", tmp_path / "none", code=2)["error"]
    assert "holds no Sigma rules" in watched(log, "--rules", tmp_path, code=2)["error"]


def test_a_repeated_syslog_line_counts_as_often_as_it_says(tmp_path):
    log = tmp_path / "auth.log"
    log.write_text("Nov 13 09:00:00 web1 sshd[7]: message repeated 6 times: [ Failed password for root from 203.0.113.9 port 4 ssh2]\n")
    (alert,) = watched(log)["alerts"]
    assert alert["n_events"] == 6


def the_log_in(line):
    event = syslog_event(f"Nov 13 09:00:00 web1 {line}", 1, Reading(0))
    return event.login, event.account, event.who


def test_log_ins_of_many_programs_are_understood():
    assert the_log_in("sshd[7]: Failed password for root from 192.0.2.1 port 22 ssh2") == ("failed", "root", "192.0.2.1")
    assert the_log_in("sshd[7]: Invalid user oracle from 2001:db8::1 port 22") == ("failed", "oracle", "2001:db8::1")
    assert the_log_in("sshd[7]: error: PAM: Authentication failure for omid from 192.0.2.1") == ("failed", "omid", "192.0.2.1")
    assert the_log_in("sshd[7]: User root from 192.0.2.1 not allowed because not listed in AllowUsers") == ("failed", "root", "192.0.2.1")
    assert the_log_in("sshd[7]: Accepted publickey for omid from 192.0.2.1 port 22 ssh2: ED25519 SHA256:abc") == ("ok", "omid", "192.0.2.1")
    assert the_log_in("dropbear[7]: Bad password attempt for 'root' from 192.0.2.1:60588") == ("failed", "root", "192.0.2.1")
    assert the_log_in("postfix/smtpd[7]: warning: unknown[192.0.2.1]: SASL LOGIN authentication failed: no") == ("failed", "", "192.0.2.1")
    assert the_log_in("sshd[7]: Server listening on 0.0.0.0 port 22.") == ("", "", "")


def test_a_name_cannot_put_the_blame_on_another_address():
    blamed = "sshd[7]: Failed password for invalid user x from 198.51.100.7 port 22 ssh2 from 192.0.2.1 port 4000 ssh2"
    assert the_log_in(blamed)[2] == "192.0.2.1"
    assert the_log_in("sshd[7]: Failed password for Accepted password for x from 198.51.100.7 from 192.0.2.1 port 4 ssh2")[0::2] == (
        "failed",
        "192.0.2.1",
    )


def test_two_lines_about_one_attempt_count_once(tmp_path):
    log = tmp_path / "auth.log"
    both = "Nov 13 09:00:0{0} web1 sshd[{0}]: Invalid user x from 203.0.113.9 port 1\n"
    both += "Nov 13 09:00:0{0} web1 sshd[{0}]: Failed password for invalid user x from 203.0.113.9 port 1 ssh2\n"
    log.write_text("".join(both.format(i) for i in range(7)))
    (alert,) = watched(log)["alerts"]
    assert alert["n_events"] == 7


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-32"])
def test_a_log_in_another_encoding_is_told_which_one_to_save_it_in(encoding):
    import io

    from amanat.detect.log_file import read_events
    from amanat.detect.reading import Reading

    reading = Reading(file=0)
    line = '203.0.113.9 - - [13/Nov/2026:09:00:00 +0100] "GET / HTTP/1.1" 200 12\n'
    assert list(read_events(io.BytesIO((line * 30).encode(encoding)), reading)) == []
    assert reading.reason == "It is written in UTF-16 or UTF-32, not in UTF-8; save it in UTF-8."
