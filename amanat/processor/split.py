"""Split: whose is each affected person? What cannot be said for sure is listed for ourselves, and given to nobody."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa

from amanat.lib.private import Private
from amanat.processor.controllers import Controller, owners_in_register
from amanat.terms.contact import Contact
from amanat.terms.exposure import EXPOSURES

_RANK = {"sure": 0, "review": 1, "outsider": 2}

# Why a person could not be given to a controller.
UNKNOWN = {
    "no_controller": "the register names no controller for this person, and the files are nobody's in particular",
    "strange_controller": "the register names a controller that controllers.toml does not",
    "outsider": "not in the register, and found in files that are nobody's in particular",
    "other_controller": "found in the files of one controller, and the register names another",
    "two_owners": "found in a file that two controllers claim",
}


@dataclass(slots=True)
class Share:
    """What one controller is told: its persons, each with what is known of their data."""

    rows: dict[str, dict[str, Any]] = field(default_factory=dict)  # person_id -> a row of EXPOSURES
    unclear: set[str] = field(default_factory=set)  # persons of whom it is not clear which data of this controller are affected

    def add(self, row: Mapping[str, Any], *, is_clear: bool) -> None:
        """One more row about a person. Kinds that may be another controller's are never taken."""
        mine = self.rows.get(row["person_id"])
        kinds = list(row["kinds"]) if is_clear else []
        if not is_clear:
            self.unclear.add(row["person_id"])
        counted = {name: (row[name] if is_clear else 0) for name in ("n_findings", "n_records")}
        if mine is None:
            self.rows[row["person_id"]] = {**row, "kinds": kinds, **counted}
            return
        mine["kinds"] = sorted({*mine["kinds"], *kinds})
        mine["n_findings"] += counted["n_findings"]
        mine["n_records"] += counted["n_records"]
        mine["state"] = min(mine["state"], row["state"], key=lambda state: _RANK[state])
        mine["belief"] = max(mine["belief"], row["belief"])

    def exposures(self) -> pa.Table:
        """EXPOSURES of these persons, by their number."""
        return pa.Table.from_pylist([self.rows[person] for person in sorted(self.rows)], schema=EXPOSURES)


@dataclass(frozen=True, slots=True, kw_only=True)
class Unknown:
    """One affected person whom no controller is told of yet, and why. For ourselves only."""

    person_id: str
    why: str  # a key of UNKNOWN
    where: str  # whose files, or ""
    kinds: tuple[str, ...]


@dataclass(slots=True)
class Split:
    """All affected persons: some shares, and those who are left."""

    shares: dict[str, Share]
    unknown: list[Unknown] = field(default_factory=list)


def split(groups: Iterable[tuple[tuple[str, ...], pa.Table]], contacts: Mapping[str, Contact], controllers: tuple[Controller, ...]) -> Split:
    """Gives each row of the scans to the controllers whose it is.

    Args:
        groups: who owns the files that were scanned (none, one, or two who both claim them), and EXPOSURES of them.
        contacts: of everybody in these who is in the register.
    """
    found = Split({one.id: Share() for one in controllers})
    mixed = _mixed(contacts, controllers)
    for owners, exposures in groups:
        for row in exposures.to_pylist():
            contact = contacts.get(row["person_id"])
            if len(owners) > 1:
                found.unknown.append(_unknown(row, "two_owners", ", ".join(owners)))
            elif owners:
                _give_by_file(found, row, contact, controllers, owners[0])
            else:
                _give_by_register(found, row, contact, controllers, mixed)
    found.unknown.sort(key=lambda one: (one.person_id, one.where))
    return found


def _give_by_file(found: Split, row: dict[str, Any], contact: Contact | None, controllers: tuple[Controller, ...], owner: str) -> None:
    """A record in a controller's own file is that controller's, unless the register says that the person is another's."""
    named, _is_strange = owners_in_register(contact.controllers, controllers) if contact else ((), False)
    if named and owner not in named:
        found.unknown.append(_unknown(row, "other_controller", owner))
    else:
        found.shares[owner].add(row, is_clear=True)


def _give_by_register(found: Split, row: dict[str, Any], contact: Contact | None, controllers: tuple[Controller, ...], mixed: frozenset[str]) -> None:
    """A record in files of nobody in particular is that of the controller whose person it is about."""
    if contact is None:
        found.unknown.append(_unknown(row, "outsider", ""))
        return
    named, is_strange = owners_in_register(contact.controllers, controllers)
    if not named or is_strange:
        found.unknown.append(_unknown(row, "strange_controller" if is_strange else "no_controller", ""))
    # Of a person of two controllers nobody can say whose record it was: each is told that the person is among them, and not with what.
    for owner in named:
        found.shares[owner].add(row, is_clear=len(named) == 1 and not is_strange and row["person_id"] not in mixed)


def _unknown(row: dict[str, Any], why: str, where: str) -> Unknown:
    return Unknown(person_id=row["person_id"], why=why, where=where, kinds=tuple(row["kinds"]))


def _mixed(contacts: Mapping[str, Contact], controllers: tuple[Controller, ...]) -> frozenset[str]:
    """Persons who share an address or a number with a person of another controller: most often the same human being, twice in the register."""
    holders: dict[tuple[str, str], set[tuple[str, str]]] = {}
    for contact in contacts.values():
        named, _ = owners_in_register(contact.controllers, controllers)
        for kind, value in _keys(contact):
            holders.setdefault((kind, value), set()).update((contact.person_id, owner) for owner in named or ("",))
    return frozenset(person for group in holders.values() if len({owner for _, owner in group}) > 1 for person, _ in group)


def _keys(contact: Contact) -> Iterable[tuple[str, str]]:
    def said(value: Private) -> str:
        return value.reveal(why="whether two rows of the register are one human being")

    for one in contact.emails:
        yield "email", said(one).strip().casefold()
    for one in contact.phones:
        yield "phone", "".join(c for c in said(one) if c.isdigit())[-9:]
    if contact.name:
        yield "name", " ".join(sorted(said(contact.name).casefold().replace(",", " ").split()))
