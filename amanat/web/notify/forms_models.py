"""Forms of authorities: what staff entered by hand, and what was handed in, as it was handed in."""

import uuid

from django.db import models

from amanat.web.accounts.models import Staff
from amanat.web.respond.models import Incident


class FormEntryRow(models.Model):
    """What a person entered in one field of a form; it wins over what amanat found, and the newest counts."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="+")
    form = models.CharField(max_length=60)
    field = models.CharField(max_length=60)
    value = models.JSONField(null=True)
    is_taken_back = models.BooleanField(default=False)  # what amanat finds counts again
    why = models.TextField(blank=True)
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["incident", "form", "field", "-at"])]


class SubmissionRow(models.Model):
    """One form as it was handed in; it is never changed but for the number that the authority gave to it later."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="+")
    form = models.CharField(max_length=60)
    version = models.PositiveIntegerField()  # of this form in this incident, from 1
    phase = models.CharField(max_length=40)
    language = models.CharField(max_length=35)
    document = models.JSONField()  # notify.Document
    submitted_at = models.DateTimeField()
    reference = models.CharField(max_length=120, blank=True)  # that the authority gave
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["incident", "form", "version"], name="submission_version_once")]
