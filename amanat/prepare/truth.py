"""Who is where with what: `truth.parquet`, and the counts that `expected.toml` gives.

Columns: `person_id` (outsiders `out-…`), `path`, `kind` (one row for each kind), `readable`. A path is relative to `files/`; members of
containers follow `!/` (`archive/backup.zip!/old/inner.zip!/guests_2019.csv`), and an attached file follows its mail file in the same way
(`mail/desk.mbox!/group_0003.csv`). A row belongs to the person of the record: who only shares the telephone or the e-mail address written there
(a partner, a parent) has no row for it. Rows for persons within reach (scope by access) have a path that begins with `access/`.
"""

from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from amanat.prepare.block import Block
from amanat.prepare.column import pick
from amanat.prepare.draw import Flags
from amanat.prepare.places import CODES
from amanat.terms.kinds import kinds_of, mask_of

TRUTH = pa.schema([("person_id", pa.string()), ("path", pa.string()), ("kind", pa.string()), ("readable", pa.bool_())])


class Truth:
    """Notes each planted value while the heap is written, and counts persons as blocks end."""

    def __init__(self, path: Path) -> None:
        self._writer = pq.ParquetWriter(path, TRUTH, compression="zstd", compression_level=1)
        self._pending: list[pa.Table] = []
        self._n_pending = 0
        self._mask = np.zeros(0, dtype=np.int64)
        self._accessible = np.zeros(0, dtype=bool)
        self._unreadable = np.zeros(0, dtype=bool)
        self.n_register = self.n_affected = self.n_outsiders = self.n_accessible_only = self.n_only_unreadable = 0
        self.kinds: Counter[str] = Counter()
        self.places: Counter[str] = Counter()
        self.minors_affected = False

    def begin(self, block: Block) -> None:
        """From now on rows speak of this block's persons."""
        self._mask = np.zeros(len(block), dtype=np.int64)
        self._accessible = np.zeros(len(block), dtype=bool)
        self._unreadable = np.zeros(len(block), dtype=bool)

    def note(self, path: str, block: Block, member: Flags, kinds: Mapping[str, Flags | bool], *, readable: bool = True) -> None:
        """The persons of `block` for whom `member` is set stand in `path` with these kinds.

        Args:
            kinds: for each kind whether it stands there, as one flag or one for each person of the block.
        """
        anything = np.zeros(len(block), dtype=bool)
        for kind, has in kinds.items():
            flag = member & has
            anything |= flag
            rows = np.flatnonzero(flag)
            if not len(rows):
                continue
            if readable and not path.startswith("access/"):
                self._mask[rows] |= mask_of([kind])
            n = len(rows)
            columns = [
                block.person_id.take(pa.array(rows)),
                pick([path], np.zeros(n, dtype=np.int64)),
                pick([kind], np.zeros(n, dtype=np.int64)),
                pa.array(np.full(n, readable)),
            ]
            self._pending.append(pa.table(columns, schema=TRUTH))
            self._n_pending += n
        if path.startswith("access/"):
            self._accessible |= anything
        elif not readable:
            self._unreadable |= anything

    def in_content(self) -> Flags:
        """Who of the block, so far, stands in a readable file."""
        return self._mask != 0

    def end(self, block: Block) -> None:
        """Counts the block's persons."""
        in_content = self.in_content()  # in a readable file, not only within reach
        mine = ~block.is_outsider
        affected = mine & in_content
        self.n_register += int(mine.sum())
        self.n_affected += int(affected.sum())
        self.n_outsiders += int((block.is_outsider & in_content).sum())
        self.n_accessible_only += int((mine & self._accessible & ~in_content).sum())
        self.n_only_unreadable += int((mine & self._unreadable & ~in_content & ~self._accessible).sum())
        self.minors_affected |= bool((affected & block.minor).any())
        for mask, n in zip(*np.unique(self._mask[affected], return_counts=True), strict=True):
            for kind in kinds_of(int(mask)):
                self.kinds[kind] += int(n)
        for place, n in zip(*np.unique(block.place[affected], return_counts=True), strict=True):
            self.places[CODES[place]] += int(n)
        # One row group for some two million rows: the block's size must not show in the file.
        while self._n_pending >= _GROUP:
            self._flush(_GROUP)

    def _flush(self, n: int) -> None:
        table = pa.concat_tables(self._pending)
        self._writer.write_table(table.slice(0, n).combine_chunks(), row_group_size=_GROUP)
        self._pending = [table.slice(n)]
        self._n_pending = len(table) - n

    def close(self) -> None:
        """Writes what is left."""
        if self._n_pending:
            self._flush(self._n_pending)
        self._writer.close()


_GROUP = 1 << 20
