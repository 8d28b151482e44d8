"""The demonstration: an invented company, two invented members of staff with their log-ins, and two incidents.

One begins now (`live.py`): a lure among the mails, an intrusion in the logs, and notices that wait for two signatures. The other was
lived through seven months ago on a moved clock (`lived.py`), up to the question whether trust is coming back.

Everything here can only reach the local inbox. Passwords and second factors are random for each data folder and are
printed at each start, which is right for a demonstration and for nothing else.
"""

import contextlib
import json
import secrets
from pathlib import Path
from typing import Any

from django.utils.translation import gettext_lazy as _

from amanat.web.crypto import make_secret_file

# (key, name, address, role, language, time zone)
STAFF = (
    ("author", "Camille Moreau", "camille@demo.example.org", "lead", "fr", "Europe/Paris"),
    ("approver", "Dana Whitfield", "dana@demo.example.org", "dpo", "en", "Europe/London"),
)


TITLES = {"live": "Guest database on sale in a forum", "lived": "Booking export on a stolen server"}
# What the worker is doing, as every staff page says it until all is there.
STEPS = {
    "waits": _("The demonstration is being prepared: the worker begins in a moment."),
    "traces": _("The demonstration is being prepared: the invented company’s mail and logs are read, and an incident is opened from what they show."),
    "files": _("The incident is open. The worker reads the stolen files, assesses them and writes the notices."),
    "lived": _("The incident is open. Behind it an earlier one is lived through on a moved clock: notices, answers, offers and the months after."),
    "failed": _("The demonstration could not be prepared to its end. Stop it and start it again: it goes on where it stopped."),
}


def prepare_demo() -> str:
    """Makes the staff where they are missing, has the worker make the rest, and returns the log-ins to print."""
    from django.conf import settings

    log_ins = _log_ins(settings.DATA)
    for key, *_more in STAFF:
        _staff_member(key, log_ins[key])
    _ring()
    lines = ["", "Two invented members of staff can log in; who writes a notice cannot approve it.", ""]
    for key, name, email, role, *_more in STAFF:
        lines += [
            f"  {name} ({role}, {key})",
            f"    e-mail      {email}",
            f"    password    {log_ins[key]['password']}",
            f"    app secret  {log_ins[key]['totp']}   code right now: {_code(log_ins[key]['totp'])}",
            f"    or one of   {' '.join(log_ins[key]['recovery'][:4])} (recovery codes, each once)",
        ]
    return "\n".join(lines)


def _log_ins(data: Path) -> dict[str, Any]:
    path = data / "demo.logins"
    fresh = {key: {"password": "-".join(secrets.token_hex(2) for _ in range(4)), "totp": _totp_secret(), "recovery": []} for key, *_more in STAFF}
    make_secret_file(path, json.dumps(fresh))
    return json.loads(path.read_text())


def _totp_secret() -> str:
    from allauth.mfa.totp.internal.auth import generate_totp_secret

    return generate_totp_secret()


def _code(secret: str) -> str:
    from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time

    return format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))


def _staff_member(key: str, log_in: dict[str, Any]) -> Any:
    """The account as `STAFF` says, made once; a changed language or name of theirs stays."""
    from allauth.mfa.models import Authenticator
    from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
    from allauth.mfa.totp.internal.auth import TOTP

    from amanat.web.accounts.models import Staff

    _key, name, email, _role, language, zone = next(row for row in STAFF if row[0] == key)
    one = Staff.objects.filter(email=email).first()
    if one is None:
        one = Staff.objects.create_user(email, log_in["password"], name=name, language=language, time_zone=zone, is_administrator=key == "author")
    if not Authenticator.objects.filter(user=one, type=Authenticator.Type.TOTP).exists():
        TOTP.activate(one, log_in["totp"])
    log_in["recovery"] = RecoveryCodes.activate(one).get_unused_codes()
    return one


def _ring() -> None:
    """Asks the worker at every start: it does what is still missing, which most often is nothing."""
    from procrastinate.contrib.django import app
    from procrastinate.exceptions import AlreadyEnqueued

    with contextlib.suppress(AlreadyEnqueued):
        app.configure_task(name="tell_demo", queue="demo", queueing_lock="demo").defer()


def note_step(step: str) -> None:
    """Keeps where the preparation stands; empty: all is there."""
    from django.conf import settings

    folder = settings.DATA / "demo"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    (folder / "step").write_text(step)


def step_in_words() -> str:
    """What is still being prepared, for the staff pages; empty when all is there."""
    from django.conf import settings

    path = settings.DATA / "demo" / "step"
    return str(STEPS.get(path.read_text() if path.is_file() else "waits", ""))
