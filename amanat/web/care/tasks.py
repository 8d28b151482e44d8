"""Jobs of care: mails the one-time code, says that an answer waits, reads e-mails, counts offers and calls. The tables are the truth."""

import base64
import contextlib
import secrets
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Q
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from amanat import care, notify, wording
from amanat.lib.errors import Fixable
from amanat.lib.private import Private
from amanat.terms.contact import Contact
from amanat.terms.notice import Notice, Section, Sentence
from amanat.web.care import visits
from amanat.web.care.actions import open_case, say, urgency_of_secret
from amanat.web.care.models import BudgetRow, CallRow, CaseRow, MailFile, OfferPlan, Visit
from amanat.web.care.person import MAIL_TEXT
from amanat.web.notify.queries import company_of
from amanat.web.notify.tasks import NoRelay, relay
from amanat.web.respond import journal
from amanat.web.respond.models import Incident, KeysErased
from amanat.web.scope import people
from amanat.web.scope.models import AffectedPerson


class NotHandedOver(Exception):
    """The relay could not take a mail this time."""


FRESH = timedelta(minutes=10)  # a code that comes later is no use to whoever waits for it
BATCH = 5000


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


def contact_of(person: AffectedPerson) -> Contact:
    """Only the addresses: a mail with a code greets nobody by name, because others may read along."""
    secret = people.reveal(person.incident, person)
    return Contact(
        person_id=str(person.pk),
        name=None,
        emails=tuple(Private("email", address) for address in secret.get("emails") or ()),
        phones=(),
        address=None,
        residence=person.residence,
        language=person.language,
        minor=None,
        deceased=None,
        needs=None,
    )


def mail(incident: Incident, contact: Contact, notice: Notice, *, code: str) -> None:
    """One mail through the company's relay; a drill or demonstration reaches only this machine."""
    company, today = company_of(incident), timezone.localdate()
    opening = notify.Opening(
        company=company, address=relay(is_demo=settings.IS_DEMO), texts=notify.texts_of([notice], company, on=today), n_parallel=1
    )
    with contextlib.closing(notify.open_channel("email", opening)) as channel:
        if (incident.is_drill or settings.IS_DEMO) and not channel.is_local:
            raise NoRelay("a drill or demonstration reaches only this machine; set AMANAT_SMTP to smtp://127.0.0.1:PORT")
        message = notify.Message(sending_id=secrets.token_hex(16), notice=notice, contact=contact, kinds=frozenset(), basis="content", code=code)
        for outcome in channel.send([message]):
            if outcome.became == "try_later":
                raise NotHandedOver("the relay does not take mails now; it is tried again within a minute")


def proof_notice(visit: Visit) -> Notice:
    """The mail with the one-time code; its subject tells nothing, and it holds no link."""
    return _notice(
        visit.incident,
        visit.language,
        "proof",
        lambda: (
            _("Your one-time code"),
            [
                _("Somebody, most likely you, asked to see the page about your data. This code opens it:"),
                "{code}",
                _("It works for 15 minutes and only in the window in which you asked for it."),
                _("Give it to nobody. We never ask for it, neither by telephone nor by message."),
                _("If it was not you, do nothing: without the code nobody sees anything. Somebody may have found our letter to you; tell us."),
            ],
        ),
    )


def answer_notice(case: CaseRow) -> Notice:
    """The mail that says that an answer waits."""
    person = case.person
    assert person is not None
    language = wording.language_for(person.language, wording.languages(), company_of(case.incident).default_language)
    return _notice(
        case.incident,
        language,
        "answer",
        lambda: (
            _("There is an answer for you"),
            [
                _("You asked us something, and we have answered. For your safety the answer does not stand in this mail."),
                _("You find it on your page: type the address of our website yourself, as in our first message, and enter the code of that message."),
            ],
        ),
    )


def _notice(incident: Incident, language: str, name: str, says: Any) -> Notice:
    company = company_of(incident)
    tag = wording.language_for(language, wording.languages(), company.default_language)
    words = wording.words(tag)
    with translation.override(tag):
        title, sentences = says()
    return Notice(
        id=f"{name}.{tag}",
        letter_group=name,
        language=tag,
        audience="individuals",
        title=title,
        subject=words.say(words.text["subject"], company=company.name),
        greeting=words.say(words.text["greeting_nameless"]),
        sections=(Section(id=name, heading="", sentences=tuple(Sentence(text=_plain(text)) for text in sentences)),),
        closing=company.name.replace("{", "{{").replace("}", "}}"),
        duty_ids=(),
    )


def _plain(text: str) -> str:
    return text if text == "{code}" else text.replace("{", "{{").replace("}", "}}")


def count(incident: Incident) -> None:
    """Offers over all sure persons, and the call list; who is on the list stays there with what was done."""
    import pyarrow as pa

    from amanat.terms.exposure import EXPOSURES

    now = timezone.now()
    rows: list[dict[str, Any]] = []
    needs: set[str] = set()
    for pk, person, secret in _people(incident):
        rows.append(
            {
                "person_id": pk,
                "kinds": list(secret["kinds"]),
                "n_findings": 0,
                "n_records": 0,
                "belief": 1.0,
                "state": person.state,
                "basis": person.basis,
                "residence": person.residence,
            }
        )
        if secret.get("needs"):
            needs.add(pk)
    exposures = pa.Table.from_pylist(rows, schema=EXPOSURES)
    budget, _is_new = BudgetRow.objects.get_or_create(incident=incident)
    for line in care.plan(exposures, budget_eur=budget.amount_eur):
        given = {
            "n_persons": line.n_persons,
            "n_owed": line.n_owed,
            "cost_eur": line.cost_eur,
            "owed_eur": line.owed_eur,
            "is_funded": line.is_funded,
        }
        OfferPlan.objects.update_or_create(incident=incident, offer=line.offer, defaults=given)
    order = ("service_and_need", "service", "need")
    calls = [
        CallRow(incident=incident, person_id=UUID(one.person_id), why=one.why, why_rank=order.index(one.why), changed_at=now)
        for one in care.to_call(exposures, needs)
    ]
    CallRow.objects.bulk_create(calls, batch_size=1000, ignore_conflicts=True)
    BudgetRow.objects.filter(pk=budget.pk).update(counted_at=now)
    journal.write(incident, act="care.counted", at=now, what={"persons": len(rows), "to_call": len(calls)})


def _people(incident: Incident) -> Iterator[tuple[str, AffectedPerson, dict[str, Any]]]:
    """Affected persons, sure or to review, decrypted one batch after another."""
    wanted = Q(state__in=("sure", "review"), incident=incident)
    after: Any = UUID(int=0)
    while batch := list(AffectedPerson.objects.filter(wanted, pk__gt=after).order_by("pk")[:BATCH]):
        by_id = {row.pk: row for row in batch}
        for pk, secret in people.reveal_many(incident, batch):
            yield str(pk), by_id[pk], secret
        after = batch[-1].pk
