"""What one person sees of themselves on my page. Every function takes the visit, and looks at its person and incident alone."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Max
from django.utils import timezone

from amanat import care, notify, wording
from amanat.terms.answer import SCALES, TRUST
from amanat.terms.kinds import KINDS
from amanat.terms.offer import Harm
from amanat.terms.places import lies_in
from amanat.web.care.models import CaseMessage, CaseRow, ClaimFile, ClaimRow, OfferPlan, OfferRow, StepDone, SurveyAnswer, Visit
from amanat.web.care.words import SURVEY, SURVEY_ENDS
from amanat.web.crypto import IncidentKeys
from amanat.web.notify import own_page, together
from amanat.web.notify.queries import REACHED, company_of, facts_of
from amanat.web.public.models import StatusUpdate
from amanat.web.respond.models import Incident
from amanat.web.scope.people import reveal

CASE_TEXT = "care_casemessage.secret"
CLAIM_TEXT = "care_claimrow.secret"
CLAIM_FILE = "care_claimfile.secret"
SURVEY_TEXT = "care_surveyanswer.secret"
MAIL_TEXT = "care_mailfile.secret"

NEWS_MAX = 5  # updates that my page shows at once


@dataclass(frozen=True, slots=True)
class Mine:
    """One person, decrypted for one page."""

    visit: Visit
    secret: Mapping[str, Any]
    keys: IncidentKeys
    words: Any  # wording.Words
    language: str
    kinds: frozenset[str]  # what was exposed: where the message they came with tells of several records of theirs, of any of them

    @property
    def harm(self) -> Harm:
        return Harm(kinds=self.kinds, basis=self.visit.person.basis, residence=self.visit.person.residence)

    def __repr__(self) -> str:
        return "<one person's page>"


def mine(visit: Visit, language: str) -> Mine:
    """The visit's person; raises KeysErased."""
    chosen = wording.language_for(language, wording.languages(), "en")
    secret = reveal(visit.incident, visit.person)
    kinds = frozenset(own_page.said_of(visit.sending, visit.person, secret)[0])
    return Mine(visit, secret, visit.incident.keys(), wording.words(chosen), language, kinds)


def reader_of(me: Mine) -> str:
    """Who reads: the person, a guardian, the family, or somebody whose name we do not have."""
    if not me.secret.get("name"):
        return "nameless"
    if me.secret.get("deceased"):
        return "family"
    return "guardian" if me.visit.person.minor else "self"


def whose(me: Mine) -> str:
    """Whom “you” means, where a guardian or the family reads; empty for the person."""
    reader = reader_of(me)
    if reader not in ("guardian", "family"):
        return ""
    said = me.words.text["guardian_note"] if reader == "guardian" else me.words.family["page"]
    return str(me.words.say(said, name=me.secret["name"]))


def kinds_in_words(me: Mine) -> list[Any]:
    """What of theirs: name and meaning of each kind, in the order of the glossary."""
    return [me.words.kinds[kind] for kind in KINDS if kind in me.kinds]


def told(me: Mine) -> dict[str, Any]:
    """What happened and what we did, as the fact ledger says it, each with the language it is written in."""
    facts = facts_of(me.visit.incident)

    def statement(name: str) -> dict[str, str] | None:
        fact = facts.get(name)
        if fact is None or fact.status == "unknown" or not isinstance(fact.value, dict):
            return None
        tag = wording.language_for(me.language, fact.value, "en")
        text = str(fact.value.get(tag) or next(iter(fact.value.values()), ""))
        return {"text": text, "language": tag if tag in fact.value else "", "is_believed": fact.status == "believed"} if text else None

    following = facts.get("next_update")
    at = following.value if following else None
    at = datetime.fromisoformat(at) if isinstance(at, str) else at
    return {
        "happened": statement("what_happened"),
        "did": [one for one in (statement("what_we_did"), statement("what_we_will_do")) if one],
        # A day that has passed is no promise any more; whether it was kept, the status page says.
        "next_at": at if isinstance(at, datetime) and at > timezone.now() else None,
    }


def news(me: Mine) -> list[dict[str, Any]]:
    """What was published since our newest message to this person, the newest first: what changed, or else what we know now."""
    told = together.messages_to(me.visit.person_id).filter(incident=me.visit.incident, state__in=REACHED)
    last = told.aggregate(at=Max("changed_at"))["at"]
    if last is None:
        return []
    found = []
    for row in StatusUpdate.objects.filter(incident=me.visit.incident, published_at__gt=last).order_by("-published_at")[:NEWS_MAX]:
        said = row.words.get(me.language) or {}
        language = me.language if said.get("changed") or said.get("known") else "en"
        said = row.words.get(language) or {}
        text = said.get("changed") or said.get("known") or ""
        if text:
            found.append({"at": row.published_at, "text": text, "language": language if language != me.language else ""})
    return found


def written(me: Mine) -> list[dict[str, Any]]:
    """Our messages to them, word for word, the newest first, each with the language it is written in."""
    found = []
    for row in own_page.messages_to(me.visit.person):
        language = row.notice.language if row.notice.language != me.language else ""
        said = {"title": row.notice.content["title"], "text": own_page.text_of(row, me.visit.person, dict(me.secret)), "language": language}
        found.append(said | {"at": row.approval.approved_at, "channel": row.channel})
    return found


def steps(me: Mine) -> list[dict[str, Any]]:
    """What they can do now, with the time it takes, and whether they ticked it off."""
    done = set(StepDone.objects.filter(person=me.visit.person_id).values_list("step", flat=True))
    todos = notify.steps_for(me.kinds, me.visit.person.residence, reader_of(me), me.words)
    return [{"id": t.id, "minutes": t.minutes, "time": time_of(me, t.minutes), "text": t.text, "is_done": t.id in done} for t in todos]


def time_of(me: Mine, minutes: int) -> str:
    """How long something takes, as the notices say it."""
    return str(me.words.say(me.words.text["minutes"], n=minutes))


def lessons(me: Mine) -> list[dict[str, Any]]:
    return [lesson_in(one, me.language) for one in care.lessons_for(me.kinds, me.visit.person.residence)]


def lesson_in(lesson: care.Lesson, language: str) -> dict[str, Any]:
    """A lesson in the page's language, and the one it is really written in."""
    tag = wording.language_for(language, lesson.words, "en")
    return {"id": lesson.id, "minutes": lesson.minutes, "source": lesson.source, "words": lesson.words[tag], "language": tag}


def entitled(me: Mine) -> list[care.Entitled]:
    """What they may have: offers that are open to all with this harm, and what a law owes them in any case."""
    opened = OfferPlan.objects.filter(incident=me.visit.incident, opened_at__isnull=False).values_list("offer", flat=True)
    return list(care.entitled(me.harm, funded=tuple(opened)))


def offers(me: Mine) -> list[dict[str, Any]]:
    """The offers with their words and the person's answer."""
    answered = {row.offer: row for row in OfferRow.objects.filter(incident=me.visit.incident, person=me.visit.person_id)}
    all_offers, found = care.offers(), []
    for one in entitled(me):
        offer = all_offers[one.offer]
        words, row = care.in_language(offer.words, me.language), answered.get(one.offer)
        amount = float(one.amount)
        found.append(
            {
                "id": one.offer,
                "is_owed": one.is_owed,
                "is_goodwill": offer.is_goodwill and not one.is_owed,
                "cites": one.cites,
                "name": me.words.say(words.name, amount=amount),
                "says": me.words.say(words.says, amount=amount),
                "how": me.words.say(words.how, amount=amount),
                "state": row.state if row else "open",
            }
        )
    return found


def cases(me: Mine) -> list[dict[str, Any]]:
    """Their matters, the newest first, with everything said in them."""
    rows = list(CaseRow.objects.filter(incident=me.visit.incident, person=me.visit.person_id).order_by("-opened_at")[:30])
    said: dict[Any, list[dict[str, Any]]] = {row.pk: [] for row in rows}
    for message in CaseMessage.objects.filter(case__in=rows).order_by("at"):
        said[message.case_id].append(
            {"is_mine": message.is_from_person, "at": message.at, "text": me.keys.decrypt(message.secret, place=CASE_TEXT, row=message.pk)["text"]}
        )
    claims = {claim.case_id: claim for claim in ClaimRow.objects.filter(case__in=rows)}
    n_files = {claim.pk: ClaimFile.objects.filter(claim=claim).count() for claim in claims.values()}
    found = []
    for row in rows:
        claim = claims.get(row.pk)
        harm = care.in_language(care.harms()[claim.harm].words, me.language).name if claim else ""
        found.append({"row": row, "messages": said[row.pk], "claim": claim, "harm": harm, "n_files": n_files.get(claim.pk, 0) if claim else 0})
    return found


def harms(me: Mine) -> list[dict[str, str]]:
    """What can be reported, the pressing ones first, each with what to do at once."""
    found = []
    for name, harm in care.harms().items():
        words = care.in_language(harm.words, me.language)
        found.append({"id": name, "name": words.name, "now": words.now})
    return found


def may_answer_survey(me: Mine) -> bool:
    """Only after help: an answer, a decision or something accepted; and only once."""
    if SurveyAnswer.objects.filter(person=me.visit.person_id).exists():
        return False
    given = {"incident": me.visit.incident, "person": me.visit.person_id}
    return (
        CaseRow.objects.filter(**given, answered_at__isnull=False).exists()
        or OfferRow.objects.filter(**given, state__in=("accepted", "given")).exists()
    )


def survey_items() -> list[dict[str, Any]]:
    """The questions with their scales; the first end of a scale stands where the reader's line begins."""
    found = []
    for name, (least, most) in SCALES.items():
        ends = SURVEY_ENDS["trust" if name in TRUST else name]
        one = {"name": name, "says": SURVEY[name], "scale": range(least, most + 1), "first": ends[0], "last": ends[1]}
        found.append(one | {"is_trust": name in TRUST})
    return found


def contacts(me: Mine) -> dict[str, Any]:
    """Whom to call or write to: the number of their place, else the one for all."""
    company = company_of(me.visit.incident)
    own = next((number for place, number in company.phone.items() if place != "default" and lies_in(me.visit.person.residence, (place,))), "")
    return {"company": company.name, "phone": own or company.phone.get("default", ""), "email": company.privacy_email}


def began_on_of(incident: Incident) -> date | None:
    """The first day of the incident, as far as it is known."""
    fact = facts_of(incident).get("occurrence")
    value = fact.value if fact and fact.status != "unknown" else None
    if isinstance(value, str):
        value = datetime.fromisoformat(value)
    return value.date() if isinstance(value, datetime) else value if isinstance(value, date) else None
