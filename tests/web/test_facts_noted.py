"""Facts of the folder and facts that staff noted: the newest counts, and where they differ both are shown."""

from datetime import timedelta

import pytest

from amanat.terms.fact import Fact
from amanat.web.respond import actions, queries

pytestmark = pytest.mark.django_db


@pytest.fixture
def incident(staff_of, now):
    return actions.declare(title="Practice", kind="data_breach", by=staff_of("alice"), now=now)


def folder(value, *, since=None, status="known"):
    return {"acquired": Fact(name="acquired", value=value, status=status, since=since)}


def take_in(incident, facts, now):
    return actions.take_in_facts(incident, facts, by=incident.declared_by, now=now)


def correct(incident, value, now):
    return actions.note_fact(incident, name="acquired", value=value, status="known", by=incident.declared_by, now=now)


def counts(incident):
    return queries.newest_facts(incident)["acquired"].value


def test_what_staff_corrected_stays_when_the_same_folder_is_read_again(incident, now):
    take_in(incident, folder(False, since=now), now)
    correct(incident, True, now + timedelta(hours=1))
    assert take_in(incident, folder(False, since=now), now + timedelta(hours=2)) == 0

    assert counts(incident) is True
    assert queries.conflicts(incident, queries.newest_facts(incident))["acquired"].value is False


def test_an_older_finding_that_comes_in_later_is_kept_beside_and_does_not_count(incident, now):
    correct(incident, True, now)
    assert take_in(incident, folder(False, since=now - timedelta(days=1)), now + timedelta(hours=2)) == 1

    assert counts(incident) is True
    assert queries.conflicts(incident, queries.newest_facts(incident))["acquired"].is_set_aside


def test_what_became_known_later_counts_and_the_correction_is_shown_beside_it(incident, now):
    correct(incident, True, now)
    take_in(incident, folder(False, since=now + timedelta(hours=1)), now + timedelta(hours=2))

    assert counts(incident) is False
    assert queries.conflicts(incident, queries.newest_facts(incident))["acquired"].value is True


def test_facts_that_agree_are_no_conflict(incident, now):
    take_in(incident, folder(True, since=now), now)
    correct(incident, True, now)

    assert queries.conflicts(incident, queries.newest_facts(incident)) == {}


def test_the_next_run_is_given_what_counts(incident, now):
    take_in(incident, folder(False, since=now), now)
    correct(incident, True, now + timedelta(hours=1))
    actions.note_fact(incident, name="awareness", value=now.isoformat(), status="known", by=incident.declared_by, now=now)

    facts = queries.facts_that_count(incident)
    assert (facts["acquired"].value, facts["awareness"].value) == (True, now)
