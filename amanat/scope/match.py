"""Matching: whose findings are these? Compiled loops over the candidates of a batch, record by record.

The rules are explained in docs/explanation/scope.md. In short: strong keys (address of mail, telephone, account, …, or name
with birth date) name the persons of a record; everything else in the record is theirs. Where several persons are named,
each gets what is known to be theirs, then what stands nearest. A doubt makes a person `review`; nobody is dropped.
"""

# Compiled loops are written plainly, and their types are Numba's.
# ruff: noqa: SIM108, SIM110
# mypy: ignore-errors

from typing import Any, NamedTuple

import numpy as np

from amanat.scope.candidate import ALTERNATIVE, GUESSED, HEADED, NEAR_WORD, OURS
from amanat.scope.compiled import compiled
from amanat.scope.siphash import sip_word

SHARERS_MAX = 16  # persons who may share one key and still be told apart
NAMESAKES_MAX = 3  # a name alone that more persons bear says nothing
PERSONS_MAX = 48  # persons told apart within one record
OUTSIDER_MIN = 0.7  # belief in a value that nobody of the register has, for it to make a person
FAR = 200  # characters beyond which nearness says little


class Register(NamedTuple):
    """The arrays of People, for compiled loops."""

    keys: Any
    first: Any
    persons: Any
    slots: Any
    name: Any
    birth: Any
    address: Any


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


class Account(NamedTuple):
    """What is counted for each person of the register."""

    sure: Any  # uint64, kinds of records that are surely theirs
    review: Any  # uint64, kinds of records that may be theirs
    n_findings: Any  # int64
    n_records: Any  # int64
    belief: Any  # float32
    is_sure: Any  # uint8
    is_review: Any  # uint8


@compiled
def build_slots(keys):
    """Open-addressing table over sorted keys: position of the key, -1 where free."""
    size = 16
    while size < keys.size * 2:
        size *= 2
    slots = np.full(size, -1, np.int32)
    mask = np.uint64(size - 1)
    for i in range(keys.size):
        at = keys[i] & mask
        while slots[at] >= 0:
            at = (at + np.uint64(1)) & mask
        slots[at] = i
    return slots


@compiled
def find(R, key):
    """From and until in R.persons of those who have the key; the same when nobody has."""
    mask = np.uint64(R.slots.size - 1)
    at = key & mask
    while R.slots[at] >= 0:
        i = R.slots[at]
        if R.keys[i] == key:
            return R.first[i], R.first[i + 1]
        at = (at + np.uint64(1)) & mask
    return np.int64(0), np.int64(0)


@compiled
def _has_key(R, key, p):
    """Whether the person is among those who have the key."""
    lo, hi = find(R, key)
    while lo < hi:
        middle = (lo + hi) // 2
        if R.persons[middle] == p:
            return True
        if R.persons[middle] < p:
            lo = middle + 1
        else:
            hi = middle
    return False


@compiled
def _is_name_of(R, key, p):
    """Whether it is a name of the person, present or earlier."""
    return key != 0 and (key == R.name[p] or _has_key(R, key, p))


@compiled
def _is_address_of(R, key, p):
    """Whether it is an address of the person, present or earlier."""
    return key != 0 and (key == R.address[p] or _has_key(R, key, p))


@compiled
def composite(name, other, tag, k0, k1):
    """Key of a name together with another value."""
    return sip_word(name ^ ((other << np.uint64(1)) | (other >> np.uint64(63))), np.uint64(tag), k0, k1)


@compiled
def composite_keys(names, others, tag, k0, k1):
    """[n] composite keys."""
    out = np.zeros(names.size, np.uint64)
    for i in range(names.size):
        out[i] = composite(names[i], others[i], tag, k0, k1)
    return out


@compiled
def fill_bloom(keys):
    """A Bloom filter over the keys, about 16 bits for each."""
    size = 1024
    while size * 8 < keys.size * 16:
        size *= 2
    bits = np.zeros(size, np.uint8)
    mask = np.uint64(size * 8 - 1)
    for i in range(keys.size):
        if keys[i] == 0:
            continue
        for shift in (np.uint64(0), np.uint64(21), np.uint64(37)):
            bit = (keys[i] >> shift | keys[i] << (np.uint64(64) - shift if shift else np.uint64(0))) & mask
            bits[bit >> np.uint64(3)] |= np.uint8(1) << np.uint8(bit & np.uint64(7))
    return bits


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
                low[c], high[c] = find(R, key[c])
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
                if _supports(i, j, key, identifier, K, R, p):
                    n_fit += 1
                    who = p
            if n_fit == 1:
                n_people = _add(people, n_people, who)
            else:
                n_added = 0
                for q in range(low[c], high[c]):
                    p = R.persons[q]
                    if n_fit == 0 or _supports(i, j, key, identifier, K, R, p):
                        n_maybe = _add(maybe, n_maybe, p)
                        n_added += 1
        # 4. A name alone that few bear: for review.
        for c in range(i, j):
            if not K.is_name[identifier[c]]:
                continue
            lo, hi = find(R, key[c])
            is_known = False
            for q in range(n_people):
                if _is_name_of(R, key[c], people[q]):
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
                    (K.is_name[me] and _is_name_of(R, key[c], p))
                    or (K.is_birth[me] and key[c] == R.birth[p])
                    or (K.is_address[me] and _is_address_of(R, key[c], p))
                ):
                    belief[c] = max(belief[c], np.float32(0.95))
                    flags[c] &= np.uint8(255 - ALTERNATIVE)
            if flags[c] & GUESSED and belief[c] < 0.5:
                for q in range(n_maybe):
                    if _is_name_of(R, key[c], maybe[q]):
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
def _supports(i, j, key, identifier, K, R, p):
    """Whether the record holds the name, birth date or address of the person."""
    for c in range(i, j):
        me = identifier[c]
        if (
            (K.is_name[me] and _is_name_of(R, key[c], p))
            or (K.is_birth[me] and R.birth[p] != 0 and key[c] == R.birth[p])
            or (K.is_address[me] and _is_address_of(R, key[c], p))
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


@compiled
def combined(mask, bit_email, bit_password, bit_credentials, bit_card, bit_code, bit_card_code, bit_account_code, bit_iban, bit_account):
    """Kinds that law makes of others in the same record."""
    if mask & bit_password and mask & bit_email:
        mask |= bit_credentials
    if mask & bit_code:
        mask &= ~bit_code
        if mask & bit_card:
            mask = (mask & ~bit_card) | bit_card_code | bit_account_code
    if mask & bit_iban:
        mask |= bit_account
    return mask


@compiled
def assign(
    record,
    start,
    end,
    field,
    key,
    identifier,
    flags,
    belief,
    stands,
    is_free_text,
    R,
    K,
    bits,
    A,
    record_sure,
    sure_person,
    record_review,
    review_person,
    sure_belief,
    review_belief,
    loose,
):
    """Counts each standing candidate for its persons. `loose` [n] uint8 becomes 1 for strong values that nobody of the register has.

    Returns nothing; A and `loose` are filled.
    """
    n = record.size
    masks = np.zeros(PERSONS_MAX, np.uint64)
    counts = np.zeros(PERSONS_MAX, np.int64)
    owners = np.full(n, -1, np.int8)  # which of its record's persons has a candidate's value in the register; -1: none
    i = 0
    while i < n:
        r = record[i]
        j = i
        while j < n and record[j] == r:
            j += 1
        s0, s1 = record_sure[r], record_sure[r + 1]
        v0, v1 = record_review[r], record_review[r + 1]
        n_people = s1 - s0
        free = is_free_text[r] != 0
        masks[:] = 0
        counts[:] = 0
        if n_people > 0:
            for c in range(i, j):
                if stands[c]:
                    owners[c] = _owner(R, K, key[c], identifier[c], sure_person, s0, s1)
            # Which contacts are somebody's own; a further one of the same kind in free text is somebody else's.
            for c in range(i, j):
                if not stands[c] or flags[c] & OURS:
                    continue
                me = identifier[c]
                owner = owners[c]
                if owner >= 0:
                    masks[owner] |= K.bit[me]
                    counts[owner] += 1
                    continue
                is_known = False
                if K.is_strong[me] or K.is_name[me]:
                    lo, hi = find(R, key[c])
                    for q in range(lo, hi):
                        for v in range(v0, v1):
                            if review_person[v] == R.persons[q]:
                                is_known = True
                if is_known:
                    continue
                if (
                    free
                    and K.is_contact[me]
                    and K.is_personal[me]
                    and belief[c] >= OUTSIDER_MIN
                    and _same_kind_is_owned(i, j, identifier, owners, me)
                ):
                    loose[c] = 1
                    continue
                if n_people == 1:
                    masks[0] |= K.bit[me]
                    counts[0] += 1
                    continue
                nearest = _nearest(i, j, c, start, end, field, owners, free)
                if nearest >= 0:
                    masks[nearest] |= K.bit[me]
                    counts[nearest] += 1
                else:
                    for q in range(n_people):
                        masks[q] |= K.bit[me]
                        counts[q] += 1
            for q in range(min(n_people, PERSONS_MAX)):
                p = sure_person[s0 + q]
                A.sure[p] |= combined(masks[q], bits[0], bits[1], bits[2], bits[3], bits[4], bits[5], bits[6], bits[7], bits[8])
                A.n_findings[p] += counts[q]
                A.n_records[p] += 1
                A.is_sure[p] = 1
                usual = np.float32(0.99 if n_people == 1 else 0.95)
                A.belief[p] = max(A.belief[p], min(usual, sure_belief[s0 + q]) if sure_belief[s0 + q] > 0 else usual)
        # For review: all of the record when nobody is sure, else only what is their own.
        for v in range(v0, v1):
            p = review_person[v]
            mask = np.uint64(0)
            count = 0
            for c in range(i, j):
                if not stands[c] or flags[c] & OURS:
                    continue
                me = identifier[c]
                is_own = False
                if K.is_strong[me] or K.is_name[me]:
                    lo, hi = find(R, key[c])
                    for q in range(lo, hi):
                        if R.persons[q] == p:
                            is_own = True
                if n_people == 0 or is_own:
                    mask |= K.bit[me]
                    count += 1
            if count > 0:
                A.review[p] |= combined(mask, bits[0], bits[1], bits[2], bits[3], bits[4], bits[5], bits[6], bits[7], bits[8])
                A.n_findings[p] += count
                A.n_records[p] += 1
                A.is_review[p] = 1
                if not A.is_sure[p]:
                    A.belief[p] = max(A.belief[p], review_belief[v])
        # Beside persons for review too: should they be somebody else, the person of these values must not be lost.
        if n_people == 0:
            for c in range(i, j):
                # A number that only looks like a telephone is no person, unless something stands beside it that says so.
                if stands[c] and K.is_personal[identifier[c]] and not flags[c] & OURS and belief[c] >= OUTSIDER_MIN:
                    lo, hi = find(R, key[c])
                    if lo == hi:
                        loose[c] = 1
        i = j


@compiled
def _owner(R, K, key, me, sure_person, s0, s1):
    """Which of the record's persons has this value in the register; -1: none."""
    if K.is_strong[me]:
        lo, hi = find(R, key)
        for q in range(lo, hi):
            for s in range(s0, min(s1, s0 + PERSONS_MAX)):
                if sure_person[s] == R.persons[q]:
                    return s - s0
        return -1
    for s in range(s0, min(s1, s0 + PERSONS_MAX)):
        p = sure_person[s]
        if (K.is_name[me] and _is_name_of(R, key, p)) or (K.is_birth[me] and key == R.birth[p]) or (K.is_address[me] and _is_address_of(R, key, p)):
            return s - s0
    return -1


@compiled
def _same_kind_is_owned(i, j, identifier, owners, me):
    for c in range(i, j):
        if owners[c] >= 0 and identifier[c] == me:
            return True
    return False


@compiled
def _nearest(i, j, c, start, end, field, owners, free):
    """The person whose own value stands nearest to candidate c: in fields by their number, in text by characters; -1: too far."""
    best = np.int64(1 << 40)
    who = -1
    for d in range(i, j):
        owner = owners[d]
        if owner < 0:
            continue
        if free:
            distance = start[c] - end[d] if start[d] < start[c] else start[d] - end[c]
        else:
            distance = np.int64(abs(field[c] - field[d]))
        if distance < best:
            best = distance
            who = owner
    return who if not free or best <= FAR else -1


@compiled
def combined_masks(masks, bits):
    """[n] masks with the kinds that law makes of others in the same record."""
    out = np.zeros_like(masks)
    for i in range(masks.size):
        out[i] = combined(masks[i], bits[0], bits[1], bits[2], bits[3], bits[4], bits[5], bits[6], bits[7], bits[8])
    return out
