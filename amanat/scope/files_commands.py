"""Commands about the files: `files` finds whose data is in them, `why` says what speaks for a person."""

import os
from argparse import Namespace
from collections import Counter
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from amanat.lib.command import Result, Verb, argument
from amanat.lib.errors import Fixable
from amanat.lib.table import table
from amanat.scope import options


def add_to(verb: Verb) -> None:
    """Adds the commands to `amanat scope`."""
    verb.command(
        "files",
        argument("paths", nargs="*", type=Path, metavar="PATH", help="files and folders as the thief had them"),
        argument(
            "--register",
            type=Path,
            help="the company's list of persons: CSV, Parquet, JSON lines, or register.toml (see `scope register`);"
            " without it everybody is an outsider",
        ),
        argument("--out", type=Path, required=True, help="folder for findings.parquet, exposures.parquet, gaps.csv and register.toml"),
        argument("--access", type=Path, help="folder with reach.toml, or tables.csv and accounts.csv: what was within reach"),
        options.OWN_DOMAINS,
        *options.of_scan(),
        options.PROGRESS,
        json_keys=("persons", "sure", "review", "outsiders", "kinds", "gaps", "notes", "files", "kept", "bytes", "records", "findings"),
    )(files)
    verb.command(
        "why",
        argument("person", metavar="PERSON", help="person_id, as in exposures.parquet"),
        argument("--case", type=Path, required=True, metavar="DIR", help="folder that `scope files` or `run` has written"),
        json_keys=("person_id", "state", "belief", "kinds", "n_records", "reasons", "bases"),
    )(why)


def files(given: Namespace) -> Result:
    """Find whose data is in files, and which.

    Reads every file in a confined process, finds kinds of data, and matches them to the register. Values are never kept:
    findings hold the kind, the place and a keyed hash. What could not be read is in gaps.csv, with what to do next.

    For example:
      amanat scope files stolen/ --register register.csv --own-domain example.org --out case/
      amanat scope files stolen/ --register register.csv --passwords passwords.txt --out case/      what was locked is read now, the rest is kept
    """
    from amanat.scope import find_exposures
    from amanat.scope.exposures import persons_by, persons_by_kind
    from amanat.scope.key import hash_key

    # As `amanat run` has it: "nobody is affected" must not be the answer to a folder that was left empty by mistake.
    if not given.access and not given.database and not any(_may_hold_files(path) for path in given.paths):
        where = ", ".join(map(str, given.paths)) or "no file"
        raise NothingToRead(f"{where}: is empty; put the stolen files there, or say with --access what was reachable")
    with options.progress(given.progress) as progress:
        found = find_exposures(
            given.paths,
            given.register,
            access=given.access,
            out=given.out,
            key=hash_key(given.out),
            own_domains=given.own_domain,
            **options.given_to_scan(given),
            now=datetime.now(UTC),
            progress=progress,
        )
    states = persons_by("state", found.exposures)
    kinds = Counter({kind: counts.total() for kind, counts in persons_by_kind(found.exposures).items()})
    keys = {
        "persons": found.exposures.num_rows,
        "sure": states["sure"],
        "review": states["review"],
        "outsiders": states["outsider"],
        "kinds": dict(kinds.most_common()),
        "gaps": [asdict(gap) | {"size_bytes": gap.size_bytes or None} for gap in found.gaps],
        "notes": list(found.notes),
        "files": found.n_files,
        "kept": found.n_kept,
        "bytes": found.n_bytes,
        "records": found.n_records,
        "findings": found.n_findings,
    }
    return Result(keys=keys, text=_as_text(found.exposures, keys, found.gaps, given.out))


class NothingToRead(Fixable):
    """The folders that were named hold no file."""


def _may_hold_files(path: Path) -> bool:
    """Whether there is a file, or something that only reading it can tell."""
    return not path.is_dir() or not os.access(path, os.R_OK | os.X_OK) or any(files for _folder, _folders, files in os.walk(path))


def _as_text(exposures: Any, keys: dict[str, Any], gaps: Any, out: Path) -> str:
    from amanat.scope.exposures import persons_by, persons_by_kind
    from amanat.terms.kinds import KINDS

    rows = [
        [KINDS[kind].says, f"{counts['sure']:,}", f"{counts['review']:,}", f"{counts['outsider']:,}"]
        for kind, counts in persons_by_kind(exposures).items()
    ]
    parts = [
        f"Read {keys['files']:,} files ({keys['bytes'] / 1e6:,.1f} MB, {keys['records']:,} records); {keys['findings']:,} values found."
        + (f" {keys['kept']:,} of the files had been read in an earlier run." if keys["kept"] else ""),
        f"{keys['sure']:,} persons of the register are affected for sure; {keys['review']:,} need a person's look;"
        f" {keys['outsiders']:,} persons found are not in the register.",
    ]
    if within := persons_by("basis", exposures)["access"]:
        parts.append(f"{within:,} of them are in no file that was read, but within the intruder's reach.")
    parts += keys["notes"]
    if rows:
        parts += ["", table(["kind of data", "sure", "review", "outsiders"], rows, right=[1, 2, 3])]
    if gaps:
        shown = [[gap.path, gap.reason, gap.next_step] for gap in gaps[:15]]
        parts += ["", f"{len(gaps):,} files could not be read:", table(["file", "why", "what next"], shown)]
        if len(gaps) > 15:
            parts.append(f"… and {len(gaps) - 15:,} more in {out / 'gaps.csv'}")
    parts += ["", f"Written to {out}: findings.parquet, exposures.parquet, gaps.csv."]
    return "\n".join(parts)


def why(given: Namespace) -> Result:
    """Say why somebody is on the list: for each record, what agrees and what does not, without a value.

    A decision of yours goes into a CSV file for `--reviewed`: confirmed, refused, merged (with same_as) or split.

    For example:
      amanat scope why G-00017 --case case/
    and, where it is somebody else, a file reviewed.csv for the next run (n_records as `why` has it):
      person_id,decision,n_records,same_as
      G-00017,refused,3,
    """
    from amanat.scope import bases_of
    from amanat.scope import why as found

    exposure, reasons = found(given.person, given.case)
    bases = bases_of(given.person, given.case)
    keys = {name: exposure[name] for name in ("person_id", "state", "belief", "kinds", "n_records")} | {
        "reasons": [asdict(reason) for reason in reasons]
    }
    text = (
        f"{given.person}: {exposure['state']} (belief {exposure['belief']:.2f}), {exposure['n_records']:,} records, {', '.join(exposure['kinds'])}."
    )
    says = {"accessed": "opened by the intruder", "accessible": "within the intruder's reach", "service": "went without the service"}
    more = [f"{one['source']}: {says[one['basis']]} (belief {one['belief']:.2f}), {', '.join(one['kinds'])}." for one in bases]
    return Result(keys=keys | {"bases": bases}, text="\n".join([text, *(reason.sentence() for reason in reasons), *more]))
