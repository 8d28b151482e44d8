"""Lessons: short pages on how to protect oneself, chosen by the kinds of data exposed and the place where one lives."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from amanat.care.member import BadFile, must_know, read_all
from amanat.lib.open_set import OpenSet
from amanat.terms.places import lies_in

SET = OpenSet("care/lessons", suffix=".toml")


@dataclass(frozen=True, slots=True, kw_only=True)
class LessonWords:
    """A lesson in one language: what it is about, why, and what to do, step by step."""

    title: str
    why: str
    steps: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """Kinds and a place, and whether the lesson is for such a person."""

    kinds: tuple[str, ...]
    residence: str = ""
    shown: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Lesson:
    """One file of `care/lessons`."""

    id: str
    rank: int  # the one that protects most comes first
    minutes: int
    kinds: tuple[str, ...] = ()  # any of these; empty: for everybody
    places: tuple[str, ...] = ()
    source: str
    read_on: date
    verified: bool = False  # whether a person opened the source and compared
    words: dict[str, LessonWords]
    example: tuple[Example, ...]

    def is_for(self, kinds: Collection[str], residence: str | None) -> bool:
        """Whether it helps a person of whom these kinds were exposed and who lives there."""
        return (not self.kinds or any(kind in kinds for kind in self.kinds)) and lies_in(residence, self.places)


def lessons() -> dict[str, Lesson]:
    """Every lesson by name, the most protective first."""
    found = read_all(SET, Lesson, _check)
    return dict(sorted(found.items(), key=lambda item: (item[1].rank, item[0])))


def lessons_for(kinds: Collection[str], residence: str | None) -> list[Lesson]:
    """The lessons for one person, the most protective first."""
    return [lesson for lesson in lessons().values() if lesson.is_for(kinds, residence)]


def _check(lesson: Lesson, path: Path) -> None:
    must_know(path, kinds=lesson.kinds, places=lesson.places)
    if "en" not in lesson.words:
        raise BadFile(f"{path}: there are no words in English; add [words.en]")
