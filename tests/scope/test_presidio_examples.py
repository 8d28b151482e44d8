"""Somebody else's examples: what Microsoft Presidio's own tests want its recognisers to find and to leave."""

import json
from collections import Counter
from functools import cache
from pathlib import Path

from tests.scope.judged_elsewhere import OTHERWISE, SAME, right_of, wrong_of

FILE = Path(__file__).parent / "presidio" / "examples.json"  # MIT licence, see beside it


@cache
def examples() -> tuple[dict[str, object], ...]:
    return tuple(json.loads(FILE.read_text(encoding="utf-8")))


def test_counter_examples_of_others_are_left_alone_in_free_text():
    counts = sum(right_of(examples(), in_field=False).values(), Counter())
    print(f"\ncounter-examples right: {counts['counter right']} of {counts['counter']}")
    assert counts["counter right"] >= 0.995 * counts["counter"]


def test_examples_of_others_are_found_in_a_field_that_says_what_it_holds():
    decided = [example for example in examples() if example["text"] not in OTHERWISE]
    every, counts = (sum(right_of(which, in_field=True).values(), Counter()) for which in (examples(), decided))
    print(f"\nexamples right: {every['examples right']} of {every['examples']}; without those decided otherwise {counts['examples right']}")
    assert every["examples right"] >= 0.975 * every["examples"]
    assert counts["examples right"] == counts["examples"]


def test_every_decision_against_an_example_is_still_one():
    wrong = {text for in_field in (False, True) for text in wrong_of(examples(), in_field=in_field)}
    assert set(OTHERWISE) <= wrong


def test_every_recogniser_of_a_person_s_data_has_an_identifier_of_ours():
    files = {str(example["file"]) for example in examples()}
    # Organisations, places and links are no data of a person by themselves, and dates alone are nobody's birth.
    others = {
        "test_au_abn_recognizer.py",
        "test_au_acn_recognizer.py",
        "test_date_recognizer.py",
        "test_de_bsnr_recognizer.py",
        "test_de_handelsregister_recognizer.py",
        "test_de_plz_recognizer.py",
        "test_de_vat_id_recognizer.py",
        "test_in_gstin_recognizer.py",
        "test_it_vat_code_recognizer.py",
        "test_kr_brn_recognizer.py",
        "test_se_organisationsnummer_recognizer.py",
        "test_sg_uen_recognizer.py",
        "test_uk_postcode_recognizer.py",
        "test_url_recognizer.py",
    }
    assert files - others == set(SAME)
