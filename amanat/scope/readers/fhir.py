"""FHIR: health records as JSON (single resources, bundles, or one a line); a resource is a record, with what it contains."""

import json
import re
from collections.abc import Iterator, Sequence
from typing import Any

from amanat.scope.encoding import blocks, encoding_of
from amanat.scope.folded import head_of
from amanat.scope.reader import Context, Fields, Read, Reader
from amanat.scope.source import Source

_BEGINS = re.compile(r"\{\s*\"resourceType\"\s*:\s*\"[A-Z]\w+\"")
_DECODER = json.JSONDecoder(parse_int=str, parse_float=str, parse_constant=str, strict=False)
_WHOLE = 16 << 20  # a document larger than this is left to the reader of JSON, which streams
_DEEPEST = 60
_CONTACT = {"phone": "phone", "sms": "phone", "fax": "fax", "pager": "pager", "email": "email", "url": "website"}
# Whose number an identifier is, by the code of its type (HL7 table 0203) or a word of its system.
_NUMBERS = {"MR": "medical record number", "SS": "ssn", "DL": "driver license number", "PPN": "passport number", "MC": "health insurance number"}
_SYSTEMS = {"us-ssn": "ssn", "nhs-number": "nhs number", "kvid": "kvnr", "passport": "passport number", "nir": "nir", "mrn": "medical record number"}
_DIAGNOSES = frozenset({"Condition", "Encounter", "EpisodeOfCare", "Claim", "DiagnosticReport"})


def looks(source: Source) -> float:
    head = head_of(source)
    if not _BEGINS.match(head):
        return 0.0
    is_lines = "\n{" in head or head.rstrip().endswith("}")
    return 0.95 if is_lines or 0 <= source.size <= _WHOLE else 0.0


def read(source: Source, context: Context) -> Iterator[Read]:
    number = 0
    for text in _documents(source, context):
        try:
            value = _DECODER.decode(text)
        except (json.JSONDecodeError, RecursionError):
            yield Fields([text])  # nothing is lost
            continue
        for resource in _resources(value):
            number += 1
            pairs = [(label, one) for label, one in _resource(resource) if one]
            if pairs:
                yield Fields([one for _, one in pairs], [label for label, _ in pairs], place=f"{resource.get('resourceType', 'resource')} {number}")


def _documents(source: Source, context: Context) -> Iterator[str]:
    """Each line where each line is a document, else the whole."""
    name = encoding_of(source.peek()) or "utf-8"
    first = source.peek().decode(name, "ignore").lstrip("\ufeff \t\r\n").split("\n", 1)
    try:
        _DECODER.decode(first[0].strip())
        is_lines = True
    except (json.JSONDecodeError, RecursionError):
        is_lines = len(first) > 1 and first[0].strip().endswith("}")
    if is_lines:
        for block in blocks(source, record_bytes=context.limits.record_bytes):
            yield from (line.strip() for line in block.decode().split("\n") if line.strip())
    else:
        yield source.whole(context.limits.held_bytes).decode(name, "replace").lstrip("\ufeff")


def _resources(value: Any) -> Iterator[dict[str, Any]]:
    if not isinstance(value, dict):
        return
    if value.get("resourceType") == "Bundle" and isinstance(value.get("entry"), list):
        for entry in value["entry"]:
            yield from _resources(entry.get("resource") if isinstance(entry, dict) else None)
    else:
        yield value


def _resource(value: dict[str, Any], deep: int = 0) -> Iterator[tuple[str, str]]:
    kind = str(value.get("resourceType") or "")
    for key, one in value.items():
        if key == "contained" and deep < _DEEPEST:
            for inner in one if isinstance(one, list) else []:
                if isinstance(inner, dict):
                    yield from _resource(inner, deep + 1)
        elif key == "name":
            yield from _each(one, _name)
        elif key == "telecom":
            yield from _each(one, _telecom)
        elif key == "address":
            yield from _each(one, _address)
        elif key == "identifier":
            yield from _each(one, lambda each: _identifier(each, is_persons=kind in ("Patient", "RelatedPerson", "Person")))
        elif key == "birthDate":
            yield "date of birth", str(one)
        elif key == "code" and kind in _DIAGNOSES:
            yield from _each(one, lambda each: _coded(each, "diagnosis"))
        elif key == "code" and kind == "AllergyIntolerance":
            yield from _each(one, lambda each: _coded(each, "allergies"))
        elif key in ("medicationCodeableConcept", "medication"):
            yield from _each(one, lambda each: _coded(each, "medication"))
        else:
            yield from _flat(one, key, deep)


def _each(value: Any, read_one: Any) -> Iterator[tuple[str, str]]:
    for one in value if isinstance(value, list) else [value]:
        if isinstance(one, dict):
            yield from read_one(one)
        elif isinstance(one, str):
            yield "text", one


def _name(one: dict[str, Any]) -> Iterator[tuple[str, str]]:
    given = one.get("given")
    parts = {"family name": _words(one.get("family")), "given name": _words(given)}
    yield from parts.items()
    if not parts["family name"] and one.get("text"):
        yield "full name", _words(one["text"])


def _telecom(one: dict[str, Any]) -> Iterator[tuple[str, str]]:
    yield _CONTACT.get(str(one.get("system")), "contact"), _words(one.get("value"))


def _address(one: dict[str, Any]) -> Iterator[tuple[str, str]]:
    town = " ".join(part for part in (_words(one.get("postalCode")), _words(one.get("city")), _words(one.get("state"))) if part)
    lines = one.get("line")
    parts = [*(map(_words, lines) if isinstance(lines, list) else [_words(lines)]), town, _words(one.get("country"))]
    yield "address", ", ".join(part for part in parts if part) or _words(one.get("text"))


def _identifier(one: dict[str, Any], *, is_persons: bool) -> Iterator[tuple[str, str]]:
    kind, system = one.get("type"), str(one.get("system") or "").lower()
    codes = [str(c.get("code")) for c in (kind.get("coding") or [] if isinstance(kind, dict) else []) if isinstance(c, dict)]
    label = next((_NUMBERS[code] for code in codes if code in _NUMBERS), "") or next((name for word, name in _SYSTEMS.items() if word in system), "")
    # A patient's number without a word about it is the one under which the hospital keeps the file.
    yield label or ("medical record number" if is_persons else "identifier"), _words(one.get("value"))


def _coded(one: dict[str, Any], label: str) -> Iterator[tuple[str, str]]:
    codings = one.get("coding")
    for coding in codings if isinstance(codings, list) else []:
        if isinstance(coding, dict):
            yield f"{label} code", _words(coding.get("code"))
            yield label, _words(coding.get("display"))
    yield label, _words(one.get("text"))


def _flat(value: Any, label: str, deep: int) -> Iterator[tuple[str, str]]:
    """Whatever else stands there, under its path without the numbers of lists."""
    if deep > _DEEPEST:
        return
    if isinstance(value, dict):
        for key, one in value.items():
            yield from _flat(one, f"{label}.{key}", deep + 1)
    elif isinstance(value, list):
        for one in value:
            yield from _flat(one, label, deep + 1)
    else:
        yield label, _words(value)


def _words(value: Any) -> str:
    if isinstance(value, list):
        return " ".join(filter(None, map(_words, value)))
    return "" if value is None or isinstance(value, dict) else " ".join(str(value).split())


def examples() -> Sequence[bytes]:
    patient = (
        b'{"resourceType":"Patient","identifier":[{"value":"4711"}],"name":[{"family":"Ahmadi","given":["Sara"]}],'
        b'"telecom":[{"system":"email","value":"sara@example.org"}],"birthDate":"1985-03-12"}\n'
    )
    return (patient, patient * 2, b'{"resourceType": "Bundle",\n "entry": [{"resource": ' + patient.strip() + b"}]}\n")


def not_examples() -> Sequence[bytes]:
    return (b'{"type":"Patient","name":"Sara"}\n', b"resourceType: Patient\n")


READER = Reader(
    says="health records (FHIR, JSON)",
    looks=looks,
    read=read,
    suffixes=(".json", ".ndjson", ".jsonl"),
    source="https://hl7.org/fhir/R4/json.html",
    examples=examples,
    not_examples=not_examples,
)
