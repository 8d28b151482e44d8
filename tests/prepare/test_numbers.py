"""Every invented number is right by checksum, and lies in the range that its module documents."""

import re

import numpy as np
import pytest
import stdnum.br.cpf
import stdnum.de.idnr
import stdnum.fr.nir
import stdnum.iban
import stdnum.luhn
import stdnum.us.ssn
from hypothesis import given, settings
from hypothesis import strategies as st
from stdnum.iso7064 import mod_11_10, mod_97_10

from amanat.prepare import numbers
from amanat.prepare.draw import OUTSIDERS_FROM, Draw

DRAW = Draw(7, np.arange(5000))


def test_french_numbers_are_valid_and_name_a_commune_that_does_not_exist():
    female, years, months = DRAW.below("f", 2), 1940 + DRAW.below("y", 80), 1 + DRAW.below("m", 12)
    for nir, sex, year, month in zip(
        numbers.fr_nir(DRAW, is_female=female, birth_year=years, birth_month=months).to_pylist(), female, years, months, strict=True
    ):
        assert stdnum.fr.nir.is_valid(nir)
        assert nir[0] == ("2" if sex else "1") and nir[1:3] == f"{year % 100:02}" and nir[3:5] == f"{month:02}"
        assert 950 <= int(nir[7:10]) <= 989


def test_iranian_numbers_carry_their_check_digit():
    # Judge: the sum of the digits times 10 to 2, modulo 11; 0 and 1 stand as they are, all others as 11 minus the rest.
    for number in numbers.ir_national_number(DRAW).to_pylist():
        rest = sum(int(d) * (10 - i) for i, d in enumerate(number[:9])) % 11
        assert int(number[9]) == (rest if rest < 2 else 11 - rest)
        assert 990 <= int(number[:3]) <= 998


def test_us_numbers_pass_validators_and_come_from_areas_not_issued_before_2011():
    for ssn in numbers.us_ssn(DRAW).to_pylist():
        assert stdnum.us.ssn.is_valid(ssn)
        assert 773 <= int(ssn[:3]) <= 899


def test_british_numbers_have_a_permitted_prefix():
    for nino in numbers.uk_nino(DRAW).to_pylist():
        assert re.fullmatch(r"(?!BG|GB|KN|NK|NT|TN|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z]\d{6}[A-D]", nino)


def test_brazilian_numbers_are_valid():
    assert all(stdnum.br.cpf.is_valid(cpf) for cpf in numbers.br_cpf(DRAW).to_pylist())


def test_german_numbers_are_of_the_test_range_which_stdnum_refuses_for_its_leading_zero_only():
    for number in numbers.de_idnr(DRAW).to_pylist():
        assert number[0] == "0" and not stdnum.de.idnr.is_valid(number)
        assert mod_11_10.is_valid(number)
        assert sorted(number[:10].count(d) for d in set(number[:10])) == [1] * 8 + [2]


def test_cards_are_valid_and_begin_as_published_test_cards_do():
    for card in numbers.card(DRAW).to_pylist():
        assert stdnum.luhn.is_valid(card)
        assert card[:6] in {"400000", "411111", "555555", "222300", "378282"}
        assert len(card) == (15 if card.startswith("37") else 16)


BANKS = {"FR": "99999", "DE": "9", "GB": "ZZZZ0000", "ES": "9999", "CH": "99999", "IR": "999"}


@pytest.mark.parametrize("country", numbers.IBAN_COUNTRIES)
def test_accounts_are_valid_at_a_bank_that_does_not_exist(country):
    for iban in numbers.iban(DRAW, country).to_pylist():
        assert mod_97_10.is_valid(iban[4:] + iban[:4])
        assert iban[4:].startswith(BANKS[country])
        if country == "IR":
            assert len(iban) == 26  # Iran is not in stdnum's registry
        else:
            assert stdnum.iban.is_valid(iban)


def test_internet_addresses_are_those_of_documentation():
    for ip in numbers.ip(DRAW).to_pylist():
        assert ip.startswith(("192.0.2.", "198.51.100.", "203.0.113.", "2001:db8:"))


@settings(deadline=None, max_examples=40)
@given(seed=st.integers(0, 2**63), first=st.integers(0, 10**7))
def test_checksums_hold_for_every_seed_and_person(seed, first):
    draw = Draw(seed, np.arange(first, first + 20))

    assert all(stdnum.br.cpf.is_valid(n) for n in numbers.br_cpf(draw).to_pylist())
    assert all(stdnum.us.ssn.is_valid(n) for n in numbers.us_ssn(draw).to_pylist())
    assert all(stdnum.luhn.is_valid(n) for n in numbers.card(draw).to_pylist())
    assert all(mod_11_10.is_valid(n) for n in numbers.de_idnr(draw).to_pylist())
    assert all(stdnum.iban.is_valid(n) for country in ("FR", "DE", "GB", "ES", "CH") for n in numbers.iban(draw, country).to_pylist())


@settings(deadline=None, max_examples=20)
@given(seed=st.integers(0, 2**63), size=st.integers(3000, 10**9))
def test_unique_draws_never_meet(seed, size):
    # 2000 register persons and 500 outsiders, fewer than there are numbers.
    index = np.concatenate([np.arange(2000), OUTSIDERS_FROM + np.arange(500)])
    assert len(set(Draw(seed, index).unique("x", size).tolist())) == 2500
