"""Unsettled: records in which no key names a person are compared with the register by likeness."""

from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa

from amanat.scope import likeness
from amanat.scope.candidate import HEADED, NEAR_WORD
from amanat.scope.compared import Words, day_of, looks
from amanat.scope.likeness import BEST, REVIEW, Asked, Known, compare, may_be_sure
from amanat.scope.lookup import holders
from amanat.scope.people import People
from amanat.scope.scan import Found
from amanat.scope.sound_distance import as_codes, costs
from amanat.scope.spelled import Vocabulary, addresses

NAMES_MAX = 8  # names of one record that are compared
BIRTHS_MAX = 4
SHARERS_MAX = 16
UNTOLD = 0.5  # belief in a person for review who was not compared

# What a link rests on, as it is written into links.parquet and explained by `explained`.
REASONS = {
    likeness.R_NAME_SAME: "name",
    likeness.R_NAME_SOUND: "name_sounds_alike",
    likeness.R_NAME_MISTAKE: "name_with_a_mistake",
    likeness.R_NAME_INITIAL: "name_initial",
    likeness.R_NAME_OTHER: "other_name",
    likeness.R_BIRTH_SAME: "birth_date",
    likeness.R_BIRTH_NEAR: "birth_date_with_a_mistake",
    likeness.R_BIRTH_OTHER: "other_birth_date",
    likeness.R_ADDRESS_SAME: "address",
    likeness.R_ADDRESS_PART: "part_of_the_address",
    likeness.R_ADDRESS_OTHER: "other_address",
    likeness.R_KEY_SHARED: "shared_key",
    likeness.R_NOT_ALL_COMPARED: "not_all_compared",
}


# One row for each record and person whom likeness ties together; what keys say is in places.parquet.
LINKS = pa.schema(
    [
        ("person_id", pa.string()),
        ("path", pa.string()),
        ("place", pa.string()),
        ("record", pa.int64()),
        ("belief", pa.float32()),
        ("state", pa.string()),  # sure | review
        ("reasons", pa.list_(pa.string())),  # of REASONS
    ]
)


class Named(NamedTuple):
    """The persons of each record, for `match.assign`."""

    sure_from: Any  # [n_records + 1]
    sure: Any
    sure_belief: Any  # float32; 0: as the rules for keys say
    review_from: Any
    review: Any
    review_belief: Any


@dataclass(frozen=True, slots=True)
class Links:
    """Records and persons that likeness tied together; one array for each column."""

    record: Any
    person: Any
    probability: Any
    is_sure: Any
    why: Any
    n_compared: int = 0  # names that were compared
    n_capped: int = 0  # of them, those that so many persons have that some ways of looking up were left out


def no_links() -> Links:
    """No links at all."""
    return Links(np.zeros(0, np.int64), np.zeros(0, np.int32), np.zeros(0), np.zeros(0, bool), np.zeros(0, np.int32))


class Comparer:
    """Compares records with the persons of one register."""

    def __init__(self, people: People, fields: Any) -> None:
        """`fields` [n_identifiers] are the fields of the scanner's identifiers."""
        self._people = people
        self._known: Known = people.known
        self._name = fields == "name"
        self._given, self._family = fields == "given_name", fields == "family_name"
        self._birth, self._address = fields == "birth_date", np.isin(fields, ["address", "address_part"])

    def links(self, texts: pa.Array, found: Found, everything: Found, is_strong: Any, is_settled: Any) -> Links:
        """Persons whom records that are not settled resemble.

        Args:
            texts: [n_records] text.
            found: candidates that stand; `everything` has their other readings too.
            is_strong: [n_identifiers].
            is_settled: [n_records] whether keys name somebody.
        """
        if not len(self._known.birth):
            return no_links()
        rows = np.flatnonzero((self._name | self._given | self._family)[found.identifier] & ~is_settled[found.record])
        if not len(rows):
            return no_links()
        of_query, names = self._names(texts, found, rows)
        asked = self._asked(of_query, names, texts, found, everything, is_strong)
        n = len(of_query)
        person, probability = np.full((n, BEST), -1, np.int32), np.zeros((n, BEST))
        why = np.zeros((n, BEST), np.int32)
        n_capped = np.zeros(1, np.int64)
        compare(asked, self._known, costs(), person, probability, why, n_capped)
        return replace(_links(of_query, person, probability, why), n_compared=n, n_capped=int(n_capped[0]))

    def _names(self, texts: pa.Array, found: Found, rows: Any) -> tuple[Any, list[str]]:
        """The names to be asked for, with the record of each. A given and a family name in fields of their own are one name."""
        records, begins = np.unique(found.record[rows], return_index=True)
        whole = texts.take(pa.array(records)).to_pylist()
        of_query: list[int] = []
        names: list[str] = []
        for text, record, begin, end in zip(whole, records.tolist(), begins.tolist(), [*begins[1:].tolist(), len(rows)], strict=True):
            mine = rows[begin:end]
            parts = [text[found.start[i] : found.end[i]] for i in mine]
            if self._family[found.identifier[mine]].any() or not self._name[found.identifier[mine]].any():
                parts = [" ".join(dict.fromkeys(" ".join(parts).split()))]
            for part in list(dict.fromkeys(parts))[:NAMES_MAX]:
                of_query.append(record)
                names.append(part.replace(";", " "))
        return np.array(of_query, np.int64), names

    def _asked(self, of_query: Any, names: list[str], texts: pa.Array, found: Found, everything: Found, is_strong: Any) -> Asked:
        vocabulary = Vocabulary()
        name_from, name_words = vocabulary.names(pa.array(names, pa.large_string()))
        spelled = list(vocabulary.number)
        sounds, lengths = as_codes(spelled)
        numbers = np.array([self._people.words.get(word, -1) for word in spelled] or [0], np.int32)
        birth_from, birth, is_told = self._births(of_query, everything)
        address_from, address = self._addresses(of_query, texts, found)
        rows, hashes = [], []
        words = Words.of(spelled)
        for k in range(BIRTHS_MAX):
            has = birth_from[1:] - birth_from[:-1] > k
            if k and not has.any():
                break
            each = np.where(has, birth[np.minimum(birth_from[:-1] + k, max(len(birth) - 1, 0))] if len(birth) else 0, 0)
            more = looks(words, name_from, name_words, each, address_from, address)
            rows.append(more[0])
            hashes.append(more[1])
        pairs = np.unique(np.concatenate(rows).astype(np.uint64) << np.uint64(32) | np.concatenate(hashes).astype(np.uint64))
        shared_from, shared, sharers = self._shared(of_query, found, is_strong)
        return Asked(
            sounds=sounds[name_words],
            lengths=lengths[name_words],
            word=numbers[name_words],
            name_from=name_from.astype(np.int64),
            birth_from=birth_from,
            birth=birth,
            is_birth_told=is_told,
            address_from=address_from.astype(np.int64),
            address=address,
            look_from=np.searchsorted(pairs >> np.uint64(32), np.arange(len(of_query) + 1, dtype=np.uint64)).astype(np.int64),
            look=pairs.astype(np.uint32),
            shared_from=shared_from,
            shared=shared,
            sharers=sharers,
        )

    def _births(self, of_query: Any, everything: Found) -> tuple[Any, Any, Any]:
        rows = np.flatnonzero(self._birth[everything.identifier])
        day = day_of(everything.key[rows], self._people.days)
        rows, day = rows[day > 0], day[day > 0]
        told = (everything.flags[rows] & (HEADED | NEAR_WORD)) != 0
        offsets, at = _of_records(of_query, everything.record[rows], BIRTHS_MAX)
        return offsets, day[at].astype(np.int32), told[at].astype(np.uint8)

    def _addresses(self, of_query: Any, texts: pa.Array, found: Found) -> tuple[Any, Any]:
        rows = np.flatnonzero(self._address[found.identifier])
        offsets, at = _of_records(of_query, found.record[rows], 12)
        if not len(at):
            return offsets, np.zeros(0, np.uint32)
        whole: dict[int, str] = {}
        wanted = np.unique(found.record[rows[at]])
        whole = dict(zip(wanted.tolist(), texts.take(pa.array(wanted)).to_pylist(), strict=True))
        cells = []
        for begin, end in zip(offsets[:-1].tolist(), offsets[1:].tolist(), strict=True):
            parts = [whole[int(found.record[i])][found.start[i] : found.end[i]] for i in rows[at[begin:end]]]
            cells.append(" ".join(dict.fromkeys(" ".join(parts).replace(";", " ").split())))
        return addresses(pa.array(cells, pa.large_string()), {})

    def _shared(self, of_query: Any, found: Found, is_strong: Any) -> tuple[Any, Any, Any]:
        people = self._people
        rows = np.flatnonzero(is_strong[found.identifier] != 0)
        if not len(people.keys) or not len(rows):
            return np.zeros(len(of_query) + 1, np.int64), np.zeros(0, np.int32), np.zeros(0, np.int64)
        low, high = holders(people, found.key[rows])
        n = high - low
        n[n > SHARERS_MAX] = 0
        step = np.arange(n.sum()) - np.repeat(np.cumsum(n) - n, n)
        person = people.persons[np.repeat(low, n) + step]
        offsets, chosen = _of_records(of_query, np.repeat(found.record[rows], n), SHARERS_MAX * 4)
        return offsets, person[chosen].astype(np.int32), np.repeat(n, n)[chosen].astype(np.int64)


def _of_records(of_query: Any, record: Any, most: int) -> tuple[Any, Any]:
    """[n_queries + 1] offsets and positions in `record` (sorted) of what belongs to each query's record."""
    begin = np.searchsorted(record, of_query, "left")
    n = np.minimum(np.searchsorted(record, of_query, "right") - begin, most)
    offsets = np.r_[0, np.cumsum(n)].astype(np.int64)
    return offsets, np.repeat(begin, n) + np.arange(offsets[-1]) - np.repeat(offsets[:-1], n)


def _links(of_query: Any, person: Any, probability: Any, why: Any) -> Links:
    """One link for each record and person, the surest of its names."""
    stays = (person >= 0) & (probability >= REVIEW)
    record = np.repeat(of_query, BEST).reshape(person.shape)[stays]
    who, chance, reason = person[stays], probability[stays], why[stays]
    order = np.lexsort((-chance, who, record))
    record, who, chance, reason = record[order], who[order], chance[order], reason[order]
    is_first = np.r_[True, (record[1:] != record[:-1]) | (who[1:] != who[:-1])] if len(record) else np.zeros(0, bool)
    record, who, chance, reason = record[is_first], who[is_first], chance[is_first], reason[is_first]
    return Links(record, who, chance, may_be_sure(chance, reason), reason)


def named(sure_from: Any, sure: Any, review_from: Any, review: Any, links: Links) -> Named:
    """The persons of each record when the links are added to those whom keys name.

    Where likeness is sure, those who were only for review because they share a key or a name with the person are not asked about;
    elsewhere nobody is dropped.
    """
    n = len(sure_from) - 1
    sure, review = sure[: sure_from[-1]], review[: review_from[-1]]
    if not len(links.record):
        return Named(sure_from, sure, np.zeros(len(sure), np.float32), review_from, review, np.full(len(review), UNTOLD, np.float32))
    sure_record, review_record = np.repeat(np.arange(n), np.diff(sure_from)), np.repeat(np.arange(n), np.diff(review_from))
    has_sure = np.zeros(n, bool)
    has_sure[links.record[links.is_sure]] = True
    stays = ~has_sure[review_record]
    review_record, review = review_record[stays], review[stays]
    is_open = ~links.is_sure & ~has_sure[links.record]
    new_sure, sure_person, sure_belief = _once(
        np.r_[sure_record, links.record[links.is_sure]],
        np.r_[sure, links.person[links.is_sure]],
        np.r_[np.zeros(len(sure)), links.probability[links.is_sure]],
    )
    new_review, review_person, review_belief = _once(
        np.r_[review_record, links.record[is_open]],
        np.r_[review, links.person[is_open]],
        np.r_[np.full(len(review), -1.0), links.probability[is_open]],
    )
    review_belief = np.where(review_belief < 0, UNTOLD, np.minimum(review_belief, 0.95))
    numbers = np.arange(n + 1)
    return Named(
        np.searchsorted(new_sure, numbers).astype(np.int64),
        sure_person.astype(np.int32),
        sure_belief.astype(np.float32),
        np.searchsorted(new_review, numbers).astype(np.int64),
        review_person.astype(np.int32),
        review_belief.astype(np.float32),
    )


def _once(record: Any, person: Any, belief: Any) -> tuple[Any, Any, Any]:
    """Each person once in each record, with the greatest belief."""
    order = np.lexsort((-belief, person, record))
    record, person, belief = record[order], person[order], belief[order]
    first = np.r_[True, (record[1:] != record[:-1]) | (person[1:] != person[:-1])] if len(record) else np.zeros(0, bool)
    return record[first], person[first], belief[first]


def links_table(path: str, place: pa.Array, number: pa.Array, people: People, links: Links) -> pa.Table:
    """LINKS of one batch, whose records have these places and numbers."""
    rows = pa.array(links.record)
    return pa.table(
        [
            people.ids.take(pa.array(links.person)).cast(pa.string()),
            pa.array([path] * len(rows), pa.string()),
            place.take(rows),
            number.take(rows),
            pa.array(links.probability.astype(np.float32)),
            pa.array(np.where(links.is_sure, "sure", "review"), pa.string()),
            reasons_column(links.why),
        ],
        schema=LINKS,
    )


def reasons_column(why: Any) -> pa.Array:
    """[n] lists of names of reasons."""
    unique, number = np.unique(why, return_inverse=True)
    spelled = [[name for bit, name in REASONS.items() if int(mask) & bit] for mask in unique]
    return pa.array(spelled, pa.list_(pa.string())).take(pa.array(number))
