"""Tables as text: CSV and TSV in any dialect and encoding; a row is a record.

Blocks with regular quotes are cut by NumPy; everything else goes through Python's csv module, which reads the same.
"""

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from amanat.scope.bulk import cut
from amanat.scope.credentials import are_credentials
from amanat.scope.encoding import blocks, encoding_of
from amanat.scope.header import find_header, labels_of
from amanat.scope.reader import Context, Fields, Read, Reader, Rows, cleaned, joined
from amanat.scope.record import FIELD
from amanat.scope.source import Source

_DELIMITERS = ",;\t|\x1e"
_LOOK_AT = 50
csv.field_size_limit(1 << 30)  # our own limits cut sooner


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a table is written: what parts its fields, and whether a quote is escaped by a backslash."""

    delimiter: str
    is_backslash: bool = False

    def rows(self, text: str) -> list[list[str]]:
        """The obvious way, which judges the fast one."""
        made = list(csv.reader(io.StringIO(text, newline="\n"), delimiter=self.delimiter, escapechar="\\" if self.is_backslash else None))
        if '"' in text and any(cell.count("\n") > 30 and cell.count(self.delimiter) >= cell.count("\n") for row in made for cell in row):
            # A quote that nobody closed swallowed rows up to the next one: here quotes are only marks.
            made = [[_unquoted(cell) for cell in line.split(self.delimiter)] for line in text.split("\n")]
        return [row for row in made if any(row)]


def _unquoted(cell: str) -> str:
    return cell[1:-1] if len(cell) > 1 and cell[0] == cell[-1] == '"' else cell


def dialect_of(head: str, *, is_cut: bool) -> tuple[Dialect, float] | None:
    """The dialect of a text that begins with `head`, and how sure; None when the lines do not make a table.

    >>> dialect_of("a;b;c\\n1;2,5;3\\n4;5;6\\n", is_cut=False)
    (Dialect(delimiter=';', is_backslash=False), 0.6)
    """
    if is_cut:
        head = head[: head.rfind("\n") + 1] or head
    best: tuple[float, Dialect] | None = None
    is_backslash = '\\"' in head and '""' not in re.sub(r'(^|[,;\t|])""(?=[,;\t|\r\n]|$)', r"\1", head)
    for delimiter in _DELIMITERS:
        if delimiter not in head:
            continue
        dialect = Dialect(delimiter, is_backslash)
        rows = dialect.rows(head)[: _LOOK_AT + 10]
        widths = [len(row) for row in rows]
        if not widths:
            continue
        usual = max(set(widths), key=lambda w: (widths.count(w), w))
        if usual < 2:
            continue
        fit = sum(width == usual for width in widths) / len(widths)
        # Sentences have commas too: a table of them needs many columns or rows that all agree.
        cells = [cell for row in rows for cell in row]
        wordy = sum(cell.count(" ") > 6 for cell in cells) / len(cells)
        belief = fit * (1 - wordy) * (0.9 if delimiter == "\t" else 1) + min(usual, 20) / 1000
        if delimiter in ", " and not _is_tight(rows, usual):
            belief *= 0.5
        if best is None or belief > best[0]:
            best = belief, dialect
    if best is None or best[0] < 0.6:
        return None
    return best[1], 0.6


def _is_tight(rows: list[list[str]], usual: int) -> bool:
    """In tables a comma is seldom followed by a blank; in prose always."""
    later = [cell for row in rows if len(row) == usual for cell in row[1:]]
    is_tight = sum(cell.startswith(" ") for cell in later) < 0.8 * max(len(later), 1)
    # "name, email, phone" above such rows still makes them a table.
    return is_tight or (find_header(rows) == 0 and all(re.fullmatch(r"[^\W\d][^\d:*]*", cell.strip()) for cell in rows[0]))


def looks(source: Source) -> float:
    head = source.peek()
    name = encoding_of(head)
    if name is None:
        return 0.0
    text = _text(head, name)
    first = text.lstrip()[:1]
    if first in ("{", "[", "<") and not source.name.lower().endswith((".csv", ".tsv")):
        return 0.0
    n_lines = len([line for line in text.splitlines() if line.strip()])
    found = dialect_of(text, is_cut=len(source.peek(len(head) + 1)) > len(head))
    if found is None:
        return 0.2 if source.name.lower().endswith((".csv", ".tsv")) and n_lines else 0.0
    # One line alone shows no agreement; then the name must help.
    return found[1] if n_lines > 1 else 0.15 if source.name.lower().endswith((".csv", ".tsv")) else 0.05


def _text(head: bytes, name: str) -> str:
    import codecs

    return codecs.getincrementaldecoder(name)("replace").decode(head).lstrip("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


def read(source: Source, context: Context) -> Iterator[Read]:
    head = source.peek()
    name = encoding_of(head) or "latin-1"
    text = _text(head, name).replace("\0", " ").replace(FIELD, " ")
    is_cut = len(source.peek(len(head) + 1)) > len(head)
    found = dialect_of(text, is_cut=is_cut)
    dialect = found[0] if found else Dialect(";" if text.count(";") > text.count(",") else ",")
    first = dialect.rows(text[: text.rfind("\n") + 1] or text if is_cut else text)
    header = find_header(first)
    labels = joined(labels_of(first[header])) if header is not None else ""
    n_above = 0 if header is None else header + 1
    # Cut at its delimiter, `address;password` without a header would be a field that says nothing of what it holds.
    is_loot = header is None and are_credentials(first)
    for block in whole_rows(blocks(source, name=name, record_bytes=context.limits.record_bytes), dialect, context.limits.record_bytes):
        if n_above:
            rows = dialect.rows(block.decode())
            for row in rows[: n_above - 1]:
                yield Fields([" ".join(cell for cell in row if cell.strip())])
            # The header, and with it the titles, always stand in the first block.
            yield Rows(slow(rows[n_above:]), labels) if len(block) < 4096 else Rows(_behind(block, dialect, n_above), labels)
            n_above = 0
        elif is_loot:
            yield Rows(_as_lines(fast(block, dialect), dialect), "")
        else:
            yield Rows(fast(block, dialect), labels)


def _behind(block: bytes, dialect: Dialect, n_above: int) -> pa.LargeStringArray:
    return fast(block, dialect).slice(n_above)


def _as_lines(rows: pa.LargeStringArray, dialect: Dialect) -> pa.LargeStringArray:
    """Rows as one field each, with a mark between address and password that the scan reads."""
    import pyarrow.compute as pc

    return pc.replace_substring(rows, FIELD, dialect.delimiter if dialect.delimiter in ";|" else ":")


def whole_rows(parts: Iterator[bytes], dialect: Dialect, most: int) -> Iterator[bytes]:
    """Blocks that end where a row ends: a line end inside quotes is no end."""
    rest = b""
    for part in parts:
        block = rest + part
        rest = b""
        if b'"' in block and not dialect.is_backslash:
            data = np.frombuffer(block, np.uint8)
            is_inside = np.bitwise_xor.accumulate((data == 34).view(np.uint8))
            if is_inside[-1]:
                ends = np.flatnonzero((data == 10) & (is_inside == 0))
                end = int(ends[-1]) + 1 if len(ends) else 0
                # A quote that nobody closes would swallow the rest of the file: after a while it is only a mark.
                if len(block) - end <= most:
                    block, rest = block[:end], block[end:]
        if block:
            yield block
    if rest:
        yield rest


def fast(block: bytes, dialect: Dialect) -> pa.LargeStringArray:
    """The rows of a block; the same as `slow(dialect.rows(…))`."""
    delimiter = dialect.delimiter.encode()
    if b'"' not in block and not dialect.is_backslash:
        joined_block = block.replace(delimiter, b"\x1f")
        data = np.frombuffer(joined_block, np.uint8)
        return _without_empty(cut(data, data == 10))
    if dialect.is_backslash:
        return slow(dialect.rows(block.decode()))
    data = np.frombuffer(block, np.uint8)
    is_quote = data == 34
    is_inside = np.bitwise_xor.accumulate(is_quote.view(np.uint8)).view(bool)
    # Regular: each field is quoted from its first to its last character, and quotes within are doubled.
    is_edge = (data == 10) | (data == delimiter[0])
    at = np.flatnonzero(is_quote)
    opens, closes = at[is_inside[at]], at[~is_inside[at]]
    if len(opens) != len(closes):
        return slow(dialect.rows(block.decode()))
    begins_field = np.ones(len(opens), bool)
    inner = opens > 0
    begins_field[inner] = is_edge[opens[inner] - 1] & ~is_inside[opens[inner] - 1]
    doubled = np.zeros(len(opens), bool)
    doubled[1:] = opens[1:] == closes[:-1] + 1
    ends_field = np.ones(len(closes), bool)
    inner = closes < len(data) - 1
    ends_field[inner] = is_edge[closes[inner] + 1]
    ends_field[:-1] |= doubled[1:]
    if not (begins_field | doubled).all() or not ends_field.all():
        return slow(dialect.rows(block.decode()))
    keep = ~is_quote
    keep[opens[doubled]] = True  # of a doubled quote one stays
    out = data.copy()
    out[(data == delimiter[0]) & ~is_inside] = 0x1F
    return _without_empty(cut(out, (data == 10) & ~is_inside, keep))


def slow(rows: list[list[str]]) -> pa.LargeStringArray:
    """Rows of cells as records."""
    return pa.array([cleaned(FIELD.join(row)) for row in rows if any(row)], pa.large_string())


def _without_empty(texts: pa.LargeStringArray) -> pa.LargeStringArray:
    """Rows of delimiters alone hold nothing."""
    import pyarrow.compute as pc

    is_short = pc.less(pc.binary_length(texts), 256)
    is_empty = pc.and_(is_short, pc.equal(pc.binary_length(pc.utf8_trim(texts, FIELD)), 0)) if pc.any(is_short).as_py() else None
    if is_empty is None or not pc.any(is_empty).as_py():
        return texts
    return texts.filter(pc.invert(is_empty))


def examples() -> Sequence[bytes]:
    return (
        b"name,email\nSara,sara@example.org\nOmid,omid@example.org\n",
        'Nom;Né le;Téléphone\r\n"Müller; Zoë";01/02/1980;0199001234\r\nOmid;;\r\n'.encode("cp1252"),
        "نام\tایمیل\nسارا\tsara@example.org\n".encode("utf-16"),
        b'a|b\n"x ""y"""|"two\nlines"\n',
    )


def not_examples() -> Sequence[bytes]:
    return (b"Dear Sara, your room is ready, thank you.\nBest wishes, Omid.\nCall us.\n", b"\x89PNG\r\n\x1a\n" + bytes(64))


READER = Reader(
    says="table as text (CSV, TSV)",
    looks=looks,
    read=read,
    suffixes=(".csv", ".tsv", ".tab", ".dsv"),
    source="https://www.rfc-editor.org/rfc/rfc4180",
    examples=examples,
    not_examples=not_examples,
)
