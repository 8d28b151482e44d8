"""What anyone may see: the status page, and "is this message really from us?"."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language_from_request, override

from amanat.web.accounts.pages import open_page


@open_page
def home(request: HttpRequest) -> HttpResponse:
    """Leads to the status page in the reader's language."""
    with override(get_language_from_request(request)):
        return redirect(reverse("status"))


@open_page
def status(request: HttpRequest) -> HttpResponse:
    """What we know, do not know, and do now."""
    return render(request, "public/status.html")


@open_page
def verify(request: HttpRequest) -> HttpResponse:
    """Is this message really from us?"""
    return render(request, "public/verify.html")
