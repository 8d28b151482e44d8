"""Notice: the text that one group of persons gets in one language, sentence by sentence, each with its facts."""

import hashlib
import json
from dataclasses import asdict, dataclass
from typing import Any

# Who opens the letter: the person, someone whose name we do not know, a minor's parent or guardian, the family of a person who has died.
READERS = ("self", "nameless", "guardian", "family")
LIVING = ("self", "nameless", "guardian")  # whoever opens a message about somebody who lives


def braced(text: str) -> str:
    """Words from elsewhere as a sentence takes them: their braces are no slots.

    >>> braced("{name} & Sons")
    '{{name}} & Sons'
    """
    return text.replace("{", "{{").replace("}", "}}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """One statement of a notice."""

    text: str  # plain text; {slots} are filled per person
    facts: tuple[str, ...] = ()  # facts it rests on
    kinds: tuple[str, ...] = ()  # only for persons of whom any of these kinds is exposed; empty: for all
    places: tuple[str, ...] = ()  # only for residents of these places; empty: for all
    bases: tuple[str, ...] = ()  # only for persons whose exposure has one of these bases (terms.exposure.Basis); empty: for all
    is_item: bool = False  # stands in a list
    readers: tuple[str, ...] = ()  # only for these of READERS; empty: for all


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A heading and what stands below it."""

    id: str  # what_happened | what_we_do_not_know | what_of_yours | consequences | what_we_did | what_you_do | how_we_help | whom_to_ask | …
    heading: str
    sentences: tuple[Sentence, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What the honesty gate says about a notice."""

    check: str
    is_blocking: bool
    says: str
    where: str  # section id, or ""
    quote: str
    rewrite: str  # what to write instead, or ""
    overruled_by: str = ""  # who let an advice stand
    reason: str = ""  # and why


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """One text: letter group × language, or audience × language. Channels only set it differently."""

    id: str  # "us-ca.en"
    letter_group: str
    language: str  # "fr"; "fr-x-easy" is its easy-read form
    audience: str  # "individuals", or who else reads it: a file of notify/audiences
    title: str
    subject: str  # discreet: reveals nothing on the outside
    greeting: str  # with the slot {name}
    sections: tuple[Section, ...]
    closing: str
    duty_ids: tuple[str, ...]
    content: tuple[str, ...] = ()  # items the letter must hold, by law
    other_greetings: tuple[Sentence, ...] = ()  # for the readers whom `greeting` does not fit
    other_titles: tuple[Sentence, ...] = ()  # for the readers whom `title` does not fit

    @property
    def content_hash(self) -> str:
        """SHA-256 over every word, in one spelling. An approval names it; any change voids the approval."""
        return hashlib.sha256(json.dumps(self.as_dict(), sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()

    def as_dict(self) -> dict[str, Any]:
        body = asdict(self)
        if not self.other_titles:
            del body["other_titles"]  # texts from before there were any keep their hash, and so their approvals and proofs
        return body
