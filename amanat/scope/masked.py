"""Masked: a text whose shape can be seen and whose values cannot."""

import re
from collections.abc import Sequence

from amanat.scope.record import FIELD

_RUN = re.compile(r"[^\W\d_]+|\d+")
DOT = "•"


def masked(text: str) -> str:
    """Words keep their first letter, long numbers their first two digits; signs between them stay.

    >>> masked("Sara Ahmadi, sara@example.org, +33 1 99 00 12 34, 1985-03-12")
    'S••• A•••••, s•••@e••••••.o••, +•• • •• •• •• ••, 1•••-••-••'
    >>> masked("DE89370400440532013000")
    'D•89••••••••••••••••••'
    """
    return _RUN.sub(lambda found: _hidden(found[0]), text)


def _hidden(run: str) -> str:
    least = ((6, 2), (3, 1)) if run[0].isdigit() else ((2, 1),)
    n = next((n for length, n in least if len(run) >= length), 0)
    return run[:n] + DOT * (len(run) - n)


def shown(text: str, labels: str, marks: Sequence[tuple[int, int, str]], *, is_revealed: bool = False) -> str:
    """A passage for a person to check: fields with their labels, what was found in ‹angles› with its kind.

    Args:
        marks: begin, end and kind of each finding, in characters of `text`.
        is_revealed: with the values, for who may see them.
    """
    parts, at = [], 0
    hide = (lambda piece: piece) if is_revealed else masked
    for begin, end, kind in sorted(marks):
        if begin < at:
            continue
        parts += [hide(text[at:begin]), f"‹{kind} {hide(text[begin:end])}›"]
        at = end
    whole = "".join([*parts, hide(text[at:])])
    names, fields = labels.split(FIELD) if labels else [], whole.split(FIELD)
    if len(names) != len(fields):
        return " ".join(whole.replace(FIELD, " | ").split())
    pairs = (f"{_label(name)}: {' '.join(value.split())}" for name, value in zip(names, fields, strict=True) if value.strip())
    return " | ".join(pairs)


def _label(name: str) -> str:
    """A column's name, unless it looks like somebody's value: files without a header have some."""
    return masked(name) if "@" in name or sum(c.isdigit() for c in name) >= 4 else name
