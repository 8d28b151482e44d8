"""Advice: what a person of some place can do about some kinds of data, and whom they can turn to there."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

from amanat import wording
from amanat.lib.errors import Fixable
from amanat.lib.open_set import OpenSet
from amanat.lib.shape import build, read_toml
from amanat.terms.kinds import KINDS
from amanat.terms.notice import LIVING
from amanat.terms.places import GROUPS, is_place, lies_in
from amanat.wording.language import Words

SET = OpenSet("notify/contacts", suffix=".toml")
# A page that a step names, such as irs.gov/ippin.
_SITE = re.compile(r"\b(?:[a-z0-9-]+\.)+[a-z]{2,}(?=/[a-z])")


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One thing to do; the list in `steps.toml` is in order of how much it protects."""

    id: str
    minutes: int
    kinds: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    readers: tuple[str, ...] = ()  # empty: whoever is alive; what helps them is of no use to the family of a person who has died
    role: str = ""
    contact: str = ""  # the words around the body of that role, where they are not those of the role
    is_about_data: bool = False  # stands for every kind of data: not for a person who missed a service and lost no data


@dataclass(frozen=True, slots=True, kw_only=True)
class Todo:
    """One thing that one person can do, in their language."""

    id: str
    minutes: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """An outside body, as `contacts/<place>.toml` names it."""

    role: str
    name: str
    phone: str = ""
    address: str = ""
    site: str = ""
    kinds: tuple[str, ...] = ()
    source: str
    verified: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """The bodies of one place."""

    places: tuple[str, ...]
    read_on: date
    contact: tuple[Body, ...]


class BadContact(Fixable):
    """An entry of `contacts/` or `steps.toml` names a place or kind that nobody knows."""


@cache
def steps() -> tuple[Step, ...]:
    """Every step, the most protective first."""
    path = Path(__file__).parent / "steps.toml"
    written = (build(Step, entry, where=path, at=f"step[{i}]") for i, entry in enumerate(read_toml(path)["step"]))
    data = tuple(kind for kind in KINDS if kind != "service")
    found = tuple(replace(step, kinds=data if step.is_about_data else step.kinds, readers=step.readers or LIVING) for step in written)
    for step in found:
        _check(step.kinds, step.places, path)
    return found


def places() -> tuple[Place, ...]:
    """The bodies of every place that has a file."""
    return tuple(_place(path) for path in SET.paths().values())


@cache
def _place(path: Path) -> Place:
    place = build(Place, read_toml(path), where=path)
    for body in place.contact:
        _check(body.kinds, place.places, path)
    return place


def _check(kinds: tuple[str, ...], where: tuple[str, ...], path: Path) -> None:
    for kind in kinds:
        if kind not in KINDS:
            raise BadContact(f"{path}: {kind!r} is not a kind of data; see terms/kinds.py")
    for place in where:
        if not is_place(place) and place not in GROUPS:
            raise BadContact(f"{path}: {place!r} is not a place; write ISO 3166-1 or 3166-2, or one of {', '.join(GROUPS)}")


def steps_for(kinds: Collection[str], residence: str | None, reader: str, words: Words) -> list[Todo]:
    """What one person can do, the most protective first, with the bodies of the place where they live: as their notice says it."""
    found = []
    for step in steps():
        if reader not in step.readers or (step.kinds and not set(step.kinds) & set(kinds)):
            continue
        if not step.role:
            if lies_in(residence, step.places):
                found.append(Todo(id=step.id, minutes=step.minutes, text=words.say(words.steps[step.id])))
            continue
        for place in places():
            bodies = [body for body in place.contact if body.role == step.role]
            if bodies and lies_in(residence, place.places) and (not bodies[0].kinds or set(bodies[0].kinds) & set(kinds)):
                found.append(
                    Todo(id=step.id, minutes=step.minutes, text=words.say(words.contacts[step.contact or step.role], whom=whom(bodies, words)))
                )
                break
    return found


@cache
def named_hosts() -> frozenset[str]:
    """Hosts of the authorities and helpers that our letters name: in a message of ours they are no foreign links.

    >>> {"cnil.fr", "irs.gov"} <= named_hosts()
    True
    """
    sites = {f"//{body.site}" for place in places() for body in place.contact if body.site}
    sites |= {f"//{site}" for tag in wording.languages() for text in wording.words(tag).steps.values() for site in _SITE.findall(text)}
    return frozenset((urlsplit(site).hostname or "").removeprefix("www.") for site in sites)


def whom(bodies: Sequence[Body], words: Words) -> str:
    """Names and whatever ways to reach them are given, as one phrase.

    >>> from amanat.wording import words as of
    >>> whom([Body(role="police", name="17Cyber", site="17cyber.gouv.fr", source="")], of("en"))
    '17Cyber, 17cyber.gouv.fr'
    """
    # Latin names keep Latin commas, so that the whole phrase is one run from the left inside Persian.
    is_latin = all(body.name[0] < "\u0250" for body in bodies)
    comma, semicolon = (", ", "; ") if is_latin and words.language.direction == "rtl" else (words.language.comma, words.language.semicolon)
    return semicolon.join(comma.join(part for part in (b.name, b.phone, b.address, b.site) if part) for b in bodies)
