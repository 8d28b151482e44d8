"""The honesty gate: reads a notice or any text in one language and says what is missing, hedged, belittled, sold or unsafe.

Each rule is a file in `checks/`; its words are in each language's file. The gate advises; a blocking finding must be
mended, or answered for by the two persons who sign.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import datetime

from amanat import wording
from amanat.lib.open_set import OpenSet
from amanat.notify.audience import PERSONS, audience_named
from amanat.notify.check import Check, Heard, Reading, heard_in, split
from amanat.notify.closing import AUDIENCE, GROUP
from amanat.notify.runs import plain
from amanat.notify.select import variants
from amanat.terms.assessment import Duty
from amanat.terms.company import Company
from amanat.terms.fact import Fact
from amanat.terms.notice import Finding, Notice
from amanat.wording.language import GateWords

SET = OpenSet("notify/checks", attribute="CHECK")
MOST_QUOTED = 200


def checks() -> dict[str, Check]:
    """Every rule, by name."""
    return SET.load()


def check_notice(
    notice: Notice, facts: Mapping[str, Fact], duties: Iterable[Duty], company: Company, *, now: datetime | None = None
) -> list[Finding]:
    """What the gate says about a notice, blocking findings first.

    A notice that chooses its sentences by basis and by reader is several texts: each is read as its persons read it, so
    that what one of them lacks is found although another has it.

    Args:
        duties: of the incident; those that the notice serves are taken by their id.
        now: when it goes out; without it, whether it is late is not judged.
    """
    wanted = set(notice.duty_ids)
    serves = tuple(duty for duty in duties if duty.id in wanted)
    about = AUDIENCE if notice.letter_group == GROUP else notice.audience
    waived = () if about in PERSONS else audience_named(about).waives
    found: dict[Finding, None] = {}
    for variant in variants(notice):
        reading = Reading(
            words=wording.words(notice.language),
            sentences=heard_in(variant),
            subject=notice.subject,
            notice=variant,
            facts=facts,
            duties=serves,
            company=company,
            now=now,
        )
        found.update(dict.fromkeys(finding for finding in _findings(reading) if finding.check not in waived))
    return _blocking_first(found)


def check_text(
    text: str,
    language: str,
    facts: Mapping[str, Fact] | None = None,
    *,
    company: Company | None = None,
    subject: str | None = None,
    now: datetime | None = None,
) -> list[Finding]:
    """What the gate says about any text in a language, blocking findings first; without facts it cannot know what is known.

    Without a subject, a first line that begins with "Subject:" is the subject.
    """
    words = wording.words(language)
    if subject is None and (found := re.match(rf"\s*(?:{words.families.get('subject_line', 'subject')})\s*:\s*(.+)", text, re.IGNORECASE)):
        subject, text = found[1].strip(), text[found.end() :]
    sentences = tuple(Heard(text=part) for part in split(plain(text)))
    reading = Reading(words=words, sentences=sentences, subject=subject, facts=facts, company=company, now=now)
    return _blocking_first(_findings(reading))


def words_of(name: str, check: Check, reading: Reading) -> GateWords | None:
    """The rule's words in the language of the text; None when there are none."""
    return reading.words.gate.get(name) or check.words.get(reading.words.language.tag)


def _findings(reading: Reading) -> list[Finding]:
    found = []
    for name, check in checks().items():
        words = words_of(name, check, reading)
        if words is None:
            tag = reading.words.language.tag
            says = f"This rule has no words in {tag!r}: a person must read for it."
            found.append(Finding(check=name, is_blocking=False, says=says, where="", quote="", rewrite=""))
            continue
        for objection in check.look(reading, words):
            found.append(
                Finding(
                    check=name,
                    is_blocking=check.is_blocking if objection.is_blocking is None else objection.is_blocking,
                    says=objection.says or words.says,
                    where=objection.where,
                    quote=objection.quote[:MOST_QUOTED],
                    rewrite=words.rewrite,
                )
            )
    return found


def _blocking_first(findings: Iterable[Finding]) -> list[Finding]:
    return sorted(findings, key=lambda finding: not finding.is_blocking)
