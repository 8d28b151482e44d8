"""What we promised, as everybody may read it: each with its date, kept or not. Who keeps it stays inside."""

from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language

from amanat.web.accounts.pages import open_page
from amanat.web.public import queries
from amanat.web.public.steady import same_for_everyone
from amanat.web.respond.promise_models import PromiseRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Promised:
    """One promise in one language."""

    kind: str
    words: str
    language: str  # of the words
    due_at: datetime | None
    standing: str
    settled_at: datetime | None
    why: str
    evidence: str


def promised(language: str, *, now: datetime) -> list[tuple[str, list[Promised], datetime]]:
    """By company and the day of the first promise, of open incidents of which the public was told: what is open first, then what was settled last."""
    found = []
    for incident in queries.told():
        # Nothing of staff is read along, which the public door may not do.
        rows = list(PromiseRow.objects.filter(incident=incident).exclude(state="moved").order_by("made_at"))
        shown = [_one(row, language, now) for row in rows]
        ends = [one for one in shown if one.settled_at]
        waiting = sorted((one for one in shown if not one.settled_at), key=lambda one: (one.due_at is None, one.due_at or now))
        if shown:
            settled = sorted(ends, key=lambda one: one.settled_at or now, reverse=True)
            found.append((queries.name_of(incident), waiting + settled, rows[0].made_at))
    return found


@open_page
@same_for_everyone
def promises(request: HttpRequest) -> HttpResponse:
    """What did you promise, and did you keep it?"""
    with timezone.override(queries.zone()):
        return render(request, "public/promises.html", {"companies": promised(get_language() or "en", now=timezone.now())})


def _one(row: PromiseRow, language: str, now: datetime) -> Promised:
    tag = language if row.words.get(language) else "en" if row.words.get("en") else next(iter(row.words), language)
    return Promised(
        kind=row.kind,
        words=str(row.words.get(tag, "")),
        language=tag if tag != language else "",
        due_at=row.due_at,
        standing=row.to_value().standing(now),
        settled_at=row.settled_at,
        why=row.why,
        evidence=row.evidence if row.evidence.startswith("https://") else "",
    )
