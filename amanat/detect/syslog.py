"""Syslog of log-ins: lines of sshd, PAM, dropbear, dovecot, postfix and vsftpd to events.

A name that somebody tries to log in with is theirs to choose: it may hold " from 192.0.2.1" to put the blame on another
address. So every pattern is anchored at the line's end, where the server itself writes.
"""

import re
from datetime import datetime, timedelta, timezone

from amanat.detect.event import Event, moment
from amanat.detect.reading import Reading

_LINE = re.compile(
    r"^(?:<\d{1,3}>1? ?)?"
    r"((?:[A-Z][a-z]{2} {1,2}\d{1,2} \d\d:\d\d:\d\d)|(?:\d{4}-\d\d-\d\dT\S+)) (\S+) ([\w./()-]{1,60})(?:\[(\d+)\])?:? (?:\d+ - - )?(.*)$"
)
_REPEATED = re.compile(r"^message repeated (\d+) times: \[ ?(.*?)\]?$")
_PREFIX = re.compile(r"^(?:\[ID \d+ [\w.]+\] )?(?:error: |fatal: )?(?:PAM: )?")
_BEHIND = r"(?: port \d+)?(?: via \S+)?(?: on \S+ port \d+)?(?: ssh\d?)?(?: \[preauth\])?(?:: (?:RSA|DSA|ECDSA|ED25519)[\w-]* \S+)?$"
_HOST = r"(?:::ffff:)?([\w.:%-]+)"
_INVALID = re.compile(r"^(?:Invalid|Illegal) user (.*?)\s*(?: from) " + _HOST + _BEHIND)
_ACCEPTED = re.compile(r"^Accepted \S+ for (.*) from " + _HOST + _BEHIND)
# Each with the account (or nothing) and the address.
_FAILED = tuple(
    re.compile(pattern)
    for pattern in (
        r"^Failed \S+ for (?:invalid user |illegal user )?(.*) from " + _HOST + _BEHIND,
        r"^[Aa]uthentication (?:failure|error) for (?:illegal user )?(.*) from " + _HOST + _BEHIND,
        r"^User (.*) from " + _HOST + r" not allowed because [\w ']{0,100}$",
        r"^maximum authentication attempts exceeded for (?:invalid user )?(.*) from " + _HOST + _BEHIND,
        r"^()ROOT LOGIN REFUSED FROM " + _HOST + _BEHIND,
        r"^[Bb]ad (?:PAM )?password attempt for '(.*)' from " + _HOST + r":\d+$",
        r"^[Ll]ogin attempt for nonexistent user()(?: '.*')? from " + _HOST + r":\d+$",
        r"\(auth failed, \d+ attempts(?: in \d+ secs)?\):(?: user=<([^>]*)>,)?.*\brip=" + _HOST + ",",
        r"^warning: ()\S+?\[" + _HOST + r"\]: SASL \S+ authentication failed",
        r"FAIL LOGIN: ()Client \"" + _HOST + '"',
    )
)
_PAM = re.compile(r"authentication failure;.*?\bruser=\S*\s+rhost=" + r"(\S+)" + r"(?:\s+user=(.*?))?\s*$")


def looks_like_syslog(line: str) -> bool:
    """Whether the line has the head of a syslog line."""
    return bool(_LINE.match(line))


def syslog_event(text: str, number: int, reading: Reading) -> Event | None:
    """The event of one line; None when it is no line of syslog."""
    found = _LINE.match(text)
    if not found:
        return None
    at, host, program, pid, message = found.groups()
    n = 1
    if repeated := _REPEATED.match(message):
        n, message = min(int(repeated[1]), 10_000), repeated[2]
    event = Event(
        fields={"hostname": host, "program": program, "pid": pid or "", "message": message},
        place=(reading.file, number),
        at=_moment(at, reading),
        host=host,
        n=n,
        product="linux",
        service="sshd" if program == "sshd" else "auth" if program in ("sudo", "su", "login", "systemd-logind") else program,
        text=text,
    )
    _log_in(event, message[_PREFIX.match(message).end() :], (host, pid or ""), reading)  # type: ignore[union-attr]
    return event


def _log_in(event: Event, message: str, session: tuple[str, str], reading: Reading) -> None:
    """Whether the line tells of a log-in, and of which."""
    if accepted := _ACCEPTED.match(message):
        event.login, event.account, event.who = "ok", accepted[1], accepted[2]
    elif invalid := _INVALID.match(message):
        event.login, event.account, event.who = "failed", invalid[1], invalid[2]
        if len(reading.counted) < 100_000:
            reading.counted.add(session)
    elif failed := next((found for pattern in _FAILED if (found := pattern.search(message))), None):
        if session in reading.counted and "invalid user" in message[:80]:
            reading.counted.discard(session)
            return  # sshd writes two lines about one attempt with a name that does not exist
        event.login, event.account, event.who = "failed", failed[1] or "", failed[2]
    elif event.service != "sshd" and (pam := _PAM.search(message)):
        # For sshd the same failure stands in a line of its own; it must not count twice.
        event.login, event.who, event.account = "failed", pam[1].removeprefix("::ffff:"), pam[2] or ""


def _moment(text: str, reading: Reading) -> float | None:
    if text[:4].isdigit():
        return moment(text)
    try:
        at = datetime.strptime(f"{reading.year_end.year} {text}", "%Y %b %d %H:%M:%S").replace(tzinfo=timezone.utc)
    except ValueError:
        return None  # 29 February of another year
    if at > reading.year_end + timedelta(days=1):
        at = at.replace(year=at.year - 1) if (at.month, at.day) != (2, 29) else at
    return at.timestamp()
