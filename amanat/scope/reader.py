"""Reader: how one file format is recognised and turned into records. A member of `readers/` defines `READER`."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from amanat.scope.record import FIELD
from amanat.scope.source import Budget, Source

if TYPE_CHECKING:
    import pyarrow as pa


@dataclass(frozen=True, slots=True)
class Limits:
    """What reading one file of the scan may cost; beyond it the file becomes a gap.

    CPU and wall seconds are for files up to a megabyte and grow by one second for each further megabyte.
    """

    expanded_bytes: int = 16 << 30  # what all archives inside one file may expand to, together
    ratio: int = 250  # expanded to packed bytes; judged once 32 MiB were expanded
    ratio_from_bytes: int = 32 << 20
    entries: int = 100_000  # members of all archives inside one file
    depth: int = 8  # archives inside archives, attachments inside mails
    held_bytes: int = 256 << 20  # a document, inner archive or message that must be held whole
    record_bytes: int = 4 << 20  # one record; a longer one is cut where a word ends
    memory_bytes: int = 2 << 30
    cpu_seconds: int = 60
    ocr_seconds: int = 600  # reading text in pictures, which does not count in the two limits of time
    wall_seconds: int = 120  # while the scan waits for the reader, not while the reader waits for the scan
    batch_bytes: int = 2 << 20  # text in one batch, about


@dataclass(frozen=True, slots=True)
class Fields:
    """One record: its fields with their labels, or a single field of free text without one."""

    values: Sequence[str]
    labels: Sequence[str] = ()
    place: str = ""


@dataclass(frozen=True, slots=True)
class Rows:
    """Many records with the same labels at once, as Arrow text whose fields are already joined by FIELD."""

    texts: "pa.LargeStringArray"
    labels: str = ""  # joined by FIELD
    place: str = ""


@dataclass(frozen=True, slots=True)
class Inner:
    """A file inside this one; it is recognised and read like any other."""

    name: str
    source: Source


@dataclass(frozen=True, slots=True)
class Hole:
    """A part that could not be read; reading goes on behind it. Becomes a Gap.

    `name` is the member of the container that is meant, "" for the file itself.
    """

    reason: str  # a sentence
    next_step: str
    name: str = ""
    size_bytes: int = 0


Read = Fields | Rows | Inner | Hole


class Unreadable(Exception):
    """The file cannot be read any further, said in a sentence with what a person can do. Becomes a Gap."""

    def __init__(self, reason: str, next_step: str) -> None:
        super().__init__(reason)
        self.reason, self.next_step = reason, next_step


ASK_PASSWORD = "Ask for the password, add it to the list of passwords, and scan again."  # noqa: S105 a sentence, not a password


@dataclass(frozen=True, slots=True)
class Context:
    """What a reader may know beside the bytes."""

    limits: Limits = field(default_factory=Limits)
    budget: Budget = field(default_factory=Budget)
    passwords: tuple[str, ...] = field(default=(), repr=False)  # to be tried on what is encrypted

    def locked(self) -> Unreadable:
        """What to say of a file that stays encrypted."""
        if self.passwords:
            return Unreadable("It is encrypted, and none of the passwords given opens it.", ASK_PASSWORD)
        return Unreadable("It is encrypted.", ASK_PASSWORD)


EXAMPLE_PASSWORD = "saffron"  # noqa: S105 of made-up files


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """One file format."""

    says: str  # "comma-separated table", for people
    # How sure the bytes are of this format: 0 no, 1 certain. Names decide only between equals.
    looks: Callable[[Source], float]
    read: Callable[[Source, Context], Iterator[Read]]
    suffixes: tuple[str, ...]
    source: str  # the format's specification
    examples: Callable[[], Sequence[bytes]]
    not_examples: Callable[[], Sequence[bytes]]
    locked_examples: Callable[[], Sequence[bytes]] = tuple  # which EXAMPLE_PASSWORD opens


def joined(values: Sequence[str]) -> str:
    """Fields as one text; a FIELD or NUL inside a value becomes a space, half a surrogate pair a question mark."""
    text = FIELD.join(values)
    if text.count(FIELD) != max(len(values) - 1, 0):
        text = FIELD.join(value.replace(FIELD, " ") for value in values)
    return cleaned(text)


def cleaned(text: str) -> str:
    """Text that Arrow takes: without NUL and without lone surrogates."""
    if "\0" in text:
        text = text.replace("\0", " ")
    try:
        text.encode()
    except UnicodeEncodeError:
        text = text.encode("utf-8", "replace").decode()
    return text
