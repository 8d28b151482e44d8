"""The invented guests: stable, plausible, and reachable at nobody's address."""

import re

import numpy as np
import pyarrow as pa
import pytest

from amanat.prepare.persons import blocks
from amanat.prepare.register import register_table
from amanat.terms.places import is_place
from amanat.terms.register import COLUMNS


@pytest.fixture(scope="module")
def rows():
    return register_table(next(blocks(8192, 1, size=8192))).to_pylist()


def test_the_size_of_a_block_does_not_change_the_persons():
    whole = pa.concat_tables([register_table(b) for b in blocks(5000, 1, size=8192)])
    pieces = pa.concat_tables([register_table(b) for b in blocks(5000, 1, size=512)])

    assert whole.combine_chunks().equals(pieces.combine_chunks())


def test_another_seed_invents_other_persons():
    one, two = (register_table(next(blocks(512, seed, size=512)))["name"].to_pylist() for seed in (1, 2))

    assert one != two


def test_the_register_has_the_columns_of_the_contract(rows):
    # All but what is known of earlier names and addresses, of several registers, and of several controllers: practice guests have none.
    extra = ("former_name", "former_email", "former_phone", "former_address", "valid_from", "valid_until", "controller")
    assert list(rows[0]) == [name for name in COLUMNS if name not in extra]


def test_every_address_is_of_a_reserved_domain(rows):
    emails = [e for row in rows if row["email"] for e in row["email"].split(";")]

    assert all(re.fullmatch(r"[a-z0-9._]+@(example\.(org|com|net)|[a-z]+\.example)", e) for e in emails)
    assert any(";" in (row["email"] or "") for row in rows)
    assert any(";" in (row["phone"] or "") for row in rows)


def test_residence_is_a_known_place_and_all_nine_main_places_are_there(rows):
    assert all(is_place(row["residence"]) for row in rows)
    assert {"FR", "DE", "GB", "IR", "US-CA", "US-NY", "US-TX", "CA-QC", "BR"} <= {row["residence"] for row in rows}


def test_there_are_a_few_minors_dead_persons_and_declared_needs(rows):
    for column, test in (("minor", "true"), ("deceased", "true")):
        assert 0.002 < sum(row[column] == test for row in rows) / len(rows) < 0.06
    assert 0.01 < sum(row["needs"] is not None for row in rows) / len(rows) < 0.06


def test_minors_are_under_eighteen_and_others_are_not(rows):
    for row in rows:
        assert (row["birth_date"] > "2008-11-01") == (row["minor"] == "true")


def test_nobody_shares_a_number_of_a_person_with_another(rows):
    for column in ("person_id", "loyalty_id", "card", "iban", "national_id"):
        values = [row[column] for row in rows if row[column]]
        assert len(set(values)) == len(values), column


def test_households_share_a_telephone_and_a_home():
    block = next(blocks(4096, 1, size=4096))
    phones = [p for p in block.phone.to_pylist() if p]
    assert 0.03 < 1 - len(set(phones)) / len(phones) < 0.15


def test_no_outsider_stands_between_the_two_of_a_household():
    block = next(blocks(4096, 1, size=4096))

    assert block.is_outsider.sum() == 4096 // 34
    assert (block.position[block.is_outsider] % 2 == 1).all()


def test_names_of_iranians_in_iran_are_written_in_persian(rows):
    iranians = [row for row in rows if row["residence"] == "IR"]
    assert all(re.fullmatch(r"[\u0600-\u06ff\u200c ]+", row["name"]) for row in iranians)
    assert any("\u200c" in row["name"] for row in iranians)


def test_some_persons_read_languages_for_which_there_is_no_notice(rows):
    assert {"de", "pt", "es"} <= {row["language"] for row in rows}
    assert np.isin(["fr", "en", "fa"], [row["language"] for row in rows]).all()


def test_some_outsiders_have_the_name_of_somebody_in_the_register():
    block = next(blocks(8192, 1, size=8192))
    names = np.array(block.name.to_pylist())

    assert set(names[block.is_outsider]) & set(names[~block.is_outsider])
