"""Passwords are guessed: many failed log-ins from one address or to one account, and perhaps one that succeeds."""

from collections.abc import Iterator

from amanat.detect.event import Event
from amanat.detect.pattern import Counts, Hit, Pattern, Usual, peaks, said, span, usual

FAILED = "%(n)s log-ins failed within five minutes, to %(accounts)s accounts."
FAILED_USUAL = "%(n)s log-ins failed within five minutes, to %(accounts)s accounts; the middle address here has %(usual)s."
MANY_ACCOUNTS = "It tried %(accounts)s accounts, as those do who have a list of stolen passwords."
ONE_ACCOUNT = "%(n)s log-ins to this account failed within five minutes, from %(addresses)s addresses."
THEN_IN = "After %(n)s failures a log-in from there succeeded."

SECONDS, FLOOR, FAR, ACCOUNTS = 300, 5, 4.0, 8


class _Watch:
    def __init__(self) -> None:
        self.by_who, self.by_account = Counts(SECONDS), Counts(SECONDS)
        self.accounts: dict[str, set[str]] = {}
        self.addresses: dict[str, set[str]] = {}
        self.failed: dict[str, int] = {}
        self.then_in: dict[str, tuple[int, str, float | None]] = {}

    def take(self, event: Event) -> None:
        if event.login == "failed":
            if event.who:
                self.by_who.add(event.who, event.at, event.n)
                self.failed[event.who] = self.failed.get(event.who, 0) + event.n
                _note(self.accounts, event.who, event.account)
            if event.account:
                self.by_account.add(event.account, event.at, event.n)
                _note(self.addresses, event.account, event.who)
        elif event.login == "ok" and event.who and self.failed.get(event.who, 0) >= FLOOR and event.who not in self.then_in:
            self.then_in[event.who] = (self.failed[event.who], event.account, event.at)

    def hits(self) -> Iterator[Hit]:
        normal = usual(peaks(self.by_who).values())
        seen = set()
        for who, stretches, n in self.by_who.runs(_much(normal)):
            seen.add(who)
            yield from self._of_address(who, stretches, int(n), normal)
        for who, (n_failed, _account, at) in self.then_in.items():
            if who in seen:
                yield Hit(
                    entity=("address", who), since=at, until=at, n_events=1, kind="social_engineering", severity="critical",
                    evidence=said("guessing", "hard", THEN_IN, n=n_failed),
                )  # fmt: skip
        normal = usual(peaks(self.by_account).values())
        for account, stretches, n in self.by_account.runs(_much(normal)):
            n_addresses = len(self.addresses.get(account, ()))
            if n_addresses >= FLOOR:  # from one address it is told there
                since, until = span(stretches, SECONDS)
                yield Hit(
                    entity=("account", account), since=since, until=until, n_events=int(n), kind="social_engineering", severity="high",
                    evidence=said("guessing", "strong", ONE_ACCOUNT, n=int(n), addresses=n_addresses),
                )  # fmt: skip

    def _of_address(self, who: str, stretches: list[int], n: int, normal: Usual | None) -> Iterator[Hit]:
        since, until = span(stretches, SECONDS)
        n_events = int(sum(self.by_who.by[who, s] for s in stretches))
        n_accounts = len(self.accounts.get(who, ()))
        told = (
            said("guessing", "strong", FAILED_USUAL, n=n, accounts=n_accounts, usual=f"{normal.median:g}")
            if normal
            else said("guessing", "strong", FAILED, n=n, accounts=n_accounts)
        )
        yield Hit(
            entity=("address", who), since=since, until=until, n_events=n_events, kind="social_engineering",
            severity="high" if n >= 20 else "medium", evidence=told,
        )  # fmt: skip
        if n_accounts >= ACCOUNTS:
            yield Hit(
                entity=("address", who), since=since, until=until, n_events=0, kind="social_engineering", severity="high",
                evidence=said("guessing", "strong", MANY_ACCOUNTS, accounts=n_accounts),
            )  # fmt: skip


def _note(of: dict[str, set[str]], key: str, value: str) -> None:
    known = of.setdefault(key, set())
    if value and len(known) < 10_000:
        known.add(value)


def _much(normal: Usual | None):  # type: ignore[no-untyped-def]
    # Where most addresses guess (a server on the open internet), the middle one is an attacker too: the floor alone decides.
    return lambda n: n >= FLOOR and (normal is None or normal.median >= FLOOR / 2 or normal.far(n) >= FAR)


def _lines(n: int, *, who: str = "203.0.113.9", account: str = "root", minute: int = 0) -> list[str]:
    return [
        f"2026-11-13T09:{minute:02}:{i % 60:02}+01:00 web1 sshd[{100 + i}]: Failed password for {account} from {who} port 4{i:03} ssh2"
        for i in range(n)
    ]


PATTERN = Pattern(
    watch=_Watch,
    sentences=(FAILED, FAILED_USUAL, MANY_ACCOUNTS, ONE_ACCOUNT, THEN_IN),
    source="https://attack.mitre.org/techniques/T1110/",
    examples=(
        _lines(6),
        [line for i in range(12) for line in _lines(1, account=f"guest{i}")],
        [line for i in range(8) for line in _lines(1, who=f"203.0.113.{i}", account="omid")],
    ),
    not_examples=(_lines(2), [line for minute in range(0, 50, 10) for line in _lines(1, minute=minute)]),
)
