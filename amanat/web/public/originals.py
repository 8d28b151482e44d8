"""Signed originals: every file that went out to everybody, on a list that the worker signs and anybody may fetch."""

import hashlib
from datetime import datetime

from amanat import notify
from amanat.web.notify.models import ArtefactRow
from amanat.web.notify.queries import company_name
from amanat.web.public.models import OriginalsRow
from amanat.web.respond import signing


def sign(*, now: datetime) -> bool:
    """Makes the list anew when something was released or withdrawn since, or another key signs; says whether it did."""
    rows = list(ArtefactRow.objects.select_related("outlet__incident").order_by("pk"))
    found = [
        notify.original_of(
            row.name,
            bytes(row.content),
            released_at=row.outlet.released_at.isoformat(timespec="seconds"),
            withdrawn_at=row.outlet.withdrawn_at.isoformat(timespec="seconds") if row.outlet.withdrawn_at else "",
        )
        for row in rows
    ]
    signer = signing.signer(now=now)
    fingerprint = hashlib.sha256(repr(found).encode()).hexdigest()
    last = OriginalsRow.objects.order_by("-id").first()
    if last and (last.fingerprint, last.key) == (fingerprint, signer.id):
        return False
    companies = sorted({company_name(incident) for incident in {row.outlet.incident for row in rows}})
    body = notify.signed_originals(found, company=", ".join(filter(None, companies)), made_at=now, signer=signer)
    OriginalsRow.objects.create(at=now, fingerprint=fingerprint, key=signer.id, body=body)
    OriginalsRow.objects.filter(at__lt=now).exclude(fingerprint=fingerprint, key=signer.id).delete()
    return True


def newest() -> str:
    """The list; empty before the first one was made."""
    row = OriginalsRow.objects.order_by("-id").first()
    return row.body if row else ""
