"""What the approval screen shows: the notice as a few invented persons will see it."""

from dataclasses import dataclass
from datetime import date

from amanat import wording
from amanat.lib.private import Private
from amanat.notify.render import HtmlTemplate, TextTemplate
from amanat.notify.select import LetterPerson, bases_of
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
    """The message of invented persons: one with every kind of data, one with the fewest, one who is a minor, one more for each further basis."""
    text, html = TextTemplate(notice, company, on=on), HtmlTemplate(notice, company, on=on)
    return [
        Preview(
            label=f"{person.contact.person_id}, {person.contact.residence or '?'}, {person.basis or '?'}: {', '.join(sorted(person.kinds))}",
            subject=notice.subject,
            text=text.fill(person.contact, person.kinds, person.basis, person.code),
            html=html.fill(person.contact, person.kinds, person.basis, person.code),
        )
        for person in sample_persons(notice, wording.words(notice.language))
    ]


def sample_persons(notice: Notice, words: Words) -> list[LetterPerson]:
    """Invented persons to whom the notice could go: three of the first basis that occurs, one of each further."""
    sentences = [s for section in notice.sections for s in section.sentences]
    kinds = [kind for s in sentences if s.is_item and len(s.kinds) == 1 for kind in s.kinds] or [k for s in sentences for k in s.kinds]
    kinds = every = list(dict.fromkeys(kinds))
    places = [place for s in sentences for place in s.places if place not in ("EEA",)]
    specific = [place for place in dict.fromkeys(places) if "-" in place] or list(dict.fromkeys(places)) or [""]
    names = words.text["sample_names"].split(";")
    bases = bases_of(notice)
    kinds = _of_basis(kinds, bases[0])
    chosen = [
        (names[0].strip(), frozenset(kinds), bases[0], specific[0], False),
        (names[1].strip(), frozenset(kinds[:1]), bases[0], specific[-1], False),
        (names[2].strip(), frozenset(kinds[:2]), bases[0], specific[0], True),
        *[(names[n % 3].strip(), frozenset(_of_basis(every, basis)), basis, specific[0], False) for n, basis in enumerate(bases[1:])],
    ]
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
            basis=basis,
            code=CODE,
        )
        for number, (name, has, basis, place, is_minor) in enumerate(chosen, 1)
    ]


def _of_basis(kinds: list[str], basis: str) -> list[str]:
    # A person without service is one of whom no data are affected, and the other way round, unless the notice knows no other kind.
    own = [kind for kind in kinds if (kind == "service") == (basis == "service")]
    return own or kinds
