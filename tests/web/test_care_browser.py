"""My page, the lessons and the desk in Chromium: axe finds nothing, nothing scrolls sideways, and a scale runs the reader's way."""

import gzip
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from amanat.web.care import actions, desk, tasks
from amanat.web.care.models import CaseRow, OfferPlan, Visit
from amanat.web.scope import people

from .test_approval import alice, countersign, fresh, incident, sign, story  # noqa: F401  fixtures
from .test_approval import person as a_person
from .test_browser import CHROMIUM, chromium, log_in, look, page  # noqa: F401  fixtures
from .test_care_desk import Me, asked, claimed
from .test_care_page import code_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
if CHROMIUM is None:
    pytestmark.append(pytest.mark.skip(reason="there is no Chromium here: apt install chromium; these pages were not looked at"))
KINDS = ("name", "email", "phone", "address", "password_hash", "iban", "card_with_code", "medical", "service")


@pytest.fixture
def sent(incident, fresh):  # noqa: F811
    people.load(incident, [a_person(0, name="Ann Example", kinds=KINDS, language="en", phones=("+33199000001",), needs="large print")])
    sign(fresh, incident, typed="1")
    countersign(fresh, incident, typed="1")
    for name in ("refund", "card_reissue", "voucher"):
        OfferPlan.objects.create(incident=incident, offer=name, opened_at=timezone.now(), n_persons=1, cost_eur=15)
    return incident


@pytest.fixture
def at_the_public_door(settings):
    def stand():
        settings.ROOT_URLCONF = "amanat.web.public_urls"

    return stand


@pytest.mark.parametrize("language", ["en", "fr", "fa"])
def test_my_page_from_the_code_to_the_survey(page, sent, at_the_public_door, monkeypatch, language):  # noqa: F811
    code, codes = code_of(sent, 0), []
    monkeypatch.setattr(tasks, "mail", lambda _incident, _contact, _notice, *, code: codes.append(code))
    at_the_public_door()
    page.goto(f"/{language}/my/")
    assert look(page) == []
    page.fill("#code", code.lower())
    page.click("main button[type=submit]")
    page.wait_for_url(f"**/{language}/my/proof/")
    assert look(page) == []
    tasks.send_proof.func(visit_id=str(Visit.objects.get().pk))
    page.fill("#proof", codes[0])
    page.click("main form >> nth=0 >> button")
    page.wait_for_url(f"**/{language}/my/page/")
    assert page.get_attribute("html", "dir") == ("rtl" if language == "fa" else "ltr")
    page.click(".todo button >> nth=0")
    page.click(".offers button >> nth=0")
    page.fill("#text", "?")
    page.click("section[aria-labelledby=ask] button")
    page.wait_for_url("**sent=asked**")
    CaseRow.objects.update(state="answered", answered_at=timezone.now())
    page.goto(f"/{language}/my/page/")
    page.locator("details").first.evaluate("element => { element.open = true }")
    assert look(page) == []
    page.goto(f"/{language}/my/page/harm/")
    assert look(page) == []
    page.check("input[name=harm][value=card_misuse]")
    page.fill("#text", "x")
    page.fill("#lost_eur", "x")
    page.click("main button[type=submit]")
    page.locator(".wrong").first.wait_for()
    assert [what for what in look(page) if "400 (Bad Request)" not in what] == []  # the console reports the 400 itself
    page.complaints.clear()
    page.goto(f"/{language}/my/page/survey/")
    assert look(page) == []
    first, last = page.locator("input[name=nps]").first.bounding_box(), page.locator("input[name=nps]").nth(4).bounding_box()
    assert (first["x"] < last["x"]) == (language != "fa")  # 0 stands where the line begins: in Persian on the right
    for address in ("learn/", "learn/phishing/"):
        page.goto(f"/{language}/{address}")
        assert look(page) == []


@pytest.mark.parametrize("language", ["en", "fr", "fa"])
def test_my_page_and_what_it_loads_stay_under_50_kilobytes(page, sent, at_the_public_door, monkeypatch, language):  # noqa: F811
    code, codes, sizes = code_of(sent, 0), [], {}
    monkeypatch.setattr(tasks, "mail", lambda _incident, _contact, _notice, *, code: codes.append(code))
    at_the_public_door()
    page.goto(f"/{language}/my/")
    page.fill("#code", code)
    page.click("main button[type=submit]")
    tasks.send_proof.func(visit_id=str(Visit.objects.get().pk))
    page.fill("#proof", codes[0])
    page.click("main form >> nth=0 >> button")
    page.wait_for_url(f"**/{language}/my/page/")

    def note(response):
        body = response.body()
        sizes[response.url] = len(body) if response.url.endswith(".woff2") else len(gzip.compress(body))

    page.on("response", note)
    page.goto(f"/{language}/my/page/", wait_until="networkidle")
    assert sum(sizes.values()) < 50_000, sizes


@pytest.mark.parametrize("language", ["en", "fr", "fa"])
def test_the_pages_of_the_desk(page, live_server, sent, alice, language):  # noqa: F811
    type(alice).objects.filter(pk=alice.pk).update(language=language)
    alice.refresh_from_db()
    now = timezone.now()
    log_in(page, live_server, alice)
    case, claim = asked(sent, 0), claimed(sent)
    master = desk.open_master(sent, "When is the site back?", by=alice, now=now)
    desk.join_master(sent, case.pk, master.pk, by=alice, now=now)
    actions.answer_offer(Me(sent, 0), "voucher", is_accepted=True, now=now)
    tasks.count(sent)
    desk.decide_claim(sent, claim.pk, state="in_part", text="Half of it.", reimburse_eur=Decimal(60), by=alice, now=now)
    other = claimed(sent, harm="distress")
    addresses = [reverse(name, args=[sent.pk]) for name in ("desk", "offers", "calls")]
    addresses += [reverse("case", args=[sent.pk, pk]) for pk in (case.pk, claim.case_id, other.case_id)] + [
        reverse("master", args=[sent.pk, master.pk])
    ]
    for address in addresses:
        page.goto(address)
        assert look(page) == [], address
