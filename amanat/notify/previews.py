"""What the approval screen shows: the notice as three invented persons will see it."""

from dataclasses import dataclass
from datetime import date

from amanat import wording
from amanat.lib.private import Private
from amanat.notify.render import HtmlTemplate, TextTemplate
from amanat.notify.select import LetterPerson
from amanat.terms.company import Company
from amanat.terms.contact import Contact
from amanat.terms.notice import Notice
from amanat.wording.language import Words

CODE = "0000-0000-0000"  # no real message ever carries it


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """One invented person's message."""

    label: str  # name, place and kinds, for the screen
    subject: str
    text: str
    html: str


def previews(notice: Notice, company: Company, *, on: date) -> list[Preview]:
    """The message of three invented persons: one with every kind of data, one with the fewest, one who is a minor."""
    text, html = TextTemplate(notice, company, on=on), HtmlTemplate(notice, company, on=on)
    return [
        Preview(
            label=f"{person.contact.person_id}, {person.contact.residence or '?'}: {', '.join(sorted(person.kinds))}",
            subject=notice.subject,
            text=text.fill(person.contact, person.kinds, person.code),
            html=html.fill(person.contact, person.kinds, person.code),
        )
        for person in sample_persons(notice, wording.words(notice.language))
    ]


def sample_persons(notice: Notice, words: Words) -> list[LetterPerson]:
    """Three invented persons to whom the notice could go."""
    sentences = [s for section in notice.sections for s in section.sentences]
    kinds = [kind for s in sentences if s.is_item and len(s.kinds) == 1 for kind in s.kinds] or [k for s in sentences for k in s.kinds]
    kinds = list(dict.fromkeys(kinds))
    places = [place for s in sentences for place in s.places if place not in ("EEA",)]
    specific = [place for place in dict.fromkeys(places) if "-" in place] or list(dict.fromkeys(places)) or [""]
    names = words.text["sample_names"].split(";")
    chosen = (
        (names[0].strip(), frozenset(kinds), specific[0], False),
        (names[1].strip(), frozenset(kinds[:1]), specific[-1], False),
        (names[2].strip(), frozenset(kinds[:2]), specific[0], True),
    )
    return [
        LetterPerson(
            contact=Contact(
                person_id=f"sample-{number}",
                name=Private("name", name),
                emails=(Private("email", "sample@example.org"),),
                phones=(),
                address=Private("address", words.text["sample_address"]),
                residence=place or None,
                language=notice.language,
                minor=is_minor,
                deceased=False,
                needs=None,
            ),
            kinds=has,
            code=CODE,
        )
        for number, (name, has, place, is_minor) in enumerate(chosen, 1)
    ]
