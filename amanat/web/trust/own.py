"""Amanat's own records as tables for the measurement: who was affected, receipts, answers, cases; persons by their id in the register.

Persons are decrypted one batch after another, and what is written goes into files without a name that end with the job.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Any
from uuid import UUID

from amanat.terms.answer import ANSWERS, SCALES
from amanat.terms.sending import RECEIPTS
from amanat.web.care.models import CaseRow, SurveyAnswer
from amanat.web.notify.models import ReceiptRow
from amanat.web.respond.models import Incident
from amanat.web.scope.models import AffectedPerson
from amanat.web.scope.people import reveal_many

if TYPE_CHECKING:
    import pyarrow as pa

BATCH = 50_000
# Somebody else, as a reviewer decided: not affected by this incident.
NOT_AFFECTED = ("refused", "outsider")


@dataclass(frozen=True, slots=True)
class Written:
    """How many rows each table got."""

    n_receipts: int
    n_answers: int
    n_cases: int


def write(incident: Incident, *, exposures: IO[bytes], receipts: IO[bytes], answers: IO[bytes], cases: IO[bytes]) -> Written:
    """Fills the four files with Parquet; raises KeysErased."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    exposed = pa.schema([*((name, pa.string()) for name in ("person_id", "state", "residence", "language")), ("to_tell", pa.bool_())])
    n_receipts = n_answers = 0
    with pq.ParquetWriter(exposures, exposed) as one, pq.ParquetWriter(receipts, RECEIPTS) as two, pq.ParquetWriter(answers, ANSWERS) as three:
        for batch, ids in _people(incident):
            one.write_table(pa.Table.from_pylist([_exposure(person, ids[person.pk]) for person in batch], schema=exposed))
            among = {"person_id__gte": batch[0].pk, "person_id__lte": batch[-1].pk}
            n_receipts += _write_in_parts(two, _receipts(incident, ids, among), RECEIPTS)
            n_answers += _write_in_parts(three, _answers(incident, ids, among), ANSWERS)
    n_cases = _write_cases(incident, cases)
    for file in (exposures, receipts, answers, cases):
        file.flush()
    return Written(n_receipts, n_answers, n_cases)


def _people(incident: Incident) -> Iterator[tuple[list[AffectedPerson], dict[UUID, str]]]:
    """Affected persons in the order of their rows' ids, with their ids in the register."""
    wanted = AffectedPerson.objects.filter(incident=incident).exclude(state__in=NOT_AFFECTED).order_by("pk")
    after = UUID(int=0)
    while batch := list(wanted.filter(pk__gt=after)[:BATCH]):
        yield batch, {pk: secret["person_id"] for pk, secret in reveal_many(incident, batch)}
        after = batch[-1].pk


def _exposure(person: AffectedPerson, person_id: str) -> dict[str, Any]:
    # Whom no letter group holds, nothing obliges us to tell: as the reach board counts.
    told = {"residence": person.residence, "language": person.language, "to_tell": bool(person.letter_group)}
    return {"person_id": person_id, "state": person.state, **told}


def _receipts(incident: Incident, ids: dict[UUID, str], among: dict[str, UUID]) -> Iterator[dict[str, Any]]:
    rows = ReceiptRow.objects.filter(sending__incident=incident, **{f"sending__{name}": value for name, value in among.items()}).order_by("id")
    for person, sending, channel, state, at in rows.values_list("sending__person_id", "sending_id", "sending__channel", "state", "at").iterator(
        BATCH
    ):
        if person in ids:
            yield {"sending_id": sending.hex, "person_id": ids[person], "channel": channel, "state": state, "at": at}


def _answers(incident: Incident, ids: dict[UUID, str], among: dict[str, UUID]) -> Iterator[dict[str, Any]]:
    for row in SurveyAnswer.objects.filter(incident=incident, **among).values("person_id", "at", "language", "notice_id", *SCALES).iterator(BATCH):
        if row["person_id"] in ids:
            yield row | {"person_id": ids[row["person_id"]]}


def _write_cases(incident: Incident, file: IO[bytes]) -> int:
    import pyarrow as pa
    import pyarrow.parquet as pq

    moment = pa.timestamp("us", "UTC")
    schema = pa.schema([("opened_at", moment), ("due_at", moment), ("answered_at", moment), ("state", pa.string())])
    with pq.ParquetWriter(file, schema) as writer:
        return _write_in_parts(writer, CaseRow.objects.filter(incident=incident).values(*schema.names).iterator(BATCH), schema)


def _write_in_parts(writer: Any, rows: Iterator[dict[str, Any]], schema: "pa.Schema") -> int:
    import pyarrow as pa

    n, part = 0, []
    for row in rows:
        part.append(row)
        if len(part) == BATCH:
            writer.write_table(pa.Table.from_pylist(part, schema=schema))
            n += len(part)
            part = []
    if part:
        writer.write_table(pa.Table.from_pylist(part, schema=schema))
    return n + len(part)
