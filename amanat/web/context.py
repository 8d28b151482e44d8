"""What every template knows."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language_bidi

from amanat.web.languages import LANGUAGES


def house(request: HttpRequest) -> dict[str, Any]:
    """Languages, direction, doors, and the incident that the page is about."""
    return {
        "languages": LANGUAGES,
        "is_rtl": get_language_bidi(),
        "is_demo": settings.IS_DEMO,
        "demo_step": SimpleLazyObject(_demo_step),
        "public_url": settings.PUBLIC_URL,
        "our_name": SimpleLazyObject(_our_name),
        "incident": (incident := getattr(request, "incident", None)),
        "time_band": SimpleLazyObject(lambda: _band(incident)) if incident else None,
        "silence_clock": SimpleLazyObject(lambda: _silence(incident)) if incident else None,
        "may_see_journal": SimpleLazyObject(lambda: _may_see_journal(request, incident)) if incident else False,
    }


def _band(incident: Any) -> Any:
    """Read when a page shows it; imported here, because the public door, too, has this context and needs none of it."""
    from amanat.web.chain.queries import band

    return band(incident)


def _silence(incident: Any) -> Any:
    from django.utils import timezone

    from amanat.web.chain import silence

    return silence.of(incident, now=timezone.now())


def _may_see_journal(request: HttpRequest, incident: Any) -> bool:
    from amanat.web.accounts import permissions

    return permissions.may(request.user, "see_journal", incident)


def _our_name() -> str:
    """Of the company whose pages these are, at the top of every page for outsiders."""
    from amanat.web.public.steady import our_name

    return our_name()


def _demo_step() -> str:
    from amanat.web.demo import step_in_words

    return step_in_words()
