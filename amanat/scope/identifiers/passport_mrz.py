"""Machine-readable lines of a passport or identity card, with the name, the number, the day of birth and their check digits."""

from itertools import cycle

from amanat.scope.identifier import Identifier

_VALUES = {character: n for n, character in enumerate("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ")} | {"<": 0}


def _is_checked(part: str) -> bool:
    """Whether the last character checks those before it."""
    return part[-1:].isdigit() and sum(_VALUES[c] * weight for c, weight in zip(part[:-1], cycle((7, 3, 1)), strict=False)) % 10 == int(part[-1])


def is_valid(lines: str) -> bool:
    """Whether the number and the day of birth have the check digits they should."""
    text = "".join(lines.split())
    if len(text) >= 90 and text[0] != "P":  # three lines of thirty
        return _is_checked(text[5:15]) and _is_checked(text[30:37])
    width = 44 if len(text) >= 88 else 36
    return len(text) >= 2 * width and _is_checked(text[width : width + 10]) and _is_checked(text[width + 13 : width + 20])


IDENTIFIER = Identifier(
    kind="passport",
    form="literal",
    literals=tuple((begin, 68, 92) for begin in ("P<", "I<", "A<", "C<", "V<", "ID", "PP", "PD", "PO")),
    alphabet=r"A-Z0-9<\n\r ",
    is_valid=is_valid,
    belief=0.97,
    source="https://www.icao.int/publications/pages/publication.aspx?docnum=9303",
    examples=(
        "P<UTOAHMADI<<SARA<MINA<<<<<<<<<<<<<<<<<<<<<<\nKX31402186UTO8703145F3103131<<<<<<<<<<<<<<02",
        "I<UTOKX31402186<<<<<<<<<<<<<<<\n8703145F3103131UTO<<<<<<<<<<<4\nAHMADI<<SARA<<<<<<<<<<<<<<<<<<",
    ),
    not_examples=("P<UTOSAMPLE<<SARA", "ID card"),
)
