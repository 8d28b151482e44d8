"""The two questions that are asked for every mail, as one statement each: which rows are mine now, and these were told.

Django's way to ask them (`ledger.py` keeps it for what went wrong) costs twenty times as much processor time as the mail itself.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection

# Who is at high risk comes first; then in the order of ids, which are random: nobody is served first because of who they are.
_TAKE = """
with chosen as (
    select s.id from notify_sendingrow s join notify_approvalrow a on a.id = s.approval_id
    where s.approval_id = %(approval)s and s.channel = %(channel)s and s.state = 'queued'
      and (s.next_attempt_at is null or s.next_attempt_at <= %(at)s) and a.voided_at is null and a.stopped_at is null
    order by s.is_at_once desc, s.priority, s.id limit %(n)s for update of s skip locked
), taken as (
    update notify_sendingrow s
    set state = 'attempting', leased_by = %(me)s, leased_until = now() + %(hold)s, n_attempts = s.n_attempts + 1, changed_at = %(at)s
    from chosen where s.id = chosen.id
    returning s.id, s.notice_id, s.person_id, s.is_at_once, s.priority
), noted as (
    insert into notify_receiptrow (sending_id, state, at, answer) select id, 'attempting', %(at)s, '' from taken
)
select id, notice_id, person_id from taken order by is_at_once desc, priority, id
"""
_TOLD = """
with answered as (
    select * from json_to_recordset(%(told)s) as a (id uuid, state text, at timestamptz, answer text)
), closed as (
    update notify_sendingrow s set state = a.state, changed_at = a.at, next_attempt_at = null, leased_by = ''
    from answered a where s.id = a.id and s.state = 'attempting' and s.leased_by = %(me)s
    returning s.id, a.state, a.at, a.answer
), noted as (
    insert into notify_receiptrow (sending_id, state, at, answer) select id, state, at, answer from closed
)
select id from closed
"""


@dataclass(frozen=True, slots=True)
class Told:
    """An answer that says the message is with the server, or with the person."""

    sending: UUID
    state: str
    at: datetime
    answer: str


def take(approval: UUID, channel: str, n: int, *, me: str, at: datetime, hold: timedelta) -> list[tuple[UUID, UUID, UUID]]:
    """Takes up to `n` queued rows that nobody holds, with their receipts; gives (sending, notice's row, person) in the order to send them."""
    given = {"approval": approval, "channel": channel, "n": n, "me": me, "at": at, "hold": hold}
    return _asked(_TAKE, given)


def close_told(told: Sequence[Told], *, me: str) -> set[UUID]:
    """Closes those of them that we still hold, with their receipts; gives their ids."""
    told = sorted(told, key=lambda one: one.sending)  # one order for all, so that no two wait for each other
    body = [{"id": one.sending.hex, "state": one.state, "at": one.at.isoformat(), "answer": one.answer[:300]} for one in told]
    given = {"me": me, "told": json.dumps(body)}
    return {row[0] for row in _asked(_TOLD, given)}


def _asked(question: str, given: dict[str, Any]) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(question, given)
        return list(cursor.fetchall())
