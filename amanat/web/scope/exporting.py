"""The list of persons as a file for other systems: CSV, Parquet or a workbook, made row by row and never left on a disk."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from amanat.web import row_files
from amanat.web.respond.models import Incident
from amanat.web.row_files import BATCH, csv_lines, text_of
from amanat.web.scope import people
from amanat.web.scope.models import AffectedPerson

FORMATS = {"csv": "text/csv; charset=utf-8", "parquet": "application/vnd.apache.parquet",
           "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}  # fmt: skip
STATES = ("sure", "review", "outsider")
COLUMNS = (
    *("person_id", "name", "emails", "phones", "address", "residence", "language", "minor", "deceased", "needs", "state", "basis", "kinds"),
    *("n_findings", "n_records", "belief", "letter_group", "duty_ids"),
)
XLSX_MAX = 1_048_575  # rows of a sheet below its header


class TooManyRows(Exception):
    """A workbook has room for fewer persons."""


def n_persons(incident: Incident) -> int:
    """How many rows the list has."""
    return AffectedPerson.objects.filter(incident=incident, state__in=STATES).count()


def rows(incident: Incident) -> Iterator[dict[str, Any]]:
    """A row for each person of the register and each outsider, in the order of their rows here. Raises KeysErased."""
    found = AffectedPerson.objects.filter(incident=incident, state__in=STATES).order_by("pk").iterator(chunk_size=BATCH)
    keys = incident.keys()
    for row in found:
        secret = keys.decrypt(row.secret, place=people.SECRET, row=row.id)
        clear = {name: getattr(row, name) for name in ("residence", "language", "minor", "state", "basis", "letter_group")}
        yield {name: {**secret, **clear}.get(name) for name in COLUMNS}


def as_csv(incident: Incident) -> Iterator[bytes]:
    """Piece by piece, as a spreadsheet may open it."""
    return csv_lines(COLUMNS, rows(incident))


def write_parquet(incident: Incident, file: Path) -> None:
    """Lists stay lists; nothing in it is ever run."""
    import pyarrow as pa

    lists = {"emails", "phones", "kinds", "duty_ids"}
    numbers = {"n_findings": pa.int64(), "n_records": pa.int64(), "belief": pa.float64(), "minor": pa.bool_(), "deceased": pa.bool_()}
    schema = pa.schema([(name, pa.list_(pa.string()) if name in lists else numbers.get(name, pa.string())) for name in COLUMNS])
    whole = ({name: list(row[name] or ()) if name in lists else row[name] for name in COLUMNS} for row in rows(incident))
    row_files.write_parquet(file, schema, whole)


def write_xlsx(incident: Incident, file: Path) -> None:
    """Every cell is text or a number: the program never looks for formulas or links. Raises TooManyRows."""
    import xlsxwriter

    if n_persons(incident) > XLSX_MAX:
        raise TooManyRows
    # Its own temporary files lie beside the workbook, which is deleted with its folder.
    options = {
        "constant_memory": True,
        "tmpdir": str(file.parent),
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(str(file), options) as book:
        sheet = book.add_worksheet("persons")
        sheet.freeze_panes(1, 0)
        sheet.write_row(0, 0, COLUMNS)
        for number, row in enumerate(rows(incident), start=1):
            for column, name in enumerate(COLUMNS):
                value = row[name]
                if isinstance(value, bool) or not isinstance(value, (int, float)):
                    sheet.write_string(number, column, text_of(value))
                else:
                    sheet.write_number(number, column, value)


def file_name(incident: Incident, form: str) -> str:
    """A name that says nothing of the incident but its number."""
    return f"persons-{str(incident.pk)[:8]}.{form}"
