"""Reads about what was handed in and what was found in it.

Everybody sees their own, and waves of fakes, which are nobody's; what an incident carries along its members see there.
"""

import re
from collections.abc import Iterable
from typing import Any

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When
from django.utils.translation import gettext

from amanat.web.accounts.models import Staff
from amanat.web.detect.models import SEVERITIES, TOLD, AlertRow, HandedIn
from amanat.web.templatetags.words import number

# Details that are numbers already rounded for a reader; they come as text.
NUMBERS = ("usual",)
_DECIMAL = re.compile(r"\d+(\.\d+)?")
_ORDER = Case(*(When(severity=name, then=Value(i)) for i, name in enumerate(SEVERITIES)), output_field=IntegerField())


def alerts_of(staff: Staff) -> QuerySet[AlertRow]:
    """Alerts in what this person handed in, and those about waves of fakes, which name no person; the gravest of the newest first."""
    return (
        AlertRow.objects.filter(Q(handed_in__by=staff) | Q(handed_in__what=TOLD))
        .select_related("handed_in")
        .order_by("-handed_in__at", _ORDER, "-n_events")
    )


def handed_in_by(staff: Staff) -> QuerySet[HandedIn]:
    return HandedIn.objects.filter(by=staff).order_by("-at")


def shown_evidence(evidence: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Reasons as sentences in the language of the page: what is said several times stands once, and what is like it behind it.

    Each holds `sentence`, how many `times` it was said, and in `alike` the sentences of the same sort with other details.
    """
    sorts: dict[tuple[str, str, str], dict[str, int]] = {}
    for one in evidence:
        said = sorts.setdefault((one["strength"], one["says"], str(one["details"].get("title", ""))), {})
        sentence = in_words(one["says"], one["details"])
        said[sentence] = said.get(sentence, 0) + 1
    return [
        {"strength": strength, "sentence": first, "times": said[first], "alike": list(said)[1:]}
        for (strength, _says, _title), said in sorts.items()
        for first in [next(iter(said))]
    ]


def one_line_each(alerts: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Alerts as they are shown, those of one sort together: the first, and in `alike` the others, so that a wave is one thing to decide."""
    sorts: dict[tuple[str, ...], dict[str, Any]] = {}
    for one in alerts:
        first = sorts.setdefault(one["sort"], {**one, "alike": []})
        if first["row"] is not one["row"]:
            first["alike"].append(one)
    return list(sorts.values())


def sort_of(kind: str, severity: str, opened: dict[str, Any]) -> tuple[str, ...]:
    """What alerts have in common that a person would settle with one thought: kind, gravity, and the first reason but for its numbers."""
    first = opened["evidence"][0] if opened["evidence"] else {"says": "", "details": {}}
    return kind, severity, opened["entity"]["type"], first["says"], str(first["details"].get("title", ""))


def in_words(says: str, details: dict[str, Any]) -> str:
    """A sentence of `amanat.detect`, translated, with its details; a gap inside it is a sentence too."""

    def shown(name: str, value: Any) -> str:
        if name in ("gap", "way"):
            return gettext(value)
        if name == "title" and (said := gettext(value)) != value:
            return said  # one of our own rules; those of others speak as their authors do
        if isinstance(value, str) and name in NUMBERS and _DECIMAL.fullmatch(value):
            value = float(value)
        # Names of machines and files keep their direction inside a sentence that reads from the right.
        return number(value) if isinstance(value, (int, float)) else f"\u2068{value}\u2069"

    return gettext(says) % {name: shown(name, value) for name, value in details.items()}
