"""Codes as people type them: Persian keyboards write ۱۲۳, and apps show the six digits in two groups."""

from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.totp.forms import ActivateTOTPForm

_DIGITS = str.maketrans("۰۱۲۳۴۵۶۷۸۹٠١٢٣٤٥٦٧٨٩", "01234567890123456789", " \u200c\u00a0\u202f-")


def plain_code(text: str) -> str:
    """The code in Latin digits, without spaces.

    >>> plain_code("۱۲۳ ۴۵۶")
    '123456'
    """
    return text.translate(_DIGITS)


class _PlainCode:
    def clean_code(self) -> str:
        self.cleaned_data["code"] = plain_code(self.cleaned_data["code"])
        return super().clean_code()


class SecondFactorForm(_PlainCode, AuthenticateForm):
    """The second step of the log-in."""


class ConfirmForm(_PlainCode, ReauthenticateForm):
    """The second factor once more, before something sensitive."""


class ActivateAppForm(_PlainCode, ActivateTOTPForm):
    """The first code of a new authenticator app."""
