"""One line: what many events together show.

`./run new pattern=xx_name` copies this file; replace every value, then `amanat detect check`.
"""

from collections.abc import Iterator

from amanat.detect.event import Event
from amanat.detect.pattern import Counts, Hit, Pattern, said, span

SEEN = "%(n)s such events within ten minutes."


class _Watch:
    def __init__(self) -> None:
        self.counts = Counts(600)

    def take(self, event: Event) -> None:
        if event.who and event.status == 418:
            self.counts.add(event.who, event.at)

    def hits(self) -> Iterator[Hit]:
        for who, stretches, n in self.counts.runs(lambda n: n >= 3):
            since, until = span(stretches, 600)
            yield Hit(
                entity=("address", who),
                since=since,
                until=until,
                n_events=int(n),
                kind="denial_of_service",
                severity="low",
                evidence=said("xx_name", "weak", SEEN, n=int(n)),
            )


_LINE = '203.0.113.9 - - [13/Nov/2026:09:00:00 +0100] "GET /tea HTTP/1.1" 418 9'

PATTERN = Pattern(watch=_Watch, sentences=(SEEN,), source="https://…", examples=([_LINE] * 3,), not_examples=([_LINE],))
