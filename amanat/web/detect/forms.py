"""The form that takes messages and logs."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from amanat.web.detect.models import WHAT

FILES_MAX = 20


class _Files(forms.ClearableFileInput):
    allow_multiple_selected = True


class _FilesField(forms.FileField):
    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        return [super(_FilesField, self).clean(one, initial) for one in (data if isinstance(data, (list, tuple)) and data else [data])]


class HandInForm(forms.Form):
    """Files of one sort."""

    what = forms.ChoiceField(label=_("What is it?"), choices=list(WHAT.items()), widget=forms.RadioSelect, initial="mail")
    files = _FilesField(
        label=_("Files"),
        widget=_Files,
        help_text=_("Messages as files (EML) or a mailbox; logs as JSON lines, EVTX, a web server’s or syslog. Up to 4 MB each, 12 MB in all."),
    )

    def clean_files(self) -> list[UploadedFile]:
        files: list[UploadedFile] = self.cleaned_data["files"]
        if len(files) > FILES_MAX:
            raise forms.ValidationError(_("Hand in at most twenty files at once."))
        return files
