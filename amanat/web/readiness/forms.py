"""Forms about readiness: one control, and whole files."""

import tomllib
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

STATES = {"in place": _("in place"), "partly": _("partly"), "missing": _("missing"), "unknown": _("unknown")}
LARGEST_BYTES = 200_000
TOO_DEEP = "the brackets of this file are nested more deeply than any such file needs"
# A key of many parts costs the reader of TOML their square in memory: a hundred kilobytes of dots would be gigabytes.
DOTS_IN_A_LINE = 200


class EntryForm(forms.Form):
    """What staff say about one control."""

    state = forms.ChoiceField(label=_("How does it stand?"), choices=list(STATES.items()))
    owner = forms.CharField(label=_("Who owns it?"), max_length=120, required=False, help_text=_("An office rather than a person."))
    evidence = forms.CharField(
        label=_("What shows it?"),
        max_length=400,
        required=False,
        help_text=_("A report, a setting, a contract. Without it, “in place” is unknown."),
    )
    on = forms.DateField(label=_("When did somebody last look?"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))


class FilesForm(forms.Form):
    """`controls.toml` and `company.toml`, as the command line reads them."""

    controls = forms.FileField(label="controls.toml", required=False, help_text=_("What staff say about the controls, and the response plan."))
    company = forms.FileField(label="company.toml", required=False, help_text=_("Our domains and pages, and who may approve."))

    def text_of(self, name: str) -> str | None:
        """The text of a file; None when it was not given. A file that is no text gets a sentence."""
        file = self.cleaned_data.get(name)
        if not file:
            return None
        try:
            text: str = file.read(LARGEST_BYTES + 1).decode("utf-8-sig")
        except UnicodeDecodeError:
            self.add_error(name, gettext("This is not text in %(encoding)s.") % {"encoding": "UTF-8"})
            return None
        if len(text.encode()) > LARGEST_BYTES:
            self.add_error(name, _("This file is too large."))
            return None
        if max(line.count(".") for line in text.split("\n")) > DOTS_IN_A_LINE:
            self.add_error(name, "a line of this file holds more dots than any such file needs")
            return None
        return text

    def table_of(self, name: str) -> dict[str, Any] | None:
        """The content of a file; None when it was not given or cannot be read."""
        text = self.text_of(name)
        if text is None:
            return None
        try:
            return tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            self.add_error(name, str(error))
            return None
        except RecursionError:
            self.add_error(name, TOO_DEEP)
            return None
