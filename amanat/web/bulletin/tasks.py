"""Jobs of the bulletin: the mail that asks whether it was you, each issue, and the end of addresses that are due."""

import contextlib
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from amanat.lib.errors import Fixable
from amanat.web.bulletin import heard, issuing, queries, subscribing
from amanat.web.bulletin.mails import contact_of, question
from amanat.web.bulletin.models import Subscriber
from amanat.web.notify.one_mail import mail
from amanat.web.notify.queries import company_of


@app.task(name="ask_reader", queue="proofs")
def ask_reader(subscriber_id: str) -> None:
    """Mails the question, once; where the mail server is away, the next sweep asks again."""
    now = timezone.now()
    row = _unasked().filter(pk=UUID(subscriber_id)).first()
    incident = queries.companies().get(row.company) if row else None
    if row is None or incident is None:
        return
    token = subscribing.new_question(row, now=now)
    if token is None:
        return  # asked by another worker, or often enough today
    try:
        mail(incident, contact_of(row), question(row, token, company_of(incident)), code="")
    except BaseException:
        Subscriber.objects.filter(pk=row.pk).update(mailed_at=None, confirm_hash=None)
        raise


@app.task(name="send_issue", queue="sendings")
def send_issue(issue_id: str) -> None:
    """Sends an issue of the bulletin to its readers, or what is left of it."""
    issue = issuing.claim(UUID(issue_id), now=timezone.now())
    if issue is None:
        return  # ended, or somebody else is at it
    try:
        why = issuing.send(issue)
    except Fixable as error:
        why = str(error)
    except BaseException as error:
        why = f"An error of the program ({type(error).__name__}). Let it go on; if it happens again, show this line to whoever runs amanat."
        issuing.end(issue, why=why, now=timezone.now())
        raise
    issuing.end(issue, why=why, now=timezone.now())


@app.periodic(cron="* * * * *")
@app.task(name="sweep_bulletin", queue="sweep", queueing_lock="sweep_bulletin")
def sweep_bulletin(timestamp: int) -> None:
    """Begins what was released, goes on with what stopped, asks again where the mail server was away, notes what came back, deletes what is due."""
    now = timezone.now()
    heard.note_who_left(now=now)
    subscribing.delete_due(now=now)
    for row in _unasked().filter(asked_at__lt=now - issuing.SILENT_FOR)[:500]:
        _ring("ask_reader", "proofs", subscriber_id=str(row.pk))
    for outlet in issuing.released():
        with contextlib.suppress(Fixable, OSError):  # its company's file is looked for again in a minute
            issuing.begin(outlet, now=now)
    for issue in issuing.unfinished(now=now):
        _ring("send_issue", "sendings", issue_id=str(issue.pk))
    heard.note(now=now)


def _unasked() -> QuerySet[Subscriber]:
    return Subscriber.objects.filter(mailed_at=None, confirmed_at=None, left_at=None).order_by("asked_at")


def _ring(task: str, queue: str, **what: str) -> None:
    with contextlib.suppress(AlreadyEnqueued):
        app.configure_task(name=task, queue=queue, queueing_lock=f"{task}-{next(iter(what.values()))}").defer(**what)
