"""The monthly bulletin: asked for, confirmed by a button, sent once to each reader on two people's word, left with one click."""

import re
from datetime import timedelta
from urllib.parse import urlsplit
from uuid import UUID

import pytest
from django.db import connection
from django.utils import timezone

from amanat import notify
from amanat.web.accounts import limits
from amanat.web.bulletin import issuing, ledger, mails, subscribing, tasks
from amanat.web.bulletin.models import Issue, IssueMail, Subscriber
from amanat.web.bulletin.queries import companies
from amanat.web.notify import outlets_actions, plans
from amanat.web.notify import outlets_queries as queries
from amanat.web.notify.actions import take_in
from amanat.web.notify.outlets_models import OutletRow
from amanat.web.notify.queries import company_of
from amanat.web.respond import actions, journal

from ..notify.delivery_world import Sink, a_server
from ..notify.outlet_world import notice
from .test_approval import N, alice, countersign, fresh, incident, sign, story  # noqa: F401  fixtures
from .test_public import door, sent  # noqa: F401  fixtures

pytestmark = pytest.mark.django_db
SARA = "sara@example.org"


def staff(name):
    from amanat.web.accounts.models import Staff

    return Staff.objects.get(name=name)


@pytest.fixture
def told(incident):  # noqa: F811
    """The public knows of the incident, and the bulletin's texts are there in three languages."""
    texts = [notice(language, audience) for language in ("en", "fr", "fa") for audience in ("public", "bulletin")]
    take_in(incident, notices=texts, findings={}, by=None, now=timezone.now())
    release(incident, ["status_page"])
    return incident


def release(one, outlets):
    now = timezone.now()
    seen = notify.statement_hash(queries.source(one, queries.texts(one, now=now)))
    row = outlets_actions.sign(one, outlets, seen=seen, by=staff("Alice"), now=now)
    outlets_actions.release(one, row.pk, by=staff("Bob"), now=now)
    return OutletRow.objects.filter(incident=one, outlet=outlets[0]).latest("released_at")


@pytest.fixture
def server(monkeypatch):
    """A mail server that takes everything, as the company's relay."""
    handler = Sink()
    with a_server(handler) as url:
        monkeypatch.setenv("AMANAT_SMTP", url)
        yield handler


@pytest.fixture
def no_jobs(monkeypatch):
    """What is rung for does not run by itself."""
    monkeypatch.setattr(subscribing, "ring", lambda row: None)


def ask(door, address=SARA, language="en", **more):  # noqa: F811
    return door.post("/en/bulletin/", {"address": address, "language": language, **more})


def a_reader(company, address=SARA, language="en", now=None):
    """Somebody who asked and confirmed."""
    now = now or timezone.now()
    row = subscribing.ask(company=company, address=address, language=language, now=now)
    return subscribing.confirm(subscribing.new_question(row, now=now), now=now)


def text_of(mail):
    return mail.get_body(("plain",)).get_content()


def path_in(mail, what):
    return urlsplit(re.search(rf"https?://\S+/bulletin/{what}/[\w-]+/", text_of(mail))[0]).path


def said(answer, path):
    """A page without its own address, which stands in the links to its other languages."""
    return answer.content.decode().replace(path.removeprefix("/en"), "").rstrip()


def mails_of(handler):
    return handler.messages


# ---- asking ----


def test_only_the_button_behind_the_link_puts_an_address_on_the_list(told, door, server, no_jobs):  # noqa: F811
    assert ask(door, language="fr").status_code == 200
    row = Subscriber.objects.get()
    tasks.ask_reader.func(str(row.pk))
    [mail] = mails_of(server)
    path = path_in(mail, "confirm")

    assert path.startswith("/fr/") and "List-Unsubscribe" not in mail
    opened = door.get(path)  # as a program does that looks through mails
    assert opened.status_code == 200 and not opened.cookies
    assert Subscriber.objects.get().confirmed_at is None

    door.post(path)
    assert Subscriber.objects.get().confirmed_at is not None
    door.post(path)
    assert Subscriber.objects.filter(confirmed_at__isnull=False).count() == 1


def test_the_database_holds_neither_the_address_nor_the_tokens(told, door, server, no_jobs):  # noqa: F811
    ask(door)
    row = Subscriber.objects.get()
    tasks.ask_reader.func(str(row.pk))
    token = path_in(mails_of(server)[0], "confirm").rstrip("/").rsplit("/", 1)[-1]

    with connection.cursor() as cursor:
        cursor.execute("select b::text from bulletin_subscriber b")
        [[kept]] = cursor.fetchall()
    assert "sara" not in kept.lower() and token not in kept and token.encode().hex() not in kept
    assert subscribing.address_of(Subscriber.objects.get()) == SARA


def test_who_asks_learns_nothing_about_who_is_on_the_list(told, door, no_jobs):  # noqa: F811
    a_reader(company_of(told).name)

    known, unknown = ask(door), ask(door, "nobody@example.org")
    assert known.content == unknown.content and known.status_code == unknown.status_code == 200
    assert not known.cookies
    # Nothing is looked up while somebody waits for the answer: both were one row more.
    assert Subscriber.objects.filter(confirmed_at=None).count() == 2


def test_asking_again_changes_the_language_and_keeps_one_place(told, no_jobs):
    company = company_of(told).name
    a_reader(company, language="en")
    a_reader(company, "SARA@example.org", language="fa")

    [reader] = Subscriber.objects.filter(confirmed_at__isnull=False)
    assert reader.language == "fa"


def test_an_address_is_asked_three_times_a_day_however_often_it_is_typed(told, server, no_jobs):
    rows = [subscribing.ask(company=company_of(told).name, address=SARA, language="en", now=timezone.now()) for _ in range(5)]
    for row in rows:
        tasks.ask_reader.func(str(row.pk))

    assert len(mails_of(server)) == 3


def test_one_connection_asks_ten_times_an_hour(told, door, no_jobs):  # noqa: F811
    answers = [ask(door, f"guest{n}@example.org").status_code for n in range(12)]

    assert answers == [200] * 10 + [429] * 2
    assert limits.seen("bulletin asks") == 10


@pytest.mark.parametrize("address", ["", "sara", "sara@", "a@example.org\r\nBcc: b@example.org", "x" * 250 + "@example.org"])
def test_what_is_no_address_is_said_to_be_none(told, door, no_jobs, address):  # noqa: F811
    answer = ask(door, address)

    assert answer.status_code == 400 and "does not look like an e-mail address" in answer.content.decode()
    assert not Subscriber.objects.exists()


def test_a_link_works_for_two_days_and_what_nobody_confirmed_is_deleted(told, no_jobs):
    now = timezone.now()
    row = subscribing.ask(company=company_of(told).name, address=SARA, language="en", now=now)
    token = subscribing.new_question(row, now=now)

    assert subscribing.confirm(token, now=now + timedelta(days=2, seconds=1)) is None
    assert subscribing.confirm("x" * 43, now=now) is None
    assert subscribing.delete_due(now=now + timedelta(days=2, seconds=1)) == 1
    assert not Subscriber.objects.exists()


def test_before_the_public_knows_of_anything_there_is_nothing_to_ask_for(incident, door):  # noqa: F811
    page = door.get("/en/bulletin/")

    assert page.status_code == 200 and "There is no bulletin at present" in page.content.decode() and "<form" not in page.content.decode()
    assert ask(door).status_code == 400


# ---- leaving ----


def test_the_mail_program_s_button_works_without_cookie_page_or_log_in_and_at_once(told, door, no_jobs):  # noqa: F811
    reader = a_reader(company_of(told).name)
    path = urlsplit(mails.leave_url(reader)).path

    assert door.get(path).status_code == 200 and Subscriber.objects.get().left_at is None
    answer = door.post(path, {"List-Unsubscribe": "One-Click"})
    row = Subscriber.objects.get()
    assert answer.status_code == 200 and not answer.cookies
    assert row.left_at and row.address == "" and row.address_index is None
    # The same answer again, and for a link that we never gave out.
    never = "/en/bulletin/leave/none-of-ours/"
    assert said(door.post(path), path) == said(answer, path) == said(door.post(never), never)


def test_whoever_left_can_come_back_and_the_old_link_does_not_reach_them(told, no_jobs):
    company, now = company_of(told).name, timezone.now()
    old = subscribing.leave_token(a_reader(company))
    assert subscribing.leave(old, now=now)
    new = a_reader(company)

    subscribing.leave(old, now=now)
    new.refresh_from_db()
    assert new.left_at is None and subscribing.address_of(new) == SARA


# ---- an issue ----


def send(outlet):
    issue = issuing.begin(outlet, now=timezone.now())
    tasks.send_issue.func(str(issue.pk))
    issue.refresh_from_db()
    return issue


@pytest.mark.django_db(transaction=True)
def test_an_issue_reaches_each_reader_once_in_their_language_with_the_way_out(told, server, no_jobs):
    company = company_of(told).name
    readers = {name: a_reader(company, f"{name}@example.org", language=name) for name in ("en", "fr", "fa")}
    subscribing.ask(company=company, address="not-confirmed@example.org", language="en", now=timezone.now())
    outlet = release(told, ["bulletin"])

    issue = send(outlet)
    assert issue.ended_at and send(outlet).pk == issue.pk
    got = {mail["To"]: mail for mail in mails_of(server)}
    assert len(mails_of(server)) == 3 and set(got) == {"en@example.org", "fr@example.org", "fa@example.org"}
    for language, mail in ((name, got[f"{name}@example.org"]) for name in readers):
        assert mail["Content-Language"] == language
        assert mail["List-Unsubscribe"] == f"<{mails.leave_url(readers[language])}>"
        assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert set(IssueMail.objects.values_list("state", flat=True)) == {"accepted"}
    acts = [entry["act"] for entry in journal.entries(told.pk)]
    assert acts.count("bulletin.begun") == acts.count("bulletin.ended") == 1


@pytest.mark.django_db(transaction=True)
def test_whoever_leaves_between_the_signatures_and_the_sending_gets_nothing(told, server, no_jobs):
    company = company_of(told).name
    stays, goes = a_reader(company, "stays@example.org"), a_reader(company, "goes@example.org")
    outlet = release(told, ["bulletin"])
    issuing.begin(outlet, now=timezone.now())
    subscribing.leave(subscribing.leave_token(goes), now=timezone.now())

    send(outlet)
    assert [mail["To"] for mail in mails_of(server)] == ["stays@example.org"]
    assert dict(IssueMail.objects.values_list("subscriber", "state")) == {stays.pk: "accepted", goes.pk: "left"}


def test_a_drill_has_none_of_the_readers_of_the_real_bulletin(told, no_jobs):
    """The list is of real people, and a relay on this machine carries mails on into the world."""
    told.is_drill = False
    told.save(update_fields=["is_drill"])
    reader = a_reader(company_of(told).name)
    drill = actions.declare(title="A drill", kind="data_breach", by=staff("Alice"), now=timezone.now(), folder=told.folder, is_drill=True)
    take_in(drill, notices=[notice("en", audience) for audience in ("public", "bulletin")], findings={}, by=None, now=timezone.now())
    release(drill, ["status_page"])
    issue = issuing.begin(release(drill, ["bulletin"]), now=timezone.now())
    assert (issue.n, IssueMail.objects.count()) == (0, 0)
    # Nor does a drill keep the real readers from being asked: it may not leave this machine.
    assert companies()[company_of(told).name] == told
    assert issuing.begin(release(told, ["bulletin"]), now=timezone.now()).n == 1 and IssueMail.objects.get().subscriber == reader


def test_without_the_second_signature_nothing_begins(told, no_jobs):
    a_reader(company_of(told).name)
    now = timezone.now()
    seen = notify.statement_hash(queries.source(told, queries.texts(told, now=now)))
    outlets_actions.sign(told, ["bulletin"], seen=seen, by=staff("Alice"), now=now)

    assert not issuing.released().exists()


def test_what_was_in_the_air_when_its_sender_died_is_not_sent_again(told, no_jobs):
    company, now = company_of(told).name, timezone.now()
    for n in range(3):
        a_reader(company, f"guest{n}@example.org")
    issue = issuing.begin(release(told, ["bulletin"]), now=now)
    one = ledger.IssueLedger(issue)
    held = one._claim("email", 2, now)
    assert len(held) == 2 and IssueMail.objects.filter(state="attempting").count() == 2

    later = one._claim("email", 25, now + ledger.HOLD + timedelta(seconds=1))
    assert len(later) == 1 and {s.sending_id for s in later}.isdisjoint(s.sending_id for s in held)
    assert IssueMail.objects.filter(state="unsure").count() == 2


def test_whoever_leaves_the_moment_their_mail_is_composed_stops_nobody_else_s(told, no_jobs):
    company, now = company_of(told).name, timezone.now()
    stays, goes, gone = (a_reader(company, f"guest{n}@example.org") for n in range(3))
    issue = issuing.begin(release(told, ["bulletin"]), now=now)
    one = ledger.IssueLedger(issue)
    claimed = one._claim("email", 25, now)
    subscribing.leave(subscribing.leave_token(goes), now=now)
    Subscriber.objects.filter(pk=gone.pk).delete()
    texts = [notify.notice_from(body) for body in issue.outlet.statement.notices]
    made = issuing._messages(issue, texts, company_of(told), claimed, lambda code, notice: "")
    assert [m.contact.person_id for m in made] == [str(stays.pk)]
    # What was not composed is put back, and found to have left.
    one._put_back([UUID(s.sending_id) for s in claimed if s.person_id != str(stays.pk)], now, "", None)
    assert one._claim("email", 25, now) == []
    assert sorted(IssueMail.objects.values_list("state", flat=True)) == ["attempting", "left", "left"]


@pytest.mark.django_db(transaction=True)
def test_a_withdrawn_issue_ends_and_nobody_gets_it_any_more(told, server, no_jobs):
    a_reader(company_of(told).name)
    outlet = release(told, ["bulletin"])
    issue = issuing.begin(outlet, now=timezone.now())
    outlets_actions.withdraw(told, outlet.pk, why="a wrong date", by=staff("Alice"), now=timezone.now())

    tasks.send_issue.func(str(issue.pk))
    issue.refresh_from_db()
    assert issue.ended_at and mails_of(server) == []


@pytest.mark.django_db(transaction=True)
def test_an_issue_that_the_relay_does_not_take_waits_for_its_hour(told, no_jobs, monkeypatch):
    monkeypatch.delenv("AMANAT_SMTP", raising=False)
    a_reader(company_of(told).name)
    issue = send(release(told, ["bulletin"]))
    now = timezone.now()

    assert issue.ended_at is None and "relay" in issue.why
    assert not issuing.unfinished(now=now).exists()
    assert issuing.unfinished(now=now + timedelta(hours=1, minutes=1)).get().pk == issue.pk


# ---- what the law requires ----


def test_leaving_the_bulletin_keeps_nobody_from_a_notice_that_the_law_requires(told, no_jobs):
    before = plans.planned(told)
    for n in range(N):
        reader = a_reader(company_of(told).name, f"guest{n}@example.org")
        subscribing.leave(subscribing.leave_token(reader), now=timezone.now())

    after = plans.planned(told)
    assert after.n == before.n == N and after.recipients_hash == before.recipients_hash
    assert Issue.objects.count() == 0
