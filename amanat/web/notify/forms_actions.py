"""Changes to forms: a value entered by hand, taken back, what was handed in, and the number that the authority gave."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from amanat import notify
from amanat.web.accounts.models import Staff
from amanat.web.notify.forms_models import FormEntryRow, SubmissionRow
from amanat.web.respond import journal
from amanat.web.respond.models import Incident


@transaction.atomic
def enter(incident: Incident, form: notify.Form, field: str, *, value: Any, why: str, by: Staff, now: datetime) -> FormEntryRow:
    """A person answers a field by hand; their answer wins over what amanat found. The words stay here, the journal names the field."""
    row = FormEntryRow.objects.create(incident=incident, form=form.id, field=field, value=value, why=why, by=by, at=now)
    journal.write(incident, act="form.entered", at=now, by=by, what={"form": form.id, "field": field, "entry": str(row.pk)})
    return row


@transaction.atomic
def take_back(incident: Incident, form: notify.Form, field: str, *, by: Staff, now: datetime) -> None:
    """What amanat finds counts again."""
    row = FormEntryRow.objects.create(incident=incident, form=form.id, field=field, is_taken_back=True, by=by, at=now)
    journal.write(incident, act="form.taken_back", at=now, by=by, what={"form": form.id, "field": field, "entry": str(row.pk)})


@transaction.atomic
def hand_in(
    incident: Incident, form: notify.Form, document: notify.Document, *, submitted_at: datetime, reference: str, by: Staff, now: datetime
) -> SubmissionRow:
    """Keeps a form as it was handed in. amanat sends nothing to an authority: a person did, and says so here."""
    Incident.objects.select_for_update(no_key=True).only("id").get(pk=incident.pk)  # versions come one after the other
    version = SubmissionRow.objects.filter(incident=incident, form=form.id).count() + 1
    row = SubmissionRow.objects.create(
        incident=incident,
        form=form.id,
        version=version,
        phase=document.phase,
        language=document.language,
        document=notify.document_as_json(document),
        submitted_at=submitted_at,
        reference=reference,
        by=by,
        at=now,
    )
    what = {"form": form.id, "phase": document.phase, "version": version, "n_missing": len(document.lacking), "is_late": document.is_late}
    journal.write(incident, act="form.handed_in", at=now, by=by, what={**what, "reference": reference, "submission": str(row.pk)})
    return row


@transaction.atomic
def note_reference(incident: Incident, submission_id: UUID, *, reference: str, by: Staff, now: datetime) -> bool:
    """The number that the authority gave, where it came later; False when the submission is of another incident."""
    is_ours = SubmissionRow.objects.filter(incident=incident, pk=submission_id).update(reference=reference) == 1
    if is_ours:
        journal.write(incident, act="form.numbered", at=now, by=by, what={"submission": str(submission_id), "reference": reference})
    return is_ours
