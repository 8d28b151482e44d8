"""What would it come to, and how does it look? The dry run, and tests to our own mailboxes, before anybody is told."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from amanat.web.accounts import permissions
from amanat.web.accounts.pages import incident_page
from amanat.web.notify import actions, costs, plans, queries, trials
from amanat.web.respond.models import Incident
from amanat.web.templatetags.names import number

# Each stands behind a number: words that one and many share.
ODD = {
    "n_bad_email": gettext_lazy("with an e-mail address on file that cannot be one: tried on the next channel"),
    "n_same_email": gettext_lazy("with the same e-mail address as another person: each gets a mail of their own"),
    "n_same_household": gettext_lazy("with the same postal address as another person: each gets a letter of their own"),
    "n_shared_envelope": gettext_lazy("in one envelope with another letter of the household"),
    "n_together": gettext_lazy("on file a second time: told with the first record in one message that says all"),
    "n_same_record": gettext_lazy(
        "with the same name and addresses as another record, perhaps of the same person, not surely: each record gets a message"
    ),
    "n_minor": gettext_lazy("under age: parents or guardian are written to"),
    "n_deceased": gettext_lazy("deceased: the family is written to, by letter"),
}


@require_safe
@incident_page("see")
def dry_run(request: HttpRequest, incident: Incident) -> HttpResponse:
    """Counts and cost by channel, mailbox providers, what is odd about the addresses; and tests to members of the incident."""
    rows = queries.letters(incident)
    context: dict[str, Any] = {"incident": incident, "is_erased": incident.wrapped_keys is None, "rows": rows}
    if incident.wrapped_keys is None or not rows:
        return render(request, "notify/dry_run.html", context)
    context |= {
        "members": trials.members(incident),
        "trials": trials.of(incident),
        "can_test": permissions.may(request.user, "write_notices", incident),
    }
    counts = plans.counts_of(incident, now=timezone.now())
    if counts is None:
        actions.ask_for_counts(incident)
        return render(request, "notify/dry_run.html", context | {"is_counting": True})
    company = queries.company_of(incident)
    first, reserve = dict(counts.channel), dict(counts.further)
    channels = costs.estimates(company, [(name, first.get(name, 0)) for name in sorted({*first, *reserve})], counts.dry["units"])
    context |= {
        "counts": counts,
        "channels": [(one, reserve.get(one.channel, 0)) for one in channels],
        "total": costs.total(channels),
        "has_all_costs": all(one.unit for one in channels),
        "domains": counts.dry["domains"],
        "odd": [(counts.dry["odd"][name], says) for name, says in ODD.items() if counts.dry["odd"][name]],
    }
    return render(request, "notify/dry_run.html", context)


@require_POST
@incident_page("write_notices")
def send_test(request: HttpRequest, incident: Incident) -> HttpResponse:
    """Asks for tests of the chosen texts to the chosen members."""
    notices, staff = trials.choices(incident, request.POST)
    n = len(notices) * len(staff)
    if not n:
        messages.error(request, _("Nothing was sent: choose at least one text and one member of staff."))
    elif n > trials.MOST:
        messages.error(request, _("Nothing was sent: that would be more than %(n)s mails. Choose fewer.") % {"n": number(trials.MOST)})
    else:
        trials.ask(incident, notices=notices, to=staff, by=request.user, now=timezone.now())  # type: ignore[arg-type]
        says = _("Tests on their way: %(n)s. They tell nobody.") % {"n": number(n)}
        messages.success(request, says)
    return redirect("dry_run", incident_id=incident.pk)
