"""The keys with which this house signs what outsiders check, and the heads of journals that it signed."""

from django.db import models

from amanat.web.respond.models import Incident


class SigningKeyRow(models.Model):
    """One Ed25519 key of the house. A key that was replaced stays, so that what it signed can be checked; only one has no end."""

    id = models.CharField(primary_key=True, max_length=16)  # `lib.signing.key_id`
    public = models.BinaryField(max_length=32)
    sealed = models.TextField(editable=False)  # the private half, under the master key; the public door's account may not read it
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)
    is_revoked = models.BooleanField(default=False)  # it fell into other hands

    class Meta:
        constraints = [models.UniqueConstraint(fields=["until"], condition=models.Q(until=None), nulls_distinct=False, name="one_key_signs")]


class CertificateRow(models.Model):
    """A key of the house as an authority for pictures (X.509, PEM): under it stands what each released picture says of itself (C2PA)."""

    key = models.OneToOneField(SigningKeyRow, on_delete=models.PROTECT, primary_key=True, related_name="+")
    pem = models.TextField()


class TreeHeadRow(models.Model):
    """A signed head of an incident's journal (`lib.tree_head`), and the path that shows that it goes on from the one before."""

    id = models.BigAutoField(primary_key=True)
    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="+")
    size = models.PositiveBigIntegerField()
    root = models.CharField(max_length=64)
    last = models.CharField(max_length=64)
    at = models.CharField(max_length=40)  # the exact text that was signed
    key = models.ForeignKey(SigningKeyRow, on_delete=models.PROTECT, related_name="+")
    signature = models.CharField(max_length=128)
    path = models.JSONField(default=list)  # from the head before, in hex

    class Meta:
        constraints = [models.UniqueConstraint(fields=["incident", "size", "key"], name="head_once")]
