"""Said: what everybody was told at one moment in one language, and what of it is new; the status page and the feeds show it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import NAMESPACE_URL, uuid5

from amanat.notify.sheet import Part, Sheet, sheet_of
from amanat.terms.company import Company
from amanat.terms.notice import Notice


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """What an update says that the one before did not, and what it says no more, sentence by sentence."""

    since: datetime
    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    words: str = ""  # by somebody's own hand, in place of the sentences


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One statement as it stood on the page."""

    id: str  # a UUID; stays the same wherever it is shown
    company: str
    sheet: Sheet
    at: datetime
    next_at: datetime | None = None
    changed: Changed | None = None
    withdrawn_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Story:
    """One incident: how things stand, and everything that was said before, the newest first."""

    now: Said
    before: tuple[Said, ...] = ()


def said_of(
    notice: Notice, company: Company, *, code: str, at: datetime, next_at: datetime | None = None, last: Said | None = None, id: str = ""
) -> Said:
    """A notice as it is said at this moment, with what changed since the last one that was not withdrawn."""
    sheet = sheet_of(notice, company.notices_url, code=code)
    changed = what_changed(last.sheet, sheet, since=last.at) if last else None
    id = id or str(uuid5(NAMESPACE_URL, f"{notice.content_hash} {at.isoformat()}"))
    return Said(id=id, company=company.name, sheet=sheet, at=at, next_at=next_at, changed=changed)


def what_changed(old: Sheet, new: Sheet, *, since: datetime) -> Changed | None:
    """The sentences that are new and those that are gone, in their order; None when there are none.

    How to check that the text is ours changes with each code and is no news.
    """
    then, now = list(_news(old.parts)), list(_news(new.parts))
    added = tuple(line for line in now if line not in then)
    removed = tuple(line for line in then if line not in now)
    return Changed(since=since, added=added, removed=removed) if added or removed else None


def _news(parts: Iterable[Part]) -> Iterable[str]:
    return (line for part in parts if part.id != "is_this_real" for block in part.blocks for line in block.lines)


def story_of(said: Sequence[Said]) -> Story:
    """The story of an incident: now is the newest that was not withdrawn; where all were, the newest, which says so."""
    newest_first = sorted(said, key=lambda one: one.at, reverse=True)
    now = next((one for one in newest_first if not one.withdrawn_at), newest_first[0])
    return Story(now, tuple(one for one in newest_first if one is not now))
