"""Finding: stolen files and a register in, exposures and gaps out."""

import csv
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from amanat.lib.cells import inert
from amanat.lib.progress import Progress, silent
from amanat.scope.access import add_access, content_bases, in_order
from amanat.scope.finder import Finder
from amanat.scope.gaps import estimate_gaps
from amanat.scope.hits import Hits, run_key
from amanat.scope.identifier import BELIEF_MIN
from amanat.scope.introduced import with_introduced
from amanat.scope.live import LIVE_UNITS
from amanat.scope.order import Order
from amanat.scope.outage import add_outage
from amanat.scope.people import nobody, read_people
from amanat.scope.places import write_places
from amanat.scope.read import abilities, read_units, walk
from amanat.scope.register import map_as_toml, open_register
from amanat.scope.reviewed import read_reviews, with_reviews
from amanat.scope.same_person import write_same_persons
from amanat.scope.scan import REGIONS, Scanner, best_of, records_of
from amanat.scope.steps import Here
from amanat.scope.tally import Tally
from amanat.scope.unsettled import LINKS
from amanat.terms.finding import FINDINGS, GAP_COLUMNS, Gap


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """Whose data, and which: one row for each person, and what could not be read."""

    exposures: pa.Table  # EXPOSURES
    gaps: tuple[Gap, ...]
    n_files: int
    n_bytes: int
    n_records: int
    n_findings: int
    notes: tuple[str, ...]  # sentences that whoever decides must read
    n_kept: int = 0  # files that were read in an earlier run, and not again


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
) -> Scope:
    """Scans the files, matches what is found to the register, and writes findings, places, links and exposures (.parquet) and gaps.csv into `out`."""
    out.mkdir(parents=True, exist_ok=True)
    notes: list[str] = []
    reviews = read_reviews(reviewed) if reviewed is not None else {}
    if register is None:
        people = nobody()
        notes.append(
            "There is no register: everybody found is an outsider, known only by a number made from their own data."
            " They cannot be told from one another with certainty, nor be reached, until a register (or a backup of it) is given."
        )
    else:
        file = open_register(register)
        people = read_people(file, key, now=now, progress=progress)
        (out / "register.toml").write_text(map_as_toml(file), encoding="utf-8")
        if people.same_as is not None:
            write_same_persons(people.same_as, people.ids, out / "same_persons.csv")
        notes += people.notes
    finder = Finder(people, key, own_domains=own_domains, now=now)
    hits = Hits(out / "hits", run_key(people, key, tuple(own_domains), now.year, repr((tuple(passwords), abilities()))))
    units, hits.loose = walk(paths)
    units = [unit for unit in units if not hits.leave(unit.as_file)]
    here = Here(finder, threads=workers, passwords=passwords, progress=progress)
    order = Order(register=register, key=key, own_domains=tuple(own_domains), passwords=tuple(passwords), now=now)
    there = here if engine == "local" else _cluster(order, cluster, progress)
    tally = Tally(people, key)
    try:
        there.judge(units, hits)
        for n, database in enumerate(databases):
            hits.loose += here.judge_database(database, LIVE_UNITS + n, hits)
        hits.refresh()
        with pq.ParquetWriter(out / "findings.parquet", FINDINGS, compression="zstd", compression_level=1) as writer:
            for counted in there.count(hits):
                tally.add(counted)
                if counted.findings:  # as one: of many small files each would be a part of the file with a description of its own
                    writer.write_table(pa.concat_tables(counted.findings))
    finally:
        there.close(hits)
    notes += there.notes
    gaps = hits.gaps()
    bytes_of: dict[str, int] = {}
    for _, entry in hits.entries():
        home = entry.path.split("!/")[0]
        bytes_of[home] = bytes_of.get(home, 0) + entry.n_bytes
    exposures = tally.exposures()
    links = pa.concat_tables([LINKS.empty_table(), *tally.links])
    write_places(out / "findings.parquet", people, exposures, links, out / "places.parquet", parts=tally.parts, key=key)
    pq.write_table(links, out / "links.parquet", compression="zstd")
    notes += tally.notes()
    bases = [content_bases(exposures)]
    if access is not None:

        def scan(path: Path) -> pa.Table:
            """Whose data is in a copy of a store."""
            apart = Tally(people, key)
            for item in read_units([path], workers=workers, progress=progress):
                if isinstance(item, Gap):
                    gaps.append(replace(item, path=f"access/{item.path}"))
                else:
                    apart.add(finder.take(item))
            return apart.exposures()

        exposures, more_bases, more = add_access(exposures, access, people, key, scan=scan)
        bases.append(more_bases)
        notes += more
    if outage is not None:
        exposures, more_bases, more = add_outage(exposures, outage, register, out, key=key, now=now)
        bases.append(more_bases)
        notes += more
    if reviews:
        exposures, more = with_reviews(exposures, reviews, outsiders=tally.parts, person_of=people.known_as)
        notes += more
    if not bytes_of and access is None and outage is None:
        notes.append("Nothing could be read in the files given: nobody was looked for.")
    pq.write_table(in_order(bases), out / "bases.parquet", compression="zstd")
    gaps.sort(key=lambda gap: (gap.path, gap.reason))
    if gaps:
        estimate = estimate_gaps(out / "findings.parquet", people, gaps, bytes_of)
        (out / "gaps.json").write_text(json.dumps(asdict(estimate), indent=1), encoding="utf-8")
        notes += [estimate.as_sentence()] if estimate.n else []
    else:
        (out / "gaps.json").unlink(missing_ok=True)
    pq.write_table(exposures, out / "exposures.parquet", compression="zstd")
    pq.write_table(tally.parts, out / "outsiders.parquet", compression="zstd")
    write_gaps(gaps, out / "gaps.csv")
    return Scope(
        exposures=exposures,
        gaps=tuple(gaps),
        n_files=len({unit for unit, _ in hits.entries()}),
        n_bytes=sum(bytes_of.values()),
        n_records=tally.n_records,
        n_findings=tally.n_findings,
        notes=tuple(notes),
        n_kept=hits.n_kept,
    )


def _cluster(order: Order, address: str, progress: Progress) -> Any:
    from amanat.scope.cluster import Cluster

    return Cluster(order, address, progress=progress)


def write_gaps(gaps: Sequence[Gap], path: Path) -> None:
    """gaps.csv, one row for each gap; the size is empty where nobody knows it. A thief names files, and people open this in a spreadsheet."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(GAP_COLUMNS)
        writer.writerows([inert(gap.path), gap.reason, gap.size_bytes or "", gap.next_step] for gap in gaps)


def scan_lines(lines: Any, *, regions: Sequence[str] = (), now: date) -> Any:
    """For each JSON line {"id", "text"} the answer {"id", "findings"}, as it comes; a line that is neither gets an "error" instead."""
    scanner = Scanner(bytes(16), regions=regions or REGIONS, now=now)
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            given = json.loads(line)
            text = given["text"]
            if not isinstance(text, str):
                raise TypeError
        except (ValueError, KeyError, TypeError):
            yield {"id": None, "line": number, "error": 'is not a JSON object with "id" and "text"'}
            continue
        records = records_of([text])
        found = with_introduced(scanner.scan(records), records, scanner)
        found = found.take((found.belief >= BELIEF_MIN) & ((found.flags & 1) == 0))
        found = found.take(best_of(found))
        order = np.lexsort((found.end, found.start))
        yield {
            "id": given.get("id"),
            "findings": [
                {
                    "identifier": scanner.names[found.identifier[i]],
                    "kind": scanner.members[scanner.names[found.identifier[i]]].kind,
                    "start": int(found.start[i]),
                    "end": int(found.end[i]),
                    "belief": round(float(found.belief[i]), 3),
                }
                for i in order
            ],
        }
