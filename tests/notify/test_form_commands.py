"""`amanat notify form` from the keyboard: the list, a filled form, what is missing, a follow-up."""

import json

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from amanat.terms.exposure import EXPOSURES
from tests.notify.test_compose_commands import case as composed  # noqa: F401  a fixture
from tests.notify.test_compose_commands import run
from tests.notify.writing_world import exposures

NOW = ("--now", "2026-03-08T09:00:00+00:00")


@pytest.fixture
def case(composed):  # noqa: F811
    rows = [{**dict.fromkeys(EXPOSURES.names), "n_records": 2, **row} for row in exposures().to_pylist()]
    pq.write_table(pa.Table.from_pylist(rows, schema=EXPOSURES), composed / "exposures.parquet")
    return composed


def test_exposures_of_another_shape_are_refused_with_the_columns_they_lack(case, capsys):
    pq.write_table(pa.table({"person_id": ["p1"]}), case / "exposures.parquet")
    code, said = run(capsys, "form", "gdpr_art33", "--case", case)
    assert code == 2 and "lacks the columns kinds, n_findings" in said.err


def test_the_list_names_every_form_and_which_duty_of_the_case_it_answers(case, capsys):
    code, said = run(capsys, "form", "--format", "json")
    names = {one["id"] for one in json.loads(said.out)["forms"]}
    assert code == 0 and {"edpb", "fr_cnil", "uk_ico", "gdpr_art33", "us_hhs", "us_ca_ag", "us_me_ag", "eu_nis2", "eu_dora", "us_sec_8k"} <= names
    body = json.loads((case / "assessment.json").read_text(encoding="utf-8"))
    body["duties"].append({**body["duties"][0], "id": "eu-gdpr.authority", "to": "authority", "state": "due"})
    (case / "assessment.json").write_text(json.dumps(body), encoding="utf-8")
    code, said = run(capsys, "form", "--case", case)
    lines = {line.split()[0]: line for line in said.out.splitlines() if line.strip()}
    assert "eu-gdpr.authority" in lines["edpb"] and "no duty of it is due" in lines["us_hhs"]


def test_a_form_is_filled_and_ends_with_1_while_something_is_missing(case, tmp_path, capsys):
    code, said = run(capsys, "form", "gdpr_art33", "--case", case, *NOW)
    assert code == 1
    assert "person_categories" in said.out.split("Who notifies")[0] and "What happened" in said.out
    assert "6 March 2026, 18:00 UTC+1   <- fact:awareness" in said.out


def test_with_everything_entered_the_form_is_whole_and_its_pdf_is_written(case, tmp_path, capsys):
    entries = tmp_path / "entries.toml"
    entries.write_text(
        'contact_name = "Nima Exemple"\nnature = "A password was stolen."\nloss = ["confidentiality"]\nperson_categories = "Guests"\n'
        'n_persons = 12\ndata_categories = "Names"\nn_records = 20\nconsequences = "Unwanted calls"\n',
        encoding="utf-8",
    )
    pdf = tmp_path / "out" / "letter.pdf"
    code, said = run(capsys, "form", "gdpr_art33", "--case", case, "--entries", entries, "--pdf", pdf, *NOW, "--format", "json")
    keys = json.loads(said.out)
    assert code == 0 and keys["missing"] == [] and keys["questions"] == []
    assert pdf.read_bytes().startswith(b"%PDF") and b"pdfuaid" in pdf.read_bytes()
    n_persons = next(one for one in keys["fields"] if one["id"] == "n_persons")
    assert (n_persons["value"], n_persons["state"], n_persons["sources"]) == (12, "filled", ["by_hand"])


def test_a_follow_up_lists_what_changed_since_the_json_that_was_kept(case, tmp_path, capsys):
    _, said = run(capsys, "form", "gdpr_art33", "--case", case, *NOW, "--format", "json")
    sent = tmp_path / "sent.json"
    sent.write_text(said.out, encoding="utf-8")
    facts = case / "facts.toml"
    facts.write_text(facts.read_text(encoding="utf-8") + 'likely_consequences = { en = "Unwanted calls." }\n', encoding="utf-8")
    call = ("form", "gdpr_art33", "--case", case, "--phase", "follow_up", "--before", sent, "--reference", "N-1", *NOW, "--format", "json")
    _, said = run(capsys, *call)
    assert json.loads(said.out)["changes"] == [
        {"id": "their_reference", "before": None, "after": "N-1"},
        {"id": "consequences", "before": None, "after": "Unwanted calls."},
    ]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("gdpr_art3",), "did you mean 'gdpr_art33'"),
        (("gdpr_art33",), "--case: say from which case"),
        (("gdpr_art33", "--case", "CASE", "--phase", "last"), "has no phase 'last'"),
        (("gdpr_art33", "--case", "CASE", "--lang", "fa"), "it takes en, fr"),
        (("gdpr_art33", "--case", "CASE", "--before", "nowhere.json"), "nowhere.json: there is no such file"),
        (("gdpr_art33", "--case", "CASE", "--now", "soon"), "--now 'soon' is no moment"),
        (("gdpr_art33", "--case", "nowhere"), "nowhere"),
    ],
)
def test_what_cannot_be_is_said_in_a_sentence(case, capsys, arguments, says):
    code, said = run(capsys, "form", *(case if part == "CASE" else part for part in arguments))
    assert code == 2 and says in said.err
