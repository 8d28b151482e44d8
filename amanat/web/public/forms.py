"""Forms about what the public reads."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from amanat.web.languages import LANGUAGES
from amanat.web.public.actions import TEXT_MAX

PARTS = {
    "known": _("What we know"),
    "unknown": _("What we do not know yet"),
    "doing": _("What we are doing"),
    "changed": _("What changed since the last update"),
}


class UpdateForm(forms.Form):
    """One update in every language; the first part is needed in each, so that nobody finds an empty page."""

    next_at = forms.DateTimeField(
        label=_("We write again by"),
        required=False,
        help_text=_("In your time zone. A promise that everyone reads: choose an hour that you can keep."),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )

    def __init__(self, *args: Any, words: Mapping[str, Mapping[str, str]], **given: Any) -> None:
        super().__init__(*args, **given)
        for language, _name in LANGUAGES:
            for part, says in PARTS.items():
                self.fields[f"{language}_{part}"] = forms.CharField(
                    label=says,
                    required=part == "known",
                    max_length=TEXT_MAX,
                    initial=words.get(language, {}).get(part, ""),
                    widget=forms.Textarea(attrs={"rows": 4 if part != "changed" else 2, "lang": language, "dir": "auto"}),
                )

    def by_language(self) -> list[tuple[str, str, list[forms.BoundField]]]:
        """Language code, its own name, and the fields in it."""
        return [(language, name, [self[f"{language}_{part}"] for part in PARTS]) for language, name in LANGUAGES]

    def words(self) -> dict[str, dict[str, str]]:
        """What was typed, by language and part."""
        given = self.cleaned_data
        return {language: {part: given[f"{language}_{part}"].strip() for part in PARTS} for language, _name in LANGUAGES}
