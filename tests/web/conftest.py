"""Django on an embedded PostgreSQL, one server for all processes of a test run."""

import os
import shutil
import tempfile
from pathlib import Path

import pytest

from amanat.lib import settings as own_settings

_DATA = Path(tempfile.mkdtemp(prefix="amanat-test-"))
# Compiled once for all runs: what it is good for stands in the names of the folders inside.
_COMPILED = own_settings.data_folder() / "compiled"
_COMPILED.mkdir(parents=True, exist_ok=True, mode=0o700)
(_DATA / "compiled").symlink_to(_COMPILED.resolve())
os.environ["AMANAT_DATA"] = str(_DATA)
os.environ.pop("AMANAT_MASTER_KEY_FILE", None)
os.environ["DJANGO_SETTINGS_MODULE"] = "amanat.web.settings"

from amanat.web.start import django_ready  # noqa: E402  after the data folder was named

django_ready()

from django.contrib.auth.hashers import Argon2PasswordHasher  # noqa: E402  after Django was made ready

# A guess at a password shall cost an attacker 100 MB and a tenth of a second; our tests make hundreds of staff.
Argon2PasswordHasher.time_cost, Argon2PasswordHasher.memory_cost, Argon2PasswordHasher.parallelism = 1, 8, 1


def pytest_unconfigure():
    shutil.rmtree(_DATA, ignore_errors=True)


@pytest.fixture(scope="session")
def postgres_address():
    """Of the server that all workers of this run share."""
    from amanat.web.postgres import shared_server

    # Not below pytest's own folder: as root PostgreSQL runs under another account, which cannot enter that.
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID") or f"p{os.getpid()}"
    with shared_server(Path(tempfile.gettempdir()) / f"amanat-pg-{run[-12:]}") as address:
        yield address


@pytest.fixture(scope="session")
def django_db_modify_db_settings(postgres_address, django_db_modify_db_settings_parallel_suffix):
    from django.db import connections

    from amanat.web.settings import _database

    settings = connections["default"].settings_dict
    ours = _database(postgres_address)
    settings.update({k: ours[k] for k in ("USER", "PASSWORD", "HOST", "PORT")})


@pytest.fixture(autouse=True)
def _plain_static(settings):
    settings.STORAGES = {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}


@pytest.fixture(autouse=True)
def _fresh_pages():
    from django.core.cache import caches

    caches["pages"].clear()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """Tests that commit are cleaned up by TRUNCATE, which the journal refuses: only here its trigger steps aside."""
    from django.db.backends.postgresql.operations import DatabaseOperations

    flush = DatabaseOperations.sql_flush

    def sql_flush(*args, **given):
        switch = "alter table respond_journalentry {} trigger append_only_truncate"
        return [
            switch.format("disable"),
            *flush(*args, **given),
            "truncate amanat_cache",
            "truncate procrastinate_jobs cascade",
            switch.format("enable"),
        ]

    DatabaseOperations.sql_flush = sql_flush
    from django.db import connection

    from amanat.web import public_role

    with django_db_blocker.unblock(), connection.cursor() as cursor:
        public_role.grant(cursor, public_role.ROLE)
    yield
    DatabaseOperations.sql_flush = flush


@pytest.fixture
def now():
    from datetime import datetime, timezone

    return datetime(2026, 3, 6, 17, 0, tzinfo=timezone.utc)


def enrol(staff, name="key"):
    """Gives a staff member an authenticator app, and returns its secret."""
    from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

    secret = generate_totp_secret()
    TOTP.activate(staff, secret)
    return secret


@pytest.fixture
def staff_of(db):
    """Makes staff: `staff_of("alice")` has a password and a second factor."""
    from amanat.web.accounts.models import Staff

    def make(name, *, factor=True, **more):
        one = Staff.objects.create_user(f"{name}@example.org", "correct horse battery", name=name.title(), **more)
        if factor:
            enrol(one)
        return one

    return make


@pytest.fixture
def as_staff(client):
    """A browser in which this staff member has logged in."""

    def log_in(staff):
        from django.test import Client

        browser = Client()
        browser.force_login(staff, backend="allauth.account.auth_backends.AuthenticationBackend")
        return browser

    return log_in
