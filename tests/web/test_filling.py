"""The second signature on a long list: a worker fills the ledger, whole or not at all, and only then does the first message leave."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from amanat import notify
from amanat.terms.notice import Section, Sentence
from amanat.web.accounts.models import Staff
from amanat.web.notify import actions, filling, pace, plans, queries, tasks, together
from amanat.web.notify.models import ApprovalRow, PlanCount, ReceiptRow, SenderRow, SendingRow, TogetherRow
from amanat.web.public import queries as public
from amanat.web.respond import actions as respond
from amanat.web.respond import journal
from amanat.web.respond.models import PromiseRow
from amanat.web.scope import people
from amanat.web.scope.models import AffectedPerson

from .test_approval import N, alice, countersign, fresh, inbox, incident, notice_in, person, sign, story  # noqa: F401  fixtures

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _quiet_watch(monkeypatch):
    monkeypatch.setattr(filling, "BEAT_SECONDS", 3600)  # tests ask it themselves


@pytest.fixture
def long(incident, monkeypatch):  # noqa: F811
    """The list is a long one: counted, and written into the ledger, by a worker; in chunks of seven rows."""
    monkeypatch.setattr(plans, "AT_ONCE", 10)
    monkeypatch.setattr(filling, "CHUNK", 7)
    due = (timezone.now() + timedelta(days=3)).isoformat()
    respond.note_fact(incident, name="next_update", value=due, status="known", by=staff("Alice"), **now())
    says = Section(id="next_update", heading="", sentences=(Sentence(text="We write again.", facts=("next_update",)),))
    texts = [replace(one, sections=(*one.sections, says)) for one in (notice_in("en"), notice_in("fr"))]
    actions.take_in(incident, notices=texts, findings={}, by=None, **now())
    tasks.count_plan.func(str(incident.pk))
    return incident


@pytest.fixture
def approved(long, fresh):  # noqa: F811
    sign(fresh, long)
    countersign(fresh, long)
    return queries.standing_approval(long)


def now():
    return {"now": timezone.now()}


def staff(name):
    return Staff.objects.get(name=name)


def prepare(approval):
    """What a worker does before it sends."""
    claimed = tasks.claim(approval.pk)
    assert claimed is not None
    return tasks.prepare(claimed)


def page(fresh, name, incident, language="en"):  # noqa: F811
    Staff.objects.filter(name="Dana").update(language=language)
    return fresh("Dana").get(reverse(name, args=[incident.pk])).content.decode()


# ---- in the request ----


def test_signing_a_long_list_looks_up_nobody_and_writes_no_row(long, fresh, monkeypatch):  # noqa: F811
    def looked_up(*_):
        raise AssertionError("persons were decrypted while a page waited")

    monkeypatch.setattr(plans, "reveal_many", looked_up)
    sign(fresh, long)
    countersign(fresh, long)
    approval = queries.standing_approval(long)

    assert (approval.author.name, approval.approver.name, approval.n_recipients) == ("Alice", "Bob", N)
    assert (approval.filled_at, SendingRow.objects.count()) == (None, 0)
    assert [e["act"] for e in journal.entries(long.pk)][-1] == "notices.approved"


def test_a_short_list_is_filled_while_it_is_signed(incident, fresh):  # noqa: F811
    sign(fresh, incident)
    countersign(fresh, incident)
    approval = queries.standing_approval(incident)

    assert approval.filled_at == approval.approved_at
    assert SendingRow.objects.filter(approval=approval, state="queued").count() == N


def test_a_list_that_changed_since_it_was_counted_is_not_signed_unseen(long, fresh):  # noqa: F811
    people.load(long, [person(n) for n in range(N + 1)])
    answer = sign(fresh, long, typed=str(N + 1))

    assert "look at the new count first" in answer.content.decode()
    assert "The list is being counted." in answer.content.decode()
    assert ApprovalRow.objects.count() == 0


# ---- by a worker ----


@pytest.mark.django_db(transaction=True)
def test_one_job_prepares_the_list_and_sends_it_with_codes_that_are_true(approved, inbox):  # noqa: F811
    tasks.send_notices.func(None, approval_id=str(approved.pk))

    assert sorted(inbox.to) == sorted(f"guest{n}@example.org" for n in range(N))
    approved.refresh_from_db()
    first = ReceiptRow.objects.order_by("at").first()
    assert approved.approved_at < approved.filled_at <= first.at
    for row in SendingRow.objects.all():
        code = notify.code_for(queries.code_key(), row.pk.hex)
        assert bytes(row.code_hash) == notify.hash_of_code(queries.code_key(), notify.read_code(code))


def test_the_list_that_a_worker_fills_is_the_one_that_the_request_would_have_filled(approved, monkeypatch):
    prepare(approved)
    by_worker = rows_of(approved.incident)
    SendingRow.objects.all().delete()
    ApprovalRow.objects.update(filled_at=None)
    filling.fill(ApprovalRow.objects.get(), plans.planned(approved.incident), now=timezone.now())

    assert len(by_worker) == N
    assert rows_of(approved.incident) == by_worker


class Died(BaseException):
    """As if the process were killed: nothing of ours runs any more."""


@pytest.mark.parametrize("at", ["the first rows", "the last rows", "the end"])
def test_a_worker_that_dies_in_the_middle_leaves_nothing_and_another_begins_again(approved, monkeypatch, at):
    def die(*_args, **_named):
        raise Died

    with monkeypatch.context() as broken, pytest.raises(Died):
        if at == "the end":
            broken.setattr(filling.promising, "take_made", die)
        else:
            broken.setattr(
                filling.Watch, "reached", lambda _self, step, n, of: (step, n) == ("ledger", 7 if at == "the first rows" else of) and die()
            )
        prepare(approved)
    assert (SendingRow.objects.count(), PromiseRow.objects.count()) == (0, 0)
    assert ApprovalRow.objects.get().filled_at is None

    assert tasks.ring_for_unsent() == 0  # whoever died still seems alive
    SenderRow.objects.update(alive_at=timezone.now() - 2 * queries.SILENT_FOR)
    assert tasks.ring_for_unsent() == 1
    prepare(approved)
    assert SendingRow.objects.filter(approval=approved, state="queued").count() == N


def test_one_worker_prepares_and_more_are_called_when_there_is_something_to_send(approved, monkeypatch):
    monkeypatch.setattr(tasks, "SENDINGS_PER_SENDER", 10)
    claimed = tasks.claim(approved.pk)
    assert tasks.claim(approved.pk) is None
    rung = []
    monkeypatch.setattr(tasks, "ring", rung.append)
    tasks.prepare(claimed)
    assert rung == [claimed]
    assert tasks.claim(approved.pk) is not None


def test_a_list_that_somebody_else_filled_meanwhile_is_not_filled_twice(approved):
    slow, planned = tasks.claim(approved.pk), plans.planned(approved.incident)
    filling.fill(ApprovalRow.objects.get(), planned, now=timezone.now())
    filled_at = ApprovalRow.objects.get().filled_at

    with pytest.raises(filling.Ended):
        tasks.prepare(slow)
    assert (ApprovalRow.objects.get().filled_at, SendingRow.objects.count()) == (filled_at, N)


# ---- something happens meanwhile ----


def meanwhile(monkeypatch, act):
    """`act` happens while a worker makes the list."""
    honest = plans.planned

    def planned(*args, **named):
        found = honest(*args, **named)
        act()
        return found

    monkeypatch.setattr(plans, "planned", planned)


@pytest.mark.django_db(transaction=True)
def test_a_stop_meanwhile_ends_it_and_going_on_tells_everybody_once(approved, fresh, inbox, monkeypatch):  # noqa: F811
    with monkeypatch.context() as then:
        meanwhile(then, lambda: fresh("Dana").post(reverse("stop_sending", args=[approved.incident.pk])))
        tasks.send_notices.func(None, approval_id=str(approved.pk))
    assert (SendingRow.objects.count(), inbox.to) == (0, [])
    assert [e["act"] for e in journal.entries(approved.incident.pk)][-2:] == ["sending.stopped", "sending.paused"]
    assert tasks.ring_for_unsent() == 0
    assert "Stopped before the list was prepared." in page(fresh, "sending", approved.incident)

    fresh("Bob").post(reverse("go_on_sending", args=[approved.incident.pk]))
    tasks.send_notices.func(None, approval_id=str(approved.pk))
    assert sorted(inbox.to) == sorted(f"guest{n}@example.org" for n in range(N))


def test_the_watch_sees_a_stop_within_its_beat_and_says_how_far_the_work_is(approved):
    claimed = tasks.claim(approved.pk)
    watch = filling.Watch(claimed, claimed.sender)
    watch.reached("list", 20, N)
    SenderRow.objects.update(alive_at=timezone.now() - 2 * queries.SILENT_FOR)
    watch._beat()
    assert ApprovalRow.objects.get().prepared == {"step": "list", "n": 20, "of": N}
    assert tasks.ring_for_unsent() == 0

    actions.stop(approved, by=staff("Dana"), now=timezone.now())
    watch._beat()
    with pytest.raises(filling.Ended):
        watch.reached("ledger", 7, N)


def test_a_text_that_is_withdrawn_meanwhile_leaves_no_row(approved, monkeypatch):
    meanwhile(monkeypatch, lambda: actions.withdraw(approved.incident, "eu.en", by=staff("Alice"), now=timezone.now()))
    with pytest.raises(filling.Ended):
        prepare(approved)
    assert SendingRow.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_a_list_that_changed_meanwhile_is_void_and_nobody_hears_of_it(approved, fresh, inbox):  # noqa: F811
    people.load(approved.incident, [person(n) for n in range(N + 1)])
    tasks.send_notices.func(None, approval_id=str(approved.pk))

    approved.refresh_from_db()
    assert approved.void_why == "texts or recipients changed after the approval"
    assert (inbox.to, SendingRow.objects.count(), PromiseRow.objects.count(), public.told()) == ([], 0, 0, [])
    shown = page(fresh, "sending", approved.incident)
    assert "texts or recipients changed after the approval" in shown
    assert "every 2s" not in shown.partition('id="course"')[2]
    assert tasks.ring_for_unsent() == 0


def test_a_count_that_lies_can_be_signed_and_is_found_out_before_anything_leaves(long, fresh):  # noqa: F811
    AffectedPerson.objects.filter(pk=AffectedPerson.objects.first().pk).update(letter_group="")
    PlanCount.objects.update(key=plans._state_of(long))
    sign(fresh, long)
    countersign(fresh, long)

    assert prepare(queries.standing_approval(long)) is None
    assert SendingRow.objects.count() == 0


def test_a_pace_that_is_chosen_while_the_rows_are_written_holds_for_them(approved, monkeypatch):
    honest = filling._finish

    def finish(*args, **named):
        desk = {"staff_n": 4, "hours": "8-20", "days": "mon-fri", "zone": "UTC", "service_level": "80/60"}
        # One message an hour would outlast the patience of two days for forty: the last leaves at its end.
        pace.choose(approved.incident, choice="follow_desk", per_hour={"email": 4}, desk=desk, why="so", by=staff("Alice"), **now())
        SendingRow.objects.update(next_attempt_at=None)  # whoever chose it does not see our rows
        honest(*args, **named)

    monkeypatch.setattr(filling, "_finish", finish)
    prepare(approved)
    assert SendingRow.objects.exclude(next_attempt_at=None).count() == N


# ---- who may know, and what the pages say ----


def test_until_the_list_is_whole_nothing_is_public_and_nothing_is_promised(approved):
    assert (public.told(), PromiseRow.objects.count()) == ([], 0)
    prepare(approved)
    assert public.told() == [approved.incident]
    assert [(row.kind, row.owner.name) for row in PromiseRow.objects.all()] == [("next_update", "Alice")]


def test_the_status_page_is_written_when_the_list_is_whole_and_not_before(long, fresh, django_capture_on_commit_callbacks):  # noqa: F811
    from procrastinate.contrib.django.models import ProcrastinateJob

    def rung():
        return set(ProcrastinateJob.objects.values_list("task_name", flat=True)) & {"write_status", "send_notices"}

    sign(fresh, long)
    with django_capture_on_commit_callbacks(execute=True):
        countersign(fresh, long)
    assert rung() == {"send_notices"}
    with django_capture_on_commit_callbacks(execute=True):
        prepare(queries.standing_approval(long))
    assert rung() == {"send_notices", "write_status"}


def test_the_pages_say_that_the_list_is_being_prepared_and_not_that_it_is_done(approved, fresh):  # noqa: F811
    incident = approved.incident  # noqa: F811
    claimed = tasks.claim(approved.pk)
    watch = filling.Watch(claimed, claimed.sender)
    watch.reached("list", 20, N)
    watch._beat()

    shown = page(fresh, "sending", incident)
    assert "Persons looked up: 20 of 40" in shown
    assert "every 2s" in shown and reverse("stop_sending", args=[incident.pk]) in shown
    assert "at its end" not in shown and "still to send" not in shown
    watch.reached("ledger", 14, N)
    watch._beat()
    assert "Messages written into the ledger: 14 of 40" in page(fresh, "sending", incident)
    assert "۱۴ از ۴۰" in page(fresh, "sending", incident, "fa")
    assert "14 sur 40" in page(fresh, "sending", incident, "fr")
    assert "No message leaves before that is done." in page(fresh, "approve", incident)
    assert reverse("stop_sending", args=[incident.pk]) in page(fresh, "approve", incident)
    assert "signed for, and the list is not prepared yet" in page(fresh, "reach", incident)
    assert "the list is not prepared yet" in page(fresh, "incident", incident)


def test_what_is_forecast_while_the_list_is_prepared_is_the_list(approved):
    counts = plans.counts_of(approved.incident, now=timezone.now())
    [load] = pace.as_loads(approved.incident, counts, {})
    assert (load.channel, load.n) == ("email", N)


# ---- the fast way and the slow obvious one ----


def slowly(approval, planned, *, now):
    """The rows one by one through Django, as it was until lists grew long: the judge of `filling.fill`."""
    key, notice = queries.code_key(), {row.notice_id: row for row in planned.rows}
    places = notify.places(pace.dues_of(approval.incident, planned.notices))
    for table in (planned.plan.sendings, planned.plan.further):
        for entry in table.to_pylist():
            turn = entry.get("turn", 0)
            row = SendingRow(
                id=UUID(entry["sending_id"]),
                incident=approval.incident,
                approval=approval,
                notice=notice[entry["notice_id"]],
                person_id=UUID(entry["person_id"]),
                channel=entry["channel"],
                turn=turn,
                state="idle" if turn else "queued",
                code_hash=notify.hash_of_code(key, notify.read_code(notify.code_for(key, entry["sending_id"]))),
                changed_at=now,
                is_at_once=entry["person_id"] in planned.at_once,
                priority=notify.place_of(entry["notice_id"], places, is_first=entry["person_id"] in planned.first),
            )
            kept = ["approval", "is_at_once", "priority"]
            SendingRow.objects.bulk_create([row], update_conflicts=True, unique_fields=["id"], update_fields=kept)
    together.keep(approval.incident, approval, planned.plan.together)


def rows_of(incident):  # noqa: F811
    """Every column of the ledger but the moment of the last change."""
    rows = [{**row, "code_hash": bytes(row["code_hash"]), "changed_at": None} for row in SendingRow.objects.filter(incident=incident).values()]
    return sorted(rows, key=lambda row: row["id"])


def test_both_ways_write_the_same_ledger_over_one_that_holds_half_of_it(approved, fresh):  # noqa: F811
    incident, at = approved.incident, timezone.now()  # noqa: F811
    everybody = [
        person(
            n,
            minor=n % 5 == 0,
            kinds=("name", "email", "password") if n % 7 == 0 else ("name", "email"),
            address=f"{n} rue Exemple, 75000 Paris" if n % 3 == 0 else "",
            channel_order=("email", "letter"),
            birth_date="1990-01-01",
        )
        for n in range(N)
    ]
    people.load(incident, everybody[: N // 2])
    actions.void_approvals(incident, why="signed anew", now=at)
    first = ApprovalRow.objects.create(incident=incident, n_recipients=N // 2, author=staff("Alice"), authored_at=at)
    slowly(first, plans.planned(incident), now=at)
    # What became of them is different for each; a letter already took the place of a mail that came back.
    for n, row in enumerate(SendingRow.objects.order_by("id")):
        state = ("queued", "attempting", "accepted", "unsure", "refused", "bounced", "opened_page")[n % 7]
        SendingRow.objects.filter(pk=row.pk).update(
            state=state, n_attempts=n % 3, n_breaks=n % 2, leased_by="x" * (n % 2), is_at_once=not row.is_at_once
        )
    people.load(incident, [*everybody, person(N, name="Guest 3", emails=("guest3@example.org",), address="", birth_date="1990-01-01")])
    second = ApprovalRow.objects.create(incident=incident, n_recipients=N, author=staff("Alice"), authored_at=at)
    planned = plans.planned(incident)

    ledgers = []
    for way in (slowly, filling.fill):
        with transaction.atomic():
            way(second, planned, now=at)
            ledgers.append((rows_of(incident), sorted(TogetherRow.objects.values_list("approval", "person", "told_with"))))
            transaction.set_rollback(True)
        second.refresh_from_db()
    slow, fast = ledgers
    assert fast == slow
    rows = slow[0]
    assert {row["turn"] for row in rows} == {0, 1} and {row["is_at_once"] for row in rows} == {True, False}
    assert {row["approval_id"] for row in rows} == {second.pk}
    assert {"accepted", "bounced", "queued", "idle"} <= {row["state"] for row in rows}


@pytest.mark.django_db(transaction=True)
def test_signed_anew_who_was_told_keeps_their_row_and_is_not_told_again(approved, fresh, inbox):  # noqa: F811
    incident = approved.incident  # noqa: F811
    tasks.send_notices.func(None, approval_id=str(approved.pk))
    people.load(incident, [person(n) for n in range(N + 3)])
    tasks.count_plan.func(str(incident.pk))
    sign(fresh, incident, typed=str(N + 3))
    countersign(fresh, incident, typed=str(N + 3))
    again = queries.standing_approval(incident)
    assert again.pk != approved.pk
    assert SendingRow.objects.filter(approval=approved, state="accepted").count() == N

    tasks.send_notices.func(None, approval_id=str(again.pk))
    assert len(inbox.to) == len(set(inbox.to)) == N + 3
    assert SendingRow.objects.filter(approval=again, state="accepted").count() == N + 3
