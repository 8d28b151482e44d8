"""What amanat itself sent, asked and answered: receipts, answers of the survey after help, cases of the desk.

Its own records count before what a table says of the same thing: a receipt is proof, and who answered is known.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from amanat.terms.answer import SCALES
from amanat.terms.event import EVENTS
from amanat.terms.measure import Reason
from amanat.terms.sending import RECEIPTS
from amanat.trust import chances
from amanat.trust.moments import Aside, moments

REACHED = ("accepted", "delivered", "opened_page")
NOT_TRIED = ("queued", "idle")
LEAST = 10  # answers, for a level that is shown
ASKED = ("nps", "csat")  # what the table of events asks on the same scale, so that others can be compared
CASES = ("opened_at", "due_at", "answered_at", "state")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reached:
    """The persons who were to be told, and when a receipt first says that a notice reached each of them."""

    is_told: Any  # [n] bool
    at_us: Any  # [n] microseconds since 1970; meaningless where not told
    by: Mapping[str, list[dict[str, Any]]]  # "channel", "language", "residence" -> [{"name", "n", "reached"}]


@dataclass(frozen=True, slots=True, kw_only=True)
class Own:
    """Amanat's own records, as far as they were given."""

    reached: Reached | None = None
    told: pa.Table | None = None  # EVENTS of the kind `told`
    answers: pa.Table | None = None  # EVENTS of the kind `answer`, for ASKED
    levels: list[dict[str, Any]] = field(default_factory=list)  # each question with n and, from LEAST answers on, its level and interval
    help: dict[str, Any] | None = None
    aside: tuple[Aside, ...] = ()


def read(exposures: pa.Table, *, receipts: Path | None, answers: Path | None, cases: Path | None, now: datetime) -> Own:
    """The records in these files: RECEIPTS, ANSWERS, and a table with the columns CASES."""
    from amanat.trust.tables import read_table

    aside: list[Aside] = []
    reached = told = said = None
    levels: list[dict[str, Any]] = []
    helped = None
    if receipts:
        table = read_table(receipts, RECEIPTS.names, ("sending_id", "person_id", "channel", "state", "at"))
        told, tried = _told(table.set_column(table.column_names.index("at"), "at", moments(table["at"], "at", aside)))
        reached = _reached(exposures, told, tried, aside)
    if answers:
        table = read_table(answers, ("person_id", "at", *SCALES), ("person_id", "at"))
        at = moments(table["at"], "at", aside)
        scores = {name: _scores(table[name], name, aside) for name in SCALES if name in table.column_names}
        levels = [level(name, np.asarray(score.drop_null().to_numpy(), dtype=np.float64)) for name, score in scores.items()]
        said = pa.concat_tables(
            [_as_answers(table["person_id"], at, name, scores[name]) for name in ASKED if name in scores] or [EVENTS.empty_table()]
        )
    if cases:
        table = read_table(cases, CASES, CASES)
        opened, due, answered = (moments(table[name], name, aside, bad="no_moment") for name in CASES[:3])
        # A case without an answer has no moment of one: that is no mistake.
        aside[:] = [one for one in aside if one.code != "no_moment"]
        helped = _help(opened, due, answered, table["state"].cast(pa.string()), now)
    return Own(reached=reached, told=told, answers=said, levels=levels, help=helped, aside=tuple(aside))


def _told(receipts: pa.Table) -> tuple[pa.Table, pa.Table]:
    """When each person was first reached on each channel (EVENTS), and who was tried on which channel.

    What counts is what became of a sending in the end: a message that was accepted and then bounced reached nobody.
    """
    rows = receipts.filter(pc.is_valid(receipts["at"])).append_column("row", pa.array(range(len(receipts.filter(pc.is_valid(receipts["at"]))))))
    rows = rows.sort_by([("at", "ascending"), ("row", "ascending")])
    last = rows.group_by("sending_id", use_threads=False).aggregate([("state", "last"), ("person_id", "last"), ("channel", "last")])
    good = last.filter(pc.is_in(last["state_last"], pa.array(REACHED)))["sending_id"]
    proofs = rows.filter(pc.and_(pc.is_in(rows["sending_id"], value_set=_one(good)), pc.is_in(rows["state"], pa.array(REACHED))))
    first = proofs.group_by(["person_id", "channel"], use_threads=False).aggregate([("at", "min")])
    tried = rows.filter(pc.invert(pc.is_in(rows["state"], pa.array(NOT_TRIED)))).group_by(["person_id", "channel"], use_threads=False).aggregate([])
    told = {"person_id": first["person_id"], "at": first["at_min"], "kind": pa.array(["told"] * len(first), pa.string()), "source": first["channel"]}
    return _as_events(told, len(first)), tried


def _reached(exposures: pa.Table, told: pa.Table, tried: pa.Table, aside: list[Aside]) -> Reached:
    """Of those who are sure and to be told; receipts of anybody else are counted and change nothing."""
    owed = exposures.filter(pc.and_(pc.equal(exposures["state"], "sure"), exposures["to_tell"]))
    ids = _one(owed["person_id"].unique())
    if n := len(set(told.filter(pc.invert(pc.is_in(told["person_id"], value_set=ids)))["person_id"].to_pylist())):
        aside.append(Aside("told_others", n))
    first = told.group_by("person_id", use_threads=False).aggregate([("at", "min")])
    at = first["at_min"].cast(pa.int64()).take(pc.index_in(ids, value_set=_one(first["person_id"])))
    is_told = np.asarray(pc.is_valid(at))
    by = {"channel": _by_channel(ids, told, tried)}
    first_rows = pc.index_in(ids, value_set=_one(owed["person_id"]))
    for name in ("language", "residence"):
        values = pc.fill_null(owed[name].take(first_rows), "")
        table = pa.table({"name": values, "told": pa.array(is_told.astype(np.int64))}).group_by("name", use_threads=False)
        rows = table.aggregate([("told", "count"), ("told", "sum")]).to_pylist()
        by[name] = _in_order([{"name": row["name"], "n": row["told_count"], "reached": row["told_sum"]} for row in rows])
    return Reached(is_told=is_told, at_us=np.asarray(pc.fill_null(at, 0).to_numpy()), by=by)


def _by_channel(ids: Any, told: pa.Table, tried: pa.Table) -> list[dict[str, Any]]:
    n = [_per_channel(one, column, ids) for one, column in ((tried, "channel"), (told, "source"))]
    return _in_order([{"name": name, "n": many, "reached": n[1].get(name, 0)} for name, many in n[0].items()])


def _per_channel(table: pa.Table, column: str, ids: Any) -> dict[str, int]:
    counted = table.filter(pc.is_in(table["person_id"], value_set=ids))[column].value_counts().to_pylist()
    return {row["values"] or "": row["counts"] for row in counted}


def _in_order(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(rows, key=lambda row: (-row["n"], row["name"]))


def level(question: str, scores: Any) -> dict[str, Any]:
    """How affected persons answered one question: the Net Promoter Score in points, the share of the satisfied, or the mean, with its interval."""
    found: dict[str, Any] = {"question": question, "n": len(scores), "value": None, "low": None, "high": None}
    if len(scores) < LEAST:
        return found
    if question == "nps":
        estimate, ends = chances.normal(*chances.net_promoters(scores)), (-100.0, 100.0)
    elif question == "csat":
        estimate, ends = chances.wilson(int((scores >= 4).sum()), len(scores)), (0.0, 1.0)
    else:
        estimate = chances.normal(float(scores.mean()), float(scores.var(ddof=1)) / len(scores))
        ends = tuple(float(end) for end in SCALES[question])  # type: ignore[assignment]
    return found | {"value": estimate.value, "low": max(ends[0], estimate.low), "high": min(ends[1], estimate.high)}


def _scores(column: Any, name: str, aside: list[Aside]) -> Any:
    """Whole numbers on the question's scale; anything else is null and counted."""
    from amanat.trust.tables import numbers

    read = numbers(column, name, aside)
    least, most = SCALES[name]
    fits = pc.and_(pc.and_(pc.greater_equal(read, least), pc.less_equal(read, most)), pc.equal(read, pc.floor(read)))
    if n := int(pc.sum(pc.invert(fits)).as_py() or 0):
        aside.append(Aside("off_scale", n, name))
    return pc.if_else(fits, read, pa.scalar(None, pa.float64()))


def _as_answers(person: Any, at: Any, question: str, score: Any) -> pa.Table:
    n = len(person)
    columns = {"person_id": person, "at": at, "kind": pa.array(["answer"] * n, pa.string()), "question": pa.array([question] * n), "score": score}
    made = _as_events(columns, n)
    return made.filter(pc.and_(pc.is_valid(made["score"]), pc.is_valid(made["at"])))


def _as_events(columns: dict[str, Any], n: int) -> pa.Table:
    return pa.table({f.name: columns[f.name].cast(f.type) if f.name in columns else pa.nulls(n, f.type) for f in EVENTS}, schema=EVENTS)


def _help(opened: Any, due: Any, answered: Any, state: Any, now: datetime) -> dict[str, Any]:
    """How many cases there were, how many of those whose time is over were answered in time, and how long persons waited.

    Closed ones needed no answer.
    """
    counts = pc.not_equal(pc.fill_null(state, ""), "closed")
    is_said = np.asarray(pc.equal(state.filter(counts), "answered"))
    opened, due, answered = (np.asarray(one.filter(counts).cast(pa.int64()).to_numpy(), dtype=np.float64) for one in (opened, due, answered))
    is_answered = ~np.isnan(answered)
    hours = (answered - opened)[is_answered] / 3_600_000_000
    is_over = is_answered | (due < now.timestamp() * 1_000_000)
    return {
        "n": len(opened),
        "answered": int(is_answered.sum()),
        "over": int(is_over.sum()),
        "in_time": int((is_answered & (answered <= due) & is_said).sum()),
        "median_hours": float(np.median(hours)) if len(hours) else None,
        "ninth_tenth_hours": float(np.quantile(hours, 0.9)) if len(hours) else None,
    }


def joined(events: pa.Table, own: Own, exposures: pa.Table) -> tuple[pa.Table, list[Reason]]:
    """The events with amanat's own records in place of what the table says of the same, and which of the two was used."""
    from_where: list[Reason] = []
    n_told = int(pc.sum(pc.equal(events["kind"], "told")).as_py() or 0)
    if own.told is not None and len(own.told):
        events = pa.concat_tables([events.filter(pc.not_equal(events["kind"], "told")), own.told])
        n = len(own.told["person_id"].unique())
        from_where.append(Reason(code="told_own", values={"n": n, "table": n_told}))
    elif n_told:
        from_where.append(Reason(code="told_table" if own.told is None else "told_table_only", values={"n": n_told}))
    sure = _one(exposures.filter(pc.equal(exposures["state"], "sure"))["person_id"])
    is_answer = pc.equal(events["kind"], "answer")
    n_answers = int(pc.sum(is_answer).as_py() or 0)
    if own.answers is not None and len(own.answers):
        asked = pa.array(sorted(set(own.answers["question"].to_pylist())))
        # Only afterwards: what the same persons answered before the incident is what they are compared with.
        told = events.filter(pc.equal(events["kind"], "told"))["at"]
        first = min(at for one in (told, own.answers["at"]) if (at := pc.min(one).as_py()) is not None)
        theirs = pc.and_(pc.and_(is_answer, pc.is_in(events["question"], value_set=asked)), pc.is_in(events["person_id"], value_set=sure))
        theirs = pc.fill_null(pc.and_(theirs, pc.greater_equal(events["at"], pa.scalar(first, events["at"].type))), False)
        n_left = int(pc.sum(theirs).as_py() or 0)
        events = pa.concat_tables([events.filter(pc.invert(theirs)), own.answers])
        from_where.append(
            Reason(code="answers_own", values={"n": len(own.answers["person_id"].unique()), "table": n_left, "others": n_answers - n_left})
        )
    elif n_answers:
        from_where.append(Reason(code="answers_table", values={"n": n_answers}))
    return events, from_where


def _one(column: Any) -> Any:
    return column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
