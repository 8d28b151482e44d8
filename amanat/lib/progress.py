"""A line on standard error that says how far long work has come, how fast, and how long it will still take."""

import json
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

# Called with what is being done, how much of it is done, and how much there is (0 when unknown).
Progress = Callable[[str, float, float], None]


def silent(what: str, done: float, total: float) -> None:
    """For machines and tests: shows nothing."""


class Line:
    """Progress on a terminal, one line that is rewritten at most ten times a second; nothing at all elsewhere."""

    def __init__(self, *, unit: str = "", scale: float = 1.0) -> None:
        self._unit, self._scale = unit, scale
        self._what, self._began, self._shown = "", time.monotonic(), 0.0
        self._is_shown = sys.stderr.isatty()

    def __call__(self, what: str, done: float, total: float) -> None:
        if not self._is_shown:
            return
        now = time.monotonic()
        if what != self._what:
            if self._what:
                sys.stderr.write("\n")
            self._what, self._began, self._shown = what, now, 0.0
        if now - self._shown < 0.1 and done < total:
            return
        self._shown = now
        seconds = max(now - self._began, 1e-6)
        rate = done / self._scale / seconds
        left = f", {(total - done) / max(done / seconds, 1e-9):.0f} s left" if 0 < done < total else ""
        share = f"{done / total:4.0%} " if total else ""
        sys.stderr.write(f"\r\x1b[K{what:<28} {share}{done / self._scale:,.0f} {self._unit} ({rate:,.0f}/s{left})")
        sys.stderr.flush()

    def close(self) -> None:
        if self._is_shown and self._what:
            sys.stderr.write("\n")
            self._what = ""


class Kept:
    """Progress that others can look at while it goes on: one small file, rewritten at most once a second, gone at the end."""

    def __init__(self, file: Path, inner: Progress = silent) -> None:
        self._file, self._inner = file, inner
        self._what, self._began, self._written = "", 0.0, 0.0

    def __call__(self, what: str, done: float, total: float) -> None:
        self._inner(what, done, total)
        now = time.time()
        if what != self._what:
            self._what, self._began, self._written = what, now, 0.0
        if now - self._written < 1 and done < total:
            return
        self._written = now
        beside = self._file.with_suffix(".part")
        # Nobody's work stops because its progress cannot be shown.
        with suppress(OSError):
            beside.write_text(json.dumps({"what": what, "done": done, "total": total, "began": self._began, "at": now}), encoding="ascii")
            beside.replace(self._file)

    def close(self) -> None:
        with suppress(OSError):
            self._file.unlink(missing_ok=True)


@dataclass(frozen=True, slots=True)
class Reading:
    """How far work has come that `Kept` reports."""

    what: str
    done: float
    total: float  # 0: not known
    per_second: float
    seconds_left: float | None  # None: not known yet

    @property
    def share(self) -> float:
        """Of all, from 0 to 1; 0 where the whole is not known."""
        return min(1.0, self.done / self.total) if self.total > 0 else 0.0

    @property
    def hundredths(self) -> int:
        """The same for a bar, whatever the language of its page."""
        return round(self.share * 100)

    @property
    def minutes_left(self) -> int | None:
        """Rounded up: nobody is helped by "0 minutes"."""
        return None if self.seconds_left is None else max(1, -(-round(self.seconds_left) // 60))


def read_progress(file: Path) -> Reading | None:
    """What stands in the file of a `Kept`; None where there is none."""
    try:
        told = json.loads(file.read_text(encoding="ascii"))
        what, done, total, began, at = str(told["what"]), *(float(told[name]) for name in ("done", "total", "began", "at"))
    except (OSError, ValueError, KeyError, TypeError):
        return None
    rate = done / max(at - began, 1e-3)
    # In the first moments a rate says nothing.
    left = (total - done) / rate if 0 < done <= total and at - began >= 2 else None
    return Reading(what, done, total, rate, left)
