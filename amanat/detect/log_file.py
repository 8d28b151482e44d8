"""Log files to events: JSON lines, Windows EVTX, web access logs, and the syslog of log-ins; packed by gzip or not.

The format is told from the bytes. A line that cannot be read is counted, and the rest is read.
"""

import gzip
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from functools import lru_cache
from typing import BinaryIO

from amanat.detect.event import Event, event_of, moment

LINE_MAX = 1 << 20
ARRAY_MAX = 256 << 20


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

    def broken(self, number: int) -> None:
        self.n_broken += 1
        self.first_broken = self.first_broken or number


def read_events(file: BinaryIO, reading: Reading) -> Iterator[Event]:
    """The events of one file, in its order; `reading` tells afterwards how it went."""
    head = file.read(65536)
    file.seek(0)
    if head[:2] == b"\x1f\x8b":
        file = gzip.GzipFile(fileobj=file)  # type: ignore[assignment]
        try:
            head = file.read(65536)
            file.seek(0)
        except (OSError, EOFError):
            reading.reason = "It is packed, and the packing is damaged."
            return
    reading.format = _format(head)
    try:
        match reading.format:
            case "evtx":
                events = _evtx(file, reading)
            case "json array":
                events = _array(file, reading)
            case "json lines":
                events = _lines(file, reading, _json_line)
            case "web access log":
                events = _lines(file, reading, _access_line)
            case "syslog":
                events = _lines(file, reading, _syslog_line)
            case _:
                reading.reason = "It is no log in a form that is known here." if head.strip() else "It is empty."
                return
        for event in events:
            reading.n_events += 1
            yield event
    except (OSError, EOFError):
        reading.reason = "It ends in the middle, or is damaged; what came before was read."


def _format(head: bytes) -> str:
    if head.startswith(b"ElfFile\0"):
        return "evtx"
    text = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    if text[:1] == b"[" and re.match(rb"\[\s*\{", text):
        return "json array"
    lines = [line for line in head.decode("utf-8", "replace").split("\n")[:50] if line.strip()]
    votes = {
        "json lines": sum(line.lstrip("\ufeff \t").startswith("{") for line in lines),
        "web access log": sum(bool(_ACCESS.match(line)) for line in lines),
        "syslog": sum(bool(_SYSLOG.match(line)) for line in lines),
    }
    best = max(votes, key=lambda name: votes[name])
    return best if lines and votes[best] * 3 >= len(lines) else ""


_Parse = Callable[[str, int, Reading], Event | None]


def _lines(file: BinaryIO, reading: Reading, parse: _Parse) -> Iterator[Event]:
    number = 0
    while line := file.readline(LINE_MAX):
        number += 1
        if len(line) >= LINE_MAX and not line.endswith(b"\n"):
            while (more := file.readline(LINE_MAX)) and not more.endswith(b"\n"):
                pass
            reading.broken(number)
            continue
        text = line.decode("utf-8", "replace").strip("\r\n\ufeff")
        if not text.strip() or text.startswith("#"):
            continue
        event = parse(text, number, reading)
        if event is None:
            reading.broken(number)
        else:
            yield event


def _json_line(text: str, number: int, reading: Reading) -> Event | None:
    try:
        record = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return event_of(record, (reading.file, number), text) if isinstance(record, dict) else None


def _array(file: BinaryIO, reading: Reading) -> Iterator[Event]:
    data = file.read(ARRAY_MAX + 1)
    if len(data) > ARRAY_MAX:
        reading.reason = "It is one JSON list of more than 256 MB; save it as one object a line."
        return
    try:
        records = json.loads(data.decode("utf-8-sig", "replace"))
    except (ValueError, RecursionError):
        reading.reason = "It begins like a JSON list, but is none."
        return
    for number, record in enumerate(records, 1):
        if isinstance(record, dict):
            yield event_of(record, (reading.file, number), json.dumps(record, ensure_ascii=False))
        else:
            reading.broken(number)


def _evtx(file: BinaryIO, reading: Reading) -> Iterator[Event]:
    from evtx import PyEvtxParser

    number = 0
    try:
        for given in PyEvtxParser(file).records_json():
            number += 1
            try:
                text = str(given["data"])  # type: ignore[index]
                yield event_of(json.loads(text), (reading.file, number), text)
            except (ValueError, KeyError, TypeError):
                reading.broken(number)
    except RuntimeError:
        # The parser gives up at a damaged chunk; the records before it are already out.
        reading.broken(number + 1)
        reading.reason = "It is damaged from some record on; what came before was read."
    if not number:
        reading.reason = "It holds no record that could be read."


# --- web access logs: common and combined ------------------------------------------------------------------------------

_ACCESS = re.compile(
    r'^(\S+) \S+ (\S+) \[([^\]]{20,30})\] "([A-Z]{3,12}) (\S+)(?: (HTTP/[\d.]+))?" (\d{3}) (\d+|-)(?: "((?:[^"\\]|\\.)*)" "((?:[^"\\]|\\.)*)")?'
)
_LOGIN_PATH = re.compile(r"(?i)/(?:log-?in|sign-?in|auth|session|wp-login\.php|account/login|oauth/token)\b")


def _access_line(text: str, number: int, reading: Reading) -> Event | None:
    found = _ACCESS.match(text)
    if not found:
        return None
    who, account, at, method, target, _version, status, size, referer, agent = found.groups()
    stem, _, query = target.partition("?")
    code, sent = int(status), 0 if size == "-" else int(size)
    fields = {
        "c-ip": who, "cs-username": account, "cs-method": method, "cs-uri": target, "cs-uri-stem": stem, "cs-uri-query": query, "sc-status": code,
        "sc-bytes": sent, "cs-referer": referer or "", "cs-user-agent": agent or "",
    }  # fmt: skip
    login = "failed" if method == "POST" and code in (401, 403, 429) and _LOGIN_PATH.search(stem) else ""
    return Event(
        fields=fields,
        place=(reading.file, number),
        at=_access_moment(at),
        who=who,
        account="" if account == "-" else account,
        login=login,
        bytes_out=sent,
        status=code,
        path=stem,
        is_web=True,
        category="webserver",
        text=text,
    )


@lru_cache(maxsize=4096)
def _access_moment(text: str) -> float | None:
    try:
        return datetime.strptime(text, "%d/%b/%Y:%H:%M:%S %z").timestamp()
    except (ValueError, OverflowError):
        return None


# --- syslog ------------------------------------------------------------------------------------------------------------

_SYSLOG = re.compile(
    r"^(?:<\d{1,3}>1? ?)?"
    r"((?:[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d)|(?:\d{4}-\d\d-\d\dT\S+)) (\S+) ([\w./()-]{1,60})(?:\[(\d+)\])?:? (?:\d+ - - )?(.*)$"
)
_REPEATED = re.compile(r"^message repeated (\d+) times: \[ ?(.*?)\]?$")
_FAILED = re.compile(r"^Failed (?:password|publickey|keyboard-interactive\S*|none) for (?:invalid user )?(.{0,100}?) from (\S+)")
_ACCEPTED = re.compile(r"^Accepted \S+ for (\S+) from (\S+)")
_PAM = re.compile(r"authentication failure;.*\brhost=(\S*)(?:\s+user=(\S+))?")


def _syslog_line(text: str, number: int, reading: Reading) -> Event | None:
    found = _SYSLOG.match(text)
    if not found:
        return None
    at, host, program, pid, message = found.groups()
    n = 1
    if repeated := _REPEATED.match(message):
        n, message = min(int(repeated[1]), 10_000), repeated[2]
    event = Event(
        fields={"hostname": host, "program": program, "pid": pid or "", "message": message},
        place=(reading.file, number),
        at=_syslog_moment(at, reading),
        host=host,
        n=n,
        product="linux",
        service="sshd" if program == "sshd" else "auth" if program in ("sudo", "su", "login", "systemd-logind") else program,
        text=text,
    )
    if failed := _FAILED.match(message):
        event.login, event.account, event.who = "failed", failed[1], failed[2]
    elif accepted := _ACCEPTED.match(message):
        event.login, event.account, event.who = "ok", accepted[1], accepted[2]
    elif program != "sshd" and (pam := _PAM.search(message)):
        # For sshd the same failure stands in a line of its own; it must not count twice.
        event.login, event.who, event.account = "failed", pam[1], pam[2] or ""
    return event


def _syslog_moment(text: str, reading: Reading) -> float | None:
    if text[:4].isdigit():
        return moment(text)
    try:
        at = datetime.strptime(f"{reading.year_end.year} {text}", "%Y %b %d %H:%M:%S").replace(tzinfo=timezone.utc)
    except ValueError:
        return None  # 29 February of another year
    if at > reading.year_end + timedelta(days=1):
        at = at.replace(year=at.year - 1) if (at.month, at.day) != (2, 29) else at
    return at.timestamp()
