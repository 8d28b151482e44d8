"""Small tables for the terminal."""

import unicodedata
from collections.abc import Sequence


def width(text: str) -> int:
    """Columns that the text takes on a terminal.

    >>> width("né"), width("é"), width("今")
    (2, 1, 2)
    """
    return sum(
        0 if unicodedata.combining(c) or unicodedata.category(c) == "Cf" else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text
    )


def table(header: Sequence[str], rows: Sequence[Sequence[object]], *, right: Sequence[int] = ()) -> str:
    """Rows under a header, columns lined up; `right` lists the columns (from 0) set to the right, as numbers are.

    >>> print(table(["who", "n"], [["a", 1], ["bc", 20]], right=[1]))
    who   n
    ---  --
    a     1
    bc   20
    """
    cells = [[str(c) for c in row] for row in rows]
    widths = [max([width(h), *[width(row[i]) for row in cells]]) for i, h in enumerate(header)]

    def line(row: Sequence[str]) -> str:
        parts = [" " * (widths[i] - width(c)) + c if i in right else c + " " * (widths[i] - width(c)) for i, c in enumerate(row)]
        return "  ".join(parts).rstrip()

    return "\n".join([line(list(header)), line(["-" * w for w in widths]), *[line(row) for row in cells]])
