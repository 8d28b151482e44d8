"""Numbers with a shape: the scan against regular expressions and plain sums, and those against python-stdnum."""

import importlib
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from amanat.scope.candidate import HEADED
from amanat.scope.check_digits import Sum, less, parts_of, rest, skips_of
from amanat.scope.identifier import BELIEF_MIN, BadIdentifier, Identifier, identifiers
from amanat.scope.scan import Scanner, best_of, records_of
from amanat.scope.tables import compile_tables
from tests.scope.slow_numbers import compact, fits

NOW = date(2026, 11, 22)
SCANNER = Scanner(bytes(16), now=NOW)
NUMBERS = {name: member for name, member in identifiers().items() if member.form == "compact"}

# Where python-stdnum and we ask different questions, and why.
DIFFER = {
    "ar_cuit": "stdnum also knows the types of companies",
    "ar_dni": "stdnum takes a zero in front",
    "at_svnr": "stdnum does not look at the day",
    "at_tin": "stdnum has a list of tax offices, which changes",
    "be_nn": "stdnum takes numbers without a day, and asks what day it is",
    "cl_rut": "stdnum takes a zero in front of seven digits",
    "cn_ric": "stdnum has a list of places, which changes",
    "co_nit": "stdnum takes other lengths and a zero in front",
    "cr_cpf": "stdnum takes a zero in front",
    "cy_tin": "stdnum knows other first digits",
    "cz_rc": "stdnum allows more than twenty months to be added twice, and refuses some years",
    "dk_cpr": "stdnum asks for the century that the seventh digit says",
    "es_dni": "stdnum wants the zero in front that people leave out",
    "fi_hetu": "stdnum wants the sign of the century, which is a separator here",
    "imsi": "stdnum has a list of networks, which changes",
    "is_kt": "stdnum also takes organisations",
    "it_cf": "stdnum asks for a day",
    "ke_pin": "stdnum also takes companies",
    "lt_ak": "stdnum also knows later centuries",
    "lv_pk": "stdnum also takes organisations and asks for a day",
    "md_idnp": "stdnum also takes organisations",
    "mx_curp": "stdnum has lists of states and of words",
    "mx_rfc": "stdnum also takes companies",
    "my_nric": "stdnum has a list of places, which changes",
    "nz_ird": "stdnum takes a zero in front",
    "pk_cnic": "stdnum wants an odd or even digit for the sex",
    "pl_nip": "stdnum takes a zero in front",
    "pt_nif": "stdnum takes other first digits",
    "py_ci": "stdnum takes other lengths",
    "ro_cnp": "stdnum has a list of counties",
    "rs_jmbg": "the region of Slovenia is an identifier of its own",
    "se_pnr": "stdnum takes any century",
    "si_emso": "the other regions are an identifier of their own",
    "th_pin": "stdnum takes provinces that there are not",
    "us_itin": "stdnum does not know the groups that were added later",
    "us_routing": "stdnum takes beginnings that are not given out",
    "za_id": "stdnum does not know the numbers of refugees",
    "no_fnr": "stdnum asks for the century that the number says",
}
AGREE = [name for name, member in NUMBERS.items() if member.stdnum and name not in DIFFER]


def _values(name: str) -> list[str]:
    """The values in an identifier's own examples, as they stand there."""
    values = []
    for example in NUMBERS[name].examples:
        found = SCANNER.scan(records_of([example]))
        values += [example[s:e] for i, s, e in zip(found.identifier, found.start, found.end, strict=True) if SCANNER.names[i] == name]
    return values


VALUES = {name: _values(name) for name in NUMBERS}


def _changed(text: str, edits: list[tuple[int, int]]) -> str:
    """The text with some of its digits and letters changed for others of their sort."""
    for place, other in edits:
        at = place % len(text)
        if text[at].isdigit():
            text = text[:at] + str(other % 10) + text[at + 1 :]
        elif text[at].isalpha():
            letter = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"[other % 26]
            text = text[:at] + (letter if text[at].isupper() else letter.lower()) + text[at + 1 :]
    return text


EDITS = st.lists(st.tuples(st.integers(0, 99), st.integers(0, 259)), max_size=3)


def _is_found(name: str, text: str) -> bool:
    """Whether the scan, in a field of that name, takes the whole text for the identifier."""
    found = SCANNER.scan(records_of([text], [NUMBERS[name].headers[0].lstrip("=")]))
    whole = (found.start == 0) & (found.end == len(text)) & ((found.flags & HEADED) != 0)
    return SCANNER.names.index(name) in found.identifier[whole]


@settings(deadline=None, max_examples=1500)
@given(st.sampled_from(sorted(NUMBERS)), st.integers(0, 9), EDITS)
def test_the_scan_takes_for_a_number_what_its_shape_and_plain_sums_allow(name, which, edits):
    text = _changed(VALUES[name][which % len(VALUES[name])], edits)
    assert _is_found(name, text) == fits(NUMBERS[name], compact(text)), (name, text)


@settings(deadline=None, max_examples=1500)
@given(st.sampled_from(AGREE), st.integers(0, 9), EDITS)
def test_python_stdnum_says_the_same_where_we_ask_the_same(name, which, edits):
    number = compact(_changed(VALUES[name][which % len(VALUES[name])], edits))
    judge = importlib.import_module(f"stdnum.{NUMBERS[name].stdnum}")
    if len(set(number)) > 1:  # a number of one digit repeated is a placeholder to us
        assert fits(NUMBERS[name], number) == judge.is_valid(number), (name, number)


@pytest.mark.parametrize("name", sorted(name for name, member in identifiers().items() if member.stdnum and member.form == "compact"))
def test_every_judge_that_is_named_knows_a_value_of_our_examples(name):
    judge = importlib.import_module(f"stdnum.{NUMBERS[name].stdnum}")
    assert any(judge.is_valid(value) or judge.is_valid(compact(value)) for value in VALUES[name])


def test_every_number_has_a_value_among_its_examples():
    assert [name for name, values in VALUES.items() if not values] == []


def test_there_are_as_many_countries_as_the_manual_says():
    countries = {name.split("_")[0] for name, member in identifiers().items() if len(name.split("_")[0]) == 2 and member.form == "compact"}
    assert len(identifiers()) >= 90 and len(countries) >= 40


def test_a_sum_says_its_check_character():
    # 3×1 + 1×2 + 3×3 = 14; 14 mod 10 is 4.
    one = Sum(weights=(3, 1, 3, 0), modulus=10, gives=rest(10))
    parts = parts_of(one, 4)
    assert parts[3, 1] + parts[2, 2] + parts[1, 3] == 14
    assert less(11, "X")[1] == "X" and rest(11)[10] == "-"


def test_a_sum_that_fits_answers_for_those_that_would_have_been_asked_in_its_place():
    first = Sum(weights=(1, 0), modulus=11, gives=rest(11, ">"))
    assert skips_of((first, first, Sum(weights=(1, 0), modulus=11, gives=rest(11)))) == [3, 2, 1]


def test_a_sum_over_more_characters_than_there_is_room_for_says_so():
    member = Identifier(kind="", source="s", patterns=(r"\d{30}",), sums=(Sum(weights=(1,) * 30, modulus=7),), examples=(), not_examples=())
    with pytest.raises(BadIdentifier, match="at most 24 characters"):
        compile_tables({"long": member})


WEAK = [name for name, member in NUMBERS.items() if member.belief < BELIEF_MIN]


@settings(deadline=None, max_examples=300)
@given(st.lists(st.integers(10**6, 10**16), min_size=5, max_size=60))
def test_numbers_that_nothing_speaks_of_are_no_findings_of_a_weak_shape(numbers):
    found = SCANNER.scan(records_of([", ".join(map(str, numbers))]))
    stands = best_of(found) & (found.belief >= BELIEF_MIN)
    assert {SCANNER.names[i] for i in found.identifier[stands]} & set(WEAK) == set()
