"""Changes to staff: create, set up, choose language."""

from datetime import datetime
from zoneinfo import available_timezones

from django.db import transaction

from amanat.lib.errors import Fixable
from amanat.web.accounts.models import SetupLink, Staff
from amanat.web.languages import LANGUAGES


class AlreadyStaff(Fixable):
    """Someone with this e-mail address works here already."""


class UnknownZone(Fixable):
    """A time zone that nobody keeps."""


@transaction.atomic
def create_staff(
    *, email: str, name: str, now: datetime, is_administrator: bool = False, language: str = "en", time_zone: str = "UTC"
) -> tuple[Staff, str]:
    """A new member of staff without a password, and the token of their one-time set-up link."""
    if Staff.objects.filter(email__iexact=email.strip()).exists():
        raise AlreadyStaff("there is already an account with this e-mail address; make a new set-up link for it instead")
    if time_zone not in available_timezones():
        raise UnknownZone(f"there is no time zone {time_zone!r}; write it like Europe/Paris")
    staff = Staff.objects.create_user(email, name=name, is_administrator=is_administrator, language=language, time_zone=time_zone)
    return staff, SetupLink.make(staff, now=now)


@transaction.atomic
def finish_setup(*, link: SetupLink, password: str, now: datetime) -> None:
    """Sets the password that the link was for; the link never works again."""
    link.staff.set_password(password)
    link.staff.save(update_fields=["password"])
    link.used_at = now
    link.save(update_fields=["used_at"])


def choose_language(staff: Staff, language: str) -> None:
    """Shows all pages in this language from now on."""
    assert language in dict(LANGUAGES)
    Staff.objects.filter(pk=staff.pk).update(language=language)
