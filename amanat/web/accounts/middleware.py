"""The staff door's lock: log-in, second factor, session's end; and each person's language and time zone."""

from collections.abc import Callable
from datetime import datetime, timezone
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.middleware.locale import LocaleMiddleware
from django.shortcuts import redirect
from django.utils import timezone as zones
from django.utils import translation

from amanat.web.accounts.permissions import has_second_factor

Answer = Callable[[HttpRequest], HttpResponseBase]

# Pages of the log-in itself. They check by themselves what they need.
ENTRANCE = {"account_login", "account_signup", "account_inactive", "mfa_authenticate", "mfa_login_webauthn", "mfa_trust"}
# What someone may open who has logged in and has no second factor yet.
SETTING_UP = {
    "mfa_setup",
    "mfa_activate_totp",
    "mfa_add_webauthn",
    "account_logout",
    "account_reauthenticate",
    "mfa_reauthenticate",
    "mfa_reauthenticate_webauthn",
}
# One's own account; allauth's views, which carry no permission of ours.
OWN_ACCOUNT = {
    "account_change_password",
    "mfa_index",
    "mfa_deactivate_totp",
    "mfa_view_recovery_codes",
    "mfa_generate_recovery_codes",
    "mfa_download_recovery_codes",
    "mfa_list_webauthn",
    "mfa_edit_webauthn",
    "mfa_remove_webauthn",
}

LanguageMiddleware = LocaleMiddleware


class PreferencesMiddleware:
    """Shows pages in the language and the time zone of the staff member's account."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        staff: Any = request.user
        if not staff.is_authenticated:
            with zones.override(timezone.utc):
                return self.get_response(request)
        translation.activate(staff.language)
        request.LANGUAGE_CODE = staff.language  # type: ignore[attr-defined]
        with zones.override(ZoneInfo(staff.time_zone)):
            return self.get_response(request)


class StaffDoorMiddleware:
    """Refuses every page that does not say who may open it, and everyone who has not proven who they are."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        # What staff see must not lie in a cache of a shared machine.
        response.headers.setdefault("Cache-Control", "no-store")
        return response

    def process_view(self, request: HttpRequest, view: Any, args: Any, given: Any) -> HttpResponseBase | None:
        name = request.resolver_match.view_name if request.resolver_match else ""
        if getattr(view, "is_open", False) or name in ENTRANCE:
            return None
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        if _is_too_old(request):
            logout(request)
            return redirect_to_login(request.get_full_path())
        if name in SETTING_UP:
            return None
        if not has_second_factor(request.user):
            return redirect("mfa_setup")
        if name in OWN_ACCOUNT or hasattr(view, "permission"):
            return None
        raise PermissionDenied


def _is_too_old(request: HttpRequest) -> bool:
    """Whether the session has lived its absolute life; the moment of its beginning is noted at first sight."""
    now = datetime.now(timezone.utc)
    began_at = request.session.setdefault("began_at", now.isoformat())
    return now - datetime.fromisoformat(began_at) > settings.SESSION_ABSOLUTE_AGE
