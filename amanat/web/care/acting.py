"""What the views of the desk have in common: the words of codes, a case of this incident, an act with its refusal in words, amounts."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from amanat.web.care import desk
from amanat.web.care.forms import latin_digits
from amanat.web.care.models import CaseRow
from amanat.web.care.words import (
    CALL_STATES,
    CALL_WHYS,
    CASE_STATES,
    CHANNELS,
    CLAIM_STATES,
    LINKS,
    MAIL_STATES,
    OFFER_STATES,
    REASONS,
    SURVEY,
    URGENCIES,
)
from amanat.web.respond.models import Incident

TEXT_MAX = 5000
WORDS = {
    "urgencies": URGENCIES,
    "case_states": CASE_STATES,
    "channels": CHANNELS,
    "claim_states": CLAIM_STATES,
    "links": LINKS,
    "reasons": REASONS,
    "offer_states": OFFER_STATES,
    "call_states": CALL_STATES,
    "call_whys": CALL_WHYS,
    "mail_states": MAIL_STATES,
    "survey_words": SURVEY,
}
NO_AMOUNT = Decimal(-1)


def case_of(incident: Incident, case_id: UUID) -> CaseRow:
    """The case, if it is one of this incident."""
    row = CaseRow.objects.select_related("person", "master", "incident", "answered_by").filter(pk=case_id, incident=incident).first()
    if row is None:
        raise Http404
    return row


def do(request: HttpRequest, act: Callable[[], Any], done: str, goes_to: HttpResponse) -> HttpResponse:
    """Does it and says so, or says why it may not happen now."""
    says = {
        "empty": _("Write something first. Nothing was sent."),
        "language": _("The answer in the company’s own language is missing. Nothing was sent."),
        "state": _("This does not follow from what was before. Look at the page again."),
        "budget": _("The budget does not hold this offer for everybody. Raise it, or leave the offer closed."),
        "nobody": _("Nobody in this incident has this code, number or address. Nothing was kept."),
        "paid": _("There is nothing to pay, or it was paid already."),
    }
    try:
        act()
    except desk.NotNow as error:
        messages.error(request, says[str(error)])
    except ObjectDoesNotExist:
        raise Http404 from None
    else:
        messages.success(request, done)
    return goes_to


def amount_of(text: str) -> Decimal | None:
    """An amount in euros, None for nothing, NO_AMOUNT for what is none."""
    plain = "".join(c for c in latin_digits(text) if not c.isspace() and c != "€").replace(",", ".")
    if not plain:
        return None
    try:
        amount = Decimal(plain)
    except ArithmeticError:
        return NO_AMOUNT
    return amount.quantize(Decimal("0.01")) if amount.is_finite() and 0 <= amount < Decimal(10**11) else NO_AMOUNT
