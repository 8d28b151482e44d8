"""My page and the lessons, at the public door: what of mine, what you did, what I do now, what you offer, ask a person, report harm."""

from contextlib import suppress
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from amanat import care
from amanat.terms.answer import SCALES
from amanat.web.accounts.limits import visitors_network
from amanat.web.accounts.pages import open_page
from amanat.web.care import actions, person, visits
from amanat.web.care.forms import AskForm, HarmForm, files_of, latin_digits
from amanat.web.care.models import Visit
from amanat.web.notify import own_page
from amanat.web.public import queries

CODE_MAX = 60


# ---- in ----


@csrf_exempt  # there is no cookie yet that a forged form could use; where it comes from is checked all the same
@require_http_methods(["GET", "HEAD", "POST"])
@visits.private_page
def code(request: HttpRequest, typed: str = "") -> HttpResponse:
    """Type the code of your message. A link may bring the code along; only the button does something with it."""
    now = timezone.now()
    if request.method != "POST":
        visit = visits.visit_of(request, now=now)
        return redirect("my_page" if visit.proven_at else "my_proof") if visit and not typed else _code_page(request, typed)
    if not visits.is_from_here(request):
        return _code_page(request, "", _("This form was not sent from our page. Type the code here again."), status=403)
    if visits.tries_too_often(request):
        page = _code_page(request, "", _("Too many tries from your connection. Wait a minute, then try again."), status=429)
        page["Retry-After"] = "60"
        return page
    given = request.POST.get("code", "")[:CODE_MAX]
    sending = visits.sending_of(given)
    if sending is None:
        return _code_page(request, given, _("We do not know this code. Read it again, letter by letter, or call us."), status=400)
    try:
        token = visits.begin(sending, language=visits.language_now(), network=visitors_network(request), now=now)
    except visits.TooManyCodes:
        return _code_page(request, "", _("We have sent as many one-time codes as we send in a while. Wait an hour, or call us."), status=429)
    answer = redirect("my_proof")
    visits.set_cookie(answer, token)
    return answer


@require_http_methods(["GET", "HEAD", "POST"])
@visits.private_page
def proof(request: HttpRequest) -> HttpResponse:
    """Type the one-time code that was sent to the address on file."""
    now = timezone.now()
    visit = visits.visit_of(request, now=now)
    if visit is None:
        return redirect("my_code")
    if visit.proven_at:
        return redirect("my_page")
    if request.method != "POST":
        return render(request, "care/proof.html", {"phone": _phone(visit)})
    if visits.tries_too_often(request):
        error = _("Too many tries from your connection. Wait a minute, then try again.")
        return render(request, "care/proof.html", {"error": error, "phone": _phone(visit)}, status=429)
    token = visits.prove(visit, request.POST.get("proof", "")[:40], now=now)
    if token is None:
        visit.refresh_from_db()
        if visit.ended_at or visit.n_tries >= care.TRIES_MAX:
            answer = _code_page(
                request, "", _("This was tried too often, so the one-time code no longer works. Begin again, or call us."), status=403
            )
            visits.forget_cookies(answer)
            return answer
        error = _("This is not the code, or its 15 minutes are over. Look at the newest mail from us.")
        return render(request, "care/proof.html", {"error": error, "phone": _phone(visit)}, status=400)
    answer = redirect("my_page")
    visits.set_cookie(answer, token)
    return answer


@require_POST
@visits.private_page
def again(request: HttpRequest) -> HttpResponse:
    """One more one-time code, for whoever has lost the first."""
    now = timezone.now()
    visit = visits.visit_of(request, now=now)
    if visit is None or visit.proven_at:
        return redirect("my_code")
    try:
        token = visits.begin(visit.sending, language=visits.language_now(), network=visitors_network(request), now=now)
    except visits.TooManyCodes:
        error = _("We have sent as many one-time codes as we send in a while. Wait an hour, or call us.")
        return render(request, "care/proof.html", {"error": error, "phone": _phone(visit)}, status=429)
    visits.end(visit, now=now)
    answer = redirect("my_proof")
    visits.set_cookie(answer, token)
    return answer


@require_POST
@visits.private_page
def leave(request: HttpRequest) -> HttpResponse:
    """Ends the visit."""
    now = timezone.now()
    visit = visits.visit_of(request, now=now)
    if visit is not None:
        visits.end(visit, now=now)
    answer = redirect("my_code")
    visits.forget_cookies(answer)
    return answer


# ---- the page ----


@require_GET
@visits.person_page
def page(request: HttpRequest, visit: Visit) -> HttpResponse:
    """What happened to my data, and what can I do?"""
    me = person.mine(visit, visits.language_now())
    own_page.note_opened(visit.person, visit.sending, now=timezone.now())
    steps = person.steps(me)
    given = {
        "whose": person.whose(me),
        "kinds": person.kinds_in_words(me),
        "basis": visit.person.basis,
        "is_past": visit.person.state in ("past", "refused"),
        "told": person.told(me),
        "news": person.news(me),
        "written": person.written(me),
        "steps": steps,
        "n_done": sum(step["is_done"] for step in steps),
        "time_left": person.time_of(me, sum(step["minutes"] for step in steps if not step["is_done"])),
        "lessons": person.lessons(me),
        "offers": person.offers(me),
        "cases": person.cases(me),
        "may_answer": person.may_answer_survey(me),
        "contacts": person.contacts(me),
        "sent": request.GET.get("sent", ""),
    }
    with timezone.override(queries.zone()):  # the hour that stands on the status page, too
        return render(request, "care/page.html", given)


@require_POST
@visits.person_page
def step(request: HttpRequest, visit: Visit, step: str) -> HttpResponse:
    """Ticks a step off, or takes the tick back."""
    me = person.mine(visit, visits.language_now())
    try:
        actions.tick(me, step, is_done=request.POST.get("done") == "1", now=timezone.now())
    except actions.NotYours:
        raise Http404 from None
    return _back("#steps")


@require_POST
@visits.person_page
def offer(request: HttpRequest, visit: Visit, offer: str) -> HttpResponse:
    """Accepts or declines an offer; no right hangs on it."""
    choice = request.POST.get("answer")
    if choice not in ("accept", "decline"):
        raise Http404
    try:
        actions.answer_offer(person.mine(visit, visits.language_now()), offer, is_accepted=choice == "accept", now=timezone.now())
    except actions.NotYours:
        raise Http404 from None
    return _back("#offers")


@require_POST
@visits.person_page
def ask(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Ask a person."""
    form = AskForm(request.POST)
    if not form.is_valid():
        if "case" in form.errors:
            raise Http404
        return _back("?sent=empty#ask")
    try:
        actions.ask(
            person.mine(visit, visits.language_now()), form.cleaned_data["text"], case_id=form.cleaned_data["case"] or None, now=timezone.now()
        )
    except actions.NotYours:
        raise Http404 from None
    except actions.TooMany:
        return _back("?sent=many#ask")
    return _back("?sent=asked#cases")


@require_http_methods(["GET", "HEAD", "POST"])
@visits.person_page
def harm(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Report that your data were misused, or that the incident hurt you."""
    me, now = person.mine(visit, visits.language_now()), timezone.now()
    given: dict[str, Any] = {"harms": person.harms(me), "contacts": person.contacts(me)}
    if request.method != "POST":
        return render(request, "care/harm.html", given)
    form = HarmForm(request.POST, today=timezone.localdate())
    files = files_of(request)
    if not form.is_valid() or files is None:
        errors = {name: texts[0] for name, texts in form.errors.items() if name in ("happened_on", "lost_eur")}
        for name, says in (("harm", _("Choose what fits best.")), ("text", _("Tell us in a few words what happened."))):
            if name in form.errors:
                errors[name] = says
        if files is None:
            errors["files"] = _("At most five files of 4 MB each. You can send more later with a question.")
        return render(request, "care/harm.html", given | {"errors": errors, "typed": request.POST}, status=400)
    said = form.cleaned_data
    try:
        actions.report_harm(
            me, harm=said["harm"], text=said["text"], happened_on=said["happened_on"], lost_eur=said["lost_eur"], files=files, now=now
        )
    except actions.TooMany:
        return _back("?sent=many#ask")
    return _back("?sent=harm#cases")


@require_http_methods(["GET", "HEAD", "POST"])
@visits.person_page
def survey(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Five short questions after help; every one may be left out."""
    me = person.mine(visit, visits.language_now())
    if not person.may_answer_survey(me):
        return _back("")
    if request.method != "POST":
        return render(request, "care/survey.html", {"items": person.survey_items()})
    try:
        given = {name: care.check_answer(name, latin_digits(request.POST.get(name, ""))) for name in SCALES}
    except care.BadAnswers:
        return render(request, "care/survey.html", {"items": person.survey_items(), "is_bad": True}, status=400)
    # Sent twice, by a double click: the first answer is kept, and both windows say thank you.
    with suppress(actions.NotYours):
        actions.answer_survey(me, given, request.POST.get("text", ""), now=timezone.now())
    return _back("?sent=survey#top")


# ---- lessons: for everybody, without a visit ----


@require_GET
@open_page
def learn(request: HttpRequest) -> HttpResponse:
    """How do I protect myself? All lessons, the most protective first."""
    language = visits.language_now()
    return render(request, "care/learn.html", {"lessons": [person.lesson_in(one, language) for one in care.lessons().values()]})


@require_GET
@open_page
def lesson(request: HttpRequest, name: str) -> HttpResponse:
    """One lesson."""
    one = care.lessons().get(name)
    if one is None:
        raise Http404
    return render(request, "care/lesson.html", {"lesson": person.lesson_in(one, visits.language_now())})


# ---- inside ----


def _code_page(request: HttpRequest, typed: str, error: str = "", *, status: int = 200) -> HttpResponse:
    return render(request, "care/code.html", {"typed": typed[:CODE_MAX], "error": error}, status=status)


def _phone(visit: Visit) -> str:
    """The company's number; before the proof nothing is looked up that depends on the person."""
    from amanat.web.notify.queries import company_of

    return company_of(visit.incident).phone.get("default", "")


def _back(where: str) -> HttpResponse:
    answer = redirect("my_page")
    answer["Location"] += where
    return answer
