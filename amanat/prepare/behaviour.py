"""What the invented guests do before and after they are told: `events.parquet`, with an effect of the incident that is known exactly.

Two windows of 180 days meet at `since`, the moment of the first notices. Without the incident everybody would go on as before:
4 % leave in each window, orders and log-ins come at a steady pace, one text in five is a complaint. The incident adds, for affected
persons only, leavers whose number is given (`excess_churn` of all who were customers), half of them within two weeks; fewer orders
and log-ins, which recover by half each month; and more complaints. `expected.toml` holds these truths under `[trust]`.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from amanat.prepare.behaviour_texts import LANGUAGES, texts
from amanat.prepare.block import Block
from amanat.prepare.column import pick
from amanat.prepare.draw import Draw, Flags, Floats, Ints
from amanat.prepare.folder import Sink
from amanat.prepare.members import Members
from amanat.prepare.truth import Truth
from amanat.terms.event import EVENTS

TOLD_AFTER = timedelta(hours=60)  # from awareness to the first notice: within the 72 hours
WINDOW = 180  # days, on each side
MONTH, N_MONTHS = 30, WINDOW // 30
LEAVE = 0.04  # of all customers, in 180 days, whatever happens
HALF_LIFE, FADED = 14, 120  # days: half of the excess leavers are gone; the last of them
ORDERS, LOG_INS = 0.12, 0.30  # for each person and month
ORDERS_LOST, LOG_INS_LOST = 0.25, 0.10  # share missing in the first month after; each further month half as much
COMPLAINTS = {"before": 0.20, "unaffected": 0.20, "affected": 0.55}
NPS = {"unaffected": (0.45, 0.20), "affected": (0.25, 0.40)}  # promoters, detractors
_US = 1_000_000
_DAY = 86_400 * _US
_GROUP = 1 << 20


@dataclass(frozen=True, slots=True)
class TrueEffect:
    """What a report on trust should find, apart from chance."""

    since: datetime
    excess_churn: float
    n_affected: int  # of those who were customers at `since`
    n_unaffected: int
    orders_eur_per_month: float  # for each affected person, mean of the six months

    def as_toml(self) -> str:
        """The part `[trust]` of `expected.toml`."""
        lines = [
            "",
            "# What the incident did to the guests' behaviour, known because it was invented. Shares and euros as `amanat trust report` names them.",
            "[trust]",
            f"since = {self.since.isoformat(timespec='seconds')}",
            f"horizon_days = {WINDOW}",
            "# of affected customers, left within the horizon beyond those who would have left anyway",
            f"excess_churn = {self.excess_churn}",
            f"leave_anyway = {LEAVE}",
            f"affected_customers = {self.n_affected}",
            f"unaffected_customers = {self.n_unaffected}",
            f"orders_eur_per_month = {self.orders_eur_per_month:.4f}",
            *[f"complaints_{who} = {share}" for who, share in COMPLAINTS.items()],
            *[f"nps_{who} = {round(100 * (p - d))}" for who, (p, d) in NPS.items()],
            "",
        ]
        return "\n".join(lines)


def stays(excess_churn: float) -> Floats:
    """[181] true share of customers still there at the end of each day after `since`; day 0 is 1."""
    day = np.arange(WINDOW + 1, dtype=np.float64)
    anyway = 1 - (1 - LEAVE) ** (day / WINDOW)
    because = np.minimum(1.0, (1 - 0.5 ** (day / HALF_LIFE)) / (1 - 0.5 ** (FADED / HALF_LIFE)))
    return 1 - anyway - excess_churn * because


def last_days(share: Floats, excess_churn: float) -> Ints:
    """Day (1..180) on which each person leaves, 0 for those who stay, from a uniform share; follows `stays` exactly."""
    leavers_anyway = 1 - stays(0.0)
    because = stays(0.0) - stays(1.0)
    anyway = np.searchsorted(leavers_anyway, share, side="right")
    because_day = np.searchsorted(because * excess_churn, share - LEAVE, side="right")
    return np.where(share < LEAVE, np.minimum(anyway, WINDOW), np.where(share < LEAVE + excess_churn, np.minimum(because_day, WINDOW), 0))


def lost_share(first: float) -> Floats:
    """[6] share of a habit that is missing in each month after, fading by half."""
    return np.asarray(first * 0.5 ** np.arange(N_MONTHS), dtype=np.float64)


class Behaviour(Sink):
    """Writes `events.parquet`; it comes after all other sinks, because they decide who is affected."""

    def __init__(self, path: Path, truth: Truth, *, at: datetime, excess_churn: float) -> None:
        self._writer = pq.ParquetWriter(path, EVENTS, compression="zstd", compression_level=1)
        self._truth, self._excess = truth, excess_churn
        self.since = (at.astimezone(timezone.utc) + TOLD_AFTER).replace(microsecond=0)
        self._since_us = int(self.since.timestamp()) * _US
        self._pending: list[pa.Table] = []
        self._n_pending = 0
        self._n = [0, 0]
        self._value_of_affected = 0

    def write(self, block: Block, members: Members) -> None:
        mine = np.flatnonzero(~block.is_outsider)
        people = block.at(mine)
        is_affected = self._truth.in_content()[mine]
        table = _Acts(people, is_affected, self._since_us, self._excess)
        self._pending.append(table.as_events())
        self._n_pending += len(self._pending[-1])
        is_customer = table.is_customer
        self._n[0] += int((is_customer & ~is_affected).sum())
        self._n[1] += int((is_customer & is_affected).sum())
        self._value_of_affected += int(people.yearly_value_eur[is_customer & is_affected].sum())
        # Row groups of one size: the block's size must not show in the file.
        while self._n_pending >= _GROUP:
            self._flush(_GROUP)

    def _flush(self, n: int) -> None:
        table = pa.concat_tables(self._pending)
        self._writer.write_table(table.slice(0, n).combine_chunks(), row_group_size=_GROUP)
        self._pending = [table.slice(n)]
        self._n_pending = len(table) - n

    def close(self) -> None:
        if self._n_pending:
            self._flush(self._n_pending)
        self._writer.close()

    def true_effect(self) -> TrueEffect:
        """The effect in this company: the average over its affected customers."""
        n_unaffected, n_affected = self._n
        # Who has left orders nothing, and who stays orders less: both are effects of the incident.
        there, without = (stays(e)[1:].reshape(N_MONTHS, MONTH).mean(axis=1) for e in (self._excess, 0.0))
        share = float((there * (1 - lost_share(ORDERS_LOST)) - without).mean())
        monthly = self._value_of_affected / max(n_affected, 1) * MONTH / 365
        return TrueEffect(self.since, self._excess, n_affected, n_unaffected, monthly * share)


class _Acts:
    """The acts of a block's register persons, column by column; rows are sorted by person and moment at the end."""

    def __init__(self, people: Block, is_affected: Flags, since_us: int, excess_churn: float) -> None:
        self._people, self._draw, self._since = people, people.draw, since_us
        self._is_affected = is_affected
        self._columns: list[dict[str, Any]] = []
        n = len(people)
        day = people.since.astype("datetime64[us]").astype(np.int64)
        # Days since `since` on which the person joined; a living person who joined earlier and has not left is a customer.
        self._joined = (day - since_us) / _DAY
        left_before = last_days(self._draw.share("left.before"), 0.0)
        has_left = (left_before > 0) & (self._joined < -WINDOW) & ~people.deceased
        self.is_customer = (self._joined < 0) & ~people.deceased & ~has_left
        share = self._draw.share("left.after")
        day_left = np.where(is_affected, last_days(share, excess_churn), last_days(share, 0.0))
        # First day on which the person does nothing any more, from the beginning of the window before.
        self._ends = np.full(n, 2 * WINDOW + 1)
        self._ends[has_left] = left_before[has_left]
        leaves = self.is_customer & (day_left > 0)
        self._ends[leaves] = WINDOW + day_left[leaves]
        self._ends[people.deceased] = 0
        self._habit("order", ORDERS, lost_share(ORDERS_LOST))
        self._habit("login", LOG_INS, lost_share(LOG_INS_LOST))
        self._single("cancelled", has_left | leaves, (self._ends - 1.0 - WINDOW) + self._draw.share("cancelled.at"))
        self._single("joined", (self._joined > -WINDOW) & (self._joined < WINDOW) & ~people.deceased, np.floor(self._joined) + 0.5)
        told = is_affected & self.is_customer & self._draw.chance("told", 0.94)
        # Mails go out hour by hour, the first ones at `since` exactly.
        self._single("told", told, self._draw.below("told.at", 20) / 24, source="mail")
        self._money()
        self._answers()
        self._words()

    def as_events(self) -> pa.Table:
        """EVENTS, by person and moment."""
        who = np.concatenate([c["who"] for c in self._columns])
        at = np.concatenate([c["at"] for c in self._columns])
        order = np.lexsort((at, who))
        take = pa.array(order)

        def column(name: str) -> Any:
            parts = [c[name] for c in self._columns]
            return pa.chunked_array([p.combine_chunks() if isinstance(p, pa.ChunkedArray) else p for p in parts]).combine_chunks().take(take)

        columns = {
            "person_id": self._people.person_id.take(pa.array(who[order])),
            "at": pa.array(at[order], pa.int64()).cast(pa.timestamp("us", "UTC")),
            **{name: column(name) for name in ("kind", "value_eur", "question", "score", "text", "language", "source", "ref")},
        }
        return pa.table(columns, schema=EVENTS)

    def _add(self, kind: str, who: Ints, day: Floats, **more: Any) -> None:
        n = len(who)
        nothing, number = pa.nulls(n, pa.string()), pa.nulls(n, pa.float64())
        at = self._since + np.floor(day * 86_400).astype(np.int64) * _US
        self._columns.append(
            {
                "who": who,
                "at": at,
                "kind": pick([kind], np.zeros(n, dtype=np.int64)),
                "value_eur": more.get("value_eur", number),
                "question": more.get("question", nothing),
                "score": more.get("score", number),
                "text": more.get("text", nothing),
                "language": more.get("language", nothing),
                "source": more.get("source", nothing),
                "ref": nothing,
            }
        )

    def _single(self, kind: str, has: Flags, day: Floats, source: str = "web") -> None:
        who = np.flatnonzero(has)
        self._add(kind, who, day[who], source=pick([source], np.zeros(len(who), dtype=np.int64)))

    def _habit(self, kind: str, per_month: float, lost: Floats) -> None:
        """Twelve months of orders or log-ins: two chances each month, thinned after the incident for who is affected."""
        whos, days, marks = [], [], []
        for month in range(-N_MONTHS, N_MONTHS):
            for chance in (0, 1):
                mark = f"{kind}.{month}.{chance}"
                keeps = per_month / 2 * np.where(self._is_affected & (month >= 0), 1 - lost[max(month, 0)], 1.0)
                who = np.flatnonzero(self._draw.share(mark) < keeps)
                day = month * MONTH + Draw(self._draw.seed, self._draw.index[who]).share(f"{mark}.at") * MONTH
                whos.append(who)
                days.append(day)
                marks.append(Draw(self._draw.seed, self._draw.index[who]).share(f"{mark}.value") if kind == "order" else day)
        who, day, mark_ = np.concatenate(whos), np.concatenate(days), np.concatenate(marks)
        # Only between joining and leaving; a day counts until its end, so that the true curve can be written down.
        keep = (day >= self._joined[who]) & (np.floor(day) + 1 + WINDOW < self._ends[who])
        who, day, mark_ = who[keep], day[keep], mark_[keep]
        source = pick(["web"], np.zeros(len(who), dtype=np.int64))
        if kind == "order":
            typical = self._people.yearly_value_eur[who] * (MONTH / 365) / ORDERS
            # Cents; half to one and a half times the usual, with the right mean.
            self._add(kind, who, day, value_eur=pa.array(np.round(typical * (0.5 + mark_), 2)), source=source)
        else:
            self._add(kind, who, day, source=source)

    def _money(self) -> None:
        """Vouchers for some who were affected."""
        who = np.flatnonzero(self._is_affected & self.is_customer & self._draw.chance("paid", 0.03))
        day = 2 + np.floor(Draw(self._draw.seed, self._draw.index[who]).share("paid.at") * 60)
        keep = WINDOW + day + 1 < self._ends[who]
        who, day = who[keep], day[keep]
        self._add("offer_accepted", who, day + 0.4)
        self._add("paid", who, day + 0.5, value_eur=pa.array(np.full(len(who), 25.0)), source=pick(["desk"], np.zeros(len(who), dtype=np.int64)))

    def _answers(self) -> None:
        """A survey a month after, and one before: a tenth of those who are still there answer."""
        for period, month in (("before", -2), ("after", 1)):
            asked = self.is_customer & self._draw.chance(f"asked.{period}", 0.10) & (self._joined < month * MONTH)
            who = np.flatnonzero(asked & (self._ends > WINDOW + month * MONTH + 16))
            draw = Draw(self._draw.seed, self._draw.index[who])
            is_hit = self._is_affected[who] & (period == "after")
            day = month * MONTH + draw.share(f"answer.{period}") * 15
            promoters, detractors = (np.where(is_hit, NPS["affected"][i], NPS["unaffected"][i]) for i in (0, 1))
            mood = draw.share(f"nps.{period}")
            score = np.where(
                mood < promoters,
                9 + draw.below(f"nps.high.{period}", 2),
                np.where(mood > 1 - detractors, draw.below(f"nps.low.{period}", 7), 7 + draw.below(f"nps.mid.{period}", 2)),
            )
            self._answer("nps", who, day, score)
            self._answer("trust_honesty", who, day + 0.001, 1 + np.floor(7 * draw.share(f"honesty.{period}") ** np.where(is_hit, 1.3, 0.7)))
            self._answer("stay", who, day + 0.002, 1 + np.floor(5 * draw.share(f"stay.{period}") ** np.where(is_hit, 0.9, 0.5)))
            helped = draw.chance(f"helped.{period}", 0.3)
            satisfied = 1 + np.floor(5 * draw.share(f"csat.{period}") ** 0.6)
            self._answer("csat", who[helped], day[helped] + 0.003, satisfied[helped])

    def _answer(self, question: str, who: Ints, day: Floats, score: Floats | Ints) -> None:
        zeros = np.zeros(len(who), dtype=np.int64)
        score_column = pa.array(np.asarray(score, dtype=np.float64))
        self._add("answer", who, day, question=pick([question], zeros), score=score_column, source=pick(["mail"], zeros))

    def _words(self) -> None:
        """Posts, tickets and reviews, in three languages; more of them, and angrier ones, from who was affected."""
        language = np.asarray(self._people.language.to_numpy(zero_copy_only=False))
        tongue = np.select([language == "fr", language == "fa"], [1, 2], 0)
        for kind, source, rate in (("contacted", "desk", 0.012), ("post", "forum", 0.008), ("review", "review_site", 0.008)):
            for period, first in (("before", -WINDOW), ("after", 0)):
                is_hit = self._is_affected & (period == "after")
                writes = self._draw.chance(f"{kind}.{period}", np.where(is_hit, 4 * rate, rate)) & self.is_customer
                who = np.flatnonzero(writes)
                draw = Draw(self._draw.seed, self._draw.index[who])
                # The affected write soon: the square of a share lies near the beginning.
                share = draw.share(f"{kind}.{period}.at")
                day = first + np.where(is_hit[who], share**2, share) * (WINDOW - 1)
                keep = (day >= self._joined[who]) & (np.floor(day) + 1 + WINDOW < self._ends[who])
                who, day, draw = who[keep], day[keep], Draw(draw.seed, draw.index[keep])
                angry = draw.chance(f"{kind}.{period}.mood", np.where(is_hit[who], COMPLAINTS["affected"], COMPLAINTS["before"]))
                score: Any = pa.nulls(len(who), pa.float64())
                if kind == "review":
                    score = pa.array(np.where(angry, 1 + draw.below(f"stars.{period}", 2), 3 + draw.below(f"stars.{period}", 3)).astype(np.float64))
                self._add(
                    kind,
                    who,
                    day,
                    score=score,
                    text=texts(draw, tongue[who], angry, f"{kind}.{period}"),
                    language=pick(LANGUAGES, tongue[who]),
                    source=pick([source], np.zeros(len(who), dtype=np.int64)),
                )
