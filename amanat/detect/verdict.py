"""The verdict on one message: what it is, how probable that is, and why.

Evidence only ever adds to the probability that a message is not honest: `1 − ∏ (1 − weight)`. So hard evidence is never
averaged away by a pleasant text, and neither a good signature nor a known sender takes anything off.
"""

import hashlib
from dataclasses import dataclass, field
from math import prod
from typing import Literal

from amanat.detect.domains import registered
from amanat.detect.forwarded import messages_of
from amanat.detect.mail import Mail, Ours, read_mail
from amanat.detect.signal import evidence_in
from amanat.detect.words import is_covered, read_words
from amanat.lib.private import Private
from amanat.terms.alert import STRENGTHS, Alert, Entity, Evidence, Severity

Verdict = Literal["phishing", "impersonates_us", "unwanted", "clean", "cannot_say"]
VERDICTS: tuple[Verdict, ...] = ("phishing", "impersonates_us", "unwanted", "clean", "cannot_say")

# Chance that one such piece of evidence comes from a message that is not honest, beyond what its words say.
WEIGHTS = {"hard": 0.97, "strong": 0.60, "weak": 0.15, "context": 0.0}
# Words alone are believed no further than they were right on gatherings never seen (docs/explanation/detect.md); of newsletters
# that say how to leave them, which were wrongly held for unwanted every second time, they decide nothing.
WORDS_MOST, WORDS_MOST_BULK = 0.84, 0.50
UNREAD_WORDS = 0.10  # where the words say nothing: few messages that people hand in have no other sign
IS_BAD, IS_CLEAN = 0.70, 0.20

READS = "Its words read like unwanted mail (%(words)s)."
READS_WELL = "Its words read like ordinary mail (%(words)s)."
NOT_READ = "Its words could not be judged: it has too few, or they are not English. Only the other signs count."
GAP = "Not all of it could be read: %(gap)s"
NO_HEAD = "It has no head, as every message has; it may be no message, or a part of one."
NO_TEXT = "It has a head, and nothing below it that could be read: no subject, no text and no file."
SENTENCES = (READS, READS_WELL, NOT_READ, GAP, NO_HEAD, NO_TEXT)


@dataclass(frozen=True, slots=True, kw_only=True)
class MailVerdict:
    """What one message is."""

    path: str
    message: int  # within the file, from 1
    way: str  # raw | attached | inline
    verdict: Verdict
    probability: float  # 0..1, that it is not honest: phishing, impersonation or unwanted
    evidence: tuple[Evidence, ...]  # strongest first
    sender_domain: str = field(default="", repr=False)
    digest: str  # SHA-256 of the bytes that were judged
    gaps: tuple[str, ...] = ()


def judge(raw: bytes, ours: Ours, *, path: str = "", message: int = 1) -> MailVerdict:
    """The verdict on a message as it came, or on the worst of those that were forwarded in it."""
    verdicts = [_judge_one(mail, ours, path, message) for mail in messages_of(read_mail(raw))]
    return max(verdicts, key=lambda v: (v.probability, v.verdict in ("phishing", "impersonates_us")))


def _judge_one(mail: Mail, ours: Ours, path: str, message: int) -> MailVerdict:
    reading = read_words(mail)
    found = list(evidence_in(mail, ours))
    # Several sentences of one signal are one sign.
    weights: dict[str, float] = {}
    for evidence in found:
        weights[evidence.signal] = max(weights.get(evidence.signal, 0.0), WEIGHTS[evidence.strength])
    most = WORDS_MOST_BULK if "bulk_mail" in weights else WORDS_MOST
    p_words = UNREAD_WORDS if reading.probability is None else min(reading.probability, most)
    p_signs = 1 - prod(1 - weight for weight in weights.values())
    probability = 1 - (1 - p_words) * (1 - p_signs)
    found = sorted([*found, *_said_by_words(mail, reading.probability, reading.telling)], key=lambda e: (STRENGTHS.index(e.strength), not e.about_us))
    # Where nothing is known about the words, a message that leads somewhere may be anything.
    is_blind = reading.probability is None and bool(mail.links or mail.attachments) and not is_covered(mail.words)
    empty = NO_HEAD if not mail.headers else "" if mail.text.strip() or mail.attachments or mail.subject else NO_TEXT
    return MailVerdict(
        path=path,
        message=message,
        way=mail.way,
        verdict=_name(found, probability, p_signs, is_unreadable=bool(empty) or is_blind or bool(mail.gaps)),
        probability=round(min(max(probability, 0.001), 0.999), 3),
        evidence=tuple(found) if not empty else (*found, Evidence(signal="reading", strength="context", says=empty)),
        sender_domain=registered(mail.sender.domain) if mail.sender else "",
        digest=hashlib.sha256(mail.raw).hexdigest(),
        gaps=mail.gaps,
    )


def _said_by_words(mail: Mail, probability: float | None, telling: tuple[str, ...]) -> list[Evidence]:
    said = [Evidence(signal="reading", strength="context", says=GAP, details={"gap": gap}) for gap in mail.gaps]
    words = ", ".join(telling[:6])
    if probability is None:
        return [Evidence(signal="words", strength="context", says=NOT_READ), *said]
    if probability >= 0.5:
        return [Evidence(signal="words", strength="strong" if probability >= 0.9 else "weak", says=READS, details={"words": words}), *said]
    return [Evidence(signal="words", strength="context", says=READS_WELL, details={"words": words}), *said]


def _name(found: list[Evidence], probability: float, p_signs: float, *, is_unreadable: bool) -> Verdict:
    signs = [e for e in found if e.signal != "words"]
    if any(e.about_us and e.strength in ("hard", "strong") for e in signs) and probability >= 0.5:
        return "impersonates_us"
    if any(e.strength == "hard" for e in signs) or (p_signs >= IS_BAD and any(e.strength == "strong" for e in signs)):
        return "phishing"
    if probability >= WORDS_MOST:
        return "unwanted"
    if is_unreadable:
        return "cannot_say"  # what was not read may be the worst of it
    return "clean" if probability <= IS_CLEAN else "cannot_say"


def alert_of(verdict: MailVerdict) -> Alert | None:
    """An alert for a message that attacks somebody; None for the others."""
    if verdict.verdict not in ("phishing", "impersonates_us"):
        return None
    is_ours = verdict.verdict == "impersonates_us"
    severity: Severity = "high" if is_ours and verdict.evidence[0].strength == "hard" else "medium"
    where = verdict.sender_domain
    return Alert(
        id=hashlib.sha256(f"mail\0{verdict.digest}".encode()).hexdigest()[:16],
        kind="disinformation" if is_ours else "phishing",
        entity=Entity(type="domain" if where else "message", value=Private("domain", where or verdict.digest[:12])),
        since=None,
        until=None,
        n_events=1,
        severity=severity,
        evidence=verdict.evidence,
    )
