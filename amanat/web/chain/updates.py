"""What do we tell everyone? The status page as staff write it: one writes, another publishes; and what people reported as false."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from amanat.web.accounts import permissions
from amanat.web.accounts.pages import incident_page
from amanat.web.chain import opening
from amanat.web.languages import LANGUAGES
from amanat.web.public import actions, queries, strangers
from amanat.web.public.forms import PARTS, UpdateForm
from amanat.web.public.models import CAME_BY
from amanat.web.respond.models import Incident


@incident_page("see")
def updates(request: HttpRequest, incident: Incident) -> HttpResponse:
    """What stands on the status page, the draft, and the form for the next one."""
    may_write = permissions.may(request.user, "write_notices", incident)
    begin = request.GET.get("begin", "")
    words = opening.words_of(incident, begin, now=timezone.now()) if begin in opening.PARTS_OF else queries.words_to_begin_with(incident)
    at = {"next_at": opening.next_at(timezone.now())} if begin == "holding" else {}
    form = UpdateForm(request.POST or None, words=words, initial=at) if may_write else None
    if request.method == "POST":
        if form is None:
            return HttpResponse(status=403)
        if form.is_valid():
            actions.write_update(incident, words=form.words(), next_at=form.cleaned_data["next_at"], by=request.user, now=timezone.now())
            messages.success(request, _("Written. Somebody else publishes it."))
            return redirect("updates", incident_id=incident.pk)
    given = {
        "form": form,
        "begins": begin in opening.PARTS_OF,
        "draft": (draft := queries.draft(incident)),
        "draft_words": _by_language(draft.words) if draft else [],
        "is_mine": draft is not None and draft.author_id == request.user.pk,
        "may_publish": permissions.may(request.user, "approve_notices", incident),
        "published": [(row, _by_language(row.words)) for row in queries.published(incident)],
        # A pasted message may name its recipient: read by those who look into it, and by nobody else.
        "strange_codes": strangers.most_asked(now=timezone.now()) if may_write else [],
        "networks_max": strangers.NETWORKS_MAX,
        "reports": [(row, actions.text_of(row), CAME_BY[row.came_by]) for row in queries.reports(incident)[:100]] if may_write else [],
    }
    return render(request, "chain/updates.html", given)


@require_POST
@incident_page("approve_notices")
def publish(request: HttpRequest, incident: Incident, update_id: UUID) -> HttpResponse:
    """The second person's word; from now on everybody reads it."""
    try:
        actions.publish(incident, update_id, by=request.user, now=timezone.now())
        messages.success(request, _("Published. It stands on the status page now, and in files that need no server."))
    except actions.NotNow as why:
        says = {"same": _("Who wrote it cannot publish it."), "gone": _("This draft is not there any more: somebody published or replaced it.")}
        messages.error(request, says[why.args[0]])
    return redirect("updates", incident_id=incident.pk)


@require_POST
@incident_page("write_notices")
def look_at(request: HttpRequest, incident: Incident, report_id: UUID) -> HttpResponse:
    """Marks a reported message as looked at."""
    actions.look_at(incident, report_id, by=request.user, now=timezone.now())
    return redirect("updates", incident_id=incident.pk)


@require_POST
@incident_page("write_notices")
def hand_on(request: HttpRequest, incident: Incident, report_id: UUID) -> HttpResponse:
    """Gives a reported message to detection, which judges it."""
    try:
        actions.hand_to_detection(incident, report_id, by=request.user, now=timezone.now())
        messages.success(request, _("Handed to detection. Its verdict stands there in a moment."))
    except actions.NotNow:
        messages.error(request, _("This report is not there any more, or holds no text."))
    return redirect("updates", incident_id=incident.pk)


def _by_language(words: dict[str, dict[str, str]]) -> list[tuple[str, list[tuple[str, str]]]]:
    order = [language for language, _name in LANGUAGES if language in words]
    return [(language, [(str(says), words[language][part]) for part, says in PARTS.items() if words[language].get(part)]) for language in order]
