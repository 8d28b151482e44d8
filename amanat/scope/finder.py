"""Finder: from a batch of records to whose each of them is, and from there to what it holds for each person."""

import copy
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa

from amanat.scope.candidate import ALTERNATIVE, HEADED, NEAR_WORD, OURS
from amanat.scope.expired import with_expired
from amanat.scope.homes import with_homes
from amanat.scope.identifier import BELIEF_MIN, identifiers
from amanat.scope.introduced import INTRODUCED, may_be_compared, with_introduced
from amanat.scope.judged import Judged
from amanat.scope.lookup import composite_keys, fill_bloom, register_of
from amanat.scope.match import Kinds, recognise
from amanat.scope.own_names import with_own_names
from amanat.scope.people import People
from amanat.scope.read import Batch
from amanat.scope.scan import Found, Scanner, best_of
from amanat.scope.shares import Shares, assign, combined_masks
from amanat.scope.tables import field_tag
from amanat.scope.tally import Counted, Named, Strangers, nothing
from amanat.scope.unsettled import LINKS, UNTOLD, Comparer, links_table, named
from amanat.scope.unsettled import Named as Persons
from amanat.terms.finding import FINDINGS
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


class Finder:
    """Judges and counts batches against one register. It belongs to one thread; `again` gives one for another."""

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
        self._now = now
        self._k0, self._k1 = self.scanner.key_words
        self._register = register_of(people)
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
        self.comparer = Comparer(people, np.array(fields))

    def again(self) -> "Finder":
        """One for another thread, with the same register."""
        other = copy.copy(self)
        other.scanner = self.scanner.again()
        return other

    def take(self, batch: Batch) -> Counted:
        """What one batch holds for each person."""
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
        found = with_expired(found.take(best_of(found)), records.column("text"), self.scanner, self._now)
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

    def count(self, judged: Judged) -> Counted:
        """What was judged, for each of its persons."""
        found, persons, links = judged.found, judged.persons, judged.links
        counts: dict[str, Any] = {"n_records": judged.n_records, "n_findings": len(found), "n_compared": links.n_compared, "n_capped": links.n_capped}
        if not len(found):
            return replace(nothing(), **counts)
        sure = Shares(np.zeros(len(persons.sure), np.uint64), np.zeros(len(persons.sure), np.int32))
        review = Shares(np.zeros(len(persons.review), np.uint64), np.zeros(len(persons.review), np.int32))
        # A name like nobody's in the register is no name of those whom a key names.
        has_sure = persons.sure_from[found.record] < persons.sure_from[found.record + 1]
        stands = ((found.flags & INTRODUCED) == 0) | ~has_sure
        mine = found if stands.all() else found.take(stands)
        loose, theirs = np.zeros(len(found), np.uint8), np.zeros(len(mine), np.uint8)
        assign(
            mine.record, mine.start, mine.end, mine.field, mine.key, mine.identifier, mine.flags, mine.belief, judged.is_free_text,
            self._register, self._kinds, self._bits, persons.sure_from, persons.sure, persons.review_from, persons.review, sure, review, theirs,
        )  # fmt: skip
        loose[stands] = theirs
        holds_something = np.zeros(len(judged.is_free_text), bool)
        holds_something[found.record] = True
        n_sure = np.diff(persons.sure_from)
        usual = np.repeat(np.where(n_sure == 1, np.float32(0.99), np.float32(0.95)), n_sure)
        belief = np.where(persons.sure_belief > 0, np.minimum(usual, persons.sure_belief), usual)
        is_here = np.repeat(holds_something, n_sure)
        is_for_review = review.n_findings > 0
        return Counted(
            sure=Named(*(each[is_here] for each in (persons.sure[: len(usual)], *sure, belief))),
            review=Named(*(each[is_for_review] for each in (persons.review, *review, persons.review_belief))),
            strangers=self._outside(found, loose, persons),
            links=links_table(judged.path, judged.place, judged.number, self.people, links) if len(links.record) else LINKS.empty_table(),
            findings=[self._findings(judged)],
            **counts,
        )

    def _outside(self, found: Found, loose: Any, persons: Persons) -> Strangers:
        """Keys of whoever is in the records and not in the register."""
        rows = np.flatnonzero(loose)
        named_record, named_key = self._strangers(found, persons)
        of = np.r_[found.record[rows], named_record]
        if not len(of):
            return nothing().strangers
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
        return Strangers(np.r_[found.key[rows], named_key], group.astype(np.int64), combined_masks(masks, self._bits), counts)

    def _strangers(self, found: Found, persons: Persons) -> tuple[Any, Any]:
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


def _only_one(found: Found, rows: Any) -> tuple[Any, Any]:
    """Records with exactly one key among the rows, and that key."""
    record, key = found.record[rows], found.key[rows]
    order = np.lexsort((key, record))
    record, key = record[order], key[order]
    is_new = np.r_[True, (record[1:] != record[:-1]) | (key[1:] != key[:-1])] if len(record) else np.zeros(0, bool)
    each, first, n = np.unique(record[is_new], return_index=True, return_counts=True)
    return each[n == 1], key[is_new][first[n == 1]]
