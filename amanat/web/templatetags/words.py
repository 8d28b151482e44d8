"""Numbers, moments and codes as people read them in English, French and Persian.

Persian pages get Persian digits and the Jalali calendar, with the Gregorian date on hover.
"""

from datetime import date, datetime, timedelta, timezone
from functools import lru_cache
from typing import Any

from django import template
from django.urls import NoReverseMatch, reverse, translate_url
from django.utils import timezone as zones
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _lazy
from icu4py.messageformat import MessageFormat

register = template.Library()

# CLDR's own order for Jalali dates reads wrongly, so the pattern is explicit.
_CALENDARS = {"fa": "fa@calendar=persian"}
_DAYS = {"fa": "EEEE d MMMM y", "fr": "EEEE d MMMM y", "en": "EEEE d MMMM y"}
_CLOCK = {"fa": "", "fr": "", "en": ""}  # the day was said already
_SHORT_DAYS = {"fa": "d MMMM y", "fr": "d MMM y", "en": "d MMM y"}


@register.filter
def number(value: Any) -> str:
    """12345 as 12,345, 12 345 or ۱۲٬۳۴۵; nothing for None."""
    if value is None or value == "":
        return ""
    return _format("{x, number}", _language(), value)


@register.filter
def few(value: Any) -> str:
    """A number that was reckoned: whole, and with tenths where it is small."""
    if value is None:
        return ""
    return number(round(value) if value >= 9.95 else round(value, 1))


@register.filter
def seconds(value: float | None) -> str:
    """How long somebody waits: seconds, and from two minutes on minutes."""
    if value is None:
        return ""
    return _format(_SECONDS[_language()], _language(), round(value)) if value < 120 else duration(round(value / 60))


@register.filter
def percent(share: Any) -> str:
    """A share from 0 to 1 as a percentage."""
    if share is None:
        return ""
    return _format("{x, number, ::percent scale/100 .#}", _language(), float(share))


@register.filter
def money(amount: Any, currency: str) -> str:
    """1234.5 and "EUR" as €1,234.50, 1 234,50 € or ‎€۱٬۲۳۴٫۵۰; parts of a cent are kept, because one mail costs less than one."""
    if amount is None:
        return ""
    return _format(f"{{x, number, ::currency/{currency} .00##}}", _language(), float(amount))


@register.filter
def duration(minutes: int | None) -> str:
    """How long something takes, in the unit that people would say: 20 minutes, 5 hours, 3 days."""
    if minutes is None:
        return ""
    if minutes < 100:
        return _format(_MINUTES[_language()], _language(), max(1, minutes))
    if minutes < 48 * 60:
        return _format(_HOURS[_language()], _language(), round(minutes / 60))
    return _format(_DAYS_LONG[_language()], _language(), round(minutes / 60 / 24))


@register.filter
def day(value: date | datetime | None) -> SafeString | str:
    """A calendar day, with the Gregorian one on hover where the page's calendar is another."""
    return _time(value, _SHORT_DAYS, has_clock=False)


def short_day(value: date) -> str:
    """A day where there is little room, as plain text for a picture: Mon 9 Mar."""
    language = _language()
    hands = datetime(value.year, value.month, value.day, tzinfo=timezone.utc)
    return _format("{x, date, EEE d MMM}", _CALENDARS.get(language, language), hands)


@register.filter
def moment(value: datetime | None) -> SafeString | str:
    """Day, time and zone in the reader's time zone."""
    return _time(value, _SHORT_DAYS, has_clock=True)


@register.filter
def long_moment(value: datetime | None) -> SafeString | str:
    """The same with the day of the week, where there is room."""
    return _time(value, _DAYS, has_clock=True)


@register.simple_tag
def span(since: datetime, until: datetime | None) -> SafeString | str:
    """From a moment to another; what both have in common is said once: 16 Nov 2026, 18:45 – 19:15."""
    if until is None or until - since < timedelta(minutes=1):
        return moment(since)
    is_same_day = zones.localtime(since).date() == zones.localtime(until).date()
    return format_html(
        "{} – {}", _time(since, _SHORT_DAYS, has_clock=True, has_zone=False), _time(until, _CLOCK if is_same_day else _SHORT_DAYS, has_clock=True)
    )


@register.filter
def in_zone(value: datetime | None, zone: str) -> SafeString | str:
    """A moment in another zone, such as the authority's, for beside the reader's own."""
    with zones.override(zone):
        return moment(value)


@register.filter
def hours_left(value: datetime | None, now: datetime | None = None) -> str:
    """How long until a moment, in the unit that people would say; or how long ago it passed."""
    if value is None:
        return ""
    left = value - (now or datetime.now(timezone.utc))
    n, is_late = abs(left), left < timedelta(0)
    if n < timedelta(hours=1):
        count, pattern = int(n.total_seconds() // 60), (_MINUTES_LATE if is_late else _MINUTES_LEFT)
    elif n < timedelta(days=3):
        count, pattern = int(n.total_seconds() // 3600), (_HOURS_LATE if is_late else _HOURS_LEFT)
    else:
        count, pattern = n.days, (_DAYS_LATE if is_late else _DAYS_LEFT)
    return _format(pattern[_language()], _language(), count)


@register.filter
def ltr(value: Any) -> SafeString:
    """A code, address or Latin name that must not be turned round inside Persian text."""
    return format_html('<bdi dir="ltr">{}</bdi>', value)


@register.filter
def is_soon(value: datetime | None, hours: int) -> bool:
    """Whether a moment is fewer than so many hours away, or has passed."""
    return value is not None and value - datetime.now(timezone.utc) < timedelta(hours=hours)


def _time(value: date | datetime | None, patterns: dict[str, str], *, has_clock: bool, has_zone: bool = True) -> SafeString | str:
    if value is None:
        return ""
    language = _language()
    comma = "، " if language == "fa" else ", "
    if isinstance(value, datetime):
        there = zones.localtime(value)
        # icu4py takes the clock's hands and forgets the zone, so the zone is written by us.
        hands, zone = there.replace(tzinfo=timezone.utc), _zone_name(there)
        iso = there.isoformat(timespec="minutes")
    else:
        hands, zone, iso = datetime(value.year, value.month, value.day, tzinfo=timezone.utc), "", value.isoformat()
        has_clock = False
    parts = [pattern for pattern in (patterns[language], "HH:mm" if has_clock else "") if pattern]
    shown = comma.join(_format(f"{{x, date, {pattern}}}", _CALENDARS.get(language, language), hands) for pattern in parts)
    zone_mark = format_html(' <bdi class="zone" dir="ltr">{}</bdi>', zone) if has_clock and has_zone and zone else ""
    if language in _CALENDARS:
        gregorian = _format("{x, date, d MMMM y}", "en", hands)
        return format_html('<time datetime="{}" title="{}">{}{}</time>', iso, gregorian, shown, zone_mark)
    return format_html('<time datetime="{}">{}{}</time>', iso, shown, zone_mark)


def _zone_name(there: datetime) -> str:
    """CET, or UTC+03:30 where the zone has no abbreviation."""
    name = there.tzname() or ""
    offset = there.strftime("%z")
    return f"UTC{offset[:3]}:{offset[3:5]}" if name[:1] in ("+", "-") else name


def _language() -> str:
    language = (get_language() or "en").split("-")[0]
    return language if language in _DAYS else "en"


@lru_cache(maxsize=200)
def _compiled(pattern: str, locale: str) -> MessageFormat:
    return MessageFormat(pattern, locale)


def _format(pattern: str, locale: str, value: Any) -> str:
    # ICU keeps the blank that stands before a date pattern.
    return str(_compiled(pattern, locale).format({"x": value})).strip(" ")


# Plurals belong to the language, so each has its own ICU pattern instead of a gettext entry.
_HOURS_LEFT = {
    "en": "{x, plural, one {# hour left} other {# hours left}}",
    "fr": "{x, plural, one {encore # heure} other {encore # heures}}",
    "fa": "{x, plural, other {# ساعت مانده}}",
}
_MINUTES_LEFT = {
    "en": "{x, plural, one {# minute left} other {# minutes left}}",
    "fr": "{x, plural, one {encore # minute} other {encore # minutes}}",
    "fa": "{x, plural, other {# دقیقه مانده}}",
}
_DAYS_LEFT = {
    "en": "{x, plural, one {# day left} other {# days left}}",
    "fr": "{x, plural, one {encore # jour} other {encore # jours}}",
    "fa": "{x, plural, other {# روز مانده}}",
}
_HOURS_LATE = {
    "en": "{x, plural, one {# hour late} other {# hours late}}",
    "fr": "{x, plural, one {# heure de retard} other {# heures de retard}}",
    "fa": "{x, plural, other {# ساعت گذشته}}",
}
_MINUTES_LATE = {
    "en": "{x, plural, one {# minute late} other {# minutes late}}",
    "fr": "{x, plural, one {# minute de retard} other {# minutes de retard}}",
    "fa": "{x, plural, other {# دقیقه گذشته}}",
}
_DAYS_LATE = {
    "en": "{x, plural, one {# day late} other {# days late}}",
    "fr": "{x, plural, one {# jour de retard} other {# jours de retard}}",
    "fa": "{x, plural, other {# روز گذشته}}",
}


_SECONDS = {
    "en": "{x, plural, one {# second} other {# seconds}}",
    "fr": "{x, plural, one {# seconde} other {# secondes}}",
    "fa": "{x, plural, other {# ثانیه}}",
}
_MINUTES = {
    "en": "{x, plural, one {# minute} other {# minutes}}",
    "fr": "{x, plural, one {# minute} other {# minutes}}",
    "fa": "{x, plural, other {# دقیقه}}",
}
_HOURS = {
    "en": "{x, plural, one {# hour} other {# hours}}",
    "fr": "{x, plural, one {# heure} other {# heures}}",
    "fa": "{x, plural, other {# ساعت}}",
}
_DAYS_LONG = {
    "en": "{x, plural, one {# day} other {# days}}",
    "fr": "{x, plural, one {# jour} other {# jours}}",
    "fa": "{x, plural, other {# روز}}",
}


# ---- links ----

# The chain of an incident: the words on the screen, and the name of the page that shows each.
STEPS = (
    ("incident", _lazy("Where do we stand?")),
    ("affected", _lazy("Who is affected?")),
    ("duties", _lazy("What must we do, by when?")),
    ("notices", _lazy("What do we say?")),
    ("approve", _lazy("May it go out?")),
    ("reach", _lazy("Who has not been told?")),
    ("desk", _lazy("Who needs us?")),
    ("measures", _lazy("Is trust coming back?")),
    ("journal", _lazy("Who did what, when, why?")),
)


# Pages below an incident whose address does not begin like that of the step they belong to; all others belong to the first.
BELONGS = {
    **dict.fromkeys(("review", "register", "audit"), "affected"),
    **dict.fromkeys(("questions", "world", "money", "forms", "controllers"), "duties"),
    **dict.fromkeys(("texts", "statements", "bulletin"), "notices"),
    **dict.fromkeys(("dry-run", "surge"), "approve"),
    "sending": "reach",
    "care": "desk",
}


@register.simple_tag(takes_context=True)
def incident_steps(context: template.Context) -> list[dict[str, Any]]:
    """The eight steps and, for who may read it, the journal, with their links; a page that does not exist yet has no link.

    `current` is what ARIA calls it: the page itself, or true for the step to which the page belongs.
    """
    match, names = context["request"].resolver_match, [name for name, _says in STEPS]
    part = match.route.split("/")[2] if match and match.route.startswith("incidents/") else ""
    home = part if part in names else BELONGS.get(part, "incident")
    return [
        {
            "says": says,
            "url": _reversed(name, incident_id=context["incident"].pk),
            "current": "page" if match and match.url_name == name else "true" if match and name == home else "",
        }
        for name, says in STEPS
        if name != "journal" or context["may_see_journal"]
    ]


@register.simple_tag
def incident_url(incident: Any) -> str:
    """The first page of an incident."""
    return _reversed("incident", incident_id=incident.pk) or reverse("overview")


@register.simple_tag(takes_context=True)
def in_language(context: template.Context, language: str) -> str:
    """This page of the public door in another language."""
    return translate_url(context["request"].get_full_path(), language)


def _reversed(name: str, **given: Any) -> str:
    try:
        return reverse(name, kwargs=given)
    except NoReverseMatch:
        return ""
