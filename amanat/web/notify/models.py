"""Notices, who approved them, and the ledger: what was sent to whom, and what became of it."""

import uuid

from django.db import models

from amanat import notify
from amanat.web.accounts.models import Staff
from amanat.web.respond.models import Incident
from amanat.web.scope.models import AffectedPerson


class NoticeRow(models.Model):
    """One text (letter group × language). A change makes a new row; approvals name the content hash."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="+")
    notice_id = models.CharField(max_length=120)  # "us-ca.en"
    letter_group = models.CharField(max_length=60)
    language = models.CharField(max_length=35)
    audience = models.CharField(max_length=20)
    content = models.JSONField()  # terms.notice.Notice as a dict
    findings = models.JSONField(default=list)  # of the honesty gate
    edits = models.JSONField(default=list)  # sentences that staff wrote otherwise than amanat (`editing.Kept`)
    content_hash = models.CharField(max_length=64)
    version = models.PositiveIntegerField(default=1)
    author = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True, related_name="+")  # None: composed by amanat
    at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["incident", "notice_id", "version"], name="notice_version_once")]


class PlanCount(models.Model):
    """What the plan came to when it was last counted (`plans.Counts`): numbers for the screens, and no person."""

    incident = models.OneToOneField(Incident, on_delete=models.CASCADE, primary_key=True, related_name="+")
    key = models.CharField(max_length=64)  # fingerprint of texts, persons and facts; another one: count again
    notices_hash = models.CharField(max_length=64)
    recipients_hash = models.CharField(max_length=64)
    n = models.PositiveBigIntegerField()
    counts = models.JSONField()
    at = models.DateTimeField()


class ApprovalRow(models.Model):
    """Author and another approver for one set of texts and one list of recipients (`terms.approval`)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="+")
    notices_hash = models.CharField(max_length=64)
    recipients_hash = models.CharField(max_length=64)
    n_recipients = models.PositiveBigIntegerField()
    author = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    authored_at = models.DateTimeField()
    approver = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True, related_name="+")
    approved_at = models.DateTimeField(null=True)
    filled_at = models.DateTimeField(null=True)  # when all its rows stood in the ledger (`filling`); before that nothing leaves
    prepared = models.JSONField(default=dict)  # how far a worker is with that, for the page: {"step": "list" | "ledger", "n", "of"}
    voided_at = models.DateTimeField(null=True)
    void_why = models.CharField(max_length=200, blank=True)
    stopped_at = models.DateTimeField(null=True)
    stopped_by = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True, related_name="+")
    alive_at = models.DateTimeField(null=True)  # renewed by the worker that sends; old: nobody sends
    stop_why = models.CharField(max_length=300, blank=True)  # when sending stopped by itself
    places = models.JSONField(default=dict)  # by notice id: its place among the deadlines when the ledger was last put into line
    holds_unsure = models.BooleanField(default=False)  # whether what becomes unsure waits for a person; otherwise it is sent again

    class Meta:
        constraints = [
            models.CheckConstraint(
                # The law of two persons holds in the database too.
                condition=models.Q(approver=None) | ~models.Q(approver=models.F("author")),
                name="approver_is_another",
            ),
            models.CheckConstraint(
                condition=models.Q(approver=None, approved_at=None) | models.Q(approver__isnull=False, approved_at__isnull=False),
                name="approval_whole",
            ),
        ]


class SendingRow(models.Model):
    """The ledger: one notice to one person on one channel. It is the truth; jobs only ring its doorbell."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="+")
    approval = models.ForeignKey(ApprovalRow, on_delete=models.PROTECT, related_name="+")
    notice = models.ForeignKey(NoticeRow, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(AffectedPerson, on_delete=models.PROTECT, related_name="+")
    channel = models.CharField(max_length=30)
    turn = models.PositiveSmallIntegerField(default=0)  # 0: the first channel; later ones are "idle" until the one before failed
    state = models.CharField(max_length=15, default="queued")  # terms.sending.Delivery, and "idle"
    code_hash = models.BinaryField(max_length=16, null=True, unique=True)  # of the message's verification code
    n_attempts = models.PositiveSmallIntegerField(default=0)
    n_breaks = models.PositiveSmallIntegerField(default=0)  # connections that broke in the middle of it
    next_attempt_at = models.DateTimeField(null=True)
    priority = models.PositiveSmallIntegerField(default=notify.OTHERS)  # `notify.place_of`: the lower, the sooner
    leased_by = models.CharField(max_length=60, blank=True)  # the sender that holds it while it is attempted
    leased_until = models.DateTimeField(null=True)  # then that sender is dead, and nobody can know how far it came
    changed_at = models.DateTimeField()
    is_at_once = models.BooleanField(default=False)  # what was exposed of them, or who they are, lets no pace slow it

    class Meta:
        constraints = [models.UniqueConstraint(fields=["approval", "person", "channel"], name="told_once")]
        indexes = [
            models.Index(fields=["incident", "state"]),
            models.Index(fields=["next_attempt_at"], name="sendings_to_do", condition=models.Q(state__in=("queued", "attempting"))),
            models.Index(
                fields=["approval", "channel", "-is_at_once", "priority", "id"], name="sendings_in_line", condition=models.Q(state="queued")
            ),
            models.Index(fields=["approval"], name="sendings_in_the_air", condition=models.Q(state="attempting")),
        ]


class SenderRow(models.Model):
    """One worker that sends under an approval now."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    approval = models.ForeignKey(ApprovalRow, on_delete=models.CASCADE, related_name="+")
    alive_at = models.DateTimeField()  # renewed every second; old: it is gone
    is_first = models.BooleanField()  # it alone works on channels that bear one at a time, such as the print folder


class ReportRow(models.Model):
    """What an e-mail provider told the public door about a message of ours, until a worker has noted it. No address, no words of a person."""

    id = models.BigAutoField(primary_key=True)
    provider = models.CharField(max_length=20)
    key = models.CharField(max_length=64, unique=True)  # of the provider's event, so that one told twice counts once
    sending_id = models.CharField(max_length=32)
    state = models.CharField(max_length=15)  # delivered | bounced | complained
    says = models.CharField(max_length=100)
    at = models.DateTimeField()
    noted_at = models.DateTimeField(null=True)
    became = models.CharField(max_length=10, blank=True)  # noted | known | unknown; empty while it waits

    class Meta:
        indexes = [
            models.Index(fields=["at"], name="reports_to_note", condition=models.Q(noted_at=None)),
            # About no notice: the bulletin looks whether it is about an issue.
            models.Index(fields=["noted_at"], name="reports_of_no_notice", condition=models.Q(became="unknown")),
        ]


class AttemptsRow(models.Model):
    """How many attempts were begun on a channel in one minute, by the whole house: what counts against a provider's quota (`quota`)."""

    id = models.BigAutoField(primary_key=True)
    channel = models.CharField(max_length=30)
    is_drill = models.BooleanField()  # drills reach only this machine, and take nothing from what the provider sold us
    minute = models.DateTimeField()  # its beginning
    n = models.IntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["channel", "is_drill", "minute"], name="attempts_of_a_minute")]


class TrialRow(models.Model):
    """One notice sent to a member of staff, to be looked at in a real mailbox. It stands in no ledger and tells nobody."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="+")
    notice = models.ForeignKey(NoticeRow, on_delete=models.CASCADE, related_name="+")
    to = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    became = models.CharField(max_length=15, blank=True)  # a channel's outcome; empty while it waits for a worker
    answer = models.CharField(max_length=300, blank=True)  # the server's words, without addresses

    class Meta:
        indexes = [models.Index(fields=["incident", "-at"], name="trials_of_incident")]


class ReceiptRow(models.Model):
    """One change of a sending's state."""

    id = models.BigAutoField(primary_key=True)
    sending = models.ForeignKey(SendingRow, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=15)
    at = models.DateTimeField()
    answer = models.CharField(max_length=300, blank=True)  # the server's words, without addresses


# Forms of authorities, and what is said to everybody, have tables of their own; Django looks for them here.
from amanat.web.notify.forms_models import FormEntryRow as FormEntryRow  # noqa: E402
from amanat.web.notify.forms_models import SubmissionRow as SubmissionRow  # noqa: E402
from amanat.web.notify.outlets_models import ArtefactRow as ArtefactRow  # noqa: E402
from amanat.web.notify.outlets_models import OutletRow as OutletRow  # noqa: E402
from amanat.web.notify.outlets_models import PictureRow as PictureRow  # noqa: E402
from amanat.web.notify.outlets_models import StatementRow as StatementRow  # noqa: E402
from amanat.web.notify.pace_models import PaceRow as PaceRow  # noqa: E402
from amanat.web.notify.proof_models import ProofRow as ProofRow  # noqa: E402
from amanat.web.notify.proof_models import SealPart as SealPart  # noqa: E402
from amanat.web.notify.proof_models import SealRow as SealRow  # noqa: E402
from amanat.web.notify.together_models import TogetherRow as TogetherRow  # noqa: E402
