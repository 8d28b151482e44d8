"""The pass over the text: finds words, numbers and marks, and hands each to the file that knows it.

Every read is checked against the bounds of its own record, so that no input can make it read elsewhere.
"""

# Compiled loops are written plainly, and their types are Numba's.
# ruff: noqa: SIM102, SIM109, SIM114
# mypy: ignore-errors

import numpy as np

from amanat.scope.compiled import counted_by_caller, inlined
from amanat.scope.engine.coordinates import at_coordinates
from amanat.scope.engine.dates import at_date, at_month
from amanat.scope.engine.layout import IDENTIFIERS_MAX
from amanat.scope.engine.letters import CLASS, DIGIT, HEX, JOINS, LETTER, end_of_digits, end_of_token, is_glued_left
from amanat.scope.engine.mail import at_email
from amanat.scope.engine.names import at_capital
from amanat.scope.engine.network import at_ip4, at_ip6
from amanat.scope.engine.patterns import at_literal, at_run, begins_literal
from amanat.scope.engine.phones import DIGITS_MAX, DIGITS_MIN, at_phone
from amanat.scope.engine.state import (
    HEADED_WORDS,
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
NEW_FIELD, AT_SIGN, COLON, PLUS, BRACKET, BEGINNING = 1, 2, 3, 4, 5, 6
GLUED_MIN = 10  # characters of a number that is looked for behind the letters of a word
# What a word means, see tables.py.
NEAR, LABEL, MONTH, _, LABEL_WHOLE = range(5)


@inlined
def _is_escape(b, i, end):
    """Whether the letter at i, behind a backslash, writes the end of a line or a tab (`\\nPhone`), and not a folder (`C:\\new`)."""
    c = b[i]
    if (c != 110 and c != 114 and c != 116) or i + 1 >= end:
        return False
    after = b[i + 1]
    return CLASS[after] == DIGIT or 65 <= after <= 90 or after == 40 or after == 43 or after == 92


@inlined
def _enter_field(b, i, st, T, fields, out):
    """Begins a field; gives where to go on in it."""
    at = st.first_hint + st.field
    st.floor = i
    st.hint = fields.field_hints[at] if at < st.until_hint else 0
    st.run_words = 0
    if st.hint:
        for k in range(HEADED_WORDS):
            st.headed[k] = fields.hints[st.hint, k]
    if fields.value_from[st.hint] < fields.value_from[st.hint + 1]:
        i = note_field(b, i, st, T, fields.value_from, fields.value_of, out)
    if not fields.is_shape[st.hint]:
        st.hint = 0  # words that may speak of anything else as well
    return i


@counted_by_caller
def _at_mark(b, i, mark, st, T, known, out):
    """What begins at a mark; gives where to go on."""
    end = st.end
    if mark == AT_SIGN:
        return at_email(b, i, st, T, out)
    if mark == COLON:
        return max(i + 1, at_ip6(b, i, st, T, out))
    if mark == BEGINNING:
        return max(i + 1, at_literal(b, i, st, T, out))
    is_plus = mark == PLUS
    if i + 1 >= end or not (CLASS[b[i + 1]] == DIGIT or (is_plus and b[i + 1] == 40)):
        return i + 1
    is_glued = i > st.begin and (CLASS[b[i - 1]] == DIGIT or CLASS[b[i - 1]] == LETTER)
    if is_glued and i - 2 >= st.begin and b[i - 2] == 92 and _is_escape(b, i - 1, end):
        is_glued = False
    if is_glued or CLASS[b[i + 1]] != DIGIT:
        return i + 1
    e = at_phone(b, i, st, T, known, out)
    if e > i:
        return e
    # What follows a plus is no national spelling: pass over its digits.
    return end_of_digits(b, i + 1, end) if is_plus else i + 1


@counted_by_caller
def _meant_by(b, s, e, st, T, out):
    """What the word at s..e says, alone and with the one or two before it: about values nearby, behind it, or a month."""
    h = hash_of_word(b, s, e)
    if not T.word_endings[h & np.uint64(0xFFFF)]:
        return
    for length in range(3, 0, -1):
        phrase = phrase_of(b, st, h, length)
        if phrase == 0 and length > 1:
            continue
        first, until = meanings(T, phrase)
        for m in range(first, until):
            me, meaning = T.meanings[m, 0], T.meanings[m, 1]
            if meaning == NEAR or meaning == LABEL:
                st.near[me] = st.last_near = e
            if meaning == LABEL or meaning == LABEL_WHOLE:
                form = T.form[me]
                is_whole_value = form == WORD or form == LINE or form >= NAME or me == T.special[THE_HASH]
                # A label that must be the whole name is none behind another word.
                if is_whole_value and st.hint == 0 and not (meaning == LABEL_WHOLE and length == 1 and st.word[1] >= 0):
                    note_labelled(b, e, me, st, T, out)
            elif meaning == MONTH and T.special[THE_BIRTH_DATE] >= 0:
                at_month(b, s, e, me, st, T, out)


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
def _at_number(b, s, i, after, st, T, known, out):
    """The number s..i, before the byte `after`: date, address, telephone, then the patterns; gives where to go on."""
    end = st.end
    size = i - s
    before = b[s - 1] if s > st.begin else np.uint8(0)
    best = s
    if not is_glued_left(b, st.begin, s):
        if after == 46 and size <= 3 and T.special[THE_IP] >= 0:
            e = at_ip4(b, s, st, T, out)
            if e > s:
                return e
        if after == 46 and size <= 3 and T.special[THE_COORDINATES] >= 0:
            e = at_coordinates(b, s, st, T, out)
            if e > s:
                return e
        if size <= 4 and JOINS[after] and T.special[THE_BIRTH_DATE] >= 0:
            e = at_date(b, s, st, T, out)
            if e > s:
                return e
            if e < 0:
                return -e
        # Behind a bracket, $ and # stand other numbers.
        if (size >= DIGITS_MIN or JOINS[after]) and size <= DIGITS_MAX and CLASS[after] != LETTER and before != 40 and before != 36 and before != 35:
            if T.special[THE_PHONE] >= 0:
                best = at_phone(b, s, st, T, known, out)
    if CLASS[after] == LETTER and begins_literal(T, b[s]):
        e = at_literal(b, s, st, T, out)
        if e > s:
            return e
    best = max(best, at_run(b, s, st, T, known, out))
    return best if best > s else end_of_token(b, i, end)


@counted_by_caller
def scan(b, offsets, tables, fields, of_record, names, known, state, out, begin):
    """Scans records from number `begin` on; gives (number of candidates, record to go on with).

    `names` and `known` are Bloom filters of names and of all values in the register; one byte stands for not knowing.
    When the room of `out` runs out inside a record, that record is left for the next call.
    """
    st, T = state[0], tables[0]
    for k in range(IDENTIFIERS_MAX):
        st.near[k] = -1
    st.n = 0
    st.last_near = -1
    has_names = names.size > 1 and T.special[THE_NAME] >= 0
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
        i = _enter_field(b, i, st, T, fields, out)
        # The last word and the one before it: a phrase has up to three. End -1: there is none.
        last_start, last_end, before_start, before_end = np.int64(0), np.int64(-1), np.int64(0), np.int64(-1)
        while i < end:
            c = b[i]
            k = CLASS[c]
            if k == DIGIT:
                e = end_of_digits(b, i + 1, end)
                after = b[e] if e < end else np.uint8(0)
                # Most numbers are short and stand alone, and what we know that looks like them needs a word beside it.
                if e - i < DIGITS_MIN and CLASS[after] == 0 and not JOINS[after] and T.lone[e - i] <= has_no_company(st, i):
                    i = e
                else:
                    i = _at_number(b, i, e, after, st, T, known, out)
            elif k != 0:
                if k == LETTER and i > st.begin and b[i - 1] == 92 and _is_escape(b, i, end):
                    i += 1
                    last_end = before_end = -1
                    continue
                # Letters of two scripts are two words.
                e = i + 1
                while e < end and CLASS[b[e]] == k:
                    e += 1
                lengths = lengths_like(T, b, i, e)
                if lengths & np.uint32(1) and i + 1 < end and T.literal_pair[(np.int64(c) << 8) | b[i + 1]]:
                    j = at_literal(b, i, st, T, out)
                    if j > i:
                        last_end = before_end = -1
                        i = j
                        continue
                if k == LETTER and e < end and CLASS[b[e]] == DIGIT:
                    last_end = before_end = -1
                    after_word, n_letters = e, e - i
                    e = end_of_token(b, e, end)
                    i = max(e, at_run(b, i, st, T, known, out))
                    # Where a text lost its blanks, a number hangs on a word.
                    if i == e and n_letters >= 2 and e - after_word >= GLUED_MIN:
                        i = max(i, at_run(b, after_word, st, T, known, out))
                    continue
                if i - last_end > 2:
                    last_end = before_end = -1
                if (lengths >> np.uint32(min(e - i, 31))) & np.uint32(1):
                    st.word[0], st.word[1], st.word[2], st.word[3] = last_start, last_end, before_start, before_end
                    _meant_by(b, i, e, st, T, out)
                before_start, before_end, last_start, last_end = last_start, last_end, i, e
                if has_names and st.hint == 0:
                    at_capital(b, i, e, st, T, names, out)
                # Two letters and a number may be one value (`AB 123456`), and so may hexadecimal pairs (`AB-CD-…`).
                if (
                    k == LETTER
                    and e - i <= 4
                    and e + 1 < end
                    and (b[e] == 32 or b[e] == 45 or b[e] == 46 or b[e] == 47)
                    and (CLASS[b[e + 1]] == DIGIT or (b[e] == 45 and e - i == 2 and HEX[b[i]] and HEX[b[i + 1]]))
                ):
                    e = max(e, at_run(b, i, st, T, known, out))
                elif k == LETTER and e - i <= 3 and not has_no_company(st, i) and _has_letters_and_number(b, e, end):
                    e = max(e, at_run(b, i, st, T, known, out))
                i = e
            elif T.marks[c] == 0 or (c == 58 and not (i + 1 < end and (HEX[b[i + 1]] or b[i + 1] == 58))):
                i += 1
            elif T.marks[c] == NEW_FIELD:
                st.field += 1
                last_end = before_end = -1
                i = _enter_field(b, i + 1, st, T, fields, out)
            else:
                i = _at_mark(b, i, T.marks[c], st, T, known, out)
        note_joined_parts(st, T, out, T.special[THE_ADDRESS])
        if st.n > out.size:
            return kept, r
    return st.n, offsets.size - 1
