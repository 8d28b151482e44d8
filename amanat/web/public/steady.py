"""Pages that are the same for everyone are made once in a few seconds: after a million mails the whole town comes to look."""

import hashlib
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


def made_from(request: HttpRequest, what: object, make: Callable[[], HttpResponse]) -> HttpResponse:
    """What `make` answers, kept for `PAGE_SECONDS` by the path (which holds the language) and `what`, the only thing it may be made from."""
    pages, key = caches["pages"], hashlib.sha256(f"{request.path}\0{what!r}".encode()).hexdigest()
    kept = pages.get(key)
    if kept is None:
        page = make()
        kept = (page.content, page.headers["Content-Type"])
        pages.set(key, kept, timeout=PAGE_SECONDS)
    return HttpResponse(kept[0], content_type=kept[1])


ANSWER_BYTES = {"application/json": 1024, "text/html; charset=utf-8": 16384}


def of_one_size(answer: HttpResponse) -> HttpResponse:
    """Fills an answer up with blanks to a size that tells nothing: over TLS whoever listens sees how long it is.

    Where it is longer than that, it gets the next multiple. It must not be packed on its way, or the blanks would go again.
    """
    step = ANSWER_BYTES[answer["Content-Type"]]
    answer.content += b" " * (-len(answer.content) % step)
    answer["Cache-Control"] = "no-store, no-transform"
    return answer


def our_name() -> str:
    """Of the company whose pages these are, as everybody may know it by now; empty where there is none yet, or several."""
    from amanat.web.public import queries

    pages = caches["pages"]
    kept = pages.get("our-name")
    if kept is None:
        names = {queries.name_of(incident) for incident in queries.told()} - {""}
        kept = names.pop() if len(names) == 1 else ""
        pages.set("our-name", kept, timeout=PAGE_SECONDS)
    return kept
