"""Candidate: what the scan gives for one place of a text, before anybody has asked the register."""

import numpy as np

# What is special about a candidate.
ALTERNATIVE = 1  # another reading of the same place (day and month, country of a number)
HEADED = 2  # in a field whose name says so
NEAR_WORD = 4  # beside a word that says so
OURS = 8  # an address of the company itself
GUESSED = 16  # found because the register has such a name

CANDIDATE = np.dtype(
    [
        ("key", np.uint64),
        ("start", np.int64),  # byte within the folded text
        ("end", np.int64),
        ("record", np.int32),
        ("field", np.int32),  # number of the field within the record
        ("belief", np.float32),
        ("identifier", np.int16),
        ("flags", np.uint8),
    ],
    align=True,
)
