"""Same person: entries of the register that are one and the same, so that nobody is told twice, and their keys name one person.

Two entries are the same person when they have the same name, the same birth date, and a strong key (an address of mail, a telephone, an
account …) in common. Less is left to people: twins share a telephone and a birth date, father and son a name.
"""

import csv
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

SHARERS_MAX = 16  # a key of more entries than this is an institution's


def same_persons(keys: Any, person: Any, name: Any, birth: Any, ids: pa.ChunkedArray) -> Any:
    """[n] the number under which each entry is counted: of those that are the same, the one whose person_id comes first. None: all differ.

    Args:
        keys, person: strong keys and who has them.
        name, birth: [n] keys, 0 where there is none.
    """
    order = np.argsort(keys)
    keys, person = keys[order], person[order]
    pairs = []
    for step in range(1, SHARERS_MAX):
        together = keys[step:] == keys[:-step]
        if not together.any():
            break
        one, other = person[:-step][together], person[step:][together]
        alike = (one != other) & (name[one] != 0) & (name[one] == name[other]) & (birth[one] != 0) & (birth[one] == birth[other])
        pairs.append(np.stack([one[alike], other[alike]]))
    joined = np.concatenate(pairs, axis=1) if pairs else np.zeros((2, 0), np.int64)
    if not joined.shape[1]:
        return None
    number = np.arange(len(name))
    root: dict[int, int] = {}

    def top(each: int) -> int:
        while root.get(each, each) != each:
            each = root[each]
        return each

    for a, b in joined.T.tolist():
        one, other = top(a), top(b)
        if one != other:
            root[other] = one
    groups: dict[int, list[int]] = {}
    for each in np.unique(joined).tolist():
        groups.setdefault(top(each), []).append(each)
    for members in groups.values():
        number[members] = min(members, key=lambda member: ids[member].as_py())
    return number


def write_same_persons(same_as: Any, ids: pa.ChunkedArray, path: Path) -> None:
    """same_persons.csv: person_id, same_as and why, without a value."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(("person_id", "same_as", "because"))
        for row in np.flatnonzero(same_as != np.arange(len(same_as))).tolist():
            writer.writerow((ids[row].as_py(), ids[int(same_as[row])].as_py(), "same name; same birth date; a key in common"))
