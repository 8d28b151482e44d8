"""What somebody entered in the place of an input of the reckoning of costs; never changed, only followed by another."""

import uuid

from django.db import models

from amanat.web.accounts.models import Staff
from amanat.web.respond.models import Incident

SERIOUSNESS = "seriousness"  # in the place of an input: how serious a person says the infringement is
SHIPPED = "shipped"  # in the place of a shape: the input is again as amanat ships it


class MoneyChange(models.Model):
    """One input with other numbers, and why."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="+")
    input = models.CharField(max_length=60)  # as in assess/money/inputs.toml
    shape = models.CharField(max_length=20)
    value = models.FloatField(null=True)
    low = models.FloatField(null=True)
    mode = models.FloatField(null=True)
    high = models.FloatField(null=True)
    why = models.TextField()
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        app_label = "assess"
        indexes = [models.Index(fields=["incident", "input", "-at"])]
