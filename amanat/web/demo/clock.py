"""A process that lives in another time: what it does is dated as if it were done then, and its jobs are nobody else's."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.testing import InMemoryConnector

from amanat.drill import MovedClock


class PastClock(MovedClock):
    """Runs as fast as ours and can be put forward to a moment, never back."""

    def __init__(self, start: datetime) -> None:
        super().__init__(start, 1.0)

    def put_to(self, moment: datetime) -> datetime:
        """The moment itself, or now where it has passed."""
        minutes = (moment - self.now()).total_seconds() / 60
        if minutes > 0:
            self.put_forward(minutes)
        return self.now()


@contextmanager
def lived_by(clock: PastClock) -> Iterator[None]:
    """Only for a process of its own: `timezone.now()` is the clock's, and whoever rings for a job rings here.

    The real workers have the real time; a job of theirs would date today what was done months ago.
    """
    real = timezone.now
    timezone.now = clock.now
    try:
        with app.replace_connector(InMemoryConnector()):
            yield
    finally:
        timezone.now = real
