"""The bulletin at the public door: ask for it, confirm that it was you, leave it. No cookie, no log-in, and no word about who reads it."""

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from amanat.web.accounts import limits
from amanat.web.accounts.pages import open_page
from amanat.web.bulletin import queries, subscribing
from amanat.web.languages import LANGUAGES
from amanat.web.public.steady import of_one_size, same_for_everyone

ADDRESS_MAX = 254  # RFC 5321
ASKS_AN_HOUR = 10  # from one connection
BLOCK_ASKS_AN_HOUR = 60  # from its neighbourhood
ALL_ASKS_AN_HOUR = 3000  # of the whole world; above it somebody floods us, and the mailboxes of others through us


@csrf_exempt  # whoever forges it has a question mailed to somebody, which nobody need answer; how often is limited
@open_page
def bulletin(request: HttpRequest) -> HttpResponse:
    """What is the bulletin, and how do I get it?"""
    if request.method != "POST":
        return _entrance(request)
    return never_cache(_ask)(request)


@same_for_everyone
def _entrance(request: HttpRequest) -> HttpResponse:
    return render(request, "bulletin/bulletin.html", {"companies": list(queries.companies()), "chosen": get_language()})


def _ask(request: HttpRequest) -> HttpResponse:
    address, language = request.POST.get("address", "").strip(), request.POST.get("language", "")
    companies = list(queries.companies())
    company = request.POST.get("company", companies[0] if len(companies) == 1 else "")
    error, status = "", 400
    if not _is_address(address):
        error = _("This does not look like an e-mail address. Write it like name@example.org.")
    elif language not in dict(LANGUAGES) or company not in companies:
        error = _("Choose from the lists.")
    elif _is_too_often(request):
        error, status = _("Too many tries from your connection. Wait an hour, then try again."), 429
    if error:
        given = {"companies": companies, "company": company, "chosen": language or get_language(), "address": address[:ADDRESS_MAX], "error": error}
        page = render(request, "bulletin/bulletin.html", given, status=status)
        if status == 429:
            page["Retry-After"] = "3600"
        return page
    subscribing.ask(company=company, address=address, language=language, now=timezone.now())
    return of_one_size(render(request, "bulletin/asked.html"))


@csrf_exempt  # the token itself is the proof, and no cookie of ours adds anything to it
@never_cache
@open_page
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Was it you who asked? Programs that look through mails open every link, so opening it confirms nothing; the button does."""
    if request.method != "POST":
        return of_one_size(render(request, "bulletin/confirm.html", {"token": token}))
    row = subscribing.confirm(token, now=timezone.now())
    return of_one_size(render(request, "bulletin/confirmed.html", {"is_known": row is not None}))


@csrf_exempt  # RFC 8058: the mail program presses the button, without cookie, page or log-in
@never_cache
@open_page
def leave(request: HttpRequest, token: str) -> HttpResponse:
    """I no longer want it. A POST from a mail program or from the page's button ends it at once; whatever the token, the answer is the same."""
    if request.method != "POST":
        return of_one_size(render(request, "bulletin/leave.html", {"token": token}))
    subscribing.leave(token, now=timezone.now())
    return of_one_size(render(request, "bulletin/left.html"))


def _is_address(text: str) -> bool:
    try:
        validate_email(text)
    except ValidationError:
        return False
    return len(text) <= ADDRESS_MAX


def _is_too_often(request: HttpRequest) -> bool:
    of_connection = limits.came_too_often(request, "bulletin", ASKS_AN_HOUR, seconds=3600)
    of_block = limits.count(f"bulletin block\0{limits.block_of(request)}", seconds=3600) > BLOCK_ASKS_AN_HOUR
    return of_connection or of_block or limits.count("bulletin asks", seconds=3600) > ALL_ASKS_AN_HOUR
