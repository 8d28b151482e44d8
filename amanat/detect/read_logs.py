"""Log files to alerts, opened in the confined process; a file that ends it is left out, said, and the others are watched."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from amanat.detect.as_json import NotOurs, alert_from_json
from amanat.detect.confined import FILES_AT_ONCE, confined, ending, forget
from amanat.detect.sigma_rule import BadRules, NotRun, rule_texts
from amanat.lib.errors import Fixable
from amanat.terms.alert import Alert
from amanat.terms.finding import Gap

SECONDS, SECONDS_PER_MB = 120, 2


class BadLog(Fixable):
    """A log that was named cannot be opened."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LogReport:
    """What the logs showed."""

    alerts: tuple[Alert, ...]  # the gravest first
    gaps: tuple[Gap, ...]  # files and lines that could not be read
    n_events: int
    n_rules: int
    rules_not_run: tuple[NotRun, ...]


def watch_files(paths: Sequence[Path], *, rules: Path | None, now: datetime) -> LogReport:
    """Alerts of all files together; raises BadLog and BadRules."""
    for path in paths:
        if path.is_dir():
            raise BadLog(f"{path}: is a folder; name the logs in it ({path}/*)")
        if not path.is_file():
            raise BadLog(f"{path}: there is no such file; check the spelling")
        if not os.access(path, os.R_OK):
            raise BadLog(f"{path}: may not be opened by this account; give it permission to read")
    if len(paths) > FILES_AT_ONCE:
        raise BadLog(f"{len(paths)} files are more than the {FILES_AT_ONCE} that are watched at once; join them, or name fewer")
    texts = [*rule_texts(None), *(rule_texts(rules) if rules else [])]
    skip: list[int] = []
    gaps: list[Gap] = []
    while True:
        sizes = [path.stat().st_size for path in paths]
        request = {"do": "logs", "rules": texts, "names": [p.name for p in paths], "now": now.isoformat(), "skip": skip}
        report, read, in_hand, how = _ask(paths, request, SECONDS + SECONDS_PER_MB * sum(sizes) // 1_000_000)
        if report is not None:
            break
        if in_hand is None or in_hand in skip:
            raise BadRules(f"the rules ended the process that reads them ({ending(how).rstrip('.').lower()}); take out the newest and try again")
        gaps.append(Gap(path=paths[in_hand].name, reason=ending(how), size_bytes=sizes[in_hand], next_step=_BY_HAND))
        skip.append(in_hand)
    gaps += [gap for index, told in sorted(read.items()) for gap in _gaps_of(paths[index].name, sizes[index], told)]
    try:
        alerts = tuple(alert_from_json(each) for each in report["alerts"])
        not_run = tuple(NotRun(str(path), str(reason)) for path, reason in report["not_run"])
        return LogReport(alerts=alerts, gaps=tuple(gaps), n_events=int(report["n_events"]), n_rules=int(report["n_rules"]), rules_not_run=not_run)
    except (NotOurs, KeyError, TypeError, ValueError):
        raise BadLog("the process that reads the logs sent back something that makes no sense; one of them may be an attack") from None


_BY_HAND = "Open it by hand on a machine kept apart from the network."


def _ask(paths: Sequence[Path], request: dict[str, Any], seconds: int) -> tuple[dict[str, Any] | None, dict[int, dict[str, Any]], int | None, str]:
    """The report (None when the child ended before it), what was told of each file, the file in hand, and how the child ended."""
    fds = [os.open(path, os.O_RDONLY | os.O_CLOEXEC) for path in paths]
    report, how = None, ""
    read: dict[int, dict[str, Any]] = {}
    in_hand: int | None = None
    try:
        for answer in confined().answers(request, fds, seconds=seconds):
            if "ended" in answer:
                how = answer["ended"]
            elif "report" in answer:
                report = answer["report"]
            elif "begin" in answer:
                in_hand = int(answer["begin"][0]) if 0 <= int(answer["begin"][0]) < len(paths) else None
            elif "read" in answer and 0 <= int(answer["file"]) < len(paths):
                read[int(answer["file"])] = answer["read"]
    finally:
        for fd in fds:
            os.close(fd)
    if how == "died":
        forget()
    return (report if not how else None), read, in_hand, how


def _gaps_of(name: str, size: int, told: dict[str, Any]) -> list[Gap]:
    found = []
    if told["reason"]:
        step = "Save it as JSON lines, EVTX, a web server's combined format, or syslog, and hand it in again."
        found.append(Gap(path=name, reason=str(told["reason"]), size_bytes=size, next_step=step))
    if n := int(told["n_broken"]):
        lines = "line" if n == 1 else "lines"
        reason = f"{n:,} of its {n + int(told['n_events']):,} lines could not be read (the first: {int(told['first_broken']):,})."
        found.append(Gap(path=name, reason=reason, size_bytes=0, next_step=f"Look at the {lines}: cut off, or written by another program?"))
    return found
