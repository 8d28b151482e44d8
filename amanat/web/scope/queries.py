"""Reads about who is affected: counts in the clear, without opening a single encrypted row."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import Case, Count, F, OuterRef, Q, QuerySet, Subquery, Sum, When

from amanat.lib.progress import Reading, read_progress
from amanat.terms.kinds import KINDS
from amanat.web.respond.models import Incident, Run
from amanat.web.scope.models import AffectedPerson, GapRow, Review, ScopeRow

GAPS_SHOWN = 500
STATES = ("sure", "review", "outsider")
PROGRESS = "progress.json"  # in the folder of a run, as amanat.pipeline writes it


def newest(incident: Incident) -> ScopeRow | None:
    """The run that counts."""
    return ScopeRow.objects.filter(incident=incident).order_by("-at").first()


def newest_run(incident: Incident) -> Run | None:
    """The latest wish to read the files, and what became of it."""
    return Run.objects.filter(incident=incident).order_by("-asked_at").first()


def reading(incident: Incident) -> Reading | None:
    """How far the run has come that reads the files now; None where this machine does not see it."""
    if not Run.objects.filter(incident=incident, state="running").exists():
        return None
    return read_progress(settings.DATA / "cases" / str(incident.pk) / PROGRESS)


def newest_reviews(incident: Incident) -> QuerySet[Review]:
    """The newest decision about each person of whom there is one."""
    newest_ones = Review.objects.filter(incident=incident).order_by("person", "-at").distinct("person")
    return Review.objects.filter(pk__in=newest_ones.values("pk")).select_related("person", "by", "incident").order_by("-at")


def queue(incident: Incident) -> QuerySet[AffectedPerson]:
    """Persons who wait for a reviewer; those put off come last, the longest put off first."""
    last = Review.objects.filter(person=OuterRef("pk"), decision="later").order_by("-at").values("at")[:1]
    waiting = AffectedPerson.objects.filter(incident=incident, state="review").annotate(put_off_at=Subquery(last))
    return waiting.order_by(F("put_off_at").asc(nulls_first=True), "pk")


def outsiders(incident: Incident) -> QuerySet[AffectedPerson]:
    """Persons outside the register of whom no reviewer has said that they are several; those put off come last."""
    last = Review.objects.filter(person=OuterRef("pk")).order_by("-at")
    found = AffectedPerson.objects.filter(incident=incident, state="outsider").annotate(
        last_decision=Subquery(last.values("decision")[:1]),
        put_off_at=Subquery(last.filter(decision="later").values("at")[:1]),
    )
    # Of most there is no decision at all, which is not "another than split" to the database.
    return found.filter(Q(last_decision=None) | ~Q(last_decision="split")).order_by(F("put_off_at").asc(nulls_first=True), "pk")


def by_kind(counts: Iterable[Mapping[str, Any]]) -> list[tuple[str, dict[str, int]]]:
    """Persons by kind of data and state, the most frequent kind first. A person stands in each kind that is affected."""
    return _ranked((row["kind"], row["state"], row["n"]) for row in counts)


def by_column(incident: Incident, column: str) -> list[tuple[str, dict[str, int]]]:
    """Persons by `residence` or `language` and state, each counted once; columns that stand in the clear."""
    rows = AffectedPerson.objects.filter(incident=incident, state__in=STATES).values_list(column, "state").annotate(n=Count("id")).order_by()
    return _ranked((value or "", state, n) for value, state, n in rows)


def flows(row: ScopeRow) -> list[dict[str, Any]]:
    """Files → kinds → persons, for a Sankey diagram: links with "from", "to" and the number of persons that its width stands for.

    What leaves a kind are its persons by state. What enters it is the same number, shared among the files by how many of the
    different values of that kind each of them holds.
    """
    persons = by_kind(row.counts)
    values: Counter[str] = Counter()
    for cell in row.files:
        values[cell["kind"]] += cell["n"]
    links = [
        {"path": cell["path"], "kind": kind, "n": sum(n.values()) * cell["n"] / values[kind]}
        for kind, n in persons
        for cell in row.files
        if cell["kind"] == kind
    ]
    return links + [{"kind": kind, "state": state, "n": n[state]} for kind, n in persons for state in STATES if n[state]]


def kinds_by_place(counts: Iterable[Mapping[str, Any]], *, places_max: int = 8) -> tuple[list[str], list[tuple[str, list[int]]]]:
    """Sure persons: the most frequent places, and for each kind how many in each of them, and elsewhere at the end."""
    cells: Counter[tuple[str, str]] = Counter()
    for row in counts:
        if row["state"] == "sure":
            cells[row["kind"], row["residence"] or ""] += row["n"]
    total: Counter[str] = Counter()
    for (_kind, place), n in cells.items():
        total[place] += n
    places = [place for place, _n in sorted(total.items(), key=lambda item: (-item[1], item[0]))][:places_max]
    kinds = [kind for kind in KINDS if any(cells[kind, place] for place in total)]
    return places, [(kind, [*(cells[kind, p] for p in places), sum(cells[kind, p] for p in total if p not in places)]) for kind in kinds]


def kinds_by_file(files: Iterable[Mapping[str, Any]]) -> list[tuple[str, list[tuple[str, int]]]]:
    """The richest files and, of each, how many different values of which kinds; all other files together come last."""
    found: dict[str, Counter[str]] = {}
    for cell in files:
        found.setdefault(cell["path"], Counter())[cell["kind"]] += cell["n"]
    ranked = sorted(found.items(), key=lambda item: (item[0] == "", -item[1].total(), item[0]))
    return [(path, kinds.most_common()) for path, kinds in ranked]


@dataclass(frozen=True, slots=True, kw_only=True)
class Unread:
    """What could not be read and nobody has settled."""

    shown: list[GapRow]  # those of unknown size first, because they may be anything; then the largest
    n: int
    n_bytes: int  # of those whose size is known
    n_unsized: int


def gaps(incident: Incident) -> Unread:
    """What could not be read and nobody has settled: the first of it, and how much it is in all."""
    unsettled = GapRow.objects.filter(incident=incident, settled_at=None)
    is_sized = Q(size_bytes__gt=0)
    counted = unsettled.aggregate(n=Count("id"), n_bytes=Sum("size_bytes", filter=is_sized), n_unsized=Count("id", filter=~is_sized))
    shown = unsettled.annotate(is_sized=Case(When(is_sized, then=1), default=0)).order_by("is_sized", "-size_bytes", "path")[:GAPS_SHOWN]
    return Unread(shown=list(shown), n=counted["n"], n_bytes=counted["n_bytes"] or 0, n_unsized=counted["n_unsized"])


def _ranked(rows: Iterable[tuple[str, str, int]]) -> list[tuple[str, dict[str, int]]]:
    found: dict[str, dict[str, int]] = {}
    for name, state, n in rows:
        entry = found.setdefault(name, dict.fromkeys(STATES, 0))
        entry[state] += n
    return sorted(found.items(), key=lambda item: (-item[1]["sure"], -sum(item[1].values()), item[0]))
