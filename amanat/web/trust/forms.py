"""Which events, and since when."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from amanat.terms.event import EVENTS, REQUIRED

UPLOAD_MAX_BYTES = 1 << 30  # one gigabyte, as the form promises
# Isolated, so that they do not turn round inside Persian text.
COLUMNS = f"\u2066{', '.join(REQUIRED)}\u2069"
MORE_COLUMNS = f"\u2066{', '.join(name for name in EVENTS.names if name not in REQUIRED)}\u2069"


class MeasureForm(forms.Form):
    """The events of the incident's folder, or a table from elsewhere."""

    events = forms.FileField(
        label=_("Table of events"),
        required=False,
    )
    since = forms.DateTimeField(
        label=_("When could persons first react?"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        help_text=_("In your time zone. Empty: the first notice among the events."),
    )

    def __init__(self, *args: Any, has_folder: bool, **given: Any) -> None:
        super().__init__(*args, **given)
        events = self.fields["events"]
        events.required = not has_folder
        hint = gettext("Columns: %(needed)s; where known, also %(more)s. The table is deleted as soon as it has been measured.")
        events.help_text = hint % {"needed": COLUMNS, "more": MORE_COLUMNS}

    def clean_events(self) -> Any:
        given = self.cleaned_data.get("events")
        if given and given.size > UPLOAD_MAX_BYTES:
            raise forms.ValidationError(gettext("This table is larger than one gigabyte; nothing of it was kept. Measure it from the command line."))
        return given
