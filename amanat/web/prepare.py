"""What must be right before the doors open: tables, static files, the first administrator; run by `amanat up` at each start."""

import hashlib
import sys
from pathlib import Path

from amanat.lib import settings as outside
from amanat.lib.errors import Fixable
from amanat.web import public_role
from amanat.web.start import django_ready


def prepare() -> str:
    """Does what is left to do and returns what the person at the keyboard should read."""
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connection, transaction

    call_command("migrate", verbosity=0, interactive=False)
    if url := outside.get("DATABASE_URL_PUBLIC"):
        with transaction.atomic(), connection.cursor() as cursor:
            public_role.grant(cursor, public_role.role_of(url))
    collect_static(settings.STATIC_ROOT, settings.HERE)
    if settings.IS_DEMO:
        from amanat.web.demo import prepare_demo

        return prepare_demo()
    return first_administrator()


def collect_static(target: Path, home: Path) -> None:
    """Static files with their hashes and compressed forms, made anew only when a source has changed."""
    from django.contrib.staticfiles.finders import get_finders
    from django.core.management import call_command

    seen = hashlib.sha256()
    for finder in get_finders():
        for path, storage in finder.list([]):
            found = Path(storage.path(path)).stat()
            seen.update(f"{path} {found.st_size} {found.st_mtime_ns}\n".encode())
    stamp = target.parent / "static.sha256"
    if stamp.exists() and stamp.read_text() == seen.hexdigest() and target.is_dir():
        return
    call_command("collectstatic", verbosity=0, interactive=False, clear=True)
    stamp.write_text(seen.hexdigest())


def first_administrator() -> str:
    """A fresh set-up link while nobody can log in yet; empty afterwards."""
    from django.conf import settings
    from django.urls import reverse
    from django.utils import timezone

    from amanat.web.accounts.actions import create_staff
    from amanat.web.accounts.models import SetupLink, Staff

    if Staff.objects.exclude(password__startswith="!").filter(is_active=True).exists():  # noqa: S106  marks an unusable one
        return ""
    staff = Staff.objects.filter(is_administrator=True).first()
    if staff is None:
        _staff, token = create_staff(email="administrator@localhost.localdomain", name="Administrator", is_administrator=True, now=timezone.now())
    else:
        token = SetupLink.make(staff, now=timezone.now())
    link = settings.STAFF_URL + reverse("setup", args=[token])
    return f"first log-in  {link}\n              (once, within two days; e-mail address: administrator@localhost.localdomain)"


if __name__ == "__main__":
    django_ready()
    try:
        sys.stdout.write(prepare())
    except Fixable as error:
        sys.exit(f"amanat: {error}")
