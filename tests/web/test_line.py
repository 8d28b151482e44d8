"""Who is served first in the ledger: the vulnerable and those at high risk, then those whose deadline is the soonest."""

from datetime import datetime, timezone

import pytest
from django.db import connection
from django.utils import timezone as clock

from amanat.web.assess.models import AssessmentRow
from amanat.web.notify import pace, queries
from amanat.web.notify.actions import take_in
from amanat.web.notify.ledger import PostgresLedger
from amanat.web.notify.models import ApprovalRow, NoticeRow, SendingRow
from amanat.web.scope import people
from amanat.web.scope.models import AffectedPerson

from .test_approval import alice, countersign, fresh, incident, notice_in, person, sign, story  # noqa: F401  fixtures

pytestmark = pytest.mark.django_db
EU, US = datetime(2030, 3, 9, tzinfo=timezone.utc), datetime(2030, 3, 5, tzinfo=timezone.utc)


def duty(name, due_at):
    return {"id": name, "to": "individuals", "who": "persons", "state": "due", "due_at": due_at.isoformat()}


def assess(incident, *duties, band="high"):  # noqa: F811
    content = {"duties": list(duties), "severity": {"band": band}}
    AssessmentRow.objects.create(incident=incident, content=content, at=clock.now())


@pytest.fixture
def approved(incident, fresh, monkeypatch):  # noqa: F811
    """Four persons of Europe and two of Ohio, whose deadline is sooner; one of each is vulnerable or lost a password."""
    import dataclasses

    monkeypatch.setattr(PostgresLedger, "do", lambda self, what, *args: what(*args))
    us = dataclasses.replace(notice_in("en"), id="us.en", letter_group="us", duty_ids=("us-oh.individuals",))
    take_in(incident, notices=[us], findings={}, by=None, now=clock.now())
    assess(incident, duty("eu-gdpr.individuals", EU), duty("us-oh.individuals", US))
    people.load(
        incident,
        [
            person(0),
            person(1),
            person(2, minor=True),
            person(3, kinds=("password",)),
            person(4, letter_group="us", residence="US-OH", language="en"),
            person(5, letter_group="us", residence="US-OH", language="en", needs="large print"),
        ],
    )
    sign(fresh, incident, typed="6")
    countersign(fresh, incident, typed="6")
    return queries.standing_approval(incident)


def order_of(approval):
    """The register's ids in the order in which they are claimed, one at a time."""
    ledger = PostgresLedger(approval)
    claimed = [ledger.claim("email", 1, at=clock.now())[0].person_id for _ in range(6)]
    names = {str(pk): secret["person_id"] for pk, secret in people.reveal_many(approval.incident, AffectedPerson.objects.all())}
    return [names[pk] for pk in claimed]


def test_the_vulnerable_come_first_and_among_equals_whose_deadline_is_sooner(approved):
    found = order_of(approved)
    assert found[0] == "guest-5"  # vulnerable, and in Ohio
    assert set(found[1:3]) == {"guest-2", "guest-3"}
    assert found[3] == "guest-4"
    assert set(found[4:]) == {"guest-0", "guest-1"}


def test_a_deadline_that_moves_gives_those_who_wait_another_place(approved, incident):  # noqa: F811
    assert not pace.put_in_line(approved)
    assess(incident, duty("eu-gdpr.individuals", US), duty("us-oh.individuals", EU))
    assert pace.put_in_line(approved)
    found = order_of(approved)
    assert set(found[:2]) == {"guest-2", "guest-3"}
    assert found[2] == "guest-5"
    assert (set(found[3:5]), found[5]) == ({"guest-0", "guest-1"}, "guest-4")


def test_where_the_whole_incident_is_grave_the_vulnerable_still_come_first(incident, fresh):  # noqa: F811
    assess(incident, duty("eu-gdpr.individuals", EU), band="very_high")
    people.load(incident, [person(n, minor=n == 7) for n in range(10)])
    sign(fresh, incident, typed="10")
    countersign(fresh, incident, typed="10")
    assert set(SendingRow.objects.values_list("is_at_once", flat=True)) == {True}
    assert sorted(SendingRow.objects.values_list("priority", flat=True)) == [0, *[10_000] * 9]


def test_among_a_hundred_thousand_a_claim_reads_the_head_of_the_line_and_sorts_nothing(approved, incident):  # noqa: F811
    notice, one = NoticeRow.objects.filter(notice_id="eu.en").get(), AffectedPerson.objects.first()
    other = ApprovalRow.objects.create(incident=incident, n_recipients=0, author=approved.author, authored_at=clock.now())
    with connection.cursor() as cursor:
        cursor.execute("set constraints all immediate")
        cursor.execute("alter table notify_sendingrow drop constraint told_once")  # one invented person stands for them all
        cursor.execute(
            "insert into notify_sendingrow (id, incident_id, approval_id, notice_id, person_id, channel, turn, state, n_attempts, n_breaks, "
            "priority, leased_by, changed_at, is_at_once) select gen_random_uuid(), %s, %s, %s, %s, 'email', 0, 'queued', 0, 0, "
            "case when g %% 50 = 0 then 0 else 10000 end + g %% 3, '', now(), g %% 40 = 0 from generate_series(1, 100000) g",
            [incident.pk, other.pk, notice.pk, one.pk],
        )
        cursor.execute("analyze notify_sendingrow")
        nodes = list(nodes_of(claim_plan(other, cursor)))
    assert "sendings_in_line" in {node.get("Index Name") for node in nodes}
    assert [node["Plan Rows"] for node in nodes if "Sort" in node["Node Type"] and node["Plan Rows"] > 1000] == []
    assert "Seq Scan on notify_sendingrow" not in {f"{node['Node Type']} on {node.get('Relation Name')}" for node in nodes}


def claim_plan(approval, cursor):
    """How PostgreSQL carries out the claim of the ledger."""
    from django.test.utils import CaptureQueriesContext

    ledger = PostgresLedger(approval)
    with CaptureQueriesContext(connection) as seen:
        assert len(ledger.claim("email", 25, at=clock.now())) == 25
    [claim] = [q["sql"] for q in seen if "skip locked" in q["sql"].lower()]
    cursor.execute("explain (format json) " + claim)
    return cursor.fetchone()[0][0]["Plan"]


def nodes_of(plan):
    yield plan
    for part in plan.get("Plans", ()):
        yield from nodes_of(part)
