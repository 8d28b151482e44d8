"""Sentences that staff wrote otherwise than amanat, as they stand beside each text; and what the gate says of a text as it is now."""

from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime
from typing import Any

from amanat import assess, notify
from amanat.terms.fact import Fact
from amanat.terms.notice import Notice
from amanat.web.assess import queries as assessments
from amanat.web.notify import others
from amanat.web.notify.models import NoticeRow
from amanat.web.notify.queries import company_of
from amanat.web.respond.models import Incident


def edits_of(entries: Iterable[dict[str, Any]], *, with_lapsed: bool = True) -> tuple[notify.Edit, ...]:
    """The edits of `NoticeRow.edits`, without who made them."""
    kept = (one for one in entries if with_lapsed or not one["is_lapsed"])
    return tuple(notify.Edit(where=one["where"], before=one["before"], after=one["after"]) for one in kept)


def followed(newest: NoticeRow | None, notice: Notice) -> tuple[Notice, list[dict[str, Any]]]:
    """A text that amanat composed anew with what staff had written otherwise in it; what lapsed is marked and kept, for its sentence may return."""
    if newest is None or not newest.edits:
        return notice, []
    made, lapsed = notify.with_edits(notice, edits_of(newest.edits))
    entries = zip(newest.edits, edits_of(newest.edits), strict=True)
    return made, [entry | {"is_lapsed": edit in lapsed} for entry, edit in entries]


def facts_for(incident: Incident, audience: str) -> dict[str, Fact]:
    """The facts as the gate reads them: letters count each person themselves, everybody else reads the number that was counted."""
    return others.facts_now(incident) if audience == "individuals" else others.with_counts(incident)


def judged(incident: Incident, notice: Notice, *, now: datetime) -> list[dict[str, Any]]:
    """What the gate says of a text, as it is kept with it; raises the errors of facts and company."""
    row = assessments.newest(incident)
    duties = assess.assessment_from_json(row.content).duties if row else ()
    found = notify.check_notice(notice, facts_for(incident, notice.audience), duties, company_of(incident), now=now)
    return [asdict(one) for one in found]
