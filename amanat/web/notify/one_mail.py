"""One mail through the company's relay: what is not a sending, such as a code, that an answer waits, a reminder to staff."""

import contextlib
import secrets

from django.conf import settings
from django.utils import timezone

from amanat import notify
from amanat.terms.contact import Contact
from amanat.terms.notice import Notice
from amanat.web.notify.queries import company_of
from amanat.web.notify.way_out import refuse_to_leave, relay
from amanat.web.respond.models import Incident


class NotHandedOver(Exception):
    """The relay could not take a mail this time."""


def mail(incident: Incident, contact: Contact, notice: Notice, *, code: str) -> None:
    """One mail through the company's relay; a drill or demonstration reaches only this machine."""
    company, today = company_of(incident), timezone.localdate()
    opening = notify.Opening(
        company=company, address=relay(is_demo=settings.IS_DEMO), texts=notify.texts_of([notice], company, on=today), n_parallel=1
    )
    with contextlib.closing(notify.open_channel("email", opening)) as channel:
        refuse_to_leave(channel, is_drill=incident.is_drill)
        message = notify.Message(sending_id=secrets.token_hex(16), notice=notice, contact=contact, kinds=frozenset(), basis="content", code=code)
        for outcome in channel.send([message]):
            if outcome.became == "try_later":
                raise NotHandedOver("the relay does not take mails now; it is tried again within a minute")
