"""Which facts changed since a text was written, and who has that text already."""

from datetime import datetime
from typing import Any

from amanat.web.notify.models import NoticeRow, SendingRow
from amanat.web.notify.outlets_models import OutletRow
from amanat.web.respond.models import FactRow, Incident

OUT = ("attempting", "accepted", "delivered", "unsure", "opened_page", "bounced", "refused")


def changed_since(incident: Incident, moment: datetime) -> tuple[str, ...]:
    """The facts that have another value or status than at that moment, or are new since."""
    rows = FactRow.objects.filter(incident=incident, is_set_aside=False).order_by("name", "-at", "-id")
    now = {row.name: (row.status, row.value) for row in rows.distinct("name")}
    then = {row.name: (row.status, row.value) for row in rows.filter(at__lte=moment).distinct("name")}
    return tuple(name for name in now if now[name] != then.get(name))


def carried_by(row: NoticeRow) -> dict[str, list[str]]:
    """The channels on which this text went to persons, and the outlets that carry it."""
    sent = SendingRow.objects.filter(notice=row, state__in=OUT).values_list("channel", flat=True).distinct().order_by("channel")
    out = OutletRow.objects.filter(incident=row.incident, withdrawn_at=None).select_related("statement").order_by("outlet")
    return {"channels": list(sent), "outlets": sorted({one.outlet for one in out if _holds(one.statement.notices, row.notice_id)})}


def _holds(notices: list[dict[str, Any]], notice_id: str) -> bool:
    return any(one.get("id") == notice_id for one in notices)
