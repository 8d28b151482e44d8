"""Days, telephones and accounts in the spellings of people."""

import numpy as np
import pytest

from amanat.prepare import spellings
from amanat.prepare.column import join, pick
from amanat.prepare.persons import blocks
from amanat.prepare.places import CODES


@pytest.fixture(scope="module")
def block():
    return next(blocks(2048, 3, size=2048))


def test_iranian_days_are_those_of_the_official_calendar(block):
    # Nowruz of 1370, 1399 and 1403, the last day of the leap year 1403, and an ordinary day (calendar of the University of Tehran).
    known = {
        "1991-03-21": "1370/01/01",
        "2020-03-20": "1399/01/01",
        "2024-03-20": "1403/01/01",
        "2025-03-20": "1403/12/30",
        "2026-11-13": "1405/08/22",
    }
    few = block.at(np.arange(len(known)))
    few.birth_date = np.array(list(known), dtype="datetime64[D]")

    assert spellings.day(few, "jalali").to_pylist() == list(known.values())


def test_a_telephone_number_keeps_its_digits_in_every_spelling(block):
    for number, spelled, place in zip(block.phone.to_pylist(), spellings.phone(block, "test").to_pylist(), block.place, strict=True):
        if number is None:
            assert spelled is None
            continue
        code = 2 if CODES[place].startswith(("US", "CA")) else 3
        assert "".join(c for c in spelled if c.isdigit()).endswith(number[code:])


def test_persian_digits_are_digits_of_the_same_number(block):
    iran = block.take(block.is_in("IR"))
    spelled = spellings.phone(iran, "test", persian_digits=True).to_pylist()

    assert any("۹" in s for s in spelled if s)
    assert all(str(int("".join(c for c in s if c.isdigit()))).endswith(p[3:]) for p, s in zip(iran.phone.to_pylist(), spelled, strict=True) if p)


def test_accounts_in_groups_are_the_same_accounts(block):
    for whole, spelled in zip(block.iban.to_pylist(), spellings.iban(block, "test").to_pylist(), strict=True):
        assert whole == (spelled and spelled.replace(" ", "").upper())


def test_a_slip_changes_two_neighbouring_letters():
    column = pick(["sara@example.org", "reza@example.org"], np.array([0, 1]))

    assert spellings.slip(column, np.array([True, False])).to_pylist() == ["saar@example.org", "reza@example.org"]


def test_values_are_escaped_for_the_file_they_stand_in():
    column = join(pick(['a "b"', "c\\d", "e'f"], np.arange(3)), "")

    assert spellings.with_quotes(column).to_pylist() == ['"a ""b"""', '"c\\d"', '"e\'f"']
    assert spellings.in_sql(column).to_pylist() == ["'a \"b\"'", "'c\\\\d'", "'e\\'f'"]
    assert spellings.in_json(column).to_pylist() == ['"a \\"b\\""', '"c\\\\d"', '"e\'f"']
