"""The reviewer's pages and the page that shows a record, in Chromium, three languages and two widths: axe finds nothing, nothing scrolls sideways."""

import pytest
from django.urls import reverse
from django.utils import timezone

from amanat.web.respond import actions
from amanat.web.scope import people
from tests.web.test_browser import CHROMIUM, chromium, log_in, look, page  # noqa: F401  fixtures of the other pages
from tests.web.test_people import a_person
from tests.web.test_review import AN_OUTSIDER, take_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
if CHROMIUM is None:
    pytestmark.append(pytest.mark.skip(reason="there is no Chromium here: apt install chromium; these pages were not looked at"))

PLACES = (
    {"path": "crm/guests.csv", "place": "", "record": 1, "same": ["person_name"], "other": ["email"]},
    {"path": "notes/2025.txt", "place": "page 3", "record": 2, "same": ["person_name"], "other": [], "reasons": ["name_initial", "shared_key"]},
)


@pytest.mark.parametrize("language", ["en", "fr", "fa"])
def test_the_pages_of_the_reviewer(page, live_server, staff_of, tmp_path, language):  # noqa: F811
    (tmp_path / "files" / "crm").mkdir(parents=True)
    (tmp_path / "files" / "crm" / "guests.csv").write_text("name,email\nMarc Petit,marc@example.org\nSara Canari,sara1@example.org\n")
    alice, now = staff_of("alice", language=language), timezone.now()
    incident = actions.declare(title="Guest database on sale", kind="data_breach", by=alice, now=now, folder=str(tmp_path))
    take_in(incident, now, a_person(2, state="review", belief=0.5, places=PLACES), a_person(3, **AN_OUTSIDER), n={"review": 1, "outsider": 1})
    log_in(page, live_server, alice)
    queue, one = reverse("review", args=[incident.pk]), people.find(incident, person_id="G-2").pk
    person, record = reverse("person", args=[incident.pk, one]), reverse("reveal", args=[incident.pk, one, 1])
    page.goto(queue + "?who=outsiders")
    assert page.locator("button[value=split]").count() == 1
    for address in (queue, queue + "?who=outsiders", person, record, reverse("reveal", args=[incident.pk, one, 2])):
        page.goto(address)
        assert look(page) == [], address
