"""The whole way of a mail, from claim to the server's answer, beside Django, Django with dkimpy, nodemailer and Postfix's smtp-source.

Ours does everything: rows are claimed and recorded in PostgreSQL, contacts decrypted, the hotel's real notice filled, stamped, and
signed with DKIM (RSA-2048). The peers get finished text, and only compose and send it. All send into Postfix's `smtp-sink` on
this machine, over four connections. "Per core" is messages for each second of the sender's processor time, PostgreSQL's and the sink's not counted.

    python -m bench bench_mail_path                        20,000 mails, with peers (Debian: apt install postfix; npm install nodemailer)
    python -m bench.bench_mail_path 1000000 --workers 2    as many as one likes, ours alone: time, memory at the tenths
"""

import json
import os
import resource
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
AMANAT = Path(sys.executable).parent / "amanat"
NOW = "2026-11-14T09:00:00+01:00"
N_MAILS, N_PEER, N_DKIMPY = 20_000, 5_000, 1_000
CONNECTIONS = 4


@contextmanager
def a_sink() -> Iterator[int]:
    """Postfix's sink on a free port; takes everything and keeps nothing."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    user = ["-u", "nobody"] if os.getuid() == 0 else []
    sink = subprocess.Popen(["/usr/sbin/smtp-sink", *user, f"127.0.0.1:{port}", "1000"], stderr=subprocess.DEVNULL)
    try:
        while True:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.02)
        yield port
    finally:
        sink.kill()
        sink.wait()


def the_notice(home: Path) -> tuple[Path, Any]:
    """The hotel's English notice as `amanat run` composes it, and the company.toml it goes out under."""
    from amanat import pipeline

    story = home / "story"
    subprocess.run([AMANAT, "prepare", "company", story, "--persons", "200", "--seed", "1"], check=True, capture_output=True)
    outcome = pipeline.run(story, home / "case", now=lambda: datetime.fromisoformat(NOW))
    return story / "company.toml", next(n for n in outcome.notices if n.id == "eu-gdpr.en")


def a_key(home: Path, domain: str) -> Path:
    """A folder of gateways whose email.toml signs with a fresh RSA key of 2,048 bits."""
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import rsa

    folder = home / "gateways"
    folder.mkdir(parents=True)
    pem = rsa.generate_private_key(65537, 2048).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
    )
    (folder / "dkim.pem").write_bytes(pem)
    (folder / "email.toml").write_text(f'[[dkim]]\ndomain = "{domain}"\nselector = "bench"\nkey_file = "dkim.pem"\n')
    return folder


def ours(home: Path, n: int, n_workers: int) -> dict[str, Any]:
    """Sends `n` mails through `n_workers` processes; seconds, processor seconds of the workers, and their memory while they went."""
    from amanat.terms.company import read_company
    from tests.crash import World

    toml, notice = the_notice(home)
    company = read_company(toml)
    os.chmod(home, 0o711)
    with a_sink() as port:
        world = World(home, toml.read_text(encoding="utf-8"))
        os.environ |= {"AMANAT_SMTP": f"smtp://127.0.0.1:{port}", "AMANAT_GATEWAYS": str(a_key(home, company.sender.rsplit("@", 1)[1]))}
        try:
            began = time.monotonic()
            approval = world.prepare(n, notice)
            loaded = time.monotonic() - began
            began = time.monotonic()
            workers = [
                subprocess.Popen([*os.environ.get("BENCH_UNDER", "").split(), sys.executable, "-m", "bench.bench_mail_path", "worker", approval], stdout=subprocess.PIPE, text=True)
                for _ in range(n_workers)
            ]
            told = [json.loads(worker.communicate()[0].splitlines()[-1]) for worker in workers]
            whole = time.monotonic() - began
            n_left = world.n_open(approval)
        finally:
            world.close()
    assert n_left == 0, f"{n_left} were not accepted"
    return {"n": n, "load_s": loaded, "whole_s": whole, "send_s": max(t["send_s"] for t in told), "workers": told}


def worker(approval: str) -> None:
    """One worker of the queue, for one approval."""
    from amanat.web.start import django_ready

    django_ready()
    from amanat import notify
    from amanat.web.notify import tasks

    tasks.call_more = lambda approval: None
    tasks.SENDINGS_PER_SENDER = 1
    timed: dict[str, Any] = {"memory_mb": []}

    def work(ledger: Any, channels: Any, **given: Any) -> Any:
        began, spent, total = time.monotonic(), time.process_time(), given["n_total"]

        def progress(_step: str, n_done: int, _total: int) -> None:
            if n_done % max(1, total // 20) == 0:
                timed["memory_mb"].append(int(Path("/proc/self/statm").read_text().split()[1]) * 4096 >> 20)

        try:
            return plain(ledger, channels, **{**given, "progress": progress})
        finally:
            timed.update(send_s=time.monotonic() - began, cpu_s=time.process_time() - spent)

    plain, notify.work = notify.work, work
    tasks.send_notices.func(None, approval_id=approval)
    print(json.dumps({**timed, "most_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10}))


if __name__ == "__main__":
    if sys.argv[1:2] == ["worker"]:
        worker(sys.argv[2])
    else:
        with tempfile.TemporaryDirectory(prefix="amanat-bench-") as temporary:
            print(json.dumps(ours(Path(temporary), int(sys.argv[1]), 1)))
