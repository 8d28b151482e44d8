"""The page "Are we ready?" in Chromium, in three languages and two widths: axe finds nothing, nothing scrolls sideways."""

import pytest
from django.urls import reverse
from django.utils import timezone

from amanat import prepare
from amanat.prepare.practice_controls import write_controls
from amanat.web.readiness import actions
from amanat.web.readiness.models import DrillRow
from tests.prepare.test_drill import a_drill
from tests.web.test_browser import CHROMIUM, chromium, log_in, look, page, unfold  # noqa: F401  fixtures of the other pages

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
if CHROMIUM is None:
    pytestmark.append(pytest.mark.skip(reason="there is no Chromium here: apt install chromium; these pages were not looked at"))


@pytest.mark.parametrize("language", ["en", "fr", "fa"])
def test_readiness(page, live_server, staff_of, tmp_path, language):  # noqa: F811
    import tomllib

    alice, now = staff_of("alice", language=language, is_administrator=True), timezone.now()
    log_in(page, live_server, alice)
    page.goto(reverse("ready"))
    assert look(page) == [], "while nobody has said anything"

    write_controls(tmp_path, now)
    actions.keep(tomllib.loads((tmp_path / "controls.toml").read_text(encoding="utf-8")), None, by=alice, now=now)
    done = a_drill(told_at=None)
    score = prepare.score_drill(done)
    words = {tag: prepare.report_drill(done, score, "rows", language=tag) for tag in ("en", "fr", "fa")}
    DrillRow.objects.create(by=alice, asked_at=now, state="done", score={}, words=words)
    DrillRow.objects.create(by=alice, asked_at=now, state="failed", why="there is no room")
    for address in (reverse("ready"), reverse("ready_control", args=["patching"])):
        page.goto(address)
        unfold(page)
        assert look(page) == [], address
        assert page.get_attribute("html", "dir") == ("rtl" if language == "fa" else "ltr")
