"""Changes that staff make at the desk. Every act is a line in the journal, with ids and never a person's words."""

import base64
from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction

from amanat import care, wording
from amanat.terms.offer import Harm
from amanat.web.accounts.models import Staff
from amanat.web.care.actions import open_case, say, urgency_of_secret
from amanat.web.care.models import BudgetRow, CallRow, CaseRow, ClaimFile, ClaimRow, MailFile, MasterCase, OfferEntry, OfferPlan, OfferRow
from amanat.web.care.person import MAIL_TEXT
from amanat.web.care.visits import sending_of
from amanat.web.notify.queries import company_of
from amanat.web.respond import journal
from amanat.web.respond.models import Incident
from amanat.web.scope.models import AffectedPerson
from amanat.web.scope.people import find, reveal

DECISIONS = ("accepted", "in_part", "rejected", "asked_back")


class NotNow(Exception):
    """An act that may not happen as things stand; the first argument is a code that the screen puts into words."""


# ---- cases ----


@transaction.atomic
def answer_case(incident: Incident, case_id: UUID, text: str, *, by: Staff, now: datetime) -> CaseRow:
    """Answers one person; they are told by mail that an answer waits on their page."""
    row = CaseRow.objects.select_for_update().get(pk=case_id, incident=incident)
    if not text.strip():
        raise NotNow("empty")
    say(row, {"subject": "", "text": text.strip(), "sender": ""}, is_from_person=False, now=now, by=by)
    row.state, row.answered_at, row.answered_by, row.told_at = "answered", now, by, None
    row.save(update_fields=["state", "answered_at", "answered_by", "told_at"])
    journal.write(incident, act="case.answered", at=now, by=by, what={"case": str(row.pk)})
    ring_told(row)
    return row


@transaction.atomic
def close_case(incident: Incident, case_id: UUID, *, by: Staff, now: datetime) -> None:
    """Closes a case that needs no answer, such as thanks or a doubled one; only the person opens it again."""
    if CaseRow.objects.filter(pk=case_id, incident=incident).exclude(state="closed").update(state="closed"):
        journal.write(incident, act="case.closed", at=now, by=by, what={"case": str(case_id)})


@transaction.atomic
def note_call(incident: Incident, who: str, text: str, *, by: Staff, now: datetime) -> CaseRow:
    """A case from a telephone call. `who` is the code of our message, the number in the register or the e-mail address. Raises NotNow."""
    if not text.strip():
        raise NotNow("empty")
    sending = sending_of(who)
    whose = sending.person if sending and sending.incident_id == incident.pk else find(incident, person_id=who.strip()) or find(incident, email=who)
    if whose is None:
        raise NotNow("nobody")
    row = open_case(incident, whose, urgency=urgency_of_secret(reveal(incident, whose), whose), channel="phone", now=now, by=by)
    say(row, {"subject": "", "text": text.strip(), "sender": ""}, is_from_person=True, now=now, by=by)
    return row


@transaction.atomic
def open_master(incident: Incident, title: str, *, by: Staff, now: datetime) -> MasterCase:
    """One question that many ask."""
    if not title.strip():
        raise NotNow("empty")
    master = MasterCase.objects.create(incident=incident, title=title.strip()[:120], opened_at=now, opened_by=by)
    journal.write(incident, act="master.opened", at=now, by=by, what={"master": str(master.pk)})
    return master


@transaction.atomic
def join_master(incident: Incident, case_id: UUID, master_id: UUID | None, *, by: Staff, now: datetime) -> None:
    """Hangs a case on a master case, or takes it off."""
    master = MasterCase.objects.get(pk=master_id, incident=incident) if master_id else None
    row = CaseRow.objects.select_for_update().get(pk=case_id, incident=incident)
    row.master = master
    row.save(update_fields=["master"])
    journal.write(incident, act="case.joined" if master else "case.left", at=now, by=by, what={"case": str(row.pk), "master": str(master_id or "")})


@transaction.atomic
def answer_master(incident: Incident, master_id: UUID, texts: Mapping[str, str], *, by: Staff, now: datetime) -> int:
    """Answers every open case of a master case, each by the person's own name and in their language. Returns how many.

    Args:
        texts: by language; the default language of the company must be there, whoever lacks theirs gets that one.
    """
    master = MasterCase.objects.select_for_update().get(pk=master_id, incident=incident)
    given = {tag: text.strip() for tag, text in texts.items() if text.strip()}
    default = wording.language_for(company_of(incident).default_language, wording.languages(), "en")
    if default not in given:
        raise NotNow("language")
    rows = list(CaseRow.objects.select_for_update(of=("self",)).filter(master=master, state="open").select_related("person", "incident"))
    for row in rows:
        tag = wording.language_for(row.person.language if row.person else None, given, default)
        words = wording.words(tag)
        name = str(reveal(incident, row.person).get("name") or "") if row.person else ""
        greeting = words.say(words.text["greeting"], name=name) if name else words.say(words.text["greeting_nameless"])
        say(row, {"subject": "", "text": f"{greeting}\n\n{given[tag]}", "sender": ""}, is_from_person=False, now=now, by=by)
        row.state, row.answered_at, row.answered_by, row.told_at = "answered", now, by, None
        row.save(update_fields=["state", "answered_at", "answered_by", "told_at"])
        ring_told(row)
    master.answered_at = now
    master.save(update_fields=["answered_at"])
    journal.write(incident, act="master.answered", at=now, by=by, what={"master": str(master.pk), "cases": len(rows)})
    return len(rows)


def ring_told(row: CaseRow) -> None:
    """Asks the worker to write to the person that an answer waits, once the transaction stands."""
    from procrastinate.contrib.django import app

    if row.person_id:
        transaction.on_commit(lambda: app.configure_task(name="tell_of_answer", queue="proofs").defer(case_id=str(row.pk)))


@transaction.atomic
def bring_mails(incident: Incident, files: Iterable[bytes], *, by: Staff, now: datetime) -> int:
    """Keeps e-mails, encrypted, until the worker has read them in a confined process."""
    from procrastinate.contrib.django import app

    n, keys = 0, incident.keys()
    for content in files:
        row = MailFile(incident=incident, at=now, by=by)
        row.secret = keys.encrypt({"content": base64.b64encode(content).decode()}, place=MAIL_TEXT, row=row.pk)
        row.save()
        transaction.on_commit(lambda pk=row.pk: app.configure_task(name="read_mail_file", queue="care").defer(mail_id=str(pk)))  # type: ignore[misc]
        n += 1
    journal.write(incident, act="mails.brought", at=now, by=by, what={"n": n})
    return n


# ---- claims ----


@transaction.atomic
def decide_claim(incident: Incident, claim_id: UUID, *, state: str, text: str, reimburse_eur: Decimal | None, by: Staff, now: datetime) -> ClaimRow:
    """The decision with its reasons, which the person reads; without reasons there is no decision."""
    claim = ClaimRow.objects.select_for_update().select_related("case", "case__incident").get(pk=claim_id, incident=incident)
    if state not in DECISIONS:
        raise NotNow("state")
    if not text.strip():
        raise NotNow("empty")
    if claim.paid_at is not None:
        raise NotNow("paid")
    answer_case(incident, claim.case_id, text, by=by, now=now)
    claim.state = state
    if state == "asked_back":
        claim.save(update_fields=["state"])
    else:
        claim.decided_at, claim.decided_by = now, by
        claim.reimburse_eur = reimburse_eur if state != "rejected" else None
        claim.save(update_fields=["state", "decided_at", "decided_by", "reimburse_eur"])
    journal.write(incident, act="claim.decided", at=now, by=by, what={"claim": str(claim.pk), "state": state, "eur": str(claim.reimburse_eur or "")})
    return claim


@transaction.atomic
def pay_claim(incident: Incident, claim_id: UUID, *, by: Staff, now: datetime) -> None:
    """Notes that the reimbursement has left; once."""
    rows = ClaimRow.objects.filter(pk=claim_id, incident=incident, reimburse_eur__gt=0, decided_at__isnull=False, paid_at=None)
    if not rows.update(paid_at=now):
        raise NotNow("paid")
    journal.write(incident, act="claim.paid", at=now, by=by, what={"claim": str(claim_id)})


def take_file(incident: Incident, claim_id: UUID, file_id: UUID, *, by: Staff, now: datetime) -> tuple[str, bytes]:
    """Name and content of one piece of evidence, as it came."""
    from amanat.web.care.person import CLAIM_FILE

    file = ClaimFile.objects.get(pk=file_id, claim_id=claim_id, claim__incident=incident)
    said = incident.keys().decrypt(file.secret, place=CLAIM_FILE, row=file.pk)
    journal.write(incident, act="claim.file_taken", at=now, by=by, what={"claim": str(claim_id), "file": str(file.pk)})
    return said["name"], base64.b64decode(said["content"])


# ---- offers ----


@transaction.atomic
def ask_for_count(incident: Incident, *, by: Staff, now: datetime) -> None:
    """Has the worker count for whom each offer would be, and who must be called."""
    from procrastinate.contrib.django import app

    BudgetRow.objects.get_or_create(incident=incident)
    BudgetRow.objects.filter(incident=incident).update(count_asked_at=now)
    journal.write(incident, act="care.count_asked", at=now, by=by)
    transaction.on_commit(lambda: app.configure_task(name="count_care", queue="care").defer(incident_id=str(incident.pk)))


@transaction.atomic
def set_budget(incident: Incident, amount_eur: Decimal | None, *, by: Staff, now: datetime) -> None:
    """Sets what may be spent; the offers are counted anew against it."""
    BudgetRow.objects.update_or_create(incident=incident, defaults={"amount_eur": amount_eur})
    journal.write(incident, act="budget.set", at=now, by=by, what={"eur": str(amount_eur) if amount_eur is not None else ""})
    ask_for_count(incident, by=by, now=now)


@transaction.atomic
def open_offer(incident: Incident, offer: str, *, by: Staff, now: datetime) -> None:
    """Opens an offer to everybody with its harm at once; some of them is no choice. Raises NotNow when the budget does not hold it."""
    row = OfferPlan.objects.select_for_update().get(incident=incident, offer=offer)
    if not row.is_funded:
        raise NotNow("budget")
    if row.opened_at is None:
        row.opened_at, row.opened_by = now, by
        row.save(update_fields=["opened_at", "opened_by"])
        journal.write(incident, act="offer.opened", at=now, by=by, what={"offer": offer, "persons": row.n_persons, "eur": str(row.cost_eur)})


@transaction.atomic
def give_offer(incident: Incident, row_id: UUID, *, by: Staff, now: datetime) -> None:
    """Notes that the person has it: what they accepted, or what a law owes them, whatever they answered."""
    row = OfferRow.objects.select_for_update().get(pk=row_id, incident=incident)
    if row.state == "given" or (row.state != "accepted" and not row.is_owed):
        raise NotNow("state")
    row.state, row.changed_at = "given", now
    row.save(update_fields=["state", "changed_at"])
    OfferEntry.objects.create(row=row, state="given", cost_eur=row.cost_eur, at=now, by=by)
    journal.write(incident, act="offer.given", at=now, by=by, what={"offer": row.offer, "row": str(row.pk)})


def harm_of(secret: Mapping[str, Any], person: AffectedPerson) -> Harm:
    return Harm(kinds=frozenset(secret["kinds"]), basis=person.basis, residence=person.residence)


# ---- calls ----


@transaction.atomic
def move_call(incident: Incident, call_id: UUID, becomes: str, *, by: Staff, now: datetime) -> None:
    """The next state of a welfare call; nobody is confirmed who was not spoken to. Raises NotNow."""
    row = CallRow.objects.select_for_update().get(pk=call_id, incident=incident)
    try:
        row.state = care.follow(row.state, becomes)  # type: ignore[arg-type]
    except care.CannotFollow:
        raise NotNow("state") from None
    row.n_tries += becomes in ("not_reached", "spoken")
    row.changed_at, row.changed_by = now, by
    row.save(update_fields=["state", "n_tries", "changed_at", "changed_by"])
    journal.write(incident, act="call.noted", at=now, by=by, what={"call": str(row.pk), "person": str(row.person_id), "state": becomes})
