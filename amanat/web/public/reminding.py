"""Reminds staff of public promises: their owner first, then the lead, then everybody who answers for the incident.

On the screens an open promise stands in the band of every page, and on the overview. The mail says nothing of the incident, because
the mailboxes of staff may be read by others: only that a promise falls due, when, and to log in.
"""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from amanat import notify, wording
from amanat.lib.errors import Fixable
from amanat.lib.private import Private
from amanat.terms.contact import Contact
from amanat.terms.notice import Notice, Section, Sentence, braced
from amanat.web.accounts.models import Staff
from amanat.web.notify import one_mail
from amanat.web.notify.queries import company_of
from amanat.web.respond import journal
from amanat.web.respond.promise_models import PromiseRow

# Each step once, when so much time is left: who is reminded beside the owner.
STEPS: tuple[tuple[timedelta, frozenset[str]], ...] = (
    (timedelta(hours=24), frozenset()),
    (timedelta(hours=2), frozenset({"lead"})),
    (timedelta(0), frozenset({"lead", "dpo", "communicator"})),
)
# A promise that was made for soon is not reminded of in the minute in which it was made.
SHARE_OF_SPAN = 0.5

log = logging.getLogger(__name__)


def steps_due(row: PromiseRow, *, now: datetime) -> int:
    """How many steps of the ladder the open promise has reached."""
    assert row.due_at is not None
    span = max(row.due_at - row.made_at, timedelta(0))
    return sum(now >= row.due_at - min(before, span * SHARE_OF_SPAN) for before, _roles in STEPS)


def remind(*, now: datetime) -> int:
    """Takes every open promise to the step that it has reached; returns how many were reminded of."""
    horizon = now + STEPS[0][0]
    rows = PromiseRow.objects.filter(state="open", due_at__lte=horizon, n_warned__lt=len(STEPS)).exclude(incident__phase="closed")
    return sum(_remind(pk, now=now) for pk in rows.values_list("pk", flat=True))


def _remind(pk: object, *, now: datetime) -> bool:
    with transaction.atomic():
        row = (
            PromiseRow.objects.select_for_update(of=("self",), skip_locked=True)
            .select_related("incident", "owner")
            .filter(pk=pk, state="open")
            .first()
        )
        if row is None or (step := steps_due(row, now=now)) <= row.n_warned:
            return False
        staff = whom(row, step)
        # Noted before the mails leave: a relay that is down must not have everybody reminded every five minutes.
        PromiseRow.objects.filter(pk=row.pk).update(n_warned=step)
        what = {"promise": str(row.pk), "step": step, "staff": sorted(str(one.pk) for one in staff)}
        journal.write(row.incident, act="promise.escalated", at=now, what=what)
    _mail(row, staff)
    return True


def whom(row: PromiseRow, step: int) -> Sequence[Staff]:
    """Who is reminded at a step: the owner, and whoever answers for the incident by then; nobody who has left."""
    roles = STEPS[step - 1][1]
    members = Staff.objects.filter(pk__in=row.incident.memberships.filter(role__in=roles).values("staff"))
    found = {one.pk: one for one in (row.owner, *members) if one.is_active}
    return list(found.values())


def _mail(row: PromiseRow, staff: Sequence[Staff]) -> None:
    for one in staff:
        try:
            one_mail.mail(row.incident, _contact(one), notice_to(row, one), code="")
        except (Fixable, one_mail.NotHandedOver, notify.Refused, notify.TryLater, OSError) as error:
            # The screens say it all the same; there is nobody here who could mend the relay.
            log.warning("a reminder of a promise could not be mailed (%s)", type(error).__name__)
            return


def notice_to(row: PromiseRow, staff: Staff) -> Notice:
    """The reminder in the language and on the clock of whom it is for."""
    assert row.due_at is not None
    company = company_of(row.incident)
    tag = wording.language_for(staff.language, wording.languages(), company.default_language)
    words = wording.words(tag)
    with translation.override(tag):
        sentences = [
            _("A promise that we made in public falls due, and nobody has noted it as kept:"),
            words.moment(row.due_at, staff.time_zone),
            _("Log in to see which one, and keep it. If it cannot be kept, say so openly before the hour comes: %(url)s")
            % {"url": settings.STAFF_URL},
        ]
        title, greeting = _("A public promise falls due"), _("Good day,")
    return Notice(
        id=f"promise.{tag}",
        letter_group="promise",
        language=tag,
        audience="individuals",
        title=title,
        subject=title,
        greeting=greeting,
        sections=(Section(id="promise", heading="", sentences=tuple(Sentence(text=braced(text)) for text in sentences)),),
        closing="amanat",
        duty_ids=(),
    )


def _contact(staff: Staff) -> Contact:
    return Contact(
        person_id=str(staff.pk),
        name=None,
        emails=(Private("email", staff.email),),
        phones=(),
        address=None,
        residence=None,
        language=staff.language,
        minor=None,
        deceased=None,
        needs=None,
    )
