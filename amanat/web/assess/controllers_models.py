"""The kits of a processor: asked for, made by the worker, and kept encrypted; and when each controller was told."""

import uuid

from django.db import models

from amanat.web.accounts.models import Staff
from amanat.web.respond.models import RUN_STATES, Incident


class KitRun(models.Model):
    """One wish for kits of all controllers. This row is the truth; a job in the queue only says that somebody should look."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="+")
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=RUN_STATES, default="asked")
    n_attempts = models.PositiveSmallIntegerField(default=0)
    alive_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    sentence = models.TextField(blank=True)  # why it failed: what to mend
    unknown = models.JSONField(default=dict)  # why persons could not be given to anybody: how many
    # The lists for ourselves: {"unknown.csv": text, "gaps.csv": text}, encrypted.
    secret = models.BinaryField(null=True)

    class Meta:
        app_label = "assess"
        indexes = [models.Index(fields=["incident", "-asked_at"])]
        constraints = [
            models.UniqueConstraint(fields=["incident"], condition=models.Q(state__in=("asked", "running")), name="one_kit_run_at_a_time"),
        ]


class Kit(models.Model):
    """What one controller gets, encrypted; counts in clear."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    run = models.ForeignKey(KitRun, on_delete=models.CASCADE, related_name="+")
    controller = models.CharField(max_length=41)
    name = models.CharField(max_length=200)
    n_sure = models.PositiveIntegerField()
    n_review = models.PositiveIntegerField()
    n_outsiders = models.PositiveIntegerField()
    n_unclear = models.PositiveIntegerField()
    n_gaps = models.PositiveIntegerField()
    we_tell_by = models.DateTimeField(null=True)
    because_of = models.CharField(max_length=120, blank=True)  # id of the duty that asks first that we tell it
    duties = models.JSONField()  # [{"id", "due_at"}]: what is due for the controller, as it was told by then
    secret = models.BinaryField()  # {"zip": base64}

    class Meta:
        app_label = "assess"
        constraints = [models.UniqueConstraint(fields=["run", "controller"], name="kit_once")]


class ControllerTold(models.Model):
    """When and how a controller was told: from then on it is aware. Never changed, only followed by another."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="+")
    controller = models.CharField(max_length=41)
    told_at = models.DateTimeField()
    how = models.CharField(max_length=300)
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        app_label = "assess"
        indexes = [models.Index(fields=["incident", "controller", "-at"])]
