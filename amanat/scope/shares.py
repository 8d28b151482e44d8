"""Shares: what of each record is whose. Compiled loops over the candidates of a batch, after `match.recognise` has named its persons.

Where one person is named, everything in the record is theirs. Of several, each gets what the register knows to be theirs, then what
stands nearest. Strong values that nobody of the register has are loose: of an outsider.
"""

# Compiled loops are written plainly, and their types are Numba's.
# ruff: noqa: SIM108, SIM110
# mypy: ignore-errors

from typing import Any, NamedTuple

import numpy as np

from amanat.scope.candidate import OURS
from amanat.scope.compiled import compiled
from amanat.scope.lookup import find, holds, is_address_of, is_name_of, look_up
from amanat.scope.match import PERSONS_MAX, is_looked_up

OUTSIDER_MIN = 0.7  # belief in a value that nobody of the register has, for it to make a person
FAR = 200  # characters beyond which nearness says little


class Shares(NamedTuple):
    """Of each person of each record: what of the record is theirs."""

    kinds: Any  # uint64
    n_findings: Any  # int32


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
        if (is_name and is_name_of(R, key, lo, hi, p)) or (is_birth and key == R.birth[p]) or (is_address and is_address_of(R, key, lo, hi, p)):
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
