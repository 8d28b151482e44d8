"""Whatever a form of the staff door is sent, the answer is a page or a refusal: never an error of the house."""

import re
from pathlib import Path
from urllib.parse import urlencode

import pytest
from django.test import Client
from django.urls import get_resolver, reverse
from django.utils import timezone

import amanat.web
from amanat.web.accounts.permissions import ROLES
from amanat.web.assess.models import AssessmentRow
from amanat.web.care import desk, person
from amanat.web.care.models import CaseRow, SurveyAnswer
from amanat.web.children import ask_amanat as ask
from amanat.web.respond import actions as respond
from amanat.web.scope import registering

from .test_approval import alice, fresh, incident, story  # noqa: F401  fixtures
from .test_care_desk import asked, claimed
from .test_care_page import door, enter, mails, post, sent, token_in  # noqa: F401
from .test_doors import GIVEN, pages

pytestmark = pytest.mark.django_db
WEB = Path(amanat.web.__file__).parent
LONG, WRONG = "x" * 6000, "9" * 400
HOSTILE = (LONG, WRONG, "-1", "not-an-id", "\ud800".encode("utf-8", "surrogatepass"), "0001-01-01T00:00", "9999-12-31T23:59", "١٢٣", "nan", "1e999")
READS_NONE = ("assess_again",)  # a button, pressed once: it judges all laws anew whatever is sent
# Values with which a form gets past its first question, so that the fields behind it are looked at, too.
PLAUSIBLE = {
    "decision": ("owned", "done", "not_required", "confirmed", "refused", "later", "reopened"),
    "do": ("answer", "close", "join"),
    "state": ("accepted", "in_part", "rejected", "asked_back", "paid"),
    "status": ("known", "unknown"),
    "becomes": ("spoken", "confirmed"),
    "kind": ("data_breach",),
    "language": ("fa",),
    "what": ("mail", "logs"),
}


def fields():
    """The name of every field that a view reads by itself or a form declares."""
    found = set()
    for file in WEB.rglob("*.py"):
        text = file.read_text(encoding="utf-8")
        found |= set(re.findall(r'POST(?:\.get|\.getlist)?[(\[]"(\w+)"', text))
        if file.name == "forms.py":
            found |= set(re.findall(r"^ {4}(\w+) = forms\.", text, re.MULTILINE)) | set(re.findall(r'fields\[f?"(\w+)"\]', text))
    return sorted(found | {"value", "value_en", "en_known", "next_at", "text-en", "csrfmiddlewaretoken"})


@pytest.fixture
def everywhere(incident, alice, monkeypatch):  # noqa: F811
    """Every address of the staff door about things that are there, and a browser of somebody who may do everything."""
    told = {}  # the register stays as it is, so the process that reads its columns is asked once for each question
    monkeypatch.setattr(
        registering, "ask_amanat", lambda words, **given: told.get(tuple(words)) or told.setdefault(tuple(words), ask(words, **given))
    )
    for role in ROLES:
        respond.add_member(incident, staff=alice, role=role, by=alice, now=timezone.now())
    alice.is_administrator = True
    alice.save()
    case, claim = asked(incident, 1), claimed(incident, 2)
    master = desk.open_master(incident, "When?", by=alice, now=timezone.now())
    ids = {"incident_id": incident.pk, "case_id": case.pk, "claim_id": claim.pk, "master_id": master.pk, "staff_id": alice.pk}
    ids |= {"person_id": case.person_id, "notice_id": "eu.en", "name": "containment"}

    def addresses():
        for address, name, _view in pages():
            if name in (*READS_NONE, "account_logout", "account_change_password") or address.startswith("/account/factors"):
                continue
            try:
                converters = get_resolver("amanat.web.staff_urls").reverse_dict.getlist(name)[0][0][0][1]
            except (IndexError, KeyError):
                converters = []
            given = {
                one: ids.get(one, GIVEN["int"] if one in ("sample", "number") else GIVEN["uuid"] if one.endswith("_id") else "x")
                for one in converters
            }
            yield reverse(name, kwargs=given) if converters else address

    browser = Client(raise_request_exception=False)
    browser.force_login(alice, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert browser.get("/").status_code == 200  # not led to the log-in
    for name in READS_NONE:
        assert browser.post(reverse(name, args=[incident.pk]), dict.fromkeys(fields(), LONG)).status_code == 302
    assert AssessmentRow.objects.filter(incident=incident).exists()  # so that the pages of duties have some
    return sorted(set(addresses())), browser


def refused_by_the_house(browser, addresses, forms):
    found, takes_forms = set(), list(addresses)
    for form in forms:
        body = urlencode(form)  # once for all addresses
        answers = {address: browser.post(address, body, "application/x-www-form-urlencoded").status_code for address in takes_forms}
        found |= {(address, str(form)[:200]) for address, status in answers.items() if status >= 500}
        takes_forms = [address for address, status in answers.items() if status != 405]
    return found


def test_a_nul_in_any_field_is_refused_at_the_door(everywhere):
    addresses, browser = everywhere
    assert len(addresses) > 40
    assert refused_by_the_house(browser, addresses, [dict.fromkeys(fields(), "a\0b")]) == set()
    assert browser.post(addresses[-1], {"na\0me": "x"}).status_code == 400


def test_nothing_that_is_too_long_or_of_another_sort_is_an_error_of_the_house(everywhere):
    addresses, browser = everywhere
    forms = [dict.fromkeys(fields(), value) for value in HOSTILE]
    for n in range(max(len(values) for values in PLAUSIBLE.values())):
        value = (LONG, WRONG, "not-an-id")[n % 3]
        forms.append(dict.fromkeys(fields(), value) | {name: values[n % len(values)] for name, values in PLAUSIBLE.items()})
    assert refused_by_the_house(browser, addresses, forms) == set()


@pytest.mark.parametrize(("page", "field"), [("new_master", "title"), ("set_offers", "open"), ("find_person", "asked"), ("declare", "title")])
def test_these_forms_answer_a_nul_with_the_page_for_bad_requests(everywhere, incident, page, field):  # noqa: F811
    _addresses, browser = everywhere
    address = reverse(page) if page == "declare" else reverse(page, args=[incident.pk])

    assert browser.post(address, {field: "a\0b"}).status_code == 400


def test_an_owner_who_is_nobody_is_refused_and_stands_in_no_log(everywhere, incident, caplog):  # noqa: F811
    _addresses, browser = everywhere
    answer = browser.post(reverse("decide_duty", args=[incident.pk]), {"duty": "x", "decision": "owned", "owner": "sara@example.org"})

    assert answer.status_code == 400
    assert "sara" not in caplog.text


def test_a_survey_that_is_sent_twice_is_kept_once_and_thanked_for_twice(sent, door, mails, monkeypatch):  # noqa: F811
    who = enter(sent, 0, mails)
    post(who, "/en/my/page/ask/", {"text": "first"})
    CaseRow.objects.update(state="answered", answered_at=timezone.now())
    token = token_in(who.get("/en/my/page/survey/"))
    assert who.post("/en/my/page/survey/", {"nps": "9", "csrfmiddlewaretoken": token}).url == "/en/my/page/?sent=survey#top"

    real, asked_for = person.may_answer_survey, iter([True])  # the second form was sent before the first was kept
    monkeypatch.setattr(person, "may_answer_survey", lambda me: next(asked_for, None) or real(me))
    again = who.post("/en/my/page/survey/", {"nps": "1", "csrfmiddlewaretoken": token})
    assert (again.status_code, again.url) == (302, "/en/my/page/?sent=survey#top")
    assert SurveyAnswer.objects.get().nps == 9
