"""Forms of authorities: every field has a state, what is missing is asked for, and nothing but counts of persons goes in."""

from datetime import datetime, timedelta, timezone

import pyarrow as pa
import pytest

from amanat.notify.form import NoSuchForm, NoSuchPhase, all_forms, form_named
from amanat.notify.form_case import Told, Totals, totals_of
from amanat.notify.form_document import Change, NotADocument, document_as_json, document_from_json
from amanat.notify.form_fill import BadEntry, Entry, NoSuchLanguage, fill_form
from amanat.terms.exposure import EXPOSURES
from amanat.terms.fact import Fact
from tests.notify.form_world import FULL, NOW, a_case

EXAMPLES = [(name, example) for name, form in all_forms().items() for example in form.example]
AWARE = datetime(2026, 3, 6, 17, tzinfo=timezone.utc)


def person(number, residence, kinds, state="sure", minor=False):
    return dict(
        person_id=f"p{number}", kinds=kinds, n_findings=1, n_records=2, belief=1.0, state=state, basis="content",
        residence=residence, language="en", minor=minor,
    )  # fmt: skip


@pytest.mark.parametrize(("name", "example"), EXAMPLES, ids=[f"{name}-{example.story[:40]}" for name, example in EXAMPLES])
def test_the_example_of_a_form_comes_out_as_its_file_expects(name, example):
    document = fill_form(form_named(name), a_case(example.facts), phase=example.phase, now=NOW)
    assert {id: document[id].value for id in example.expects} == dict(example.expects)
    assert [id for id in example.empty if document[id].value is not None] == []
    assert set(example.missing) <= {one.id for one in document.lacking}


def test_the_duties_that_forms_answer_stand_in_the_laws():
    from amanat import assess

    known = {duty.id for law in assess.laws().values() for duty in law.duty}
    assert {(name, duty) for name, form in all_forms().items() for duty in form.duties if duty not in known} == set()


def test_every_form_has_an_example_and_fields_that_cite_their_source():
    for name, form in all_forms().items():
        assert form.example, name
        assert all(field.cite for field in form.field), name


@pytest.mark.parametrize("name", list(all_forms()))
def test_with_no_facts_at_all_each_required_field_is_filled_or_listed_with_a_question(name):
    from amanat.notify.form_show import questions_of

    form = form_named(name)
    fields = {field.id: field for field in form.field}
    for phase in form.phase:
        document = fill_form(form, a_case(), phase=phase.id, now=NOW)
        for one in document.fields:
            assert one.value is not None if one.state == "filled" else one.state != "missing" or one.value is None, one.id
            if one.is_required:
                assert one.state == "filled" or one in document.lacking, one.id
        for one in document.lacking:
            assert all(questions_of(fields[one.id], one, "en")) and list(questions_of(fields[one.id], one, "en")), one.id


def test_a_late_notification_gives_the_recorded_reason_and_a_timely_one_does_not_ask():
    form, due = form_named("gdpr_art33"), {"eu-gdpr.authority": AWARE + timedelta(hours=72)}
    facts = {"awareness": AWARE, "delay_reason": {"en": "The forensic firm reached us only on Monday."}}
    late = fill_form(form, a_case(facts, due=due), now=AWARE + timedelta(hours=72, seconds=1))
    assert late.is_late and late["delay_reason"].value == "The forensic firm reached us only on Monday."
    in_time = fill_form(form, a_case(facts, due=due), now=AWARE + timedelta(hours=72))
    assert not in_time.is_late and in_time["delay_reason"].state == "not_applicable"
    silent = fill_form(form, a_case({"awareness": AWARE}, due=due), now=AWARE + timedelta(hours=73))
    assert silent["delay_reason"].state == "missing" and silent["delay_reason"].ask == ("delay_reason",)
    assert silent["delay_reason"] in silent.lacking


def test_a_fact_known_to_be_unknown_is_missing_and_never_a_no():
    case = a_case()
    case.facts["malicious"] = Fact(name="malicious", value=None, status="unknown")
    one = fill_form(form_named("eu_nis2"), case, now=NOW)["suspected_malicious"]
    assert (one.value, one.state, one.ask) == (None, "missing", ("malicious",))


def test_a_believed_fact_is_filled_and_says_that_it_is_believed():
    case = a_case()
    case.facts["malicious"] = Fact(name="malicious", value=True, status="believed")
    one = fill_form(form_named("eu_nis2"), case, now=NOW)["suspected_malicious"]
    assert one.value is True and one.notes == ("believed",) and one.sources == ("fact:malicious",)


def test_numbers_of_persons_leave_out_who_waits_for_a_reviewer_and_say_so():
    rows = [
        person(1, "FR", ["name", "iban"]),
        person(2, "FR", ["name"], minor=True),
        person(3, None, ["name"], state="outsider"),
        person(4, "DE", ["passport"], state="review"),
    ]
    totals = totals_of(pa.Table.from_pylist(rows, schema=EXPOSURES), n_gaps=2)
    assert totals == Totals(
        persons={"FR": 2, "": 1}, review={"DE": 1}, kinds={"iban": {"FR": 1}, "name": {"FR": 2, "": 1}}, n_minors=1, n_records=6, n_gaps=2
    )
    document = fill_form(form_named("gdpr_art33"), a_case(totals=totals), now=NOW)
    assert document["n_persons"].value == 3
    assert document["n_persons"].notes == ("1 more wait for a reviewer", "2 files could not be read")
    assert document["data_categories"].value == "Bank account number (IBAN) and Name"


def test_nothing_of_a_person_reaches_a_form():
    """The case that a form is filled from holds counts only; ids of persons are not even there to leak."""
    rows = [person("canary-wren", "FR", ["name"]), person("canary-robin", "FR", ["name"], state="outsider")]
    totals = totals_of(pa.Table.from_pylist(rows, schema=EXPOSURES))
    for name in all_forms():
        assert "canary" not in str(document_as_json(fill_form(form_named(name), a_case(totals=totals), now=NOW)))


def test_what_a_person_enters_wins_and_is_named():
    entry = Entry(value="Customers and staff", by="dpo", at=NOW, why="as the HR register shows")
    document = fill_form(form_named("gdpr_art33"), a_case(), now=NOW, entries={"person_categories": entry})
    one = document["person_categories"]
    assert (one.value, one.state, one.by, one.why) == ("Customers and staff", "filled", "dpo", "as the HR register shows")
    assert one not in document.lacking


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("n_persons", "many"),
        ("n_persons", -1),
        ("n_persons", True),
        ("aware_at", "yesterday"),
        ("aware_at", "2026-03-06T18:00:00"),
        ("loss", ["speed"]),
    ],
)
def test_a_value_that_a_field_does_not_take_is_refused_with_what_it_takes(field, value):
    with pytest.raises(BadEntry, match=f"field {field} takes"):
        fill_form(form_named("gdpr_art33"), a_case(), now=NOW, entries={field: Entry(value=value)})


def test_an_unknown_field_form_phase_or_language_names_the_nearest():
    form = form_named("gdpr_art33")
    with pytest.raises(BadEntry, match="did you mean 'n_persons'"):
        fill_form(form, a_case(), now=NOW, entries={"n_person": Entry(value=1)})
    with pytest.raises(NoSuchForm, match="did you mean 'gdpr_art33'"):
        form_named("gdpr_art_33")
    with pytest.raises(NoSuchPhase, match="It has: initial, follow_up, final"):
        fill_form(form, a_case(), phase="last", now=NOW)
    with pytest.raises(NoSuchLanguage, match="it takes en, fr"):
        fill_form(form, a_case(), language="de", now=NOW)


def test_a_follow_up_lists_what_changed_since_the_submission():
    form = form_named("gdpr_art33")
    before = fill_form(form, a_case({"awareness": AWARE, "residents": {"FR": 100}}), now=NOW, reference="2026-0042")
    after = fill_form(form, a_case({"awareness": AWARE, "residents": {"FR": 120}}), phase="follow_up", now=NOW, before=before)
    assert after.changes == (
        Change(id="their_reference", before=None, after="2026-0042"),
        Change(id="n_persons", before=100, after=120),
        Change(id="per_country", before="FR: 100", after="FR: 120"),
    )
    assert before.changes == () and after.reference == "2026-0042"


@pytest.mark.parametrize("name", list(all_forms()))
def test_a_document_comes_back_from_json_as_it_went(name):
    import json

    form = form_named(name)
    case = a_case({"awareness": AWARE, "residents": {"FR": 5, "US-ME": 2}}, company=FULL, told=Told(n=3, first_at=AWARE))
    before = fill_form(form, a_case(), now=NOW)
    document = fill_form(form, case, phase=form.phase[-1].id, now=NOW, before=before)
    assert document_from_json(json.loads(json.dumps(document_as_json(document)))) == document


def test_json_that_is_no_document_is_refused_in_a_sentence():
    with pytest.raises(NotADocument, match="no filled form"):
        document_from_json({"form": "x"})
