"""Forms about incidents: declare one, note a fact, give a task, keep a decision."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from amanat.terms.fact import YEARS, FactType
from amanat.terms.kinds import KINDS as DATA_KINDS
from amanat.terms.places import COUNTRIES, is_place
from amanat.web.accounts.models import Staff
from amanat.web.languages import LANGUAGES
from amanat.web.respond.models import STATUSES, Incident
from amanat.web.templatetags.names import INCIDENT_KINDS, kind, place
from amanat.web.templatetags.sentences import CHOICES

MOMENT = {"widget": forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")}


class DeclareForm(forms.Form):
    """All it takes to open an incident in a minute; everything else is a fact that can come later."""

    title = forms.CharField(
        label=_("What shall we call it?"), max_length=160, help_text=_("A few words that your colleagues recognise. No names of affected persons.")
    )
    kind = forms.ChoiceField(
        label=_("What does it look like?"),
        choices=list(INCIDENT_KINDS.items()),
        help_text=_("You can change this later. When unsure, take “Data breach”."),
    )


class FactForm(forms.Form):
    """One fact: how sure we are, its value, since when, from where."""

    status = forms.ChoiceField(label=_("How sure are we?"), choices=list(STATUSES.items()))
    since = forms.DateTimeField(label=_("Known since"), required=False, help_text=_("In your time zone; empty: since now."), **MOMENT)
    source = forms.CharField(
        label=_("From where do we know it?"),
        max_length=300,
        required=False,
        help_text=_("A report, a log, a colleague. No names of affected persons."),
    )

    def __init__(self, *args: Any, fact: FactType, value: Any = None, **given: Any) -> None:
        super().__init__(*args, **given)
        self.fact = fact
        self.names = _fields_of(fact, value)
        self.fields = {"status": self.fields["status"], **self.names, "since": self.fields["since"], "source": self.fields["source"]}

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        self.value = self._value(given) if given.get("status") != "unknown" else None
        if given.get("status") != "unknown" and self.value in (None, "", {}, []) and not self.errors:
            self.add_error(next(iter(self.names)), gettext("Say what it is, or choose “unknown”."))
        return given

    def _value(self, given: Mapping[str, Any]) -> Any:
        if self.fact.type == "statement":
            return {language: text for language, _name in LANGUAGES if (text := given.get(f"value_{language}", "").strip())}
        value = given.get("value")
        match self.fact.type:
            case "bool":
                return {"yes": True, "no": False}.get(value or "")
            case "decimal":
                return float(value) if value is not None else None
            case "moment" | "day":
                if value and value.year not in YEARS:
                    self.add_error("value", gettext("This year cannot be meant."))
                    return None
                return value.isoformat() if value else None
            case "list" if not self.fact.of and not self.fact.choices:
                return [line.strip() for line in (value or "").splitlines() if line.strip()]
            case "counts":
                return self._counts(value or "")
        return value

    def _counts(self, text: str) -> dict[str, int]:
        found = {}
        for line in filter(str.strip, text.splitlines()):
            code, _space, n = line.strip().replace("=", " ").replace(":", " ").partition(" ")
            if not is_place(code.upper()) or not n.strip().isdecimal():
                self.add_error("value", gettext("Write one place and its number on each line, such as FR 12000 or US-CA 300."))
                return {}
            found[code.upper()] = int(n)
        return found


def _fields_of(fact: FactType, value: Any) -> dict[str, forms.Field]:
    """The fields for a value of this type, filled with the present one."""
    if fact.type == "statement":
        said = value if isinstance(value, dict) else {}
        area = {language: forms.Textarea(attrs={"rows": 3, "lang": language, "dir": "auto"}) for language, _name in LANGUAGES}
        return {
            f"value_{language}": forms.CharField(label=name, required=False, max_length=3000, initial=said.get(language, ""), widget=area[language])
            for language, name in LANGUAGES
        }
    given: dict[str, Any] = {"label": _("Answer"), "required": False, "initial": value}
    empty = ("", _("choose"))
    match fact.type:
        case "bool":
            given["initial"] = {True: "yes", False: "no"}.get(value) if isinstance(value, bool) else None
            field: forms.Field = forms.ChoiceField(choices=[empty, ("yes", _("yes")), ("no", _("no"))], **given)
        case "choice":
            field = forms.ChoiceField(choices=[empty, *((code, CHOICES.get(fact.name, {}).get(code, code)) for code in fact.choices)], **given)
        case "int":
            field = forms.IntegerField(min_value=0, **given)
        case "decimal":
            field = forms.FloatField(min_value=0, **given)
        case "moment":
            given["initial"] = timezone.localtime(value) if isinstance(value, datetime) else None
            field = forms.DateTimeField(help_text=_("In your time zone."), **MOMENT, **given)
        case "day":
            field = forms.DateField(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **given)
        case "text" if fact.of == "place":
            field = forms.ChoiceField(choices=[empty, *sorted(((code, place(code)) for code in COUNTRIES), key=lambda pair: pair[1])], **given)
        case "list" if fact.of:
            codes = COUNTRIES if fact.of == "place" else DATA_KINDS
            says = place if fact.of == "place" else kind
            several = forms.SelectMultiple(attrs={"size": 8})
            field = forms.MultipleChoiceField(choices=sorted(((c, says(c)) for c in codes), key=lambda pair: pair[1]), widget=several, **given)
        case "list" if fact.choices:
            says = CHOICES[fact.name]
            options = sorted(((code, says[code]) for code in fact.choices), key=lambda pair: str(pair[1]))
            field = forms.MultipleChoiceField(choices=options, widget=forms.SelectMultiple(attrs={"size": 8}), **given)
        case "list":
            given["initial"] = "\n".join(value or ())
            field = forms.CharField(widget=forms.Textarea(attrs={"rows": 4}), help_text=_("One on each line."), **given)
        case "counts":
            given["initial"] = "\n".join(f"{code} {n}" for code, n in (value or {}).items())
            hint = _("Write one place and its number on each line, such as FR 12000 or US-CA 300.")
            field = forms.CharField(widget=forms.Textarea(attrs={"rows": 4, "dir": "ltr"}), help_text=hint, **given)
        case _:
            field = forms.CharField(max_length=1000, **given)
    return {"value": field}


class TaskForm(forms.Form):
    """Who does what by when."""

    what = forms.CharField(label=_("What is to be done?"), max_length=200)
    owner = forms.ModelChoiceField(label=_("Who does it?"), queryset=Staff.objects.none(), empty_label=None)
    due_at = forms.DateTimeField(label=_("By when?"), required=False, help_text=_("In your time zone."), **MOMENT)

    def __init__(self, *args: Any, incident: Incident, **given: Any) -> None:
        super().__init__(*args, **given)
        members = Staff.objects.filter(pk__in=incident.memberships.values("staff")).order_by("name")
        self.fields["owner"].queryset = members  # type: ignore[attr-defined]


class DecisionForm(forms.Form):
    """What was decided, and why."""

    what = forms.CharField(label=_("What was decided?"), max_length=300)
    why = forms.CharField(label=_("Why?"), max_length=3000, widget=forms.Textarea(attrs={"rows": 3}))
