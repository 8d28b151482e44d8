"""The register of public promises."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from amanat.terms.promise import Promise
from amanat.web.accounts.models import Staff
from amanat.web.respond.models import Incident

KINDS = {"next_update": _("We write again"), "offer": _("Help that we offer"), "measure": _("What we do next"), "other": _("Something else")}
MADE_IN = {
    "notice": _("in the notices"),
    "update": _("on the status page"),
    "statement": _("in a statement"),
    "press": _("in the press"),
    "post": _("in a post"),
    "hearing": _("in a hearing or meeting"),
}
STATES = {"open": _("open"), "kept": _("kept"), "broken": _("broken"), "moved": _("moved")}


class PromiseRow(models.Model):
    """One promise (`terms.promise.Promise`); a new date makes a new row, and nothing is ever taken out."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=12)  # the promise's own id: the same words with the same date are one promise
    kind = models.CharField(max_length=12, choices=KINDS)
    words = models.JSONField(default=dict)  # by language; the public reads them
    made_in = models.CharField(max_length=10, choices=MADE_IN)
    made_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    owner = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=8, choices=STATES, default="open")
    settled_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True, related_name="+")  # None: by the act that kept it
    why = models.CharField(max_length=1000, blank=True)  # of a broken or moved one; the public reads it
    evidence = models.CharField(max_length=500, blank=True)  # of a kept one; the public reads it
    moved_to = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, related_name="+")
    n_warned = models.PositiveSmallIntegerField(default=0)  # how far it was escalated

    class Meta:
        constraints = [models.UniqueConstraint(fields=["incident", "key"], name="promised_once")]
        indexes = [models.Index(fields=["incident", "state", "due_at"])]

    def to_value(self) -> Promise:
        """The promise as the stage knows it; its owner stands as the id of their row."""
        return Promise(
            id=self.key,
            kind=self.kind,  # type: ignore[arg-type]
            words=dict(self.words),
            made_in=self.made_in,  # type: ignore[arg-type]
            made_at=self.made_at,
            due_at=self.due_at,
            owner=str(self.owner_id),
            state=self.state,  # type: ignore[arg-type]
            settled_at=self.settled_at,
            why=self.why,
            evidence=self.evidence,
        )
