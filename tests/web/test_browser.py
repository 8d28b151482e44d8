"""The pages in Debian's Chromium, in three languages: axe finds nothing, nothing scrolls sideways, the console is silent."""

import os
import shutil

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
if CHROMIUM is None:
    pytestmark.append(pytest.mark.skip(reason="there is no Chromium here: apt install chromium; these pages were not looked at"))
PAGES = ("/", "/declare/", "/account/", "/staff/", "/account/factors/", "/account/password/", "/account/factors/totp/deactivate/")


@pytest.fixture(scope="module")
def chromium():
    from playwright.sync_api import sync_playwright

    # Playwright runs an event loop in this thread, which makes Django suspect asynchronous code.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"] if os.geteuid() == 0 else [])
        yield browser
        browser.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def page(chromium, live_server):
    context = chromium.new_context(base_url=live_server.url.replace("127.0.0.1", "localhost"))
    page = context.new_page()
    page.complaints = []
    page.on("console", lambda message: page.complaints.append(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    yield page
    context.close()


def log_in(page, live_server, staff):
    from django.conf import settings
    from django.test import Client

    browser = Client()
    browser.force_login(staff, backend="allauth.account.auth_backends.AuthenticationBackend")
    cookie = browser.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "domain": "localhost", "path": "/", "httpOnly": True}])


WIDTHS = (1200, 360)


def look(page):
    """What is wrong with the page, wide and narrow: axe's findings, side-scrolling, complaints of the console."""
    return [f"{what} at {width}" for width in WIDTHS for what in _seen(page, width)] + page.complaints


# French pages are English ones with other words: axe looks at one of the two, and at Persian for what runs the other way, each at one width.
LOOKED_AT = {"en": WIDTHS[0], "fa": WIDTHS[1]}
RUN_AXE = "options => axe.run(document, options).then(all => all.violations.map(one => `${one.id}: ${one.nodes[0].html.slice(0, 200)}`))"


def _seen(page, width):
    from axe_playwright_python.sync_playwright import Axe

    page.set_viewport_size({"width": width, "height": 800})
    found = []
    if LOOKED_AT.get(page.get_attribute("html", "lang")) == width:
        page.evaluate(Axe().axe_script)
        # Contrast takes most of axe's time, and colours do not depend on width or words: it is looked at once.
        found = page.evaluate(RUN_AXE, {"resultTypes": ["violations"], "rules": {"color-contrast": {"enabled": width == WIDTHS[0]}}})
    wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return found + ([f"scrolls sideways by {wider}"] if wider > 0 else [])


def unfold(page):
    """Opens everything on the page that can be opened."""
    page.evaluate("document.querySelectorAll('details').forEach(element => { element.open = true })")


@pytest.mark.parametrize("language", ["en", "fr", "fa"])
def test_staff_pages(page, live_server, staff_of, language):
    from django.utils import timezone

    from amanat.web.respond import actions

    alice = staff_of("alice", language=language, is_administrator=True)
    incident = actions.declare(title="Guest database on sale", kind="data_breach", by=alice, now=timezone.now())
    type(incident).objects.update(next_deadline_at=timezone.now(), next_deadline_for="CNIL")
    log_in(page, live_server, alice)
    for address in PAGES:
        page.goto(address)
        assert look(page) == [], address
        assert page.get_attribute("html", "dir") == ("rtl" if language == "fa" else "ltr")


@pytest.mark.parametrize("language", ["en", "fr", "fa"])
def test_pages_before_the_log_in(page, language):
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto("/login/")
    page.click(f"button[value={language}]")
    assert page.get_attribute("html", "lang") == language
    assert look(page) == []
    page.goto("/setup/no-such-token/")
    page.complaints.clear()  # the console reports the 404 itself
    assert look(page) == []


@pytest.mark.parametrize("language", ["en", "fr", "fa"])
def test_the_second_factor(page, staff_of, language):
    staff_of("alice", language=language)
    page.goto("/login/")
    page.click(f"button[value={language}]")
    page.fill("#id_login", "alice@example.org")
    page.fill("#id_password", "correct horse battery")
    page.click("form.stack button[type=submit]")
    page.wait_for_url("**/authenticate/")
    assert page.get_attribute("html", "lang") == language
    assert look(page) == []


def test_a_passkey_from_set_up_to_log_in(page, staff_of):
    staff_of("alice", factor=False)
    devices = page.context.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
    options |= {"isUserVerified": True, "automaticPresenceSimulation": True}
    devices.send("WebAuthn.addVirtualAuthenticator", {"options": options})

    page.goto("/")
    page.fill("#id_login", "alice@example.org")
    page.fill("#id_password", "correct horse battery")
    page.click("form.stack button[type=submit]")
    page.wait_for_url("**/account/second-factor/")
    assert look(page) == []
    page.click("text=Add a passkey")
    page.fill("#id_name", "My phone")
    if page.locator("#id_passwordless").count():
        page.check("#id_passwordless")
    page.click("#mfa_webauthn_add")
    page.wait_for_url("**/recovery-codes/")
    assert look(page) == []
    page.goto("/")
    assert page.locator("h1").inner_text() == "What burns?"

    page.click("text=Log out")
    page.wait_for_load_state()
    page.goto("/login/")
    page.click("#passkey_login")
    page.wait_for_selector("h1:has-text('What burns?')")
    assert page.complaints == []
