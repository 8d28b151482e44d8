"""What a reader makes of some bytes, as plain tuples that tests can write down."""

from collections.abc import Sequence

from amanat.lib.open_set import OpenSet
from amanat.scope.reader import Limits
from amanat.scope.source import Source
from amanat.scope.unit import Lack, read_unit

READERS = OpenSet("scope/readers", "READER").load()


def read(data: bytes, name: str = "x", *, passwords: Sequence[str] = (), limits: Limits | None = None) -> list[tuple[str, str, str, str]]:
    """Path, place, labels and text of each record, fields parted by `|`; of a gap its path, "GAP", "" and its reason."""
    found = []
    for result in read_unit(Source.of_bytes(data, name=name), name, READERS, limits or Limits(), passwords):
        if isinstance(result, Lack):
            found.append((result.path, "GAP", "", result.reason))
            continue
        for row in result.records.to_pylist():
            found.append((result.path, row["place"], row["labels"].replace("\x1f", "|"), row["text"].replace("\x1f", "|")))
    return found


def records(data: bytes, name: str = "x", **options) -> list[tuple[str, str]]:
    """Labels and text of each record; of a gap "" and its reason."""
    return [(labels, text) for _, _, labels, text in read(data, name, **options)]


def texts(data: bytes, name: str = "x", **options) -> list[str]:
    """The text of each record, without gaps."""
    return [text for _, place, _, text in read(data, name, **options) if place != "GAP"]


def gaps(data: bytes, name: str = "x", **options) -> list[str]:
    """The reason of each gap."""
    return [text for _, place, _, text in read(data, name, **options) if place == "GAP"]
