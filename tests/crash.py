"""The crash test: workers, database and mail server are killed at random while notices go out. Was anybody lost, or told twice without need?

Everything is real: the tables in PostgreSQL, the encrypted persons, the job that sends, an SMTP server in a process of its own.

    ./run crash                        100,000 mails, 20 kills
    ./run crash --mails 5000 --kills 6 --seed 3

Lost must be nobody. A mail may come twice only if it was in the air on a connection that a kill cut: one for each connection of a killed
worker, one for each connection to a killed mail server, none for a killed database. Each such mail is listed by its sending.
"""

import argparse
import asyncio
import json
import os
import random
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from datetime import timedelta
from pathlib import Path

N_WORKERS = 2
LINE = 32 + 1 + 17 + 1  # the sending, a blank, the moment, a line end
COMPANY = """
name = "Hotel Example"
legal_name = "Hotel Example SA"
address = "1 rue Exemple, 75000 Paris"
country = "FR"
website = "https://hotel.example"
notices_url = "https://hotel.example/notices"
sender = "notices@hotel.example"
privacy_email = "privacy@hotel.example"
domains = ["hotel.example"]
"""


def main() -> int:
    if len(sys.argv) > 1 and sys.argv[1] in ("worker", "sink"):
        return {"worker": worker, "sink": sink}[sys.argv[1]](*sys.argv[2:])
    read = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    read.add_argument("--mails", type=int, default=100_000)
    read.add_argument("--kills", type=int, default=20)
    read.add_argument("--seed", type=int, default=1)
    given = read.parse_args()
    found = crash(given.mails, given.kills, seed=given.seed, say=lambda line: print(line, flush=True))
    print(json.dumps(found, indent=1))
    return 0 if found["is_passed"] else 1


def crash(n_mails: int, n_kills: int, *, seed: int, say=lambda _line: None, patience_seconds: float = 1800.0) -> dict:
    """Sends, kills, mends and counts; what the run came to."""
    chance = random.Random(seed)
    with tempfile.TemporaryDirectory(prefix="amanat-crash-") as home:
        os.chmod(home, 0o711)  # as root, PostgreSQL's account must pass through
        world = World(Path(home))
        try:
            return _run(world, n_mails, n_kills, chance, say, time.monotonic() + patience_seconds)
        finally:
            world.close()


def _run(world: "World", n_mails: int, n_kills: int, chance: random.Random, say, deadline: float) -> dict:
    began = time.monotonic()
    approval = world.prepare(n_mails)
    say(f"{n_mails:,} persons loaded and approved in {time.monotonic() - began:.0f} s")
    began = time.monotonic()
    world.start_sink()
    for _ in range(N_WORKERS):
        world.start_worker(approval)
    # Each kind at least once, in random order; the moments are spread over the whole sending, each at random within its part.
    kinds = [("worker", "database", "sink")[n % 3] for n in range(n_kills)]
    chance.shuffle(kinds)
    kills = []
    for n, kind in enumerate(kinds):
        mark = int(n_mails * (n + chance.random()) / (n_kills + 1))
        while world.n_taken() < mark and time.monotonic() < deadline:
            world.mend(approval)
            time.sleep(0.005)
        kills.append({"kind": kind, "after": world.n_taken(), "at": time.time()})
        world.kill(kind, chance)
        say(f"kill {n + 1}: {kind}, after {world.n_taken():,} mails, {time.monotonic() - began:.0f} s")
        world.mend(approval)
    while (left := world.n_open(approval)) and time.monotonic() < deadline:
        world.mend(approval)
        time.sleep(0.2)
    seconds = time.monotonic() - began
    return world.judge(approval, n_mails, kills, seconds) | {"n_left": left}


class World:
    """The database, the mail server and the workers of one run."""

    def __init__(self, home: Path, company: str = COMPANY) -> None:
        from amanat.web.postgres import Server

        self.home, self.log = home, home / "taken"
        self.log.touch()
        (home / "company.toml").write_text(company)
        self.database = Server(home / "d")
        self.database.start()
        with socket.socket() as found:
            found.bind(("127.0.0.1", 0))
            self.port = found.getsockname()[1]
        os.environ |= {
            "AMANAT_DATA": str(home / "d"),
            "DATABASE_URL": self.database.dsn,
            "AMANAT_SMTP": f"smtp://127.0.0.1:{self.port}",
            "DJANGO_SETTINGS_MODULE": "amanat.web.settings",
        }
        self.sink: subprocess.Popen | None = None
        self.workers: list[subprocess.Popen] = []

    def close(self) -> None:
        for process in [*self.workers, *([self.sink] if self.sink else [])]:
            process.kill()
            process.wait()
        from django.db import connections

        connections.close_all()
        self.database.stop()

    def prepare(self, n_mails: int, notice=None) -> str:
        """Persons, texts, two signatures: everything that stands before the first mail. Returns the approval's id."""
        from amanat.web.start import django_ready

        django_ready()
        from django.core.management import call_command
        from django.utils import timezone

        from amanat import notify
        from amanat.terms.notice import Notice, Section, Sentence
        from amanat.web.accounts.models import Staff
        from amanat.web.notify import actions, plans
        from amanat.web.notify.models import ApprovalRow
        from amanat.web.respond import actions as respond
        from amanat.web.scope import people

        call_command("migrate", verbosity=0)
        now = timezone.now()
        leila, omar = (Staff.objects.create_user(f"{n}@example.org", "correct horse battery", name=n.title()) for n in ("leila", "omar"))
        incident = respond.declare(title="Crash", kind="data_breach", by=leila, now=now, folder=str(self.home), is_drill=True)
        respond.add_member(incident, staff=omar, role="dpo", by=leila, now=now)
        notice = notice or Notice(
            id="eu.en",
            letter_group="eu",
            language="en",
            audience="individuals",
            title="What happened to your data",
            subject="A personal message",
            greeting="Dear {name},",
            sections=(Section(id="what_happened", heading="What happened", sentences=(Sentence(text="Data of yours were taken."),)),),
            closing="Hotel Example",
            duty_ids=("eu-gdpr.individuals",),
        )
        actions.take_in(incident, notices=[notice], findings={}, by=None, now=now)
        people.load(incident, (_person(people, n, notice.letter_group) for n in range(n_mails)))
        planned = plans.planned(incident)
        assert planned.n == n_mails and notify.notices_hash([notice]) == planned.notices_hash
        row = actions.sign(incident, now_planned=planned, typed=str(n_mails), by=leila, now=now)
        actions.countersign(incident, row.pk, now_planned=planned, typed=str(n_mails), by=omar, now=now)
        return str(ApprovalRow.objects.get().pk)

    def start_sink(self) -> None:
        self.sink = subprocess.Popen([sys.executable, "-m", "tests.crash", "sink", str(self.port), str(self.log)])
        while True:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.02)

    def start_worker(self, approval: str) -> None:
        errors = (self.home / "worker.log").open("ab")
        self.workers.append(subprocess.Popen([sys.executable, "-m", "tests.crash", "worker", approval], stderr=errors))

    def kill(self, kind: str, chance: random.Random) -> None:
        if kind == "database":
            self.database.process.send_signal(signal.SIGKILL)
            self.database.process.wait()
            return
        victim = self.sink if kind == "sink" else chance.choice(self.workers)
        victim.send_signal(signal.SIGKILL)
        victim.wait()

    def mend(self, approval: str) -> None:
        """Starts again whatever is down."""
        if self.database.process is None or self.database.process.poll() is not None:
            self.database.stop()
            _start_again(self.database)
            assert self.database.dsn == os.environ["DATABASE_URL"]
        if self.sink.poll() is not None:
            self.start_sink()
        for worker in [w for w in self.workers if w.poll() is not None]:
            self.workers.remove(worker)
            self.start_worker(approval)

    def n_taken(self) -> int:
        return self.log.stat().st_size // LINE

    def n_open(self, approval: str) -> int:
        from amanat.web.notify.models import SendingRow

        return _asked(lambda: SendingRow.objects.filter(approval=approval).exclude(state="accepted").count())

    def judge(self, approval: str, n_mails: int, kills: list[dict], seconds: float) -> dict:
        from amanat.web.notify.models import ApprovalRow, ReceiptRow, SendingRow
        from amanat.web.notify.tasks import N_PARALLEL

        came: dict[str, list[float]] = {}
        for line in self.log.read_text().splitlines():
            came.setdefault(line[:32], []).append(float(line[33:]))
        taken = {sending: len(moments) for sending, moments in came.items()}
        planned = {pk.hex for pk in _asked(lambda: list(SendingRow.objects.values_list("pk", flat=True)))}
        known = {pk.hex for pk in ReceiptRow.objects.filter(state="unsure").values_list("sending", flat=True)}
        states = Counter(SendingRow.objects.values_list("state", flat=True))
        # A mail that came twice was in the air at the first kill after its first coming.
        connections = {"worker": N_PARALLEL, "sink": N_PARALLEL * N_WORKERS, "database": 0}
        twice = [
            {"sending": sending, "n": len(moments), "kill": next((n for n, k in enumerate(kills, 1) if k["at"] > moments[0] - 0.01), None)}
            for sending, moments in sorted(came.items())
            if len(moments) > 1
        ]
        by_kill = Counter(one["kill"] for one in twice for _ in range(one["n"] - 1))
        listed = [
            {"kill": n, "kind": k["kind"], "after_mails": k["after"], "came_twice": by_kill[n], "in_the_air_at_most": connections[k["kind"]]}
            for n, k in enumerate(kills, 1)
        ]
        is_bounded = all(one["came_twice"] <= one["in_the_air_at_most"] for one in listed) and None not in by_kill
        lost = sorted(planned - set(taken))
        return {
            "n_mails": n_mails,
            "n_kills": dict(Counter(kill["kind"] for kill in kills)),
            "seconds": round(seconds, 1),
            "mails_per_second": round(n_mails / seconds),
            "n_lost": len(lost),
            "lost": lost,
            "kills": listed,
            "n_twice": sum(by_kill.values()),
            "twice": twice,
            "n_twice_unknown_to_the_ledger": len({one["sending"] for one in twice} - known),
            "n_strangers": len(set(taken) - planned),
            "states": dict(states),
            "stopped_because": ApprovalRow.objects.get(pk=approval).stop_why,
            "is_passed": not lost and is_bounded and {one["sending"] for one in twice} <= known and dict(states) == {"accepted": n_mails},
        }


def _start_again(database) -> None:
    """Starts a database that was killed; its orphaned processes hold its memory for a moment, as a supervisor's first try would find too."""
    from amanat.web.postgres import DatabaseDidNotStart

    for _ in range(60):
        try:
            return database.start()
        except DatabaseDidNotStart:
            time.sleep(0.5)
    raise TimeoutError("the database does not come back")


def _asked(what):
    """An answer of a database that may just be coming back."""
    from django.db import InterfaceError, OperationalError, connection

    while True:
        try:
            return what()
        except (OperationalError, InterfaceError):
            connection.close()
            time.sleep(0.1)


def _person(people, n: int, letter_group: str):
    return people.Person(
        person_id=f"guest-{n}",
        kinds=("name", "email"),
        n_findings=2,
        n_records=1,
        belief=1.0,
        state="sure",
        basis="content",
        residence="FR",
        language="en",
        minor=False,
        letter_group=letter_group,
        name=f"Guest {n}",
        emails=(f"guest{n}@example.org",),
        channel_order=("email",),
    )


# ---- the processes that are killed ----


def worker(approval_id: str) -> int:
    """Takes the job again and again, as workers of the queue do, until everybody is told."""
    from amanat.web.start import django_ready

    django_ready()
    from django.db import connection

    from amanat.web.notify import ledger, queries, tasks
    from amanat.web.notify.models import SendingRow

    # A dead sender is found dead soon, or the test would mostly wait.
    ledger.HOLD = queries.SILENT_FOR = timedelta(seconds=10)
    tasks.call_more = lambda approval: None  # the test starts the workers itself
    tasks.SENDERS_MOST, tasks.SENDINGS_PER_SENDER = N_WORKERS * 2, 1
    while _asked(lambda: SendingRow.objects.filter(approval=approval_id, state__in=queries.OPEN).exists()):
        try:
            tasks.send_notices.func(None, approval_id=approval_id)
        except Exception as error:  # as the queue would: note it, and let the sweep ring again
            print(type(error).__name__, error, file=sys.stderr, flush=True)
            connection.close()
        time.sleep(0.2)
    return 0


def sink(port: str, log: str) -> int:
    """An SMTP server that notes each message on disk before it says that it has it."""
    from aiosmtpd.smtp import SMTP

    file = os.open(log, os.O_WRONLY | os.O_APPEND)

    class Handler:
        async def handle_DATA(self, server, session, envelope):
            head = envelope.content[:4000]
            begin = head.index(b"Message-ID: <") + 13
            os.write(file, head[begin : begin + 32] + b" %017.6f\n" % time.time())
            return "250 2.0.0 taken"

    async def serve() -> None:
        loop = asyncio.get_running_loop()
        server = await loop.create_server(lambda: SMTP(Handler(), loop=loop, enable_SMTPUTF8=True), "127.0.0.1", int(port))
        await server.serve_forever()

    asyncio.run(serve())
    return 0


if __name__ == "__main__":
    sys.exit(main())
