"""The demonstration: an invented company, two invented members of staff with their log-ins, and an incident.

Everything here can only reach the local inbox. Passwords and second factors are random for each data folder and are
printed at each start, which is right for a demonstration and for nothing else.
"""

import json
import secrets
from datetime import datetime
from pathlib import Path
from typing import Any

from amanat.web.crypto import make_secret_file

# (key, name, address, role, language, time zone)
STAFF = (
    ("author", "Camille Moreau", "camille@demo.example.org", "lead", "fr", "Europe/Paris"),
    ("approver", "Dana Whitfield", "dana@demo.example.org", "dpo", "en", "Europe/London"),
)
N_PERSONS = 2_000


def prepare_demo() -> str:
    """Makes company, staff and incident where they are missing, and returns the log-ins to print."""
    from django.conf import settings
    from django.utils import timezone

    now = timezone.now()
    log_ins = _log_ins(settings.DATA)
    staff = {key: _staff_member(key, log_ins[key]) for key, *_rest in STAFF}
    _incident(settings.DATA, staff, now=now)
    _readiness(settings.DATA, now=now)
    lines = ["", "Two invented members of staff can log in; who writes a notice cannot approve it.", ""]
    for key, name, email, role, _language, _zone in STAFF:
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
    fresh = {key: {"password": "-".join(secrets.token_hex(2) for _ in range(4)), "totp": _totp_secret(), "recovery": []} for key, *_rest in STAFF}
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


def _incident(data: Path, staff: dict[str, Any], *, now: datetime) -> None:
    """The demo's incident, declared once, on a practice company in the data folder."""
    from amanat.web.respond import actions
    from amanat.web.respond.models import Incident

    if Incident.objects.filter(is_drill=True).exists():
        return
    story = data / "demo" / "story"
    make_story(story, now=now)
    incident = actions.declare(
        title="Guest database on sale in a forum", kind="data_breach", by=staff["author"], now=now, folder=str(story), is_drill=True
    )
    for key, _name, _email, role, _language, _zone in STAFF:
        actions.add_member(incident, staff=staff[key], role=role, by=staff["author"], now=now)
    actions.ask_for_run(incident, by=staff["author"], now=now)


def _readiness(data: Path, *, now: datetime) -> None:
    """What the invented company says about its controls, taken over once."""
    import tomllib

    from amanat.web.readiness import actions, queries

    story = data / "demo" / "story"
    if queries.newest_sheet() is None and (story / "controls.toml").exists():
        content, company = (tomllib.loads((story / name).read_text(encoding="utf-8")) for name in ("controls.toml", "company.toml"))
        actions.keep(content, company, by=None, now=now)


def make_story(story: Path, *, now: datetime) -> None:
    """The practice company's story folder, made once."""
    from amanat import prepare

    if not (story / "facts.toml").exists():
        story.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        prepare.make_company(story, persons=N_PERSONS, seed=1, at=now)
