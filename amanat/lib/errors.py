"""Whose problem is it? `Fixable` errors are for whoever sits at the keyboard.

The other families live where they are answered: what the outside world refuses is in `notify/channel.py`,
and everything else is ours: it crashes loudly.
"""

import difflib
from collections.abc import Iterable


class Fixable(Exception):
    """Something the person at the keyboard can mend: a sentence that says what, where and what next.

    Commands print it and exit with 2. The message names the file, row and column; it never shows a person's value.
    """


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """A short hint to add to a sentence about an unknown word.

    >>> did_you_mean("residense", ["residence", "role"])
    "; did you mean 'residence'?"
    >>> did_you_mean("q", ["residence", "role"])
    ''
    """
    near = difflib.get_close_matches(word, list(known), n=1, cutoff=0.6)
    return f"; did you mean {near[0]!r}?" if near else ""
