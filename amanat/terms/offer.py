"""Offer: help or goodwill that a person may take. The ledger says who took what; accepting never costs a right."""

from dataclasses import dataclass
from typing import Literal

import pyarrow as pa

OfferState = Literal["open", "accepted", "declined", "given"]

# One row for each change of an offer's state, as the ledger exports them.
OFFERS = pa.schema(
    [
        ("person_id", pa.string()),
        ("offer", pa.string()),  # file name in care/offers
        ("state", pa.string()),  # an OfferState
        ("is_owed", pa.bool_()),  # the law wants it: whatever the person answered, it stays due until given
        ("amount", pa.float64()),
        ("unit", pa.string()),  # eur | percent | points | months
        ("cost_eur", pa.float64()),
        ("at", pa.timestamp("us", tz="UTC")),
    ]
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Harm:
    """What happened to one person, and nothing else: whoever decides on offers sees neither value nor language nor name."""

    kinds: frozenset[str]
    basis: str  # content | access | service
    residence: str | None
