"""A filled form as a tagged PDF (PDF/UA-1) in the form's language, set by typst with the fonts that ship with amanat."""

from datetime import date
from functools import cache
from typing import Any

from amanat import wording
from amanat.notify.form import Form
from amanat.notify.form_document import Document
from amanat.notify.form_show import Line, form_parts
from amanat.notify.runs import runs
from amanat.notify.typesetter import HOME, Sets, Typesetter
from amanat.terms.company import Company
from amanat.terms.notice import braced

LAYOUT = HOME / "form.typ"


def form_pdf(form: Form, document: Document, company: Company, *, on: date, setter: Sets | None = None) -> bytes:
    """The document as it can be handed in, attached or kept; the same document gives the same bytes."""
    return (setter or _setter()).pdf(form_data(form, document, company), on)


def form_data(form: Form, document: Document, company: Company) -> dict[str, Any]:
    """What the layout needs, as it goes into typst's JSON."""
    words = wording.words(document.language)
    direction = words.language.direction
    changed = {one.id for one in document.changes}

    def line(text: str) -> list[dict[str, Any]]:
        return [{"text": run.text, "ltr": run.is_ltr, "code": False} for run in runs(braced(text), direction)]

    def field(one: Line) -> dict[str, Any]:
        state = one.filled.state
        value = one.shown
        if state in ("missing", "needs_human"):
            value = value or words.text["form_missing"]
        elif state == "not_applicable":
            value = words.text["form_not_applicable"]
        return {
            "number": one.field.number,
            "label": line(one.label),
            "paragraphs": [line(part) for part in value.split("\n") if part.strip()],
            "is_open": state != "filled",
            "changed": line(words.text["form_changed"]) if one.filled.id in changed else [],
        }

    phase = form.phase_of(document.phase)
    made = shown_day(document, words)
    head = [words.say(words.text["form_line"], company=company.legal_name, day=made)]
    if document.reference:
        head.append(words.say(words.text["form_reference"], reference=document.reference))
    if document.due_at:
        head.append(words.say(words.text["form_late" if document.is_late else "form_due"], moment=words.moment(document.due_at, form.zone)))
    if document.lacking:
        head.append(words.say(words.text["form_draft"], n=len(document.lacking)))
    title = f"{form.name[document.language]} – {phase.label[document.language]}"
    return {
        "language": document.language,
        "direction": direction,
        "digits": [words.say("{n,number}", n=n) for n in range(10)],
        "paper": "us-letter" if form.zone.startswith("America/") else "a4",
        "company": company.legal_name,
        "title": line(title),
        "title_plain": title,
        "authority": line(form.authority),
        "status": line(form.status[document.language]),
        "head": [line(text) for text in head],
        "parts": [{"heading": line(part.heading), "fields": [field(one) for one in part.lines]} for part in form_parts(form, document)],
        "page": words.say(words.text["page"], n="\ue001", total="\ue002"),
    }


def shown_day(document: Document, words: Any) -> str:
    """The day on which the document was made, in the language's calendar."""
    return str(words.day(document.made_at, "UTC"))


@cache
def _setter() -> Typesetter:
    return Typesetter(LAYOUT)
