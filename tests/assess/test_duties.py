import itertools
from datetime import datetime
from functools import cache

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from amanat import assess
from amanat.assess.groups import groups_of
from amanat.assess.judgement import judge
from amanat.assess.statute_book import read_laws
from amanat.terms.assessment import Duty
from amanat.terms.fact import Fact
from tests.assess.stories import NOW, believed, duty, exposures_of, facts_of

BASE = {"role": "controller", "awareness": datetime.fromisoformat("2026-03-06T18:00:00+01:00"), "encrypted": "no", "establishments": []}


def test_the_first_page_of_the_manual_a_laptop_stolen_in_lyon():
    found = assess.assess(facts_of(**BASE, residents={"FR": 12000}, risk="high"), now=NOW)

    authority = duty(found, "eu-gdpr.authority")
    assert (authority.state, authority.due_at, authority.standard, authority.limit) == (
        "due",
        datetime.fromisoformat("2026-03-09T18:00:00+01:00"),
        "undue_delay",
        "72 hours from awareness; softened by the law: where feasible; if late: the reasons for the delay",
    )
    assert authority.n_persons == 12000
    individuals = duty(found, "eu-gdpr.individuals")
    assert (individuals.state, individuals.due_at, individuals.limit) == ("due", None, "without undue delay; the law names no number")
    assert individuals.letter_group == "eu-gdpr"
    assert individuals.content == ("nature", "contact_point", "consequences", "measures")


def test_a_law_whose_places_have_no_resident_and_no_establishment_is_not_due_with_that_reason():
    brazil = duty(assess.assess(facts_of(**BASE, residents={"FR": 12000}, risk="high"), now=NOW), "br-lgpd.authority")

    assert brazil.state == "not_due"
    assert brazil.why[0].says == "the law reaches us: persons who live in BR are affected, or we are established in BR"
    assert brazil.why[0].outcome is False


def test_an_undecided_risk_leaves_the_duty_open_and_asks():
    found = assess.assess(facts_of(**BASE, residents={"FR": 10}), now=NOW)

    authority = duty(found, "eu-gdpr.authority")
    assert (authority.state, authority.ask) == ("undetermined", ("risk",))
    assert authority.due_at == datetime.fromisoformat("2026-03-09T18:00:00+01:00")  # the clock runs all the same
    assert "eu-gdpr.authority" in next(q for q in found.questions if q.fact == "risk").settles


def test_what_is_voluntary_or_only_adopted_says_so_beside_its_clock():
    found = assess.assess(facts_of(**BASE, residents={"IR": 7, "AE": 7}, risk="risk"), now=NOW)

    telling_iranians, telling_the_emirates = duty(found, "ir.individuals"), duty(found, "ae-pdpl.authority")
    assert (telling_iranians.state, telling_iranians.status) == ("due", "voluntary")
    assert telling_iranians.limit == "voluntary: as far as is known no law asks for it"
    assert (telling_the_emirates.state, telling_the_emirates.status) == ("due", "adopted")
    assert telling_the_emirates.limit.endswith("adopted, and perhaps not applied yet: look whether it binds us")


def test_a_place_whose_law_is_not_held_is_named_because_unknown_is_not_no():
    found = assess.assess(facts_of(**BASE, residents={"PK": 4, "MA": 1, "UZ": 0, "IR": 9, "US": 2, "CA-QC": 1, "FR": 3}), now=NOW)

    assert found.assumed[-1] == "we hold no general law on breaches for MA, PK, where affected persons live: that is unknown, and not no"
    people = exposures_of((3, "PK", ["email"], "sure"), (1, "NP", ["email"], "review"), (2, None, ["email"], "outsider"))
    counted = assess.assess(facts_of(**BASE), exposures=people, now=NOW)
    assert counted.assumed[-1] == "we hold no general law on breaches for PK, where affected persons live: that is unknown, and not no"
    everywhere_known = assess.assess(facts_of(**BASE, residents={"FR": 3}), now=NOW)
    assert not any("we hold no general law" in sentence for sentence in everywhere_known.assumed)


def test_with_no_facts_at_all_everything_is_open_and_the_first_questions_settle_most():
    found = assess.assess({}, now=NOW)

    in_force = [d for d in found.duties if not d.why[0].says.startswith("no version of this rule was in force")]
    assert len(in_force) > 300 and {d.state for d in in_force} == {"undetermined"}
    assert [q.fact for q in found.questions][:2] == ["residents", "role"]
    assert found.severity.advice == "none"
    assert {d.n_persons for d in found.duties} == {None}


def test_a_key_is_no_question_where_nothing_was_encrypted():
    found = assess.assess(facts_of(**BASE, residents={"US-CA": 3}, kinds=["ssn"]), now=NOW)

    assert duty(found, "us-ca.individuals").ask == ("acquired",)


def test_a_severity_that_advises_high_creates_the_duties_and_says_so():
    facts = facts_of(**BASE, residents={"FR": 500}, kinds=["name", "national_id"], malicious=True)
    found = assess.assess(facts, now=NOW)

    assert found.severity.advice == "high"
    assert duty(found, "eu-gdpr.individuals").state == "due"
    told = [r for r in duty(found, "eu-gdpr.individuals").why if r.fact == "risk"]
    assert told[0].below[0].says == "nobody has decided the risk yet; the severity advises to treat it as 'high'"


def test_a_decided_risk_stands_against_the_advice():
    facts = facts_of(**BASE, residents={"FR": 500}, kinds=["name", "national_id"], malicious=True, risk="none")

    assert duty(assess.assess(facts, now=NOW), "eu-gdpr.authority").state == "not_due"


def test_a_believed_fact_counts_and_is_named():
    facts = facts_of(**BASE, residents={"FR": 500}) | believed("risk", "high")
    found = duty(assess.assess(facts, now=NOW), "eu-gdpr.authority")

    assert found.state == "due"
    assert next(r for r in found.why if r.fact == "risk").below[0].says == "risk is believed, not known"


def test_a_fact_that_is_said_to_be_unknown_is_unknown():
    facts = facts_of(**BASE, residents={"FR": 10}) | {"risk": Fact(name="risk", value=None, status="unknown")}

    assert duty(assess.assess(facts, now=NOW), "eu-gdpr.authority").state == "undetermined"


@pytest.mark.parametrize(("n", "state"), [(499, "not_due"), (500, "not_due"), (501, "due")])
def test_californias_five_hundred(n: int, state: str):
    facts = facts_of(**BASE, acquired=True)
    found = duty(assess.assess(facts, exposures=exposures_of((n, "US-CA", ["ssn"], "sure")), now=NOW), "us-ca.authority1")

    assert found.state == state
    change = "more than" if state == "not_due" else "at most"
    after = "due" if state == "not_due" else "not due"
    assert f"residents of US-CA with covered data {change} 500 (now {n}) → {after}" in found.would_change_if


@pytest.mark.parametrize(("n", "state"), [(4999, "not_due"), (5000, "not_due"), (5001, "due")])
def test_new_yorks_five_thousand(n: int, state: str):
    facts = facts_of(**BASE, acquired=True, residents={"US-NY": n}, kinds=["ssn"])

    assert duty(assess.assess(facts, now=NOW), "us-ny.cra").state == state


def test_only_residents_with_covered_data_count_towards_a_threshold():
    facts = facts_of(**BASE, acquired=True)
    people = exposures_of((300, "US-CA", ["ssn"], "sure"), (400, "US-CA", ["email"], "sure"))

    assert duty(assess.assess(facts, exposures=people, now=NOW), "us-ca.authority1").state == "not_due"


def test_persons_in_review_may_raise_a_number_and_never_lower_it():
    facts = facts_of(**BASE, acquired=True)
    near = exposures_of((499, "US-CA", ["ssn"], "sure"), (3, "US-CA", ["ssn"], "review"))
    far = exposures_of((499, "US-CA", ["ssn"], "sure"), (1, "US-CA", ["ssn"], "review"))

    assert duty(assess.assess(facts, exposures=near, now=NOW), "us-ca.authority1").state == "undetermined"
    assert duty(assess.assess(facts, exposures=far, now=NOW), "us-ca.authority1").state == "not_due"
    assert any("3 persons wait for a reviewer" in sentence for sentence in assess.assess(facts, exposures=near, now=NOW).assumed)


def test_the_larger_of_what_people_say_and_what_was_counted_wins():
    people = exposures_of((100, "US-CA", ["ssn"], "sure"))

    more = assess.assess(facts_of(**BASE, acquired=True, residents={"US-CA": 600}), exposures=people, now=NOW)
    fewer = assess.assess(facts_of(**BASE, acquired=True, residents={"US-CA": 5}), exposures=people, now=NOW)
    assert duty(more, "us-ca.authority1").state == "due"
    assert duty(fewer, "us-ca.individuals").state == "due"
    assert duty(more, "us-ca.authority1").n_persons == 600
    assert duty(fewer, "us-ca.individuals").n_persons == 100


def test_where_most_residences_are_unknown_no_law_is_ruled_out():
    nobody_knows = exposures_of((50, None, ["ssn"], "outsider"), (10, "FR", ["email"], "sure"))
    found = assess.assess(facts_of(**BASE, acquired=True), exposures=nobody_knows, now=NOW)

    assert duty(found, "us-ca.individuals").state == "undetermined"


def test_a_country_without_its_state_leaves_the_states_open():
    found = assess.assess(facts_of(**BASE, acquired=True, residents={"US": 9000}, kinds=["ssn"]), now=NOW)

    assert duty(found, "us-ca.individuals").state == "undetermined"
    assert duty(found, "us-ny.cra").state == "undetermined"


def test_a_scan_that_found_nobody_does_not_show_that_nobody_is_affected():
    found = assess.assess(facts_of(**BASE, risk="high"), exposures=exposures_of(), now=NOW)

    assert duty(found, "eu-gdpr.authority").state == "undetermined"


def test_stolen_files_that_could_be_read_were_taken_and_not_encrypted():
    facts = {name: fact for name, fact in facts_of(**BASE).items() if name != "encrypted"}
    found = assess.assess(facts, exposures=exposures_of((3, "US-CA", ["ssn"], "sure"), basis="content"), now=NOW)

    assert duty(found, "us-ca.individuals").state == "due"
    assert "encrypted is taken as 'no': the stolen files could be read without a key" in found.assumed


def test_minors_whom_a_scan_has_seen_stand_against_a_no_given_before():
    people = exposures_of((2, "BR", ["email"], "sure"))
    minors = people.set_column(people.schema.get_field_index("minor"), people.schema.field("minor"), pa.array([True, False]))
    facts = facts_of(**BASE, risk="high", minors_affected=False, vulnerable_persons=False, legal_secrecy=False, large_scale=False)

    assert duty(assess.assess(facts, exposures=people, now=NOW), "br-lgpd.individuals").state == "not_due"
    found = assess.assess(facts, exposures=minors, now=NOW)
    assert duty(found, "br-lgpd.individuals").state == "due"
    assert "minors_affected is taken as yes: the exposures list minors" in found.assumed


def test_a_finer_moment_defaults_to_its_family_and_says_so():
    found = assess.assess(facts_of(**BASE, acquired=True, residents={"US-CA": 3}, kinds=["ssn"]), now=NOW)

    # Awareness at 18:00 in Paris is 9 in the morning of 6 March in California; thirty days later is 5 April.
    assert duty(found, "us-ca.individuals").due_at == datetime.fromisoformat("2026-04-05T23:59:59-07:00")
    assert "discovery_or_notification is taken from awareness: nobody gave it, and one date per family is enough" in found.assumed


def test_a_suspicion_cannot_be_later_than_the_knowledge_so_its_clock_runs_from_there_at_the_latest():
    facts = facts_of(role="controller", residents={"US-FL": 40}, kinds=["name", "ssn"], acquired=True, accessed=True, encrypted="no")
    # Florida: thirty days from the determination of a breach or the reason to believe in one (§ 501.171(4)(a)).
    known = facts | facts_of(awareness=datetime.fromisoformat("2026-11-13T12:30:00-05:00"))

    late = duty(assess.assess(known, now=NOW), "us-fl.individuals")
    early = duty(assess.assess(known | facts_of(suspicion=datetime.fromisoformat("2026-11-02T09:00:00-05:00")), now=NOW), "us-fl.individuals")

    assert late.due_at == datetime.fromisoformat("2026-12-13T23:59:59-05:00")
    assert any("it cannot have been later" in reason.says for reason in late.why)
    assert early.due_at == datetime.fromisoformat("2026-12-02T23:59:59-05:00")
    assert duty(assess.assess(facts, now=NOW), "us-fl.individuals").due_at is None


def test_a_clock_that_begins_with_our_conclusion_has_no_date_yet_and_says_when_it_would_end_at_the_earliest():
    facts = facts_of(
        role="controller",
        residents={"US-TX": 400},
        kinds=["name", "ssn"],
        acquired=True,
        encrypted="no",
        awareness=datetime.fromisoformat("2026-10-05T07:00:00-05:00"),
    )

    individuals = duty(assess.assess(facts, now=NOW), "us-tx.individuals")

    assert individuals.due_at is None
    # Sixty days after 5 October (§ 521.053(b)).
    assert "had it been on the day of awareness, it would end on 2026-12-04" in individuals.limit
    assert "determination" in individuals.ask


def test_a_duty_that_runs_from_another_notice_is_planned_and_then_recomputed():
    facts = facts_of(**BASE, acquired=True, residents={"US-CA": 501}, kinds=["ssn"])
    planned = duty(assess.assess(facts, now=NOW), "us-ca.authority1")
    told = facts | facts_of(notice_to_individuals=datetime.fromisoformat("2026-03-20T10:00:00-07:00"))

    assert planned.due_at == datetime.fromisoformat("2026-04-20T23:59:59-07:00")
    assert "planned: counted from the last moment for us-ca.individuals" in planned.limit
    assert duty(assess.assess(told, now=NOW), "us-ca.authority1").due_at == datetime.fromisoformat("2026-04-04T23:59:59-07:00")


def test_a_hold_by_the_police_keeps_the_date_and_is_said_beside_it():
    facts = facts_of(**BASE, acquired=True, residents={"US-CA": 3}, kinds=["ssn"], law_enforcement_hold=True)
    found = duty(assess.assess(facts, now=NOW), "us-ca.individuals")

    assert found.due_at == datetime.fromisoformat("2026-04-05T23:59:59-07:00")
    assert "may wait while this holds: law_enforcement_hold" in found.limit


@pytest.mark.parametrize("hold", [None, False])
def test_without_a_hold_nothing_is_said_of_waiting_and_the_date_is_the_same(hold: bool | None):
    facts = facts_of(**BASE, acquired=True, residents={"US-CA": 3}, kinds=["ssn"], **({} if hold is None else {"law_enforcement_hold": hold}))
    found = duty(assess.assess(facts, now=NOW), "us-ca.individuals")

    assert (found.state, found.due_at) == ("due", datetime.fromisoformat("2026-04-05T23:59:59-07:00"))
    assert "may wait" not in found.limit


def test_what_must_go_with_a_late_notice_is_said_beside_its_date():
    found = assess.assess(facts_of(**BASE, residents={"FR": 12000}, risk="high"), now=NOW)

    # Art 33(1): a notification after the 72 hours is accompanied by reasons for the delay.
    assert duty(found, "eu-gdpr.authority").late == "the reasons for the delay"
    assert "if late: the reasons for the delay" in duty(found, "eu-gdpr.authority").limit


def test_drafts_never_run_unless_asked_for():
    facts = facts_of(**BASE, residents={"FR": 12000}, risk="high")

    assert not [d for d in assess.assess(facts, now=NOW).duties if d.status == "proposed"]
    draft = duty(assess.assess(facts, now=NOW, include_proposed=True), "eu-gdpr-omnibus.authority")
    assert (draft.status, draft.due_at) == ("proposed", datetime.fromisoformat("2026-03-10T18:00:00+01:00"))


def test_the_days_of_the_lead_authority_are_those_of_our_main_establishment():
    facts = facts_of(**BASE | {"establishments": ["FI"]}, main_establishment="FI", residents={"FI": 1}, risk="high")

    assert duty(assess.assess(facts, now=NOW), "eu-gdpr.authority").zone == "Europe/Helsinki"


def test_legal_maxima_follow_the_turnover():
    small = assess.assess(facts_of(**BASE, residents={"FR": 1, "GB": 1}, risk="high", turnover_eur=60_000_000), now=NOW).fines
    large = assess.assess(facts_of(**BASE, residents={"FR": 1, "GB": 1}, risk="high", turnover_eur=1_000_000_000), now=NOW).fines

    assert [f["maximum"] for f in small if f["law"] == "eu-gdpr"] == [10_000_000, 20_000_000]
    assert [f["maximum"] for f in large if f["law"] == "eu-gdpr"] == [20_000_000, 40_000_000]
    uk = next(f for f in large if f["law"] == "uk-gdpr")
    assert (uk["maximum"], uk["currency"], uk["turnover_part_eur"]) == (8_700_000, "GBP", 20_000_000)
    assert not [f for f in large if f["law"] == "us-ca"]


def test_an_assessment_survives_its_json():
    facts = facts_of(**BASE, residents={"FR": 3, "US-CA": 600}, kinds=["ssn", "name"], exfiltration="confirmed")
    found = assess.assess(facts, now=NOW)

    assert assess.assessment_from_json(assess.assessment_as_json(found)) == found


FACTS = {
    "risk": ["none", "risk", "high"],
    "role": ["controller", "processor"],
    "encrypted": ["no", "yes"],
    "key_taken": [True, False],
    "acquired": [True, False],
    "availability_loss": [True, False],
    "serious_injury": [True, False],
    "risk_removed": [True, False],
    "residents": [{"GB": 4}, {"GB": 4, "US-CA": 501}, {"FR": 2, "BR": 3}],
    "kinds": [["email"], ["ssn", "medical"]],
    "establishments": [[], ["GB"]],
}
some_facts = st.fixed_dictionaries({}, optional={name: st.sampled_from(values) for name, values in FACTS.items()})


def states_of(facts: dict[str, Fact], exposures: pa.Table | None = None) -> tuple[Duty, ...]:
    return judge(read_laws(), facts, None if exposures is None else groups_of(exposures), now=NOW, with_changes=False).duties


@given(some_facts)
@settings(max_examples=20, deadline=None)
def test_a_rule_that_nobody_checked_never_removes_a_duty_that_reaches_us(values):
    for found in states_of(facts_of(**values)):
        if not found.verified and found.state in ("not_due", "exempt"):
            # Only the reach of the law itself, the role that it addresses, or its first day may say so.
            may_say = ("the law reaches us", "no version of this rule was in force")
            assert any(r.outcome is False and (r.fact in ("role", "residents") or r.says.startswith(may_say)) for r in found.why)


@given(some_facts, st.sampled_from(sorted(FACTS)), st.data())
@settings(max_examples=20, deadline=None)
def test_more_knowledge_never_turns_due_into_not_due_by_an_unverified_rule(values, name, data):
    if name in values:
        return
    before = states_of(facts_of(**values))
    after = states_of(facts_of(**values, **{name: data.draw(st.sampled_from(FACTS[name]))}))
    for one, other in zip(before, after, strict=True):
        if one.state == "due" and not one.verified:
            assert other.state in ("due", "undetermined")


def test_the_order_of_the_law_files_does_not_matter():
    facts = facts_of(
        **BASE, residents={"FR": 3, "US-CA": 600, "BR": 4, "GB": 1, "US-NY": 5001, "CA-QC": 1}, kinds=["ssn", "name"], exfiltration="confirmed"
    )
    by_id = {d.id: d for d in judge(read_laws(), facts, None, now=NOW).duties}

    for order in itertools.islice(itertools.permutations(read_laws()), 0, 5040, 700):
        assert {d.id: d for d in judge(order, facts, None, now=NOW).duties} == by_id


@cache
def few_persons() -> tuple[pa.Table, dict[str, str]]:
    few = exposures_of((300, "US-CA", ["ssn"], "sure"), (10, "FR", ["email"], "sure"), (5, "BR", ["iban"], "sure"))
    facts = facts_of(**BASE, acquired=True, risk="high", serious_injury=True)
    return few, {d.id: d.state for d in states_of(facts, few)}


@given(
    st.integers(0, 600), st.sampled_from(["FR", "US-CA", "US-NY", "BR", "CA-QC", "GB", None]), st.sampled_from([["email"], ["ssn"], ["iban", "name"]])
)
@settings(max_examples=40, deadline=None)
def test_one_more_group_of_persons_never_removes_a_duty(n, place, kinds):
    few, before = few_persons()
    more = pa.concat_tables([few, exposures_of((n, place, kinds, "sure"))])
    facts = facts_of(**BASE, acquired=True, risk="high", serious_injury=True)
    after = {d.id: d.state for d in states_of(facts, more)}

    assert [name for name in before if before[name] == "due" and after[name] != "due"] == []
