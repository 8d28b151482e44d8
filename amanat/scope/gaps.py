"""Gaps in numbers: how much could not be read, and who may be in it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from amanat.scope.people import People
from amanat.terms.finding import Gap

_STRONG = pa.array(["email", "phone", "iban", "national_id", "passport", "card_number_alone"])


@dataclass(frozen=True, slots=True, kw_only=True)
class GapEstimate:
    """What could not be read, and who may be in it."""

    n: int
    size_bytes: int
    n_without_size: int
    persons: int  # who may stand in the unread files
    new_persons: int  # of them in no file that was read
    assumption: str

    def as_sentence(self) -> str:
        """For people."""
        unknown = f", of {self.n_without_size:,} no size is known" if self.n_without_size else ""
        return (
            f"{self.n:,} files could not be read ({self.size_bytes / 1e6:,.1f} MB{unknown}): about {self.persons:,} persons may stand in them,"
            f" about {self.new_persons:,} of these nowhere else, {self.assumption}."
        )


def estimate_gaps(findings: Path, people: People, gaps: Sequence[Gap], n_bytes: Mapping[str, int]) -> GapEstimate:
    """Who may stand in the files that could not be read: as many for each byte as in the files of the same kind that could.

    Args:
        n_bytes: how much was read, by the path of the file on disk.
    """
    person, home, homes = _who_stands_where(findings, people)
    n_files_of = np.unique(person, return_counts=True)[1]
    new_share = float((n_files_of == 1).mean()) if len(n_files_of) else 0.0
    n_persons = len(n_files_of)
    n_of: dict[str, int] = {"": len(person)}
    for path, n in zip(homes, np.bincount(home, minlength=len(homes)).tolist(), strict=True):
        n_of[_suffix(path)] = n_of.get(_suffix(path), 0) + n
    size_of: dict[str, int] = {"": sum(n_bytes.values())}
    for path, size in n_bytes.items():
        size_of[_suffix(path)] = size_of.get(_suffix(path), 0) + size
    most = len(people) or n_persons
    total = 0.0
    for gap in gaps:
        like = _suffix(gap.path) if size_of.get(_suffix(gap.path)) else ""
        total += min(gap.size_bytes * n_of.get(like, 0) / max(size_of.get(like, 0), 1), float(most))
    return GapEstimate(
        n=len(gaps),
        size_bytes=sum(gap.size_bytes for gap in gaps),
        n_without_size=sum(gap.size_bytes <= 0 for gap in gaps),
        persons=min(round(total), most),
        new_persons=min(round(total * new_share), most),
        assumption=(
            "if the unread files hold as many persons for each byte as the files of their kind that were read, and as many of them are in no other"
            f" file ({new_share:.0%})"
        ),
    )


def _who_stands_where(findings: Path, people: People) -> tuple[Any, Any, list[str]]:
    """Pairs of person and file on disk, each once, from keys that one person has (without a register: from the keys themselves)."""
    file = pq.ParquetFile(findings)
    homes: dict[str, int] = {}
    parts = [np.zeros((2, 0), np.int64)]
    for group in range(file.num_row_groups):
        table = file.read_row_group(group, columns=["path", "kind", "key"])
        key = table["key"].to_numpy()
        spelled = table["path"].combine_chunks().dictionary_encode()
        of_path = np.array([homes.setdefault(p.split("!/")[0], len(homes)) for p in spelled.dictionary.to_pylist()] or [0], np.int64)
        number = of_path[spelled.indices.to_numpy()]
        if len(people.keys):
            at = np.minimum(np.searchsorted(people.keys, key), len(people.keys) - 1)
            one = (people.keys[at] == key) & (people.first[at + 1] - people.first[at] == 1)
            person = people.persons[people.first[at[one]]].astype(np.int64)
        else:
            one = pc.is_in(table["kind"], value_set=_STRONG).to_numpy(zero_copy_only=False)
            person = key[one].view(np.int64)
        parts.append(np.unique(np.stack([person, number[one]]), axis=1))
    pairs = np.unique(np.concatenate(parts, axis=1), axis=1)
    return pairs[0], pairs[1], list(homes)


def _suffix(path: str) -> str:
    name = path.split("!/")[-1].rsplit("/", 1)[-1]
    return name.rsplit(".", 1)[-1].lower() if "." in name else ""
