"""Tables to a panel: who belongs to which group, and what each person did on which day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from amanat.lib.errors import Fixable
from amanat.terms.measure import Reason
from amanat.trust.moments import Aside
from amanat.trust.own import Reached
from amanat.trust.panel import HORIZON, MONTH, Answers, Panel, Reach, Texts

_DAY = 86_400_000_000  # microseconds
_SPREAD_DAYS = 365  # notices of one incident lie no further from the middle one
_FIRST_RECORDS = datetime(1990, 1, 1, tzinfo=timezone.utc)  # no company's log of events is older; 1970 and 1900 are zeros of programs
_FEW = 0.01  # so few events in the future are mistakes of writing; more of them, and the clock of a drill was moved


class CannotSay(Fixable):
    """There is nothing to measure, and why."""


@dataclass(frozen=True, slots=True)
class Grouped:
    """The panel, with the counts that stand beside it."""

    panel: Panel
    n_left_out: int  # persons whose exposure waits for a reviewer: neither group
    aside: tuple[Aside, ...]
    cautions: tuple[Aside, ...]  # what was used all the same, and should be known
    joined: Reason  # how many affected persons the register, or else the events, know


def group(
    events: pa.Table,
    exposures: pa.Table,
    persons: pa.Table | None,
    *,
    since: datetime | None,
    until: datetime | None,
    founded: datetime | None,
    now: datetime,
    reached: Reached | None = None,
    unread: Sequence[Aside] = (),
) -> Grouped:
    """The panel of these tables (as `tables` reads them).

    Args:
        since: when persons could first react; None takes the first `told` event.
        until: the end of what was seen; None takes the last event.
        founded: events before it are set aside; None takes the day on which the first person of the register joined.
        reached: whom amanat's own receipts say were told.
        unread: what was set aside while the tables were read, for the sentence that says why nothing is left.

    Raises:
        CannotSay: no event, no beginning, or nothing after it.
    """
    aside: list[Aside] = []
    cautions: list[Aside] = []
    if not len(events):
        raise CannotSay(f"cannot say anything, because no event could be used{_counted(unread)}; mend the table and call again")
    events = _since_founded(events, persons, founded, aside)
    since, events = (since, events) if since else _first_notice(events, aside)
    events, until = _in_time(events, since, until, now, aside, cautions)
    n_days = min(HORIZON, (until - since) // timedelta(days=1))
    if n_days < 1:
        raise CannotSay(f"cannot say anything, because no whole day was seen after {since:%Y-%m-%d %H:%M} UTC; come back later, or give --since")

    at = _us(events["at"])
    since_us = int(since.timestamp() * 1_000_000)
    first = since_us - int(at.min(initial=since_us))
    n_days_before = int(min(HORIZON, first // _DAY))
    # A few hours short of a month are a month: nobody exports to the second.
    n_months_before = min(HORIZON // MONTH, (n_days_before + 1) // MONTH)
    n_months_after = min(HORIZON // MONTH, n_days // MONTH)

    ids, known, joined, value = _people(events, persons, at, since_us, aside)
    who = np.asarray(pc.fill_null(pc.index_in(events["person_id"], value_set=ids), -1)).astype(np.int64)
    n_unknown = int(((who < 0) & np.asarray(pc.is_valid(events["person_id"]))).sum()) if persons is not None else 0
    if n_unknown:
        aside.append(Aside("unknown_persons", n_unknown))
    state = _states(exposures, ids)
    sure = _one(_sure(exposures)).unique()
    n_missing = int(pc.sum(pc.invert(pc.is_in(sure, value_set=ids))).as_py() or 0)
    code = "joined_events" if persons is None else "joined_register"
    joined_how = Reason(code=code, values={"n": len(sure), "known": len(sure) - n_missing})
    if n_missing:
        cautions.append(Aside("exposed_without_events" if persons is None else "exposed_not_in_register", n_missing))
    kinds = _codes(events["kind"])
    day = (at - since_us) // _DAY  # 0 on the first day; -1 on the last before
    n = len(ids)

    def first_day(kind: str, low: int, high: int, missing: int) -> Any:
        rows = (who >= 0) & (kinds == _KIND[kind]) & (day >= low) & (day < high)
        found = np.full(n, missing, dtype=np.int64)
        np.minimum.at(found, who[rows], day[rows])
        return found

    far = HORIZON * 100
    left_at = first_day("cancelled", -far, n_days, far)
    # The register says when somebody joined; else the event does; else the person was always there.
    joined_at = first_day("joined", -far, far, -far)
    has_since = ~np.isnan(joined)
    joined_at[has_since] = (joined[has_since] - since_us) // _DAY
    in_group = (state >= 0) & known
    is_customer = in_group & (joined_at < 0) & (left_at >= 0)
    left_before = (left_at < 0) & (left_at >= -n_days_before)
    was_customer = in_group & (joined_at < -n_days_before) & (left_at >= -n_days_before)

    months = n_months_before + n_months_after
    month = (day // MONTH) + n_months_before
    in_months = (who >= 0) & (month >= 0) & (month < months)

    def per_month(kind: str, weights: Any) -> Any:
        rows = in_months & (kinds == _KIND[kind])
        sums = np.bincount(who[rows] * months + month[rows], weights=None if weights is None else weights[rows], minlength=n * months)
        return sums.astype(np.float32).reshape(n, months)

    euros = np.nan_to_num(np.asarray(events["value_eur"].to_numpy()))
    rows = (who >= 0) & (kinds == _KIND["paid"]) & (day >= 0)
    told = _told(who, kinds, day, n)
    covariates = {}
    if persons is not None and not np.isnan(joined).any():
        covariates["tenure_years"] = np.maximum(0.0, (since_us - joined) / _DAY / 365.25)
    if persons is not None and not np.isnan(value).any():
        covariates["log_value"] = np.log1p(np.maximum(0.0, value))
    panel = Panel(
        since=since,
        until=until,
        n_days=int(n_days),
        n_days_before=n_days_before,
        is_affected=state == 1,
        is_customer=is_customer,
        day_left=np.where(left_at < n_days, np.maximum(left_at + 1, 0), 0),
        was_customer=was_customer,
        day_left_before=np.where(left_before, left_at + n_days_before + 1, 0),
        n_months_before=int(n_months_before),
        n_months_after=int(n_months_after),
        orders=per_month("order", euros),
        logins=per_month("login", None),
        has_history=is_customer & (joined_at < -n_months_before * MONTH),
        covariates=covariates,
        told_day=told,
        paid_eur=np.bincount(who[rows], weights=euros[rows], minlength=n).astype(np.float64),
        answers=_answers(events, who, kinds, day, at, state),
        texts=_texts(events, who, kinds, day, state),
        reach=_reach(reached, since_us) if reached else None,
    )
    return Grouped(panel, int((state == -1).sum()), tuple(aside), tuple(cautions), joined_how)


_KIND = {name: i for i, name in enumerate(("joined", "order", "login", "cancelled", "told", "contacted", "post", "review", "answer", "paid"))}


def _codes(column: Any) -> Any:
    return np.asarray(pc.fill_null(pc.index_in(column, value_set=pa.array(list(_KIND))), -1))


def _us(column: Any) -> Any:
    return np.asarray(column.cast(pa.int64()).to_numpy())


def _told(who: Any, kinds: Any, day: Any, n: int) -> Any:
    rows = (who >= 0) & (kinds == _KIND["told"]) & (day >= 0)
    found = np.full(n, 1 << 40, dtype=np.int64)
    np.minimum.at(found, who[rows], day[rows] + 1)
    return np.where(found < 1 << 40, found, 0)


def _counted(unread: Sequence[Aside]) -> str:
    """The counts of what was set aside, as a part of a sentence."""
    from amanat.trust.story import asides

    told = [line.rstrip(".") for line in asides(unread, "en")]
    return f" ({'; '.join(told)})" if told else ""


def _reach(reached: Reached, since_us: int) -> Reach:
    return Reach(day=np.where(reached.is_told, np.maximum((reached.at_us - since_us) // _DAY + 1, 0), -1), by=reached.by)


def _first_notice(events: pa.Table, aside: list[Aside]) -> tuple[datetime, pa.Table]:
    """When the first notice of the incident went out; one that lies years before the others is no notice of it."""
    is_told = pc.equal(events["kind"], "told")
    at = np.sort(_us(events.filter(is_told)["at"]))
    if not len(at):
        raise CannotSay("cannot say when persons could first react, because no event is of the kind 'told'; give --since MOMENT")
    least = int(at[len(at) // 2]) - _SPREAD_DAYS * _DAY
    if n := int((at < least).sum()):
        aside.append(Aside("told_long_before", n))
        stray = pc.and_(is_told, pc.less(events["at"].cast(pa.int64()), least))
        events = events.filter(pc.invert(stray))
    return datetime.fromtimestamp(int(at[at >= least][0]) / 1_000_000, timezone.utc), events


def _since_founded(events: pa.Table, persons: pa.Table | None, founded: datetime | None, aside: list[Aside]) -> pa.Table:
    """Events since the company's founding; where nobody says when that was, since such records can exist at all."""
    code = "before_company"
    if founded is None:
        joined = pc.min(persons["since"]).as_py() if persons is not None else None
        # A person who joined in 1850 is a mistake of writing, and must not let in events of 1850.
        founded, code = (joined, code) if joined and joined > _FIRST_RECORDS else (_FIRST_RECORDS, "before_records")
    early = pc.less(events["at"], pa.scalar(founded, events["at"].type))
    if n := pc.sum(early).as_py():
        aside.append(Aside(code, n))
        events = events.filter(pc.invert(early))
    if not len(events):
        raise CannotSay(f"cannot say anything, because all {n} events lie before {founded:%Y-%m-%d}; mend the times, or give --founded DAY")
    return events


def _in_time(
    events: pa.Table,
    since: datetime,
    until: datetime | None,
    now: datetime,
    aside: list[Aside],
    cautions: list[Aside],
) -> tuple[pa.Table, datetime]:
    """Events up to the end of what was seen."""
    at = events["at"]
    if until is None and len(events):
        late = pc.greater(at, pa.scalar(now, at.type))
        n = pc.sum(late).as_py() or 0
        if 0 < n <= _FEW * len(events):
            aside.append(Aside("in_the_future", n))
            events = events.filter(pc.invert(late))
        elif n:
            cautions.append(Aside("clock_moved", n))
        # A day that has begun counts as seen when the last event fell in its second half: exports end when they end.
        until = (pc.max(events["at"]).as_py() if len(events) else since) + timedelta(hours=12)
    elif until is not None:
        late = pc.greater(at, pa.scalar(until, at.type))
        if n := pc.sum(late).as_py():
            cautions.append(Aside("after_until", n))
            events = events.filter(pc.invert(late))
    assert until is not None
    return events, until.astimezone(timezone.utc)


def _people(events: pa.Table, persons: pa.Table | None, at: Any, since_us: int, aside: list[Aside]) -> tuple[Any, Any, Any, Any]:
    """Ids, whether each may belong to a group, moment of joining (µs, NaN unknown), yearly value (NaN unknown)."""
    if persons is not None:
        joined = np.asarray(persons["since"].cast(pa.int64()).to_numpy(), dtype=np.float64)
        joined[np.asarray(pc.is_null(persons["since"]))] = np.nan
        ids = persons["person_id"].combine_chunks()
        return ids, ~np.asarray(persons["deceased"]), joined, np.asarray(persons["value"].to_numpy(), dtype=np.float64)
    # Without a register, whoever did something before is known; who was only affected and never seen cannot be compared.
    seen = events.filter(pa.array(at < since_us))["person_id"].unique().drop_null()
    ids = seen.combine_chunks() if isinstance(seen, pa.ChunkedArray) else seen
    nothing = np.full(len(ids), np.nan)
    return ids, np.ones(len(ids), dtype=bool), nothing, nothing


def _sure(exposures: pa.Table) -> Any:
    return exposures.filter(pc.equal(exposures["state"], "sure"))["person_id"]


def _states(exposures: pa.Table, ids: Any) -> Any:
    """1 for the affected, 0 for everyone else, -1 for who waits for a reviewer: unknown is not no."""
    is_sure = np.asarray(pc.is_in(ids, value_set=_one(_sure(exposures))))
    waits = exposures.filter(pc.and_(pc.not_equal(exposures["state"], "sure"), pc.not_equal(exposures["state"], "outsider")))["person_id"]
    return np.where(is_sure, 1, np.where(np.asarray(pc.is_in(ids, value_set=_one(waits))), -1, 0))


def _one(column: Any) -> Any:
    return column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column


def _answers(events: pa.Table, who: Any, kinds: Any, day: Any, at: Any, state: Any) -> Answers:
    rows = np.flatnonzero((who >= 0) & (kinds == _KIND["answer"]))
    rows = rows[state[who[rows]] >= 0]
    score = np.asarray(events["score"].take(pa.array(rows)).to_numpy(), dtype=np.float64)
    question = np.asarray(pc.fill_null(events["question"].take(pa.array(rows)), "").to_pylist(), dtype=object)
    keep = ~np.isnan(score) & (question != "")
    rows, score, question = rows[keep], score[keep], question[keep]
    is_after = day[rows] >= 0
    # The last answer of each person to each question, before and after.
    last: dict[tuple[int, str, bool], int] = {}
    for i in np.argsort(at[rows], kind="stable"):
        last[int(who[rows[i]]), question[i], bool(is_after[i])] = int(i)
    chosen = np.array(sorted(last.values()), dtype=np.int64)
    return Answers(who[rows][chosen], question[chosen], score[chosen], is_after[chosen])


def _texts(events: pa.Table, who: Any, kinds: Any, day: Any, state: Any) -> Texts:
    speaks = np.isin(kinds, [_KIND[k] for k in ("contacted", "post", "review")]) & np.asarray(pc.is_valid(events["text"]))
    rows = np.flatnonzero(speaks & (day >= -HORIZON) & (day < HORIZON))
    author = who[rows]
    waits = (author >= 0) & (state[np.maximum(author, 0)] < 0) if len(state) else np.zeros(len(rows), dtype=bool)
    rows, author = rows[~waits], author[~waits]
    taken = pa.array(rows)
    language = [str(tag or "").split("-")[0].lower() for tag in events["language"].take(taken).to_pylist()]
    return Texts(author, day[rows], np.asarray(language, dtype=object), events["text"].take(taken))


def crowd_events(crowds: Sequence[Any], since: datetime) -> tuple[pa.Table, pa.Table, pa.Table]:
    """Events, exposures and persons of invented crowds (`gauge.Crowd`): what the examples of measures are made of."""
    from amanat.terms.event import EVENTS

    acts: list[dict[str, Any]] = []
    people: list[dict[str, Any]] = []
    for number, crowd in enumerate(crowds):
        for i in range(crowd.n):
            id_ = f"{number}-{i}"
            people.append({"person_id": id_, "since": since - timedelta(days=800), "deceased": False, "value": 100.0, "state": crowd.state})
            acts += [{"person_id": id_, "at": since + timedelta(days=act.day), "kind": act.kind, **act.more} for act in crowd.acts]
    events = pa.Table.from_pylist(acts, schema=EVENTS)
    table = pa.Table.from_pylist(people)
    exposed = table.filter(pc.not_equal(table["state"], "unaffected")).select(["person_id", "state"])
    return events, exposed, table.select(["person_id", "since", "deceased", "value"])
