"""Sums of money of which only two figures count, as people read them in English, French and Persian."""

from typing import Any

from django import template
from django.utils.translation import get_language

from amanat.web.templatetags.words import _format

register = template.Library()


@register.filter
def about(amount: Any, currency: str = "EUR") -> str:
    """1234567 as €1,200,000, 1 200 000 € or ‎€۱٬۲۰۰٬۰۰۰: more figures would look like a forecast."""
    if amount is None:
        return ""
    return _format(f"{{x, number, ::currency/{currency} precision-integer}}", _tag(), rounded(float(amount)))


@register.filter
def whole(amount: Any, currency: str = "EUR") -> str:
    """A sum that the law names, to the last unit."""
    if amount is None:
        return ""
    return _format(f"{{x, number, ::currency/{currency} precision-integer}}", _tag(), float(amount))


def short(amount: float, currency: str = "EUR") -> str:
    """For the axis of a picture: €1.2M, 1,2 M €, ‎€۱٫۲ میلیون."""
    return _format(f"{{x, number, ::currency/{currency} compact-short}}", _tag(), rounded(amount))


def rounded(amount: float) -> float:
    """To two figures that count."""
    return float(f"{amount:.2g}")


def _tag() -> str:
    return (get_language() or "en").split("-")[0]


@register.filter
def figures(value: Any) -> str:
    """A number with as many figures as it needs: 0.0005 stays that."""
    return "" if value is None else _format("{x, number, ::.######}", _tag(), float(value))
