"""Receipts: what became of each sending, change by change, written from the ledger as `receipts.parquet`."""

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from amanat.terms.sending import RECEIPTS

BATCH_ROWS = 50_000
REACHED = ("accepted", "delivered", "opened_page")


def write_receipts(path: Path, receipts: Iterable[pa.RecordBatch]) -> int:
    """Writes the receipts of a ledger and gives the number of rows. The file appears whole or not at all."""
    beside = path.with_suffix(".parquet.part")
    n = 0
    with pq.ParquetWriter(beside, RECEIPTS, compression="zstd") as file:
        for batch in receipts:
            file.write_batch(batch)
            n += batch.num_rows
    os.replace(beside, path)
    return n


def batches(
    lines: Iterable[Mapping[str, Any]], rows_of: Callable[[Sequence[str]], "np.ndarray[Any, Any]"], sendings: pa.Table
) -> Iterator[pa.RecordBatch]:
    """The lines of a ledger as rows of RECEIPTS; sendings that are no longer on the list are left out."""
    ids: list[str] = []
    states: list[str] = []
    moments: list[datetime] = []
    answers: list[str] = []

    def batch() -> Iterator[pa.RecordBatch]:
        rows = rows_of(ids)
        known = rows >= 0
        named = sendings.take(pa.array(rows[known]))
        mask = pa.array(known)
        columns = [named[c].combine_chunks() for c in ("sending_id", "notice_id", "person_id", "channel")]
        columns += [
            pa.array(states).filter(mask),
            pa.array(moments, RECEIPTS.field("at").type).filter(mask),
            pa.array(answers, pa.string()).filter(mask),
        ]
        flat = [c.combine_chunks() if isinstance(c, pa.ChunkedArray) else c for c in columns]
        yield pa.RecordBatch.from_arrays(flat, schema=RECEIPTS)

    for line in lines:
        at = datetime.fromisoformat(line["at"])
        for sending_id in line["ids"]:
            ids.append(sending_id)
            states.append(line["state"])
            moments.append(at)
            answers.append(line.get("answer", ""))
        if len(ids) >= BATCH_ROWS:
            yield from batch()
            ids, states, moments, answers = [], [], [], []
    if ids:
        yield from batch()


def states_of(receipts: pa.Table) -> pa.Table:
    """Each sending with its last state: sending_id, notice_id, person_id, channel, state, at, answer.

    Rows stand in the order in which things happened; the last row of a sending wins.
    """
    numbered = receipts.append_column("row", pa.array(np.arange(receipts.num_rows)))
    last = numbered.group_by("sending_id").aggregate([("row", "max")])["row_max"]
    return receipts.take(pc.take(last, pc.sort_indices(last)))


def is_reached(states: pa.ChunkedArray) -> pa.ChunkedArray:
    """Whether a sending in this state reached a server or printer that took responsibility for it."""
    return pc.is_in(states, value_set=pa.array(REACHED))
