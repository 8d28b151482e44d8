"""Pictures and films for a statement to everybody: attached by staff, encrypted until they go out, then signed inside (C2PA)."""

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.text import slugify

from amanat import notify
from amanat.web.accounts.models import Staff
from amanat.web.languages import LANGUAGES
from amanat.web.notify.outlets_models import PictureRow
from amanat.web.respond import journal, signing
from amanat.web.respond.models import Incident

PLACE = "notify_picturerow.secret"  # to which what is encrypted is bound
PICTURES_MAX = 4  # as many as every network takes
SHOWS_MAX = 1000


class NotTaken(Exception):
    """A picture that is not attached; the argument is a code that the screen puts into words."""


@dataclass(frozen=True, slots=True)
class Attached:
    """One that waits for the next statement."""

    row: PictureRow
    picture: notify.Picture

    @property
    def is_film(self) -> bool:
        return self.row.media_type.startswith("video/")


def attached(incident: Incident) -> list[Attached]:
    """What would go out with the next statement; nothing once the incident's persons were erased."""
    rows = list(PictureRow.objects.filter(incident=incident).select_related("by").order_by("name")) if incident.wrapped_keys is not None else []
    keys = incident.keys() if rows else None
    found = []
    for row in rows:
        said = keys.decrypt(row.secret, place=PLACE, row=row.pk) if keys else {}
        found.append(Attached(row, notify.Picture(name=row.name, content=base64.b64decode(said["content"]), alt=said["shows"])))
    return found


def attach(incident: Incident, content: bytes, *, name: str, shows: Mapping[str, str], by: Staff, now: datetime) -> PictureRow:
    """Looks into the file where it can reach nothing, and keeps it encrypted. Raises NotTaken."""
    if any(not shows.get(language, "").strip() for language, _name in LANGUAGES):
        raise NotTaken("undescribed")
    looked = notify.look_into(content)
    if looked.state != "good":
        raise NotTaken(looked.state)
    with transaction.atomic():
        Incident.objects.select_for_update(no_key=True).only("id").get(pk=incident.pk)
        there = set(PictureRow.objects.filter(incident=incident).values_list("name", flat=True))
        if len(there) >= PICTURES_MAX:
            raise NotTaken("many")
        row = PictureRow(incident=incident, name=_named(name, looked.kind, there), media_type=looked.kind, size_bytes=len(content), by=by, at=now)
        said = {
            "content": base64.b64encode(content).decode(),
            "shows": {language: shows[language].strip()[:SHOWS_MAX] for language, _name in LANGUAGES},
        }
        row.secret = incident.keys().encrypt(said, place=PLACE, row=row.pk)
        row.save()
        journal.write(incident, act="picture.attached", at=now, by=by, what={"picture": str(row.pk)})
    return row


@transaction.atomic
def remove(incident: Incident, picture_id: UUID, *, by: Staff, now: datetime) -> None:
    """Takes one back; a signature under a statement with it is void by that."""
    if PictureRow.objects.filter(incident=incident, pk=picture_id).delete()[0]:
        journal.write(incident, act="picture.removed", at=now, by=by, what={"picture": str(picture_id)})


def signed(pictures: Sequence[notify.Picture], *, company: str, now: datetime) -> tuple[notify.Picture, ...]:
    """The same, each with our signature inside. Raises notify.NotSigned.

    What nobody attached here but laid into the incident's folder, and is of another sort or larger, goes out as it is; its bytes stand on
    the signed list.
    """
    if not pictures:
        return ()
    signer, authority = signing.signer(now=now), signing.authority(now=now)
    return tuple(
        replace(one, content=notify.sign_picture(one.content, title=one.name, company=company, signer=signer, authority=authority, at=now))
        if notify.kind_of(one.content) and len(one.content) <= notify.PICTURE_MAX
        else one
        for one in pictures
    )


def gone_out(incident: Incident, names: set[str]) -> None:
    """Deletes what went out: what everybody may read needs no second copy."""
    PictureRow.objects.filter(incident=incident, name__in=names).delete()


def _named(name: str, kind: str, there: set[str]) -> str:
    """A plain name for everybody's eyes, made of the file's own; "picture" where nothing of it can stand."""
    stem = slugify(name.rpartition(".")[0] or name)[:60] or "picture"
    end = notify.PICTURE_TYPES[kind]
    tries = [f"{stem}{end}", *(f"{stem}-{n}{end}" for n in range(2, PICTURES_MAX + 2))]
    return next(one for one in tries if one not in there)
