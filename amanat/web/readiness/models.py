"""What staff said about the controls, what was looked at, and the drills; every change is a new row, and the newest counts."""

import uuid

from django.db import models

from amanat.web.accounts.models import Staff


class SheetRow(models.Model):
    """The whole `controls.toml` after one change, and the company it is about."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    content = models.JSONField()  # as the file; days as text
    company = models.JSONField(null=True)  # what `company.toml` holds; None: not known yet
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["-at"])]


class LookRow(models.Model):
    """What the DNS and our web pages answered."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    answers = models.JSONField()
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["-at"])]


class DrillRow(models.Model):
    """One drill: asked for, running, done with its score, or failed with the reason."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    state = models.CharField(max_length=10, default="asked")  # asked | running | done | failed
    why = models.TextField(blank=True)  # of a failure
    score = models.JSONField(null=True)  # as `amanat prepare drill --format json`
    words = models.JSONField(null=True)  # the report's parts in each language

    class Meta:
        indexes = [models.Index(fields=["-asked_at"])]
