"""The ledger in PostgreSQL: what `amanat.notify.work` asks of a ledger, over the rows of one approval.

All its questions run in one thread with a connection of its own, whoever asks: the sending threads keep none open.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import F, Q

from amanat.notify import Outcome, Retry, Sending, without_addresses
from amanat.web.notify.models import ApprovalRow, ReceiptRow, SendingRow

DIED = "whoever was sending it died; nobody can know whether the server took it"
AGAIN = "sent again with the same Message-ID"


class PostgresLedger:
    """Sendings of one approval. Every change of a state is a receipt, written in the same transaction."""

    def __init__(self, approval: ApprovalRow, *, retry: Retry | None = None) -> None:
        self._approval = approval.pk
        self._retry = retry or Retry()
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="ledger")

    def do(self, what: Callable[..., Any], *args: Any) -> Any:
        """Calls `what` in the ledger's thread and returns what it returns."""
        return self._thread.submit(what, *args).result()

    def close(self) -> None:
        self.do(lambda: connection.close())  # the proxy must be asked in that thread
        self._thread.shutdown()

    def __enter__(self) -> "PostgresLedger":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # ---- the four that `work` calls, and one for the beginning ----

    def resume(self, *, at: datetime) -> int:
        """Whoever is found being attempted was in the air when a worker died: unsure, then sent again. Returns how many."""
        return int(self.do(self._resume, at))

    def claim(self, channel: str, n: int, *, at: datetime) -> list[Sending]:
        found: list[Sending] = self.do(self._claim, channel, n, at)
        return found

    def record(self, outcome: Outcome, *, at: datetime) -> None:
        self.do(self._record, outcome, at)

    def put_back(self, sending_ids: Sequence[str], *, at: datetime, answer: str) -> None:
        self.do(self._put_back, list(sending_ids), at, answer)

    def n_open(self, channels: Sequence[str]) -> int:
        return int(self.do(self._open(channels).count))

    # ---- in the ledger's thread ----

    def _rows(self) -> Any:
        return SendingRow.objects.filter(approval_id=self._approval)

    def _open(self, channels: Sequence[str]) -> Any:
        return self._rows().filter(channel__in=list(channels), state__in=("queued", "attempting"))

    @transaction.atomic
    def _resume(self, at: datetime) -> int:
        rows = list(self._rows().select_for_update().filter(state="attempting"))
        held = [r for r in rows if self._retry.hold_unsure]
        again = [r for r in rows if not self._retry.hold_unsure]
        _note(rows, "unsure", at, DIED)
        _note(again, "queued", at, AGAIN)
        self._rows().filter(pk__in=[r.pk for r in held]).update(state="unsure", changed_at=at)
        self._rows().filter(pk__in=[r.pk for r in again]).update(state="queued", next_attempt_at=None, changed_at=at)
        return len(rows)

    @transaction.atomic
    def _claim(self, channel: str, n: int, at: datetime) -> list[Sending]:
        due = Q(next_attempt_at=None) | Q(next_attempt_at__lte=at)
        # In the order of ids, which are random: nobody is served first because of who they are.
        waiting = self._rows().filter(due, channel=channel, state="queued", approval__voided_at=None, approval__stopped_at=None)
        rows = list(waiting.select_for_update(skip_locked=True, of=("self",)).select_related("notice").order_by("pk")[:n])
        if rows:
            self._rows().filter(pk__in=[r.pk for r in rows]).update(state="attempting", n_attempts=F("n_attempts") + 1, changed_at=at)
            _note(rows, "attempting", at, "")
        return [Sending(sending_id=r.pk.hex, notice_id=r.notice.notice_id, person_id=str(r.person_id), channel=channel) for r in rows]

    @transaction.atomic
    def _record(self, outcome: Outcome, at: datetime) -> None:
        row = self._rows().select_for_update(of=("self",)).get(pk=UUID(outcome.sending_id))
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
    def _put_back(self, sending_ids: list[str], at: datetime, answer: str) -> None:
        rows = list(self._rows().select_for_update().filter(pk__in=[UUID(i) for i in sending_ids], state="attempting"))
        _note(rows, "queued", at, without_addresses(answer))
        self._rows().filter(pk__in=[r.pk for r in rows]).update(state="queued", n_attempts=F("n_attempts") - 1, changed_at=at)

    def _close(self, row: SendingRow, state: str, at: datetime, answer: str) -> None:
        SendingRow.objects.filter(pk=row.pk).update(state=state, changed_at=at, next_attempt_at=None)
        _note([row], state, at, answer)
        if state in ("refused", "bounced"):
            further = self._rows().select_for_update().filter(person=row.person_id, turn__gt=row.turn, state="idle").order_by("turn").first()
            if further:
                SendingRow.objects.filter(pk=further.pk).update(state="queued", changed_at=at)
                _note([further], "queued", at, "the channel before it failed")

    def _requeue(self, row: SendingRow, at: datetime, answer: str, wait: timedelta) -> None:
        SendingRow.objects.filter(pk=row.pk).update(state="queued", next_attempt_at=at + wait, changed_at=at)
        _note([row], "queued", at, answer)

    def _wait(self, tries: int) -> timedelta:
        seconds = self._retry.first_wait_seconds * 2 ** (max(tries, 1) - 1)
        return timedelta(seconds=min(seconds, self._retry.longest_wait_seconds))


def _note(rows: Sequence[SendingRow], state: str, at: datetime, answer: str) -> None:
    ReceiptRow.objects.bulk_create([ReceiptRow(sending_id=row.pk, state=state, at=at, answer=answer[:300]) for row in rows], batch_size=1000)
