"""Jobs: what the journal and detection learn of reported fakes, the end of what is due, and reminders of public promises."""

from django.utils import timezone
from procrastinate.contrib.django import app

from amanat.web.public import actions, originals, reminding, strangers, waves
from amanat.web.public.static_file import write_files


@app.periodic(cron="3 * * * *")
@app.task(name="sweep_reports", queue="sweep", queueing_lock="sweep_reports")
def sweep_reports(timestamp: int) -> None:
    """Notes what came in the hours that are over, and deletes what is due."""
    now = timezone.now()
    actions.note_fakes(now=now)
    actions.delete_due(now=now)
    strangers.delete_due(now=now)


@app.periodic(cron="*/5 * * * *")
@app.task(name="see_waves", queue="sweep", queueing_lock="see_waves")
def see_waves(timestamp: int) -> None:
    """Makes alerts of what many people reported or asked about alike."""
    waves.see(now=timezone.now())


@app.periodic(cron="*/5 * * * *")
@app.task(name="remind_of_promises", queue="sweep", queueing_lock="remind_of_promises")
def remind_of_promises(timestamp: int) -> None:
    """Reminds whoever must know of public promises that fall due or are overdue."""
    reminding.remind(now=timezone.now())


@app.periodic(cron="* * * * *")
@app.task(name="sign_originals", queue="sweep", queueing_lock="sign_originals")
def sign_originals(timestamp: int) -> None:
    """Keeps the signed list of what was released as new as the releases."""
    originals.sign(now=timezone.now())


@app.task(name="write_status", queue="sweep")
def write_status() -> None:
    """The status page as files, as everybody reads it now; stages that come before this one ring for it by name."""
    write_files()


@app.periodic(cron="* * * * *")
@app.task(name="keep_status_fresh", queue="sweep", queueing_lock="keep_status_fresh")
def keep_status_fresh(timestamp: int) -> None:
    """The same once a minute whatever happens: the public door hands out a file only while it is fresh."""
    write_files()
