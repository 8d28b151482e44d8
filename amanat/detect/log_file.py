"""Log files to events: JSON lines, Windows EVTX, web access logs, and the syslog of log-ins; packed by gzip or not.

The format is told from the bytes. A line that cannot be read is counted, and the rest is read.
"""

import gzip
import json
import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import datetime
from functools import lru_cache
from typing import BinaryIO

from amanat.detect.event import Event, event_of
from amanat.detect.reading import Reading
from amanat.detect.syslog import looks_like_syslog, syslog_event

LINE_MAX = 1 << 20
ARRAY_MAX = 256 << 20


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
    if head[:2] in (b"\xff\xfe", b"\xfe\xff") or (head[:400].count(0) * 3 >= len(head[:400]) > 0 and not head.startswith(b"ElfFile\0")):
        reading.reason = "It is written in UTF-16 or UTF-32, not in UTF-8; save it in UTF-8." if _is_wide(head) else "It is no text."
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
                events = _lines(file, reading, syslog_event)
            case _:
                reading.reason = "It is no log in a form that is known here." if head.strip() else "It is empty."
                return
        for event in events:
            reading.n_events += 1
            yield event
    except (OSError, EOFError):
        reading.reason = "It ends in the middle, or is damaged; what came before was read."


def _is_wide(head: bytes) -> bool:
    """Whether the bytes are text with two or four bytes a letter, as PowerShell writes it."""
    for name in ("utf-16", "utf-16-le", "utf-16-be", "utf-32"):
        with suppress(ValueError):
            text = head[: len(head) // 4 * 4].decode(name)
            if text and sum(c.isprintable() or c.isspace() or c == "\ufeff" for c in text) >= 0.95 * len(text):
                return True
    return False


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
        "syslog": sum(looks_like_syslog(line) for line in lines),
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
