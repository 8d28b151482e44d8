"""Compared: the register's names, birth dates and addresses in a form in which they can be compared by likeness, in memory only."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from amanat.scope.likeness import UNSEEN, Known, packed_day
from amanat.scope.scan import Scanner
from amanat.scope.sound_distance import as_codes
from amanat.scope.sounds import CODE, skeleton_of
from amanat.scope.spelled import HAS_DIGITS, Vocabulary, addresses

FIRST_DAY = date(1890, 1, 1)
_BITS = 22
AT_ONCE = 1 << 19  # persons
_TAGS = {"letters": 0x9E3779B97F4A7C15, "pair": 0xC2B2AE3D27D4EB4F, "birth": 0x165667B19E3779F9, "home": 0x27D4EB2F165667C5}
_LETTER = np.random.Generator(np.random.PCG64(20261122)).integers(1, 1 << 63, 64, dtype=np.uint64)  # numbers without meaning, always the same


def mixed(values: Any, tag: str) -> Any:
    """[n] uint32 hashes of uint64 values for one way of looking up."""
    x = values.astype(np.uint64) + np.uint64(_TAGS[tag])
    x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return (x ^ (x >> np.uint64(31))).astype(np.uint32)


def days_by_key(scanner: Scanner, now: date) -> tuple[Any, Any]:
    """Sorted keys of every day on which somebody alive may be born, and the days: keys are the only thing that the scan tells of a date."""
    last = date(now.year, now.month, now.day)  # callers may give a moment
    days = [FIRST_DAY + timedelta(n) for n in range((last - FIRST_DAY).days + 1)]
    member = next(i for i, m in enumerate(scanner.members.values()) if m.field == "birth_date")
    schema = scanner.schema_of("day", [frozenset([member])])
    texts = pa.array([day.isoformat() for day in days], pa.large_string())
    found = scanner.scan_texts(texts, np.full(len(days), schema, np.int32))
    rows = (found.identifier == member) & ((found.flags & 1) == 0)
    keys, record = found.key[rows], found.record[rows]
    packed = np.array([packed_day(day) for day in days] or [0], np.int32)
    order = np.argsort(keys)
    return keys[order], packed[record[order]] if len(record) else np.zeros(0, np.int32)


def day_of(keys: Any, days: tuple[Any, Any]) -> Any:
    """[n] packed days of keys; 0 for a key of no day."""
    known, packed = days
    if not len(known):
        return np.zeros(len(keys), np.int32)
    at = np.minimum(np.searchsorted(known, keys), len(known) - 1)
    return np.where(known[at] == keys, packed[at], 0).astype(np.int32)


@dataclass(frozen=True, slots=True)
class Words:
    """What is looked up by, of each word of a vocabulary."""

    letters: Any  # [n] uint64: sum over the skeleton's letters, the same in any order
    skeleton: Any  # [n] uint64
    first: Any  # [n] uint64: first letter

    @classmethod
    def of(cls, words: Sequence[str]) -> "Words":
        skeletons = [skeleton_of(word) for word in words]
        return cls(
            np.array([sum(int(_LETTER[CODE[c]]) for c in s) & 0xFFFFFFFFFFFFFFFF for s in skeletons], np.uint64),
            np.array([_number(s) for s in skeletons], np.uint64),
            np.array([CODE[s[0]] if s else 0 for s in skeletons], np.uint64),
        )


def _number(skeleton: str) -> int:
    value = 1
    for letter in skeleton:
        value = (value * 0x100000001B3 ^ CODE[letter]) & 0xFFFFFFFFFFFFFFFF
    return value


def looks(words: Words, name_from: Any, name_words: Any, birth: Any, address_from: Any, address_words: Any) -> tuple[Any, Any]:
    """Ways of looking up: rows and their hashes.

    All letters of a name, however its words are parted and ordered; each two of its words; the birth date with the first letter of
    a word; a word with a number of the address (a postal code, mostly).
    """
    row = np.repeat(np.arange(len(name_from) - 1, dtype=np.int32), np.diff(name_from))
    word = name_words
    # Several names of one person are told apart by a running number of the name.
    is_real = word >= 0
    part = np.cumsum(~is_real)[is_real] + row[is_real]
    row, word = row[is_real], word[is_real]
    found_rows, found = [], []
    if len(row):
        begins = np.flatnonzero(np.r_[True, part[1:] != part[:-1]])
        found_rows.append(row[begins])
        found.append(mixed(np.add.reduceat(words.letters[word], begins), "letters"))
        for step in (1, 2, 3):
            both = part[step:] == part[:-step]
            found_rows.append(row[step:][both])
            found.append(mixed(words.skeleton[word[step:][both]] + words.skeleton[word[:-step][both]], "pair"))
        born = birth[row] != 0
        found_rows.append(row[born])
        found.append(mixed(birth[row[born]].astype(np.uint64) << np.uint64(8) | words.first[word[born]], "birth"))
        has_digits = (address_words & np.uint32(HAS_DIGITS)) != 0
        place_row = np.repeat(np.arange(len(address_from) - 1, dtype=np.int32), np.diff(address_from))[has_digits]
        place = address_words[has_digits]
        begin = np.searchsorted(place_row, row, "left")
        n_places = np.minimum(np.searchsorted(place_row, row, "right") - begin, 4)
        at = np.repeat(begin, n_places) + np.arange(n_places.sum()) - np.repeat(np.cumsum(n_places) - n_places, n_places)
        found_rows.append(np.repeat(row, n_places))
        found.append(mixed(np.repeat(words.skeleton[word], n_places) * np.uint64(31) + place[at].astype(np.uint64), "home"))
    if not found:
        return np.zeros(0, np.int32), np.zeros(0, np.uint32)
    return np.concatenate(found_rows), np.concatenate(found)


@dataclass(slots=True, repr=False)
class Builder:
    """Takes the register block by block."""

    vocabulary: Vocabulary = field(default_factory=Vocabulary)
    _names: list[tuple[Any, Any]] = field(default_factory=list)
    _addresses: list[tuple[Any, Any]] = field(default_factory=list)
    _known: dict[str, int] = field(default_factory=dict)

    def add(self, block: pa.RecordBatch) -> None:
        """Names and addresses of a block of the register."""
        n = block.num_rows
        self._names.append(self.vocabulary.names(names_of(block)))
        if "address" in block.schema.names:
            self._addresses.append(addresses(block.column("address"), self._known))
        else:
            self._addresses.append((np.zeros(n + 1, np.int64), np.zeros(0, np.uint32)))
        if len(self._known) > 2_000_000:
            self._known.clear()  # only there to be quick

    def known(self, birth: Any, person: Any = None, same_as: Any = None) -> Known:
        """Everything taken so far.

        Args:
            birth: [n] packed days.
            person: [n rows] whose the rows are, when a person has several; None: each row is a person.
            same_as: [n] the number under which each person is counted; None: their own.
        """
        n = len(birth)
        name_from, name_words = _joined(self._names, np.int32)
        address_from, address_words = _joined(self._addresses, np.uint32)
        if person is not None:
            name_from, name_words = _of_persons(name_from, name_words, person, n, -1)
            address_from, address_words = _of_persons(address_from, address_words, person, n, 0)
        self._names, self._addresses = [], []
        spelled = list(self.vocabulary.number)
        sounds, lengths = as_codes(spelled)
        words = Words.of(spelled)
        counts = np.bincount(name_words[name_words >= 0], minlength=len(spelled))
        _, group = np.unique(words.skeleton, return_inverse=True)
        group_counts = np.bincount(group, weights=counts)[group] if len(group) else counts
        blocks = _blocks(words, name_from, name_words, birth, address_from, address_words, same_as)
        births = np.bincount(birth[birth > 0], minlength=2200 << 9)
        n_births = max(int((birth > 0).sum()), 1)
        of_address = np.bincount((address_words & np.uint32((1 << _BITS) - 1)).astype(np.int64), minlength=1 << _BITS)
        return Known(
            sounds=sounds,
            lengths=lengths,
            share=np.log2((counts + 1) / (n + UNSEEN)).astype(np.float32),
            sound_share=np.log2((group_counts + 1) / (n + UNSEEN)).astype(np.float32),
            name_from=name_from,
            name_words=name_words,
            birth=birth.astype(np.int32),
            birth_share=np.log2(np.maximum(births / n_births * (n_births > 10_000), 1 / 25_000)).astype(np.float32),
            address_from=address_from,
            address_words=address_words,
            address_share=np.log2((of_address + 1) / (n + UNSEEN)).astype(np.float32),
            blocks=blocks,
        )


def _blocks(words: Words, name_from: Any, name_words: Any, birth: Any, address_from: Any, address_words: Any, same_as: Any) -> Any:
    """Sorted: hash of each way of looking up << 32 | person. Some persons at a time, for what is needed on the way is many times larger."""
    parts = []
    for begin in range(0, len(birth), AT_ONCE):
        end = min(begin + AT_ONCE, len(birth))
        names, homes = name_from[begin : end + 1], address_from[begin : end + 1]
        rows, hashes = looks(
            words, names - names[0], name_words[names[0] : names[-1]], birth[begin:end], homes - homes[0], address_words[homes[0] : homes[-1]]
        )
        rows = rows + np.int32(begin)
        part = hashes.astype(np.uint64)
        part <<= np.uint64(32)
        part |= (rows if same_as is None else same_as[rows]).astype(np.uint32)
        parts.append(_each_once(part))
    blocks = np.concatenate(parts) if parts else np.zeros(0, np.uint64)
    parts.clear()
    return _each_once(blocks)


def _each_once(numbers: Any) -> Any:
    """Sorted in place, each once."""
    numbers.sort()
    if len(numbers):
        is_new = np.ones(len(numbers), bool)
        is_new[1:] = numbers[1:] != numbers[:-1]
        if not is_new.all():
            numbers = numbers[is_new]
    return numbers


def names_of(block: pa.RecordBatch) -> pa.Array:
    """The names of a block."""
    names = block.schema.names
    if "name" in names:
        whole = block.column("name").fill_null("")
    elif "given_name" in names or "family_name" in names:
        parts = [block.column(each).fill_null("") for each in ("given_name", "family_name") if each in names]
        whole = pc.binary_join_element_wise(*parts, " ") if len(parts) == 2 else parts[0]
    else:
        whole = pa.array([""] * block.num_rows)
    return whole


def _joined(pieces: list[tuple[Any, Any]], kind: Any) -> tuple[Any, Any]:
    if not pieces:
        return np.zeros(1, np.int64), np.zeros(0, kind)
    totals = np.cumsum([0, *(len(numbers) for _, numbers in pieces)])
    offsets = [np.asarray(offsets[1:], np.int64) + base for (offsets, _), base in zip(pieces, totals, strict=False)]
    return np.r_[0, np.concatenate(offsets)].astype(np.int64), np.concatenate([numbers for _, numbers in pieces]).astype(kind)


def _of_persons(offsets: Any, words: Any, person: Any, n: int, between: int) -> tuple[Any, Any]:
    """The words of rows put together by person, with `between` after each row that has any."""
    order = np.argsort(person, kind="stable")
    length = np.diff(offsets)[order]
    begin = offsets[:-1][order]
    room = length + (length > 0)
    ends = np.cumsum(room)
    out = np.full(int(ends[-1]) if len(ends) else 0, between, words.dtype)
    at = np.repeat(ends - room, length) + np.arange(length.sum()) - np.repeat(np.cumsum(length) - length, length)
    out[at] = words[np.repeat(begin, length) + np.arange(length.sum()) - np.repeat(np.cumsum(length) - length, length)]
    of_person = np.bincount(person[order], weights=room, minlength=n).astype(np.int64)
    return np.r_[0, np.cumsum(of_person)], out
