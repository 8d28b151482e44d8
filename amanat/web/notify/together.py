"""Records that are one person, in the tables: who was told with whom, what was exposed of any of them, and every message to one of them.

The rule stands in `notify.same_record`. Here a person's messages are those to their own record and those to the record they were told with.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from amanat import notify
from amanat.web.notify.models import ApprovalRow, SendingRow, TogetherRow
from amanat.web.notify.queries import REACHED
from amanat.web.respond.models import Incident
from amanat.web.scope.models import AffectedPerson


def messages_to(person: UUID) -> QuerySet[SendingRow]:
    """Every sending that tells this person, theirs or that of another record of theirs."""
    is_theirs = Q(person=person)
    for approval, first in told_by([person]):
        is_theirs |= Q(approval=approval, person=first)
    return SendingRow.objects.filter(is_theirs)


def told_too(incident: Incident, person: OuterRef) -> QuerySet[TogetherRow]:
    """Of a person, the rows that say a message to another record of theirs has reached them."""
    reached = SendingRow.objects.filter(approval=OuterRef("approval"), person=OuterRef("told_with"), state__in=REACHED)
    return TogetherRow.objects.filter(Exists(reached), incident=incident, person=person)


def told_by(persons: Collection[UUID]) -> dict[tuple[UUID, UUID], list[UUID]]:
    """By approval and person who got the message: those of these persons whom it told as well."""
    found: dict[tuple[UUID, UUID], list[UUID]] = {}
    rows = TogetherRow.objects.filter(person__in=persons).order_by("person")
    for approval, first, other in rows.values_list("approval_id", "told_with_id", "person_id"):
        found.setdefault((approval, first), []).append(other)
    return found


def told_before(persons: Collection[str]) -> dict[str, frozenset[str]]:
    """By those of these persons who were written to: all whom their newest message told (`notify.as_told`)."""
    pks = [UUID(one) for one in persons]
    found: dict[str, frozenset[str]] = {}
    with_others: dict[tuple[UUID, UUID], set[str]] = {}
    rows = TogetherRow.objects.filter(Q(person__in=pks) | Q(told_with__in=pks))
    for approval, first, other in rows.values_list("approval_id", "told_with_id", "person_id"):
        with_others.setdefault((approval, first), {str(first)}).add(str(other))
    firsts = {first for _approval, first in with_others}
    sent = SendingRow.objects.filter(person__in={*pks, *firsts}).exclude(state="idle").order_by("approval__authored_at", "pk")
    for person, approval in sent.values_list("person_id", "approval_id"):
        company = frozenset(with_others.get((approval, person), {str(person)}))
        found.update(dict.fromkeys(company, company))
    return found


def records_of(incident: Incident, groups: Sequence[Sequence[str]], secrets: Mapping[str, Mapping[str, Any]]) -> list[list[notify.Record]]:
    """What a message to each of them would rest on; `secrets` by person."""
    basis = dict(AffectedPerson.objects.filter(incident=incident, pk__in=[UUID(one) for one in secrets]).values_list("pk", "basis"))
    return [
        [
            notify.Record(
                person_id=one,
                kinds=frozenset(secrets[one].get("kinds") or ()),
                basis=basis[UUID(one)],
                duty_ids=frozenset(secrets[one].get("duty_ids") or ()),
            )
            for one in group
        ]
        for group in groups
    ]


def keep(incident: Incident, approval: ApprovalRow, together: Any) -> None:
    """Notes who is told with whom under an approval; noting it again changes nothing."""
    rows = [
        TogetherRow(incident=incident, approval=approval, person_id=UUID(row["person_id"]), told_with_id=UUID(row["told_with"]))
        for row in together.to_pylist()
    ]
    TogetherRow.objects.bulk_create(rows, ignore_conflicts=True, batch_size=2000)


def others_told_by(sending: SendingRow) -> list[AffectedPerson]:
    """The other records of the person whom this message tells."""
    told = TogetherRow.objects.filter(approval=sending.approval_id, told_with=sending.person_id).values("person")
    return list(AffectedPerson.objects.filter(pk__in=told).order_by("pk"))
