"""The pages of an incident in Chromium, in three languages and two widths: axe finds nothing, charts are drawn, nothing scrolls sideways."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from amanat.web.public import actions as public
from amanat.web.public.models import FakeReport
from amanat.web.respond import actions
from amanat.web.scope import people
from tests.web.test_browser import CHROMIUM, chromium, log_in, look, page, unfold  # noqa: F401  fixtures of the other pages
from tests.web.test_incident_pages import a_duty, assessed, found
from tests.web.test_people import a_person
from tests.web.test_review import PLACES

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
if CHROMIUM is None:
    pytestmark.append(pytest.mark.skip(reason="there is no Chromium here: apt install chromium; these pages were not looked at"))


@pytest.mark.parametrize("language", ["en", "fr", "fa"])
def test_the_pages_of_an_incident(page, live_server, staff_of, language):  # noqa: F811
    alice, now = staff_of("alice", language=language), timezone.now()
    incident = actions.declare(title="Guest database on sale", kind="data_breach", by=alice, now=now)
    log_in(page, live_server, alice)
    addresses = [
        reverse(name, args=[incident.pk])
        for name in ("incident", "affected", "duties", "review", "updates", "statements", "add_task", "add_decision", "journal")
    ]
    addresses[-1:-1] = [reverse("fact", args=[incident.pk, name]) for name in ("cause", "recipients", "occurrence", "establishments", "residents")]
    for address in addresses:
        page.goto(address)
        assert look(page) == [], f"{address} while nothing is known"

    found(incident, now)
    people.load(incident, [a_person(1), a_person(2, state="review", belief=0.5, places=PLACES)])
    addresses.insert(-1, reverse("person", args=[incident.pk, people.find(incident, person_id="G-1").pk]))
    actions.add_task(incident, what="Call the bank", owner=alice, due_at=now - timedelta(hours=1), by=alice, now=now)
    actions.note_decision(incident, what="We pay no ransom", why="It finances the next one.", by=alice, now=now)
    said = {"known": "We closed the access.", "unknown": "Who did it.", "doing": "", "changed": "The access is closed."}
    public.write_update(incident, words=dict.fromkeys(("en", "fr", "fa"), said), next_at=now, by=alice, now=now)
    report = public.report_fake(came_by="sms", text="", now=now)
    pasted = {"text": "https://refund.example/" + "x" * 200}
    FakeReport.objects.update(incident=incident, secret=incident.keys().encrypt(pasted, place=public.REPORT, row=report.pk))
    hours = {"missed": -2, "near": 5, "far": 60}
    duties = [
        a_duty(name, due_at=(now + timedelta(hours=n)).isoformat(), from_at=(now - timedelta(hours=9)).isoformat()) for name, n in hours.items()
    ]
    assessed(incident, [*duties, a_duty("unsettled", state="undetermined"), a_duty("elsewhere", state="not_due")], now)
    actions.note_fact(incident, name="acquired", value=True, status="believed", by=alice, now=now)
    for address in [*addresses, addresses[-1] + "?verify=1"]:
        page.goto(address)
        unfold(page)
        assert look(page) == [], address
        assert page.get_attribute("html", "dir") == ("rtl" if language == "fa" else "ltr")
    page.goto(addresses[1])
    assert page.locator(".chart svg").count() == 4
