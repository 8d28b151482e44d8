"""What speaks for and against one person: their places in the files, as a reviewer weighs them. Never a value."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from amanat import scope

WEAK = {"name", "dob", "address"}  # several persons bear them


@dataclass(frozen=True, slots=True)
class Weighed:
    """Kinds of data by how many places they speak from."""

    same: list[tuple[str, int]]  # the value there is the person's in the register
    other: list[tuple[str, int]]  # a value there belongs to one person, and that is not this one
    is_weak: bool  # nothing but what several persons bear
    n_alone: int  # places where nothing speaks against


def weigh(places: list[Mapping[str, Any]]) -> Weighed:
    """Counts for and against over a person's places."""
    same, other = Counter[str](), Counter[str]()
    for place in places:
        same.update({kind_of(name) for name in place["same"]})
        other.update({kind_of(name) for name in place["other"]})
    return Weighed(same.most_common(), other.most_common(), set(same) <= WEAK, sum(not place["other"] for place in places))


def kind_of(identifier: str) -> str:
    """The kind of data that an identifier finds; the company's own numbers have only their name."""
    found = scope.identifiers().get(identifier)
    return found.kind if found and found.kind else identifier
