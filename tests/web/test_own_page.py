"""The message on a person's own page: theirs word for word, nobody else's, and opening it is a receipt; and what the portal tells."""

import json

import pytest
from django.utils import timezone

from amanat.notify.portal_request import signed_headers
from amanat.web.notify import own_page, told_tasks
from amanat.web.notify.ledger import PostgresLedger
from amanat.web.notify.models import ReportRow, SendingRow
from amanat.web.scope import people

from .test_approval import alice, countersign, fresh, incident, person, sign, story  # noqa: F401  fixtures
from .test_care_page import enter, mails, row_of, sent  # noqa: F401  fixtures
from .test_public import door  # noqa: F401  fixture

pytestmark = pytest.mark.django_db
SECRET = "what the portal signs with, long enough"


@pytest.fixture(autouse=True)
def _in_this_thread(monkeypatch):
    monkeypatch.setattr(PostgresLedger, "do", lambda self, what, *args: what(*args))


@pytest.fixture
def visitor(door, mails):  # noqa: F811
    return lambda of, n: enter(of, n, mails)


def accept(incident, n):  # noqa: F811
    SendingRow.objects.filter(person=row_of(incident, n)).update(state="accepted")
    return SendingRow.objects.get(person=row_of(incident, n))


def test_a_person_reads_their_own_message_and_nobody_else_s(sent, visitor):  # noqa: F811
    accept(sent, 0), accept(sent, 1)
    page = visitor(sent, 0).get("/en/my/page/").content.decode()
    assert "Our messages to you" in page
    assert "Guest 0" in page and "Guest 1" not in page


def test_opening_the_page_is_a_receipt_of_the_message_whose_code_opened_it(sent, visitor):  # noqa: F811
    mine, other = accept(sent, 0), accept(sent, 1)
    browser = visitor(sent, 0)
    for _ in range(3):
        browser.get("/en/my/page/")
    assert [(one.provider, one.state) for one in ReportRow.objects.all()] == [("page", "opened_page")]
    told_tasks.note(now=timezone.now())
    mine.refresh_from_db(), other.refresh_from_db()
    assert (mine.state, other.state) == ("opened_page", "accepted")


def test_a_message_that_lies_on_the_page_is_delivered_once_the_person_opens_it(sent, visitor):  # noqa: F811
    row, browser = accept(sent, 0), visitor(sent, 0)
    placed = SendingRow.objects.create(
        incident=sent,
        approval=row.approval,
        notice=row.notice,
        person=row.person,
        channel="portal",
        turn=1,
        state="accepted",
        changed_at=timezone.now(),
    )
    browser.get("/en/my/page/")
    told_tasks.note(now=timezone.now())
    placed.refresh_from_db()
    assert placed.state == "delivered"


def test_a_withdrawn_message_is_not_shown(sent, visitor):  # noqa: F811
    row = accept(sent, 0)
    browser = visitor(sent, 0)
    type(row.notice).objects.filter(pk=row.notice_id).update(withdrawn_at=timezone.now())
    assert own_page.messages_to(row.person) == []
    assert browser.get("/en/my/page/").status_code in (200, 302)


def test_nothing_is_placed_where_nobody_can_open_it(sent):  # noqa: F811
    assert own_page.why_closed(sent.pk) == ""
    type(sent).objects.filter(pk=sent.pk).update(phase="closed")
    assert own_page.why_closed(sent.pk) == "the incident is closed, and so are its pages"


def test_the_plan_knows_the_number_in_the_register_for_the_portal_s_token(sent):  # noqa: F811
    from amanat.web.notify.plans import contact_of

    row = row_of(sent, 2)
    contact = contact_of(row, people.reveal(sent, row))
    assert contact.person_id == str(row.pk)
    assert contact.register_id.reveal(why="test") == "guest-2"


# ---- the company's own portal ----


@pytest.fixture
def portal(tmp_path, monkeypatch, door):  # noqa: F811
    (tmp_path / "hook").write_text(SECRET + "\n")
    (tmp_path / "portal.toml").write_text('url = "https://my.hotel.example/amanat"\nsecret_file = "hook"\nwebhook_secret_file = "hook"\n')
    monkeypatch.setenv("AMANAT_GATEWAYS", str(tmp_path))

    def tell(body, *, secret=SECRET, at=None):
        raw = json.dumps(body).encode()
        headers = signed_headers(secret, "POST", "/en/told/portal/", raw, at=at or timezone.now())
        return door.post("/en/told/portal/", raw, content_type="application/json", headers=headers).status_code

    return tell


def test_the_portal_tells_who_opened_their_message_and_it_counts_once(sent, portal):  # noqa: F811
    row = accept(sent, 0)
    assert [portal({"opened": [row.pk.hex]}) for _ in range(2)] == [200, 200]
    told_tasks.note(now=timezone.now())
    row.refresh_from_db()
    assert (row.state, ReportRow.objects.count()) == ("delivered", 1)


def test_nobody_else_can_tell_it(sent, portal):  # noqa: F811
    from datetime import timedelta

    row = accept(sent, 0)
    told = {"opened": [row.pk.hex]}
    assert portal(told, secret="somebody else's secret") == 403
    assert portal(told, at=timezone.now() - timedelta(hours=1)) == 403
    assert portal({"closed": []}) == 400
    assert portal({"opened": ["nonsense", 7, None]}) == 200
    assert not ReportRow.objects.exists()
