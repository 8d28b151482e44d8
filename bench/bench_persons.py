"""Persons whom no key names: how many are found by likeness and how many of them rightly, beside Splink on DuckDB when it is installed."""

import csv
import importlib.util
import re
import tempfile
import time
import unicodedata
from datetime import date, datetime
from pathlib import Path
from typing import Any

from tests.scope import labelled

N_PERSONS = N_RECORDS = 20_000
FIELDS = ("given_name", "family_name", "birth_date", "address")


def measure() -> list[dict[str, str]]:
    persons, records = labelled.make(N_PERSONS, N_RECORDS, seed=1)
    ours = _ours(persons, records)
    rows = []
    has_splink = importlib.util.find_spec("splink") is not None
    theirs = _splinks(persons, records) if has_splink else {}
    for what, our in ours.items():
        rows.append(
            {
                "what": what,
                "ours": our,
                "peer": "Splink, above 0.999" if has_splink else "Splink (not installed)",
                "theirs": theirs.get(what, ""),
                "ratio": "",
            }
        )
    return rows


def _shown(n_sure: int, n_right: int, n_found: int, n_whose: int, seconds: float) -> dict[str, str]:
    what = f"{N_RECORDS:,} records, {n_whose:,} of persons of the register"
    return {
        f"{what}: sure persons that are right": f"{n_right / n_sure:.2%}",
        "  persons found for sure": f"{n_right / n_whose:.1%}",
        "  persons found for sure or for review": f"{n_found / n_whose:.1%}",
        "  seconds, index or training included": f"{seconds:.1f}",
    }


def _ours(persons: list[Any], records: list[Any]) -> dict[str, str]:
    from amanat.scope.finder import Finder
    from amanat.scope.people import read_people
    from amanat.scope.read import Batch
    from amanat.scope.record import FIELD
    from amanat.scope.register import open_register
    from amanat.scope.scan import records_of

    with tempfile.TemporaryDirectory() as temporary:
        register = Path(temporary) / "register.csv"
        with register.open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            writer.writerow(["person_id", *FIELDS, "email"])
            writer.writerows([p.id, p.given[0], p.family[0], p.born.isoformat(), p.address(), f"{p.id.lower()}@example.org"] for p in persons)
        batch = records_of([FIELD.join((r.given, r.family, r.born, r.address)) for r in records], [FIELD.join(FIELDS)] * len(records))
        now = date(2026, 11, 22)
        few = Batch(0, "a.csv", batch.slice(0, 20), 0)
        Finder(read_people(open_register(register), bytes(32), now=now), bytes(32), now=now).judge(few)  # compiled before the clock starts
        began = time.perf_counter()
        people = read_people(open_register(register), bytes(32), now=now)
        result = Finder(people, bytes(32), now=now).judge(Batch(0, "a.csv", batch, 0)).persons
        seconds = time.perf_counter() - began
    ids = people.ids.to_pylist()
    n_sure = n_right = n_found = 0
    for n, record in enumerate(records):
        sure = {ids[i] for i in result.sure[result.sure_from[n] : result.sure_from[n + 1]]}
        review = {ids[i] for i in result.review[result.review_from[n] : result.review_from[n + 1]]}
        n_sure += len(sure)
        n_right += record.whose in sure
        n_found += record.whose in sure | review
    return _shown(n_sure, n_right, n_found, sum(1 for r in records if r.whose), seconds)


def _splinks(persons: list[Any], records: list[Any]) -> dict[str, str]:
    import pyarrow as pa
    import splink.comparison_library as cl
    from splink import DuckDBAPI, Linker, SettingsCreator, block_on

    def row(number: str, given: str, family: str, born: str | None, address: str) -> dict[str, str | None]:
        plain = [
            "".join(c for c in unicodedata.normalize("NFD", text.lower()) if not unicodedata.combining(c)) or None
            for text in (given, family, address)
        ]
        post = re.search(r"\b\d{5}\b", address)
        return dict(unique_id=number, given=plain[0], family=plain[1], born=born, address=plain[2], post=post.group() if post else None)

    register = pa.Table.from_pylist([row(p.id, p.given[0], p.family[0], p.born.isoformat(), p.address()) for p in persons])
    asked = pa.Table.from_pylist([row(f"R-{n}", r.given, r.family, _day(r.born), r.address) for n, r in enumerate(records)])
    began = time.perf_counter()
    api = DuckDBAPI()
    tables = [api.register(register, dataset_display_name="register"), api.register(asked, dataset_display_name="records")]
    settings = SettingsCreator(
        link_type="link_only",
        blocking_rules_to_generate_predictions=[
            block_on("given", "family"),
            block_on("born", "substr(given,1,1)"),
            block_on("born", "substr(family,1,1)"),
            block_on("post", "family"),
            block_on("post", "given"),
        ],
        comparisons=[
            cl.JaroWinklerAtThresholds("given", [0.92, 0.8]).configure(term_frequency_adjustments=True),
            cl.JaroWinklerAtThresholds("family", [0.92, 0.8]).configure(term_frequency_adjustments=True),
            cl.DateOfBirthComparison("born", input_is_string=True),
            cl.JaroWinklerAtThresholds("address", [0.95, 0.8]),
        ],
    )
    linker = Linker(tables, settings)
    linker.training.estimate_probability_two_random_records_match([block_on("given", "family", "born")], recall=0.5)
    linker.training.estimate_u_using_random_sampling(max_pairs=2e6, seed=1)
    linker.training.estimate_parameters_using_expectation_maximisation(block_on("given", "family"))
    linker.training.estimate_parameters_using_expectation_maximisation(block_on("born"))
    best: dict[int, list[tuple[float, str]]] = {}
    for pair in linker.inference.predict(threshold_match_probability=0.01).as_record_list():
        left, right = pair["unique_id_l"], pair["unique_id_r"]
        person, record = (right, left) if left.startswith("R-") else (left, right)
        best.setdefault(int(record[2:]), []).append((pair["match_probability"], person))
    seconds = time.perf_counter() - began
    surest = {n: max(candidates) for n, candidates in best.items()}
    sure = {n: person for n, (probability, person) in surest.items() if probability >= 0.999}
    n_right = sum(records[n].whose == person for n, person in sure.items())
    n_found = sum(1 for n, r in enumerate(records) if r.whose and any(person == r.whose for _, person in best.get(n, [])))
    return _shown(len(sure), n_right, n_found, sum(1 for r in records if r.whose), seconds)


def _day(text: str) -> str | None:
    for form in ("%Y-%m-%d", "%d/%m/%Y", "%d.%m.%Y"):
        try:
            return datetime.strptime(text, form).date().isoformat()  # noqa: DTZ007  a day has no zone
        except ValueError:
            continue
    return None
