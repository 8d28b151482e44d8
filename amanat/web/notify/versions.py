"""A new version of a text: the one place that knows which columns follow from its words."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from amanat.terms.notice import Notice
from amanat.web.accounts.models import Staff
from amanat.web.notify.models import NoticeRow
from amanat.web.respond.models import Incident


def write_version(
    incident: Incident,
    notice: Notice,
    *,
    after: NoticeRow | None,
    findings: Sequence[dict[str, Any]],
    edits: Sequence[dict[str, Any]] = (),
    by: Staff | None,
    now: datetime,
) -> NoticeRow:
    """Keeps the text as the version after another, or as the first; `by` None: composed by amanat."""
    return NoticeRow.objects.create(
        incident=incident,
        notice_id=notice.id,
        letter_group=notice.letter_group,
        language=notice.language,
        audience=notice.audience,
        content=notice.as_dict(),
        findings=list(findings),
        edits=list(edits),
        content_hash=notice.content_hash,
        version=after.version + 1 if after else 1,
        author=by,
        at=now,
    )
