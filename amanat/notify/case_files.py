"""The assessment of a case folder, as far as notices need it: the duties to individuals with what their letters must hold."""

import json
from dataclasses import fields
from datetime import datetime
from pathlib import Path
from typing import Any

from amanat.lib.errors import Fixable
from amanat.terms.assessment import Assessment, Duty, Severity


class NotAnAssessment(Fixable):
    """A file that is no assessment of this version."""


def read_assessment(path: Path) -> Assessment:
    """The assessment of an `assessment.json`; the reasons of duties, fines and questions are left out, for no notice needs them."""
    try:
        body = json.loads(path.read_text(encoding="utf-8"))
        severity = _build(Severity, body["severity"])
        duties = tuple(_build(Duty, {**duty, "why": []}) for duty in body["duties"])
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise NotAnAssessment(f"{path}: is not an assessment ({error}); make it again with `amanat assess duties`") from None
    return Assessment(severity=severity, duties=duties, fines=(), questions=(), assumed=())


def _build(shape: Any, table: dict[str, Any]) -> Any:
    known = {field.name for field in fields(shape)}
    values: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in table.items() if name in known}
    for name in ("due_at", "from_at"):
        if isinstance(values.get(name), str):
            values[name] = datetime.fromisoformat(values[name])
    return shape(**values)
