"""What reviewers decided about persons, applied to exposures that a later run finds.

The decisions are a file that people can read and correct; nothing is learned from them but what they say. A decision about
somebody who is no longer found is told, and not applied to anybody else.
"""

import csv
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from amanat.lib.errors import Fixable, did_you_mean
from amanat.terms.exposure import EXPOSURES
from amanat.terms.kinds import kinds_of, mask_of

COLUMNS = ("person_id", "decision", "n_records")
DECISIONS = ("confirmed", "refused", "merged", "split")
OUTSIDE = "out-"

# Of each value that makes an outsider: the outsider it is part of, the id it would have alone, and what stands in records with it.
PARTS = pa.schema(
    [("person_id", pa.string()), ("part", pa.string()), ("kinds", pa.list_(pa.string())), ("n_findings", pa.int64()), ("n_records", pa.int64())]
)


class BadReviews(Fixable):
    """The file of reviews cannot be used."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """One decision: it is this person, it is not, it is the same as another, or it is several."""

    decision: str
    n_records: int = 0  # that the reviewer saw
    same_as: str = ""  # of merged: the person who stays


def read_reviews(path: Path) -> dict[str, Review]:
    """Decisions by person, from a CSV file with person_id, decision and n_records, and same_as where persons are merged."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            if missing := [name for name in COLUMNS if name not in (reader.fieldnames or ())]:
                raise BadReviews(f"{path}: has no column {' and no column '.join(missing)}; its first line must be {','.join(COLUMNS)},same_as")
            return {row["person_id"]: _review(row, f"{path}, row {number}") for number, row in enumerate(reader, start=2)}
    except (OSError, UnicodeDecodeError) as error:
        raise BadReviews(f"{path}: cannot be read; give a CSV file in UTF-8 with the columns {', '.join(COLUMNS)}") from error


def _review(row: Mapping[str, str], where: str) -> Review:
    decision, seen, same_as = (str(row.get(name) or "").strip() for name in ("decision", "n_records", "same_as"))
    if decision not in DECISIONS:
        raise BadReviews(f"{where}: decision must be {', '.join(DECISIONS[:-1])} or {DECISIONS[-1]}{did_you_mean(decision, DECISIONS)}")
    if not seen.isdecimal() and decision in ("confirmed", "refused"):
        raise BadReviews(f"{where}: n_records must be the number of records that the reviewer saw, as in exposures.parquet")
    if decision == "merged" and (not same_as or same_as == row["person_id"]):
        raise BadReviews(f"{where}: same_as must name the other person, who stays")
    if decision == "split" and not row["person_id"].startswith(OUTSIDE):
        raise BadReviews(f"{where}: only persons outside the register are split; a person of the register is confirmed or refused")
    return Review(decision=decision, n_records=int(seen) if seen.isdecimal() else 0, same_as=same_as)


def with_reviews(
    exposures: pa.Table,
    reviews: Mapping[str, Review],
    *,
    outsiders: pa.Table | None = None,
    person_of: Callable[[str], Mapping[str, Any] | None] = lambda person_id: None,
) -> tuple[pa.Table, list[str]]:
    """EXPOSURES after the reviewers' word, and sentences about decisions that could not be applied.

    Confirmed persons are sure, refused ones are gone. Only persons whom scope itself leaves open are touched by the two: who is sure now is sure
    whatever was said earlier. A refusal holds for the records that the reviewer saw; when more have been found since, the person waits for a
    reviewer again. Merged persons become one; an outsider that is split becomes one person for each value.

    Args:
        outsiders: PARTS; with it a decision finds an outsider whose id has changed because more of their values were found.
        person_of: residence, language and minor of a person of the register who is in no file under their own keys; None: no such person.
    """
    now_called = _names_of(outsiders)
    structure = {person: review for person, review in reviews.items() if review.decision in ("merged", "split")}
    lost = 0
    if structure:
        named = {*structure, *(review.same_as for review in structure.values())}
        is_touched = pc.is_in(
            exposures.column("person_id"), value_set=pa.array([*named, *(now_called.get(name, name) for name in named)], pa.string())
        )
        rows = {row["person_id"]: row for row in exposures.filter(is_touched).to_pylist()}
        for person, review in structure.items():
            if review.decision == "split":
                lost += not _split(rows, now_called.get(person, person), outsiders)
        # A merge may name somebody who is merged further.
        stays = {person: review.same_as for person, review in structure.items() if review.decision == "merged"}
        for person in stays:
            lost += not _merge(rows, person, _last(stays, person), now_called, person_of)
        exposures = _in_order(exposures.filter(pc.invert(is_touched)), rows)
    exposures = _judged(exposures, reviews)
    notes = []
    if lost:
        notes.append(f"{lost:,} of {len(reviews):,} decisions of reviewers name persons who were not found in this run; they were not applied.")
    return exposures, notes


def _in_order(others: pa.Table, rows: Mapping[str, Mapping[str, Any]]) -> pa.Table:
    """Persons of the register first, outsiders by their ids, as in every run."""
    whole = pa.concat_tables([others, pa.Table.from_pylist(list(rows.values()), schema=EXPOSURES)])
    is_outside = pc.starts_with(whole.column("person_id"), OUTSIDE)
    outside = whole.filter(is_outside)
    return pa.concat_tables([whole.filter(pc.invert(is_outside)), outside.sort_by("person_id")]).combine_chunks()


def _names_of(outsiders: pa.Table | None) -> dict[str, str]:
    if outsiders is None:
        return {}
    return dict(zip(outsiders.column("part").to_pylist(), outsiders.column("person_id").to_pylist(), strict=True))


def _last(stays: Mapping[str, str], person: str) -> str:
    seen = {person}
    while person in stays and stays[person] not in seen:
        person = stays[person]
        seen.add(person)
    return person


def _split(rows: dict[str, dict[str, Any]], person: str, outsiders: pa.Table | None) -> bool:
    if person not in rows or outsiders is None:
        return False
    whole = rows.pop(person)
    for part in outsiders.filter(pc.equal(outsiders.column("person_id"), person)).to_pylist():
        rows[part["part"]] = whole | {"person_id": part["part"]} | {name: part[name] for name in ("kinds", "n_findings", "n_records")}
    return True


def _merge(
    rows: dict[str, dict[str, Any]],
    person: str,
    other: str,
    now_called: Mapping[str, str],
    person_of: Callable[[str], Mapping[str, Any] | None],
) -> bool:
    person = person if person in rows else now_called.get(person, person)
    other = other if other in rows else now_called.get(other, other)
    if person == other:
        return True
    if person not in rows:
        return False
    if other not in rows:
        known = person_of(other)
        if known is None:
            return False
        rows[other] = rows[person] | dict(known) | {"person_id": other, "kinds": [], "n_findings": 0, "n_records": 0}
    one, two = rows[other], rows.pop(person)
    is_known = not other.startswith(OUTSIDE)
    # What a reviewer says of a person of the register makes them sure; two outsiders stay outside.
    rows[other] = one | {
        "kinds": _joined(one["kinds"], two["kinds"]),
        "n_findings": one["n_findings"] + two["n_findings"],
        "n_records": one["n_records"] + two["n_records"],
        "belief": 1.0 if is_known else max(one["belief"], two["belief"]),
        "state": "sure" if is_known else one["state"],
        "basis": min(one["basis"], two["basis"], key=("content", "access", "service").index),
    }
    return True


def _joined(one: Sequence[str], two: Sequence[str]) -> list[str]:
    return list(kinds_of(mask_of([*one, *two])))


def _judged(exposures: pa.Table, reviews: Mapping[str, Review]) -> pa.Table:
    is_open = pc.equal(exposures.column("state"), "review").to_numpy()
    decision, seen = np.full(exposures.num_rows, "", object), np.zeros(exposures.num_rows, np.int64)
    ids = exposures.column("person_id")
    for row in np.flatnonzero(is_open).tolist():
        if (review := reviews.get(ids[row].as_py())) is not None:
            decision[row], seen[row] = review.decision, review.n_records
    confirmed = decision == "confirmed"
    refused = (decision == "refused") & (exposures.column("n_records").to_numpy() <= seen)
    state = pc.if_else(pa.array(confirmed), pa.scalar("sure"), exposures.column("state"))
    belief = pc.if_else(pa.array(confirmed), pa.scalar(1.0, pa.float32()), exposures.column("belief"))
    for name, column in (("state", state), ("belief", belief)):
        exposures = exposures.set_column(exposures.schema.get_field_index(name), exposures.schema.field(name), column)
    return exposures.filter(pa.array(~refused))
