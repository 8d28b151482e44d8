"""Who is affected?"""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBadRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, get_language_bidi, gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from amanat import scope
from amanat.lib.errors import Fixable
from amanat.terms.contact import Contact
from amanat.terms.incident import register_in
from amanat.web import scratch
from amanat.web.accounts import permissions
from amanat.web.accounts.limits import came_too_often
from amanat.web.accounts.pages import incident_page
from amanat.web.respond import journal
from amanat.web.respond.models import Incident
from amanat.web.scope import actions, exporting, people, queries, registering, revealing
from amanat.web.scope.joining import StillDecided
from amanat.web.scope.judging import LIKENESS, kind_of, weigh
from amanat.web.scope.models import AffectedPerson, Review
from amanat.web.templatetags.names import kind, language_name, place

STATES = {"sure": _("sure"), "review": _("to review"), "outsider": _("outsiders")}
STATES_OF_A_PERSON = STATES | {
    "refused": _("somebody else, as a reviewer decided"),
    "merged": _("the same as another person, as a reviewer decided"),
    "past": _("not found any more; was told"),
}
BASES = {
    "content": _("found in the files"),
    "accessed": _("opened by the intruder, as a log or a person says"),
    "accessible": _("within the intruder’s reach"),
    "service": _("went without the service"),
}
SAID = {
    "confirmed": _("Confirmed: it is this person."),
    "refused": _("Refused: it is somebody else."),
    "merged": _("Merged: it is the same person as the other, who stays."),
    "split": _("Divided: each value stands for a person of its own from now on."),
    "later": _("Put off; this person comes again at the end."),
    "reopened": _("Opened again."),
}
BARS_MAX = 14
WHY_MAX = 500
REVEALED_AN_HOUR = 30  # records by one person: enough to judge by, too few to copy a list


@require_GET
@incident_page("see")
def affected(request: HttpRequest, incident: Incident) -> HttpResponse:
    """Persons by kind, place and language, how sure we are, and what could not be read."""
    row = queries.newest(incident)
    given: dict[str, Any] = {"incident": incident, "row": row, "run": queries.newest_run(incident), "states": STATES}
    given["reading"] = queries.reading(incident)
    given["may_run"] = permissions.may(request.user, "run", incident)
    given |= {"has_register": registering.has_register(incident), "is_register_confirmed": registering.is_confirmed(incident)}
    if row:
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
            "sankey": _sankey(queries.flows(row)),
            "by_file": queries.kinds_by_file(row.files),
            "n_settled": queries.newest_reviews(incident).filter(decision__in=actions.SETTLING, at__gt=row.at).count(),
            "may_review": permissions.may(request.user, "review_people", incident),
            "may_see_people": permissions.may(request.user, "see_people", incident),
            "may_export": permissions.may(request.user, "export_people", incident),
            "gaps": queries.gaps(incident),
        }
    return render(request, "scope/affected.html", given)


@incident_page("review_people")
def review(request: HttpRequest, incident: Incident) -> HttpResponse:
    """Is it really this person? One after the other; who opens and who decides stands in the journal."""
    if request.method == "POST":
        return _decide(request, incident)
    asked, is_outside = request.GET.get("person", ""), request.GET.get("who") == "outsiders"
    queue, outsiders = queries.queue(incident), queries.outsiders(incident)
    waiting = outsiders if is_outside else queue
    row = waiting.filter(pk=_uuid(asked)).first() if asked else waiting.first()
    given: dict[str, Any] = {"n_waiting": queue.count(), "n_outsiders": outsiders.count(), "is_outside": is_outside, "row": row}
    given["settled"] = Paginator(queries.newest_reviews(incident).exclude(decision="reopened"), 20).get_page(request.GET.get("page"))
    given["run"] = queries.newest_run(incident)
    given["may_reveal"] = permissions.may(request.user, "reveal_values", incident)
    if row:
        given |= _opened(request, incident, row)
    return render(request, "scope/review.html", given)


@require_GET
@incident_page("see_people")
def person(request: HttpRequest, incident: Incident, person_id: UUID) -> HttpResponse:
    """Where was this person seen? File, container and record, to find it again."""
    row = get_object_or_404(AffectedPerson, incident=incident, pk=person_id)
    given = _opened(request, incident, row) | {"row": row, "states": STATES_OF_A_PERSON, "bases": BASES}
    given["may_review"] = permissions.may(request.user, "review_people", incident)
    given["may_reveal"] = permissions.may(request.user, "reveal_values", incident)
    given["may_export"] = permissions.may(request.user, "export_people", incident)
    given["reviews"] = Review.objects.filter(person=row).select_related("by", "incident").order_by("-at")
    return render(request, "scope/person.html", given)


@incident_page("reveal_values")
def reveal(request: HttpRequest, incident: Incident, person_id: UUID, number: int) -> HttpResponse:
    """What stands at one place, once, for a written reason that stands in the journal."""
    row = get_object_or_404(AffectedPerson, incident=incident, pk=person_id)
    known = people.reveal(incident, row).get("places") or []
    if not 1 <= number <= len(known):
        raise Http404
    place_ = known[number - 1]
    given = {"row": row, "place": place_, "record": place_["record"] + 1, "why_max": WHY_MAX}
    given["is_gone"] = not revealing.has_files(incident, place_["path"])
    status = 200
    if request.method == "POST" and not given["is_gone"]:
        why = request.POST.get("why", "").strip()[:WHY_MAX]
        if not why:
            given["is_without_reason"], status = True, 400
        elif came_too_often(request, f"reveal {request.user.pk}", REVEALED_AN_HOUR, seconds=3600):
            given |= {"is_too_often": True, "why": why}
            status = 429
        else:
            given |= _revealed(request, incident, row, number, why)
    answer = render(request, "scope/reveal.html", given, status=status)
    answer["Cache-Control"] = "no-store"
    return answer


@require_GET
@incident_page("see")
def reading(request: HttpRequest, incident: Incident) -> HttpResponse:
    """How far reading the files has come: a part of the page "Who is affected?", asked for again every few seconds."""
    return render(request, "scope/reading.html", {"run": queries.newest_run(incident), "reading": queries.reading(incident), "is_polled": True})


@incident_page("export_people")
def export(request: HttpRequest, incident: Incident) -> HttpResponseBase:
    """The list of persons as a file, for a written reason that stands in the journal."""
    given = {"n": exporting.n_persons(incident), "why_max": WHY_MAX, "columns": exporting.COLUMNS}
    if request.method != "POST":
        return render(request, "scope/export.html", given)
    form, why = request.POST.get("form", ""), request.POST.get("why", "").strip()[:WHY_MAX]
    if form not in exporting.FORMATS:
        return HttpResponseBadRequest()
    if not why:
        return render(request, "scope/export.html", given | {"is_without_reason": True}, status=400)
    incident.keys()  # erased persons have no list
    if form == "xlsx" and given["n"] > exporting.XLSX_MAX:
        return render(request, "scope/export.html", given | {"is_too_long": True, "why": why}, status=400)
    journal.write(incident, act="people.exported", at=timezone.now(), by=request.user, what={"form": form, "n": given["n"]}, why=why)
    name, kind_ = exporting.file_name(incident, form), exporting.FORMATS[form]
    if form == "csv":
        answer: HttpResponseBase = StreamingHttpResponse(exporting.as_csv(incident), content_type=kind_)
    else:
        with scratch.folder("export") as folder:
            (exporting.write_parquet if form == "parquet" else exporting.write_xlsx)(incident, folder / name)
            # Opened before the folder goes: the file has no name any more while it is sent, and nobody finds it afterwards.
            answer = FileResponse((folder / name).open("rb"), content_type=kind_)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["Cache-Control"] = "no-store"
    return answer


@require_POST
@incident_page("see_people")
def find_person(request: HttpRequest, incident: Incident) -> HttpResponse:
    """Looks somebody up by register number or e-mail address; neither comes into the address of a page, nor into the journal."""
    asked = request.POST.get("asked", "").strip()[:200]
    row = people.find(incident, email=asked) if "@" in asked else people.find(incident, person_id=asked) if asked else None
    if row is None:
        messages.warning(request, gettext("Nobody with this number or address is among the affected persons."))
        return redirect("affected", incident_id=incident.pk)
    return redirect("person", incident_id=incident.pk, person_id=row.pk)


def _decide(request: HttpRequest, incident: Incident) -> HttpResponse:
    decision, why = request.POST.get("decision", ""), request.POST.get("why", "").strip()[:1000]
    if decision not in actions.STATE_AFTER:
        return HttpResponseBadRequest()
    same_as, contact = _meant(incident, request.POST.get("same_as", "").strip()[:200]) if decision == "merged" else ("", None)
    person_id, who = _uuid(request.POST.get("person", "")), "outsiders" if request.POST.get("who") == "outsiders" else ""
    after = redirect(reverse("review", args=[incident.pk]) + ("?who=outsiders" if who else ""))
    try:
        actions.decide(incident, person_id, decision=decision, why=why, by=request.user, now=timezone.now(), same_as=same_as, contact=contact)
        messages.success(request, str(SAID[decision]))
    except actions.NobodyElse:
        messages.warning(request, gettext("Nobody else has this number or address, neither among the affected persons nor in the register."))
        return redirect(after.url + ("&" if who else "?") + f"person={person_id}")
    except StillDecided:
        messages.warning(request, gettext("Something was decided about the persons who came of it. Take that back first."))
    except (actions.NotOpen, AffectedPerson.DoesNotExist):
        messages.warning(request, gettext("This person does not wait for a reviewer any more; somebody else may have decided."))
    return after


def _meant(incident: Incident, asked: str) -> tuple[str, Contact | None]:
    """The number of the person who is meant by a number or an e-mail address, or nothing; and who it is, where only the register knows them."""
    if not asked:
        return "", None
    row = people.find(incident, email=asked) if "@" in asked else people.find(incident, person_id=asked)
    if row is not None:
        return str(people.reveal(incident, row)["person_id"]), None
    # Somebody of the register whom no key led to is just who an outsider may turn out to be.
    register = register_in(Path(incident.folder)) if incident.folder else None
    if register is None or "@" in asked:
        return "", None
    try:
        contact = next(iter(scope.read_contacts(register, [asked])), None)
    except (Fixable, OSError):
        return "", None
    return (contact.person_id, contact) if contact else ("", None)


def _opened(request: HttpRequest, incident: Incident, row: AffectedPerson) -> dict[str, Any]:
    """One person's secret for a page, and the journal's line that somebody looked."""
    secret = people.reveal(incident, row)
    journal.write(incident, act="person.opened", at=timezone.now(), by=request.user, what={"person": str(row.pk)})
    places = [
        {
            **place,
            "same": [kind_of(n) for n in place["same"]],
            "other": [kind_of(n) for n in place["other"]],
            "record": place["record"] + 1,
            "reasons": [LIKENESS[name] for name in place.get("reasons") or () if name in LIKENESS],
        }
        for place in secret.get("places") or ()
    ]
    return {"secret": secret, "places": places, "weighed": weigh(secret.get("places") or []), "more": max(0, secret["n_records"] - len(places))}


def _revealed(request: HttpRequest, incident: Incident, row: AffectedPerson, number: int, why: str) -> dict[str, Any]:
    """The record at a person's place, and the journal's line before anybody sees it; or why it is not shown."""
    place_ = people.reveal(incident, row)["places"][number - 1]
    try:
        shown = revealing.record(incident, place_["path"], place_["record"] + 1)
    except revealing.FilesAreGone:
        return {"is_gone": True}
    except revealing.TooSlow:
        return {"is_too_slow": True, "why": why}
    except revealing.NotShown:
        return {"is_not_shown": True, "why": why}
    journal.write(incident, act="record.revealed", at=timezone.now(), by=request.user, what={"person": str(row.pk), "place": number}, why=why)
    return {"shown": shown}


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Http404 from None


def _sankey(links: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Nodes and links for the script, and the same as rows for the table."""

    def file_name(path: str) -> str:
        return path or gettext("all other files")

    columns: list[dict[str, str]] = []
    rows, drawn = [], []
    for link in links:
        ends = (
            [("file:" + link["path"], file_name(link["path"])), ("kind:" + link["kind"], kind(link["kind"]))]
            if "path" in link
            else [("kind:" + link["kind"], kind(link["kind"])), ("state:" + link["state"], str(STATES[link["state"]]))]
        )
        columns += [{"name": name, "says": says} for name, says in ends if name not in {c["name"] for c in columns}]
        drawn.append({"source": ends[0][0], "target": ends[1][0], "value": round(link["n"], 1)})
        rows.append((ends[0][1], ends[1][1], round(link["n"])))
    return {"nodes": columns, "links": drawn, "rows": rows, "is_rtl": get_language_bidi(), "language": get_language() or "en"}


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
