"""The log of sign-ins at the gateway (sshd, as Debian's rsyslog writes it): everyday life, leaked passwords tried on many accounts, a success."""

from datetime import datetime, timedelta

from amanat.prepare.intrusion import COLLEAGUES, INTRUDER, STUFFERS, VICTIM, Chance, Intrusion
from amanat.prepare.trace_lines import Line

FILE = "logs/auth.log"
_HOST = "gw-lyon-01"
_N_TRIES = 260
# Words and names that lists of leaked passwords are full of; none of them is an account of ours but the last few.
_TRIED = (
    "admin", "root", "test", "reception", "guest", "frontdesk", "info", "sales", "booking", "user", "oracle", "postgres", "backup", "ubuntu", "hotel",
    "manager", "scanner", "office", "support", "contact", "marie", "pierre", "sophie", "julien", "thomas", "emma", "lea", "hugo", "paul", "claire",
    "nicolas", "laura", "m.besnard", "j.carre", "e.clarke", "n.delorme", "l.brandt",
)  # fmt: skip
_OURS = tuple(c.account for c in COLLEAGUES)


def sign_in_lines(seed: int, story: Intrusion) -> list[Line]:
    """The eight days before awareness."""
    chance, until = Chance(seed, "sign_ins"), story.awareness
    lines: list[Line] = []
    for day in range(8):
        begin = until - timedelta(days=8 - day)
        for colleague in COLLEAGUES:
            for _ in range(1 + chance.below(2)):
                lines += _everyday(chance, colleague.account, chance.at_work(begin, begin + timedelta(days=1)))
        # A few strangers knock each night, as at every gateway; they are few and slow.
        for _ in range(4):
            lines += _failed(chance, chance.moment(begin, begin + timedelta(days=1)), chance.one_of(_TRIED[:12]), "198.51.100.240")
    for n in range(_N_TRIES):
        at = story.stuffed_at + timedelta(seconds=8 * n + chance.below(8))
        lines += _failed(chance, at, _TRIED[n * 7 % len(_TRIED)], STUFFERS[n % len(STUFFERS)], "credential_stuffing")
    lines += _failed(chance, story.entered_at - timedelta(seconds=41), VICTIM.account, STUFFERS[0], "credential_stuffing")
    lines += _entered(chance, story.entered_at, VICTIM.account, INTRUDER, "account_takeover")
    return lines


def _everyday(chance: Chance, account: str, at: datetime) -> list[Line]:
    address = f"198.51.100.{1 + _OURS.index(account) * 20 + chance.below(3)}"
    lines: list[Line] = []
    for _ in range(chance.below(3) if chance.happens(0.2) else 0):  # mistyped
        lines += _failed(chance, at, account, address)
        at += timedelta(seconds=6 + chance.below(20))
    return lines + _entered(chance, at, account, address)


def _failed(chance: Chance, at: datetime, account: str, address: str, act: str = "") -> list[Line]:
    process, port = 1000 + chance.below(60_000), 32_768 + chance.below(28_000)
    if account in _OURS:
        return [_line(at, process, f"Failed password for {account} from {address} port {port} ssh2", act)]
    return [
        _line(at, process, f"Invalid user {account} from {address} port {port}", act),
        _line(at + timedelta(milliseconds=900), process, f"Failed password for invalid user {account} from {address} port {port} ssh2", act),
    ]


def _entered(chance: Chance, at: datetime, account: str, address: str, act: str = "") -> list[Line]:
    process, port = 1000 + chance.below(60_000), 32_768 + chance.below(28_000)
    return [
        _line(at, process, f"Accepted password for {account} from {address} port {port} ssh2", act),
        _line(
            at + timedelta(milliseconds=60),
            process,
            f"pam_unix(sshd:session): session opened for user {account}(uid=1{process % 900:03}) by (uid=0)",
            act,
        ),
    ]


def _line(at: datetime, process: int, text: str, act: str) -> Line:
    return Line(at, f"{at.isoformat(timespec='microseconds')} {_HOST} sshd[{process}]: {text}", act)
