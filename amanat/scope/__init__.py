"""Scope: whose data, and which? Files and register to exposures and gaps."""

from argparse import Namespace
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from amanat.lib.command import Argument
from amanat.lib.progress import Progress, silent

if TYPE_CHECKING:
    import pyarrow as pa

    from amanat.scope.find import Scope
    from amanat.scope.identifier import Identifier
    from amanat.scope.outage import Missed
    from amanat.scope.reasons import Reason
    from amanat.terms.contact import Contact

__all__ = [
    "Scope",
    "audit_shows",
    "bases_of",
    "confinement",
    "describe_register",
    "find_exposures",
    "find_missed",
    "given_to_scan",
    "identifiers",
    "read_contacts",
    "read_passwords",
    "scan_options",
    "scan_text",
    "settled",
    "why",
    "with_reviews",
]


def find_exposures(
    paths: Sequence[Path],
    register: Path | None,
    *,
    access: Path | None = None,
    outage: Path | None = None,
    reviewed: Path | None = None,
    out: Path,
    key: bytes,
    own_domains: Sequence[str] = (),
    passwords: Sequence[str] = (),
    databases: Sequence[Path] = (),
    workers: int = 2,
    engine: str = "local",
    cluster: str = "auto",
    now: date,
    progress: Progress = silent,
) -> "Scope":
    """Whose data is in the files: scans them, matches to the register, writes findings, exposures and gaps into `out`.

    Args:
        paths: files and folders as the thief had them.
        register: CSV, Parquet, JSON lines, or a register.toml that lists several files, tables and queries; None makes everybody found an outsider.
        access: folder that says which accounts and tables were reachable; their persons are added.
        outage: folder with outage.toml and events; who missed the service is added, and outage.parquet says how often.
        reviewed: CSV of what reviewers decided (confirmed, refused, merged, split), which holds from this run on.
        key: at least 16 secret bytes for the hashes that stand for values.
        own_domains: the company's domains; addresses there are nobody's own.
        passwords: to be tried on files that are encrypted.
        databases: files that each hold the address of a database whose tables are read as they stand.
        workers: how many threads and reading processes work at once, on this machine.
        engine: "local" works on this machine, "ray" on all machines of a Ray cluster; the answer is the same.
        cluster: HOST:PORT of the cluster's head, or "auto" for the one that this machine belongs to.
        now: the day of the scan, by which two-digit years and birth dates are understood.

    Raises:
        Fixable: a path, the register or the access folder cannot be used, and why.
    """
    from amanat.scope.find import find_exposures as find

    return find(
        paths,
        register,
        access=access,
        outage=outage,
        reviewed=reviewed,
        out=out,
        key=key,
        own_domains=own_domains,
        passwords=passwords,
        databases=databases,
        workers=workers,
        engine=engine,
        cluster=cluster,
        now=now,
        progress=progress,
    )


def find_missed(
    events: Path,
    register: Path | None,
    *,
    service: str,
    since: datetime,
    until: datetime | None,
    zone: str | None = None,
    out: Path,
    key: bytes,
    now: datetime,
) -> "Missed":
    """Who was hit by an outage, how often, and who depends on the service; writes outage.parquet and exposures.parquet into `out`.

    Args:
        events: orders, log-ins or subscriptions as CSV or Parquet: person, time, service.
        until: None while the outage lasts.
        zone: where the clocks stood that wrote times without an offset.

    Raises:
        Fixable: the events, the moments or the register cannot be used, and why.
    """
    from amanat.scope.outage import Outage, write_missed
    from amanat.scope.outage import find_missed as find

    missed = find(events, Outage(service=service, since=since, until=until, zone=zone), register, key=key, now=now)
    write_missed(missed, out)
    return missed


def read_contacts(register: Path, person_ids: Collection[str] | Any | None) -> "Iterator[Contact]":
    """How to reach these persons (None: all), as the register has it, one after the other."""
    from amanat.scope.contacts import read_contacts as read

    return read(register, person_ids)


def read_passwords(file: Path) -> tuple[str, ...]:
    """The lines of a file, each a password to be tried on files that are encrypted. Raises BadPasswords."""
    from amanat.scope.read import read_passwords as read

    return read(file)


def with_reviews(exposures: "pa.Table", file: Path) -> "pa.Table":
    """EXPOSURES after what reviewers decided, from a CSV file with person_id, decision and n_records. Raises BadReviews."""
    from amanat.scope.reviewed import read_reviews
    from amanat.scope.reviewed import with_reviews as applied

    return applied(exposures, read_reviews(file))[0]


def describe_register(
    register: Path, *, holds: Sequence[Mapping[str, str]] | None = None, by_content: bool = True, is_checked: bool = True
) -> tuple[list[dict[str, Any]], str]:
    """The parts of a register with what their columns hold, and the same as register.toml. Raises Fixable when it cannot be used.

    Args:
        holds: what a person says that columns hold, for each part: a name of the register's columns, or nothing.
        by_content: also look into columns whose names say nothing; this takes the scan.
        is_checked: refuse a guess by which nobody could be recognised; not where somebody is about to correct it.
    """
    from amanat.scope.register import described, map_as_toml, open_register, settled

    opened = open_register(register, by_content=by_content and holds is None, is_checked=is_checked and holds is None)
    opened = settled(opened, holds) if holds is not None else opened
    return described(opened), map_as_toml(opened)


def why(person_id: str, case: Path) -> "tuple[dict[str, Any], list[Reason]]":
    """A person's exposure, and for each record on what it rests that it is theirs: kinds and places, never a value. Raises NotInCase."""
    from amanat.scope.reasons import why as found

    return found(person_id, case)


def bases_of(person_id: str, case: Path) -> list[dict[str, Any]]:
    """Why somebody is on the list beside what stands in files: which store or service, with which kinds of data, and how sure that is."""
    from amanat.scope.reasons import bases_of as found

    return found(person_id, case)


def settled(words: Iterable[str]) -> str:
    """The answer of several checkers to one item of a sample: what they agree on, the most missed persons that any of them saw, or `?`."""
    from amanat.scope.checked import settled as agreed

    return agreed(words)


def audit_shows(drawn: Mapping[str, Any], answers: Mapping[str, str]) -> dict[str, Any] | None:
    """The upper 95 % bounds from a draw (draw.json) and the answers by item, with how many were checked; None without an answer."""
    from amanat.scope.checked import as_json, bounds_from

    bounds = bounds_from(drawn, answers)
    return as_json(bounds) if bounds else None


def scan_text(lines: Iterable[str], *, now: date, regions: Sequence[str] = ()) -> Iterator[dict[str, Any]]:
    """For each JSON line {"id", "text"} the answer {"id", "findings"}: identifier, kind, place and belief, never the value."""
    from amanat.scope.find import scan_lines

    return scan_lines(lines, regions=regions, now=now)


def confinement() -> dict[str, bool]:
    """Which limits on the processes that open hostile files hold on this kernel."""
    from amanat.scope.read import confinement as held

    return held()


def identifiers() -> "dict[str, Identifier]":
    """Every identifier of the open set, by name."""
    from amanat.scope.identifier import identifiers as members

    return members()


def __getattr__(name: str) -> Any:
    if name == "Scope":
        from amanat.scope.find import Scope

        return Scope
    raise AttributeError(f"amanat.scope has no {name!r}")


def scan_options(more_passwords: str = "") -> tuple[Argument, ...]:
    """The options of every command that scans stolen files; `more_passwords` says what else than --passwords is tried."""
    from amanat.scope import options

    return options.of_scan(more_passwords)


def given_to_scan(given: Namespace) -> dict[str, Any]:
    """What was given with `scan_options`, as arguments of `find_exposures`."""
    from amanat.scope import options

    return options.given_to_scan(given)
