"""Controllers: for whom we process, which files and which rows of the register are theirs, and when we told them. `controllers.toml`."""

import re
from dataclasses import dataclass
from datetime import datetime
from fnmatch import fnmatchcase
from pathlib import Path

from amanat.lib.errors import Fixable
from amanat.lib.shape import build, line_of, read_toml
from amanat.terms.places import PLACES

FILE = "controllers.toml"


class BadControllers(Fixable):
    """controllers.toml says something that cannot be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Controller:
    """One controller, by the id that its table has in controllers.toml."""

    id: str
    name: str
    country: str  # of its main establishment, ISO 3166-1
    language: str = "en"  # of our notice to it
    contact: str = ""  # whom we tell there
    in_register: tuple[str, ...] = ()  # what stands for it in the register's column `controller`; its id does by itself
    paths: tuple[str, ...] = ()  # of stolen files that are its own: "acme/*"
    contract: str = ""  # id of the contract in AMANAT_EXTRA
    told_at: datetime | None = None  # when we told it: from then on it is aware

    @property
    def marks(self) -> frozenset[str]:
        """What the register may write for it, without regard to case."""
        return frozenset(mark.strip().casefold() for mark in (self.id, *self.in_register))


def read_controllers(path: Path) -> tuple[Controller, ...]:
    """The controllers of a controllers.toml, in alphabetical order; raises BadControllers and the errors of `lib.shape`."""
    found = []
    for name, table in read_toml(path).items():
        if not isinstance(table, dict):
            raise BadControllers(f"{line_of(path, name)}: write each controller as a table: [{name}], then name and country")
        if not re.fullmatch(r"[a-z0-9][a-z0-9-]{0,40}", name):
            raise BadControllers(f"{line_of(path, name)}: {name!r} names a folder: use small letters, digits and -")
        one = build(Controller, {"id": name, **table}, where=path, at=name)
        if one.country not in PLACES:
            raise BadControllers(f"{line_of(path, name)}: {name}: {one.country!r} is no country; write it as ISO 3166-1, such as FR")
        found.append(one)
    if not found:
        raise BadControllers(f"{path}: names no controller; `docs/how-to/controllers.md` shows one")
    _check_apart(found, path)
    return tuple(sorted(found, key=lambda one: one.id))


def _check_apart(found: list[Controller], path: Path) -> None:
    """What belongs to two belongs to nobody for sure, so it is refused where it is written."""
    for what in ("marks", "paths"):
        seen: dict[str, str] = {}
        for one in found:
            for mark in getattr(one, what):
                if seen.setdefault(mark, one.id) != one.id:
                    raise BadControllers(f"{line_of(path, one.id)}: {mark!r} stands for {seen[mark]} and for {one.id}; let it stand for one of them")


def owners_of_path(path: str, controllers: tuple[Controller, ...]) -> tuple[str, ...]:
    """Ids of the controllers whose patterns fit this file; of an archive what lies in it belongs to whom the archive belongs."""
    outermost = path.split("!/")[0]
    return tuple(one.id for one in controllers if any(fnmatchcase(outermost, pattern) for pattern in one.paths))


def owners_in_register(cell: tuple[str, ...], controllers: tuple[Controller, ...]) -> tuple[tuple[str, ...], bool]:
    """Ids of the controllers that a cell of the register names, and whether it names one that we do not know."""
    found, is_strange = [], False
    for mark in cell:
        who = next((one.id for one in controllers if mark.strip().casefold() in one.marks), None)
        if who is None:
            is_strange = True
        elif who not in found:
            found.append(who)
    return tuple(found), is_strange
