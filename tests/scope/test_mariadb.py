"""A MariaDB server as it is at work: its tables are read, a table is the register, and nothing is written."""

import os
import shutil
import socket
import subprocess
import time
from contextlib import closing
from datetime import date
from pathlib import Path

import pymysql
import pytest

from amanat import scope
from amanat.lib.errors import Fixable
from tests.scope.test_live import address, rows

SERVER = shutil.which("mariadbd", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/libexec")
SYSTEM = Path("/usr/share/mysql")
if SERVER is None:
    pytestmark = pytest.mark.skip(
        reason="there is no MariaDB server here: apt install mariadb-server-core; MySQL as register and source was not tried"
    )


def free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """The port of a server with a schema `hotel` and a reader who may read one table of it, with the password `s3cr3t`."""
    home, run = tmp_path_factory.mktemp("mariadb"), tmp_path_factory.mktemp("run")
    as_whom = ["--user=root"] if os.getuid() == 0 else []
    options = ["--no-defaults", f"--datadir={home}", *as_whom]
    tables = "".join((SYSTEM / f"mysql_{name}.sql").read_text() for name in ("system_tables", "performance_tables", "system_tables_data"))
    first = f"CREATE DATABASE mysql;\nUSE mysql;\nSET @auth_root_socket=NULL;\nSET @skip_auth_anonymous=1;\n{tables}"
    subprocess.run([SERVER, *options, "--bootstrap"], input=first.encode(), check=True, capture_output=True, timeout=120)
    port = free_port()
    options += [f"--port={port}", "--bind-address=127.0.0.1", f"--socket={run}/s", f"--pid-file={run}/pid", "--innodb-buffer-pool-size=8M"]
    process = subprocess.Popen([SERVER, *options], stdout=subprocess.DEVNULL, stderr=(run / "log").open("w"))
    try:
        for _ in range(200):
            assert process.poll() is None, (run / "log").read_text()
            try:
                connection = pymysql.connect(unix_socket=f"{run}/s", user="root", autocommit=True)
                break
            except pymysql.OperationalError:
                time.sleep(0.1)
        with closing(connection), connection.cursor() as cursor:
            for statement in (
                "CREATE DATABASE hotel CHARACTER SET utf8mb4",
                "CREATE DATABASE other",
                "CREATE TABLE hotel.guests (id INT, mail VARCHAR(80), born DATE, paid DECIMAL(8,2), note TEXT, gone BOOL)",
                "INSERT INTO hotel.guests VALUES (17, 'sara@example.org', '1985-03-12', 12.50, 'سارا', 0)",
                "INSERT INTO hotel.guests VALUES (18, 'marc@example.org', '1970-07-01', NULL, NULL, 1)",
                "CREATE TABLE hotel.secret (mail VARCHAR(80))",
                "CREATE TABLE other.staff (mail VARCHAR(80))",
                "CREATE VIEW hotel.v AS SELECT * FROM hotel.guests",
                "CREATE USER reader@'127.0.0.1' IDENTIFIED BY 's3cr3t'",
                "GRANT SELECT ON hotel.guests TO reader@'127.0.0.1'",
                "GRANT INSERT ON hotel.secret TO reader@'127.0.0.1'",
            ):
                cursor.execute(statement)
        yield port, f"{run}/s"
    finally:
        process.terminate()
        process.wait(30)


def test_the_tables_that_the_account_may_read_are_read_and_others_are_gaps(server, tmp_path):
    port, _ = server
    found = rows(address(tmp_path, f"mysql://reader:s3cr3t@127.0.0.1:{port}/hotel"))

    assert [row for row in found if row[1] != "GAP"] == [
        ("mysql hotel!/hotel.guests", "table hotel.guests", "id|mail|born|paid|note|gone", "17|sara@example.org|1985-03-12|12.50|سارا|0"),
        ("mysql hotel!/hotel.guests", "table hotel.guests", "id|mail|born|paid|note|gone", "18|marc@example.org|1970-07-01|||1"),
    ]
    assert [row for row in found if row[1] == "GAP"] == [("mysql hotel!/hotel.secret", "GAP", "", "The table could not be read.")]


def test_a_query_is_a_register_and_what_would_write_is_refused(server, tmp_path, monkeypatch):
    port, socket_path = server
    monkeypatch.setenv("AMANAT_REGISTER_URL", f"mysql://root@127.0.0.1:{port}/hotel")
    with closing(pymysql.connect(unix_socket=socket_path, user="root", autocommit=True)) as connection, connection.cursor() as cursor:
        cursor.execute("CREATE OR REPLACE USER root@'127.0.0.1'")
        cursor.execute("GRANT ALL ON *.* TO root@'127.0.0.1'")
    toml, file = tmp_path / "register.toml", tmp_path / "loot.csv"
    toml.write_text('[[register]]\nquery = "SELECT id AS person_id, mail, born FROM guests WHERE NOT gone"\n')
    file.write_text("email\nsara@example.org\nmarc@example.org\n")
    done = scope.find_exposures([file], toml, out=tmp_path / "out", key=bytes(16), now=date(2026, 11, 22))

    assert {row["person_id"][:4]: row["state"] for row in done.exposures.to_pylist()} == {"17": "sure", "out-": "outsider"}
    toml.write_text('[[register]]\nquery = "DELETE FROM guests RETURNING id AS person_id, mail AS email"\n')
    with pytest.raises(Fixable, match="did not answer"):
        scope.find_exposures([file], toml, out=tmp_path / "again", key=bytes(16), now=date(2026, 11, 22))
    with closing(pymysql.connect(unix_socket=socket_path, user="root")) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM hotel.guests")
        assert cursor.fetchone() == (2,)


def test_a_wrong_password_is_said_without_it(server, tmp_path):
    port, _ = server
    with pytest.raises(Fixable) as refused:
        rows(address(tmp_path, f"mysql://reader:wr0ng@127.0.0.1:{port}/hotel"))

    assert "wr0ng" not in str(refused.value) and "did not answer" in str(refused.value)
