"""What do we say? The texts by group, one text beside its facts, its languages, its versions, and how persons will see it."""

from dataclasses import asdict
from typing import Any

from csp.constants import NONE, SELF, UNSAFE_INLINE
from csp.decorators import csp, csp_update
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
from amanat.web.accounts.pages import incident_page
from amanat.web.notify import actions, editor, following, overruling, parallel, plans, queries, touched
from amanat.web.notify import changes as comparison
from amanat.web.notify import others as others_
from amanat.web.notify.editor import row_of
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
    """One text, each sentence with the facts it rests on, what the gate says of it, and a place to write it otherwise."""
    row = row_of(incident, notice_id)
    may_write, key = permissions.may(request.user, "write_notices", incident), str(request.GET.get("edit", ""))[:80]
    if key and may_write and getattr(request, "htmx", False):
        return render(request, "notify/write.html", {"incident": incident, "row": row, "place": editor.place(row, key)})
    whole = queries.once([f for f in row.findings if not f.get("where")])
    sections = editor.beside(row, whole, get_language() or "en", may_write=may_write, edit=key)
    changed = touched.changed_since(incident, row.at)
    for section in sections:
        for sentence in section["sentences"]:
            for fact in sentence["facts"]:
                fact["is_changed"] = fact["name"] in changed
    rests_on = {fact["name"] for section in sections for sentence in section["sentences"] for fact in sentence["facts"]}
    given = {
        "sections": sections,
        "whole": whole,
        "gate": editor.anchors(sections, whole),
        "lapsed": [one for one in row.edits if one["is_lapsed"]],
        "edits": [one for one in row.edits if not one["is_lapsed"]],
        "may_write": may_write,
        "place": editor.place(row, key) if key and may_write else None,
        "changed": [name for name in changed if name in rests_on],
        "may_overrule": may_write,
    }
    if given["changed"]:
        given |= touched.carried_by(row) | {"next_at": others_.next_update(incident, now=timezone.now())}
    return render(request, "notify/notice.html", about(incident, row) | given)


@require_POST
@incident_page("write_notices")
def let_stand(request: HttpRequest, incident: Incident, notice_id: str) -> HttpResponse:
    """Lets an advice of the gate stand, with a reason and the name of whoever asks for it."""
    row = row_of(incident, notice_id)
    named = {name: str(request.POST.get(name, ""))[:400] for name in ("check", "where", "quote", "reason")}
    try:
        overruling.let_stand(row, by=request.user, now=timezone.now(), **named)  # type: ignore[arg-type]
    except notify.CannotOverrule:
        messages.error(request, _("Say why in a sentence; what blocks cannot stand."))
    return redirect("notice", incident.pk, notice_id)


@require_safe
@incident_page("see")
def others(request: HttpRequest, incident: Incident) -> HttpResponse:
    """What the press, the public, staff and others read: the facts as they stand, in every language side by side."""
    names, kinds = tuple(notify.audiences()), tuple(notify.incidents())
    which = request.GET.get("for", "public")
    audience = which if which in names else names[0]
    kind = request.GET.get("kind") if request.GET.get("kind") in kinds else None
    is_easy, now = request.GET.get("easy") == "1", timezone.now()
    given: dict[str, Any] = {"incident": incident, "names": names, "kinds": kinds, "audience": audience, "kind": kind, "is_easy": is_easy}
    try:
        made = others_.written(incident, audience, kind=kind, is_easy=is_easy, now=now)
        findings = others_.judged(incident, made, now=now)
    except Fixable as error:
        return render(request, "notify/others.html", given | {"error": str(error)})
    columns = [{"language": one.language, "content": one.as_dict(), "findings": queries.once([asdict(f) for f in findings[one.id]])} for one in made]
    given |= {
        "columns": columns,
        "sections": parallel.sections_of(columns, others_.with_counts(incident), get_language() or "en"),
        "whole": [{"language": one["language"], "finding": finding} for one in columns for finding in one["findings"] if not finding["where"]],
        "may_keep": permissions.may(request.user, "write_notices", incident) and not is_easy,
    }
    return render(request, "notify/others.html", given)


@require_POST
@incident_page("write_notices")
def keep_others(request: HttpRequest, incident: Incident) -> HttpResponse:
    """Keeps the texts for an audience as they are now, so that a statement can carry them."""
    audience, kind = str(request.POST.get("for", "")), str(request.POST.get("kind", "")) or None
    if audience not in notify.audiences() or (kind and kind not in notify.incidents()):
        raise Http404
    now = timezone.now()
    try:
        # What each person reads who was told is no statement: it is the last of their letters.
        is_letter = audience == "told"
        made = following.last_letters(incident, now=now) if is_letter else others_.written(incident, audience, kind=kind, is_easy=False, now=now)
        findings = {id: [asdict(one) for one in each] for id, each in others_.judged(incident, made, now=now).items()}
    except Fixable as error:
        messages.error(request, str(error))
    else:
        actions.take_in(incident, notices=made, findings=findings, by=request.user, now=now)  # type: ignore[arg-type]
        kept = _("Kept. Everyone who was told gets this letter once two people have approved it.")
        messages.success(request, kept if audience == "told" else _("Kept. A statement can carry these texts now."))
    return redirect(f"{reverse('other_texts', args=[incident.pk])}?for={audience}" + (f"&kind={kind}" if kind else ""))


@require_safe
@incident_page("see")
def languages(request: HttpRequest, incident: Incident, notice_id: str) -> HttpResponse:
    """The languages of one group side by side, sentence by sentence."""
    row = row_of(incident, notice_id)
    rows = _siblings(incident, row)
    columns = [{"language": one.language, "content": one.content, "findings": queries.once(one.findings)} for one in rows]
    sections = parallel.sections_of(columns, queries.facts_of(incident), get_language() or "en")
    return render(request, "notify/languages.html", about(incident, row) | {"columns": columns, "sections": sections})


@require_safe
@incident_page("see")
def changes(request: HttpRequest, incident: Incident, notice_id: str) -> HttpResponse:
    """What changed from one version to the next."""
    row = row_of(incident, notice_id)
    versions = list(NoticeRow.objects.filter(incident=incident, notice_id=notice_id).select_related("author").order_by("version"))
    by_number = {one.version: one for one in versions}
    new = by_number.get(_number(request, "to"), row)
    old = by_number.get(_number(request, "from")) or next((one for one in reversed(versions) if one.version < new.version), None)
    lines = comparison.changes(old.content, new.content) if old else []
    given = {
        "versions": versions,
        "old": old,
        "new": new,
        "groups": comparison.folded(lines),
        "n_changed": sum(line.state != "same" for line in lines),
    }
    return render(request, "notify/changes.html", about(incident, row) | given)


@csp_update({"frame-src": [SELF]})
@require_safe
@incident_page("see")
def samples(request: HttpRequest, incident: Incident, notice_id: str) -> HttpResponse:
    """The text as three persons of the list will see it, on each channel; alone, or as a part of the approval page."""
    row = row_of(incident, notice_id)
    is_part = bool(getattr(request, "htmx", False))
    given = about(incident, row) | {"samples": shown_samples(incident, row)}
    return render(request, "notify/sample_cards.html" if is_part else "notify/samples.html", given)


@xframe_options_sameorigin
@csp({"default-src": [NONE], "style-src": [UNSAFE_INLINE], "img-src": ["data:"], "frame-ancestors": [SELF], "sandbox": [""]})
@require_safe
@incident_page("see")
def sample(request: HttpRequest, incident: Incident, notice_id: str, sample: int) -> HttpResponse:
    """The mail as a person under an invented name sees it, for a frame that can do nothing but show it."""
    row, one = row_of(incident, notice_id), _sample(incident, notice_id, sample)
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
    """The samples of a text with why each was chosen, what the message rests on, and the message as plain text and as text message."""
    company, made = queries.company_of(incident), notify.notice_from(row.content)
    return [
        {
            "why": why,
            "sample": one,
            "n": n,
            "text": notify.sample_text(made, one, company, on=timezone.localdate()),
            "sms": notify.sample_sms(made, one, company),
        }
        for why, one, n in _samples(incident, row.notice_id)
    ]


def about(incident: Incident, row: NoticeRow) -> dict[str, Any]:
    """What every page of one text shows around it: its group's languages and its versions."""
    return {
        "incident": incident,
        "row": row,
        "siblings": _siblings(incident, row),
        "n_versions": NoticeRow.objects.filter(incident=incident, notice_id=row.notice_id).count(),
        **_gate(row),
    }


# ---- inside ----


def _gate(row: NoticeRow) -> dict[str, int]:
    return {"n_blocking": queries.n_blocking([row]), "n_advice": queries.n_advice([row])}


def _siblings(incident: Incident, row: NoticeRow) -> list[NoticeRow]:
    """The same text in its other languages."""
    order = {"en": 0, "fr": 1, "fa": 2}
    same = [one for one in queries.newest_notices(incident) if one.letter_group == row.letter_group]
    return sorted(same, key=lambda one: (order.get(one.language, 9), one.language))


def _counts(incident: Incident) -> plans.Counts | None:
    try:
        return plans.counts_of(incident, now=timezone.now())
    except KeysErased:
        return None


def _samples(incident: Incident, notice_id: str) -> list[tuple[str, notify.Sample, int]]:
    """Of the list; while nobody on it reads the text, the one that shows the most of it stands alone."""
    counts = _counts(incident)
    found = counts.samples.get(notice_id, []) if counts else []
    return found or [("nobody", _everything(row_of(incident, notice_id)), 0)]


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
    row, one = row_of(incident, notice_id), _sample(incident, notice_id, number)
    return notify.sample_letter(notify.notice_from(row.content), one, queries.company_of(incident), on=timezone.localdate())


def _number(request: HttpRequest, name: str) -> int:
    text = str(request.GET.get(name, ""))[:6]
    return int(text) if text.isdecimal() else 0
