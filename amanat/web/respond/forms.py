"""Forms about incidents."""

from django import forms
from django.utils.translation import gettext_lazy as _

from amanat.web.respond.models import KINDS


class DeclareForm(forms.Form):
    """All it takes to open an incident in a minute; everything else is a fact that can come later."""

    title = forms.CharField(
        label=_("What shall we call it?"), max_length=160, help_text=_("A few words that your colleagues recognise. No names of affected persons.")
    )
    kind = forms.ChoiceField(
        label=_("What does it look like?"), choices=list(KINDS.items()), help_text=_("You can change this later. When unsure, take “Data breach”.")
    )
