"""What speaks for and against one person: their places in the files, as a reviewer weighs them. Never a value."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from amanat import scope

WEAK = {"name", "dob", "address"}  # several persons bear them

# What a likeness rests on, as `amanat.scope` calls it.
LIKENESS: dict[str, str | Promise] = {
    "name": _("the same name"),
    "name_sounds_alike": _("a name that sounds alike and is spelled otherwise"),
    "name_with_a_mistake": _("a name that is one mistake away"),
    "name_initial": _("only an initial of the name"),
    "other_name": _("a part of the name is another"),
    "birth_date": _("the same birth date"),
    "birth_date_with_a_mistake": _("a birth date that differs in one part"),
    "other_birth_date": _("another birth date"),
    "address": _("the same postal address"),
    "part_of_the_address": _("a part of the postal address"),
    "other_address": _("another postal address"),
    "shared_key": _("a number or address that this person shares with others"),
    "not_all_compared": _("so many bear such a name that not all were compared"),
}
AGAINST = {"other_name", "other_birth_date", "other_address", "shared_key", "not_all_compared"}


@dataclass(frozen=True, slots=True)
class Weighed:
    """Kinds of data by how many places they speak from."""

    same: list[tuple[str, int]]  # the value there is the person's in the register
    other: list[tuple[str, int]]  # a value there belongs to one person, and that is not this one
    is_weak: bool  # nothing but what several persons bear
    n_alone: int  # places where nothing speaks against
    alike: list[tuple[str | Promise, int]]  # what is like the person's in places to which no key of theirs leads
    unlike: list[tuple[str | Promise, int]]  # and what there speaks against


def weigh(places: list[Mapping[str, Any]]) -> Weighed:
    """Counts for and against over a person's places."""
    same, other, likeness = Counter[str](), Counter[str](), Counter[str]()
    is_weak, n_alone = True, 0
    for place in places:
        kinds, reasons = {kind_of(name) for name in place["same"]}, [name for name in place.get("reasons") or () if name in LIKENESS]
        is_weak &= kinds <= WEAK
        n_alone += not place["other"] and not AGAINST & set(reasons)
        likeness.update(reasons)
        if not reasons:  # what is alike is not the same as in the register
            same.update(kinds)
        other.update({kind_of(name) for name in place["other"]})
    said = [(name, n) for name, n in likeness.most_common()]
    return Weighed(
        same=same.most_common(),
        other=other.most_common(),
        is_weak=is_weak,
        n_alone=n_alone,
        alike=[(LIKENESS[name], n) for name, n in said if name not in AGAINST],
        unlike=[(LIKENESS[name], n) for name, n in said if name in AGAINST],
    )


def kind_of(identifier: str) -> str:
    """The kind of data that an identifier finds; the company's own numbers have only their name."""
    found = scope.identifiers().get(identifier)
    return found.kind if found and found.kind else identifier
