"""What may it cost? Ranges with a loss-exceedance curve, and every input to be changed with a reason."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language_bidi, gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from amanat import assess
from amanat.lib.errors import Fixable
from amanat.terms.company import Company, read_company
from amanat.terms.fact import fact_types
from amanat.web.accounts import permissions
from amanat.web.accounts.models import Staff
from amanat.web.accounts.pages import incident_page
from amanat.web.assess import money_words as words
from amanat.web.assess import queries
from amanat.web.assess.money_models import SERIOUSNESS, SHIPPED, MoneyChange
from amanat.web.respond import journal
from amanat.web.respond.models import Incident
from amanat.web.respond.queries import facts_that_count
from amanat.web.templatetags.sums import short
from amanat.web.templatetags.words import percent

DRAWS = 10_000
DRIVERS_MAX = 8
NUMBERS = ("value", "low", "mode", "high")
NEEDS = {"fixed": ("value",), "uniform": ("low", "high"), "triangular": ("low", "mode", "high"), "lognormal": ("low", "high"), "chance": ("value",)}


# ---- reading and changing ----


def newest_changes(incident: Incident) -> dict[str, MoneyChange]:
    """What counts now in the place of a shipped input, by its id."""
    rows = MoneyChange.objects.filter(incident=incident).select_related("by").order_by("at", "id")
    return {name: row for name, row in {row.input: row for row in rows}.items() if row.shape != SHIPPED}


@dataclass(frozen=True, slots=True, kw_only=True)
class Ours:
    """What the incident's folder says of the company's own costs, and what is wrong with it."""

    company: Company | None = None
    files: tuple[Path, ...] = ()
    wrong: str = ""

    def inputs(self, changes: dict[str, MoneyChange]) -> dict[str, Any]:
        """Every input: as shipped, then ours, then what somebody entered on the screens."""
        return assess.money_inputs(_as_changes(changes), company=self.company, files=self.files)


def ours_of(incident: Incident) -> Ours:
    """The company's prices (`company.toml`) and its own numbers (`costs.toml`), where the incident has a folder that holds them."""
    folder = Path(incident.folder) if incident.folder else None
    company_file, costs_file = (folder / "company.toml", folder / "costs.toml") if folder else (None, None)
    try:
        company = read_company(company_file) if company_file and company_file.is_file() else None
        found = Ours(company=company, files=(costs_file,) if costs_file and costs_file.is_file() else ())
        found.inputs({})
    except Fixable as error:
        return Ours(wrong=str(error))  # one bad line must not keep the board from the rest
    return found


@transaction.atomic
def change(incident: Incident, name: str, *, shape: str, numbers: dict[str, float | None], why: str, by: Staff) -> MoneyChange:
    """Other numbers for one input from now on, with the reason, in the journal as well."""
    assert why and (name == SERIOUSNESS or name in assess.money_inputs())
    now = timezone.now()
    row = MoneyChange.objects.create(incident=incident, input=name, shape=shape, why=why, by=by, at=now, **numbers)
    what = {"input": name, "shape": shape} | {key: n for key, n in numbers.items() if n is not None}
    journal.write(incident, act="money.changed", at=now, by=by, what=what, why=why)
    return row


class InputForm(forms.Form):
    """How sure we are of one input, in numbers, and why."""

    shape = forms.ChoiceField(label=_("How sure are we?"))
    value = forms.FloatField(label=_("Number"), required=False, min_value=0)
    low = forms.FloatField(label=_("Lowest"), required=False, min_value=0)
    mode = forms.FloatField(label=_("Most likely"), required=False, min_value=0)
    high = forms.FloatField(label=_("Highest"), required=False, min_value=0)
    why = forms.CharField(
        label=_("Reason or source"), max_length=1000, help_text=_("An offer, our books, a person who knows. It goes into the journal.")
    )

    def __init__(self, *args: Any, unit: str, **given: Any) -> None:
        super().__init__(*args, **given)
        self.unit = unit
        shapes = ("chance", "unknown") if unit == "chance" else [shape for shape in words.SHAPES if shape != "chance"]
        self.fields["shape"].choices = [*((shape, words.SHAPES[shape]) for shape in shapes), (SHIPPED, _("as amanat ships it"))]  # type: ignore[attr-defined]
        if unit == "chance":
            for name in ("low", "mode", "high"):
                del self.fields[name]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        shape = given.get("shape", "")
        needed = NEEDS.get(shape, ())
        for name in NUMBERS:
            if name not in needed:
                given[name] = None
            elif given.get(name) is None and name not in self.errors:
                self.add_error(name, gettext("This number is needed here."))
        if self.errors:
            return given
        numbers = [given[name] for name in ("low", "mode", "high") if given.get(name) is not None]
        if numbers != sorted(numbers):
            raise forms.ValidationError(gettext("The numbers must rise from the lowest to the highest."))
        if self.unit in ("share", "chance") and max([given.get("value") or 0, *numbers]) > 1:
            raise forms.ValidationError(gettext("A share or a chance lies between 0 and 1."))
        if shape == "lognormal" and not 0 < given["low"] < given["high"]:
            raise forms.ValidationError(gettext("Here the lowest must be above 0, and the highest above the lowest."))
        return given


class SeriousnessForm(forms.Form):
    """How serious a person says the infringement is; the authority may see it otherwise."""

    shape = forms.ChoiceField(
        label=_("How serious is the infringement (Art 83(2)(a), (b) and (g) GDPR)?"),
        choices=[*words.SERIOUSNESS.items(), (SHIPPED, _("not decided: from the severity, as a range"))],
    )
    why = forms.CharField(label=_("Reason or source"), max_length=1000)


# ---- pages ----


@require_GET
@incident_page("see_money")
def money(request: HttpRequest, incident: Incident) -> HttpResponse:
    """Ranges, the curve and its table, what drives the spread, fines, and every input with its source."""
    row = queries.newest(incident)
    given: dict[str, Any] = {"incident": incident, "row": row, "may_change": permissions.may(request.user, "change_money", incident)}
    if row:
        given |= _shown(incident, row)
    return render(request, "assess/money.html", given)


@incident_page("change_money")
def money_input(request: HttpRequest, incident: Incident, name: str) -> HttpResponse:
    """One input: where it comes from, and a form to put our own numbers in its place."""
    if name == SERIOUSNESS:
        return _seriousness(request, incident)
    changes = newest_changes(incident)
    one = ours_of(incident).inputs(changes).get(name)
    if one is None:
        raise Http404
    start = {"shape": one.shape, **{key: getattr(one, key) for key in NUMBERS}}
    form = InputForm(request.POST if request.method == "POST" else None, unit=one.unit, initial=start)
    if request.method == "POST" and form.is_valid():
        numbers = {key: form.cleaned_data.get(key) for key in NUMBERS}
        change(incident, name, shape=form.cleaned_data["shape"], numbers=numbers, why=form.cleaned_data["why"].strip(), by=request.user)
        messages.success(request, gettext("Noted."))
        return redirect("money", incident_id=incident.pk)
    history = MoneyChange.objects.filter(incident=incident, input=name).select_related("by").order_by("-at")[:20]
    shown = {"one": one, "says": words.INPUTS[name], "unit": words.UNITS[one.unit], "form": form, "history": history, "words": words}
    return render(request, "assess/money_input.html", {"incident": incident} | shown, status=422 if form.errors else 200)


def _seriousness(request: HttpRequest, incident: Incident) -> HttpResponse:
    current = newest_changes(incident).get(SERIOUSNESS)
    form = SeriousnessForm(request.POST if request.method == "POST" else None, initial={"shape": current.shape if current else SHIPPED})
    if request.method == "POST" and form.is_valid():
        nothing = dict.fromkeys(NUMBERS, None)
        change(incident, SERIOUSNESS, shape=form.cleaned_data["shape"], numbers=nothing, why=form.cleaned_data["why"].strip(), by=request.user)
        messages.success(request, gettext("Noted."))
        return redirect("money", incident_id=incident.pk)
    history = MoneyChange.objects.filter(incident=incident, input=SERIOUSNESS).select_related("by").order_by("-at")[:20]
    shown = {"one": None, "form": form, "history": history, "words": words}
    return render(request, "assess/money_input.html", {"incident": incident} | shown, status=422 if form.errors else 200)


def _as_changes(changes: dict[str, MoneyChange]) -> dict[str, dict[str, Any]]:
    found = {}
    for name, row in changes.items():
        if name != SERIOUSNESS:
            found[name] = {"shape": row.shape, "why": row.why, **{key: getattr(row, key) for key in NUMBERS}}
    return found


def _shown(incident: Incident, row: Any) -> dict[str, Any]:
    changes = newest_changes(incident)
    ours = ours_of(incident)
    inputs = ours.inputs(changes)
    decided = changes.get(SERIOUSNESS)
    found, case = assess.reckon_money(
        facts_that_count(incident),
        assess.assessment_from_json(row.content),
        counted=row.counted or None,
        inputs=inputs,
        seriousness=decided.shape if decided else None,  # type: ignore[arg-type]
        seed=incident.pk.int % 2**32,
        draws=DRAWS,
    )
    title = gettext("How likely it is that the loss is more")
    curve = assess.loss_curve(
        found, title=title, x_title=gettext("loss, in euros"), x_says=short, y_says=lambda y: percent(y), is_rtl=get_language_bidi()
    )
    types = fact_types()
    gravest = max(case.ranges, key=lambda one: (one.maximum, one.high), default=None)
    return {
        "found": found,
        "parts": [(words.PARTS[part.id], part) for part in found.parts],
        "curve": curve,
        "curve_title": title,
        "drivers": [(words.INPUTS[one.input], one) for one in found.drivers if one.share >= 0.01][:DRIVERS_MAX],
        "needed_inputs": [(name, words.INPUTS[name]) for name in found.needs if name in inputs],
        "needed_facts": [(name, gettext(types[name].says)) for name in found.needs if name not in inputs],
        "ranges": case.ranges,
        "gravest": gravest,
        "levels": [words.SERIOUSNESS[level] for level in dict.fromkeys((gravest.seriousness[0], gravest.seriousness[-1]))] if gravest else [],
        "decided": decided,
        "circumstances": [(words.CIRCUMSTANCES[one.id], one) for one in case.circumstances],
        "maxima": case.legal_maxima,
        "groups": _groups(inputs),
        "changes": changes,
        "n_changed": len(changes),
        "wrong": ours.wrong,
        "words": words,
    }


def _groups(inputs: dict[str, Any]) -> list[tuple[Any, list[dict[str, Any]]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for one in inputs.values():
        entry = {"one": one, "says": words.INPUTS[one.id], "unit": words.UNITS[one.unit], "basis": words.BASIS[one.basis]}
        entry["numbers"] = [n for n in (one.value, one.low, one.mode, one.high) if n is not None]
        found.setdefault(one.group, []).append(entry | {"confidence": words.CONFIDENCE[one.confidence], "shape": words.SHAPES[one.shape]})
    return [(words.GROUPS[group], entries) for group, entries in found.items()]
