"""The journal in the database: it only grows, and its chain is checked by the same code as `journal.jsonl`."""

import pytest
from django.db import DatabaseError, connection, transaction

from amanat.lib.journal import FIRST
from amanat.web.respond import actions, journal
from amanat.web.respond.models import JournalEntry

pytestmark = pytest.mark.django_db


@pytest.fixture
def incident(staff_of, now):
    declared = actions.declare(title="Practice", kind="data_breach", by=staff_of("alice"), now=now)
    with connection.cursor() as cursor:
        cursor.execute("set constraints all immediate")  # as after a commit: the table can be altered
    return declared


@pytest.mark.parametrize(
    "statement",
    [
        "update respond_journalentry set why = 'nothing'",
        "delete from respond_journalentry",
        "truncate respond_journalentry",
        "update respond_journalentry set seq = seq + 1",
    ],
)
def test_the_database_refuses_to_change_or_remove_a_line(incident, statement):
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)

    assert journal.verify(incident.pk).is_whole


def test_each_incident_has_its_own_chain(incident, staff_of, now):
    other = actions.declare(title="Other", kind="phishing", by=staff_of("bob"), now=now)

    for one in (incident, other):
        lines = list(journal.entries(one.pk))
        assert [line["seq"] for line in lines] == [1, 2]
        assert lines[0]["prev"] == FIRST
        assert lines[1]["prev"] == lines[0]["hash"]


def test_a_line_changed_behind_the_trigger_is_found(incident):
    with connection.cursor() as cursor:
        cursor.execute("alter table respond_journalentry disable trigger append_only")
        cursor.execute("update respond_journalentry set why = 'changed' where seq = 1")
        cursor.execute("alter table respond_journalentry enable trigger append_only")

    verdict = journal.verify(incident.pk)
    assert not verdict.is_whole
    assert verdict.problem == "entry 1 was changed after it was written"


def test_lines_cut_off_at_the_end_show_against_a_head_kept_elsewhere(incident, now):
    head = journal.write(incident, act="fact.noted", at=now).hash
    with connection.cursor() as cursor:
        cursor.execute("alter table respond_journalentry disable trigger append_only")
        cursor.execute("delete from respond_journalentry where seq = 3")
        cursor.execute("alter table respond_journalentry enable trigger append_only")

    assert journal.verify(incident.pk).is_whole
    assert not journal.verify(incident.pk, head=head).is_whole


def test_a_change_that_fails_leaves_no_line(incident, now):
    before = JournalEntry.objects.filter(incident=incident).count()
    with pytest.raises(RuntimeError), transaction.atomic():
        journal.write(incident, act="fact.noted", at=now)
        raise RuntimeError

    assert JournalEntry.objects.filter(incident=incident).count() == before
