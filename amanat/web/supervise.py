"""Keeps the parts of a running amanat up: PostgreSQL, the staff door, the public door, one worker, and in a demo the inbox.

Each is a child process that ends with us, however we end. What stops is started again, with a growing pause.
"""

import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from types import FrameType

from amanat.lib import settings
from amanat.lib.errors import Fixable
from amanat.web.children import die_with_parent
from amanat.web.postgres import Server

PAUSE_SECONDS = (1, 2, 5, 10, 30)
STOP_SECONDS = 10


class PortTaken(Fixable):
    """Another program listens where a door should."""


class BadAddress(Fixable):
    """A setting that should be HOST:PORT is not."""


class NotReady(Fixable):
    """The database could not be brought up to date."""


@dataclass(slots=True)
class Part:
    """One child process that is to stay up."""

    name: str
    command: list[str]
    environment: dict[str, str]
    ends_by: signal.Signals = signal.SIGTERM  # what the kernel sends it when we are gone
    process: subprocess.Popen[bytes] | None = None
    n_restarts: int = 0
    started_at: float = 0.0
    not_before: float = field(default=0.0)

    def start(self) -> None:
        self.process = subprocess.Popen(
            self.command,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            start_new_session=True,  # Ctrl-C reaches us only; we stop the parts in order
            preexec_fn=die_with_parent(self.ends_by),
        )
        self.started_at = time.monotonic()


class Supervisor:
    """All parts of one amanat on one data folder; `run` returns when somebody stops it."""

    def __init__(self, *, is_demo: bool, say: Callable[[str], None]) -> None:
        self.is_demo, self.say = is_demo, say
        self.server: Server | None = None
        self.parts: list[Part] = []

    def start(self) -> str:
        """Starts everything and returns what `prepare` has to tell (first log-in); raises Fixable for what somebody must mend.

        Call it from the main thread: the kernel ends our children with the thread that started them.
        """
        signal.signal(signal.SIGTERM, _as_interrupt)
        # A script that starts us in the background has SIGINT ignored; who sends it to us all the same means it.
        signal.signal(signal.SIGINT, signal.default_int_handler)
        addresses = {door: address_of(f"AMANAT_{door}_HOST") for door in ("STAFF", "PUBLIC", *(("INBOX", "INBOX_SMTP") if self.is_demo else ()))}
        for door, address in addresses.items():
            check_free(*address, setting=f"AMANAT_{door}_HOST")
        database = settings.get("DATABASE_URL")
        if not database:
            self.server = Server(settings.data_folder())
            self.server.start()
            database = self.server.dsn
        # The public door gets an account of its own; with a server of your own, where you made one.
        of_public = self.server.public_dsn if self.server else settings.get("DATABASE_URL_PUBLIC")
        if not of_public:
            self.say("the public door uses the same database account as the staff door; name one of its own in DATABASE_URL_PUBLIC")
        more = {"DATABASE_URL": database, "DATABASE_URL_PUBLIC": of_public, "AMANAT_DEMO": "1" if self.is_demo else "", "PYTHONUNBUFFERED": "1"}
        news = self._prepare(settings.environment(**more))
        for name, door in (("staff door", "staff"), ("public door", "public")):
            host, port = addresses[door.upper()]
            command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", host, "--port", str(port), "--workers", "1"]
            command += ["--blocking-threads", "4", "--log-level", "warning", "--respawn-failed-workers", "amanat.web.wsgi:application"]
            own = {"DATABASE_URL": of_public, "DATABASE_URL_PUBLIC": ""} if door == "public" and of_public else {}
            self.parts.append(Part(name, command, settings.environment(**{**more, **own}, AMANAT_DOOR=door)))
        # A worker would finish its job first, however long that takes; without us nobody would stop it.
        worker = [sys.executable, "-c", "from amanat.web.worker import main; main()"]
        self.parts.append(Part("worker", worker, settings.environment(**more, AMANAT_DOOR="worker"), ends_by=signal.SIGKILL))
        if self.is_demo:
            inbox = [sys.executable, "-m", "amanat.web.inbox", *[f"{host}:{port}" for host, port in (addresses["INBOX_SMTP"], addresses["INBOX"])]]
            self.parts.append(Part("inbox", [*inbox, str(settings.data_folder() / "demo" / "inbox")], settings.environment(**more)))
        if listens := settings.get("AMANAT_BOUNCES_LISTEN"):
            taker = [sys.executable, "-m", "amanat", "notify", "bounces", settings.get("AMANAT_BOUNCES"), "--listen", listens]
            self.parts.append(Part("bounces", taker, settings.environment(**more)))
        for part in self.parts:
            part.start()
        for door in ("STAFF", "PUBLIC"):
            self._wait_for(*addresses[door])
        return news

    def watch(self) -> None:
        """Starts again whatever stops, until KeyboardInterrupt."""
        while True:
            if self.server and not self.server.is_alive():
                self.say("PostgreSQL stopped and is started again")
                self.server.stop()
                self.server.start()
            now = time.monotonic()
            for part in self.parts:
                if part.process is None or part.process.poll() is None:
                    continue
                if part.not_before <= part.started_at:  # its end is new to us
                    if now - part.started_at > 60:
                        part.n_restarts = 0
                    pause = PAUSE_SECONDS[min(part.n_restarts, len(PAUSE_SECONDS) - 1)]
                    part.not_before, part.n_restarts = now + pause, part.n_restarts + 1
                    self.say(f"the {part.name} stopped (exit {part.process.returncode}) and is started again in {pause} s")
                elif now >= part.not_before:
                    part.start()
            time.sleep(0.2)

    def stop(self) -> None:
        """Ends all parts, the database last; may be called at any time, also twice."""
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # a second, impatient Ctrl-C must not leave half of it running
        running = [p for p in self.parts if p.process and p.process.poll() is None]
        for part in running:
            assert part.process is not None
            part.process.terminate()
        until = time.monotonic() + STOP_SECONDS
        for part in running:
            assert part.process is not None
            try:
                part.process.wait(timeout=max(until - time.monotonic(), 0.1))
            except subprocess.TimeoutExpired:
                part.process.kill()
                part.process.wait()
        if self.server:
            self.server.stop()
        signal.signal(signal.SIGINT, signal.default_int_handler)

    def _prepare(self, environment: dict[str, str]) -> str:
        done = subprocess.run(
            [sys.executable, "-m", "amanat.web.prepare"],
            env=environment,
            stdout=subprocess.PIPE,
            stdin=subprocess.DEVNULL,
            preexec_fn=die_with_parent(signal.SIGTERM),
            text=True,
        )
        if done.returncode:
            raise NotReady("the database could not be brought up to date; the lines above say why")
        return done.stdout

    def _wait_for(self, host: str, port: int, *, seconds: float = 60) -> None:
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            with socket.socket() as probe:
                probe.settimeout(1)
                if probe.connect_ex(("127.0.0.1" if host == "0.0.0.0" else host, port)) == 0:  # noqa: S104
                    return
            if any(p.process and p.process.poll() is not None for p in self.parts):
                raise NotReady("a part did not start; the lines above say why")
            time.sleep(0.05)
        raise NotReady(f"nothing answers at {host}:{port} after {seconds:.0f} seconds; the lines above may say why")


def address_of(setting: str) -> tuple[str, int]:
    """HOST and PORT of a setting; raises BadAddress."""
    text = settings.get(setting)
    host, colon, port = text.rpartition(":")
    if not colon or not host or not port.isdigit() or not 0 < int(port) < 65536:
        raise BadAddress(f"{setting}: {text!r} is not HOST:PORT, such as 127.0.0.1:8470")
    return host.strip("[]"), int(port)


def check_free(host: str, port: int, *, setting: str) -> None:
    """Raises PortTaken when something listens there already."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        # As the doors do: a port whose last connections are only closing is free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise PortTaken(
                f"{host}:{port} cannot be used ({error.strerror}); stop what listens there, or set {setting} to another HOST:PORT"
            ) from None


def _as_interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt
