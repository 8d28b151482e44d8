"""The ledger of the command line: one append-only file of JSON lines, mended and continued after a crash."""

import fcntl
import heapq
import json
import os
import threading
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from amanat.lib.errors import Fixable
from amanat.notify.channel import Outcome, without_addresses
from amanat.notify.ledger import ACCEPTED, ATTEMPTING, FAILED, IDLE, MAY_BECOME, QUEUED, REFUSED, STATES, UNSURE, Noted, Retry, Sending
from amanat.notify.quota import LONGEST, Limits, Spent

LINE_IDS = 10_000
STOPPED = "the program stopped during the attempt"


class BadLedger(Fixable):
    """The ledger file cannot be continued."""


class LedgerInUse(Fixable):
    """Another process sends from the same ledger."""


class FileLedger:
    """A ledger in one append-only file of JSON lines, for one process at a time.

    Each line holds a moment, a state, the server's answer and one or more sending ids; never a person's value.
    A claim is on disk (fsync) before it returns. Outcomes are written at once, and reach the disk with the next claim:
    a killed process loses none of them, a power cut at most those since the last claim, which are then `unsure`.
    """

    def __init__(
        self,
        path: Path,
        sendings: pa.Table,
        further: pa.Table | None = None,
        *,
        retry: Retry | None = None,
        limits: Limits | None = None,  # what each channel takes; attempts of an earlier run count
        at: datetime,
    ) -> None:
        self.path, self.retry, self._spent = path, retry or Retry(), Spent(limits or {})
        self._rows = _Rows(sendings, further)
        n = len(self._rows)
        self._state = np.full(n, IDLE, np.uint8)
        self._n_planned = sendings.num_rows
        self._tries, self._breaks = np.zeros(n, np.uint8), np.zeros(n, np.uint8)
        self._queue: dict[str, deque[int]] = {}
        self._later: dict[str, list[tuple[float, int]]] = {}
        self._n_air: dict[str, int] = {}
        self._claimed_at: dict[int, datetime] = {}  # of those in the air
        self._lock = threading.Lock()
        self._file = _open_locked(path)
        try:
            waiting = self._replay(at)
        except BaseException:
            self._file.close()
            raise
        self._continue_after_stop(waiting, at)

    # ---- what deliver calls ----

    def claim(self, channel: str, n: int, *, at: datetime) -> list[Sending]:
        with self._lock:
            self._wake(channel, at)
            queue = self._queue.get(channel)
            rows = [queue.popleft() for _ in range(self._spent.room(channel, min(n, len(queue)), at))] if queue else []
            if not rows:
                return []
            self._write(at, ATTEMPTING, [self._rows.ids[r] for r in rows], channel=channel, durable=True)
            self._spent.add(channel, len(rows), at)
            self._claimed_at.update(dict.fromkeys(rows, at))
            self._state[rows] = ATTEMPTING
            self._n_air[channel] = self._n_air.get(channel, 0) + len(rows)
            self._tries[rows] += self._tries[rows] < 255
            return self._rows.sendings(rows)

    def record(self, *outcomes: Outcome, at: datetime) -> None:
        for outcome in outcomes:
            self._record(outcome, at)

    def _record(self, outcome: Outcome, at: datetime) -> None:
        with self._lock:
            row = self._rows.row_of(outcome.sending_id)
            if outcome.became == "try_later":
                if self._tries[row] >= self.retry.tries_max:
                    self._close(row, REFUSED, f"given up after {self._tries[row]} tries: {outcome.answer}", at)
                else:
                    self._requeue(row, outcome.answer, at, self._wait(int(self._tries[row])))
            elif outcome.became == "unsure":
                self._close(row, UNSURE, outcome.answer, at)
                self._breaks[row] += 1
                if not self.retry.hold_unsure and self._breaks[row] <= self.retry.resends_max:
                    self._requeue(row, "sent again with the same Message-ID", at, self._wait(int(self._breaks[row])))
            else:
                self._close(row, STATES.index(outcome.became), outcome.answer, at)

    def put_back(self, sending_ids: Sequence[str], *, at: datetime, answer: str, until: datetime | None = None) -> None:
        wait_seconds = max(0.0, (until - at).total_seconds()) if until else 0.0
        with self._lock:
            for sending_id in sending_ids:
                row = self._rows.row_of(sending_id)
                self._tries[row] -= self._tries[row] > 0
                claimed_at = self._claimed_at.get(row, at)
                self._spent.add(self._rows.channel(row), -1, claimed_at)
                self._requeue(row, answer, at, wait_seconds, untried_since=claimed_at)

    def note(self, sending_id: str, state: str, *, at: datetime, answer: str = "") -> Noted:
        with self._lock:
            if not self._rows.has(sending_id):
                return "unknown"
            row = self._rows.row_of(sending_id)
            now = STATES[self._state[row]]
            if now not in MAY_BECOME[state]:
                return "too_early" if now in ("queued", "attempting") else "known"
            self._close(row, STATES.index(state), answer, at)
            return "noted"

    def settle(self, verdict: str, *, who: str, at: datetime) -> list[str]:
        """A person decides about all that are `unsure`: "again" sends them again, "told" counts them as accepted. Gives their ids."""
        with self._lock:
            rows = np.flatnonzero(self._state == UNSURE).tolist()
            for row in rows:
                self._breaks[row] = 0
                if verdict == "again":
                    self._requeue(row, f"{who} decided: sent again", at, 0.0)
                else:
                    self._close(row, ACCEPTED, f"{who} decided: it was sent", at)
            os.fsync(self._file.fileno())
            return [self._rows.ids[row] for row in rows]

    def n_open(self, channels: Sequence[str]) -> int:
        with self._lock:
            return sum(self._n_air.get(c, 0) + len(self._queue.get(c, ())) + len(self._later.get(c, ())) for c in channels)

    def counts(self) -> dict[str, int]:
        with self._lock:
            n = np.bincount(self._state, minlength=len(STATES))
        return {state: int(n[i]) for i, state in enumerate(STATES) if i != IDLE and n[i]}

    def states(self) -> pa.Table:
        """Every sending that was ever queued, with its state now: sending_id, notice_id, person_id, channel, state."""
        with self._lock:
            known = np.flatnonzero(self._state != IDLE)
            names = pa.array(STATES).take(pa.array(self._state[known]))
        return self._rows.table.take(pa.array(known)).append_column("state", names)

    def receipts(self) -> Iterator[pa.RecordBatch]:
        """One row for each change of a state, in the order of the file, as RECEIPTS."""
        from amanat.notify.receipts import batches

        with self._lock:
            self._file.flush()
        yield from batches(read_lines(self.path), self._rows.row_of_many, self._rows.table)

    def close(self) -> None:
        with self._lock:
            if not self._file.closed:
                self._file.flush()
                os.fsync(self._file.fileno())
                self._file.close()

    def __enter__(self) -> "FileLedger":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # ---- inside; the lock is held ----

    def _close(self, row: int, state: int, answer: str, at: datetime) -> None:
        further = self._rows.next[row]
        takes_next = state in FAILED and further >= 0 and self._state[further] == IDLE
        lines = self._line(at, state, [self._rows.ids[row]], answer)
        if takes_next:
            lines += self._line(at, QUEUED, [self._rows.ids[further]], "the channel before it failed")
        self._file.write(lines)
        self._file.flush()
        self._leave_air(row)
        self._state[row] = state
        if takes_next:
            self._put(int(further), 0.0)

    def _requeue(self, row: int, answer: str, at: datetime, wait_seconds: float, *, untried_since: datetime | None = None) -> None:
        due = at.timestamp() + wait_seconds if wait_seconds else 0.0
        self._write(at, QUEUED, [self._rows.ids[row]], answer=answer, due=due, untried_since=untried_since)
        self._leave_air(row)
        self._put(row, due)

    def _leave_air(self, row: int) -> None:
        if self._state[row] == ATTEMPTING:
            self._n_air[self._rows.channel(row)] -= 1
            self._claimed_at.pop(row, None)

    def _put(self, row: int, due: float) -> None:
        self._state[row] = QUEUED
        channel = self._rows.channel(row)
        if due:
            heapq.heappush(self._later.setdefault(channel, []), (due, row))
        else:
            self._queue.setdefault(channel, deque()).append(row)

    def _wake(self, channel: str, at: datetime) -> None:
        later = self._later.get(channel)
        while later and later[0][0] <= at.timestamp():
            self._queue.setdefault(channel, deque()).append(heapq.heappop(later)[1])

    def _wait(self, tries: int) -> float:
        return float(min(self.retry.first_wait_seconds * 2 ** (tries - 1), self.retry.longest_wait_seconds))

    def _write(self, at: datetime, state: int, ids: Sequence[str], *, durable: bool = False, **more: Any) -> None:
        self._file.write(self._line(at, state, ids, **more))
        self._file.flush()
        if durable:
            os.fsync(self._file.fileno())

    @staticmethod
    def _line(
        at: datetime,
        state: int,
        ids: Sequence[str],
        answer: str = "",
        *,
        due: float = 0.0,
        untried_since: datetime | None = None,
        channel: str = "",
    ) -> bytes:
        line: dict[str, Any] = {"at": _written(at), "state": STATES[state], "ids": ids}
        if answer:
            line["answer"] = without_addresses(answer)
        if due:
            line["due"] = due
        if untried_since is not None:
            line["untried"] = _written(untried_since)  # the claim of that moment does not count as a try
        if channel:
            line["channel"] = channel  # for quotas, which hold for those too who are no longer on the list
        return json.dumps(line, separators=(",", ":"), ensure_ascii=False).encode() + b"\n"

    # ---- opening ----

    def _replay(self, at: datetime) -> dict[int, float]:
        """Every line of the file from the first one on; gives the moments before which rows are not tried again."""
        waiting: dict[int, float] = {}
        since = _written(at - LONGEST)
        for line in read_lines(self.path):
            rows = self._rows.row_of_many(line["ids"])
            rows = rows[rows >= 0]  # of an earlier list, whose persons are no longer on this one
            state = STATES.index(line["state"])
            if line["at"] > since:
                self._replay_attempt(line, rows)
            if state == ATTEMPTING:
                self._tries[rows] += self._tries[rows] < 255
            if line.get("untried") or line.get("answer") == STOPPED:
                self._tries[rows] -= self._tries[rows] > 0
            elif state == UNSURE:
                self._breaks[rows] += 1
            for row in rows.tolist():
                waiting[row] = line.get("due", 0.0)
            self._state[rows] = state
        return waiting

    def _replay_attempt(self, line: Mapping[str, Any], rows: "np.ndarray[Any, Any]") -> None:
        channel = line.get("channel") or (self._rows.channel(rows[0]) if len(rows) else "")
        if line["state"] == STATES[ATTEMPTING]:
            self._spent.add(channel, len(line["ids"]), datetime.fromisoformat(line["at"]))
        elif isinstance(untried := line.get("untried"), str):
            self._spent.add(channel, -len(line["ids"]), datetime.fromisoformat(untried))

    def _continue_after_stop(self, waiting: Mapping[int, float], at: datetime) -> None:
        new = np.flatnonzero(self._state[: self._n_planned] == IDLE)
        for begin in range(0, len(new), LINE_IDS):
            self._write(at, QUEUED, [self._rows.ids[r] for r in new[begin : begin + LINE_IDS]])
        self._state[new] = QUEUED
        in_air = np.flatnonzero(self._state == ATTEMPTING)
        again = set() if self.retry.hold_unsure else set(in_air.tolist())
        if len(in_air):
            self._write(at, UNSURE, [self._rows.ids[r] for r in in_air], answer=STOPPED)
            self._state[in_air] = UNSURE
            self._tries[in_air] -= self._tries[in_air] > 0
        if again:
            self._write(at, QUEUED, [self._rows.ids[r] for r in sorted(again)], answer="sent again with the same Message-ID", durable=True)
        failed = np.flatnonzero(np.isin(self._state, FAILED))
        further = self._rows.next[failed]
        # A crash between the two lines of a failure would otherwise forget the person's next channel.
        missed = further[(further >= 0)]
        self._state[missed[self._state[missed] == IDLE]] = QUEUED
        self._state[sorted(again)] = QUEUED
        for row in sorted(again):
            self._put(row, 0.0)
        for row in np.flatnonzero(self._state == QUEUED).tolist():
            if row not in again:
                self._put(row, waiting.get(row, 0.0))


class _Rows:
    """The sendings by row number: first those of the plan, then further channels, linked from each to the person's next one."""

    def __init__(self, sendings: pa.Table, further: pa.Table | None) -> None:
        columns = ["sending_id", "notice_id", "person_id", "channel"]
        parts = [sendings.select(columns)] + ([further.select(columns)] if further is not None and further.num_rows else [])
        self.table = pa.concat_tables(parts).combine_chunks()
        self.ids: list[str] = self.table["sending_id"].to_pylist()
        channels = self.table["channel"].combine_chunks().dictionary_encode()
        self._channel = channels.indices.to_numpy(zero_copy_only=False)
        self._channels: list[str] = channels.dictionary.to_pylist()
        self._row = {sending_id: row for row, sending_id in enumerate(self.ids)}
        if len(self._row) != len(self.ids):
            raise BadLedger("the list of sendings holds the same sending twice; plan again")
        self.next = self._chain()

    def __len__(self) -> int:
        return len(self.ids)

    def _chain(self) -> "np.ndarray[Any, np.dtype[np.int64]]":
        # Rows of one person and notice stand in turn: first the plan's row, then the further ones as they are listed.
        following = np.full(len(self), -1, np.int64)
        if len(self):
            person = self.table["person_id"].combine_chunks().dictionary_encode().indices.to_numpy(zero_copy_only=False)
            notice = self.table["notice_id"].combine_chunks().dictionary_encode().indices.to_numpy(zero_copy_only=False)
            order = np.lexsort((np.arange(len(self)), notice, person))
            same = (person[order][1:] == person[order][:-1]) & (notice[order][1:] == notice[order][:-1])
            following[order[:-1][same]] = order[1:][same]
        return following

    def has(self, sending_id: str) -> bool:
        return sending_id in self._row

    def row_of(self, sending_id: str) -> int:
        return self._row[sending_id]

    def row_of_many(self, ids: Sequence[str]) -> "np.ndarray[Any, np.dtype[np.int64]]":
        return np.array([self._row.get(i, -1) for i in ids], np.int64)

    def channel(self, row: int) -> str:
        return self._channels[self._channel[row]]

    def sendings(self, rows: Sequence[int]) -> list[Sending]:
        return [Sending(**entry) for entry in self.table.take(pa.array(rows)).to_pylist()]


def _written(at: datetime) -> str:
    return at.astimezone(timezone.utc).isoformat(timespec="microseconds")


def read_lines(path: Path) -> Iterator[dict[str, Any]]:
    """The lines of a ledger; raises BadLedger with the number of a line that is none."""
    with path.open("rb") as file:
        for number, text in enumerate(file, 1):
            try:
                line = json.loads(text)
                if line["state"] not in STATES or not isinstance(line["ids"], list):
                    raise ValueError
            except (ValueError, KeyError, TypeError):
                raise BadLedger(
                    f"{path}:{number}: is not a line of a ledger; it was damaged. Restore the file from a copy: without it nobody knows who was told"
                ) from None
            yield line


def _open_locked(path: Path) -> Any:
    is_new = not path.exists()
    file = path.open("a+b")
    if is_new:
        # Without this a power cut could lose the file's name, and with it who was told.
        folder = os.open(path.parent, os.O_RDONLY)
        os.fsync(folder)
        os.close(folder)
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        file.close()
        raise LedgerInUse(f"{path}: another process is sending from this ledger; wait for it, or stop it") from None
    # A crash in the middle of a write leaves half a line: that change was never acknowledged, so nothing relied on it.
    file.seek(0)
    end = 0
    for text in file:
        if text.endswith(b"\n"):
            end += len(text)
    file.truncate(end)
    file.seek(0, os.SEEK_END)
    return file
