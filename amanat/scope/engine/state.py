"""State: where the scan stands in a record, what it has seen there, and how it notes a candidate."""

# Compiled loops are written plainly, and their types are Numba's.
# ruff: noqa: SIM110
# mypy: ignore-errors

from typing import Any, NamedTuple

import numpy as np

from amanat.scope.candidate import HEADED, NEAR_WORD
from amanat.scope.compiled import counted_by_caller, inlined
from amanat.scope.engine.arrays import room_of, text_of
from amanat.scope.engine.layout import IDENTIFIERS_MAX
from amanat.scope.engine.letters import CLASS, LOWER
from amanat.scope.siphash import siphash

COUNTRIES_MAX, DOMAINS_MAX = 300, 1000
NEAR_BYTES = 48
OTHER_BYTES = 8
REPEATED, COLUMNS_KNOWN = 1024, 256  # fields of one batch that are remembered, and columns
DIALLED_WORDS = (COUNTRIES_MAX + 63) // 64
DIGITS_MAX = 17  # of a telephone number
HEADED_WORDS = (IDENTIFIERS_MAX + 63) // 64
COMPACT_MAX, GROUPS_MAX = 65, 14
BELIEF_MIN = np.float32(0.5)
SCRATCH = 520
FNV0, FNV1, GOLD = np.uint64(0xCBF29CE484222325), np.uint64(0x100000001B3), np.uint64(0x9E3779B97F4A7C15)

# The forms that a field's whole value can have, by their place in identifier.FORMS.
WORD, LINE, DATE, NAME, GIVEN_NAME, FAMILY_NAME, ADDRESS, ADDRESS_PART = 2, 3, 6, 10, 11, 12, 13, 14
# The identifiers that the scan knows by form, by their place in tables.SPECIAL.
THE_EMAIL, THE_PHONE, THE_BIRTH_DATE, THE_IP, THE_PASSWORD, THE_HASH, THE_NAME, THE_ADDRESS, THE_MAC, THE_COORDINATES = range(10)

ARRAYS = ("text", "maps", "known", "names", "room")

# One record of this is all that the scan writes to besides its candidates; one for each thread.
STATE = np.dtype(
    [
        ("k0", np.uint64),
        ("k1", np.uint64),
        *((f"{array}_{what}", np.int64) for array in ARRAYS for what in ("at", "size")),  # see arrays.py
        ("n", np.int64),  # candidates so far
        ("record", np.int64),
        ("begin", np.int64),  # of the record
        ("end", np.int64),
        ("floor", np.int64),  # where the present field begins
        ("field", np.int64),  # its number
        ("hint", np.int64),  # row of Context.hints; 0: nothing known
        ("holds_numbers", np.uint8),  # whether the field's name speaks of an identifier that has patterns
        ("first_hint", np.int64),  # of the record's fields, in Fields.field_hints
        ("until_hint", np.int64),
        ("headed", np.uint64, (HEADED_WORDS,)),  # bits: identifiers that the field holds by its name; valid when `hint` is not 0
        ("last_near", np.int64),  # where a word of any identifier stood last
        ("is_month_first", np.int64),
        ("country", np.int64),  # of the record, row of `dialled`; -1 unknown
        ("year_max", np.int64),
        ("n_dialled", np.int64),
        ("dialled", np.int32, (COUNTRIES_MAX, 4)),  # see tables.dialled
        ("dialled_so", np.uint64, (DIALLED_WORDS, 1000)),  # bits: rows of `dialled` with numbers that begin with these three digits
        ("dialled_long", np.uint64, (DIALLED_WORDS, DIGITS_MAX + 1)),  # and with so many digits
        ("call", np.int64),  # how often the scan was called
        ("open", np.int64),  # row of `repeated` for the present field, -1: it is not to be remembered; see repeated.py
        ("repeated", np.int64, (REPEATED, 8)),
        ("tried", np.int64, (COLUMNS_KNOWN,)),  # fields of each column (by the low bits of its number) that were looked for there
        ("came_again", np.int64, (COLUMNS_KNOWN,)),  # and were found
        ("n_own", np.int64),
        ("own", np.uint64, (DOMAINS_MAX,)),  # hashes of the company's own domains
        ("word", np.int64, (4,)),  # start and end of the last word, and of the one before it
        ("run_words", np.int64),  # words with a capital in a row
        ("run_end", np.int64),
        ("run_at", np.int64, (4,)),
        ("run_key", np.uint64, (4,)),
        ("part_key", np.uint64, (3,)),  # given name, family name, address: sums of word keys
        ("part_start", np.int64, (3,)),
        ("part_end", np.int64, (3,)),
        ("part_field", np.int64, (3,)),
        ("compact", np.uint8, (COMPACT_MAX + 8,)),
        ("digits", np.int64, (24,)),
        ("text", np.uint8, (COMPACT_MAX + 15,)),
        ("kept_length", np.int64),  # the key of the run's first characters for a field, made once for all that ask
        ("kept_tag", np.uint64),
        ("kept_key", np.uint64),
        ("scratch", np.uint8, (SCRATCH,)),
        ("near", np.int64, (IDENTIFIERS_MAX,)),  # where a word of each identifier stood last
        ("other", np.int64, (IDENTIFIERS_MAX,)),  # where a word stood last behind which its shape means something else
    ],
    align=True,
)


class Fields(NamedTuple):
    """What the fields of records hold, as their names say."""

    field_from: Any  # [n_schemas + 1] int32, into field_hints
    field_hints: Any  # [n_fields] int32, row of `hints`; 0: nothing known
    hints: Any  # [n_hints, HEADED_WORDS] uint64, bits: identifiers
    value_from: Any  # [n_hints + 1] int32, into value_of
    value_of: Any  # [n] int32: identifiers that a field's whole value can be
    other_from: Any  # [n_hints + 1] int32, into other_of
    other_of: Any  # [n] int32: identifiers that a value of their shape mostly is not, by the field's name
    holds_numbers: Any  # [n_hints] uint8: whether one of the hint's identifiers has patterns
    is_shape: Any  # [n_hints] uint8: whether the field holds one kind of value, and not words about anything


class OfRecord(NamedTuple):
    """What is known of each record; the last two may be empty."""

    schema: Any  # [n_records] int32
    country: Any  # [n_records] int32: row of STATE's `dialled`, -1 unknown
    is_month_first: Any  # [n_records] uint8


@counted_by_caller
def put(st, start, end, identifier, flags, key, belief):
    """Notes a candidate, when there is room; counts it in any case."""
    out = room_of(st)
    n = st.n
    if n < out.size:
        c = out[n]
        c.key = key
        c.start = start
        c.end = end
        c.record = st.record
        c.field = st.field
        c.belief = belief
        c.identifier = identifier
        c.flags = flags
    st.n = n + 1


@inlined
def is_headed(st, me):
    """Whether the present field's name says that it holds this identifier."""
    return st.hint > 0 and (st.headed[me >> 6] >> np.uint64(me & 63)) & np.uint64(1) != 0


@inlined
def is_near(st, i):
    """Whether a word that speaks of any identifier stands shortly before i."""
    return st.last_near > st.floor and i - st.last_near <= NEAR_BYTES


@inlined
def has_no_company(st, i):
    """Whether neither a header nor a word nearby may say what a value at i is."""
    return not (st.hint > 0 or is_near(st, i))


@inlined
def trust(T, st, me, start):
    """Belief and flags of a value at `start`: in a field with its header, near a word, or alone."""
    if is_headed(st, me):
        return T.headed[me], np.uint8(HEADED)
    at = st.near[me]
    if at > st.floor and at <= start and start - at <= NEAR_BYTES:
        return T.near[me], np.uint8(NEAR_WORD)
    # In a field that is known to hold something else the same digits mean less.
    return T.alone[me] * np.float32(0.5 if st.hint > 0 else 1.0), np.uint8(0)


@counted_by_caller
def is_something_else(st, me, start):
    """Whether a word that says so stands right before `start`, with marks alone between, or the field's name does."""
    at = st.other[me]
    if at < st.floor or at > start or start - at > OTHER_BYTES or st.near[me] > at:
        return False
    b = text_of(st)
    for j in range(at, start):
        # What stands behind a comma or on the next line is another thought.
        if CLASS[b[j]] != 0 or b[j] == 44 or b[j] == 59 or b[j] == 10 or b[j] == 13:
            return False
    return True


@counted_by_caller
def key_of(st, n, tag):
    """Key of the first n bytes of the scratch, which hold a normalised value, for a field."""
    return siphash(st.scratch, n, st.k0 ^ tag, st.k1)


@counted_by_caller
def key_as_is(s, e, st, tag):
    """Key of the bytes as they stand, at most 384."""
    b = text_of(st)
    n = min(e - s, 384)
    for j in range(n):
        st.scratch[j] = b[s + j]
    return key_of(st, n, tag)


@counted_by_caller
def hash_of_word(b, s, e):
    """FNV-1a over the lower-case bytes, as tables.word_hash computes it."""
    h = FNV0
    for j in range(s, e):
        h = (h ^ np.uint64(LOWER[b[j]])) * FNV1
    return h
