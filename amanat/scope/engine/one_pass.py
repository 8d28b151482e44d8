"""The pass over the text: finds words, numbers and marks, and hands each to the file that knows it.

Every read is checked against the bounds of its own record, so that no input can make it read elsewhere.
"""

# Compiled loops are written plainly, and their types are Numba's.
# ruff: noqa: SIM102, SIM109, SIM114
# mypy: ignore-errors

import numpy as np

from amanat.scope.compiled import counted_by_caller, inlined
from amanat.scope.engine.arrays import maps_of, text_of
from amanat.scope.engine.coordinates import DECIMALS_MIN, at_coordinates
from amanat.scope.engine.dates import at_date, at_month
from amanat.scope.engine.layout import IDENTIFIERS_MAX
from amanat.scope.engine.letters import CLASS, DIGIT, HEX, JOINS, LETTER, is_glued_left
from amanat.scope.engine.mail import at_email, at_email_in_link
from amanat.scope.engine.maps import BORDERS, DIGITS, LETTERS, STOPS, TOKEN, WIDES, draw_maps, end_of, n_chained_digits, next_of
from amanat.scope.engine.names import at_capital
from amanat.scope.engine.network import at_ip4, at_ip6
from amanat.scope.engine.patterns import at_literal, at_run, begins_literal
from amanat.scope.engine.phones import DIGITS_MIN, LABELLED_MIN, at_phone
from amanat.scope.engine.repeated import LONGEST_FIELD, SHORTEST, is_repeated, may_repeat, remember
from amanat.scope.engine.state import (
    COLUMNS_KNOWN,
    DIGITS_MAX,
    LINE,
    NAME,
    THE_ADDRESS,
    THE_BIRTH_DATE,
    THE_COORDINATES,
    THE_HASH,
    THE_IP,
    THE_NAME,
    THE_PHONE,
    WORD,
    has_no_company,
    hash_of_word,
)
from amanat.scope.engine.values import note_field, note_joined_parts, note_labelled
from amanat.scope.engine.words import lengths_like, meanings, phrase_of

# What a mark can begin, see tables.py.
AT_SIGN, COLON, PLUS, BRACKET, BEGINNING, PERCENT = 1, 2, 3, 4, 5, 6
GLUED_MIN = 10  # characters of a number that is looked for behind the letters of a word
# What a word means, see tables.py.
NEAR, LABEL, MONTH, _, LABEL_WHOLE, OTHER = range(6)


@inlined
def _is_escape(b, i, end):
    """Whether the letter at i, behind a backslash, writes the end of a line or a tab (`\\nPhone`), and not a folder (`C:\\new`)."""
    c = b[i]
    if (c != 110 and c != 114 and c != 116) or i + 1 >= end:
        return False
    after = b[i + 1]
    return CLASS[after] == DIGIT or 65 <= after <= 90 or after == 40 or after == 43 or after == 92


@inlined
def _enter_field(i, until, hint, st, T, fields):
    """Begins a field that goes until there; gives where to go on in it."""
    st.hint = hint
    st.run_words = 0
    if hint:
        st.holds_numbers = fields.holds_numbers[hint]
        for k in range(T.n_headed):
            st.headed[k] = fields.hints[hint, k]
        for k in range(fields.other_from[hint], fields.other_from[hint + 1]):
            st.other[fields.other_of[k]] = i
        if fields.value_from[hint] < fields.value_from[hint + 1]:
            i = note_field(i, until, st, T, fields.value_from, fields.value_of)
        if not fields.is_shape[hint]:
            st.hint = 0  # words that may speak of anything else as well
    return i


@counted_by_caller
def _at_mark(i, mark, st, T):
    """What begins at a mark; gives where to go on."""
    b, maps = text_of(st), maps_of(st)
    end = st.end
    if mark == AT_SIGN:
        return at_email(i, st, T)
    if mark == PERCENT:
        return at_email_in_link(i, st, T) if i + 2 < end and b[i + 1] == 52 and b[i + 2] == 48 else i + 1
    if mark == COLON:
        return max(i + 1, at_ip6(i, st, T))
    if mark == BEGINNING:
        return max(i + 1, at_literal(i, st, T))
    is_plus = mark == PLUS
    if i + 1 >= end or not (CLASS[b[i + 1]] == DIGIT or (is_plus and b[i + 1] == 40)):
        return i + 1
    is_glued = i > st.begin and (CLASS[b[i - 1]] == DIGIT or CLASS[b[i - 1]] == LETTER)
    if is_glued and i - 2 >= st.begin and b[i - 2] == 92 and _is_escape(b, i - 1, end):
        is_glued = False
    if is_glued or CLASS[b[i + 1]] != DIGIT:
        return i + 1
    e = at_phone(i, st, T)
    if e > i:
        return e
    # What follows a plus is no national spelling: pass over its digits.
    return end_of(maps, DIGITS, i + 1, end) if is_plus else i + 1


@counted_by_caller
def _meant_by(s, e, st, T):
    """What the word at s..e says, alone and with the one or two before it: about values nearby, behind it, or a month."""
    b = text_of(st)
    h = hash_of_word(b, s, e)
    if not T.word_endings[h & np.uint64(0xFFFF)]:
        return
    for length in range(3, 0, -1):
        phrase = phrase_of(st, h, length)
        if phrase == 0 and length > 1:
            continue
        first, until = meanings(T, phrase)
        for m in range(first, until):
            me, meaning = T.meanings[m, 0], T.meanings[m, 1]
            if meaning == NEAR or meaning == LABEL:
                st.near[me] = st.last_near = e
            elif meaning == OTHER:
                st.other[me] = e
            if meaning == LABEL or meaning == LABEL_WHOLE:
                form = T.form[me]
                is_whole_value = form == WORD or form == LINE or form >= NAME or me == T.special[THE_HASH]
                # A label that must be the whole name is none behind another word.
                if is_whole_value and st.hint == 0 and not (meaning == LABEL_WHOLE and length == 1 and st.word[1] >= 0):
                    note_labelled(e, me, st, T)
            elif meaning == MONTH and T.special[THE_BIRTH_DATE] >= 0:
                at_month(s, e, me, st, T)


@counted_by_caller
def _has_letters_and_number(b, i, end):
    """Whether a few letters and then a number follow, each over one blank or hyphen (`B AB 1234`)."""
    if i + 3 >= end or not (b[i] == 32 or b[i] == 45):
        return False
    j = i + 1
    while j < end and CLASS[b[j]] == LETTER and j - i <= 3:
        j += 1
    return j > i + 1 and j + 1 < end and (b[j] == 32 or b[j] == 45) and CLASS[b[j + 1]] == DIGIT


@counted_by_caller
def _at_number(s, i, after, st, T):
    """The number s..i, before the byte `after`: date, address, telephone, then the patterns; gives where to go on."""
    b, maps = text_of(st), maps_of(st)
    end = st.end
    size = i - s
    before = b[s - 1] if s > st.begin else np.uint8(0)
    best = s
    if not is_glued_left(b, st.begin, s):
        n_digits = n_chained_digits(maps, s, end)
        if after == 46 and size <= 3 and n_digits >= 4 and T.special[THE_IP] >= 0:
            e = at_ip4(s, st, T)
            if e > s:
                return e
        if after == 46 and size <= 3 and n_digits > DECIMALS_MIN and T.special[THE_COORDINATES] >= 0:
            e = at_coordinates(s, st, T)
            if e > s:
                return e
        if size <= 4 and JOINS[after] and n_digits >= 4 and T.special[THE_BIRTH_DATE] >= 0:
            e = at_date(s, st, T)
            if e > s:
                return e
            if e < 0:
                return -e
        # Behind a bracket, $ and # stand other numbers.
        if (size >= DIGITS_MIN or JOINS[after]) and size <= DIGITS_MAX and CLASS[after] != LETTER and before != 40 and before != 36 and before != 35:
            if n_digits >= LABELLED_MIN and T.special[THE_PHONE] >= 0:
                best = at_phone(s, st, T)
    if CLASS[after] == LETTER and begins_literal(T, b[s]):
        e = at_literal(s, st, T)
        if e > s:
            return e
    best = max(best, at_run(s, st, T))
    return best if best > s else end_of(maps, TOKEN, i, end)


@counted_by_caller
def _in_field(i, until, st, T):
    """What the field holds from i on: its words, numbers and marks, one after the other."""
    b, maps, end = text_of(st), maps_of(st), st.end
    has_names = st.names_size > 1 and T.special[THE_NAME] >= 0
    # The last word and the one before it: a phrase has up to three. End -1: there is none.
    last_start, last_end, before_start, before_end = np.int64(0), np.int64(-1), np.int64(0), np.int64(-1)
    while i < until:
        i = next_of(maps, STOPS, i, until)
        if i == until:
            break
        c = b[i]
        k = CLASS[c]
        if k == DIGIT:
            e = end_of(maps, DIGITS, i, end)
            after = b[e] if e < end else np.uint8(0)
            # Most numbers are short and stand alone, and what we know that looks like them needs a word beside it.
            if e - i < DIGITS_MIN and CLASS[after] == 0 and not JOINS[after] and T.lone[e - i] <= has_no_company(st, i):
                i = e
            else:
                i = _at_number(i, e, after, st, T)
        elif k != 0:
            if k == LETTER and i > st.begin and b[i - 1] == 92 and _is_escape(b, i, end):
                i += 1
                last_end = before_end = -1
                continue
            # Letters of two scripts are two words.
            e = end_of(maps, LETTERS if k == LETTER else WIDES, i, end)
            lengths = lengths_like(T, b, i, e)
            if lengths & np.uint32(1) and i + 1 < end and T.literal_pair[(np.int64(c) << 8) | b[i + 1]]:
                j = at_literal(i, st, T)
                if j > i:
                    last_end = before_end = -1
                    i = j
                    continue
            if k == LETTER and e < end and CLASS[b[e]] == DIGIT:
                last_end = before_end = -1
                after_word, n_letters = e, e - i
                e = end_of(maps, TOKEN, e, end)
                i = max(e, at_run(i, st, T))
                # Where a text lost its blanks, a number hangs on a word.
                if i == e and n_letters >= 2 and e - after_word >= GLUED_MIN:
                    i = max(i, at_run(after_word, st, T))
                continue
            if i - last_end > 2:
                last_end = before_end = -1
            if (lengths >> np.uint32(min(e - i, 31))) & np.uint32(1):
                st.word[0], st.word[1], st.word[2], st.word[3] = last_start, last_end, before_start, before_end
                _meant_by(i, e, st, T)
            before_start, before_end, last_start, last_end = last_start, last_end, i, e
            if has_names and st.hint == 0:
                at_capital(i, e, st, T)
            # Two letters and a number may be one value (`AB 123456`), and so may hexadecimal pairs (`AB-CD-…`).
            if (
                k == LETTER
                and e - i <= 4
                and e + 1 < end
                and (b[e] == 32 or b[e] == 45 or b[e] == 46 or b[e] == 47)
                and (CLASS[b[e + 1]] == DIGIT or (b[e] == 45 and e - i == 2 and HEX[b[i]] and HEX[b[i + 1]]))
            ):
                e = max(e, at_run(i, st, T))
            elif k == LETTER and e - i <= 3 and not has_no_company(st, i) and _has_letters_and_number(b, e, end):
                e = max(e, at_run(i, st, T))
            i = e
        elif c == 58 and not (i + 1 < end and (HEX[b[i + 1]] or b[i + 1] == 58)):
            i += 1
        else:
            i = _at_mark(i, T.marks[c], st, T)


@counted_by_caller
def scan(offsets, tables, fields, of_record, state, begin):
    """Scans records from number `begin` on; gives (number of candidates, record to go on with).

    Text, room and filters are where the state says. When the room runs out inside a record, that record is left for the next call.
    """
    st, T = state[0], tables[0]
    b, maps = text_of(st), maps_of(st)
    for k in range(IDENTIFIERS_MAX):
        st.near[k] = st.other[k] = -1
    st.n = 0
    st.call += 1
    st.last_near = -1
    for k in range(COLUMNS_KNOWN):
        st.tried[k] = st.came_again[k] = 0
    draw_maps(b, offsets[begin], offsets[offsets.size - 1], T, maps)
    for r in range(begin, offsets.size - 1):
        kept = st.n
        i, end = offsets[r], offsets[r + 1]
        st.record, st.begin, st.end, st.field = r, i, end, 0
        schema = of_record.schema[r]
        st.first_hint, st.until_hint = fields.field_from[schema], fields.field_from[schema + 1]
        st.country = of_record.country[r] if of_record.country.size > 0 else -1
        st.is_month_first = of_record.is_month_first[r] if of_record.is_month_first.size > 0 else 0
        for part in range(3):
            st.part_key[part] = 0
            st.part_end[part] = 0
        while True:
            until = next_of(maps, BORDERS, i, end)
            at = st.first_hint + st.field
            begin_field, first, hint = i, st.n, fields.field_hints[at] if at < st.until_hint else 0
            st.floor, st.hint, st.open = i, hint, -1
            is_known = SHORTEST <= until - i <= LONGEST_FIELD and may_repeat(st, at) and is_repeated(i, until, at, st)
            if i < until and not is_known:
                _in_field(_enter_field(i, until, hint, st, T, fields), until, st, T)
            if st.open >= 0:
                st.hint = hint
                remember(begin_field, until, first, st)
            if until == end:
                break
            st.field += 1
            i = until + 1
        note_joined_parts(st, T, T.special[THE_ADDRESS])
        if st.n > st.room_size:
            return kept, r
    return st.n, offsets.size - 1
