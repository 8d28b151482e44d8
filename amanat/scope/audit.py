"""Audit: a random sample for a person to check, and from the answers how many persons may be missed or wrongly named.

The sheet shows the shape of what stands in the files, not the values, unless a reason for seeing them is given. The bounds are
upper 95 % bounds (see `bound.py`); gaps are counted in bytes and files, with an estimate whose assumption is stated.
"""

import csv
import json
import os
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from amanat.lib.cells import inert
from amanat.lib.errors import Fixable, did_you_mean
from amanat.lib.journal import Journal
from amanat.lib.progress import Progress, silent
from amanat.scope.bound import CONFIDENCE, Stratum, upper_total
from amanat.scope.gaps import estimate_gaps
from amanat.scope.masked import masked, shown
from amanat.scope.people import nobody, read_people
from amanat.scope.register import open_register
from amanat.scope.sample import LINKS, PASSAGES, Item, draw

FOLDER = "audit"
COLUMNS = ("item", "question", "answer", "shown", "person", "register", "same", "named", "path", "place", "record", "part")
QUESTIONS = {
    "missed": "How many persons stand here of whom nothing is marked with ‹ ›? (0, 1, 2 …)",
    "link": "Is it this person of the register whose data stand here? (yes or no)",
}
_YES, _NO = {"yes", "y", "oui", "o", "بله", "1"}, {"no", "n", "non", "خیر", "نه", "0"}


class BadCase(Fixable):
    """The folder holds no results of a scan, or its files or register are not there any more."""


class BadAnswers(Fixable):
    """The answers cannot be used."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """What the answers show."""

    strata: tuple[Stratum, ...]
    missed_upper: float | None  # passages that may hold a person whom nobody named; None: none was checked
    persons_per_passage: int  # most missed persons that one checked passage held, at least 1
    wrong_upper: float | None  # sure persons who may be somebody else
    n_passages: int
    n_links: int
    n_skipped: int
    notes: tuple[str, ...]


def draw_sheet(
    case: Path,
    files: Sequence[Path],
    register: Path | None,
    *,
    key: bytes,
    n: int,
    seed: int,
    now: datetime,
    reveal: str = "",
    who: str = "command line",
    workers: int = 2,
    progress: Progress = silent,
) -> tuple[Path, dict[str, Any]]:
    """Draws the sample into `case`/audit: sheet.csv to be filled in and draw.json; gives the sheet and what was drawn.

    Args:
        files: the stolen files of the case; they are read once more.
        reveal: why the values themselves must be shown; noted in the journal of the case.
    """
    for name in ("findings.parquet", "exposures.parquet", "places.parquet"):
        if not (case / name).is_file():
            raise BadCase(f"{case}: holds no {name}; give the folder that `amanat run --out` or `amanat scope files --out` wrote")
    people = read_people(open_register(register), key, now=now, progress=progress) if register else nobody()
    drawn = draw(case, files, people, n=n, seed=seed, workers=workers, progress=progress)
    if not drawn.items:
        raise BadCase(f"{case}: nothing was read in its files, so nothing can be drawn; look at gaps.csv first")
    folder = case / FOLDER
    folder.mkdir(mode=0o700, exist_ok=True)
    sheet = folder / "sheet.csv"
    _write_sheet(sheet, drawn.items, _rows_of(register, drawn.items), is_revealed=bool(reveal))
    told = {
        "seed": seed,
        "drawn_at": now.isoformat(),
        "is_revealed": bool(reveal),
        "n_all": drawn.n_all,
        "n_drawn": dict(Counter(item.stratum for item in drawn.items)),
        "n_unplaced": drawn.n_unplaced,
        "items": {_name(i): [item.ask, item.stratum] for i, item in enumerate(drawn.items)},
        "gaps": asdict(estimate_gaps(case / "findings.parquet", people, drawn.gaps, drawn.n_bytes)),
    }
    (folder / "draw.json").write_text(json.dumps(told, ensure_ascii=False, indent=1), encoding="utf-8")
    _note(case, who=who, act="audit.drawn", at=now, what={"n": len(drawn.items), "seed": seed, "is_revealed": bool(reveal)}, why=reveal)
    return sheet, told


def bounds_of(case: Path, answers: Path, *, now: datetime, who: str = "command line") -> Bounds:
    """What the answers in a filled sheet show; written to `case`/audit/bounds.json.

    Whoever skips what is hard gets too good an answer: an item left empty above the last one answered counts as bad, as does `?`.
    """
    drawn = _drawn(case)
    given = _answers(answers, drawn["items"])
    order = list(drawn["items"])
    last = max((i for i, name in enumerate(order) if given.get(name)), default=-1)
    if last < 0:
        raise BadAnswers(f"{answers}: no item is answered yet; fill the column `answer` from the top")
    checked, bad = Counter[str](), Counter[str]()
    per_passage, n_skipped = 1, 0
    for name in order[: last + 1]:
        ask, stratum = drawn["items"][name]
        word = given.get(name, "")
        checked[stratum] += 1
        n_skipped += not word
        if ask == "link":
            bad[stratum] += word not in _YES
        else:
            n = int(word) if word.isdecimal() else 1
            bad[stratum] += n > 0
            per_passage = max(per_passage, n)
    strata = tuple(Stratum(name=name, n_all=n, n_checked=checked[name], n_bad=bad[name]) for name, n in drawn["n_all"].items() if n)
    missed = [s for s in strata if s.name in PASSAGES]
    links = [s for s in strata if s.name in LINKS]
    bounds = Bounds(
        strata=strata,
        missed_upper=upper_total(missed) if any(s.n_checked for s in missed) else None,
        persons_per_passage=per_passage,
        wrong_upper=upper_total(links) if any(s.n_checked for s in links) else None,
        n_passages=sum(s.n_all for s in missed),
        n_links=sum(s.n_all for s in links),
        n_skipped=n_skipped,
        notes=tuple(_notes(drawn, strata, n_skipped, len(order) - last - 1)),
    )
    (case / FOLDER / "bounds.json").write_text(json.dumps(as_json(bounds), ensure_ascii=False, indent=1), encoding="utf-8")
    _note(
        case,
        who=who,
        act="audit.answered",
        at=now,
        what={"n_checked": last + 1, "missed_upper": bounds.missed_upper, "wrong_upper": bounds.wrong_upper},
    )
    return bounds


def as_json(bounds: Bounds) -> dict[str, Any]:
    """The bounds for machines."""
    return {
        "confidence": CONFIDENCE,
        "strata": [{"name": s.name, "n_all": s.n_all, "n_checked": s.n_checked, "n_bad": s.n_bad} for s in bounds.strata],
        "passages": bounds.n_passages,
        "missed_passages_upper": bounds.missed_upper,
        "persons_per_passage": bounds.persons_per_passage,
        "missed_persons_upper": None if bounds.missed_upper is None else bounds.missed_upper * bounds.persons_per_passage,
        "links": bounds.n_links,
        "wrong_links_upper": bounds.wrong_upper,
        "wrong_share_upper": None if bounds.wrong_upper is None or not bounds.n_links else bounds.wrong_upper / bounds.n_links,
        "skipped": bounds.n_skipped,
        "notes": list(bounds.notes),
    }


def _rows_of(register: Path | None, items: Sequence[Item]) -> dict[str, str]:
    """The register's words on the persons of links, for who checks them."""
    wanted = pa.array(sorted({item.person_id for item in items if item.person_id}), pa.string())
    rows: dict[str, str] = {}
    if register is None or not len(wanted):
        return rows
    shown_columns = ("name", "given_name", "family_name", "email", "phone", "address", "birth_date", "national_id")
    for block in open_register(register).blocks():
        block = block.filter(pc.is_in(block.column("person_id"), value_set=wanted))
        for row in block.to_pylist():
            rows[row["person_id"]] = " | ".join(f"{name}: {row[name]}" for name in shown_columns if row.get(name))
    return rows


def _write_sheet(path: Path, items: Sequence[Item], rows: Mapping[str, str], *, is_revealed: bool) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", newline="", encoding="utf-8-sig") as file:
        os.fchmod(file.fileno(), 0o600)
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        for number, item in enumerate(items):
            row = rows.get(item.person_id, "")
            writer.writerow(
                [
                    _name(number),
                    QUESTIONS[item.ask],
                    "",
                    inert(shown(item.text, item.labels, item.marks, is_revealed=is_revealed)),
                    item.person_id,
                    inert(row if is_revealed else _masked_row(row)),
                    ", ".join(item.same),
                    ", ".join(item.named),
                    inert(item.path),
                    inert(item.place),
                    item.record,
                    item.passage,
                ]
            )


def _masked_row(row: str) -> str:
    return " | ".join(f"{name}: {masked(value)}" for name, _, value in (part.partition(": ") for part in row.split(" | "))) if row else ""


def _name(number: int) -> str:
    return f"A{number + 1:04}"


def _drawn(case: Path) -> dict[str, Any]:
    path = case / FOLDER / "draw.json"
    try:
        told: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        return told
    except FileNotFoundError:
        raise BadCase(f"{case}: no sample was drawn yet; call `amanat scope audit {case} --sample 400` first") from None
    except ValueError:
        raise BadCase(f"{path}: is damaged; draw a new sample") from None


def _answers(path: Path, items: Mapping[str, Sequence[str]]) -> dict[str, str]:
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            head = file.readline()
            file.seek(0)
            reader = csv.DictReader(file, delimiter=max(",;\t", key=head.count))
            if missing := [name for name in ("item", "answer") if name not in (reader.fieldnames or ())]:
                raise BadAnswers(f"{path}: has no column {' and no column '.join(missing)}; give the sheet with its column `answer` filled in")
            found: dict[str, str] = {}
            for number, row in enumerate(reader, start=2):
                name, word = (row["item"] or "").strip(), (row["answer"] or "").strip().lower()
                if name not in items:
                    raise BadAnswers(f"{path}, row {number}: there is no item {name!r} in this draw{did_you_mean(name, items)}")
                if name in found:
                    raise BadAnswers(f"{path}, row {number}: the item {name} stands there twice")
                is_link = items[name][0] == "link"
                if word and word != "?" and not (word in _YES | _NO if is_link else word.isdecimal()):
                    wanted = "yes, no or ?" if is_link else "a whole number (0 when nobody is missing) or ?"
                    raise BadAnswers(f"{path}, row {number}: the answer to {name} is {wanted}")
                found[name] = word
            return found
    except FileNotFoundError:
        raise BadAnswers(f"{path}: there is no such file; give the filled sheet") from None
    except UnicodeDecodeError:
        raise BadAnswers(f"{path}: is not UTF-8; save it as CSV in UTF-8") from None


def _notes(drawn: Mapping[str, Any], strata: Sequence[Stratum], n_skipped: int, n_left: int) -> list[str]:
    notes = []
    if n_skipped:
        notes.append(
            f"{n_skipped:,} items above the last one answered were left empty; they count as bad, because what is skipped is often what is hard."
        )
    if n_left:
        notes.append(f"{n_left:,} items at the end are not checked yet; each further one narrows the bounds.")
    if drawn["n_unplaced"]:
        notes.append(
            f"{drawn['n_unplaced']:,} sure persons have no place kept; their links could not be drawn, and the bound does not speak of them."
        )
    if unseen := [s.name for s in strata if not s.n_checked]:
        notes.append(f"Nothing was checked of: {', '.join(unseen)}. All of it counts as bad.")
    return notes


def _note(case: Path, *, who: str, act: str, at: datetime, what: dict[str, Any], why: str = "") -> None:
    """A line in the journal of a case that has one; a folder of `amanat scope files` has none."""
    if (case / "journal.jsonl").is_file():
        Journal(case / "journal.jsonl").write(who=who, act=act, at=at, what=what, why=why)
