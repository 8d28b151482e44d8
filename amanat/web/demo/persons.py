"""What told persons do in the months after: the practice company's events, as visits to my page, and what staff answer.

Who writes, accepts and answers, and when, stands in `events.parquet` of the story; what the events do not say is drawn from a seed.
"""

import random
import tomllib
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import translation

from amanat import care, notify, wording
from amanat.terms.answer import SCALES
from amanat.terms.claim import Claim
from amanat.web.accounts.models import Staff
from amanat.web.care import actions, desk, person, tasks, visits
from amanat.web.care.models import CallRow, CaseRow, OfferPlan, OfferRow, Visit
from amanat.web.care.person import Mine
from amanat.web.demo import inbox
from amanat.web.demo.clock import PastClock
from amanat.web.notify.models import SendingRow
from amanat.web.notify.queries import code_key
from amanat.web.respond.models import Incident
from amanat.web.scope import people

WORDS = Path(__file__).parent / "words.toml"
SEED = 7
BUDGET_EUR = Decimal(60_000)
N_HARMED = 6
DESK_AFTER = timedelta(hours=7)
REACHED = ("accepted", "delivered", "opened_page")
# What stands for a harm, the first that fits what was taken.
HARMS = (("card_misuse", "card_number_alone"), ("card_misuse", "card_with_code"), ("account_takeover", "password"), ("scam", "phone"))


@dataclass(slots=True)
class Day:
    """What one person does on one day."""

    at: datetime
    person_id: str
    texts: list[str] = field(default_factory=list)
    scores: dict[str, float] = field(default_factory=dict)
    accepts: bool = False
    is_harmed: bool = False


@transaction.atomic
def live(incident: Incident, story: Path, staff: dict[str, Staff], clock: PastClock) -> None:
    """All their days in order, with the desk's answers between them; all of it or nothing."""
    chance = random.Random(SEED)  # noqa: S311  practice data
    lead = staff["author"]
    told_at = clock.now()
    desk.set_budget(incident, BUDGET_EUR, by=lead, now=told_at)
    tasks.count_care(str(incident.pk))
    for plan in OfferPlan.objects.filter(incident=incident, n_persons__gt=0, is_funded=True):
        desk.open_offer(incident, plan.offer, by=lead, now=clock.now())
    _call(incident, lead, clock)
    master = desk.open_master(incident, _words()["master"], by=lead, now=clock.now())
    # The desk answers some hours after the last visit, so nobody waits for more than a day.
    asked_at = told_at
    for day in days(story, chance, since=told_at):
        if day.at - asked_at > DESK_AFTER:
            clock.put_to(asked_at + DESK_AFTER)
            _answer(incident, master.pk, lead, clock)
        asked_at = clock.put_to(day.at)
        _spend(incident, day, chance, clock)
    clock.put_to(asked_at + DESK_AFTER)
    _answer(incident, master.pk, lead, clock)


def days(story: Path, chance: random.Random, *, since: datetime) -> list[Day]:
    """The days on which somebody does something at our desk, in order."""
    import pyarrow.parquet as pq

    wanted = ("contacted", "offer_accepted", "answer")
    table = pq.read_table(story / "events.parquet", filters=[("kind", "in", wanted), ("at", ">", since)])
    found: dict[Any, Day] = {}
    for event in table.sort_by("at").to_pylist():
        day = found.setdefault((event["person_id"], event["at"].date()), Day(event["at"], event["person_id"]))
        if event["kind"] == "contacted":
            day.texts.append(event["text"])
        elif event["kind"] == "answer":
            day.scores[event["question"]] = event["score"]
            day.accepts |= chance.random() < 0.6
        else:
            day.accepts = True
    writers = [day for day in found.values() if day.texts]
    for day in chance.sample(writers, min(N_HARMED, len(writers))):
        day.is_harmed = True
    return sorted(found.values(), key=lambda day: day.at)


def _spend(incident: Incident, day: Day, chance: random.Random, clock: PastClock) -> None:
    """One visit: in by two proofs, then what the day holds."""
    with _visit(incident, day.person_id, clock) as me:
        if me is None:
            return  # not affected, or told by letter: their code came on paper
        for step in person.steps(me):
            if chance.random() < 0.5:
                actions.tick(me, step["id"], is_done=True, now=clock.now())
        for one in person.entitled(me):
            if day.accepts or chance.random() < 0.3:
                actions.answer_offer(me, one.offer, is_accepted=day.accepts or chance.random() < 0.7, now=clock.now())
        if day.is_harmed:
            _report(me, chance, clock)
        else:
            for text in day.texts:
                actions.ask(me, text, now=clock.now())
        if day.scores and person.may_answer_survey(me):
            actions.answer_survey(me, _as_asked(day.scores), "", now=clock.now())


class _visit:
    """The person's page, from the code of their message to the moment they leave; None when they have none."""

    def __init__(self, incident: Incident, person_id: str, clock: PastClock) -> None:
        self._incident, self._person_id, self._clock = incident, person_id, clock
        self._language: Any = None
        self._me: Mine | None = None

    def __enter__(self) -> Mine | None:
        row = people.find(self._incident, person_id=self._person_id)
        told = SendingRow.objects.filter(incident=self._incident, person=row, channel="email", state__in=REACHED).first() if row else None
        sending = visits.sending_of(notify.code_for(code_key(), told.pk.hex)) if told else None
        if row is None or sending is None:
            return None
        language = wording.language_for(row.language, wording.languages(), "en")
        self._language = translation.override(language)
        self._language.__enter__()
        visits.begin(sending, language=language, network="demonstration", now=self._clock.now())
        visit = Visit.objects.select_related("incident", "person", "sending", "sending__notice").filter(person=row).latest("asked_at")
        tasks.send_proof(str(visit.pk))
        address = people.reveal(self._incident, row)["emails"][0]
        if visits.prove(visit, inbox.one_time_code(address), now=self._clock.now()):
            self._me = person.mine(visit, language)
        return self._me

    def __exit__(self, *_: object) -> None:
        if self._me is not None:
            visits.end(self._me.visit, now=self._clock.now())
        if self._language is not None:
            self._language.__exit__(None, None, None)


def _report(me: Mine, chance: random.Random, clock: PastClock) -> None:
    """A harm that can come of what was taken, with an amount where money was lost."""
    harm = next((name for name, kind in HARMS if kind in me.kinds), "distress")
    lost = Decimal(chance.randrange(20, 400)) if harm in ("card_misuse", "scam") else None
    text, happened = _words()["harm"][harm][_tongue(me.language)], clock.now().date() - timedelta(days=chance.randrange(1, 9))
    actions.report_harm(me, harm=harm, text=text, happened_on=happened, lost_eur=lost, files=(), now=clock.now())


def _answer(incident: Incident, master: Any, by: Staff, clock: PastClock) -> None:
    """The desk's evening: claims decided one by one, the other cases through the master case, what was accepted given."""
    said = _words()
    for row in list(CaseRow.objects.filter(incident=incident, state="open").order_by("urgency_rank", "due_at")):
        claim = actions.ClaimRow.objects.filter(case=row).first()
        if claim is None:
            desk.join_master(incident, row.pk, master, by=by, now=clock.now())
            continue
        state, eur = _decision(incident, claim)
        text = said["decision"][state][_tongue(row.person.language if row.person else None)]
        desk.decide_claim(incident, claim.pk, state=state, text=text, reimburse_eur=eur, by=by, now=clock.now())
        if eur:
            desk.pay_claim(incident, claim.pk, by=by, now=clock.now())
    if CaseRow.objects.filter(incident=incident, state="open", master=master).exists():
        desk.answer_master(incident, master, said["answer"], by=by, now=clock.now())
    for row in CaseRow.objects.filter(incident=incident, state="answered", told_at=None):
        tasks.tell_of_answer(str(row.pk))
    for offered in OfferRow.objects.filter(incident=incident, state="accepted"):
        desk.give_offer(incident, offered.pk, by=by, now=clock.now())


def _decision(incident: Incident, claim: Any) -> tuple[str, Decimal | None]:
    """As amanat's advice on the link says; what the person lost is paid where it is likely or possible."""
    said = incident.keys().decrypt(claim.secret, place=person.CLAIM_TEXT, row=claim.pk)
    happened = datetime.fromisoformat(said["happened_on"]).date() if said["happened_on"] else None
    lost = Decimal(said["lost"]) if said["lost"] else None
    told = Claim(harm=claim.harm, happened_on=happened, received_at=claim.received_at, lost_eur=lost)
    link = care.link_of(told, people.reveal(incident, claim.person)["kinds"], began_on=person.began_on_of(incident))
    return ("accepted", lost) if link.state in ("likely", "possible") else ("rejected", None)


def _call(incident: Incident, by: Staff, clock: PastClock) -> None:
    """Whoever depends on us or declared a need is called until a voice has confirmed; one in four is not there the first time."""
    for number, call in enumerate(CallRow.objects.filter(incident=incident).order_by("why_rank", "pk")):
        for becomes in (("not_reached",) if number % 4 == 3 else ()) + ("spoken", "confirmed"):
            clock.put_to(clock.now() + timedelta(minutes=4))
            desk.move_call(incident, call.pk, becomes, by=by, now=clock.now())


def _as_asked(scores: dict[str, float]) -> dict[str, int | None]:
    """The practice answers on the scales of our survey; what was not asked then stays open."""
    honesty = scores.get("trust_honesty")
    given = {name: round(scores[name]) for name in ("nps", "csat") if name in scores}
    if honesty is not None:
        given["integrity"] = 1 + round((honesty - 1) * 4 / 6)  # 1..7 there, 1..5 here
    return {name: given.get(name) for name in SCALES}


def _tongue(language: str | None) -> str:
    return wording.language_for(language, wording.languages(), "en")


@cache
def _words() -> dict[str, Any]:
    return tomllib.loads(WORDS.read_text(encoding="utf-8"))
