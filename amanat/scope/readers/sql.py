"""SQL dumps: rows of MySQL INSERT statements and of PostgreSQL COPY, with the names of their columns.

Regular rows are cut by NumPy, a block at a time; functions, hex literals and odd quoting go through `slow`, which reads the same.
Everything that is not a row (comments, UPDATE, CREATE USER) is handed on as text, so that nothing is lost.
"""

import re
from collections.abc import Iterator, Sequence

import numpy as np
import pyarrow as pa

from amanat.scope.bulk import cut, lines
from amanat.scope.encoding import blocks, encoding_of
from amanat.scope.reader import Context, Fields, Hole, Read, Reader, Rows, cleaned
from amanat.scope.record import FIELD
from amanat.scope.source import Source

_NAME = rb"(?:[`\"\[]?[^\s`\"\[\]().,;']+[`\"\]]?\s*\.\s*)*(?:`[^`]+`|\"[^\"]+\"|\[[^\]]+\]|[^\s`\"\[\]().,;']+)"
_INSERT = re.compile(
    rb"\s*(?:(?:INSERT|REPLACE)\s+(?:(?:LOW_PRIORITY|DELAYED|HIGH_PRIORITY|IGNORE|OR\s+\w+)\s+)*(?:INTO\s+)?|INTO\s+)("
    + _NAME
    + rb")\s*(?:\(([^()]*)\)\s*)?"
    rb"(?:OVERRIDING\s+\w+\s+VALUE\s+)?VALUES?\s*(?=\()",
    re.IGNORECASE,
)
_COPY = re.compile(rb"COPY\s+(" + _NAME + rb")\s*(?:\(([^()]*)\)\s*)?FROM\s+stdin[^;\n]*;\n", re.IGNORECASE)
_CREATE = re.compile(rb"CREATE\s+(?:TEMPORARY\s+|UNLOGGED\s+)?TABLE\s+(?:IF\s+NOT\s+EXISTS\s+)?(" + _NAME + rb")\s*\(", re.IGNORECASE)
_NEXT = re.compile(
    rb"(?:^|(?<=[;\s]))(?:INSERT\s|REPLACE\s+INTO|(?:^|(?<=\n))[ \t]*INTO\s|COPY\s|CREATE\s+(?:TEMPORARY\s+|UNLOGGED\s+)?TABLE\s)", re.IGNORECASE
)
_NO_COLUMN = re.compile(r"(PRIMARY|KEY|UNIQUE|INDEX|CONSTRAINT|FOREIGN|FULLTEXT|SPATIAL|CHECK|EXCLUDE|LIKE|PERIOD)\b", re.IGNORECASE)
_LOOKS = re.compile(
    rb"^\s*--\s+(MySQL|MariaDB|PostgreSQL|phpMyAdmin|Host:|Adminer|Dump)|(^|\n|;)\s*(INSERT\s+(IGNORE\s+)?(INTO\s+)?\S+\s*(\([^()]*\)\s*VALUES|VALUES\s*\()"
    rb"|CREATE\s+TABLE\s+\S+[^\n]*\(|COPY\s+\S+\s*\([^)]*\)\s+FROM\s+stdin;)",
    re.IGNORECASE,
)
_DULL = re.compile(
    r"\s*(?:$|;|\)?\s*ENGINE\s*=|--\s*$|/\*!.*\*/;?$"
    r"|(?:SET|LOCK|UNLOCK|DROP|USE|BEGIN|COMMIT|START|ALTER|SELECT pg_catalog|CREATE (?:UNIQUE )?INDEX)\b)",
    re.IGNORECASE,
)
_PLAIN_BACKSLASH = re.compile(
    rb"PostgreSQL database dump|standard_conforming_strings = on|SQLite|PRAGMA foreign_keys|\[dbo\]|IDENTITY_INSERT|TO_DATE\(|INSERT ALL"
)
# SQL Server ends no statement, but for a line GO; Oracle's INSERT ALL parts its rows by INTO.
_UNMARKED = re.compile(rb"(?im)^\s*GO\s*$|^\s*INSERT\s+ALL\b|IDENTITY_INSERT|\[dbo\]")
_UNMARKED_END = re.compile(
    rb"(?i)\)[ \t]*\n(?:[ \t]*GO[ \t]*\n|[ \t]*\n)*"
    rb"(?=[ \t]*(?:INSERT|INTO|CREATE|SET|ALTER|USE|UPDATE|DELETE|PRINT|DECLARE|SELECT|DROP|EXEC|/\*)[\s*]|\Z)"
)
_ESCAPES = {ord("n"): 10, ord("r"): 32, ord("t"): 9, ord("0"): 32, ord("Z"): 32, ord("b"): 32}
_ESCAPED = np.arange(256, dtype=np.uint8)
for _from, _to in _ESCAPES.items():
    _ESCAPED[_from] = _to


def looks(source: Source) -> float:
    head = source.peek()
    name = encoding_of(head)
    if name is None:
        return 0.0
    data = head if name == "utf-8" else head.decode(name, "ignore").encode("utf-8", "ignore")
    return 0.92 if _LOOKS.search(data.removeprefix(b"\xef\xbb\xbf")) else 0.0


def read(source: Source, context: Context) -> Iterator[Read]:
    head = source.peek().decode(encoding_of(source.peek()) or "latin-1", "ignore").encode("utf-8", "ignore").replace(b"\r\n", b"\n")
    # PostgreSQL takes a backslash in '…' as it stands; MySQL as an escape.
    is_escaped = not _PLAIN_BACKSLASH.search(head)
    yield from _Dump(
        blocks(source, record_bytes=context.limits.record_bytes),
        4 * context.limits.record_bytes,
        is_escaped=is_escaped,
        is_unmarked=bool(_UNMARKED.search(head)),
    ).records()


class _Dump:
    """A window moving through the dump; columns of tables seen so far."""

    def __init__(self, parts: Iterator[bytes], most: int, *, is_escaped: bool, is_unmarked: bool = False) -> None:
        self._parts, self._text, self._most, self._is_escaped = parts, b"", most, is_escaped
        self._is_unmarked = is_unmarked
        self._columns: dict[str, str] = {}

    def _more(self) -> bool:
        part = next(self._parts, None)
        if part is None:
            return False
        if self._is_unmarked:
            # The end of a row and the next statement may lie in two blocks.
            part, self._text = self._text[-256:] + part, self._text[:-256]
            part = _UNMARKED_END.sub(b");\n", part)
        self._text += part
        return True

    def records(self) -> Iterator[Read]:
        while self._text or self._more():
            found = _NEXT.search(self._text)
            if found is None:
                # A keyword may be cut at the end of the window: the last line stays until more is there.
                keep = self._text.rfind(b"\n") + 1
                kept = self._text[keep:]
                yield from _others(self._text[:keep])
                self._text = kept
                if not self._more():
                    yield from _others(self._text)
                    return
                continue
            begin = found.start()
            yield from _others(self._text[:begin])
            self._text = self._text[begin:]
            while len(self._text) < 64 << 10 and self._more():
                pass
            if found := _INSERT.match(self._text):
                yield from self._insert(found)
            elif found := _COPY.match(self._text):
                yield from self._copy(found)
            elif found := _CREATE.match(self._text):
                yield from self._create(found)
            else:
                end = self._text.find(b"\n", 1) + 1 or len(self._text)
                yield from _others(self._text[:end])
                self._text = self._text[end:]

    def _create(self, found: re.Match[bytes]) -> Iterator[Read]:
        end = _end_of_definition(self._text, found.end())
        while end < 0 and len(self._text) < 1 << 20 and self._more():
            end = _end_of_definition(self._text, found.end())
        end = end if end >= 0 else found.end()
        names = []
        for part in _split(self._text[found.end() : end].decode("utf-8", "replace")):
            quoted = re.match(r"\s*[`\"\[]([^`\"\]]+)[`\"\]]|\s*(\w+)", part)
            if quoted and (quoted[1] or not _NO_COLUMN.match(part.strip())):
                names.append(quoted[1] or quoted[2])
        self._columns[_plain(found[1])] = FIELD.join(names)
        # The rest of the statement (options, a comment of the table) is read on as text.
        self._text = self._text[end + 1 :]
        return iter(())

    def _labels(self, found: re.Match[bytes]) -> str:
        if found[2] is not None:
            return FIELD.join(_plain(name) for name in found[2].split(b","))
        return self._columns.get(_plain(found[1]), "")

    def _copy(self, found: re.Match[bytes]) -> Iterator[Read]:
        labels, place = self._labels(found), f"table {_plain(found[1])}"
        self._text = self._text[found.end() :]
        while True:
            end = 0 if self._text.startswith(b"\\.\n") else self._text.find(b"\n\\.\n") + 1
            is_over = end > 0 or self._text.startswith(b"\\.\n")
            if not is_over:
                end = self._text.rfind(b"\n") + 1
                # The mark of the end may lie across two blocks.
                end = self._text.rfind(b"\n", 0, end - 1) + 1 if end else 0
            if end:
                yield Rows(copy_rows(self._text[:end]), labels, place)
                self._text = self._text[end:]
            if is_over:
                self._text = self._text[3:]
                return
            if not self._more():
                yield Rows(copy_rows(self._text), labels, place)
                self._text = b""
                return

    def _insert(self, found: re.Match[bytes]) -> Iterator[Read]:
        labels, place = self._labels(found), f"table {_plain(found[1])}"
        opening = found[0]
        self._text = self._text[found.end() :]
        # Dumps with one row in each statement: the same opening again and again is as good as a comma.
        while True:
            window = re.sub(
                rb"\)\s*;\s*\n" + re.escape(opening.lstrip()) if not opening[:1].isspace() else rb"\)\s*;\s*" + re.escape(opening.lstrip()),
                b"),",
                self._text,
            )
            rows, end, is_over = insert_rows(window, is_escaped=self._is_escaped)
            if len(rows):
                yield Rows(rows, labels, place)
            if is_over:
                self._text = window[end:]
                return
            self._text = window[end:]
            if len(self._text) > self._most or not self._more():
                rest = self._text.strip()
                if rest:
                    yield Hole(
                        f"The last row of table {_plain(found[1])} is not finished, or a quote in it is not closed; it was read as text.",
                        "Look at the end of the dump: it may be cut off.",
                    )
                yield from _others(rest)
                self._text = b""
                return


def _others(data: bytes) -> Iterator[Read]:
    """What is no row, line by line, without what never holds a value."""
    if not data.strip():
        return
    if len(data) > 1 << 18:
        yield Rows(lines(data))
        return
    for line in data.decode("utf-8", "replace").split("\n"):
        if not _DULL.match(line) and len(line.strip()) > 2:
            yield Fields([line.strip()])


def _plain(name: bytes) -> str:
    text = name.decode("utf-8", "replace").strip()
    return cleaned(re.split(r"[`\"\]]?\s*\.\s*[`\"\[]?", text)[-1].strip('`"[] ').replace(FIELD, " "))


def _end_of_definition(data: bytes, begin: int) -> int:
    depth = 1
    for found in re.finditer(rb"'(?:[^'\\]|\\.|'')*'|[()]", data[begin:]):
        depth += {b"(": 1, b")": -1}.get(found[0], 0)
        if depth == 0:
            return begin + found.start()
    return -1


def _split(definition: str) -> Iterator[str]:
    """The parts of a table's definition between commas outside brackets."""
    depth, begin = 0, 0
    for found in re.finditer(r"'(?:[^'\\]|\\.|'')*'|[(),]", definition):
        depth += {"(": 1, ")": -1}.get(found[0], 0)
        if found[0] == "," and depth == 0:
            yield definition[begin : found.start()]
            begin = found.end()
    yield definition[begin:]


# --- rows of COPY ----------------------------------------------------------------------------------------------------------

_COPY_ESCAPE = re.compile(r"\\(N(?![^\x1f])|[0-7]{1,3}|x[0-9a-fA-F]{1,2}|.)", re.DOTALL)
_BYTEA = re.compile(r"(?:^|(?<=\x1f))\\x(?:[0-9a-f]{2})+(?=\x1f|$)")  # a column of bytes
_COPY_MEANS = {"b": " ", "f": " ", "n": "\n", "r": " ", "t": "\t", "v": " "}


def copy_rows(data: bytes) -> pa.LargeStringArray:
    """Lines with tabs between fields; `\\N` is nothing."""
    data = data.replace(b"\t", b"\x1f")
    if b"\\" in data:
        # Nothing-marks first: they are the most common backslash by far. A field of text never begins with a bare \\N.
        data = (b"\n" + data).replace(b"\x1f\\N", b"\x1f").replace(b"\n\\N\x1f", b"\n\x1f")[1:]
        if b"\\" in data:
            texts = [_COPY_ESCAPE.sub(_copy_escape, line) for line in data.decode().split("\n") if line]
            return pa.array([cleaned(_BYTEA.sub(lambda found: _hex(found[0]), text)) for text in texts], pa.large_string())
    return lines(data)


def _copy_escape(found: re.Match[str]) -> str:
    mark = found[1]
    if mark[0] in "01234567":
        return chr(int(mark, 8)).replace(FIELD, " ")
    if mark[0] == "x" and len(mark) > 1:
        return chr(int(mark[1:], 16)).replace(FIELD, " ")
    return "" if mark == "N" else _COPY_MEANS.get(mark, mark)


# --- rows of INSERT --------------------------------------------------------------------------------------------------------


def insert_rows(data: bytes, *, is_escaped: bool) -> tuple[pa.LargeStringArray, int, bool]:
    """The rows at the beginning of `data`, which stands behind VALUES.

    Returns:
        The rows; where reading goes on; whether the statement ended there (else more text is needed).
    """
    window = data
    is_code = _outside(window, is_escaped)
    stops = np.flatnonzero((np.frombuffer(window, np.uint8) == 59) & is_code)
    is_over = len(stops) > 0
    if is_over:
        window = window[: int(stops[0])]
        is_code = is_code[: len(window)]
    bytes_ = np.frombuffer(window, np.uint8)
    opens = np.flatnonzero((bytes_ == 40) & is_code)
    closes = np.flatnonzero((bytes_ == 41) & is_code)
    n = min(len(opens), len(closes))
    is_flat = n == 0 or bool(
        (opens[:n] < closes[:n]).all() and (opens[1:n] > closes[: n - 1]).all() and (len(opens) == n or opens[n] > closes[n - 1])
    )
    if not is_over:
        if n == 0:
            return pa.array([], pa.large_string()), 0, False
        end = int(closes[n - 1]) + 1
        if not is_flat:
            end = _last_row_end(opens, closes)
            if not end:
                return pa.array([], pa.large_string()), 0, False
        window, bytes_, is_code = window[:end], bytes_[:end], is_code[:end]
        opens, closes = opens[opens < end], closes[closes < end]
    else:
        end = len(window) + 1
    if is_flat and len(opens) == len(closes) and not _is_odd(bytes_[is_code].tobytes()):
        return fast(bytes_, is_code, opens, closes, is_escaped), end, is_over
    return pa.array([cleaned(FIELD.join(row)) for row in slow(window.decode(), is_escaped)], pa.large_string()), end, is_over


_WORDS = re.compile(rb"(?i)\b(?:NULL|TRUE|FALSE|DEFAULT)\b")


def _is_odd(code: bytes) -> bool:
    """Whether more than brackets, commas, numbers and plain words stands outside the strings: hex, casts, functions, comments."""
    return bool(_WORDS.sub(b"", code).translate(None, b" \t\r\n(),0123456789.+-")) or b"--" in code


def _last_row_end(opens: np.ndarray, closes: np.ndarray) -> int:
    """End of the last bracket of the outermost level that is closed."""
    at = np.concatenate([opens, closes])
    step = np.concatenate([np.ones(len(opens), np.int64), -np.ones(len(closes), np.int64)])
    order = np.argsort(at)
    ends = at[order][np.cumsum(step[order]) == 0]
    return int(ends[-1]) + 1 if len(ends) else 0


def _escapes(data: np.ndarray) -> np.ndarray:
    """[n_bytes] bool: the backslashes that escape what follows them (of a run every other one)."""
    is_slash = data == 92
    marks = np.zeros(len(data), bool)
    at = np.flatnonzero(is_slash)
    if len(at):
        starts = np.concatenate([[True], np.diff(at) > 1])
        first = at[starts][np.cumsum(starts) - 1]
        marks[at[(at - first) % 2 == 0]] = True
    return marks


def _outside(window: bytes, is_escaped: bool) -> np.ndarray:
    """[n_bytes] bool: True outside strings."""
    data = np.frombuffer(window, np.uint8)
    is_quote = data == 39
    if is_escaped and b"\\" in window:
        is_quote[1:] &= ~_escapes(data)[:-1]
    inside = np.bitwise_xor.accumulate(is_quote.view(np.uint8)).view(bool)
    return ~inside & ~is_quote if len(data) else np.zeros(0, bool)


def fast(data: np.ndarray, is_code: np.ndarray, opens: np.ndarray, closes: np.ndarray, is_escaped: bool) -> pa.LargeStringArray:
    """Rows without nested brackets and odd literals; the same as `slow`."""
    out = data.copy()
    depth = np.zeros(len(data), np.int8)
    depth[opens] = 1
    depth[closes] -= 1
    is_row = np.cumsum(depth, dtype=np.int8).view(bool)
    is_row[opens] = False
    keep = is_row.copy()
    is_blank = (data == 32) | (data == 10) | (data == 9) | (data == 13)
    keep &= ~(is_blank & is_code)
    marks = np.zeros(len(data), bool)
    if is_escaped and (data == 92).any():
        marks = _escapes(data) & ~is_code
        after = np.flatnonzero(marks) + 1
        after = after[after < len(data)]
        # \% and \_ keep their backslash; the others lose it.
        is_kept = np.isin(data[after], (37, 95))
        marks[after[is_kept] - 1] = False
        out[after] = _ESCAPED[data[after]]
        is_after = np.zeros(len(data), bool)
        is_after[after] = True
    else:
        is_after = marks
    is_quote = (data == 39) & ~is_after
    # Of a doubled quote the second opens again at once: that one stays.
    is_second = np.zeros(len(data), bool)
    at = np.flatnonzero(is_quote)
    openings = at[0::2]
    endings = at[1::2]
    n = min(len(endings), len(openings) - 1)
    doubled = openings[1 : n + 1][openings[1 : n + 1] == endings[:n] + 1] if n > 0 else openings[:0]
    is_second[doubled] = True
    keep &= ~(is_quote & ~is_second) & ~marks
    out[(data == 44) & is_code & is_row] = 0x1F
    # NULL outside quotes is nothing.
    lower = data | 32
    starts = np.flatnonzero((lower[:-3] == 110) & is_code[:-3])
    starts = starts[(lower[starts + 1] == 117) & (lower[starts + 2] == 108) & (lower[starts + 3] == 108)]
    for offset in range(4):
        keep[starts + offset] = False
    is_end = np.zeros(len(data), bool)
    is_end[closes] = True
    return cut(out, is_end, keep)


_TOKEN = re.compile(
    r"""\s*(?:
        (?P<open>\() | (?P<close>\)) | (?P<comma>,) |
        (?P<hex>0x[0-9A-Fa-f]+|[xX]'[0-9A-Fa-f]*') |
        (?P<string>(?:_\w+\s+|[nNbBeE](?='))?(?:'(?:[^'\\]|''|\\.)*'|"(?:[^"\\]|""|\\.)*")) |
        (?P<word>(?:[^(),'"\s]|\s(?![\s(),'"]))+)
    )""",
    re.VERBOSE | re.DOTALL,
)
_TOKEN_PLAIN = re.compile(_TOKEN.pattern.replace(r"[^'\\]|''|\\.", r"[^']|''"), re.VERBOSE | re.DOTALL)


# Functions of which only the first argument is a value; the others say how it is written.
_FIRST_ONLY = {"TO_DATE", "TO_TIMESTAMP", "TO_TIMESTAMP_TZ", "TO_CHAR", "TO_NUMBER", "STR_TO_DATE", "CAST"}
_SILENT = {"CHR", "CHAR", "NCHAR"}  # line ends, mostly
_NO_VALUE = {"NULL", "_BINARY", "_UTF8MB4", "TIMESTAMP", "DATE", "||", "+", "AS"}


def slow(text: str, is_escaped: bool) -> Iterator[list[str]]:
    """Rows the obvious way, token by token; judges `fast`."""
    row: list[str] = []
    cell: list[str] = []
    functions: list[str] = []  # those that are open; "" for brackets without a name
    is_told = [True]  # whether what stands in each open bracket is a value
    word = ""
    for found in (_TOKEN if is_escaped else _TOKEN_PLAIN).finditer(text):
        kind, token = found.lastgroup, found[0].strip()
        depth = len(functions)
        if kind == "open":
            functions.append(re.sub(r".*?(\w*)$", r"\1", word.upper(), flags=re.DOTALL) if depth else "")
            is_told.append(is_told[-1] and functions[-1] not in _SILENT)
            if depth:
                cell.append(" ")
        elif kind == "close" and depth:
            functions.pop()
            is_told.pop()
            if not functions:
                row.append("".join(cell).strip() if len(cell) > 1 else "".join(cell))
                if any(row):
                    yield [value.replace(FIELD, " ") for value in row]
                row, cell = [], []
        elif kind == "comma":
            if depth == 1:
                row.append("".join(cell).strip() if len(cell) > 1 else "".join(cell))
                cell = []
            elif depth:
                is_told[-1] = is_told[-1] and functions[-1] not in _FIRST_ONLY
                cell.append(" ")
        elif depth and is_told[-1] and kind == "hex":
            cell.append(_hex(token))
        elif depth and is_told[-1] and kind == "string":
            cell.append(_string(token, is_escaped))
        elif depth and is_told[-1] and kind == "word":
            if token.upper() == "AS" or token.upper().startswith("AS "):
                is_told[-1] = functions[-1] != "CAST"
            elif not _is_function(text, found.end()) and token.upper() not in _NO_VALUE:
                cell.append("" if token.startswith("::") else token)
        word = token if kind == "word" else ""


def _is_function(text: str, at: int) -> bool:
    return text[at : at + 2].lstrip().startswith("(")


def _hex(token: str) -> str:
    digits = token[2:].rstrip("'")
    try:
        raw = bytes.fromhex(digits if len(digits) % 2 == 0 else "0" + digits)
        text = raw.decode()
    except ValueError:
        return token
    return text if re.sub(r"[\n\r\t]", "", text).isprintable() else token


def _string(token: str, is_escaped: bool) -> str:
    quote = token[-1]
    body = token[token.index(quote) + 1 : -1].replace(quote * 2, quote)
    if not is_escaped and token[:1] not in "eE":
        return body
    return re.sub(r"\\(.)", lambda m: m[0] if m[1] in "%_" else chr(_ESCAPES.get(ord(m[1]), ord(m[1]))), body, flags=re.DOTALL)


def examples() -> Sequence[bytes]:
    return (
        b"-- MySQL dump 10.13\nCREATE TABLE `guests` (\n  `id` int(11) NOT NULL,\n  `name` varchar(80),\n  PRIMARY KEY (`id`)\n);\n"
        b"INSERT INTO `guests` VALUES (1,'Sara O\\'Neil'),(2,NULL),(3,'D''Arc; (x)');\n",
        b"COPY public.guests (id, name) FROM stdin;\n1\tSara\n2\t\\N\n\\.\n",
        b"INSERT INTO guests (name, secret) VALUES ('Sara', 0x68656c6c6f);\nINSERT INTO guests (name, secret) VALUES ('Omid', _binary 'x');\n",
    )


def not_examples() -> Sequence[bytes]:
    return (b"we insert into the box all values (see below)\n", b"name,email\nSara,sara@example.org\n")


READER = Reader(
    says="SQL dump (MySQL, PostgreSQL, SQL Server, Oracle)",
    looks=looks,
    read=read,
    suffixes=(".sql", ".dump"),
    source="https://dev.mysql.com/doc/refman/8.4/en/string-literals.html",
    examples=examples,
    not_examples=not_examples,
)
