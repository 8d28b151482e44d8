"""One record of the stolen files as it stands: read anew for one pair of eyes, and kept nowhere."""

import re
import subprocess
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings
from django.db import transaction

from amanat.terms.kinds import KINDS
from amanat.web.children import ask_amanat
from amanat.web.respond.models import Incident

MOST_SECONDS = 60
MARKED_SECONDS = 15  # for reading with what the scan sees in it; where the scan is not compiled yet, that takes a minute more
_MARKED = re.compile(r"‹(\w+) ([^›]*)›")


class NotShown(Exception):
    """The record cannot be shown."""


class FilesAreGone(NotShown):
    """The stolen files are not on this machine, or not any more."""


class TooSlow(NotShown):
    """The record stands too deep in a large file for a page to wait for it."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of the record; with a kind where the scan saw something."""

    text: str = field(repr=False)
    kind: str = ""


def has_files(incident: Incident, path: str) -> bool:
    """Whether the file that holds this place is still there."""
    return bool(incident.folder) and (_files(incident) / path.split("!/")[0]).is_file()


@dataclass(frozen=True, slots=True)
class Shown:
    """A record, or one passage of it."""

    pieces: list[Piece] = field(repr=False)
    is_marked: bool  # False: the scan is not ready on this machine, and its kinds of data are not marked


def record(incident: Incident, path: str, number: int, *, part: int | None = None) -> Shown:
    """The record with its values, from 1 as the screens count, read by a process that has none of our secrets. Raises NotShown.

    Nobody waits for a scan that must be compiled first: then the record comes without marks, and a worker makes the scan ready.
    Whoever calls it writes to the incident's journal; the reason stands there, and not among the arguments that this machine's users can list.
    """
    if not has_files(incident, path):
        raise FilesAreGone
    case = settings.DATA / "cases" / str(incident.pk)
    arguments = ["scope", "show", str(case), f"./{path}" if path.startswith("-") else path, str(number), "--files", str(_files(incident))]
    arguments += ["--part", str(part)] if part is not None else []
    passwords = Path(incident.folder) / "passwords.txt"
    arguments += ["--passwords", str(passwords)] if passwords.is_file() else []
    try:
        return Shown(pieces(_asked(arguments, MARKED_SECONDS)), is_marked=True)
    except TooSlow:
        make_ready()
        return Shown(pieces(_asked([*arguments, "--plain"], MOST_SECONDS)), is_marked=False)


def make_ready() -> None:
    """Has a worker compile the scan."""
    from procrastinate.contrib.django import app
    from procrastinate.exceptions import AlreadyEnqueued

    # A savepoint of its own: one is enough, and that there is one already must not undo what the page does.
    with suppress(AlreadyEnqueued), transaction.atomic():
        app.configure_task(name="warm_scan", queue="incidents", queueing_lock="warm_scan").defer()


def _asked(arguments: list[str], most_seconds: float) -> str:
    try:
        code, answer = ask_amanat([*arguments, "--reveal", "asked for on the screens"], most_seconds=most_seconds, is_secret=True)
    except subprocess.TimeoutExpired:
        raise TooSlow from None
    if code != 0 or "shown" not in answer:
        raise NotShown
    return str(answer["shown"])


def pieces(shown: str) -> list[Piece]:
    """What `amanat scope show` marks as ‹kind value›, taken apart.

    >>> [(one.kind, one.text) for one in pieces("name: ‹name Sara› | mail: ‹email sara@example.org›")]
    [('', 'name: '), ('name', 'Sara'), ('', ' | mail: '), ('email', 'sara@example.org')]
    """
    found, at = [], 0
    for mark in _MARKED.finditer(shown):
        if mark[1] not in KINDS:
            continue
        found += [Piece(shown[at : mark.start()]), Piece(mark[2], mark[1])]
        at = mark.end()
    return [one for one in (*found, Piece(shown[at:])) if one.text]


def _files(incident: Incident) -> Path:
    return Path(incident.folder) / "files"
