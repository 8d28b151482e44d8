"""Make: scans what is whose apart, splits the persons, and writes one kit for each controller and one list for ourselves."""

import csv
import os
import secrets
import shutil
import tempfile
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from amanat import assess, respond, scope
from amanat.lib.cells import inert
from amanat.lib.errors import Fixable, did_you_mean
from amanat.lib.journal import Journal
from amanat.lib.progress import Progress
from amanat.processor.controllers import FILE, Controller, owners_of_path, read_controllers
from amanat.processor.kit import assessment_for, files_of
from amanat.processor.leak import check_kit
from amanat.processor.split import UNKNOWN, Split, split
from amanat.terms.assessment import Assessment, Duty
from amanat.terms.contact import Contact
from amanat.terms.fact import read_facts
from amanat.terms.finding import Gap
from amanat.terms.incident import Incident

if TYPE_CHECKING:
    import pyarrow as pa

OURS = "ours"  # what only we may see: next to the kits, and never in one
_EPOCH = (2026, 1, 1, 0, 0, 0)  # of every member of a zip: the same content gives the same file


class NoKits(Fixable):
    """Kits cannot be made here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kit:
    """One controller's kit, counted."""

    controller: Controller
    folder: Path
    zip: Path
    n_sure: int
    n_review: int
    n_outsiders: int
    n_unclear: int
    n_gaps: int
    our_duty: Duty | None  # which of ours asks first that we tell it
    its_duties: tuple[Duty, ...]  # due for it, the nearest deadline first


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """What was made."""

    kits: tuple[Kit, ...]
    unknown: tuple[tuple[str, int], ...]  # why persons could not be given to anybody, and how many
    n_gaps_of_nobody: int
    folder: Path


def make_kits(
    story: Path,
    out: Path,
    *,
    now: Callable[[], datetime],
    facts: Path | None,
    told: Mapping[str, datetime],
    workers: int,
    progress: Progress,
    who: str,
) -> Made:
    """See the front door."""
    incident = respond.open_incident(story)
    if facts is not None:
        incident = replace(incident, facts=read_facts(facts))
    controllers = _told(read_controllers(story / FILE), told)
    _check_out(incident, out)
    out.mkdir(mode=0o700, parents=True, exist_ok=True)
    # Between the scan and the kits persons stand in files: for its owner only, and gone whatever happens.
    with tempfile.TemporaryDirectory(dir=out, prefix=".scan-") as scratch:
        groups, gaps = _scan(incident, controllers, Path(scratch), now=now(), workers=workers, progress=progress)
        contacts = _contacts(incident, groups)
        found = split(groups, contacts, controllers)
        ready = {one.id: _ready(one, found, contacts, gaps.get((one.id,), ()), incident, now=now()) for one in controllers}
        for one in controllers:
            check_kit(one, ready[one.id][0], controllers, found.shares, contacts)
    ours = assess.assess(incident.facts, now=now())
    _clear(out)
    kits = tuple(_write(one, *ready[one.id], found, len(gaps.get((one.id,), ())), ours, out) for one in controllers)
    others = [gap for owners, listed in gaps.items() if len(owners) != 1 for gap in listed]
    made = Made(kits=kits, unknown=_write_ours(found, others, out / OURS), n_gaps_of_nobody=len(others), folder=out)
    journal = out / OURS / "journal.jsonl"
    journal.touch(mode=0o600)
    what = {kit.controller.id: {"persons": kit.n_sure, "review": kit.n_review, "outsiders": kit.n_outsiders} for kit in kits}
    Journal(journal).write(who=who, act="kits.made", at=now(), what=what | {"unknown": dict(made.unknown)})
    return made


def _told(controllers: tuple[Controller, ...], told: Mapping[str, datetime]) -> tuple[Controller, ...]:
    known = [one.id for one in controllers]
    for name in told:
        if name not in known:
            raise NoKits(f"there is no controller {name!r} in {FILE}{did_you_mean(name, known) or '.'}")
    return tuple(replace(one, told_at=told.get(one.id, one.told_at)) for one in controllers)


def _check_out(incident: Incident, out: Path) -> None:
    if out.resolve().is_relative_to(incident.files.resolve()):
        raise NoKits(f"{out}: lies inside the stolen files; choose another folder for --out")
    if out.is_dir() and any(out.iterdir()) and not (out / OURS).is_dir():
        raise NoKits(f"{out}: holds other things; choose an empty folder for --out")
    if not incident.files.is_dir() and incident.access is None and incident.outage is None:
        raise NoKits(f"{incident.folder}: holds neither files, nor access, nor outage: there is nobody to list")


def _scan(
    incident: Incident, controllers: tuple[Controller, ...], scratch: Path, *, now: datetime, workers: int, progress: Progress
) -> "tuple[list[tuple[tuple[str, ...], pa.Table]], dict[tuple[str, ...], tuple[Gap, ...]]]":
    """Each owner's files in a scan of their own: what is found together in one scan is never taken apart again."""
    by_owner: dict[tuple[str, ...], list[Path]] = {}
    for path in sorted(p for p in incident.files.rglob("*") if p.is_file()) if incident.files.is_dir() else ():
        by_owner.setdefault(owners_of_path(path.relative_to(incident.files).as_posix(), controllers), []).append(path)
    if incident.access or incident.outage:
        by_owner.setdefault((), [])
    groups, gaps = [], {}
    for number, (owners, paths) in enumerate(sorted(by_owner.items())):
        found = scope.find_exposures(
            paths,
            incident.register,
            access=incident.access if not owners else None,
            outage=incident.outage if not owners else None,
            out=scratch / str(number),
            key=secrets.token_bytes(32),  # of its own: ids of outsiders of two controllers have nothing in common
            own_domains=incident.company.domains,
            workers=workers,
            now=now,
            progress=progress,
        )
        groups.append((owners, found.exposures))
        gaps[owners] = found.gaps
    return groups, gaps


def _contacts(incident: Incident, groups: "list[tuple[tuple[str, ...], pa.Table]]") -> dict[str, Contact]:
    if incident.register is None:
        return {}
    persons = sorted({person for _, exposures in groups for person in exposures.column("person_id").to_pylist()})
    return {contact.person_id: contact for contact in scope.read_contacts(incident.register, persons)}


def _ready(
    one: Controller, found: Split, contacts: Mapping[str, Contact], gaps: tuple[Gap, ...], incident: Incident, *, now: datetime
) -> tuple[dict[str, str], Assessment]:
    share = found.shares[one.id]
    mine = {person: contact for person, contact in contacts.items() if person in share.rows}
    assessment = assessment_for(one, share, incident.facts, now=now)
    return files_of(one, share, mine, gaps, assessment, incident.facts, incident.company, now=now), assessment


def _clear(out: Path) -> None:
    """Takes away the kits of an earlier run: one of them may be of a controller who is no longer one."""
    for path in out.iterdir():
        if path.is_dir() and path.name != OURS and not path.name.startswith("."):
            shutil.rmtree(path)
        elif path.suffix == ".zip":
            path.unlink()


def _write(one: Controller, files: dict[str, str], assessment: Assessment, found: Split, n_gaps: int, ours: Assessment, out: Path) -> Kit:
    folder, archive = out / one.id, out / f"{one.id}.zip"
    folder.mkdir(mode=0o700)
    for name, text in files.items():
        _private(folder / name, text.encode())
    with zipfile.ZipFile(_open(archive), "w", zipfile.ZIP_DEFLATED) as pack:
        for name, text in sorted(files.items()):
            pack.writestr(zipfile.ZipInfo(f"{one.id}/{name}", _EPOCH), text.encode(), zipfile.ZIP_DEFLATED)
    share = found.shares[one.id]
    states = [row["state"] for row in share.rows.values()]
    due = [duty for duty in assessment.duties if duty.state == "due" and duty.reach and duty.status == "in_force"]
    return Kit(
        controller=one,
        folder=folder,
        zip=archive,
        n_sure=states.count("sure"),
        n_review=states.count("review"),
        n_outsiders=states.count("outsider"),
        n_unclear=len(share.unclear),
        n_gaps=n_gaps,
        our_duty=_our_duty(one, ours),
        its_duties=tuple(sorted(due, key=lambda duty: (duty.due_at is None, duty.due_at or 0, duty.id))),
    )


def _our_duty(one: Controller, ours: Assessment) -> Duty | None:
    """What asks us first to tell this controller: its own contract, or a law that binds a processor."""
    asks = [d for d in ours.duties if d.to == "controller" and d.state in ("due", "undetermined") and d.reach is True]
    mine = [duty for duty in asks if duty.law == one.contract] or [duty for duty in asks if not duty.is_contract]
    return min(mine, key=lambda duty: (duty.due_at is None, duty.due_at.timestamp() if duty.due_at else 0.0, duty.id), default=None)


def _write_ours(found: Split, gaps: list[Gap], folder: Path) -> tuple[tuple[str, int], ...]:
    """Who could not be given to anybody, and what of nobody's files could not be read."""
    folder.mkdir(mode=0o700, exist_ok=True)
    rows = [[one.person_id, one.why, UNKNOWN[one.why], one.where, "; ".join(one.kinds)] for one in found.unknown]
    _table(folder / "unknown.csv", ["person_id", "why", "in words", "whose files", "kinds"], rows)
    _table(folder / "gaps.csv", ["path", "reason", "size_bytes", "next_step"], [[g.path, g.reason, g.size_bytes, g.next_step] for g in gaps])
    return tuple((why, n) for why in UNKNOWN if (n := sum(one.why == why for one in found.unknown)))


def _table(path: Path, header: list[str], rows: Sequence[Sequence[object]]) -> None:
    with os.fdopen(_descriptor(path), "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        writer.writerows([[inert(cell) if isinstance(cell, str) else cell for cell in row] for row in rows])


def _private(path: Path, content: bytes) -> None:
    with os.fdopen(_descriptor(path), "wb") as file:
        file.write(content)


def _open(path: Path):  # type: ignore[no-untyped-def]
    return os.fdopen(_descriptor(path), "w+b")


def _descriptor(path: Path) -> int:
    """For its owner only, from the first byte."""
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600)
