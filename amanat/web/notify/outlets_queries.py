"""Reads about statements to everybody: what could go out, what is signed, what each outlet carries, and what the status page said."""

import hashlib
import hmac
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings

from amanat import notify
from amanat.lib.errors import Fixable
from amanat.terms.notice import Finding, Notice
from amanat.web.notify import others, pictures, queries
from amanat.web.notify.outlets_models import ArtefactRow, OutletRow, StatementRow
from amanat.web.respond.models import Incident

PAGE = "status_page"


# For whom amanat writes a text from the facts, where nobody wrote one by hand.
WRITTEN = ("public", "press", "agent")


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """One text for everybody, and what the honesty gate says of it."""

    notice: Notice
    findings: Sequence[Finding]
    author_id: int | None = None  # of a text that somebody wrote by hand


def texts(incident: Incident, *, now: datetime) -> list[Text]:
    """The texts that outlets could carry: those that were taken in, and for all other readers one from the facts as they stand.

    They are no notices to persons: an approval of those names no such text, and a new one voids none. Raises NoFolder and the errors of the files.
    """
    audiences = {audience for one in notify.outlets().values() for audience in one.audiences}
    made = [
        Text(notice=notify.notice_from(row.content), findings=[_finding(body) for body in row.findings], author_id=row.author_id)
        for row in queries.newest_notices(incident)
        if row.audience in audiences
    ]
    there = {one.notice.audience for one in made}
    for audience in WRITTEN:
        if audience not in there:
            notices = others.written(incident, audience, kind=None, is_easy=False, now=now)
            findings = others.judged(incident, notices, now=now)
            made += [Text(notice=notice, findings=findings[notice.id]) for notice in notices]
    return made


def source(incident: Incident, texts: Sequence[Text]) -> notify.Source:
    """What a statement of this incident is made of; raises NoFolder and the errors of the company's file."""
    folder = Path(incident.folder) if incident.folder else None
    promise = others.facts_now(incident).get("next_update")
    value = promise.value if promise and promise.status != "unknown" else None
    return notify.Source(
        notices=[one.notice for one in texts],
        company=queries.company_of(incident),
        key=_release_key(incident),
        next_at=value if isinstance(value, datetime) else None,
        kinds=others.kinds_of(incident),
        pictures=_pictures(incident, folder),
        page_url=f"{settings.PUBLIC_URL}/",
    )


def _pictures(incident: Incident, folder: Path | None) -> tuple[notify.Picture, ...]:
    """Those that staff attached, and those that lie in the incident's folder under other names."""
    mine = {one.picture.name: one.picture for one in pictures.attached(incident)}
    laid = notify.pictures_in(folder / "pictures") if folder else ()
    return (*mine.values(), *(one for one in laid if one.name not in mine))


def draft_of(incident: Incident, outlet: str, *, now: datetime) -> notify.Draft | None:
    """What one outlet would carry; None when there is no text for it."""
    made = notify.make_drafts(source(incident, texts(incident, now=now)), [outlet], at=now, before=page_history(incident))
    return made[0] if made else None


def standing(incident: Incident) -> StatementRow | None:
    """The statement that waits for its second signature."""
    return StatementRow.objects.filter(incident=incident, released_at=None).select_related("author").order_by("-authored_at").first()


def carried(incident: Incident) -> list[OutletRow]:
    """Everything that went out, the newest first, each with its `files` (without their content)."""
    rows = list(
        OutletRow.objects.filter(incident=incident)
        .select_related("statement__author", "statement__approver", "withdrawn_by")
        .order_by("-released_at", "outlet")
    )
    files: dict[UUID, list[dict[str, str]]] = {}
    for one in ArtefactRow.objects.filter(outlet__incident=incident).order_by("name").values("outlet_id", "name", "content_hash"):
        files.setdefault(one["outlet_id"], []).append(one)
    for row in rows:
        row.files = files.get(row.pk, [])
    return rows


def artefact(incident: Incident, outlet_id: UUID, name: str) -> ArtefactRow | None:
    """One file as it went out."""
    return ArtefactRow.objects.filter(outlet__incident=incident, outlet_id=outlet_id, name=name).first()


def page_history(incident: Incident) -> dict[str, tuple[notify.Said, ...]]:
    """By language, what the status page carried, the newest first."""
    found: dict[str, tuple[notify.Said, ...]] = {}
    try:
        company = queries.company_of(incident)
    except (Fixable, OSError):
        return found  # without the company's file nothing could be released, and one incident must not close the page of all others
    rows = OutletRow.objects.filter(incident=incident, outlet=PAGE).select_related("statement").order_by("released_at")
    for row in rows:
        for notice in notify.notices_for(notify.outlet_named(PAGE), [notify.notice_from(body) for body in row.statement.notices]):
            before = found.get(notice.language, ())
            last = next((one for one in before if not one.withdrawn_at), None)
            said = notify.said_of(notice, company, code=row.code, at=row.released_at, next_at=row.statement.next_at, last=last, id=str(row.pk))
            found[notice.language] = (replace(said, withdrawn_at=row.withdrawn_at), *before)
    return found


def portal_files(language: str) -> dict[str, bytes]:
    """The message for the company's own portal that went out last and was not withdrawn, signed; empty when there is none."""
    open_rows = OutletRow.objects.filter(outlet="portal", withdrawn_at=None).exclude(incident__phase="closed").order_by("-released_at")
    newest = open_rows.first()
    files = ArtefactRow.objects.filter(outlet=newest, language=language) if newest else ArtefactRow.objects.none()
    return {one.name.rpartition("/")[2]: bytes(one.content) for one in files}


def outlet_of_code(code: str) -> OutletRow | None:
    """The outlet on which a statement carried this code; the same work is done for a code that cannot be."""
    number = notify.read_code(code)
    wanted = notify.hash_of_code(queries.code_key(), number if number is not None else 1 << 63)
    row = OutletRow.objects.filter(code_hash=wanted).select_related("incident").first()
    return row if number is not None else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """One outlet on the page: what it would carry, or why nothing."""

    name: str
    is_ours: bool
    draft: notify.Draft | None
    posts: Sequence[tuple[str, str]] = ()  # language and text, for what is copied
    why: str = ""


def shown(incident: Incident, made_of: notify.Source, only: Collection[str], *, now: datetime) -> list[Shown]:
    """Every outlet with its draft."""
    _, without = notify.chosen(made_of.notices)
    drafts = {one.outlet: one for one in notify.make_drafts(made_of, only, at=now, before=page_history(incident))}
    return [
        Shown(
            name=name,
            is_ours=one.released_by == "us",
            draft=drafts.get(name),
            posts=[(a.language, a.content.decode()) for a in drafts[name].artefacts if a.name.endswith(".txt")] if name in drafts else (),
            why=without.get(name, ""),
        )
        for name, one in sorted(notify.outlets().items(), key=lambda pair: (pair[1].released_by != "us", pair[0]))
    ]


@dataclass(slots=True, kw_only=True)
class Objection:
    """One thing to be mended before anybody signs, however many texts it stands in."""

    check: str  # the gate's rule; empty where an outlet would not take its text
    finding: Finding  # the first of its kind
    sentences: dict[str, str] = field(default_factory=dict)  # what the gate says, by the language of the text
    texts: dict[str, list[str]] = field(default_factory=dict)  # languages, by who reads the text

    def said_in(self, language: str) -> tuple[str, str]:
        """A language and the gate's sentence in it: the reader's, if a text of theirs has the same fault."""
        spoken = language if language in self.sentences else next(iter(self.sentences))
        return spoken, self.sentences[spoken]


def objections(texts: Iterable[Text], drafts: Iterable[notify.Draft]) -> list[Objection]:
    """What must be mended before anybody signs: passages that the honesty gate blocks, and what an outlet would not take."""
    drafts = list(drafts)
    ids = {id for one in drafts for id in one.notice_ids}
    found: dict[str, Objection] = {}
    for one in texts:
        for finding in one.findings if one.notice.id in ids else ():
            if finding.is_blocking:
                objection = found.setdefault(finding.check, Objection(check=finding.check, finding=finding))
                objection.sentences.setdefault(one.notice.language, finding.says)
                languages = objection.texts.setdefault(one.notice.audience, [])
                if one.notice.language not in languages:
                    languages.append(one.notice.language)
    return [*found.values(), *(Objection(check="", finding=f) for one in drafts for f in one.findings if f.is_blocking)]


def _finding(body: dict[str, Any]) -> Finding:
    return Finding(**{f.name: body[f.name] for f in fields(Finding) if f.name in body})


def _release_key(incident: Incident) -> bytes:
    n_before = StatementRow.objects.filter(incident=incident).exclude(released_at=None).count()
    own = hashlib.sha256(incident.pk.bytes).digest()
    return notify.release_key(hmac.digest(queries.code_key(), own, "sha256"), n_before)
