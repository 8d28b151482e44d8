"""The whole way of a mail, from claim to the server's answer, beside Django, Django with dkimpy, nodemailer and Postfix's smtp-source.

Ours does everything: rows are claimed and recorded in PostgreSQL, contacts decrypted, the hotel's real notice filled, stamped, and
signed with DKIM (RSA-2048). The peers get finished text, and only compose and send it. All send into Postfix's `smtp-sink` on
this machine, over four connections. "Per core" is messages for each second of the sender's processor time, PostgreSQL's and the sink's not counted.

    python -m bench bench_mail_path                        20,000 mails, with peers (Debian: apt install postfix; npm install nodemailer)
    python -m bench.bench_mail_path 1000000 --workers 2    as many as one likes, ours alone: time, memory at the tenths
"""

import json
import os
import re
import shutil
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
        # What a relay takes in an hour would be the figure, and not ours.
        world = World(home, re.sub(r"\[messages_per_hour\]\n(?:[^\[].*\n|\n)*", "", toml.read_text(encoding="utf-8")))
        os.environ |= {"AMANAT_SMTP": f"smtp://127.0.0.1:{port}", "AMANAT_GATEWAYS": str(a_key(home, company.sender.rsplit("@", 1)[1]))}
        try:
            began = time.monotonic()
            approval = world.prepare(n, notice)
            loaded = time.monotonic() - began
            began = time.monotonic()
            workers = [
                subprocess.Popen([sys.executable, "-m", "bench.bench_mail_path", "worker", approval], stdout=subprocess.PIPE, text=True)
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
    timed: dict[str, Any] = {"memory_mb": []}  # at every twentieth of the way

    def work(ledger: Any, channels: Any, **given: Any) -> Any:
        began, spent, total = time.monotonic(), time.process_time(), given["n_total"]

        def progress(_step: str, n_done: int, _total: int) -> None:
            if n_done % max(1, total // 20) == 0:
                timed["memory_mb"].append(_memory_mb("VmRSS"))

        try:
            return plain(ledger, channels, **{**given, "progress": progress})
        finally:
            timed.update(send_s=time.monotonic() - began, cpu_s=time.process_time() - spent)

    plain, notify.work = notify.work, work
    tasks.send_notices.func(None, approval_id=approval)
    print(json.dumps({**timed, "most_mb": _memory_mb("VmHWM")}))


def _memory_mb(what: str) -> int:
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(f"{what}:")) >> 10


# ---- the peers: finished texts, composed and sent ----

DJANGO = """
import json, sys, time
given = json.load(sys.stdin)
from django.conf import settings
settings.configure(EMAIL_HOST="127.0.0.1", EMAIL_PORT=given["port"], USE_I18N=False)
import django
django.setup()
from django.core.mail import EmailMultiAlternatives, get_connection
if given["key"]:
    import dkim
    key = open(given["key"], "rb").read()
    plain = EmailMultiAlternatives.message
    class Signed:
        def __init__(self, raw): self.raw = raw
        def as_bytes(self, **_): return self.raw
    def message(self, **more):
        made = plain(self, **more).as_bytes(linesep="\\r\\n")
        return Signed(dkim.sign(made, b"bench", given["domain"].encode(), key) + made)
    EmailMultiAlternatives.message = message
began, spent = time.monotonic(), time.process_time()
connection = get_connection()
messages = []
for i in range(given["n"]):
    sender, to = "notices@" + given["domain"], [f"guest{i}@example.org"]
    one = EmailMultiAlternatives("A message about your stay", given["text"].replace("Sara", f"Guest {i}"), sender, to, connection=connection)
    one.attach_alternative(given["html"].replace("Sara", f"Guest {i}"), "text/html")
    messages.append(one)
    if len(messages) == 500:
        connection.send_messages(messages)
        messages = []
connection.send_messages(messages)
print(json.dumps({"send_s": time.monotonic() - began, "cpu_s": time.process_time() - spent}))
"""

NODEMAILER = """
const given = JSON.parse(require("fs").readFileSync(0))
const dkim = given.key ? {domainName: given.domain, keySelector: "bench", privateKey: require("fs").readFileSync(given.key)} : undefined
const way = require("nodemailer").createTransport({pool: true, maxConnections: given.connections, maxMessages: Infinity,
    host: "127.0.0.1", port: given.port, ignoreTLS: true, dkim})
const began = process.hrtime.bigint(), spent = process.cpuUsage()
let next = 0
async function one() {
    while (next < given.n) {
        const i = next++
        await way.sendMail({from: "notices@" + given.domain, to: `guest${i}@example.org`, subject: "A message about your stay",
            text: given.text.replaceAll("Sara", `Guest ${i}`), html: given.html.replaceAll("Sara", `Guest ${i}`)})
    }
}
Promise.all(Array.from({length: 4 * given.connections}, one)).then(() => {
    const used = process.cpuUsage(spent)
    console.log(JSON.stringify({send_s: Number(process.hrtime.bigint() - began) / 1e9, cpu_s: (used.user + used.system) / 1e6}))
    way.close()
})
"""


def a_peer(command: list[str], n: int, text: str, html: str, domain: str, key: Path | None) -> dict[str, float]:
    """Rates of a peer that reads its task from standard input: by the clock, and for each second of its processor time."""
    with a_sink() as port:
        given = {"port": port, "n": n, "text": text, "html": html, "domain": domain, "key": str(key or ""), "connections": CONNECTIONS}
        done = subprocess.run(command, input=json.dumps(given), capture_output=True, text=True, check=True)
    said = json.loads(done.stdout.splitlines()[-1])
    return {"wall": n / said["send_s"], "core": n / said["cpu_s"]}


def smtp_source(n: int, size: int) -> dict[str, float]:
    """Postfix's own generator: no message is composed at all."""
    with a_sink() as port:
        before, began = os.times(), time.monotonic()
        command = ["/usr/sbin/smtp-source", "-d", "-s", str(CONNECTIONS), "-m", str(n), "-l", str(size), f"127.0.0.1:{port}"]
        subprocess.run(command, check=True, capture_output=True)
        seconds, after = time.monotonic() - began, os.times()
    spent = after.children_user + after.children_system - before.children_user - before.children_system
    return {"wall": n / seconds, "core": n / spent}


def measure() -> list[dict[str, str]]:
    if not Path("/usr/sbin/smtp-sink").exists():
        return [{"what": "mails, whole way", "ours": "not measured", "peer": "apt install postfix (it need not run)", "theirs": "", "ratio": ""}]
    from amanat import notify
    from amanat.notify.store import read_notices
    from amanat.terms.company import read_company

    with tempfile.TemporaryDirectory(prefix="amanat-bench-") as temporary:
        home = Path(temporary)
        told = ours(home, N_MAILS, 1)
        rate = {"wall": N_MAILS / told["send_s"], "core": N_MAILS / told["workers"][0]["cpu_s"]}
        toml = home / "story" / "company.toml"
        notice = next(n for n in read_notices(home / "case") if n.id == "eu-gdpr.en")
        company = read_company(toml)
        shown = notify.previews(notice, company, on=datetime.fromisoformat(NOW).date())[0]
        text, html, domain, key = shown.text, shown.html, company.sender.rsplit("@", 1)[1], home / "gateways" / "dkim.pem"
        peers = {
            "Django send_messages, unsigned": a_peer([sys.executable, "-c", DJANGO], N_PEER, text, html, domain, None),
            "Django send_messages and dkimpy": a_peer([sys.executable, "-c", DJANGO], N_DKIMPY, text, html, domain, key),
        }
        if shutil.which("node") and subprocess.run(["node", "-e", "require('nodemailer')"], capture_output=True, check=False).returncode == 0:
            peers["nodemailer, pool of 4, unsigned"] = a_peer(["node", "-e", NODEMAILER], N_PEER, text, html, domain, None)
            peers["nodemailer, pool of 4, with DKIM"] = a_peer(["node", "-e", NODEMAILER], N_PEER, text, html, domain, key)
        peers["smtp-source, nothing composed"] = smtp_source(N_MAILS, len(text.encode()) + len(html.encode()))
    return [
        {
            "what": f"mails, whole way: {how}",
            "ours": f"{rate[by]:,.0f}/s",
            "peer": name,
            "theirs": f"{theirs[by]:,.0f}/s",
            "ratio": f"{rate[by] / theirs[by]:.2f}×",
        }
        for by, how in (("core", "per core"), ("wall", "by the clock"))
        for name, theirs in peers.items()
    ]


if __name__ == "__main__":
    if sys.argv[1] == "worker":
        worker(sys.argv[2])
    else:
        with tempfile.TemporaryDirectory(prefix="amanat-bench-") as temporary:
            print(json.dumps(ours(Path(temporary), int(sys.argv[1]), int(sys.argv[3]) if sys.argv[2:3] == ["--workers"] else 1)))
