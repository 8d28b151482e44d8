"""Opening an incident from its story folder."""

from pathlib import Path

from amanat.lib.errors import Fixable
from amanat.terms.company import read_company
from amanat.terms.fact import read_facts
from amanat.terms.incident import Incident


class NoStory(Fixable):
    """The folder does not hold what an incident needs."""


def open_incident(folder: Path, *, has_database: bool = False) -> Incident:
    """The incident of a story folder; it must hold facts.toml, company.toml and files/ (or access/, or outage/, or a database is read)."""
    if not folder.is_dir():
        raise NoStory(f"{folder}: there is no such folder. `amanat prepare company {folder} --persons 2000` makes one to practise on")
    missing = [name for name in ("facts.toml", "company.toml") if not (folder / name).is_file()]
    if missing:
        raise NoStory(f"{folder}: {' and '.join(missing)} missing; a story folder holds facts.toml, company.toml, register.csv and files/")
    incident = Incident(
        id=folder.resolve().name, folder=folder, facts=read_facts(folder / "facts.toml"), company=read_company(folder / "company.toml")
    )
    is_elsewhere = has_database or incident.access is not None or incident.outage is not None
    if not incident.files.is_dir() and not is_elsewhere:
        raise NoStory(
            f"{folder}: there is neither files/ nor access/; put the stolen files into {incident.files}, or say in access/ what was reachable"
            " (or in outage/ which service was missing)"
        )
    if incident.files.is_dir() and not any(incident.files.iterdir()) and not is_elsewhere:
        raise NoStory(f"{incident.files}: is empty; put the stolen files there, or say in {folder / 'access'} what was reachable")
    return incident
