"""How reading one log goes: its format, and what could not be read."""

from dataclasses import dataclass, field
from datetime import datetime, timezone


@dataclass(slots=True)
class Reading:
    """One file on its way: what kind it is, and what could not be read."""

    file: int  # number of the file, for places
    format: str = ""
    n_events: int = 0
    n_broken: int = 0
    first_broken: int = 0
    reason: str = ""  # why the file could not be read, or not to its end
    year_end: datetime = field(default_factory=lambda: datetime(1970, 1, 1, tzinfo=timezone.utc))  # syslog names no year: none is later than this

    # Attempts that were counted at their first line, so that a second line about the same one does not count again.
    counted: set[tuple[str, str]] = field(default_factory=set)

    def broken(self, number: int) -> None:
        self.n_broken += 1
        self.first_broken = self.first_broken or number
