"""What proofs rest on: receipts sealed in the journal soon after they came, and the proofs that were made for persons."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from amanat.web.accounts.models import Staff
from amanat.web.respond.models import Incident
from amanat.web.scope.models import AffectedPerson

PROOF_STATES = {"asked": _("being made"), "made": _("ready")}


class SealRow(models.Model):
    """One Merkle root over the receipts that came since the one before; line `seq` of the journal holds it."""

    id = models.BigAutoField(primary_key=True)
    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="+")
    seq = models.PositiveBigIntegerField()
    until = models.DateTimeField()  # receipts noted up to here
    n = models.PositiveBigIntegerField()
    root = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["incident", "seq"], name="seal_once")]


class SealPart(models.Model):
    """The leaves of up to 65,536 sendings in the order of their ids, 16 bytes of id and 32 of leaf each; nothing that leads to a person."""

    id = models.BigAutoField(primary_key=True)
    seal = models.ForeignKey(SealRow, on_delete=models.CASCADE, related_name="+")
    number = models.PositiveIntegerField()
    first_id = models.UUIDField()
    root = models.BinaryField(max_length=32)
    leaves = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["seal", "number"], name="seal_part_once")]


class ProofRow(models.Model):
    """A proof for one person, asked for by staff with a reason or by the person; it goes with the incident's key, and in any case after a while."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey(AffectedPerson, on_delete=models.CASCADE, related_name="+")
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True, related_name="+")  # None: the person themselves
    asked_at = models.DateTimeField()
    named = models.JSONField(default=list)  # what of the person stands in the clear: "name", "email"
    state = models.CharField(max_length=10, choices=PROOF_STATES, default="asked")
    made_at = models.DateTimeField(null=True)
    sealed = models.BinaryField(null=True, editable=False)  # the file and its opening, under the incident's key

    class Meta:
        indexes = [
            models.Index(fields=["person", "-asked_at"]),
            models.Index(fields=["state"], name="proofs_to_make", condition=models.Q(state="asked")),
        ]
