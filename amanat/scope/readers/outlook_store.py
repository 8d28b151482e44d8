"""PST and OST: Outlook's mail stores; a message, contact or appointment is a record, its place the folder. Deleted items that are still there too."""

from collections.abc import Iterator, Sequence
from typing import Any

import pypff

from amanat.scope.encoding import text_of
from amanat.scope.outlook import LONG_NAME, SHORT_NAME, record_of
from amanat.scope.reader import Context, Fields, Hole, Inner, Read, Reader, Unreadable
from amanat.scope.source import Source

_BROKEN = (OSError, ValueError, TypeError, IndexError, OverflowError)
_LARGEST = 64 << 20  # attachments beyond it are read by hand


def looks(source: Source) -> float:
    return 0.95 if source.peek(4) == b"!BDN" else 0.0


def read(source: Source, context: Context) -> Iterator[Read]:
    store = pypff.file()
    try:
        store.open_file_object(source.seekable(context.limits.held_bytes))
        root = store.get_root_folder()
    except _BROKEN as error:
        raise Unreadable("The mail store is damaged or cut off.", "Repair it with Outlook's scanpst, or look for a whole copy.") from error
    count = _Count()
    if root is not None:
        yield from _folder(root, "", source.depth, context, count)
    for number in range(_number(store.get_number_of_orphan_items, count)):
        # Messages that no folder holds any more: emptied from the trash, not yet overwritten.
        yield from _item(lambda number=number: store.get_orphan_item(number), "deleted", source.depth, context, count)  # type: ignore[misc]
    if count.n_broken:
        yield Hole(
            f"{count.n_broken:,} of its messages, folders or attachments are damaged.", "Repair it with Outlook's scanpst, or look for a whole copy."
        )
    store.close()


class _Count:
    """How many items could not be read."""

    def __init__(self) -> None:
        self.n_broken = 0


def _number(asked: Any, count: _Count) -> int:
    """How many there are; what cannot be counted is damaged."""
    try:
        return int(asked())
    except _BROKEN:
        count.n_broken += 1
        return 0


def _folder(folder: Any, where: str, depth: int, context: Context, count: _Count, level: int = 0) -> Iterator[Read]:
    for number in range(_number(folder.get_number_of_sub_messages, count)):
        yield from _item(lambda number=number: folder.get_sub_message(number), where, depth, context, count)  # type: ignore[misc]
    for number in range(_number(folder.get_number_of_sub_folders, count)):
        try:
            below = folder.get_sub_folder(number)
            name = " ".join((below.get_name() or "").split())
        except _BROKEN:
            count.n_broken += 1
            continue
        if level < 100:
            yield from _folder(below, f"{where}/{name}" if where else name, depth, context, count, level + 1)


def _item(get: Any, where: str, depth: int, context: Context, count: _Count) -> Iterator[Read]:
    try:
        message = get()
        people = []
        if (recipients := getattr(message, "recipients", None)) is not None:
            people = [_properties(recipients.get_record_set(i)) for i in range(recipients.get_number_of_record_sets())]
        own: dict[int, object] = {}
        for i in range(message.get_number_of_record_sets()):
            own |= _properties(message.get_record_set(i))
        labels, values = record_of(own, people)
        attached = list(_attachments(message, count)) if hasattr(message, "get_number_of_attachments") else []
    except _BROKEN:
        count.n_broken += 1
        return
    if values:
        context.budget.expand(sum(map(len, values)))
        yield Fields(values, labels, f"folder {where}" if where else "")
    for name, data in attached:
        context.budget.entry()
        context.budget.expand(len(data))
        yield Inner(name, Source.of_bytes(data, name=name, depth=depth + 1))


def _attachments(message: Any, count: _Count) -> Iterator[tuple[str, bytes]]:
    for number in range(_number(message.get_number_of_attachments, count)):
        try:
            one = message.get_attachment(number)
            size = one.get_size()
            if 0 < size <= _LARGEST:
                properties = _properties(one.get_record_set(0)) if one.get_number_of_record_sets() else {}
                name = str(properties.get(LONG_NAME) or properties.get(SHORT_NAME) or f"attachment-{number + 1}")
                yield name.strip("\0"), one.read_buffer(size)
            elif size > _LARGEST:
                count.n_broken += 1
        except _BROKEN:
            count.n_broken += 1


def _properties(records: Any) -> dict[int, object]:
    found: dict[int, object] = {}
    for number in range(records.get_number_of_entries()):
        entry = records.get_entry(number)
        tag = entry.get_entry_type()
        if tag is None:
            continue
        try:
            match entry.get_value_type():
                case 0x1E | 0x1F:
                    found[tag] = _string(entry)
                case 0x03:
                    found[tag] = entry.get_data_as_integer()
                case 0x40:
                    found[tag] = entry.get_data_as_datetime().strftime("%Y-%m-%d %H:%M")
                case 0x102 if tag in (0x1009, 0x1013):
                    found[tag] = entry.get_data()
        except (*_BROKEN, AttributeError):
            continue
    return found


def _string(entry: Any) -> str | None:
    """A text; of an old store in a code page that the library does not know, as we read any text."""
    try:
        return str(entry.get_data_as_string())
    except _BROKEN:
        return text_of(entry.get_data())


def examples() -> Sequence[bytes]:
    return ()  # the tests write stores, tests/scope/pst_file.py; the smallest that Outlook writes has 250 KB


def not_examples() -> Sequence[bytes]:
    return (b"! BDN is no mail\n",)


READER = Reader(
    says="Outlook mail store (PST, OST)",
    looks=looks,
    read=read,
    suffixes=(".pst", ".ost"),
    source="https://learn.microsoft.com/en-us/openspecs/office_file_formats/ms-pst/",
    examples=examples,
    not_examples=not_examples,
)
