"""Where do the affected persons live, and which laws reach us there? A map, and beside it the same as a table."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from amanat.terms.places import country_of, lies_in
from amanat.web.accounts import permissions
from amanat.web.accounts.pages import incident_page
from amanat.web.assess import queries
from amanat.web.respond.models import Incident
from amanat.web.scope import queries as scope

FEW = 5  # below that a number may point at somebody: who may not see persons reads "fewer than five"
STEPS = (10, 100, 1_000, 10_000)  # from each of these on a place is drawn one shade darker


@dataclass(frozen=True, slots=True, kw_only=True)
class There:
    """One country or state: its persons, the laws that reach us there, what they make due, and how it is drawn."""

    code: str
    n: int  # sure, and outsiders: those whose residence is known for sure
    n_review: int
    laws: tuple[str, ...]
    n_unsure: int  # laws of which nobody knows yet whether they reach us there
    n_due: int
    first_at: datetime | None
    shade: int  # 0: nobody; 1 to 5


@require_GET
@incident_page("see")
def world(request: HttpRequest, incident: Incident) -> HttpResponse:
    """Where do they live, and whose law is it?"""
    row = queries.newest(incident)
    made = queries.decisions(incident)
    duties = queries.as_decided(row.content["duties"], made) if row else []
    ended = queries.settled(made)
    counts = {code: (n["sure"] + n["outsider"], n["review"]) for code, n in scope.by_column(incident, "residence")}
    open_ones = [duty for duty in duties if duty["id"] not in ended]
    countries = places(_together(counts), open_ones)
    of_the_us = places({code: n for code, n in counts.items() if code.startswith("US-")}, open_ones)
    outlines = _outlines()
    given = {
        "incident": incident,
        "row": row,
        "now": timezone.now(),
        "countries": countries,
        "states": of_the_us,
        "n_nowhere": sum(counts.get("", (0, 0))),
        "map": _drawn(outlines["countries"], countries),
        "us_map": _drawn(outlines["states"], of_the_us) if of_the_us else [],
        "size": outlines["size"],
        "us_size": outlines["us_size"],
        "few": 0 if permissions.may(request.user, "see_people", incident) else FEW,
        "steps": [(1, STEPS[0]), *zip(STEPS, (*STEPS[1:], None), strict=True)],
    }
    return render(request, "assess/world.html", given)


def places(counts: Mapping[str, tuple[int, int]], duties: Iterable[Mapping[str, Any]]) -> list[There]:
    """Each place where persons live, with the laws that reach us there; the one with most persons first."""
    placed = [duty for duty in duties if duty["places"]]
    found = []
    for code in filter(None, counts):
        held = [duty for duty in placed if _is_there(code, duty["places"])]
        here = [duty for duty in held if duty.get("reach", True) is True]
        n_unsure = len({duty["law"] for duty in held if duty.get("reach", True) is None})
        due = [duty for duty in here if duty["state"] == "due"]
        n, n_review = counts.get(code, (0, 0))
        first_at = min((at for duty in due if (at := queries.moment_of(duty["due_at"]))), default=None)
        laws = tuple(sorted({duty["law"] for duty in here if "law" in duty}))
        found.append(
            There(code=code, n=n, n_review=n_review, laws=laws, n_unsure=n_unsure, n_due=len(due), first_at=first_at, shade=shade_of(n + n_review))
        )
    return sorted(found, key=lambda there: (-there.n, -there.n_review, there.code))


def shade_of(n: int) -> int:
    """0 for nobody, then one step darker from each of STEPS on.

    >>> shade_of(0), shade_of(9), shade_of(10), shade_of(25_000)
    (0, 1, 2, 5)
    """
    return 0 if n == 0 else 1 + sum(n >= step for step in STEPS)


def _is_there(code: str, law_places: list[str]) -> bool:
    """Whether a law of these places holds in the country, or in a part of it."""
    return lies_in(code, tuple(law_places)) or any("-" in place and country_of(place) == code for place in law_places)


def _together(counts: Mapping[str, tuple[int, int]]) -> dict[str, tuple[int, int]]:
    """Countries; the states of one are counted together."""
    found: dict[str, tuple[int, int]] = {}
    for code, (n, n_review) in counts.items():
        if code:
            before = found.get(country_of(code), (0, 0))
            found[country_of(code)] = (before[0] + n, before[1] + n_review)
    return found


def _drawn(outlines: Mapping[str, Mapping[str, Any]], there: Iterable[There]) -> list[dict[str, Any]]:
    """What the map draws, a place with persons last, so that its edge lies on top."""
    by_code = {one.code: one for one in there}
    drawn = [{**outline, "code": code, "there": by_code.get(code)} for code, outline in outlines.items() if "d" in outline or code in by_code]
    return sorted(drawn, key=lambda one: one["there"].shade if one["there"] else -1)


@cache
def _outlines() -> dict[str, Any]:
    found: dict[str, Any] = json.loads((Path(__file__).parent / "world.json").read_text(encoding="utf-8"))
    return found
