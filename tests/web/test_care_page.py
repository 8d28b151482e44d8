"""My page: two proofs before anything is shown, one person only, and nothing that an outsider can guess, replay or forge."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from amanat import notify
from amanat.web.care import actions, tasks, visits
from amanat.web.care.models import CaseMessage, CaseRow, ClaimFile, ClaimRow, OfferEntry, OfferPlan, OfferRow, StepDone, SurveyAnswer, Visit
from amanat.web.notify import queries
from amanat.web.notify.models import SendingRow
from amanat.web.respond import actions as respond
from amanat.web.respond import journal
from amanat.web.scope import people

from .test_approval import alice, countersign, fresh, inbox, incident, person, sign, story  # noqa: F401  fixtures
from .test_public import door  # noqa: F401

pytestmark = pytest.mark.django_db
PEOPLE = 4


@pytest.fixture
def sent(incident, fresh):  # noqa: F811
    """The incident with four persons, after two members of staff approved."""
    kinds = [("name", "email", "iban"), ("name", "email", "card_with_code"), ("email", "ssn"), ("name", "email", "loyalty_id")]
    places = ["FR", "FR", "US-CT", "IR"]
    needs = ["", "large print", "", ""]
    people.load(incident, [person(n, kinds=kinds[n], residence=places[n], needs=needs[n], language="en") for n in range(PEOPLE)])
    sign(fresh, incident, typed=str(PEOPLE))
    countersign(fresh, incident, typed=str(PEOPLE))
    assert SendingRow.objects.count() == PEOPLE
    return incident


def row_of(incident, n):  # noqa: F811
    return people.find(incident, person_id=f"guest-{n}")


def code_of(incident, n):  # noqa: F811
    return notify.code_for(queries.code_key(), SendingRow.objects.get(person=row_of(incident, n)).pk.hex)


@pytest.fixture
def mails(monkeypatch):
    """What the worker would mail, instead of mailing it: (address, code, title)."""
    caught = []

    def mail(_incident, contact, notice, *, code):
        caught.append((contact.emails[0].reveal(why="the test looks"), code, notice))

    monkeypatch.setattr(tasks, "mail", mail)
    return caught


def worker(visit=None):
    """Does what the worker does for the newest visit."""
    visit = visit or Visit.objects.order_by("-asked_at").first()
    tasks.send_proof.func(visit_id=str(visit.pk))


def token_in(page):
    return re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.content.decode())[1]


def post(browser, address, data=None, *, see="/en/my/page/", **more):
    """A form as a browser sends it: with the token of the page it stands on."""
    return browser.post(address, (data or {}) | {"csrfmiddlewaretoken": token_in(browser.get(see))}, **more)


def browser():
    return Client(enforce_csrf_checks=True)


def enter(incident, n, mails, who=None):  # noqa: F811
    """A browser in which person number n has proven who they are."""
    who = who or browser()
    answer = who.post("/en/my/", {"code": code_of(incident, n)})
    assert (answer.status_code, answer.url) == (302, "/en/my/proof/"), answer.content.decode()[:500]
    worker()
    answer = post(who, "/en/my/proof/", {"proof": mails[-1][1]}, see="/en/my/proof/")
    assert (answer.status_code, answer.url) == (302, "/en/my/page/"), answer.content.decode()[:2000]
    return who


# ---- the way in ----


def test_nothing_is_shown_with_the_code_of_the_letter_alone(sent, door, mails):  # noqa: F811
    who = browser()
    who.post("/en/my/", {"code": code_of(sent, 0)})
    worker()

    assert who.get("/en/my/page/").url == "/en/my/proof/"
    shown = who.get("/en/my/proof/").content.decode()
    assert not [word for word in ("Guest", "guest0", "example.org", "IBAN", "account") if word in shown]
    assert mails[0][0] == "guest0@example.org"
    assert Visit.objects.get().proven_at is None


def test_both_codes_open_the_page_with_what_is_theirs_and_nothing_of_others(sent, door, mails):  # noqa: F811
    shown = enter(sent, 0, mails).get("/en/my/page/").content.decode()

    assert "Bank account number (IBAN)" in shown or "IBAN" in shown
    assert "Have a direct debit that you do not recognise paid back" in shown
    assert not [word for word in ("card_with_code", "security code", "Social Security") if word in shown.split("What I do now")[0]]


def test_a_stranger_without_a_cookie_is_led_to_the_code_from_every_page(sent, door):  # noqa: F811
    for address in ("/en/my/page/", "/en/my/page/harm/", "/en/my/page/survey/", "/en/my/proof/"):
        assert browser().get(address).url == "/en/my/"
    for address in ("step/vigilance/", "offer/voucher/", "ask/"):
        answer = Client().post(f"/en/my/page/{address}", {"text": "x", "answer": "accept", "done": "1"})
        assert answer.url == "/en/my/"
    assert (CaseRow.objects.count(), OfferRow.objects.count(), StepDone.objects.count()) == (0, 0, 0)


@pytest.mark.parametrize("cookie", ["", "x" * 43, "../../etc/passwd" * 3, "\u0000" * 43])
def test_a_made_up_cookie_opens_nothing(sent, door, cookie):  # noqa: F811
    who = browser()
    who.cookies["my-page"] = cookie
    assert who.get("/en/my/page/").url == "/en/my/"


def test_a_link_shows_a_button_and_does_nothing_by_itself(sent, door, mails):  # noqa: F811
    code = code_of(sent, 0)
    who = browser()
    answer = who.get(f"/en/my/code/{code}/")

    assert code in answer.content.decode()
    assert Visit.objects.count() == 0
    assert not answer.cookies


def test_no_cookie_is_set_before_the_code_was_right(sent, door):  # noqa: F811
    who = browser()
    assert not who.get("/en/my/").cookies
    assert not who.post("/en/my/", {"code": "0000-0000-0000-0"}).cookies


def test_the_cookie_is_for_this_host_this_session_and_no_script(sent, door):  # noqa: F811
    answer = browser().post("/en/my/", {"code": code_of(sent, 0)})
    cookie = answer.cookies["my-page"]

    assert (cookie["httponly"], cookie["samesite"], cookie["path"], cookie["max-age"], cookie["domain"]) == (True, "Strict", "/", "", "")
    assert str(row_of(sent, 0).pk) not in str(cookie)


def test_a_form_from_another_site_begins_nothing(sent, door):  # noqa: F811
    for header in ({"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {"Origin": "https://evil.example"}, {"Origin": "null"}):
        assert browser().post("/en/my/", {"code": code_of(sent, 0)}, headers=header).status_code == 403
    assert Visit.objects.count() == 0


def test_every_other_form_needs_the_token_of_the_page(sent, door, mails):  # noqa: F811
    who = enter(sent, 0, mails)
    for address in ("step/vigilance/", "offer/voucher/", "ask/", "harm/", "survey/"):
        assert who.post(f"/en/my/page/{address}", {"text": "x", "answer": "accept", "done": "1"}).status_code == 403
    for address in ("/en/my/proof/", "/en/my/proof/again/", "/en/my/leave/"):
        assert who.post(address).status_code == 403
    assert CaseRow.objects.count() == 0


def test_a_withdrawn_text_a_closed_incident_and_erased_persons_open_nothing(sent, door, mails):  # noqa: F811
    code, who = code_of(sent, 0), enter(sent, 1, mails)
    respond.erase_people(sent, by=sent.declared_by, now=timezone.now(), why="asked for")
    assert browser().post("/en/my/", {"code": code}).status_code == 400
    assert who.get("/en/my/page/").url == "/en/my/"


# ---- guessing, replaying, planting ----


def test_five_wrong_one_time_codes_end_the_visit_and_the_right_one_comes_too_late(sent, door, mails, monkeypatch):  # noqa: F811
    monkeypatch.setattr(visits, "TRIES_A_MINUTE", 1000)
    who = browser()
    who.post("/en/my/", {"code": code_of(sent, 0)})
    worker()
    right = mails[0][1]
    wrong = "000000000" if not right.startswith("000") else "111111111"
    token = token_in(who.get("/en/my/proof/"))
    kept = {name: cookie.value for name, cookie in who.cookies.items()}
    statuses = [who.post("/en/my/proof/", {"proof": wrong, "csrfmiddlewaretoken": token}).status_code for _ in range(5)]

    assert statuses == [400, 400, 400, 400, 403]
    for name, value in kept.items():  # whoever guesses keeps the cookies that an honest browser forgets
        who.cookies[name] = value
    assert who.post("/en/my/proof/", {"proof": right, "csrfmiddlewaretoken": token}).url == "/en/my/"
    assert Visit.objects.get().proven_at is None
    assert "page.refused" in [entry["act"] for entry in journal.entries(sent.pk)]


def test_a_one_time_code_works_once(sent, door, mails):  # noqa: F811
    first = enter(sent, 0, mails)
    visit = Visit.objects.get()
    assert visit.proof_hash is None
    assert visits.prove(visit, mails[0][1], now=timezone.now()) is None
    assert first.get("/en/my/page/").status_code == 200


def test_a_one_time_code_opens_only_the_window_it_was_asked_for_in(sent, door, mails):  # noqa: F811
    """Bob found Alice's letter and asks as well; the code that Alice got does not open Bob's window."""
    hers, his = browser(), browser()
    hers.post("/en/my/", {"code": code_of(sent, 0)})
    worker()
    his.post("/en/my/", {"code": code_of(sent, 0)})
    worker()
    her_code, _his_code = mails[0][1], mails[1][1]

    assert post(his, "/en/my/proof/", {"proof": her_code}, see="/en/my/proof/").status_code == 400
    assert his.get("/en/my/page/").url == "/en/my/proof/"
    assert post(hers, "/en/my/proof/", {"proof": her_code}, see="/en/my/proof/").url == "/en/my/page/"


def test_a_one_time_code_ends_after_a_quarter_of_an_hour(sent, door, mails):  # noqa: F811
    who = browser()
    who.post("/en/my/", {"code": code_of(sent, 0)})
    worker()
    Visit.objects.update(proof_sent_at=timezone.now() - timedelta(minutes=15, seconds=1))

    assert post(who, "/en/my/proof/", {"proof": mails[0][1]}, see="/en/my/proof/").status_code == 400


def test_the_token_changes_with_the_proof_so_that_a_planted_cookie_is_worth_nothing(sent, door, mails):  # noqa: F811
    who = browser()
    who.post("/en/my/", {"code": code_of(sent, 0)})
    planted = who.cookies["my-page"].value
    worker()
    post(who, "/en/my/proof/", {"proof": mails[0][1]}, see="/en/my/proof/")

    attacker = browser()
    attacker.cookies["my-page"] = planted
    assert who.cookies["my-page"].value != planted
    assert attacker.get("/en/my/page/").url == "/en/my/"


def test_who_proves_ends_every_other_visit_of_that_person(sent, door, mails):  # noqa: F811
    first = enter(sent, 0, mails)
    second = enter(sent, 0, mails)

    assert first.get("/en/my/page/").url == "/en/my/"
    assert second.get("/en/my/page/").status_code == 200


def test_a_visit_ends_when_idle_when_old_and_when_the_person_leaves(sent, door, mails):  # noqa: F811
    who, now = enter(sent, 0, mails), timezone.now()
    Visit.objects.update(seen_at=now - timedelta(minutes=20, seconds=1))
    assert who.get("/en/my/page/").url == "/en/my/"
    Visit.objects.update(seen_at=now, asked_at=now - timedelta(hours=2, seconds=1))
    assert who.get("/en/my/page/").url == "/en/my/"
    Visit.objects.update(asked_at=now)
    cookie = who.cookies["my-page"].value
    post(who, "/en/my/leave/")
    who.cookies["my-page"] = cookie
    assert who.get("/en/my/page/").url == "/en/my/"


def test_one_network_gets_three_codes_an_hour_for_a_person(sent, door, mails):  # noqa: F811
    answers = [browser().post("/en/my/", {"code": code_of(sent, 0)}) for _ in range(4)]
    assert [a.status_code for a in answers] == [302, 302, 302, 429]
    assert browser().post("/en/my/", {"code": code_of(sent, 1)}).status_code == 302


def test_who_found_the_letter_and_asks_for_codes_does_not_lock_the_person_out(sent, door, mails, monkeypatch):  # noqa: F811
    monkeypatch.setattr(visits, "TRIES_A_MINUTE", 1000)
    finder = [browser().post("/en/my/", {"code": code_of(sent, 0)}, REMOTE_ADDR="198.51.100.7").status_code for _ in range(5)]
    assert finder == [302, 302, 302, 429, 429]

    who = Client(enforce_csrf_checks=True, REMOTE_ADDR="203.0.113.9")
    assert enter(sent, 0, mails, who).get("/en/my/page/").status_code == 200
    assert b"203.0.113.9" not in bytes(Visit.objects.exclude(proven_at=None).get().network)


def test_too_many_tries_from_one_connection_wait(sent, door):  # noqa: F811
    answers = [browser().post("/en/my/", {"code": "0000-0000-0000-0"}).status_code for _ in range(11)]
    assert answers == [400] * 10 + [429]


def test_the_answer_is_the_same_whether_we_have_an_address_or_not(sent, door, mails):  # noqa: F811
    people.load(sent, [person(n, language="en", emails=() if n == 1 else (f"guest{n}@example.org",)) for n in range(PEOPLE)])
    pages = []
    for n in (0, 1):
        who = browser()
        assert who.post("/en/my/", {"code": code_of(sent, n)}).url == "/en/my/proof/"
        worker()
        pages.append(re.sub(r'value="[^"]+"', "", who.get("/en/my/proof/").content.decode()))
    assert pages[0] == pages[1]
    assert len(mails) == 1
    assert visits.prove(Visit.objects.order_by("asked_at").last(), "", now=timezone.now()) is None


def test_the_one_time_code_is_stored_only_as_a_keyed_hash_and_stands_in_no_journal(sent, door, mails):  # noqa: F811
    enter(sent, 0, mails)
    code = mails[0][1].replace("-", "")
    told = str(list(journal.entries(sent.pk)))
    assert code not in told and "guest0" not in told
    assert [entry["act"] for entry in journal.entries(sent.pk)][-1] == "page.opened"


def test_the_mail_says_nothing_on_the_outside_and_holds_no_link(sent, door, mails):  # noqa: F811
    for language in ("en", "fr", "fa"):
        Visit.objects.all().delete()
        browser().post(f"/{language}/my/", {"code": code_of(sent, 0)})
        worker()
        notice = mails[-1][2]
        texts = " ".join(s.text for section in notice.sections for s in section.sentences)
        assert notice.language == language
        assert not re.search(r"https?://|www\.", texts)
        assert "Guest" not in texts + notice.subject + notice.greeting


# ---- what it does ----


def test_pages_are_kept_nowhere_and_stay_small(sent, door, mails):  # noqa: F811
    who = enter(sent, 2, mails)
    for address in ("/en/my/page/", "/en/my/page/harm/", "/fa/my/page/", "/fr/my/page/"):
        answer = who.get(address)
        assert answer["Cache-Control"] == "no-store"
        assert answer["Referrer-Policy"] == "same-origin"
        assert answer["X-Frame-Options"] == "DENY"
        assert len(answer.content) < 30_000
        assert "<script" not in answer.content.decode()


@pytest.mark.parametrize(("language", "word"), [("en", "What I do now"), ("fr", "Ce que je fais maintenant"), ("fa", "حالا چه کنم")])
def test_three_languages(sent, door, mails, language, word):  # noqa: F811
    shown = enter(sent, 0, mails).get(f"/{language}/my/page/").content.decode()
    assert word in shown
    assert f'lang="{language}" dir="{"rtl" if language == "fa" else "ltr"}"' in shown


def test_a_step_is_ticked_off_and_back_and_only_ones_own(sent, door, mails):  # noqa: F811
    who = enter(sent, 0, mails)
    post(who, "/en/my/page/step/card_watch/", {"done": "1"})
    assert list(StepDone.objects.values_list("person_id", "step")) == [(row_of(sent, 0).pk, "card_watch")]
    assert "1 of" in who.get("/en/my/page/").content.decode()
    post(who, "/en/my/page/step/card_watch/", {"done": "0"})
    assert StepDone.objects.count() == 0
    assert post(who, "/en/my/page/step/tax_pin/", {"done": "1"}).status_code == 404  # nothing of theirs asks for it


def opened(incident, *names):  # noqa: F811
    for name in names:
        OfferPlan.objects.create(incident=incident, offer=name, opened_at=timezone.now())


def test_an_offer_is_there_once_it_is_open_for_all_and_is_taken_or_left(sent, door, mails):  # noqa: F811
    who = enter(sent, 1, mails)
    assert "The cost of a new card" not in who.get("/en/my/page/").content.decode()
    assert post(who, "/en/my/page/offer/card_reissue/", {"answer": "accept"}).status_code == 404
    opened(sent, "card_reissue", "voucher")
    assert "The cost of a new card" in who.get("/en/my/page/").content.decode()
    post(who, "/en/my/page/offer/card_reissue/", {"answer": "accept"})
    post(who, "/en/my/page/offer/voucher/", {"answer": "decline"})
    post(who, "/en/my/page/offer/voucher/", {"answer": "accept"})
    post(who, "/en/my/page/offer/voucher/", {"answer": "accept"})

    assert sorted(OfferRow.objects.values_list("offer", "state", "is_owed")) == [("card_reissue", "accepted", False), ("voucher", "accepted", False)]
    assert list(OfferEntry.objects.order_by("id").values_list("row__offer", "state")) == [
        ("card_reissue", "accepted"),
        ("voucher", "declined"),
        ("voucher", "accepted"),
    ]


def test_what_the_law_owes_is_there_without_anybody_opening_it_and_stays_after_a_no(sent, door, mails):  # noqa: F811
    who = enter(sent, 2, mails)  # a Social Security number in Connecticut
    assert "24 months" in who.get("/en/my/page/").content.decode()
    post(who, "/en/my/page/offer/monitoring/", {"answer": "decline"})

    shown = who.get("/en/my/page/").content.decode()
    assert "It stays yours: take it whenever you like." in shown
    assert OfferRow.objects.get().is_owed
    post(who, "/en/my/page/offer/monitoring/", {"answer": "accept"})
    assert OfferRow.objects.get().state == "accepted"


def test_an_offer_for_another_harm_is_not_there(sent, door, mails):  # noqa: F811
    opened(sent, "loyalty_points", "card_reissue")
    who = enter(sent, 0, mails)
    assert post(who, "/en/my/page/offer/loyalty_points/", {"answer": "accept"}).status_code == 404
    assert OfferRow.objects.count() == 0


def test_a_question_becomes_a_case_that_is_encrypted_and_knows_who_comes_first(sent, door, mails):  # noqa: F811
    who = enter(sent, 1, mails)  # who declared a need
    answer = post(who, "/en/my/page/ask/", {"text": "Wrenna asks: who has my card?"})
    assert answer.url == "/en/my/page/?sent=asked#cases"

    case = CaseRow.objects.get()
    assert (case.person_id, case.urgency, case.state) == (row_of(sent, 1).pk, "need", "open")
    assert case.due_at - case.opened_at == timedelta(hours=4)
    assert b"Wrenna" not in bytes(CaseMessage.objects.get().secret)
    assert "Wrenna asks: who has my card?" in who.get("/en/my/page/").content.decode()
    assert "Wrenna" not in str(list(journal.entries(sent.pk)))


def test_a_guardian_and_a_family_read_whom_you_means(sent, door, mails):  # noqa: F811
    more = [{"minor": True, "name": "Ali Example"}, {"deceased": True, "name": "Mia Example"}, {}, {}]
    people.load(sent, [person(n, language="en", **more[n]) for n in range(PEOPLE)])
    guardian, family, self_ = (enter(sent, n, mails).get("/en/my/page/").content.decode() for n in (0, 1, 2))
    assert "it means the child in your care" in guardian and "Ali Example" in guardian
    assert "We are sorry to trouble you in your loss." in family and "Mia Example" in family
    assert "it means" not in self_


def test_one_person_cannot_fill_the_house(sent, door, mails, monkeypatch):  # noqa: F811
    monkeypatch.setattr(actions, "OPEN_CLAIMS_MAX", 1)
    monkeypatch.setattr(actions, "MESSAGES_MAX", 2)
    monkeypatch.setattr(actions, "OPEN_CASES_MAX", 3)
    who = enter(sent, 0, mails)
    harm = {"harm": "scam", "text": "Somebody called me"}
    assert "sent=harm" in post(who, "/en/my/page/harm/", harm, see="/en/my/page/harm/").url
    assert "sent=many" in post(who, "/en/my/page/harm/", harm, see="/en/my/page/harm/").url
    case = str(CaseRow.objects.get().pk)
    urls = [post(who, "/en/my/page/ask/", {"text": "more", "case": case}).url for _ in range(2)]
    assert ["sent=asked" in url for url in urls] == [True, False]
    assert ["sent=asked" in post(who, "/en/my/page/ask/", {"text": "new"}).url for _ in range(3)] == [True, True, False]


def test_bob_sees_and_continues_nothing_of_alice(sent, door, mails):  # noqa: F811
    hers = enter(sent, 0, mails)
    post(hers, "/en/my/page/ask/", {"text": "a matter of Alice"})
    post(hers, "/en/my/page/step/card_watch/", {"done": "1"})
    case = CaseRow.objects.get()
    his = enter(sent, 1, mails)

    assert "a matter of Alice" not in his.get("/en/my/page/").content.decode()
    assert post(his, "/en/my/page/ask/", {"text": "mine now", "case": str(case.pk)}).status_code == 404
    assert CaseMessage.objects.count() == 1
    assert "0 of" in his.get("/en/my/page/").content.decode()


def test_more_in_ones_own_case_opens_it_again(sent, door, mails):  # noqa: F811
    who = enter(sent, 0, mails)
    post(who, "/en/my/page/ask/", {"text": "first"})
    CaseRow.objects.update(state="answered", answered_at=timezone.now())
    post(who, "/en/my/page/ask/", {"text": "and also", "case": str(CaseRow.objects.get().pk)})

    assert CaseRow.objects.get().state == "open"
    assert CaseMessage.objects.count() == 2


def test_a_harm_is_reported_with_papers_that_lie_encrypted(sent, door, mails):  # noqa: F811
    from django.core.files.uploadedfile import SimpleUploadedFile

    who = enter(sent, 0, mails)
    data = {"harm": "emptied_account", "text": "120 euros are gone", "happened_on": "2026-01-05", "lost_eur": "۱۲۰٫۵۰"}
    data["files"] = SimpleUploadedFile("statement.pdf", b"%PDF my statement", content_type="application/pdf")
    answer = post(who, "/en/my/page/harm/", data, see="/en/my/page/harm/")
    assert answer.url == "/en/my/page/?sent=harm#cases"

    claim, file = ClaimRow.objects.get(), ClaimFile.objects.get()
    said = sent.keys().decrypt(claim.secret, place="care_claimrow.secret", row=claim.pk)
    assert said == {"happened_on": "2026-01-05", "lost": "120.50"}
    assert claim.answer_due_at - claim.received_at == timedelta(days=5)
    assert b"my statement" not in bytes(file.secret) and b"statement.pdf" not in bytes(file.secret)
    assert file.size_bytes == 17
    shown = who.get("/en/my/page/").content.decode()
    assert "Money is missing from my account" in shown and "You get our answer by" in shown


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"happened_on": "yesterday"}, "This is not a day that has been."),
        ({"happened_on": "2999-01-01"}, "This is not a day that has been."),
        ({"lost_eur": "a lot"}, "This is not an amount."),
        ({"lost_eur": "NaN"}, "This is not an amount."),
        ({"harm": "no_such_harm"}, "Choose what fits best."),
        ({"text": " "}, "Tell us in a few words what happened."),
    ],
)
def test_a_report_that_cannot_be_read_says_why_and_keeps_what_was_written(sent, door, mails, wrong, says):  # noqa: F811
    who = enter(sent, 0, mails)
    data = {"harm": "scam", "text": "Somebody called me", "happened_on": "", "lost_eur": ""} | wrong
    answer = post(who, "/en/my/page/harm/", data, see="/en/my/page/harm/")

    assert answer.status_code == 400
    assert says in answer.content.decode()
    assert wrong.get("text", "Somebody called me") in answer.content.decode()
    assert ClaimRow.objects.count() == 0


def test_too_many_or_too_large_files_are_refused_and_nothing_is_kept(sent, door, mails):  # noqa: F811
    from django.core.files.uploadedfile import SimpleUploadedFile

    who = enter(sent, 0, mails)
    six = [SimpleUploadedFile(f"{n}.png", b"x") for n in range(6)]
    assert post(who, "/en/my/page/harm/", {"harm": "scam", "text": "x", "files": six}, see="/en/my/page/harm/").status_code == 400
    large = SimpleUploadedFile("large.png", b"x" * ((4 << 20) + 1))
    assert post(who, "/en/my/page/harm/", {"harm": "scam", "text": "x", "files": large}, see="/en/my/page/harm/").status_code == 413
    assert ClaimRow.objects.count() == 0


def test_the_survey_comes_after_help_once_and_runs_from_0_to_10(sent, door, mails):  # noqa: F811
    who = enter(sent, 0, mails)
    assert who.get("/en/my/page/survey/").url == "/en/my/page/"
    post(who, "/en/my/page/ask/", {"text": "first"})
    CaseRow.objects.update(state="answered", answered_at=timezone.now())
    shown = who.get("/fa/my/page/survey/").content.decode()
    values = re.findall(r'name="nps" value="(\d+)">([۰-۹]+)', shown)
    assert values == list(zip("0 1 2 3 4 5 6 7 8 9 10".split(), "۰ ۱ ۲ ۳ ۴ ۵ ۶ ۷ ۸ ۹ ۱۰".split(), strict=True))
    assert post(who, "/en/my/page/survey/", {"nps": "11"}, see="/en/my/page/survey/").status_code == 400
    post(who, "/fa/my/page/survey/", {"nps": "9", "csat": "", "integrity": "2", "text": "خوب بود"}, see="/fa/my/page/survey/")

    row = SurveyAnswer.objects.get()
    assert (row.nps, row.csat, row.integrity, row.language, row.notice_id) == (9, None, 2, "fa", "eu.en")
    assert "خوب".encode() not in bytes(row.secret)
    assert who.get("/en/my/page/survey/").url == "/en/my/page/"


def test_the_lessons_are_there_for_everybody(door):  # noqa: F811
    who = browser()
    assert "How to tell a false message from a true one" in who.get("/en/learn/").content.decode()
    answer = who.get("/fa/learn/passwords/")
    assert "گذرواژه‌ها: اول کدام را عوض کنید" in answer.content.decode()
    assert not answer.cookies
    assert who.get("/en/learn/no-such-lesson/").status_code == 404


@pytest.fixture
def sent_to_one(incident, fresh):  # noqa: F811
    people.load(incident, [person(0, language="fr")])
    sign(fresh, incident, typed="1")
    countersign(fresh, incident, typed="1")
    return incident


@pytest.mark.django_db(transaction=True)
def test_the_worker_mails_the_code_and_it_opens_the_page(sent_to_one, door, inbox):  # noqa: F811
    incident, who = sent_to_one, browser()  # noqa: F811
    who.post("/fr/my/", {"code": code_of(incident, 0)})
    worker()

    [mail] = inbox.mails
    text = mail.get_body(("plain",)).get_content()
    code = re.search(r"\d{3}-\d{3}-\d{3}", text)[0]
    assert inbox.to == ["guest0@example.org"]
    assert "code" not in mail["Subject"].lower()
    assert post(who, "/fr/my/proof/", {"proof": code}, see="/fr/my/proof/").url == "/fr/my/page/"


@pytest.mark.django_db(transaction=True)
def test_a_code_that_the_relay_did_not_take_is_sent_by_the_sweep(sent_to_one, door, monkeypatch, request):  # noqa: F811
    who = browser()
    monkeypatch.setenv("AMANAT_SMTP", "smtp://127.0.0.1:9")  # nobody listens there
    who.post("/fr/my/", {"code": code_of(sent_to_one, 0)})
    with pytest.raises(Exception, match=r"(?i)connect|refused|later|reach"):
        worker()
    visit = Visit.objects.get()
    assert (visit.proof_hash, visit.proof_sent_at) == (None, None)

    caught = request.getfixturevalue("inbox")
    worker(visit)
    assert len(caught.mails) == 1
    worker(visit)
    assert len(caught.mails) == 1  # once it was handed over, no second one


def test_the_public_door_reaches_status_verify_my_page_and_lessons_and_nothing_else(door):  # noqa: F811
    from django.urls import get_resolver

    from tests.web.test_doors import pages

    modules = {view.__module__ for _address, _name, view in pages(get_resolver("amanat.web.public_urls").url_patterns)}
    names = {name for _address, name, _view in pages(get_resolver("amanat.web.public_urls").url_patterns) if name}
    pages_of_public = {"amanat.web.public.views", "amanat.web.public.promised", "amanat.web.public.file_views"}
    # A person's own pages and the record that they may take; and what providers tell of our mails.
    beside = {"amanat.web.notify.told", "amanat.web.bulletin.views"}
    assert modules == pages_of_public | {"amanat.web.care.person_views", "amanat.web.care.proof_views"} | beside
    others = {name for name in names if not name.startswith(("my_", "told_", "status_", "verify_", "bulletin"))}
    assert others <= {"status", "public_promises", "verify", "released", "released_file", "report_fake", "learn", "lesson"}


def test_what_the_person_s_pages_are_made_of_knows_nothing_of_the_desk():
    """The public door reaches one person at a time: none of its files imports what staff read, change or run."""
    import ast
    from pathlib import Path

    import amanat.web.care as folder

    home = Path(folder.__file__).parent
    imported = set()
    for name in ("person_views", "person", "actions", "visits", "forms", "public_urls"):
        for node in ast.walk(ast.parse((home / f"{name}.py").read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom):
                imported |= {f"{node.module}.{alias.name}" for alias in node.names} | {node.module}
    assert {"amanat.web.care.person", "amanat.web.care.visits"} <= imported
    assert not imported & {f"amanat.web.care.{staff}" for staff in ("desk", "queries", "counting", "tasks", "views", "help_views", "acting", "urls")}


def test_an_upload_without_a_length_is_stopped_when_it_is_too_much():
    from django.core.exceptions import RequestDataTooBig

    from amanat.web.uploads import FILE_MAX, REQUEST_MAX, InMemory

    handler, chunk = InMemory(), b"x" * (1 << 20)
    with pytest.raises(RequestDataTooBig):
        for _file in range(REQUEST_MAX // FILE_MAX + 1):
            handler.new_file("files", "a.png", "image/png", None)
            for n in range(FILE_MAX >> 20):
                handler.receive_data_chunk(chunk, n << 20)
