"""What did we promise, and did we keep it?: promises come by themselves, are settled by whoever may, and everybody can see it."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from amanat.web.public import actions as public
from amanat.web.public import reminding
from amanat.web.respond import actions, journal, promising
from amanat.web.respond.promise_models import PromiseRow

from .test_approval import alice, countersign, fresh, inbox, incident, notice_in, sign, story  # noqa: F401  fixtures
from .test_public import door  # noqa: F401  fixture
from .test_status import publish, staff, words

pytestmark = pytest.mark.django_db


def make(incident, now, *, due=timedelta(days=3), said="We publish the report.", owner="Alice"):  # noqa: F811
    return promising.make(
        incident,
        kind="other",
        words={"en": said, "fa": "گزارش را منتشر می‌کنیم."},
        made_in="press",
        made_at=now,
        due_at=now + due if due else None,
        owner=staff(owner),
        by=staff("Alice"),
        now=now,
    )


def acts(incident):  # noqa: F811
    return [e["act"] for e in journal.entries(incident.pk)]


def test_an_update_promises_the_next_one_and_the_next_one_keeps_it(incident):  # noqa: F811
    now = timezone.now()
    publish(incident, now - timedelta(hours=5))
    (first,) = PromiseRow.objects.filter(incident=incident)
    assert (first.kind, first.state, first.owner.name) == ("next_update", "open", "Alice")
    assert first.due_at == now + timedelta(hours=1)
    publish(incident, now)
    first.refresh_from_db()
    assert (first.state, first.to_value().standing(now)) == ("kept", "kept")
    assert "#" in first.evidence
    assert [row.state for row in PromiseRow.objects.filter(incident=incident).order_by("made_at")] == ["kept", "open"]


def test_an_update_that_comes_after_its_hour_keeps_the_promise_late(incident):  # noqa: F811
    now = timezone.now()
    publish(incident, now - timedelta(hours=9))
    publish(incident, now)
    first = PromiseRow.objects.filter(incident=incident).earliest("made_at")
    assert first.to_value().standing(now) == "kept_late"


def test_an_early_update_that_promises_the_same_hour_again_leaves_it_open(incident):  # noqa: F811
    now, due = timezone.now(), timezone.now() + timedelta(hours=6)
    for hours in (4, 3, 2):
        row = public.write_update(incident, words=words(), next_at=due if hours != 3 else None, by=staff("Alice"), now=now - timedelta(hours=hours))
        public.publish(incident, row.pk, by=staff("Bob"), now=now - timedelta(hours=hours))
    # Promised, kept by the second, and promised for the very same hour by the third: that is one more promise.
    assert sorted(PromiseRow.objects.filter(incident=incident).values_list("state", "due_at")) == [("kept", due), ("open", due)]
    row = public.write_update(incident, words=words(), next_at=due, by=staff("Alice"), now=now)
    public.publish(incident, row.pk, by=staff("Bob"), now=now)
    assert PromiseRow.objects.filter(incident=incident, state="open", due_at=due).count() == 1


def test_what_the_notices_say_is_promised_when_two_have_signed_and_not_before(incident, fresh):  # noqa: F811
    from amanat.terms.notice import Section, Sentence
    from amanat.web.notify.actions import take_in

    now = timezone.now()
    due = now.replace(microsecond=0) + timedelta(days=2)
    actions.note_fact(incident, name="next_update", value=due.isoformat(), status="known", by=staff("Alice"), now=now)
    actions.note_fact(incident, name="what_we_offer", value={"en": "We watch your credit file."}, status="known", by=staff("Alice"), now=now)
    section = Section(id="next_update", heading="", sentences=(Sentence(text="We write again.", facts=("next_update",)),))
    texts = [notice_in("en"), notice_in("fr")]
    from dataclasses import replace

    take_in(incident, notices=[replace(one, sections=(*one.sections, section)) for one in texts], findings={}, by=None, now=now)
    sign(fresh, incident)
    assert not PromiseRow.objects.filter(incident=incident).exists()
    countersign(fresh, incident)
    (row,) = PromiseRow.objects.filter(incident=incident)  # the offer stands in no text, so it was promised to nobody
    assert (row.kind, row.due_at, row.made_in, row.owner.name) == ("next_update", due, "notice", "Alice")
    assert "promise.made" in acts(incident)


def test_roles_who_may_see_and_settle_and_who_may_not(incident, fresh, staff_of):  # noqa: F811
    one = make(incident, timezone.now())
    staff_of("eve")
    pages = reverse("promises", args=[incident.pk]), reverse("promise", args=[incident.pk, one.pk])
    assert [fresh("Charlie").get(page).status_code for page in pages] == [200, 403]  # a viewer looks and does not settle
    assert [fresh("Eve").get(page).status_code for page in pages] == [404, 404]
    given = {"verdict": "kept", "kept-evidence": "https://example.org/report"}
    assert fresh("Charlie").post(pages[1], given).status_code == 403
    assert fresh("Charlie").post(pages[0], {"words_en": "We give money.", "made_in": "press", "owner": staff("Alice").pk}).status_code == 403
    assert fresh("Eve").post(pages[1], given).status_code == 404
    one.refresh_from_db()
    assert one.state == "open"
    assert fresh("Bob").post(pages[1], given).status_code == 302
    one.refresh_from_db()
    assert (one.state, one.settled_by.name) == ("kept", "Bob")


def test_a_promise_of_another_incident_is_not_there(incident, fresh, staff_of):  # noqa: F811
    bob = staff("Bob")
    other = actions.declare(title="Another", kind="phishing", by=bob, now=timezone.now())
    one = promising.make(
        other,
        kind="other",
        words={"en": "Ours alone."},
        made_in="press",
        made_at=timezone.now(),
        due_at=None,
        owner=bob,
        by=bob,
        now=timezone.now(),
    )
    page = reverse("promise", args=[incident.pk, one.pk])
    assert fresh("Alice").get(page).status_code == 404
    assert fresh("Alice").post(page, {"verdict": "broken", "broken-why": "x"}).status_code == 404
    with pytest.raises(PromiseRow.DoesNotExist):
        promising.break_(incident, one.pk, why="x", by=bob, now=timezone.now())
    assert "Ours alone." not in fresh("Alice").get(reverse("promises", args=[incident.pk])).content.decode()


def test_moving_needs_a_later_moment_and_a_reason_and_both_dates_stay(incident, fresh):  # noqa: F811
    now = timezone.now()
    one, page = make(incident, now), reverse("promise", args=[incident.pk, make(incident, now).pk])
    past = {"verdict": "moved", "moved-due_at": "2020-01-01T10:00", "moved-why": "later"}
    assert fresh("Alice").post(page, past).status_code == 400
    assert fresh("Alice").post(page, {**past, "moved-why": "", "moved-due_at": "2099-01-01T10:00"}).status_code == 400
    assert fresh("Alice").post(page, {**past, "moved-due_at": "2099-01-01T10:00"}).status_code == 302
    one.refresh_from_db()
    assert one.state == "moved" and one.moved_to.state == "open" and one.moved_to.due_at.year == 2099
    assert acts(incident)[-2:] == ["promise.made", "promise.moved"]
    assert fresh("Alice").post(page, {**past, "moved-due_at": "2099-02-01T10:00"}).status_code == 400  # settled already
    assert journal.verify(incident.pk).is_whole


def test_a_moment_is_read_on_the_clock_of_whoever_types_it(incident, fresh):  # noqa: F811
    type(staff("Alice")).objects.filter(name="Alice").update(time_zone="Asia/Tehran")
    given = {"words_en": "We publish.", "made_in": "press", "due_at": "2027-01-10T12:00", "owner": staff("Alice").pk}
    assert fresh("Alice").post(reverse("promises", args=[incident.pk]), given).status_code == 302
    assert PromiseRow.objects.get(incident=incident).due_at.isoformat() == "2027-01-10T08:30:00+00:00"


def test_a_stranger_to_the_incident_cannot_be_made_its_owner(incident, fresh, staff_of):  # noqa: F811
    eve = staff_of("eve")
    given = {"words_en": "We publish.", "made_in": "press", "owner": eve.pk}
    assert fresh("Alice").post(reverse("promises", args=[incident.pk]), given).status_code == 400
    one = make(incident, timezone.now())
    page = reverse("promise", args=[incident.pk, one.pk])
    assert fresh("Alice").post(page, {"verdict": "owner", "owner-owner": eve.pk}).status_code == 400


def test_the_ladder_reminds_the_owner_then_the_lead_then_all_who_answer_and_each_step_once(incident, inbox):  # noqa: F811
    now = timezone.now()
    one = make(incident, now, due=timedelta(days=10), owner="Dana")
    due = one.due_at
    assert reminding.remind(now=due - timedelta(hours=25)) == 0
    assert reminding.remind(now=due - timedelta(hours=23)) == 1 and reminding.remind(now=due - timedelta(hours=22)) == 0
    assert inbox.to == ["dana@example.org"]
    reminding.remind(now=due - timedelta(hours=1))
    assert sorted(inbox.to[1:]) == ["alice@example.org", "dana@example.org"]  # Alice leads
    reminding.remind(now=due + timedelta(minutes=1))
    assert sorted(inbox.to[3:]) == ["alice@example.org", "bob@example.org", "dana@example.org"]  # Bob is the data-protection officer
    assert acts(incident).count("promise.escalated") == 3
    text = inbox.mails[0].get_body(("plain",)).get_content()
    assert "report" not in text and incident.title not in text and "Practice" not in inbox.mails[0]["Subject"]


def test_a_promise_for_soon_is_not_reminded_of_in_the_minute_it_was_made(incident, inbox):  # noqa: F811
    now = timezone.now()
    make(incident, now, due=timedelta(hours=2))
    assert reminding.remind(now=now + timedelta(minutes=1)) == 0
    assert reminding.remind(now=now + timedelta(minutes=61)) == 1


def test_a_relay_that_is_down_costs_the_mail_and_not_the_reminder(incident, monkeypatch):  # noqa: F811
    monkeypatch.setenv("AMANAT_SMTP", "smtp://127.0.0.1:9")
    one = make(incident, timezone.now())
    assert reminding.remind(now=one.due_at + timedelta(hours=1)) == 1
    assert reminding.remind(now=one.due_at + timedelta(hours=2)) == 0


def test_a_kept_promise_and_one_of_a_closed_incident_remind_nobody(incident, inbox):  # noqa: F811
    now = timezone.now()
    one, two = make(incident, now), make(incident, now, said="Another.")
    promising.keep(incident, one.pk, at=now, evidence="page 4", by=staff("Alice"), now=now)
    type(incident).objects.filter(pk=incident.pk).update(phase="closed")
    assert reminding.remind(now=two.due_at + timedelta(hours=1)) == 0
    assert inbox.to == []


def test_the_overview_and_the_band_of_every_page_name_what_falls_due(incident, fresh, staff_of):  # noqa: F811
    make(incident, timezone.now(), due=timedelta(hours=5))
    page = fresh("Charlie").get(reverse("overview")).content.decode()
    assert "Promises that fall due" in page
    staff_of("eve")
    assert "Promises that fall due" not in fresh("Eve").get(reverse("overview")).content.decode()
    assert "promised in public" in fresh("Charlie").get(reverse("notices", args=[incident.pk])).content.decode()


@pytest.mark.parametrize(("language", "says"), [("en", "We publish the report."), ("fa", "گزارش را منتشر می‌کنیم."), ("fr", "We publish the report.")])
def test_the_register_speaks_the_language_of_the_page_where_it_can(incident, fresh, language, says):  # noqa: F811
    make(incident, timezone.now())
    type(staff("Alice")).objects.filter(name="Alice").update(language=language)
    assert says in fresh("Alice").get(reverse("promises", args=[incident.pk])).content.decode()


def test_the_silence_clock_runs_on_the_incidents_page_until_somebody_is_told(incident, fresh):  # noqa: F811
    page = reverse("incident", args=[incident.pk])
    assert "the public has not heard of it" in fresh("Charlie").get(page).content.decode()
    since = timezone.now() - timedelta(hours=30)
    actions.note_fact(incident, name="public_knowledge", value=since.isoformat(), status="believed", by=staff("Alice"), now=timezone.now())
    text = fresh("Charlie").get(page).content.decode()
    assert "30 hours" in text and "since the public knew, and nobody was told by us" in text
    assert "the public knows, nobody was told" in fresh("Charlie").get(reverse("duties", args=[incident.pk])).content.decode()  # the wall


def test_the_silence_ends_with_the_first_the_middle_and_the_last_receipt(incident, fresh):  # noqa: F811
    from amanat.web.chain import silence
    from amanat.web.notify.models import ReceiptRow, SendingRow

    now = timezone.now()
    since = now - timedelta(hours=50)
    actions.note_fact(incident, name="public_knowledge", value=since.isoformat(), status="known", by=staff("Alice"), now=now)
    sign(fresh, incident)
    countersign(fresh, incident)
    rows = list(SendingRow.objects.filter(incident=incident))
    # Forty persons, one each hour, and each twice: accepted by the server, delivered five hours later. The first of both counts.
    for hour, row in enumerate(rows, start=1):
        for state, late in (("accepted", 0), ("delivered", 5)):
            ReceiptRow.objects.create(sending=row, state=state, at=since + timedelta(hours=hour + late))
    SendingRow.objects.filter(incident=incident).update(state="delivered", changed_at=since + timedelta(hours=6))
    clock = silence.of(incident, now=now)
    assert (clock.n_told, clock.n_persons) == (40, 40)
    assert (clock.minutes, clock.minutes_to_half, clock.minutes_to_all) == (60, 20 * 60, 40 * 60)
    assert not silence.of(incident, now=now, is_quick=True).is_running


# ---- what outsiders see, and words that are ready ----


def test_everybody_reads_what_was_promised_and_what_became_of_it_and_nobody_who_keeps_it(incident, door):  # noqa: F811
    now = timezone.now()
    publish(incident, now - timedelta(hours=9))  # promised six hours later, and overdue
    kept, moved = make(incident, now), make(incident, now, said="We replace every card.")
    promising.keep(incident, kept.pk, at=now, evidence="https://example.org/report", by=staff("Alice"), now=now)
    promising.move(incident, moved.pk, due_at=now + timedelta(days=9), why="The bank needs longer.", by=staff("Alice"), now=now)
    text = door.get("/en/promises/").content.decode()
    assert "We publish the report." in text and "https://example.org/report" in text
    assert text.count("We replace every card.") == 1  # the date that holds now
    assert "overdue" in text and "kept" in text
    assert not [name for name in ("Alice", "Bob") if name in text]
    assert re.search(r"CES?T", text) and "UTC" not in text  # the company's own hour, as in its letters
    assert "گزارش را منتشر می‌کنیم." in door.get("/fa/promises/").content.decode()


def test_before_anything_of_an_incident_is_public_its_promises_are_not(incident, door):  # noqa: F811
    make(incident, timezone.now())
    assert "We publish the report." not in door.get("/en/promises/").content.decode()


def test_evidence_that_is_no_address_of_the_web_becomes_no_link(incident, door):  # noqa: F811
    now = timezone.now()
    publish(incident, now)
    one = make(incident, now)
    promising.keep(incident, one.pk, at=now, evidence="javascript:alert(1)", by=staff("Alice"), now=now)
    assert "javascript:" not in door.get("/en/promises/").content.decode()


def test_the_first_words_are_ready_and_the_hour_runs_until_something_is_said(incident, fresh):  # noqa: F811
    assert "Nothing was said in public yet." in fresh("Alice").get(reverse("incident", args=[incident.pk])).content.decode()
    answer = fresh("Alice").get(reverse("updates", args=[incident.pk]), {"begin": "holding"})
    form = answer.context["form"]
    assert form["en_known"].initial.startswith("We are examining a security incident that concerns")
    assert all(form[f"{language}_known"].initial and form[f"{language}_unknown"].initial for language in ("en", "fr", "fa"))
    left = form.initial["next_at"] - timezone.now()
    assert timedelta(hours=4) <= left <= timedelta(hours=5)
    publish(incident, timezone.now())
    assert "Nothing was said in public yet." not in fresh("Alice").get(reverse("incident", args=[incident.pk])).content.decode()


def test_the_last_words_begin_from_what_was_learned(incident, fresh):  # noqa: F811
    value = {"en": "One password opened everything."}
    actions.note_fact(incident, name="what_we_learned", value=value, status="known", by=staff("Alice"), now=timezone.now())
    form = fresh("Alice").get(reverse("updates", args=[incident.pk]), {"begin": "closing"}).context["form"]
    assert "One password opened everything." in form["en_known"].initial


def test_what_came_after_the_last_message_to_a_person_stands_on_their_page_and_nothing_before(incident, fresh):  # noqa: F811
    from types import SimpleNamespace

    from amanat.web.care import person
    from amanat.web.notify.models import SendingRow

    now = timezone.now()
    publish(incident, now - timedelta(hours=9), known="Before.")
    sign(fresh, incident)
    countersign(fresh, incident)
    one = SendingRow.objects.filter(incident=incident).first()
    me = SimpleNamespace(visit=SimpleNamespace(person_id=one.person_id, incident=incident), language="en")
    assert person.news(me) == []  # not reached yet: their message will say it all
    SendingRow.objects.filter(pk=one.pk).update(state="accepted", changed_at=now - timedelta(hours=5))
    publish(incident, now - timedelta(hours=2), known="After.")
    publish(incident, now, known="Long text.", changed="We now know how they came in.")
    assert [said["text"] for said in person.news(me)] == ["We now know how they came in.", "After."]
