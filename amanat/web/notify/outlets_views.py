"""Which statement goes out where? The outlets with their drafts, the texts side by side, two signatures, and what was released when."""

from collections.abc import Callable
from importlib.util import find_spec
from typing import Any
from uuid import UUID

from csp.constants import NONE, SELF, UNSAFE_INLINE
from csp.decorators import csp
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_POST, require_safe

from amanat import notify
from amanat.lib.errors import Fixable
from amanat.web.accounts import permissions
from amanat.web.accounts.pages import incident_page, proved_lately
from amanat.web.notify import outlets_actions as actions
from amanat.web.notify import outlets_queries as queries
from amanat.web.notify import pictures
from amanat.web.respond.models import Incident

WHY_MAX = 300
# A file that was made for outsiders opens here, too, without any right of this door.
_ALONE = {"default-src": [NONE], "style-src": [UNSAFE_INLINE], "img-src": ["data:"], "frame-ancestors": [SELF], "sandbox": [""]}


@require_safe
@incident_page("see")
def statements(request: HttpRequest, incident: Incident) -> HttpResponse:
    """The statement as each outlet would carry it, and everything that went out."""
    now = timezone.now()
    context: dict[str, Any] = {"incident": incident, "carried": queries.carried(incident)}
    try:
        texts = queries.texts(incident, now=now)
        source = queries.source(incident, texts)
        standing = queries.standing(incident)
        shown = queries.shown(incident, source, standing.outlets if standing else (), now=now)
        is_current = standing is not None and notify.statement_hash(source, standing.outlets) == standing.statement_hash
    except (Fixable, OSError) as error:
        return render(request, "notify/outlets.html", context | {"error": str(error) if isinstance(error, Fixable) else ""})
    is_author = standing is not None and standing.author_id == request.user.pk
    context |= {
        "texts": texts,
        "groups": _side_by_side(texts),
        "shown": shown,
        "seen": notify.statement_hash(source),
        "next_at": source.next_at,
        "objections": [
            (one, *(one.said_in(get_language() or "en") if one.check else ("", "")))
            for one in queries.objections(texts, [one.draft for one in shown if one.draft])
        ],
        "standing": standing if is_current else None,
        "is_outdated": standing is not None and not is_current,
        "is_author": is_author,
        "can_sign": permissions.may(request.user, "write_notices", incident),
        "can_release": permissions.may(request.user, "approve_notices", incident) and is_current and not is_author,
        "can_withdraw": permissions.may(request.user, "stop_sending", incident),
        "attached": pictures.attached(incident),
        "pictures_max": pictures.PICTURES_MAX,
        "picture_max": notify.PICTURE_MAX,
        "shows_max": pictures.SHOWS_MAX,
        "signs_pictures": find_spec("c2pa") is not None,
    }
    return render(request, "notify/outlets.html", context)


@require_POST
@incident_page("write_notices")
def sign_statement(request: HttpRequest, incident: Incident) -> HttpResponse:
    """The author's signature under the chosen outlets."""
    chosen, seen = request.POST.getlist("outlet"), str(request.POST.get("seen", ""))[:64]
    known = notify.outlets()

    def act() -> None:
        actions.sign(incident, [name for name in chosen if name in known], seen=seen, by=request.user, now=timezone.now())  # type: ignore[arg-type]
        messages.success(request, _("Signed. Now a different person looks at this page and releases it."))

    return _signing(request, incident, act)


@require_POST
@incident_page("approve_notices")
def release_statement(request: HttpRequest, incident: Incident, statement_id: UUID) -> HttpResponse:
    """The other's signature, after which everybody may read it."""

    def act() -> None:
        actions.release(incident, statement_id, by=request.user, now=timezone.now())  # type: ignore[arg-type]
        messages.success(request, _("Released. What amanat puts out itself stands there now; hand out the other files yourselves."))

    return _signing(request, incident, act)


@require_POST
@incident_page("stop_sending")
def withdraw_outlet(request: HttpRequest, incident: Incident, outlet_id: UUID) -> HttpResponse:
    """Withdraws what one outlet carries; no further proof is asked, because silence is the safer mistake."""
    why = str(request.POST.get("why", "")).strip()[:WHY_MAX]
    if not why:
        messages.error(request, _("Say why: the journal keeps it."))
        return redirect("statements", incident_id=incident.pk)
    try:
        row = actions.withdraw(incident, outlet_id, why=why, by=request.user, now=timezone.now())  # type: ignore[arg-type]
        is_ours = notify.outlet_named(row.outlet).released_by == "us"
        messages.success(request, _("Withdrawn.") if is_ours else _("Withdrawn. Its files are out of our hands: tell everyone who got them."))
    except actions.NotNow as error:
        messages.error(request, _refusal(str(error)))
    return redirect("statements", incident_id=incident.pk)


@xframe_options_sameorigin
@csp(_ALONE)
@require_safe
@incident_page("see")
def draft_file(request: HttpRequest, incident: Incident, outlet: str, name: str) -> HttpResponse:
    """One file of a draft, to be looked at."""
    if outlet not in notify.outlets():
        raise Http404
    try:
        draft = queries.draft_of(incident, outlet, now=timezone.now())
    except (Fixable, OSError):
        raise Http404 from None
    one = next((a for a in draft.artefacts if a.name == name), None) if draft else None
    if one is None:
        raise Http404
    return _file(one.name, one.media_type, one.content)


@xframe_options_sameorigin
@csp(_ALONE)
@require_safe
@incident_page("see")
def statement_file(request: HttpRequest, incident: Incident, outlet_id: UUID, name: str) -> HttpResponse:
    """One file as it went out, byte for byte."""
    one = queries.artefact(incident, outlet_id, name)
    if one is None:
        raise Http404
    return _file(one.name, one.media_type, bytes(one.content))


# ---- inside ----


def _file(name: str, media_type: str, content: bytes) -> HttpResponse:
    # What a browser can show is shown; the rest is saved.
    way = "inline" if media_type.startswith(("text/", "application/pdf", "application/json", "image/")) else "attachment"
    return HttpResponse(content, content_type=media_type, headers={"Content-Disposition": f'{way}; filename="{name.replace("/", "-")}"'})


def _side_by_side(texts: list[queries.Text]) -> list[dict[str, Any]]:
    """The texts for each kind of reader, their languages beside one another, section by section."""
    order = {"en": 0, "fr": 1, "fa": 2}
    made = []
    for audience in dict.fromkeys(one.notice.audience for one in texts):
        mine = sorted((one.notice for one in texts if one.notice.audience == audience), key=lambda notice: order.get(notice.language, 9))
        ids = list(dict.fromkeys(section.id for notice in mine for section in notice.sections))
        by_id = [{section.id: section for section in notice.sections} for notice in mine]
        sections = [[(notice.language, there.get(id)) for notice, there in zip(mine, by_id, strict=True)] for id in ids]
        made.append({"audience": audience, "notices": mine, "sections": sections})
    return made


def _signing(request: HttpRequest, incident: Incident, act: Callable[[], None]) -> HttpResponse:
    page = reverse("statements", kwargs={"incident_id": incident.pk})
    if not proved_lately(request):
        messages.warning(request, _("Confirm that it is you, then sign."))
        return redirect(f"{reverse('account_reauthenticate')}?next={page}")
    try:
        act()
    except actions.NotNow as error:
        messages.error(request, _refusal(str(error)))
    except Fixable as error:
        messages.error(request, str(error))
    return redirect(page)


def _refusal(code: str) -> str:
    says = {
        "nothing": _("Choose at least one outlet for which there is a text."),
        "changed": _("A text has changed meanwhile. Read it again, then sign anew."),
        "blocked": _("Something must be mended first; the page says what."),
        "gone": _("This is no longer open. Look at the page again."),
        "picture": _("A picture could not be signed. Take it off, save it anew, and attach it again."),
        "same": _("Whoever signed or wrote it cannot approve it. A different person must."),
    }
    return says[code]
