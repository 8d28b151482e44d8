"""Pages about accounts: first set-up, second factor, own preferences, staff."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from amanat.web.accounts import actions, permissions
from amanat.web.accounts.forms import NewStaffForm, PreferencesForm, SetupForm
from amanat.web.accounts.models import SetupLink, Staff
from amanat.web.accounts.pages import open_page, staff_page
from amanat.web.languages import LANGUAGES


@open_page
def setup(request: HttpRequest, token: str) -> HttpResponse:
    """The one-time link: shows a form, and only its POST uses the link up (mail scanners open links)."""
    link = SetupLink.find(token, now=timezone.now())
    if link is None:
        return render(request, "accounts/setup_ended.html", status=404)
    form = SetupForm(link.staff, request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.finish_setup(link=link, password=form.cleaned_data["password1"], now=timezone.now())
        messages.success(request, _("Your password is set. Log in with it now; then you add a second factor."))
        return redirect("account_login")
    return render(request, "accounts/setup.html", {"form": form, "staff": link.staff})


def mfa_setup(request: HttpRequest) -> HttpResponse:
    """The only page that opens for someone without a second factor."""
    if permissions.has_second_factor(request.user):
        return redirect("overview")
    return render(request, "accounts/mfa_setup.html")


@open_page
@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    """Switches the language: in the account for staff, in a cookie before the log-in."""
    language, back = request.POST.get("language", ""), request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}, require_https=request.is_secure()):
        back = reverse("overview")
    response = HttpResponseRedirect(back)
    if language in dict(LANGUAGES):
        if request.user.is_authenticated:
            actions.choose_language(request.user, language)
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            language,
            max_age=365 * 86_400,
            secure=settings.LANGUAGE_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )
    return response


@staff_page("use")
def account(request: HttpRequest) -> HttpResponse:
    """One's own name, language, time zone, password and second factors."""
    form = PreferencesForm(request.POST or None, instance=request.user)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("Saved."))
        return redirect("account")
    return render(request, "accounts/account.html", {"form": form})


@staff_page("administer")
def staff(request: HttpRequest) -> HttpResponse:
    """Everyone who works in amanat, and a form for a new colleague."""
    form = NewStaffForm(request.POST or None)
    link = ""
    if request.method == "POST" and form.is_valid():
        try:
            _colleague, token = actions.create_staff(now=timezone.now(), **form.cleaned_data)
        except actions.AlreadyStaff:
            form.add_error("email", _("There is already an account with this address."))
        else:
            link = settings.STAFF_URL + reverse("setup", args=[token])
            form = NewStaffForm()
    return render(request, "accounts/staff.html", {"form": form, "link": link, "colleagues": Staff.objects.order_by("name")})


@staff_page("administer")
@require_POST
def new_link(request: HttpRequest, staff_id: str) -> HttpResponse:
    """A fresh set-up link for a colleague who lost the first one or the password."""
    colleague = Staff.objects.filter(pk=staff_id, is_active=True).first()
    if colleague is None:
        return redirect("staff")
    token = SetupLink.make(colleague, now=timezone.now())
    link = settings.STAFF_URL + reverse("setup", args=[token])
    return render(request, "accounts/staff.html", {"form": NewStaffForm(), "link": link, "colleagues": Staff.objects.order_by("name")})
