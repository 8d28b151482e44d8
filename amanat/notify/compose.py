"""Notices from the fact ledger: one text for each letter group and language, every sentence with the facts it rests on.

What is known is said as it is, what is believed is said as a belief, and what is unknown is said to be unknown. The one
text holds what each of its readers needs: a sentence may be for some kinds, places, readers, or bases (how we know that it
is about this person: found in the files, within the attackers' reach, or without service).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import pyarrow as pa
import pyarrow.compute as pc

from amanat import wording
from amanat.lib.errors import Fixable, did_you_mean
from amanat.notify import advice
from amanat.terms.assessment import Assessment, Duty
from amanat.terms.company import Company
from amanat.terms.fact import Fact
from amanat.terms.kinds import KINDS
from amanat.terms.notice import Notice, Section, Sentence
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

# The order in which the variants of a text stand: what is surest first; "" where the exposures do not say.
BASES = ("content", "access", "service", "")

SLOTS = ("name", "code")


class UnknownKind(Fixable):
    """The exposures hold a kind of data that has no words."""


class BadNoticesUrl(Fixable):
    """The company's notices page is not an address of the net."""


class UnusableGroup(Fixable):
    """A letter group whose name cannot stand in a file name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Persons who get the same notice: which kinds of data and places occur among them."""

    letter_group: str
    language: str
    kinds: tuple[str, ...]
    bases: Mapping[str, frozenset[str]]  # kinds that occur with each basis; "" where the exposures say none
    is_mixed: bool  # somewhere in the incident persons are known by access alone, so that some of what is listed may be, too
    places: tuple[str, ...]
    duties: tuple[Duty, ...]
    n_told: int  # in the whole incident, without outsiders

    @property
    def data(self) -> tuple[str, ...]:
        """The kinds without `service`, which is no data."""
        return tuple(kind for kind in self.kinds if kind != "service")

    @property
    def content(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(item for duty in self.duties for item in duty.content))

    def forbids(self, word: str) -> bool:
        return any(word in item.lower() for duty in self.duties for item in duty.forbidden)

    @property
    def headings(self) -> tuple[str, ...]:
        return next((duty.headings for duty in self.duties if duty.headings), ())

    @property
    def zone(self) -> str:
        # Californians of a European hotel are owed a letter under both laws; its dates are those of California.
        own = [duty for duty in self.duties if duty.letter_group == self.letter_group]
        return next((duty.zone for duty in (*own, *self.duties) if duty.zone), "UTC")


def compose(
    facts: Mapping[str, Fact], company: Company, assessment: Assessment, exposures: pa.Table, persons_duties: pa.Table, *, now: datetime
) -> list[Notice]:
    """One notice for each letter group and language that occurs among the persons who are told."""
    if urlsplit(company.notices_url).scheme not in ("http", "https") or not urlsplit(company.notices_url).hostname:
        raise BadNoticesUrl("company.toml: notices_url must be a whole address, such as https://www.example.org/notices")
    if company.my_page_url and (urlsplit(company.my_page_url).scheme not in ("http", "https") or not urlsplit(company.my_page_url).hostname):
        raise BadNoticesUrl("company.toml: my_page_url must be a whole address, such as https://www.example.org/my, or be left out")
    return [notice_for(group, facts, company, now=now) for group in groups(company, assessment, exposures, persons_duties)]


def assign(exposures: pa.Table, persons_duties: pa.Table, company: Company) -> pa.Table:
    """Which notice each person gets: `person_id, notice_id`, in the order of `persons_duties`."""
    languages = _languages(exposures, persons_duties, company)
    letter_groups = pc.fill_null(persons_duties["letter_group"], "")
    letter_groups = pc.if_else(pc.equal(letter_groups, ""), "general", letter_groups)
    return pa.table({"person_id": persons_duties["person_id"], "notice_id": pc.binary_join_element_wise(letter_groups, languages, ".")})


def fallbacks(exposures: pa.Table, persons_duties: pa.Table, company: Company) -> str:
    """Sentences in English: how many persons get the message in another language than their own, and which."""
    words = wording.words("en")
    tags = _tags(exposures, persons_duties)
    missing: dict[str, list[tuple[str, int]]] = {}
    says = []
    for counted in pc.value_counts(tags).to_pylist():
        tag, n = counted["values"], counted["counts"]
        got, why = wording.choose_language(tag, _available(company), company.default_language)
        name = wording.languages()[got]
        if not (tag or "").strip():
            says.append(words.say(words.text["no_language"], n=n, language=name))
        elif why:
            missing.setdefault(name, []).append((tag, n))
    for name, tagged in sorted(missing.items()):
        says.append(
            words.say(words.text["fallback"], n=sum(n for _, n in tagged), language=name, missing=words.listed(sorted({tag for tag, _ in tagged})))
        )
    return " ".join(says) or words.say(words.text["fallback"], n=0, language="", missing="")


def groups(company: Company, assessment: Assessment, exposures: pa.Table, persons_duties: pa.Table) -> list[Group]:
    """The groups that occur, in alphabetical order."""
    rows = _rows(exposures, persons_duties)
    assigned = assign(exposures, persons_duties, company)["notice_id"]
    # Outsiders have no address with us: the law may ask us to tell them, but we do not claim to write to them.
    n_told = rows.num_rows - (pc.sum(pc.equal(rows["state"], "outsider")).as_py() or 0)
    is_mixed = pc.any(pc.equal(exposures["basis"], "access")).as_py() or False
    found = []
    for notice_id in sorted(pc.unique(assigned).to_pylist()):
        letter_group, _, language = notice_id.rpartition(".")
        if not re.fullmatch(r"[a-z0-9][a-z0-9._-]*", letter_group):
            raise UnusableGroup(f"letter group {letter_group!r}: small letters, digits, '-' and '.' only; mend it in the law file")
        mine = pc.equal(assigned, notice_id)
        here, told = rows.filter(mine), persons_duties.filter(mine)
        named = set(pc.unique(pc.list_flatten(told["duty_ids"].combine_chunks())).to_pylist())
        kinds = set(pc.unique(pc.list_flatten(here["kinds"].combine_chunks())).to_pylist())
        if unknown := sorted(kinds - KINDS.keys() - {None}):
            raise UnknownKind(f"exposures: {unknown[0]!r} is not a kind of data{did_you_mean(unknown[0], KINDS)}; see terms/kinds.py")
        found.append(
            Group(
                letter_group=letter_group,
                language=language,
                kinds=tuple(kind for kind in KINDS if kind in kinds),
                bases=_bases(here),
                is_mixed=is_mixed,
                places=tuple(sorted(p for p in pc.unique(here["residence"]).to_pylist() if p)),
                duties=tuple(
                    d
                    for d in assessment.duties
                    if d.to == "individuals" and (d.id in named or (d.letter_group == letter_group and d.state in ("due", "undetermined")))
                ),
                n_told=n_told,
            )
        )
    return found


def notice_for(group: Group, facts: Mapping[str, Fact], company: Company, *, now: datetime) -> Notice:
    """The notice of one group."""
    words = wording.words(group.language)
    writer = _Writer(group, facts, company, words, now)
    sections = writer.sections()
    if len(group.headings) == 5:
        sections = _under(sections, group.headings, words)
    t = words.text
    return Notice(
        id=f"{group.letter_group}.{group.language}",
        letter_group=group.letter_group,
        language=group.language,
        audience="individuals",
        title=_title(group, words),
        subject=words.say(t["subject"], company=_literal(company.name)),
        greeting=writer.say("greeting"),
        other_greetings=(
            Sentence(text=writer.say("greeting_nameless"), readers=("nameless",)),
            Sentence(text=writer.say("greeting_guardian"), readers=("guardian",)),
            Sentence(text=writer.say("greeting_family"), readers=("family",)),
        ),
        sections=sections,
        closing="\n".join(
            part
            for part in (
                writer.say("closing"),
                _literal(company.signatory),
                _literal(company.signatory_title.get(group.language, company.signatory_title.get(company.default_language, ""))),
                _literal(company.name),
            )
            if part
        ),
        duty_ids=tuple(d.id for d in group.duties),
        content=group.content,
    )


class _Writer:
    """Writes the sections of one notice."""

    def __init__(self, group: Group, facts: Mapping[str, Fact], company: Company, words: Words, now: datetime) -> None:
        self.group, self.facts, self.company, self.words, self.now = group, facts, company, words, now

    # ---- small tools ----

    def say(self, key: str, /, **values: Any) -> str:
        return self.words.say(self.words.text[key], **{slot: "{" + slot + "}" for slot in SLOTS} | values)

    def status(self, name: str) -> str:
        fact = self.facts.get(name)
        return fact.status if fact else "missing"

    def value(self, name: str) -> Any:
        fact = self.facts.get(name)
        return fact.value if fact and fact.status != "unknown" else None

    def told(self, name: str) -> str:
        """The statement in this language, ready for a sentence; empty when there is none."""
        value = self.value(name)
        return _literal(str(value.get(self.words.language.tag, "")).strip()) if isinstance(value, dict) else ""

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
        return self.words.day(moment, self.group.zone)

    # ---- the sections ----

    def sections(self) -> tuple[Section, ...]:
        silent = self.group.forbids("nature")
        made = [
            self.readers(),
            *([] if silent else [self.what_happened(), self.what_we_do_not_know()]),
            self.apology(),
            self.what_of_yours(),
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
                Sentence(text=self.say("family_note"), facts=("exposures",), readers=("family",)),
            ),
        )

    def what_happened(self) -> Section:
        said = self.statement("what_happened")
        kind = self.value("incident_kind")
        if not said and kind:
            text = self.say(f"happened_{kind}")
            said = [
                Sentence(text=self.say("believed", statement=text) if self.status("incident_kind") == "believed" else text, facts=("incident_kind",))
            ]
        said += [*self.when(), *self.found(), *self.statement("cause", "cause"), *self.statement("delay_reason", "delay")]
        held = self.value("law_enforcement_hold")
        if held is not None and (held or "law_enforcement_delay" in self.group.content):
            said.append(Sentence(text=self.say("held" if held else "not_held"), facts=("law_enforcement_hold",)))
        if not self.group.forbids("number"):
            said.append(Sentence(text=self.say("told", n=self.group.n_told), facts=("exposures",)))
        return self.section("what_happened", *said)

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
            if name in ABOUT_DATA and not self.group.data:
                continue
            kinds = self.group.data if name in ABOUT_DATA and "service" in self.group.kinds else ()
            said.append(Sentence(text=self.words.say(text), facts=(name,), kinds=kinds))
        return self.section("what_we_do_not_know", *said)

    def what_of_yours(self) -> Section:
        hidden = () if any("data" in item or "nature" in item for item in self.group.content if item != "nature") else SENSITIVE
        kinds = tuple(kind for kind in self.group.data if kind not in hidden)
        said = [self.how_we_know(basis) for basis, here in self.group.bases.items() if here & set(self.group.data)]
        said += [self.item(kind) for kind in kinds]
        sensitive = tuple(kind for kind in self.group.data if kind in hidden)
        if sensitive:
            said.append(Sentence(text=self.say("sensitive"), facts=("exposures",), kinds=sensitive, is_item=True))
        return self.section("what_of_yours", *said)

    def how_we_know(self, basis: str) -> Sentence:
        """The sentence above the person's own data: what became of them, as far as it is known for a person of this basis."""
        key, facts = {"content": self._found_in_files, "access": self._within_reach}.get(basis, lambda: ("yours_affected", ()))()
        return Sentence(text=self.say(key), facts=(*facts, "exposures"), kinds=self.group.data, bases=(basis,))

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

    def what_did_not_work(self) -> Section:
        if "service" not in self.group.kinds:
            return self.section("what_did_not_work")
        intro = Sentence(text=self.say("not_working"), facts=("exposures",), kinds=("service",))
        return self.section("what_did_not_work", intro, self.item("service"))

    def consequences(self) -> Section:
        said = self.statement("likely_consequences")
        for family in dict.fromkeys(KINDS[kind].family for kind in self.group.kinds):
            kinds = tuple(kind for kind in self.group.kinds if KINDS[kind].family == family)
            said.append(Sentence(text=self.words.say(self.words.consequences[family]), facts=("exposures",), kinds=kinds, is_item=True))
        return self.section("consequences", *said, *self.statement("search_for_misuse"))

    def what_we_did(self) -> Section:
        said = [*self.statement("what_we_did"), *self.statement("law_enforcement_told")]
        told = self.value("notice_to_authority")
        if told is not None and self.status("notice_to_authority") == "known" and told <= self.now:
            said.append(Sentence(text=self.say("did_authority", day=self.day(told)), facts=("notice_to_authority",)))
        return self.section("what_we_did", *said, *self.statement("what_we_will_do"))

    def what_you_do(self) -> Section:
        said = [Sentence(text=self.say("do_intro"))]
        for step in advice.steps():
            if step.kinds and not set(step.kinds) & set(self.group.kinds) and not self._must_name(step):
                continue
            if step.role:
                said += self.bodies(step.role, step=step)
            elif not step.places or any(lies_in(place, step.places) for place in self.group.places):
                said.append(self.step(self.words.say(self.words.steps[step.id]), step, step.kinds, step.places))
        return self.section("what_you_do", *said)

    def _must_name(self, step: advice.Step) -> bool:
        return step.id == "credit_freeze" and "cra_contacts" in self.group.content

    def step(self, text: str, step: advice.Step, kinds: tuple[str, ...], places: tuple[str, ...]) -> Sentence:
        minutes = self.say("minutes", n=step.minutes)
        return Sentence(text=self.say("step", text=text, minutes=minutes), kinds=kinds, places=places, is_item=True, readers=step.readers)

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
            whom = _literal(advice.whom(found, self.words))
            text = self.words.say(self.words.contacts[role], whom=whom)
            said.append(self.step(text, step, kinds, place.places) if step else Sentence(text=text, kinds=kinds, places=place.places, is_item=True))
        return said

    def _kinds_for(self, body: advice.Body, step: advice.Step | None) -> tuple[str, ...] | None:
        """The kinds of the group for which body and step are of use; () for everybody, None for nobody."""
        wanted = [kinds for kinds in (body.kinds, step.kinds if step else ()) if kinds]
        if not wanted or (step and self._must_name(step)):
            return ()
        return tuple(kind for kind in self.group.kinds if all(kind in kinds for kinds in wanted)) or None

    def apology(self) -> Section:
        # Counsel may object to an apology; the person still reads that we regret what happened, never an "if".
        if self.value("counsel_on_apology") == "objected":
            return self.section("apology", Sentence(text=self.say("regret")))
        # Whoever missed a service did not lose data: each reads the apology for what was done to them.
        with_data = tuple(basis for basis, kinds in self.group.bases.items() if kinds - {"service"})
        without = tuple(basis for basis in self.group.bases if basis not in with_data)
        if not (with_data and without):
            return self.section("apology", Sentence(text=self.say("apology" if with_data else "apology_service")))
        return self.section("apology", Sentence(text=self.say("apology"), bases=with_data), Sentence(text=self.say("apology_service"), bases=without))

    def next_update(self) -> Section:
        moment = self.value("next_update")
        if moment is None or moment <= self.now:
            sentence = Sentence(text=self.say("next_update_unknown", url=_literal(self.company.notices_url)), facts=("next_update",))
        else:
            key = "next_update_believed" if self.status("next_update") == "believed" else "next_update"
            sentence = Sentence(text=self.say(key, moment=self.words.moment(moment, self.group.zone)), facts=("next_update",))
        return self.section("next_update", sentence)

    def whom_to_ask(self) -> Section:
        company = self.company
        said = []
        own = {place: number for place, number in company.phone.items() if any(lies_in(home, (place,)) for home in self.group.places)}
        for place, number in own.items():
            said.append(Sentence(text=self.say("phone", phone=_literal(number)), places=(place,), is_item=True))
        if "default" in company.phone:
            said.append(Sentence(text=self.say("phone", phone=_literal(company.phone["default"])), is_item=True))
        # The office is named in the company's own language only; in the others its address is enough.
        is_home = self.words.language.tag == wording.language_for(company.default_language, wording.languages(), "en")
        office = _literal(company.privacy_contact) if is_home else ""
        email = (
            self.say("office", office=office, email=_literal(company.privacy_email))
            if office
            else self.say("email", email=_literal(company.privacy_email))
        )
        said.append(Sentence(text=email, is_item=True))
        said.append(Sentence(text=self.say("post", company=_literal(company.legal_name), address=_literal(company.address)), is_item=True))
        if any(lies_in(place, RIGHTS) for place in self.group.places):
            said.append(Sentence(text=self.say("rights"), places=RIGHTS))
        return self.section("whom_to_ask", *said, *self.bodies("regulator"), *self.bodies("agency"))

    def my_page(self) -> list[Sentence]:
        """An address to be typed by hand: a link that asks for a code is what false messages live from."""
        url = self.company.my_page_url
        return [Sentence(text=self.say("my_page", url=_literal(url)))] if url else []

    def is_this_real(self) -> Section:
        return self.section(
            "is_this_real",
            Sentence(text=self.say("real_code")),
            Sentence(text=self.say("real_check", url=_literal(self.company.notices_url))),
            Sentence(text=self.say("real_never")),
        )


# Where our sections stand under the five headings that a law prescribes (California).
_UNDER = (
    ("what_happened", "what_we_do_not_know", "apology", "consequences"),
    ("what_of_yours", "what_did_not_work"),
    ("what_we_did", "how_we_help", "next_update"),
    ("what_you_do",),
    ("whom_to_ask", "is_this_real"),
)


def _under(sections: tuple[Section, ...], headings: tuple[str, ...], words: Words) -> tuple[Section, ...]:
    by_id = {section.id: section for section in sections}
    made = [section for section in sections if section.id == "readers"]
    for heading, ids in zip(headings, _UNDER, strict=True):
        sentences = tuple(sentence for id in ids if id in by_id for sentence in by_id[id].sentences)
        if sentences:
            # Other languages keep the prescribed heading beside their own, so that the law's words are on the page.
            shown = heading if words.language.tag == "en" else f"{words.headings[ids[0]]} ({heading})"
            made.append(Section(id=ids[0], heading=shown, sentences=sentences))
    return tuple(made)


def _title(group: Group, words: Words) -> str:
    own = words.say(words.text["title" if group.data and "service" not in group.kinds else "title_other"])
    if len(group.headings) != 5:
        return own
    return "Notice of Data Breach" if words.language.tag == "en" else f"{own} (Notice of Data Breach)"


def _literal(text: str) -> str:
    """Text from outside our wording: its braces are not slots, and it stays on one line."""
    return re.sub(r"\s*\n\s*", " ", text).replace("{", "{{").replace("}", "}}")


def _available(company: Company) -> list[str]:
    ours = wording.languages()
    chosen = [wording.choose_language(tag, ours, "en") for tag in (*company.languages, company.default_language)]
    return sorted({language for language, reason in chosen if not reason}) or ["en"]


def _rows(exposures: pa.Table, persons_duties: pa.Table) -> pa.Table:
    """The exposures of the persons in `persons_duties`, in their order; a person without exposure has nulls."""
    where = pc.index_in(persons_duties["person_id"], value_set=exposures["person_id"].combine_chunks())
    return exposures.select(["kinds", "residence", "language", "state", "basis"]).take(where)


def _bases(rows: pa.Table) -> dict[str, frozenset[str]]:
    """The kinds of data that occur with each basis."""
    bases = pc.fill_null(rows["basis"], "")
    found = {}
    for basis in sorted(pc.unique(bases).to_pylist(), key=lambda basis: (*BASES, basis).index(basis)):
        kinds = rows.filter(pc.equal(bases, basis))["kinds"].combine_chunks()
        found[basis] = frozenset(pc.unique(pc.list_flatten(kinds)).to_pylist()) - {None}
    return found


def _tags(exposures: pa.Table, persons_duties: pa.Table) -> pa.ChunkedArray:
    return _rows(exposures, persons_duties)["language"]


def _languages(exposures: pa.Table, persons_duties: pa.Table, company: Company) -> pa.ChunkedArray:
    tags = _tags(exposures, persons_duties)
    available = _available(company)
    unique = pc.unique(tags)
    resolved = pa.array([wording.language_for(tag, available, company.default_language) for tag in unique.to_pylist()], pa.string())
    return resolved.take(pc.index_in(tags, value_set=unique).combine_chunks()) if len(unique) else pa.chunked_array([pa.array([], pa.string())])
