"""A line on standard error that says how far long work has come, how fast, and how long it will still take."""

import sys
import time
from collections.abc import Callable

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
