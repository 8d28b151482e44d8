"""The commands of this stage, on files."""

import json

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from amanat.care.__main__ import VERB
from amanat.terms.exposure import EXPOSURES


@pytest.fixture
def exposures(tmp_path):
    rows = [
        {"person_id": "P-1", "kinds": ["card_with_code"], "basis": "content", "residence": "FR", "state": "sure"},
        {"person_id": "P-2", "kinds": ["service"], "basis": "service", "residence": "FR", "state": "sure"},
        {"person_id": "P-3", "kinds": ["email"], "basis": "content", "residence": "IR", "state": "review"},
    ]
    path = tmp_path / "exposures.parquet"
    pq.write_table(pa.Table.from_pylist([{"n_findings": 1, "n_records": 1, "belief": 1.0, **r} for r in rows], schema=EXPOSURES), path)
    return path


def run(capsys, *arguments):
    code = VERB.main([*map(str, arguments), "--format", "json"])
    shown = capsys.readouterr()
    return code, json.loads(shown.out), shown.err


def test_offers(exposures, capsys):
    code, keys, _ = run(capsys, "offers", exposures, "--budget", "80")
    assert code == 0
    assert keys["n_sure"] == 2
    found = {line["offer"]: (line["n_persons"], line["is_funded"]) for line in keys["offers"]}
    # 60 owed for the service in France, 15 for the card; 5 are left, and two gestures cost 36.
    assert found == {"refund": (1, True), "card_reissue": (1, True), "monitoring": (0, True), "voucher": (2, False), "loyalty_points": (0, True)}
    assert (keys["owed_eur"], keys["funded_eur"]) == ("60", "75")


def test_dependents_with_the_register(exposures, tmp_path, capsys):
    register = tmp_path / "register.csv"
    register.write_text("person_id,needs\nP-1,\nP-2,hot meal\nP-3,large print\n", encoding="utf-8")
    code, keys, _ = run(capsys, "dependents", exposures, "--register", register)
    assert (code, keys["n"]) == (0, 2)
    assert keys["persons"] == [{"person_id": "P-2", "why": "service_and_need"}, {"person_id": "P-3", "why": "need"}]


def test_cases(tmp_path, capsys):
    path = tmp_path / "cases.csv"
    path.write_text("case_id,opened_at,urgency\nA,2026-03-06T12:00:00Z,other\nB,2026-03-06T13:00:00Z,depends\n", encoding="utf-8")
    code, keys, _ = run(capsys, "cases", path, "--now", "2026-03-06T15:00:00+00:00")
    assert code == 0
    assert [(c["case_id"], c["is_late"]) for c in keys["cases"]] == [("B", True), ("A", False)]
    assert (keys["n_open"], keys["n_late"], keys["kept_share"]) == (2, 1, 0.0)


def test_a_claim_and_lessons_and_the_check(capsys):
    claim = ("claim", "card_misuse", "--kinds", "card_with_code", "--on", "2026-03-09", "--incident", "2026-03-02")
    code, keys, _ = run(capsys, *claim, "--received", "2026-03-10T09:00:00+00:00")
    assert (code, keys["link"], keys["answer_due_at"]) == (0, "likely", "2026-03-15T09:00:00+00:00")
    _, keys, _ = run(capsys, "lessons", "--kinds", "iban", "--place", "FR", "--language", "fr")
    assert [one["id"] for one in keys["lessons"]] == ["card_and_account", "phishing"]
    assert keys["lessons"][0]["title"] == "Carte et compte\u00a0: bloquer, surveiller, se faire rembourser"
    code, keys, _ = run(capsys, "check")
    assert (code, keys["flaws"]) == (0, [])


def test_survey_figures_are_not_shown_for_few(tmp_path, capsys):
    path = tmp_path / "answers.csv"
    path.write_text("nps,csat\n10,5\n", encoding="utf-8")
    code, keys, _ = run(capsys, "survey", path)
    assert code == 0
    assert {f["value"] for f in keys["figures"]} == {None}


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["offers", "/nowhere.parquet"], "/nowhere.parquet: "),
        (["claim", "fasle_loan"], "did you mean 'false_loan'?"),
        (["lessons", "--kinds", "ibn"], "is not a kind of data; did you mean 'iban'?"),
        (["lessons", "--place", "Paris"], "is not a place"),
        (["survey", "/nowhere.csv"], "/nowhere.csv: no such file or directory; check the spelling"),
        (["cases", "/nowhere.csv"], "/nowhere.csv: no such file or directory; check the spelling"),
    ],
)
def test_bad_input_says_what_to_mend(capsys, arguments, says):
    code, keys, error = run(capsys, *arguments)
    assert code == 2
    assert says in keys["error"] and says in error


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "has no column 'person_id'"),
        (b"person_id,needs\n", "holds no persons"),
        (b"P-2\tP-3\n", "has no column 'person_id'"),
        (b"person_id,need\nP-2,hot meal\n", "has no column 'needs'; did you mean"),
        (b"\xff\xfe\x00", "cannot be read"),
    ],
)
def test_a_register_that_cannot_say_who_has_needs_is_no_register_without_needs(exposures, tmp_path, capsys, content, says):
    register = tmp_path / "register.csv"
    register.write_bytes(content)
    code, keys, _ = run(capsys, "dependents", exposures, "--register", register)
    assert code == 2
    assert says in keys["error"]


def test_a_register_with_the_usual_names_and_semicolons_is_read(exposures, tmp_path, capsys):
    register = tmp_path / "register.csv"
    register.write_bytes("\ufeffnumero_client;Besoins\r\nP-1; \r\nP-3;gros caractères\r\n".encode())
    code, keys, _ = run(capsys, "dependents", exposures, "--register", register)
    assert (code, keys["persons"]) == (0, [{"person_id": "P-2", "why": "service"}, {"person_id": "P-3", "why": "need"}])


def test_answers_as_other_programs_export_them(tmp_path, capsys):
    spread = tmp_path / "answers.csv"
    spread.write_bytes("\ufeffnps;csat\r\n".encode() + b"9.0;5\r\n" * 10 + b";4.0\r\n")
    columns = tmp_path / "answers.parquet"
    pq.write_table(pa.table({"nps": pa.array([9.0] * 10 + [float("nan")], pa.float64()), "csat": pa.array([5] * 10 + [4], pa.int64())}), columns)
    for path in (spread, columns):
        code, keys, _ = run(capsys, "survey", path)
        assert (code, [(f["n"], f["value"]) for f in keys["figures"][:2]]) == (0, [(10, 100.0), (11, 1.0)])
    pq.write_table(pa.table({"score": [1, 2]}), columns)
    assert run(capsys, "survey", columns)[0] == 2
