"""Text columns built at NumPy speed: a million rows are never a million Python strings.

Everything returns Arrow string arrays; rows joined into one array can be written as one piece of bytes.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

Text = Any  # pyarrow.StringArray; pyarrow ships no usable types for compute


def pick(values: Sequence[str], index: NDArray[np.int64]) -> Text:
    """`values[index]` as a column.

    >>> pick(["a", "b"], np.array([1, 0, 1])).to_pylist()
    ['b', 'a', 'b']
    """
    return pa.array(values, pa.string()).take(pa.array(index))


def join(*parts: Text | str, by: str = "") -> Text:
    """Columns and constants set side by side.

    >>> join("<", pick(["a", "b"], np.array([1, 0])), ">").to_pylist()
    ['<b>', '<a>']
    """
    length = next(len(p) for p in parts if not isinstance(p, str))
    columns = [pa.scalar(p, pa.string()) if isinstance(p, str) else p for p in parts]
    joined = pc.binary_join_element_wise(*columns, by)
    assert len(joined) == length
    return joined.combine_chunks() if isinstance(joined, pa.ChunkedArray) else joined


def digits(numbers: NDArray[np.int64], width: int) -> Text:
    """Numbers with leading zeros, `width` wide.

    >>> digits(np.array([7, 1234]), 3).to_pylist()
    ['007', '234']
    """
    return from_matrix(digit_matrix(numbers, width) + ord("0"))


def digit_matrix(numbers: NDArray[np.int64], width: int) -> NDArray[np.int64]:
    """[n, width] decimal digits, most significant first."""
    powers = 10 ** np.arange(width - 1, -1, -1, dtype=np.int64)
    return numbers[:, None] // powers % 10


def from_matrix(codes: NDArray[np.int64]) -> Text:
    """[n, width] ASCII codes as a column of strings of equal width."""
    n, width = codes.shape
    data = np.ascontiguousarray(codes, dtype=np.uint8)
    offsets = np.arange(n + 1, dtype=np.int32) * np.int32(width)
    return pa.StringArray.from_buffers(n, pa.py_buffer(offsets), pa.py_buffer(data))


def numbers(values: NDArray[Any]) -> Text:
    """Numbers as people write them, without leading zeros."""
    return pc.cast(pa.array(values), pa.string())


def iso(days: NDArray[np.datetime64]) -> Text:
    """Days as 2026-03-06."""
    return pc.cast(pa.array(days.astype("datetime64[D]")), pa.string())


def where(flag: NDArray[np.bool_], yes: Text | str, no: Text | str) -> Text:
    """`yes` where the flag is set, `no` elsewhere; constants may be strings."""
    a = pa.scalar(yes, pa.string()) if isinstance(yes, str) else yes
    b = pa.scalar(no, pa.string()) if isinstance(no, str) else no
    return pc.if_else(pa.array(flag), a, b)


def or_null(flag: NDArray[np.bool_], column: Text) -> Text:
    """The value where the flag is set, null elsewhere."""
    return pc.if_else(pa.array(flag), column, pa.scalar(None, pa.string()))


def or_empty(column: Text) -> Text:
    """Empty text instead of null."""
    return pc.fill_null(column, "")


def choose(index: NDArray[np.int64], *columns: Text) -> Text:
    """For each row the value of the column that `index` names."""
    return pc.choose(pa.array(index), *columns)


def slice_of(column: Text, start: int, stop: int | None = None) -> Text:
    """Characters `start` to `stop` of every value."""
    return pc.utf8_slice_codeunits(column, start, stop)


def filled(column: Text) -> NDArray[np.bool_]:
    """Whether each value is there and not empty."""
    return np.asarray(pc.fill_null(pc.greater(pc.utf8_length(column), 0), False))


def data_of(rows: Text) -> bytes:
    """All rows one after the other, in UTF-8."""
    if len(rows) == 0:
        return b""
    plain = pa.concat_arrays([rows])  # drops an offset that a slice may carry
    first, last = np.frombuffer(plain.buffers()[1], dtype=np.int32)[[plain.offset, plain.offset + len(plain)]]
    return plain.buffers()[2].slice(int(first), int(last - first)).to_pybytes() if last > first else b""
