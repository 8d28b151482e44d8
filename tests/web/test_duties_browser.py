"""The pages about duties in Chromium, in three languages and two widths: axe finds nothing, nothing scrolls sideways, the map is drawn."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from amanat.web.assess import actions as assess_actions
from amanat.web.respond import actions
from tests.web.test_browser import CHROMIUM, chromium, log_in, look, page, unfold  # noqa: F401  fixtures of the other pages
from tests.web.test_duties import again, group, note
from tests.web.test_incident_pages import found

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
if CHROMIUM is None:
    pytestmark.append(pytest.mark.skip(reason="there is no Chromium here: apt install chromium; these pages were not looked at"))


@pytest.mark.parametrize("language", ["en", "fr", "fa"])
def test_the_pages_about_duties(page, live_server, staff_of, language):  # noqa: F811
    alice, now = staff_of("alice", language=language), timezone.now()
    aware = now - timedelta(days=4)
    incident = actions.declare(title="Guest database on sale", kind="data_breach", by=alice, now=aware)
    log_in(page, live_server, alice)
    house = [reverse(name) for name in ("deadlines", "laws", "law_watch", "calendar_keys")]
    of_the_incident = [reverse(name, args=[incident.pk]) for name in ("duties", "questions", "decided_duties", "world")]
    for address in [*house, *of_the_incident] if language == "en" else ():
        page.goto(address)
        assert look(page) == [], f"{address} while nothing is known"

    facts = {"awareness": aware.isoformat(), "role": "controller", "main_establishment": "FR", "establishments": ["FR"], "risk": "high"}
    for name, value in facts.items():
        note(incident, name, value, aware, source="A report of the first night")
    counted = [group("FR", 12_000), group("US-CA", 900, kinds=["email", "ssn"]), group("CH", 3), group("IR", 40)]
    assess_actions.take_in(incident, content={"duties": [], "questions": [], "assumed": []}, scope=None, now=aware, counted=counted)
    again(incident)
    found(incident, now)
    assess_actions.decide(incident, "us-ca.individuals", decision="owned", why="", owner=alice, by=alice, now=now)
    assess_actions.decide(
        incident, "eu-gdpr.authority", decision="done", why="Receipt 17", owner=None, by=alice, now=now, late_why="The register was encrypted."
    )
    one = reverse("duty", args=[incident.pk, "eu-gdpr.individuals"])
    past = f"?at={(aware + timedelta(hours=1)).isoformat().replace('+', '%2B')}"
    # All laws on one page are looked at once; the same rows in the other languages, fewer of them.
    some = [reverse("laws") + "?q=california" if address == reverse("laws") and language != "en" else address for address in house]
    pages = [*some, *of_the_incident, one, one + past, of_the_incident[0] + past]
    for address in pages:
        page.goto(address)
        unfold(page)
        assert look(page) == [], address
        assert page.get_attribute("html", "dir") == ("rtl" if language == "fa" else "ltr")
    page.goto(of_the_incident[-1])
    assert page.locator(".world svg path").count() > 150
