"""Messages on persons' own pages: the ledger's row is the message, the page shows it word for word, and opening it is a receipt."""

import hashlib
from datetime import datetime
from uuid import UUID

from django.utils import timezone

from amanat import notify
from amanat.web.notify import together
from amanat.web.notify.models import ReportRow, SendingRow
from amanat.web.notify.queries import REACHED, code_key, company_of
from amanat.web.respond.models import Incident
from amanat.web.scope.models import AffectedPerson
from amanat.web.scope.people import reveal_many

PORTAL = "portal"
OF_NOBODY = ("refused", "merged")  # states of a record that a reviewer took from the person it was thought to be


def why_closed(incident_pk: UUID) -> str:
    """Why nobody can open a page of this incident now; empty when they can."""
    incident = Incident.objects.only("phase", "wrapped_keys").get(pk=incident_pk)
    if incident.wrapped_keys is None:
        return "the persons of this incident were erased, and their pages with them"
    return "the incident is closed, and so are its pages" if incident.phase == "closed" else ""


def messages_to(person: AffectedPerson) -> list[SendingRow]:
    """What reached this person, the newest first, each text once; withdrawn ones are left out."""
    rows = together.messages_to(person.pk).filter(incident=person.incident_id, state__in=REACHED, approval__approved_at__isnull=False)
    found = rows.filter(notice__withdrawn_at=None).select_related("notice", "approval", "incident").order_by("-approval__approved_at", "turn")
    of_text: dict[str, SendingRow] = {}
    for row in found:
        of_text.setdefault(row.notice.content_hash, row)
    return list(of_text.values())


def text_of(row: SendingRow, person: AffectedPerson, secret: dict[str, object]) -> str:
    """The message as this person got it, with the day of its approval at the top."""
    from amanat.web.notify.plans import contact_of

    on = timezone.localdate(row.approval.approved_at)
    kinds, basis = said_of(row, person, secret)
    code = notify.code_for(code_key(), row.pk.hex)
    return notify.own_text(notify.notice_from(row.notice.content), company_of(row.incident), contact_of(person, secret), kinds, basis, code, on=on)


def said_of(row: SendingRow, person: AffectedPerson, secret: dict[str, object]) -> tuple[list[str], str]:
    """What the message says was exposed, and how we know: of every record of this person that it told.

    Nothing of a record that turned out to be somebody else's: by now it may hold what was found of them since.
    """
    records = {one.pk: one for one in (row.person, *together.others_told_by(row)) if one.pk != person.pk}
    kinds: set[str] = set(secret.get("kinds") or ())  # type: ignore[call-overload]
    bases = [person.basis]
    for pk, other in reveal_many(row.incident, records.values()):
        if _are_one((person, secret), (records[pk], other)):
            kinds |= set(other["kinds"])
            bases.append(records[pk].basis)
    return sorted(kinds), notify.surest(bases)


def _are_one(*both: tuple[AffectedPerson, dict[str, object]]) -> bool:
    """Whether two records that were told together are one person still."""
    from amanat.web.notify.plans import contact_of

    records = notify.Records(code_key())
    for person, secret in both:
        if person.state not in OF_NOBODY and secret.get("birth_date") is not None:
            records.add(contact_of(person, secret))
    return bool(records.same())


def note_opened(person: AffectedPerson, with_code_of: SendingRow, *, now: datetime) -> None:
    """Tells the worker that this person has opened their page: the message whose code opened it was read, and those that lie on the page."""
    on_page = SendingRow.objects.filter(person=person, incident=person.incident_id, channel=PORTAL, state__in=("accepted", "unsure"))
    opened = {row.pk: "delivered" for row in on_page}
    if with_code_of.channel != PORTAL and with_code_of.state in ("accepted", "delivered", "unsure"):
        opened[with_code_of.pk] = "opened_page"
    rows = [
        ReportRow(provider="page", key=hashlib.sha256(f"page\0{pk}\0{state}".encode()).hexdigest(), sending_id=pk.hex, state=state, says=says, at=now)
        for pk, state in opened.items()
        for says in [f"page: {'the message was opened' if state == 'delivered' else 'opened with the code of the message'}"]
    ]
    # A page that is opened again tells nothing new.
    ReportRow.objects.bulk_create(rows, ignore_conflicts=True)
