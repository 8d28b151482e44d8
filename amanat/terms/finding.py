"""Findings and gaps: what was found in the stolen files, and what could not be read."""

from dataclasses import dataclass

import pyarrow as pa

# One row for each value found. `key` is a keyed 64-bit hash of the normalised value; the value itself is never kept.
FINDINGS = pa.schema(
    [
        ("unit", pa.int32()),  # number of the file within the scan
        ("path", pa.string()),  # relative path; members of containers after "!/"
        ("place", pa.string()),  # where inside: "table guests", "sheet Guests", "page 3", "message 14"
        ("record", pa.int64()),  # row, object, message or page, from 0, within `path`
        ("start", pa.int32()),  # first character within the record's text
        ("end", pa.int32()),  # one after the last
        ("identifier", pa.string()),
        ("kind", pa.string()),
        ("key", pa.uint64()),
        ("belief", pa.float32()),  # 0..1, that the value is what it seems
    ]
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """Something that could not be read: a result that is shown, counted and followed up."""

    path: str  # as in FINDINGS
    reason: str  # a sentence
    size_bytes: int  # 0: nobody knows how large it is
    next_step: str  # what a person can do about it


GAP_COLUMNS = ("path", "reason", "size_bytes", "next_step")
