"""Letters of one household share an envelope where the company chose so: each a letter of its own, never mixed, counted as one that is paid for."""

import csv
from dataclasses import replace
from decimal import Decimal

import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from amanat import notify
from amanat.notify.__main__ import VERB
from amanat.notify.approve import NotApproved
from amanat.notify.household import MOST, households
from amanat.notify.plan import read_plan, write_plan
from tests.notify.delivery_world import KEY, Sink, a_company, a_contact, a_notice, a_server, an_approval, deliver, duties_for, exposures_for
from tests.notify.test_verify_codes import COMPANY as COMPANY_TOML

COMPANY = a_company(one_envelope_per_household=True, unit_cost={"letter": "1.50 EUR"})
HOME = "2 Example Street, London"


def lives(id, name, address=HOME, **more):
    return a_contact(id, name, emails=(), address=address, **more)


FAMILY = [lives("1", "Sara Karimi"), lives("2", "Omar Karimi", "2 example  street,london"), lives("3", "Leila Karimi", minor=True)]


def a_plan(contacts, company=COMPANY):
    return notify.plan(duties_for(contacts), contacts, [a_notice()], company, facts={}, key=KEY)


def shared(plan) -> list[set[str]]:
    """Who shares an envelope with whom."""
    person = dict(zip(plan.sendings["sending_id"].to_pylist(), plan.sendings["person_id"].to_pylist(), strict=True))
    found: dict[str, set[str]] = {}
    for row in plan.envelopes.to_pylist():
        found.setdefault(row["envelope"], set()).add(person[row["sending_id"]])
    assert all(row["n_letters"] == len(found[row["envelope"]]) for row in plan.envelopes.to_pylist())
    return sorted(found.values(), key=min)


def test_a_family_under_one_address_shares_an_envelope_only_where_the_company_chose_so():
    assert shared(a_plan(FAMILY)) == [{"1", "2", "3"}]
    assert shared(a_plan(FAMILY, a_company())) == []
    assert a_plan(FAMILY).sendings.num_rows == 3  # each still gets a letter of their own


@pytest.mark.parametrize(
    "other",
    [
        lives("2", "Omar Rahimi"),
        lives("2", "Omar Karimi", "3 Example Street, London"),
        lives("2", "Omar Karimi", residence="GB"),
        lives("2", "Omar Karimi", deceased=True),
        lives("2", None),
        a_contact("2", "Omar Karimi", address=HOME),  # an e-mail comes first
    ],
)
def test_whoever_is_of_another_name_or_home_or_has_died_gets_an_envelope_alone(other):
    assert shared(a_plan([FAMILY[0], other])) == []


@pytest.mark.parametrize(
    ("one", "other", "are_one"),
    [
        ("John Smith Jr.", "Mark Brown Jr.", False),
        ("DUPONT Jean", "MARTIN Jean", False),
        ("DUPONT Jean", "Marie DUPONT", True),
        ("Dupont, Jean", "Martin, Jean", False),
        ("Karimi، Sara", "Omar Karimi", True),
        ("J. R. Karimi", "Sara KARIMI II", True),
    ],
)
def test_a_family_name_is_read_as_registers_write_it(one, other, are_one):
    assert shared(a_plan([lives("1", one), lives("2", other)])) == ([{"1", "2"}] if are_one else [])


def test_a_child_of_another_name_belongs_to_the_only_family_there_and_to_none_where_there_are_two():
    child = lives("3", "Leila Rahimi", minor=True)
    assert shared(a_plan([FAMILY[0], child])) == [{"1", "3"}]
    assert shared(a_plan([FAMILY[0], lives("2", "Omar Ali"), child])) == []


def test_a_house_full_of_one_name_is_no_household():
    many = [lives(str(n), f"Guest{n} Karimi") for n in range(MOST + 1)]
    assert shared(a_plan(many)) == []
    assert len(shared(a_plan(many[:-1]))[0]) == MOST


@given(st.lists(st.tuples(st.sampled_from([b"a", b"b", b"c"]), st.booleans()), max_size=12))
def test_no_letter_lies_in_two_envelopes_and_no_two_adults_of_different_names_in_one(seen):
    letters = [(str(n), family, is_minor) for n, (family, is_minor) in enumerate(seen)]
    found = households(letters)
    inside = [one for some in found for one in some]
    assert len(inside) == len(set(inside))
    for some in found:
        assert len({family for one, family, is_minor in letters if one in some and not is_minor}) <= 1


def test_what_is_paid_for_is_envelopes():
    contacts = [*FAMILY, lives("4", "Mia Ali", "9 Other Road, London")]
    found = notify.dry_run(a_plan(contacts), contacts, [a_notice()], COMPANY)
    [letters] = found.channels
    assert (letters.n, letters.n_units, letters.price.amount, found.n_shared_envelope) == (4, 2, Decimal("3.00"), 3)


def test_both_signatures_cover_who_shares_an_envelope():
    plan = a_plan(FAMILY)
    approval = an_approval(plan)
    with pytest.raises(NotApproved, match="the list of recipients has changed"):
        apart = replace(plan, envelopes=plan.envelopes.slice(0, 0))
        notify.check_approval(approval, incident_id="hotel", notices=[a_notice()], plan=apart, company=a_company())


def test_the_print_house_reads_which_letters_go_together(tmp_path):
    contacts = [*FAMILY, lives("4", "Mia Ali", "9 Other Road, London")]
    write_plan(a_plan(contacts), tmp_path)
    plan = read_plan(tmp_path)
    with a_server(Sink()) as url:
        deliver(tmp_path, contacts, plan, url)
        deliver(tmp_path, contacts, plan, url)  # once more changes nothing

    rows = sorted(csv.DictReader((tmp_path / "letters" / "manifest.csv").open()), key=lambda row: row["person_id"])
    assert [(row["person_id"], row["letters_in_envelope"]) for row in rows] == [("1", "3"), ("2", "3"), ("3", "3"), ("4", "1")]
    assert len({row["envelope"] for row in rows[:3]}) == 1 and rows[0]["envelope"] and rows[3]["envelope"] == ""
    assert len({row["file"] for row in rows}) == 4


def test_the_plan_that_is_signed_says_so(tmp_path, capsys):
    write_plan(a_plan(FAMILY), tmp_path)
    (tmp_path / "company.toml").write_text(COMPANY_TOML)
    (tmp_path / "case.key").write_text(KEY.hex())
    (tmp_path / "facts.toml").write_text("")
    notify.write_notices([a_notice()], tmp_path)
    pq.write_table(exposures_for(FAMILY), tmp_path / "exposures.parquet")
    assert VERB.main(["plan", str(tmp_path)]) == 0
    assert "3 letters share one envelope: whoever" in capsys.readouterr().out


def test_a_manifest_from_before_is_continued(tmp_path):
    folder = tmp_path / "letters"
    folder.mkdir()
    (folder / "manifest.csv").write_text("person_id,file,pages\r\n9,old.pdf,2\r\n")
    with a_server(Sink()) as url:
        deliver(tmp_path, FAMILY, a_plan(FAMILY), url)
    rows = sorted(csv.DictReader((folder / "manifest.csv").open()), key=lambda row: row["person_id"])
    assert [(row["person_id"], row["letters_in_envelope"]) for row in rows] == [("1", "3"), ("2", "3"), ("3", "3"), ("9", "1")]
