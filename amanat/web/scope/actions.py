"""Changes to what scope found: a new result replaces the one before."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction

from amanat.terms.finding import Gap
from amanat.web.respond.models import Incident
from amanat.web.scope import people
from amanat.web.scope.models import GapRow, ScopeRow


@transaction.atomic
def take_in(
    incident: Incident,
    *,
    persons: Iterable[people.Person],
    gaps: Iterable[Gap],
    counts: list[dict[str, Any]],
    n: dict[str, int],
    seconds: float,
    now: datetime,
) -> ScopeRow:
    """Persons (encrypted), gaps and counts of one run of scope."""
    people.load(incident, persons)
    GapRow.objects.filter(incident=incident).delete()
    GapRow.objects.bulk_create(
        [GapRow(incident=incident, path=g.path, reason=g.reason, size_bytes=g.size_bytes, next_step=g.next_step) for g in gaps], batch_size=1000
    )
    return ScopeRow.objects.create(
        incident=incident,
        at=now,
        n_sure=n.get("sure", 0),
        n_review=n.get("review", 0),
        n_outsiders=n.get("outsider", 0),
        n_findings=n.get("findings", 0),
        seconds=seconds,
        counts=counts,
    )
