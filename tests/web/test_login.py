"""Log-in and second factor, from the one-time link to the overview."""

from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from amanat.web.accounts import actions
from amanat.web.accounts.models import SetupLink, Staff

pytestmark = pytest.mark.django_db
PASSWORD = "four unrelated words here"


def code_now(secret):
    return format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))


def test_a_new_colleague_sets_up_password_and_app_and_gets_in(client):
    staff, token = actions.create_staff(email="Alice@Example.org", name="Alice", now=timezone.now())
    link = reverse("setup", args=[token])

    assert client.get(link).status_code == 200
    assert client.get(link).status_code == 200  # opening it, as mail scanners do, does not use it up
    assert client.post(link, {"password1": PASSWORD, "password2": PASSWORD}).url == reverse("account_login")
    assert client.get(link).status_code == 404

    entered = client.post(reverse("account_login"), {"login": "alice@example.org", "password": PASSWORD})
    assert entered.status_code == 302
    assert client.get("/").url == reverse("mfa_setup")

    page = client.get(reverse("mfa_activate_totp"))
    secret = page.context["form"].secret
    assert client.post(reverse("mfa_activate_totp"), {"code": code_now(secret)}).status_code == 302
    assert client.get("/").status_code == 200
    stored = Authenticator.objects.get(user=staff, type="totp").data["secret"]
    assert secret not in stored  # encrypted at rest


def test_the_next_log_in_asks_for_the_second_factor(staff_of):
    from tests.web.conftest import enrol

    staff = staff_of("alice", factor=False)
    secret = enrol(staff)
    browser = Client()

    asked = browser.post(reverse("account_login"), {"login": "alice@example.org", "password": "correct horse battery"})
    assert asked.url == reverse("mfa_authenticate")
    assert browser.get("/").status_code == 302  # the password alone opens nothing

    assert browser.post(reverse("mfa_authenticate"), {"code": "000000"}).status_code == 200
    assert browser.get("/").status_code == 302
    in_persian = code_now(secret).translate(str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹"))
    assert browser.post(reverse("mfa_authenticate"), {"code": f"{in_persian[:3]} {in_persian[3:]}"}).status_code == 302
    assert browser.get("/").status_code == 200


def test_wrong_address_and_wrong_password_get_the_same_answer(staff_of, client):
    staff_of("alice")
    answers = [
        client.post(reverse("account_login"), {"login": login, "password": "wrong wrong wrong"}).content.decode()
        for login in ("alice@example.org", "nobody@example.org")
    ]
    errors = [answer.split('role="alert"')[1].split("</div>")[0] for answer in answers]

    assert errors[0] == errors[1]


def test_after_five_wrong_passwords_the_right_one_waits(staff_of, client):
    staff_of("alice")
    right = {"login": "alice@example.org", "password": "correct horse battery"}
    for _ in range(5):
        assert client.post(reverse("account_login"), {**right, "password": "wrong wrong wrong"}).status_code == 200

    assert client.post(reverse("account_login"), right).status_code == 200  # the form again, not the second factor


def test_nobody_signs_up(client):
    page = client.post(reverse("account_signup"), {"email": "mallory@example.org", "password1": PASSWORD})

    assert not Staff.objects.exists()
    assert page.status_code == 200


def test_a_weak_or_short_password_is_refused(client):
    _staff, token = actions.create_staff(email="alice@example.org", name="Alice", now=timezone.now())
    for weak in ("short1", "1q2w3e4r5t6y", "alice@example.org"):
        page = client.post(reverse("setup", args=[token]), {"password1": weak, "password2": weak})
        assert page.status_code == 200
    assert not Staff.objects.get().has_usable_password()


def test_a_link_ends_after_two_days_and_when_a_newer_one_is_made():
    staff, first = actions.create_staff(email="alice@example.org", name="Alice", now=timezone.now())
    assert SetupLink.find(first, now=timezone.now() + timedelta(days=2, minutes=1)) is None
    second = SetupLink.make(staff, now=timezone.now())

    assert SetupLink.find(first, now=timezone.now()) is None
    assert SetupLink.find(second, now=timezone.now()).staff == staff


def test_recovery_codes_alone_are_no_second_factor(staff_of, as_staff):
    from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes

    staff = staff_of("alice", factor=False)
    RecoveryCodes.activate(staff)

    assert as_staff(staff).get("/").url == reverse("mfa_setup")


def test_a_session_ends_after_twelve_hours_even_when_used(staff_of, as_staff):
    browser = as_staff(staff_of("alice"))
    assert browser.get("/").status_code == 200
    session = browser.session
    session["began_at"] = (timezone.now() - timedelta(hours=12, minutes=1)).isoformat()
    session.save()

    assert browser.get("/").url.startswith("/login/")


def test_someone_who_left_cannot_get_in(staff_of, as_staff):
    staff = staff_of("alice")
    browser = as_staff(staff)
    Staff.objects.update(is_active=False)

    assert browser.get("/").url.startswith("/login/")
