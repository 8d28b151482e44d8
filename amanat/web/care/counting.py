"""For whom each offer would be, and who must be called: both need the persons decrypted, so the worker does it."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.utils import timezone

from amanat import care
from amanat.web.care.models import BudgetRow, CallRow, OfferPlan
from amanat.web.respond import journal
from amanat.web.respond.models import Incident
from amanat.web.scope import people
from amanat.web.scope.models import AffectedPerson

BATCH = 5000


def count(incident: Incident) -> None:
    """Offers over all sure persons, and the call list; who is on the list stays there with what was done."""
    import pyarrow as pa

    from amanat.terms.exposure import EXPOSURES

    now = timezone.now()
    rows: list[dict[str, Any]] = []
    needs: set[str] = set()
    for pk, person, secret in _people(incident):
        rows.append(
            {
                "person_id": pk,
                "kinds": list(secret["kinds"]),
                "n_findings": 0,
                "n_records": 0,
                "belief": 1.0,
                "state": person.state,
                "basis": person.basis,
                "residence": person.residence,
            }
        )
        if secret.get("needs"):
            needs.add(pk)
    exposures = pa.Table.from_pylist(rows, schema=EXPOSURES)
    budget, _is_new = BudgetRow.objects.get_or_create(incident=incident)
    for line in care.plan(exposures, budget_eur=budget.amount_eur):
        given = {
            "n_persons": line.n_persons,
            "n_owed": line.n_owed,
            "cost_eur": line.cost_eur,
            "owed_eur": line.owed_eur,
            "is_funded": line.is_funded,
        }
        OfferPlan.objects.update_or_create(incident=incident, offer=line.offer, defaults=given)
    order = ("service_and_need", "service", "need")
    calls = [
        CallRow(incident=incident, person_id=UUID(one.person_id), why=one.why, why_rank=order.index(one.why), changed_at=now)
        for one in care.to_call(exposures, needs)
    ]
    CallRow.objects.bulk_create(calls, batch_size=1000, ignore_conflicts=True)
    BudgetRow.objects.filter(pk=budget.pk).update(counted_at=now)
    journal.write(incident, act="care.counted", at=now, what={"persons": len(rows), "to_call": len(calls)})


def _people(incident: Incident) -> Iterator[tuple[str, AffectedPerson, dict[str, Any]]]:
    """Affected persons, sure or to review, decrypted one batch after another."""
    wanted = AffectedPerson.objects.filter(incident=incident, state__in=("sure", "review")).order_by("pk")
    after: Any = UUID(int=0)
    while batch := list(wanted.filter(pk__gt=after)[:BATCH]):
        by_id = {row.pk: row for row in batch}
        for pk, secret in people.reveal_many(incident, batch):
            yield str(pk), by_id[pk], secret
        after = batch[-1].pk
