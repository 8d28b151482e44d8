"""Matching: whose records are these? Compiled loops over the candidates of a batch, record by record.

The rules are explained in docs/explanation/scope.md. In short: strong keys (address of mail, telephone, account, …, or name
with birth date) name the persons of a record; a name that few bear, or a key that several share, names persons for review.
What of the record is whose stands in shares.py. A doubt makes a person `review`; nobody is dropped.
"""

# Compiled loops are written plainly, and their types are Numba's.
# ruff: noqa: SIM110
# mypy: ignore-errors

from typing import Any, NamedTuple

import numpy as np

from amanat.scope.candidate import ALTERNATIVE, GUESSED, HEADED, NEAR_WORD, OURS
from amanat.scope.compiled import compiled
from amanat.scope.lookup import composite, find, is_address_of, is_name_of, look_up

SHARERS_MAX = 16  # persons who may share one key and still be told apart
NAMESAKES_MAX = 3  # a name alone that more persons bear says nothing
PERSONS_MAX = 48  # persons told apart within one record


class Kinds(NamedTuple):
    """Of each identifier: what matching asks of it."""

    is_strong: Any  # uint8
    is_name: Any
    is_birth: Any
    is_address: Any
    is_contact: Any  # e-mail and the like: where two of them mean two persons
    bit: Any  # uint64, the kind's bit in an exposure's mask; 0: no kind
    is_personal: Any  # whether an unmatched one makes an outsider
    name_tag: Any  # int64: tags of the composites
    address_tag: Any


@compiled
def is_looked_up(identifier, K):
    """[n] bool: values by which the register may know somebody."""
    asked = np.zeros(identifier.size, np.bool_)
    for i in range(identifier.size):
        me = identifier[i]
        asked[i] = K.is_strong[me] or K.is_name[me] or K.is_address[me]
    return asked


@compiled
def recognise(record, key, identifier, flags, belief, is_free_text, R, K, k0, k1, record_sure, record_review, sure_person, review_person):
    """Names the persons of each record; raises the belief of candidates that the register knows.

    `sure_person` and `review_person` get the persons of all records one after the other; `record_sure` and `record_review`
    [n_records + 1] say where each record's begin. Gives their numbers, or -1 when there is no room.
    """
    n = record.size
    n_sure = n_review = 0
    people = np.zeros(PERSONS_MAX, np.int32)
    maybe = np.zeros(PERSONS_MAX, np.int32)
    low = np.zeros(n, np.int64)
    high = np.zeros(n, np.int64)
    look_up(R, key, is_looked_up(identifier, K), low, high)
    i = 0
    n_records = record_sure.size - 1
    r_done = 0
    while i < n:
        r = record[i]
        j = i
        while j < n and record[j] == r:
            j += 1
        while r_done <= r:
            record_sure[r_done] = n_sure
            record_review[r_done] = n_review
            r_done += 1
        if n_sure + PERSONS_MAX > sure_person.size or n_review + PERSONS_MAX * 2 > review_person.size:
            return -1, -1
        n_people = n_maybe = 0
        # 1. Keys that one person has.
        for c in range(i, j):
            if K.is_strong[identifier[c]] and not flags[c] & OURS:
                if high[c] - low[c] == 1:
                    # A reading that nothing supports but the register: enough, except for short numbers among many.
                    n_people = _add(people, n_people, R.persons[low[c]])
                if high[c] > low[c]:
                    belief[c] = max(belief[c], np.float32(0.97))
                    flags[c] &= np.uint8(255 - ALTERNATIVE)
        # 2. A name together with a birth date or an address.
        n_tried = 0
        for c in range(i, j):
            if not K.is_name[identifier[c]]:
                continue
            for d in range(i, j):
                other = identifier[d]
                if not (K.is_birth[other] or K.is_address[other]) or n_tried > 400:
                    continue
                n_tried += 1
                tag = K.name_tag if K.is_birth[other] else K.address_tag
                lo, hi = find(R, composite(key[c], key[d], tag, k0, k1))
                # Father and son may have one name and one home, and not one birth date.
                if hi - lo == 1 and (K.is_birth[other] or not _is_another(i, j, key, identifier, flags, K, R, R.persons[lo])):
                    n_people = _add(people, n_people, R.persons[lo])
                elif hi > lo and hi - lo <= SHARERS_MAX:
                    for q in range(lo, hi):
                        n_maybe = _add(maybe, n_maybe, R.persons[q])
        # 3. Keys that several share: told apart by the others in the record, by name, by birth date; else all are for review.
        for c in range(i, j):
            if not (K.is_strong[identifier[c]] and high[c] - low[c] > 1) or flags[c] & OURS:
                continue
            is_settled = False
            for q in range(low[c], high[c]):
                if _has(people, n_people, R.persons[q]):
                    is_settled = True
            if is_settled:
                continue
            n_fit = 0
            who = np.int32(-1)
            for q in range(low[c], min(high[c], low[c] + SHARERS_MAX * 8)):
                p = R.persons[q]
                if _supports(i, j, key, low, high, identifier, K, R, p):
                    n_fit += 1
                    who = p
            if n_fit == 1:
                n_people = _add(people, n_people, who)
            else:
                n_added = 0
                for q in range(low[c], high[c]):
                    p = R.persons[q]
                    if n_fit == 0 or _supports(i, j, key, low, high, identifier, K, R, p):
                        n_maybe = _add(maybe, n_maybe, p)
                        n_added += 1
        # 4. A name alone that few bear: for review.
        for c in range(i, j):
            if not K.is_name[identifier[c]]:
                continue
            lo, hi = low[c], high[c]
            is_known = False
            for q in range(n_people):
                if is_name_of(R, key[c], lo, hi, people[q]):
                    is_known = True
            if not is_known and 0 < hi - lo <= NAMESAKES_MAX:
                for q in range(lo, hi):
                    if not _is_another(i, j, key, identifier, flags, K, R, R.persons[q]):
                        n_maybe = _add(maybe, n_maybe, R.persons[q])
        # 5. Weak values that are somebody's own are surely what they seem.
        for c in range(i, j):
            me = identifier[c]
            for q in range(n_people):
                p = people[q]
                if (
                    (K.is_name[me] and is_name_of(R, key[c], low[c], high[c], p))
                    or (K.is_birth[me] and key[c] == R.birth[p])
                    or (K.is_address[me] and is_address_of(R, key[c], low[c], high[c], p))
                ):
                    belief[c] = max(belief[c], np.float32(0.95))
                    flags[c] &= np.uint8(255 - ALTERNATIVE)
            if flags[c] & GUESSED and belief[c] < 0.5:
                for q in range(n_maybe):
                    if is_name_of(R, key[c], low[c], high[c], maybe[q]):
                        belief[c] = np.float32(0.5)
        for q in range(n_people):
            sure_person[n_sure] = people[q]
            n_sure += 1
        for q in range(n_maybe):
            if not _has(people, n_people, maybe[q]):
                review_person[n_review] = maybe[q]
                n_review += 1
        i = j
    while r_done <= n_records:
        record_sure[r_done] = n_sure
        record_review[r_done] = n_review
        r_done += 1
    return n_sure, n_review


@compiled
def _has(people, n, person):
    for q in range(n):
        if people[q] == person:
            return True
    return False


@compiled
def _add(people, n, person):
    if n < people.size and not _has(people, n, person):
        people[n] = person
        return n + 1
    return n


@compiled
def _supports(i, j, key, low, high, identifier, K, R, p):
    """Whether the record holds the name, birth date or address of the person."""
    for c in range(i, j):
        me = identifier[c]
        if (
            (K.is_name[me] and is_name_of(R, key[c], low[c], high[c], p))
            or (K.is_birth[me] and R.birth[p] != 0 and key[c] == R.birth[p])
            or (K.is_address[me] and is_address_of(R, key[c], low[c], high[c], p))
        ):
            return True
    return False


@compiled
def _is_another(i, j, key, identifier, flags, K, R, p):
    """Whether the record says another birth date than the register has for the person: a namesake."""
    if R.birth[p] == 0:
        return False
    has_other = False
    for c in range(i, j):
        if K.is_birth[identifier[c]]:
            if key[c] == R.birth[p]:
                return False
            if flags[c] & (HEADED | NEAR_WORD):
                has_other = True
    return has_other
