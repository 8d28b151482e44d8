"""Strict reading of TOML into values: unknown keys, missing keys and wrong types are said with file and line.

The shape is a frozen dataclass; nothing else has to be written. Nested dataclasses, lists, dicts, `X | None`,
`Literal`, dates and aware moments are understood.
"""

import dataclasses
import re
import tomllib
import types
import typing
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, Literal, TypeVar, Union

from amanat.lib.errors import Fixable, did_you_mean
from amanat.lib.toml_lines import line_at

T = TypeVar("T")


class NotToml(Fixable):
    """The file is missing, not UTF-8, or not TOML."""


class UnknownKey(Fixable):
    """A key that nobody reads: most often a typing mistake."""


class MissingKey(Fixable):
    """A key that must be there."""


class WrongType(Fixable):
    """A value of another type than the key takes."""


def read_toml(path: Path) -> dict[str, Any]:
    """The file as nested dicts; raises NotToml with path and position."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        raise NotToml(f"{path}: there is no such file") from None
    except UnicodeDecodeError as error:
        raise NotToml(f"{path}: is not UTF-8 text (byte {error.start}); save it as UTF-8") from None
    except tomllib.TOMLDecodeError as error:
        raise NotToml(f"{path}: is not valid TOML: {error}") from None


def line_of(path: Path, key: str) -> str:
    """`path:line` of the first place where `key` stands in the file, or just the path."""
    pattern = re.compile(rf"(?m)^\s*(?:\[+\s*(?:[\w\"'.-]+\.)?)?[\"']?{re.escape(key)}[\"']?\s*(?:=|\]|\.)|[{{,]\s*[\"']?{re.escape(key)}[\"']?\s*=")
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError):
        return str(path)
    found = pattern.search(text)
    return f"{path}:{text.count(chr(10), 0, found.start() + len(found[0]) - len(found[0].lstrip())) + 1}" if found else str(path)


def build(shape: type[T], table: dict[str, Any], *, where: Path, at: str = "") -> T:
    """A `shape` (dataclass) from a table of a TOML file.

    Args:
        where: the file, for the error's path and line.
        at: dotted place inside the file, for the error ("duty[2].version[0]").
    """
    hints, fields = _hints(shape)  # type: ignore[arg-type]
    inside = f" in {at}" if at else ""
    for key in table:
        if key not in fields:
            line = _line(where, f"{at}.{key}" if at else key)
            raise UnknownKey(f"{line}: unknown key {key!r}{inside}{did_you_mean(key, fields) or '.'} It takes: {', '.join(fields)}.")
    values: dict[str, Any] = {}
    for name, field in fields.items():
        if name in table:
            values[name] = _value(hints[name], table[name], where=where, at=f"{at}.{name}" if at else name)
        elif field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING:
            raise MissingKey(f"{_line(where, at)}: {name!r} is missing{inside}; add it")
    return shape(**values)


def _line(where: Path, at: str) -> str:
    # A table that a caller took out of its file has another place there; then the key alone is looked for.
    found = line_at(where, at)
    return line_of(where, at.rpartition(".")[2]) if found == str(where) else found


@cache
def _hints(shape: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    # Looked up once for each shape: a folder of laws holds thousands of values of a dozen shapes.
    return typing.get_type_hints(shape), {f.name: f for f in dataclasses.fields(shape)}


def _value(hint: Any, value: Any, *, where: Path, at: str) -> Any:
    origin, args = typing.get_origin(hint), typing.get_args(hint)
    if origin in (Union, types.UnionType):
        options = [a for a in args if a is not type(None)]
        if len(options) == 1:
            return _value(options[0], value, where=where, at=at)
        for option in options:
            if isinstance(option, type) and type(value) is option:
                return value
        if any(option in (float, Decimal) for option in options) and isinstance(value, int) and not isinstance(value, bool):
            return value
        raise _wrong(" or ".join(getattr(o, "__name__", str(o)) for o in options), value, where, at)
    if hint is Any:
        return value
    if origin is Literal:
        if value not in args:
            raise WrongType(
                f"{_line(where, at)}: {at} is {value!r}{did_you_mean(str(value), map(str, args)) or '.'} It is one of {', '.join(map(str, args))}."
            )
        return value
    if dataclasses.is_dataclass(hint) and isinstance(hint, type):
        if not isinstance(value, dict):
            raise _wrong("table", value, where, at)
        return build(hint, value, where=where, at=at)
    if origin in (tuple, list, frozenset, set):
        if not isinstance(value, list):
            raise _wrong("list", value, where, at)
        items = [_value(args[0], v, where=where, at=f"{at}[{i}]") for i, v in enumerate(value)]
        return origin(items)
    if origin is dict:
        if not isinstance(value, dict):
            raise _wrong("table", value, where, at)
        return {k: _value(args[1], v, where=where, at=f"{at}.{k}") for k, v in value.items()}
    if hint is Decimal and isinstance(value, (int, float)) and not isinstance(value, bool):
        return Decimal(str(value))
    if hint is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if hint is datetime:
        if isinstance(value, datetime) and value.tzinfo is not None:
            return value
        raise WrongType(f"{_line(where, at)}: {at} must be a moment with its offset from UTC, such as 2026-03-06T18:00:00+01:00")
    if hint is date and isinstance(value, datetime):
        raise _wrong("date", value, where, at)
    if isinstance(hint, type) and isinstance(value, hint) and not (hint is int and isinstance(value, bool)):
        return value
    raise _wrong(getattr(hint, "__name__", str(hint)), value, where, at)


def _wrong(wanted: str, value: Any, where: Path, at: str) -> WrongType:
    names = {
        "str": "text in quotes",
        "bool": "true or false",
        "int": "a whole number",
        "float": "a number",
        "Decimal": "a number",
        "table": "a table",
        "list": "a list",
        "date": "a date such as 2026-03-06",
    }
    return WrongType(f"{_line(where, at)}: {at} must be {names.get(wanted, wanted)}, not {type(value).__name__}")
