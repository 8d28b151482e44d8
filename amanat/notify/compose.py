"""Notices from the fact ledger: one text for each letter group and language, every sentence with the facts it rests on.

What is known is said as it is, what is believed is said as a belief, and what is unknown is said to be unknown. The one
text holds what each of its readers needs: a sentence may be for some kinds, places, readers, or bases (how we know that it
is about this person: found in the files, within the attackers' reach, or without service).
"""

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime
from urllib.parse import urlsplit

import pyarrow as pa

from amanat import wording
from amanat.lib.errors import Fixable
from amanat.notify.audience import PERSONS, Audience, audience_named
from amanat.notify.groups import Group, available, groups, kinds_in, n_told
from amanat.notify.outside import Case, Outside
from amanat.notify.select import for_reader
from amanat.notify.writer import Writer, literal
from amanat.terms.assessment import Assessment
from amanat.terms.company import Company
from amanat.terms.fact import Fact
from amanat.terms.notice import Notice, Section, Sentence
from amanat.terms.places import lies_in
from amanat.wording.language import Words


class BadNoticesUrl(Fixable):
    """The company's notices page is not an address of the net."""


class NoExposures(Fixable):
    """Notices to the persons of a case need the case."""


def compose(
    facts: Mapping[str, Fact],
    company: Company,
    assessment: Assessment | None = None,
    exposures: pa.Table | None = None,
    persons_duties: pa.Table | None = None,
    *,
    now: datetime,
    audience: str = "individuals",
    incident: str | None = None,
    languages: Collection[str] | None = None,
    is_easy: bool = False,
    counted: Case | None = None,
) -> list[Notice]:
    """The texts of a case for one audience: by default one notice for each letter group and language of the persons who are told.

    Another audience ("press", "public", "partner", "employee", "agent", "authority", "controller"; `audiences()` names them all)
    gets one text in each language. It needs facts and company alone; what was counted in the case goes in where it is given:

        [release] = notify.compose(facts, company, assessment, exposures, persons_duties, now=now, audience="press", languages=["fr"])
        [page] = notify.compose(facts, company, now=now, audience="public", incident="account_takeover", languages=["en"], is_easy=True)

    The answer is a Notice like any other: `title`, `sections` (each with `id`, `heading` and sentences; `is_item` stands in a
    list, and the list of "what_you_do" is ranked), `closing`. `notify.as_text(notice)` sets it as plain text. Of a call-centre
    text each section is one question with its answer. Nothing of it waits for an approval: whoever publishes it asks for one.

    Args:
        incident: how it is told (`incidents()` names them); by default as the fact `incident_kind` says.
        languages: tags; by default those of the company. For persons, who have their own, only where there are no exposures.
        is_easy: in easy language; of a person whose own language is "fr-x-easy" that form is written in any case.
        counted: what was counted elsewhere, for another audience, where there are no tables of exposures.
    """
    if urlsplit(company.notices_url).scheme not in ("http", "https") or not urlsplit(company.notices_url).hostname:
        raise BadNoticesUrl("company.toml: notices_url must be a whole address, such as https://www.example.org/notices")
    if company.my_page_url and (urlsplit(company.my_page_url).scheme not in ("http", "https") or not urlsplit(company.my_page_url).hostname):
        raise BadNoticesUrl("company.toml: my_page_url must be a whole address, such as https://www.example.org/my, or be left out")
    tags = [wording.easy(tag) if is_easy else tag for tag in (languages if languages is not None else available(company))]
    if audience not in PERSONS:
        case = counted or _case(audience_named(audience), assessment, exposures, persons_duties, company)
        return [Outside(audience_named(audience), case, facts, company, wording.words(tag), now, incident=incident).notice(_tag(tag)) for tag in tags]
    if assessment is None or exposures is None or persons_duties is None:
        found = [_to_everybody(_tag(tag), company) for tag in tags]
    else:
        found = groups(company, assessment, exposures, persons_duties)
        found = [replace(group, language=_tag(wording.easy(group.language))) for group in found] if is_easy else found
    made = [notice_for(group, facts, company, now=now, incident=incident) for group in found]
    return [for_reader(notice, "guardian") for notice in made] if audience == "guardian" else made


def _tag(tag: str) -> str:
    """The tag as our own file spells it; raises UnknownLanguage."""
    return wording.easy(wording.words(tag).language.tag) if wording.words(tag).is_easy else wording.words(tag).language.tag


def _to_everybody(language: str, company: Company) -> Group:
    """Everybody whom the company can write to: of an incident in which nobody was counted."""
    return Group(letter_group="general", language=language, kinds=(), bases={}, is_mixed=False, places=(company.country,), duties=(), n_told=0)


def _case(audience: Audience, assessment: Assessment | None, exposures: pa.Table | None, persons_duties: pa.Table | None, company: Company) -> Case:
    """What was counted, as far as it is there."""
    duties = assessment.duties if assessment else ()
    own = tuple(duty for duty in duties if audience.duties_to and duty.to == audience.duties_to and duty.state in ("due", "undetermined"))
    at_home = [duty.zone for duty in duties if duty.zone and lies_in(company.country, duty.places)]
    return Case(
        kinds=kinds_in(exposures) if exposures is not None else (),
        n_told=n_told(exposures, persons_duties) if exposures is not None and persons_duties is not None else None,
        duties=own,
        zone=next((zone for zone in (*at_home, *(duty.zone for duty in duties)) if zone), ""),
    )


def notice_for(group: Group, facts: Mapping[str, Fact], company: Company, *, now: datetime, incident: str | None = None) -> Notice:
    """The notice of one group."""
    words = wording.words(group.language)
    writer = Writer(group, facts, company, words, now, incident=incident)
    sections = writer.sections()
    if len(group.headings) == 5:
        sections = _under(sections, group.headings, words)
    t = words.text
    return Notice(
        id=f"{group.letter_group}.{group.language}",
        letter_group=group.letter_group,
        language=group.language,
        audience="individuals",
        title=_title(group, words, writer.of_incident.get("title", "")),
        subject=words.say(t["subject"], company=literal(company.name)),
        greeting=writer.say("greeting"),
        other_greetings=(
            Sentence(text=writer.say("greeting_nameless"), readers=("nameless",)),
            Sentence(text=writer.say("greeting_guardian"), readers=("guardian",)),
            Sentence(text=writer.say("greeting_family"), readers=("family",)),
        ),
        other_titles=(Sentence(text=_title(group, words, words.text["title_other"]), readers=("family",)),),
        sections=sections,
        closing="\n".join(
            part
            for part in (
                writer.say("closing"),
                literal(company.signatory),
                literal(company.signatory_title.get(words.language.tag, company.signatory_title.get(company.default_language, ""))),
                literal(company.name),
            )
            if part
        ),
        duty_ids=tuple(d.id for d in group.duties),
        content=group.content,
    )


# Where our sections stand under the five headings that a law prescribes (California).
_UNDER = (
    ("what_happened", "what_we_do_not_know", "apology", "consequences"),
    ("what_of_yours", "what_of_theirs", "what_did_not_work"),
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


def _title(group: Group, words: Words, of_incident: str) -> str:
    own = words.say(of_incident or words.text["title" if group.data and "service" not in group.kinds else "title_other"])
    if len(group.headings) != 5:
        return own
    return "Notice of Data Breach" if words.language.tag == "en" else f"{own} (Notice of Data Breach)"
