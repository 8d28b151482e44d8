"""One line: the format, and what one record of it is.

`./run new reader=xx_name` copies this file; replace every value, then `./run check`. Everything that `read` needs is imported at
the top: in the confined child nothing can be opened any more, not even a module.
"""

from collections.abc import Iterator, Sequence

from amanat.scope.reader import Context, Fields, Read, Reader
from amanat.scope.source import Source


def looks(source: Source) -> float:
    return 0.9 if source.peek(8).startswith(b"XXMAGIC") else 0.0  # by the bytes, not by the name


def read(source: Source, context: Context) -> Iterator[Read]:
    for number, line in enumerate(source.whole(context.limits.held_bytes).splitlines(), 1):
        yield Fields([line.decode("utf-8", "replace")], labels=(), place=f"line {number}")


def examples() -> Sequence[bytes]:
    return (b"XXMAGIC\nSara\n",)  # small, made up


def not_examples() -> Sequence[bytes]:
    return (b"something alike that is another format\n",)


READER = Reader(
    says="name of the format for people",
    looks=looks,
    read=read,
    suffixes=(".xx",),
    source="https://…",  # the format's specification
    examples=examples,
    not_examples=not_examples,
)
