"""Case: what the incident itself says to the reckoning: how many persons, how long the services were down, which laws, which turnover."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import pyarrow as pa

from amanat.assess.edpb import SERIOUSNESS, Circumstance, FineRange, Seriousness, circumstances, starting_range
from amanat.assess.groups import groups_from_json, groups_of
from amanat.assess.situation import Situation
from amanat.terms.assessment import Assessment
from amanat.terms.fact import Fact

# With these somebody may open an account or take a loan in a person's name: monitoring is offered for them, and no law asks for less.
WATCHED = ("ssn", "tin", "national_id", "passport", "dl_state_id", "gov_id_other", "military_id", "fin_acct_with_code", "card_with_code")

# How the severity is read as the seriousness of Art 83(2)(a), (b), (g), while no person has said it. Ours, and wide on purpose.
_SERIOUSNESS: dict[str, tuple[Seriousness, ...]] = {
    "low": ("low", "medium"),
    "medium": ("low", "medium"),
    "high": ("medium", "high"),
    "very_high": ("medium", "high"),
    "unknown": SERIOUSNESS,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """Numbers of one incident; None where nobody knows."""

    persons: tuple[float, float] | None  # least and most
    watched: tuple[float, float] | None  # of them, those with kinds for which monitoring is offered
    is_by_letter_only: bool = False
    n_authority_laws: int = 0
    turnover_eur: float | None = None
    downtime_hours: float | None = None
    was_interrupted: bool | None = None
    is_rebuilt: bool | None = None
    ranges: tuple[FineRange, ...] = ()  # of fines under the GDPR; empty where it does not reach us
    circumstances: tuple[Circumstance, ...] = ()
    legal_maxima: tuple[dict[str, Any], ...] = field(default=())


def case_of(
    facts: Mapping[str, Fact],
    assessment: Assessment,
    exposures: pa.Table | None,
    *,
    counted: Sequence[Mapping[str, Any]] | None = None,
    seriousness: Seriousness | None = None,
) -> Case:
    """What the facts, the assessment and the exposures say.

    Args:
        seriousness: of the infringement, as a person decided it; None takes it from the severity, as a range.
    """
    groups = groups_from_json(counted) if counted is not None else None if exposures is None else groups_of(exposures)
    now = Situation(facts, groups)
    turnover = now.given("turnover_eur")
    # A law of which nobody knows yet whether it binds us at all stands on the clock wall, and not among the sums.
    reaching = {duty.law for duty in assessment.duties if duty.state in ("due", "undetermined") and duty.reach is True}
    return Case(
        persons=_bounds(now, ()),
        watched=_bounds(now, WATCHED),
        is_by_letter_only=assessment.channel_order == ("letter",),
        n_authority_laws=len({d.law for d in assessment.duties if d.to == "authority" and d.state == "due" and d.status == "in_force"}),
        turnover_eur=None if turnover is None else float(turnover),
        downtime_hours=next((float(v) for name in ("downtime_hours", "restore_hours") if (v := now.given(name)) is not None), None),
        was_interrupted=_interrupted(now),
        is_rebuilt=_rebuilt(now),
        ranges=_ranges(now, assessment, seriousness),
        circumstances=circumstances({name: now.given(name) for name in facts}),
        legal_maxima=tuple(row for row in assessment.fines if row["law"] in reaching),
    )


def _bounds(now: Situation, kinds: tuple[str, ...]) -> tuple[float, float] | None:
    count = now.residents((), kinds)
    return None if count.high == float("inf") else (float(count.low), float(count.high))


def _interrupted(now: Situation) -> bool | None:
    if now.given("availability_loss") is not None:
        return bool(now.given("availability_loss"))
    return True if now.given("downtime_hours") or now.given("restore_hours") or now.given("incident_kind") == "denial_of_service" else None


def _rebuilt(now: Situation) -> bool | None:
    kind = now.given("incident_kind")
    return None if kind is None else kind in ("ransomware", "malware") or bool(now.given("restore_hours"))


def _ranges(now: Situation, assessment: Assessment, seriousness: Seriousness | None) -> tuple[FineRange, ...]:
    """Infringements of the GDPR that may come to light; those of the notices only where their duty may be ours."""
    duties = {d.id: d.state for d in assessment.duties if d.law == "eu-gdpr"}
    if not any(state in ("due", "undetermined") for state in duties.values()):
        return ()
    levels = (seriousness,) if seriousness else _SERIOUSNESS[assessment.severity.band]
    turnover = now.given("turnover_eur")
    articles = ["Art 5(1)(f)", "Art 32"]
    articles += [a for a, duty in (("Art 33", "eu-gdpr.authority"), ("Art 34", "eu-gdpr.individuals")) if duties.get(duty) in ("due", "undetermined")]
    return tuple(starting_range(article, levels, None if turnover is None else Decimal(str(turnover))) for article in articles)
