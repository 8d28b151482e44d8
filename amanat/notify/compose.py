"""Notices from the fact ledger: one text for each letter group and language, every sentence with the facts it rests on.

What is known is said as it is, what is believed is said as a belief, and what is unknown is said to be unknown. The one
text holds what each of its readers needs: a sentence may be for some kinds, places, readers, or bases (how we know that it
is about this person: found in the files, within the attackers' reach, or without service).
"""

from collections.abc import Mapping
from datetime import datetime
from urllib.parse import urlsplit

import pyarrow as pa

from amanat import wording
from amanat.lib.errors import Fixable
from amanat.notify.groups import Group, groups
from amanat.notify.writer import Writer, literal
from amanat.terms.assessment import Assessment
from amanat.terms.company import Company
from amanat.terms.fact import Fact
from amanat.terms.notice import Notice, Section, Sentence
from amanat.wording.language import Words


class BadNoticesUrl(Fixable):
    """The company's notices page is not an address of the net."""


def compose(
    facts: Mapping[str, Fact], company: Company, assessment: Assessment, exposures: pa.Table, persons_duties: pa.Table, *, now: datetime
) -> list[Notice]:
    """One notice for each letter group and language that occurs among the persons who are told."""
    if urlsplit(company.notices_url).scheme not in ("http", "https") or not urlsplit(company.notices_url).hostname:
        raise BadNoticesUrl("company.toml: notices_url must be a whole address, such as https://www.example.org/notices")
    if company.my_page_url and (urlsplit(company.my_page_url).scheme not in ("http", "https") or not urlsplit(company.my_page_url).hostname):
        raise BadNoticesUrl("company.toml: my_page_url must be a whole address, such as https://www.example.org/my, or be left out")
    return [notice_for(group, facts, company, now=now) for group in groups(company, assessment, exposures, persons_duties)]


def notice_for(group: Group, facts: Mapping[str, Fact], company: Company, *, now: datetime) -> Notice:
    """The notice of one group."""
    words = wording.words(group.language)
    writer = Writer(group, facts, company, words, now)
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
        subject=words.say(t["subject"], company=literal(company.name)),
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
                literal(company.signatory),
                literal(company.signatory_title.get(group.language, company.signatory_title.get(company.default_language, ""))),
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
