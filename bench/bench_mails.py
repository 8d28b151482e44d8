"""Sending the hotel's notices through a local mail server: mails per second, beside Django's own `send_messages`."""

import json
import socket
import subprocess
import sys
import tempfile
from datetime import datetime
from pathlib import Path

from bench.bench_mail_path import DJANGO

AMANAT = Path(sys.executable).parent / "amanat"
NOW = "2026-11-14T09:00:00+01:00"
N_PERSONS = 20_000


class Server:
    """A sink in a process of its own."""

    def __enter__(self) -> "Server":
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self.process = subprocess.Popen(
            [sys.executable, "-m", "bench.sink", str(self.port)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        assert self.process.stdout is not None and self.process.stdout.readline() == "ready\n"
        return self

    def __exit__(self, *_: object) -> None:
        n_mails, seconds = self.process.communicate()[0].split()
        self.n_mails, self.seconds = int(n_mails), float(seconds)


def ours(folder: Path) -> tuple[float, int, str, str]:
    """Mails per second through `deliver` (codes, ledger and receipts included), how many, and one text and HTML.

    Both sides are timed at the server, from the first connection to the last message: the letters on paper that
    `deliver` prints for persons without e-mail come afterwards.
    """
    from amanat import notify, pipeline, respond

    story, out = folder / "story", folder / "out"
    subprocess.run([AMANAT, "prepare", "company", story, "--persons", str(N_PERSONS), "--seed", "1"], check=True, capture_output=True)
    outcome = pipeline.run(story, out, now=lambda: datetime.fromisoformat(NOW))
    for who in ("incident-lead", "data-protection"):
        sign = [
            "notify",
            "approve",
            out,
            "--as",
            who,
            "--key",
            story / f"staff/{who}.key",
            "--file",
            folder / "approval.toml",
            "--typed",
            str(outcome.plan.sendings.num_rows),
        ]
        subprocess.run([AMANAT, *map(str, sign)], check=True, capture_output=True)
    key = bytes.fromhex((out / "case.key").read_text().strip())
    with Server() as server:
        pipeline.deliver(
            respond.open_incident(story),
            outcome.notices,
            outcome.plan,
            outcome.scope.exposures,
            out,
            key=key,
            to=f"smtp://127.0.0.1:{server.port}",
            approval=folder / "approval.toml",
            now=lambda: datetime.fromisoformat(NOW),
            hold_unsure=False,
            login_file=None,
            ca_file=None,
            is_drill=True,
            progress=lambda *_: None,
        )
    notice = next(n for n in outcome.notices if n.language == "en")
    shown = notify.previews(notice, outcome.incident.company, on=datetime.fromisoformat(NOW).date())[0]
    return server.n_mails / server.seconds, server.n_mails, shown.text, shown.html


def django(text: str, html: str, n: int) -> float:
    """Mails per second of Django's `send_messages` over one connection, with the same text; no ledger, no codes."""
    with Server() as server:
        given = json.dumps({"port": server.port, "n": n, "text": text, "html": html, "domain": "karvan-hotels.example", "key": ""})
        subprocess.run([sys.executable, "-c", DJANGO], input=given, capture_output=True, text=True, check=True)
    assert server.n_mails == n
    return n / server.seconds


def measure() -> list[dict[str, str]]:
    with tempfile.TemporaryDirectory() as temporary:
        rate, n, text, html = ours(Path(temporary))
    theirs = django(text, html, min(n, 5000))
    return [
        {
            "what": f"{n:,} notices by e-mail, with ledger, codes and receipts",
            "ours": f"{rate:,.0f}/s",
            "peer": "Django send_messages",
            "theirs": f"{theirs:,.0f}/s",
            "ratio": f"{rate / theirs:.1f}×",
        }
    ]
