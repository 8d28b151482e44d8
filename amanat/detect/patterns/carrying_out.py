"""Data leaves: one account, machine or address takes out far more in an hour than it or the others usually do."""

import statistics
from collections.abc import Iterator

from amanat.detect.event import Event
from amanat.detect.pattern import OTHERS_MIN, Counts, Hit, Pattern, peaks, said, span

OUT_OWN = "%(mb)s MB left within one hour; its own usual hour has %(usual)s MB."
OUT_OTHERS = "%(mb)s MB left within one hour; the middle one of %(others)s others has %(usual)s MB at most."

SECONDS, FLOOR, TIMES, HOURS = 3600, 50e6, 10.0, 6


class _Watch:
    def __init__(self) -> None:
        self.out = Counts(SECONDS)
        self.types: dict[str, str] = {}

    def take(self, event: Event) -> None:
        key = event.account or event.host or event.who
        if not event.bytes_out or not key or event.at is None or (event.is_web and not 200 <= event.status < 300):
            return
        self.types.setdefault(key, "account" if event.account else "host" if event.host else "address")
        self.out.add(key, event.at, event.bytes_out * event.n)

    def hits(self) -> Iterator[Hit]:
        hours: dict[str, list[float]] = {}
        for (key, _), n in self.out.by.items():
            hours.setdefault(key, []).append(n)
        most = peaks(self.out)
        middle = statistics.median(most.values()) if len(most) > OTHERS_MIN else None
        for key, stretches, n in self.out.runs(lambda n: n >= FLOOR):
            own = hours[key]
            mb = round(n / 1e6)
            if len(own) >= HOURS:
                usual = statistics.median(own)
                told = said("carrying_out", "strong", OUT_OWN, mb=mb, usual=f"{usual / 1e6:.1f}")
            elif middle is not None:
                usual = middle
                told = said("carrying_out", "strong", OUT_OTHERS, mb=mb, usual=f"{usual / 1e6:.1f}", others=len(most) - 1)
            else:
                continue  # nothing to compare with: a large number alone is no sign
            if n >= TIMES * max(usual, 1e5) and not self._is_nightly(key, stretches, n):
                since, until = span(stretches, SECONDS)
                yield Hit(
                    entity=(self.types[key], key), since=since, until=until, n_events=len(stretches), kind="data_breach",
                    severity="critical" if n >= 20 * FLOOR else "high", evidence=told,
                )  # fmt: skip

    def _is_nightly(self, key: str, stretches: list[int], n: float) -> bool:
        """Whether as much leaves at the same hour of other days, as backups do."""
        day = 86_400 // SECONDS
        same_hour = [m for (k, s), m in self.out.by.items() if k == key and s not in stretches and any((s - own) % day == 0 for own in stretches)]
        return len(same_hour) >= 2 and n < TIMES * statistics.median(same_hour)


def _line(who: str, hour: int, n_bytes: int, day: int = 13) -> str:
    return f'{{"timestamp": "2026-11-{day:02}T{hour:02}:30:00Z", "host": "{who}", "bytes_out": {n_bytes}}}'


_CALM = [_line(f"pc{i}", hour, 300_000) for i in range(12) for hour in range(10)]

PATTERN = Pattern(
    watch=_Watch,
    sentences=(OUT_OWN, OUT_OTHERS),
    source="https://attack.mitre.org/tactics/TA0010/",
    examples=([*_CALM, _line("pc3", 3, 900_000_000)], [*_CALM, _line("new", 3, 900_000_000)]),
    # Large, but usual for that machine, or at that hour of the night; and a log with nothing to compare with.
    not_examples=(
        [*_CALM, *(_line("pc1", 2, 900_000_000, day) for day in range(9, 13))],
        [*_CALM, *(_line("backup", hour, 800_000_000) for hour in range(10))],
        [_line("pc1", 3, 900_000_000)],
    ),
)
