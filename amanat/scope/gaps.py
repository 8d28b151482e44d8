"""Gaps in numbers: how much could not be read, and who may be in it."""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from amanat.scope.lookup import holders
from amanat.scope.people import People
from amanat.terms.finding import Gap

# Of such a gap nobody has to ask who is in it; it is listed all the same.
_HOLDS_NOTHING = re.compile(r"^It is a device, pipe or socket|holes: nothing was ever written there")
_STRONG = pa.array(["email", "phone", "iban", "national_id", "passport", "card_number_alone"])


@dataclass(frozen=True, slots=True, kw_only=True)
class GapEstimate:
    """What could not be read, and who may be in it."""

    n: int
    size_bytes: int  # of those whose size is known
    n_without_size: int
    persons: int  # who may stand in the unread files
    new_persons: int  # of them in no file that was read
    assumption: str
    # From the leanest to the richest files of their kind; None: nothing was read that they could be compared with.
    persons_least: int | None = None
    persons_most: int | None = None

    def as_sentence(self) -> str:
        """For people."""
        size = f"{self.size_bytes / 1e6:,.1f} MB" if self.size_bytes else ""
        unknown = f"of {self.n_without_size:,} nobody knows the size" if self.n_without_size else ""
        begin = f"{self.n:,} files could not be read ({', '.join(part for part in (size, unknown) if part)})"
        if self.persons_least is None or self.persons_most is None:
            return f"{begin}: nobody can say how many persons stand in them, because no file was read that they could be compared with."
        between = f", from {self.persons_least:,} to {self.persons_most:,}," if self.persons_least < self.persons_most else ","
        return (
            f"{begin}: about {self.persons:,} persons may stand in them{between}"
            f" and about {self.new_persons:,} of these nowhere else, {self.assumption}."
        )


def estimate_gaps(findings: Path, people: People, gaps: Sequence[Gap], n_bytes: Mapping[str, int]) -> GapEstimate:
    """Who may stand in the files that could not be read: as many for each byte as in the files of the same kind that could.

    The range goes from the leanest to the richest tenth of these files. Where nobody knows how large a file is, it may hold nobody, or as
    many as the richest file of its kind.

    Args:
        n_bytes: how much was read, by the path of the file on disk.
    """
    gaps = [gap for gap in gaps if not _HOLDS_NOTHING.search(gap.reason)]
    person, home, homes = _who_stands_where(findings, people)
    n_files_of = np.unique(person, return_counts=True)[1]
    new_share = float((n_files_of == 1).mean()) if len(n_files_of) else 0.0
    most = len(people) or len(n_files_of)
    here = dict(zip(homes, np.bincount(home, minlength=len(homes)).tolist(), strict=True))
    kinds: dict[str, list[tuple[int, int]]] = {"": []}  # persons and bytes of each file that was read, by suffix; "": of all
    for path, size in n_bytes.items():
        for kind in {"", _suffix(path)}:
            kinds.setdefault(kind, []).append((here.get(path, 0), size))
    least = total = greatest = 0.0
    for gap in gaps:
        like = kinds.get(_suffix(gap.path)) or kinds[""]
        low, middle, high = _persons_in(gap.size_bytes, like)
        least, total, greatest = least + min(low, most), total + min(middle, most), greatest + min(high, most)
    is_known = any(size for _persons, size in kinds[""])
    return GapEstimate(
        n=len(gaps),
        size_bytes=sum(gap.size_bytes for gap in gaps),
        n_without_size=sum(gap.size_bytes <= 0 for gap in gaps),
        persons=min(round(total), most),
        new_persons=min(round(total * new_share), most - len(n_files_of) if len(people) else most),
        persons_least=min(int(least), most) if is_known else None,
        persons_most=min(math.ceil(greatest), most) if is_known else None,
        assumption=(
            "if the unread files hold as many persons for each byte as the files of their kind that were read, and as many of them are in no other"
            f" file ({new_share:.0%})"
        ),
    )


def _persons_in(size: int, like: Sequence[tuple[int, int]]) -> tuple[float, float, float]:
    """At least, about and at most how many persons stand in a file of this size (0: unknown), by the persons and bytes of others."""
    read = [(persons, max(n_bytes, 1)) for persons, n_bytes in like if n_bytes]
    if not read:
        return 0.0, 0.0, 0.0
    if size <= 0:
        return 0.0, 0.0, float(max(persons for persons, _n_bytes in read))
    low, high = np.quantile([persons / n_bytes for persons, n_bytes in read], (0.1, 0.9))
    middle = sum(persons for persons, _n_bytes in read) / sum(n_bytes for _persons, n_bytes in read)
    return size * min(low, middle), size * middle, size * max(high, middle)


def _who_stands_where(findings: Path, people: People) -> tuple[Any, Any, list[str]]:
    """Pairs of person and file on disk, each once, from keys that one person has (without a register: from the keys themselves)."""
    file = pq.ParquetFile(findings)
    homes: dict[str, int] = {}
    parts = [np.zeros((2, 0), np.int64)]
    n_new = 0
    for group in range(file.num_row_groups):
        table = file.read_row_group(group, columns=["path", "kind", "key"])
        key = table["key"].to_numpy()
        spelled = table["path"].combine_chunks().dictionary_encode()
        of_path = np.array([homes.setdefault(p.split("!/")[0], len(homes)) for p in spelled.dictionary.to_pylist()] or [0], np.int64)
        number = of_path[spelled.indices.to_numpy()]
        if len(people.keys):
            low, high = holders(people, key)
            one = high - low == 1
            person = people.persons[low[one]].astype(np.int64)
        else:
            one = pc.is_in(table["kind"], value_set=_STRONG).to_numpy(zero_copy_only=False)
            person = key[one].view(np.int64)
        parts.append(np.stack([person, number[one]]))
        n_new += parts[-1].shape[1]
        if n_new > max(1 << 22, parts[0].shape[1]):  # millions of persons in thousands of files: what is there twice must not pile up
            parts, n_new = [_each_once(np.concatenate(parts, axis=1))], 0
    pairs = _each_once(np.concatenate(parts, axis=1))
    return pairs[0], pairs[1], list(homes)


def _each_once(pairs: Any) -> Any:
    """[2, n] pairs, sorted, each once."""
    pairs = pairs[:, np.lexsort(pairs[::-1])]
    is_new = np.ones(pairs.shape[1], bool)
    is_new[1:] = (pairs[:, 1:] != pairs[:, :-1]).any(axis=0)
    return pairs[:, is_new]


def _suffix(path: str) -> str:
    name = path.split("!/")[-1].rsplit("/", 1)[-1]
    return name.rsplit(".", 1)[-1].lower() if "." in name else ""
