"""Layout of the tables: everything that the identifiers' files say, in one block of memory.

The scan hands one address from function to function instead of some forty arrays: that makes it quick, and quickly compiled.
The sizes are upper bounds; `tables.py` says so when one is too small.
"""

import numpy as np

from amanat.scope.check_digits import PLACES_MAX

IDENTIFIERS_MAX, PATTERNS_MAX, LITERALS_MAX, SUMS_MAX = 1000, 4096, 512, 512
LONGEST = 64  # characters of a pattern
SHAPE_SLOTS, PHRASE_SLOTS, MEANINGS_MAX = 1 << 12, 1 << 16, 1 << 15
CHUNKS_MAX, ACCEPTS_MAX = 2048, 1 << 15
DAYS_MAX = 4  # lengths at which the numbers of one identifier hold a day
PHONE_STATES_MAX = 40_000

TABLES = np.dtype(
    [
        # Of each identifier, by its number in alphabetical order.
        ("tag", np.uint64, (IDENTIFIERS_MAX,)),  # of the field whose values are compared
        ("form", np.int32, (IDENTIFIERS_MAX,)),  # index into identifier.FORMS
        ("alone", np.float32, (IDENTIFIERS_MAX,)),  # beliefs
        ("bare", np.float32, (IDENTIFIERS_MAX,)),
        ("near", np.float32, (IDENTIFIERS_MAX,)),
        ("headed", np.float32, (IDENTIFIERS_MAX,)),
        ("is_compared", np.uint8, (IDENTIFIERS_MAX,)),  # whether the register can know a value that we hardly believe in
        ("needs_digit", np.uint8, (IDENTIFIERS_MAX,)),  # a value without a digit is none
        ("only_capitals", np.uint8, (IDENTIFIERS_MAX,)),
        ("check", np.int32, (IDENTIFIERS_MAX,)),
        ("n_key", np.int64, (IDENTIFIERS_MAX,)),
        ("sum_from", np.int64, (IDENTIFIERS_MAX,)),
        ("sum_until", np.int64, (IDENTIFIERS_MAX,)),
        ("day_length", np.int64, (IDENTIFIERS_MAX, DAYS_MAX)),  # 0: no more
        ("year_at", np.int64, (IDENTIFIERS_MAX, DAYS_MAX)),
        ("month_at", np.int64, (IDENTIFIERS_MAX, DAYS_MAX)),
        ("day_at", np.int64, (IDENTIFIERS_MAX, DAYS_MAX)),
        ("month_of", np.uint8, (IDENTIFIERS_MAX, 100)),  # of the two digits that stand for it; 0: none
        ("day_of", np.uint8, (IDENTIFIERS_MAX, 100)),
        # Of each sum, see check_digits.py.
        ("sum_length", np.int64, (SUMS_MAX,)),
        ("sum_starts", np.uint64, (SUMS_MAX,)),  # bits: first characters of the values it is for
        ("sum_plus", np.int64, (SUMS_MAX,)),
        ("sum_modulus", np.int64, (SUMS_MAX,)),
        ("sum_at", np.int64, (SUMS_MAX,)),  # place of the check character from the end; 0: the rest must be 0
        ("sum_skip", np.int64, (SUMS_MAX,)),
        ("sum_or_next", np.uint8, (SUMS_MAX,)),
        ("sum_gives", np.uint8, (SUMS_MAX, 128)),
        ("sum_parts", np.uint16, (SUMS_MAX, PLACES_MAX, 36)),
        ("n_headed", np.int64),  # how many words of bits there are for all identifiers
        ("special", np.int64, (12,)),  # numbers of tables.SPECIAL; -1: not looked for
        # Of each byte.
        ("marks", np.uint8, (256,)),  # what a mark can begin, see one_pass.py
        ("n_stops", np.int64),
        ("stops", np.uint8, (64,)),  # the marks that can begin something
        ("lone", np.uint8, (16,)),  # what a number of so many digits can be: 0 nothing, 1 something with a word beside it, 2 something by itself
        ("literal_of_byte", np.int64, (257,)),  # literals that begin with this byte
        # Patterns: those for certain groups, found by their shape (the groups' lengths), and those for any grouping, by their length;
        # in chunks of at most 64 that are tried together, one bit for each.
        # For each shape: the number of its groups' lengths (0: free, by open addressing), its first chunk, and the one behind its last.
        # Beginnings of shapes stand here too, without chunks.
        ("shapes", np.int64, (SHAPE_SLOTS, 4)),
        ("free", np.int64, (LONGEST + 2,)),
        ("free_pair", np.uint8, (36, 36)),  # whether a pattern for any grouping can begin with these two characters
        ("chunks", np.int64, (CHUNKS_MAX, 8)),  # see patterns.py: LENGTH and so on
        ("chunk_separators", np.uint64, (CHUNKS_MAX, 16)),  # which allow these separators
        ("accepts", np.uint64, (ACCEPTS_MAX, 36)),  # for each place of each chunk: which patterns allow this character there
        ("pattern_identifier", np.int64, (PATTERNS_MAX,)),
        # Values with a fixed beginning.
        ("literal_pair", np.uint8, (1 << 16,)),  # whether one begins with these two bytes
        ("literal_identifier", np.int64, (LITERALS_MAX,)),
        ("literal_length", np.int64, (LITERALS_MAX,)),
        ("literal_least", np.int64, (LITERALS_MAX,)),
        ("literal_most", np.int64, (LITERALS_MAX,)),
        ("literal_bytes", np.uint8, (LITERALS_MAX, 48)),
        ("literal_alphabet", np.uint8, (LITERALS_MAX, 256)),  # 1: may stand behind the beginning; 2: may, and then it is no value
        # The vocabulary.
        ("phrase_key", np.uint64, (PHRASE_SLOTS,)),  # open addressing, 0 is free
        ("phrase_first", np.int64, (PHRASE_SLOTS,)),
        ("phrase_until", np.int64, (PHRASE_SLOTS,)),
        ("meanings", np.int64, (MEANINGS_MAX, 2)),  # identifier (or month), meaning
        # By the first two bytes of a phrase's last word: which lengths there are (31: and more); 0: a literal begins so.
        ("word_lengths", np.uint32, (1 << 16,)),
        ("word_endings", np.uint8, (1 << 16,)),  # by the low bits of its hash: whether a phrase ends with such a word
        # Numbering plans, see phone_plan.py.
        ("phone_next", np.int32, (PHONE_STATES_MAX * 10,)),
        ("phone_accepts", np.uint8, (PHONE_STATES_MAX,)),
        ("phone_start", np.int32, (1000,)),
        ("phone_lengths", np.int32, (1000,)),
        ("phone_trunk", np.int32, (1000,)),  # the digit dialled before a national number; -1: none
    ],
    align=True,
)
