"""The dry run with its tests, and the page of unsure messages, in Chromium: axe finds nothing, nothing scrolls sideways."""

import pytest
from django.utils import timezone

from amanat.web.accounts.models import Staff
from amanat.web.notify import queries, trials
from amanat.web.notify.models import NoticeRow, SendingRow, TrialRow

from .test_approval import alice, countersign, fresh, incident, sign, story  # noqa: F401  fixtures
from .test_browser import CHROMIUM, chromium, log_in, look, page  # noqa: F401  fixtures

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
if CHROMIUM is None:
    pytestmark.append(pytest.mark.skip(reason="there is no Chromium here: apt install chromium; these pages were not looked at"))


@pytest.mark.parametrize("language", ["en", "fr", "fa"])
def test_the_pages_of_dry_run_and_of_unsure_messages(page, live_server, incident, alice, fresh, language):  # noqa: F811
    type(alice).objects.filter(pk=alice.pk).update(language=language)
    alice.refresh_from_db()
    sign(fresh, incident)
    countersign(fresh, incident)
    now, notice, bob = timezone.now(), NoticeRow.objects.get(notice_id="eu.en"), Staff.objects.get(name="Bob")
    TrialRow.objects.create(incident=incident, notice=notice, to=bob, by=alice, at=now, became="accepted", answer="250 caught")
    SendingRow.objects.filter(pk__in=[row.pk for row in SendingRow.objects.all()[:3]]).update(state="unsure", changed_at=now)
    assert queries.standing_approval(incident) is not None and trials.of(incident)
    log_in(page, live_server, alice)
    for name in ("dry-run", "sending/unsure", "sending"):
        page.goto(f"/incidents/{incident.pk}/{name}/")
        assert look(page) == [], name
    page.goto(f"/incidents/{incident.pk}/sending/unsure/")
    page.locator("input[name=sending]").first.check()
    page.locator("input[value=told]").check()
    page.fill("#why", "server log")
    page.locator("form[action$='/unsure/settle/'] button").click()
    page.wait_for_load_state()
    assert SendingRow.objects.filter(state="accepted").count() == 1
    assert look(page) == []
