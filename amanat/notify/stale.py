"""What a changed fact touches: the sentences that rest on it, in every text that carries them.

Beside each text stands how every fact stood when it was written, as a fingerprint. When a fact has another value or another
status since, is new or gone, the sentences that rest on it are due to be said anew, and the next update must say so.
"""

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from amanat.terms.fact import Fact
from amanat.terms.notice import Notice


@dataclass(frozen=True, slots=True, kw_only=True)
class Touched:
    """One sentence that rests on a fact which changed."""

    notice_id: str
    section: str
    text: str
    facts: tuple[str, ...]  # those of its facts that changed


def fingerprints(facts: Mapping[str, Fact]) -> dict[str, str]:
    """How each fact stands: value and status, and not since when or from where it is known."""
    return {name: _fingerprint(fact) for name, fact in sorted(facts.items())}


def changed_since(before: Mapping[str, str], facts: Mapping[str, Fact]) -> tuple[str, ...]:
    """The facts that stand otherwise than they did: another value or status, new, or gone."""
    now = fingerprints(facts)
    return tuple(name for name in sorted({*before, *now}) if before.get(name) != now.get(name))


def touched(notices: Iterable[Notice], changed: Collection[str]) -> list[Touched]:
    """The sentences of these texts that rest on one of the changed facts."""
    return [
        Touched(notice_id=notice.id, section=section.id, text=sentence.text, facts=tuple(name for name in sentence.facts if name in changed))
        for notice in notices
        for section in notice.sections
        for sentence in section.sentences
        if set(sentence.facts) & set(changed)
    ]


def _fingerprint(fact: Fact) -> str:
    body = json.dumps([fact.status, fact.value], sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(body.encode()).hexdigest()[:16]
