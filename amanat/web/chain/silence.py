"""The silence clock of an incident, from its facts and receipts."""

from datetime import datetime

from django.db import connection
from django.db.models import Min

from amanat import notify
from amanat.web.notify.models import SendingRow
from amanat.web.notify.queries import REACHED
from amanat.web.respond.models import Incident
from amanat.web.respond.queries import as_facts, newest_facts
from amanat.web.scope.models import AffectedPerson

# When each person was first reached, by any channel: the first, the one in the middle and the last of those who must be told.
_TOLD = """
with first as (
    select s.person_id, min(r.at) as at from notify_receiptrow r join notify_sendingrow s on s.id = r.sending_id
    where s.incident_id = %(incident)s and r.state = any(%(reached)s) group by s.person_id
), numbered as (select at, row_number() over (order by at) as n from first)
select n, at from numbered where n in (1, %(half)s, %(all)s) union all select count(*), max(at) from first order by 1
"""


def of(incident: Incident, *, now: datetime, is_quick: bool = False) -> notify.Silence | None:
    """The clock; None while the public does not know. Quick: only whether it runs and since when, for the band of every page."""
    facts = as_facts(newest_facts(incident, with_staff=False))
    if notify.silence(facts, [], 0, now=now) is None:
        return None
    if is_quick:
        first = SendingRow.objects.filter(incident=incident, state__in=REACHED).aggregate(at=Min("changed_at"))["at"]
        return notify.silence(facts, [first] if first else [], 0, now=now)
    n = AffectedPerson.objects.filter(incident=incident, state="sure").exclude(letter_group="").count()
    return notify.silence(facts, _told(incident, n), n, now=now)


def _told(incident: Incident, n_persons: int) -> list[datetime]:
    """One moment for each person told. Only the first, the middle and the last of those owed are looked up: the others lie between."""
    half = -(-n_persons // 2)
    with connection.cursor() as cursor:
        cursor.execute(_TOLD, {"incident": incident.pk, "reached": list(REACHED), "half": half, "all": n_persons})
        rows = [(int(n), at) for n, at in cursor.fetchall() if at is not None]
    told: list[datetime] = []
    for n, at in rows:
        told += [at] * (n - len(told))
    return told
