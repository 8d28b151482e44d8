"""Whatever is known of an incident, a form is filled without a crash and asks for what it lacks."""

from datetime import datetime, timedelta, timezone

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from amanat.notify.form import all_forms
from amanat.notify.form_case import Told, Totals
from amanat.notify.form_document import document_as_json, document_from_json
from amanat.notify.form_fill import fill_form
from amanat.terms.fact import fact_types
from amanat.terms.kinds import KINDS
from tests.notify.form_world import FULL, NOW, a_case
from tests.notify.writing_world import COMPANY

MOMENTS = st.integers(-4000, 2000).map(lambda hours: NOW + timedelta(hours=hours))
PLACES = st.sampled_from(["FR", "DE", "GB", "US-CA", "US-ME", "IR", "CH"])
COUNTS = st.dictionaries(PLACES, st.integers(0, 2000), max_size=4)


def value_of(kind):
    return {
        "bool": st.booleans(),
        "int": st.integers(0, 10**6),
        "decimal": st.floats(0, 10**7, allow_nan=False) | st.integers(0, 10**6),
        "text": PLACES if kind.of == "place" else st.text(max_size=12),
        "statement": st.dictionaries(st.sampled_from(["en", "fr", "fa"]), st.text(min_size=1, max_size=20), min_size=1),
        "choice": st.sampled_from(kind.choices or ("x",)),
        "list": st.lists(
            PLACES if kind.of == "place" else st.sampled_from(sorted(KINDS) if kind.of == "kind" else kind.choices or ("x",)), max_size=4
        ),
        "moment": MOMENTS,
        "day": MOMENTS.map(lambda moment: moment.date()),
        "counts": COUNTS,
    }[kind.type]


FACTS = st.lists(st.sampled_from(sorted(fact_types())), unique=True, max_size=60).flatmap(
    lambda names: st.fixed_dictionaries({name: st.none() | value_of(fact_types()[name]) for name in names})
)
TOTALS = st.none() | st.builds(
    Totals,
    persons=COUNTS,
    review=COUNTS,
    kinds=st.dictionaries(st.sampled_from(sorted(KINDS)), COUNTS, max_size=6),
    n_minors=st.none() | st.integers(0, 50),
    n_records=st.none() | st.integers(0, 10**7),
    n_gaps=st.none() | st.integers(0, 9),
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(facts=FACTS, totals=TOTALS, is_full=st.booleans(), n_told=st.integers(0, 3))
def test_each_required_field_is_filled_or_listed_as_missing_in_any_case(facts, totals, is_full, n_told):
    told = Told(n=n_told, first_at=datetime(2026, 3, 7, tzinfo=timezone.utc)) if n_told else Told()
    due = {"eu-gdpr.authority": NOW - timedelta(hours=1), "eu-dora.initial": NOW + timedelta(hours=1)}
    case = a_case(facts, totals=totals, due=due, company=FULL if is_full else COMPANY, told=told)
    for form in all_forms().values():
        before = None
        for phase in form.phase:
            document = fill_form(form, case, phase=phase.id, now=NOW, before=before)
            assert [one.id for one in document.fields] == [field.id for field in form.fields_in(phase.id)]
            for one in document.fields:
                assert one.state != "filled" or one.value is not None, (form.id, one)
                assert not one.is_required or one.state == "filled" or one in document.lacking, (form.id, one)
                assert one.state != "not_applicable" or (one.value is None and not one.is_required), (form.id, one)
            assert document_from_json(document_as_json(document)) == document
            before = document


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(facts=FACTS, name=st.sampled_from(sorted(fact_types())), data=st.data())
def test_one_more_known_fact_never_empties_a_field_that_does_not_depend_on_a_condition(facts, name, data):
    """A field without a condition that was filled stays filled when one more thing is known."""
    more = {**facts, name: data.draw(value_of(fact_types()[name]))} if name not in facts else facts
    for form in all_forms().values():
        old, new = (fill_form(form, a_case(ledger), now=NOW) for ledger in (facts, more))
        plain = [field.id for field in form.fields_in(form.phase[0].id) if not field.when and field.value and not field.choices]
        lost = [id for id in plain if old[id].state == "filled" and new[id].value is None]
        # A list that is known to be empty says nothing that can stand in a field.
        assert not [id for id in lost if name not in ("sectors", "kinds", "residents", "establishments")], (form.id, name, lost)
