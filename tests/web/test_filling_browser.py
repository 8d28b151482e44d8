"""The pages of a long list that a worker prepares, in Chromium: read from right to left, and the page that waits renews itself."""

import pytest

from amanat.web.notify import filling, plans, queries, tasks

from .test_approval import N, alice, countersign, fresh, incident, sign, story  # noqa: F401  fixtures
from .test_browser import CHROMIUM, chromium, log_in, page  # noqa: F401  fixtures
from .test_notify_browser import look

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
if CHROMIUM is None:
    pytestmark.append(pytest.mark.skip(reason="there is no Chromium here: apt install chromium; these pages were not looked at"))


def test_the_page_follows_the_list_while_it_is_prepared(page, live_server, incident, alice, fresh, monkeypatch):  # noqa: F811
    monkeypatch.setattr(plans, "AT_ONCE", 10)
    monkeypatch.setattr(filling, "BEAT_SECONDS", 3600)
    type(alice).objects.filter(pk=alice.pk).update(language="fa")
    alice.refresh_from_db()
    log_in(page, live_server, alice)
    tasks.count_plan.func(str(incident.pk))
    sign(fresh, incident)
    countersign(fresh, incident)
    page.goto(f"/incidents/{incident.pk}/sending/")
    assert look(page) == []
    claimed = tasks.claim(queries.standing_approval(incident).pk)
    watch = filling.Watch(claimed, claimed.sender)
    watch.reached("list", 20, N)
    watch._beat()
    page.locator("#course progress").wait_for()  # the page asked again by itself
    assert look(page) == []
    watch.reached("ledger", 30, N)
    watch._beat()
    page.locator("#course progress[value='30']").wait_for()
    page.goto(f"/incidents/{incident.pk}/approve/")
    assert page.locator("form[action$='/sending/stop/'] button").is_visible()
    assert look(page) == []
    page.locator("form[action$='/sending/stop/'] button").click()
    page.locator("#course form[action$='/sending/go-on/']").wait_for()
    assert page.locator("#course progress").count() == 0
    assert look(page) == []
