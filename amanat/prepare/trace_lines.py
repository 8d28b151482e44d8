"""Lines of a log with what they belong to: sorted by time when written, and the truth told by line number."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Line:
    """One line, when it was written, and the act of the attack it belongs to ("" for everyday life)."""

    at: datetime
    text: str
    act: str = ""


@dataclass(frozen=True, slots=True)
class Attack:
    """Where one act of the attack stands: a file and ranges of lines, counted from 1, both ends included."""

    file: str
    act: str
    lines: tuple[tuple[int, int], ...]
    since: datetime
    until: datetime

    @property
    def n_lines(self) -> int:
        return sum(last - first + 1 for first, last in self.lines)


def write_lines(folder: Path, file: str, lines: list[Line]) -> list[Attack]:
    """Writes the log in the order of time, and says which lines belong to the attack."""
    ordered = sorted(lines, key=lambda line: line.at)
    target = folder / file
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text("".join(line.text + "\n" for line in ordered), encoding="utf-8")
    numbers: dict[str, list[int]] = {}
    for number, line in enumerate(ordered, 1):
        if line.act:
            numbers.setdefault(line.act, []).append(number)
    return [Attack(file, act, ranges(found), ordered[found[0] - 1].at, ordered[found[-1] - 1].at) for act, found in numbers.items()]


def ranges(numbers: list[int]) -> tuple[tuple[int, int], ...]:
    """Rising numbers as ranges.

    >>> ranges([3, 4, 5, 9])
    ((3, 5), (9, 9))
    """
    found: list[tuple[int, int]] = []
    for number in numbers:
        if found and found[-1][1] == number - 1:
            found[-1] = (found[-1][0], number)
        else:
            found.append((number, number))
    return tuple(found)
