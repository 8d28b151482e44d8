"""Who is affected?"""

from collections.abc import Callable, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language, get_language_bidi, gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from amanat.web.accounts.pages import incident_page
from amanat.web.respond.models import Incident
from amanat.web.scope import queries
from amanat.web.templatetags.names import kind, language_name, place

STATES = {"sure": _("sure"), "review": _("to review"), "outsider": _("outsiders")}
BARS_MAX = 14


@require_GET
@incident_page("see")
def affected(request: HttpRequest, incident: Incident) -> HttpResponse:
    """Persons by kind, place and language, how sure we are, and what could not be read."""
    row = queries.newest(incident)
    given: dict[str, Any] = {"incident": incident, "row": row, "run": queries.newest_run(incident), "states": STATES}
    if row:
        gaps, gap_bytes = queries.gaps(incident)
        places, cells = queries.kinds_by_place(row.counts)
        given |= {
            "charts": [
                _chart("kinds", gettext("Persons by kind of data"), kind, queries.by_kind(row.counts)),
                _chart("places", gettext("Persons by place of residence"), place, queries.by_column(incident, "residence")),
                _chart("languages", gettext("Persons by language"), language_name, queries.by_column(incident, "language")),
            ],
            "places": places,
            "cells": cells,
            "has_elsewhere": any(numbers[-1] for _kind, numbers in cells),
            "gaps": gaps,
            "gap_bytes": gap_bytes,
        }
    return render(request, "scope/affected.html", given)


def _chart(name: str, title: str, says: Callable[[str], str], ranked: Sequence[tuple[str, dict[str, int]]]) -> dict[str, Any]:
    """A bar chart's data, for the script, and the same rows in full for the table beside it."""
    rows = [(says(code), numbers) for code, numbers in ranked]
    return {
        "id": f"chart-{name}",
        "title": title,
        "rows": rows,
        "n_hidden": max(0, len(rows) - BARS_MAX),
        "data": {
            "labels": [label for label, _numbers in rows[:BARS_MAX]],
            "series": [{"state": state, "name": str(words), "values": [n[state] for _l, n in rows[:BARS_MAX]]} for state, words in STATES.items()],
            "is_rtl": get_language_bidi(),
            "language": get_language() or "en",
        },
    }
