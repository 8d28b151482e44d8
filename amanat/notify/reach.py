"""Reach: who was told, who was not, by channel, country and language; and for one person, the proof."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from amanat.lib.errors import Fixable
from amanat.notify.case import left_out_of, notices_of, table_of, together_of
from amanat.notify.receipts import REACHED, states_of

REACH = pa.schema([("channel", pa.string()), ("country", pa.string()), ("language", pa.string()), ("state", pa.string()), ("n", pa.int64())])


class UnknownPerson(Fixable):
    """Nobody of that id is in the case."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """How far a delivery has come, in persons and in sendings."""

    n_persons: int  # with a sending
    n_reached: int  # a server or printer took responsibility for at least one of their sendings
    n_waiting: int  # queued or being tried
    n_unsure: int  # nobody can know; a person decides
    n_failed: int  # every channel failed
    states: Mapping[str, int]  # sendings in each state
    is_stopped: bool = False
    stopped_because: str = ""

    @property
    def is_complete(self) -> bool:
        return not self.n_waiting


def reach_of(states: pa.Table, *, is_stopped: bool = False, stopped_because: str = "") -> Reach:
    """The reach behind a table of sendings with their state (person_id, state). A person counts once, by their best sending."""
    # From best to worst; a person with an accepted letter after a bounced mail is reached.
    rank = {"reached": 0, "waiting": 1, "unsure": 2, "failed": 3}
    group = {
        **dict.fromkeys(REACHED, "reached"),
        "queued": "waiting",
        "attempting": "waiting",
        "unsure": "unsure",
        "bounced": "failed",
        "refused": "failed",
    }
    values = pc.value_counts(states["state"]).to_pylist()
    names = list(group)
    ranks = pa.array([rank[group[n]] for n in names], pa.int8()).take(pc.index_in(states["state"].combine_chunks(), pa.array(names)))
    best = pa.table({"person_id": states["person_id"].combine_chunks(), "rank": ranks}).group_by("person_id").aggregate([("rank", "min")])
    counted = {row["values"]: row["counts"] for row in pc.value_counts(best["rank_min"]).to_pylist()}
    return Reach(
        n_persons=best.num_rows,
        n_reached=counted.get(0, 0),
        n_waiting=counted.get(1, 0),
        n_unsure=counted.get(2, 0),
        n_failed=counted.get(3, 0),
        states={row["values"]: row["counts"] for row in sorted(values, key=lambda r: -r["counts"])},
        is_stopped=is_stopped,
        stopped_because=stopped_because,
    )


def reach(case: Path) -> pa.Table:
    """How many sendings of each channel, country and language are in which state, as REACH; persons without any as channel ""."""
    receipts = states_of(table_of(case, "receipts.parquet", made_by="sending (amanat notify send)"))
    exposures = table_of(case, "exposures.parquet").select(["person_id", "residence", "language"])
    parts = [receipts.select(["person_id", "channel", "state"])]
    left = left_out_of(case)
    parts.append(
        pa.table(
            {"person_id": left["person_id"], "channel": pa.repeat("", left.num_rows), "state": pa.repeat("left_out", left.num_rows)},
            schema=pa.schema([("person_id", pa.string()), ("channel", pa.string()), ("state", pa.string())]),
        )
    )
    joined = pa.concat_tables(parts).join(exposures, "person_id", join_type="left outer")
    country = pc.list_element(pc.split_pattern(pc.fill_null(joined["residence"], ""), "-"), 0)
    table = pa.table({"channel": joined["channel"], "country": country, "language": pc.fill_null(joined["language"], ""), "state": joined["state"]})
    counted = table.group_by(["channel", "country", "language", "state"]).aggregate([([], "count_all")])
    ordered = counted.sort_by([("channel", "ascending"), ("country", "ascending"), ("language", "ascending"), ("state", "ascending")])
    return ordered.rename_columns({"count_all": "n"}).select(REACH.names).cast(REACH)


def proof(case: Path, person_id: str) -> dict[str, Any]:
    """What we can show for one person: each sending with its states and times, the text by its hash, and who approved it."""
    # The second record of a person is told by the message to the first.
    told_with = next((row["told_with"] for row in _only(together_of(case), person_id)), None)
    receipts = _only(table_of(case, "receipts.parquet", made_by="sending (amanat notify send)"), told_with or person_id)
    planned = _only(table_of(case, "sendings.parquet"), told_with or person_id)
    left = [row for row in left_out_of(case).to_pylist() if row["person_id"] == person_id]
    if not (receipts or planned or left):
        raise UnknownPerson(f"{case}: holds no sending to a person of that id; ids are those of the register")
    notices = {n.id: n for n in notices_of(case)}
    sendings: dict[str, dict[str, Any]] = {}
    for row in receipts:
        entry = sendings.setdefault(row["sending_id"], {k: row[k] for k in ("sending_id", "notice_id", "channel")} | {"states": []})
        entry["states"].append({"state": row["state"], "at": row["at"].isoformat(), "answer": row["answer"]})
    for entry in sendings.values():
        notice = notices.get(entry["notice_id"])
        entry |= {"title": notice.title, "language": notice.language, "content_hash": notice.content_hash} if notice else {}
    return {
        "person_id": person_id,
        "told_with": told_with,
        "sendings": list(sendings.values()),
        "planned": planned,
        "left_out": left[0]["reason"] if left else None,
        "approval": _approval(case),
    }


def _only(table: pa.Table, person_id: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = table.filter(pc.equal(table["person_id"], person_id)).to_pylist()
    return rows


def _approval(case: Path) -> dict[str, Any] | None:
    from amanat.notify.approve import read_signed

    path = case / "approval.toml"
    if not path.exists():
        return None
    found: dict[str, Any] = json.loads(json.dumps(asdict(read_signed(path)), default=str))
    return found
