"""What will everybody see of it? The status page, the posts of each network and the sheet for the telephone, beside one text and in its language."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from csp.constants import SELF
from csp.decorators import csp_update
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from amanat import notify
from amanat.lib.errors import Fixable
from amanat.terms.notice import Finding
from amanat.web.accounts.pages import incident_page
from amanat.web.notify import outlets_queries, texts
from amanat.web.notify.editor import row_of
from amanat.web.respond.models import Incident


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """One outlet in one language, as it can be looked at."""

    outlet: str
    is_ours: bool  # amanat puts it out itself
    notice_id: str  # the text that it carries
    audience: str
    page: str  # name of the file for a frame
    text: str  # what is no page is read here
    posts: Sequence[dict[str, Any]]  # text, length, length_max
    pictures: Sequence[dict[str, str]]  # that go with the posts: file, alt
    findings: Sequence[Finding]


@csp_update({"frame-src": [SELF]})
@require_safe
@incident_page("see")
def outside(request: HttpRequest, incident: Incident, notice_id: str) -> HttpResponse:
    """Every outlet that speaks the language of this text, first those that carry it; the frames show the drafts of the page of statements."""
    row = row_of(incident, notice_id)
    language = row.language.partition("-x-")[0]  # no outlet carries an easy-read form
    given: dict[str, Any] = {"language": language, "looks": [], "error": ""}
    try:
        given["looks"] = sorted(_looks(incident, language), key=lambda one: _place(one, notice_id))
    except (Fixable, OSError) as error:
        given["error"] = str(error) if isinstance(error, Fixable) else ""
    return render(request, "notify/outside.html", texts.about(incident, row) | given)


def _looks(incident: Incident, language: str) -> Iterator[Look]:
    now = timezone.now()
    written = outlets_queries.texts(incident, now=now)
    spoken = {one.notice.id: one.notice for one in written if one.notice.language == language}
    # All languages are made, so that the codes are those of the frames.
    for draft in notify.make_drafts(outlets_queries.source(incident, written), at=now, before=outlets_queries.page_history(incident)):
        carried = next((spoken[id] for id in draft.notice_ids if id in spoken), None)
        files = {one.name: one for one in draft.artefacts if one.language == language}
        thread = json.loads(files[name].content) if (name := f"{draft.outlet}.{language}.json") in files else {}
        page = next((name for name in files if name.endswith(".html")), "")
        text = next((one.content.decode() for name, one in files.items() if name.endswith(".txt")), "") if not thread else ""
        if carried is not None and (thread or page or text):
            yield Look(
                outlet=draft.outlet,
                is_ours=notify.outlet_named(draft.outlet).released_by == "us",
                notice_id=carried.id,
                audience=carried.audience,
                page=page,
                text=text,
                posts=thread.get("posts", ()),
                pictures=thread.get("pictures", ()),
                findings=[one for one in draft.findings if one.where.endswith(f" {language}")],
            )


def _place(look: Look, notice_id: str) -> tuple[bool | str, ...]:
    """What carries this text stands first, then the page that everybody can open, then what else is for everyone."""
    return look.notice_id != notice_id, look.outlet != outlets_queries.PAGE, look.audience != "public", not look.is_ours, look.outlet
