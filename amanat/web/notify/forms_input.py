"""One field of an authority's form as a person types it."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from amanat import notify
from amanat.terms.places import COUNTRIES
from amanat.web.respond.forms import MOMENT
from amanat.web.templatetags.names import place

MOST = 8000  # characters, where the real form has no limit that we know of


class EntryForm(forms.Form):
    """The answer, and why it is entered by hand."""

    why = forms.CharField(
        label=_("Why is it entered by hand?"),
        max_length=1000,
        required=False,
        help_text=_("From where you know it. No names of affected persons."),
    )

    def __init__(self, *args: Any, field: Any, label: str, value: Any, zone: str, **given: Any) -> None:
        super().__init__(*args, **given)
        self.field = field
        self.fields = {"value": _input(field, label, value), "why": self.fields["why"]}

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if self.errors:
            return given
        value = given.get("value")
        if self.field.type == "yes_no":
            value = {"yes": True, "no": False}.get(str(value))
        try:
            self.value = notify.checked_entry(self.field, value)
        except notify.BadEntry:
            self.add_error("value", gettext("This field does not take that answer."))
            return given
        if self.value is None:
            self.add_error("value", gettext("Write an answer, or go back without one."))
        return given


class HandInForm(forms.Form):
    """When it was handed in, and under which number the authority keeps it."""

    submitted_at = forms.DateTimeField(label=_("When was it handed in?"), help_text=_("In your time zone."), **MOMENT)
    reference = forms.CharField(
        label=_("Number given by the authority"), max_length=120, required=False, help_text=_("It can be added later. Follow-ups repeat it.")
    )

    def clean_submitted_at(self) -> datetime:
        at: datetime = self.cleaned_data["submitted_at"]
        if at > timezone.now():
            raise forms.ValidationError(gettext("This moment has not come yet."))
        return at


def _input(field: Any, label: str, value: Any) -> forms.Field:
    given: dict[str, Any] = {"label": label, "required": False, "initial": value}
    most = field.most or MOST
    match field.type:
        case "long":
            return forms.CharField(max_length=most, widget=forms.Textarea(attrs={"rows": 8, "dir": "auto"}), **given)
        case "integer":
            return forms.IntegerField(min_value=0, **given)
        case "percent" | "amount":
            return forms.FloatField(min_value=0, **given)
        case "moment":
            given["initial"] = timezone.localtime(datetime.fromisoformat(value)) if isinstance(value, str) else None
            return forms.DateTimeField(help_text=_("In your time zone."), **MOMENT, **given)
        case "day":
            return forms.DateField(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **given)
        case "yes_no":
            given["initial"] = {True: "yes", False: "no"}.get(value) if isinstance(value, bool) else None
            return forms.ChoiceField(choices=[("yes", _("yes")), ("no", _("no"))], widget=forms.RadioSelect, **given)
        case "choice":
            return forms.ChoiceField(choices=[(one.id, one.label) for one in field.choices], widget=forms.RadioSelect, **given)
        case "choices":
            several = [(one.id, one.label) for one in field.choices]
            return forms.MultipleChoiceField(choices=several, widget=forms.CheckboxSelectMultiple, **given)
        case "places":
            countries = sorted(((code, place(code)) for code in COUNTRIES), key=lambda pair: pair[1])
            return forms.MultipleChoiceField(choices=countries, widget=forms.SelectMultiple(attrs={"size": 10}), **given)
    return forms.CharField(max_length=most, **given)
