"""What do the columns of the register hold?"""

import subprocess

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext

from amanat.web.accounts.pages import incident_page
from amanat.web.respond.models import Incident
from amanat.web.scope import registering
from amanat.web.templatetags.registers import REGISTER_COLUMNS


@incident_page("run")
def register(request: HttpRequest, incident: Incident) -> HttpResponse:
    """Each column with what it is taken for, to be corrected and confirmed; no value of a person is shown."""
    given = {"columns": REGISTER_COLUMNS, "has_register": registering.has_register(incident), "is_confirmed": registering.is_confirmed(incident)}
    status = 200
    try:
        parts = registering.parts(incident) if given["has_register"] else []
        if request.method == "POST":
            holds = [
                {column: request.POST.get(f"holds-{p}-{c}", "") for c, (column, _holds) in enumerate(part.columns)} for p, part in enumerate(parts)
            ]
            parts = [_as_said(part, said) for part, said in zip(parts, holds, strict=True)]
            given["parts"] = parts
            registering.confirm(incident, holds, by=request.user, now=timezone.now())
            messages.success(request, gettext("Confirmed. The next reading of the files goes by it."))
            return redirect("register", incident_id=incident.pk)
        given["parts"] = parts
    except registering.CannotUse as error:
        given["sentence"], status = str(error), 400 if request.method == "POST" else 200
    except registering.CannotWrite as error:
        given["text"] = error.text
    except subprocess.TimeoutExpired:
        given["is_too_slow"] = True
    return render(request, "scope/register.html", given, status=status)


def _as_said(part: registering.Part, said: dict[str, str]) -> registering.Part:
    """The part with what was just said of its columns, so that nobody has to say it twice."""
    columns = tuple((column, said[column] if said[column] in REGISTER_COLUMNS else "") for column, _holds in part.columns)
    return registering.Part(where=part.where, is_confirmed=part.is_confirmed, columns=columns)
