"""The pages of one incident: who may open each, in three languages, and what stands on them."""

import json
from datetime import timedelta

import pytest
from django.urls import reverse

from amanat.lib import journal as chain
from amanat.web.respond import actions, journal

pytestmark = pytest.mark.django_db


@pytest.fixture
def incident(staff_of, now):
    """Of Alice, who leads it; Charlie may only look, Dana is counsel, and Bob works on another one."""
    alice, charlie, dana, bob = (staff_of(name) for name in ("alice", "charlie", "dana", "bob"))
    one = actions.declare(title="Guest database on sale", kind="data_breach", by=alice, now=now - timedelta(hours=1))
    actions.add_member(one, staff=charlie, role="viewer", by=alice, now=now)
    actions.add_member(one, staff=dana, role="counsel", by=alice, now=now)
    actions.declare(title="Another", kind="phishing", by=bob, now=now)
    return one


def opened(as_staff, name, url_name, incident, language="en", **given):
    """The answer that this person gets, in this language."""
    from amanat.web.accounts.models import Staff

    staff = Staff.objects.get(email=f"{name}@example.org")
    Staff.objects.filter(pk=staff.pk).update(language=language)
    return as_staff(staff).get(reverse(url_name, args=[incident.pk]), given)


def test_the_journal_is_for_lead_and_counsel_and_not_for_a_viewer_or_a_stranger(incident, as_staff):
    codes = {name: opened(as_staff, name, "journal", incident).status_code for name in ("alice", "dana", "charlie", "bob")}

    assert codes == {"alice": 200, "dana": 200, "charlie": 403, "bob": 404}


def test_the_journal_says_who_did_what_and_filters_by_act_and_person(incident, as_staff, now):
    journal.write(incident, act="run.finished", at=now)
    everything = opened(as_staff, "alice", "journal", incident).content.decode()
    filtered = opened(as_staff, "alice", "journal", incident, act="run.finished", who="amanat")

    assert "declared the incident" in everything
    assert [line["act"] for line in filtered.context["lines"]] == ["run.finished"]
    assert [line["seq"] for line in opened(as_staff, "alice", "journal", incident).context["lines"]] == [5, 4, 3, 2, 1]


def test_verifying_shows_a_whole_chain_with_its_head_and_a_broken_one_with_the_line(incident, as_staff):
    from django.db import connection

    whole = opened(as_staff, "alice", "journal", incident, verify="1").content.decode()
    head = list(journal.entries(incident.pk))[-1]["hash"]
    assert "The chain is whole." in whole and head in whole

    with connection.cursor() as cursor:
        cursor.execute("set constraints all immediate")
        cursor.execute("alter table respond_journalentry disable trigger append_only")
        cursor.execute("update respond_journalentry set why = 'changed' where seq = 2 and incident_id = %s", [incident.pk])
        cursor.execute("alter table respond_journalentry enable trigger append_only")
    broken = opened(as_staff, "alice", "journal", incident, verify="1").content.decode()
    assert "The chain is broken." in broken and "entry 2 was changed after it was written" in broken


def test_the_exported_journal_is_accepted_by_the_command_and_tells_of_the_export(incident, as_staff, staff_of, tmp_path):
    from amanat.web.accounts.models import Staff

    browser = as_staff(Staff.objects.get(email="alice@example.org"))
    answer = browser.post(reverse("journal_file", args=[incident.pk]))
    file = tmp_path / "journal.jsonl"
    file.write_bytes(b"".join(answer.streaming_content))

    verdict = chain.verify_file(file)
    assert (verdict.is_whole, verdict.n_entries) == (True, 5)
    assert json.loads(file.read_text().splitlines()[-1])["act"] == "journal.exported"
    assert browser.get(reverse("journal_file", args=[incident.pk])).status_code == 405
    assert as_staff(Staff.objects.get(email="charlie@example.org")).post(reverse("journal_file", args=[incident.pk])).status_code == 403


def test_a_persian_journal_reads_from_the_right_with_persian_digits(incident, as_staff):
    page = opened(as_staff, "alice", "journal", incident, language="fa").content.decode()

    assert 'dir="rtl"' in page
    assert "۱۵ اسفند ۱۴۰۴" in page  # 6 March 2026
    assert "رخداد را اعلام کرد" in page
