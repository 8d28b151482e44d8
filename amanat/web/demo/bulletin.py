"""The monthly bulletin of the invented company: one issue that went out to a few readers, and the next one that waits for its second signature.

It goes out today and not on the moved clock: the workers look each minute for issues that nobody sends, by the real time.
"""

import tomllib
from dataclasses import asdict
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from amanat import notify
from amanat.web.accounts.models import Staff
from amanat.web.bulletin import heard, issuing, subscribing, tasks
from amanat.web.bulletin.models import Issue, IssueMail
from amanat.web.bulletin.queries import OUTLET
from amanat.web.demo import inbox
from amanat.web.demo.persons import WORDS
from amanat.web.notify import actions as notices
from amanat.web.notify import others, outlets_actions, outlets_queries, queries
from amanat.web.notify.outlets_models import OutletRow, StatementRow
from amanat.web.respond import actions
from amanat.web.respond.models import Incident

# Invented; how many days ago they asked, in which language they read, and what becomes of them.
READERS = (
    ("amelie.roche", "fr", 180, ""),
    ("j.whitcombe", "en", 150, ""),
    ("nasrin.k", "fa", 121, ""),
    ("old.mailbox", "en", 97, "bounced"),
    ("p.garnier", "fr", 64, "left"),
    ("reza.t", "fa", 20, ""),
)
NO_SUCH_MAILBOX = "550 5.1.1 The mailbox does not exist"


def is_there(incident: Incident) -> bool:
    """Whether both were made, or its persons were erased since."""
    return incident.wrapped_keys is None or (
        Issue.objects.filter(outlet__incident=incident).exclude(ended_at=None).exists()
        and StatementRow.objects.filter(incident=incident, released_at=None).exists()
    )


def send_one(incident: Incident, staff: dict[str, Staff], *, now: datetime) -> None:
    """The readers, their issue, what came back of it, and the draft of the next; each as far as it is missing."""
    sent, waiting = tomllib.loads(WORDS.read_text(encoding="utf-8"))["bulletin"]
    issue = Issue.objects.filter(outlet__incident=incident).first()
    if issue is None:
        inbox.wait_for()
        with transaction.atomic():  # nobody finds it begun and not sent
            _ask_for_it(incident, now=now)
            outlets_actions.release(incident, _signed(incident, sent, staff["author"], now=now).pk, by=staff["approver"], now=now)
            issue = issuing.begin(OutletRow.objects.get(incident=incident, outlet=OUTLET), now=now)
    if issue.ended_at is None:
        tasks.send_issue.func(str(issue.pk))
        _hear(issue, now=now)
    if outlets_queries.standing(incident) is None:
        # A moment later: of two facts of one moment nobody could say which counts.
        _signed(incident, waiting, staff["author"], now=timezone.now())


def _ask_for_it(incident: Incident, *, now: datetime) -> None:
    """Each asked, got the mail with the question, and pressed the button."""
    company = queries.company_of(incident).name
    for name, language, days, _becomes in READERS:
        then = now - timedelta(days=days)
        row = subscribing.ask(company=company, address=f"{name}@example.org", language=language, now=then)
        token = subscribing.new_question(row, now=then)
        assert token is not None
        subscribing.confirm(token, now=then + timedelta(minutes=7))


def _signed(incident: Incident, said: dict[str, dict[str, str]], author: Staff, *, now: datetime) -> StatementRow:
    """The facts of the month, the texts made of them, and the first signature."""
    for name, value in said.items():
        actions.note_fact(incident, name=name, value=value, status="known", by=author, now=now, source="head of information security")
    texts = others.written(incident, OUTLET, kind=None, is_easy=False, now=now)
    findings = {id: [asdict(one) for one in each] for id, each in others.judged(incident, texts, now=now).items()}
    notices.take_in(incident, notices=texts, findings=findings, by=author, now=now)
    seen = notify.statement_hash(outlets_queries.source(incident, outlets_queries.texts(incident, now=now)))
    return outlets_actions.sign(incident, [OUTLET], seen=seen, by=author, now=now)


def _hear(issue: Issue, *, now: datetime) -> None:
    """One mailbox is no more, and one reader has read enough."""
    company = queries.company_of(issue.outlet.incident).name
    for name, _language, _days, becomes in READERS:
        mail = IssueMail.objects.filter(issue=issue, subscriber__address_index=subscribing.index_of(company, f"{name}@example.org")).first()
        if mail is None or mail.subscriber is None:
            continue
        if becomes == "bounced":
            heard.note_mail(mail.pk, "bounced", at=now, answer=NO_SUCH_MAILBOX)
        elif becomes == "left":
            subscribing.leave(subscribing.leave_token(mail.subscriber), now=now)
    heard.note_who_left(now=now)
