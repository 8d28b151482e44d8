import json
from dataclasses import replace
from decimal import Decimal
from math import exp, log, sqrt
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from amanat.assess import assess, money_inputs, reckon_money
from amanat.assess.__main__ import VERB
from amanat.assess.edpb import Circumstance, starting_range
from amanat.assess.money.case import Case
from amanat.assess.money.costs import COMPONENTS, Draws, factor_of
from amanat.assess.money.distribution import Distribution
from amanat.assess.money.inputs import BadInput, UnknownInput, read_inputs, shipped, with_changes
from amanat.assess.money.reckon import reckon
from amanat.terms.company import read_company
from tests.assess.stories import NOW, exposures_of, facts_of

EVERYTHING = {
    "goodwill_per_person": {"value": 2, "why": "decided"},
    "yearly_value": {"low": 100, "high": 140, "why": "our books"},
    "idle_staff": {"value": 200, "why": "our books"},
    "insurance_premium": {"value": 50_000, "why": "the policy"},
    "contracts_at_risk": {"value": 300_000, "why": "sales"},
}


def a_case(**more):
    known = {
        "persons": (1000.0, 1000.0),
        "watched": (0.0, 0.0),
        "turnover_eur": 30e6,
        "downtime_hours": 48.0,
        "was_interrupted": True,
        "is_rebuilt": True,
    }
    return Case(**known | more)


# ---- distributions: quantiles by hand ----


def test_a_uniform_reaches_a_quarter_of_its_way_at_a_quarter():
    assert Distribution(shape="uniform", low=10, high=30).quantile(0.25) == pytest.approx(15)


def test_a_triangular_has_its_quantiles():
    # 0, 2, 10: the mode lies at p = 0.2; below: sqrt(p * 10 * 2); above: 10 - sqrt((1 - p) * 10 * 8)
    one = Distribution(shape="triangular", low=0, mode=2, high=10)

    assert one.quantile(0.05) == pytest.approx(1.0)
    assert one.quantile(0.2) == pytest.approx(2.0)
    assert one.quantile(0.95) == pytest.approx(10 - 2.0)


def test_of_a_lognormal_five_in_a_hundred_lie_below_low_and_five_above_high_and_the_middle_is_their_geometric_mean():
    one = Distribution(shape="lognormal", low=4, high=25)

    assert one.quantile(0.05) == pytest.approx(4)
    assert one.quantile(0.95) == pytest.approx(25)
    assert one.quantile(0.5) == pytest.approx(10)
    assert one.quantile(0.841344746) == pytest.approx(exp(log(10) + log(25 / 4) / 2 / 1.6448536269514722))


def test_a_chance_of_three_in_a_hundred_happens_in_the_last_three_hundredths():
    one = Distribution(shape="chance", value=0.03)

    assert list(one.quantile(np.array([0.0, 0.5, 0.969, 0.971, 0.999]))) == [0, 0, 0, 1, 1]


@pytest.mark.parametrize(
    ("numbers", "wrong"),
    [
        ({"shape": "fixed"}, "fixed takes value"),
        ({"shape": "uniform", "low": 2, "high": 1}, "low, mode and high must rise"),
        ({"shape": "triangular", "low": 1, "high": 2}, "triangular takes low and mode and high"),
        ({"shape": "lognormal", "low": 0, "high": 2}, "a lognormal needs a low above 0 and a higher high"),
        ({"shape": "chance", "value": 1.5}, "a chance lies between 0 and 1"),
        ({"shape": "fixed", "value": -1}, "value is no number from 0"),
        ({"shape": "fixed", "value": float("nan")}, "value is no number from 0"),
        ({"shape": "unknown", "value": 1}, "unknown takes no number"),
    ],
)
def test_numbers_that_cannot_be_are_said(numbers, wrong):
    assert Distribution(**numbers).wrong() == wrong


distributions = st.one_of(
    st.lists(st.floats(0, 1e6), min_size=2, max_size=2).map(lambda n: Distribution(shape="uniform", low=min(n), high=max(n))),
    st.lists(st.floats(0, 1e6), min_size=3, max_size=3).map(sorted).map(lambda n: Distribution(shape="triangular", low=n[0], mode=n[1], high=n[2])),
    st.tuples(st.floats(0.001, 1e3), st.floats(1.01, 1e3)).map(lambda n: Distribution(shape="lognormal", low=n[0], high=n[0] * n[1])),
    st.floats(0, 1).map(lambda n: Distribution(shape="chance", value=n)),
)


@given(one=distributions, p=st.floats(0.001, 0.999), q=st.floats(0.001, 0.999))
def test_quantiles_rise_for_every_distribution(one, p, q):
    low, high = one.quantile(np.array(sorted((p, q))))

    assert low <= high * (1 + 1e-9) + 1e-9


# ---- components: by hand ----


def of_one(name, case, **values):
    d = Draws({key: np.array([float(value)]) for key, value in values.items()}, 1)
    return float(COMPONENTS[name](case, d)[0])


def test_telling_the_persons_costs_letters_and_mails_and_their_wording():
    # 1,000 persons: 200 letters at 1.50, 800 mails at 0.001, and 5,000 for the words
    sum_ = of_one("notification", a_case(), persons=1000, letter_share=0.2, letter_cost=1.5, email_cost=0.001, wording_cost=5000)

    assert sum_ == pytest.approx(300 + 0.8 + 5000)


def test_where_mail_may_not_be_used_everybody_gets_a_letter():
    case = a_case(is_by_letter_only=True)

    assert of_one("notification", case, persons=1000, letter_share=0.2, letter_cost=1.5, email_cost=0.001, wording_cost=0) == 1500


def test_answering_costs_contacts_times_minutes():
    # 1,000 persons, 3 in 100 call, 10 minutes, 30 an hour: 30 calls x 5; and 1,000 for the line
    assert of_one("call_centre", a_case(), persons=1000, contact_rate=0.03, handling_minutes=10, agent_cost=30, line_cost=1000) == pytest.approx(1150)


def test_counsel_costs_more_with_every_law_whose_authority_must_be_told():
    assert of_one("legal", a_case(n_authority_laws=3), counsel_hours=100, hours_per_authority=10, counsel_rate=300) == 39_000


def test_customers_who_leave_take_margin_for_years():
    # 1,000 customers, 2 in 100 leave, 120 a year, 30 % margin, 2 years
    d = {"persons": 1000, "excess_churn": 0.02, "yearly_value": 120, "margin": 0.3, "lost_years": 2}

    assert of_one("lost_business", a_case(), **d) == pytest.approx(1440)
    assert of_one("lost_business", a_case(), **d, customers=5000) == pytest.approx(7200)


def test_sales_are_lost_for_the_hours_that_services_were_down():
    # 48 of 8,760 hours of 30 million, half of it stood still, 30 % margin
    assert of_one("lost_sales", a_case(), stood_still_share=0.5, margin=0.3) == pytest.approx(48 / 8760 * 30e6 * 0.15)
    assert of_one("lost_sales", a_case(was_interrupted=False)) == 0


def test_a_fine_lies_between_the_starting_amounts_and_under_the_maximum():
    ranges = (starting_range("Art 5(1)(f)", ("high",), Decimal(1_000_000_000)), starting_range("Art 33", ("high",), Decimal(1_000_000_000)))
    case = a_case(ranges=ranges)

    assert of_one("fine", case, fine_chance=1, fine_place=0, fine_circumstances=1) == 8_000_000
    assert of_one("fine", case, fine_chance=1, fine_place=0.5, fine_circumstances=1) == 24_000_000
    assert of_one("fine", case, fine_chance=1, fine_place=1, fine_circumstances=1.5) == 40_000_000
    assert of_one("fine", case, fine_chance=0, fine_place=1, fine_circumstances=1.5) == 0
    assert of_one("fine", a_case()) == 0


def test_where_everything_aggravates_the_factor_stays_at_one_or_above_and_where_all_mitigates_below():
    factor = np.array([0.5, 1.0, 1.5])
    worse = Circumstance(id="not_encrypted", is_aggravating=True, cite="")
    better = Circumstance(id="help_offered", is_aggravating=False, cite="")

    assert list(factor_of(a_case(circumstances=(worse,)), factor)) == [1, 1, 1.5]
    assert list(factor_of(a_case(circumstances=(better,)), factor)) == [0.5, 1, 1]
    assert list(factor_of(a_case(circumstances=(worse, better)), factor)) == [0.5, 1, 1.5]


# ---- the reckoning ----


def test_the_same_seed_gives_the_same_answer_and_another_one_nearly_so():
    case, inputs = a_case(), with_changes(EVERYTHING, changed_in="test")

    one, again, other = (reckon(case, inputs, seed=seed, draws=5000) for seed in (7, 7, 8))

    assert one == again
    assert one.total != other.total
    assert other.total.p50 == pytest.approx(one.total.p50, rel=0.05)


def test_what_nobody_knows_is_not_counted_and_is_asked_for():
    found = reckon(Case(persons=None, watched=None), shipped(), seed=1, draws=200)
    parts = {part.id: part for part in found.parts}

    assert parts["notification"].range is None
    assert parts["notification"].needs == ("residents",)
    assert parts["lost_sales"].needs == ("downtime_hours", "turnover_eur")
    assert parts["insurance"].needs == ("insurance_premium",)
    assert parts["legal"].range is not None
    assert {"residents", "downtime_hours", "turnover_eur", "insurance_premium"} <= set(found.needs)


def test_no_part_is_silently_left_out():
    found = reckon(Case(persons=None, watched=None), shipped(), seed=1, draws=200)

    assert [part.id for part in found.parts] == list(COMPONENTS)
    assert all(part.range is not None or part.needs for part in found.parts)


def test_a_fixed_world_has_one_sum_and_nothing_drives_its_spread():
    changes = {}
    for name, one in shipped().items():
        changes[name] = {
            "shape": "chance" if one.unit == "chance" else "fixed",
            "value": 1 if one.unit in ("share", "chance", "factor") else 10,
            "why": "test",
        }
    found = reckon(a_case(was_interrupted=False, is_rebuilt=False), with_changes(changes, changed_in="test"), seed=1, draws=100)

    # hours 10x10 twice; letters 1,000x10 + 10; calls 1,000x10/60x10 + 10; counsel 10x10; damages, goodwill, suit 1,000x10 each;
    # monitoring of nobody; 10 customers who leave, each 10 a year for 10 years; premium 10; contracts 10; no fine
    by_hand = 200 + 10_010 + (1000 * 10 / 60 * 10 + 10) + 100 + 30_000 + 0 + 10 * 10 * 10 + 10 + 10
    assert found.total.p5 == found.total.p95 == pytest.approx(by_hand)
    assert [d for d in found.drivers if d.share > 0 and d.input not in ("collective_chance",)] == []


def test_the_curve_falls_and_agrees_with_the_percentiles():
    found = reckon(a_case(), with_changes(EVERYTHING, changed_in="test"), seed=3, draws=20_000)
    at = {point.chance: point for point in found.curve}

    assert [p.loss for p in found.curve] == sorted(p.loss for p in found.curve)
    assert at[0.95].loss == pytest.approx(found.total.p5, rel=0.01)
    assert at[0.5].loss == pytest.approx(found.total.p50, rel=0.01)
    assert at[0.05].loss == pytest.approx(found.total.p95, rel=0.01)
    assert all(p.low <= p.loss <= p.high for p in found.curve)


def test_a_lognormal_alone_comes_back_from_the_draws():
    inputs = with_changes({"wording_cost": {"shape": "lognormal", "low": 1000, "high": 9000, "why": "test"}}, changed_in="test")
    only = {
        name: one if name == "wording_cost" else replace(one, shape="fixed", value=0.0, low=None, mode=None, high=None)
        for name, one in inputs.items()
    }

    found = reckon(a_case(was_interrupted=False), only, seed=5, draws=20_000)

    assert found.total.p5 == pytest.approx(1000, rel=0.02)
    assert found.total.p50 == pytest.approx(sqrt(1000 * 9000), rel=0.02)
    assert found.total.p95 == pytest.approx(9000, rel=0.02)
    assert found.drivers[0].input == "wording_cost"
    assert found.drivers[0].share == pytest.approx(1)


# Not the chances, which have a most; not the share of letters, of which a mail takes the place.
RAISED = sorted(set(shipped()) - {"fine_chance", "collective_chance", "letter_share"})


@settings(max_examples=40, deadline=None)
@given(name=st.sampled_from(RAISED), factor=st.floats(1, 3))
def test_raising_any_input_never_lowers_any_point(name, factor):
    """All the sums are products and sums of what is not negative, drawn with the same luck."""
    inputs = with_changes(EVERYTHING, changed_in="test")
    ranges = (starting_range("Art 5(1)(f)", ("high",), Decimal(1_000_000_000)),)
    case = a_case(ranges=ranges, watched=(500.0, 600.0))
    numbers = {key: None if (n := getattr(inputs[name], key)) is None else n * factor for key in ("value", "low", "mode", "high")}

    before = reckon(case, inputs, seed=11, draws=500)
    after = reckon(case, inputs | {name: replace(inputs[name], **numbers)}, seed=11, draws=500)

    assert (before.total.p5, before.total.p50, before.total.p95) <= (
        after.total.p5 * (1 + 1e-9),
        after.total.p50 * (1 + 1e-9),
        after.total.p95 * (1 + 1e-9),
    )
    assert all(x.loss <= y.loss * (1 + 1e-9) for x, y in zip(before.curve, after.curve, strict=True))


def test_one_more_person_never_lowers_any_point():
    inputs = with_changes(EVERYTHING, changed_in="test")
    fewer, more = (reckon(a_case(persons=(n, n), watched=(n, n)), inputs, seed=2, draws=1000) for n in (1000.0, 1001.0))

    assert all(x.loss <= y.loss for x, y in zip(fewer.curve, more.curve, strict=True))


def test_a_rare_sum_says_how_rare_and_what_it_is_then():
    ranges = (starting_range("Art 33", ("medium",), Decimal(1_500_000)),)
    found = reckon(a_case(ranges=ranges), shipped(), seed=1, draws=10_000)
    fine = next(part for part in found.parts if part.id == "fine")

    assert fine.happens == pytest.approx(0.03, abs=0.001)
    assert fine.range.p50 == 0
    assert 1000 <= fine.if_happens.p5 <= fine.if_happens.p95 <= 12_000  # 2,000 to 8,000, times 0.5 to 1.5


# ---- from facts ----


def test_persons_in_review_widen_the_number_of_persons():
    facts = facts_of(role="controller", establishments=["FR"], main_establishment="FR")
    people = exposures_of((90, "FR", ["email", "ssn"], "sure"), (10, "FR", ["email"], "review"))

    found, case = reckon_money(facts, assess(facts, exposures=people, now=NOW), exposures=people, seed=1, draws=100)

    assert (case.persons, case.watched) == ((90, 100), (90, 90))
    assert found.n_draws == 100


def test_without_a_turnover_the_fine_asks_for_it_and_keeps_the_fixed_maxima():
    facts = facts_of(role="controller", establishments=["FR"], main_establishment="FR", risk="high", residents={"FR": 50}, kinds=["email"])
    found, case = reckon_money(facts, assess(facts, now=NOW), seed=1, draws=100)

    assert {one.article: one.maximum for one in case.ranges} == {
        "Art 5(1)(f)": 20_000_000,
        "Art 32": 10_000_000,
        "Art 33": 10_000_000,
        "Art 34": 10_000_000,
    }
    assert next(part for part in found.parts if part.id == "fine").needs == ("turnover_eur",)


def test_a_seriousness_that_a_person_decided_counts_before_the_severity():
    facts = facts_of(
        role="controller", establishments=["FR"], main_establishment="FR", residents={"FR": 50}, kinds=["email"], turnover_eur=600_000_000
    )
    _, case = reckon_money(facts, assess(facts, now=NOW), seed=1, draws=100, seriousness="high")

    assert next((one.low, one.high) for one in case.ranges if one.article == "Art 32") == (2_400_000, 12_000_000)


def test_where_the_gdpr_does_not_reach_there_is_no_fine_under_it():
    facts = facts_of(role="controller", establishments=["US"], residents={"US-CA": 50}, kinds=["ssn"], turnover_eur=1_000_000)
    _, case = reckon_money(facts, assess(facts, now=NOW), seed=1, draws=100)

    assert case.ranges == ()


# ---- inputs ----


def test_every_shipped_input_names_its_source_and_its_doubt():
    for one in shipped().values():
        assert one.source, one.id
        assert one.confidence in ("high", "medium", "low"), one.id
        assert one.url.startswith("https://") or one.basis == "judgement", one.id


def test_our_own_numbers_replace_the_shipped_ones_and_the_later_file_counts(tmp_path: Path):
    (tmp_path / "company.toml").write_text('[letter_cost]\nvalue = 1.1\nwhy = "our printer"\n[counsel_rate]\nlow = 200\nhigh = 300\nwhy = "agreed"\n')
    (tmp_path / "case.toml").write_text('[letter_cost]\nlow = 2\nmode = 3\nhigh = 4\nwhy = "by courier"\n')

    found = read_inputs([tmp_path / "company.toml", tmp_path / "case.toml"])

    assert (found["letter_cost"].shape, found["letter_cost"].mode, found["letter_cost"].changed_in) == ("triangular", 3, "case.toml")
    assert (found["counsel_rate"].shape, found["counsel_rate"].basis, found["counsel_rate"].why) == ("uniform", "ours", "agreed")
    assert found["email_cost"] == shipped()["email_cost"]


@pytest.mark.parametrize(
    ("text", "error", "says"),
    [
        ('[leter_cost]\nvalue = 1\nwhy = "x"', UnknownInput, "did you mean 'letter_cost'?"),
        ("[letter_cost]\nvalue = 1\nwhy = ''", BadInput, "say `why`"),
        ('[letter_cost]\nlow = 3\nhigh = 1\nwhy = "x"', BadInput, "must rise"),
        ('[contact_rate]\nvalue = 12\nwhy = "x"', BadInput, "a share lies between 0 and 1"),
        ("letter_cost = 3", BadInput, "write it as a table"),
    ],
)
def test_a_file_that_cannot_be_is_said_with_its_line(tmp_path: Path, text, error, says):
    (tmp_path / "ours.toml").write_text(text, encoding="utf-8")

    with pytest.raises(error) as caught:
        read_inputs([tmp_path / "ours.toml"])

    assert says in str(caught.value)
    assert "ours.toml:1" in str(caught.value)


def test_a_chance_given_as_a_number_stays_something_that_happens_or_not():
    assert with_changes({"fine_chance": {"value": 0.2, "why": "late"}}, changed_in="test")["fine_chance"].shape == "chance"


# ---- the command ----

FACTS = """
role = "controller"
establishments = ["FR"]
main_establishment = "FR"
encrypted = "no"
residents = { FR = 40000 }
kinds = ["email", "national_id"]
turnover_eur = 30000000
"""


def test_the_command_shows_ranges_and_says_that_it_is_no_forecast(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    (tmp_path / "facts.toml").write_text(FACTS, encoding="utf-8")

    assert VERB.main(["money", str(tmp_path / "facts.toml"), "--draws", "500", "--svg", str(tmp_path / "curve.svg")]) == 0

    text = capsys.readouterr().out
    assert "A range, not a forecast" in text
    assert "aggravating: not encrypted" in text
    assert "yearly_value: What a customer brings in a year" in text
    picture = (tmp_path / "curve.svg").read_text(encoding="utf-8")
    assert picture.startswith("<svg")
    assert "<title>" in picture


def test_the_keys_of_the_command_are_the_documented_ones(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    (tmp_path / "facts.toml").write_text(FACTS, encoding="utf-8")

    assert VERB.main(["money", str(tmp_path / "facts.toml"), "--draws", "500", "--format", "json"]) == 0

    keys = json.loads(capsys.readouterr().out)
    assert set(keys) == set(VERB.commands["money"].json_keys)
    assert keys["total"]["p5"] < keys["total"]["p50"] < keys["total"]["p95"]


def test_every_input_is_listed(capsys: pytest.CaptureFixture[str]):
    assert VERB.main(["inputs", "--format", "json"]) == 0

    assert [one["id"] for one in json.loads(capsys.readouterr().out)["inputs"]] == list(shipped())


# ---- the company's own prices ----

COMPANY = """
name = "Example"
legal_name = "Example Ltd"
address = "1 Example Street"
country = "FR"
website = "https://example.org"
notices_url = "https://example.org/verify"
sender = "notice@example.org"
privacy_email = "privacy@example.org"

[unit_cost]
"""


def ours(tmp_path: Path, lines: str) -> Path:
    (tmp_path / "company.toml").write_text(COMPANY + lines, encoding="utf-8")
    return tmp_path / "company.toml"


def test_what_a_letter_and_a_mail_cost_us_stands_before_what_is_shipped(tmp_path: Path):
    found = money_inputs(company=read_company(ours(tmp_path, 'letter = "1.29 EUR"\nemail = "0.0004 EUR"\n')))

    assert (found["letter_cost"].shape, found["letter_cost"].value, found["letter_cost"].basis) == ("fixed", 1.29, "ours")
    assert (found["email_cost"].value, found["email_cost"].changed_in) == (0.0004, "company.toml")
    assert found["counsel_rate"] == shipped()["counsel_rate"]


def test_a_price_in_another_currency_is_left_aside_because_no_exchange_rate_is_assumed(tmp_path: Path):
    assert money_inputs(company=read_company(ours(tmp_path, 'letter = "1.29 USD"\n')))["letter_cost"] == shipped()["letter_cost"]


def test_our_file_counts_before_the_price_of_the_company_and_the_screen_before_both(tmp_path: Path):
    company = read_company(ours(tmp_path, 'letter = "1.29 EUR"\n'))
    costs = tmp_path / "costs.toml"
    costs.write_text('[letter_cost]\nvalue = 1.5\nwhy = "our printer"\n[email_cost]\nvalue = 0.001\nwhy = "our relay"\n', encoding="utf-8")

    found = money_inputs({"email_cost": {"shape": "fixed", "value": 0.002, "why": "an offer"}}, company=company, files=[costs])

    assert (found["letter_cost"].value, found["letter_cost"].changed_in) == (1.5, "costs.toml")
    assert (found["email_cost"].value, found["email_cost"].changed_in) == (0.002, "screen")


def test_the_command_takes_the_companys_prices(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    assert VERB.main(["inputs", "--company", str(ours(tmp_path, 'letter = "1.29 EUR"\n')), "--format", "json"]) == 0

    letter = next(one for one in json.loads(capsys.readouterr().out)["inputs"] if one["id"] == "letter_cost")
    assert (letter["value"], letter["changed_in"]) == (1.29, "company.toml")
