"""Jobs of care: mails the one-time code, says that an answer waits, reads e-mails, counts offers and calls. The tables are the truth."""

import base64
import contextlib
import secrets
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone
from procrastinate.contrib.django import app

from amanat import care
from amanat.lib.errors import Fixable
from amanat.web.care import visits
from amanat.web.care.actions import open_case, say, urgency_of_secret
from amanat.web.care.counting import count
from amanat.web.care.mails import answer_notice, contact_of, proof_notice
from amanat.web.care.models import CaseRow, MailFile, Visit
from amanat.web.care.person import MAIL_TEXT
from amanat.web.notify.one_mail import mail
from amanat.web.respond.models import Incident, KeysErased
from amanat.web.scope import people

FRESH = timedelta(minutes=10)  # a code that comes later is no use to whoever waits for it


@app.task(name="send_proof", queue="proofs")
def send_proof(visit_id: str) -> None:
    """Makes a one-time code for a visit, keeps its hash, and mails it to the address on file; without an address nothing happens."""
    now = timezone.now()
    visit = _waiting().filter(pk=UUID(visit_id)).select_related("incident", "person").first()
    if visit is None:
        return
    contact = contact_of(visit.person)
    if not contact.emails:
        Visit.objects.filter(pk=visit.pk).update(proof_sent_at=now)  # looked after; the page says whom to call
        return
    code = care.new_proof(secrets.randbelow)
    # The hash is there before the mail: whoever is quick must not be told that a right code is wrong.
    if not Visit.objects.filter(pk=visit.pk, proof_sent_at=None).update(
        proof_hash=care.hash_of_proof(visits.proof_key(), str(visit.pk), code), proof_sent_at=now
    ):
        return
    with _undone(Visit.objects.filter(pk=visit.pk), proof_hash=None, proof_sent_at=None):
        mail(visit.incident, contact, proof_notice(visit), code=care.spell_proof(code))


@app.task(name="tell_of_answer", queue="proofs")
def tell_of_answer(case_id: str) -> None:
    """Writes to a person that an answer waits on their page; the mail itself says nothing of what it is about."""
    case = CaseRow.objects.select_related("incident", "person").filter(pk=UUID(case_id), state="answered", told_at=None).first()
    if case is None or case.person is None:
        return
    if not CaseRow.objects.filter(pk=case.pk, told_at=None).update(told_at=timezone.now()):
        return
    contact = contact_of(case.person)
    if contact.emails:
        with _undone(CaseRow.objects.filter(pk=case.pk), told_at=None):
            mail(case.incident, contact, answer_notice(case), code="")


@app.task(name="read_mail_file", queue="care")
def read_mail_file(mail_id: str) -> None:
    """Reads one e-mail in a confined process and makes a case of it; its sender is found by blind index, and proves nothing."""
    row = MailFile.objects.select_related("incident").filter(pk=UUID(mail_id), state="asked").first()
    if row is None or row.secret is None:
        return
    incident = row.incident
    content = base64.b64decode(incident.keys().decrypt(row.secret, place=MAIL_TEXT, row=row.pk)["content"])
    try:
        found = care.read_mail(content)
    except Fixable as error:
        MailFile.objects.filter(pk=row.pk).update(state="failed", sentence=str(error)[:300], secret=None)
        return
    if found.is_automatic:
        MailFile.objects.filter(pk=row.pk).update(state="automatic", secret=None)
        return
    why = "stored encrypted in the case"
    whose = people.find(incident, email=found.sender.reveal(why="looked up by blind index"))
    urgency = urgency_of_secret(people.reveal(incident, whose), whose) if whose else care.urgency_of(depends=False, has_need=False)
    case = open_case(incident, whose, urgency=urgency, channel="email", now=row.at, by=row.by)
    said = {"subject": found.subject.reveal(why=why), "text": found.text.reveal(why=why), "sender": found.sender.reveal(why=why)}
    say(case, said, is_from_person=True, now=row.at)
    MailFile.objects.filter(pk=row.pk).update(state="case", case=case, secret=None)


@app.task(name="count_care", queue="care")
def count_care(incident_id: str) -> None:
    """Counts for whom each offer would be, and finds who must be called; both need the persons decrypted, so it is done here."""
    incident = Incident.objects.get(pk=UUID(incident_id))
    with contextlib.suppress(KeysErased):
        count(incident)


@app.periodic(cron="* * * * *")
@app.task(name="sweep_care", queue="sweep", queueing_lock="sweep_care")
def sweep_care(timestamp: int) -> None:
    """Rings again for what nobody has looked after."""
    now = timezone.now()
    for pk in _waiting().filter(asked_at__lt=now - timedelta(seconds=30)).values_list("pk", flat=True):
        app.configure_task(name="send_proof", queue="proofs").defer(visit_id=str(pk))
    untold = CaseRow.objects.filter(state="answered", told_at=None, person__isnull=False, answered_at__lt=now - timedelta(minutes=1))
    for pk in untold.values_list("pk", flat=True)[:500]:
        app.configure_task(name="tell_of_answer", queue="proofs").defer(case_id=str(pk))
    for pk in MailFile.objects.filter(state="asked", at__lt=now - timedelta(minutes=2)).values_list("pk", flat=True)[:100]:
        app.configure_task(name="read_mail_file", queue="care").defer(mail_id=str(pk))


# ---- inside ----


def _waiting() -> Any:
    """Visits whose one-time code was asked for a moment ago and not made yet."""
    return Visit.objects.filter(proof_sent_at=None, ended_at=None, proven_at=None, asked_at__gt=timezone.now() - FRESH)


@contextlib.contextmanager
def _undone(rows: Any, **before: None) -> Iterator[None]:
    """Puts rows back as they were when the mail could not be handed over, so that the sweep tries again."""
    try:
        yield
    except BaseException:
        rows.update(**before)
        raise
