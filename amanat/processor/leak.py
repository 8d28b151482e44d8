"""Leak: the last look into a kit before it is written: nothing in it may tell one controller of another, or of another's persons."""

import csv
import io
import re
from collections.abc import Mapping

from amanat.lib.errors import Fixable
from amanat.lib.private import Private
from amanat.processor.controllers import Controller
from amanat.processor.split import Share
from amanat.terms.contact import Contact

_NUMBER = re.compile(r"\d(?:[ ().-]{0,2}\d){6,}")
_LEAST = 3  # letters; a shorter mark stands in any text by chance


class WouldTell(Fixable):
    """A kit would have told one controller of another."""


def check_kit(
    mine: Controller,
    files: Mapping[str, str],
    controllers: tuple[Controller, ...],
    shares: Mapping[str, Share],
    contacts: Mapping[str, Contact],
) -> None:
    """Raises WouldTell, with the file and what kind of thing it is, never with the thing itself."""
    others = [one for one in controllers if one.id != mine.id]
    for name, text in files.items():
        for other in others:
            for what, mark in _marks(other, mine):
                if re.search(rf"(?<!\w){re.escape(mark.casefold())}(?!\w)", text.casefold()):
                    raise WouldTell(
                        f"the kit of {mine.id} was not made: its {name} holds {what} of {other.id}. Look whether a sentence in facts.toml,"
                        " or the name of a file, tells of another controller; then run again"
                    )
    _check_persons(mine, files, shares, contacts)


def _marks(other: Controller, mine: Controller) -> list[tuple[str, str]]:
    heads = [re.split(r"[*?\[]", pattern)[0].rstrip("/") for pattern in other.paths]
    marks = [("the id", other.id), ("the name", other.name), ("the contact", other.contact), ("a contract", other.contract)]
    marks += [("a mark of the register", mark) for mark in other.in_register] + [("a path", head) for head in heads]
    own = " ".join((mine.id, mine.name, mine.contact, mine.contract, *mine.in_register, *mine.paths)).casefold()
    return [(what, mark) for what, mark in marks if len(mark) >= _LEAST and mark.casefold() not in own]


def _check_persons(mine: Controller, files: Mapping[str, str], shares: Mapping[str, Share], contacts: Mapping[str, Contact]) -> None:
    own = shares[mine.id].rows
    listed = [row["person_id"] for row in csv.DictReader(io.StringIO(files["persons.csv"]))]
    if set(listed) != set(own):
        raise WouldTell(
            f"the kit of {mine.id} was not made: its persons.csv does not list exactly its persons; this is a mistake of ours, please report it"
        )
    theirs = {value for person, contact in contacts.items() if person not in own for value in _values(contact)}
    theirs -= {value for person in own if person in contacts for value in _values(contacts[person])}
    if any(theirs & _seen(text) for text in files.values()):
        raise WouldTell(f"the kit of {mine.id} was not made: it holds an address or number of a person who is not its own")


def _values(contact: Contact) -> set[str]:
    """Its addresses, and its numbers as bare digits."""

    def said(value: Private) -> str:
        return value.reveal(why="whether a kit holds the data of somebody else").strip().casefold()

    return {said(one) for one in contact.emails} | {_digits(said(one)) for one in contact.phones}


def _seen(text: str) -> set[str]:
    """Every address and number in a text, whatever stands around them."""
    return {found.casefold() for found in re.findall(r"[\w.+'-]+@[\w.-]+\w", text)} | {_digits(found) for found in _NUMBER.findall(text)}


def _digits(text: str) -> str:
    return "".join(c for c in text if c.isdigit())
