"""Are we ready?"""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_GET, require_POST

from amanat.lib.errors import Fixable
from amanat.web.accounts.pages import staff_page
from amanat.web.readiness import actions, queries
from amanat.web.readiness.forms import STATES, EntryForm, FilesForm

# Amber waits for a person; a control that is not in place is no missed deadline.
COLOURS = {"in place": "done", "partly": "info", "missing": "wait", "unknown": "wait"}


@require_GET
@staff_page("use")
def ready(request: HttpRequest) -> HttpResponse:
    """The controls with owner and day, what hurts most first; the drills with their scores and lessons."""
    sheet, look = queries.newest_sheet(), queries.newest_look()
    found = queries.standings(sheet, look, staff=queries.count_staff(), now=timezone.now())
    language = (get_language() or "en").split("-")[0]
    lines = [_line(one, language) for one in found]
    n = {state: sum(one.state == state for one in found) for state in STATES}
    drills = [(row, (row.words or {}).get(language) or (row.words or {}).get("en")) for row in queries.drills()]
    given = {
        "lines": lines,
        "first": [line for line, one in zip(lines, found, strict=True) if not one.is_passed][:5],
        "figures": [(STATES[state], n[state], COLOURS[state]) for state in STATES],
        "n_open": sum(not one.is_passed for one in found),
        "sheet": sheet,
        "look": look,
        "drills": drills,
        "is_drilling": any(row.state in ("asked", "running") for row, _words in drills),
        "files": FilesForm(),
    }
    return render(request, "readiness/ready.html", given)


@staff_page("administer")
def control(request: HttpRequest, name: str) -> HttpResponse:
    """What staff say about one control."""
    sheet = queries.newest_sheet()
    found = {one.name: one for one in queries.standings(sheet, queries.newest_look(), staff=queries.count_staff(), now=timezone.now())}
    if name not in found:
        raise Http404
    one = found[name]
    before = sheet.content.get("control", {}).get(name, {}) if sheet else {}
    form = EntryForm(request.POST or None, initial={"state": "unknown", **before})
    if request.method == "POST" and form.is_valid():
        try:
            actions.say(name, form.cleaned_data, by=request.user, now=timezone.now())
            messages.success(request, gettext("Noted."))
            return redirect("ready")
        except Fixable:
            form.add_error("on", gettext("This day is still to come; write the day on which somebody looked."))
    language = (get_language() or "en").split("-")[0]
    return render(request, "readiness/control.html", {"line": _line(one, language), "form": form})


@require_POST
@staff_page("administer")
def files(request: HttpRequest) -> HttpResponse:
    """Takes `controls.toml` and `company.toml` as they are."""
    form = FilesForm(request.POST, request.FILES)
    if form.is_valid():
        before, company_text = queries.newest_sheet(), form.text_of("company")
        content = form.table_of("controls")
        try:
            company = queries.company_in(company_text) if company_text is not None else before.company if before else None
            if not form.errors and (content is not None or company_text is not None):
                kept = content if content is not None else before.content if before else {}
                actions.keep(kept, company, by=request.user, now=timezone.now())
                messages.success(request, gettext("Taken over. Let amanat look now, so that domains and pages are seen."))
        except Fixable as error:
            # The sentence names a line of the file that was given; the path of our own copy means nothing to anybody.
            messages.error(request, str(error).rsplit("/", 1)[-1])
    for errors in form.errors.values():
        for each in errors:
            messages.error(request, each)
    return redirect("ready")


@require_POST
@staff_page("administer")
def look(request: HttpRequest) -> HttpResponse:
    """Asks the worker to look at domains and pages."""
    if queries.company_of(queries.newest_sheet()) is None:
        messages.error(request, gettext("Nobody has said which domains are ours. Give %(file)s first.") % {"file": "company.toml"})
    else:
        actions.ask_for_look()
        messages.success(request, gettext("Asked for. What is seen will stand here in a minute."))
    return redirect("ready")


@require_POST
@staff_page("administer")
def drill(request: HttpRequest) -> HttpResponse:
    """Asks the worker to run a drill."""
    if actions.ask_for_drill(by=request.user, now=timezone.now()) is None:
        messages.error(request, gettext("A drill is under way already."))
    else:
        messages.success(request, gettext("Asked for. The drill takes a few minutes; nothing leaves this machine."))
    return redirect("ready")


def _line(one: Any, language: str) -> dict[str, Any]:
    words = one.control.in_language(language)
    return {
        "name": one.name,
        "title": words.title,
        "why": words.why,
        "next_step": words.next_step,
        "state": STATES[one.state],
        "colour": COLOURS[one.state],
        "is_must": one.control.is_must,
        "hurts": one.control.hurts,
        "owner": one.owner,
        "on": one.on,
        "reasons": [(reason.sentences.get(language) or reason.sentences["en"], reason.is_seen) for reason in one.reasons],
        "sources": one.control.sources,
    }
