"""Whom of our controllers must we tell, and what? A kit for each, made by the worker; when each was told."""

import base64
import tomllib
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from amanat.web import wishes
from amanat.web.accounts import permissions
from amanat.web.accounts.models import Staff
from amanat.web.accounts.pages import incident_page
from amanat.web.assess.controllers_models import ControllerTold, Kit, KitRun
from amanat.web.respond import journal
from amanat.web.respond.forms import MOMENT
from amanat.web.respond.models import Incident

KIT, OURS = "assess_kit.secret", "assess_kitrun.secret"
UNKNOWN = {
    "no_controller": _("the register names no controller for them, and the files are nobody’s in particular"),
    "strange_controller": _("the register names a controller that controllers.toml does not"),
    "outsider": _("they are not in the register, and stand in files that are nobody’s in particular"),
    "other_controller": _("they stand in the files of one controller, and the register names another"),
    "two_owners": _("they stand in a file that two controllers claim"),
}


# ---- changes ----


@transaction.atomic
def ask(incident: Incident, *, by: Staff) -> bool:
    """Has the worker make kits; False when it is at it already."""
    now = timezone.now()
    Incident.objects.select_for_update(no_key=True).only("id").get(pk=incident.pk)
    if KitRun.objects.filter(incident=incident, state__in=("asked", "running")).exists():
        return False
    run = KitRun.objects.create(incident=incident, asked_at=now, asked_by=by)
    journal.write(incident, act="kits.asked", at=now, by=by, what={"run": str(run.pk)})
    ring(run)
    return True


def ring(run: KitRun) -> None:
    """Tells the workers that there is something to do, once the transaction stands."""
    from procrastinate.contrib.django import app

    lock = f"kits-{run.pk}"
    transaction.on_commit(lambda: app.configure_task(name="make_kits", queue="incidents", queueing_lock=lock).defer(run_id=str(run.pk)))


@transaction.atomic
def claim(run_id: UUID) -> KitRun | None:
    """The wish, if it is ours to fulfil now."""
    run: KitRun | None = wishes.claim(KitRun, run_id)
    if run is not None and wishes.is_hopeless(run):
        fail(run, wishes.GIVEN_UP)
        return None
    return run


@transaction.atomic
def fail(run: KitRun, sentence: str) -> None:
    """Keeps why there are no kits; earlier ones stay."""
    KitRun.objects.filter(pk=run.pk).update(state="failed", finished_at=timezone.now(), sentence=sentence)
    journal.write(run.incident, act="kits.failed", at=timezone.now(), what={"run": str(run.pk)}, why=sentence)


@transaction.atomic
def take_in(run: KitRun, found: dict[str, Any], folder: Path) -> None:
    """Keeps the kits of a run, encrypted under the incident's key, and our own lists; those of earlier runs go."""
    keys = run.incident.keys()
    Kit.objects.filter(run__incident=run.incident).delete()
    for entry in found["kits"]:
        kit = Kit(run=run, controller=entry["controller"], name=entry["name"][:200], duties=entry["its_duties"], because_of=entry["because_of"] or "")
        for name in ("n_sure", "n_review", "n_outsiders", "n_unclear", "n_gaps"):
            setattr(kit, name, entry[name])
        kit.we_tell_by = datetime.fromisoformat(entry["we_tell_by"]) if entry["we_tell_by"] else None
        packed = base64.b64encode((folder / f"{entry['controller']}.zip").read_bytes()).decode()
        kit.secret = keys.encrypt({"zip": packed}, place=KIT, row=kit.pk)
        kit.save()
    lists = {name: (folder / "ours" / name).read_text(encoding="utf-8") for name in ("unknown.csv", "gaps.csv")}
    run.secret = keys.encrypt(lists, place=OURS, row=run.pk)
    run.state, run.finished_at, run.unknown = "done", timezone.now(), found["unknown"]
    run.save(update_fields=["secret", "state", "finished_at", "unknown"])
    what = {"run": str(run.pk), "kits": len(found["kits"]), "unknown": found["unknown"]}
    journal.write(run.incident, act="kits.made", at=run.finished_at, what=what)


@transaction.atomic
def note_told(incident: Incident, controller: str, *, told_at: datetime, how: str, by: Staff) -> ControllerTold:
    """A controller has been told; its clock runs from then on."""
    now = timezone.now()
    row = ControllerTold.objects.create(incident=incident, controller=controller, told_at=told_at, how=how, by=by, at=now)
    journal.write(incident, act="controller.told", at=now, by=by, what={"controller": controller, "told_at": told_at.isoformat()}, why=how)
    return row


# ---- reading ----


def newest_run(incident: Incident, **how: str) -> KitRun | None:
    return KitRun.objects.filter(incident=incident, **how).order_by("-asked_at").first()


def told(incident: Incident) -> dict[str, ControllerTold]:
    """When each controller was told, by what was noted last."""
    rows = ControllerTold.objects.filter(incident=incident).select_related("by").order_by("at", "id")
    return {row.controller: row for row in rows}


def has_controllers(incident: Incident) -> bool:
    """Whether the incident's folder says for whom we process."""
    return bool(incident.folder) and (Path(incident.folder) / "controllers.toml").is_file()


def named(incident: Incident) -> frozenset[str]:
    """Ids of the controllers that the folder names now; what cannot be read names none, and the run will say why."""
    try:
        return frozenset(tomllib.loads((Path(incident.folder) / "controllers.toml").read_text(encoding="utf-8-sig")))
    except (OSError, ValueError):
        return frozenset()


class ToldForm(forms.Form):
    """When and how."""

    told_at = forms.DateTimeField(label=_("When did it hear of it?"), help_text=_("In your time zone."), **MOMENT)
    how = forms.CharField(label=_("How, and who there"), max_length=300)

    def clean_told_at(self) -> datetime:
        at: datetime = self.cleaned_data["told_at"]
        if at > timezone.now():
            raise forms.ValidationError(gettext("This moment has not come yet."))
        return at


# ---- pages ----


@require_GET
@incident_page("see")
def controllers(request: HttpRequest, incident: Incident) -> HttpResponse:
    """Each controller with its persons in numbers, our deadline to tell it, its own clock, and its kit."""
    return _page(request, incident, None, "")


def _page(request: HttpRequest, incident: Incident, form: ToldForm | None, controller: str) -> HttpResponse:
    last, done, heard = newest_run(incident), newest_run(incident, state="done"), told(incident)
    kits = Kit.objects.filter(run=done).defer("secret").order_by("controller") if done else Kit.objects.none()
    shown = []
    for kit in kits:
        due = [one for one in kit.duties if one["due_at"]]
        first = min((datetime.fromisoformat(one["due_at"]) for one in due), default=None)
        mine = form if form is not None and kit.controller == controller else ToldForm(prefix=kit.controller)
        row = heard.get(kit.controller)
        is_counted = row is not None and done is not None and row.at < done.asked_at
        shown.append({"kit": kit, "told": row, "first": first, "is_counted": is_counted, "form": mine, "is_open": mine is form})
    return render(
        request,
        "assess/controllers.html",
        {
            "incident": incident,
            "last": last,
            "done": done,
            "kits": shown,
            "unknown": [(UNKNOWN[why], n) for why, n in done.unknown.items() if why in UNKNOWN] if done else [],
            "now": timezone.now(),
            "has_controllers": has_controllers(incident),
            "may_run": permissions.may(request.user, "run", incident),
            "may_export": permissions.may(request.user, "export_people", incident),
            "may_decide": permissions.may(request.user, "decide_duties", incident),
        },
        status=422 if form is not None else 200,
    )


@require_POST
@incident_page("run")
def make(request: HttpRequest, incident: Incident) -> HttpResponse:
    """Asks the worker for kits."""
    if not has_controllers(incident):
        messages.error(request, gettext("The incident’s folder holds no controllers.toml."))
    elif not ask(incident, by=request.user):
        messages.warning(request, gettext("The kits are being made already."))
    return redirect("controllers", incident_id=incident.pk)


@require_POST
@incident_page("decide_duties")
def mark_told(request: HttpRequest, incident: Incident, controller: str) -> HttpResponse:
    """Notes when a controller was told."""
    if not Kit.objects.filter(run__incident=incident, controller=controller).exists():
        raise Http404
    form = ToldForm(request.POST, prefix=controller)
    if not form.is_valid():
        return _page(request, incident, form, controller)
    note_told(incident, controller, told_at=form.cleaned_data["told_at"], how=form.cleaned_data["how"].strip(), by=request.user)
    messages.success(request, gettext("Noted. Make the kits again, and its deadlines count from then."))
    return redirect("controllers", incident_id=incident.pk)


@require_POST
@incident_page("export_people")
def take(request: HttpRequest, incident: Incident, name: str) -> HttpResponse:
    """One kit as a zip, or our own list of those who are nobody's; for a reason, which stands in the journal."""
    why = request.POST.get("why", "").strip()[:1000]
    if not why:
        messages.error(request, gettext("Persons leave the system only for a written reason."))
        return redirect("controllers", incident_id=incident.pk)
    run = newest_run(incident, state="done")
    kit = Kit.objects.filter(run=run, controller=name).first()
    if run is None or (kit is None and name != "ours"):
        raise Http404
    keys = incident.keys()
    if kit is not None:
        content = base64.b64decode(keys.decrypt(kit.secret, place=KIT, row=kit.pk)["zip"])
        file, kind = f"{name}.zip", "application/zip"
    else:
        content = keys.decrypt(run.secret, place=OURS, row=run.pk)["unknown.csv"].encode()
        file, kind = "unknown.csv", "text/csv; charset=utf-8"
    journal.write(incident, act="kit.taken", at=timezone.now(), by=request.user, what={"kit": name}, why=why)
    answer = HttpResponse(content, content_type=kind)
    answer["Content-Disposition"] = f'attachment; filename="{file}"'
    answer["Cache-Control"] = "no-store"
    return answer
