"""The ledger of an approval is filled: a row for every sending, all of them or none.

A short list is filled while the second signature is written. A long one is filled by the worker that will send it: nobody waits
minutes in front of a page, and what dies in the middle leaves nothing behind. What the public may hold us to begins here too: before
the ledger is whole nothing has left, and it may still turn out that nothing will.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from threading import Event, Thread
from typing import Any, Literal
from uuid import UUID

from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models.functions import Now

from amanat import notify
from amanat.web.notify import pace, together
from amanat.web.notify.models import ApprovalRow, PaceRow, SenderRow
from amanat.web.notify.plans import Planned
from amanat.web.notify.queries import code_key, facts_of
from amanat.web.respond import promising
from amanat.web.respond.actions import ring_for_status
from amanat.web.respond.models import Incident

CHUNK = 20_000  # rows in one statement
BEAT_SECONDS = 2.0

_COPIED = "id notice_id person_id channel turn code_hash is_at_once priority".split()
_TYPES = "uuid uuid uuid varchar int2 bytea bool int2".split()
_INCOMING = f"create temporary table incoming ({', '.join(map(' '.join, zip(_COPIED, _TYPES, strict=True)))}) on commit drop"
# Of those who stand in the ledger already, what became of them stays: whoever was told the same text is not told again.
_TAKE_IN = f"""
insert into notify_sendingrow
    ({", ".join(_COPIED)}, incident_id, approval_id, state, n_attempts, n_breaks, leased_by, changed_at)
select {", ".join(_COPIED)}, %(incident)s, %(approval)s, case when turn = 0 then 'queued' else 'idle' end, 0, 0, '', %(now)s
from incoming
on conflict (id) do update
    set approval_id = excluded.approval_id, is_at_once = excluded.is_at_once, priority = excluded.priority
"""  # noqa: S608  names are ours


class Ended(Exception):
    """It was stopped, became void or was filled by somebody else meanwhile; nothing of ours is left behind."""


@transaction.atomic
def fill(approval: ApprovalRow, planned: Planned, *, now: datetime, reached: Callable[[int], None] = lambda _n: None) -> None:
    """All rows of the approval, further channels idle, and what follows from their being there. Raises Ended, and then there is none.

    Args:
        reached: is told how many rows are written, every now and then.
    """
    incident = approval.incident
    places = notify.places(pace.dues_of(incident, planned.notices))
    with connection.cursor() as cursor:
        # Whether persons and texts still exist is checked chunk by chunk: at the end it would take the approval's lock for minutes.
        cursor.execute("set constraints all immediate")
        cursor.execute(_INCOMING)
        n = 0
        for chunk in _chunks(planned, places):
            with cursor.copy(f"copy incoming ({', '.join(_COPIED)}) from stdin (format binary)") as copy:
                copy.set_types(_TYPES)
                for row in chunk:
                    copy.write_row(row)
            cursor.execute(_TAKE_IN, {"incident": incident.pk, "approval": approval.pk, "now": now})
            n += cursor.rowcount
            cursor.execute("truncate incoming")
            reached(n)
        cursor.execute("drop table incoming")
    together.keep(incident, approval, planned.plan.together)
    paced = pace.newest(incident)
    pace.schedule(approval, now=now)
    _finish(approval, planned, places, paced, now=now)


def _chunks(planned: Planned, places: Mapping[str, int]) -> Iterator[list[tuple[Any, ...]]]:
    """The rows in the order of their ids. In this order they are sent (`ledger_rows`), and whoever else fills waits behind us, not crosswise."""
    import pyarrow as pa

    firsts = planned.plan.sendings
    firsts = firsts.append_column("turn", pa.repeat(pa.scalar(0, pa.int8()), firsts.num_rows))
    every = pa.concat_tables([firsts, planned.plan.further.select(firsts.column_names)]).sort_by("sending_id")
    key, row_of = code_key(), {row.notice_id: row.pk for row in planned.rows}
    place = {(id, is_first): notify.place_of(id, places, is_first=is_first) for id in row_of for is_first in (True, False)}
    for batch in every.to_batches(max_chunksize=CHUNK):
        columns = [batch.column(name).to_pylist() for name in ("sending_id", "notice_id", "person_id", "channel", "turn")]
        yield [
            (UUID(id), row_of[notice], UUID(person), channel, turn, code, person in planned.at_once, place[notice, person in planned.first])
            for id, notice, person, channel, turn, code in zip(*columns, notify.hashes_of_codes(key, columns[0]), strict=True)
        ]


def _finish(approval: ApprovalRow, planned: Planned, places: Mapping[str, int], paced: PaceRow | None, *, now: datetime) -> None:
    """The list is whole, unless somebody stopped it while it grew; from here on it is sent."""
    incident = approval.incident
    # First the approval and then the incident, as whoever stops or voids; the little that follows holds nobody up.
    row = ApprovalRow.objects.select_for_update(no_key=True).get(pk=approval.pk)
    if row.voided_at or row.stopped_at or row.filled_at:
        raise Ended
    Incident.objects.select_for_update(no_key=True).only("id").get(pk=incident.pk)
    if pace.newest(incident) != paced:  # whoever chose it could not see our rows yet
        pace.schedule(approval, now=now)
    ApprovalRow.objects.filter(pk=row.pk).update(places=places, filled_at=now, prepared={})
    approval.places, approval.filled_at, approval.prepared = dict(places), now, {}
    # From here on the public may hold us to what the texts promise; whoever wrote them owns it until it is handed over.
    carried = {name for notice in planned.notices for section in notice.sections for sentence in section.sentences for name in sentence.facts}
    promising.take_made(incident, facts_of(incident), carried, owner=row.author, now=now)
    ring_for_status()  # from this moment the public may read what the messages say


class Watch:
    """Beside whoever prepares a list, in a thread of its own: says every two seconds that they live and how far they are, and looks
    whether somebody stopped it or it became void. Then the next word of the work raises Ended."""

    def __init__(self, approval: ApprovalRow, sender: SenderRow | None) -> None:
        self._approval, self._sender = approval.pk, sender
        self._prepared: dict[str, Any] = {}
        self._is_unfilled = approval.filled_at is None
        self._is_over, self._is_ended = Event(), Event()
        self._thread = Thread(target=self._go_on, name="watch", daemon=True)

    def __enter__(self) -> "Watch":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._is_over.set()
        self._thread.join()

    def reached(self, step: Literal["list", "ledger"], n: int, of: int) -> None:
        """So many persons are looked up again, or so many rows are written."""
        self._prepared = {"step": step, "n": n, "of": of}
        if self._is_ended.is_set():
            raise Ended

    def _go_on(self) -> None:
        while not self._is_over.wait(BEAT_SECONDS):
            try:
                self._beat()
            except (OperationalError, InterfaceError):
                connection.close()  # the next beat tries a new one; whoever prepares meets it, too
        connection.close()

    def _beat(self) -> None:
        if self._sender is not None:
            SenderRow.objects.filter(pk=self._sender.pk).update(alive_at=Now())
        standing = ApprovalRow.objects.filter(pk=self._approval, voided_at=None, stopped_at=None)
        if not standing.update(alive_at=Now()):
            self._is_ended.set()
        elif self._is_unfilled and self._prepared:
            standing.filter(filled_at=None).update(prepared=self._prepared)
