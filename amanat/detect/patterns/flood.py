"""A flood of requests: one client asks far more often than the others, or the whole service is asked far more often than usual."""

from collections.abc import Iterator

from amanat.detect.event import Event
from amanat.detect.pattern import Counts, Hit, Pattern, peaks, said, span, usual

CLIENT = "%(n)s requests within one minute."
CLIENT_USUAL = "%(n)s requests within one minute; the middle client here has %(usual)s at most."
SERVICE = "%(n)s requests within one minute, from %(clients)s clients; usual are %(usual)s."
ERRORS = "%(share)s %% of the answers were errors of the server: it did not keep up."
FALLING = "%(errors)s of %(n)s answers within five minutes were errors of the server, %(times)s times as many requests as usual."

SECONDS, FLOOR, FAR = 60, 300, 8.0
LONG, ERRORS_MIN, SHARE = 300, 30, 0.25  # a service may fall long before a flood is large
ALL_FLOOR, TIMES = 1000, 5


class _Watch:
    def __init__(self) -> None:
        self.by_client, self.all, self.errors = Counts(SECONDS), Counts(SECONDS), Counts(SECONDS)
        self.long, self.long_errors = Counts(LONG), Counts(LONG)
        self.clients: dict[int, set[str]] = {}

    def take(self, event: Event) -> None:
        if not event.is_web or event.at is None:
            return
        if event.who:
            self.by_client.add(event.who, event.at, event.n)
        stretch = self.all.add("", event.at, event.n)
        self.long.add("", event.at, event.n)
        if event.status >= 500:
            self.errors.add("", event.at, event.n)
            self.long_errors.add("", event.at, event.n)
        known = self.clients.setdefault(stretch, set())
        if len(known) < 100_000 and event.who:
            known.add(event.who)

    def hits(self) -> Iterator[Hit]:
        normal = usual(peaks(self.by_client).values())
        for who, stretches, n in self.by_client.runs(lambda n: n >= FLOOR and (normal is None or normal.far(n) >= FAR)):
            since, until = span(stretches, SECONDS)
            told = (
                said("flood", "strong", CLIENT_USUAL, n=int(n), usual=f"{normal.median:g}") if normal else said("flood", "strong", CLIENT, n=int(n))
            )
            yield Hit(
                entity=("address", who), since=since, until=until, n_events=int(sum(self.by_client.by[who, s] for s in stretches)),
                kind="denial_of_service", severity="high" if n >= 10 * FLOOR else "medium", evidence=told,
            )  # fmt: skip
        yield from self._falling()
        minutes = usual(self.all.by.values())
        if minutes is None:
            return
        for _, stretches, n in self.all.runs(lambda n: n >= ALL_FLOOR and n >= TIMES * minutes.median and minutes.far(n) >= FAR):
            since, until = span(stretches, SECONDS)
            n_events = int(sum(self.all.by["", s] for s in stretches))
            n_clients = len(set().union(*(self.clients.get(s, set()) for s in stretches)))
            share = sum(self.errors.by.get(("", s), 0) for s in stretches) / n_events
            yield Hit(
                entity=("service", "web"), since=since, until=until, n_events=n_events, kind="denial_of_service", severity="high",
                evidence=said("flood", "strong", SERVICE, n=int(n), clients=n_clients, usual=f"{minutes.median:g}"),
            )  # fmt: skip
            if share >= 0.2:
                yield Hit(
                    entity=("service", "web"), since=since, until=until, n_events=0, kind="denial_of_service", severity="critical",
                    evidence=said("flood", "hard", ERRORS, share=round(100 * share)),
                )  # fmt: skip

    def _falling(self) -> Iterator[Hit]:
        """Stretches in which the server fails and is asked far more than usual."""
        normal = usual(self.long.by.values())
        if normal is None:
            return
        for _, stretches, _most in self.long_errors.runs(lambda n: n >= ERRORS_MIN):
            n = int(sum(self.long.by["", s] for s in stretches))
            n_errors = int(sum(self.long_errors.by["", s] for s in stretches))
            times = n / len(stretches) / max(normal.median, 1.0)
            if n_errors >= SHARE * n and times >= 3:
                since, until = span(stretches, LONG)
                loudest = max(stretches, key=lambda s: self.long_errors.by["", s])
                told = said(
                    "flood", "strong", FALLING, errors=int(self.long_errors.by["", loudest]), n=int(self.long.by["", loudest]), times=round(times)
                )
                yield Hit(entity=("service", "web"), since=since, until=until, n_events=n, kind="denial_of_service", severity="high", evidence=told)


def _line(who: str, minute: int, status: int = 200) -> str:
    return f'{who} - - [13/Nov/2026:09:{minute:02}:00 +0100] "GET /rooms HTTP/1.1" {status} 900 "-" "Mozilla/5.0"'


_QUIET = [_line(f"192.0.2.{i}", minute) for minute in range(0, 60, 2) for i in range(5)]
_CALM = [_line(f"192.0.2.{i % 40}", minute) for minute in range(20) for i in range(40)]

PATTERN = Pattern(
    watch=_Watch,
    sentences=(CLIENT, CLIENT_USUAL, SERVICE, ERRORS, FALLING),
    source="https://attack.mitre.org/techniques/T1499/002/",
    examples=(
        _CALM + [_line("203.0.113.9", 7)] * 400,
        _CALM + [_line(f"198.51.100.{i % 200}", 8, 503) for i in range(1500)],
        _QUIET + [_line(f"198.51.100.{i % 30}", 41, 503 if i % 3 else 200) for i in range(90)],
    ),
    not_examples=(_CALM, [_line("192.0.2.1", 3)] * 50),
)
