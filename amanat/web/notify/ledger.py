"""The ledger in PostgreSQL: what `amanat.notify.work` asks of a ledger, over the rows of one approval.

Any number of senders, on any machines, share it: each claims rows that nobody holds, for a minute at a time, and renews its hold while
it lives, however long a mail server keeps it waiting. All questions of one sender run in one thread with a connection of its own,
whoever asks; outcomes that came together share a commit. When the database goes away, the sender waits for it and forgets nothing.
"""

import contextlib
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from threading import Event, Thread
from typing import Any
from uuid import UUID, uuid4

from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models import F, Q
from django.db.models.functions import Now

from amanat.notify import MAY_BECOME, Limits, Noted, Outcome, Retry, Sending, without_addresses
from amanat.web.notify.ledger_rows import Told, close_told, take
from amanat.web.notify.models import ApprovalRow, NoticeRow, ReceiptRow, SendingRow
from amanat.web.notify.quota import HouseQuota

DIED = "whoever was sending it died; nobody can know whether the server took it"
AGAIN = "sent again with the same Message-ID"
LATE = "said late by a sender that was thought dead"
HOLD = timedelta(seconds=60)  # of claimed rows; renewed six times in that while
PATIENCE_SECONDS = 600.0  # with a database that went away


class PostgresLedger:
    """Sendings of one approval. Every change of a state is a receipt, written in the same transaction."""

    def __init__(self, approval: ApprovalRow, *, retry: Retry | None = None, limits: Limits | None = None) -> None:
        self._approval, self._incident = approval.pk, approval.incident_id
        self._retry = retry or Retry()
        self._quota = HouseQuota(limits or {}, approval)
        self._me = uuid4().hex
        self.n_senders = 1  # at work under the approval, we among them; each takes its share of what a channel bears
        self._notices: dict[UUID, str] = {}  # names of texts by their rows
        self._held: set[UUID] = set()  # claimed by us and not answered
        self._held_at = 0.0  # when we last knew that it was ours; by the wall clock, which goes on while a machine sleeps
        self._was_cut_off = False  # from the database, in the middle of something
        self._cut_off_at = -1e9  # by the clock of `time.monotonic`
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="ledger")
        self._beats = Thread(target=self._beat, name="hold", daemon=True)
        self._is_over = Event()

    def do(self, what: Callable[..., Any], *args: Any) -> Any:
        """Calls `what` in the ledger's thread and returns what it returns; tries again while the database is away.

        Whatever is given must be harmless to do twice: when a commit is cut off, nobody knows whether it stood.
        """
        return self._thread.submit(self._patiently, what, *args).result()

    def close(self) -> None:
        self._is_over.set()
        if self._beats.is_alive():
            self._beats.join()
        self._thread.submit(lambda: connection.close()).result()  # the proxy must be asked in that thread
        self._thread.shutdown()

    def __enter__(self) -> "PostgresLedger":
        self._beats.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # ---- what `work` calls, and two for the beginning and the beat ----

    def resume(self, *, at: datetime) -> int:
        """What nobody holds any more was in the air when its sender died: unsure, then sent again. Returns how many."""
        return int(self.do(self._resume, at))

    def follow(self, *, hold_unsure: bool) -> None:
        """From now on what becomes unsure waits for a person, or is sent again."""
        self._retry = replace(self._retry, hold_unsure=hold_unsure)

    def hold_on(self) -> None:
        """Says that we are alive and still hold what we claimed."""
        self.do(self._hold_on)

    def claim(self, channel: str, n: int, *, at: datetime) -> list[Sending]:
        found: list[Sending] = self.do(self._claim, channel, n, at)
        return found

    def record(self, *outcomes: Outcome, at: datetime) -> None:
        answers = {UUID(outcome.sending_id): outcome for outcome in outcomes}
        self.do(self._write, answers, at)
        self._held.difference_update(answers)

    def put_back(self, sending_ids: Sequence[str], *, at: datetime, answer: str, until: datetime | None = None) -> None:
        ids = [UUID(i) for i in sending_ids]
        self.do(self._put_back, ids, at, answer, until)
        self._held.difference_update(ids)

    def note(self, sending_id: str, state: str, *, at: datetime, answer: str = "") -> Noted:
        noted: Noted = self.do(self._note_later, UUID(sending_id), state, at, answer)
        return noted

    def n_open(self, channels: Sequence[str]) -> int:
        return int(self.do(self._open(channels).count))

    def holds(self, sending_id: str) -> bool:
        """Whether a claimed sending is still ours to attempt: who stood still for long may have been taken for dead."""
        if abs(time.time() - self._held_at) > HOLD.total_seconds() / 2:
            self.hold_on()
        return UUID(sending_id) in self._held

    # ---- in the ledger's thread ----

    def _patiently(self, what: Callable[..., Any], *args: Any) -> Any:
        """What `what` returns, tried again for some minutes while the database is away."""
        gives_up, pause = time.monotonic() + PATIENCE_SECONDS, 0.1
        while True:
            try:
                return what(*args)
            except (OperationalError, InterfaceError):
                if connection.in_atomic_block or time.monotonic() > gives_up:
                    raise
                self._was_cut_off, self._cut_off_at = True, time.monotonic()
                connection.close()
                time.sleep(pause)
                pause = min(pause * 2, 1.0)

    def _rows(self) -> Any:
        return SendingRow.objects.filter(approval_id=self._approval)

    def _every(self) -> Any:
        """Of the incident: what is in the air stays ours when the list is approved anew, and its rows go over to the new approval."""
        return SendingRow.objects.filter(incident_id=self._incident)

    def _ours(self) -> Any:
        return self._every().filter(leased_by=self._me, state="attempting")

    def _open(self, channels: Sequence[str]) -> Any:
        return self._rows().filter(channel__in=list(channels), state__in=("queued", "attempting"))

    def _resume(self, at: datetime) -> int:
        # Right after the database came back, nobody could renew a hold: all senders that live get their time first.
        is_back = min(self._uptime(), timedelta(seconds=time.monotonic() - self._cut_off_at)) < HOLD
        return 0 if is_back else self._take_over(at)

    def _uptime(self) -> timedelta:
        with connection.cursor() as cursor:
            cursor.execute("select now() - pg_postmaster_start_time()")
            uptime: timedelta = cursor.fetchone()[0]
        return uptime

    @transaction.atomic
    def _take_over(self, at: datetime) -> int:
        abandoned = Q(leased_until=None) | Q(leased_until__lt=Now())
        rows = list(self._rows().select_for_update(skip_locked=True).filter(abandoned, state="attempting").order_by("pk"))
        _note(rows, "unsure", at, DIED)
        state = "unsure" if self._retry.hold_unsure else "queued"
        if state == "queued":
            _note(rows, "queued", at, AGAIN)
        self._rows().filter(pk__in=[r.pk for r in rows]).update(state=state, next_attempt_at=None, changed_at=at, leased_by="")
        return len(rows)

    def _beat(self) -> None:
        while not self._is_over.wait(HOLD.total_seconds() / 6):
            with contextlib.suppress(OperationalError, InterfaceError):  # whoever sends meets it, too
                self.hold_on()

    def _hold_on(self) -> None:
        now, held = time.time(), list(self._held)
        ours = self._ours().filter(pk__in=held)
        if ours.update(leased_until=Now() + HOLD) < len(held):
            # Some were answered this moment, or another sender thought us dead and took them over.
            self._held.difference_update(set(held).difference(ours.values_list("pk", flat=True)))
        self._held_at = now

    def _claim(self, channel: str, n: int, at: datetime) -> list[Sending]:
        if self._was_cut_off:
            self._give_back_unheard(at)
        with self._quota.within(channel, n, at) as allowed:
            taken = take(self._approval, channel, allowed.n, me=self._me, at=at, hold=HOLD) if allowed.n else []
            allowed.n_used = len(taken)
        self._held_at = self._held_at if self._held else time.time()
        self._held.update(pk for pk, _, _ in taken)
        if any(notice not in self._notices for _, notice, _ in taken):
            self._notices = dict(NoticeRow.objects.filter(incident=self._incident).values_list("pk", "notice_id"))
        return [Sending(sending_id=pk.hex, notice_id=self._notices[notice], person_id=str(person), channel=channel) for pk, notice, person in taken]

    @transaction.atomic
    def _give_back_unheard(self, at: datetime) -> None:
        """A claim that stood although its commit was cut off: nobody attempted those, so there is no doubt about them."""
        unheard = self._ours().exclude(pk__in=list(self._held))
        rows = list(unheard.select_for_update().order_by("pk"))
        self._was_cut_off = False
        if rows:
            self._quota.give_back(rows)
            _note(rows, "queued", at, "claimed while the database went away")
            self._every().filter(pk__in=[r.pk for r in rows]).update(state="queued", n_attempts=F("n_attempts") - 1, leased_by="", changed_at=at)

    def _write(self, answers: dict[UUID, Outcome], at: datetime) -> None:
        told = [Told(pk, one.became, at, without_addresses(one.answer)) for pk, one in answers.items() if one.became in ("accepted", "delivered")]
        closed = close_told(told, me=self._me) if told else set()
        if len(closed) < len(answers):
            self._write_others({pk: outcome for pk, outcome in answers.items() if pk not in closed}, at)

    @transaction.atomic
    def _write_others(self, answers: dict[UUID, Outcome], at: datetime) -> None:
        """What was not told, or is not ours any more."""
        for row in self._every().select_for_update(of=("self",)).filter(pk__in=list(answers)).order_by("pk"):
            outcome = answers[row.pk]
            is_told = outcome.became in ("accepted", "delivered")
            if row.state == "attempting" and row.leased_by == self._me:
                self._close_attempt(row, outcome, at)
            elif is_told and row.state in ("queued", "unsure"):
                # We were thought dead. They are told, and nobody has begun again: that spares them a second copy.
                self._close(row, outcome.became, at, f"{without_addresses(outcome.answer)} ({LATE})")
            elif row.state != outcome.became:
                _note([row], row.state, at, f"{outcome.became}: {without_addresses(outcome.answer)} ({LATE})")

    def _close_attempt(self, row: SendingRow, outcome: Outcome, at: datetime) -> None:
        answer = without_addresses(outcome.answer)
        if outcome.became == "try_later":
            if row.n_attempts >= self._retry.tries_max:
                self._close(row, "refused", at, f"given up after {row.n_attempts} tries: {answer}")
            else:
                self._requeue(row, at, answer, self._wait(row.n_attempts))
        elif outcome.became == "unsure":
            row.n_breaks += 1
            SendingRow.objects.filter(pk=row.pk).update(n_breaks=row.n_breaks)
            self._close(row, "unsure", at, answer)
            if not self._retry.hold_unsure and row.n_breaks <= self._retry.resends_max:
                self._requeue(row, at, AGAIN, self._wait(row.n_breaks))
        else:
            self._close(row, outcome.became, at, answer)

    @transaction.atomic
    def _put_back(self, ids: list[UUID], at: datetime, answer: str, until: datetime | None) -> None:
        rows = list(self._ours().select_for_update().filter(pk__in=ids).order_by("pk"))
        self._quota.give_back(rows)
        _note(rows, "queued", at, without_addresses(answer))
        back = {"state": "queued", "n_attempts": F("n_attempts") - 1, "next_attempt_at": until, "leased_by": "", "changed_at": at}
        self._every().filter(pk__in=[r.pk for r in rows]).update(**back)

    @transaction.atomic
    def _note_later(self, pk: UUID, state: str, at: datetime, answer: str) -> Noted:
        row = self._rows().select_for_update(of=("self",)).filter(pk=pk).first()
        if row is None:
            return "unknown"
        if row.state not in MAY_BECOME[state]:
            return "too_early" if row.state in ("queued", "attempting") else "known"
        self._close(row, state, at, without_addresses(answer))
        return "noted"

    def _close(self, row: SendingRow, state: str, at: datetime, answer: str) -> None:
        SendingRow.objects.filter(pk=row.pk).update(state=state, changed_at=at, next_attempt_at=None, leased_by="")
        _note([row], state, at, answer)
        if state in ("refused", "bounced"):
            later = self._every().select_for_update().filter(approval=row.approval_id, person=row.person_id, turn__gt=row.turn, state="idle")
            further = later.order_by("turn").first()
            if further:
                SendingRow.objects.filter(pk=further.pk).update(state="queued", changed_at=at)
                _note([further], "queued", at, "the channel before it failed")

    def _requeue(self, row: SendingRow, at: datetime, answer: str, wait: timedelta) -> None:
        SendingRow.objects.filter(pk=row.pk).update(state="queued", next_attempt_at=at + wait, changed_at=at, leased_by="")
        _note([row], "queued", at, answer)

    def _wait(self, tries: int) -> timedelta:
        seconds = self._retry.first_wait_seconds * 2 ** (max(tries, 1) - 1)
        return timedelta(seconds=min(seconds, self._retry.longest_wait_seconds))


def _receipt(row: SendingRow, state: str, at: datetime, answer: str) -> ReceiptRow:
    return ReceiptRow(sending_id=row.pk, state=state, at=at, answer=answer[:300])


def _note(rows: Sequence[SendingRow], state: str, at: datetime, answer: str) -> None:
    ReceiptRow.objects.bulk_create([_receipt(row, state, at, answer) for row in rows], batch_size=1000)
