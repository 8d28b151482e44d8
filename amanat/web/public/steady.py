"""Pages that are the same for everyone are made once in a few seconds: after a million mails the whole town comes to look."""

from collections.abc import Callable
from functools import wraps

from django.core.cache import caches
from django.http import HttpRequest, HttpResponse

PAGE_SECONDS = 5  # an update that was published stands here after that time at the latest


def same_for_everyone(view: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Keeps what `view` answers to a GET for `PAGE_SECONDS`, by path (which holds the language).

    It must depend on nothing else: neither on the reader, nor on the name under which the door was called, nor on what stands
    behind a question mark, or whoever changes these with every call has each page made anew.
    """

    @wraps(view)
    def steady(request: HttpRequest) -> HttpResponse:
        if request.method not in ("GET", "HEAD"):
            return view(request)
        pages, key = caches["pages"], request.path
        kept = pages.get(key)
        if kept is None:
            request.META["QUERY_STRING"] = ""  # links that repeat it would hand one reader's words to the next
            page = view(request)
            if page.status_code != 200 or page.cookies:
                return page
            kept = (page.content, page.headers["Content-Type"])
            pages.set(key, kept, timeout=PAGE_SECONDS)
        return HttpResponse(kept[0], content_type=kept[1])

    return steady
