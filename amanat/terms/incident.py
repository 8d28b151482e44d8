"""Incident: what happened, and our record of it: the facts, and the company in whose name we act."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from amanat.terms.company import Company
from amanat.terms.fact import Fact


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident:
    """One incident as a story folder holds it."""

    id: str
    folder: Path
    facts: Mapping[str, Fact]
    company: Company

    @property
    def files(self) -> Path:
        """The folder of stolen or broken files."""
        return self.folder / "files"

    @property
    def access(self) -> Path | None:
        """The folder that says which accounts and tables were reachable, where there is one."""
        folder = self.folder / "access"
        return folder if folder.is_dir() else None

    @property
    def outage(self) -> Path | None:
        """The folder that says which service was missing and who used it, where there is one."""
        folder = self.folder / "outage"
        return folder if folder.is_dir() else None

    @property
    def register(self) -> Path | None:
        """The company's list of persons, where it is at hand."""
        return register_in(self.folder)

    @property
    def passwords(self) -> Path | None:
        """The list of passwords to be tried on files that are encrypted, where somebody has put one there."""
        file = self.folder / "passwords.txt"
        return file if file.is_file() else None


def register_in(folder: Path) -> Path | None:
    """The register of a story folder, where there is one."""
    # register.toml alone lists registers in other places: files, tables and queries.
    names = ("register.parquet", "register.csv", "register.jsonl", "register.toml")
    return next((p for name in names if (p := folder / name).exists()), None)
