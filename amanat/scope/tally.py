"""Tally: what is counted for each person, from parts that were counted apart, in any order, by any number of processes."""

# Compiled loops are written plainly, and their types are Numba's.
# mypy: disable-error-code="no-untyped-def, untyped-decorator"

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa

from amanat.scope.compiled import compiled
from amanat.scope.exposures import kinds_column
from amanat.scope.outsiders import Outsiders
from amanat.scope.people import People
from amanat.scope.reviewed import PARTS
from amanat.scope.unsettled import LINKS
from amanat.terms.exposure import EXPOSURES

# One row for each person of the register; together, so that one look at memory reaches all of it.
ACCOUNT = np.dtype(
    [
        ("sure", np.uint64),  # kinds of records that are surely theirs
        ("review", np.uint64),  # kinds of records that may be theirs
        ("n_findings", np.int64),
        ("n_records", np.int64),
        ("sure_belief", np.float32),  # 0: nobody is sure of anything
        ("review_belief", np.float32),  # 0: there is nothing to review
    ]
)
OUTSIDER_BELIEF = 0.7


@dataclass(frozen=True, slots=True)
class Named:
    """Persons of records, each with what of the record is theirs; one array for each column."""

    person: Any  # int32, number in the register
    kinds: Any  # uint64
    n_findings: Any  # int32
    belief: Any  # float32

    def columns(self) -> tuple[Any, ...]:
        return self.person, self.kinds, self.n_findings, self.belief


@dataclass(frozen=True, slots=True)
class Strangers:
    """Keys of records that nobody of the register fits."""

    key: Any  # uint64
    group: Any  # int64, number of the record among the columns below
    kinds: Any  # [n records] uint64
    n_findings: Any  # [n records] int64

    def columns(self) -> tuple[Any, ...]:
        return self.key, self.group, self.kinds, self.n_findings


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """What one batch, or several in their order, hold for each person."""

    sure: Named
    review: Named
    strangers: Strangers
    links: pa.Table  # LINKS
    findings: list[pa.Table]  # FINDINGS, one for each batch
    n_records: int = 0
    n_findings: int = 0
    n_compared: int = 0
    n_capped: int = 0


def nothing() -> Counted:
    """Of no record."""
    none = Named(np.zeros(0, np.int32), np.zeros(0, np.uint64), np.zeros(0, np.int32), np.zeros(0, np.float32))
    strangers = Strangers(np.zeros(0, np.uint64), np.zeros(0, np.int64), np.zeros(0, np.uint64), np.zeros(0, np.int64))
    return Counted(sure=none, review=none, strangers=strangers, links=LINKS.empty_table(), findings=[])


def together(parts: list[Counted]) -> Counted:
    """Several as one."""
    if len(parts) == 1:
        return parts[0]
    parts = [nothing(), *parts]
    before = np.cumsum([0, *(len(part.strangers.kinds) for part in parts)])
    key, group, kinds, n_findings = zip(*(part.strangers.columns() for part in parts), strict=True)
    groups = [each + base for each, base in zip(group, before, strict=False)]
    return Counted(
        sure=Named(*map(np.concatenate, zip(*(part.sure.columns() for part in parts), strict=True))),
        review=Named(*map(np.concatenate, zip(*(part.review.columns() for part in parts), strict=True))),
        strangers=Strangers(*map(np.concatenate, (key, groups, kinds, n_findings))),
        links=pa.concat_tables([part.links for part in parts]),
        findings=[each for part in parts for each in part.findings],
        n_records=sum(part.n_records for part in parts),
        n_findings=sum(part.n_findings for part in parts),
        n_compared=sum(part.n_compared for part in parts),
        n_capped=sum(part.n_capped for part in parts),
    )


@compiled
def _add_sure(account, person, kinds, n_findings, belief):
    for i in range(person.size):
        row = account[person[i]]
        row.sure |= kinds[i]
        row.n_findings += n_findings[i]
        row.n_records += 1
        row.sure_belief = max(row.sure_belief, belief[i])


@compiled
def _add_review(account, person, kinds, n_findings, belief):
    for i in range(person.size):
        row = account[person[i]]
        row.review |= kinds[i]
        row.n_findings += n_findings[i]
        row.n_records += 1
        row.review_belief = max(row.review_belief, belief[i])


@dataclass(slots=True, repr=False)
class Tally:
    """Adds up what was counted. The sums do not depend on the order, except that of links."""

    people: People
    key: bytes = field(repr=False)
    account: Any = None  # [n persons] ACCOUNT
    outsiders: Any = None
    links: list[pa.Table] = field(default_factory=list)
    parts: pa.Table = field(default_factory=PARTS.empty_table)  # filled by `exposures`
    n_records: int = 0
    n_findings: int = 0
    n_compared: int = 0
    n_capped: int = 0

    def __post_init__(self) -> None:
        self.account = np.zeros(len(self.people), ACCOUNT)
        self.outsiders = Outsiders(self.key)

    def add(self, counted: Counted) -> None:
        """Adds one part, but for its findings."""
        _add_sure(self.account, *counted.sure.columns())
        _add_review(self.account, *counted.review.columns())
        self.outsiders.add(*counted.strangers.columns())
        if counted.links.num_rows:
            self.links.append(counted.links)
        self.n_records += counted.n_records
        self.n_findings += counted.n_findings
        self.n_compared += counted.n_compared
        self.n_capped += counted.n_capped

    def notes(self) -> list[str]:
        """A sentence about records that could not be compared with everybody."""
        if not self.n_capped:
            return []
        return [
            f"{self.n_capped:,} of {self.n_compared:,} records without a key were compared only with persons who share their birth date or address,"
            " because too many persons have a name like theirs; such records can name a person only together with one of the two."
        ]

    def exposures(self) -> pa.Table:
        """EXPOSURES of everything added so far: persons of the register in its order, then outsiders by id."""
        people = self.people
        is_sure, is_review = self.account["sure_belief"] > 0, self.account["review_belief"] > 0
        rows = np.flatnonzero(is_sure | is_review)
        account, is_sure = self.account[rows], is_sure[rows]
        ids = people.ids.take(pa.array(rows)) if len(rows) else pa.chunked_array([], pa.string())
        minor = people.minor[rows]
        inside = pa.table(
            [
                ids,
                kinds_column(np.where(is_sure, account["sure"], account["review"])),
                pa.array(np.ascontiguousarray(account["n_findings"])),
                pa.array(np.ascontiguousarray(account["n_records"])),
                pa.array(np.where(is_sure, account["sure_belief"], account["review_belief"])),
                pa.array(["review", "sure"], pa.string()).take(pa.array(is_sure.astype(np.int8))),
                _all("content", len(rows)),
                pa.array(people.residences, pa.string()).take(pa.array(people.residence[rows])),
                pa.array(people.languages, pa.string()).take(pa.array(people.language[rows])),
                pa.array(minor == 1, pa.bool_(), mask=minor < 0),
            ],
            schema=EXPOSURES,
        )
        out_ids, out_masks, n_findings, n_records, self.parts = self.outsiders.persons()
        order = np.argsort(out_ids.to_numpy(zero_copy_only=False).astype(str), kind="stable")
        n = len(out_ids)
        outside = pa.table(
            [
                out_ids.take(pa.array(order)),
                kinds_column(out_masks[order]),
                pa.array(n_findings[order]),
                pa.array(n_records[order]),
                pa.array(np.full(n, OUTSIDER_BELIEF, np.float32)),
                _all("outsider", n),
                _all("content", n),
                pa.nulls(n, pa.string()),
                pa.nulls(n, pa.string()),
                pa.nulls(n, pa.bool_()),
            ],
            schema=EXPOSURES,
        )
        return pa.concat_tables([inside, outside]).combine_chunks()


def _all(word: str, n: int) -> pa.Array:
    """[n] times the same word."""
    return pa.array([word], pa.string()).take(pa.array(np.zeros(n, np.int8)))
