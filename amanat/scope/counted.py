"""What was counted of a share of the hits, kept in a folder of its own until all shares are there."""

import json
import os
import secrets
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from amanat.scope.tally import Counted, Named, Strangers
from amanat.scope.unsettled import LINKS
from amanat.terms.finding import FINDINGS

_PERSONS = pa.schema([("person", pa.int32()), ("kinds", pa.uint64()), ("n_findings", pa.int32()), ("belief", pa.float32())])
_KEYS = pa.schema([("key", pa.uint64()), ("group", pa.int64())])
_RECORDS = pa.schema([("kinds", pa.uint64()), ("n_findings", pa.int64())])


def counted_folder(hits: Path, name: str, begin: int) -> Path:
    """Where the share of the entries of this name is kept that begins with entry `begin`."""
    return hits / f"counted-{name}" / f"{begin:09}"


def write_counted(counted: Counted, folder: Path) -> None:
    """Keeps it as `folder`, which is there whole or not at all; if it is there already, it holds the same."""
    part = folder.with_name(f"{folder.name}.{secrets.token_hex(4)}.part")
    part.mkdir(parents=True, mode=0o700)
    _write(part / "sure.arrow", [pa.table(list(counted.sure.columns()), schema=_PERSONS)], _PERSONS)
    _write(part / "review.arrow", [pa.table(list(counted.review.columns()), schema=_PERSONS)], _PERSONS)
    key, group, kinds, n_findings = counted.strangers.columns()
    _write(part / "keys.arrow", [pa.table([key, group], schema=_KEYS)], _KEYS)
    _write(part / "records.arrow", [pa.table([kinds, n_findings], schema=_RECORDS)], _RECORDS)
    _write(part / "links.arrow", [counted.links], LINKS)
    _write(part / "findings.arrow", counted.findings, FINDINGS)
    (part / "counts.json").write_text(json.dumps({name: getattr(counted, name) for name in _COUNTS}), encoding="utf-8")
    try:
        os.rename(part, folder)
    except OSError:
        if not folder.is_dir():
            raise
        shutil.rmtree(part)


_COUNTS = ("n_records", "n_findings", "n_compared", "n_capped")


def read_counted(folder: Path) -> Counted:
    """What `write_counted` kept."""
    return Counted(
        sure=Named(*_columns(folder / "sure.arrow")),
        review=Named(*_columns(folder / "review.arrow")),
        strangers=Strangers(*_columns(folder / "keys.arrow"), *_columns(folder / "records.arrow")),
        links=_open(folder / "links.arrow").read_all(),
        findings=_several(_open(folder / "findings.arrow")),
        **json.loads((folder / "counts.json").read_text(encoding="utf-8")),
    )


def _write(path: Path, tables: list[pa.Table], schema: pa.Schema) -> None:
    with path.open("wb") as sink:
        with pa.ipc.new_file(sink, schema, options=pa.ipc.IpcWriteOptions(compression="zstd")) as writer:
            for table in tables:
                for batch in table.combine_chunks().to_batches():  # one for each table, so that they can be told apart
                    writer.write_batch(batch)
        sink.flush()
        os.fsync(sink.fileno())


def _open(path: Path) -> Any:
    return pa.ipc.open_file(pa.memory_map(str(path)))


def _columns(path: Path) -> list[Any]:
    table = _open(path).read_all()
    return [np.array(column.to_numpy()) for column in table.columns]


def _several(file: Any) -> list[pa.Table]:
    return [pa.Table.from_batches([file.get_batch(i)], schema=FINDINGS) for i in range(file.num_record_batches)]
