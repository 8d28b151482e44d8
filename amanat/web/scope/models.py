"""Affected persons, encrypted; the counts that screens show; and what could not be read."""

import uuid
from collections import Counter

from django.db import models

from amanat.web.accounts.models import Staff
from amanat.web.respond.models import RUN_STATES, Incident

REVIEW_WHY = "scope_review.secret"


class AffectedPerson(models.Model):
    """One person of one incident.

    In clear stand only coarse columns that laws, letters and charts select by (residence, language, minor, state,
    basis, letter group). Who it is, how to reach them and what of theirs was exposed is in `secret`. The database
    cannot say which row is whom: look-ups go through blind indexes, which need the incident's key.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="+")
    # {"person_id", "name", "emails", "phones", "address", "needs", "kinds", "n_findings", "n_records", "belief", "deceased", "birth_date",
    # "national_mark", "controllers", "duty_ids", "channel_order", "places": [{"path", "place", "record", "same", "other"}]}
    secret = models.BinaryField()
    person_index = models.BinaryField(max_length=16)  # blind index of the register's person id
    email_index = models.BinaryField(max_length=16, null=True)  # of the first e-mail address
    residence = models.CharField(max_length=6, null=True)
    language = models.CharField(max_length=35, null=True)
    minor = models.BooleanField(null=True)
    # sure | review | outsider; refused by a reviewer, or merged with another; or past: not found any more, and kept because we have written to them
    state = models.CharField(max_length=10)
    basis = models.CharField(max_length=10)  # content | access | service
    letter_group = models.CharField(max_length=60, blank=True)  # from assess; empty before

    class Meta:
        constraints = [models.UniqueConstraint(fields=["incident", "person_index"], name="person_once")]
        indexes = [
            models.Index(fields=["incident", "email_index"]),
            models.Index(fields=["incident", "state", "residence", "language"]),
            models.Index(fields=["incident", "letter_group", "language"]),
        ]


class Review(models.Model):
    """What a reviewer decided about one person who was not sure; the newest counts, in this and in later runs."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey(AffectedPerson, on_delete=models.PROTECT, related_name="+")
    decision = models.CharField(max_length=10)  # confirmed | refused | merged | split | later | reopened
    n_records = models.PositiveBigIntegerField()  # how many records were known then: a refusal holds for these
    secret = models.BinaryField(null=True, editable=False)  # {"why", "same_as"}: it is about a person, so it goes with the incident's key
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["person", "-at"])]

    @property
    def why(self) -> str:
        """The reason as the reviewer wrote it, or nothing; raises KeysErased."""
        return self._told("why")

    @property
    def same_as(self) -> str:
        """Of merged: the number of the person who stays; raises KeysErased."""
        return self._told("same_as")

    def _told(self, name: str) -> str:
        if self.secret is None:
            return ""
        return str(self.incident.keys().decrypt(self.secret, place=REVIEW_WHY, row=self.id).get(name, ""))


class ScopeRow(models.Model):
    """One run of scope: how many persons, kinds, places and languages, as the screens show them."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()
    n_sure = models.PositiveBigIntegerField()
    n_review = models.PositiveBigIntegerField()
    n_outsiders = models.PositiveBigIntegerField()
    n_findings = models.PositiveBigIntegerField()
    seconds = models.FloatField()
    # [{"kind", "residence", "language", "state", "n"}]: counted while the kinds are still in the clear.
    counts = models.JSONField(default=list)
    # [{"path", "kind", "n"}]: different values of each kind in the files that hold most; "" stands for all further files.
    files = models.JSONField(default=list)
    # {"n", "size_bytes", "n_without_size", "persons", "new_persons", "assumption"}: who may stand in what could not be read; {} without gaps.
    gap_estimate = models.JSONField(default=dict)

    @classmethod
    def forget_people(cls, incident: Incident) -> None:
        """Files are often called after a person: their names go, what each kind comes to stays."""
        for row in cls.objects.filter(incident=incident):
            n: Counter[str] = Counter()
            for cell in row.files:
                n[cell["kind"]] += cell["n"]
            cls.objects.filter(pk=row.pk).update(files=[{"path": "", "kind": kind, "n": count} for kind, count in sorted(n.items())])


class GapRow(models.Model):
    """Something that could not be read, and who follows it up."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="+")
    path = models.TextField()
    reason = models.TextField()
    size_bytes = models.BigIntegerField()
    next_step = models.TextField()
    settled_at = models.DateTimeField(null=True)

    @classmethod
    def forget_people(cls, incident: Incident) -> None:
        """How much could not be read stays; what it was called, and sentences that may repeat that, go."""
        cls.objects.filter(incident=incident).update(path="", reason="", next_step="")


class Audit(models.Model):
    """A random sample of what was read, which persons check to say how wrong the list may be.

    The row is the truth about the wish to draw it; a job only says that somebody should look (`wishes`).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="+")
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    n_wanted = models.PositiveIntegerField()
    seed = models.PositiveBigIntegerField()  # with it the same sample is drawn again
    state = models.CharField(max_length=10, choices=RUN_STATES, default="asked")
    n_attempts = models.PositiveSmallIntegerField(default=0)
    alive_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    sentence = models.TextField(blank=True)  # why it failed: what to mend
    drawn = models.JSONField(default=dict)  # draw.json of `amanat scope audit`: strata, their sizes, and of each item only its stratum

    class Meta:
        indexes = [models.Index(fields=["incident", "-asked_at"])]
        constraints = [
            models.UniqueConstraint(fields=["incident"], condition=models.Q(state__in=("asked", "running")), name="one_audit_at_a_time"),
        ]

    @classmethod
    def forget_people(cls, incident: Incident) -> None:
        """Sentences may repeat what a file is called; the sample itself lies under the incident's key."""
        cls.objects.filter(incident=incident).update(sentence="")


class AuditItem(models.Model):
    """One passage or link of a sample; what stands there, masked, and where, under the incident's key."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    audit = models.ForeignKey(Audit, on_delete=models.CASCADE, related_name="items")
    number = models.PositiveIntegerField()  # from 1, in the order in which everybody checks
    ask = models.CharField(max_length=10)  # missed | link
    secret = models.BinaryField(editable=False)  # {"shown", "person", "register", "same", "named", "path", "place", "record", "part"}

    class Meta:
        constraints = [models.UniqueConstraint(fields=["audit", "number"], name="item_once")]


class AuditAnswer(models.Model):
    """What one checker said to one item; who thinks again changes it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    item = models.ForeignKey(AuditItem, on_delete=models.CASCADE, related_name="answers")
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    word = models.CharField(max_length=6)  # of a link yes | no, of a passage the number of persons who are missing; of both ?

    class Meta:
        constraints = [models.UniqueConstraint(fields=["item", "by"], name="one_answer_each")]
