"""ORC: a row is a record; structs become dotted labels. Read stripe by stripe."""

import io
from collections.abc import Iterator, Sequence

import pyarrow as pa
import pyarrow.orc as arrow_orc

from amanat.scope.columns import rows_of
from amanat.scope.reader import Context, Hole, Read, Reader, Unreadable
from amanat.scope.source import Expansion, Source

_ROWS = 8192


def looks(source: Source) -> float:
    return 0.95 if source.peek(4)[:3] == b"ORC" and not source.peek(4)[3:].isalpha() else 0.0


def read(source: Source, context: Context) -> Iterator[Read]:
    try:
        file = arrow_orc.ORCFile(source.seekable(context.limits.held_bytes))
    except (pa.ArrowException, OSError, ValueError) as error:
        raise Unreadable("Its directory is damaged, or it is cut off.", "Look for a whole copy.") from error
    out = Expansion(context.budget, source.size)
    for number in range(file.nstripes):
        try:
            stripe = file.read_stripe(number)
            out.add(stripe.nbytes)
            for begin in range(0, stripe.num_rows, _ROWS):
                yield rows_of(stripe.slice(begin, _ROWS))
        except (pa.ArrowException, OSError) as error:
            yield Hole(f"A part of it is damaged ({type(error).__name__}).", "Look for a whole copy; all other parts were read.")


def examples() -> Sequence[bytes]:
    from datetime import UTC, datetime

    out = io.BytesIO()
    rows = [{"name": "Sara", "stay": {"from": datetime(2026, 3, 6, 18, tzinfo=UTC)}, "phones": ["447700900123"]}, {"name": "Omid"}]
    arrow_orc.write_table(pa.Table.from_pylist(rows), out)
    return (out.getvalue(),)


def not_examples() -> Sequence[bytes]:
    return (b"ORCs and elves\n",)


READER = Reader(
    says="ORC table",
    looks=looks,
    read=read,
    suffixes=(".orc",),
    source="https://orc.apache.org/specification/ORCv1/",
    examples=examples,
    not_examples=not_examples,
)
