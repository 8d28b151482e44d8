"""Checks the open sets of this stage: every example holds, every language is there, and no offer takes a right away."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone

from amanat import wording
from amanat.care.harm import HarmType, harms, link_of
from amanat.care.lesson import lessons
from amanat.care.member import missing_languages
from amanat.care.offer import offers
from amanat.terms.claim import Claim
from amanat.terms.offer import Harm

_BEGAN = date(2026, 3, 2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Flaw:
    """What is wrong with one member, in a sentence."""

    member: str  # "offers/voucher"
    says: str


def flaws() -> list[Flaw]:
    """Everything that does not hold; empty when all is well."""
    return [*_offers(), *_harms(), *_lessons()]


def _offers() -> Iterator[Flaw]:
    for name, offer in offers().items():
        member = f"offers/{name}"
        for one in offer.example:
            harm = Harm(kinds=frozenset(one.kinds), basis=one.basis, residence=one.residence or None)
            if (offer.fits(harm), bool(offer.owed_to(harm))) != (one.gets, one.is_owed):
                yield Flaw(member=member, says=f"the example “{one.says}” does not hold")
        if {one.gets for one in offer.example} != {True, False}:
            yield Flaw(member=member, says="needs an example of somebody who gets it and of somebody who does not")
        yield from _languages(member, offer.words)
        for tag, words in offer.words.items():
            for text in (words.says, words.how):
                if _takes_a_right(text, tag):
                    yield Flaw(member=member, says=f"the words in {tag!r} ask the person to give up a right")


def _harms() -> Iterator[Flaw]:
    for name, harm in harms().items():
        for one in harm.example:
            if _link(harm, one.kinds, one.days_after) != one.link:
                yield Flaw(member=f"harms/{name}", says=f"the example “{one.says}” does not hold")
        if not harm.example:
            yield Flaw(member=f"harms/{name}", says="needs an example")
        yield from _languages(f"harms/{name}", harm.words)


def _lessons() -> Iterator[Flaw]:
    for name, lesson in lessons().items():
        for one in lesson.example:
            if lesson.is_for(one.kinds, one.residence or None) != one.shown:
                yield Flaw(
                    member=f"lessons/{name}", says=f"the example of {', '.join(one.kinds) or 'no kinds'} in {one.residence or 'any place'} fails"
                )
        if not lesson.example:
            yield Flaw(member=f"lessons/{name}", says="needs an example")
        yield from _languages(f"lessons/{name}", lesson.words)


def _link(harm: HarmType, kinds: tuple[str, ...], days_after: int | None) -> str:
    happened = _BEGAN + timedelta(days=days_after) if days_after is not None else None
    claim = Claim(harm=harm.id, happened_on=happened, received_at=datetime(2026, 4, 1, tzinfo=timezone.utc), lost_eur=None)
    return link_of(claim, kinds, began_on=_BEGAN).state


def _languages(member: str, words: Mapping[str, object]) -> Iterator[Flaw]:
    for tag in missing_languages(words):
        yield Flaw(member=member, says=f"has no words in {tag!r}; people who read it would get English")


def _takes_a_right(text: str, tag: str) -> bool:
    """By the honesty gate's own patterns."""
    if tag not in wording.languages():
        return False
    return any(re.search(pattern, text, re.IGNORECASE) for pattern in wording.words(tag).gate["waiver"].patterns)
