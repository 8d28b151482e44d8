"""Avro: an object is a record, nested ones with dotted labels. Read block by block."""

import io
import zlib
from collections.abc import Iterator, Sequence

import fastavro

from amanat.scope.columns import flat
from amanat.scope.reader import Context, Fields, Hole, Read, Reader, Unreadable
from amanat.scope.source import AsFile, Damaged, Expansion, Source


def looks(source: Source) -> float:
    return 0.95 if source.peek(4) == b"Obj\x01" else 0.0


def read(source: Source, context: Context) -> Iterator[Read]:
    try:
        blocks = iter(fastavro.block_reader(AsFile(source)))  # type: ignore[arg-type]
    except (EOFError, ValueError, KeyError, TypeError, IndexError, AttributeError, fastavro.schema.SchemaParseException) as error:
        raise Unreadable("Its directory is damaged, or it is cut off.", "Look for a whole copy.") from error
    out = Expansion(context.budget, source.size)
    n_rows = 0
    while True:
        try:
            block = next(blocks, None)
            if block is None:
                return
            for row in block:
                labels, texts = flat(row)
                out.add(sum(map(len, texts)))
                n_rows += 1
                yield Fields(texts, labels)
        except (EOFError, ValueError, KeyError, TypeError, IndexError, OverflowError, zlib.error, OSError) as error:
            raise Damaged("It breaks off or is damaged in the middle.") from error
        except NotImplementedError:
            yield Hole("It is packed by a method that is not known.", "Write it anew with the method deflate or null, and scan that.")
            return


def examples() -> Sequence[bytes]:
    schema = {
        "type": "record",
        "name": "guest",
        "fields": [
            {"name": "name", "type": "string"},
            {"name": "born", "type": ["null", {"type": "int", "logicalType": "date"}]},
            {"name": "phones", "type": {"type": "array", "items": "string"}},
        ],
    }
    out = io.BytesIO()
    fastavro.writer(
        out, schema, [{"name": "Sara", "born": 3683, "phones": ["447700900123"]}, {"name": "Omid", "born": None, "phones": []}], codec="deflate"
    )
    return (out.getvalue(),)


def not_examples() -> Sequence[bytes]:
    return (b"Obj is short for object\n",)


READER = Reader(
    says="Avro objects",
    looks=looks,
    read=read,
    suffixes=(".avro",),
    source="https://avro.apache.org/docs/++version++/specification/",
    examples=examples,
    not_examples=not_examples,
)
