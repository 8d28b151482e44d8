"""What a person can mend is a page with a sentence, not an error of the house; what no person can mean is refused at the door."""

from collections.abc import Callable
from urllib.parse import unquote

from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from amanat.lib.errors import Fixable


class NoNulMiddleware:
    """Refuses an address or a form that holds a NUL, which no database can keep or look up; a cookie with one is none of ours.

    It stands before everything that looks into the database, the log-in included.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "\0" in request.path or "\0" in unquote(request.META.get("QUERY_STRING", "")):
            raise SuspiciousOperation("the address holds a NUL")
        request.COOKIES = {name: value for name, value in request.COOKIES.items() if "\0" not in name + value}
        return self._get_response(request)

    def process_view(self, request: HttpRequest, view: object, args: object, given: object) -> None:
        # Not earlier: until a view was found, nobody needs to read what may be a large form.
        if request.method == "POST" and any("\0" in text for name, texts in request.POST.lists() for text in (name, *texts)):
            raise SuspiciousOperation("the form holds a NUL")


class MendMiddleware:
    """Shows the sentence of a `Fixable`."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self._get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, Fixable):
            return render(request, "errors/mend.html", {"sentence": str(exception)}, status=409)
        return None
