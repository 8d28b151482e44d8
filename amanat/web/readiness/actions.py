"""Changes about readiness: what staff say, a new look, a drill."""

import json
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction

from amanat import prepare
from amanat.web.accounts.models import Staff
from amanat.web.readiness import queries
from amanat.web.readiness.models import DrillRow, SheetRow

STUCK_AFTER = timedelta(hours=2)


@transaction.atomic
def say(name: str, entry: dict[str, Any], *, by: Staff, now: datetime) -> SheetRow:
    """What a member of staff says about one control; the rule what may be said is in the stage and raises Fixable."""
    before = queries.newest_sheet()
    content = dict(before.content) if before else {}
    content["control"] = {**content.get("control", {}), name: {key: value for key, value in entry.items() if value not in ("", None)}}
    return keep(content, before.company if before else None, by=by, now=now)


@transaction.atomic
def keep(content: dict[str, Any], company: dict[str, Any] | None, *, by: Staff | None, now: datetime) -> SheetRow:
    """A whole sheet, checked by the stage first."""
    plain = json.loads(json.dumps(content, default=lambda value: value.isoformat() if isinstance(value, (date, datetime)) else str(value)))
    prepare.sheet_of(queries.with_days(plain), where=queries.WHERE, today=now.date())
    return SheetRow.objects.create(content=plain, company=company, by=by, at=now)


def ask_for_look() -> None:
    """Lets the worker ask the DNS and our web pages."""
    from amanat.web.readiness.tasks import look

    transaction.on_commit(look.defer)


def ask_for_drill(*, by: Staff, now: datetime) -> DrillRow | None:
    """Lets the worker run a drill; None when one is under way already."""
    from amanat.web.readiness.tasks import drill

    with transaction.atomic():
        # A worker that was killed leaves its drill behind; it must not block the next one for ever.
        DrillRow.objects.filter(state__in=("asked", "running"), asked_at__lt=now - STUCK_AFTER).update(
            state="failed", why="it stopped before its end", ended_at=now
        )
        if DrillRow.objects.select_for_update().filter(state__in=("asked", "running")).exists():
            return None
        row = DrillRow.objects.create(by=by, asked_at=now)
        transaction.on_commit(lambda: drill.defer(drill_id=str(row.pk)))
    return row
