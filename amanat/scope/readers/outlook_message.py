"""MSG: one message, contact or appointment as Outlook saves it; a record, its attachments files of their own."""

import struct
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta

import olefile

from amanat.scope.ole import container_of, content, streams_of
from amanat.scope.outlook import ATTACHED, LONG_NAME, SHORT_NAME, record_of
from amanat.scope.reader import Context, Fields, Inner, Read, Reader
from amanat.scope.source import Source, TooMuch

_STREAM = "__substg1.0_"
_FIXED = "__properties_version1.0"
_CODE_PAGE = 0x3FFD


def looks(source: Source) -> float:
    return 0.95 if _FIXED in streams_of(source) else 0.0


def read(source: Source, context: Context) -> Iterator[Read]:
    with container_of(source, context.limits.held_bytes) as container:
        yield from _message(container, "", source.depth, context)


def _message(container: olefile.OleFileIO, where: str, depth: int, context: Context) -> Iterator[Read]:
    """The message in one storage; `where` is "" for the file itself, else ends with a slash."""
    if depth > context.limits.depth:
        raise TooMuch(f"It lies more than {context.limits.depth} archives deep.")
    inside = sorted({entry[len(where.split("/")) - 1] for entry in container.listdir(streams=True, storages=True) if _is_below(entry, where)})
    people = [_properties(container, f"{where}{name}/", 8, context) for name in inside if name.startswith("__recip_version1.0_")]
    labels, values = record_of(_properties(container, where, 32 if not where else 24, context), people)
    if values:
        yield Fields(values, labels)
    for number, name in enumerate((name for name in inside if name.startswith("__attach_version1.0_")), 1):
        context.budget.entry()
        at = f"{where}{name}/"
        if container.exists(f"{at}{_STREAM}3701000D"):
            yield from _message(container, f"{at}{_STREAM}3701000D/", depth + 1, context)
            continue
        properties = _properties(container, at, 8, context)
        data = properties.get(ATTACHED)
        if isinstance(data, bytes) and data:
            called = str(properties.get(LONG_NAME) or properties.get(SHORT_NAME) or f"attachment-{number}").strip("\0")
            yield Inner(called, Source.of_bytes(data, name=called, depth=depth + 1))


def _is_below(entry: list[str], where: str) -> bool:
    parts = where.split("/")[:-1]
    return len(entry) > len(parts) and entry[: len(parts)] == parts


def _properties(container: olefile.OleFileIO, where: str, n_header: int, context: Context) -> dict[int, object]:
    """Properties of a storage by tag: numbers and moments from one stream, everything else from a stream each."""
    found: dict[int, object] = {}
    fixed = content(container, f"{where}{_FIXED}", 1 << 20)[n_header:]
    for at in range(0, len(fixed) - 15, 16):
        kind, tag = struct.unpack_from("<HH", fixed, at)
        value = fixed[at + 8 : at + 16]
        if kind == 3:
            found[tag] = struct.unpack_from("<i", value)[0]
        elif kind == 0x40:
            found[tag] = _moment(struct.unpack("<q", value)[0])
    page = found.get(_CODE_PAGE)
    depth = where.count("/")
    for entry in container.listdir(streams=True, storages=False):
        if len(entry) != depth + 1 or not _is_below(entry, where) or not entry[-1].startswith(_STREAM) or len(entry[-1]) != len(_STREAM) + 8:
            continue
        tag, kind = int(entry[-1][-8:-4], 16), int(entry[-1][-4:], 16)
        if kind not in (0x1E, 0x1F, 0x102):
            continue
        data = content(container, "/".join(entry), context.limits.held_bytes)
        context.budget.expand(len(data))
        if kind == 0x1F:
            found[tag] = data.decode("utf-16-le", "replace")
        elif kind == 0x1E:
            found[tag] = _in_code_page(data, page)
        else:
            found[tag] = data
    return found


def _in_code_page(data: bytes, page: object) -> str:
    try:
        return data.decode(
            {65001: "utf-8", 20127: "cp1252", 28591: "cp1252"}.get(page, f"cp{page}") if isinstance(page, int) else "cp1252", "replace"
        )
    except LookupError:
        return data.decode("cp1252", "replace")


def _moment(ticks: int) -> str:
    """Ticks of 100 ns since 1601."""
    try:
        return (datetime(1601, 1, 1, tzinfo=UTC) + timedelta(microseconds=ticks // 10)).strftime("%Y-%m-%d %H:%M")
    except (OverflowError, ValueError):
        return ""


def examples() -> Sequence[bytes]:
    return ()  # an OLE container needs a writer of its own: the tests have one


def not_examples() -> Sequence[bytes]:
    return (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2048),)


READER = Reader(
    says="Outlook message (MSG)",
    looks=looks,
    read=read,
    suffixes=(".msg", ".oft"),
    source="https://learn.microsoft.com/en-us/openspecs/exchange_server_protocols/ms-oxmsg/",
    examples=examples,
    not_examples=not_examples,
)
