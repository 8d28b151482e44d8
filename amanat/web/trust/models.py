"""Reports on trust: one row for each wish, with what became of it. They hold counts and curves, nobody's name or words."""

import uuid

from django.db import models

from amanat.web.accounts.models import Staff
from amanat.web.respond.models import RUN_STATES, Incident


class TrustReport(models.Model):
    """One measurement: asked for, worked on by the worker, and its numbers.

    This row is the truth; a job in the queue only says that somebody should look.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="+")
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    is_uploaded = models.BooleanField(default=False)  # else the events of the incident's folder
    since = models.DateTimeField(null=True)  # when persons could first react; None: the first event of the kind `told`
    state = models.CharField(max_length=10, choices=RUN_STATES, default="asked")
    n_attempts = models.PositiveSmallIntegerField(default=0)
    alive_at = models.DateTimeField(null=True)  # renewed while it is worked on
    finished_at = models.DateTimeField(null=True)
    sentence = models.TextField(blank=True)  # why it failed: what to mend
    content = models.JSONField(null=True)  # `report.json`
    # The key of the uploaded table, under the incident's: it is gone once the table was measured, and useless once the persons were erased.
    sealed_key = models.BinaryField(null=True)

    class Meta:
        indexes = [models.Index(fields=["incident", "-asked_at"])]
        constraints = [
            models.UniqueConstraint(fields=["incident"], condition=models.Q(state__in=("asked", "running")), name="one_trust_report_at_a_time"),
        ]
