"""Likeness: how probable is it that a record speaks of a person of the register, from names, birth date and address that need not be written alike.

Fellegi and Sunter's weights: what a piece of agreement is worth is how much more often it is seen with the same person than with
another. How often with another is counted in the register itself, so that a rare name says more than a frequent one. Beside the candidates stand two
hypotheses that speak against all of them: a person who is not in the register, and a relative from the same home.

Source: Fellegi and Sunter, A Theory for Record Linkage, JASA 64 (1969), https://doi.org/10.1080/01621459.1969.10501049.
The measured error of the thresholds is in docs/explanation/scope.md.
"""

# Compiled loops are written plainly, and their types are Numba's.
# mypy: ignore-errors

from datetime import date
from typing import Any, NamedTuple

import numpy as np

from amanat.scope.compiled import compiled
from amanat.scope.sound_distance import nearness

SURE = 0.995  # probability from which nobody needs to look, if the kinds of evidence below agree
REVIEW = 0.05  # below, it is somebody else
BEST = 3  # candidates of one record that a reviewer is shown

# Shares among records of the same person, by how they agree. Counted nowhere: set with care, then measured (see the tests).
WORD_SAME, WORD_SOUND, WORD_MISTAKE, WORD_INITIAL, WORD_OTHER = np.log2(np.array([0.80, 0.11, 0.06, 0.02, 0.01]))
MISTAKE_AMONG_OTHERS = 0.002  # share of pairs of words of different persons that are one mistake apart
INITIAL_AMONG_OTHERS = np.log2(0.07)
BIRTH_SAME, BIRTH_NEAR, BIRTH_OTHER = np.log2(np.array([0.93, 0.055 / 0.005, 0.015]))
IN_REGISTER = 0.5  # share of records without a key of anybody that speak of a person of the register all the same
RELATIVES = 0.01  # share of persons with a relative of the same name and home who is not in the register
TWINS = 0.02  # share of those relatives with the same birth date
# Persons beside the register whose names and keys are taken to be spread as its own are: a small register says little about how rare they are.
UNSEEN = 1000
BLOCK_MAX = 600  # persons looked at for one way of looking up; more share it only with frequent names
CANDIDATES_MAX = 2000

# Reasons, as bits.
R_NAME_SAME, R_NAME_SOUND, R_NAME_MISTAKE, R_NAME_INITIAL, R_NAME_OTHER = 1, 2, 4, 8, 16
R_BIRTH_SAME, R_BIRTH_NEAR, R_BIRTH_OTHER = 32, 64, 128
R_ADDRESS_SAME, R_ADDRESS_PART, R_ADDRESS_OTHER = 256, 512, 1024
R_KEY_SHARED, R_NOT_ALL_COMPARED = 2048, 4096


class Known(NamedTuple):
    """The register's persons as they are compared; in memory only, never written."""

    sounds: Any  # [n_words, LONGEST] uint8
    lengths: Any  # [n_words] uint8
    share: Any  # [n_words] float32, log2 of the share of persons with this word in their name
    sound_share: Any  # [n_words] float32, log2 of the share of persons with a word of this skeleton
    name_from: Any  # [n + 1] int64
    name_words: Any  # int32; -1 parts several names of one person
    birth: Any  # [n] int32 as by `packed_day`; 0: unknown
    birth_share: Any  # float32 by packed day, log2
    address_from: Any  # [n + 1] int64
    address_words: Any  # uint32; 0 parts several addresses
    address_share: Any  # float32 by the low bits of the hash, log2
    blocks: Any  # uint64, sorted: hash of a way of looking up << 32 | person


class Asked(NamedTuple):
    """Records to be compared, one name each."""

    sounds: Any  # as in Known, of the records' words
    lengths: Any
    word: Any  # [n words] int32, number of the same word in Known; -1: nobody in the register has it
    name_from: Any  # [n + 1] int64
    birth_from: Any
    birth: Any  # int32, packed days
    is_birth_told: Any  # uint8: the record says that it is a birth date, so another one speaks against
    address_from: Any
    address: Any  # uint32, each once
    look_from: Any
    look: Any  # uint32 hashes of ways of looking up
    shared_from: Any
    shared: Any  # int32 persons who share a key in the record …
    sharers: Any  # … and how many do


@compiled
def compare(A, K, costs, person, probability, reasons, n_capped):
    """Fills [n, BEST] persons (-1: none), their probability and the reasons, the best first; counts lookups that were too frequent."""
    change, within, between = costs
    n_persons = K.birth.size
    n_outside = n_persons * (1.0 - IN_REGISTER) / IN_REGISTER
    seen = np.full(CANDIDATES_MAX * 4, -1, np.int32)
    chosen = np.zeros(CANDIDATES_MAX, np.int32)
    for a in range(A.name_from.size - 1):
        n = 0
        is_capped = False
        for s in range(A.shared_from[a], A.shared_from[a + 1]):
            n = _choose(A.shared[s], seen, chosen, n)
        for k in range(A.look_from[a], A.look_from[a + 1]):
            want = np.uint64(A.look[k]) << np.uint64(32)
            at = _first_at(K.blocks, want)
            until = at
            while until < K.blocks.size and until - at <= BLOCK_MAX and K.blocks[until] >> np.uint64(32) == np.uint64(A.look[k]):
                until += 1
            if until - at > BLOCK_MAX:
                is_capped = True
                continue
            for q in range(at, until):
                n = _choose(np.int32(K.blocks[q] & np.uint64(0xFFFFFFFF)), seen, chosen, n)
        if is_capped:
            n_capped[0] += 1
        total = np.float64(n_outside)
        for q in range(n):
            p = chosen[q]
            bits, against, why = _weigh(A, a, K, p, change, within, between)
            weight = 2.0**bits
            total += weight + 2.0**against
            _keep(person[a], probability[a], reasons[a], p, weight, why | (R_NOT_ALL_COMPARED if is_capped else 0))
        for q in range(BEST):
            if person[a, q] >= 0:
                probability[a, q] /= total
        for q in range(n):
            at = np.int64(chosen[q]) % seen.size
            while seen[at] >= 0:
                seen[at] = -1
                at = (at + 1) % seen.size


@compiled
def _first_at(blocks, want):
    lo, hi = 0, blocks.size
    while lo < hi:
        middle = (lo + hi) // 2
        if blocks[middle] < want:
            lo = middle + 1
        else:
            hi = middle
    return lo


@compiled
def _choose(p, seen, chosen, n):
    """Adds a person to those chosen, once."""
    at = np.int64(p) % seen.size
    while seen[at] >= 0:
        if seen[at] == p:
            return n
        at = (at + 1) % seen.size
    if n == chosen.size:
        return n
    seen[at] = p
    chosen[n] = p
    return n + 1


@compiled
def _keep(person, weight, reasons, p, w, why):
    """Puts a candidate among the best; of equals the one who stands first in the register."""
    for q in range(BEST):
        if person[q] < 0 or w > weight[q] or (w == weight[q] and p < person[q]):
            for z in range(BEST - 1, q, -1):
                person[z], weight[z], reasons[z] = person[z - 1], weight[z - 1], reasons[z - 1]
            person[q], weight[q], reasons[q] = p, w, why
            return


@compiled
def _weigh(A, a, K, p, change, within, between):
    """Bits for this person, bits for a relative of theirs, and the reasons."""
    name, weakest, why = _best_name(A, a, K, p, change, within, between)
    birth = np.float64(0)
    if K.birth[p] != 0 and A.birth_from[a + 1] > A.birth_from[a]:
        is_told = False
        nearest = 3
        for d in range(A.birth_from[a], A.birth_from[a + 1]):
            nearest = min(nearest, _day_parts_apart(A.birth[d], K.birth[p]))
            is_told = is_told or A.is_birth_told[d] != 0
        if nearest == 0:
            birth = BIRTH_SAME - K.birth_share[K.birth[p]]
            why |= R_BIRTH_SAME
        elif nearest == 1 and is_told:
            birth = BIRTH_NEAR
            why |= R_BIRTH_NEAR
        elif is_told:
            birth = BIRTH_OTHER
            why |= R_BIRTH_OTHER
    address, reason = _best_address(A, a, K, p)
    why |= reason
    shared = np.float64(0)
    for s in range(A.shared_from[a], A.shared_from[a + 1]):
        if A.shared[s] == p:
            shared = max(shared, min(np.log2((K.birth.size + UNSEEN) / A.sharers[s]), 17.0))
            why |= R_KEY_SHARED
    # A relative has the same home, telephone and family name; another given name and another birth date.
    home = address + shared
    relative = np.log2(RELATIVES) + name - weakest + max(home, 0.0)
    if why & R_BIRTH_SAME:
        relative = max(relative, np.log2(RELATIVES * TWINS) + name - weakest + max(home, 0.0) + birth)
    # Without a home in common, a namesake of the family is one of the many who are not in the register.
    if home <= 0:
        relative = -100.0
    return name + birth + home, relative, why


def packed_day(day: date) -> int:
    """Year, month and day in one number."""
    return day.year << 9 | day.month << 5 | day.day


@compiled
def _day_parts_apart(a, b):
    """0: the same day; 1: day and month exchanged, or one of day, month and year differs; 2: another day."""
    if a == b:
        return 0
    ya, ma, da = a >> 9, a >> 5 & 15, a & 31
    yb, mb, db = b >> 9, b >> 5 & 15, b & 31
    if ya == yb and ma == db and da == mb:
        return 1
    return 1 if (ya != yb) + (ma != mb) + (da != db) == 1 else 2


@compiled
def _best_name(A, a, K, p, change, within, between):
    """Bits of the name that fits best of the person's names, those of its weakest word, and the reasons."""
    best, best_weakest, best_why = np.float64(-100), np.float64(0), 0
    begin = K.name_from[p]
    until = K.name_from[p + 1]
    while begin < until:
        end = begin
        while end < until and K.name_words[end] >= 0:
            end += 1
        bits, weakest, why = _name(A, a, K, begin, end, change, within, between)
        if bits > best:
            best, best_weakest, best_why = bits, weakest, why
        begin = end + 1
    return best, best_weakest, best_why


@compiled
def _name(A, a, K, begin, end, change, within, between):
    lo, hi = A.name_from[a], A.name_from[a + 1]
    n, m = min(hi - lo, 8), min(end - begin, 8)
    bits, weakest, why = np.float64(0), np.float64(100), 0
    taken_a, taken_b = 0, 0
    n_agree = 0
    # The surest pairs of words first, whatever their order.
    for level in (4, 3, 2, 1):
        for i in range(n):
            if taken_a >> i & 1:
                continue
            for j in range(m):
                if taken_b >> j & 1:
                    continue
                w = K.name_words[begin + j]
                if A.word[lo + i] == w:
                    near = 4
                else:
                    near = nearness(A.sounds[lo + i], A.lengths[lo + i], K.sounds[w], K.lengths[w], change, within, between) if level < 4 else 0
                if near != level:
                    continue
                if near == 4:
                    worth = WORD_SAME - K.share[w]
                    why |= R_NAME_SAME
                elif near == 3:
                    worth = WORD_SOUND - K.sound_share[w]
                    why |= R_NAME_SOUND
                elif near == 2:
                    worth = WORD_MISTAKE - max(np.log2(MISTAKE_AMONG_OTHERS), K.sound_share[w] + 2)
                    why |= R_NAME_MISTAKE
                else:
                    worth = WORD_INITIAL + 4 - INITIAL_AMONG_OTHERS if A.lengths[lo + i] & 63 == 1 else WORD_INITIAL - INITIAL_AMONG_OTHERS
                    why |= R_NAME_INITIAL
                n_agree += 1
                bits += worth
                weakest = min(weakest, worth)
                taken_a |= 1 << i
                taken_b |= 1 << j
                break
    left_a, left_b = n - n_agree, m - n_agree
    if (left_a > 0 or left_b > 0) and n != m and _runs_together(A, lo, n, K, begin, m, change, within, between):
        # Mohammadreza is Mohammad Reza.
        total, least = np.float64(0), np.float64(100)
        for j in range(m):
            worth = WORD_SOUND - K.sound_share[K.name_words[begin + j]]
            total += worth
            least = min(least, worth)
        if total > bits:
            return total - 1, least, R_NAME_SOUND
    if left_a > 0 and left_b > 0:
        bits += (WORD_OTHER - 1) * min(left_a, left_b)
        weakest = min(weakest, WORD_OTHER - 1)
        why |= R_NAME_OTHER
    bits -= 0.7 * abs(left_a - left_b)
    if n_agree < 2 and left_a + left_b > 0:
        # A single word in common is a family's, or a frequent given name.
        weakest = min(weakest, 0.0)
        why |= R_NAME_OTHER
    return bits, min(weakest, bits), why


@compiled
def _runs_together(A, lo, n, K, begin, m, change, within, between):
    """Whether the names are one when their words are written together, in either order."""
    if n > 4 or m > 4:
        return False
    x, y = np.zeros(24, np.uint8), np.zeros(24, np.uint8)
    n_x = 0
    is_arabic_x, is_arabic_y = 0, 0
    for i in range(n):
        is_arabic_x |= A.lengths[lo + i] & 64
        for t in range(A.lengths[lo + i] & 63):
            if n_x < 20 and (n_x == 0 or x[n_x - 1] != A.sounds[lo + i, t]):
                x[n_x] = A.sounds[lo + i, t]
                n_x += 1
    for turn in range(m):
        n_y = 0
        for j in range(m):
            w = K.name_words[begin + (j + turn) % m]
            is_arabic_y |= K.lengths[w] & 64
            for t in range(K.lengths[w] & 63):
                if n_y < 20 and (n_y == 0 or y[n_y - 1] != K.sounds[w, t]):
                    y[n_y] = K.sounds[w, t]
                    n_y += 1
        if nearness(x, n_x | is_arabic_x, y, n_y | is_arabic_y, change, within, between) == 3:
            return True
    return False


@compiled
def _best_address(A, a, K, p):
    """Bits of the address that fits best of the person's addresses, and the reason."""
    lo, hi = A.address_from[a], A.address_from[a + 1]
    if lo == hi or K.address_from[p] == K.address_from[p + 1]:
        return np.float64(0), 0
    asked = np.float64(0)
    for i in range(lo, hi):
        asked -= K.address_share[A.address[i] & np.uint32(K.address_share.size - 1)]
    best, best_why = np.float64(-100), R_ADDRESS_OTHER
    common = known = np.float64(0)
    until = K.address_from[p + 1]
    for q in range(K.address_from[p], until + 1):
        if q < until and K.address_words[q] != 0:
            h = K.address_words[q]
            worth = -np.float64(K.address_share[h & np.uint32(K.address_share.size - 1)])
            known += worth
            for i in range(lo, hi):
                if A.address[i] == h:
                    common += worth
                    break
            continue
        if known > 0:
            part = common / max(min(asked, known), 1.0)
            if part >= 0.75 and common >= 8:
                bits, why = min(0.8 * common, 17.0) - 0.3, R_ADDRESS_SAME
            elif part >= 0.35:
                bits, why = min(0.4 * common, 8.0) - 1.0, R_ADDRESS_PART
            else:
                bits, why = np.float64(-3), R_ADDRESS_OTHER
            if bits > best:
                best, best_why = bits, why
        common = known = np.float64(0)
    return (best, best_why) if best > -100 else (np.float64(0), 0)


def may_be_sure(probability: Any, why: Any) -> Any:
    """Whether a candidate needs no reviewer: probable, two independent kinds of evidence agree, and nothing speaks against.

    A name with a mistake in it needs the very birth date or a key beside it: relatives have names alike and one address.
    """
    has_second = (why & (R_BIRTH_SAME | R_ADDRESS_SAME | R_KEY_SHARED)) != 0
    is_against = (why & (R_NAME_OTHER | R_BIRTH_OTHER | R_NAME_INITIAL)) != 0
    is_mistaken = (why & R_NAME_MISTAKE) != 0
    is_strong = (why & (R_BIRTH_SAME | R_KEY_SHARED)) != 0
    return (probability >= SURE) & has_second & ~is_against & (~is_mistaken | is_strong)
