"""My proof: a signed record of what the company sent me, which I can show to others; asked for and fetched on my page."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from amanat.web.care import visits
from amanat.web.care.models import Visit
from amanat.web.notify import person_proofs
from amanat.web.notify.models import ProofRow


@require_http_methods(["GET", "HEAD", "POST"])
@visits.person_page
def record(request: HttpRequest, visit: Visit) -> HttpResponse:
    """What can I show to others? Proofs that I asked for, and the button that asks for one."""
    status, given = 200, {}
    if request.method == "POST":
        try:
            person_proofs.ask_as_person(visit.incident, visit.person, is_named=request.POST.get("named") == "1", now=timezone.now())
            return redirect("my_record")
        except person_proofs.TooMany:
            status, given = 429, {"is_too_many": True}
    rows = list(person_proofs.proofs_of(visit.person, is_theirs=True))
    proofs = [(row, person_proofs.opened(row)[1] if row.state == "made" else "") for row in rows]
    return render(request, "care/record.html", given | {"proofs": proofs}, status=status)


@require_GET
@visits.person_page
def record_file(request: HttpRequest, visit: Visit, proof_id: UUID) -> HttpResponse:
    """The file, for whose page this is and nobody else."""
    row = get_object_or_404(ProofRow.objects.select_related("incident"), pk=proof_id, person=visit.person, by=None)
    if row.state != "made":
        raise Http404
    content, _opening = person_proofs.opened(row)
    answer = HttpResponse(content, content_type="application/json")
    answer["Content-Disposition"] = 'attachment; filename="proof.json"'
    return answer
