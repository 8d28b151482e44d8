"""How far one issue has come: readers by what became of their mail, what servers said of those that failed, and who did what when."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count

from amanat.web.bulletin.heard import OPEN
from amanat.web.bulletin.issuing import SILENT_FOR
from amanat.web.bulletin.models import Issue, IssueMail
from amanat.web.notify.models import OutletRow
from amanat.web.respond.models import JournalEntry
from amanat.web.respond.queries import people_of_the_journal

ARRIVED = ("accepted", "delivered", "complained")
FAILED = ("refused", "bounced")
ANSWERS_MOST = 10
# What somebody did or the worker began; what came back stands in the figures.
COURSE = ("statement.signed_by_author", "statement.released", "bulletin.begun", "bulletin.stopped", "bulletin.went_on", "bulletin.ended")


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """One issue in readers: `n` = open + sent + failed + unsure + left before."""

    n: int  # on the list when it began
    n_open: int
    n_sent: int
    n_failed: int  # refused, or came back
    n_unsure: int  # the connection broke; it is not sent again
    n_left_before: int  # the list, before their mail went out
    n_left_after: int  # with this issue as the last one that they got
    n_complained: int  # among those sent: marked as unwanted
    is_running: bool
    answers: list[tuple[str, int]]  # of servers, to what failed; without addresses

    @property
    def n_settled(self) -> int:
        """Readers of whom nothing is left to do."""
        return self.n - self.n_open


def course(issue: Issue, *, now: datetime) -> Course:
    """What became of every mail of the issue."""
    mails = IssueMail.objects.filter(issue=issue)
    states = Counter(dict(mails.values_list("state").annotate(n=Count("id")).order_by()))
    answers = mails.filter(state__in=FAILED).values_list("answer").annotate(n=Count("id")).order_by("-n", "answer")
    return Course(
        n=issue.n,
        n_open=sum(states[state] for state in OPEN),
        n_sent=sum(states[state] for state in ARRIVED),
        n_failed=sum(states[state] for state in FAILED),
        n_unsure=states["unsure"],
        n_left_before=states["left"],
        n_left_after=mails.exclude(reader_left_at=None).count(),
        n_complained=states["complained"],
        is_running=issue.alive_at is not None and issue.alive_at > now - SILENT_FOR,
        answers=list(answers[:ANSWERS_MOST]),
    )


def history(outlet: OutletRow) -> list[dict[str, Any]]:
    """Who did what with this issue, from the first signature on, the oldest first."""
    about = JournalEntry.objects.filter(incident=outlet.incident_id, what__statement=str(outlet.statement_id)).order_by("seq")
    withdrawn = about.filter(act="statement.withdrawn", what__outlet=outlet.outlet)
    names = people_of_the_journal(outlet.incident)
    rows = (about.filter(act__in=COURSE) | withdrawn).values("at", "who", "act", "why")
    return [{**row, "at": datetime.fromisoformat(row["at"]), "who": names.get(row["who"], row["who"])} for row in rows]
