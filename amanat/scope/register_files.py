"""Files of a register: CSV of any delimiter, Parquet and JSON lines, as blocks of rows."""

import csv
from collections.abc import Generator, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.csv
import pyarrow.json
import pyarrow.parquet as pq

BLOCK_BYTES = 1 << 23
BLOCK_ROWS = 1 << 16
PARQUET, JSON_LINES = "parquet", "json"  # in the place of a delimiter


def sniffed(path: Path) -> tuple[str, str]:
    """Delimiter (or PARQUET, JSON_LINES) and encoding of a file."""
    with path.open("rb") as file:
        head = file.read(1 << 20)
    if head.startswith(b"PAR1"):
        return PARQUET, ""
    if head.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"{"):
        return JSON_LINES, "utf-8"
    encoding = "utf-8"
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        encoding = "utf-16"
    else:
        try:
            head[: max(len(head) - 4, 0)].decode("utf-8-sig") if len(head) == 1 << 20 else head.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            # A character cut in two at the end of the sample is no sign of another encoding.
            encoding = "utf-8" if len(head) == 1 << 20 and error.start > len(head) - 8 else "cp1252"
    line = head.decode(encoding, "replace").lstrip("\ufeff").split("\n", 1)[0]
    return max(",;\t|", key=line.count), encoding


def file_blocks(path: Path, delimiter: str, encoding: str, skipped: list[int] | None = None) -> Generator[pa.RecordBatch, None, None]:
    """The rows with the file's own names of columns; `skipped` collects the numbers of rows of another length."""
    if delimiter == PARQUET:
        batches = pq.ParquetFile(path).iter_batches(batch_size=BLOCK_ROWS)
    elif delimiter == JSON_LINES:
        batches = _json_lines(path)
    else:
        batches = _csv(path, delimiter, encoding, skipped)
    for batch in batches:
        yield batch.rename_columns(each_once(batch.schema.names))


def _csv(path: Path, delimiter: str, encoding: str, skipped: list[int] | None) -> Any:
    def skip(row: Any) -> str:
        if skipped is not None:
            skipped.append(row.number if row.number is not None else 0)
        return "skip"

    with path.open("rb") as file:
        header = file.readline() if encoding != "utf-16" else file.read(1 << 16)
    names = next(iter(csv.reader(header.decode(encoding, "replace").lstrip("\ufeff").splitlines(), delimiter=delimiter)), [])
    options = {
        "read_options": pyarrow.csv.ReadOptions(block_size=BLOCK_BYTES, encoding=encoding, use_threads=False),
        "parse_options": pyarrow.csv.ParseOptions(delimiter=delimiter, newlines_in_values=True, invalid_row_handler=skip),
        "convert_options": pyarrow.csv.ConvertOptions(
            column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=True, null_values=["", "NULL", "\\N"]
        ),
    }
    # The reader of streams reads ahead on a thread of its own; when the program ends soon after, that thread can abort it.
    is_small = path.stat().st_size <= BLOCK_BYTES
    return pyarrow.csv.read_csv(path, **options).to_batches() if is_small else pyarrow.csv.open_csv(path, **options)


def _json_lines(path: Path) -> Any:
    options = pyarrow.json.ReadOptions(block_size=BLOCK_BYTES, use_threads=False)
    with pyarrow.json.open_json(path, read_options=options) as reader:
        inferred = reader.schema
    # A text that looks like a moment stays the text that it is.
    schema = pa.schema([f.with_type(pa.string()) if pa.types.is_timestamp(f.type) or pa.types.is_null(f.type) else f for f in inferred])
    parse = pyarrow.json.ParseOptions(explicit_schema=schema, unexpected_field_behavior="ignore")
    return pyarrow.json.open_json(path, read_options=options, parse_options=parse)


def each_once(names: Sequence[str]) -> list[str]:
    """The names of columns, a second one of the same name with its number: spreadsheets repeat names, and leave some empty.

    >>> each_once(["id", "mail", "", "mail", ""])
    ['id', 'mail', '', 'mail 2', ' 2']
    """
    seen: dict[str, int] = {}
    found = []
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        found.append(name if seen[name] == 1 else f"{name} {seen[name]}")
    return found
