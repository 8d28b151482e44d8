"""Jobs: the journal's hourly line about reported fakes, and the end of reports that are due."""

from django.utils import timezone
from procrastinate.contrib.django import app

from amanat.web.public import actions


@app.periodic(cron="3 * * * *")
@app.task(name="sweep_reports", queue="sweep", queueing_lock="sweep_reports")
def sweep_reports(timestamp: int) -> None:
    """Notes what came in the hours that are over, and deletes what is due."""
    now = timezone.now()
    actions.note_fakes(now=now)
    actions.delete_due(now=now)
