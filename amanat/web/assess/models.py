"""Assessments as they were made, what persons decided about duties, and the calendars that show the deadlines."""

import uuid

from django.db import models

from amanat.web.accounts.models import Staff
from amanat.web.assess.controllers_models import ControllerTold as ControllerTold
from amanat.web.assess.controllers_models import Kit as Kit
from amanat.web.assess.controllers_models import KitRun as KitRun
from amanat.web.assess.money_models import MoneyChange as MoneyChange
from amanat.web.respond.models import Incident
from amanat.web.scope.models import ScopeRow


class AssessmentRow(models.Model):
    """One run of assess: the content of `assessment.json`. The newest counts, earlier ones show what was known when."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="+")
    scope = models.ForeignKey(ScopeRow, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()
    content = models.JSONField()
    # How many persons are alike for the law (`assess.count_persons`), so that a new fact or a newer law is judged without the files;
    # empty while nobody has been counted, None of assessments that did not keep it.
    counted = models.JSONField(null=True)
    laws = models.JSONField(default=dict)  # law id -> short hash of its file: by which wording it was made

    class Meta:
        indexes = [models.Index(fields=["incident", "-at"])]

    @classmethod
    def forget_people(cls, incident: Incident) -> None:
        """A group of one, with its place and kinds of data, may point at somebody: the groups go, what was judged from them stays."""
        cls.objects.filter(incident=incident).update(counted=None)


class DutyDecision(models.Model):
    """What a person decided about a duty; it is never changed, only followed by another."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="+")
    duty_id = models.CharField(max_length=120)
    decision = models.CharField(max_length=20)  # owned | done | not_required | required | reopened
    why = models.TextField(blank=True)
    owner = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True, related_name="+")
    done_at = models.DateTimeField(null=True)  # when it was really done, of "done"
    late_why = models.TextField(blank=True)  # of what was done after its deadline: the reasons, as the law asks for them
    due_at = models.DateTimeField(null=True)  # of "required": by when, where the law gives no moment
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()


class Awaited(models.Model):
    """A fact that is not known yet, and when somebody says that it will be."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="+")
    fact = models.CharField(max_length=60)  # as in terms/facts.toml
    owner = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    known_by = models.DateTimeField()
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["incident", "fact", "-at"])]


class DeadlineEntry(models.Model):
    """A deadline as calendars have it by now: its SEQUENCE rises whenever its date or standing changes (RFC 5545)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="+")
    duty_id = models.CharField(max_length=120)
    due_at = models.DateTimeField()
    standing = models.CharField(max_length=10)  # CONFIRMED | TENTATIVE | CANCELLED
    is_done = models.BooleanField(default=False)
    zone = models.CharField(max_length=60)
    sequence = models.PositiveIntegerField(default=0)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["incident", "duty_id"], name="deadline_entry_once")]


class CalendarKey(models.Model):
    """The password of one calendar program of one member of staff, kept as a hash. It opens the feed of deadlines and nothing else."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    staff = models.ForeignKey(Staff, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=60)  # "my phone"
    key_hash = models.BinaryField(max_length=32, unique=True)
    made_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
