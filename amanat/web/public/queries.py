"""What the public door may read: published texts, and whether a code stands in one of them."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from amanat import notify
from amanat.terms.company import Company
from amanat.web.notify.models import ApprovalRow, SendingRow
from amanat.web.notify.queries import code_key, company_of, facts_of
from amanat.web.respond.models import Incident


def verify(code: str) -> notify.Answer:
    """Whether the code stands in a message of ours: true, unknown or withdrawn. It tells nothing about the person."""
    number = notify.read_code(code)
    # An impossible code is looked up all the same, so that time tells nothing.
    wanted = notify.hash_of_code(code_key(), number if number is not None else 1 << 63)
    row = SendingRow.objects.filter(code_hash=wanted, approval__approved_at__isnull=False).select_related("notice", "approval", "incident").first()
    if row is None or number is None:
        return notify.Answer(state="unknown", is_mistyped=number is None)
    return notify.Answer(
        state="withdrawn" if row.notice.withdrawn_at else "true",
        title=row.notice.content["title"],
        language=row.notice.language,
        sent_on=row.approval.approved_at.date().isoformat() if row.approval.approved_at else "",
        company=company_of(row.incident).name,
    )


def as_json(answer: notify.Answer) -> dict[str, Any]:
    """The answer as `amanat verify --url` reads it."""
    return asdict(answer)


@dataclass(frozen=True, slots=True)
class Update:
    """What we tell everyone about one incident, in one language."""

    company: Company
    happened: str
    unknown: str
    doing: list[str]
    next_at: datetime | None
    changed_at: datetime


def updates(language: str) -> list[Update]:
    """One for each open incident whose messages were approved: before that, its public text is not ours to publish."""
    found = []
    approved = ApprovalRow.objects.filter(incident__phase__in=_OPEN).exclude(approved_at=None).select_related("incident")
    for approval in approved.order_by("incident", "-approved_at").distinct("incident"):
        found.append(_update(approval.incident, approval, language))
    return sorted(found, key=lambda update: update.changed_at, reverse=True)


_OPEN = ("identification", "containment", "eradication", "recovery", "lessons")


def _update(incident: Incident, approval: ApprovalRow, language: str) -> Update:
    facts = facts_of(incident)

    def says(name: str) -> str:
        fact = facts.get(name)
        value = fact.value if fact else None
        return str(value.get(language) or value.get("en") or "") if isinstance(value, dict) else str(value or "")

    following = facts.get("next_update")
    at = following.value if following else None
    return Update(
        company=company_of(incident),
        happened=says("what_happened"),
        unknown=says("what_we_do_not_know"),
        doing=[text for text in (says("what_we_did"), says("what_we_will_do"), says("what_we_offer")) if text],
        next_at=datetime.fromisoformat(at) if isinstance(at, str) else at,
        changed_at=approval.approved_at or approval.authored_at,
    )
