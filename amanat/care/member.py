"""What offers, harms and lessons have in common: a file each, with words in every language."""

from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Protocol, TypeVar

from amanat import wording
from amanat.lib.errors import Fixable, did_you_mean
from amanat.lib.open_set import OpenSet
from amanat.lib.shape import build, read_toml
from amanat.terms.kinds import KINDS
from amanat.terms.places import GROUPS, is_place


class BadFile(Fixable):
    """A file in `offers/`, `harms/` or `lessons/` that names a kind, place or language that nobody knows."""


class UnknownMember(Fixable):
    """An offer, harm or lesson for which there is no file."""


class Member(Protocol):
    """One file of an open set of this stage."""

    @property
    def id(self) -> str: ...


M = TypeVar("M", bound=Member)


def read_all(folder: OpenSet, shape: type[M], check: Callable[[M, Path], None]) -> dict[str, M]:
    """Every member by name; raises BadFile and the errors of `lib.shape`."""
    return {name: _read(path, shape, check) for name, path in folder.paths().items()}


@cache
def _read(path: Path, shape: type[M], check: Callable[[M, Path], None]) -> M:
    made = build(shape, read_toml(path), where=path)
    if made.id != path.stem:
        raise BadFile(f"{path}: the id is {made.id!r} and the file is {path.name!r}; call both the same")
    check(made, path)
    return made


def must_know(path: Path, *, kinds: tuple[str, ...] = (), places: tuple[str, ...] = ()) -> None:
    """Raises BadFile for a kind or place that does not exist."""
    for kind in kinds:
        if kind not in KINDS:
            raise BadFile(f"{path}: {kind!r} is not a kind of data{did_you_mean(kind, KINDS)}; see terms/kinds.py")
    for place in places:
        if not is_place(place) and place not in GROUPS:
            raise BadFile(f"{path}: {place!r} is not a place; write ISO 3166-1 or 3166-2, or one of {', '.join(GROUPS)}")


def in_language(words: Mapping[str, Any], language: str) -> Any:
    """The words in this language, else in English, which every file has."""
    return words[wording.language_for(language, words, "en")]


def missing_languages(words: Mapping[str, Any]) -> list[str]:
    """Languages that we write in and this file does not."""
    return [tag for tag in wording.languages() if tag not in words]
