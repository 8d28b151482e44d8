"""Jobs of the proofs: receipts are sealed every ten minutes, journals' heads signed every hour, and what persons asked for is made."""

import logging

from django.utils import timezone
from procrastinate.contrib.django import app

from amanat.web.notify import person_proofs, sealing
from amanat.web.notify.models import SendingRow
from amanat.web.respond import signing
from amanat.web.respond.models import Incident, JournalEntry

LOG = logging.getLogger(__name__)


@app.periodic(cron="*/10 * * * *")
@app.task(name="seal_receipts", queue="sweep", queueing_lock="seal_receipts")
def seal_receipts(timestamp: int) -> None:
    """Seals the receipts that came since the last time, makes proofs whose job was lost, and deletes what is due."""
    now = timezone.now()
    for incident in Incident.objects.filter(pk__in=SendingRow.objects.values("incident")):
        sealing.seal(incident, now=now)
    _make_all()
    person_proofs.delete_due(now=now)


@app.periodic(cron="7 * * * *")
@app.task(name="sign_heads", queue="sweep", queueing_lock="sign_heads")
def sign_heads(timestamp: int) -> None:
    """Signs the head of every journal that has grown; one that was rewritten is not signed over, and said."""
    for incident in Incident.objects.filter(pk__in=JournalEntry.objects.values("incident")):
        try:
            signing.sign_journal(incident, now=timezone.now())
        except signing.JournalChanged as error:
            LOG.error("%s; compare it with a copy of the database from before", error)


@app.task(name="make_proofs", queue="proofs")
def make_proofs() -> None:
    """Makes the proofs that persons asked for on their page."""
    _make_all()


def _make_all() -> None:
    try:
        person_proofs.make_all(now=timezone.now())
    except signing.JournalChanged as error:
        LOG.error("%s; no proof is made from it", error)
