"""Lines of a TOML file: where a key or table stands, by its dotted place, such as `duty[2].version[0].when`.

`tomllib` forgets positions. This reads no values; it only follows headers, keys and brackets, and is asked once something is wrong.
"""

import re
from pathlib import Path

_HEADER = re.compile(r"\s*(\[\[?)\s*([^\]]+?)\s*\]")
_KEY = re.compile(r"""\s*((?:[\w-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[\w-]+|"[^"]*"|'[^']*'))*)\s*=""")
_QUIET = re.compile(r"""\"\"\".*?(?:\"\"\"|$)|'''.*?(?:'''|$)|"(?:\\.|[^"\\])*"|'[^']*'|\#.*""")


def line_at(path: Path, place: str) -> str:
    """`path:line` of a dotted place; of what it stands in when the place itself is missing or shares a line; failing that the path.

    The whole file, with the place "", begins on line 1.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     file = Path(folder) / "hotel.toml"
    ...     _ = file.write_text('name = "Karvan"\\n[[rooms]]\\nbeds = 2\\n')
    ...     [line_at(file, place).rpartition(":")[2] for place in ("name", "rooms[0]", "rooms[0].beds", "rooms[0].window")]
    ['1', '2', '3', '2']
    """
    try:
        lines = lines_of(path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError):
        return str(path)
    if not place:
        return f"{path}:1"
    while place:
        if place in lines:
            return f"{path}:{lines[place]}"
        place = place[: place.rfind("[")] if place.endswith("]") else place.rpartition(".")[0]
    return str(path)


def lines_of(text: str) -> dict[str, int]:
    """The line of each table, key, and element of a list that begins on a line of its own."""
    found: dict[str, int] = {}
    counts: dict[str, int] = {}
    table, inside, depth, n_items, quotes = "", "", 0, 0, ""
    for number, line in enumerate(text.split("\n"), 1):
        if quotes:  # inside a text of several lines
            if quotes not in line:
                continue
            line, quotes = line.partition(quotes)[2], ""
        elif depth:
            if line.strip() and line.strip()[0] not in "]}#,":
                found.setdefault(f"{inside}[{n_items}]", number)
                n_items += 1
        elif header := _HEADER.match(line):
            table = _table(header[2], header[1] == "[[", counts)
            found.setdefault(table, number)
            continue
        elif key := _KEY.match(line):
            inside, n_items = ".".join(filter(None, (table, _plain(key[1])))), 0
            found.setdefault(inside, number)
            line = line[key.end() :]
        else:
            continue
        bare, quotes = _without_texts(line)
        depth += sum(bare.count(c) for c in "[{") - sum(bare.count(c) for c in "]}")
    return found


def _table(name: str, is_list: bool, counts: dict[str, int]) -> str:
    parts = _plain(name).split(".")
    at = ""
    for i, part in enumerate(parts):
        at = f"{at}.{part}" if at else part
        if is_list and i == len(parts) - 1:
            counts[at] = counts.get(at, 0) + 1
        if at in counts:
            at += f"[{counts[at] - 1}]"
    return at


def _plain(name: str) -> str:
    return re.sub(r"""\s*\.\s*|["']""", lambda m: "." if "." in m[0] else "", name.strip())


def _without_texts(line: str) -> tuple[str, str]:
    """The line without what stands in quotes or after #, and the quotes of a text that goes on below."""
    goes_on = ""
    for match in _QUIET.finditer(line):
        for quotes in ('"""', "'''"):
            if match[0].startswith(quotes) and not (len(match[0]) >= 6 and match[0].endswith(quotes)):
                goes_on = quotes
    return _QUIET.sub("", line), goes_on
