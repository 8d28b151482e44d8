"""How wrong may we be? A sample is drawn, checked by one or several persons one item after the other, and says what it shows."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language_bidi, gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from amanat.web.accounts import permissions
from amanat.web.accounts.limits import came_too_often
from amanat.web.accounts.pages import incident_page
from amanat.web.respond import journal
from amanat.web.respond.models import Incident
from amanat.web.scope import audited, auditing, people, queries, revealing
from amanat.web.scope.judging import kind_of
from amanat.web.scope.models import Audit, AuditAnswer, AuditItem

WHY_MAX = 500
REVEALED_AN_HOUR = 120  # of a sample somebody checks as many in an hour; the sample itself is the limit
STRATA = {
    "linked": _("passages with a value of somebody in the register"),
    "found": _("passages with findings that are in no register"),
    "empty": _("passages in which nothing was found"),
    "by key": _("persons recognised by a contact, a number or an account"),
    "by name": _("persons recognised by their name with a birth date or address only"),
}
WIDTH = 100  # of a drawn interval


@require_GET
@incident_page("see")
def audit(request: HttpRequest, incident: Incident, audit_id: UUID | None = None) -> HttpResponse:
    """What the newest sample shows, or an older one; how far it is checked; and the way to draw another."""
    last, drawn = audited.newest(incident), audited.drawn_ones(incident)
    given: dict[str, Any] = {"last": last, "older": drawn, "row": queries.newest(incident), "sizes": auditing.SIZES}
    chosen = get_object_or_404(drawn, pk=audit_id) if audit_id else drawn.first()
    given |= {"audit": chosen, "may_check": permissions.may(request.user, "review_people", incident)}
    given["drawing"] = audited.drawing(last) if last else None
    if chosen:
        given |= _told(chosen, request.user)
    return render(request, "scope/audit.html", given)


@require_POST
@incident_page("review_people")
def draw(request: HttpRequest, incident: Incident) -> HttpResponse:
    """Asks the worker to draw a sample."""
    size = request.POST.get("n", "")
    if size not in map(str, auditing.SIZES):
        return HttpResponseBadRequest()
    auditing.ask(incident, n=int(size), by=request.user, now=timezone.now())
    messages.success(request, gettext("Asked for. The files are read again, and then the sample is there to be checked."))
    return redirect("audit", incident_id=incident.pk)


@require_GET
@incident_page("see")
def drawing(request: HttpRequest, incident: Incident) -> HttpResponse:
    """How far the drawing has come: a part of the page, asked for again every few seconds."""
    last = audited.newest(incident)
    return render(request, "scope/drawing.html", {"last": last, "drawing": audited.drawing(last) if last else None, "is_polled": True})


@require_GET
@incident_page("review_people")
def next_item(request: HttpRequest, incident: Incident, audit_id: UUID) -> HttpResponse:
    """Goes on where this person stopped."""
    chosen = _audit_of(incident, audit_id)
    number = audited.next_number(chosen, request.user)
    if number is None:
        return redirect("audit_of", incident_id=incident.pk, audit_id=chosen.pk)
    return redirect("audit_item", incident_id=incident.pk, audit_id=chosen.pk, number=number)


@incident_page("review_people")
def item(request: HttpRequest, incident: Incident, audit_id: UUID, number: int) -> HttpResponse:
    """One item: what stands there, masked; and this person's answer, which says nothing of what others answered."""
    chosen = _audit_of(incident, audit_id)
    one = get_object_or_404(AuditItem, audit=chosen, number=number)
    if request.method == "POST":
        try:
            auditing.answer(incident, one, word=_word(request, one), by=request.user, now=timezone.now())
        except auditing.BadAnswer:
            return render(request, "scope/audit_item.html", _item(request, incident, chosen, one) | {"is_bad": True}, status=400)
        after = audited.next_number(chosen, request.user, after=number)
        if after is None:
            messages.success(request, gettext("You have answered every item of this sample."))
            return redirect("audit_of", incident_id=incident.pk, audit_id=chosen.pk)
        return redirect("audit_item", incident_id=incident.pk, audit_id=chosen.pk, number=after)
    return render(request, "scope/audit_item.html", _item(request, incident, chosen, one))


@incident_page("reveal_values")
def values(request: HttpRequest, incident: Incident, audit_id: UUID, number: int) -> HttpResponse:
    """The same item with its values, once, for a written reason that stands in the journal."""
    chosen = _audit_of(incident, audit_id)
    one = get_object_or_404(AuditItem, audit=chosen, number=number)
    given = _item(request, incident, chosen, one) | {"is_asked": True, "why_max": WHY_MAX, "why": request.session.get("audit_why", "")}
    told, status = given["told"], 200
    given["is_gone"] = not revealing.has_files(incident, told["path"])
    if request.method == "POST" and not given["is_gone"]:
        why = request.POST.get("why", "").strip()[:WHY_MAX]
        given["why"] = why
        if not why:
            given["is_without_reason"], status = True, 400
        elif came_too_often(request, f"audit values {request.user.pk}", REVEALED_AN_HOUR, seconds=3600):
            given["is_too_often"], status = True, 429
        else:
            request.session["audit_why"] = why  # offered again for the next one: the reason is the same for the whole sample
            given |= _values(request, incident, one, told, why)
    answer = render(request, "scope/audit_item.html", given, status=status)
    answer["Cache-Control"] = "no-store"
    return answer


def _audit_of(incident: Incident, audit_id: UUID) -> Audit:
    return get_object_or_404(audited.drawn_ones(incident), pk=audit_id)


def _word(request: HttpRequest, one: AuditItem) -> str:
    """The answer as a button gives it, or with a number beside it."""
    said = request.POST.get("word", "")
    if one.ask == "missed" and said in ("yes", "no"):
        return "0" if said == "no" else request.POST.get("n", "").strip() or "1"
    return said


def _item(request: HttpRequest, incident: Incident, chosen: Audit, one: AuditItem) -> dict[str, Any]:
    told = auditing.told(incident, one)
    mine = AuditAnswer.objects.filter(item=one, by=request.user).first()
    linked = people.find(incident, person_id=told["person"]) if told["person"] else None
    return {
        "audit": chosen,
        "item": one,
        "told": told,
        "record": told["record"] + 1,
        "pieces": revealing.pieces(told["shown"]),
        "same": [kind_of(name) for name in told["same"]],
        "registered": _fields(told["register"]),
        "mine": mine.word if mine else "",
        "n": chosen.items.count(),
        "n_mine": AuditAnswer.objects.filter(item__audit=chosen, by=request.user).count(),
        "linked": linked,
        "may_reveal": permissions.may(request.user, "reveal_values", incident),
    }


def _fields(row: str) -> list[tuple[str, str]]:
    """What the register says of a person, masked: name and content of each column."""
    return [(name, value) for name, _colon, value in (part.partition(": ") for part in row.split(" | ") if row)]


def _values(request: HttpRequest, incident: Incident, one: AuditItem, told: Any, why: str) -> dict[str, Any]:
    """The passage as it stands, with the register's words on the person; and the journal's line before anybody sees them."""
    try:
        shown = revealing.record(incident, told["path"], told["record"] + 1, part=told["part"])
    except revealing.TooSlow:
        return {"is_too_slow": True}
    except revealing.NotShown:
        return {"is_not_shown": True}
    journal.write(incident, act="record.revealed", at=timezone.now(), by=request.user, what={"audit": str(one.audit_id), "item": one.number}, why=why)
    linked = people.find(incident, person_id=told["person"]) if told["person"] else None
    secret = people.reveal(incident, linked) if linked else {}
    named = [("name", secret.get("name")), ("email", "; ".join(secret.get("emails") or ()))]
    named += [("phone", "; ".join(secret.get("phones") or ())), ("address", secret.get("address"))]
    return {"revealed": shown, "revealed_register": [(name, value) for name, value in named if value]}


def _told(chosen: Audit, staff: Any) -> dict[str, Any]:
    checked = audited.checked(chosen)
    given: dict[str, Any] = {"checked": checked, "n_mine": next((one.n for one in checked.checkers if one.staff == staff), 0)}
    seen = {one["name"]: one for one in checked.shows["strata"]} if checked.shows else {}
    n_all, n_drawn = chosen.drawn.get("n_all", {}), chosen.drawn.get("n_drawn", {})
    given["rows"] = [
        {"says": says, "n_all": n_all[name], "n_drawn": n_drawn.get(name, 0)}
        | {key: seen.get(name, {}).get(key, 0) for key in ("n_checked", "n_bad")}
        for name, says in STRATA.items()
        if n_all.get(name)
    ]
    if checked.shows:
        given["bars"] = [
            bar
            for bar in (
                _bar(checked.shows, "wrong", checked.shows["wrong_links_upper"], checked.shows["links"], ("by key", "by name")),
                _bar(checked.shows, "missed", checked.shows["missed_passages_upper"], checked.shows["passages"], ("linked", "found", "empty")),
            )
            if bar
        ]
    return given


def _bar(shows: Any, name: str, upper: float | None, n: int, strata: tuple[str, ...]) -> dict[str, Any] | None:
    """One interval to be drawn: from nobody to the upper bound, with what the sample itself shows; None where nothing was checked."""
    if upper is None or not n:
        return None
    mine = [one for one in shows["strata"] if one["name"] in strata and one["n_checked"]]
    seen = sum(one["n_all"] * one["n_bad"] / one["n_checked"] for one in mine)
    scale = next(limit for limit in (0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1.0) if upper / n <= limit or limit == 1.0)
    most, dot = WIDTH * min(1.0, upper / n / scale), WIDTH * min(1.0, seen / n / scale)
    is_rtl = get_language_bidi()
    return {
        "name": name,
        "upper": round(upper),
        "n": n,
        "share": upper / n,
        "persons": round(shows["missed_persons_upper"] or 0),
        "seen": seen / n,
        "scale": scale,
        "n_checked": sum(one["n_checked"] for one in mine),
        "n_bad": sum(one["n_bad"] for one in mine),
        "x": f"{WIDTH - most if is_rtl else 0:.2f}",
        "width": f"{max(most, 0.5):.2f}",
        "dot": f"{WIDTH - dot if is_rtl else dot:.2f}",
    }
