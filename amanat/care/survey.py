"""The survey after help: would they recommend us, were they satisfied, do they trust us; each figure with its interval.

Trust has three parts after Mayer, Davis and Schoorman (1995): benevolence, integrity, ability; the wording of the items is our own.
A figure from fewer than `N_LEAST` answers is not given, because it would say more than it knows.
"""

import csv
import math
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from amanat.lib.errors import Fixable
from amanat.terms.answer import SCALES, TRUST

if TYPE_CHECKING:
    import pyarrow as pa

N_LEAST = 10
Z = 1.959963984540054  # 95 %


class BadAnswers(Fixable):
    """A file of answers that cannot be counted, with its row and column."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One figure of the survey. `value` None: too few answered."""

    question: str
    says: str
    n: int
    value: float | None
    low: float | None  # of the 95 % interval
    high: float | None


def figures(answers: "pa.Table") -> tuple[Figure, ...]:
    """NPS (−100..100), the share of the satisfied (4 or 5), and the mean of each trust item (1..5), with 95 % intervals."""
    found = [_nps(_numbers(answers, "nps")), _satisfied(_numbers(answers, "csat"))]
    return (*found, *(_mean(name, _numbers(answers, name)) for name in TRUST))


def read_answers(path: Path) -> "pa.Table":
    """Answers of a Parquet or CSV file with the columns of `terms.answer.ANSWERS`; columns that are missing count as unanswered."""
    import pyarrow as pa

    columns: dict[str, list[int | None]] = {name: [] for name in SCALES}
    for number, row in enumerate(_rows(path), 2):
        for name, (least, most) in SCALES.items():
            columns[name].append(_answer(row.get(name), least, most, f"{path}, row {number}, column {name}"))
    return pa.table({name: pa.array(values, pa.int8()) for name, values in columns.items()})


def check_answer(question: str, text: str | None) -> int | None:
    """One answer as it comes from a form: a number on its scale, or None when it was left out. Raises BadAnswers."""
    least, most = SCALES[question]
    return _answer(text, least, most, question)


def _rows(path: Path) -> list[dict[str, object]]:
    if path.suffix == ".parquet":
        import pyarrow as pa
        import pyarrow.parquet as pq

        try:
            answers = pq.read_table(path)
        except (OSError, pa.ArrowInvalid):
            raise BadAnswers(f"{path}: cannot be read as Parquet; export it again") from None
        _need_a_question(answers.column_names, path)
        rows: list[dict[str, object]] = answers.to_pylist()
        return rows
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            head = file.readline()
            file.seek(0)
            reader = csv.DictReader(file, delimiter=max(",;\t", key=head.count))
            found: list[dict[str, object]] = [dict(row) for row in reader]
            header = reader.fieldnames or []
    except (UnicodeDecodeError, csv.Error):
        raise BadAnswers(f"{path}: cannot be read as CSV; save it as CSV in UTF-8") from None
    _need_a_question(header, path)
    return found


def _need_a_question(header: Iterable[str], path: Path) -> None:
    if not set(SCALES) & set(header):
        raise BadAnswers(f"{path}: has none of the columns {', '.join(SCALES)}; name the columns of answers so")


def _answer(value: object, least: int, most: int, where: str) -> int | None:
    text = "" if value is None else str(value).strip()
    if text in ("", "nan"):
        return None
    try:
        # A column in which somebody left out an answer is exported as 9.0 by most programs.
        number = int(text.removesuffix(".0"))
    except ValueError:
        number = least - 1
    if not least <= number <= most:
        raise BadAnswers(f"{where}: is not a whole number from {least} to {most}")
    return number


def _numbers(answers: "pa.Table", name: str) -> list[int]:
    if name not in answers.column_names:
        return []
    return [value for value in answers[name].to_pylist() if value is not None]


def _nps(given: list[int]) -> Figure:
    """Promoters (9, 10) less detractors (0 to 6), in points; its variance is p + d − (p − d)²."""
    n = len(given)
    says = "would recommend us: promoters less detractors, −100 to 100"
    if n < N_LEAST:
        return Figure(question="nps", says=says, n=n, value=None, low=None, high=None)
    p, d = sum(x >= 9 for x in given) / n, sum(x <= 6 for x in given) / n
    half = Z * math.sqrt(max(p + d - (p - d) ** 2, 0) / n)
    return Figure(question="nps", says=says, n=n, value=100 * (p - d), low=100 * max(p - d - half, -1), high=100 * min(p - d + half, 1))


def _satisfied(given: list[int]) -> Figure:
    """The share of answers 4 and 5, with Wilson's interval."""
    n = len(given)
    says = "satisfied with the help (4 or 5 of 5), a share"
    if n < N_LEAST:
        return Figure(question="csat", says=says, n=n, value=None, low=None, high=None)
    share = sum(x >= 4 for x in given) / n
    centre = (share + Z**2 / (2 * n)) / (1 + Z**2 / n)
    half = Z / (1 + Z**2 / n) * math.sqrt(share * (1 - share) / n + Z**2 / (4 * n**2))
    return Figure(question="csat", says=says, n=n, value=share, low=max(centre - half, 0.0), high=min(centre + half, 1.0))


def _mean(name: str, given: list[int]) -> Figure:
    n = len(given)
    says = f"{name}, mean of 1 to 5"
    if n < N_LEAST:
        return Figure(question=name, says=says, n=n, value=None, low=None, high=None)
    mean = sum(given) / n
    half = Z * math.sqrt(sum((x - mean) ** 2 for x in given) / (n - 1) / n)
    return Figure(question=name, says=says, n=n, value=mean, low=max(mean - half, 1.0), high=min(mean + half, 5.0))
