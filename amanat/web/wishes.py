"""Rows that say what is wanted and what became of it: `state` (asked, running, done, failed), `n_attempts` and `alive_at`.

The row is the truth; a job only says that somebody should look. Whoever works on a row renews `alive_at`, and who is silent is gone.
Told by the database's clock, which all machines share and which nobody moves.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db.models import F, Model, Q
from django.db.models.functions import Now
from procrastinate.exceptions import AlreadyEnqueued

SILENT_FOR = timedelta(minutes=2)
ATTEMPTS_MAX = 3
GIVEN_UP = f"It was begun {ATTEMPTS_MAX} times and never came to its end. Ask again; if it happens again, show this line to whoever runs amanat."


def claim(model: type[Model], pk: UUID) -> Any | None:
    """The row with its incident, if it is ours to work on now; None when it is done, or somebody is at it.

    Whoever claims looks at `is_hopeless` first.
    """
    if not _to_do(model).filter(pk=pk).update(state="running", alive_at=Now(), n_attempts=F("n_attempts") + 1):
        return None
    return model._default_manager.select_related("incident").get(pk=pk)


def is_hopeless(row: Any) -> bool:
    """Whether it was begun too often; then it is given up with the sentence GIVEN_UP."""
    return bool(row.n_attempts > ATTEMPTS_MAX)


def is_alive(row: Any) -> None:
    """Says that somebody still works on it."""
    type(row)._default_manager.filter(pk=row.pk).update(alive_at=Now())


def ring_for_unfinished(model: type[Model], ring: Callable[[Any], None]) -> int:
    """A job for every row that waits, or whose worker has gone silent; returns how many."""
    n = 0
    for row in _to_do(model):
        try:
            ring(row)
            n += 1
        except AlreadyEnqueued:
            continue  # its job still waits in the queue
    return n


def _to_do(model: type[Model]) -> Any:
    return model._default_manager.filter(Q(state="asked") | Q(state="running", alive_at__lt=Now() - SILENT_FOR))
