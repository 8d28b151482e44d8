"""The pages of notices, approval and sending in Chromium: axe finds nothing, nothing scrolls sideways, the button is armed by the number."""

import pytest
from django.utils import timezone

from amanat.web.notify.actions import take_in

from .test_approval import N, alice, countersign, fresh, incident, notice_in, sign, story  # noqa: F401  fixtures
from .test_browser import CHROMIUM, chromium, log_in, page  # noqa: F401  fixtures
from .test_browser import look as look_whole

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
if CHROMIUM is None:
    pytestmark.append(pytest.mark.skip(reason="there is no Chromium here: apt install chromium; these pages were not looked at"))

FINDING = {
    "check": "passive",
    "is_blocking": False,
    "says": "Who did it?",
    "where": "what_happened",
    "quote": "Data of yours were copied.",
    "rewrite": "Name the one who acts.",
}


def look(page):  # noqa: F811
    """What is wrong with the page; axe cannot enter a frame that may do nothing, and that it says so is as it should be."""
    return [what for what in look_whole(page) if "'postMessage' on 'DOMWindow'" not in what]


@pytest.mark.parametrize("language", ["en", "fr", "fa"])
def test_pages_from_the_text_to_the_reach_board(page, live_server, incident, alice, fresh, language):  # noqa: F811
    type(alice).objects.filter(pk=alice.pk).update(language=language)
    alice.refresh_from_db()
    log_in(page, live_server, alice)
    take_in(incident, notices=[notice_in("en", "Data of yours were copied.")], findings={"eu.en": [FINDING]}, by=None, now=timezone.now())
    texts = [f"notices/eu.en{part}" for part in ("", "/languages", "/changes", "/samples")]
    for name in ("notices", *texts, "approve", "sending", "reach"):
        page.goto(f"/incidents/{incident.pk}/{name}/")
        assert look(page) == [], name
    page.goto(f"/incidents/{incident.pk}/approve/")
    page.locator("details.text").nth(1).locator("summary").first.click()
    page.locator("details.text").nth(1).locator(".samples figure").first.wait_for()  # the second text's messages come when it is opened
    letters = page.locator("details.text").first.locator("figure").first.locator("details:has(img)")
    letters.locator("summary").click()
    page.wait_for_timeout(1500)
    assert page.evaluate("document.querySelector('img.letter').naturalWidth") > 400  # the letter's first page was drawn
    assert look(page) == []
    button = page.locator("form[data-arm] button")
    assert button.is_disabled()
    page.fill("#typed", str(N - 1))
    assert button.is_disabled()
    page.fill("#typed", "۴۰" if language == "fa" else str(N))
    assert button.is_enabled()
    sign(fresh, incident)
    countersign(fresh, incident)
    page.goto(f"/incidents/{incident.pk}/approve/")
    assert page.locator("form[action$='/sending/stop/'] button").is_visible()  # as long as something is still to send
    assert look(page) == []
    page.goto(f"/incidents/{incident.pk}/sending/")
    page.wait_for_timeout(2500)  # the middle was asked for once more
    assert look(page) == []
