"""Small tables for the terminal."""

import re
import unicodedata
from collections.abc import Sequence

# Control characters, and the marks that turn the direction of what follows. Isolates stay: our own Persian sentences use them.
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e]")


def plain(text: str) -> str:
    """The text with what could steer a terminal or reorder its line made visible: a thief chooses the names of files.

    >>> plain("in\x1b[2Jvoice\u202egpj.exe")
    'in\\\\x1b[2Jvoice\\\\u202egpj.exe'
    """
    return _CONTROL.sub(lambda found: found[0].encode("unicode_escape").decode("ascii"), text)


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
    # One row is one line, whatever stands in a name.
    cells = [[plain(str(c)).replace("\n", "\\n").replace("\t", " ") for c in row] for row in rows]
    widths = [max([width(h), *[width(row[i]) for row in cells]]) for i, h in enumerate(header)]

    def line(row: Sequence[str]) -> str:
        parts = [" " * (widths[i] - width(c)) + c if i in right else c + " " * (widths[i] - width(c)) for i, c in enumerate(row)]
        return "  ".join(parts).rstrip()

    return "\n".join([line(list(header)), line(["-" * w for w in widths]), *[line(row) for row in cells]])
