"""`python -m amanat.web.demo.told`: both incidents of the demonstration, as far as they are missing."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from amanat.lib.errors import Fixable
from amanat.web.start import django_ready

LOCK = 0x616D616E  # of the database, so that two workers do not make everything twice


def tell() -> None:
    """Does what is missing, in the order in which somebody would look at it."""
    from django.conf import settings
    from django.utils import timezone

    from amanat.web.accounts.models import Staff
    from amanat.web.demo import STAFF, bulletin, live, lived, note_step

    staff = {key: Staff.objects.get(email=email) for key, _name, email, *_more in STAFF}
    incident = live.found(settings.DATA)
    if incident is None:
        note_step("traces")
        incident = live.begin(settings.DATA, staff, clock=timezone.now)
    if live.is_being_read(incident):
        note_step("files")
        live.wait_until_read(incident)
    if not lived.is_over(settings.DATA):
        note_step("lived")
        lived.live_through(settings.DATA, staff, now=timezone.now())
    earlier = lived.found(settings.DATA)
    if earlier is not None and not bulletin.is_there(earlier):
        bulletin.send_one(earlier, staff, now=timezone.now())
    note_step("")


@contextmanager
def alone() -> Iterator[bool]:
    """Whether nobody else prepares this demonstration now; the database forgets it when we end, however we end."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("select pg_try_advisory_lock(%s)", [LOCK])
        yield bool(cursor.fetchone()[0])


def main() -> None:
    django_ready()
    with alone() as is_alone:
        if is_alone:
            try:
                tell()
            except Fixable as error:
                sys.exit(f"amanat: {error}")


if __name__ == "__main__":
    main()
