"""The pages of notices, approval and sending in Chromium: axe finds nothing, nothing scrolls sideways, the button is armed by the number."""

import pytest

from .test_approval import N, alice, countersign, fresh, incident, sign, story  # noqa: F401  fixtures
from .test_browser import CHROMIUM, chromium, log_in, look, page  # noqa: F401  fixtures

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
if CHROMIUM is None:
    pytestmark.append(pytest.mark.skip(reason="there is no Chromium here: apt install chromium; these pages were not looked at"))


@pytest.mark.parametrize("width", [360, 1200])
@pytest.mark.parametrize("language", ["en", "fr", "fa"])
def test_pages_from_the_text_to_the_reach_board(page, live_server, incident, alice, fresh, language, width):  # noqa: F811
    type(alice).objects.filter(pk=alice.pk).update(language=language)
    alice.refresh_from_db()
    log_in(page, live_server, alice)
    page.set_viewport_size({"width": width, "height": 740})
    for name in ("notices", "approve", "sending", "reach"):
        page.goto(f"/incidents/{incident.pk}/{name}/")
        assert look(page) == [], name
    page.goto(f"/incidents/{incident.pk}/approve/")
    button = page.locator("form[data-arm] button")
    assert button.is_disabled()
    page.fill("#typed", str(N - 1))
    assert button.is_disabled()
    page.fill("#typed", "۴۰" if language == "fa" else str(N))
    assert button.is_enabled()
    sign(fresh, incident)
    countersign(fresh, incident)
    page.goto(f"/incidents/{incident.pk}/sending/")
    page.wait_for_timeout(2500)  # the middle was asked for once more
    assert look(page) == []
