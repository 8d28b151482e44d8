"""Which laws do we hold, how sure are they, and what did a newer version change for open incidents?"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from amanat import assess
from amanat.web.accounts.pages import staff_page
from amanat.web.assess import queries, replay
from amanat.web.assess.words import CHANGES, CONFIDENCE, STANDINGS, TO
from amanat.web.respond.models import Incident
from amanat.web.respond.queries import as_facts, incidents_of
from amanat.web.templatetags.names import place
from amanat.web.templatetags.sentences import authority

TABLES_MAX = 30  # laws of which a page shows every rule; of more it lists the names


@require_GET
@staff_page("use")
def laws(request: HttpRequest) -> HttpResponse:
    """Which laws do we hold? Each with its standing, how sure it is, who read it when, and its source; to be searched."""
    words, only = request.GET.get("q", "").strip().casefold()[:100], request.GET.get("only", "")
    today = timezone.localdate()
    held = [Held(law, is_stale=assess.is_stale(law, today)) for law in assess.laws().values()]
    found = [one for one in held if one.is_about(words) and one.is_among(only)]
    given = {
        "held": found,
        "is_open": len(found) <= TABLES_MAX,
        "n_all": len(held),
        "n_duties": sum(len(one.law.duty) for one in held),
        "n_unverified": sum(one.n_unverified for one in held),
        "n_stale": sum(one.is_stale for one in held),
        "q": request.GET.get("q", "").strip()[:100],
        "only": only,
        "to": TO,
        "standings": STANDINGS,
        "confidence": CONFIDENCE,
    }
    return render(request, "assess/laws.html", given)


class Held:
    """One law as the page shows it."""

    def __init__(self, law: Any, *, is_stale: bool) -> None:
        self.law, self.is_stale = law, is_stale
        self.n_unverified = sum(not rule.verified for rule in law.duty)
        self.is_draft = all(version.status == "proposed" for rule in law.duty for version in rule.version)
        self.rules = [(rule, max(rule.version, key=lambda version: version.since or date.min)) for rule in law.duty]

    def is_about(self, words: str) -> bool:
        """Whether every word stands in its id, name, citation, places or authority, in the language of the page too."""
        places = " ".join([*self.law.places, *(str(place(code)) for code in self.law.places)])
        parts = (self.law.id, self.law.name, self.law.citation, places, self.law.authority.name, str(authority(self.law.authority.name)))
        text = " ".join(parts).casefold()
        return all(word in text for word in words.split())

    def is_among(self, only: str) -> bool:
        """Whether it is of the sort that was asked for; anything else asks for all."""
        return {"stale": self.is_stale, "unverified": self.n_unverified > 0, "draft": self.is_draft}.get(only, True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """One open incident: by which wording it was judged, which law files have changed since, and what that moves."""

    incident: Incident
    at: datetime
    files: tuple[str, ...]  # ids of the laws whose file is another one now


@require_GET
@staff_page("use")
def watch(request: HttpRequest) -> HttpResponse:
    """What did a newer law change? Each open incident judged again, by its facts and persons of then and the laws of today."""
    prints = assess.law_prints()
    compared, unknown, pairs, incidents = [], [], {}, {}
    for incident in incidents_of(request.user):
        row = queries.newest(incident)
        if row is None:
            continue
        files = sorted(name for name in {*prints, *row.laws} if prints.get(name) != row.laws.get(name))
        if not row.laws or row.counted is None:
            unknown.append(incident)
            continue
        compared.append(Compared(incident=incident, at=row.at, files=tuple(files)))
        if files:
            # The same facts and the same count, so that nothing but the law can make a difference.
            facts = as_facts(replay.facts_as_of(incident, row.at))
            after = assess.assess(facts, counted=row.counted or None, now=row.at)
            pairs[str(incident.pk)] = (assess.assessment_from_json(row.content), after)
            incidents[str(incident.pk)] = incident
    given = {
        "moved": [(one, [incidents[case] for case in one.cases]) for one in assess.moved(pairs) if one.change != "reasons"],
        "compared": compared,
        "unknown": unknown,
        "stale": [law for law in assess.laws().values() if assess.is_stale(law, timezone.localdate())],
        "n_laws": len(prints),
        "changes": CHANGES,
    }
    return render(request, "assess/watch.html", given)
