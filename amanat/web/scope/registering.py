"""What the columns of the register hold: guessed, shown to a person, and kept in `register.toml` beside the register once it is confirmed."""

import os
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.db import transaction

from amanat.terms.incident import register_in
from amanat.web import scratch
from amanat.web.accounts.models import Staff
from amanat.web.children import ask_amanat
from amanat.web.respond import journal
from amanat.web.respond.models import Incident
from amanat.web.scope.revealing import make_ready

MOST_SECONDS = 20  # for a look into the columns; where the scan is not compiled yet their names must do
FILE = "register.toml"


class CannotUse(Exception):
    """The register, or what was said of it, cannot be used; the sentence says what to mend."""


class CannotWrite(Exception):
    """The folder of the incident cannot be written to; `text` is what must stand in register.toml."""

    def __init__(self, text: str) -> None:
        super().__init__(FILE)
        self.text = text


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One table of the register."""

    where: str  # the name of its file, or which table of the list it is
    is_confirmed: bool
    columns: tuple[tuple[str, str], ...]  # each column of its own, and what it holds, or nothing


def has_register(incident: Incident) -> bool:
    """Whether there is a register at hand."""
    return bool(incident.folder) and register_in(Path(incident.folder)) is not None


def is_confirmed(incident: Incident) -> bool:
    """Whether somebody has settled what its columns hold."""
    return bool(incident.folder) and (Path(incident.folder) / FILE).is_file()


def parts(incident: Incident) -> list[Part]:
    """The register as amanat sees it, or as it was confirmed. Raises CannotUse."""
    return _parts(_asked(incident, ["--guess"]))


@transaction.atomic
def confirm(incident: Incident, holds: Sequence[Mapping[str, str]], *, by: Staff, now: datetime) -> None:
    """Keeps what each column of each part holds; the next reading goes by it.

    Raises:
        CannotUse: nobody could be recognised by what is said.
        CannotWrite: the folder cannot be written to.
    """
    several = len(holds) > 1
    words = [f"{number}:{column}={name}" if several else f"{column}={name}" for number, one in enumerate(holds, 1) for column, name in one.items()]
    with scratch.folder("register") as folder:
        _asked(incident, [*(f"--set={word}" for word in words), "--out", str(folder / FILE)])
        text = (folder / FILE).read_text(encoding="utf-8")
    used = [sum(bool(name) for name in one.values()) for one in holds]
    journal.write(incident, act="register.confirmed", at=now, by=by, what={"registers": len(holds), "columns_used": sum(used)})
    _write(Path(incident.folder), text)


def _write(folder: Path, text: str) -> None:
    """Whole or not at all; what stood there is kept beside it."""
    new = folder / f".{FILE}.new"
    try:
        new.write_text(text, encoding="utf-8")
        if (folder / FILE).exists():
            os.replace(folder / FILE, folder / f"{FILE}.before")
        os.replace(new, folder / FILE)
    except OSError:
        raise CannotWrite(text) from None


def _asked(incident: Incident, arguments: list[str]) -> list[dict[str, object]]:
    """What `amanat scope register` says, in a process without our secrets."""
    register = register_in(Path(incident.folder)) if incident.folder else None
    if register is None:
        raise CannotUse("there is no register in the incident's folder; put register.csv, register.parquet, register.jsonl or register.toml there")
    try:
        code, answer = ask_amanat(["scope", "register", str(register), *arguments], most_seconds=MOST_SECONDS)
    except subprocess.TimeoutExpired:
        make_ready()
        code, answer = ask_amanat(["scope", "register", str(register), "--by-name"], most_seconds=3 * MOST_SECONDS)
    if code != 0 or "parts" not in answer:
        raise CannotUse(str(answer.get("error", "the register could not be read")))
    found: list[dict[str, object]] = answer["parts"]
    return found


def _parts(told: Sequence[Mapping[str, object]]) -> list[Part]:
    found = []
    for one in told:
        columns: list[dict[str, object]] = one["columns"]  # type: ignore[assignment]
        held = {str(source): str(column["name"]) for column in columns for source in column["sources"]}  # type: ignore[attr-defined]
        names = tuple((str(name), held.get(str(name), "")) for name in one["names"])  # type: ignore[attr-defined]
        where = str(one["where"])
        found.append(
            Part(where=Path(where).name if ", [[" not in where else where.rpartition("/")[2], is_confirmed=bool(one["confirmed"]), columns=names)
        )
    return found
