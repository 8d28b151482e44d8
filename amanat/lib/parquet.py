"""Reads a Parquet table of our own, and says so when it is damaged."""

from pathlib import Path
from typing import TYPE_CHECKING

from amanat.lib.errors import Fixable

if TYPE_CHECKING:
    import pyarrow as pa


class DamagedTable(Fixable):
    """A Parquet file that is cut off or none."""


def read_parquet(path: Path) -> "pa.Table":
    """The table of a Parquet file; raises DamagedTable, and OSError where it cannot be opened."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        return pq.read_table(path)
    except pa.ArrowException as error:
        # Arrow's own words may quote what is inside.
        raise DamagedTable(f"{path}: is damaged or no Parquet file ({type(error).__name__}); call the command again that writes it") from None
