"""The ledger of one issue: what `amanat.notify.work` asks of a ledger, over the rows of `IssueMail`.

Stricter than that of notices in one thing: what nobody can be sure of is not sent again. To miss one bulletin harms nobody; the
same bulletin twice is what people call spam. Who left is not claimed any more, however long ago the issue was approved.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import F, Q

from amanat.notify import Noted, Outcome, Sending, without_addresses
from amanat.web.bulletin import heard
from amanat.web.bulletin.heard import OPEN
from amanat.web.bulletin.models import Issue, IssueMail

HOLD = timedelta(minutes=5)  # of claimed rows: longer than any server takes to answer all of a batch
TRIES_MAX = 6
FIRST_WAIT = timedelta(minutes=2)  # then twice as long each time: about two hours in all
DIED = "whoever was sending it died; nobody can know whether the server took it, so it is not sent again"


class IssueLedger:
    """Mails of one issue. All its questions run in one thread with a connection of its own."""

    def __init__(self, issue: Issue) -> None:
        self._issue = issue.pk
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="bulletin")

    def do(self, what: Callable[..., Any], *args: Any) -> Any:
        """Calls `what` in the ledger's thread and returns what it returns."""
        return self._thread.submit(what, *args).result()

    def close(self) -> None:
        self._thread.submit(lambda: connection.close()).result()
        self._thread.shutdown()

    def __enter__(self) -> "IssueLedger":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def claim(self, channel: str, n: int, *, at: datetime) -> list[Sending]:
        found: list[Sending] = self.do(self._claim, channel, n, at)
        return found

    def record(self, *outcomes: Outcome, at: datetime) -> None:
        self.do(self._record, outcomes, at)

    def put_back(self, sending_ids: Sequence[str], *, at: datetime, answer: str, until: datetime | None = None) -> None:
        self.do(self._put_back, [UUID(one) for one in sending_ids], at, answer, until)

    def note(self, sending_id: str, state: str, *, at: datetime, answer: str = "") -> Noted:
        noted: Noted = self.do(partial(heard.note_mail, UUID(sending_id), state, at=at, answer=answer))
        return noted

    def n_open(self, channels: Sequence[str]) -> int:
        return int(self.do(self._rows().filter(state__in=OPEN).count))

    # ---- in the ledger's thread ----

    def _rows(self) -> Any:
        return IssueMail.objects.filter(issue_id=self._issue)

    @transaction.atomic
    def _claim(self, channel: str, n: int, at: datetime) -> list[Sending]:
        self._rows().filter(state="attempting", leased_until__lt=at).update(state="unsure", answer=DIED, changed_at=at)
        gone = Q(subscriber=None) | Q(subscriber__left_at__isnull=False)
        self._rows().filter(gone, state="queued").update(state="left", changed_at=at)
        due = Q(next_attempt_at=None) | Q(next_attempt_at__lte=at)
        # The reader's row is held too: whoever leaves this moment is either in time, or their mail was under way before.
        chosen = self._rows().select_for_update(skip_locked=True, of=("self", "subscriber")).filter(due, state="queued", subscriber__left_at=None)
        rows = list(chosen.exclude(subscriber=None).select_related("subscriber").order_by("pk")[:n])
        taken = {"state": "attempting", "leased_until": at + HOLD, "n_attempts": F("n_attempts") + 1, "changed_at": at}
        self._rows().filter(pk__in=[row.pk for row in rows]).update(**taken)
        return [Sending(sending_id=row.pk.hex, notice_id=row.subscriber.language, person_id=str(row.subscriber_id), channel=channel) for row in rows]

    @transaction.atomic
    def _record(self, outcomes: Sequence[Outcome], at: datetime) -> None:
        for outcome in outcomes:
            self._record_one(outcome, at)

    def _record_one(self, outcome: Outcome, at: datetime) -> None:
        row = self._rows().select_for_update(of=("self",)).filter(pk=UUID(outcome.sending_id)).first()
        if row is None or row.state not in ("attempting", "unsure"):
            return
        answer = without_addresses(outcome.answer)[:300]
        changed: dict[str, Any] = {"state": outcome.became, "answer": answer, "next_attempt_at": None}
        if outcome.became == "try_later":
            changed["state"] = "refused" if row.n_attempts >= TRIES_MAX else "queued"
            changed["next_attempt_at"] = at + FIRST_WAIT * 2 ** (row.n_attempts - 1) if changed["state"] == "queued" else None
        self._rows().filter(pk=row.pk).update(leased_until=None, changed_at=at, **changed)
        if changed["state"] == "refused":
            row.state, row.answer = changed["state"], answer
            heard.follow(row, at=at)

    @transaction.atomic
    def _put_back(self, ids: list[UUID], at: datetime, answer: str, until: datetime | None) -> None:
        back = {"state": "queued", "n_attempts": F("n_attempts") - 1, "next_attempt_at": until, "leased_until": None, "changed_at": at}
        self._rows().filter(pk__in=ids, state="attempting").update(answer=without_addresses(answer)[:300], **back)
