"""What did we promise, and did we keep it? The register of public promises of one incident."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from amanat.lib.errors import Fixable
from amanat.web.accounts import permissions
from amanat.web.accounts.models import Staff
from amanat.web.accounts.pages import incident_page
from amanat.web.languages import LANGUAGES
from amanat.web.respond import promising
from amanat.web.respond.forms import MOMENT
from amanat.web.respond.models import Incident
from amanat.web.respond.promise_models import MADE_IN, PromiseRow

# How a promise stands, in words and colour.
STANDINGS = {
    "open": (gettext_lazy("still to be kept"), "info"),
    "due_soon": (gettext_lazy("due soon"), "wait"),
    "overdue": (gettext_lazy("overdue"), "danger"),
    "kept": (gettext_lazy("kept"), "done"),
    "kept_late": (gettext_lazy("kept, but late"), "wait"),
    "broken": (gettext_lazy("broken"), "danger"),
    "moved": (gettext_lazy("moved to another date"), ""),
}


class PromiseForm(forms.Form):
    """A promise that somebody made in public."""

    made_in = forms.ChoiceField(label=gettext_lazy("Where was it made?"), choices=list(MADE_IN.items()), initial="statement")
    due_at = forms.DateTimeField(label=gettext_lazy("By when?"), required=False, help_text=gettext_lazy("In your time zone."), **MOMENT)
    owner = forms.ModelChoiceField(label=gettext_lazy("Who keeps it?"), queryset=Staff.objects.none(), empty_label=None)

    def __init__(self, *args: Any, incident: Incident, **given: Any) -> None:
        super().__init__(*args, **given)
        self.fields["owner"].queryset = _members(incident)  # type: ignore[attr-defined]
        for language, name in LANGUAGES:
            area = forms.Textarea(attrs={"rows": 2, "lang": language, "dir": "auto"})
            label = _("What was promised (%(language)s)") % {"language": name}
            self.fields[f"words_{language}"] = forms.CharField(label=label, required=False, max_length=500, widget=area)

    def words(self) -> dict[str, str]:
        """What was typed, by language."""
        return {language: self.cleaned_data[f"words_{language}"] for language, _name in LANGUAGES}

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if not any(given.get(f"words_{language}") for language, _name in LANGUAGES):
            self.add_error(f"words_{LANGUAGES[0][0]}", _("Write it in at least one language, as the public heard it."))
        return given


class KeptForm(forms.Form):
    """It was kept."""

    at = forms.DateTimeField(
        label=gettext_lazy("When was it kept?"), required=False, help_text=gettext_lazy("In your time zone; empty: now."), **MOMENT
    )
    evidence = forms.CharField(
        label=gettext_lazy("Where can anybody see it?"), max_length=500, help_text=gettext_lazy("Everybody reads this: no names of persons.")
    )


class BrokenForm(forms.Form):
    """It was not kept."""

    why = forms.CharField(
        label=gettext_lazy("Why was it not kept?"), max_length=1000, help_text=gettext_lazy("Everybody reads this: no names of persons.")
    )


class MovedForm(forms.Form):
    """It gets another date."""

    due_at = forms.DateTimeField(label=gettext_lazy("New date"), help_text=gettext_lazy("In your time zone."), **MOMENT)
    why = forms.CharField(
        label=gettext_lazy("Why is it moved?"), max_length=1000, help_text=gettext_lazy("Everybody reads this: no names of persons.")
    )


class OwnerForm(forms.Form):
    """Somebody else keeps it."""

    owner = forms.ModelChoiceField(label=gettext_lazy("Who keeps it?"), queryset=Staff.objects.none(), empty_label=None)

    def __init__(self, *args: Any, incident: Incident, **given: Any) -> None:
        super().__init__(*args, **given)
        self.fields["owner"].queryset = _members(incident)  # type: ignore[attr-defined]


@incident_page("see")
def promises(request: HttpRequest, incident: Incident) -> HttpResponse:
    """What did we promise, and did we keep it?"""
    may_change = permissions.may(request.user, "change_promises", incident)
    form = PromiseForm(request.POST or None, incident=incident, initial={"owner": request.user}) if may_change else None
    if request.method == "POST":
        if form is None:
            return HttpResponse(status=403)
        if form.is_valid():
            now = timezone.now()
            given = {name: form.cleaned_data[name] for name in ("made_in", "due_at", "owner")}
            promising.make(incident, kind="other", words=form.words(), made_at=now, **given, by=request.user, now=now)
            messages.success(request, _("Written down. As soon as the incident is public, the page “What we promised” shows it with its date."))
            return redirect("promises", incident_id=incident.pk)
    now = timezone.now()
    rows = list(promising.promises_of(incident).select_related("owner", "settled_by", "moved_to"))
    shown = [_shown(row, now, request.LANGUAGE_CODE) for row in rows]
    order = {name: i for i, name in enumerate(("overdue", "due_soon", "open"))}
    waiting = sorted((one for one in shown if one["standing"] in order), key=lambda one: order[one["standing"]])
    counts = [(says, sum(one["standing"] == name for one in shown), colour) for name, (says, colour) in STANDINGS.items()]
    given_ = {
        "form": form,
        "waiting": waiting,
        "settled": [one for one in reversed(shown) if one["standing"] not in order],
        "counts": [entry for entry in counts if entry[1] or entry[2] == "info"],
        "kept_form": KeptForm(prefix="kept"),
        "may_change": may_change,
    }
    return render(request, "respond/promises.html", given_, status=400 if form is not None and form.errors else 200)


@incident_page("change_promises")
def promise(request: HttpRequest, incident: Incident, promise_id: UUID) -> HttpResponse:
    """One promise: kept, broken, moved, or handed to somebody else."""
    row = PromiseRow.objects.filter(pk=promise_id, incident=incident).select_related("owner", "settled_by", "moved_to").first()
    if row is None:
        raise Http404
    asked = request.POST.get("verdict") if request.method == "POST" else None
    bound: dict[str, Any] = {name: request.POST if asked == name else None for name in ("kept", "broken", "moved", "owner")}
    all_forms: dict[str, forms.Form] = {
        "kept": KeptForm(bound["kept"], prefix="kept"),
        "broken": BrokenForm(bound["broken"], prefix="broken"),
        "moved": MovedForm(bound["moved"], prefix="moved"),
        "owner": OwnerForm(bound["owner"], prefix="owner", incident=incident, initial={"owner": row.owner_id}),
    }
    if asked in all_forms and all_forms[asked].is_valid():
        given, now = all_forms[asked].cleaned_data, timezone.now()
        acts: dict[str, Callable[[], Any]] = {
            "kept": lambda: promising.keep(incident, row.pk, at=given["at"] or now, evidence=given["evidence"], by=request.user, now=now),  # type: ignore[arg-type]
            "broken": lambda: promising.break_(incident, row.pk, why=given["why"], by=request.user, now=now),  # type: ignore[arg-type]
            "moved": lambda: promising.move(incident, row.pk, due_at=given["due_at"], why=given["why"], by=request.user, now=now),  # type: ignore[arg-type]
            "owner": lambda: promising.hand_over(incident, row.pk, owner=given["owner"], by=request.user, now=now),  # type: ignore[arg-type]
        }
        try:
            acts[asked]()
        except Fixable:
            all_forms[asked].add_error(None, _refusal(asked))
        else:
            messages.success(request, _("Noted. The page “What we promised” shows it, as soon as the incident is public."))
            return redirect("promises", incident_id=incident.pk)
    given_ = {"one": _shown(row, timezone.now(), request.LANGUAGE_CODE), "forms": all_forms, "is_open": row.state == "open", "asked": asked}
    return render(request, "respond/promise.html", given_, status=400 if asked else 200)


def _refusal(verdict: str) -> str:
    """Why the stage refuses, in the language of the page."""
    return {
        "kept": _("It is settled already, or the moment lies before the promise."),
        "broken": _("It is settled already."),
        "moved": _("It is settled already, or the new date is the old one or has passed."),
        "owner": _("This person does not work on the incident."),
    }[verdict]


def _members(incident: Incident) -> Any:
    return Staff.objects.filter(pk__in=incident.memberships.values("staff")).order_by("name")


def _shown(row: PromiseRow, now: Any, language: str) -> dict[str, Any]:
    standing = row.to_value().standing(now)
    said = row.words.get(language) or row.words.get("en") or next(iter(row.words.values()), "")
    says, colour = STANDINGS[standing]
    is_link = row.evidence.startswith("https://")
    return {"row": row, "standing": standing, "says": says, "colour": colour, "words": said, "is_link": is_link}
