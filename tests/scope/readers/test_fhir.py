"""FHIR resources as JSON, written out by hand from the standard's element tables."""

import json

from tests.scope.readers.reading import read

PATIENT = {
    "resourceType": "Patient",
    "identifier": [
        {"type": {"coding": [{"code": "MR"}]}, "value": "4711"},
        {"system": "https://fhir.nhs.uk/Id/nhs-number", "value": "9990000018"},
    ],
    "name": [{"use": "official", "family": "Ahmadi", "given": ["Sara", "B"]}],
    "telecom": [{"system": "phone", "value": "+33199001234"}, {"system": "email", "value": "sara@example.org"}],
    "birthDate": "1985-03-12",
    "address": [{"line": ["12 rue des Lilas"], "city": "Paris", "postalCode": "75001", "country": "FR"}],
    "contained": [{"resourceType": "Condition", "code": {"coding": [{"system": "icd-10", "code": "E11.9", "display": "type 2 diabetes"}]}}],
}
WANTED = {
    "resourceType": "Condition",  # of what is contained; the patient's own came before
    "medical record number": "4711",
    "nhs number": "9990000018",
    "family name": "Ahmadi",
    "given name": "Sara B",
    "phone": "+33199001234",
    "email": "sara@example.org",
    "date of birth": "1985-03-12",
    "address": "12 rue des Lilas, 75001 Paris, FR",
    "diagnosis code": "E11.9",
    "diagnosis": "type 2 diabetes",
}


def fields(data: bytes) -> list[dict[str, str]]:
    return [dict(zip(labels.split("|"), text.split("|"), strict=True)) for _, _, labels, text in read(data)]


def test_a_patient_has_everything_under_a_name_that_says_what_it_is():
    assert fields(json.dumps(PATIENT).encode()) == [WANTED]


def test_one_resource_a_line_and_a_bundle_say_the_same():
    line = json.dumps(PATIENT).encode()
    bundle = json.dumps({"resourceType": "Bundle", "type": "collection", "entry": [{"resource": PATIENT}, {"resource": PATIENT}]}, indent=1).encode()
    assert fields(line + b"\n" + line + b"\n") == fields(bundle) == [WANTED, WANTED]


def test_what_has_no_name_of_ours_stands_under_its_path():
    (one,) = fields(b'{"resourceType":"Observation","valueQuantity":{"value":7.2,"unit":"mmol/l"},"note":[{"text":"after breakfast"}]}\n')
    assert (one["valueQuantity.value"], one["note.text"]) == ("7.2", "after breakfast")


def test_a_broken_line_is_kept_as_text():
    data = json.dumps(PATIENT).encode() + b'\n{"resourceType":"Patient","name":[{"family":"Petit"\n'
    assert [labels == "" for _, _, labels, _ in read(data)] == [False, True]
    assert "Petit" in read(data)[1][3]


def test_each_resource_has_its_place():
    line = json.dumps(PATIENT).encode() + b"\n"
    assert [place for _, place, _, _ in read(line * 2)] == ["Patient 1", "Patient 2"]
