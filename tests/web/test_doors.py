"""The two doors: every staff page needs log-in, second factor and permission; the public door knows nothing of staff."""

import uuid

import pytest
from django.test import Client
from django.urls import URLResolver, get_resolver

from amanat.web.accounts import middleware, permissions
from amanat.web.respond import actions

pytestmark = pytest.mark.django_db
GIVEN = {"uuid": uuid.UUID(int=1), "int": 1, "str": "x", "slug": "x", "path": "x"}


def pages(patterns=None, prefix=""):
    """Every address of the staff door, with made-up values for what stands in it: (address, name, view)."""
    for pattern in get_resolver("amanat.web.staff_urls").url_patterns if patterns is None else patterns:
        route = str(pattern.pattern)
        for name, converter in pattern.pattern.converters.items():
            kind = type(converter).__name__.removesuffix("Converter").lower().replace("string", "str")
            route = route.replace(f"<{kind}:{name}>", str(GIVEN[kind]))
        if isinstance(pattern, URLResolver):
            yield from pages(pattern.url_patterns, prefix + route)
        else:
            yield "/" + prefix + route, pattern.name, pattern.callback


def closed_pages():
    return [(address, name) for address, name, view in pages() if name not in middleware.ENTRANCE and not getattr(view, "is_open", False)]


def test_every_staff_page_says_who_may_open_it():
    allauths = middleware.ENTRANCE | middleware.SETTING_UP | middleware.OWN_ACCOUNT
    silent = [address for address, name, view in pages() if not (getattr(view, "is_open", False) or hasattr(view, "permission") or name in allauths)]

    assert silent == []


def test_the_open_pages_are_these_and_no_others():
    opened = {name for _address, name, view in pages() if getattr(view, "is_open", False) or name in middleware.ENTRANCE}

    entrance = {"setup", "set_language", "account_login", "account_signup", "account_inactive", "mfa_authenticate", "mfa_login_webauthn"}
    # A calendar program shows a key of its own instead of logging in (tests/web/test_calendar.py).
    assert opened == entrance | {"calendar_feed"}


def test_a_stranger_is_sent_to_the_log_in_from_every_page():
    for address, name in closed_pages():
        for answer in (Client().get(address), Client().post(address)):
            assert answer.status_code == 302, name
            assert answer.url.startswith("/login/"), name


def test_without_a_second_factor_every_page_leads_to_setting_one_up(staff_of, as_staff):
    browser = as_staff(staff_of("alice", factor=False))
    for address, name in closed_pages():
        if name not in middleware.SETTING_UP:
            answer = browser.get(address)
            assert (answer.status_code, answer.url) == (302, "/account/second-factor/"), name


def test_bob_of_another_incident_sees_the_same_as_for_one_that_does_not_exist(staff_of, as_staff, now):
    alice, bob = staff_of("alice"), staff_of("bob")
    incident = actions.declare(title="Practice", kind="data_breach", by=alice, now=now)
    actions.declare(title="Another", kind="data_breach", by=bob, now=now)
    browser = as_staff(bob)
    for address, name, _view in pages():
        if str(uuid.UUID(int=1)) in address and name != "new_link":
            theirs = address.replace(str(uuid.UUID(int=1)), str(incident.pk))
            assert browser.get(theirs).status_code in (404, 405), name
            assert browser.post(theirs).status_code in (404, 405), name


def test_an_administrator_sees_no_incident_because_of_it(staff_of, now):
    incident = actions.declare(title="Practice", kind="data_breach", by=staff_of("alice"), now=now)
    root = staff_of("root", is_administrator=True)

    assert permissions.may(root, "administer")
    assert not any(permissions.may(root, permission, incident) for permission in permissions.PERMISSIONS)


def test_only_an_administrator_creates_staff(staff_of, as_staff):
    assert as_staff(staff_of("alice")).get("/staff/").status_code == 403
    assert as_staff(staff_of("root", is_administrator=True)).get("/staff/").status_code == 200


def test_a_role_gives_what_the_table_says_and_nothing_else(staff_of, now):
    lead, viewer = staff_of("lead"), staff_of("viewer")
    incident = actions.declare(title="Practice", kind="data_breach", by=lead, now=now)
    actions.add_member(incident, staff=viewer, role="viewer", by=lead, now=now)

    assert {p for p in permissions.PERMISSIONS if permissions.may(viewer, p, incident)} == {"see", "see_money"}  # a board looks on
    assert permissions.may(lead, "see_people", incident)
    assert not permissions.may(lead, "erase_people", incident)


def test_pages_run_only_our_own_scripts_and_stay_out_of_frames_and_caches(staff_of, as_staff):
    page = as_staff(staff_of("alice")).get("/")

    policy = dict(part.strip().split(" ", 1) for part in page["Content-Security-Policy"].split(";"))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == "'self'"
    assert policy["style-src"] == "'self'"
    assert policy["frame-ancestors"] == policy["base-uri"] == "'none'"
    assert "unsafe" not in page["Content-Security-Policy"]
    assert page["X-Frame-Options"] == "DENY"
    assert page["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in page["Cache-Control"]


def test_a_form_from_elsewhere_is_not_accepted(staff_of):
    staff = staff_of("alice")
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(staff, backend="allauth.account.auth_backends.AuthenticationBackend")

    answer = browser.post("/declare/", {"title": "x", "kind": "data_breach"})

    assert answer.status_code == 403
    assert "The form was not accepted" in answer.content.decode()


def test_the_house_answers_for_what_is_not_there(staff_of, as_staff):
    answer = as_staff(staff_of("alice")).get("/no/such/page/")

    assert answer.status_code == 404
    assert "There is nothing here" in answer.content.decode()


def test_language_is_kept_in_the_account(staff_of, as_staff):
    staff = staff_of("alice")
    browser = as_staff(staff)

    answer = browser.post("/language/", {"language": "fa", "next": "/"})
    assert answer.url == "/"
    page = browser.get("/").content.decode()
    assert '<html lang="fa" dir="rtl">' in page
    assert "vendor/tabler.rtl.min.css" in page


def test_the_language_switch_leads_nowhere_else(client):
    assert client.post("/language/", {"language": "fr", "next": "https://evil.example/"}).url == "/"
