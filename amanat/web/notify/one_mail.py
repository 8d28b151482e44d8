"""One mail that is not a sending, such as a code, that an answer waits, a reminder to staff: it goes out, and is signed, as notices are."""

import contextlib
import secrets

from django.utils import timezone

from amanat import notify
from amanat.terms.contact import Contact
from amanat.terms.notice import Notice
from amanat.web.notify.queries import company_of
from amanat.web.notify.way_out import refuse_to_leave, way_out
from amanat.web.respond.models import Incident


class NotHandedOver(Exception):
    """The relay or gateway could not take a mail this time."""


def mail(incident: Incident, contact: Contact, notice: Notice, *, code: str) -> None:
    """Hands one mail over; a drill or demonstration reaches only this machine. Raises NoRelay, NotHandedOver, and what a channel raises."""
    company, today = company_of(incident), timezone.localdate()
    opening = notify.Opening(company=company, **way_out(), texts=notify.texts_of([notice], company, on=today), n_parallel=1)
    with contextlib.closing(notify.open_channel("email", opening)) as channel:
        refuse_to_leave(channel, is_drill=incident.is_drill)
        message = notify.Message(sending_id=secrets.token_hex(16), notice=notice, contact=contact, kinds=frozenset(), basis="content", code=code)
        for outcome in channel.send([message]):
            if outcome.became == "try_later":
                raise NotHandedOver("mails are not taken now; it is tried again within a minute")
