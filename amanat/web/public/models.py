"""What we tell everyone, as it was published; and messages that somebody reported as not ours."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from amanat.web.accounts.models import Staff
from amanat.web.respond.models import Incident

CAME_BY = {
    "email": _("E-mail"),
    "sms": _("Text message"),
    "call": _("Telephone call"),
    "letter": _("Letter"),
    "site": _("Web page or advertisement"),
    "social": _("Social network or messenger"),
    "other": _("Some other way"),
}


class StatusUpdate(models.Model):
    """One text for the status page, in all languages; written by one person, published by another, never changed after that."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="+")
    words = models.JSONField()  # {"en": {"known", "unknown", "doing", "changed"}, …}
    next_at = models.DateTimeField(null=True)  # we write again by
    author = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    authored_at = models.DateTimeField()
    publisher = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True, related_name="+")
    published_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["incident", "-published_at"])]
        constraints = [
            models.CheckConstraint(condition=models.Q(publisher=None) | ~models.Q(publisher=models.F("author")), name="publisher_is_another"),
            models.CheckConstraint(
                condition=models.Q(publisher=None, published_at=None) | models.Q(publisher__isnull=False, published_at__isnull=False),
                name="published_whole",
            ),
        ]


class FakeReport(models.Model):
    """Somebody got a message that pretends to be ours. Who they are is not asked and not kept.

    The pasted text goes with its incident's key, and in any case `actions.KEPT_FOR` after it came.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    incident = models.ForeignKey(Incident, on_delete=models.SET_NULL, null=True, related_name="+")  # the one we were writing about then
    at = models.DateTimeField()
    came_by = models.CharField(max_length=10, choices=CAME_BY)
    # The pasted text: it may name its recipient. Under the incident's key; under the master key while it belongs to none.
    secret = models.BinaryField()
    looked_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["incident", "-at"]), models.Index(fields=["at"])]


class FakeCount(models.Model):
    """How many reports came for one incident in one hour, until the journal has its line about them."""

    id = models.BigAutoField(primary_key=True)
    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="+")
    hour = models.DateTimeField()
    n = models.PositiveBigIntegerField()  # that came
    n_kept = models.PositiveBigIntegerField()  # whose text is kept

    class Meta:
        constraints = [models.UniqueConstraint(fields=["incident", "hour"], name="counted_by_the_hour")]


class StrangeCode(models.Model):
    """A well-formed code that is not ours, as its keyed hash: how often and from how many connections it was asked about on one day."""

    id = models.BigAutoField(primary_key=True)
    day = models.DateField()
    code_hash = models.BinaryField(max_length=16)
    n = models.PositiveBigIntegerField()
    networks = models.JSONField(default=list)  # keyed hashes that are others every day
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["day", "code_hash"], name="strange_code_once_a_day")]

    @property
    def fingerprint(self) -> str:
        """A short name for it, by which staff can talk about it."""
        return bytes(self.code_hash)[:4].hex()


class StrangeSign(models.Model):
    """Something strange that was checked, and how often and from how many connections: a link's domain, a way that we never used, or all of
    an hour. What it is stands here encrypted, and is opened only once many asked (`waves`)."""

    id = models.BigAutoField(primary_key=True)
    sort = models.CharField(max_length=5)  # link | way | all | file
    since = models.DateTimeField()  # the day, or the hour
    mark_hash = models.BinaryField(max_length=16)
    secret = models.BinaryField()
    n = models.PositiveBigIntegerField()
    networks = models.JSONField(default=list)  # keyed hashes that are others every day
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["sort", "since", "mark_hash"], name="strange_sign_once")]


class OriginalsRow(models.Model):
    """The signed list of everything that was released to everybody (`notify.originals`), made anew whenever that changed."""

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField()
    fingerprint = models.CharField(max_length=64)  # of what it lists
    key = models.CharField(max_length=16)
    body = models.TextField()
