"""Writes the text for an audience that is not an affected person: the same facts in the same words, in the order its file names.

The press, the public, staff, partners, the call centre, an authority: each reads what is known as it is known. Numbers are
those of the case. Nothing about any one person stands in such a text, so that it may be read by everybody it is for.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, time
from zoneinfo import ZoneInfo

from amanat.lib.errors import Fixable
from amanat.lib.moment import zone_of
from amanat.notify import advice
from amanat.notify.audience import Audience, Part
from amanat.notify.groups import Group
from amanat.notify.sheet import press_line
from amanat.notify.writer import FAMILY, Writer, literal
from amanat.terms.assessment import Duty
from amanat.terms.company import Company
from amanat.terms.fact import Fact
from amanat.terms.notice import LIVING, Notice, Section, Sentence
from amanat.terms.promise import Promise, Standing
from amanat.wording.language import Words

# How promises stand, what we owe an answer for first.
_WORST = ("broken", "overdue", "kept_late", "due_soon", "open", "kept")
MOST_STEPS = 6  # of what everybody can do, where there is room for the most important alone


class NotWritten(Fixable):
    """A language has no words for an audience or a kind of incident."""


class UnknownPiece(Fixable):
    """A file of `audiences/` names a piece that nobody writes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """What is counted in the case, as far as it was counted."""

    kinds: tuple[str, ...] = ()  # of data, that occur among the persons
    n_told: int | None = None  # persons we write to; None: nobody has counted them
    duties: tuple[Duty, ...] = ()  # that this text serves
    zone: str = ""  # in which moments are said; empty: that of the company's country
    promises: tuple[Promise, ...] = ()  # that the public read, as they stand


class Outside(Writer):
    """Writes the text of one audience in one language."""

    def __init__(
        self,
        audience: Audience,
        case: Case,
        facts: Mapping[str, Fact],
        company: Company,
        words: Words,
        now: datetime,
        *,
        incident: str | None = None,
    ) -> None:
        group = Group(
            letter_group=audience.name,
            language=words.language.tag,
            kinds=case.kinds,
            bases={},
            is_mixed=False,
            places=(company.country,),
            duties=case.duties,
            n_told=case.n_told or 0,
        )
        super().__init__(group, facts, company, words, now, incident=incident)
        self.audience, self.case = audience, case
        for part, name in (("audiences", audience.name), ("incidents", self.incident.name)):
            if name not in getattr(words, part):
                tag = words.language.tag
                raise NotWritten(f"wording/{tag}: there is no [{part}.{name}] in {tag!r}; add it to a file of the folder wording/{tag}/")
        self.own = words.audiences[audience.name]

    def notice(self, tag: str) -> Notice:
        """The whole text, under the tag of its language ("fr", "fr-x-easy")."""
        own = self.own
        closing = (own.get("closing", ""), literal(self.company.signatory), self.title_of_signatory(), literal(self.company.name))
        return Notice(
            id=f"{self.audience.name}.{tag}",
            letter_group=self.audience.name,
            language=tag,
            audience=self.audience.name,
            title=self.tell(own["title"]),
            subject=self.tell(own["subject"]),
            greeting=self.tell(own["greeting"]) if own.get("greeting") else "",
            sections=self.sections(),
            closing="\n".join(part for part in closing if part) if own.get("closing") else "",
            duty_ids=tuple(duty.id for duty in self.group.duties),
            content=self.group.content,
        )

    def sections(self) -> tuple[Section, ...]:
        made = (self.part(part) for part in self.audience.section)
        return tuple(section for section in made if section.sentences)

    def part(self, part: Part) -> Section:
        said = [sentence for line in part.lines for sentence in self.line(line)]
        heading = self.own.get(f"h_{part.id}", self.words.headings.get(part.id, ""))
        return Section(id=part.id, heading=self.tell(heading) if heading else "", sentences=tuple(said))

    def line(self, line: str) -> list[Sentence]:
        """What a line of the audience's file says; of "one | other" the first that says something."""
        for one in line.split("|"):
            head, mark, key = one.strip().partition(":")
            said = self.worded(head, key) if mark else self.piece(head)
            if said:
                return said
        return []

    def worded(self, head: str, key: str) -> list[Sentence]:
        table = self.of_incident if head == "incident" else self.own
        text = table.get(key, "")
        return [Sentence(text=self.tell(text), is_item=head != "say")] if text else []

    def piece(self, name: str) -> list[Sentence]:
        if name not in PIECES:
            raise UnknownPiece(f"audiences/{self.audience.name}.toml: there is no piece {name!r}; there are: {', '.join(PIECES)}")
        return PIECES[name](self)

    def tell(self, text: str) -> str:
        """A sentence of the audience's own words with whatever it may name."""
        company = self.company
        by = [literal(company.signatory or company.name), self.title_of_signatory() if company.signatory else ""]
        return self.words.say(
            text,
            company=literal(company.name),
            url=literal(company.notices_url),
            phone=literal(company.phone.get(company.country) or company.phone.get("default") or company.privacy_email),
            email=literal(company.privacy_email),
            by=self.words.language.comma.join(part for part in by if part),
            topic=self.of_incident["topic"],
            apology=self.apologise(is_about_data=self.lost_data).text,
        )

    def title_of_signatory(self) -> str:
        titles = self.company.signatory_title
        return literal(titles.get(self.words.language.tag, titles.get(self.company.default_language, "")))

    # ---- the pieces ----

    def data(self) -> list[Sentence]:
        """What became of data, where it is known or believed; what is not known stands among the unknowns."""
        for name, wanted in (("acquired", True), ("exfiltration", "confirmed"), ("acquired", False)):
            if self.value(name) == wanted and self.status(name) in ("known", "believed"):
                key = "data_copied" if wanted else "data_not_copied"
                suffix = "_believed" if self.status(name) == "believed" else ""
                return [Sentence(text=self.words.say(self.words.outside[key + suffix]), facts=(name,))]
        return []

    def number(self) -> list[Sentence]:
        """How many persons: counted in the case, else as the facts say, else that it is not known."""
        if self.case.n_told:
            return [Sentence(text=self.say("told", n=self.case.n_told), facts=("exposures",))]
        residents, outside = self.value("residents"), self.words.outside
        n = sum(residents.values()) if isinstance(residents, dict) else 0
        if not n:
            return [Sentence(text=self.words.say(outside["number_unknown"]), facts=("residents",))] if self.is_about_data else []
        key = "number_believed" if self.status("residents") == "believed" else "number"
        return [Sentence(text=self.words.say(outside[key], n=n), facts=("residents",))]

    def kinds(self) -> list[Sentence]:
        """The kinds of data by name, as a list."""
        known = self.value("kinds") or ()
        kinds = self.group.data or tuple(kind for kind in known if kind != "service")
        if not kinds:
            return []
        facts = ("exposures",) if self.group.data else ("kinds",)
        return [
            Sentence(text=self.words.say(self.words.outside["kinds"], n=len(kinds)), facts=facts),
            *[Sentence(text=self.words.say(self.words.kinds[kind].name), facts=facts, is_item=True) for kind in kinds],
        ]

    def own_consequences(self) -> list[Sentence]:
        """What may follow: as staff wrote it, by the kinds of data, and by the kind of incident."""
        own = [self.words.say(text) for key, text in self.of_incident.items() if key.startswith("consequence_")]
        said = [sentence for sentence in self.consequences().sentences if sentence.readers != FAMILY]
        return [*map(_for_all, said), *[Sentence(text=text, facts=("incident_kind",), is_item=True) for text in own]]

    def steps(self) -> list[Sentence]:
        """What everybody can do, the most urgent first, with the bodies of the company's own country."""
        kinds = set(self.group.data)
        said = []
        for step in self.ranked_steps():
            is_for_some = not set(LIVING) <= set(step.readers or LIVING)
            if is_for_some or not (step.id in self.incident.first or not step.kinds or (step.kinds and kinds & set(step.kinds))):
                continue
            said += self.step_for_all(step)
        return said

    def step_for_all(self, step: advice.Step) -> list[Sentence]:
        if step.role:
            return [_for_all(sentence) for sentence in self.bodies(step.role, step=step)]
        if step.places and not self.lives_in(step.places):
            return []
        return [_for_all(self.step(self.step_text(step), step, (), ()))]

    def did(self) -> list[Sentence]:
        return list(self.what_we_did().sentences)

    def offer(self) -> list[Sentence]:
        return self.statement("what_we_offer")

    def next_page(self) -> list[Sentence]:
        """The promise to everybody: on the company's own page."""
        moment, url = self.value("next_update"), literal(self.company.notices_url)
        if moment is None or moment <= self.now:
            return list(self.next_update().sentences)
        key = "next_page_believed" if self.status("next_update") == "believed" else "next_page"
        text = self.words.say(self.words.outside[key], moment=self.words.moment(moment, self.zone), day=self.day(moment), url=url)
        return [Sentence(text=text, facts=("next_update",))]

    def contact(self) -> list[Sentence]:
        return [_for_all(sentence) for sentence in self.whom_to_ask().sentences if sentence.is_item]

    def reach_us(self) -> list[Sentence]:
        """How to reach us alone: nobody tells a newsroom, a firm or the authority itself where persons can complain."""
        if self.audience.name == "press" and (for_press := press_line(self.company, self.words)):
            return [Sentence(text=literal(for_press), is_item=True)]
        bodies = {sentence.text for role in ("regulator", "agency") for sentence in self.bodies(role)}
        return [sentence for sentence in self.contact() if sentence.text not in bodies]

    def real(self) -> list[Sentence]:
        return [Sentence(text=self.tell(self.words.outside["real"])), *self.real_never()]

    def real_never(self) -> list[Sentence]:
        return [Sentence(text=self.say("real_never"))]

    def questions(self) -> list[Sentence]:
        """What callers ask about this kind of incident: the question, then its answer."""
        table = self.of_incident
        keys = [key.removeprefix("q_") for key in table if key.startswith("q_")]
        return [
            Sentence(
                text=self.words.say(self.words.outside["question"], q=self.tell(table[f"q_{key}"]), a=self.tell(table[f"a_{key}"])), is_item=True
            )
            for key in keys
        ]

    def told_persons(self) -> list[Sentence]:
        told = self.value("notice_to_individuals")
        if told is None or self.status("notice_to_individuals") != "known" or told > self.now:
            return []
        return [Sentence(text=self.words.say(self.words.outside["told_persons"], day=self.day(told)), facts=("notice_to_individuals",))]

    def contact_person(self) -> list[Sentence]:
        """Whom of ours an authority may ask, where the company names somebody."""
        people = self.company.authority_contact[:1]
        said = [literal(", ".join(part for part in (one.name, one.function, one.email, one.phone) if part)) for one in people]
        return [Sentence(text=self.words.say(self.words.outside["contact_person"], whom=whom)) for whom in said]

    def promises(self) -> list[Sentence]:
        """Every public promise and what became of it, those that we broke first; one that was moved stands as the one in its place."""
        standing = [(one.standing(self.now), one) for one in self.case.promises if one.state != "moved"]
        ranked = sorted(standing, key=lambda pair: (_WORST.index(pair[0]) if pair[0] in _WORST else len(_WORST), pair[1].made_at))
        said = [Sentence(text=self.promised(one, how), facts=("promises",), is_item=True) for how, one in ranked]
        return [Sentence(text=self.tell(self.own["promises_intro"])), *said] if said else []

    def promised(self, one: Promise, how: Standing) -> str:
        key: str = "open" if how == "due_soon" else how
        key = f"{key}_undated" if one.due_at is None and key in ("open", "broken") else key
        tag = self.words.language.tag
        words = one.words.get(tag) or one.words.get(self.company.default_language) or next(iter(one.words.values()), "")
        text = literal(words) if one.kind != "next_update" or words else self.words.say(self.own["news_promised"])
        due, day = (self.day(moment) if moment else "" for moment in (one.due_at, one.settled_at))
        return self.words.say(self.own[key], promise=text, due=due, day=day)

    def support_until(self) -> list[Sentence]:
        day = self.value("support_until")
        if day is None:
            return []
        said = self.day(datetime.combine(day, time(12), ZoneInfo(self.zone)))
        return [Sentence(text=self.words.say(self.own["support_until"], day=said), facts=("support_until",))]

    @property
    def is_about_data(self) -> bool:
        return bool(self.group.data) or self.incident.is_about_data

    @property
    def lost_data(self) -> bool:
        """Whether we apologise for data, and not for a service that failed."""
        return bool(self.group.data) or self.value("acquired") is True or not self.incident.stops_a_service

    @property
    def zone(self) -> str:
        return self.case.zone or zone_of(self.company.country) or "UTC"


def _for_all(sentence: Sentence) -> Sentence:
    # Nobody picks sentences out of such a text: it is for everybody, whatever of theirs is affected.
    return Sentence(text=sentence.text, facts=sentence.facts, is_item=sentence.is_item)


PIECES: Mapping[str, Callable[[Outside], list[Sentence]]] = {
    "happened": lambda w: w.happened(),
    "when": lambda w: w.when(),
    "found": lambda w: w.found(),
    "cause": lambda w: w.statement("cause", "cause"),
    "delay": lambda w: [*w.statement("delay_reason", "delay"), *w.hold()],
    "data": Outside.data,
    "number": Outside.number,
    "kinds": Outside.kinds,
    "unknowns": lambda w: [_for_all(sentence) for sentence in w.what_we_do_not_know().sentences],
    "apology": lambda w: [w.apologise(is_about_data=w.lost_data)],
    "consequences": Outside.own_consequences,
    "steps": Outside.steps,
    "first_steps": lambda w: w.steps()[:MOST_STEPS],
    "did": Outside.did,
    "offer": Outside.offer,
    "learned": lambda w: w.statement("what_we_learned"),
    "changed": lambda w: w.statement("what_we_changed"),
    "protocols": lambda w: w.statement("bulletin_protocols"),
    "updates": lambda w: w.statement("bulletin_updates"),
    "certificates": lambda w: w.statement("bulletin_certificates"),
    "bulletin_next": lambda w: w.statement("bulletin_next"),
    "next_update": lambda w: list(w.next_update().sentences),
    "next_page": Outside.next_page,
    "contact": Outside.contact,
    "reach_us": Outside.reach_us,
    "contact_person": Outside.contact_person,
    "told_persons": Outside.told_persons,
    "real": Outside.real,
    "real_never": Outside.real_never,
    "questions": Outside.questions,
    "promises": Outside.promises,
    "support_until": Outside.support_until,
}
