"""The practice hospital and the practice shop: the same promises as the hotel's, with other data."""

import csv
import hashlib
import json
import re
import tomllib
import zlib
from datetime import datetime
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest
from stdnum.gb import nhs

from amanat import prepare
from amanat.lib.errors import Fixable
from amanat.lib.progress import silent
from amanat.prepare import numbers
from amanat.prepare.company import make
from amanat.prepare.diagnoses import DIAGNOSES
from amanat.prepare.draw import Draw
from amanat.terms.company import read_company
from amanat.terms.fact import read_facts
from amanat.terms.kinds import KINDS

AT = datetime.fromisoformat("2026-11-13T19:40:00+01:00")
N = 1200


@pytest.fixture(scope="module", params=["hospital", "shop"])
def story(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp("trade") / request.param
    prepare.make_company(folder, persons=N, seed=1, kind=request.param, at=AT)
    return folder


@pytest.fixture(scope="module")
def truth(story):
    return pq.read_table(story / "truth.parquet").to_pylist()


@pytest.fixture(scope="module")
def register(story):
    with (story / "register.csv").open(encoding="utf-8", newline="") as file:
        return {row["person_id"]: row for row in csv.DictReader(file)}


def _digests(folder: Path) -> dict[str, str]:
    return {str(p.relative_to(folder)): hashlib.sha256(p.read_bytes()).hexdigest() for p in sorted(folder.rglob("*")) if p.is_file()}


def test_the_same_arguments_give_the_same_bytes_and_the_block_changes_nothing(story, tmp_path):
    make(tmp_path / "again", persons=N, seed=1, kind=story.name, at=AT, progress=silent, block_size=256)
    one, two = _digests(story), _digests(tmp_path / "again")
    assert one.pop("truth.parquet") and two.pop("truth.parquet")
    assert one == two


def test_every_person_and_path_of_the_truth_is_there(story, truth, register):
    assert all(row["person_id"] in register or row["person_id"].startswith("out-") for row in truth)
    assert {row["kind"] for row in truth} <= set(KINDS)
    for path in {row["path"] for row in truth}:
        assert ((story if path.startswith("access/") else story / "files") / path).is_file(), path


def test_the_truth_of_a_file_that_breaks_off_has_every_column_of_it(story, truth):
    """The scan reads such a file as far as it goes: what stands there must not count as found wrongly."""
    (path,) = (story / "files" / "backup").glob("*.csv.gz")
    header = zlib.decompressobj(31).decompress(path.read_bytes()).split(b"\n")[0].decode()
    of_column = {"Name": "name", "Email": "email", "Phone": "phone", "Born": "dob"}
    kinds = {row["kind"] for row in truth if row["path"] == f"backup/{path.name}"}
    assert kinds == {of_column[column] for column in header.split(",")}


def test_about_half_of_the_register_is_affected_as_expected_toml_says(story, truth, register):
    expected = tomllib.loads((story / "expected.toml").read_text(encoding="utf-8"))
    affected = {r["person_id"] for r in truth if r["readable"] and not r["path"].startswith("access/")}
    assert expected["persons"]["affected"] == len(affected & set(register))
    assert expected["persons"]["outsiders"] == len(affected - set(register)) > 0
    assert 0.45 < len(affected & set(register)) / N < 0.65
    unreadable = {row["path"] for row in truth if not row["readable"]}
    assert unreadable == set(expected["gaps"]["unreadable"]) and unreadable


def test_what_the_truth_says_stands_in_the_files(story, truth, register):
    """For values that are spelled as in the register: every e-mail, and every birth date, account and name in a few spellings."""
    encodings = {"labo/Befunde.csv": "cp1252", "labo/resultados.csv": "latin-1", "exports/Kunden_CRM.csv": "cp1252", "shipping/labels.txt": "utf-16"}
    texts = {
        str(path.relative_to(story / "files")): path.read_bytes().decode(encodings.get(str(path.relative_to(story / "files")), "utf-8")).lower()
        for path in (story / "files").rglob("*")
        if path.is_file() and path.suffix not in (".gz", ".dcm", ".docx")
    }
    slips = {"wards/visitor_wifi.csv", "shipping/lost_parcels.csv"}
    n_checked = 0
    for row in truth:
        text = texts.get(row["path"])
        if text is None or row["person_id"] not in register or row["path"] in slips:
            continue
        person = register[row["person_id"]]
        if row["kind"] == "email":
            assert person["email"].split(";")[0].lower() in text, row
        elif row["kind"] == "iban":
            assert person["iban"].lower() in re.sub(r"(?<=\w) (?=\w)", "", text), row
        elif row["kind"] == "dob":
            y, m, d = person["birth_date"].split("-")
            assert (
                any(form in text for form in (f"{y}-{m}-{d}", f"{d}/{m}/{y}", f"{m}/{d}/{y}", f"{d}.{m}.{y}", f"{y}{m}{d}"))
                or row["path"] == "labo/javab.csv"
            )
        else:
            continue
        n_checked += 1
    assert n_checked > N / 2


def test_cards_of_the_shop_are_cut_and_no_finding(tmp_path):
    story = tmp_path / "shop"
    prepare.make_company(story, persons=200, seed=2, kind="shop", at=AT)
    truth = pq.read_table(story / "truth.parquet").to_pylist()
    assert "card_number_alone" not in {row["kind"] for row in truth}
    orders = [json.loads(line) for line in (story / "files/orders/orders.jsonl").read_text(encoding="utf-8").splitlines()]
    numbers_ = [order["payment"]["number"] for order in orders if order["payment"]["method"] == "card"]
    assert numbers_ and all(re.fullmatch(r"\d{6}\*{6}\d{4}", number) for number in numbers_)


def test_the_story_can_be_opened_and_speaks_of_its_own_trade(story):
    company, facts = read_company(story / "company.toml"), read_facts(story / "facts.toml")
    assert company.name == {"hospital": "Hôpital du Quai", "shop": "Karvan Shop"}[story.name]
    assert facts["sectors"].value == [story.name]
    assert {"hospital": "patients", "shop": "customers"}[story.name] in facts["what_happened"].value["en"]
    assert "karvan-hotels" not in (story / "company.toml").read_text(encoding="utf-8")


def test_what_customers_did_is_invented_for_hotels_only(tmp_path):
    with pytest.raises(Fixable, match="hotels only"):
        prepare.make_company(tmp_path / "x", persons=200, seed=1, kind="shop", at=AT, events=True)


def test_nhs_numbers_are_valid_and_of_the_range_for_tests():
    found = numbers.uk_nhs(Draw(3, np.arange(3000))).to_pylist()
    assert all(nhs.is_valid(number) and number.startswith("999") for number in found)


def test_the_check_digit_of_german_insurance_numbers_is_that_of_the_law():
    for number in numbers.de_kvnr(Draw(3, np.arange(500))).to_pylist():
        place = f"{ord(number[0]) - 64:02}"
        products = [int(digit) * weight for digit, weight in zip(place + number[1:9], [1, 2] * 5, strict=True)]
        assert sum(p // 10 + p % 10 for p in products) % 10 == int(number[9])


def test_diagnoses_have_a_code_of_icd_10_and_five_names():
    assert all(re.fullmatch(r"[A-Z]\d\d(\.\d)?", entry[0]) and len(entry) == 6 and all(entry) for entry in DIAGNOSES)
