"""The breach laws of the states, the District of Columbia and the territories of the US, as a set."""

from collections import Counter, defaultdict
from datetime import datetime

import pytest

from amanat import assess
from amanat.terms.places import SUBDIVISIONS
from tests.assess.stories import NOW, duty, exposures_of, facts_of

STATE_LAWS = {name: law for name, law in assess.laws().items() if law.kind == "us_state_individual_notice"}
MORNING = datetime.fromisoformat("2026-03-02T10:00:00-05:00")


def told(*people: tuple[int, str | None, list[str], str], **more: object):
    facts = {"role": "controller", "discovery": MORNING, "determination": MORNING, "encrypted": "no", "acquired": True, "establishments": ["FR"]}
    exposures = exposures_of(*people)
    found = assess.assess(facts_of(**{**facts, **more}), exposures=exposures, now=NOW)
    return found, assess.persons_duties(found, exposures).to_pylist()


def test_each_state_and_territory_has_one_law():
    places = Counter(place for law in STATE_LAWS.values() for place in law.places)

    assert {place for place in places if place.startswith("US-")} == {place for place in SUBDIVISIONS if place.startswith("US-")}
    assert set(places.values()) == {1}


def test_who_reaches_a_territory_by_its_own_country_code_reaches_its_law():
    for place in ("PR", "GU", "VI", "AS", "MP"):
        assert [name for name, law in STATE_LAWS.items() if place in law.places] == [
            name for name, law in STATE_LAWS.items() if f"US-{place}" in law.places
        ]


def test_states_share_a_letter_only_where_none_of_them_asks_for_a_text_of_its_own():
    groups = defaultdict(list)
    for law in STATE_LAWS.values():
        groups[law.letter_group] += [rule for rule in law.duty if rule.to == "individuals"]

    shared = [group for group, rules in groups.items() if len(rules) > 1]
    assert shared == ["us-general"]
    assert not [rule.id for rule in groups["us-general"] if rule.content or rule.content_if or rule.forbidden or rule.headings]


def test_each_state_wants_the_owner_told_and_lets_an_employee_in_good_faith_pass_but_for_three():
    without = set()
    for name, law in STATE_LAWS.items():
        if name == "us-as-mp":
            continue  # no law is known there
        assert [rule.role for rule in law.duty if rule.id == f"{name}.owner"] == ["processor"], name
        individuals = next(rule for rule in law.duty if rule.to == "individuals")
        assert individuals.may_wait_for == "law_enforcement_hold", name
        if "good_faith_employee" not in {e.id for version in individuals.version for e in version.unless}:
            without.add(name)
    assert without == {"us-ct", "us-ms", "us-pr"}


def test_people_of_massachusetts_get_a_letter_of_their_own_that_must_not_tell_the_nature_or_a_number():
    found, persons = told((1, "US-MA", ["ssn"], "sure"), (1, "US-OH", ["ssn"], "sure"), (1, "US-TX", ["ssn"], "sure"), (1, "US-IL", ["ssn"], "sure"))

    assert [row["letter_group"] for row in persons] == ["us-ma", "us-general", "us-general", "us-il"]
    assert duty(found, "us-ma.individuals").forbidden == ("nature of the breach", "number of residents affected")
    assert "mitigation_services" in duty(found, "us-ma.individuals").content
    assert duty(found, "us-il.individuals").forbidden == ("number of Illinois residents affected",)
    assert duty(found, "us-oh.individuals").forbidden == ()


@pytest.mark.parametrize(
    ("place", "authority", "n_there", "n_elsewhere", "state"),
    [
        # Arkansas, Hawaii, North Dakota and South Carolina count persons wherever they live …
        ("US-AR", "us-ar.authority1", 1, 1000, "due"),
        ("US-AR", "us-ar.authority1", 1, 999, "not_due"),
        ("US-HI", "us-hi.authority1", 1, 1000, "due"),
        ("US-HI", "us-hi.authority1", 1, 999, "not_due"),
        ("US-ND", "us-nd.authority1", 1, 250, "due"),
        ("US-ND", "us-nd.authority1", 1, 249, "not_due"),
        ("US-SC", "us-sc.authority1", 1, 1000, "due"),
        ("US-SC", "us-sc.authority1", 1, 999, "not_due"),
        # … Arizona, Missouri and Oregon define the individuals they count as residents.
        ("US-AZ", "us-az.authority1", 1000, 5000, "not_due"),
        ("US-AZ", "us-az.authority1", 1001, 0, "due"),
        ("US-MO", "us-mo.authority1", 1000, 5000, "not_due"),
        ("US-MO", "us-mo.authority1", 1001, 0, "due"),
        ("US-OR", "us-or.authority1", 250, 5000, "not_due"),
        ("US-OR", "us-or.authority1", 251, 0, "due"),
    ],
)
def test_whom_a_state_counts(place, authority, n_there, n_elsewhere, state):
    found, _ = told((n_there, place, ["ssn"], "sure"), (n_elsewhere, "FR", ["ssn"], "sure"))

    assert duty(found, authority).state == state


def test_an_ordinary_hotel_sees_no_duty_of_agencies_tax_preparers_or_information_brokers():
    people = [(1200, place, ["ssn"], "sure") for place in ("US-HI", "US-ID", "US-IL", "US-MN", "US-VA", "US-PR", "US-GA")]
    found, _ = told(*people, sectors=["hotel"], is_information_broker=False)

    for name in (
        "us-hi.authority2 us-id.authority1 us-il.authority2 us-il.authority3 us-il.cra us-mn.cra_government us-pr.authority2"
        " us-va.authority3 us-ga.individuals us-ga.cra"
    ).split():
        assert duty(found, name).state == "not_due", name


def test_nobody_in_the_us_owes_nothing_to_a_state():
    found, persons = told((5, "FR", ["ssn", "medical"], "sure"))

    assert {d.state for d in found.duties if d.law in STATE_LAWS} == {"not_due"}
    assert {name for row in persons for name in row["duty_ids"] if name.startswith("us-")} == set()
