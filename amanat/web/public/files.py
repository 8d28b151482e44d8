"""Is this picture or file really from us? By its bytes, or by the seal inside (C2PA). Nothing of what is looked at is kept.

Everything that we released is public, so an answer tells nothing that a stranger may not know. A picture that we do not know by its bytes
is opened in a process that can reach nothing; only few at once, because each may be made to cost as much as it can.
"""

import hashlib
import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from django.core.cache import caches

from amanat import notify
from amanat.web.notify.models import ArtefactRow, OutletRow
from amanat.web.notify.queries import company_name
from amanat.web.respond import signing

AT_ONCE = 2  # files that one process has opened
WAIT_SECONDS = 4
OPEN_SECONDS = 10
KEPT_SECONDS = 5  # what is the same for all visitors is read once in this time
TEXTS_MAX = 500
RELEASES_MAX = 30
# Whose words are for everybody. The sheet for our own agents says how they find out who is calling; nobody fetches it here.
_INSIDE, BULLETIN = "agent", "bulletin"

_opening = threading.BoundedSemaphore(AT_ONCE)


class Busy(Exception):
    """As many files as may be are open already."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What we say about a file."""

    # sealed: our seal fits, though the bytes stand on no list; changed: our seal, and not what we sealed; same_words: of a text
    state: Literal["true", "withdrawn", "sealed", "changed", "same_words", "unknown", "unreadable"]
    sha256: str
    kind: str = ""  # media type, where it is one that we know
    name: str = ""
    title: str = ""
    language: str = ""
    company: str = ""
    released_at: datetime | None = None


def look_at(content: bytes) -> Told:
    """The answer for a file. Raises Busy."""
    sha256, kind = hashlib.sha256(content).hexdigest(), notify.kind_of(content)
    rows = ArtefactRow.objects.filter(content_hash=sha256).select_related("outlet__incident").defer("content")
    if row := _newest(rows):
        return _told(row, "withdrawn" if row.outlet.withdrawn_at else "true", sha256, kind)
    if not content:
        return Told(state="unreadable", sha256=sha256)
    if kind:
        state = _by_its_seal(content, kind)
        return Told(state=state, sha256=sha256, kind=kind)
    same_words = caches["pages"].get_or_set("words_of_files", _words, timeout=KEPT_SECONDS).get(notify.words_of(content), ())
    rows = ArtefactRow.objects.filter(pk__in=same_words).select_related("outlet__incident").defer("content")
    if row := _newest(rows):
        return _told(row, "withdrawn" if row.outlet.withdrawn_at else "same_words", sha256, kind)
    return Told(state="unknown", sha256=sha256)


def _by_its_seal(content: bytes, kind: str) -> Literal["sealed", "changed", "unknown", "unreadable"]:
    if not _opening.acquire(timeout=WAIT_SECONDS):
        raise Busy
    try:
        found = notify.credentials_of(content, kind, signing.published_certificates(), seconds_max=OPEN_SECONDS)
    finally:
        _opening.release()
    if found.is_house_key:
        return "sealed"
    if found.is_changed:
        return "changed"
    return "unreadable" if found.state in ("unreadable", "too_large") else "unknown"


def _words() -> dict[str, list[int]]:
    """The newest texts that went out, by the hash of their words."""
    found: dict[str, list[int]] = {}
    rows = ArtefactRow.objects.filter(media_type__startswith="text/").order_by("-id").values_list("pk", "content")[:TEXTS_MAX]
    for pk, content in rows:
        found.setdefault(notify.words_of(bytes(content)), []).append(pk)
    found.pop("", None)
    return found


def _newest(rows: Iterable[ArtefactRow]) -> ArtefactRow | None:
    # Released twice and withdrawn once: the newest word counts.
    return max(rows, key=lambda row: row.outlet.released_at, default=None)


def _told(row: ArtefactRow, state: Literal["true", "withdrawn", "same_words"], sha256: str, kind: str) -> Told:
    outlet = row.outlet
    return Told(
        state=state,
        sha256=sha256,
        kind=kind or row.media_type,
        name=row.name,
        title=outlet.title,
        language=outlet.language,
        company=company_name(outlet.incident),
        released_at=outlet.released_at,
    )


# ---- what we released, to be fetched ----


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """One statement as it went out by hand: its texts and pictures, each once."""

    titles: Mapping[str, str]  # by language
    company: str
    released_at: datetime
    files: tuple[ArtefactRow, ...]


def for_everybody() -> list[str]:
    """The outlets whose files anybody may fetch: those that people hand out, to other people than our own, and past issues of the bulletin."""
    outlets = notify.outlets().items()
    return [name for name, one in outlets if (one.released_by == "hand" or name == BULLETIN) and _INSIDE not in one.audiences]


def released() -> list[Release]:
    """What went out and was not withdrawn, the newest first."""
    outlets = list(
        OutletRow.objects.filter(outlet__in=for_everybody(), withdrawn_at=None)
        .select_related("incident", "statement")
        .order_by("-released_at", "outlet")[:200]
    )
    rows: dict[object, list[ArtefactRow]] = {}
    # What machines read to post it stands on no page for people.
    files = ArtefactRow.objects.filter(outlet__in=outlets).exclude(media_type="application/json").defer("content").order_by("name")
    by_outlet: dict[object, list[ArtefactRow]] = {}
    for row in files:
        by_outlet.setdefault(row.outlet_id, []).append(row)
    for outlet in outlets:
        rows.setdefault(outlet.statement_id, []).extend(by_outlet.get(outlet.pk, []))
    found = []
    for statement, its in list(rows.items())[:RELEASES_MAX]:
        first = next(outlet for outlet in outlets if outlet.statement_id == statement)
        once = tuple({row.content_hash: row for row in reversed(its)}.values())[::-1]
        titles = {first.language: first.title} | _titles(first)
        found.append(Release(titles=titles, company=company_name(first.incident), released_at=first.released_at, files=once))
    return found


def _titles(outlet: OutletRow) -> dict[str, str]:
    """What the statement is called in each of its languages, on this outlet."""
    notices = [notify.notice_from(body) for body in outlet.statement.notices]
    return {one.language: one.title for one in notify.notices_for(notify.outlet_named(outlet.outlet), notices)}


def file_of(sha256: str) -> ArtefactRow | None:
    """One file that anybody may fetch."""
    return ArtefactRow.objects.filter(content_hash=sha256, outlet__outlet__in=for_everybody(), outlet__withdrawn_at=None).first()
