"""Cases for the tests of forms: facts of an example, a company, and duties; nobody in them exists."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timezone
from typing import Any

from amanat.notify.form_case import FormCase, Told, Totals
from amanat.terms.assessment import Assessment, Severity
from amanat.terms.company import AuthorityContact
from amanat.terms.fact import Fact
from tests.notify.writing_world import COMPANY, duty

NOW = datetime(2026, 3, 8, 9, tzinfo=timezone.utc)
FULL = replace(
    COMPANY,
    registration="000 000 000",
    lei="00000000000000000000",
    dpo="Nima Exemple",
    authority_contact=(
        AuthorityContact(name="Claire Exemple", function="Managing Director", email="claire@hotel.example", phone="+33199001234"),
        AuthorityContact(name="Nima Exemple", function="Data-protection officer", email="dpo@hotel.example", phone="+33199001235"),
    ),
)


def ledger(facts: Mapping[str, Any], status: str = "known") -> dict[str, Fact]:
    """Facts with their values; None is "unknown"."""
    return {
        name: Fact(name=name, value=value, status="unknown" if value is None else status)  # type: ignore[arg-type]
        for name, value in facts.items()
    }


def a_case(
    facts: Mapping[str, Any] | None = None, *, due: Mapping[str, datetime | None] | None = None, totals: Totals | None = None, **more: Any
) -> FormCase:
    """A case with these facts; `due` names duties that are due, with their deadline."""
    severity = Severity(score=2.5, band="medium", context=2, identification=1, circumstances=0.5, reasons=(), overrides=(), advice="risk")
    duties = tuple(replace(duty(id.split(".")[0], (), "Europe/Paris"), id=id, to="authority", due_at=at) for id, at in (due or {}).items())
    assessment = Assessment(severity=severity, duties=duties, fines=(), questions=(), assumed=())
    given: dict[str, Any] = {"id": "inc-1", "company": COMPANY, "told": Told(), "notices": ()}
    return FormCase(facts=ledger(facts or {}), assessment=assessment, totals=totals, **{**given, **more})
