"""Order: what the machines of a cluster are told, in files of the folder that they share.

The cluster's own messages carry numbers only: no path, no secret, nothing of a person. The order holds the key and the passwords; it is
readable by its owner only and removed when the scan is over.
"""

import json
import os
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from hashlib import blake2b
from pathlib import Path

import pyarrow as pa

from amanat.scope.hits import Entry
from amanat.scope.read import Unit

_UNITS = pa.schema([("number", pa.int64()), ("file", pa.binary()), ("path", pa.string()), ("size", pa.int64()), ("changed_ns", pa.int64())])
_ENTRIES = pa.schema(
    [("unit", pa.int64()), ("part", pa.string()), ("at", pa.int64()), ("path", pa.string())]
    + [(name, pa.int64()) for name in ("n_bytes", "n_records", "n_compared", "n_capped")]
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What is to be found, and with what."""

    register: Path | None
    key: bytes = field(repr=False)
    own_domains: tuple[str, ...]
    passwords: tuple[str, ...] = field(repr=False)
    now: date


def write_order(order: Order, units: Sequence[Unit], folder: Path) -> None:
    """Writes the order and the files to be read into the folder of the hits."""
    told = {
        "register": os.fsencode(order.register.resolve()).hex() if order.register else None,
        "key": order.key.hex(),
        "own_domains": order.own_domains,
        "passwords": order.passwords,
        "now": date(order.now.year, order.now.month, order.now.day).isoformat(),
    }
    columns = zip(*((u.number, os.fsencode(u.file.resolve()), u.path, u.size, u.changed_ns) for u in units), strict=True)
    table = pa.table([pa.array(column, kind) for column, kind in zip(columns, _UNITS.types, strict=True)], schema=_UNITS) if units else None
    _write(table or _UNITS.empty_table(), folder / "units.arrow")
    path = folder / "order.json"
    path.unlink(missing_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as file:
        json.dump(told, file)


def read_order(folder: Path) -> tuple[Order, dict[int, Unit]]:
    """What `write_order` wrote; the files by number."""
    told = json.loads((folder / "order.json").read_text(encoding="utf-8"))
    order = Order(
        register=Path(os.fsdecode(bytes.fromhex(told["register"]))) if told["register"] else None,
        key=bytes.fromhex(told["key"]),
        own_domains=tuple(told["own_domains"]),
        passwords=tuple(told["passwords"]),
        now=date.fromisoformat(told["now"]),
    )
    rows = pa.ipc.open_file(str(folder / "units.arrow")).read_all().to_pylist()
    return order, {row["number"]: Unit(**row | {"file": Path(os.fsdecode(row["file"]))}) for row in rows}


def write_entries(entries: Sequence[tuple[int, Entry]], folder: Path) -> str:
    """Writes what is to be counted; gives its name, which is another one for anything else."""
    rows = [(unit, e.part, e.at, e.path, e.n_bytes, e.n_records, e.n_compared, e.n_capped) for unit, e in entries]
    table = pa.table([pa.array(column, kind) for column, kind in zip(zip(*rows, strict=True), _ENTRIES.types, strict=True)], schema=_ENTRIES)
    name = blake2b(repr(rows).encode(), digest_size=8).hexdigest()
    _write(table, folder / f"entries-{name}.arrow")
    return name


def read_entries(folder: Path, name: str) -> list[tuple[int, Entry]]:
    """What `write_entries` wrote."""
    rows = pa.ipc.open_file(str(folder / f"entries-{name}.arrow")).read_all().to_pylist()
    return [(row.pop("unit"), Entry(**row)) for row in rows]


def remove_order(folder: Path) -> None:
    """Takes the order back."""
    for path in (folder / "order.json", folder / "units.arrow", *folder.glob("entries-*.arrow")):
        with suppress(FileNotFoundError):
            path.unlink()


def _write(table: pa.Table, path: Path) -> None:
    with pa.ipc.new_file(str(path), table.schema) as writer:
        writer.write_table(table)
