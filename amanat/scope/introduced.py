"""Introduced: names of persons that a text itself presents as such (`Dear Ms Ahmadi`, `my name is …`, `Sara Ahmadi <sara@…>`).

The register's names are found anywhere without this. These are of persons whom nobody asked about: they are believed less, they name
nobody of the register by themselves, and beside a birth date or an address they tell of an outsider.
No model of a language is used: forms of address, greetings, closings, labels, and given names of many languages.

The same pass notes words that tell of somebody's health (`ATTENTION: insulin in the fridge`), and card numbers of which stars hide the
middle, for no label stands before them in a note.
"""

# Compiled loops are written plainly, and their types are Numba's.
# mypy: ignore-errors

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from amanat.scope.candidate import ALTERNATIVE, CANDIDATE, NEAR_WORD
from amanat.scope.compiled import compiled, counted_by_caller
from amanat.scope.engine.letters import FIELD
from amanat.scope.engine.state import GOLD, hash_of_word
from amanat.scope.engine.words import key_of_sum, sum_of_words
from amanat.scope.fold import fold_records
from amanat.scope.identifier import BELIEF_MIN
from amanat.scope.introduced_words import CLOSING, GIVEN, GREETING, HEALTH, INTRODUCES, LABEL, NO_NAME, PARTICLE, TITLE, WROTE, words
from amanat.scope.keys import columns_of
from amanat.scope.name_reading import (
    WORDS_MOST,
    end_of_word,
    is_end,
    is_letter,
    is_of_street,
    is_speaker,
    name_at,
    name_before_mail,
    past_blanks,
    past_lines,
    role_of,
)
from amanat.scope.scan import Found, Scanner, empty_found, text_buffer

INTRODUCED = 32  # a candidate's flag, beside those of candidate.py: the text presents it as a name, and no register has it
FULL, LONE, BARE, TOLD = np.float32(0.75), np.float32(0.6), np.float32(0.55), np.float32(0.7)
TEXT_LEAST, TEXT_BESIDE_FIELDS = 8, 64  # bytes of a record below which it holds no sentence
BARE_LEAST = 60  # bytes of a field of a table from which a name may stand in it without a word that presents it
_CUES = GREETING | INTRODUCES | LABEL | CLOSING | WROTE | HEALTH
_IDENTIFIERS = ("person_name", "given_name", "family_name", "diagnosis", "card_truncated")


@counted_by_caller
def _put(out, n_out, b, s, e, n_words, is_family, record, field, belief, flags, ids, T, st):
    """Writes a candidate when there is room; gives how many there are now."""
    if n_out < out.size:
        me = ids[0] if n_words > 1 else (ids[2] if is_family else ids[1])
        total, _ = sum_of_words(T, b, s, e, False, st)
        c = out[n_out]
        c.key = key_of_sum(total, T.tag[me], st)
        c.start, c.end, c.record, c.field = s, e, record, field
        c.belief, c.identifier, c.flags = belief, me, flags
    return n_out + 1


@counted_by_caller
def _put_health(out, n_out, b, s, e, record, field, ids, T, st):
    """Writes a word about health, which is whoever's the record is."""
    if n_out < out.size:
        total, _ = sum_of_words(T, b, s, e, False, st)
        c = out[n_out]
        c.key = key_of_sum(total, T.tag[ids[3]], st)
        c.start, c.end, c.record, c.field = s, e, record, field
        c.belief, c.identifier, c.flags = TOLD, ids[3], 0
    return n_out + 1


@counted_by_caller
def _masked_card(b, i, begin, end):
    """The card number around stars at i whose last four digits, and perhaps the first four or six, can be read; start -1: none."""
    s = i
    n_before = 0
    while s > begin and n_before < 6:
        is_digit = 48 <= b[s - 1] <= 57
        if not is_digit and not ((b[s - 1] == 32 or b[s - 1] == 45) and s - 2 >= begin and 48 <= b[s - 2] <= 57):
            break
        n_before += is_digit
        s -= 1
    e = i
    n_stars = n_after = 0
    while e < end and n_after < 5:
        if b[e] == 42 and n_after == 0:
            n_stars += 1
        elif 48 <= b[e] <= 57:
            n_after += 1
        elif not (b[e] == 32 or b[e] == 45) or n_after > 0:
            break
        e += 1
    n = n_before + n_stars + n_after
    is_glued = s > begin and (is_letter(b[s - 1]) or 48 <= b[s - 1] <= 57)
    if n_stars < 4 or n_after != 4 or not (n_before == 0 or n_before == 4 or n_before == 6) or n < 12 or n > 19 or is_glued:
        return np.int64(-1), np.int64(-1)
    return s, e


@counted_by_caller
def _put_card(out, n_out, b, s, e, record, field, ids, T, st):
    """Writes part of a card number. Its key is never compared: many cards end like it."""
    if n_out < out.size:
        total, _ = sum_of_words(T, b, s, e, True, st)
        c = out[n_out]
        c.key = key_of_sum(total, T.tag[ids[4]], st)
        c.start, c.end, c.record, c.field = s, e, record, field
        c.belief, c.identifier, c.flags = TOLD, ids[4], 0
    return n_out + 1


@compiled
def introduced_in(b, offsets, schema, field_from, field_hints, is_shape, keys, roles, endings, ids, tables, state, out):
    """Writes names into `out` (CANDIDATE) and gives how many there are, which may be more than there is room for."""
    st, T = state[0], tables[0]
    n_out = 0
    for r in range(offsets.size - 1):
        i, end = offsets[r], offsets[r + 1]
        field = 0
        while i <= end:
            until = i
            while until < end and b[until] != FIELD:
                until += 1
            at = field_from[schema[r]] + field
            hint = field_hints[at] if at < field_from[schema[r] + 1] else 0
            if not is_shape[hint] and until - i >= TEXT_LEAST:
                is_free = field_from[schema[r]] == field_from[schema[r] + 1] or until - i >= BARE_LEAST
                n_out = _in_field(b, i, until, r, field, is_free, keys, roles, endings, ids, T, st, out, n_out)
            i = until + 1
            field += 1
    return n_out


@counted_by_caller
def _in_field(b, begin, end, r, field, is_free, keys, roles, endings, ids, T, st, out, n_out):
    flag = np.uint8(INTRODUCED)
    told = np.uint8(INTRODUCED | NEAR_WORD)
    i = begin
    before_start = last_start = last_end = run_start = run_end = np.int64(-1)  # of the last word; of the words with a capital in a row
    run_words = 0
    last_cue = False
    h1 = h2 = np.uint64(0)  # hashes of the last word and of the one before it
    n_before = 0
    while i < end:
        c = b[i]
        if c == 60:
            s, e, n, _ = name_before_mail(b, i, begin, end, keys, roles)
            if s >= 0:
                n_out = _put(out, n_out, b, s, e, n, False, r, field, FULL if n > 1 else BARE, told if n > 1 else flag, ids, T, st)
            i += 1
            continue
        if c == 42:
            s, e = _masked_card(b, i, begin, end)
            if s >= 0:
                n_out = _put_card(out, n_out, b, s, e, r, field, ids, T, st)
                i = e
            while i < end and b[i] == 42:
                i += 1
            continue
        if not is_letter(c):
            i += 1
            continue
        if i > begin and b[i - 1] == 92 and (c == 110 or c == 114 or c == 116) and i + 1 < end and not 97 <= b[i + 1] <= 122:
            i += 1  # the end of a line, written as two characters
            n_before = run_words = 0
            continue
        e = end_of_word(b, i, end)
        if e - i > 40:
            i = e
            n_before = run_words = 0
            continue
        h = hash_of_word(b, i, e)
        if i - last_end > 2 or n_before == 0:
            n_before = 0
        is_high = 65 <= c <= 90
        # Most words say nothing, which one look tells; only words with a capital are looked up among the given names.
        says = endings[h & np.uint64(0xFFFF)]
        role = role_of(keys, roles, h) if says or is_high else np.uint16(0)
        cue = role & _CUES
        phrase_start = i
        if says and n_before > 0:
            two = role_of(keys, roles, (h1 * GOLD) ^ h) & _CUES
            if two & (WROTE | HEALTH):
                phrase_start = last_start
            cue |= two
            if n_before > 1:
                three = role_of(keys, roles, ((h2 * GOLD) ^ h1) * GOLD ^ h) & _CUES
                if three & HEALTH:
                    phrase_start = before_start
                cue |= three
        if cue & HEALTH:
            n_out = _put_health(out, n_out, b, phrase_start, e, r, field, ids, T, st)
        s, stop, n, has_given, belief = np.int64(-1), np.int64(-1), np.int64(0), False, FULL
        is_family = False
        if cue & WROTE and run_words > 0 and phrase_start - run_end == 1:
            s, stop, n, has_given = name_at(b, run_start, run_end, WORDS_MOST, keys, roles)
            if s >= 0 and (stop != run_end or not (n > 1 or has_given)):
                s = np.int64(-1)
        if s < 0 and cue & WROTE and e < end and b[e] == 32 and c != 34:
            s, stop, n, has_given = name_at(b, e + 1, end, WORDS_MOST, keys, roles)
            if s >= 0 and not has_given:
                s = np.int64(-1)
        if s < 0 and role & TITLE and e < end:
            q = e + 1 if b[e] == 46 else e
            # `Elm Dr`, a street: no title after a word with a capital that is no greeting or title itself.
            is_street = run_words > 0 and i - run_end == 1 and e - i == 2 and not last_cue
            if q < end and b[q] == 32 and (q > e or e - i > 1) and not is_street:
                s, stop, n, has_given = name_at(b, past_blanks(b, q, end), end, WORDS_MOST, keys, roles)
                is_family = not has_given
        if (
            s < 0
            and cue & GREETING
            and e < end
            and b[e] == 32
            and not role_of(keys, roles, hash_of_word(b, e + 1, end_of_word(b, e + 1, end))) & TITLE
        ):
            s, stop, n, has_given = name_at(b, e + 1, end, 4, keys, roles)
            if s >= 0 and (not is_end(b, stop, end) or (n == 1 and b[s] >= 0xD8 and not has_given)):
                s = np.int64(-1)
        if s < 0 and cue & INTRODUCES and e < end:
            q = e
            while q < end and (b[q] == 32 or b[q] == 58 or b[q] == 34) and q - e < 3:
                q += 1
            if q > e:
                s, stop, n, has_given = name_at(b, q, end, WORDS_MOST, keys, roles)
        if s < 0 and cue & LABEL:
            q = past_blanks(b, e, end)
            if q < end and b[q] == 58:
                q = past_blanks(b, q + 1, end)
                if q < end and q - e < 12:
                    s, stop, n, has_given = name_at(b, q, end, WORDS_MOST, keys, roles)
                    if s >= 0 and not (is_end(b, stop, end) and (n > 1 or has_given)):
                        s = np.int64(-1)
        if s < 0 and cue & CLOSING:
            q, n_lines = past_lines(b, e, end)
            if 0 < n_lines < 4 and q < end:
                s, stop, n, has_given = name_at(b, q, end, 4, keys, roles)
                if s >= 0 and not (is_end(b, stop, end) and (n > 1 or has_given)):
                    s = np.int64(-1)
        if s < 0 and is_free and role & GIVEN and is_high and not (run_words > 0 and i - run_end <= 2):
            s, stop, n, has_given = name_at(b, i, end, 4, keys, roles)
            if s >= 0 and (65 <= b[s + 1] <= 90 or not (n > 1 or is_speaker(b, begin, i, stop, end)) or is_of_street(b, begin, s, stop, end)):
                s = np.int64(-1)
            belief = BARE
        if s >= 0:
            if n == 1:
                belief = LONE
            n_out = _put(out, n_out, b, s, stop, n, is_family, r, field, belief, told if n > 1 and belief == FULL else flag, ids, T, st)
            if stop > e:
                i = stop
                n_before = run_words = 0
                last_end = stop
                continue
        if is_high:
            if run_words > 0 and i - run_end <= 2:
                run_words += 1
            else:
                run_start, run_words = i, 1
            run_end = e
        elif not (role & PARTICLE):
            run_words = 0 if i - run_end > 3 else run_words
        last_cue = (cue | role) & (GREETING | INTRODUCES | TITLE | NO_NAME) != 0
        h2, h1 = h1, h
        n_before += 1
        before_start, last_start, last_end = last_start, i, e
        i = e
    return n_out


def with_introduced(everything: Found, records: pa.RecordBatch, scanner: Scanner) -> Found:
    """The candidates, and beside them the names that the text presents, where no name stands already."""
    if not set(_IDENTIFIERS) <= set(scanner.names):
        return everything
    labels = records.column("labels")
    each = [label or "" for label in labels.dictionary.to_pylist()] or [""]
    indices = labels.indices.fill_null(-1).to_numpy(zero_copy_only=False)
    is_open = np.array([scanner.may_hold_text(label) for label in each])[np.maximum(indices, 0)] | (indices < 0)
    is_free = np.array([not label for label in each])[np.maximum(indices, 0)] | (indices < 0)
    n_bytes = pc.fill_null(pc.binary_length(records.column("text")), 0).to_numpy(zero_copy_only=False)
    rows = np.flatnonzero(is_open & (n_bytes >= np.where(is_free, TEXT_LEAST, TEXT_BESIDE_FIELDS)))
    if not len(rows):
        return everything
    numbers = np.array([scanner.schema_of(label) for label in each], np.int32)
    schema = np.where(indices >= 0, numbers[np.maximum(indices, 0)], 0).astype(np.int32)[rows]
    b, offsets = text_buffer(records.column("text").take(pa.array(rows)))
    folded = fold_records(b, offsets)
    fields = scanner.fields
    ids = np.array([scanner.names.index(name) for name in _IDENTIFIERS], np.int16)
    room = np.zeros(4096 + int(n_bytes[rows].sum()) // 256, CANDIDATE)
    while True:
        n = introduced_in(
            folded.text,
            folded.offsets,
            schema,
            fields.field_from,
            fields.field_hints,
            fields.is_shape,
            *words(),
            ids,
            scanner.tables,
            scanner.state,
            room,
        )
        if n <= len(room):
            break
        room = np.zeros(2 * n, CANDIDATE)
    if not n:
        return everything
    more = empty_found(n)
    columns_of(room[:n], folded.offsets, folded.turn_from, folded.turns, *more.columns())
    more.record[:] = rows[more.record]
    stands = everything.take(np.flatnonzero((everything.belief >= BELIEF_MIN) & ((everything.flags & ALTERNATIVE) == 0)))
    more = more.take(~_is_covered(more.record, more.start, more.end, stands.record, stands.start, stands.end))
    both = Found(*(np.concatenate(pair) for pair in zip(everything.columns(), more.columns(), strict=True)))
    return both.take(np.lexsort((both.start, both.record)))


@compiled
def _is_covered(record, start, end, known_record, known_start, known_end):
    """[n] whether one of those known, in the order of the records as these are, stands at the same place."""
    covered = np.zeros(record.size, np.bool_)
    at = 0
    for i in range(record.size):
        while at < known_record.size and known_record[at] < record[i]:
            at += 1
        j = at
        while j < known_record.size and known_record[j] == record[i] and not covered[i]:
            covered[i] = known_start[j] < end[i] and start[i] < known_end[j]
            j += 1
    return covered


def may_be_compared(found: Found, scanner: Scanner) -> Any:
    """[n] bool: all but presented names of a single word, and those that no word presents: they are like too many persons."""
    is_full = found.identifier == scanner.names.index("person_name")
    return ((found.flags & INTRODUCED) == 0) | (is_full & ((found.flags & NEAR_WORD) != 0))
