"""Case: a person's support matter. Many cases about the same thing may hang on one master case, which is answered once."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

CaseState = Literal["open", "answered", "closed"]
Channel = Literal["page", "email", "phone", "letter"]
# Why somebody is served before others, the most pressing first.
Urgency = Literal["depends", "safety", "need", "harm", "other"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """What the desk sorts by; the words of the person are private and stay encrypted."""

    id: str
    opened_at: datetime
    urgency: Urgency
    state: CaseState = "open"
    answered_at: datetime | None = None
