"""Who is served first: the vulnerable and those at high risk before all others, then those whose deadline is the soonest.

The command line puts its list into this order, and the ledger in PostgreSQL keeps each sending's place and hands out the lowest.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from amanat.terms.notice import Notice

if TYPE_CHECKING:
    import pyarrow as pa

OTHERS = 10_000  # the first place of those who are neither vulnerable nor at high risk; fits a small integer with all that follow
LAST = OTHERS - 1  # within each of the two halves: no deadline is known


def is_served_first(kinds: Iterable[str], *, is_minor: bool, has_needs: bool) -> bool:
    """Whether a person goes before all others: who they are, or which of their data was taken, and not how bad it is on the whole."""
    from amanat.notify.surge_plan import is_at_once

    return is_at_once(kinds, is_minor=is_minor, has_needs=has_needs)


def served_first(exposures: "pa.Table") -> frozenset[str]:
    """The persons of an exposures table whose kinds of data put them before all others."""
    import pyarrow as pa
    import pyarrow.compute as pc

    from amanat.notify.surge_plan import guesses

    kinds = exposures["kinds"].combine_chunks()
    hit = pc.is_in(pc.list_flatten(kinds), value_set=pa.array(sorted(guesses().at_once.kinds), pa.string()))
    rows = pc.unique(pc.list_parent_indices(kinds).filter(hit))
    return frozenset(exposures["person_id"].take(rows).to_pylist())


def places(due: Mapping[str, datetime]) -> dict[str, int]:
    """By notice id the place of its readers among the deadlines: 0 for the soonest. Who shares a deadline shares a place.

    >>> from datetime import datetime
    >>> places({"eu.en": datetime(2026, 3, 9), "us-ca.en": datetime(2026, 4, 5), "eu.fr": datetime(2026, 3, 9)})
    {'eu.en': 0, 'us-ca.en': 1, 'eu.fr': 0}
    """
    moments = sorted(set(due.values()))
    return {notice: min(moments.index(at), LAST - 1) for notice, at in due.items()}


def place_of(notice_id: str, of_notice: Mapping[str, int], *, is_first: bool) -> int:
    """The place of one sending: the lower, the sooner. `of_notice` comes from `places`; a notice without a deadline comes last."""
    return of_notice.get(notice_id, LAST) + (0 if is_first else OTHERS)


def dues_by_notice(notices: Iterable[Notice], due: Mapping[str, datetime]) -> dict[str, datetime]:
    """By notice id, the soonest instant by which its readers must have been told; `due` by duty id."""
    of = {notice.id: [due[i] for i in notice.duty_ids if i in due] for notice in notices}
    return {notice: min(moments) for notice, moments in of.items() if moments}


def in_line(order: Sequence[int]) -> list[int]:
    """Row numbers in the order of their places; those of one place stay as they came."""
    return sorted(range(len(order)), key=order.__getitem__)
