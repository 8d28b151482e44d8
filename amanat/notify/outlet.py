"""Outlet: one way to speak to everybody, as every file in `outlets/` offers it.

An outlet is no channel: nobody in particular is written to, so nothing of it stands in the ledger of sendings. It makes files
out of a statement. Some of them we release ourselves (status page, feeds, portal); others are handed to people who publish them.
"""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal

from amanat.lib.errors import Fixable, did_you_mean
from amanat.lib.open_set import OpenSet
from amanat.lib.signing import Signer
from amanat.notify.said import Said, said_of
from amanat.terms.company import Company
from amanat.terms.notice import Finding, Notice

EXAMPLE_LANGUAGES = ("en", "fa")


class UnknownOutlet(Fixable):
    """An outlet that has no file in `outlets/`."""


class NoStatement(Fixable):
    """There is no notice for the readers of an outlet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A picture that goes with a post, and what it shows in each language, for those who do not see it."""

    name: str  # of the file
    content: bytes
    alt: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """What an outlet says: one notice in each of its languages, and what stands around it."""

    notices: tuple[Notice, ...]  # each language once
    company: Company
    at: datetime  # of the release; while it is a draft, of the draft
    code: str  # with which anyone can make sure that it is ours; another one for each outlet
    zone: str = "UTC"
    next_at: datetime | None = None  # we write again by
    before: Mapping[str, tuple[Said, ...]] | None = None  # by language: what the status page carried before, the newest first
    kinds: tuple[str, ...] = ()  # of data that the attackers may know
    pictures: tuple[Picture, ...] = ()
    id: str = ""  # of this release, a UUID
    signer: Signer | None = None  # none for a draft
    page_url: str = ""  # where the status page stands; without it the company's page about notices

    @property
    def url(self) -> str:
        return self.page_url or self.company.notices_url

    def said(self, notice: Notice) -> Said:
        """The statement in one language, as the status page and the feeds show it."""
        before = (self.before or {}).get(notice.language, ())
        last = next((one for one in before if not one.withdrawn_at), None)
        return said_of(notice, self.company, code=self.code, at=self.at, next_at=self.next_at, last=last, id=self.id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Artefact:
    """A file that an outlet made."""

    name: str  # "press-release.fr.pdf"
    media_type: str
    language: str  # "" when it holds several
    content: bytes
    shows: Mapping[str, str] = field(default_factory=dict)  # of a picture: what it shows, by language

    @property
    def content_hash(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What an outlet made of a statement, and what is against it: a length that the network does not take, a picture without words."""

    outlet: str
    notice_ids: tuple[str, ...]
    code: str
    artefacts: tuple[Artefact, ...]
    findings: tuple[Finding, ...] = ()

    @property
    def is_blocked(self) -> bool:
        return any(finding.is_blocking for finding in self.findings)


Made = tuple[Sequence[Artefact], Sequence[Finding]]


@dataclass(frozen=True, slots=True, kw_only=True)
class OutletType:
    """One member of `outlets/`; the file's name is the outlet's name."""

    says: str
    audiences: tuple[str, ...]  # whose notice it carries: the first of which there is one
    released_by: Literal["us", "hand"]  # us: amanat puts it where people read it; hand: staff take the files
    comes_by: tuple[str, ...]  # how its code comes to people (`verify.CAME_BY`); met any other way, it was copied there
    make: Callable[[Statement], Made]
    makes: tuple[str, ...]  # names of the files that it makes of a statement in English and Persian
    source: str  # the standard or manual it follows
    read_on: str  # the day somebody last compared this file with it


def outlets() -> dict[str, OutletType]:
    """Every outlet by name."""
    found: dict[str, OutletType] = OpenSet("notify/outlets", "OUTLET").load()
    return found


def outlet_named(name: str) -> OutletType:
    """The outlet of that name; raises UnknownOutlet."""
    known = outlets()
    if name not in known:
        raise UnknownOutlet(f"there is no outlet {name!r}{did_you_mean(name, known) or '.'} Known: {', '.join(known)}")
    return known[name]


def draft(name: str, statement: Statement) -> Draft:
    """What the outlet makes of the statement."""
    assert len({notice.language for notice in statement.notices}) == len(statement.notices), "each language once"
    artefacts, findings = outlet_named(name).make(statement)
    findings = tuple(replace(finding, where=f"{name} {finding.where}".strip()) for finding in findings)
    ids = tuple(notice.id for notice in statement.notices)
    return Draft(outlet=name, notice_ids=ids, code=statement.code, artefacts=tuple(artefacts), findings=findings)


def is_carried_on(name: str, came_by: str) -> bool:
    """Whether the code of this outlet can have come to somebody that way; true where nobody said how.

    A statement is public, and so is its code: whoever forges a text message copies it there.

    >>> is_carried_on("mastodon", "social"), is_carried_on("mastodon", "sms"), is_carried_on("mastodon", "")
    (True, False, True)
    """
    return not came_by or came_by == "other" or name not in outlets() or came_by in outlet_named(name).comes_by


def notices_for(outlet: OutletType, notices: Sequence[Notice]) -> tuple[Notice, ...]:
    """The notices that this outlet carries, one for each language; raises NoStatement.

    Easy-read forms are left out: an outlet sets one text for each language, and has no place yet for a second.
    """
    for audience in outlet.audiences:
        mine = [notice for notice in notices if notice.audience == audience and "-x-" not in notice.language]
        if mine:
            by_language = {notice.language: notice for notice in sorted(mine, key=lambda n: n.id, reverse=True)}
            return tuple(sorted(by_language.values(), key=lambda n: n.language))
    raise NoStatement(
        f"there is no text for {' or '.join(outlet.audiences)}; `amanat notify compose CASE --audience {outlet.audiences[0]}` writes it"
    )


def objection(check: str, says: str, *, where: str, rewrite: str = "", quote: str = "", is_blocking: bool = True) -> Finding:
    """A finding of an outlet."""
    return Finding(check=check, is_blocking=is_blocking, says=says, where=where, quote=quote, rewrite=rewrite)
