"""One envelope for a household: letters of a family under one address, each a sheet of its own, put together where the company chose it.

It saves postage and shows something in return: whoever opens the envelope sees that others of the family got a letter too, so that one learns
of another that they were our customer. That is for the company to decide (`one_envelope_per_household` in company.toml); it is off unless
somebody turned it on, and both signatures cover who shares an envelope with whom. Texts are never mixed: each letter stays what it is.

A household is, under one postal address: persons with the same family name, and minors where all adults who get a letter there have one
family name. Who has died gets an envelope alone; so does everybody in a house with more letters than a family has.
"""

import hashlib
from collections.abc import Sequence

import pyarrow as pa
import pyarrow.compute as pc

from amanat.notify.case import ENVELOPES
from amanat.notify.planned import Plan
from amanat.notify.same_record import alike, home_of
from amanat.terms.contact import Contact

MOST = 8  # more letters of one name under one address are a house without numbers at its doors, or a home
_BYTES = 16
CHANNEL = "letter"
ALONE = ("", 1)  # an envelope of its own
_AFTER_NAMES = frozenset(("jr", "sr", "junior", "senior", "ii", "iii", "iv", "fils", "père"))


class Homes:
    """Who lives where, as fingerprints of 16 bytes; no value is kept."""

    def __init__(self, key: bytes) -> None:
        self._key = hashlib.sha256(b"amanat household" + key).digest()
        self._of: dict[str, tuple[bytes, bytes, bool]] = {}  # home, family name, whether a minor

    def add(self, contact: Contact) -> None:
        """Takes in one person; one without name or postal address, or who has died, shares no envelope."""
        family = family_of(contact.name.reveal(why="whether two letters go to one family")) if contact.name else ""
        home = home_of(contact)
        if family and home and not contact.deceased:
            self._of[contact.person_id] = (self._print(f"{contact.residence}|{home}"), self._print(family), bool(contact.minor))

    def envelopes(self, plan: Plan) -> pa.Table:
        """ENVELOPES of the letters that are sent first, whatever else may follow later."""
        letters = plan.sendings.filter(pc.equal(plan.sendings["channel"], CHANNEL)).select(["sending_id", "person_id"]).to_pylist()
        known = [(row["sending_id"], row["person_id"]) for row in letters if row["person_id"] in self._of]
        homes = b"".join(self._of[person][0] for _sending, person in known)
        rows = []
        for at in alike(homes, _BYTES):
            for household in households([(known[row][0], *self._of[known[row][1]][1:]) for row in at]):
                envelope = hashlib.blake2b("\n".join(household).encode(), key=self._key, digest_size=8).hexdigest()
                rows += [{"sending_id": one, "envelope": envelope, "n_letters": len(household)} for one in household]
        return pa.Table.from_pylist(rows, ENVELOPES)

    def _print(self, text: str) -> bytes:
        return hashlib.blake2b(text.encode(), key=self._key, digest_size=_BYTES).digest()


def family_of(name: str) -> str:
    """The family name, as it is compared with others: what stands before a comma, else what alone is in capitals, else the last word.

    >>> family_of("Sara Karimi"), family_of("KARIMI Sara"), family_of("Karimi, Sara"), family_of("John Smith Jr.")
    ('karimi', 'karimi', 'karimi', 'smith')
    """
    before, _, after = name.replace("،", ",").partition(",")
    words = [word for word in before.split() if word.casefold().strip(".") not in _AFTER_NAMES]
    capitals = [word for word in words if word.isupper() and len(word.strip(".")) > 1]
    if any(word.casefold().strip(".") not in _AFTER_NAMES for word in after.split()):
        return " ".join(words).casefold()
    if capitals and len(capitals) < len(words):
        return " ".join(capitals).casefold()
    return words[-1].casefold() if words else ""


def households(letters: Sequence[tuple[str, bytes, bool]]) -> list[list[str]]:
    """Of the letters to one address (sending, family name, whether to a minor), those that go into one envelope, in order.

    >>> households([("1", b"karimi", False), ("2", b"karimi", True), ("3", b"rahimi", False)])
    [['1', '2']]
    >>> households([("1", b"karimi", False), ("2", b"rahimi", True)])
    [['1', '2']]
    """
    adults = {family for _sending, family, is_minor in letters if not is_minor}
    only = next(iter(adults)) if len(adults) == 1 else None
    found: dict[bytes, list[str]] = {}
    for sending, family, is_minor in letters:
        # A child of another name belongs to the only family there; where there are two, nobody guesses.
        found.setdefault(only if is_minor and only is not None else family, []).append(sending)
    return [sorted(some) for some in found.values() if 1 < len(some) <= MOST]


def shared_envelopes(envelopes: pa.Table) -> dict[str, tuple[str, int]]:
    """By sending, its envelope and how many letters that holds; those with one of their own are not named (`ALONE`)."""
    return {row["sending_id"]: (row["envelope"], row["n_letters"]) for row in envelopes.to_pylist()}
