"""Assessments as they were made; the newest counts, earlier ones show what was known when."""

import uuid

from django.db import models

from amanat.web.accounts.models import Staff
from amanat.web.respond.models import Incident
from amanat.web.scope.models import ScopeRow


class AssessmentRow(models.Model):
    """One run of assess: the content of `assessment.json`."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="+")
    scope = models.ForeignKey(ScopeRow, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()
    content = models.JSONField()

    class Meta:
        indexes = [models.Index(fields=["incident", "-at"])]


class DutyDecision(models.Model):
    """What a person decided about a duty: owner, done, or not required and why."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="+")
    duty_id = models.CharField(max_length=120)
    decision = models.CharField(max_length=20)  # owned | done | not_required | reopened
    why = models.TextField(blank=True)
    owner = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True, related_name="+")
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
