"""The case folder that `amanat run --out` writes: where each thing lies in it."""

import json
from dataclasses import fields, replace
from pathlib import Path

import pyarrow as pa

from amanat.lib.errors import Fixable
from amanat.lib.parquet import read_parquet
from amanat.notify.store import read_notices
from amanat.terms.company import Company, read_company
from amanat.terms.notice import Finding, Notice

# Persons who cannot be reached, and why.
LEFT_OUT = pa.schema([("person_id", pa.string()), ("reason", pa.string())])
# Who is told by the message of another record of theirs (`notify.same_record`).
TOGETHER = pa.schema([("person_id", pa.string()), ("told_with", pa.string())])
# Letters that share an envelope (`notify.household`).
ENVELOPES = pa.schema([("sending_id", pa.string()), ("envelope", pa.string()), ("n_letters", pa.int64())])
# How many persons get a notice in another language than their own, and why.
LANGUAGES = pa.schema([("notice_id", pa.string()), ("reason", pa.string()), ("n_persons", pa.int64())])


class NotACase(Fixable):
    """The folder is not one that `amanat run --out` wrote, or not far enough along."""


def table_of(case: Path, name: str, *, made_by: str = "amanat run") -> pa.Table:
    """One of the case's tables, such as "sendings.parquet"."""
    path = case / name
    if not path.is_file():
        raise NotACase(f"{case}: holds no {name}; {made_by} writes it")
    return read_parquet(path)


def key_of(case: Path) -> bytes:
    """The case's own key, from which sending ids, codes and hashes are made."""
    path = case / "case.key"
    try:
        key = bytes.fromhex(path.read_text(encoding="ascii").strip())
    except FileNotFoundError:
        raise NotACase(f"{case}: holds no case.key; give the folder that `amanat run --out` wrote") from None
    except ValueError:
        key = b""
    if len(key) != 32:
        raise NotACase(f"{path}: is not a key of 32 bytes in hex; restore it from a copy, codes and sendings hang on it")
    return key


def company_of(case: Path) -> Company:
    return read_company(case / "company.toml")


def notices_of(case: Path) -> list[Notice]:
    """The notices of the case, as they were composed."""
    return list(read_notices(case))


def incident_of(case: Path) -> str:
    """The incident's id, as the journal of the case names it."""
    path = case / "journal.jsonl"
    if not path.is_file():
        raise NotACase(f"{case}: holds no journal.jsonl; give the folder that `amanat run --out` wrote")
    found = ""
    with path.open(encoding="utf-8") as file:
        for line in file:
            entry = json.loads(line)
            if entry.get("act") == "run.started":
                found = entry["what"]["incident"]
    if not found:
        raise NotACase(f"{path}: no run of an incident is noted in it; run `amanat run` first")
    return str(found)


def left_out_of(case: Path) -> pa.Table:
    """Persons who cannot be reached, and why; empty when the plan left none out."""
    return _csv_of(case / "left_out.csv", LEFT_OUT)


def together_of(case: Path) -> pa.Table:
    """Second records of persons, told by the message to the first; empty in a case that was planned before there were any."""
    return read_parquet(case / "together.parquet") if (case / "together.parquet").is_file() else TOGETHER.empty_table()


def envelopes_of(case: Path) -> pa.Table:
    """Letters that share an envelope; empty where each has its own."""
    return read_parquet(case / "envelopes.parquet") if (case / "envelopes.parquet").is_file() else ENVELOPES.empty_table()


def languages_of(case: Path) -> pa.Table:
    """Which notices go to how many persons in another language than their own, and why; empty when everybody gets their own."""
    return _csv_of(case / "languages.csv", LANGUAGES)


def _csv_of(path: Path, schema: pa.Schema) -> pa.Table:
    from pyarrow import csv

    if not path.is_file():
        return schema.empty_table()
    types = {field.name: field.type for field in schema}
    try:
        return csv.read_csv(path, convert_options=csv.ConvertOptions(column_types=types, include_columns=schema.names, strings_can_be_null=False))
    except (pa.ArrowException, KeyError):
        columns = ", ".join(schema.names)
        raise NotACase(f"{path}: is damaged, or no table with the columns {columns}; run `amanat run` on the story again") from None


def findings_of(case: Path) -> list[Finding]:
    """What the honesty gate said about the notices, as each `notice.json` holds it; `where` begins with the notice's id."""
    found = []
    for path in sorted((case / "notices").glob("*/notice.json")):
        entries = json.loads(path.read_text(encoding="utf-8")).get("findings")
        if entries is None:
            raise NotACase(f"{path}: says nothing of the honesty gate; run `amanat notify check` first")
        for entry in entries:
            finding = Finding(**{f.name: entry[f.name] for f in fields(Finding) if f.name in entry})
            found.append(replace(finding, where=f"{path.parent.name} {finding.where}".strip()))
    return found
