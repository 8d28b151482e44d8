"""How a view says who may open it: `@staff_page`, `@incident_page`, `@open_page`. A view that says nothing is refused."""

import time
from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.apps import apps
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import render

from amanat.web.accounts import permissions
from amanat.web.crypto import KeysErased

View = Callable[..., HttpResponseBase]


def open_page(view: View) -> View:
    """For everyone, without a log-in. Use it for nothing that knows about an incident."""
    view.is_open = True  # type: ignore[attr-defined]
    return view


def staff_page(permission: str) -> Callable[[View], View]:
    """For staff with a second factor and a permission of the house: "use", "declare" or "administer"."""
    assert permission in permissions.HOUSE_PERMISSIONS, permission

    def protect(view: View) -> View:
        @wraps(view)
        def page(request: HttpRequest, *args: Any, **given: Any) -> HttpResponseBase:
            _need(permissions.may(request.user, permission) and permissions.has_second_factor(request.user))
            return view(request, *args, **given)

        page.permission = permission  # type: ignore[attr-defined]
        return page

    return protect


def incident_page(permission: str) -> Callable[[View], View]:
    """For members of the incident in the URL (`<uuid:incident_id>`) with this permission; the view gets `incident`.

    Who is no member gets the same answer as for an incident that does not exist. When the page needs persons whose keys were
    erased, it says so instead.
    """
    assert permission in permissions.PERMISSIONS, permission

    def protect(view: View) -> View:
        @wraps(view)
        def page(request: HttpRequest, *args: Any, incident_id: UUID, **given: Any) -> HttpResponseBase:
            _need(request.user.is_authenticated and permissions.has_second_factor(request.user))
            incident = _incident_of(request.user, incident_id)
            _need(permissions.may(request.user, permission, incident))
            request.incident = incident  # type: ignore[attr-defined]
            try:
                return view(request, incident, *args, **given)
            except KeysErased:
                return render(request, "accounts/erased.html", {"incident": incident}, status=410)

        page.permission = permission  # type: ignore[attr-defined]
        return page

    return protect


def proved_lately(request: HttpRequest) -> bool:
    """Whether this person showed a moment ago who they are: a signature is worth what the log-in behind it is worth."""
    from allauth.account.internal.flows.login import get_authentication_records

    records = get_authentication_records(request, request.user)
    return bool(records) and time.time() - max(r["at"] for r in records) < settings.ACCOUNT_REAUTHENTICATION_TIMEOUT


def may_enter(request: HttpRequest) -> bool:
    """Whether the page of an incident that this request is for lets in who asks: for what comes before the page, as a large upload does."""
    match = request.resolver_match
    if match is None or "incident_id" not in match.kwargs or not hasattr(match.func, "permission"):
        return False
    try:
        _need(request.user.is_authenticated and permissions.has_second_factor(request.user))
        return permissions.may(request.user, match.func.permission, _incident_of(request.user, match.kwargs["incident_id"]))
    except (PermissionDenied, Http404):
        return False


def _incident_of(staff: Any, incident_id: UUID) -> Any:
    # By name, because accounts stand below incidents and must not import them.
    incident = apps.get_model("respond", "Incident").objects.filter(id=incident_id, memberships__staff=staff).distinct().first()
    if incident is None:
        raise Http404
    return incident


def _need(is_given: bool) -> None:
    if not is_given:
        raise PermissionDenied
