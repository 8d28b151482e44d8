"""Settings that depend on where amanat runs."""

import json
import os
import subprocess
import sys

ASK = """
import json
from amanat.web import settings as s
names = "SESSION_COOKIE_NAME CSRF_COOKIE_NAME SESSION_COOKIE_SECURE SECURE_HSTS_SECONDS".split()
names += "ALLOWED_HOSTS ROOT_URLCONF DEBUG SECURE_REFERRER_POLICY".split()
print(json.dumps({name: getattr(s, name) for name in names} | {"session": "SessionMiddleware" in str(s.MIDDLEWARE)}))
"""


def settings_with(tmp_path, **environment):
    done = subprocess.run(
        [sys.executable, "-c", ASK], env={**os.environ, "AMANAT_DATA": str(tmp_path), **environment}, capture_output=True, text=True, check=True
    )
    return json.loads(done.stdout)


def test_behind_https_cookies_belong_to_the_host_and_the_browser_remembers(tmp_path):
    found = settings_with(tmp_path, AMANAT_STAFF_URL="https://incident.hotel.example")

    assert found["SESSION_COOKIE_NAME"] == "__Host-staff"
    assert found["CSRF_COOKIE_NAME"] == "__Host-csrf-staff"
    assert found["SESSION_COOKIE_SECURE"] is True
    assert found["SECURE_HSTS_SECONDS"] == 31_536_000
    assert "incident.hotel.example" in found["ALLOWED_HOSTS"]
    assert "*" not in found["ALLOWED_HOSTS"]
    assert found["DEBUG"] is False


def test_the_public_door_has_no_sessions_and_other_addresses(tmp_path):
    found = settings_with(tmp_path, AMANAT_DOOR="public")

    assert found["ROOT_URLCONF"] == "amanat.web.public_urls"
    assert found["session"] is False
    assert found["SECURE_REFERRER_POLICY"] == "no-referrer"


def test_keys_are_made_once_for_their_owner_only(tmp_path):
    settings_with(tmp_path)
    first = (tmp_path / "secret.key").read_text()
    settings_with(tmp_path)

    assert (tmp_path / "secret.key").read_text() == first
    assert (tmp_path / "secret.key").stat().st_mode & 0o777 == 0o600
