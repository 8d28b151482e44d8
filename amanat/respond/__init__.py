"""Respond: run the incident: facts, roles, tasks, journal. Alert to incident."""

from pathlib import Path

from amanat.terms.incident import Incident


def open_incident(folder: Path, *, has_database: bool = False) -> Incident:
    """The incident of a story folder: its facts and its company; where a database is read, the folder may be without files.

    Raises NoStory, and the errors of facts and company files.
    """
    from amanat.respond.incident import open_incident as opened

    return opened(folder, has_database=has_database)


def playbooks() -> dict[str, "object"]:
    """Every playbook by name: the steps of each phase for one kind of incident."""
    from amanat.respond.playbook import playbooks as read

    return dict(read())
