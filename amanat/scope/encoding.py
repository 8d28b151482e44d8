"""Encoding: which characters a file's bytes are, found out from the bytes, and the file as clean UTF-8 blocks."""

import codecs
import re
from collections.abc import Iterator
from functools import lru_cache

from amanat.scope.code_page import code_page_of
from amanat.scope.source import Damaged, Source, TooMuch

_BOMS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# Control characters that stand in no text (escape and the separators of old exports do).
_ODD = bytes(c for c in range(32) if c not in b"\t\n\r\f\v\b\x1b\x1c\x1d\x1e\x1f") + b"\x7f"
_BLOCK = 2 << 20
# No text in any encoding has so many zero bytes in a row.
_PADDING = bytes(16)
_PADDED = re.compile(rb"\0{16,}")


@lru_cache(maxsize=8)  # each reader that looks at a file asks again
def encoding_of(head: bytes) -> str | None:
    """The encoding of a text that begins with `head`; None when it is no text.

    Code pages cannot be told from one another for certain; the most likely is taken (see `code_page`).

    >>> encoding_of("Zoë;Müller".encode("cp1252")), encoding_of("سارا".encode("utf-16-le")), encoding_of(bytes(range(256)))
    ('cp1252', 'utf-16-le', None)
    """
    for mark, name in _BOMS:
        if head.startswith(mark):
            return name
    if _PADDING in head:
        # A log that was preallocated, or whose end was lost in a crash, is still a log.
        head = _PADDED.sub(b"", head)
        if not head:
            return None
    if b"\0" in head[:4096] and (wide := _wide(head[:4096])):
        return wide
    if b"\x1b$B" in head or b"\x1b$@" in head:
        return "iso2022_jp_2"  # Japanese mail, in seven bits
    if _is_ebcdic(head):
        return "cp500"
    # Some programs end each line or field with a zero byte; more of them in a row are of a binary format.
    n_zero = n if (n := head.count(b"\0")) <= len(head) // 10 and b"\0\0" not in head else 0
    if sum(map(head.count, (_ODD[i : i + 1] for i in range(len(_ODD))))) - n_zero > len(head) // 200:
        return _wide(head[:4096])  # half of a wide letter may be a control character
    if _is_utf8(head):
        # Wide letters outside Latin have no zero byte; as UTF-8 they would hardly ever be valid.
        return "utf-8"
    if wide := _wide(head[:4096]):
        return wide
    return code_page_of(head)


def _is_utf8(head: bytes) -> bool:
    """Whether it is UTF-8, but for a stray line in another encoding as in logs that many programs write."""
    text = codecs.getincrementaldecoder("utf-8")("replace").decode(head)
    n_bad = text.count("\ufffd")
    return not n_bad or 20 * n_bad < sum(c > "\x7f" for c in text) - n_bad


def _wide(head: bytes) -> str | None:
    """UTF-16 or UTF-32 without a mark: the one that gives letters, digits and blanks nearly throughout."""
    best, found = 0.9, None
    for name, width in (("utf-32-le", 4), ("utf-32-be", 4), ("utf-16-le", 2), ("utf-16-be", 2)):
        cut = head[: len(head) // width * width]
        try:
            text = codecs.getincrementaldecoder(name)().decode(cut)
        except UnicodeDecodeError:
            continue
        if len(text) < 2:
            continue
        plain = sum(" " <= c <= "~" or c in "\t\r\n\u200c" or "\u00a0" <= c <= "\u017f" or "\u0370" <= c <= "\u06ff" for c in text)
        # Chinese, Japanese and Korean need company: any two bytes of Latin text look like them.
        if text.isascii() or plain / len(text) > 0.5:
            wide = sum("\u0900" <= c <= "\u1fff" or "\u2010" <= c <= "\u20ff" or "\u3000" <= c <= "\u9fff" or "\uac00" <= c <= "\ud7a3" for c in text)
            share = (plain + wide) / len(text)
            if share > best:
                best, found = share, name
    return found


def _is_ebcdic(head: bytes) -> bool:
    """Text of a mainframe: its letters, digits and blanks have other numbers than everywhere else."""
    if b" " in head or b"\n" in head or head.count(b"\x40") < len(head) // 100:
        return False
    text = head[:4096].decode("cp500", "replace")
    plain = sum(c.isascii() and (c.isalnum() or c in " .,;:-/@()&'+\n\x85\r") for c in text)
    return len(head) >= 16 and plain > 0.95 * len(text)


def codec_of(declared: str) -> str | None:
    """The codec of an encoding as a file declares it ("windows-1256"), None when it is none for text.

    >>> codec_of("windows-1256"), codec_of("x-unknown"), codec_of("rot13")
    ('cp1256', None, None)
    """
    try:
        found = codecs.lookup(declared.strip())
    except (LookupError, ValueError):
        return None
    # What is called Latin-1 or ASCII is Windows text in truth, as browsers know.
    name = {"iso8859-1": "cp1252", "ascii": "cp1252"}.get(found.name, found.name)
    return name if getattr(found, "_is_text_encoding", True) and name not in ("idna", "punycode", "unicode_escape", "raw_unicode_escape") else None


def text_of(data: bytes) -> str | None:
    """A whole short text, or None when it is none."""
    name = encoding_of(data[: 64 << 10])
    return None if name is None else b"".join(blocks(Source.of_bytes(data), name=name)).decode()


def blocks(source: Source, *, name: str | None = None, record_bytes: int = 4 << 20) -> Iterator[bytes]:
    r"""The text as UTF-8, about 2 MiB at a time, each block ending where a line ends (`\n`).

    A line longer than `record_bytes` is cut where a word ends. NUL and FIELD become spaces. Bytes that do not fit the encoding
    are read in the code page that fits each line: mixed files lose nothing.
    """
    name = name or encoding_of(source.peek()) or "latin-1"
    for mark, of in _BOMS:
        if of == name and source.peek(4).startswith(mark):
            source.read(len(mark))
    head = source.peek()
    # Macintosh files of old end their lines with CR alone.
    is_mac = name != "cp500" and b"\n" not in head and b"\r" in head
    end = b"\r" if is_mac else b"\n"
    decoder = None if name == "utf-8" else codecs.getincrementaldecoder(name)("replace")
    rest = b""
    while True:
        try:
            more = source.read(_BLOCK)
        except (Damaged, TooMuch):
            if rest:  # the line in which it breaks off
                yield _clean(rest, is_mac)
            raise
        new = more if decoder is None else decoder.decode(more, not more).encode("utf-8", "replace")
        if name == "cp500":
            new = new.replace(b"\xc2\x85", b"\n")  # a mainframe's own end of line
        if not more and not new:
            break
        block = rest + new
        while len(block) >= record_bytes and block.find(end, 0, record_bytes) < 0:
            cut = _end_of_word(block, record_bytes)
            yield _clean(block[:cut], is_mac)
            block = block[cut:]
        cut = block.rfind(end) + 1
        rest = block[cut:]
        if cut:
            yield _clean(block[:cut], is_mac)
    if rest:
        yield _clean(rest, is_mac)


def _end_of_word(block: bytes, most: int) -> int:
    most = min(most, len(block))
    # Blanks come first: a comma or quote may stand inside a number or name.
    for marks in ((b" ", b"\t"), (b",", b";", b"|", b">"), (b'"', b"&", b"/")):
        cut = max(block.rfind(mark, most // 2, most) for mark in marks)
        if cut > 0:
            return cut + 1
    while most > 1 and most < len(block) and block[most] & 0xC0 == 0x80:
        most -= 1  # not inside a character
    return most


def _clean(block: bytes, is_mac: bool) -> bytes:
    try:
        block.decode()
    except UnicodeDecodeError:
        block = b"\n".join(_line(line) for line in block.split(b"\n"))
    if _PADDING in block:
        block = _PADDED.sub(b"\n", block)
    if b"\0" in block or b"\x1f" in block:
        block = block.translate(_TO_SPACE)
    if is_mac:
        return block.replace(b"\r", b"\n")
    if b"\r" in block:
        # A carriage return that ends no line would be an error to csv.
        block = block.replace(b"\r\n", b"\n").replace(b"\r", b" ")
    return block


_TO_SPACE = bytes(32 if c in (0, 0x1F) else c for c in range(256))


def _line(line: bytes) -> bytes:
    try:
        line.decode()
    except UnicodeDecodeError:
        return line.decode(code_page_of(line), "replace").encode()
    return line
