"""Why: on what it rests that records of the stolen files are a person's; places and kinds, never a value."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from amanat.lib.errors import Fixable

SAYS = {
    "name": "the same name",
    "name_sounds_alike": "a name that sounds the same, spelled otherwise",
    "name_with_a_mistake": "a name one mistake away",
    "name_initial": "an initial of the name",
    "other_name": "but a part of the name is another",
    "birth_date": "the same birth date",
    "birth_date_with_a_mistake": "a birth date that differs in one part",
    "other_birth_date": "but another birth date",
    "address": "the same address",
    "part_of_the_address": "a part of the address",
    "other_address": "but another address",
    "shared_key": "a number or address that this person shares with others",
    "not_all_compared": "(so many have such a name that not all were compared)",
}


class NotInCase(Fixable):
    """The case has no such person, or is no case."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """One record, and why it is taken to be the person's."""

    path: str
    place: str
    record: int
    belief: float | None  # of likeness; None: a key says it
    state: str  # sure | review | key
    reasons: tuple[str, ...]  # of SAYS; or identifiers whose values are the person's
    other: tuple[str, ...]  # identifiers of one person whose values there are not theirs

    def sentence(self) -> str:
        """It in words."""
        where = ", ".join(part for part in (self.path, self.place) if part) + f", record {self.record:,}"
        if self.state == "key":
            against = f"; beside it there is another person's {', '.join(self.other)}" if self.other else ""
            return f"{where}: the person's own {', '.join(self.reasons) or 'values'}{against}."
        surely = "surely the same person" if self.state == "sure" else "perhaps the same person"
        return f"{where}: {surely} (probability {self.belief:.3f}): {', '.join(SAYS[reason] for reason in self.reasons)}."


def why(person_id: str, case: Path) -> tuple[dict[str, Any], list[Reason]]:
    """The person's exposure and the reasons for it, in the order of the files.

    Raises:
        NotInCase: the folder holds no results, or nobody with this id.
    """
    exposure = _rows(case / "exposures.parquet", person_id)
    if not exposure:
        raise NotInCase(f"{case}: nobody in exposures.parquet has this number; take it from the list of persons")
    found = [
        Reason(
            path=row["path"],
            place=row["place"],
            record=row["record"],
            belief=None,
            state="key",
            reasons=tuple(row["same"]),
            other=tuple(row["other"]),
        )
        for row in _rows(case / "places.parquet", person_id)
    ]
    likely = [
        Reason(
            path=row["path"],
            place=row["place"],
            record=row["record"],
            belief=row["belief"],
            state=row["state"],
            reasons=tuple(row["reasons"]),
            other=(),
        )
        for row in _rows(case / "links.parquet", person_id)
    ]
    return exposure[0], sorted(likely + found, key=lambda reason: (reason.path, reason.record, reason.state))


def bases_of(person_id: str, case: Path) -> list[dict[str, Any]]:
    """Why somebody is listed, where it is not the files alone: {"basis", "source", "kinds", "belief"}, the surest first."""
    if not (case / "bases.parquet").is_file():
        return []
    rows = [{name: row[name] for name in ("basis", "source", "kinds", "belief")} for row in _rows(case / "bases.parquet", person_id)]
    return sorted((row for row in rows if row["basis"] != "content"), key=lambda row: (-row["belief"], row["source"]))


def _rows(path: Path, person_id: str) -> list[dict[str, Any]]:
    try:
        table: pa.Table = pq.read_table(path, filters=pc.field("person_id") == person_id)
    except (OSError, pa.ArrowInvalid):
        raise NotInCase(f"{path}: cannot be read; name the folder that `amanat scope files --out` or `amanat run --out` has written") from None
    return table.to_pylist()
