"""Event: one line or record of a log, with the few things that every pattern asks for under one name."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timezone
from typing import Any

# Names that logs of many makers give to the same thing, lower case; the first that is there counts.
_WHO = ("c-ip", "src_ip", "source_ip", "sourceip", "source.ip", "client_ip", "clientip", "client.ip", "remote_addr", "remote_ip", "sourceipaddress",
        "ipaddress", "ip_address", "ip", "sourceaddress", "src")  # fmt: skip
_ACCOUNT = ("targetusername", "user", "username", "user_name", "user.name", "useridentity.username", "cs-username", "account", "login", "email",
            "actor", "subjectusername")  # fmt: skip
_HOST = ("computer", "host", "hostname", "host.name", "computername", "server", "agent.hostname")
_AT = ("@timestamp", "timestamp", "time", "ts", "eventtime", "utctime", "timecreated", "systemtime", "datetime", "date", "at")
_OUT = ("bytes_out", "bytes_sent", "sc-bytes", "source.bytes", "sent_bytes", "bytes_toserver", "orig_bytes", "out_bytes")
_OUTCOME = ("outcome", "event.outcome", "result", "login_result", "status", "responseelements.consolelogin", "success")
_ACTION = ("action", "event.action", "event", "eventname", "event_type", "type", "operation", "message")
_STATUS = ("sc-status", "status", "status_code", "http.response.status_code")
_PATH = ("cs-uri-stem", "path", "uri", "url", "request")

_LOGIN = re.compile(r"(?i)log.?(?:in|on)\b|sign.?in|auth|password|mfa")
_GOOD = frozenset({"success", "succeeded", "ok", "true", "accepted", "allow", "allowed", "pass", "passed"})
_BAD = frozenset({"failure", "failed", "fail", "false", "denied", "deny", "rejected", "invalid", "error", "blocked"})


@dataclass(slots=True)
class Event:
    """One event. `at` in seconds since 1970; None where the log does not tell."""

    fields: Mapping[str, Any]
    place: tuple[int, int]  # file and line or record, the latter from 1
    at: float | None = None
    who: str = ""  # address of a machine that asks
    account: str = ""
    host: str = ""
    login: str = ""  # "ok", "failed", or "" when it is about no log-in
    n: int = 1  # how many such events this line stands for
    bytes_out: int = 0
    status: int = 0
    path: str = ""
    is_web: bool = False
    product: str = ""  # where the event comes from, in Sigma's words; "" unknown
    category: str = ""
    service: str = ""
    text: str = field(default="", repr=False)  # the raw line, for rules that look for words anywhere


def event_of(record: Mapping[str, Any], place: tuple[int, int], text: str = "") -> Event:
    """The event of a JSON object, whoever made it."""
    fields = dict(_flat(record))
    low = {name.lower(): value for name, value in fields.items()}
    event = Event(fields=fields, place=place, text=text)
    event.who = _text(_first(low, _WHO)).removeprefix("::ffff:")
    event.who = "" if event.who in ("-", "::1", "127.0.0.1", "LOCAL") else event.who
    event.account = _text(_first(low, _ACCOUNT))
    event.host = _text(_first(low, _HOST))
    event.at = moment(_first(low, _AT))
    event.bytes_out = _whole(_first(low, _OUT))
    event.status = _whole(_first(low, _STATUS))
    event.path = _text(_first(low, _PATH))
    event.is_web = bool(event.status and event.path)
    _windows(event, low)
    if not event.product and "amazonaws.com" in _text(low.get("eventsource")):
        event.product, event.service = "aws", "cloudtrail"
    if not event.login:
        event.login = _login(low, event)
    return event


def _flat(record: Mapping[str, Any], before: str = "", depth: int = 0) -> Iterator[tuple[str, Any]]:
    """Nested names with dots between; the parts of a Windows record are lifted to the top, as rules write them."""
    for name, value in record.items():
        if isinstance(value, Mapping) and depth < 8:
            if "#text" in value:
                yield name, value["#text"]
            lift = not before and name in ("Event", "EventData", "System", "UserData")
            yield from _flat(value, "" if lift else f"{before}{name}.", depth + (not lift))
        elif name != "#attributes":
            yield f"{before}{name}", value


# Sysmon's event ids and what Sigma calls them.
_SYSMON = {
    1: "process_creation", 2: "file_change", 3: "network_connection", 5: "process_termination", 6: "driver_load", 7: "image_load",
    8: "create_remote_thread", 9: "raw_access_thread", 10: "process_access", 11: "file_event", 12: "registry_event", 13: "registry_set",
    14: "registry_rename", 15: "create_stream_hash", 17: "pipe_created", 18: "pipe_created", 19: "wmi_event", 20: "wmi_event", 21: "wmi_event",
    22: "dns_query", 23: "file_delete", 25: "process_tampering", 26: "file_delete",
}  # fmt: skip
_RENAMED = {"NewProcessName": "Image", "ParentProcessName": "ParentImage", "SubjectUserName": "User"}


def _windows(event: Event, low: Mapping[str, Any]) -> None:
    channel, number = _text(low.get("channel")), _whole(low.get("eventid"))
    if not number or not (channel or "computer" in low):
        return
    event.product = "windows"
    event.service = {"microsoft-windows-sysmon/operational": "sysmon", "microsoft-windows-powershell/operational": "powershell"}.get(
        channel.lower(), channel.lower()
    )
    if event.service == "sysmon":
        event.category = _SYSMON.get(number, "")
    elif event.service == "security" and number == 4688:
        event.category = "process_creation"
        event.fields = {
            **event.fields,
            **{new: event.fields[old] for old, new in _RENAMED.items() if old in event.fields and new not in event.fields},
        }
    elif event.service == "powershell":
        event.category = {4104: "ps_script", 4103: "ps_module"}.get(number, "")
    if event.service == "security" and number in (4624, 4625):
        event.login = "ok" if number == 4624 else "failed"


def _login(low: Mapping[str, Any], event: Event) -> str:
    outcome = _text(_first(low, _OUTCOME)).lower()
    actions = " ".join(_text(low.get(name)) for name in _ACTION)
    if not (event.account or event.who) or not _LOGIN.search(actions):
        return ""
    if outcome in _GOOD:
        return "ok"
    if outcome in _BAD or event.status in (401, 403):
        return "failed"
    said = actions.lower()
    return "failed" if re.search(r"fail|denied|invalid|reject", said) else "ok" if re.search(r"succe|accepted", said) else ""


def moment(value: Any) -> float | None:
    """Seconds since 1970 from what logs write: ISO 8601, or a number of seconds or milliseconds. Without a zone: UTC.

    >>> moment("2026-11-13T09:00:00+01:00") == moment(1794556800) == moment("1794556800000")
    True
    """
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, (int, float)):
        number = float(value)
        return number / 1000 if number > 1e11 else number if number > 1e8 else None
    text = str(value).strip()
    try:
        return moment(float(text))
    except ValueError:
        pass
    try:
        at = datetime.fromisoformat(text.removesuffix(" UTC"))
        return (at if at.tzinfo else at.replace(tzinfo=timezone.utc)).timestamp()
    except (ValueError, OverflowError, OSError):
        return None


def _first(low: Mapping[str, Any], names: tuple[str, ...]) -> Any:
    return next((low[name] for name in names if low.get(name) not in (None, "", "-")), None)


def _text(value: Any) -> str:
    return value[:300] if isinstance(value, str) else str(value) if isinstance(value, (int, float)) else ""


def _whole(value: Any) -> int:
    try:
        return min(max(int(value), 0), 1 << 62)
    except (TypeError, ValueError, OverflowError):
        return 0
