"""Reads about trust: the newest report, and where events can come from."""

from pathlib import Path

from django.conf import settings

from amanat.web.respond.models import Incident
from amanat.web.trust.models import TrustReport

NAMES = ("events.parquet", "events.csv")


def newest_done(incident: Incident) -> TrustReport | None:
    """The report whose numbers count."""
    return TrustReport.objects.filter(incident=incident, state="done").order_by("-asked_at").first()


def newest(incident: Incident) -> TrustReport | None:
    """The last wish, whatever became of it."""
    return TrustReport.objects.filter(incident=incident).order_by("-asked_at").first()


def events_of_folder(incident: Incident) -> Path | None:
    """The events in the incident's folder, if they are there."""
    return _first(Path(incident.folder), NAMES) if incident.folder else None


def register_of_folder(incident: Incident) -> Path | None:
    """The register in the incident's folder, if it is there."""
    return _first(Path(incident.folder), ("register.parquet", "register.csv")) if incident.folder else None


def folder_of(report: TrustReport) -> Path:
    """Where an uploaded table waits for the worker; deleted as soon as it was measured."""
    return Path(settings.DATA) / "trust" / str(report.pk)


def _first(folder: Path, names: tuple[str, ...]) -> Path | None:
    return next((folder / name for name in names if (folder / name).is_file()), None)
