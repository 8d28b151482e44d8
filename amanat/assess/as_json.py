"""The assessment as `assessment.json` holds it, and back."""

import dataclasses
import types
import typing
from collections.abc import Callable
from datetime import datetime
from functools import cache, partial
from typing import Any

from amanat.lib.errors import Fixable
from amanat.terms.assessment import Assessment


class NotAnAssessment(Fixable):
    """A JSON that is no assessment of this version."""


def assessment_as_json(assessment: Assessment) -> dict[str, Any]:
    """Plain dicts, lists and texts; moments in ISO 8601 with their offset from UTC."""
    plain = _out(assessment)
    assert isinstance(plain, dict)
    return plain


def assessment_from_json(table: dict[str, Any]) -> Assessment:
    """The value behind `assessment_as_json`; raises NotAnAssessment."""
    try:
        found = _reader(Assessment)(table)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise NotAnAssessment(f"the assessment cannot be read ({error}); make it again with `amanat assess duties … --format json`") from None
    assert isinstance(found, Assessment)
    return found


def _out(value: Any) -> Any:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {f.name: _out(getattr(value, f.name)) for f in dataclasses.fields(value)}
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, (list, tuple)):
        return [_out(item) for item in value]
    return {key: _out(item) for key, item in value.items()} if isinstance(value, dict) else value


@cache
def _reader(hint: Any) -> Callable[[Any], Any]:
    """How a value of this type is read: found out once, for an assessment holds tens of thousands of values."""
    origin, args = typing.get_origin(hint), typing.get_args(hint)
    if origin in (types.UnionType, typing.Union):
        some = _reader(next(a for a in args if a is not type(None)))
        return lambda value: None if value is None else some(value)
    if dataclasses.is_dataclass(hint) and isinstance(hint, type):
        return partial(_object, hint, _Fields(typing.get_type_hints(hint)))
    if origin is tuple:
        each = _reader(args[0])
        return lambda value: tuple(each(item) for item in value)
    return datetime.fromisoformat if hint is datetime else lambda value: value


class _Fields(dict[str, Callable[[Any], Any]]):
    """The reader of each field, made when it is first asked for: a type may hold others of its own."""

    def __init__(self, hints: dict[str, Any]) -> None:
        super().__init__()
        self._hints = hints

    def __missing__(self, name: str) -> Callable[[Any], Any]:
        self[name] = _reader(self._hints[name])
        return self[name]


def _object(shape: Callable[..., Any], fields: _Fields, value: dict[str, Any]) -> Any:
    return shape(**{name: fields[name](item) for name, item in value.items()})
