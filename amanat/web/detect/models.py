"""What staff handed in, and the alerts found in it. Both are encrypted under a key of their own and have a deletion date."""

import uuid
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from amanat.web import crypto
from amanat.web.accounts.models import Staff

WHAT = {"mail": _("a message"), "logs": _("a log")}
TOLD = "told"  # nobody handed it in: what strangers asked and reported at the public door, one row for each day
STATES = {"asked": _("waiting"), "running": _("being read"), "done": _("read"), "failed": _("could not be read")}
ALERT_KINDS = {
    "phishing": _("Phishing"),
    "malware": _("Malware"),
    "denial_of_service": _("Denial of service"),
    "social_engineering": _("Social engineering"),
    "data_breach": _("Data breach"),
    "disinformation": _("Brand impersonation"),  # the one sort that is seen so far: mail that borrows our name
}
SEVERITIES = {"critical": _("critical"), "high": _("high"), "medium": _("medium"), "low": _("low")}


class HandedIn(models.Model):
    """Files of one sort that somebody handed in together, and what became of them.

    This row is the truth; a job in the queue only says that somebody should look.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    what = models.CharField(max_length=10, choices=WHAT | {TOLD: _("told by the public")})
    at = models.DateTimeField()
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True, related_name="+")
    state = models.CharField(max_length=10, choices=STATES, default="asked")
    n_attempts = models.PositiveSmallIntegerField(default=0)
    alive_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    sentence = models.TextField(blank=True)  # why it failed
    digests = models.JSONField(default=list)  # SHA-256 of each file as it came
    n_read = models.PositiveIntegerField(default=0)  # messages or events
    n_unread = models.PositiveIntegerField(default=0)  # messages nothing can be said about, or gaps
    wrapped_keys = models.BinaryField(editable=False)
    files = models.BinaryField(null=True, editable=False)  # encrypted; None once they are read
    results = models.BinaryField(null=True, editable=False)  # encrypted: verdict of each message, or gaps

    class Meta:
        indexes = [models.Index(fields=["by", "-at"]), models.Index(fields=["state"])]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(by=None, what="told") | models.Q(by__isnull=False, what__in=("mail", "logs")), name="by_somebody"
            ),
            models.UniqueConstraint(fields=["at"], condition=models.Q(what="told"), name="told_once_a_day"),
        ]

    def keys(self) -> crypto.IncidentKeys:
        """Its own keys, unwrapped."""
        return crypto.unwrap(self.wrapped_keys, incident_id=self.id)

    def opened_results(self) -> dict[str, Any]:
        if self.results is None:
            return {}
        found: dict[str, Any] = self.keys().decrypt(self.results, place="detect_handedin.results", row=self.id)
        return found


class AlertRow(models.Model):
    """One alert. Its entity and evidence may name people, so they are encrypted."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    handed_in = models.ForeignKey(HandedIn, on_delete=models.CASCADE, related_name="+")
    alert_id = models.CharField(max_length=16)
    kind = models.CharField(max_length=30, choices=ALERT_KINDS)
    severity = models.CharField(max_length=10, choices=SEVERITIES)
    since = models.DateTimeField(null=True)
    until = models.DateTimeField(null=True)
    n_events = models.PositiveBigIntegerField()
    at = models.DateTimeField()
    sealed = models.BinaryField(editable=False)  # entity and evidence

    class Meta:
        constraints = [models.UniqueConstraint(fields=["handed_in", "alert_id"], name="alert_once")]

    def opened(self) -> dict[str, Any]:
        """Entity and evidence, in the clear."""
        found: dict[str, Any] = self.handed_in.keys().decrypt(self.sealed, place="detect_alertrow.sealed", row=self.id)
        return found
