"""Text and logs: a line is a record where lines stand for themselves, a paragraph or the whole text where it is prose.

The rule: forms of "label: value" lines, address labels and prose are cut at blank lines; prose of up to 16 KiB stays one record, so that
the name at the top of a letter and the number at its end belong together. Everything else (logs, lists, password lists) goes line by line.
"""

import itertools
import re
from collections.abc import Iterator, Sequence

from amanat.scope.bulk import lines
from amanat.scope.encoding import blocks, encoding_of
from amanat.scope.reader import Context, Fields, Read, Reader, Rows
from amanat.scope.source import Source

_PAGE = 16 << 10
_STAMP = re.compile(
    r"^\W{0,2}(\d{4}[-/.]\d\d|\d\d?[-/.]\d\d?[-/.]\d|\d\d:\d\d|\w{3} +\d+ \d\d:\d\d|\d{1,3}\.\d{1,3}\.\d{1,3}\.|(DEBUG|INFO|WARN|ERROR)\b)"
)
_LABEL = re.compile(r"^\s*[^\W\d][\w '()/.-]{0,40}\s?[:=؛]\s")
_BULLET = re.compile(r"^\s*([-*•·–—+>#]|\d{1,4}[.)])\s")
_SENTENCE_END = tuple(".!?:;…۔؟")


def looks(source: Source) -> float:
    return 0.1 if encoding_of(source.peek()) else 0.0


def is_prose(head: str) -> bool:
    """Whether lines belong together: letters, notes, forms.

    >>> is_prose("Dear Sara,\\n\\nyour room is paid\\nuntil Friday.\\n"), is_prose("a@example.org:x\\nb@example.org:y\\n")
    (True, False)
    """
    all_lines = head.strip().splitlines()
    filled = [line for line in all_lines if line.strip()]
    if not filled:
        return False
    if sum(bool(_STAMP.match(line)) for line in filled) > len(filled) / 2:
        return False
    if sum(" " not in line.strip() for line in filled) > len(filled) / 2:
        return False  # a list: its entries belong to different persons
    if not _is_list_of_forms(head) and (
        sum(bool(_BULLET.match(line)) for line in filled) > len(filled) / 2
        or len([line for line in filled if "@" in line]) >= max(4, len(filled) / 4)
    ):
        return False  # notes about many persons, one on each line
    n_blank = len(all_lines) - len(filled)
    if n_blank >= 0.05 * len(all_lines) and n_blank:
        return True
    if sum(bool(_LABEL.match(line)) for line in filled) > len(filled) / 2 and len(filled) < 40:
        return True  # one form
    # Hard-wrapped prose: lines run on into the next one, which begins small.
    runs_on = sum(not a.rstrip().endswith(_SENTENCE_END) and b[:1].islower() and " " in a for a, b in itertools.pairwise(filled))
    return len(filled) > 2 and runs_on > 0.4 * len(filled)


def read(source: Source, context: Context) -> Iterator[Read]:
    head = source.peek()
    name = encoding_of(head) or "latin-1"
    is_whole = len(head) == len(source.peek(len(head) + 1))
    text = head.decode(name, "replace").replace("\r\n", "\n").replace("\r", "\n").lstrip("\ufeff")
    if not is_prose(text):
        for block in blocks(source, name=name, record_bytes=context.limits.record_bytes):
            yield Rows(lines(block))
    elif is_whole and len(head) <= _PAGE and not _is_list_of_forms(text) and not _is_list_of_labels(text):
        if whole := "".join(block.decode() for block in blocks(source, name=name)).strip():
            yield Fields([whole])
    else:
        yield from _paragraphs(source, name)


def _is_list_of_forms(text: str) -> bool:
    parts = [part.splitlines() for part in re.split(r"\n\s*\n", text) if part.strip()]
    forms = [part for part in parts if sum(bool(_LABEL.match(line)) for line in part) > len(part) / 2 and len(part) > 1]
    return len(forms) >= 2 and len(forms) > len(parts) / 2


def _is_list_of_labels(text: str) -> bool:
    """Whether it is blocks of a few short lines with numbers in them, as addresses for letters are: each is about somebody else."""
    parts = [part.strip().splitlines() for part in re.split(r"\n\s*\n", text) if part.strip()][:-1]  # the last one may be cut off
    labels = [
        part
        for part in parts
        if 2 <= len(part) <= 8
        and all(len(line) <= 60 and not line.rstrip().endswith(_SENTENCE_END) for line in part)
        and any(c.isdecimal() for line in part[1:] for c in line)
    ]
    return len(labels) >= 3 and len(labels) > 0.8 * len(parts)


def _paragraphs(source: Source, name: str) -> Iterator[Read]:
    rest = ""
    for block in blocks(source, name=name):
        parts = re.split(r"\n[ \t]*\n|\f", rest + block.decode())
        rest = parts.pop()
        if len(rest) > 1 << 20:
            parts, rest = [*parts, rest], ""
        yield from (Fields([part.strip()]) for part in parts if part.strip())
    if rest.strip():
        yield Fields([rest.strip()])


def examples() -> Sequence[bytes]:
    return (
        b"2026-03-06 18:00:01 login sara@example.org from 192.0.2.7\n2026-03-06 18:00:02 logout\n",
        "نام: سارا\nشهر: تهران\n".encode("cp1256"),
        "Chère Zoë,\r\n\r\nvotre chambre est payée.\r\n".encode("cp1252"),
        "sara@example.org:secret\n".encode("utf-16"),
    )


def not_examples() -> Sequence[bytes]:
    return (bytes(range(256)) * 4, b"\x00\x01\x02\x03" * 16)


READER = Reader(
    says="text, log or list",
    looks=looks,
    read=read,
    suffixes=(".txt", ".log", ".lst", ".md", ".ini", ".cfg", ".conf"),
    source="https://www.unicode.org/versions/latest/",
    examples=examples,
    not_examples=not_examples,
)
