"""The desk: order, answers to one and to all, claims by their date, offers for all or for nobody, calls until a voice confirms."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from amanat.web.care import actions, desk, person, queries, tasks
from amanat.web.care.models import (
    BudgetRow,
    CallRow,
    CaseMessage,
    CaseRow,
    ClaimFile,
    ClaimRow,
    MailFile,
    MasterCase,
    OfferEntry,
    OfferPlan,
    OfferRow,
)
from amanat.web.respond import actions as respond
from amanat.web.respond import journal
from amanat.web.scope import people

from .test_approval import alice, fresh, incident, story  # noqa: F401  fixtures
from .test_approval import person as a_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def peopled(incident):  # noqa: F811
    people.load(
        incident,
        [
            a_person(0, name="Ann Example", kinds=("email", "card_with_code"), language="en"),
            a_person(1, name="Bruno Exemple", kinds=("email",), needs="large print", language="fr", phones=("+33199000001",)),
            a_person(2, name="Mina Nemouneh", kinds=("service",), basis="service", language="fa", phones=("+33199000002",)),
            a_person(3, name="Dora Example", kinds=("ssn",), residence="US-CT", language="en"),
        ],
    )
    return incident


def row_of(incident, n):  # noqa: F811
    return people.find(incident, person_id=f"guest-{n}")


class Me:
    """A person as my page has them, without the page."""

    def __init__(self, incident, n):  # noqa: F811
        self.visit = type("Visit", (), {"incident": incident, "person": row_of(incident, n), "person_id": row_of(incident, n).pk})()
        self.secret, self.keys = people.reveal(incident, row_of(incident, n)), incident.keys()
        self.harm = desk.harm_of(self.secret, row_of(incident, n))
        self.kinds = frozenset(self.secret["kinds"])


def asked(incident, n, text="What now?", minutes=0):  # noqa: F811
    return actions.ask(Me(incident, n), text, now=timezone.now() + timedelta(minutes=minutes))


def claimed(incident, n=0, harm="card_misuse", **more):  # noqa: F811
    given = {"harm": harm, "text": "my card was used", "happened_on": None, "lost_eur": Decimal(120), "files": [("a.png", b"PNG")]} | more
    return actions.report_harm(Me(incident, n), **given, now=timezone.now())


def page(fresh, incident, name, *more, who="Alice"):  # noqa: F811
    return fresh(who).get(reverse(name, args=[incident.pk, *more]))


def send(fresh, incident, name, *more, data, who="Alice"):  # noqa: F811
    return fresh(who).post(reverse(name, args=[incident.pk, *more]), data, follow=True)


def acts(incident):  # noqa: F811
    return [entry["act"] for entry in journal.entries(incident.pk)]


def test_who_depends_on_us_and_who_declared_a_need_stand_first(peopled, fresh):  # noqa: F811
    rows = [asked(peopled, 0), asked(peopled, 1, minutes=1), asked(peopled, 2, minutes=2)]

    assert [row.pk for row in queries.queue(peopled)] == [rows[2].pk, rows[1].pk, rows[0].pk]
    shown = page(fresh, peopled, "desk").content.decode()
    assert shown.index("depends on us") < shown.index("declared need") < shown.index("question")


def test_the_database_sorts_as_the_stage_does(peopled):
    from amanat import care

    for n, minutes in ((0, 5), (1, 4), (2, 3), (3, 2), (0, 1)):
        asked(peopled, n, minutes=minutes)
    claimed(peopled, harm="safety")
    rows = list(CaseRow.objects.filter(incident=peopled))
    assert [case.id for case in care.in_order(map(queries.as_case, rows))] == [str(row.pk) for row in queries.queue(peopled)]


def test_a_case_shows_whose_it_is_and_its_opening_is_in_the_journal(peopled, fresh):  # noqa: F811
    case = asked(peopled, 1, "Puis-je changer de carte ?")
    shown = page(fresh, peopled, "case", case.pk).content.decode()

    assert "Bruno Exemple" in shown and "Puis-je changer de carte ?" in shown and "large print" in shown
    assert acts(peopled)[-1] == "case.read"
    assert "Bruno" not in str(list(journal.entries(peopled.pk)))


def test_an_answer_stands_on_the_page_and_the_mail_says_only_that_it_is_there(peopled, fresh, monkeypatch):  # noqa: F811
    caught = []
    monkeypatch.setattr(tasks, "mail", lambda _incident, contact, notice, *, code: caught.append((contact, notice)))
    case = asked(peopled, 1)
    send(fresh, peopled, "answer_case", case.pk, data={"text": "Yes, today.", "do": "answer"})
    tasks.tell_of_answer.func(case_id=str(case.pk))
    tasks.tell_of_answer.func(case_id=str(case.pk))

    case.refresh_from_db()
    assert (case.state, case.answered_by.name) == ("answered", "Alice")
    [(contact, notice)] = caught  # once, however often the job runs
    said = " ".join(s.text for section in notice.sections for s in section.sentences)
    assert contact.emails[0].reveal(why="the test looks") == "guest1@example.org"
    assert (notice.language, "today" in said, "Bruno" in said) == ("fr", False, False)


def test_an_empty_answer_is_not_sent(peopled, fresh):  # noqa: F811
    case = asked(peopled, 0)
    assert "Nothing was sent." in send(fresh, peopled, "answer_case", case.pk, data={"text": "  ", "do": "answer"}).content.decode()
    case.refresh_from_db()
    assert case.state == "open"


def test_one_answer_reaches_all_each_by_name_and_in_their_language(peopled, fresh):  # noqa: F811
    cases = [asked(peopled, n) for n in (0, 1, 2)]
    other = asked(peopled, 3)
    send(fresh, peopled, "new_master", data={"title": "When is the site back?"})
    master = MasterCase.objects.get()
    for case in cases:
        send(fresh, peopled, "answer_case", case.pk, data={"do": "join", "master": str(master.pk)})
    refused = send(fresh, peopled, "master", master.pk, data={"text-fa": "فردا."}).content.decode()
    assert "own language is missing" in refused
    send(fresh, peopled, "master", master.pk, data={"text-en": "Tomorrow.", "text-fr": "Demain."})

    said = {}
    for case in cases:
        message = CaseMessage.objects.get(case=case, is_from_person=False)
        said[case.person_id] = peopled.keys().decrypt(message.secret, place=person.CASE_TEXT, row=message.pk)["text"]
    assert said[row_of(peopled, 0).pk] == "Dear Ann Example,\n\nTomorrow."
    assert said[row_of(peopled, 1).pk].endswith("\n\nDemain.") and "Bruno Exemple" in said[row_of(peopled, 1).pk]
    assert said[row_of(peopled, 2).pk].startswith("Dear Mina Nemouneh")  # no Persian text: the company's own language
    other.refresh_from_db()
    assert other.state == "open"
    assert CaseRow.objects.filter(state="answered").count() == 3


def test_a_claim_is_decided_with_reasons_by_who_may_and_paid_once(peopled, fresh, staff_of, alice):  # noqa: F811
    respond.add_member(peopled, staff=staff_of("sue"), role="support", by=alice, now=timezone.now())
    claim = claimed(peopled)
    where = (claim.case_id, claim.pk)
    assert send(fresh, peopled, "decide_claim", *where, data={"state": "accepted", "text": "We pay."}, who="Sue").status_code == 403
    assert "Nothing was sent." in send(fresh, peopled, "decide_claim", *where, data={"state": "accepted", "text": ""}).content.decode()
    assert (
        "This is not an amount."
        in send(fresh, peopled, "decide_claim", *where, data={"state": "accepted", "text": "x", "reimburse_eur": "-5"}).content.decode()
    )
    send(fresh, peopled, "decide_claim", *where, data={"state": "accepted", "text": "We pay it back.", "reimburse_eur": "120"})
    send(fresh, peopled, "decide_claim", *where, data={"state": "paid"})
    again = send(fresh, peopled, "decide_claim", *where, data={"state": "paid"}).content.decode()

    claim.refresh_from_db()
    assert (claim.state, claim.reimburse_eur, claim.decided_by.name) == ("accepted", Decimal("120.00"), "Alice")
    assert claim.paid_at and "paid already" in again
    assert [act for act in acts(peopled) if act.startswith("claim.")] == ["claim.received", "claim.decided", "claim.paid"]


def test_a_rejected_claim_pays_nothing_even_if_an_amount_was_typed(peopled, fresh):  # noqa: F811
    claim = claimed(peopled)
    send(fresh, peopled, "decide_claim", claim.case_id, claim.pk, data={"state": "rejected", "text": "Because…", "reimburse_eur": "50"})
    claim.refresh_from_db()
    assert (claim.state, claim.reimburse_eur) == ("rejected", None)


def test_evidence_is_handed_over_as_it_came_and_never_shown(peopled, fresh, staff_of):  # noqa: F811
    claim = claimed(peopled, files=[("<script>.html", b"<script>alert(1)</script>")])
    file = ClaimFile.objects.get()
    answer = send(fresh, peopled, "evidence", claim.pk, file.pk, data={})

    assert answer.content == b"<script>alert(1)</script>"
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["Content-Disposition"].startswith('attachment; filename="evidence-')
    assert "sandbox" in answer["Content-Security-Policy"] and "script" not in answer["Content-Disposition"]
    assert acts(peopled)[-1] == "claim.file_taken"


def test_the_desk_shows_our_advice_on_the_link_and_leaves_the_decision_to_a_person(peopled, fresh):  # noqa: F811
    shown = page(fresh, peopled, "case", claimed(peopled).case_id).content.decode()
    assert "The data that this harm needs were among those affected." in shown
    assert "You decide" in shown


def test_counting_finds_for_whom_each_offer_is_and_whom_to_call(peopled):
    tasks.count_care.func(incident_id=str(peopled.pk))

    plans = {row.offer: (row.n_persons, row.n_owed, row.cost_eur) for row in OfferPlan.objects.all()}
    assert plans["card_reissue"] == (1, 0, 15)
    assert plans["monitoring"] == (1, 1, 48)  # 24 months in Connecticut
    assert plans["refund"] == (1, 1, 60)  # a service in France
    assert plans["voucher"] == (4, 0, 72)
    assert [(row.person_id, row.why) for row in CallRow.objects.order_by("why_rank")] == [
        (row_of(peopled, 2).pk, "service"),
        (row_of(peopled, 1).pk, "need"),
    ]


def test_an_offer_that_the_budget_does_not_hold_for_everybody_is_opened_to_nobody(peopled, fresh):  # noqa: F811
    send(fresh, peopled, "set_offers", data={"budget": "۱۳۰"})
    assert BudgetRow.objects.get().amount_eur == 130
    tasks.count_care.func(incident_id=str(peopled.pk))
    # 108 are owed by law; 22 are left: the card (15) is held, the gesture (72) is not.
    assert "does not hold this offer" in send(fresh, peopled, "set_offers", data={"open": "voucher"}).content.decode()
    send(fresh, peopled, "set_offers", data={"open": "card_reissue"})

    opened = set(OfferPlan.objects.filter(opened_at__isnull=False).values_list("offer", flat=True))
    assert opened == {"card_reissue"}
    assert "offer.opened" in acts(peopled)


def test_what_the_law_owes_is_handed_over_even_after_a_no_and_other_things_only_after_a_yes(peopled, fresh):  # noqa: F811
    now = timezone.now()
    OfferPlan.objects.create(incident=peopled, offer="voucher", opened_at=now)
    owed = actions.answer_offer(Me(peopled, 3), "monitoring", is_accepted=False, now=now)
    gesture = actions.answer_offer(Me(peopled, 3), "voucher", is_accepted=False, now=now)

    assert "owed by law" in page(fresh, peopled, "offers").content.decode()
    assert "does not follow" in send(fresh, peopled, "give_offer", gesture.pk, data={}).content.decode()
    send(fresh, peopled, "give_offer", owed.pk, data={})
    assert sorted(OfferRow.objects.values_list("offer", "state")) == [("monitoring", "given"), ("voucher", "declined")]
    assert list(OfferEntry.objects.order_by("id").values_list("row__offer", "state", "by__name")) == [
        ("monitoring", "declined", None),
        ("voucher", "declined", None),
        ("monitoring", "given", "Alice"),
    ]


def test_a_call_comes_back_until_a_voice_has_confirmed(peopled, fresh):  # noqa: F811
    tasks.count_care.func(incident_id=str(peopled.pk))
    shown = page(fresh, peopled, "calls").content.decode()
    assert "Mina Nemouneh" in shown and "+33199000002" in shown and "large print" in shown
    assert acts(peopled)[-1] == "calls.read"
    call = CallRow.objects.get(person=row_of(peopled, 2))
    assert "does not follow" in send(fresh, peopled, "move_call", call.pk, data={"becomes": "confirmed"}).content.decode()
    for becomes in ("not_reached", "spoken", "substituted", "confirmed"):
        send(fresh, peopled, "move_call", call.pk, data={"becomes": becomes})

    call.refresh_from_db()
    assert (call.state, call.n_tries, call.changed_by.name) == ("confirmed", 2, "Alice")
    assert "Mina Nemouneh" not in page(fresh, peopled, "calls").content.decode()
    tasks.count_care.func(incident_id=str(peopled.pk))
    call.refresh_from_db()
    assert call.state == "confirmed"  # counting again does not undo what was done


def test_an_e_mail_becomes_a_case_of_whom_its_address_belongs_to(peopled, fresh):  # noqa: F811
    known = b"From: Bruno <GUEST1@example.org>\nSubject: Question\n\nQuand ?\n"
    stranger = b"From: eve@example.net\nSubject: hi\n\nTell me Bruno's data.\n"
    away = b"From: guest0@example.org\nAuto-Submitted: auto-replied\n\nAway.\n"
    files = [SimpleUploadedFile(f"{n}.eml", content) for n, content in enumerate((known, stranger, away, b"\x00\x01"))]
    send(fresh, peopled, "bring_mails", data={"files": files})
    assert b"Quand" not in b"".join(bytes(row.secret) for row in MailFile.objects.all())
    for row in MailFile.objects.all():
        tasks.read_mail_file.func(mail_id=str(row.pk))

    cases = {case.person_id: case for case in CaseRow.objects.all()}
    assert set(cases) == {row_of(peopled, 1).pk, None}
    assert (cases[row_of(peopled, 1).pk].channel, cases[row_of(peopled, 1).pk].urgency) == ("email", "need")
    assert sorted(MailFile.objects.values_list("state", flat=True)) == ["automatic", "case", "case", "failed"]
    assert all(row.secret is None for row in MailFile.objects.all())
    assert "Nobody in this incident has this address." in page(fresh, peopled, "case", cases[None].pk).content.decode()


def test_a_call_becomes_a_case_of_whom_the_code_number_or_address_names(peopled, fresh):  # noqa: F811
    for who in ("guest-1", " GUEST1@example.org "):
        send(fresh, peopled, "note_call", data={"who": who, "text": "Asks when."})
    refused = send(fresh, peopled, "note_call", data={"who": "guest-999", "text": "x"}).content.decode()

    assert "Nothing was kept." in refused
    assert list(CaseRow.objects.values_list("person_id", "channel", "urgency")) == [(row_of(peopled, 1).pk, "phone", "need")] * 2


def test_the_target_kept_is_shown_only_for_cases_whose_time_is_over(peopled):
    asked(peopled, 0)
    late = asked(peopled, 1)
    CaseRow.objects.filter(pk=late.pk).update(due_at=timezone.now() - timedelta(minutes=1))
    found = queries.numbers(peopled, now=timezone.now())
    assert (found["n_open"], found["n_late"], found["kept_share"], found["n_over"]) == (2, 1, 0.0, 1)


def test_bob_of_another_incident_and_a_viewer_see_nothing_of_the_desk(peopled, fresh, staff_of):  # noqa: F811
    staff_of("eve")
    case, claim = asked(peopled, 0), claimed(peopled)
    for name, more in (("desk", ()), ("case", (case.pk,)), ("offers", ()), ("calls", ())):
        assert page(fresh, peopled, name, *more, who="Eve").status_code == 404
        assert page(fresh, peopled, name, *more, who="Charlie").status_code == 403
    file = ClaimFile.objects.get(claim=claim)
    for name, more in (("answer_case", (case.pk,)), ("evidence", (claim.pk, file.pk)), ("new_master", ()), ("set_offers", ())):
        assert send(fresh, peopled, name, *more, data={"text": "x"}, who="Charlie").status_code == 403


def test_a_case_of_one_incident_cannot_be_reached_through_another(peopled, fresh, alice):  # noqa: F811
    other = respond.declare(title="Another", kind="data_breach", by=alice, now=timezone.now())
    case, claim = asked(peopled, 0), claimed(peopled)
    call = CallRow.objects.create(incident=peopled, person=row_of(peopled, 0), why="need", why_rank=2, changed_at=timezone.now())
    file = ClaimFile.objects.get(claim=claim)
    assert page(fresh, other, "case", case.pk).status_code == 404
    assert send(fresh, other, "answer_case", case.pk, data={"text": "x"}).status_code == 404
    assert send(fresh, other, "evidence", claim.pk, file.pk, data={}).status_code == 404
    assert send(fresh, other, "move_call", call.pk, data={"becomes": "spoken"}).status_code == 404
    assert send(fresh, other, "decide_claim", claim.case_id, claim.pk, data={"state": "accepted", "text": "x"}).status_code == 404
    assert ClaimRow.objects.get().state == "received"


def test_a_claim_of_another_case_is_not_decided_through_this_one(peopled, fresh):  # noqa: F811
    case, claim = asked(peopled, 1), claimed(peopled)
    assert send(fresh, peopled, "decide_claim", case.pk, claim.pk, data={"state": "accepted", "text": "x"}).status_code == 404


def test_when_the_persons_were_erased_the_desk_says_so(peopled, fresh, alice):  # noqa: F811
    case = asked(peopled, 0)
    respond.erase_people(peopled, by=alice, now=timezone.now(), why="asked for")
    assert "The persons of this incident were erased." in page(fresh, peopled, "desk").content.decode()
    assert page(fresh, peopled, "case", case.pk).status_code == 404
