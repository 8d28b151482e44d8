"""What comes back of an issue: noted on its mail alone, and whoever complains or has no mailbox any more leaves the bulletin's list."""

from datetime import timedelta

import pytest
from django.utils import timezone

from amanat import notify
from amanat.web.bulletin import heard, issuing, ledger, subscribing, tasks
from amanat.web.bulletin.models import IssueMail, Subscriber
from amanat.web.notify import plans, told_tasks
from amanat.web.notify import told as telling
from amanat.web.notify.models import ReceiptRow, ReportRow
from amanat.web.notify.outlets_models import OutletRow
from amanat.web.notify.queries import company_of
from amanat.web.respond import journal
from tests.notify.test_bounces import a_dsn

from .test_approval import alice, fresh, incident, story  # noqa: F401  fixtures
from .test_bulletin import a_reader, no_jobs, release, told  # noqa: F401  fixtures
from .test_public import door  # noqa: F401  fixture
from .test_told import by_mailgun, gateways, post  # noqa: F401  fixture

pytestmark = pytest.mark.django_db


@pytest.fixture
def reader(told, no_jobs):  # noqa: F811
    return a_reader(company_of(told).name)


def a_mail_to(reader, told, state="accepted"):  # noqa: F811
    """The mail of one more issue to this reader, which a server took."""
    issue = issuing.begin(release(told, ["bulletin"]), now=timezone.now())
    mail = IssueMail.objects.get(issue=issue, subscriber=reader)
    IssueMail.objects.filter(pk=mail.pk).update(state=state)
    return mail


def hear(mail, state, says=""):
    """A report of a provider, looked at by the notices and then by the bulletin."""
    row = ReportRow(provider="mailgun", key=str(ReportRow.objects.count()), sending_id=mail.pk.hex, state=state, says=says, at=timezone.now())
    row.save()
    told_tasks.note(now=timezone.now())
    return dict(heard.note(now=timezone.now()))


def is_reader(reader):
    return Subscriber.objects.filter(pk=reader.pk, left_at=None).exists()


@pytest.mark.parametrize("event", ["complained", "unsubscribed"])
def test_a_complaint_marks_the_mail_and_takes_the_reader_off_the_list(reader, told, gateways, door, event):  # noqa: F811
    mail = a_mail_to(reader, told)

    assert post(door, "mailgun", by_mailgun(mail.pk.hex, event)) == 200
    assert is_reader(reader)  # the public door wrote one row, and touched nothing
    told_tasks.note(now=timezone.now())
    tasks.sweep_bulletin.func(0)

    mail.refresh_from_db()
    row = Subscriber.objects.get()
    assert mail.state == "complained" and mail.answer.startswith(f"mailgun: {event}")
    assert row.left_at and row.address == "" and row.address_index is None
    [entry] = [e for e in journal.entries(told.pk) if e["act"] == "bulletin.noted"]
    assert (entry["what"]["complained"], entry["what"]["taken_off"]) == (1, 1)
    assert ReportRow.objects.get().became == "noted"


def test_a_bounce_by_mail_of_a_mailbox_that_is_no_more_takes_the_reader_off(reader, told, tmp_path):  # noqa: F811
    mail = a_mail_to(reader, told)
    (tmp_path / "new").mkdir()
    (tmp_path / "new" / "1").write_bytes(a_dsn(mail.pk.hex, status="5.1.1"))
    telling.take_mails(tmp_path, {"hotel.example"}, now=timezone.now())
    told_tasks.note(now=timezone.now())
    heard.note(now=timezone.now())

    mail.refresh_from_db()
    assert mail.state == "bounced" and not is_reader(reader)


@pytest.mark.parametrize("says", ["mail: bounced 5.2.2", "mail: bounced 5.7.1", "postmark: bounced"])
def test_a_full_mailbox_or_rules_against_us_cost_the_mail_and_not_the_place_on_the_list(reader, told, says):  # noqa: F811
    mail = a_mail_to(reader, told)

    assert hear(mail, "bounced", says) == {"noted": 1}
    mail.refresh_from_db()
    assert mail.state == "bounced" and is_reader(reader)


def test_the_third_issue_in_a_row_that_comes_back_is_the_last_one(reader, told):  # noqa: F811
    for n in (1, 2, 3):
        assert is_reader(reader), n
        hear(a_mail_to(reader, told), "bounced", "mail: bounced 5.2.2")

    assert not is_reader(reader)


def test_an_issue_that_arrived_in_between_begins_the_count_anew(reader, told):  # noqa: F811
    for state in ("bounced", "bounced", "delivered", "bounced"):
        hear(a_mail_to(reader, told), state, f"mail: {state} 5.2.2")

    assert is_reader(reader)


def test_receivers_whose_rules_are_against_us_for_months_empty_no_list(reader, told):  # noqa: F811
    for _ in range(4):
        hear(a_mail_to(reader, told), "bounced", "mail: bounced 5.7.1")

    assert is_reader(reader)


def test_a_relay_that_refuses_a_mailbox_three_times_is_believed_and_one_that_refuses_us_is_not(told, no_jobs, monkeypatch):  # noqa: F811
    monkeypatch.setattr(ledger.IssueLedger, "do", lambda self, what, *args: what(*args))  # in this thread, which alone sees the test's transaction
    answers = {"gone": "550 5.1.1 no such user", "here": "554 5.7.1 relay access denied"}
    readers = {name: a_reader(company_of(told).name, f"{name}@example.org") for name in answers}
    for _ in range(3):
        issue = issuing.begin(release(told, ["bulletin"]), now=timezone.now())
        one, now = ledger.IssueLedger(issue), timezone.now()
        for claimed in one.claim("email", 25, at=now):
            name = next(name for name, reader in readers.items() if str(reader.pk) == claimed.person_id)
            one.record(notify.Outcome(sending_id=claimed.sending_id, became="refused", answer=answers[name]), at=now)

    assert not is_reader(readers["gone"]) and is_reader(readers["here"])


def test_a_report_that_comes_before_the_answer_waits_and_one_told_twice_counts_once(reader, told):  # noqa: F811
    mail = a_mail_to(reader, told, state="attempting")

    assert hear(mail, "complained") == {}
    IssueMail.objects.filter(pk=mail.pk).update(state="accepted")
    assert dict(heard.note(now=timezone.now())) == {"noted": 1}
    assert dict(heard.note(now=timezone.now())) == {}
    assert hear(mail, "complained") == {"known": 1}


def test_what_is_about_no_issue_either_stays_unknown(told):  # noqa: F811
    ReportRow.objects.create(provider="mailgun", key="1", sending_id="a" * 32, state="bounced", says="mailgun: bounced", at=timezone.now())
    told_tasks.note(now=timezone.now())

    assert dict(heard.note(now=timezone.now())) == {}
    assert ReportRow.objects.get().became == "unknown"


def test_bounces_are_known_as_ours_where_only_statements_went_out(told):  # noqa: F811
    assert OutletRow.objects.filter(incident=told).exists()
    assert set(company_of(told).domains) <= told_tasks.our_domains()


def test_complaints_about_the_bulletin_keep_nobody_from_a_notice_that_the_law_requires(told, no_jobs):  # noqa: F811
    before = plans.planned(told)
    readers = [a_reader(company_of(told).name, f"guest{n}@example.org") for n in range(3)]  # the same addresses as affected persons have
    issue = issuing.begin(release(told, ["bulletin"]), now=timezone.now())
    IssueMail.objects.update(state="accepted")
    for mail in IssueMail.objects.filter(issue=issue):
        hear(mail, "complained")

    after = plans.planned(told)
    assert not any(map(is_reader, readers))
    assert (after.n, after.recipients_hash) == (before.n, before.recipients_hash)
    assert not ReceiptRow.objects.exists()


def test_whoever_leaves_is_counted_at_the_last_issue_that_they_got(reader, told):  # noqa: F811
    first, second = a_mail_to(reader, told), a_mail_to(reader, told)
    third = a_mail_to(reader, told, state="queued")
    now = timezone.now()
    subscribing.leave(subscribing.leave_token(reader), now=now)

    assert heard.note_who_left(now=now) == 1 and heard.note_who_left(now=now) == 0
    subscribing.delete_due(now=now + timedelta(days=31))
    assert not Subscriber.objects.exists()
    left = dict(IssueMail.objects.values_list("pk", "reader_left_at"))
    assert left == {first.pk: None, second.pk: now, third.pk: None}


def test_a_complaint_is_not_counted_as_leaving_too(reader, told):  # noqa: F811
    a_mail_to(reader, told)
    hear(a_mail_to(reader, told), "complained")

    assert heard.note_who_left(now=timezone.now()) == 0
