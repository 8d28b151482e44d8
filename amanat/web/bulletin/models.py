"""Who asked for the monthly bulletin, and what became of each mail of an issue. A list of its own: no notice that the law requires looks here."""

import uuid

from django.db import models

from amanat.web.accounts.models import Staff
from amanat.web.notify.models import OutletRow


class Subscriber(models.Model):
    """Somebody who asked for the bulletin; before they confirmed it themselves, nothing but that question is mailed to them.

    The address is kept under the master key, not under an incident's: the bulletin goes on when the incident's persons are erased.
    It goes at once when they leave, and after `subscribing.WAITS` when nobody confirmed.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    company = models.CharField(max_length=200)  # whose bulletin
    language = models.CharField(max_length=35)
    address = models.TextField(blank=True)  # sealed; empty once they left
    address_index = models.BinaryField(max_length=16, null=True)  # keyed hash, to find the same address again; none once they left
    asked_at = models.DateTimeField()
    mailed_at = models.DateTimeField(null=True)  # the question whether it was really they
    confirm_hash = models.BinaryField(max_length=32, null=True, unique=True)  # of the token in that mail
    confirmed_at = models.DateTimeField(null=True)
    leave_hash = models.BinaryField(max_length=32, unique=True)  # of the token in every issue
    left_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["company", "address_index"], name="subscribed_once", condition=models.Q(confirmed_at__isnull=False)),
            models.CheckConstraint(condition=models.Q(left_at=None) | models.Q(address="", address_index=None), name="whoever_left_has_no_address"),
        ]
        indexes = [models.Index(fields=["address_index", "mailed_at"]), models.Index(fields=["asked_at"])]


class Issue(models.Model):
    """One issue on its way: a statement that two people released on the outlet `bulletin`."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    outlet = models.OneToOneField(OutletRow, on_delete=models.CASCADE, related_name="+")
    begun_at = models.DateTimeField()
    n = models.PositiveBigIntegerField()  # readers when it began
    alive_at = models.DateTimeField(null=True)  # renewed by the worker that sends; old: nobody sends
    not_before = models.DateTimeField(null=True)  # it stopped by itself, and is tried on then
    ended_at = models.DateTimeField(null=True)
    why = models.CharField(max_length=300, blank=True)  # it stopped before its end
    stopped_at = models.DateTimeField(null=True)  # by a person, until a person lets it go on
    stopped_by = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True, related_name="+")


class IssueMail(models.Model):
    """One issue to one reader. What is to be attempted stands here before, and what became of it after."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    issue = models.ForeignKey(Issue, on_delete=models.CASCADE, related_name="+")
    # Whoever left is forgotten after a while; that they were sent an issue is counted on without them.
    subscriber = models.ForeignKey(Subscriber, on_delete=models.SET_NULL, null=True, related_name="+")
    # queued | attempting | accepted | delivered | refused | bounced | complained | unsure | left (the list, before it was sent)
    state = models.CharField(max_length=15, default="queued")
    n_attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField(null=True)
    leased_until = models.DateTimeField(null=True)
    changed_at = models.DateTimeField()
    answer = models.CharField(max_length=300, blank=True)  # the server's words, without addresses
    reader_left_at = models.DateTimeField(null=True)  # this was the last issue that they got: counted here, who it was is forgotten

    class Meta:
        constraints = [models.UniqueConstraint(fields=["issue", "subscriber"], name="issue_once")]
        indexes = [models.Index(fields=["issue", "state", "id"])]
