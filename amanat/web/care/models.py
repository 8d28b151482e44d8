"""Visits to my page, cases, claims, offers and their ledger, welfare calls, answers of the survey. Persons' words are encrypted."""

import uuid

from django.db import models

from amanat.web.accounts.models import Staff
from amanat.web.notify.models import SendingRow
from amanat.web.respond.models import Incident
from amanat.web.scope.models import AffectedPerson


class Visit(models.Model):
    """One person at my page, from the code of their message to the moment they leave.

    Only hashes are kept: of the token in the visitor's cookie and of the one-time code. Nothing is shown before `proven_at`.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey(AffectedPerson, on_delete=models.PROTECT, related_name="+")
    sending = models.ForeignKey(SendingRow, on_delete=models.CASCADE, related_name="+")  # whose code it began with
    token_hash = models.BinaryField(max_length=32, unique=True)
    language = models.CharField(max_length=35)
    network = models.BinaryField(max_length=16, null=True)  # blind index of where it was asked from; tells nothing without the incident's key
    asked_at = models.DateTimeField()
    proof_hash = models.BinaryField(max_length=32, null=True)  # made by the worker, which alone has seen the code
    proof_sent_at = models.DateTimeField(null=True)
    n_tries = models.PositiveSmallIntegerField(default=0)
    proven_at = models.DateTimeField(null=True)
    seen_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["person", "-asked_at"])]


class StepDone(models.Model):
    """A step that the person ticked off."""

    id = models.BigAutoField(primary_key=True)
    person = models.ForeignKey(AffectedPerson, on_delete=models.PROTECT, related_name="+")
    step = models.CharField(max_length=60)  # id in notify/steps.toml
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "step"], name="step_once")]


class MasterCase(models.Model):
    """One question that many ask; its answer reaches every case that hangs on it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="+")
    title = models.CharField(max_length=120)  # staff's words; no names of persons
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField(null=True)


class CaseRow(models.Model):
    """A person's support matter (`terms.case.Case`)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey(AffectedPerson, on_delete=models.PROTECT, null=True, related_name="+")  # None: nobody we know wrote it
    master = models.ForeignKey(MasterCase, on_delete=models.SET_NULL, null=True, related_name="+")
    channel = models.CharField(max_length=10)  # page | email | phone | letter
    urgency = models.CharField(max_length=10)
    urgency_rank = models.PositiveSmallIntegerField()  # the order of `terms.case.Urgency`, for the database to sort by
    state = models.CharField(max_length=10, default="open")
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True, related_name="+")
    told_at = models.DateTimeField(null=True)  # when the person was written to that an answer waits

    class Meta:
        indexes = [
            models.Index(fields=["incident", "state", "urgency_rank", "due_at"]),
            models.Index(fields=["person", "-opened_at"]),
        ]


class CaseMessage(models.Model):
    """What was said in a case."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(CaseRow, on_delete=models.CASCADE, related_name="+")
    is_from_person = models.BooleanField()
    secret = models.BinaryField()  # {"subject", "text", "sender"}
    at = models.DateTimeField()
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True, related_name="+")


class ClaimRow(models.Model):
    """A harm that a person reports (`terms.claim.Claim`); what was said about it stands in its case."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.OneToOneField(CaseRow, on_delete=models.CASCADE, related_name="+")
    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey(AffectedPerson, on_delete=models.PROTECT, related_name="+")
    harm = models.CharField(max_length=40)
    secret = models.BinaryField()  # {"happened_on", "lost"}
    received_at = models.DateTimeField()
    answer_due_at = models.DateTimeField()
    state = models.CharField(max_length=12, default="received")
    reimburse_eur = models.DecimalField(max_digits=12, decimal_places=2, null=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True, related_name="+")
    paid_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["incident", "state", "answer_due_at"])]


class ClaimFile(models.Model):
    """Evidence as it was handed in. The web never opens it; staff take it away as it is."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    claim = models.ForeignKey(ClaimRow, on_delete=models.CASCADE, related_name="+")
    secret = models.BinaryField()  # {"name", "content" in base 64}
    size_bytes = models.PositiveIntegerField()
    at = models.DateTimeField()


class BudgetRow(models.Model):
    """What may be spent on offers, and when the persons were last counted."""

    incident = models.OneToOneField(Incident, on_delete=models.CASCADE, primary_key=True, related_name="+")
    amount_eur = models.DecimalField(max_digits=14, decimal_places=2, null=True)  # None: nobody has set one
    count_asked_at = models.DateTimeField(null=True)
    counted_at = models.DateTimeField(null=True)


class OfferPlan(models.Model):
    """One offer in one incident: for how many it would be, at what cost, and whether it is open to them all."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="+")
    offer = models.CharField(max_length=40)  # file name in care/offers
    n_persons = models.PositiveBigIntegerField(default=0)
    n_owed = models.PositiveBigIntegerField(default=0)
    cost_eur = models.DecimalField(max_digits=14, decimal_places=2, default=0)
    owed_eur = models.DecimalField(max_digits=14, decimal_places=2, default=0)
    is_funded = models.BooleanField(default=True)
    opened_at = models.DateTimeField(null=True)  # None: only those whom a law owes it have it
    opened_by = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["incident", "offer"], name="offer_planned_once")]


class OfferRow(models.Model):
    """One offer to one person: what they answered, and whether they have it. Owed ones stay due until given, whatever was answered."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey(AffectedPerson, on_delete=models.PROTECT, related_name="+")
    offer = models.CharField(max_length=40)
    state = models.CharField(max_length=10)
    is_owed = models.BooleanField()
    amount = models.DecimalField(max_digits=12, decimal_places=2)
    unit = models.CharField(max_length=10)
    cost_eur = models.DecimalField(max_digits=12, decimal_places=2)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "offer"], name="offered_once")]
        indexes = [models.Index(fields=["incident", "offer", "state"])]


class OfferEntry(models.Model):
    """The ledger: every change of an offer's state, never altered."""

    id = models.BigAutoField(primary_key=True)
    row = models.ForeignKey(OfferRow, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10)
    cost_eur = models.DecimalField(max_digits=12, decimal_places=2)
    at = models.DateTimeField()
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True, related_name="+")  # None: the person


class CallRow(models.Model):
    """Somebody who depends on us, to be called until a voice has confirmed that they have what they need."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey(AffectedPerson, on_delete=models.PROTECT, related_name="+")
    why = models.CharField(max_length=20)  # service_and_need | service | need
    why_rank = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=12, default="to_call")
    n_tries = models.PositiveSmallIntegerField(default=0)
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person"], name="called_once")]
        indexes = [models.Index(fields=["incident", "state", "why_rank"])]


class SurveyAnswer(models.Model):
    """What a person answered after help (`terms.answer`); a later answer replaces an earlier one."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey(AffectedPerson, on_delete=models.PROTECT, related_name="+")
    language = models.CharField(max_length=35)
    notice_id = models.CharField(max_length=120)
    nps = models.PositiveSmallIntegerField(null=True)
    csat = models.PositiveSmallIntegerField(null=True)
    benevolence = models.PositiveSmallIntegerField(null=True)
    integrity = models.PositiveSmallIntegerField(null=True)
    competence = models.PositiveSmallIntegerField(null=True)
    secret = models.BinaryField(null=True)  # {"text"}: in their own words
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person"], name="answered_once")]


class MailFile(models.Model):
    """An e-mail that staff brought as a file, until the worker has read it in a confined process."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="+")
    secret = models.BinaryField(null=True)  # {"content" in base 64}; gone once it was read
    state = models.CharField(max_length=10, default="asked")  # asked | case | automatic | failed
    sentence = models.CharField(max_length=300, blank=True)  # why it failed: what to do
    case = models.ForeignKey(CaseRow, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
