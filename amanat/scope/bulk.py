"""Bulk: a block of UTF-8 text turned into an Arrow column of records without a Python object for each."""

import numpy as np
import pyarrow as pa

_NEWLINE = 10


def lines(block: bytes) -> pa.LargeStringArray:
    """The lines that are not empty, without their ends."""
    return cut(np.frombuffer(block, np.uint8), np.frombuffer(block, np.uint8) == _NEWLINE)


def cut(data: np.ndarray, is_end: np.ndarray, keep: np.ndarray | None = None) -> pa.LargeStringArray:
    """Text cut at the bytes marked `is_end`, which are dropped, as are those not marked `keep`; empty records vanish.

    Args:
        data: [n_bytes] uint8, UTF-8.
        is_end: [n_bytes] bool, the ends of records.
        keep: [n_bytes] bool; None keeps all.
    """
    kept = ~is_end if keep is None else keep & ~is_end
    ends = np.flatnonzero(is_end)
    # How many bytes are kept before each end: all of them but the dropped ones, of which there are few.
    offsets = ends - (np.arange(len(ends)) if keep is None else np.searchsorted(np.flatnonzero(~kept), ends))
    text = data[kept]  # a copy: Arrow must not look into a buffer that is used again
    offsets = np.concatenate([[0], offsets, [len(text)]]).astype(np.int64)
    offsets = offsets[np.concatenate([[True], np.diff(offsets) > 0])]
    return pa.LargeStringArray.from_buffers(len(offsets) - 1, pa.py_buffer(offsets), pa.py_buffer(text))
