"""Persons and their duties: which duties make us tell each person, by when, and which letter they get. Columns in, columns out."""

from datetime import datetime, timezone
from functools import lru_cache

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from amanat.assess.groups import alike, together
from amanat.terms.assessment import LEGAL_BASIS, PERSONS_DUTIES, Assessment, Duty
from amanat.terms.kinds import kinds_of
from amanat.terms.places import SUBDIVISIONS, country_of, lies_in

GENERAL = "general"

# Persons whose rows are made in one go: lists of several million texts would not fit the 32-bit offsets of one column.
_AT_ONCE = 1_000_000


def persons_duties(assessment: Assessment, exposures: pa.Table) -> pa.Table:
    """PERSONS_DUTIES: one row for each person who is sure, or an outsider. Those in review wait for a reviewer.

    Persons with the same residence and kinds are judged once; ten million persons are a few thousand judgements.
    """
    told = _told(exposures)
    distinct, numbers = alike(told, ("residence",))
    judge = _Judge(assessment)
    judged = [judge(row["residence"], row["mask"]) for row in distinct.to_pylist()]
    of_group = pa.table(
        {
            "duty_ids": pa.array([[d.id for d in due] for due, _ in judged], pa.list_(pa.string())),
            "letter_group": pa.array([letter for _, letter in judged], pa.string()),
            "channel_order": pa.array([list(assessment.channel_order)] * len(judged), pa.list_(pa.string())),
            "due_at": pa.array([_first(due) for due, _ in judged], PERSONS_DUTIES.field("due_at").type),
        }
    )
    ids = told.column("person_id")
    parts = [
        pa.table([ids.slice(begin, _AT_ONCE), *of_group.take(pa.array(numbers[begin : begin + _AT_ONCE])).columns], schema=PERSONS_DUTIES)
        for begin in range(0, len(numbers), _AT_ONCE)
    ]
    return pa.concat_tables(parts) if parts else PERSONS_DUTIES.empty_table()


def legal_basis(assessment: Assessment, exposures: pa.Table) -> pa.Table:
    """LEGAL_BASIS: why we tell whom, one row for each distinct group of persons alike; the largest first."""
    distinct, numbers = alike(_told(exposures), ("residence", "minor", "language"))
    judge, rows = _Judge(assessment), []
    for row, n in zip(distinct.to_pylist(), np.bincount(numbers, minlength=len(distinct)).tolist(), strict=True):
        due, letter = judge(row["residence"], row["mask"])
        rows.append(
            {
                "residence": row["residence"],
                "kinds": list(kinds_of(row["mask"])),
                "minor": row["minor"],
                "language": row["language"],
                "n_persons": n,
                "laws": list(dict.fromkeys(d.law for d in due)),
                "duty_ids": [d.id for d in due],
                "due_at": _first(due),
                "letter_group": letter,
                "content": list(dict.fromkeys(item for d in due for item in d.content)),
                "channel_order": list(assessment.channel_order),
            }
        )
    rows.sort(key=lambda row: (-row["n_persons"], row["residence"] or "", row["kinds"], row["language"] or "", str(row["minor"])))
    return pa.Table.from_pylist(rows, schema=LEGAL_BASIS)


def _told(exposures: pa.Table) -> pa.Table:
    return exposures.filter(pc.not_equal(exposures.column("state"), "review"))


def _first(due: list[Duty]) -> datetime | None:
    """The earliest of the deadlines that have a date."""
    dates = [d.due_at for d in due if d.due_at is not None]
    return min(dates).astimezone(timezone.utc) if dates else None


class _Judge:
    """Which duties are owed to a person, and which letter; of one assessment, for one residence and set of kinds after the other."""

    def __init__(self, assessment: Assessment) -> None:
        # What nobody has to do makes us tell nobody, and chooses no letter.
        self._owed = [d for d in assessment.duties if d.to == "individuals" and d.status not in ("proposed", "voluntary")]
        self._here = lru_cache(maxsize=None)(self._of_place)

    def __call__(self, place: str | None, mask: int) -> tuple[list[Duty], str]:
        kinds = together(kinds_of(mask))
        mine = [d for d in self._here(place) if not d.kinds or not kinds.isdisjoint(d.kinds)]
        due = [d for d in mine if d.state == "due"]
        # A duty that may yet become due shapes the letter as well: a letter that holds more than it must does no harm.
        # One of which nobody knows yet whether it reaches us at all, such as a telecom law, does not.
        letters = [d for d in mine if d.letter_group and (d.state == "due" or (d.state == "undetermined" and d.reach is True))]
        return due, min(letters, key=lambda d: (d.state != "due", _width(d, place), d.id)).letter_group if letters else GENERAL

    def _of_place(self, place: str | None) -> list[Duty]:
        return [d for d in self._owed if _may_be_owed(d, place)]


def _may_be_owed(duty: Duty, place: str | None) -> bool:
    if duty.is_beyond_places or lies_in(place, duty.places):
        return True
    # Only the country is known: the person may live in the state.
    return bool(place) and place not in SUBDIVISIONS and any(p in SUBDIVISIONS and country_of(p) == place for p in duty.places)


def _width(duty: Duty, place: str | None) -> int:
    """How narrowly the duty looks at the person's place: the state's own letter comes before a wider one."""
    return 0 if place in duty.places else 1 if lies_in(place, duty.places) else 2
