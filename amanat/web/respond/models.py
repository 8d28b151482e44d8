"""The incident, who works on it, what is known about it, and its journal."""

import uuid
from datetime import datetime
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from amanat.web import crypto
from amanat.web.accounts.models import Staff
from amanat.web.accounts.permissions import ROLES
from amanat.web.crypto import KeysErased
from amanat.web.detect.models import SEVERITIES, AlertRow
from amanat.web.templatetags.names import INCIDENT_KINDS

PHASES = {
    "identification": _("Identification"),
    "containment": _("Containment"),
    "eradication": _("Eradication"),
    "recovery": _("Recovery"),
    "lessons": _("Lessons learned"),
    "closed": _("Closed"),
}
STATUSES = {"known": _("known"), "believed": _("believed"), "unknown": _("unknown")}
ORIGINS = {"staff": _("noted here"), "folder": _("the incident’s folder")}
RUN_STATES = {"asked": _("waiting"), "running": _("running"), "done": _("done"), "failed": _("failed")}


class Incident(models.Model):
    """What happened, and our record of it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    title = models.CharField(_("Title"), max_length=160)
    kind = models.CharField(_("Kind"), max_length=30, choices=INCIDENT_KINDS)
    phase = models.CharField(max_length=20, choices=PHASES, default="identification")
    declared_at = models.DateTimeField()
    declared_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    folder = models.CharField(max_length=500, blank=True)  # with company.toml, register and stolen files, as `amanat run` takes it
    is_drill = models.BooleanField(default=False)  # a drill or demo: mails can only reach the local inbox
    # The earliest open deadline, kept here by assess.actions so that the overview needs no other table.
    next_deadline_at = models.DateTimeField(null=True)
    next_deadline_for = models.CharField(max_length=200, blank=True)
    wrapped_keys = models.BinaryField(null=True, editable=False)  # None once erased
    keys_erased_at = models.DateTimeField(null=True, editable=False)

    def __str__(self) -> str:
        return self.title

    def keys(self) -> crypto.IncidentKeys:
        """The incident's keys, unwrapped; raises KeysErased."""
        if self.wrapped_keys is None:
            raise KeysErased
        return crypto.unwrap(self.wrapped_keys, incident_id=self.id)

    @property
    def is_open(self) -> bool:
        return self.phase != "closed"


class Membership(models.Model):
    """A staff member's role in one incident; one person may have several."""

    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="memberships")
    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=20, choices=ROLES)
    since = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["incident", "staff", "role"], name="role_once")]


class FactRow(models.Model):
    """One thing known, believed or not known; a new value is a new row, and the newest counts."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=60)  # as in terms/facts.toml
    value = models.JSONField(null=True)  # moments as ISO 8601 text
    status = models.CharField(max_length=10, choices=STATUSES)
    since = models.DateTimeField(null=True)
    source = models.CharField(max_length=300, blank=True)
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    origin = models.CharField(max_length=10, choices=ORIGINS, default="staff")
    # From the folder, and older than what staff had noted: kept and shown, but it does not count.
    is_set_aside = models.BooleanField(default=False)

    class Meta:
        indexes = [models.Index(fields=["incident", "name", "-at"])]

    @property
    def holds_since(self) -> datetime:
        """When this became known: as somebody said, or else when it was noted."""
        return self.since or self.at


class Task(models.Model):
    """Something that one person does by a date."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="+")
    what = models.CharField(max_length=200)
    owner = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    due_at = models.DateTimeField(null=True)
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["incident", "done_at", "due_at"])]


class Decision(models.Model):
    """What was decided and why, so that nobody has to remember it; it is never changed, only followed by another."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="+")
    what = models.CharField(max_length=300)
    why = models.TextField()
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()


class JournalEntry(models.Model):
    """One act in one incident's chain (`lib.journal`). The database refuses to change or remove a row."""

    id = models.BigAutoField(primary_key=True)
    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="+")
    seq = models.PositiveBigIntegerField()
    # The exact text that was hashed: a timestamp column would not keep its spelling.
    at = models.CharField(max_length=40)
    who = models.CharField(max_length=60)
    act = models.CharField(max_length=60)
    what = models.JSONField()
    why = models.TextField(blank=True)
    prev = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["incident", "seq"], name="seq_once")]
        ordering = ("incident", "seq")


class Run(models.Model):
    """One wish to read an incident's files and assess it again, and what became of it.

    This row is the truth; a job in the queue only says that somebody should look. A lost job costs a delay.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="+")
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True, related_name="+")
    state = models.CharField(max_length=10, choices=RUN_STATES, default="asked")
    n_attempts = models.PositiveSmallIntegerField(default=0)
    alive_at = models.DateTimeField(null=True)  # renewed while it runs; old: whoever ran it is gone
    finished_at = models.DateTimeField(null=True)
    sentence = models.TextField(blank=True)  # why it failed: what to mend

    class Meta:
        indexes = [models.Index(fields=["incident", "-asked_at"])]
        constraints = [
            models.UniqueConstraint(fields=["incident"], condition=models.Q(state__in=("asked", "running")), name="one_run_at_a_time"),
        ]


class Erasure(models.Model):
    """The wish to erase an incident's persons, and the different person who confirmed it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="+")
    why = models.TextField()  # "the retention period has ended"; no names of persons
    asked_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    done_by = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True, related_name="+")
    done_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            # The law of two persons holds in the database too.
            models.CheckConstraint(condition=models.Q(done_by=None) | ~models.Q(done_by=models.F("asked_by")), name="erased_by_another"),
            models.UniqueConstraint(fields=["incident"], condition=models.Q(done_at=None, withdrawn_at=None), name="one_erasure_at_a_time"),
        ]


class CarriedAlert(models.Model):
    """An alert that opened the incident or joined it, with its evidence under the incident's own key.

    What was handed in has a deletion date of its own; what an incident carries along stays as long as its keys.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="+")
    alert = models.ForeignKey(AlertRow, on_delete=models.SET_NULL, null=True, related_name="+")
    fingerprint = models.CharField(max_length=16)  # the alert's id, which outlives its row
    kind = models.CharField(max_length=30, choices=INCIDENT_KINDS)
    severity = models.CharField(max_length=10, choices=SEVERITIES)
    since = models.DateTimeField(null=True)
    until = models.DateTimeField(null=True)
    n_events = models.PositiveBigIntegerField()
    sealed = models.BinaryField(editable=False)  # entity, evidence and the digests of the files
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["incident", "fingerprint"], name="carried_once")]

    def opened(self) -> dict[str, Any]:
        """Entity, evidence and digests; raises KeysErased."""
        found: dict[str, Any] = self.incident.keys().decrypt(self.sealed, place="respond_carriedalert.sealed", row=self.id)
        return found


# Keys and signed heads, and the register of public promises, have tables of their own; Django looks for them here.
from amanat.web.respond.promise_models import PromiseRow as PromiseRow  # noqa: E402
from amanat.web.respond.signing_models import CertificateRow as CertificateRow  # noqa: E402
from amanat.web.respond.signing_models import SigningKeyRow as SigningKeyRow  # noqa: E402
from amanat.web.respond.signing_models import TreeHeadRow as TreeHeadRow  # noqa: E402
