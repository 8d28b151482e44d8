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
from amanat.scope.engine.letters import CLASS, FIELD, LETTER, WIDE
from amanat.scope.engine.state import GOLD, hash_of_word
from amanat.scope.engine.words import key_of_sum, sum_of_words
from amanat.scope.fold import fold_records
from amanat.scope.identifier import BELIEF_MIN
from amanat.scope.introduced_words import CLOSING, GIVEN, GREETING, HEALTH, INTRODUCES, LABEL, NO_NAME, PARTICLE, PLACE, TITLE, WROTE, words
from amanat.scope.keys import columns_of
from amanat.scope.scan import Found, Scanner, empty_found, text_buffer

INTRODUCED = 32  # a candidate's flag, beside those of candidate.py: the text presents it as a name, and no register has it
FULL, LONE, BARE, TOLD = np.float32(0.75), np.float32(0.6), np.float32(0.55), np.float32(0.7)
TEXT_LEAST, TEXT_BESIDE_FIELDS = 8, 64  # bytes of a record below which it holds no sentence
BARE_LEAST = 60  # bytes of a field of a table from which a name may stand in it without a word that presents it
WORDS_MOST = 5
_CUES = GREETING | INTRODUCES | LABEL | CLOSING | WROTE | HEALTH
_IDENTIFIERS = ("person_name", "given_name", "family_name", "diagnosis", "card_truncated")
_NOBODY = (np.int64(-1), np.int64(-1), np.int64(0), False)


@counted_by_caller
def _role(keys, roles, h):
    mask = np.uint64(keys.size - 1)
    at = h & mask
    while keys[at] != 0:
        if keys[at] == h:
            return roles[at]
        at = (at + np.uint64(1)) & mask
    return np.uint16(0)


@counted_by_caller
def _is_letter(c):
    return CLASS[c] == LETTER or CLASS[c] == WIDE


@counted_by_caller
def _end_of_word(b, i, end):
    while i < end and (CLASS[b[i]] == LETTER or CLASS[b[i]] == WIDE):
        i += 1
    return i


@counted_by_caller
def _past_blanks(b, i, end):
    while i < end and b[i] == 32:
        i += 1
    return i


@counted_by_caller
def _past_lines(b, i, end):
    """Behind the marks, blanks and ends of lines at i, and how many lines end there; `\\n` may be written as two characters."""
    n = 0
    while i < end:
        c = b[i]
        if c == 10:
            n += 1
        elif c == 92 and i + 1 < end and (b[i + 1] == 110 or b[i + 1] == 114):
            n += 1
            i += 1
        elif c != 32 and c != 13 and c != 9 and c != 44 and c != 46 and c != 33 and c != 45:
            break
        i += 1
    return i, n


@counted_by_caller
def _is_end(b, i, end):
    """Whether a name that ends at i is followed by a mark or the end of its line."""
    i = _past_blanks(b, i, end)
    if i >= end:
        return True
    c = b[i]
    return c == 10 or c == 13 or c == 44 or c == 33 or c == 58 or c == 59 or c == 46 or c == 63 or c == 92 or c == 40 or c == 124 or c == 60 or c == 9


@counted_by_caller
def _name_at(b, i, end, most, keys, roles):
    """The name that begins at i: its start and end, how many words, and whether the first is a given name; start -1: none.

    Titles before it are passed over. Words have a capital, or are of a script without capitals.
    """
    e = i
    for _ in range(4):
        e = _end_of_word(b, i, end)
        if e == i or not _role(keys, roles, hash_of_word(b, i, e)) & TITLE:
            break
        if e < end and b[e] == 46:
            e += 1
        i = _past_blanks(b, e, end)
    if i >= end or not _is_letter(b[i]):
        return _NOBODY
    if b[i] > 127 and _end_of_word(b, i, end) - i >= 4 and CLASS[b[i]] == WIDE and b[i] >= 0xD8:
        return _persian(b, i, end, keys, roles)
    if b[i] >= 0xCE:
        most = min(most, 2)  # scripts whose capitals the folding does not keep
    start, stop, n = i, i, 0
    has_given = False
    at = i
    while at < end and n < most:
        e = _end_of_word(b, at, end)
        if e == at:
            break
        role = _role(keys, roles, hash_of_word(b, at, e))
        is_high = 65 <= b[at] <= 90 or CLASS[b[at]] == WIDE
        is_initial = e == at + 1 and is_high
        if role & (NO_NAME | PLACE) and not (is_initial and e < end and b[e] == 46) and not (n > 0 and role & PARTICLE):
            if role & PLACE and n > 0 and is_high:
                return _NOBODY
            break
        if is_high:
            n += 1
            if n == 1:
                has_given = role & GIVEN != 0
            stop = e
            if is_initial and e < end and b[e] == 46:
                e += 1
        elif not role & PARTICLE:
            break
        # One blank, a hyphen, or an apostrophe goes on; `'s` does not.
        if e >= end:
            break
        if b[e] == 39 and (e + 1 >= end or (b[e + 1] == 115 and (e + 2 >= end or not _is_letter(b[e + 2])))):
            break
        if b[e] == 32 or b[e] == 45 or b[e] == 39:
            e += 1
        elif e == stop:
            break
        at = e
    if n == 0 or stop - start < 2:
        return _NOBODY
    # A letter alone at the end is the next word (`Hi Paul I …`).
    if stop - start > 2 and b[stop - 2] == 32 and not (stop < end and b[stop] == 46):
        stop -= 2
        n -= 1
    e = _past_blanks(b, stop, end)
    if e > stop and e < end and 65 <= b[e] <= 90 and _role(keys, roles, hash_of_word(b, e, _end_of_word(b, e, end))) & PLACE:
        return _NOBODY
    return start, stop, np.int64(n), has_given


@counted_by_caller
def _is_of_street(b, begin, s, e, end):
    """Whether numbers stand beside the name: streets are named after persons (`12 Anna Lindh Way`, `Tom Larsens vei 83`)."""
    q = s
    while q > begin and b[q - 1] == 32:
        q -= 1
    if q > begin and 48 <= b[q - 1] <= 57:
        return True
    # The number behind it, over one word at most.
    for _ in range(2):
        e = _past_blanks(b, e, end)
        if e < end and 48 <= b[e] <= 57:
            return True
        e = _end_of_word(b, e, end)
        if e >= end or b[e] != 32:
            return False
    return False


@counted_by_caller
def _is_speaker(b, begin, s, e, end):
    """Whether the word begins a line and a colon follows, as in a written talk."""
    if e >= end or b[e] != 58 or e + 1 >= end or (b[e + 1] != 32 and b[e + 1] != 34):
        return False
    return s == begin or b[s - 1] == 10 or (s - begin >= 2 and b[s - 2] == 92)


@counted_by_caller
def _persian(b, i, end, keys, roles):
    """As `_name_at`, where letters have no capitals: given names that we know and one more word; else one word alone."""
    start, stop, n = i, i, 0
    has_given = False
    at = i
    while at < end and n < 4:
        e = _end_of_word(b, at, end)
        if e - at < 4:
            break
        role = _role(keys, roles, hash_of_word(b, at, e))
        if role & (NO_NAME | PLACE | TITLE):
            break
        n += 1
        stop = e
        is_given = role & GIVEN != 0
        if n == 1:
            has_given = is_given
        if not is_given or e >= end or b[e] != 32:
            break
        at = e + 1
    if n == 0:
        return _NOBODY
    return start, stop, np.int64(n), has_given


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
    is_glued = s > begin and (_is_letter(b[s - 1]) or 48 <= b[s - 1] <= 57)
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


@counted_by_caller
def _before_mail(b, at, floor, end, keys, roles):
    """The name before `<address@…>` whose `<` stands at `at`."""
    q = at + 1
    while q < end and q - at < 80 and b[q] > 32 and b[q] != 62 and b[q] != 64:
        q += 1
    if q >= end or b[q] != 64:
        return _NOBODY
    e = at
    while e > floor and (b[e - 1] == 32 or b[e - 1] == 34 or b[e - 1] == 39):
        e -= 1
    s = e
    n_commas = 0
    while s > floor and e - s < 60:
        c = b[s - 1]
        if c == 44:
            n_commas += 1
            # `"Ahmadi, Sara" <…>`: within quotes, one comma parts the names.
            if n_commas > 1 or not (e < at and b[e] == 34):
                break
        elif CLASS[c] == 0 and c != 32 and c != 45 and c != 39 and c != 46:
            break
        s -= 1
    s = _past_blanks(b, s, e)
    if s >= e:
        return _NOBODY
    first, stop, n, has_given = _name_at(b, s, e, WORDS_MOST, keys, roles)
    if first >= 0 and stop < e and b[stop] == 44:
        more = _name_at(b, _past_blanks(b, stop + 1, e), e, WORDS_MOST, keys, roles)
        if more[0] >= 0:
            stop, n = more[1], n + more[2]
    if first < 0 or _past_blanks(b, stop, e) < e:
        return _NOBODY
    return first, stop, n, has_given


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
            s, e, n, _ = _before_mail(b, i, begin, end, keys, roles)
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
        if not _is_letter(c):
            i += 1
            continue
        if i > begin and b[i - 1] == 92 and (c == 110 or c == 114 or c == 116) and i + 1 < end and not 97 <= b[i + 1] <= 122:
            i += 1  # the end of a line, written as two characters
            n_before = run_words = 0
            continue
        e = _end_of_word(b, i, end)
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
        role = _role(keys, roles, h) if says or is_high else np.uint16(0)
        cue = role & _CUES
        phrase_start = i
        if says and n_before > 0:
            two = _role(keys, roles, (h1 * GOLD) ^ h) & _CUES
            if two & (WROTE | HEALTH):
                phrase_start = last_start
            cue |= two
            if n_before > 1:
                three = _role(keys, roles, ((h2 * GOLD) ^ h1) * GOLD ^ h) & _CUES
                if three & HEALTH:
                    phrase_start = before_start
                cue |= three
        if cue & HEALTH:
            n_out = _put_health(out, n_out, b, phrase_start, e, r, field, ids, T, st)
        s, stop, n, has_given, belief = np.int64(-1), np.int64(-1), np.int64(0), False, FULL
        is_family = False
        if cue & WROTE and run_words > 0 and phrase_start - run_end == 1:
            s, stop, n, has_given = _name_at(b, run_start, run_end, WORDS_MOST, keys, roles)
            if s >= 0 and (stop != run_end or not (n > 1 or has_given)):
                s = np.int64(-1)
        if s < 0 and cue & WROTE and e < end and b[e] == 32 and c != 34:
            s, stop, n, has_given = _name_at(b, e + 1, end, WORDS_MOST, keys, roles)
            if s >= 0 and not has_given:
                s = np.int64(-1)
        if s < 0 and role & TITLE and e < end:
            q = e + 1 if b[e] == 46 else e
            # `Elm Dr`, a street: no title after a word with a capital that is no greeting or title itself.
            is_street = run_words > 0 and i - run_end == 1 and e - i == 2 and not last_cue
            if q < end and b[q] == 32 and (q > e or e - i > 1) and not is_street:
                s, stop, n, has_given = _name_at(b, _past_blanks(b, q, end), end, WORDS_MOST, keys, roles)
                is_family = not has_given
        if (
            s < 0
            and cue & GREETING
            and e < end
            and b[e] == 32
            and not _role(keys, roles, hash_of_word(b, e + 1, _end_of_word(b, e + 1, end))) & TITLE
        ):
            s, stop, n, has_given = _name_at(b, e + 1, end, 4, keys, roles)
            if s >= 0 and (not _is_end(b, stop, end) or (n == 1 and b[s] >= 0xD8 and not has_given)):
                s = np.int64(-1)
        if s < 0 and cue & INTRODUCES and e < end:
            q = e
            while q < end and (b[q] == 32 or b[q] == 58 or b[q] == 34) and q - e < 3:
                q += 1
            if q > e:
                s, stop, n, has_given = _name_at(b, q, end, WORDS_MOST, keys, roles)
        if s < 0 and cue & LABEL:
            q = _past_blanks(b, e, end)
            if q < end and b[q] == 58:
                q = _past_blanks(b, q + 1, end)
                if q < end and q - e < 12:
                    s, stop, n, has_given = _name_at(b, q, end, WORDS_MOST, keys, roles)
                    if s >= 0 and not (_is_end(b, stop, end) and (n > 1 or has_given)):
                        s = np.int64(-1)
        if s < 0 and cue & CLOSING:
            q, n_lines = _past_lines(b, e, end)
            if 0 < n_lines < 4 and q < end:
                s, stop, n, has_given = _name_at(b, q, end, 4, keys, roles)
                if s >= 0 and not (_is_end(b, stop, end) and (n > 1 or has_given)):
                    s = np.int64(-1)
        if s < 0 and is_free and role & GIVEN and is_high and not (run_words > 0 and i - run_end <= 2):
            s, stop, n, has_given = _name_at(b, i, end, 4, keys, roles)
            if s >= 0 and (65 <= b[s + 1] <= 90 or not (n > 1 or _is_speaker(b, begin, i, stop, end)) or _is_of_street(b, begin, s, stop, end)):
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
