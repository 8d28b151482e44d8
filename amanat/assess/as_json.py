"""The assessment as `assessment.json` holds it, and back."""

import dataclasses
import types
import typing
from datetime import datetime
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
        found = _in(Assessment, table)
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


def _in(hint: Any, value: Any) -> Any:
    origin, args = typing.get_origin(hint), typing.get_args(hint)
    if origin in (types.UnionType, typing.Union):
        return None if value is None else _in(next(a for a in args if a is not type(None)), value)
    if dataclasses.is_dataclass(hint) and isinstance(hint, type):
        hints = typing.get_type_hints(hint)
        return hint(**{name: _in(hints[name], item) for name, item in value.items()})
    if origin is tuple:
        return tuple(_in(args[0], item) for item in value)
    return datetime.fromisoformat(value) if hint is datetime else value
