"""May it go out?: two different people, typed number, whole texts and list; then every person gets one mail."""

import socket
import time
from email import message_from_bytes, policy

import pytest
from django.urls import reverse
from django.utils import timezone

from amanat import notify
from amanat.terms.notice import Notice, Section, Sentence
from amanat.web.notify import queries, tasks
from amanat.web.notify.board import board
from amanat.web.notify.ledger import PostgresLedger
from amanat.web.notify.models import ApprovalRow, ReceiptRow, SenderRow, SendingRow
from amanat.web.respond import actions as respond
from amanat.web.respond import journal
from amanat.web.scope import people

N = 40


def notice_in(language, text="Data of yours were taken."):
    return Notice(
        id=f"eu.{language}",
        letter_group="eu",
        language=language,
        audience="individuals",
        title="What happened to your data",
        subject="A message about your account",
        greeting="Dear {name},",
        sections=(Section(id="what_happened", heading="What happened", sentences=(Sentence(text=text, facts=("what_happened",)),)),),
        closing="Hotel Exemple",
        duty_ids=("eu-gdpr.individuals",),
    )


@pytest.fixture(scope="session")
def story(tmp_path_factory):
    from amanat import prepare

    folder = tmp_path_factory.mktemp("hotel") / "story"
    prepare.make_company(folder, persons=100, seed=1, at=timezone.now())
    return folder


@pytest.fixture
def alice(staff_of):
    return staff_of("alice")


@pytest.fixture
def incident(alice, staff_of, story):
    from amanat.web.notify.actions import take_in

    now = timezone.now()
    one = respond.declare(title="Practice", kind="data_breach", by=alice, now=now, folder=str(story), is_drill=True)
    for name, role in (("bob", "dpo"), ("charlie", "viewer"), ("dana", "counsel")):
        respond.add_member(one, staff=staff_of(name), role=role, by=alice, now=now)
    take_in(one, notices=[notice_in("en"), notice_in("fr")], findings={}, by=None, now=now)
    people.load(one, [person(n) for n in range(N)])
    return one


def person(n, **more):
    given = {
        "person_id": f"guest-{n}",
        "kinds": ("name", "email"),
        "n_findings": 2,
        "n_records": 1,
        "belief": 1.0,
        "state": "sure",
        "basis": "content",
        "residence": "FR",
        "language": "fr" if n % 2 else "en",
        "minor": False,
        "letter_group": "eu",
        "name": f"Guest {n}",
        "emails": (f"guest{n}@example.org",),
        "channel_order": ("email",),
    }
    return people.Person(**given | more)


class Caught:
    """Catches mails."""

    def __init__(self):
        self.to, self.mails = [], []

    async def handle_DATA(self, _server, _session, envelope):
        self.to += envelope.rcpt_tos
        self.mails.append(message_from_bytes(envelope.content, policy=policy.default))
        return "250 caught"


@pytest.fixture
def inbox(monkeypatch):
    from aiosmtpd.controller import Controller

    caught = Caught()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    controller = Controller(caught, hostname="127.0.0.1", port=port)
    controller.start()
    monkeypatch.setenv("AMANAT_SMTP", f"smtp://127.0.0.1:{port}")
    yield caught
    controller.stop()


@pytest.fixture
def fresh(as_staff):
    """A browser in which this person proved a moment ago who they are."""

    def log_in(name):
        from amanat.web.accounts.models import Staff

        staff = Staff.objects.get(name=name)
        browser = as_staff(staff)
        session = browser.session
        session["account_authentication_methods_user"] = str(staff.pk)
        session["account_authentication_methods"] = [{"method": "password", "at": time.time()}]
        session.save()
        return browser

    return log_in


def sign(fresh, incident, name="Alice", typed=str(N)):
    return fresh(name).post(reverse("sign", args=[incident.pk]), {"typed": typed}, follow=True)


def countersign(fresh, incident, name="Bob", typed=str(N)):
    row = queries.standing_approval(incident)
    return fresh(name).post(reverse("countersign", args=[incident.pk, row.pk]), {"typed": typed}, follow=True)


@pytest.mark.django_db
def test_every_page_of_the_chain_opens_for_a_member_and_is_not_there_for_a_stranger(incident, fresh, staff_of):
    staff_of("eve")
    for page in ("notices", "approve", "sending", "reach"):
        assert fresh("Charlie").get(reverse(page, args=[incident.pk])).status_code == 200
        assert fresh("Eve").get(reverse(page, args=[incident.pk])).status_code == 404
    for page in ("notice", "notice_languages", "notice_changes", "notice_samples"):
        assert fresh("Charlie").get(reverse(page, args=[incident.pk, "eu.en"])).status_code == 200
        assert fresh("Charlie").get(reverse(page, args=[incident.pk, "no.en"])).status_code == 404
        assert fresh("Eve").get(reverse(page, args=[incident.pk, "eu.en"])).status_code == 404
    text = fresh("Charlie").get(reverse("notice", args=[incident.pk, "eu.en"])).content.decode()
    assert "Data of yours were taken." in text
    assert "What happened, in one or two sentences that a customer understands?" in text  # the fact beside its sentence


@pytest.mark.django_db
def test_the_mail_is_shown_in_a_frame_that_can_do_nothing(incident, fresh):
    answer = fresh("Charlie").get(reverse("notice_sample", args=[incident.pk, "eu.en", 0]))

    assert "Data of yours were taken." in answer.content.decode()
    assert "sandbox" in answer["Content-Security-Policy"]
    assert "default-src 'none'" in answer["Content-Security-Policy"]
    assert answer["X-Frame-Options"] == "SAMEORIGIN"
    assert fresh("Charlie").get(reverse("notice_sample", args=[incident.pk, "eu.en", 9])).status_code == 404
    assert fresh("Charlie").get(reverse("notice_letter", args=[incident.pk, "eu.en", 0])).content.startswith(b"%PDF")
    assert fresh("Charlie").get(reverse("notice_letter_picture", args=[incident.pk, "eu.en", 0])).content.startswith(b"\x89PNG")


@pytest.mark.django_db
def test_who_signs_is_asked_again_when_the_log_in_is_old(incident, as_staff, alice):
    answer = as_staff(alice).post(reverse("sign", args=[incident.pk]), {"typed": str(N)})

    assert answer.url.startswith(reverse("account_reauthenticate"))
    assert ApprovalRow.objects.count() == 0


@pytest.mark.django_db
@pytest.mark.parametrize("typed", ["", "39", "41", "forty"])
def test_the_wrong_number_signs_nothing(incident, fresh, typed):
    sign(fresh, incident, typed=typed)
    assert ApprovalRow.objects.count() == 0


@pytest.mark.django_db
def test_persian_digits_are_a_number_too(incident, fresh):
    sign(fresh, incident, typed="۴۰")
    assert ApprovalRow.objects.get().n_recipients == 40


@pytest.mark.django_db
def test_the_author_cannot_approve_and_a_viewer_or_counsel_cannot_sign(incident, fresh):
    assert sign(fresh, incident, name="Charlie").status_code == 403
    sign(fresh, incident)
    countersign(fresh, incident, name="Alice")
    assert queries.standing_approval(incident).approver is None
    for name in ("Charlie", "Dana"):
        assert countersign(fresh, incident, name=name).status_code == 403
    assert SendingRow.objects.count() == 0


@pytest.mark.django_db
def test_a_changed_text_voids_the_authors_signature(incident, fresh):
    from amanat.web.notify.actions import take_in

    sign(fresh, incident)
    approval = queries.standing_approval(incident)
    take_in(incident, notices=[notice_in("en", "Other words.")], findings={}, by=None, now=timezone.now())

    fresh("Bob").post(reverse("countersign", args=[incident.pk, approval.pk]), {"typed": str(N)})
    approval.refresh_from_db()
    assert approval.voided_at is not None
    assert approval.approver is None
    assert SendingRow.objects.count() == 0


@pytest.mark.django_db
def test_one_more_person_voids_what_the_author_signed(incident, fresh):
    sign(fresh, incident)
    people.load(incident, [person(n) for n in range(N + 1)])
    countersign(fresh, incident, typed=str(N + 1))

    assert SendingRow.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_two_people_sign_and_every_person_gets_one_mail_with_a_code_that_is_true(incident, fresh, inbox):
    sign(fresh, incident)
    countersign(fresh, incident)
    approval = queries.standing_approval(incident)
    assert (approval.author.name, approval.approver.name) == ("Alice", "Bob")

    tasks.send_notices.func(None, approval_id=str(approval.pk))

    assert sorted(inbox.to) == sorted(f"guest{n}@example.org" for n in range(N))
    assert set(SendingRow.objects.values_list("state", flat=True)) == {"accepted"}
    course = queries.course(approval, now=timezone.now())
    assert (course.n_reached, course.n_open, course.n_failed) == (N, 0, 0)
    reach = board(incident)
    assert (reach["n_reached"], reach["n_never"]) == (N, 0)
    assert [(row["name"], row["n_reached"]) for row in reach["language"]] == [("en", 20), ("fr", 20)]
    acts = [e["act"] for e in journal.entries(incident.pk)]
    assert acts[-3:] == ["notices.signed_by_author", "notices.approved", "sending.ended"]
    assert journal.verify(incident.pk).is_whole
    # A second job finds nothing to do.
    tasks.send_notices.func(None, approval_id=str(approval.pk))
    assert len(inbox.to) == N


def test_an_approval_has_the_files_of_the_status_page_written(incident, fresh, django_capture_on_commit_callbacks):
    from procrastinate.contrib.django import app

    sign(fresh, incident)
    with django_capture_on_commit_callbacks(execute=True):
        countersign(fresh, incident)
    from procrastinate.contrib.django.models import ProcrastinateJob

    assert "write_status" in ProcrastinateJob.objects.values_list("task_name", flat=True)
    assert "write_status" in app.tasks


@pytest.mark.django_db(transaction=True)
def test_stop_ends_it_and_going_on_reaches_the_rest_once(incident, fresh, inbox):
    sign(fresh, incident)
    countersign(fresh, incident)
    approval = queries.standing_approval(incident)
    assert fresh("Charlie").post(reverse("stop_sending", args=[incident.pk])).status_code == 403
    fresh("Dana").post(reverse("stop_sending", args=[incident.pk]))
    tasks.send_notices.func(None, approval_id=str(approval.pk))
    assert inbox.to == []

    fresh("Bob").post(reverse("go_on_sending", args=[incident.pk]))
    tasks.send_notices.func(None, approval_id=str(approval.pk))
    assert sorted(inbox.to) == sorted(f"guest{n}@example.org" for n in range(N))


@pytest.mark.django_db(transaction=True)
def test_what_was_in_the_air_when_a_worker_died_is_sent_again_by_the_next(incident, fresh, inbox):
    sign(fresh, incident)
    countersign(fresh, incident)
    approval = queries.standing_approval(incident)
    tasks.claim(approval.pk)
    with PostgresLedger(approval) as ledger:
        taken = ledger.claim("email", 25, at=timezone.now())
        for sending in taken[:10]:
            ledger.record(notify.Outcome(sending_id=sending.sending_id, became="accepted"), at=timezone.now())
    # Here it is killed: 10 are told, 15 in the air, 15 wait. While it seems alive nobody else begins.
    assert tasks.ring_for_unsent() == 0
    SenderRow.objects.update(alive_at=timezone.now() - 2 * queries.SILENT_FOR)
    SendingRow.objects.filter(state="attempting").update(leased_until=timezone.now() - 2 * queries.SILENT_FOR)
    assert tasks.ring_for_unsent() == 1
    tasks.send_notices.func(None, approval_id=str(approval.pk))

    assert len(inbox.to) == len(set(inbox.to)) == N - 10
    assert SendingRow.objects.filter(state="accepted").count() == N
    assert ReceiptRow.objects.filter(state="unsure").count() == 15


@pytest.mark.django_db(transaction=True)
def test_a_change_after_the_approval_sends_nothing(incident, fresh, inbox):
    sign(fresh, incident)
    countersign(fresh, incident)
    approval = queries.standing_approval(incident)
    people.load(incident, [person(n) for n in range(N + 1)])
    tasks.send_notices.func(None, approval_id=str(approval.pk))

    approval.refresh_from_db()
    assert inbox.to == []
    assert approval.voided_at is not None


@pytest.mark.django_db(transaction=True)
def test_a_drill_does_not_reach_the_world(incident, fresh, monkeypatch):
    monkeypatch.setenv("AMANAT_SMTP", "smtp://mail.example.org:25")
    sign(fresh, incident)
    countersign(fresh, incident)
    approval = queries.standing_approval(incident)
    tasks.send_notices.func(None, approval_id=str(approval.pk))

    approval.refresh_from_db()
    assert "reaches only this machine" in approval.stop_why
    assert set(SendingRow.objects.values_list("state", flat=True)) == {"queued"}


@pytest.mark.django_db
def test_whom_the_mail_does_not_reach_gets_the_letter_next(incident, fresh):
    people.load(incident, [person(0, address="1 rue Exemple, 75000 Paris", channel_order=("email", "letter"))])
    sign(fresh, incident, typed="1")
    countersign(fresh, incident, typed="1")
    mail, letter = SendingRow.objects.order_by("turn")
    assert (mail.channel, mail.state, letter.channel, letter.state) == ("email", "queued", "letter", "idle")

    ledger = PostgresLedger(queries.standing_approval(incident))
    ledger.do = lambda what, *args: what(*args)  # in this thread, which alone sees the test's transaction
    now = timezone.now()
    [claimed] = ledger.claim("email", 25, at=now)
    ledger.record(notify.Outcome(sending_id=claimed.sending_id, became="refused", answer="550 <guest0@example.org> unknown"), at=now)

    letter.refresh_from_db()
    assert letter.state == "queued"
    assert ledger.n_open(["email", "letter"]) == 1
    assert ReceiptRow.objects.get(state="refused").answer == "550 <address> unknown"


@pytest.mark.django_db
def test_after_the_persons_were_erased_nothing_can_be_signed(incident, fresh, alice):
    respond.erase_people(incident, by=alice, now=timezone.now(), why="asked for")

    page = fresh("Bob").get(reverse("approve", args=[incident.pk])).content.decode()
    assert "The persons of this incident were erased." in page
    sign(fresh, incident)
    assert ApprovalRow.objects.count() == 0
