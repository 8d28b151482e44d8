"""Columns: an Arrow batch of a typed file (Parquet, ORC) and nested values (Avro) as records of text."""

import json
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from amanat.scope.reader import Rows, joined
from amanat.scope.record import FIELD


def rows_of(batch: pa.RecordBatch, place: str = "") -> Rows:
    """A batch as records; structs become dotted labels, lists and maps JSON."""
    names, columns = [], []
    for name, column in _flat(batch):
        names.append(name)
        columns.append(_as_text(column))
    if len(columns) > 1:
        texts = pc.binary_join_element_wise(*columns, pa.scalar(FIELD, pa.large_string()), null_handling="replace", null_replacement="")
    elif columns:
        texts = pc.fill_null(columns[0], "")
    else:
        texts = pa.array([], pa.large_string())
    return Rows(texts, joined(names), place)


def _flat(batch: pa.RecordBatch) -> Iterator[tuple[str, pa.Array]]:
    todo = [(name, column, 0) for name, column in zip(batch.schema.names, batch.columns, strict=True)][::-1]
    while todo:
        name, column, depth = todo.pop()
        if pa.types.is_struct(column.type) and depth < 20:
            below = [column.type.field(i).name for i in range(column.type.num_fields)]
            todo += [(f"{name}.{inner}", one, depth + 1) for inner, one in zip(below, column.flatten(), strict=True)][::-1]
        else:
            yield name, column


def _as_text(column: pa.Array) -> pa.LargeStringArray:
    kind = column.type
    if pa.types.is_dictionary(kind):
        column = column.dictionary_decode()
        kind = column.type
    if pa.types.is_floating(kind):
        # 33612345678.0 is a number that a spreadsheet or data frame made of a telephone number.
        texts = [None if value is None else as_text(value) for value in column.to_pylist()]
        return pa.array(texts, pa.large_string())
    if pa.types.is_string(kind) or pa.types.is_large_string(kind):
        return _clean(column.cast(pa.large_string()))
    if pa.types.is_integer(kind) or pa.types.is_boolean(kind) or pa.types.is_date(kind):
        return column.cast(pa.string()).cast(pa.large_string())
    return pa.array([None if value is None else _clean_text(as_text(value)) for value in column.to_pylist()], pa.large_string())


def _clean(texts: pa.LargeStringArray) -> pa.LargeStringArray:
    """Without FIELD and NUL, and certain to be UTF-8: a file may say so and lie."""
    try:
        texts.validate(full=True)
    except pa.ArrowInvalid:
        raw = texts.cast(pa.large_binary(), safe=False).to_pylist()
        texts = pa.array([None if value is None else value.decode("utf-8", "replace") for value in raw], pa.large_string())
    for mark in (FIELD, "\0"):
        if pc.any(pc.match_substring(texts, mark)).as_py():
            texts = pc.replace_substring(texts, mark, " ")
    return texts


def _clean_text(text: str) -> str:
    return joined([text])


def as_text(value: Any) -> str:
    """A value as people would type it.

    >>> as_text(33612345678.0), as_text(datetime(1980, 2, 1)), as_text(1.5), as_text(True), as_text(b"caf\\xc3\\xa9"), as_text(["a", 1])
    ('33612345678', '1980-02-01', '1.5', 'true', 'café', '["a", 1]')
    """
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e17 else repr(value)
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ", "seconds")
    if isinstance(value, (date, time)):
        return value.isoformat()
    if isinstance(value, timedelta):
        return str(value)
    if isinstance(value, bytes):
        return text_of_bytes(value)
    if isinstance(value, (list, tuple, dict)):
        return json.dumps(value, ensure_ascii=False, default=as_text)
    return "" if value is None else str(value)


def text_of_bytes(value: bytes) -> str:
    """Bytes in a column: text where they are text, else hexadecimal as dumps write them."""
    try:
        text = value.decode()
    except UnicodeDecodeError:
        return value[: 64 << 10].hex()
    return text if text.isprintable() or not any(ord(c) < 32 and c not in "\t\r\n" for c in text) else value[: 64 << 10].hex()


def flat(value: Any) -> tuple[list[str], list[str]]:
    """Labels and texts of everything inside a nested value.

    >>> flat({"name": "Sara", "address": {"city": "Lyon"}, "phones": ["1", 2], "left": None})
    (['name', 'address.city', 'phones.0', 'phones.1', 'left'], ['Sara', 'Lyon', '1', '2', ''])
    """
    labels: list[str] = []
    texts: list[str] = []
    todo: list[tuple[str, Any, int]] = [("", value, 0)]
    while todo:
        name, one, depth = todo.pop()
        if isinstance(one, (dict, list, tuple)) and depth < 100:
            items = one.items() if isinstance(one, dict) else enumerate(one)
            todo += [(f"{name}.{key}" if name else str(key), inner, depth + 1) for key, inner in items][::-1]
        else:
            labels.append(name)
            texts.append(as_text(one))
    return labels, texts
