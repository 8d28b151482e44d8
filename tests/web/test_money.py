"""What may it cost? Who may look and change, what a change does to the ranges, and what stands on the page in three languages."""

import re

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from amanat import assess
from amanat.assess.money.costs import COMPONENTS
from amanat.assess.money.inputs import GROUPS, shipped
from amanat.web.accounts.models import Staff
from amanat.web.assess import actions as assess_actions
from amanat.web.assess import money_words as words
from amanat.web.assess.money import _shown, change, newest_changes
from amanat.web.assess.money_models import MoneyChange
from amanat.web.respond import actions as respond_actions
from amanat.web.respond.models import JournalEntry
from tests.assess.stories import exposures_of, facts_of
from tests.web.test_trust import browser_of


@pytest.fixture
def incident(db, staff_of, now):
    """Of Alice, who leads it; Charlie looks on for the board, Dora writes, and Bob works on another one."""
    alice, charlie, dora, bob = (staff_of(name) for name in ("alice", "charlie", "dora", "bob"))
    one = respond_actions.declare(title="Guest database on sale", kind="data_breach", by=alice, now=now)
    respond_actions.add_member(one, staff=charlie, role="viewer", by=alice, now=now)
    respond_actions.add_member(one, staff=dora, role="communicator", by=alice, now=now)
    respond_actions.declare(title="Another", kind="phishing", by=bob, now=now)
    people = exposures_of((900, "FR", ["email", "national_id"], "sure"), (100, "US-CA", ["name", "ssn"], "sure"), (50, "FR", ["email"], "review"))
    facts = facts_of(role="controller", establishments=["FR"], main_establishment="FR", encrypted="no", acquired=True, accessed=True, malicious=True)
    content = assess.assessment_as_json(assess.assess(facts, exposures=people, now=now))
    assess_actions.take_in(one, content=content, scope=None, now=now, counted=assess.count_persons(people))
    for name, value in (("encrypted", "no"), ("role", "controller")):
        respond_actions.note_fact(one, name=name, value=value, status="known", source="test", by=alice, now=now)
    return one


def page_of(client, incident):
    return client.get(reverse("money", args=[incident.pk]))


@pytest.mark.parametrize(("who", "status"), [("alice", 200), ("charlie", 200), ("dora", 403), ("bob", 404)])
def test_who_may_see_what_it_may_cost(incident, as_staff, who, status):
    assert page_of(browser_of(as_staff, who), incident).status_code == status


@pytest.mark.parametrize(("who", "status"), [("alice", 302), ("charlie", 403), ("dora", 403), ("bob", 404)])
def test_who_may_change_an_input(incident, as_staff, who, status):
    address = reverse("money_input", args=[incident.pk, "letter_cost"])
    given = {"shape": "fixed", "value": "1.1", "why": "our printer"}

    assert browser_of(as_staff, who).post(address, given).status_code == status
    assert MoneyChange.objects.count() == (status == 302)


def test_a_stranger_sees_nothing(incident, client):
    for name, more in (("money", []), ("money_input", ["letter_cost"])):
        assert client.get(reverse(name, args=[incident.pk, *more])).status_code in (302, 403)


def test_a_change_counts_is_explained_and_stands_in_the_journal(incident, as_staff):
    alice = browser_of(as_staff, "alice")
    before = _shown(incident, newest(incident))["found"].total

    answer = alice.post(
        reverse("money_input", args=[incident.pk, "wording_cost"]), {"shape": "uniform", "low": "500000", "high": "600000", "why": "an offer"}
    )

    assert answer.status_code == 302
    after = _shown(incident, newest(incident))["found"].total
    assert after.p5 > before.p5 + 400_000
    line = JournalEntry.objects.filter(incident=incident, act="money.changed").get()
    assert (line.what, line.why) == ({"input": "wording_cost", "shape": "uniform", "low": 500000.0, "high": 600000.0}, "an offer")
    text = page_of(alice, incident).content.decode()
    assert "an offer" in text
    assert "Changed for this incident: 1" in text


def test_an_input_goes_back_to_what_is_shipped_and_its_history_stays(incident, as_staff):
    alice = browser_of(as_staff, "alice")
    address = reverse("money_input", args=[incident.pk, "letter_cost"])
    alice.post(address, {"shape": "fixed", "value": "9", "why": "a mistake"})
    alice.post(address, {"shape": "shipped", "why": "it was a mistake"})

    assert newest_changes(incident) == {}
    assert MoneyChange.objects.count() == 2
    page = alice.get(address).content.decode()
    assert "a mistake" in page
    assert "as amanat ships it" in page


@pytest.mark.parametrize(
    ("name", "given", "says"),
    [
        ("letter_cost", {"shape": "fixed", "value": "1"}, "This field is required"),
        ("letter_cost", {"shape": "fixed", "why": "x"}, "This number is needed here."),
        ("letter_cost", {"shape": "triangular", "low": "3", "mode": "2", "high": "4", "why": "x"}, "The numbers must rise"),
        ("letter_cost", {"shape": "lognormal", "low": "0", "high": "4", "why": "x"}, "the lowest must be above 0"),
        ("letter_cost", {"shape": "fixed", "value": "-1", "why": "x"}, "greater than or equal to 0"),
        ("letter_cost", {"shape": "fixed", "value": "inf", "why": "x"}, "Enter a number"),
        ("letter_cost", {"shape": "chance", "value": "0.1", "why": "x"}, "Select a valid choice"),
        ("contact_rate", {"shape": "fixed", "value": "12", "why": "x"}, "lies between 0 and 1"),
        ("fine_chance", {"shape": "chance", "value": "3", "why": "x"}, "lies between 0 and 1"),
    ],
)
def test_numbers_that_cannot_be_are_said_and_nothing_is_kept(incident, as_staff, name, given, says):
    answer = browser_of(as_staff, "alice").post(reverse("money_input", args=[incident.pk, name]), given)

    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert not MoneyChange.objects.exists()


def test_an_input_that_is_none_has_no_page(incident, as_staff):
    assert browser_of(as_staff, "alice").get(reverse("money_input", args=[incident.pk, "moon_phase"])).status_code == 404


def test_a_seriousness_that_a_person_decides_narrows_the_fine(incident, as_staff):
    alice = browser_of(as_staff, "alice")
    answer = alice.post(reverse("money_input", args=[incident.pk, "seriousness"]), {"shape": "low", "why": "late by an hour"})

    assert answer.status_code == 302
    shown = _shown(incident, newest(incident))
    assert all(one.seriousness == ("low",) for one in shown["ranges"])
    assert "late by an hour" in page_of(alice, incident).content.decode()


def test_the_page_counts_persons_as_they_were_counted_and_names_both_maxima(incident, as_staff):
    shown = _shown(incident, newest(incident))
    text = page_of(browser_of(as_staff, "alice"), incident).content.decode()

    assert {one.maximum for one in shown["ranges"]} == {10_000_000, 20_000_000}
    assert "A range, not a forecast." in text
    assert "the data were not encrypted" in text
    assert "€20,000,000" in text
    assert "$10,700 – $79,900" in text.replace("US$", "$")  # statutory damages in California for 100 persons
    assert "The turnover is not known" in text
    assert "Worldwide turnover of the undertaking" in text


def test_the_picture_has_its_table_and_its_name(incident, as_staff):
    text = page_of(browser_of(as_staff, "alice"), incident).content.decode()

    assert re.search(r'<svg[^>]* role="img" aria-label="How likely it is that the loss is more"', text)
    assert text.count('<th scope="row">1%</th>') == 1
    assert text.count('<th scope="row">99%</th>') == 1


@pytest.mark.parametrize(
    ("language", "says"),
    [("fr", ["Combien cela peut-il coûter", "Une fourchette, pas une prévision.", "20 000 000 €"]), ("fa", ["چقدر هزینه", "۲۰٬۰۰۰٬۰۰۰"])],
)
def test_the_page_speaks_the_language_of_its_reader(incident, as_staff, language, says):
    text = page_of(browser_of(as_staff, "alice", language), incident).content.decode()

    for words_there in says:
        assert words_there in text.replace("\u202f", " ").replace("\xa0", " "), words_there


def test_before_anything_is_assessed_the_page_says_what_will_stand_here(db, staff_of, as_staff, now):
    one = respond_actions.declare(title="New", kind="data_breach", by=staff_of("alice"), now=now)

    assert "Nothing has been assessed yet." in page_of(browser_of(as_staff, "alice"), one).content.decode()


def test_the_same_page_twice_shows_the_same_numbers(incident):
    first, second = (_shown(incident, newest(incident))["found"] for _ in range(2))

    assert first == second


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
letter = "{price}"
"""


def with_folder(incident, folder, *, price="1.29 EUR", costs=""):
    (folder / "company.toml").write_text(COMPANY.format(price=price), encoding="utf-8")
    if costs:
        (folder / "costs.toml").write_text(costs, encoding="utf-8")
    incident.folder = str(folder)
    incident.save()


def test_the_companys_own_prices_count_and_say_where_they_come_from(incident, as_staff, tmp_path):
    with_folder(incident, tmp_path, costs='[counsel_rate]\nvalue = 410\nwhy = "contract of 2 May with <b>our</b> counsel"\n')

    shown = _shown(incident, newest(incident))
    text = page_of(browser_of(as_staff, "alice"), incident).content.decode()

    inputs = {entry["one"].id: entry["one"] for _, entries in shown["groups"] for entry in entries}
    assert (inputs["letter_cost"].value, inputs["counsel_rate"].value) == (1.29, 410)
    assert "what one message costs us, as company settings say" in text
    assert "contract of 2 May with &lt;b&gt;our&lt;/b&gt; counsel" in text
    assert "Changed for this incident: 0" in text


def test_what_somebody_enters_counts_before_the_companys_price(incident, as_staff, tmp_path):
    with_folder(incident, tmp_path)
    address = reverse("money_input", args=[incident.pk, "letter_cost"])
    alice = browser_of(as_staff, "alice")

    assert 'value="1.29"' in alice.get(address).content.decode()
    alice.post(address, {"shape": "fixed", "value": "0.9", "why": "an offer"})

    assert 'value="0.9"' in alice.get(address).content.decode()


@pytest.mark.parametrize(
    ("given", "says"), [({"price": "cheap"}, "unit_cost.letter is no amount"), ({"costs": "[counsel_rate]\nvalue = 1\n"}, "counsel_rate")]
)
def test_costs_that_cannot_be_read_are_said_and_the_shipped_ones_stand(incident, as_staff, tmp_path, given, says):
    with_folder(incident, tmp_path, **given)

    answer = page_of(browser_of(as_staff, "alice"), incident)

    assert answer.status_code == 200
    text = answer.content.decode()
    assert "The company&#x27;s own costs could not be read" in text or "The company's own costs could not be read" in text
    assert says in text


def test_every_input_and_part_has_words():
    with translation.override("en"):
        assert {name: str(words.INPUTS[name]) for name in shipped()} == {name: one.says for name, one in shipped().items()}
    assert {one.unit for one in shipped().values()} == set(words.UNITS)
    assert set(words.PARTS) == set(COMPONENTS)
    assert set(words.GROUPS) == set(GROUPS)


def test_a_change_without_a_reason_is_refused_by_the_action_too(incident):
    alice = Staff.objects.get(email="alice@example.org")
    with pytest.raises(AssertionError):
        change(incident, "letter_cost", shape="fixed", numbers={"value": 1.0, "low": None, "mode": None, "high": None}, why="", by=alice)


def newest(incident):
    from amanat.web.assess import queries

    assert timezone.now()
    return queries.newest(incident)
