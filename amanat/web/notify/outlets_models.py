"""What was said to everybody: a statement on two people's word, what each outlet carries of it, and the files as they went out."""

import uuid

from django.db import models

from amanat.web.accounts.models import Staff
from amanat.web.respond.models import Incident


class StatementRow(models.Model):
    """One statement: its texts in every language, where it goes, who stands for it. It is never changed after the second signature."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="+")
    outlets = models.JSONField()  # names
    notices = models.JSONField()  # terms.notice.Notice as dicts: whatever an outlet carries
    statement_hash = models.CharField(max_length=64)
    next_at = models.DateTimeField(null=True)  # we write again by
    author = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    authored_at = models.DateTimeField()
    approver = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True, related_name="+")
    released_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["incident", "-released_at"])]
        constraints = [
            models.CheckConstraint(condition=models.Q(approver=None) | ~models.Q(approver=models.F("author")), name="statement_approver_is_another"),
            models.CheckConstraint(
                condition=models.Q(approver=None, released_at=None) | models.Q(approver__isnull=False, released_at__isnull=False),
                name="statement_released_whole",
            ),
        ]


class PictureRow(models.Model):
    """A picture or film that goes out with the next statement; encrypted until then, and deleted once it went out."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=80)  # under which it goes out
    media_type = models.CharField(max_length=40)
    secret = models.BinaryField()  # the file, and what it shows in each language
    size_bytes = models.PositiveIntegerField()
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["incident", "name"], name="picture_name_once")]


class OutletRow(models.Model):
    """What one outlet carries since a release, and the code by which anyone can ask whether it is ours."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="+")
    statement = models.ForeignKey(StatementRow, on_delete=models.CASCADE, related_name="+")
    outlet = models.CharField(max_length=40)
    code = models.CharField(max_length=20)  # everybody reads it in the statement, so it is no secret
    code_hash = models.BinaryField(max_length=16, unique=True)
    title = models.CharField(max_length=300)  # in the first of its languages
    language = models.CharField(max_length=35)
    released_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True, related_name="+")
    why = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["statement", "outlet"], name="outlet_once_a_statement")]
        indexes = [models.Index(fields=["incident", "outlet", "-released_at"])]


class ArtefactRow(models.Model):
    """One file as it went out, byte for byte."""

    id = models.BigAutoField(primary_key=True)
    outlet = models.ForeignKey(OutletRow, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=200)
    media_type = models.CharField(max_length=120)
    language = models.CharField(max_length=35, blank=True)
    shows = models.JSONField(default=dict)  # of a picture: what it shows, by language, for those who do not see it
    content = models.BinaryField()
    content_hash = models.CharField(max_length=64, db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["outlet", "name"], name="artefact_once")]
