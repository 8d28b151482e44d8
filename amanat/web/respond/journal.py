"""The journal of an incident in the database: write a line, read the chain, check it."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from amanat.lib import journal as chain
from amanat.web.accounts.models import Staff
from amanat.web.respond.models import Incident, JournalEntry


@transaction.atomic
def write(incident: Incident, *, act: str, at: datetime, by: Staff | None = None, what: dict[str, Any] | None = None, why: str = "") -> JournalEntry:
    """Adds one line to the incident's chain; it stands or falls with the change that it reports.

    Args:
        act: dotted, past tense: "notice.approved".
        by: None when amanat itself acted.
        what: ids, counts and hashes; never a person's value.
    """
    # One writer at a time per incident: the next line needs the hash of the last.
    Incident.objects.select_for_update(no_key=True).only("id").get(pk=incident.pk)
    last = JournalEntry.objects.filter(incident=incident).order_by("-seq").first()
    entry = chain.link(
        seq=last.seq + 1 if last else 1,
        at=at,
        who=str(by.pk) if by else "amanat",
        act=act,
        what=what or {},
        why=why,
        prev=last.hash if last else chain.FIRST,
    )
    return JournalEntry.objects.create(
        incident=incident, seq=entry.seq, at=entry.at, who=entry.who, act=entry.act, what=entry.what, why=entry.why, prev=entry.prev, hash=entry.hash
    )


def entries(incident_id: UUID) -> Iterator[dict[str, Any]]:
    """The chain from its first line, each as a line of `journal.jsonl` has it."""
    keys = ("seq", "at", "who", "act", "what", "why", "prev", "hash")
    yield from JournalEntry.objects.filter(incident_id=incident_id).order_by("seq").values(*keys).iterator()


def verify(incident_id: UUID, *, head: str | None = None) -> chain.Verdict:
    """Whether every line is where it was written, unchanged."""
    return chain.verify_entries(entries(incident_id), head=head)
