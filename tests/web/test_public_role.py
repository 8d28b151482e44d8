"""The account of the public door: it has what its pages need, and reaches neither staff nor what they handed in."""

import pytest
from django.db import ProgrammingError, connection, transaction
from django.test import Client

from amanat.web import public_role

from .public_account import _become
from .test_public import door  # noqa: F401  fixture

pytestmark = pytest.mark.django_db


@pytest.fixture
def as_public():
    _become(public_role.ROLE)
    yield
    _become("none")


def refuses(statement):
    with pytest.raises(ProgrammingError, match=r"permission denied|row-level security"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    return True


@pytest.mark.parametrize(
    "table",
    [
        "accounts_staff", "accounts_setuplink", "mfa_authenticator", "django_session", "detect_handedin", "detect_alertrow", "scope_review",
        "scope_gaprow", "respond_decision", "respond_task", "respond_membership", "care_mailfile", "care_callrow", "trust_trustreport",
    ],
)  # fmt: skip
def test_it_reads_nothing_of_staff_and_of_their_work(as_public, table):
    assert refuses(f"select 1 from {table}")


def test_it_has_rights_on_no_other_table_than_those_listed(as_public):
    with connection.cursor() as cursor:
        cursor.execute(
            "select relname from pg_class where relkind in ('r', 'p', 'v', 'm') and relnamespace = 'public'::regnamespace and ("
            " has_any_column_privilege(oid, 'select, insert, update') or has_table_privilege(oid, 'delete, truncate'))"
        )
        assert {name for (name,) in cursor.fetchall()} == set(public_role.RIGHTS)


@pytest.mark.parametrize(
    "statement",
    [
        "update respond_incident set wrapped_keys = null",
        "update scope_affectedperson set state = 'past'",
        "update notify_approvalrow set approved_at = now()",
        "update notify_sendingrow set state = 'accepted'",
        "update respond_journalentry set what = '{}'",
        "delete from respond_journalentry",
        "update public_statusupdate set words = '{}'",
        "insert into procrastinate_jobs (queue_name, task_name, args) values ('incidents', 'run_incident', '{}')",
        "create table mine (n int)",
    ],
)
def test_it_changes_nothing_that_staff_decide_and_asks_for_no_other_job(as_public, statement):
    assert refuses(statement)


def test_it_may_ask_for_a_one_time_code(as_public):
    with connection.cursor() as cursor:
        cursor.execute("insert into procrastinate_jobs (queue_name, task_name, args) values ('proofs', 'send_proof', '{}') returning id")
        assert cursor.fetchone()


def test_the_tests_of_the_public_pages_run_under_it(door, monkeypatch):  # noqa: F811
    from amanat.web.public import queries

    seen = []

    def stories(_language):
        with connection.cursor() as cursor:
            cursor.execute("select current_user")
            seen.append(cursor.fetchone()[0])
        return []

    monkeypatch.setattr(queries, "stories", stories)
    assert Client().get("/en/").status_code == 200
    assert seen == [public_role.ROLE]


@pytest.mark.parametrize(("role", "says"), [("nobody_there", "has no account"), (None, "names the same account")])
def test_an_account_that_cannot_be_meant_gets_a_sentence(role, says):
    with connection.cursor() as cursor:
        cursor.execute("select current_user")
        with pytest.raises(public_role.NoSuchRole, match=says):
            public_role.grant(cursor, role or cursor.fetchone()[0])


def test_the_account_is_read_from_its_address():
    assert public_role.role_of("postgresql://amanat%5Fpublic:secret@db.example.org:5432/amanat?sslmode=require") == "amanat_public"
