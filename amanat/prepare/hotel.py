"""A hotel chain's heap: the booking system, exports of its offices, logs, lists, and papers about single guests."""

from pathlib import Path

from amanat.prepare import lists
from amanat.prepare.database import Database
from amanat.prepare.exports import Exports
from amanat.prepare.folder import Folder, Sink
from amanat.prepare.lists import Lists
from amanat.prepare.papers import Papers
from amanat.prepare.traffic import Traffic
from amanat.prepare.truth import Truth


def sinks(folder: Folder, truth: Truth, n_persons: int) -> list[Sink]:
    """Everything that writes the hotels' heap."""
    return [Database(folder, truth), Exports(folder, truth), Traffic(folder, truth), Lists(folder, truth), Papers(folder, truth, n_persons)]


def unreadable(files: Path) -> list[str]:
    """What nobody can read, for `expected.toml`."""
    return [lists.LOCKED.split("!/")[0], lists.CUT, lists.CUT_ZIP, *(f"scans/{path.name}" for path in (files / "scans").glob("*.png"))]
