"""Persons and their duties: which duties make us tell each person, by when, and which letter they get. Columns in, columns out."""

from datetime import datetime, timezone
from functools import lru_cache

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from amanat.assess.groups import alike, together, with_masks
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
    told = _told(exposures, "person_id", "residence")
    judged, numbers = _judged(assessment, told)
    of_group, ids = judged.select(PERSONS_DUTIES.names[1:]), told.column("person_id")
    parts = [
        pa.table([ids.slice(begin, _AT_ONCE), *of_group.take(pa.array(numbers[begin : begin + _AT_ONCE])).columns], schema=PERSONS_DUTIES)
        for begin in range(0, len(numbers), _AT_ONCE)
    ]
    return pa.concat_tables(parts) if parts else PERSONS_DUTIES.empty_table()


def legal_basis(assessment: Assessment, exposures: pa.Table) -> pa.Table:
    """LEGAL_BASIS: why we tell whom, one row for each distinct group of persons alike; the largest first."""
    distinct, numbers = alike(_told(exposures, "residence", "minor", "language"), ("residence", "minor", "language", "mask"))
    judged, of_group = _judged(assessment, distinct)
    masks, of_mask = alike(distinct, ("mask",))
    kinds = pa.array([list(kinds_of(mask)) for mask in masks.column("mask").to_pylist()], pa.list_(pa.string()))
    columns = {name: distinct.column(name) for name in ("residence", "minor", "language")}
    columns |= {"kinds": kinds.take(pa.array(of_mask)), "n_persons": pa.array(np.bincount(numbers, minlength=len(distinct)))}
    columns |= {name: column.take(pa.array(of_group)) for name, column in zip(judged.column_names, judged.columns, strict=True)}
    table = pa.table({name: columns[name] for name in LEGAL_BASIS.names}, schema=LEGAL_BASIS)
    order = [("n_persons", "descending"), ("residence", "ascending"), ("language", "ascending"), ("minor", "ascending")]
    return table.take(pc.sort_indices(table, sort_keys=order))


def _told(exposures: pa.Table, *names: str) -> pa.Table:
    """These columns, and the kinds as `mask`, of those who do not wait for a reviewer."""
    is_told = pc.not_equal(exposures.column("state"), "review")
    # Bits are quicker to filter than lists of texts.
    return with_masks(exposures.select([*names, "kinds"])).select([*names, "mask"]).filter(is_told)


def _judged(assessment: Assessment, persons: pa.Table) -> tuple[pa.Table, np.ndarray]:
    """What is owed to each distinct residence and set of kinds, and for each person the number of theirs."""
    distinct, numbers = alike(persons, ("residence", "mask"))
    judge = _Judge(assessment)
    rows = [judge(row["residence"], row["mask"]) for row in distinct.to_pylist()]
    texts, n = pa.list_(pa.string()), len(rows)
    columns = {
        "laws": pa.array([list(dict.fromkeys(d.law for d in due)) for due, _ in rows], texts),
        "duty_ids": pa.array([[d.id for d in due] for due, _ in rows], texts),
        "due_at": pa.array([_first(due) for due, _ in rows], PERSONS_DUTIES.field("due_at").type),
        "letter_group": pa.array([letter for _, letter in rows], pa.string()),
        "content": pa.array([list(dict.fromkeys(item for d in due for item in d.content)) for due, _ in rows], texts),
        "channel_order": pa.array([list(assessment.channel_order)] * n, texts),
    }
    return pa.table(columns), numbers


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
