"""Changes to what everybody is told: an author signs, somebody else releases, and what was wrong is withdrawn."""

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction

from amanat import notify
from amanat.terms.notice import Notice
from amanat.web.accounts.models import Staff
from amanat.web.notify import outlets_queries as queries
from amanat.web.notify import pictures
from amanat.web.notify.outlets_models import ArtefactRow, OutletRow, PictureRow, StatementRow
from amanat.web.notify.queries import code_key, facts_of
from amanat.web.respond import journal, promising, signing
from amanat.web.respond.actions import ring_for_status
from amanat.web.respond.models import Incident


class NotNow(Exception):
    """A statement that may not go out as things stand; the first argument is a code that the screen puts into words."""


@transaction.atomic
def sign(incident: Incident, outlets: Sequence[str], *, seen: str, by: Staff, now: datetime) -> StatementRow:
    """The author's half: these words on these outlets. It takes the place of an earlier one that nobody released. Raises NotNow.

    Args:
        seen: the hash of the statement as the page showed it.
    """
    Incident.objects.select_for_update(no_key=True).only("id").get(pk=incident.pk)
    texts = queries.texts(incident, now=now)
    source = queries.source(incident, texts)
    drafts = notify.make_drafts(source, outlets, at=now)
    if not outlets or not drafts:
        raise NotNow("nothing")
    if notify.statement_hash(source) != seen:
        raise NotNow("changed")
    if queries.objections(texts, drafts):
        raise NotNow("blocked")
    StatementRow.objects.filter(incident=incident, released_at=None).delete()
    row = StatementRow.objects.create(
        incident=incident,
        outlets=[one.outlet for one in drafts],
        notices=[notice.as_dict() for notice in source.notices if any(notice.id in one.notice_ids for one in drafts)],
        statement_hash=notify.statement_hash(source, outlets),
        next_at=source.next_at,
        author=by,
        authored_at=now,
    )
    journal.write(incident, act="statement.signed_by_author", at=now, by=by, what=_named(row))
    return row


@transaction.atomic
def release(incident: Incident, statement_id: UUID, *, by: Staff, now: datetime) -> StatementRow:
    """The other's half, after which everybody may read it. Raises NotNow; a change of a text voids the author's half."""
    Incident.objects.select_for_update(no_key=True).only("id").get(pk=incident.pk)
    row = StatementRow.objects.select_for_update().filter(incident=incident, pk=statement_id, released_at=None).first()
    if row is None:
        raise NotNow("gone")
    texts = queries.texts(incident, now=now)
    attached = PictureRow.objects.filter(incident=incident).values_list("by_id", flat=True)
    if by.pk in {row.author_id, *(text.author_id for text in texts), *attached}:
        raise NotNow("same")
    source = queries.source(incident, texts)
    if notify.statement_hash(source, row.outlets) != row.statement_hash:
        raise NotNow("changed")
    # Two people signed the pictures as they were handed in; what goes out holds our signature inside as well.
    plain, source = source.pictures, _with_signed_pictures(source, now=now)
    before = queries.page_history(incident)
    drafts = notify.make_drafts(source, row.outlets, at=now, before=before, signer=signing.signer(now=now))
    if queries.objections(texts, drafts):
        raise NotNow("blocked")
    row.approver, row.released_at = by, now
    row.save(update_fields=["approver", "released_at"])
    for one in drafts:
        _carry(row, one, notices=source.notices, now=now)
    carried_files = {one.name for draft in drafts for one in draft.artefacts}
    pictures.gone_out(incident, carried_files)
    shown = [[hash_of(one), hash_of(made)] for one, made in zip(plain, source.pictures, strict=True) if made.name in carried_files]
    journal.write(incident, act="statement.released", at=now, by=by, what=_named(row) | ({"pictures": shown} if shown else {}))
    if queries.PAGE in row.outlets:
        # Whoever wrote the statement stands for the moment that it promises.
        promising.wrote_again(incident, evidence=f"{settings.PUBLIC_URL}/en/#{row.pk}", next_at=row.next_at, owner=row.author, at=now)
    # The moment of the next news is the statement's own; what else its texts promise, they promise by their facts.
    carried = {name for one in source.notices for section in one.sections for sentence in section.sentences for name in sentence.facts}
    promising.take_made(incident, facts_of(incident), carried - {"next_update"}, owner=row.author, now=now, made_in="statement")
    ring_for_status()
    return row


@transaction.atomic
def withdraw(incident: Incident, outlet_id: UUID, *, why: str, by: Staff, now: datetime) -> OutletRow:
    """From now on its code is answered with "withdrawn", and the status page says so. One person may: silence is the safer mistake. Raises NotNow."""
    row = OutletRow.objects.select_for_update().filter(incident=incident, pk=outlet_id, withdrawn_at=None).first()
    if row is None:
        raise NotNow("gone")
    row.withdrawn_at, row.withdrawn_by, row.why = now, by, why[:300]
    row.save(update_fields=["withdrawn_at", "withdrawn_by", "why"])
    what = {"statement": str(row.statement_id), "outlet": row.outlet}
    journal.write(incident, act="statement.withdrawn", at=now, by=by, what=what, why=why[:300])
    ring_for_status()
    return row


def hash_of(picture: notify.Picture) -> str:
    """By which a picture is known in the journal and on the list of originals."""
    return hashlib.sha256(picture.content).hexdigest()


def _with_signed_pictures(source: notify.Source, *, now: datetime) -> notify.Source:
    """The source with its pictures signed inside; as they are where the library for it is not installed, which the page says before."""
    try:
        return replace(source, pictures=pictures.signed(source.pictures, company=source.company.name, now=now))
    except notify.NotSigned as error:
        if str(error) == "no_writer":
            return source
        raise NotNow("picture") from None


def _carry(statement: StatementRow, draft: notify.Draft, *, notices: Sequence[Notice], now: datetime) -> None:
    first = next(notice for notice in notices if notice.id in draft.notice_ids)
    row = OutletRow.objects.create(
        incident=statement.incident,
        statement=statement,
        outlet=draft.outlet,
        code=draft.code,
        code_hash=notify.hash_of_code(code_key(), _number(draft.code)),
        title=first.title[:300],
        language=first.language,
        released_at=now,
    )
    ArtefactRow.objects.bulk_create(
        ArtefactRow(
            outlet=row,
            name=one.name,
            media_type=one.media_type,
            language=one.language,
            shows=dict(one.shows),
            content=one.content,
            content_hash=one.content_hash,
        )
        for one in draft.artefacts
    )


def _number(code: str) -> int:
    number = notify.read_code(code)
    assert number is not None
    return number


def _named(row: StatementRow) -> dict[str, object]:
    return {"statement": str(row.pk), "statement_hash": row.statement_hash, "outlets": row.outlets}
