"""Error pages in the house style. The one for our own mistakes needs no database, session or translation catalogue to work."""

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from amanat.web.accounts.pages import open_page
from amanat.web.uploads import FILE_MAX


@open_page
def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400: the browser sent something that we do not understand; 413: more of it than we take, which is read no further."""
    if isinstance(exception, RequestDataTooBig):
        return render(request, "errors/413.html", {"most": FILE_MAX - FILE_MAX % 1_000_000}, status=413)
    return render(request, "errors/400.html", status=400)


@open_page
def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403: logged in, but this page is for others."""
    return render(request, "errors/403.html", status=403)


@open_page
def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: nothing here, or nothing for this person."""
    return render(request, "errors/404.html", status=404)


@open_page
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 for a form that was sent from elsewhere, or after its log-in had ended."""
    return render(request, "errors/csrf.html", status=403)


@open_page
def broken(request: HttpRequest) -> HttpResponse:
    """500: our mistake."""
    return render(request, "errors/500.html", status=500)
