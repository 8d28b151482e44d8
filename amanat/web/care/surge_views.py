"""Who will get in touch? The forecast against what came, the staff it takes, and the pace that follows from it."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import get_language_bidi, gettext_lazy
from django.utils.translation import gettext as _

from amanat import notify
from amanat.lib.errors import Fixable
from amanat.web.accounts import permissions
from amanat.web.accounts.pages import incident_page
from amanat.web.care import surge
from amanat.web.notify import pace
from amanat.web.notify.pace_models import CHOICES
from amanat.web.respond.models import Incident
from amanat.web.templatetags.words import number, short_day

STAFF_MAX = 10_000


class DeskForm(forms.Form):
    """The desk that is reckoned with."""

    staff = forms.IntegerField(label=gettext_lazy("How many of us answer?"), required=False, min_value=0, max_value=STAFF_MAX)
    hours = forms.CharField(
        label=gettext_lazy("Opening hours"),
        max_length=5,
        widget=forms.TextInput(attrs={"dir": "ltr"}),
        help_text=gettext_lazy("Full hours, such as 8-20."),
    )
    days = forms.CharField(
        label=gettext_lazy("Days"), max_length=30, widget=forms.TextInput(attrs={"dir": "ltr"}), help_text=gettext_lazy("Such as mon-fri or sat-wed.")
    )
    zone = forms.CharField(
        label=gettext_lazy("Time zone of the desk"),
        max_length=60,
        widget=forms.TextInput(attrs={"dir": "ltr"}),
        help_text=gettext_lazy("Such as Europe/Paris."),
    )
    service_level = forms.CharField(
        label=gettext_lazy("Service level"),
        max_length=9,
        widget=forms.TextInput(attrs={"dir": "ltr"}),
        help_text=gettext_lazy("80/60: 80 of 100 callers answered within 60 seconds."),
    )

    def _read(self, name: str, read: Any) -> str:
        text = str(self.cleaned_data[name]).strip()
        try:
            read(text)
        except Fixable:
            raise forms.ValidationError(_("Write it as in the example.")) from None
        return text

    def clean_hours(self) -> str:
        return self._read("hours", notify.read_hours)

    def clean_days(self) -> str:
        return self._read("days", notify.read_days)

    def clean_zone(self) -> str:
        return self._read("zone", notify.zone_named)

    def clean_service_level(self) -> str:
        return self._read("service_level", notify.Service.read)

    def asked(self) -> surge.Asked:
        return surge.Asked(**self.cleaned_data)


class PaceForm(DeskForm):
    """The choice with its reason, and the desk that it reckons with."""

    choice = forms.ChoiceField(label=gettext_lazy("How fast do the notices go out?"), choices=list(CHOICES.items()))
    why = forms.CharField(label=gettext_lazy("Why?"), max_length=500, help_text=gettext_lazy("It stands in the journal with your name."))

    def asked(self) -> surge.Asked:
        return surge.Asked(**{name: value for name, value in self.cleaned_data.items() if name not in ("choice", "why")})


@incident_page("see")
def surge_page(request: HttpRequest, incident: Incident) -> HttpResponse:
    """The forecast; with a desk in the address, what that desk could do. POST chooses the pace."""
    may_choose = permissions.may(request.user, "choose_pace", incident)
    before = surge.asked_before(incident)
    desk = DeskForm(request.GET) if "hours" in request.GET else None
    asked = desk.asked() if desk is not None and desk.is_valid() else before
    now = timezone.now()
    form = PaceForm(request.POST) if request.method == "POST" else None
    if form is not None:
        if not may_choose:
            return HttpResponse(status=403)
        if form.is_valid() and _choose(request, incident, form):
            return redirect("surge", incident_id=incident.pk)
    try:
        found = surge.surge_of(incident, asked, now=now)
    except (Fixable, OSError):
        found = None
    begin = {name: getattr(asked, name) for name in ("staff", "hours", "days", "zone", "service_level")}
    given: dict[str, Any] = {
        "surge": found,
        "desk": desk if desk is not None and desk.errors else DeskForm(initial=begin),
        "form": form or (PaceForm(initial=begin | {"choice": "follow_desk"}) if may_choose else None),
        "asked": begin,
        "chosen": pace.newest(incident),
        "now": now,
        "chart": _chart(found) if found else "",
    }
    is_part = bool(getattr(request, "htmx", False))
    return render(request, "care/surge_part.html" if is_part else "care/surge.html", given, status=400 if form is not None else 200)


def _choose(request: HttpRequest, incident: Incident, form: PaceForm) -> bool:
    asked, choice, now = form.asked(), form.cleaned_data["choice"], timezone.now()
    if choice == "follow_desk" and not asked.staff:
        form.add_error("staff", _("Say how many of us answer; without that no pace follows."))
        return False
    found = surge.surge_of(incident, asked, now=now)
    desk = {"staff_n": asked.staff, "hours": asked.hours, "days": asked.days, "zone": asked.zone, "service_level": asked.service_level}
    per_hour = {one.channel: one.per_hour for one in found.paces}
    pace.choose(incident, choice=choice, per_hour=per_hour, desk=desk, why=form.cleaned_data["why"], by=request.user, now=now)  # type: ignore[arg-type]
    messages.success(request, _("Chosen. Whoever is at high risk is told at once, and no deadline is passed."))
    return True


def _chart(found: surge.Surge) -> str:
    drawn = notify.surge_svg(
        found.seen,
        n_days=surge.SHOWN_DAYS,
        came=found.came,
        is_rtl=get_language_bidi(),
        number=lambda n: number(round(n) if n >= 9.95 else round(n, 1)),
        day=short_day,
        title=_("Contacts an hour"),
        capacity_says=_("what the desk can take"),
    )
    return mark_safe(drawn)  # noqa: S308  drawn from numbers; every word in it is escaped where it is set
