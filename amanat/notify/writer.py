"""Writes the sections of one notice: every sentence with the facts it rests on, and for whom it is."""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from amanat import wording
from amanat.notify import advice
from amanat.notify.audience import Incident, incident_for
from amanat.notify.groups import Group
from amanat.terms.company import Company
from amanat.terms.fact import Fact
from amanat.terms.kinds import KINDS
from amanat.terms.notice import LIVING, Section, Sentence, braced
from amanat.terms.places import lies_in
from amanat.wording.language import Words

# Kinds that we do not name where others may read along, unless the law wants them in the letter.
SENSITIVE = ("medical", "genetic", "special_category")

# Facts from which "we found out on …" is taken: the earliest of them, so that no earlier knowledge is hidden.
FOUND = ("detection", "awareness", "discovery", "discovery_or_notification", "knowledge_incident_affected_personal_data")

# What we own up to not knowing even when nobody wrote it into the ledger: a fact that nobody gave is not known.
CORE = ("what_happened", "occurrence", "acquired", "search_for_misuse")

# Where people may ask for their data, have them erased, and complain about us.
RIGHTS = ("EEA", "GB", "CH", "CA", "BR")

# What we do not know about the data says nothing to a person of whom no data but a service is affected.
ABOUT_DATA = ("acquired", "exfiltration", "recipients", "encrypted", "search_for_misuse")

# Who was asked before we apologised.
ABOUT_APOLOGY = ("counsel_on_apology", "insurer_on_apology", "insurer_told")

SLOTS = ("name", "code")
FAMILY = ("family",)


class Writer:
    """Writes the sections of one notice."""

    def __init__(
        self, group: Group, facts: Mapping[str, Fact], company: Company, words: Words, now: datetime, *, incident: str | None = None
    ) -> None:
        self.group, self.facts, self.company, self.words, self.now = group, facts, company, words, now
        self.incident: Incident = incident_for(facts, incident)
        # Whoever composes says what kind of incident it is, or the ledger does, beside its own word for the attack.
        self.is_named = incident is not None or self.status("told_as") in ("known", "believed")
        # A language that writes letters only has no words of its own for a kind of incident: then the letters' own stand.
        self.of_incident = words.incidents.get(self.incident.name, {})

    # ---- small tools ----

    def say(self, key: str, /, **values: Any) -> str:
        return self.words.say(self.words.text[key], **{slot: "{" + slot + "}" for slot in SLOTS} | values)

    def to_family(self, key: str, /, **more: Any) -> Sentence:
        """What the family of a person who has died reads where the living read that it is about them."""
        text = self.words.say(self.words.family[key], **{slot: "{" + slot + "}" for slot in SLOTS})
        return Sentence(text=text, readers=FAMILY, **more)

    def status(self, name: str) -> str:
        fact = self.facts.get(name)
        return fact.status if fact else "missing"

    def value(self, name: str) -> Any:
        fact = self.facts.get(name)
        return fact.value if fact and fact.status != "unknown" else None

    def told(self, name: str) -> str:
        """The statement in this language, ready for a sentence; empty when there is none."""
        value, tag = self.value(name), self.words.language.tag
        if not isinstance(value, dict):
            return ""
        easy = str(value.get(wording.easy(tag), "")).strip() if self.words.is_easy else ""
        return literal(easy or str(value.get(tag, "")).strip())

    def statement(self, name: str, frame: str = "") -> list[Sentence]:
        """The statement as a sentence: as it is when known, framed as a belief when believed."""
        text = self.told(name)
        if not text:
            return []
        if self.status(name) == "believed":
            frame = f"{frame}_believed" if f"{frame}_believed" in self.words.text else "believed"
        if frame:
            text = self.say(frame, statement=text)
        return [Sentence(text=text, facts=(name,))]

    def section(self, id: str, *sentences: Sentence) -> Section:
        return Section(id=id, heading=self.words.headings[id], sentences=tuple(sentences))

    def day(self, moment: datetime) -> str:
        return self.words.day(moment, self.zone)

    @property
    def zone(self) -> str:
        """In whose clock days and hours are told."""
        return self.group.zone

    # ---- the sections ----

    def sections(self) -> tuple[Section, ...]:
        silent = self.group.forbids("nature")
        made = [
            self.readers(),
            *([] if silent else [self.what_happened(), self.what_we_do_not_know()]),
            self.apology(),
            self.what_of_yours(),
            self.what_of_theirs(),
            self.what_did_not_work(),
            *([] if silent else [self.consequences()]),
            self.what_you_do(),
            self.what_we_did(),
            self.section("how_we_help", *self.statement("what_we_offer"), *self.my_page()),
            self.next_update(),
            self.whom_to_ask(),
            self.is_this_real(),
        ]
        return tuple(section for section in made if section.sentences)

    def readers(self) -> Section:
        return Section(
            id="readers",
            heading="",
            sentences=(
                Sentence(text=self.say("guardian_note"), facts=("exposures",), readers=("guardian",)),
                self.to_family("note", facts=("exposures",)),
            ),
        )

    def what_happened(self) -> Section:
        said = [
            *self.happened(),
            *self.when(),
            *self.found(),
            *self.statement("cause", "cause"),
            *self.statement("delay_reason", "delay"),
            *self.hold(),
        ]
        if self.group.n_told and not self.group.forbids("number"):
            said.append(Sentence(text=self.say("told", n=self.group.n_told), facts=("exposures",)))
        return self.section("what_happened", *said)

    def happened(self) -> list[Sentence]:
        """As staff wrote it; else what the kind of incident says."""
        if said := self.statement("what_happened"):
            return said
        kind = self.value("incident_kind")
        if kind is None and not self.is_named:
            return []
        is_told_as = kind in self.incident.incident_kinds and f"happened_{kind}" in self.words.text
        text = self.words.say(self.words.text[f"happened_{kind}"] if is_told_as else self.of_incident.get("happened", ""))
        if text and self.status("incident_kind") == "believed":
            text = self.say("believed", statement=text)
        return [Sentence(text=text, facts=("incident_kind",))] if text else []

    def hold(self) -> list[Sentence]:
        held = self.value("law_enforcement_hold")
        if held is None or not (held or "law_enforcement_delay" in self.group.content):
            return []
        return [Sentence(text=self.say("held" if held else "not_held"), facts=("law_enforcement_hold",))]

    def when(self) -> list[Sentence]:
        begin, end = self.value("occurrence"), self.value("occurrence_end")
        if begin is None:
            return []
        is_believed = "believed" in (self.status("occurrence"), self.status("occurrence_end"))
        suffix = "_believed" if is_believed else ""
        if end is not None and self.day(end) != self.day(begin):
            text = self.say("occurred_between" + suffix, until=self.day(end), **{"from": self.day(begin)})
            return [Sentence(text=text, facts=("occurrence", "occurrence_end"))]
        return [Sentence(text=self.say("occurred" + suffix, day=self.day(begin)), facts=("occurrence",))]

    def found(self) -> list[Sentence]:
        moments = [(self.value(name), name) for name in FOUND if self.value(name) is not None]
        if not moments:
            return []
        moment, name = min(moments)
        key = "found_believed" if self.status(name) == "believed" else "found"
        return [Sentence(text=self.say(key, day=self.day(moment)), facts=(name,))]

    def what_we_do_not_know(self) -> Section:
        said = self.statement("what_we_do_not_know")
        for name, text in self.words.unknown.items():
            is_silent = self.status(name) == "missing" and name not in CORE
            if name == "next_update" or is_silent or self.status(name) in ("known", "believed"):
                continue
            if name == "acquired" and self.value("exfiltration") == "confirmed":
                continue
            if name == "occurrence" and self.status(name) == "missing" and self.when():
                continue
            if name in ABOUT_DATA and not self.is_about_data:
                continue
            kinds = self.group.data if name in ABOUT_DATA and "service" in self.group.kinds else ()
            said.append(Sentence(text=self.words.say(text), facts=(name,), kinds=kinds))
        return self.section("what_we_do_not_know", *said)

    @property
    def is_about_data(self) -> bool:
        return bool(self.group.data)

    def what_of_yours(self) -> Section:
        shown, sensitive = self.shown_and_hidden()
        said = [self.how_we_know(basis) for basis, here in self.group.bases.items() if here & set(self.group.data)]
        said += [self.item(kind) for kind in shown]
        if sensitive:
            said.append(Sentence(text=self.say("sensitive"), facts=("exposures",), kinds=sensitive, is_item=True))
        return self.section("what_of_yours", *(replace(sentence, readers=LIVING) for sentence in said))

    def what_of_theirs(self) -> Section:
        """The same about a person who has died: each kind by its name, without what it means “to you”."""
        shown, sensitive = self.shown_and_hidden()
        said = []
        for basis, here in self.group.bases.items():
            if here & set(self.group.data):
                key, facts = self.how_known(basis)
                said.append(self.to_family(key, facts=(*facts, "exposures"), kinds=self.group.data, bases=(basis,)))
        said += [self.item_of_theirs(kind) for kind in shown]
        if sensitive:
            said.append(self.to_family("sensitive", facts=("exposures",), kinds=sensitive, is_item=True))
        return self.section("what_of_theirs", *said)

    def shown_and_hidden(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The kinds of data that the letter names, and those that it leaves to a talk."""
        hidden = () if any("data" in item or "nature" in item for item in self.group.content if item != "nature") else SENSITIVE
        return tuple(kind for kind in self.group.data if kind not in hidden), tuple(kind for kind in self.group.data if kind in hidden)

    def how_we_know(self, basis: str) -> Sentence:
        """The sentence above the person's own data: what became of them, as far as it is known for a person of this basis."""
        key, facts = self.how_known(basis)
        return Sentence(text=self.say(key), facts=(*facts, "exposures"), kinds=self.group.data, bases=(basis,))

    def how_known(self, basis: str) -> tuple[str, tuple[str, ...]]:
        """The words for it, and the facts they rest on."""
        return {"content": self._found_in_files, "access": self._within_reach}.get(basis, lambda: ("yours_affected", ()))()

    def _found_in_files(self) -> tuple[str, tuple[str, ...]]:
        for name, wanted in (("acquired", True), ("exfiltration", "confirmed")):
            if self.value(name) == wanted:
                # Exposures hold one basis for each person: whoever was found in the files may have further data that were
                # only within reach. Where that can be, the sentence says no more than holds for all of the list.
                key = "yours_taken_or_reached" if self.group.is_mixed else "yours_taken"
                return (key if self.status(name) == "known" else "yours_believed"), (name,)
        return "yours_found", ()

    def _within_reach(self) -> tuple[str, tuple[str, ...]]:
        if self.value("acquired") is False:
            return ("reached_not_taken" if self.status("acquired") == "known" else "reached_not_taken_believed"), ("acquired",)
        return "reached", ()

    def item(self, kind: str) -> Sentence:
        named = self.words.kinds[kind]
        return Sentence(text=self.say("item", name=named.name, means=named.means), facts=("exposures",), kinds=(kind,), is_item=True)

    def item_of_theirs(self, kind: str) -> Sentence:
        return Sentence(text=literal(self.words.kinds[kind].name), facts=("exposures",), kinds=(kind,), is_item=True, readers=FAMILY)

    def what_did_not_work(self) -> Section:
        if "service" not in self.group.kinds:
            return self.section("what_did_not_work")
        intro = Sentence(text=self.say("not_working"), facts=("exposures",), kinds=("service",), readers=LIVING)
        theirs = self.to_family("not_working", facts=("exposures",), kinds=("service",))
        return self.section("what_did_not_work", intro, theirs, replace(self.item("service"), readers=LIVING), self.item_of_theirs("service"))

    def consequences(self) -> Section:
        said = self.statement("likely_consequences")
        for family in dict.fromkeys(KINDS[kind].family for kind in self.group.kinds):
            kinds = tuple(kind for kind in self.group.kinds if KINDS[kind].family == family)
            text = self.words.say(self.words.consequences[family])
            said.append(Sentence(text=text, facts=("exposures",), kinds=kinds, is_item=True, readers=LIVING))
            if family in self.words.family:
                said.append(self.to_family(family, facts=("exposures",), kinds=kinds, is_item=True))
        return self.section("consequences", *said, *self.statement("search_for_misuse"))

    def what_we_did(self) -> Section:
        said = [*self.statement("what_we_did"), *self.statement("law_enforcement_told")]
        told = self.value("notice_to_authority")
        if told is not None and self.status("notice_to_authority") == "known" and told <= self.now:
            said.append(Sentence(text=self.say("did_authority", day=self.day(told)), facts=("notice_to_authority",)))
        return self.section("what_we_did", *said, *self.statement("what_we_will_do"))

    def what_you_do(self) -> Section:
        said = [Sentence(text=self.say("do_intro"), readers=LIVING), self.to_family("do_intro")]
        for step in self.ranked_steps():
            if step.kinds and not set(step.kinds) & set(self.group.kinds) and not self._must_name(step):
                continue
            if step.role:
                said += self.bodies(step.role, step=step)
            elif not step.places or self.lives_in(step.places):
                said.append(self.step(self.step_text(step), step, step.kinds, step.places))
        return self.section("what_you_do", *said)

    def ranked_steps(self) -> list[advice.Step]:
        """Every step, the most protective first: what the kind of incident puts first is for everybody, whatever of theirs is affected."""
        general = advice.steps()
        by_id = {step.id: step for step in (*general, *self.incident.step)}
        first = [replace(by_id[id], kinds=()) for id in self.incident.first] if self.of_incident else []
        return [*first, *(step for step in general if step.id not in self.incident.first or not first)]

    def step_text(self, step: advice.Step) -> str:
        if step.id in self.words.steps:
            return self.words.say(self.words.steps[step.id])
        company = self.company
        return self.words.say(self.of_incident[f"step_{step.id}"], url=literal(company.notices_url), email=literal(company.privacy_email))

    def lives_in(self, places: tuple[str, ...]) -> bool:
        """Whether someone of the group lives in one of these places."""
        return any(lies_in(place, places) for place in self.group.places)

    def _must_name(self, step: advice.Step) -> bool:
        return step.id == "credit_freeze" and "cra_contacts" in self.group.content

    def step(self, text: str, step: advice.Step, kinds: tuple[str, ...], places: tuple[str, ...]) -> Sentence:
        minutes = self.say("minutes", n=step.minutes)
        return Sentence(text=self.say("step", text=text, minutes=minutes), kinds=kinds, places=places, is_item=True, readers=step.readers or LIVING)

    def bodies(self, role: str, step: advice.Step | None = None) -> list[Sentence]:
        """One sentence for each place that has such a body and where someone of the group lives."""
        said = []
        for place in advice.places():
            found = [body for body in place.contact if body.role == role]
            if not found or not any(lies_in(home, place.places) for home in self.group.places):
                continue
            kinds = self._kinds_for(found[0], step)
            if kinds is None:
                continue
            whom = literal(advice.whom(found, self.words))
            text = self.words.say(self.words.contacts[(step.contact if step else "") or role], whom=whom)
            said.append(self.step(text, step, kinds, place.places) if step else Sentence(text=text, kinds=kinds, places=place.places, is_item=True))
        return said

    def _kinds_for(self, body: advice.Body, step: advice.Step | None) -> tuple[str, ...] | None:
        """The kinds of the group for which body and step are of use; () for everybody, None for nobody."""
        wanted = [kinds for kinds in (body.kinds, step.kinds if step else ()) if kinds]
        if not wanted or (step and self._must_name(step)):
            return ()
        return tuple(kind for kind in self.group.kinds if all(kind in kinds for kinds in wanted)) or None

    def apology(self) -> Section:
        # Whoever missed a service did not lose data: each reads the apology for what was done to them.
        with_data = tuple(basis for basis, kinds in self.group.bases.items() if kinds - {"service"})
        without = tuple(basis for basis in self.group.bases if basis not in with_data)
        if not (with_data and without) or self.is_one_apology:
            return self.section("apology", *self.apologies(is_about_data=bool(with_data)))
        return self.section(
            "apology",
            *(replace(sentence, bases=with_data) for sentence in self.apologies(is_about_data=True)),
            *(replace(sentence, bases=without) for sentence in self.apologies(is_about_data=False)),
        )

    @property
    def is_one_apology(self) -> bool:
        """Whether all read the same: the kind of incident has an apology of its own, or counsel objected to any."""
        return "apology" in self.of_incident or self.value("counsel_on_apology") == "objected"

    def apologies(self, *, is_about_data: bool) -> tuple[Sentence, Sentence]:
        """To the living, and to the family of who has died, for whom nothing of this was “yours”."""
        said = self.apologise(is_about_data=is_about_data)
        key = "regret" if self.value("counsel_on_apology") == "objected" else "apology" if is_about_data else "apology_service"
        return replace(said, readers=LIVING), self.to_family(key, facts=said.facts)

    def apologise(self, *, is_about_data: bool) -> Sentence:
        """An apology that takes responsibility, with what counsel and insurer said of it as the facts it rests on."""
        asked = tuple(name for name in ABOUT_APOLOGY if name in self.facts)
        # Counsel may object to an apology; the person still reads that we regret what happened, never an "if".
        if self.value("counsel_on_apology") == "objected":
            return Sentence(text=self.say("regret"), facts=asked)
        text = self.of_incident.get("apology") or self.words.text["apology" if is_about_data else "apology_service"]
        return Sentence(text=self.words.say(text), facts=asked)

    def next_update(self) -> Section:
        moment = self.value("next_update")
        if moment is None or moment <= self.now:
            sentence = Sentence(text=self.say("next_update_unknown", url=literal(self.company.notices_url)), facts=("next_update",))
        else:
            key = "next_update_believed" if self.status("next_update") == "believed" else "next_update"
            sentence = Sentence(text=self.say(key, moment=self.words.moment(moment, self.zone), day=self.day(moment)), facts=("next_update",))
        return self.section("next_update", sentence)

    def whom_to_ask(self) -> Section:
        company = self.company
        said = []
        own = {place: number for place, number in company.phone.items() if any(lies_in(home, (place,)) for home in self.group.places)}
        for place, number in own.items():
            said.append(Sentence(text=self.say("phone", phone=literal(number)), places=(place,), is_item=True))
        if "default" in company.phone:
            said.append(Sentence(text=self.say("phone", phone=literal(company.phone["default"])), is_item=True))
        # The office is named in the company's own language only; in the others its address is enough.
        is_home = self.words.language.tag == wording.language_for(company.default_language, wording.languages(), "en")
        office = literal(company.privacy_contact) if is_home else ""
        email = (
            self.say("office", office=office, email=literal(company.privacy_email))
            if office
            else self.say("email", email=literal(company.privacy_email))
        )
        said.append(Sentence(text=email, is_item=True))
        said.append(Sentence(text=self.say("post", company=literal(company.legal_name), address=literal(company.address)), is_item=True))
        if any(lies_in(place, RIGHTS) for place in self.group.places):
            said += [Sentence(text=self.say("rights"), places=RIGHTS, readers=LIVING), self.to_family("rights", places=RIGHTS)]
        return self.section("whom_to_ask", *said, *self.bodies("regulator"), *self.bodies("agency"))

    def my_page(self) -> list[Sentence]:
        """An address to be typed by hand: a link that asks for a code is what false messages live from."""
        url = self.company.my_page_url
        # A second code would go to a mailbox that nobody opens any more: the family calls.
        return [Sentence(text=self.say("my_page", url=literal(url)), readers=LIVING)] if url else []

    def is_this_real(self) -> Section:
        return self.section(
            "is_this_real",
            Sentence(text=self.say("real_code")),
            Sentence(text=self.say("real_check", url=literal(self.company.notices_url))),
            Sentence(text=self.say("real_never")),
        )


def literal(text: str) -> str:
    """Text from outside our wording: its braces are not slots, and it stays on one line."""
    return braced(re.sub(r"\s*\n\s*", " ", text))
