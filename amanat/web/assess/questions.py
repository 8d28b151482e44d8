"""What do we not know yet? The open questions in the order that settles most, each to be answered in place."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from amanat.terms.fact import fact_types
from amanat.web.accounts import permissions
from amanat.web.accounts.models import Staff
from amanat.web.accounts.pages import incident_page
from amanat.web.assess import actions, queries
from amanat.web.assess.models import Awaited
from amanat.web.assess.words import TO, members_of
from amanat.web.respond import actions as respond
from amanat.web.respond.forms import MOMENT, FactForm
from amanat.web.respond.models import Incident
from amanat.web.respond.queries import facts_that_count
from amanat.web.templatetags.words import number


class AwaitForm(forms.Form):
    """Nobody knows it yet: who finds out, and by when."""

    owner = forms.ModelChoiceField(label=_("Who finds out?"), queryset=Staff.objects.none(), empty_label=None)
    known_by = forms.DateTimeField(label=_("By when will we know?"), help_text=_("In your time zone."), **MOMENT)

    def __init__(self, *args: Any, members: Any, **given: Any) -> None:
        super().__init__(*args, **given)
        self.fields["owner"].queryset = members  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True, kw_only=True)
class Open:
    """One question: the duties that wait for it, their earliest deadline, and who finds out."""

    fact: str
    says: str
    duties: tuple[Mapping[str, Any], ...]
    first_at: datetime | None
    awaited: Awaited | None
    form: FactForm | None = None
    await_form: AwaitForm | None = None


def open_questions(content: Mapping[str, Any], duties: Iterable[Mapping[str, Any]], awaited: Mapping[str, Awaited]) -> list[Open]:
    """The questions of an assessment in its order, then moments without which something that is due has no date."""
    by_id = {duty["id"]: duty for duty in duties}
    settles: dict[str, list[str]] = {one["fact"]: list(one["settles"]) for one in content.get("questions", ())}
    for duty in by_id.values():
        for name in duty.get("ask", ()) if duty["state"] == "due" else ():
            if duty["id"] not in settles.setdefault(name, []):
                settles[name].append(duty["id"])
    found = []
    for name, ids in settles.items():
        waiting = tuple(by_id[one] for one in ids if one in by_id)
        moments = [at for duty in waiting if (at := queries.moment_of(duty["due_at"]))]
        says = fact_types()[name].says if name in fact_types() else name
        found.append(Open(fact=name, says=says, duties=waiting, first_at=min(moments, default=None), awaited=awaited.get(name)))
    return found


def awaited(incident: Incident) -> dict[str, Awaited]:
    """Who finds out what by when: of each fact the last word."""
    rows = Awaited.objects.filter(incident=incident).select_related("owner").order_by("fact", "-at").distinct("fact")
    return {row.fact: row for row in rows}


@require_safe
@incident_page("see")
def questions(request: HttpRequest, incident: Incident) -> HttpResponse:
    """What do we not know yet?"""
    return _page(request, incident)


@require_POST
@incident_page("change_facts")
def answer(request: HttpRequest, incident: Incident, name: str) -> HttpResponse:
    """Notes the answer as a fact, and judges the duties anew at once."""
    what = fact_types().get(name)
    if what is None:
        raise Http404
    form = FactForm(request.POST, fact=what, prefix=name)
    if not form.is_valid():
        return _page(request, incident, bound={name: form})
    before, now = _n_open(incident), timezone.now()
    respond.note_fact(
        incident, name=name, value=form.value, by=request.user, now=now, **{k: form.cleaned_data[k] for k in ("status", "since", "source")}
    )
    if actions.assess_again(incident, by=request.user, now=now):
        n = max(before - _n_open(incident), 0)
        messages.success(request, gettext("Noted, and judged anew: %(n)s duties were settled by it.") % {"n": number(n)})
    else:
        messages.success(request, gettext("Noted. Duties and notices follow when the files are read again."))
    return redirect("questions", incident_id=incident.pk)


@require_POST
@incident_page("change_facts")
def wait(request: HttpRequest, incident: Incident, name: str) -> HttpResponse:
    """Keeps that nobody knows it yet, who finds out, and by when."""
    if name not in fact_types():
        raise Http404
    form = AwaitForm(request.POST, members=members_of(incident), prefix=f"wait-{name}")
    if not form.is_valid():
        return _page(request, incident, bound_wait={name: form})
    actions.wait_for(incident, name, **form.cleaned_data, by=request.user, now=timezone.now())
    messages.success(request, gettext("Noted."))
    return redirect("questions", incident_id=incident.pk)


def _n_open(incident: Incident) -> int:
    row = queries.newest(incident)
    return sum(duty["state"] == "undetermined" for duty in row.content["duties"]) if row else 0


def _page(
    request: HttpRequest, incident: Incident, *, bound: Mapping[str, FactForm] | None = None, bound_wait: Mapping[str, AwaitForm] | None = None
) -> HttpResponse:
    row, facts = queries.newest(incident), facts_that_count(incident)
    found = open_questions(row.content, queries.duties_as_decided(incident, row), awaited(incident)) if row else []
    may_answer = permissions.may(request.user, "change_facts", incident)
    members = members_of(incident)
    forms_ = {
        one.fact: (
            (bound or {}).get(one.fact) or _fresh(one.fact, facts),
            (bound_wait or {}).get(one.fact) or AwaitForm(members=members, prefix=f"wait-{one.fact}", initial={"owner": request.user}),
        )
        for one in found
        if may_answer and one.fact in fact_types()
    }
    given = {
        "incident": incident,
        "row": row,
        "now": timezone.now(),
        "questions": found,
        "forms": forms_,
        "opened": {*(bound or {}), *(bound_wait or {})},
        "to": TO,
    }
    return render(request, "assess/questions.html", given)


def _fresh(name: str, facts: Mapping[str, Any]) -> FactForm:
    standing = facts.get(name)
    begin = {"status": standing.status if standing else "known"}
    return FactForm(fact=fact_types()[name], value=standing.value if standing else None, initial=begin, prefix=name)
