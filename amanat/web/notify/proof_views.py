"""What can we show this person? A signed proof for one person, made by staff for a written reason."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from amanat.web.accounts.pages import incident_page
from amanat.web.notify import person_proofs
from amanat.web.notify.models import ProofRow
from amanat.web.respond import journal
from amanat.web.respond.models import Incident, KeysErased
from amanat.web.respond.signing import JournalChanged
from amanat.web.scope.models import AffectedPerson
from amanat.web.scope.people import reveal


@require_http_methods(["GET", "HEAD", "POST"])
@incident_page("export_people")
def person_proof(request: HttpRequest, incident: Incident, person_id: UUID) -> HttpResponse:
    """The proofs made for one person, and the form that makes another."""
    person = get_object_or_404(AffectedPerson, incident=incident, pk=person_id)
    given: dict[str, Any] = {"incident": incident, "person": person, "secret": reveal(incident, person), "why_max": person_proofs.WHY_MAX}
    status = 200
    if request.method == "POST":
        why = request.POST.get("why", "").strip()[: person_proofs.WHY_MAX]
        if why:
            try:
                row = person_proofs.make_for_staff(
                    incident,
                    person,
                    why=why,
                    is_named=request.POST.get("named") == "1",
                    by=request.user,  # type: ignore[arg-type]
                    now=timezone.now(),
                )
                answer = redirect("person_proof", incident_id=incident.pk, person_id=person.pk)
                answer["Location"] += f"#proof-{row.pk}"
                return answer
            except JournalChanged:
                given["is_journal_changed"], status = True, 409
        else:
            given["is_without_reason"], status = True, 400
    given["proofs"] = [(row, _opening(row)) for row in person_proofs.proofs_of(person, is_theirs=False)]
    given["n_theirs"] = person_proofs.proofs_of(person, is_theirs=True).count()
    answer = render(request, "notify/person_proof.html", given, status=status)
    answer["Cache-Control"] = "no-store"
    return answer


@require_POST
@incident_page("export_people")
def proof_file(request: HttpRequest, incident: Incident, proof_id: UUID) -> HttpResponse:
    """The file; taking it is noted in the journal. What a person asked for on their page is theirs alone."""
    row = get_object_or_404(ProofRow.objects.select_related("incident"), incident=incident, pk=proof_id, state="made", by__isnull=False)
    content, _opening = person_proofs.opened(row)
    journal.write(incident, act="person_proof.taken", at=timezone.now(), by=request.user, what={"proof": str(row.pk)})  # type: ignore[arg-type]
    return as_file(content)


def as_file(content: bytes) -> HttpResponse:
    """A proof as a download that nobody keeps on the way."""
    answer = HttpResponse(content, content_type="application/json")
    answer["Content-Disposition"] = 'attachment; filename="proof.json"'
    answer["Cache-Control"] = "no-store"
    return answer


def _opening(row: ProofRow) -> str:
    try:
        return person_proofs.opened(row)[1] if row.state == "made" else ""
    except KeysErased:
        return ""
