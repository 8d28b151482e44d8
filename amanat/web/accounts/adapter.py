"""What we tell allauth: nobody signs up, and secrets of second factors are encrypted at rest."""

import time
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.adapter import DefaultMFAAdapter

from amanat.web import crypto

JUST_NOW_SECONDS = 300


class AccountAdapter(DefaultAccountAdapter):
    """Log-in only."""

    def is_open_for_signup(self, request: Any) -> bool:
        return False

    def is_reauthentication_required(self, *, app: str) -> bool:
        """Not again for someone who logged in a moment ago, such as to set up their first second factor."""
        request = self.request
        if request.user.is_authenticated:
            records = get_authentication_records(request, request.user)
            if records and time.time() - records[-1]["at"] < JUST_NOW_SECONDS:
                return False
        return super().is_reauthentication_required(app=app)

    def send_mail(self, template_prefix: str, email: str, context: Any) -> None:
        """Sends nothing: the doors have no mail relay of their own, so that a mail can only be a notice."""


class MFAAdapter(DefaultMFAAdapter):
    """Second factors."""

    def encrypt(self, text: str) -> str:
        return crypto.encrypt_text(text, purpose="second factor")

    def decrypt(self, encrypted_text: str) -> str:
        return crypto.decrypt_text(encrypted_text, purpose="second factor")

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return {**super().get_public_key_credential_rp_entity(), "name": "amanat"}
