"""Checked: what the answers to a sample show about all persons and passages that it was drawn from."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from amanat.scope.bound import CONFIDENCE, Stratum, upper_total
from amanat.scope.sample import LINKS, PASSAGES

UNSURE = "?"
YES, NO = {"yes", "y", "oui", "o", "بله", "1"}, {"no", "n", "non", "خیر", "نه", "0"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """What the answers show."""

    strata: tuple[Stratum, ...]
    missed_upper: float | None  # passages that may hold a person whom nobody named; None: none was checked
    persons_per_passage: int  # most missed persons that one checked passage held, at least 1
    wrong_upper: float | None  # sure persons who may be somebody else
    n_passages: int
    n_links: int
    n_skipped: int
    notes: tuple[str, ...]


def settled(words: Iterable[str]) -> str:
    """The answer of several checkers to one item: what they agree on, the most missed persons that any of them saw, or `?`.

    >>> settled(["0", "0"]), settled(["1", "2"]), settled(["0", "1"]), settled(["yes", "no"]), settled([])
    ('0', '2', '?', '?', '')
    """
    said = sorted({word for word in words if word})
    if len(said) <= 1:
        return "".join(said)
    if all(word.isdecimal() and int(word) > 0 for word in said):
        return max(said, key=int)
    return UNSURE


def bounds_from(drawn: Mapping[str, Any], answers: Mapping[str, str]) -> Bounds | None:
    """The bounds from a draw (draw.json) and the answers by item; None as long as there is no answer.

    Whoever skips what is hard gets too good an answer: an item left empty above the last one answered counts as bad, as does `?`.
    """
    order = list(drawn["items"])
    last = max((i for i, name in enumerate(order) if answers.get(name)), default=-1)
    if last < 0:
        return None
    checked, bad = Counter[str](), Counter[str]()
    per_passage, n_skipped = 1, 0
    for name in order[: last + 1]:
        ask, stratum = drawn["items"][name]
        word = answers.get(name, "")
        checked[stratum] += 1
        n_skipped += not word
        if ask == "link":
            bad[stratum] += word not in YES
        else:
            n = int(word) if word.isdecimal() else 1
            bad[stratum] += n > 0
            per_passage = max(per_passage, n)
    strata = tuple(Stratum(name=name, n_all=n, n_checked=checked[name], n_bad=bad[name]) for name, n in drawn["n_all"].items() if n)
    missed = [s for s in strata if s.name in PASSAGES]
    links = [s for s in strata if s.name in LINKS]
    return Bounds(
        strata=strata,
        missed_upper=upper_total(missed) if any(s.n_checked for s in missed) else None,
        persons_per_passage=per_passage,
        wrong_upper=upper_total(links) if any(s.n_checked for s in links) else None,
        n_passages=sum(s.n_all for s in missed),
        n_links=sum(s.n_all for s in links),
        n_skipped=n_skipped,
        notes=tuple(_notes(drawn, strata, n_skipped, len(order) - last - 1)),
    )


def as_json(bounds: Bounds) -> dict[str, Any]:
    """The bounds for machines."""
    return {
        "confidence": CONFIDENCE,
        "strata": [{"name": s.name, "n_all": s.n_all, "n_checked": s.n_checked, "n_bad": s.n_bad} for s in bounds.strata],
        "passages": bounds.n_passages,
        "missed_passages_upper": bounds.missed_upper,
        "persons_per_passage": bounds.persons_per_passage,
        "missed_persons_upper": None if bounds.missed_upper is None else bounds.missed_upper * bounds.persons_per_passage,
        "links": bounds.n_links,
        "wrong_links_upper": bounds.wrong_upper,
        "wrong_share_upper": None if bounds.wrong_upper is None or not bounds.n_links else bounds.wrong_upper / bounds.n_links,
        "skipped": bounds.n_skipped,
        "notes": list(bounds.notes),
    }


def _notes(drawn: Mapping[str, Any], strata: Sequence[Stratum], n_skipped: int, n_left: int) -> list[str]:
    notes = []
    if n_skipped:
        notes.append(
            f"{n_skipped:,} items above the last one answered were left empty; they count as bad, because what is skipped is often what is hard."
        )
    if n_left:
        notes.append(f"{n_left:,} items at the end are not checked yet; each further one narrows the bounds.")
    if drawn["n_unplaced"]:
        notes.append(
            f"{drawn['n_unplaced']:,} sure persons have no place kept; their links could not be drawn, and the bound does not speak of them."
        )
    if unseen := [s.name for s in strata if not s.n_checked]:
        notes.append(f"Nothing was checked of: {', '.join(unseen)}. All of it counts as bad.")
    return notes
