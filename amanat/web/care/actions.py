"""Changes that a person makes on my page. The visit says who it is; nothing of that comes from the form."""

import base64
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, get_args

from django.db import transaction
from django.db.models import Q

from amanat import care
from amanat.terms.answer import SCALES
from amanat.terms.case import Case, Urgency
from amanat.web.accounts.models import Staff
from amanat.web.care import person
from amanat.web.care.models import CaseMessage, CaseRow, ClaimFile, ClaimRow, OfferEntry, OfferRow, StepDone, SurveyAnswer
from amanat.web.care.person import CASE_TEXT, CLAIM_FILE, CLAIM_TEXT, SURVEY_TEXT, Mine
from amanat.web.respond import journal
from amanat.web.respond.models import Incident
from amanat.web.scope.models import AffectedPerson
from amanat.web.scope.people import one_at_a_time

TEXT_MAX = 5000
# For one person: more than that is no question any more, and files need room.
OPEN_CASES_MAX, OPEN_CLAIMS_MAX, MESSAGES_MAX = 20, 5, 100


class NotYours(Exception):
    """Something that this person may not have or see; the page answers as if it did not exist."""


class TooMany(Exception):
    """More open matters than one person can have questions."""


def tick(me: Mine, step: str, *, is_done: bool, now: datetime) -> None:
    """Ticks a step off, or takes the tick back."""
    if step not in {one["id"] for one in person.steps(me)}:
        raise NotYours
    if is_done:
        StepDone.objects.get_or_create(person=me.visit.person, step=step, defaults={"at": now})
    else:
        StepDone.objects.filter(person=me.visit.person_id, step=step).delete()


@transaction.atomic
def answer_offer(me: Mine, offer: str, *, is_accepted: bool, now: datetime) -> OfferRow:
    """Accepts or declines; either may be changed until it was given. What a law owes is written down as due, whatever the answer."""
    one = next((e for e in person.entitled(me) if e.offer == offer), None)
    if one is None:
        raise NotYours
    row, _is_new = OfferRow.objects.select_for_update().get_or_create(
        person=me.visit.person,
        offer=offer,
        defaults={
            "incident": me.visit.incident,
            "state": "open",
            "is_owed": one.is_owed,
            "amount": one.amount,
            "unit": one.unit,
            "cost_eur": one.cost_eur,
            "changed_at": now,
        },
    )
    becomes = "accepted" if is_accepted else "declined"
    if row.state in ("given", becomes):
        return row
    row.state, row.changed_at = becomes, now
    row.save(update_fields=["state", "changed_at"])
    OfferEntry.objects.create(row=row, state=becomes, cost_eur=row.cost_eur, at=now)
    journal.write(me.visit.incident, act=f"offer.{becomes}", at=now, what={"offer": offer, "row": str(row.pk), "is_owed": row.is_owed})
    return row


@transaction.atomic
def ask(me: Mine, text: str, *, case_id: Any = None, now: datetime) -> CaseRow:
    """A question of the person: a new case, or one more message in one of theirs, which is open again then."""
    if case_id is not None:
        row = CaseRow.objects.select_for_update().filter(pk=case_id, incident=me.visit.incident, person=me.visit.person_id).first()
        if row is None:
            raise NotYours
        if CaseMessage.objects.filter(case=row, is_from_person=True).count() >= MESSAGES_MAX:
            raise TooMany
        row.state, row.opened_at, row.answered_at = "open", now, None
        row.due_at = _due(row.pk, row.urgency, now)
        row.save(update_fields=["state", "opened_at", "answered_at", "due_at"])
        journal.write(me.visit.incident, act="case.continued", at=now, what={"case": str(row.pk)})
    else:
        if CaseRow.objects.filter(person=me.visit.person_id, state="open").count() >= OPEN_CASES_MAX:
            raise TooMany
        row = open_case(me.visit.incident, me.visit.person, urgency=urgency_for(me), channel="page", now=now)
    say(row, {"subject": "", "text": text[:TEXT_MAX], "sender": ""}, is_from_person=True, now=now)
    return row


@transaction.atomic
def report_harm(
    me: Mine,
    *,
    harm: str,
    text: str,
    happened_on: date | None,
    lost_eur: Decimal | None,
    files: Iterable[tuple[str, bytes]],
    now: datetime,
) -> ClaimRow:
    """A harm claim with its evidence, as a case that is served accordingly; the answer is due by a date that the person sees."""
    kind = care.harms().get(harm)
    if kind is None:
        raise NotYours
    mine = {"person": me.visit.person_id}
    n_claims = ClaimRow.objects.filter(**mine, decided_at=None).count()
    if n_claims >= OPEN_CLAIMS_MAX or CaseRow.objects.filter(**mine, state="open").count() >= OPEN_CASES_MAX:
        raise TooMany
    urgency = urgency_for(me, is_harm=True, is_safety=kind.is_safety)
    case = open_case(me.visit.incident, me.visit.person, urgency=urgency, channel="page", now=now)
    say(case, {"subject": "", "text": text[:TEXT_MAX], "sender": ""}, is_from_person=True, now=now)
    claim = ClaimRow(
        case=case, incident=me.visit.incident, person=me.visit.person, harm=harm, received_at=now, answer_due_at=care.answer_due(kind, now)
    )
    said = {"happened_on": happened_on.isoformat() if happened_on else None, "lost": str(lost_eur) if lost_eur is not None else None}
    claim.secret = me.keys.encrypt(said, place=CLAIM_TEXT, row=claim.pk)
    claim.save()
    n = 0
    for name, content in files:
        file = ClaimFile(claim=claim, size_bytes=len(content), at=now)
        sealed = {"name": name[:200], "content": base64.b64encode(content).decode()}
        file.secret = me.keys.encrypt(sealed, place=CLAIM_FILE, row=file.pk)
        file.save()
        n += 1
    journal.write(me.visit.incident, act="claim.received", at=now, what={"claim": str(claim.pk), "harm": harm, "files": n})
    return claim


@transaction.atomic
def answer_survey(me: Mine, given: Mapping[str, int | None], text: str, *, now: datetime) -> SurveyAnswer:
    """The survey after help, tied to the notice and the language. Raises NotYours, also for a second answer."""
    # One form at a time for each person: of a double click one answer is kept, and the other finds it there.
    one_at_a_time(me.visit.person_id)
    if not person.may_answer_survey(me):
        raise NotYours
    row = SurveyAnswer(
        incident=me.visit.incident,
        person=me.visit.person,
        language=me.language,
        notice_id=me.visit.sending.notice.notice_id,
        at=now,
        **{name: given.get(name) for name in SCALES},
    )
    if text.strip():
        row.secret = me.keys.encrypt({"text": text[:TEXT_MAX]}, place=SURVEY_TEXT, row=row.pk)
    row.save()
    journal.write(me.visit.incident, act="survey.answered", at=now, what={"answer": str(row.pk)})
    return row


# ---- cases, from wherever they come ----


def urgency_for(me: Mine, **more: bool) -> Urgency:
    """Why this person is served when they are: what they declared and lost, never what they are worth."""
    return urgency_of_secret(me.secret, me.visit.person, **more)


def urgency_of_secret(secret: Mapping[str, Any], row: AffectedPerson, **more: bool) -> Urgency:
    depends = row.basis == "service" or "service" in secret["kinds"]
    return care.urgency_of(depends=depends, has_need=bool(secret.get("needs")), **more)


def open_case(incident: Incident, whose: AffectedPerson | None, *, urgency: Urgency, channel: str, now: datetime, by: Staff | None = None) -> CaseRow:
    """A new case with the time by which it must be answered."""
    row = CaseRow(incident=incident, person=whose, channel=channel, urgency=urgency, opened_at=now)
    row.urgency_rank = get_args(Urgency).index(urgency)
    row.due_at = _due(row.pk, urgency, now)
    row.save()
    journal.write(incident, act="case.opened", at=now, by=by, what={"case": str(row.pk), "channel": channel, "urgency": urgency})
    return row


def say(case: CaseRow, secret: dict[str, str], *, is_from_person: bool, now: datetime, by: Staff | None = None) -> CaseMessage:
    """One more message in a case, encrypted."""
    message = CaseMessage(case=case, is_from_person=is_from_person, at=now, by=by)
    message.secret = case.incident.keys().encrypt(secret, place=CASE_TEXT, row=message.pk)
    message.save()
    return message


def _due(pk: Any, urgency: str, now: datetime) -> datetime:
    return care.due_at(Case(id=str(pk), opened_at=now, urgency=urgency))  # type: ignore[arg-type]


def open_cases_of(incident: Incident) -> Any:
    """Open cases in the order in which they are to be served, as `care.in_order` has it."""
    return CaseRow.objects.filter(Q(incident=incident), state="open").order_by("urgency_rank", "due_at", "id")
