"""Forms about one's own account and about staff."""

from zoneinfo import available_timezones

from django import forms
from django.contrib.auth.forms import SetPasswordMixin
from django.utils.translation import gettext_lazy as _

from amanat.web.accounts.models import Staff


class SetupForm(SetPasswordMixin, forms.Form):
    """The first password, typed twice."""

    password1, password2 = SetPasswordMixin.create_password_fields(label1=_("Password"), label2=_("Password again"))

    def __init__(self, staff: Staff, *args: object, **given: object) -> None:
        self.staff = staff
        super().__init__(*args, **given)

    def clean(self) -> dict[str, object]:
        self.validate_passwords("password1", "password2")
        self.validate_password_for_user(self.staff, "password2")
        return super().clean() or {}


class PreferencesForm(forms.ModelForm):
    """Name, language and time zone."""

    class Meta:
        model = Staff
        fields = ("name", "language", "time_zone")

    def __init__(self, *args: object, **given: object) -> None:
        super().__init__(*args, **given)
        zones = sorted(z for z in available_timezones() if "/" in z and not z.startswith(("Etc/", "posix/", "right/")))
        self.fields["time_zone"] = forms.ChoiceField(label=_("Time zone"), choices=[("UTC", "UTC"), *((z, z.replace("_", " ")) for z in zones)])


class NewStaffForm(forms.Form):
    """A new member of staff, by an administrator."""

    email = forms.EmailField(label=_("E-mail address"))
    name = forms.CharField(label=_("Name"), max_length=120)
    is_administrator = forms.BooleanField(label=_("May create staff"), required=False)
