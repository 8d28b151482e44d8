"""Which records of a list are one person, as two people approved it."""

from django.db import models

from amanat.web.notify.models import ApprovalRow
from amanat.web.respond.models import Incident
from amanat.web.scope.models import AffectedPerson


class TogetherRow(models.Model):
    """The second record of a person: told by the message to the first, so what became of that message became of both.

    It has no sending of its own, which could fall behind (`notify.same_record`).
    """

    id = models.BigAutoField(primary_key=True)
    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="+")
    approval = models.ForeignKey(ApprovalRow, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(AffectedPerson, on_delete=models.PROTECT, related_name="+")
    told_with = models.ForeignKey(AffectedPerson, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["approval", "person"], name="told_with_one")]
        indexes = [models.Index(fields=["approval", "told_with"], name="told_with_whom")]
