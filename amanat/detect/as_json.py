"""Verdicts and alerts as JSON, and back: between the confined process and us, for machines, and for the web."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from amanat.detect.verdict import VERDICTS, MailVerdict
from amanat.lib.private import Private
from amanat.terms.alert import SEVERITIES, STRENGTHS, Alert, Entity, Evidence

TEXT_MAX = 2000


class NotOurs(ValueError):
    """What came back is not what a confined process of ours sends."""


def evidence_as_json(evidence: Evidence) -> dict[str, Any]:
    """One reason; `sentence` is for people, `says` and `details` for translation."""
    return {
        "signal": evidence.signal,
        "strength": evidence.strength,
        "about_us": evidence.about_us,
        "sentence": evidence.sentence,
        "says": evidence.says,
        "details": {name: value if isinstance(value, (int, float)) else str(value) for name, value in evidence.details.items()},
    }


def evidence_of(given: Mapping[str, Any]) -> Evidence:
    """The reason again, checked: whoever sent it has read a hostile file."""
    details = {str(k): v if isinstance(v, (int, float)) else _text(v) for k, v in dict(given["details"]).items()}
    if given["strength"] not in STRENGTHS:
        raise NotOurs
    evidence = Evidence(
        signal=_text(given["signal"]), strength=given["strength"], says=_text(given["says"]), details=details, about_us=bool(given["about_us"])
    )
    try:
        evidence.sentence  # noqa: B018 (the sentence must fit its details)
    except (KeyError, TypeError, ValueError) as error:
        raise NotOurs from error
    return evidence


def verdict_as_json(verdict: MailVerdict) -> dict[str, Any]:
    return {
        "path": verdict.path,
        "message": verdict.message,
        "way": verdict.way,
        "verdict": verdict.verdict,
        "probability": verdict.probability,
        "evidence": [evidence_as_json(e) for e in verdict.evidence],
        "sender_domain": verdict.sender_domain,
        "digest": verdict.digest,
        "gaps": list(verdict.gaps),
    }


def verdict_of(given: Mapping[str, Any], *, path: str) -> MailVerdict:
    if given["verdict"] not in VERDICTS or not 0 <= float(given["probability"]) <= 1:
        raise NotOurs
    return MailVerdict(
        path=path,
        message=int(given["message"]),
        way=_text(given["way"]),
        verdict=given["verdict"],
        probability=float(given["probability"]),
        evidence=tuple(evidence_of(e) for e in given["evidence"]),
        sender_domain=_text(given["sender_domain"]),
        digest=_text(given["digest"]),
        gaps=tuple(_text(gap) for gap in given["gaps"]),
    )


def alert_as_json(alert: Alert) -> dict[str, Any]:
    """An alert with its entity in the clear: for whoever asked, and for storage under a key."""
    value = alert.entity.value
    return {
        "id": alert.id,
        "kind": alert.kind,
        "entity": {"type": alert.entity.type, "value": value.reveal(why="whoever asked must act on it") if isinstance(value, Private) else value},
        "since": alert.since.isoformat() if alert.since else None,
        "until": alert.until.isoformat() if alert.until else None,
        "n_events": alert.n_events,
        "severity": alert.severity,
        "evidence": [evidence_as_json(e) for e in alert.evidence],
    }


def alert_from_json(given: Mapping[str, Any]) -> Alert:
    if given["severity"] not in SEVERITIES:
        raise NotOurs
    kind = _text(given["entity"]["type"])
    since, until = (datetime.fromisoformat(given[name]) if given[name] else None for name in ("since", "until"))
    return Alert(
        id=_text(given["id"]),
        kind=given["kind"],
        entity=Entity(type=kind, value=Private(kind, _text(given["entity"]["value"]))),  # type: ignore[arg-type]
        since=since,
        until=until,
        n_events=int(given["n_events"]),
        severity=given["severity"],
        evidence=tuple(evidence_of(e) for e in given["evidence"]),
    )


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise NotOurs
    return value[:TEXT_MAX]
