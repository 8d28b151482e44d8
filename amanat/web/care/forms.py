"""What a person types on my page, checked where it enters. Digits of any script are digits."""

import unicodedata
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from amanat import care
from amanat.web.uploads import FILE_MAX, FILES_MAX

TEXT_MAX = 5000


def latin_digits(text: str) -> str:
    """Persian and Arabic digits and separators as the machine reads them.

    >>> latin_digits("۱۲٬۳۴۵٫۵")
    '12345.5'
    """
    digits = "".join(str(unicodedata.decimal(c)) if unicodedata.decimal(c, None) is not None else c for c in text)
    return digits.replace("٬", "").replace("٫", ".")


class AskForm(forms.Form):
    """A question to a person."""

    text = forms.CharField(max_length=TEXT_MAX, strip=True)
    case = forms.UUIDField(required=False)


class HarmForm(forms.Form):
    """A harm, told in the person's own words; everything but what happened may be left out."""

    harm = forms.ChoiceField()
    text = forms.CharField(max_length=TEXT_MAX, strip=True)
    happened_on = forms.CharField(required=False, max_length=20)
    lost_eur = forms.CharField(required=False, max_length=20)

    def __init__(self, *args: Any, today: date, **given: Any) -> None:
        super().__init__(*args, **given)
        self.today = today
        self.fields["harm"].choices = [(name, name) for name in care.harms()]  # type: ignore[attr-defined]

    def clean_happened_on(self) -> date | None:
        text = latin_digits(self.cleaned_data["happened_on"]).strip().replace("/", "-")
        if not text:
            return None
        day = _day(text)
        if day is None or day > self.today:
            raise forms.ValidationError(_("This is not a day that has been. Write it as 2026-03-25, or leave it empty."))
        return day

    def clean_lost_eur(self) -> Decimal | None:
        text = (
            latin_digits(self.cleaned_data["lost_eur"])
            .replace("€", "")
            .replace("\u00a0", "")
            .replace("\u202f", "")
            .replace(" ", "")
            .replace(",", ".")
        )
        if not text:
            return None
        try:
            amount = Decimal(text)
        except ArithmeticError:
            amount = Decimal(-1)
        if not amount.is_finite() or not 0 <= amount < Decimal(10**9):
            raise forms.ValidationError(_("This is not an amount. Write digits only, such as 120, or leave it empty."))
        return amount.quantize(Decimal("0.01"))


def _day(text: str) -> date | None:
    """A day of the Gregorian calendar, or of the Jalali one, as a Persian reader writes it (1405-01-05)."""
    parts = text.split("-")
    if len(parts) != 3 or not all(part.isdigit() and len(part) <= 4 for part in parts):
        return None
    year, month, day = map(int, parts)
    try:
        return _from_jalali(year, month, day) if 1300 <= year < 1500 else date(year, month, day)
    except ValueError:
        return None


def _from_jalali(year: int, month: int, day: int) -> date:
    """The Gregorian day of a Jalali one, by the 33-year rule, which holds for the years 1178 to 1633.

    >>> _from_jalali(1405, 1, 1), _from_jalali(1404, 12, 29), _from_jalali(1403, 12, 30)
    (datetime.date(2026, 3, 21), datetime.date(2026, 3, 20), datetime.date(2025, 3, 20))
    """
    n_days = 31 if month <= 6 else 30 if month <= 11 else 30 if (25 * year + 11) % 33 < 8 else 29
    if not (1 <= month <= 12 and 1 <= day <= n_days):
        raise ValueError("no such day")
    before = (month - 1) * 31 - max(month - 7, 0)
    leaps = (8 * year + 21) // 33  # leap years before this one
    return date.fromordinal(226894 + 365 * (year - 1) + leaps + before + day)


def files_of(request: Any) -> list[tuple[str, bytes]] | None:
    """The files of a form as they are; None when they are too many or too large."""
    found = request.FILES.getlist("files")
    if len(found) > FILES_MAX or any(file.size > FILE_MAX for file in found):
        return None
    return [(file.name or "", file.read()) for file in found if file.size]
