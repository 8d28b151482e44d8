"""Judging messages beside SpamAssassin, and watching logs: rules by what they need beside each rule in turn, log-ins beside fail2ban."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

AMANAT = Path(sys.executable).parent / "amanat"
N_MAILS, N_MAILS_PEER = 2000, 150
N_EVENTS, N_RULES = 20_000, 1000
N_LINES = 100_000


def cpu_seconds(command: Sequence[object], given: Path | None = None) -> float:
    """Processor time of a program and all its children: on a shared machine the clock on the wall tells about the others."""
    with open(given or os.devnull, "rb") as file:
        process = subprocess.Popen([str(c) for c in command], stdin=file, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        _, status, usage = os.wait4(process.pid, 0)
    assert status in (0, 256), status
    return usage.ru_utime + usage.ru_stime


def mails(folder: Path) -> dict[str, str]:
    """Messages per second and core, start-up left out on both sides."""
    from amanat.detect.mail import Ours
    from amanat.detect.practice import practice_mails

    ours_are = Ours(domains=("karvan.example", "karvan-hotels.example"), names=("Karvan Hotels",), authserv_ids=("mx.karvan.example",))
    invented = [one.raw for one in practice_mails(N_MAILS, ours_are, seed=3)]

    def box(n: int) -> Path:
        path = folder / f"{n}.mbox"
        path.write_bytes(b"".join(b"From x@example.org Fri Nov 13 09:00:00 2026\n" + raw + b"\n" for raw in invented[:n]))
        return path

    def ours(n: int) -> float:
        return cpu_seconds([AMANAT, "detect", "mail", "--mbox", box(n), "--domain", "karvan.example", "--name", "Karvan Hotels", "--format", "json"])

    rate = (N_MAILS - 1) / (ours(N_MAILS) - ours(1))
    what = f"{N_MAILS:,} messages judged (per core)"
    if shutil.which("spamassassin") is None:
        return {"what": what, "ours": f"{rate:,.0f}/s", "peer": "SpamAssassin (not installed)", "theirs": "", "ratio": ""}

    def theirs(n: int) -> float:
        return cpu_seconds(["spamassassin", "-L", "-t", "--mbox"], given=box(n))

    peer = (N_MAILS_PEER - 1) / (theirs(N_MAILS_PEER) - theirs(1))
    return {"what": what, "ours": f"{rate:,.0f}/s", "peer": "SpamAssassin -L", "theirs": f"{peer:,.1f}/s", "ratio": f"{rate / peer:.0f}×"}


def rules() -> dict[str, str]:
    """Events per second and core against a thousand rules about processes, in one process; the answers must be the same."""
    from amanat.detect.event import event_of
    from amanat.detect.rule_set import RuleSet
    from amanat.detect.sigma_rule import compile_rules

    texts = [
        (
            f"r{i}.yml",
            f"title: Rule {i}\nid: 00000000-0000-4000-8000-{i:012}\nlogsource: {{product: windows, category: process_creation}}\ndetection:\n"
            f"  image: {{Image|endswith: '\\tool{i}.exe'}}\n  words: {{CommandLine|contains: ['--run{i}', 'payload{i}']}}\n"
            f"  parent: {{ParentImage|endswith: '\\word{i}.exe'}}\n  condition: image and (words or parent)\n",
        )
        for i in range(N_RULES)
    ]
    compiled, not_run = compile_rules(texts)
    assert not not_run
    events = [
        event_of(
            {
                "Channel": "Microsoft-Windows-Sysmon/Operational",
                "EventID": 1,
                "Computer": f"pc{i % 50}",
                "Image": f"C:\\Apps\\tool{i % 5000}.exe",
                "CommandLine": f"tool --run{i % 7000} --quiet",
                "ParentImage": "C:\\Windows\\explorer.exe",
            },
            (0, i),
        )
        for i in range(N_EVENTS)
    ]
    indexed = RuleSet(compiled)
    began = time.process_time()
    found = [sorted(rule.id for rule in indexed.matches(event)) for event in events]
    ours = len(events) / (time.process_time() - began)
    few = events[:: max(1, N_EVENTS // 400)]
    began = time.process_time()
    slow = [sorted(rule.id for rule in compiled if rule.is_about(event) and rule.test(event)) for event in few]
    theirs = len(few) / (time.process_time() - began)
    assert slow == found[:: max(1, N_EVENTS // 400)]
    what = f"{N_EVENTS:,} events against {N_RULES:,} Sigma rules (per core)"
    return {"what": what, "ours": f"{ours:,.0f}/s", "peer": "each rule in turn", "theirs": f"{theirs:,.0f}/s", "ratio": f"{ours / theirs:.1f}×"}


def log_ins(folder: Path) -> dict[str, str]:
    """Lines of a syslog per second and core, through the command, start-up left out on both sides."""

    def log(n: int) -> Path:
        path = folder / f"{n}.log"
        lines = (
            f"Nov 13 {9 + i // 36000:02}:{i // 600 % 60:02}:{i // 10 % 60:02} web1 sshd[{i}]: "
            + (
                f"Failed password for invalid user guest{i % 400} from 203.0.113.{i % 3} port {i % 60000} ssh2"
                if i % 10 == 0
                else f"Accepted publickey for omid from 192.0.2.{i % 200} port {i % 60000} ssh2: ED25519 SHA256:abc"
            )
            for i in range(n)
        )
        path.write_text("\n".join(lines) + "\n")
        return path

    def ours(n: int) -> float:
        return cpu_seconds([AMANAT, "detect", "logs", log(n), "--format", "json"])

    rate = (N_LINES - 1) / (ours(N_LINES) - ours(1))
    what = f"{N_LINES:,} lines of log-ins, rules and patterns (per core)"
    if shutil.which("fail2ban-regex") is None:
        return {"what": what, "ours": f"{rate:,.0f}/s", "peer": "fail2ban-regex sshd (not installed)", "theirs": "", "ratio": ""}

    def theirs(n: int) -> float:
        return cpu_seconds(["fail2ban-regex", log(n), "sshd"])

    n = N_LINES // 10
    peer = (n - 1) / (theirs(n) - theirs(1))
    return {"what": what, "ours": f"{rate:,.0f}/s", "peer": "fail2ban-regex sshd", "theirs": f"{peer:,.0f}/s", "ratio": f"{rate / peer:.1f}×"}


def measure() -> list[dict[str, str]]:
    with tempfile.TemporaryDirectory() as temporary:
        return [mails(Path(temporary)), rules(), log_ins(Path(temporary))]


if __name__ == "__main__":
    print(json.dumps(measure(), indent=1))
