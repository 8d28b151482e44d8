"""What the pages of authorities' forms say of a field: its state, what it rests on, its doubts, and its questions."""

import re
from collections.abc import Mapping
from typing import Any

from django import template
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from amanat import notify
from amanat.lib.errors import Fixable
from amanat.terms.fact import fact_types
from amanat.web.templatetags.names import language_name
from amanat.web.templatetags.words import number

register = template.Library()

STATES: dict[str, str | Promise] = {
    "filled": _("filled"),
    "missing": _("not known yet"),
    "needs_human": _("needs a person"),
    "not_applicable": _("does not apply"),
}
SOURCES: dict[str, str | Promise] = {
    "exposures": _("counted from the files"),
    "assessment": _("from the assessment"),
    "receipts": _("from the receipts of sending"),
    "case": _("the incident’s own number"),
    "submission": _("from what was handed in before"),
    "notices": _("from the notices"),
    "by_hand": _("entered by hand"),
}
NOTES: dict[str, str | Promise] = {"believed": _("believed, not proven"), "a suggestion": _("a suggestion; a person confirms it")}


@register.filter
def form_state(state: str) -> str:
    """The state of a field in words."""
    return str(STATES.get(state, state))


@register.filter
def form_source(source: str, form: Any = None) -> str:
    """What a value rests on: the question of a fact, a key of company.toml, an earlier field."""
    what, _colon, name = source.partition(":")
    if what == "fact" and name in fact_types():
        return gettext(fact_types()[name].says)
    if what == "company":
        return f"\u2066company.toml: {name}\u2069"
    if what == "field":
        return gettext("this form: %(field)s") % {"field": _field(form, name)}
    if what == "notice":
        return str(SOURCES["notices"])
    return str(SOURCES.get(what, source))


@register.filter
def form_note(note: str, form: Any = None) -> str:
    """A doubt that stands beside a value."""
    if note in NOTES:
        return str(NOTES[note])
    if found := re.fullmatch(r"(\d+) more wait for a reviewer", note):
        return gettext("%(n)s more wait for a reviewer") % {"n": number(int(found[1]))}
    if found := re.fullmatch(r"(\d+) files could not be read", note):
        return gettext("%(n)s files could not be read") % {"n": number(int(found[1]))}
    if found := re.fullmatch(r"taken from (\w+)", note):
        return gettext("taken from another moment: %(fact)s") % {"fact": form_source(f"fact:{found[1]}")}
    if found := re.fullmatch(r"written in ([\w-]+)", note):
        return gettext("written in another language: %(language)s") % {"language": language_name(found[1])}
    if found := re.fullmatch(r"waits for (.+)", note):
        return gettext("depends on another answer: %(field)s") % {"field": "; ".join(_field(form, id) for id in found[1].split(", "))}
    return gettext("what was found does not fit this field")


def _field(form: Any, id: str) -> str:
    """A field by its number, or by its label where the form prints none."""
    field = next((field for field in form.field if field.id == id), None) if form else None
    if field is None or field.number:
        return f"\u2066{id}\u2069"
    return spoken(field.label, get_language() or "en")


@register.filter
def form_ask(line: Any) -> str:
    """The question to a person where no fact answers it, in the reader's language."""
    return str(next(iter(line.questions), "")) if not line.filled.ask else ""


@register.filter
def spoken(labels: Mapping[str, str], language: str) -> str:
    """A label of a form in the reader's language."""
    return labels.get(language) or labels["en"]


@register.filter
def n_lacking(document: Any) -> int:
    """How many required fields are not filled."""
    return len(document.lacking)


@register.filter
def has_form(duty_id: str) -> bool:
    """Whether a form answers this duty; a form's file that is broken keeps nobody from seeing the duties."""
    try:
        return any(duty_id in form.duties for form in notify.all_forms().values())
    except Fixable:
        return False


@register.filter
def form_phase(form: Any, phase: str) -> Any:
    """One phase of a form."""
    return form.phase_of(phase)


@register.filter
def form_phase_label(form: Any, phase: str) -> Mapping[str, str]:
    """The label of a phase, by language."""
    labels: Mapping[str, str] = form.phase_of(phase).label
    return labels
