"""The sample, its items and the columns of the register in Chromium, three languages and two widths; and the keys that answer."""

import json

import pytest
from django.urls import reverse
from django.utils import timezone

from amanat.terms.finding import Gap
from amanat.web.respond import actions
from amanat.web.scope import actions as scope_actions
from amanat.web.scope import audited, auditing, people
from amanat.web.scope.models import Audit, AuditAnswer, AuditItem
from tests.web.test_audit import DRAWN, an_item
from tests.web.test_browser import CHROMIUM, chromium, log_in, look, page  # noqa: F401  fixtures of the other pages
from tests.web.test_people import a_person

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
if CHROMIUM is None:
    pytestmark.append(pytest.mark.skip(reason="there is no Chromium here: apt install chromium; these pages were not looked at"))

PLACES = ({"path": "mail.mbox", "place": "message 22", "record": 21, "same": ["email"], "other": []},)


@pytest.fixture
def audit(staff_of, tmp_path):
    """Drawn for Alice's incident, whose register is not confirmed and of whose files one is of unknown size."""
    (tmp_path / "files" / "lists").mkdir(parents=True)
    (tmp_path / "files" / "lists" / "guests.csv").write_text("name,email\n" + "Sara Canari,sara1@example.org\n" * 5)
    (tmp_path / "register.csv").write_text("person_id,name,email,note\nG-1,Sara Canari,sara1@example.org,x\n")
    (tmp_path / "draw.json").write_text(json.dumps(DRAWN))
    (tmp_path / "items.json").write_text(json.dumps([an_item(n, DRAWN["items"][f"A{n:04}"][0]) for n in range(1, 5)]))
    alice, now = staff_of("alice"), timezone.now()
    incident = actions.declare(title="Guest database on sale", kind="data_breach", by=alice, now=now, folder=str(tmp_path))
    gaps = [
        Gap(path="a.zip", reason="It is encrypted.", size_bytes=0, next_step="Ask for the password, add it to the list of passwords, and scan again.")
    ]
    counts = [{"kind": "email", "residence": "FR", "language": "fr", "state": "sure", "n": 4}]
    estimate = {"n": 1, "size_bytes": 0, "n_without_size": 1, "persons": 0, "new_persons": 0, "persons_least": 0, "persons_most": 40}
    given = {"gaps": gaps, "counts": counts, "n": {"sure": 4}, "seconds": 1, "now": now, "gap_estimate": estimate}
    scope_actions.take_in(incident, persons=[a_person(n, places=PLACES) for n in range(1, 5)], **given)
    one = auditing.ask(incident, n=100, by=alice, now=now)
    auditing.take_in(one, tmp_path, now=now)
    return Audit.objects.get(pk=one.pk)


def as_spoken(audit, language):
    audit.asked_by.language = language
    audit.asked_by.save(update_fields=["language"])
    return audit.asked_by


@pytest.mark.parametrize("language", ["en", "fr", "fa"])
def test_the_pages_of_a_sample_and_of_the_register(page, live_server, audit, language):  # noqa: F811
    alice, incident = as_spoken(audit, language), audit.incident
    for item, word in zip(AuditItem.objects.filter(audit=audit).order_by("number"), ("yes", "2", "?"), strict=False):
        auditing.answer(incident, item, word=word, by=alice, now=timezone.now())
    log_in(page, live_server, alice)
    person = reverse("person", args=[incident.pk, people.find(incident, person_id="G-1").pk])
    items = [reverse(name, args=[incident.pk, audit.pk, n]) for name, n in (("audit_item", 1), ("audit_item", 2), ("audit_values", 1))]
    for address in (reverse("audit", args=[incident.pk]), *items, reverse("register", args=[incident.pk]), person):
        page.goto(address)
        assert look(page) == [], address
    shown = page.locator("main").inner_text()
    assert ("message 22" in shown) == (language != "fa") and ("پیام ۲۲" in shown) == (language == "fa")
    page.goto(reverse("affected", args=[incident.pk]))
    assert {"en": "size unknown", "fr": "taille inconnue", "fa": "اندازه نامعلوم"}[language] in page.locator("main").inner_text()


def test_keys_answer_one_item_after_the_other_and_not_while_somebody_types(page, live_server, audit):  # noqa: F811
    alice = as_spoken(audit, "en")
    log_in(page, live_server, alice)
    first, second = (reverse("audit_item", args=[audit.incident.pk, audit.pk, n]) for n in (1, 2))
    page.goto(first)
    page.keyboard.press("1")
    page.wait_for_url(f"**{second}")
    page.focus("#how-many")
    page.keyboard.press("3")
    assert page.url.endswith(second) and page.input_value("#how-many") == "31"
    page.locator("h1").click()
    page.keyboard.press("3")
    page.wait_for_url(f"**{reverse('audit_item', args=[audit.incident.pk, audit.pk, 3])}")
    said = AuditAnswer.objects.filter(item__audit=audit).order_by("item__number").values_list("item__number", "word")
    assert list(said) == [(1, "yes"), (2, "?")] and audited.checked(audit).n_answered == 2
