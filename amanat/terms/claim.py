"""Claim: a person reports that their data were misused, or that the incident hurt them, and gets an answer by a date."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

ClaimState = Literal["received", "asked_back", "accepted", "in_part", "rejected", "withdrawn"]
# How the reported harm hangs together with the incident. Only a person decides on the claim; this is what they look at first.
LinkState = Literal["likely", "possible", "unlikely", "cannot_say"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """What the person says, without their words: those are private and stay encrypted."""

    harm: str  # file name in care/harms
    happened_on: date | None  # None: not said
    received_at: datetime
    lost_eur: Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """Advice on whether the harm comes from the incident, with its reasons as codes that screens put into words."""

    state: LinkState
    reasons: tuple[str, ...]
