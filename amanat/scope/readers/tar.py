"""TAR archives: each member is a file of its own. Links, devices and absolute paths are only names."""

import io
import tarfile
from collections.abc import Iterator, Sequence

from amanat.scope.reader import Context, Inner, Read, Reader
from amanat.scope.source import Damaged, Expanding, Source


def looks(source: Source) -> float:
    head = source.peek(512)
    return 0.9 if head[257:262] == b"ustar" and len(head) == 512 else 0.0


def read(source: Source, context: Context) -> Iterator[Read]:
    try:
        with tarfile.open(fileobj=source, mode="r|", ignore_zeros=False) as archive:  # type: ignore[call-overload]
            for member in archive:
                context.budget.entry()
                if member.isreg() and (stream := archive.extractfile(member)) is not None:
                    inside = Expanding(stream, context.budget, member.size)
                    yield Inner(member.name, Source(inside, name=member.name, size=member.size, depth=source.depth + 1))
                if not source.peek(1) and member.offset_data + member.size > archive.fileobj.pos + (1 << 20):  # type: ignore[union-attr]
                    # The library would step over what is not there, block by block, for ever.
                    raise Damaged("The archive breaks off or is damaged.")
    except tarfile.TarError as error:
        raise Damaged("The archive breaks off or is damaged.") from error


def examples() -> Sequence[bytes]:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        data = b"name,email\nSara,sara@example.org\n"
        member = tarfile.TarInfo("backup/guests.csv")
        member.size = len(data)
        archive.addfile(member, io.BytesIO(data))
    return (out.getvalue(),)


def not_examples() -> Sequence[bytes]:
    return (b"ustar is a word\n" * 40,)


READER = Reader(
    says="TAR archive",
    looks=looks,
    read=read,
    suffixes=(".tar",),
    source="https://pubs.opengroup.org/onlinepubs/9699919799/utilities/pax.html",
    examples=examples,
    not_examples=not_examples,
)
