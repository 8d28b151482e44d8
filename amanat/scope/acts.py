"""Acts: what logs show that an intruder did, read from the forms in which systems write them.

Known forms: CloudTrail and other JSON (a list, `Records`, or one object a line: Microsoft 365 audit and Entra sign-ins among them), S3 server
access logs, lines of PostgreSQL's pgaudit, and CSV with a header. Packed by gzip or not.
"""

import csv
import gzip
import io
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from amanat.lib.errors import Fixable

# What systems call these, in dotted paths of JSON or columns of CSV; the first that is there counts.
_TIME = ("eventTime", "createdDateTime", "CreationTime", "@timestamp", "timestamp", "time", "at", "ts", "date", "datetime")
_ACCOUNT = (
    *("userIdentity.userName", "userIdentity.arn", "userIdentity.principalId", "userIdentity.accessKeyId", "userPrincipalName", "UserId"),
    *("account", "user", "username", "user_name", "actor", "principal", "login"),
)
_ADDRESS = ("sourceIPAddress", "ipAddress", "ClientIPAddress", "ClientIP", "source_ip", "client_ip", "ip", "address", "remote_addr")
_OBJECT = tuple("MailboxOwnerUPN ObjectId object table resource relation bucket mailbox file path key record person_id email".split())
_ACTION = ("eventName", "Operation", "action", "operation", "event", "command", "type")
_OUTCOME = ("errorCode", "status.errorCode", "ResultStatus", "outcome", "result", "status")
_FAILED = re.compile(r"(?i)denied|fail|error|refus|forbidden|unauthori[sz]ed|invalid|^(4|5)\d\d$|^[1-9]\d{3,}$")
_S3 = re.compile(
    r"^\S+ (?P<bucket>\S+) \[(?P<at>[^\]]+)\] (?P<address>\S+) (?P<account>\S+) \S+ (?P<action>\S+) (?P<key>\S+)"
    r' (?:"[^"]*"|-) (?P<status>\S+)'
)
_PGAUDIT = re.compile(r"AUDIT: (?:SESSION|OBJECT),\d+,\d+,(?P<class>\w+),(?P<action>[\w ]+),(?P<kind>[\w ]*),(?P<object>[^,]*),(?P<rest>.*)$")
_PG_TIME = re.compile(r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d+)? ?\w*")
_PG_USER = re.compile(r"(?:user=|^\S+ \S+ \S+ \[?\d*\]? ?)(?P<user>[\w.\-]+)(?:@|,)")


class BadLog(Fixable):
    """A log that is not there or is in no form that we read."""


@dataclass(frozen=True, slots=True)
class Act:
    """One line of a log."""

    at: datetime | None  # None: no time that could be read
    account: str
    address: str
    action: str
    object: str  # table, bucket/key, mailbox, file; may name a person. Never shown.
    succeeded: bool


def read_acts(path: Path, hints: Sequence[str] = ()) -> Iterator[Act]:
    """Every act of a log; with `hints` only of lines in which one of them stands (accounts, addresses), which is much faster.

    Raises BadLog.
    """
    if not path.is_file():
        raise BadLog(f"{path}: there is no such log")
    wanted = [hint.lower().encode() for hint in hints if hint]
    with path.open("rb") as raw:
        is_packed = raw.read(2) == b"\x1f\x8b"
    try:
        with gzip.open(path, "rb") if is_packed else path.open("rb") as file:
            head = file.peek(1 << 16)[: 1 << 16]  # type: ignore[attr-defined]
            text = head.decode("utf-8-sig", "replace").lstrip()
            if not text:
                return
            if text[0] in "[{":
                yield from _json_acts(path, file, text, wanted)
            elif _S3.match(text.split("\n", 1)[0]):
                yield from (act for line in _lines(file, wanted) if (act := _s3_act(line)))
            elif "AUDIT: " in text:
                yield from (act for line in _lines(file, wanted) if (act := _pg_act(line)))
            else:
                yield from _csv_acts(path, file, text, wanted)
    except (OSError, EOFError, csv.Error, UnicodeError) as error:
        raise BadLog(f"{path}: cannot be read to its end ({type(error).__name__}); get another copy of the log") from None


def _lines(file: Any, wanted: Sequence[bytes]) -> Iterator[str]:
    for line in file:
        if wanted and not any(hint in line.lower() for hint in wanted):
            continue
        yield line.decode("utf-8", "replace").rstrip("\r\n")


def _json_acts(path: Path, file: Any, text: str, wanted: Sequence[bytes]) -> Iterator[Act]:
    first = text.split("\n", 1)[0].strip()
    try:
        is_lines = isinstance(json.loads(first), dict) and "Records" not in json.loads(first)
    except ValueError:
        is_lines = False
    if is_lines:
        for line in _lines(file, wanted):
            try:
                yield _json_act(json.loads(line))
            except ValueError:
                continue
        return
    try:
        whole = json.load(io.TextIOWrapper(file, encoding="utf-8-sig"))
    except ValueError:
        raise BadLog(f"{path}: begins like JSON and is none; export the log again") from None
    entries = whole.get("Records") or whole.get("value") or [whole] if isinstance(whole, dict) else whole
    for entry in entries:
        if isinstance(entry, dict):
            yield _json_act(entry)


def _json_act(entry: Mapping[str, Any]) -> Act:
    flat = dict(_flat(entry))
    audit = flat.get("AuditData")
    if isinstance(audit, str) and audit.startswith("{"):  # the search of Microsoft 365 packs the record into a column
        flat |= dict(_flat(json.loads(audit)))
    asked = [str(flat[f"requestParameters.{name}"]) for name in ("bucketName", "key", "tableName", "dBInstanceIdentifier") if
             flat.get(f"requestParameters.{name}")]  # fmt: skip
    return Act(
        at=_moment(_first(flat, _TIME)),
        account=_first(flat, _ACCOUNT),
        address=_first(flat, _ADDRESS),
        action=_first(flat, _ACTION),
        object="/".join(asked) or _first(flat, _OBJECT),
        succeeded=not _FAILED.search(_first(flat, _OUTCOME)),
    )


def _flat(entry: Mapping[str, Any], at: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in entry.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{at}{name}.")
        elif isinstance(value, (str, int, float)) and not isinstance(value, bool):
            yield at + name, value


def _first(flat: Mapping[str, Any], names: Sequence[str]) -> str:
    return next((str(flat[name]).strip() for name in names if flat.get(name) not in (None, "")), "")


def _s3_act(line: str) -> Act | None:
    found = _S3.match(line)
    if not found:
        return None
    try:
        at = datetime.strptime(found["at"], "%d/%b/%Y:%H:%M:%S %z")
    except ValueError:
        at = None
    key = "" if found["key"] == "-" else f"/{found['key']}"
    return Act(at, found["account"], found["address"], found["action"], found["bucket"] + key, not _FAILED.search(found["status"]))


def _pg_act(line: str) -> Act | None:
    found = _PGAUDIT.search(line)
    if not found:
        return None
    before = line[: found.start()]
    time, user = _PG_TIME.match(before), _PG_USER.search(before)
    # The statement may name the person whose row was read.
    return Act(_moment(time[0]) if time else None, user["user"] if user else "", "", found["class"], f"{found['object']} {found['rest']}", True)


def _csv_acts(path: Path, file: Any, text: str, wanted: Sequence[bytes]) -> Iterator[Act]:
    head = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=head.count)
    columns = [name.strip().strip('"') for name in next(csv.reader([head.rstrip("\r")], delimiter=delimiter))]
    plain = {re.sub(r"\W+", "_", name.lower()): name for name in columns}

    def column(names: Sequence[str]) -> str:
        return next((plain[key] for name in names if (key := re.sub(r"\W+", "_", name.rsplit(".", 1)[-1].lower())) in plain), "")

    ours = {part: column(names) for part, names in (("at", _TIME), ("account", _ACCOUNT), ("address", _ADDRESS), ("action", _ACTION),
                                                    ("outcome", _OUTCOME))}  # fmt: skip
    objects = [plain[key] for name in _OBJECT if (key := name.lower()) in plain]
    if not (ours["account"] or ours["address"]) or delimiter not in head:
        raise BadLog(
            f"{path}: is in no form of log that is read; give CloudTrail or other JSON, an S3 access log, pgaudit lines, or CSV with a header that"
            " names account (or ip), time and object"
        )
    reader = csv.DictReader(io.TextIOWrapper(file, encoding="utf-8-sig", errors="replace", newline=""), delimiter=delimiter)
    reader.fieldnames = [name.strip() for name in reader.fieldnames or ()]
    hints = [hint.decode() for hint in wanted]
    for row in reader:
        account, address = (str(row.get(ours[part]) or "").strip() for part in ("account", "address"))
        if hints and not any(hint in f"{account} {address}".lower() for hint in hints):
            continue
        yield Act(
            _moment(str(row.get(ours["at"]) or "")),
            account,
            address,
            str(row.get(ours["action"]) or ""),
            " ".join(str(row[name]) for name in objects if row.get(name)),
            not _FAILED.search(str(row.get(ours["outcome"]) or "")),
        )


def _moment(text: str) -> datetime | None:
    """A moment; logs without an offset are in UTC, as servers write them."""
    text = text.strip().removesuffix(" UTC").removesuffix(" GMT")
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    return at if at.tzinfo else at.replace(tzinfo=timezone.utc)
