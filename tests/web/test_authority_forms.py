"""Forms of authorities on the screens: what is missing first, answers by hand with a name, and what was handed in stays as it was."""

import json
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from amanat import assess
from amanat.terms.fact import read_facts
from amanat.web.accounts.models import Staff
from amanat.web.assess.models import AssessmentRow
from amanat.web.notify.forms_models import FormEntryRow, SubmissionRow
from amanat.web.respond import actions as respond
from amanat.web.respond.models import JournalEntry
from amanat.web.scope.models import ScopeRow

from .test_approval import alice, fresh, incident, story  # noqa: F401  fixtures


@pytest.fixture
def assessed(incident, story):  # noqa: F811
    now = timezone.now()
    counts = [{"kind": kind, "residence": "FR", "language": "fr", "state": "sure", "n": 40} for kind in ("name", "email")]
    ScopeRow.objects.create(incident=incident, at=now, n_sure=40, n_review=0, n_outsiders=0, n_findings=80, seconds=1, counts=counts)
    assessment = assess.assess(read_facts(story / "facts.toml"), now=now)
    AssessmentRow.objects.create(incident=incident, at=now, content=assess.assessment_as_json(assessment))
    return incident


def page(client, name, incident, *args, **query):  # noqa: F811
    return client.get(reverse(name, args=[incident.pk, *args]), query)


@pytest.mark.django_db
def test_before_an_assessment_the_page_teaches_what_will_stand_there(incident, fresh):  # noqa: F811
    answer = page(fresh("Charlie"), "forms", incident)
    assert answer.status_code == 200 and "Nothing has been assessed yet." in answer.content.decode()
    assert page(fresh("Charlie"), "form", incident, "edpb").status_code == 302


@pytest.mark.django_db
def test_forms_that_a_due_duty_waits_for_stand_first_and_a_duty_leads_to_its_own(assessed, fresh):  # noqa: F811
    answer = page(fresh("Charlie"), "forms", assessed)
    first, rest = answer.content.decode().split("Other forms")
    assert "CNIL: notification of a personal-data breach" in first and "HHS OCR breach portal" in rest
    only = page(fresh("Charlie"), "forms", assessed, duty="uk-gdpr.authority").content.decode().split("Other forms")[0]
    assert "ICO: report a personal data breach" in only and "CNIL" not in only


@pytest.mark.django_db
def test_a_form_shows_what_is_missing_first_with_the_question_of_the_fact(assessed, fresh):  # noqa: F811
    text = page(fresh("Alice"), "form", assessed, "edpb").content.decode()
    before, after = text.split('id="part-about"')
    assert "Still to answer" in before and "Draft: version 1.0 for public consultation" in before
    assert "Which systems, software and services are involved" in before
    assert "Karvan" in after or "legal_name" in after
    assert "entered by hand" not in after


@pytest.mark.django_db
def test_an_answer_by_hand_counts_is_named_and_journalled_and_can_be_taken_back(assessed, fresh):  # noqa: F811
    bob = fresh("Bob")
    address = reverse("form_field", args=[assessed.pk, "edpb", "63"])
    assert bob.get(address).status_code == 200
    bob.post(address, {"value": "The booking system in Lyon", "why": "asset list"})
    text = page(bob, "form", assessed, "edpb").content.decode()
    assert "The booking system in Lyon" in text and "asset list" in text
    row = FormEntryRow.objects.get()
    assert (row.field, row.value, row.by.name) == ("63", "The booking system in Lyon", "Bob")
    line = JournalEntry.objects.filter(incident=assessed, act="form.entered").get()
    assert line.what["field"] == "63" and "Lyon" not in json.dumps(line.what)
    bob.post(address, {"take_back": "1"})
    assert "The booking system in Lyon" not in page(bob, "form", assessed, "edpb").content.decode()
    assert JournalEntry.objects.filter(incident=assessed, act="form.taken_back").count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("form", "field", "value", "kept"),
    [
        ("edpb", "60", "g", "g"),
        ("edpb", "65", ["a", "d"], ["a", "d"]),
        ("edpb", "52", "2026-03-06", "2026-03-06"),
        ("edpb", "73", "1451", 1451),
        ("edpb", "29", "yes", True),
        ("eu_dora", "3.5", "12.5", 12.5),
        ("edpb", "115", ["FR", "BE"], ["FR", "BE"]),
    ],
)
def test_each_type_of_field_can_be_answered(assessed, fresh, form, field, value, kept):  # noqa: F811
    answer = fresh("Alice").post(reverse("form_field", args=[assessed.pk, form, field]), {"value": value})
    assert answer.status_code == 302
    assert sorted(FormEntryRow.objects.get().value) == sorted(kept) if isinstance(kept, list) else FormEntryRow.objects.get().value == kept


@pytest.mark.django_db
@pytest.mark.parametrize(("field", "value"), [("60", "zz"), ("73", "many"), ("73", "-1"), ("52", "someday"), ("63", "")])
def test_an_answer_that_does_not_fit_keeps_the_page_and_nothing_is_noted(assessed, fresh, field, value):  # noqa: F811
    answer = fresh("Alice").post(reverse("form_field", args=[assessed.pk, "edpb", field]), {"value": value})
    assert answer.status_code == 200 and 'role="alert"' in answer.content.decode()
    assert not FormEntryRow.objects.exists()


@pytest.mark.django_db
def test_what_was_handed_in_stays_and_the_next_version_says_what_changed(assessed, fresh):  # noqa: F811
    alice_ = fresh("Alice")
    at = timezone.localtime() - timedelta(minutes=5)
    hand_in = reverse("form_hand_in", args=[assessed.pk, "gdpr_art33"])
    answer = alice_.post(f"{hand_in}?phase=initial", {"submitted_at": at.strftime("%Y-%m-%dT%H:%M"), "reference": ""})
    assert answer.status_code == 302
    row = SubmissionRow.objects.get()
    assert (row.version, row.phase, row.by.name, row.reference) == (1, "initial", "Alice", "")
    kept = page(alice_, "form_sent", assessed, row.pk).content.decode()
    alice_.post(reverse("form_number", args=[assessed.pk, row.pk]), {"reference": "2026-0042"})
    row.refresh_from_db()
    assert row.reference == "2026-0042"

    alice_.post(reverse("form_field", args=[assessed.pk, "gdpr_art33", "person_categories"]), {"value": "Guests and staff"})
    text = page(alice_, "form", assessed, "gdpr_art33").content.decode()
    assert "What changed since it was last handed in" in text and '<ins dir="auto">Guests and staff</ins>' in text
    assert "information in phases" in text and "2026-0042" in text
    again = page(alice_, "form_sent", assessed, row.pk).content.decode()
    assert "Guests and staff" not in again and "Guests and staff" not in kept
    acts = list(JournalEntry.objects.filter(incident=assessed, act__startswith="form.").order_by("seq").values_list("act", flat=True))
    assert acts == ["form.handed_in", "form.numbered", "form.entered"]


@pytest.mark.django_db
def test_a_moment_that_has_not_come_is_not_when_it_was_handed_in(assessed, fresh):  # noqa: F811
    soon = timezone.localtime() + timedelta(hours=2)
    fresh("Alice").post(reverse("form_hand_in", args=[assessed.pk, "gdpr_art33"]), {"submitted_at": soon.strftime("%Y-%m-%dT%H:%M")})
    assert not SubmissionRow.objects.exists()


@pytest.mark.django_db
def test_a_form_comes_as_pdf_and_as_json_without_a_person(assessed, fresh):  # noqa: F811
    client = fresh("Charlie")
    pdf = page(client, "form_pdf", assessed, "fr_cnil")
    assert pdf["Content-Type"] == "application/pdf" and b"pdfuaid" in pdf.content
    body = page(client, "form_json", assessed, "fr_cnil").json()
    assert body["form"] == "fr_cnil" and body["missing"] and len(body["fields"]) == 43
    values = {one["id"]: one["value"] for one in body["fields"]}
    assert (values["personnes_nombre"], values["donnees_types"]) == (40, ["etat_civil", "coordonnees"])
    assert "guest-1" not in json.dumps(body) and "guest1@example.org" not in json.dumps(body)


@pytest.mark.django_db
def test_who_may_see_may_not_fill_and_a_stranger_learns_nothing(assessed, fresh, staff_of):  # noqa: F811
    client = fresh("Charlie")  # a viewer
    assert page(client, "form", assessed, "edpb").status_code == 200
    assert "Answer it here" not in page(client, "form", assessed, "edpb").content.decode()
    assert client.post(reverse("form_field", args=[assessed.pk, "edpb", "63"]), {"value": "x"}).status_code == 403
    assert client.post(reverse("form_hand_in", args=[assessed.pk, "edpb"]), {}).status_code == 403
    assert not FormEntryRow.objects.exists() and not SubmissionRow.objects.exists()
    stranger = fresh("Erin") if staff_of("erin") else None
    for name, args in (("forms", []), ("form", ["edpb"]), ("form_pdf", ["edpb"]), ("form_json", ["edpb"]), ("form_field", ["edpb", "63"])):
        assert page(stranger, name, assessed, *args).status_code == 404, name


@pytest.mark.django_db
def test_what_was_handed_in_of_another_incident_is_not_found(assessed, fresh, alice, story):  # noqa: F811
    other = respond.declare(title="Other", kind="data_breach", by=alice, now=timezone.now(), folder=str(story))
    fresh("Alice").post(reverse("form_hand_in", args=[assessed.pk, "edpb"]), {"submitted_at": "2026-01-01T10:00"})
    row = SubmissionRow.objects.get()
    assert page(fresh("Alice"), "form_sent", other, row.pk).status_code == 404
    number = reverse("form_number", args=[other.pk, row.pk])
    assert fresh("Alice").post(number, {"reference": "x"}).status_code == 404
    row.refresh_from_db()
    assert row.reference == ""


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["en", "fr", "fa"])
def test_every_form_opens_in_each_language_and_unknown_ones_are_not_found(assessed, fresh, language):  # noqa: F811
    from amanat import notify

    Staff.objects.filter(name="Alice").update(language=language)
    client = fresh("Alice")
    for name, form in notify.all_forms().items():
        for phase in form.phase if language == "en" else form.phase[-1:]:  # the last asks for most
            text = page(client, "form", assessed, name, phase=phase.id).content.decode()
            assert form.name[language] in text and f'lang="{language}"' in text, (name, phase.id)
    assert page(client, "form", assessed, "nothing").status_code == 404
    assert page(client, "form_field", assessed, "edpb", "999").status_code == 404
    assert page(client, "form", assessed, "edpb", phase="nothing", lang="xx").status_code == 200


@pytest.mark.django_db
def test_the_reason_noted_with_a_duty_done_too_late_stands_in_the_forms(assessed, alice, story):  # noqa: F811
    from amanat.web.assess.models import DutyDecision
    from amanat.web.notify import forms_queries

    assert "delay_reason" not in forms_queries.case_of(assessed).facts
    decided = {"incident": assessed, "duty_id": "eu-gdpr.authority", "decision": "done", "by": alice, "at": timezone.now()}
    DutyDecision.objects.create(**decided, late_why="The forensic firm reached us only on Monday.")
    assert forms_queries.case_of(assessed).facts["delay_reason"].value == {"en": "The forensic firm reached us only on Monday."}


@pytest.mark.django_db
def test_a_broken_file_of_a_form_is_said_where_forms_are_and_keeps_nobody_from_the_duties(assessed, fresh, tmp_path, monkeypatch):  # noqa: F811
    folder = tmp_path / "notify" / "forms"
    folder.mkdir(parents=True)
    (folder / "own.toml").write_text('id = "other"\n', encoding="utf-8")
    monkeypatch.setenv("AMANAT_EXTRA", str(tmp_path))
    client = fresh("Alice")
    answer = page(client, "forms", assessed)
    assert answer.status_code == 200 and "own.toml" in answer.content.decode()
    assert page(client, "duties", assessed).status_code == 200
    assert page(client, "form", assessed, "own").status_code == 404
    assert page(client, "form", assessed, "edpb").status_code == 200


@pytest.mark.django_db
def test_an_incident_without_a_folder_says_so_instead_of_a_form(assessed, fresh):  # noqa: F811
    type(assessed).objects.filter(pk=assessed.pk).update(folder="")
    client = fresh("Alice")
    assert "has no folder yet" in page(client, "forms", assessed).content.decode()
    answer = client.get(reverse("form", args=[assessed.pk, "edpb"]), follow=True)
    assert answer.redirect_chain and answer.content.decode().count("has no folder yet") == 1
    assert page(client, "form_pdf", assessed, "edpb").status_code == 404
