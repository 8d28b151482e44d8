"""What a form is filled from: facts, totals of the exposures, duties, company, and what was told; never a person."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from amanat.terms.assessment import Assessment
from amanat.terms.company import Company
from amanat.terms.fact import Fact
from amanat.terms.notice import Notice
from amanat.terms.places import lies_in

if TYPE_CHECKING:
    import pyarrow as pa


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """How many persons, by place and kind: all that a form ever learns of them. "" is a place nobody knows."""

    persons: Mapping[str, int]  # sure, and outsiders
    review: Mapping[str, int]  # wait for a reviewer
    kinds: Mapping[str, Mapping[str, int]]  # kind -> place -> persons, without those who wait
    n_minors: int | None = None
    n_records: int | None = None
    n_gaps: int | None = None

    def n(self, places: tuple[str, ...] = ()) -> int:
        """Persons who live there; without places, all."""
        return sum(n for place, n in self.persons.items() if lies_in(place or None, places))

    def n_review(self, places: tuple[str, ...] = ()) -> int:
        """Persons who may live there and wait for a reviewer."""
        return sum(n for place, n in self.review.items() if lies_in(place or None, places))

    def kinds_in(self, places: tuple[str, ...] = ()) -> tuple[str, ...]:
        """Kinds of data affected of persons who live there."""
        return tuple(kind for kind, cells in self.kinds.items() if any(n and lies_in(place or None, places) for place, n in cells.items()))


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What became of the notices to the persons."""

    n: int = 0
    first_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FormCase:
    """One incident, as far as a form may know it."""

    id: str
    facts: Mapping[str, Fact]
    assessment: Assessment
    company: Company
    totals: Totals | None = None  # None: no exposures; the facts `residents` and `kinds` count then
    notices: tuple[Notice, ...] = ()
    told: Told = field(default_factory=Told)


def totals_of(exposures: "pa.Table", *, n_gaps: int | None = None) -> Totals:
    """The totals of EXPOSURES, counted without looking at one person."""
    import pyarrow.compute as pc

    counted = exposures.filter(pc.not_equal(exposures["state"], "review"))
    waiting = exposures.filter(pc.equal(exposures["state"], "review"))
    kinds: dict[str, Counter[str]] = {}
    parents = pc.list_parent_indices(counted["kinds"].combine_chunks() if counted["kinds"].num_chunks else counted["kinds"])
    flat = counted.select(["residence"]).take(parents).append_column("kind", [pc.list_flatten(counted["kinds"].combine_chunks())])
    for row in flat.group_by(["kind", "residence"]).aggregate([([], "count_all")]).to_pylist():
        kinds.setdefault(row["kind"], Counter())[row["residence"] or ""] += row["count_all"]
    return Totals(
        persons=_by_place(counted),
        review=_by_place(waiting),
        kinds={kind: dict(cells) for kind, cells in sorted(kinds.items())},
        n_minors=pc.sum(pc.equal(counted["minor"], True)).as_py() or 0,
        n_records=pc.sum(counted["n_records"]).as_py() or 0,
        n_gaps=n_gaps,
    )


def _by_place(table: "pa.Table") -> dict[str, int]:
    return {row["residence"] or "": row["count_all"] for row in table.group_by("residence").aggregate([([], "count_all")]).to_pylist()}


def case_in(folder: Path) -> FormCase:
    """The case of a folder that `amanat run --out` wrote; without exposures or notices the rest is filled all the same."""
    from amanat.notify import case as kept
    from amanat.notify.case_files import read_assessment
    from amanat.notify.store import read_notices
    from amanat.terms.fact import read_facts

    exposures = folder / "exposures.parquet"
    return FormCase(
        id=_id_of(folder),
        facts=read_facts(folder / "facts.toml"),
        assessment=read_assessment(folder / "assessment.json"),
        company=kept.company_of(folder),
        totals=totals_of(_exposures_in(folder), n_gaps=_n_gaps(folder / "gaps.csv")) if exposures.is_file() else None,
        notices=tuple(read_notices(folder)) if (folder / "notices").is_dir() else (),
        told=_told_in(folder),
    )


def _exposures_in(folder: Path) -> "pa.Table":
    from amanat.notify.case import NotACase, table_of
    from amanat.terms.exposure import EXPOSURES

    table = table_of(folder, "exposures.parquet")
    if lacking := [name for name in EXPOSURES.names if name not in table.column_names]:
        raise NotACase(f"{folder / 'exposures.parquet'}: lacks the columns {', '.join(lacking)}; make it with `amanat scope files … --out DIR`")
    return table.select(EXPOSURES.names)


def _id_of(folder: Path) -> str:
    from amanat.notify.case import NotACase, incident_of

    try:
        return incident_of(folder)
    except NotACase:
        return ""  # a folder without a journal: our own number is then asked for


def _n_gaps(path: Path) -> int | None:
    import csv

    if not path.is_file():
        return None
    with path.open(encoding="utf-8-sig", newline="") as file:
        return sum(1 for _ in csv.DictReader(file))


def _told_in(folder: Path) -> Told:
    path = folder / "receipts.parquet"
    if not path.is_file():
        return Told()
    import pyarrow.compute as pc

    from amanat.lib.parquet import read_parquet

    rows = read_parquet(path)
    reached = rows.filter(pc.is_in(rows["state"], value_set=_array(["accepted", "delivered", "opened_page"])))
    return Told(n=pc.count_distinct(reached["person_id"]).as_py(), first_at=pc.min(reached["at"]).as_py()) if reached.num_rows else Told()


def _array(items: list[str]) -> Any:
    import pyarrow as pa

    return pa.array(items)
