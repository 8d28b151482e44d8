"""Finding: stolen files and a register in, exposures and gaps out."""

import csv
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from amanat.lib.progress import Progress, silent
from amanat.scope.access import add_access, content_bases, in_order
from amanat.scope.candidate import ALTERNATIVE, HEADED, NEAR_WORD, OURS
from amanat.scope.exposures import kinds_column
from amanat.scope.gaps import estimate_gaps
from amanat.scope.hits import Hits, run_key
from amanat.scope.homes import with_homes
from amanat.scope.identifier import BELIEF_MIN, identifiers
from amanat.scope.introduced import INTRODUCED, may_be_compared, with_introduced
from amanat.scope.judged import Judged
from amanat.scope.live import LIVE_UNITS, read_database
from amanat.scope.match import Account, Kinds, Register, assign, combined_masks, composite_keys, fill_bloom, recognise
from amanat.scope.outage import add_outage
from amanat.scope.outsiders import Outsiders
from amanat.scope.own_names import with_own_names
from amanat.scope.people import People, nobody, read_people
from amanat.scope.places import write_places
from amanat.scope.read import Batch, abilities, read_units
from amanat.scope.register import map_as_toml, open_register
from amanat.scope.reviewed import PARTS, read_reviews, with_reviews
from amanat.scope.same_person import write_same_persons
from amanat.scope.scan import REGIONS, Found, Scanner, best_of, records_of
from amanat.scope.tables import field_tag
from amanat.scope.unsettled import LINKS, UNTOLD, Comparer, Named, links_table, named
from amanat.terms.exposure import EXPOSURES
from amanat.terms.finding import FINDINGS, GAP_COLUMNS, Gap
from amanat.terms.kinds import mask_of

# Unmatched values of these make an outsider: each belongs to one person, and that person could be reached or harmed.
_PERSONAL = frozenset({"email", "phone", "iban", "card", "national_id", "passport"})
_CONTACT = frozenset({"email", "phone"})
_NEEDED = (
    "email",
    "password",
    "online_credentials",
    "card_number_alone",
    "fin_access_code",
    "card_with_code",
    "fin_acct_with_code",
    "iban",
    "fin_acct_alone",
)


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


class Finder:
    """Takes batches of records one after the other and counts what they hold for each person."""

    def __init__(self, people: People, key: bytes, *, own_domains: Sequence[str] = (), now: date) -> None:
        self.people = people
        members = {**identifiers(), **people.learned}
        self.scanner = Scanner(
            key,
            members=members if people.learned else None,
            regions=people.regions,
            own_domains=own_domains,
            names=people.bloom,
            known=fill_bloom(people.keys),
            now=now,
        )
        self._k0, self._k1 = self.scanner.key_words
        self._register = Register(people.keys, people.first, people.persons, people.slots, people.name, people.birth, people.address)
        kinds = list(self.scanner.members.values())
        fields = [m.field for m in kinds]
        self._kinds = Kinds(
            is_strong=np.array([m.is_strong for m in kinds], np.uint8),
            is_name=np.array([f == "name" for f in fields], np.uint8),
            is_birth=np.array([f == "birth_date" for f in fields], np.uint8),
            is_address=np.array([f == "address" for f in fields], np.uint8),
            is_contact=np.array([f in _CONTACT for f in fields], np.uint8),
            bit=np.array([mask_of([m.kind]) if m.kind else 0 for m in kinds], np.uint64),
            is_personal=np.array([f in _PERSONAL for f in fields], np.uint8),
            name_tag=np.int64(field_tag("name+birth_date")),
            address_tag=np.int64(field_tag("name+address")),
        )
        self._kind_of = np.array([m.kind for m in kinds])
        self._name_of = np.array(self.scanner.names)
        self._bits = np.array([mask_of([kind]) for kind in _NEEDED], np.uint64)
        n = len(people)
        self.account = Account(
            sure=np.zeros(n, np.uint64),
            review=np.zeros(n, np.uint64),
            n_findings=np.zeros(n, np.int64),
            n_records=np.zeros(n, np.int64),
            belief=np.zeros(n, np.float32),
            is_sure=np.zeros(n, np.uint8),
            is_review=np.zeros(n, np.uint8),
        )
        self.outsiders = Outsiders(key)
        self.comparer = Comparer(people, np.array(fields))
        self.links: list[pa.Table] = []
        self.parts: pa.Table = PARTS.empty_table()  # filled by `exposures`
        self.n_records = self.n_findings = self.n_compared = self.n_capped = 0

    def take(self, batch: Batch) -> pa.Table:
        """Counts one batch; gives its FINDINGS."""
        return self.count(self.judge(batch))

    def judge(self, batch: Batch) -> Judged:
        """What stands in a batch, and whose each record is. Nothing is counted yet."""
        return self.decide(batch, self.scanner.scan(batch.records))

    def decide(self, batch: Batch, everything: Found) -> Judged:
        """The same for candidates that the scan has found already."""
        records = batch.records
        n = records.num_rows
        labels = records.column("labels")
        is_free = np.array([not label for label in labels.dictionary.to_pylist()] or [True], np.uint8)
        indices = labels.indices.fill_null(-1).to_numpy(zero_copy_only=False)
        is_free_text = np.where(indices >= 0, is_free[np.maximum(indices, 0)], 1).astype(np.uint8)
        belief = everything.belief.copy()
        flags = everything.flags.copy()
        begins, maybe_begins = np.zeros(n + 1, np.int64), np.zeros(n + 1, np.int64)
        room = 4 * n + 4096
        while True:
            sure, maybe = np.zeros(room, np.int32), np.zeros(room, np.int32)
            n_sure, _ = recognise(
                everything.record, everything.key, everything.identifier, flags, belief, is_free_text, self._register, self._kinds,
                self._k0, self._k1, begins, maybe_begins, sure, maybe,
            )  # fmt: skip
            if n_sure >= 0:
                break
            room *= 4
        everything = replace(everything, flags=flags, belief=belief)
        everything = with_homes(everything, records, self.scanner, begins, sure, self.people.address)
        everything = with_introduced(everything, records, self.scanner)
        everything = with_own_names(everything, records.column("text"), begins, sure, self.people)
        flags, belief = everything.flags, everything.belief
        found = everything.take((belief >= BELIEF_MIN) & ((flags & ALTERNATIVE) == 0))
        found = found.take(best_of(found))
        links = self.comparer.links(
            records.column("text"), found.take(may_be_compared(found, self.scanner)), everything, self._kinds.is_strong, np.diff(begins) > 0
        )
        return Judged(
            unit=batch.unit,
            path=batch.path,
            n_bytes=batch.n_bytes,
            n_records=n,
            place=records.column("place").cast(pa.string()),
            number=records.column("record"),
            is_free_text=is_free_text,
            found=found,
            persons=named(begins, sure, maybe_begins, maybe, links),
            links=links,
        )

    def count(self, judged: Judged) -> pa.Table:
        """Counts what was judged for its persons; gives its FINDINGS."""
        found, persons = judged.found, judged.persons
        self.n_records += judged.n_records
        self.n_compared += judged.links.n_compared
        self.n_capped += judged.links.n_capped
        self.n_findings += len(found)
        if not len(found):
            return FINDINGS.empty_table()
        if len(judged.links.record):
            self.links.append(links_table(judged.path, judged.place, judged.number, self.people, judged.links))
        loose = np.zeros(len(found), np.uint8)
        # A name like nobody's in the register is no name of those whom a key names.
        has_sure = persons.sure_from[found.record] < persons.sure_from[found.record + 1]
        stands = ((found.flags & INTRODUCED) == 0) | ~has_sure
        assign(
            found.record, found.start, found.end, found.field, found.key, found.identifier,
            found.flags, found.belief, stands, judged.is_free_text,
            self._register, self._kinds, self._bits, self.account,
            persons.sure_from, persons.sure, persons.review_from, persons.review, persons.sure_belief, persons.review_belief, loose,
        )  # fmt: skip
        self._note_outsiders(found, loose, persons)
        return self._findings(judged)

    def notes(self) -> list[str]:
        """A sentence about records that could not be compared with everybody."""
        if not self.n_capped:
            return []
        return [
            f"{self.n_capped:,} of {self.n_compared:,} records without a key were compared only with persons who share their birth date or address,"
            " because too many persons have a name like theirs; such records can name a person only together with one of the two."
        ]

    def _note_outsiders(self, found: Found, loose: Any, persons: Named) -> None:
        rows = np.flatnonzero(loose)
        named_record, named_key = self._strangers(found, persons)
        of = np.r_[found.record[rows], named_record]
        if not len(of):
            return
        records, group = np.unique(of, return_inverse=True)
        masks = np.zeros(len(records), np.uint64)
        counts = np.zeros(len(records), np.int64)
        # In a record of nobody else everything is the outsider's; beside a person of the register only their own contact is.
        alone = persons.sure_from[found.record] == persons.sure_from[found.record + 1]
        place = np.searchsorted(records, found.record)
        is_here = (place < len(records)) & (records[np.minimum(place, len(records) - 1)] == found.record)
        theirs = is_here & (alone | (loose == 1)) & ((found.flags & OURS) == 0)
        np.bitwise_or.at(masks, place[theirs], self._kinds.bit[found.identifier[theirs]])
        np.add.at(counts, place[theirs], 1)
        self.outsiders.add(np.r_[found.key[rows], named_key], group.astype(np.int64), combined_masks(masks, self._bits), counts)

    def _strangers(self, found: Found, persons: Named) -> tuple[Any, Any]:
        """Records that tell of one name with a birth date or an address, and of nobody whom we know; and a key for each.

        A contact is not needed to be harmed. Who may well be a person of the register waits for the reviewer instead.
        """
        is_told = (found.flags & (HEADED | NEAR_WORD)) != 0
        n = len(persons.sure_from) - 1
        is_likely = np.zeros(n, bool)
        is_likely[np.repeat(np.arange(n), np.diff(persons.review_from))[persons.review_belief >= UNTOLD]] = True
        is_open = (np.diff(persons.sure_from) == 0) & ~is_likely
        kinds = self._kinds
        name_record, name = _only_one(found, is_told & (kinds.is_name[found.identifier] == 1) & is_open[found.record])
        records, keys = [], []
        for is_it, tag in ((kinds.is_birth, kinds.name_tag), (kinds.is_address, kinds.address_tag)):
            other_record, other = _only_one(found, is_told & (is_it[found.identifier] == 1))
            both, mine, theirs = np.intersect1d(name_record, other_record, assume_unique=True, return_indices=True)
            records.append(both)
            keys.append(composite_keys(name[mine], other[theirs], tag, self._k0, self._k1))
        return np.concatenate(records), np.concatenate(keys)

    def _findings(self, judged: Judged) -> pa.Table:
        found = judged.found
        n = len(found)
        rows = pa.array(found.record)
        return pa.table(
            [
                pa.array(np.full(n, judged.unit, np.int32)),
                pa.array([judged.path], pa.string()).take(pa.array(np.zeros(n, np.int32))),
                judged.place.take(rows),
                judged.number.take(rows),
                pa.array(found.start),
                pa.array(found.end),
                pa.array(self._name_of, pa.string()).take(pa.array(found.identifier)),
                pa.array(self._kind_of, pa.string()).take(pa.array(found.identifier)),
                pa.array(found.key),
                pa.array(found.belief),
            ],
            schema=FINDINGS,
        )

    def exposures(self) -> pa.Table:
        """EXPOSURES of everything taken so far: persons of the register in its order, then outsiders by id."""
        people, account = self.people, self.account
        rows = np.flatnonzero(account.is_sure | account.is_review)
        is_sure = account.is_sure[rows] == 1
        masks = np.where(is_sure, account.sure[rows], account.review[rows])
        ids = people.ids.take(pa.array(rows)) if len(rows) else pa.chunked_array([], pa.string())
        minor = people.minor[rows]
        inside = pa.table(
            [
                ids,
                kinds_column(masks),
                pa.array(account.n_findings[rows]),
                pa.array(account.n_records[rows]),
                pa.array(account.belief[rows]),
                pa.array(np.where(is_sure, "sure", "review"), pa.string()),
                pa.array(["content"] * len(rows), pa.string()),
                pa.array(people.residences, pa.string()).take(pa.array(people.residence[rows])),
                pa.array(people.languages, pa.string()).take(pa.array(people.language[rows])),
                pa.array(minor == 1, pa.bool_(), mask=minor < 0),
            ],
            schema=EXPOSURES,
        )
        out_ids, out_masks, n_findings, n_records, self.parts = self.outsiders.persons()
        order = np.argsort(out_ids.to_numpy(zero_copy_only=False).astype(str), kind="stable")
        n = len(out_ids)
        outside = pa.table(
            [
                out_ids.take(pa.array(order)),
                kinds_column(out_masks[order]),
                pa.array(n_findings[order]),
                pa.array(n_records[order]),
                pa.array(np.full(n, 0.7, np.float32)),
                pa.array(["outsider"] * n, pa.string()),
                pa.array(["content"] * n, pa.string()),
                pa.nulls(n, pa.string()),
                pa.nulls(n, pa.string()),
                pa.nulls(n, pa.bool_()),
            ],
            schema=EXPOSURES,
        )
        return pa.concat_tables([inside, outside]).combine_chunks()


def _only_one(found: Found, rows: Any) -> tuple[Any, Any]:
    """Records with exactly one key among the rows, and that key."""
    record, key = found.record[rows], found.key[rows]
    order = np.lexsort((key, record))
    record, key = record[order], key[order]
    is_new = np.r_[True, (record[1:] != record[:-1]) | (key[1:] != key[:-1])] if len(record) else np.zeros(0, bool)
    each, first, n = np.unique(record[is_new], return_index=True, return_counts=True)
    return each[n == 1], key[is_new][first[n == 1]]


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
    seen: Counter[str] = Counter()
    files = read_units(paths, passwords=passwords, workers=workers, progress=progress, leave=hits.leave, done=hits.done)
    live = [read_database(database, unit=LIVE_UNITS + n, leave=hits.leave, done=hits.done) for n, database in enumerate(databases)]
    for item in chain(files, *live):
        if isinstance(item, Gap):
            hits.gap(item)
            continue
        number = seen[item.file.path]
        seen[item.file.path] += 1
        if not hits.has(item.file, number):
            hits.add(item.file, number, finder.judge(item))
    hits.flush()
    gaps = hits.gaps()
    units: set[int] = set()
    n_bytes = 0
    bytes_of: dict[str, int] = {}
    with pq.ParquetWriter(out / "findings.parquet", FINDINGS, compression="zstd", compression_level=1) as writer:
        for judged in hits.judged():
            units.add(judged.unit)
            n_bytes += judged.n_bytes
            home = judged.path.split("!/")[0]
            bytes_of[home] = bytes_of.get(home, 0) + judged.n_bytes
            findings = finder.count(judged)
            if findings.num_rows:
                writer.write_table(findings)
    exposures = finder.exposures()
    links = pa.concat_tables([LINKS.empty_table(), *finder.links])
    write_places(out / "findings.parquet", people, exposures, links, out / "places.parquet")
    pq.write_table(links, out / "links.parquet", compression="zstd")
    notes += finder.notes()
    bases = [content_bases(exposures)]
    if access is not None:

        def scan(path: Path) -> pa.Table:
            """Whose data is in a copy of a store."""
            apart = Finder(people, key, own_domains=own_domains, now=now)
            for item in read_units([path], workers=workers, progress=progress):
                if isinstance(item, Gap):
                    gaps.append(replace(item, path=f"access/{item.path}"))
                else:
                    apart.take(item)
            return apart.exposures()

        exposures, more_bases, more = add_access(exposures, access, people, key, scan=scan)
        bases.append(more_bases)
        notes += more
    if outage is not None:
        exposures, more_bases, more = add_outage(exposures, outage, register, out, key=key, now=now)
        bases.append(more_bases)
        notes += more
    if reviews:
        exposures, more = with_reviews(exposures, reviews, outsiders=finder.parts, person_of=people.known_as)
        notes += more
    if not units and access is None and outage is None:
        notes.append("Nothing could be read in the files given: nobody was looked for.")
    pq.write_table(in_order(bases), out / "bases.parquet", compression="zstd")
    gaps.sort(key=lambda gap: (gap.path, gap.reason))
    if gaps:
        estimate = estimate_gaps(out / "findings.parquet", people, gaps, bytes_of)
        (out / "gaps.json").write_text(json.dumps(asdict(estimate), indent=1), encoding="utf-8")
        notes.append(estimate.as_sentence())
    else:
        (out / "gaps.json").unlink(missing_ok=True)
    pq.write_table(exposures, out / "exposures.parquet", compression="zstd")
    pq.write_table(finder.parts, out / "outsiders.parquet", compression="zstd")
    write_gaps(gaps, out / "gaps.csv")
    return Scope(
        exposures=exposures,
        gaps=tuple(gaps),
        n_files=len(units),
        n_bytes=n_bytes,
        n_records=finder.n_records,
        n_findings=finder.n_findings,
        notes=tuple(notes),
        n_kept=hits.n_kept,
    )


def write_gaps(gaps: Sequence[Gap], path: Path) -> None:
    """gaps.csv, one row for each gap; the size is empty where nobody knows it."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(GAP_COLUMNS)
        writer.writerows([gap.path, gap.reason, gap.size_bytes or "", gap.next_step] for gap in gaps)


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
