"""Places, languages, kinds of data and acts of the journal, as people name them in the language of the page."""

from datetime import datetime
from functools import lru_cache
from typing import Any

from babel import Locale
from babel.core import UnknownLocaleError
from django import template
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _lazy

from amanat.terms.places import country_of
from amanat.web.templatetags.words import number
from amanat.wording import language_for, languages, words

register = template.Library()

ACTS: dict[str, str | Promise] = {
    "incident.declared": _lazy("declared the incident"),
    "member.added": _lazy("gave somebody a role"),
    "fact.noted": _lazy("noted a fact"),
    "facts.taken_in": _lazy("took in the facts of the folder"),
    "people.erased": _lazy("erased the persons"),
    "run.asked": _lazy("asked to read the files"),
    "run.taken_in": _lazy("took in what was found"),
    "run.finished": _lazy("finished reading the files"),
    "run.failed": _lazy("could not read the files"),
    "journal.exported": _lazy("exported the journal"),
}


@register.filter
def act(code: str) -> str:
    """What was done, in words; an act without words yet stands as its code."""
    return str(ACTS.get(code, code))


@register.filter
def place(code: str | None) -> str:
    """A country, or a state of one: "United States (CA)"; several in one text are not understood, on purpose."""
    if not code:
        return gettext("place not known")
    if code == "EEA":
        return gettext("European Economic Area")
    country = _locale(_language()).territories.get(country_of(code), code)
    return country if "-" not in code else f"{country} (\u2066{code.split('-')[1]}\u2069)"


@register.filter
def language_name(tag: str | None) -> str:
    """French, français, فرانسوی."""
    if not tag:
        return gettext("language not known")
    try:
        return str(Locale.parse(tag.replace("-", "_")).get_display_name(_language()) or tag)
    except (UnknownLocaleError, ValueError):
        return tag


@register.filter
def kind(name: str) -> str:
    """A kind of data, as the notices name it."""
    found = words(language_for(_language(), languages(), "en")).kinds.get(name)
    return found.name if found else name


@register.filter
def size(n_bytes: int) -> str:
    """1.1 kB, 3.1 MB: in the unit in which the number is easy to say."""
    value, unit = float(n_bytes), _lazy("%(n)s bytes")
    for larger in (_lazy("%(n)s kB"), _lazy("%(n)s MB"), _lazy("%(n)s GB"), _lazy("%(n)s TB")):
        if value < 1000:
            break
        value, unit = value / 1000, larger
    return str(unit) % {"n": number(round(value, 1) if value < 100 else round(value))}


@register.filter
def english(text: str) -> SafeString:
    """A sentence that exists in English only, such as that of a law, marked for screen readers and kept from being turned round."""
    return format_html('<span lang="en" dir="ltr" class="english">{}</span>', text)


def _language() -> str:
    return (get_language() or "en").split("-")[0]


@lru_cache(maxsize=10)
def _locale(language: str) -> Locale:
    return Locale.parse(language)


@register.filter
def at(table: dict[str, Any], key: str) -> Any:
    """The member of a table under a key that another value names."""
    return table.get(key, "")


@register.filter
def as_moment(text: str | None) -> datetime | None:
    """A moment that was kept as ISO 8601 text."""
    return datetime.fromisoformat(text) if text else None


@register.filter
def answer(value: Any) -> Any:
    """What a question was answered with: yes, no, a number, or the words as they are."""
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    if isinstance(value, (int, float)):
        return number(value)
    if isinstance(value, (list, tuple)):
        return ", ".join(str(one) for one in value)
    return value
