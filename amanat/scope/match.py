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
    starts: Any
    shift: Any  # uint64, bits of a key below those that number its part of `starts`
    name: Any
    birth: Any
    address: Any


def register_of(people: Any) -> Register:
    """People as the loops read them."""
    shift = np.uint64(64 - (len(people.starts) - 1).bit_length() + 1)
    return Register(people.keys, people.first, people.persons, people.starts, shift, people.name, people.birth, people.address)


def holders(people: Any, key: Any) -> tuple[Any, Any]:
    """From and until in people.persons of those who have each key; the same where nobody has."""
    low, high = np.zeros(len(key), np.int64), np.zeros(len(key), np.int64)
    look_up(register_of(people), np.ascontiguousarray(key), np.ones(len(key), np.bool_), low, high)
    return low, high


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


class Shares(NamedTuple):
    """Of each person of each record: what of the record is theirs."""

    kinds: Any  # uint64
    n_findings: Any  # int32


@compiled
def build_starts(keys):
    """[2^b + 1] where the keys begin whose first b bits are 0, 1, 2 …; about four in each part.

    Keys are hashes, so the parts are alike, and one is found with a look at two places in memory.
    """
    size, shift = 2, 63
    while size * 4 < keys.size and shift > 33:
        size *= 2
        shift -= 1
    starts = np.zeros(size + 1, np.int32)
    part = 0
    for i in range(keys.size):
        mine = np.int64(keys[i] >> np.uint64(shift))
        while part < mine:
            part += 1
            starts[part] = i
    while part < size:
        part += 1
        starts[part] = keys.size
    return starts


@compiled
def find(R, key):
    """From and until in R.persons of those who have the key; the same when nobody has."""
    part = np.int64(key >> R.shift)
    i, end = R.starts[part], R.starts[part + 1]
    while i < end and R.keys[i] < key:
        i += 1
    if i < end and R.keys[i] == key:
        return np.int64(R.first[i]), np.int64(R.first[i + 1])
    return np.int64(0), np.int64(0)


@compiled
def look_up(R, key, is_asked, low, high):
    """`find` for many keys, into `low` and `high` [n]; those that are not asked for are nobody's.

    The register is much larger than the processor's caches: some keys are looked up side by side, so that the waits for memory overlap.
    """
    together = 32
    at = np.zeros(together, np.int32)
    seen = np.uint64(0)
    n = key.size
    begin = 0
    while begin < n:
        end = min(begin + together, n)
        for i in range(begin, end):
            at[i - begin] = R.starts[np.int64(key[i] >> R.shift)]
        if R.keys.size:
            for i in range(begin, end):
                seen ^= R.keys[min(at[i - begin], R.keys.size - 1)]
        for i in range(begin, end):
            low[i] = high[i] = 0
            if is_asked[i]:
                low[i], high[i] = find(R, key[i])
        begin = end
    return seen


@compiled
def holds(R, lo, hi, p):
    """Whether the person is among R.persons[lo:hi]."""
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
def _is_name_of(R, key, lo, hi, p):
    """Whether it is a name of the person, present or earlier."""
    return key != 0 and (key == R.name[p] or holds(R, lo, hi, p))


@compiled
def _is_address_of(R, key, lo, hi, p):
    """Whether it is an address of the person, present or earlier."""
    return key != 0 and (key == R.address[p] or holds(R, lo, hi, p))


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
                if _is_name_of(R, key[c], lo, hi, people[q]):
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
                    (K.is_name[me] and _is_name_of(R, key[c], low[c], high[c], p))
                    or (K.is_birth[me] and key[c] == R.birth[p])
                    or (K.is_address[me] and _is_address_of(R, key[c], low[c], high[c], p))
                ):
                    belief[c] = max(belief[c], np.float32(0.95))
                    flags[c] &= np.uint8(255 - ALTERNATIVE)
            if flags[c] & GUESSED and belief[c] < 0.5:
                for q in range(n_maybe):
                    if _is_name_of(R, key[c], low[c], high[c], maybe[q]):
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
            (K.is_name[me] and _is_name_of(R, key[c], low[c], high[c], p))
            or (K.is_birth[me] and R.birth[p] != 0 and key[c] == R.birth[p])
            or (K.is_address[me] and _is_address_of(R, key[c], low[c], high[c], p))
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
    record, start, end, field, key, identifier, flags, belief, is_free_text, R, K, bits, record_sure, sure_person, record_review, review_person,
    sure, review, loose,
):  # fmt: skip
    """Says what of each record is whose. `loose` [n] uint8 becomes 1 for strong values that nobody of the register has.

    Returns nothing; `sure` and `review` (Shares, one for each of `sure_person` and `review_person`, all 0) and `loose` are filled.
    """
    n = record.size
    owners = np.full(n, -1, np.int8)  # which of its record's persons has a candidate's value in the register; -1: none
    low = np.zeros(n, np.int64)
    high = np.zeros(n, np.int64)
    look_up(R, key, is_looked_up(identifier, K), low, high)
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
        if n_people > 0:
            for c in range(i, j):
                owners[c] = _owner(R, K, key[c], low[c], high[c], identifier[c], sure_person, s0, s1)
            # Which contacts are somebody's own; a further one of the same kind in free text is somebody else's.
            for c in range(i, j):
                if flags[c] & OURS:
                    continue
                me = identifier[c]
                owner = owners[c]
                if owner >= 0:
                    sure.kinds[s0 + owner] |= K.bit[me]
                    sure.n_findings[s0 + owner] += 1
                    continue
                is_known = False
                if K.is_strong[me] or K.is_name[me]:
                    for q in range(low[c], high[c]):
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
                    sure.kinds[s0] |= K.bit[me]
                    sure.n_findings[s0] += 1
                    continue
                nearest = _nearest(i, j, c, start, end, field, owners, free)
                if nearest >= 0:
                    sure.kinds[s0 + nearest] |= K.bit[me]
                    sure.n_findings[s0 + nearest] += 1
                else:
                    for q in range(s0, s1):
                        sure.kinds[q] |= K.bit[me]
                        sure.n_findings[q] += 1
            for q in range(s0, s1):
                sure.kinds[q] = combined(sure.kinds[q], bits[0], bits[1], bits[2], bits[3], bits[4], bits[5], bits[6], bits[7], bits[8])
        # For review: all of the record when nobody is sure, else only what is their own.
        for v in range(v0, v1):
            p = review_person[v]
            mask = np.uint64(0)
            count = 0
            for c in range(i, j):
                if flags[c] & OURS:
                    continue
                me = identifier[c]
                if n_people == 0 or ((K.is_strong[me] or K.is_name[me]) and holds(R, low[c], high[c], p)):
                    mask |= K.bit[me]
                    count += 1
            if count > 0:
                review.kinds[v] = combined(mask, bits[0], bits[1], bits[2], bits[3], bits[4], bits[5], bits[6], bits[7], bits[8])
                review.n_findings[v] = count
        # Beside persons for review too: should they be somebody else, the person of these values must not be lost.
        if n_people == 0:
            for c in range(i, j):
                # A number that only looks like a telephone is no person, unless something stands beside it that says so.
                if (
                    K.is_personal[identifier[c]]
                    and not flags[c] & OURS
                    and belief[c] >= OUTSIDER_MIN
                    and not _is_in_register(R, K, c, key, identifier, low, high)
                ):
                    loose[c] = 1
        i = j


@compiled
def _is_in_register(R, K, c, key, identifier, low, high):
    """Whether somebody has the value."""
    me = identifier[c]
    if K.is_strong[me] or K.is_name[me] or K.is_address[me]:
        return low[c] != high[c]
    lo, hi = find(R, key[c])
    return lo != hi


@compiled
def _owner(R, K, key, lo, hi, me, sure_person, s0, s1):
    """Which of the record's persons has this value in the register; -1: none."""
    until = min(s1, s0 + PERSONS_MAX)
    if K.is_strong[me]:
        for q in range(lo, hi):
            for s in range(s0, until):
                if sure_person[s] == R.persons[q]:
                    return s - s0
        return -1
    is_name, is_birth, is_address = K.is_name[me], K.is_birth[me], K.is_address[me]
    if not (is_name or is_birth or is_address):
        return -1
    for s in range(s0, until):
        p = sure_person[s]
        if (is_name and _is_name_of(R, key, lo, hi, p)) or (is_birth and key == R.birth[p]) or (is_address and _is_address_of(R, key, lo, hi, p)):
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
