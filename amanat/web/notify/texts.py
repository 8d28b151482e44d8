"""What do we say? The texts by group, one text beside its facts, its languages, its versions, and how persons will see it."""

from typing import Any

from csp.constants import NONE, SELF, UNSAFE_INLINE
from csp.decorators import csp, csp_update
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from amanat import notify
from amanat.web.accounts.pages import incident_page
from amanat.web.notify import changes as comparison
from amanat.web.notify import plans, queries
from amanat.web.notify.models import NoticeRow
from amanat.web.respond.models import Incident, KeysErased

PICTURE_SCALE = 1.4  # dots for each point of the letter's page


@require_safe
@incident_page("see")
def notices(request: HttpRequest, incident: Incident) -> HttpResponse:
    """Each letter group with its languages, how many read each text, and what the gate says."""
    counts = _counts(incident)
    groups = [
        {"name": name, "rows": [{"row": row, "n": counts.notices.get(row.notice_id, 0) if counts else None, **_gate(row)} for row in rows]}
        for name, rows in queries.letter_groups(incident).items()
    ]
    return render(request, "notify/notices.html", {"incident": incident, "groups": groups})


@require_safe
@incident_page("see")
def notice(request: HttpRequest, incident: Incident, notice_id: str) -> HttpResponse:
    """One text, each sentence with the facts it rests on and what the gate says of it."""
    row = _row(incident, notice_id)
    sections = queries.sections(row, queries.facts_of(incident), get_language() or "en")
    given = {"sections": sections, "whole": [f for f in row.findings if not f.get("where")]}
    return render(request, "notify/notice.html", _about(incident, row) | given)


@require_safe
@incident_page("see")
def languages(request: HttpRequest, incident: Incident, notice_id: str) -> HttpResponse:
    """The languages of one group side by side, section by section."""
    row = _row(incident, notice_id)
    rows = queries.letter_groups(incident)[row.letter_group]
    ids = list(dict.fromkeys(section["id"] for one in rows for section in one.content["sections"]))
    by_id = [{section["id"]: section for section in one.content["sections"]} for one in rows]
    sections = [[(one.language, sections_.get(name)) for one, sections_ in zip(rows, by_id, strict=True)] for name in ids]
    return render(request, "notify/languages.html", _about(incident, row) | {"rows": rows, "sections": sections})


@require_safe
@incident_page("see")
def changes(request: HttpRequest, incident: Incident, notice_id: str) -> HttpResponse:
    """What changed from one version to the next."""
    row = _row(incident, notice_id)
    versions = list(NoticeRow.objects.filter(incident=incident, notice_id=notice_id).select_related("author").order_by("version"))
    by_number = {one.version: one for one in versions}
    new = by_number.get(_number(request, "to"), row)
    old = by_number.get(_number(request, "from")) or next((one for one in reversed(versions) if one.version < new.version), None)
    lines = comparison.changes(old.content, new.content) if old else []
    given = {"versions": versions, "old": old, "new": new, "lines": lines, "is_changed": any(line.state != "same" for line in lines)}
    return render(request, "notify/changes.html", _about(incident, row) | given)


@csp_update({"frame-src": [SELF]})
@require_safe
@incident_page("see")
def samples(request: HttpRequest, incident: Incident, notice_id: str) -> HttpResponse:
    """The text as three persons of the list will see it, on each channel; alone, or as a part of the approval page."""
    row = _row(incident, notice_id)
    is_part = bool(getattr(request, "htmx", False))
    given = _about(incident, row) | {"samples": shown_samples(incident, row)}
    return render(request, "notify/sample_cards.html" if is_part else "notify/samples.html", given)


@xframe_options_sameorigin
@csp({"default-src": [NONE], "style-src": [UNSAFE_INLINE], "img-src": ["data:"], "frame-ancestors": [SELF], "sandbox": [""]})
@require_safe
@incident_page("see")
def sample(request: HttpRequest, incident: Incident, notice_id: str, sample: int) -> HttpResponse:
    """The mail as a person under an invented name sees it, for a frame that can do nothing but show it."""
    row, one = _row(incident, notice_id), _sample(incident, notice_id, sample)
    return HttpResponse(notify.sample_html(notify.notice_from(row.content), one, queries.company_of(incident), on=timezone.localdate()))


@require_safe
@incident_page("see")
def letter(request: HttpRequest, incident: Incident, notice_id: str, sample: int) -> HttpResponse:
    """The letter of a sample as PDF."""
    name = f'inline; filename="{notice_id}.pdf"'
    return HttpResponse(_letter(incident, notice_id, sample), content_type="application/pdf", headers={"Content-Disposition": name})


@require_safe
@incident_page("see")
def letter_picture(request: HttpRequest, incident: Incident, notice_id: str, sample: int) -> HttpResponse:
    """The first page of the letter as a picture, for the page beside the mail; it is our own PDF, not one that was received."""
    from io import BytesIO

    import pypdfium2

    document = pypdfium2.PdfDocument(_letter(incident, notice_id, sample))
    try:
        picture = BytesIO()
        document[0].render(scale=PICTURE_SCALE).to_pil().save(picture, "PNG")
    finally:
        document.close()
    return HttpResponse(picture.getvalue(), content_type="image/png")


def shown_samples(incident: Incident, row: NoticeRow) -> list[dict[str, Any]]:
    """The samples of a text with why each was chosen, what the message rests on, and the message as plain text."""
    company, made = queries.company_of(incident), notify.notice_from(row.content)
    return [
        {"why": why, "sample": one, "n": n, "text": notify.sample_text(made, one, company, on=timezone.localdate())}
        for why, one, n in _samples(incident, row.notice_id)
    ]


# ---- inside ----


def _about(incident: Incident, row: NoticeRow) -> dict[str, Any]:
    """What every page of one text shows around it: its group's languages and its versions."""
    return {
        "incident": incident,
        "row": row,
        "siblings": queries.letter_groups(incident)[row.letter_group],
        "n_versions": NoticeRow.objects.filter(incident=incident, notice_id=row.notice_id).count(),
        **_gate(row),
    }


def _gate(row: NoticeRow) -> dict[str, int]:
    n_blocking = queries.n_blocking([row])
    return {"n_blocking": n_blocking, "n_advice": len(row.findings) - n_blocking}


def _row(incident: Incident, notice_id: str) -> NoticeRow:
    row = next((r for r in queries.newest_notices(incident) if r.notice_id == notice_id), None)
    if row is None:
        raise Http404
    return row


def _counts(incident: Incident) -> plans.Counts | None:
    try:
        return plans.counts_of(incident, now=timezone.now())
    except KeysErased:
        return None


def _samples(incident: Incident, notice_id: str) -> list[tuple[str, notify.Sample, int]]:
    """Of the list; while nobody on it reads the text, the one that shows the most of it stands alone."""
    counts = _counts(incident)
    found = counts.samples.get(notice_id, []) if counts else []
    return found or [("nobody", _everything(_row(incident, notice_id)), 0)]


def _everything(row: NoticeRow) -> notify.Sample:
    sentences = [s for section in row.content["sections"] for s in section["sentences"]]
    kinds = sorted({kind for s in sentences for kind in s["kinds"]})
    basis = next((b for s in sentences for b in s.get("bases", ())), "")
    return notify.Sample(kinds=tuple(kinds), basis=basis, residence=next((p for s in sentences for p in s["places"]), ""), reader="self")


def _sample(incident: Incident, notice_id: str, number: int) -> notify.Sample:
    found = _samples(incident, notice_id)
    if number >= len(found):
        raise Http404
    return found[number][1]


def _letter(incident: Incident, notice_id: str, number: int) -> bytes:
    row, one = _row(incident, notice_id), _sample(incident, notice_id, number)
    return notify.sample_letter(notify.notice_from(row.content), one, queries.company_of(incident), on=timezone.localdate())


def _number(request: HttpRequest, name: str) -> int:
    text = str(request.GET.get(name, ""))[:6]
    return int(text) if text.isdecimal() else 0
