"""How fast the notices of an incident go out, as somebody chose it."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from amanat.web.accounts.models import Staff
from amanat.web.respond.models import Incident

CHOICES = {"all_at_once": _("As fast as the channels carry"), "follow_desk": _("As the desk can follow")}


class PaceRow(models.Model):
    """One choice of pace with its reason; the newest counts. It slows nobody at high risk and passes no deadline (`pace.schedule`)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="+")
    choice = models.CharField(max_length=12, choices=CHOICES)
    per_hour = models.JSONField(default=dict)  # messages an hour by channel, as the person saw them; empty for "all_at_once"
    staff_n = models.PositiveIntegerField(null=True)  # the desk that was reckoned with
    hours = models.CharField(max_length=5, default="0-24")
    days = models.CharField(max_length=30, default="mon-sun")
    zone = models.CharField(max_length=60, default="UTC")
    service_level = models.CharField(max_length=10, default="80/60")
    why = models.CharField(max_length=500)
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["incident", "-at"])]
