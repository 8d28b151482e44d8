"""Options: what the commands that read stolen files have in common, on the command line and as arguments of the stage."""

from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from amanat.lib.command import Argument, argument, one_or_more
from amanat.lib.progress import Kept, Line, Progress

OWN_DOMAINS = argument(
    "--own-domain", action="append", default=[], metavar="DOMAIN", help="a domain of the company, whose addresses are nobody's own"
)
PROGRESS = argument("--progress", type=Path, metavar="FILE", help="keep in this file how far the work has come, for another program to show")
WORKERS = argument("--workers", type=one_or_more, default=2, help="how many processes read files at once, and how many threads look through them")
REVIEWED = argument("--reviewed", type=Path, metavar="FILE", help="CSV of what reviewers decided: person_id,decision,n_records,same_as")
DATABASES = argument(
    "--database",
    action="append",
    default=[],
    type=Path,
    metavar="FILE",
    help="a file of yours alone (chmod 600) with the address of a database to be read as it stands: postgresql://, mysql://, sqlite:///",
)
FROM_STORY = "left out, the passwords.txt of the case's story folder"


def passwords(more: str = "") -> Argument:
    """--passwords; `more` says what else is tried."""
    says = "passwords, one a line, to be tried on files that are encrypted"
    return argument("--passwords", type=Path, metavar="FILE", help=f"{says}; {more}" if more else says)


def of_scan(more_passwords: str = "") -> tuple[Argument, ...]:
    """What every command has that scans stolen files."""
    return (
        REVIEWED,
        passwords(more_passwords),
        DATABASES,
        WORKERS,
        argument(
            "--engine",
            choices=("local", "ray"),
            default="local",
            help="scan on this machine, or on all machines of a Ray cluster that share the folders",
        ),
        argument("--cluster", default="auto", metavar="HOST:PORT", help="head of the Ray cluster (default: the one that this machine belongs to)"),
    )


def given_to_scan(given: Namespace) -> dict[str, Any]:
    """The same as arguments of `find_exposures`."""
    from amanat.scope.read import read_passwords

    return {
        "reviewed": given.reviewed,
        "passwords": read_passwords(given.passwords) if given.passwords else (),
        "databases": given.database,
        "workers": given.workers,
        "engine": given.engine,
        "cluster": given.cluster,
    }


@contextmanager
def progress(file: Path | None) -> Iterator[Progress]:
    """On the terminal, and in a file where one is wanted."""
    line = Line(unit="MB", scale=1e6)
    kept = Kept(file, line) if file else None
    try:
        yield kept or line
    finally:
        line.close()
        if kept:
            kept.close()
