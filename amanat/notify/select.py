"""What one person reads of a notice: their kinds of data, how we know of them, their place, and whether it is they who open it."""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace

from amanat.lib.private import Private
from amanat.terms.contact import Contact
from amanat.terms.notice import READERS, Notice, Section, Sentence
from amanat.terms.places import lies_in

# Marks that turn the direction of text around them: in a name they could make a sentence read otherwise.
# U+200C and U+200D stay: Persian and Indian names need them.
_TURNS = re.compile("[\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069\u0000-\u001f\u007f-\u009f\u2028\u2029\ufeff\ufff9-\ufffb]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterPerson:
    """One person who gets a notice: how to reach them, what of theirs is affected, how we know it, and their code."""

    contact: Contact
    kinds: frozenset[str]
    basis: str
    code: str
    stamp: str = ""  # `notify.stamp`


def reader_of(contact: Contact) -> str:
    """Who opens the message: one of `terms.notice.READERS`."""
    if not contact.name or not clean(contact.name):
        return "nameless"
    if contact.deceased:
        return "family"
    return "guardian" if contact.minor else "self"


def is_for(sentence: Sentence, kinds: Collection[str], basis: str, residence: str | None, reader: str) -> bool:
    """Whether this person reads the sentence."""
    return (
        _is_spoken(sentence, basis, reader)
        and (not sentence.kinds or any(kind in kinds for kind in sentence.kinds))
        and lies_in(residence, sentence.places)
    )


def bases_of(notice: Notice) -> tuple[str, ...]:
    """The bases among which the notice chooses, the first that it names first; only "" when it does not choose."""
    named = [basis for section in notice.sections for sentence in section.sentences for basis in sentence.bases]
    return tuple(dict.fromkeys(named)) or ("",)


def variants(notice: Notice) -> Iterator[Notice]:
    """The notice as each basis and each reader gets it, with every kind and place; what is the same for two comes once."""
    seen = set()
    for basis in bases_of(notice):
        for reader in READERS:
            kept = [replace(section, sentences=tuple(s for s in section.sentences if _is_spoken(s, basis, reader))) for section in notice.sections]
            sections = tuple(section for section in kept if section.sentences)
            if sections not in seen:
                seen.add(sections)
                yield replace(notice, sections=sections)


def for_reader(notice: Notice, reader: str) -> Notice:
    """The notice as one kind of reader opens it: a text of its own to be read and judged, not one that is sent."""
    kept = [
        replace(section, sentences=tuple(replace(s, readers=()) for s in section.sentences if not s.readers or reader in s.readers))
        for section in notice.sections
    ]
    group = f"{notice.letter_group}-{reader}"
    return replace(
        notice,
        id=f"{group}.{notice.language}",
        letter_group=group,
        audience=reader,
        title=title_for(notice, reader),
        greeting=greeting_for(notice, reader),
        other_greetings=(),
        other_titles=(),
        sections=tuple(section for section in kept if section.sentences),
    )


def _is_spoken(sentence: Sentence, basis: str, reader: str) -> bool:
    return (not sentence.readers or reader in sentence.readers) and (not sentence.bases or basis in sentence.bases)


def sections_for(notice: Notice, kinds: Collection[str], basis: str, residence: str | None, reader: str) -> list[Section]:
    """The sections with what this person reads; empty ones are left out."""
    kept = []
    for section in notice.sections:
        sentences = tuple(s for s in section.sentences if is_for(s, kinds, basis, residence, reader))
        if sentences:
            kept.append(Section(id=section.id, heading=section.heading, sentences=sentences))
    return kept


def blocks(sentences: tuple[Sentence, ...]) -> list[tuple[bool, list[Sentence]]]:
    """Sentences in blocks: list items together, sentences in paragraphs; the one with the code stands alone so that it is found."""
    made: list[tuple[bool, list[Sentence]]] = []
    for number, sentence in enumerate(sentences):
        stands_alone = "{code}" in sentence.text or (number and "{code}" in sentences[number - 1].text)
        if made and made[-1][0] == sentence.is_item and not stands_alone:
            made[-1][1].append(sentence)
        else:
            made.append((sentence.is_item, [sentence]))
    return made


def greeting_for(notice: Notice, reader: str) -> str:
    """The greeting that fits whoever opens the message, with its slots."""
    return next((s.text for s in notice.other_greetings if reader in s.readers), notice.greeting)


def title_for(notice: Notice, reader: str) -> str:
    """The title that fits whoever opens the message."""
    return next((s.text for s in notice.other_titles if reader in s.readers), notice.title)


def clean(value: Private | None, *, most: int = 120) -> str:
    """A name or line of an address as it may be printed: one line, no marks that turn text around, of bounded length.

    >>> clean(Private("name", "Sara\\n\u202eEve"))
    'Sara Eve'
    """
    if value is None:
        return ""
    return " ".join(_TURNS.sub(" ", value.reveal(why="printed in the person's own message")).split())[:most]
