"""A heap of many gigabytes scanned and matched to millions of persons: does the rate fall with the size, and how much memory does it take?

The large case: `python -m bench.bench_heap 20 10000000` (gigabytes, persons); it needs twice the heap's room on the disk for temporary files.
"""

import os
import sys
import tempfile
import threading
import time
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from bench.bench_match import SYLLABLES, _write_register

N_GB, N_PERSONS = 0.5, 100_000
FILE_BYTES = 128_000_000
# Records of a booking export, of an application's objects and of a web server's log; `#` are digits of a person's number.
CSV_HEAD = "booking,name,email,loyalty_id,born,remark\n"
CSV = "B########,{name},p#########@example.org,KL#########,19{yy}-{mm}-{dd},{words}\n"
OBJECT = '{{"id": "B########", "guest": {{"email": "p#########@example.org", "name": "{name}"}}, "note": "{words} {words}", "state": "done"}}\n'
LOG = (
    '192.0.2.{dd} - - [22/Nov/2026:06:{mm}:{dd} +0000] "GET /rooms/{yy}?lang=fr HTTP/1.1" 200 {yy}{mm} "https://hotel.example/{words}"'
    " {words} KL#########\n"
)
N_LINES = 20_000


def measure(n_gb: float = N_GB, n_persons: int = N_PERSONS) -> list[dict[str, str]]:
    from amanat import scope

    with tempfile.TemporaryDirectory() as temporary:
        home = Path(temporary)
        (home / "files").mkdir()
        _write_register(home / "register.parquet", n_persons)
        n_bytes = _write_heap(home / "files", int(n_gb * 1e9), n_persons)
        print(f"  {n_bytes / 1e9:.1f} GB written", file=sys.stderr, flush=True)
        now, key = date(2026, 11, 22), bytes(32)
        (home / "few").mkdir()
        (home / "few" / "a.csv").write_bytes((home / "files" / "00000.csv").open("rb").read(100_000).rpartition(b"\n")[0])
        scope.find_exposures([home / "few"], None, out=home / "few-out", key=key, now=now)  # compiled before the clock starts
        with _Watch() as watch:
            began, worked = time.perf_counter(), time.process_time()
            found = scope.find_exposures([home / "files"], home / "register.parquet", out=home / "out", key=key, now=now, progress=watch)
            wall, worked = time.perf_counter() - began, time.process_time() - worked
        kept = sum(path.stat().st_size for path in (home / "out").rglob("*") if path.is_file())
    first, last = (np.mean([rate for _, rate, _ in part]) for part in (watch.rates[: len(watch.rates) // 2], watch.rates[len(watch.rates) // 2 :]))
    what = f"heap of {n_bytes / 1e9:.1f} GB, {n_persons:,} persons, {found.n_findings:,} findings, {found.exposures.num_rows:,} persons found"
    rows = [
        (what, f"{wall:,.0f} s"),
        ("  rate of reading in the first half, and in the second", f"{first:.0f} and {last:.0f} MB/s"),
        ("  register; reading; counting and writing", ", ".join(f"{seconds:,.0f} s" for seconds in watch.phases())),
        ("  processor time of the program itself; most memory of it and its readers", f"{worked:,.0f} s; {watch.most / 1e9:.1f} GB"),
        ("  what it wrote", f"{kept / 1e9:.1f} GB"),
        ("  other work on this machine: load average before and after", f"{watch.load[0]:.1f} and {watch.load[1]:.1f}"),
    ]
    return [{"what": name, "ours": ours, "peer": "", "theirs": "", "ratio": ""} for name, ours in rows]


class _Watch:
    """Notes how far the scan is, and how much memory it and its children hold."""

    def __init__(self) -> None:
        self.most = 0
        self.rates: list[tuple[float, float, float]] = []
        self.load = [os.getloadavg()[0]]
        self._began = self._last = time.perf_counter()
        self._reading: list[float] = []
        self._at = 0.0
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)

    def __enter__(self) -> "_Watch":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._is_over.set()
        self._thread.join()
        self.load.append(os.getloadavg()[0])
        self._ended = time.perf_counter()

    def __call__(self, what: str, done: float, total: float) -> None:
        now = time.perf_counter()
        if what != "reading":
            return
        self._reading = [self._reading[0] if self._reading else now, now]
        if done - self._at >= max(total / 40, 1e8) or done >= total > self._at:
            rate = (done - self._at) / 1e6 / (now - (self._last if self._at else self._reading[0]) or 1)
            self.rates.append((done / 1e9, rate, _memory() / 1e9))
            print("  {:5.1f} GB read: {:6.1f} MB/s since the line before, {:.1f} GB of memory".format(*self.rates[-1]), file=sys.stderr, flush=True)
            self._at, self._last = done, now

    def phases(self) -> tuple[float, float, float]:
        return self._reading[0] - self._began, self._reading[1] - self._reading[0], self._ended - self._reading[1]

    def _look(self) -> None:
        while not self._is_over.wait(1.0):
            self.most = max(self.most, _memory())


def _memory() -> int:
    """Bytes of this process and its descendants; what they share counts once (Linux)."""
    parents: dict[int, int] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parents[int(entry.name)] = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            except OSError:
                continue
    mine, size = {os.getpid()}, 0
    while len(mine) != size:
        size = len(mine)
        mine |= {pid for pid, parent in parents.items() if parent in mine}
    total = 0
    for pid in mine:
        try:
            told = Path(f"/proc/{pid}/smaps_rollup").read_text()
            total += 1024 * int(told.partition("\nPss:")[2].split()[0])
        except OSError:
            continue
    return total


def _write_heap(folder: Path, n_bytes: int, n_persons: int) -> int:
    """Files of three kinds in turn, each record of another person."""
    chance = np.random.default_rng(3)
    kinds = [(".csv", CSV_HEAD, _lines(CSV, chance)), (".jsonl", "", _lines(OBJECT, chance)), (".log", "", _lines(LOG, chance))]
    written = number = 0
    while written < n_bytes:
        suffix, head, (text, places) = kinds[number % 3]
        with (folder / f"{number:05}{suffix}").open("wb") as file:
            file.write(head.encode())
            while file.tell() < min(FILE_BYTES, n_bytes - written):
                for width, at in places.items():
                    values = chance.integers(0, n_persons, len(at) // width) if width == 9 else chance.integers(0, 10**8, len(at) // width)
                    if width == 9 and suffix == ".csv":
                        values[1::2] = values[::2]  # mail and loyalty number of one person
                    text[at] = _digits(values, width)
                file.write(text.tobytes())
            written += file.tell()
        number += 1
    return written


def _lines(template: str, chance: Any) -> tuple[Any, dict[int, Any]]:
    """Bytes of many lines, and by the width of a number where its digits stand."""
    words = np.array(["".join(SYLLABLES[i] for i in row) for row in chance.integers(0, len(SYLLABLES), (3000, 3))], object)
    lines = []
    for _ in range(N_LINES):
        some = chance.choice(words, 10)
        lines.append(
            template.format(
                name=f"{some[0].capitalize()} {some[1].capitalize()}",
                words="-".join(some[2:]),
                yy=chance.integers(40, 99),
                mm=f"{chance.integers(1, 12):02}",
                dd=f"{chance.integers(10, 28)}",
            )
        )
    text = np.frombuffer("".join(lines).encode(), np.uint8).copy()
    is_digit = text == ord("#")
    begins = np.flatnonzero(is_digit & ~np.r_[False, is_digit[:-1]])
    widths = np.flatnonzero(is_digit & ~np.r_[is_digit[1:], False]) - begins + 1
    return text, {int(width): (begins[widths == width][:, None] + np.arange(width)).ravel() for width in np.unique(widths)}


def _digits(values: Any, width: int) -> Any:
    return (values[:, None] // 10 ** np.arange(width - 1, -1, -1) % 10 + ord("0")).astype(np.uint8).ravel()


if __name__ == "__main__":
    for row in measure(float(sys.argv[1]), int(sys.argv[2])):
        print(f"{row['what']}: {row['ours']}")
