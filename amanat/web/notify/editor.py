"""The pages on which a sentence is written otherwise: what stands beside it, the place to write, and the gate's word while one types."""

from collections import Counter
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from amanat import notify
from amanat.lib.errors import Fixable
from amanat.terms.notice import Finding
from amanat.web.accounts.pages import incident_page
from amanat.web.notify import editing, kept_edits, queries
from amanat.web.notify.actions import NotNow
from amanat.web.notify.models import NoticeRow
from amanat.web.notify.overruling import findings_of
from amanat.web.respond.models import Incident

ABOVE = ("subject", "title")
SAYS_MOST = 2500  # characters of a sentence that is typed, with room for what is refused with a reason


def beside(row: NoticeRow, whole: list[dict[str, Any]], language: str, *, may_write: bool, edit: str = "") -> list[dict[str, Any]]:
    """Each section with its sentences: their facts, the gate's findings with the edit that mends each, and what amanat had written.

    Args:
        whole: findings about no place of the text; they get the edit that mends them too.
        edit: key of the place that is being written, "what_happened.2", "what_happened.new" or one of ABOVE.
    """
    facts, standing = queries.facts_of(row.incident), {(one["where"], one["after"]): one for one in row.edits if not one["is_lapsed"]}
    sections = queries.sections(row, facts, language)
    for section, content in zip(sections, row.content["sections"], strict=True):
        section["id"], section["new"] = content["id"], f"{content['id']}.new"
        section["is_writing"] = section["new"] == edit
        for n, sentence in enumerate(section["sentences"]):
            sentence["key"] = f"{content['id']}.{n}"
            sentence["is_writing"] = sentence["key"] == edit
            sentence["edit"] = standing.get((content["id"], sentence["text"]))
    if may_write:
        notice, known = notify.notice_from(row.content), kept_edits.facts_for(row.incident, row.audience)
        for finding in [*_every(sections), *whole]:
            finding["mend"] = notify.one_press(_as_finding(finding), notice, known)
    return sections


def anchors(sections: list[dict[str, Any]], whole: list[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    """What blocks and what is advice, each with the place on the page at which it stands; what was let stand is in neither."""
    found: dict[str, list[dict[str, Any]]] = {"blocking": [], "advice": []}
    places: Counter[str] = Counter()
    for at, one in [
        *(("whole", one) for one in whole),
        *(
            (place, one)
            for section in sections
            for place, each in [*((s["key"], s["findings"]) for s in section["sentences"]), (section["id"], section["findings"])]
            for one in each
        ),
    ]:
        places[at] += 1
        one["id"] = f"f-{at.replace('.', '-')}-{places[at]}"
        if not one.get("overruled_by"):
            found["blocking" if one["is_blocking"] else "advice"].append(one)
    return found


def place(row: NoticeRow, key: str) -> dict[str, Any]:
    """What the form of one place needs: where it is and what stands there now; Http404 for a place that is not there."""
    if key in ABOVE:
        return {"key": key, "where": key, "before": row.content[key], "is_above": True}
    where, _dot, n = key.rpartition(".")
    section = next((one for one in row.content["sections"] if one["id"] == where), None)
    if section is not None and n == "new":
        return {"key": key, "where": where, "before": "", "is_new": True}
    if section is None or not n.isdecimal() or int(n[:4]) >= len(section["sentences"]):
        raise Http404
    return {"key": key, "where": where, "before": section["sentences"][int(n[:4])]["text"]}


@require_POST
@incident_page("write_notices")
def write(request: HttpRequest, incident: Incident, notice_id: str) -> HttpResponse:
    """Keeps one sentence as a person wrote it, as a new version of the text."""
    row = row_of(incident, notice_id)
    where, before, after = (str(request.POST.get(name, ""))[:SAYS_MOST] for name in ("where", "before", "after"))
    if request.POST.get("act") == "leave_out":
        after = ""
    here = reverse("notice", args=[incident.pk, notice_id])
    at = where if where not in ABOVE else "top"
    try:
        new = editing.write_otherwise(row, notify.Edit(where=where, before=before, after=after), by=request.user, now=timezone.now())  # type: ignore[arg-type]
    except notify.CannotEdit as error:
        messages.error(request, refusal(error))
    except NotNow:
        messages.error(request, _("Somebody changed this sentence meanwhile. Nothing was kept; look at it again."))
    except Fixable as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Kept as a new version. What was signed before no longer counts."))
        at = next((f"{where}.{n}" for n, text in enumerate(_texts(new, where)) if text == notify.tidied(after)), at)
    return redirect(f"{here}#s-{at}")


@require_POST
@incident_page("write_notices")
def judge(request: HttpRequest, incident: Incident, notice_id: str) -> HttpResponse:
    """What the gate says of a sentence while it is typed; it keeps nothing."""
    row = row_of(incident, notice_id)
    typed = str(request.POST.get("after", ""))[:SAYS_MOST]
    given: dict[str, Any] = {"row": row, "typed": typed}
    try:
        facts, company = kept_edits.facts_for(incident, row.audience), queries.company_of(incident)
        found = notify.check_text(typed, row.language, facts, company=company) if typed.strip() else []
        # What the whole text must hold, such as an apology, one sentence need not.
        given["findings"] = [one for one in found if one.quote]
    except Fixable as error:
        given["error"] = str(error)
    return render(request, "notify/judged.html", given)


def refusal(error: notify.CannotEdit) -> str:
    """Why a sentence cannot stand, in the language of the screen."""
    says = {
        "same": _("These are the words that stand there already."),
        "long": _("The sentence is too long for a letter. Write two."),
        "above": _("A message has a subject and a title. Write other ones instead of none."),
        "lost": _("The name or the code that stands in this sentence must stay: without it nobody can check that the message is ours."),
    }
    return says.get(error.why) or _("Only the places of name and code are filled in for each person; other braces cannot stand in a message.")


def _texts(row: NoticeRow, where: str) -> list[str]:
    return [sentence["text"] for section in row.content["sections"] if section["id"] == where for sentence in section["sentences"]]


def _every(sections: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [one for section in sections for each in [section, *section["sentences"]] for one in each["findings"]]


def _as_finding(one: dict[str, Any]) -> Finding:
    [found] = findings_of(NoticeRow(findings=[one]))
    return found


def row_of(incident: Incident, notice_id: str) -> NoticeRow:
    """The newest version of a text; Http404 where there is none of that name."""
    row = next((r for r in queries.newest_notices(incident) if r.notice_id == notice_id), None)
    if row is None:
        raise Http404
    return row
