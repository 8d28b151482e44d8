"""What a person can mend is a page with a sentence, not an error of the house; what no person can mean is refused at the door."""

from collections.abc import Callable
from urllib.parse import unquote

from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from amanat.lib.errors import Fixable


class MendMiddleware:
    """Shows the sentence of a `Fixable`; refuses an address that holds a NUL, which no database can look up."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "\0" in request.path or "\0" in unquote(request.META.get("QUERY_STRING", "")):
            raise SuspiciousOperation("the address holds a NUL")
        return self._get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, Fixable):
            return render(request, "errors/mend.html", {"sentence": str(exception)}, status=409)
        return None
