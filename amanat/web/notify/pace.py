"""The pace of the sending as somebody chose it: when each queued message may leave, never past a deadline, and at once for whom hours count.

The ledger hands out what is due (`SendingRow.next_attempt_at`); a pace is nothing but these moments, spread evenly. So it holds
whatever becomes of the worker, and whoever looks can read from the rows when the last message leaves.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import Case, Count, Max, PositiveSmallIntegerField, Q, QuerySet, When

from amanat import notify
from amanat.lib.moment import moment_of
from amanat.terms.notice import Notice
from amanat.web.accounts.models import Staff
from amanat.web.assess import queries as duties
from amanat.web.notify.models import ApprovalRow, SendingRow
from amanat.web.notify.pace_models import PaceRow
from amanat.web.notify.queries import letters, notices_of, preparing
from amanat.web.respond import journal
from amanat.web.respond.models import Incident

_SPREAD = """
update notify_sendingrow s set next_attempt_at = %(now)s + make_interval(secs => (w.n - 1) * %(seconds)s)
from (
    select id, row_number() over (order by priority, id) as n from notify_sendingrow
    where approval_id = %(approval)s and channel = %(channel)s and state = 'queued' and n_attempts = 0 and turn = 0 and not is_at_once
) w where s.id = w.id
"""


def newest(incident: Incident) -> PaceRow | None:
    """The choice that counts."""
    return PaceRow.objects.filter(incident=incident).select_related("by").order_by("-at").first()


def _dues(incident: Incident) -> dict[str, datetime]:
    """By duty the instant by which persons must be told, of those that nobody has settled; what is not decided yet counts as due."""
    made = duties.decisions(incident)
    ended = duties.settled(made)
    moments = {
        str(duty["id"]): moment_of(duty["due_at"])
        for duty in duties.duties_as_decided(incident, made=made)
        if duty["to"] == "individuals" and duty["state"] in ("due", "undetermined") and duty.get("due_at") and duty["id"] not in ended
    }
    return {duty: moment for duty, moment in moments.items() if moment}


def deadline_of(incident: Incident) -> datetime | None:
    """The earliest instant by which persons must be told."""
    return min(_dues(incident).values(), default=None)


def dues_of(incident: Incident, notices: Iterable[Notice]) -> dict[str, datetime]:
    """By notice id the soonest instant by which its readers must have been told."""
    return notify.dues_by_notice(notices, _dues(incident))


def severity_of(incident: Incident) -> str:
    """The band of the newest assessment; nothing where there is none."""
    row = duties.newest(incident)
    return str(row.content.get("severity", {}).get("band", "")) if row else ""


def last_moment(incident: Incident, approval: ApprovalRow | None, *, now: datetime) -> datetime:
    """When the last message must have left: the deadline, or the end of our own patience, which began with the approval."""
    longest = (approval.approved_at if approval and approval.approved_at else now) + timedelta(hours=notify.patience_hours())
    return min(longest, deadline_of(incident) or longest)


@transaction.atomic
def choose(incident: Incident, *, choice: str, per_hour: Mapping[str, int], desk: Mapping[str, Any], why: str, by: Staff, now: datetime) -> PaceRow:
    """Keeps the choice with its reason, and gives what is queued already its moments anew."""
    assert choice in ("all_at_once", "follow_desk") and why.strip()
    row = PaceRow.objects.create(
        incident=incident, choice=choice, per_hour=dict(per_hour) if choice == "follow_desk" else {}, **desk, why=why.strip(), by=by, at=now
    )
    what = {"choice": choice, "per_hour": row.per_hour, "staff": row.staff_n}
    journal.write(incident, act="pace.chosen", at=now, by=by, what=what, why=row.why)
    for approval in _standing(incident):
        schedule(approval, now=now)
    return row


@transaction.atomic
def schedule(approval: ApprovalRow, *, now: datetime) -> None:
    """Gives every message that nobody has tried yet the moment at which it may leave.

    The chosen pace is raised where it would not end in time. Further channels, and what was tried before, wait for no pace.
    """
    incident = approval.incident
    untried = SendingRow.objects.filter(approval=approval, state="queued", n_attempts=0)
    untried.exclude(next_attempt_at=None).update(next_attempt_at=None)
    row = newest(incident)
    if row is None or row.choice != "follow_desk":
        return
    seconds_left = (last_moment(incident, approval, now=now) - now).total_seconds()
    for channel, per_hour in row.per_hour.items():
        n = untried.filter(channel=channel, turn=0, is_at_once=False).count()
        if n < 2 or seconds_left <= 0:
            continue
        # Evenly, from now on; the last leaves at the last moment at the latest.
        seconds = min(3600.0 / max(int(per_hour), 1), seconds_left / n)
        with connection.cursor() as cursor:
            cursor.execute(_SPREAD, {"now": now, "seconds": seconds, "approval": approval.pk, "channel": channel})


def hold_deadlines(*, now: datetime) -> int:
    """Gives new places and moments where a deadline has moved since they were given; returns for how many approvals."""
    n = 0
    for approval in _unsent().select_related("incident"):
        n += put_in_line(approval)
    for approval in _waiting(now).select_related("incident"):
        last = SendingRow.objects.filter(approval=approval, state="queued", n_attempts=0).aggregate(at=Max("next_attempt_at"))["at"]
        if last is not None and last > last_moment(approval.incident, approval, now=now):
            schedule(approval, now=now)
            n += 1
    return n


@transaction.atomic
def put_in_line(approval: ApprovalRow) -> bool:
    """Gives every message that waits its place anew, when the order of the deadlines is another than when it got one."""
    rows = letters(approval.incident)  # a change of one would have made the approval void
    found = notify.places(dues_of(approval.incident, notices_of(rows)))
    if found == approval.places:
        return False
    sendings = SendingRow.objects.filter(approval=approval)
    for row in rows:
        first, others = (notify.place_of(row.notice_id, found, is_first=is_first) for is_first in (True, False))
        waiting = sendings.filter(notice=row, state__in=("queued", "idle"))
        waiting.update(priority=Case(When(priority__lt=notify.OTHERS, then=first), default=others, output_field=PositiveSmallIntegerField()))
    ApprovalRow.objects.filter(pk=approval.pk).update(places=found)
    return True


def as_loads(incident: Incident, counts: Any, fastest: Mapping[str, int]) -> list[notify.Load]:
    """What is still to be sent on each channel: of the ledger once it holds what was approved, else of the plan as it was counted."""
    rows = SendingRow.objects.filter(incident=incident, approval__voided_at=None, state="queued")
    if not preparing(incident).exists() and SendingRow.objects.filter(incident=incident).exists():
        grouped = rows.values("channel").annotate(n=Count("id"), n_at_once=Count("id", filter=Q(is_at_once=True))).order_by()
        found = {one["channel"]: (one["n"], one["n_at_once"]) for one in grouped}
    else:
        at_once = dict(counts.at_once) if counts else {}
        found = {channel: (n_all, at_once.get(channel, 0)) for channel, n_all in (counts.channel if counts else ())}
    return [
        notify.Load(channel=channel, n=n_all, n_at_once=n_once, fastest=fastest.get(channel) or max(n_all, 1))
        for channel, (n_all, n_once) in sorted(found.items())
    ]


def _standing(incident: Incident) -> QuerySet[ApprovalRow]:
    return ApprovalRow.objects.filter(incident=incident, voided_at=None).exclude(approved_at=None).select_related("incident")


def _unsent() -> QuerySet[ApprovalRow]:
    queued = SendingRow.objects.filter(state="queued").values("approval")
    return ApprovalRow.objects.filter(pk__in=queued, voided_at=None).exclude(approved_at=None)


def _waiting(now: datetime) -> QuerySet[ApprovalRow]:
    later = SendingRow.objects.filter(state="queued", n_attempts=0, next_attempt_at__gt=now).values("approval")
    return ApprovalRow.objects.filter(pk__in=later, voided_at=None)
