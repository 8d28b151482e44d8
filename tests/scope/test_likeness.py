"""Persons whom no key names are found by likeness: of names in any script, of birth dates and of addresses."""

import csv
import io
from datetime import date

import numpy as np
import pytest

from amanat.scope.finder import Finder
from amanat.scope.likeness import _day_parts_apart, packed_day
from amanat.scope.people import read_people
from amanat.scope.read import Batch
from amanat.scope.record import FIELD
from amanat.scope.register import open_register
from amanat.scope.scan import records_of
from amanat.scope.sound_distance import nearness_of
from amanat.scope.unsettled import reasons_column
from tests.scope import labelled

NOW = date(2026, 11, 22)
KEY = bytes(range(32))
FIELDS = ("given_name", "family_name", "birth_date", "address")


def register_of(persons, tmp_path):
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["person_id", *FIELDS, "email"])
    for p in persons:
        writer.writerow([p.id, p.given[0], p.family[0], p.born.isoformat(), p.address(), f"{p.id.lower()}@example.org"])
    path = tmp_path / "register.csv"
    path.write_text(out.getvalue(), encoding="utf-8")
    return read_people(open_register(path), KEY, now=NOW)


def judged(people, rows, fields=FIELDS):
    """For each row whom it is about: ids for sure, ids for review, and the reasons of likeness."""
    finder = Finder(people, KEY, now=NOW)
    batch = records_of([FIELD.join(row) for row in rows], [FIELD.join(fields)] * len(rows))
    result = finder.judge(Batch(0, "a.csv", batch, 0))
    ids = people.ids.to_pylist()
    sure, review, why = [], [], [{} for _ in rows]
    for n in range(len(rows)):
        p = result.persons
        sure.append({ids[i] for i in p.sure[p.sure_from[n] : p.sure_from[n + 1]]})
        review.append({ids[i] for i in p.review[p.review_from[n] : p.review_from[n + 1]]})
    for record, person, reasons in zip(result.links.record, result.links.person, reasons_column(result.links.why).to_pylist(), strict=True):
        why[record][ids[person]] = set(reasons)
    return sure, review, why


@pytest.fixture
def people(tmp_path):
    path = tmp_path / "register.csv"
    path.write_text(
        "person_id,name,birth_date,address,phone\n"
        'P-1,Mohammad Reza Ahmadi,1985-03-12,"12 rue des Lilas, 75001 Paris",+33 1 99 00 12 34\n'
        'P-2,شیرین قاسمی,1990-07-01,"تهران، خیابان ولیعصر ۱۲",+98 912 345 6789\n'
        'P-3,Stéphane Lefèvre,1970-11-30,"3 rue du Port, 33000 Bordeaux",+33 1 99 00 56 78\n'
        'P-4,Élise Lefèvre,1972-02-03,"3 rue du Port, 33000 Bordeaux",+33 1 99 00 56 78\n',
        encoding="utf-8",
    )
    return read_people(open_register(path), KEY, now=NOW)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("محمد", "mohammad"),
        ("محمد", "mohamed"),
        ("رضایی", "rezayi"),
        ("رضایی", "rezaee"),
        ("شیرین", "chirine"),
        ("قاسمی", "qasemi"),
        ("قاسمی", "ghassemi"),
        ("یوسف", "youssef"),
        ("خسروی", "khosravi"),
        ("علی", "aly"),
        ("سارا", "sarah"),
        ("djavad", "javad"),
        ("meyer", "maier"),
        ("schmidt", "schmitt"),
    ],
)
def test_one_name_in_several_spellings_is_one_name(first, second):
    assert nearness_of(first, second) == 3 and nearness_of(second, first) == 3


@pytest.mark.parametrize(("first", "second"), [("hassan", "hossein"), ("حسن", "حسین"), ("mario", "maria"), ("jean", "jeanne"), ("paul", "paula")])
def test_names_of_brothers_and_sisters_are_not_the_same(first, second):
    assert nearness_of(first, second) < 3


@pytest.mark.parametrize(("first", "second"), [("ahmadi", "karimi"), ("moradi", "nazari"), ("smith", "taylor"), ("مرادی", "ahmadi"), ("ali", "reza")])
def test_other_names_are_other_names(first, second):
    assert nearness_of(first, second) == 0


def test_days_differ_in_nothing_in_one_part_or_in_more():
    day = packed_day(date(1985, 3, 12))
    apart = [_day_parts_apart(day, packed_day(date(*other))) for other in ((1985, 3, 12), (1985, 12, 3), (1986, 3, 12), (1985, 3, 21), (1986, 4, 12))]
    assert apart == [0, 1, 1, 1, 2]


def test_a_name_in_another_script_with_the_birth_date_is_the_person(people):
    sure, _, why = judged(people, [("Chirine", "Ghassemi", "01/07/1990", ""), ("محمدرضا", "احمدی", "1985-03-12", "")])
    assert sure == [{"P-2"}, {"P-1"}]
    assert why[0]["P-2"] == {"name_sounds_alike", "birth_date"}


def test_a_misspelled_name_with_a_key_that_two_share_is_told_apart_by_the_name(people):
    sure, review, _ = judged(people, [("Stephan", "Lefevr", "+33199005678")], ("given_name", "family_name", "phone"))
    assert sure == [{"P-3"}] and review == [set()]


def test_a_family_name_at_the_same_address_is_not_yet_a_person(people):
    sure, review, _ = judged(people, [("Paul", "Lefèvre", "", "3 rue du Port, 33000 Bordeaux")])
    assert sure == [set()] and review[0] <= {"P-3", "P-4"}


def test_father_and_son_of_one_name_in_one_home_are_told_apart_by_the_birth_date(people):
    sure, review, _ = judged(people, [("Stéphane", "Lefèvre", "2004-05-06", "3 rue du Port, 33000 Bordeaux")])
    assert sure == [set()] and review == [{"P-3"}]


def test_a_name_alone_is_never_sure_however_rare(people):
    sure, review, _ = judged(people, [("Mohamad Reza", "Ahmady", "", "")])
    assert sure == [set()] and review == [{"P-1"}]


def test_labelled_records_are_found_as_well_as_the_manual_says(tmp_path):
    """The figures of docs/explanation/scope.md, on records of typists, relatives, twins and namesakes."""
    register, records = labelled.make(6000, 6000, seed=7)
    people = register_of(register, tmp_path)
    sure, review, _ = judged(people, [(r.given, r.family, r.born, r.address) for r in records])

    n_sure = sum(len(each) for each in sure)
    n_right = sum(r.whose in found for r, found in zip(records, sure, strict=True))
    whose = [n for n, r in enumerate(records) if r.whose]
    n_found = sum(records[n].whose in sure[n] | review[n] for n in whose)
    assert n_right / n_sure >= 0.998
    assert n_right / len(whose) >= 0.85
    assert n_found / len(whose) >= 0.985
    assert sum(len(each) for each in review) <= 0.2 * len(records)


def test_the_order_of_persons_and_records_does_not_matter(tmp_path):
    register, records = labelled.make(800, 600, seed=3)
    rows = [(r.given, r.family, r.born, r.address) for r in records]
    sure, review, _ = judged(register_of(register, tmp_path), rows)
    turned = np.random.default_rng(0).permutation(len(rows))
    sure_again, review_again, _ = judged(register_of(register[::-1], tmp_path), [rows[n] for n in turned])
    assert [sure[n] for n in turned] == sure_again and [review[n] for n in turned] == review_again


def test_what_is_compared_does_not_print_itself(people):
    assert repr(people) == "<4 people>"
    assert not any(word in repr(Finder(people, KEY, now=NOW).__dict__) for word in ("ahmadi", "Ahmadi", "lefevre", "Paris", "قاسمی"))
