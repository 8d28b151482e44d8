"""Where inside a file something stands, as scope's readers say it in English, in the language of the page."""

import re
from typing import Any

from django import template
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _lazy

from amanat.web.templatetags.words import number

register = template.Library()

_NUMBERED: dict[str, str | Promise] = {
    "message": _lazy("message %(n)s"),
    "page": _lazy("page %(n)s"),
    "slide": _lazy("slide %(n)s"),
    "part": _lazy("part %(n)s"),
    "line": _lazy("line %(n)s"),
}
_NAMED: dict[str, str | Promise] = {"table": _lazy("table"), "sheet": _lazy("sheet"), "list": _lazy("list")}
_PLACE = re.compile(r"(?P<what>[a-z]+) (?P<which>.+?)(?P<scan> \(scan\))?")


@register.filter
def inside(place: Any) -> SafeString | str:
    """`message 22`, `page 3 (scan)` and `table guests` in words of the page; a name stays as it is, and what we do not know too."""
    found = _PLACE.fullmatch(str(place or ""))
    if found and found["what"] in _NUMBERED and found["which"].isdecimal():
        says = str(_NUMBERED[found["what"]]) % {"n": number(int(found["which"]))}
        return format_html("{} ({})", says, _lazy("scanned")) if found["scan"] else says
    if found and found["what"] in _NAMED:
        return format_html('{} <bdi dir="ltr">{}</bdi>', _NAMED[found["what"]], found["which"] + (found["scan"] or ""))
    return format_html('<bdi dir="ltr">{}</bdi>', place) if place else ""
