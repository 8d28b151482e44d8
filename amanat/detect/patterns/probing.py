"""Somebody looks for holes: one client asks for many pages that are not there."""

from collections.abc import Iterator

from amanat.detect.event import Event
from amanat.detect.pattern import Hit, Pattern, said

PROBES = "%(share)s %% of its %(n)s requests were refused or led nowhere, to %(paths)s different addresses."

PATHS, SHARE = 20, 0.5


class _Client:
    __slots__ = ("n", "n_bad", "paths", "since", "until")

    def __init__(self) -> None:
        self.n = self.n_bad = 0
        self.paths: set[str] = set()
        self.since: float | None = None
        self.until: float | None = None


class _Watch:
    def __init__(self) -> None:
        self.clients: dict[str, _Client] = {}

    def take(self, event: Event) -> None:
        if not event.is_web or not event.who:
            return
        client = self.clients.get(event.who)
        if client is None:
            client = self.clients[event.who] = _Client()
        client.n += event.n
        if event.status in (400, 403, 404, 405, 501):
            client.n_bad += event.n
            if len(client.paths) < 1000:
                client.paths.add(event.path[:200])
            if event.at is not None:
                client.since = event.at if client.since is None else min(client.since, event.at)
                client.until = event.at if client.until is None else max(client.until, event.at)

    def hits(self) -> Iterator[Hit]:
        for who, client in self.clients.items():
            if len(client.paths) >= PATHS and client.n_bad >= SHARE * client.n:
                yield Hit(
                    entity=("address", who), since=client.since, until=client.until, n_events=client.n_bad, kind="data_breach",
                    severity="medium" if len(client.paths) >= 100 else "low",
                    evidence=said("probing", "strong", PROBES, share=round(100 * client.n_bad / client.n), n=client.n, paths=len(client.paths)),
                )  # fmt: skip


def _line(path: str, status: int) -> str:
    return f'203.0.113.9 - - [13/Nov/2026:09:00:00 +0100] "GET {path} HTTP/1.1" {status} 90 "-" "curl/8"'


PATTERN = Pattern(
    watch=_Watch,
    sentences=(PROBES,),
    source="https://attack.mitre.org/techniques/T1595/003/",
    examples=([_line(f"/old/{i}.php", 404) for i in range(25)],),
    # A page with many broken links, read by somebody who finds most of the others.
    not_examples=([_line(f"/room/{i}", 200) for i in range(60)] + [_line(f"/img/{i}.png", 404) for i in range(25)], [_line("/a", 404)] * 50),
)
