"""An advice of the gate that a person lets stand: kept with the text, and in the journal."""

from dataclasses import asdict, fields
from datetime import datetime

from django.db import transaction

from amanat import notify
from amanat.terms.notice import Finding
from amanat.web.accounts.models import Staff
from amanat.web.notify.models import NoticeRow
from amanat.web.respond import journal


@transaction.atomic
def let_stand(row: NoticeRow, *, check: str, where: str, quote: str, reason: str, by: Staff, now: datetime) -> None:
    """Raises notify.CannotOverrule for what blocks, is not there, or has no reason. The words do not change, so no signature is void."""
    row = NoticeRow.objects.select_for_update(no_key=True).get(pk=row.pk)
    found = notify.overrule(findings_of(row), check=check, where=where, quote=quote, by=by.name, reason=reason)
    row.findings = [asdict(finding) for finding in found]
    row.save(update_fields=["findings"])
    what = {"notice_id": row.notice_id, "version": row.version, "content_hash": row.content_hash, "check": check}
    journal.write(row.incident, act="finding.overruled", at=now, by=by, what=what, why=" ".join(reason.split()))


def findings_of(row: NoticeRow) -> list[Finding]:
    """What the gate said of a text, also as an earlier version of amanat kept it."""
    return [Finding(**{f.name: one[f.name] for f in fields(Finding) if f.name in one}) for one in row.findings]
