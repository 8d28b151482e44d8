"""Audit: a random sample for a person to check, and from the answers how many persons may be missed or wrongly named.

The sheet shows the shape of what stands in the files, not the values, unless a reason for seeing them is given. The bounds are
upper 95 % bounds (see `bound.py`); gaps are counted in bytes and files, with an estimate whose assumption is stated.
"""

import csv
import io
import json
import os
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from amanat.lib.cells import inert
from amanat.lib.errors import Fixable, did_you_mean
from amanat.lib.journal import Journal
from amanat.lib.progress import Progress, silent
from amanat.scope.checked import NO, UNSURE, YES, Bounds, as_json, bounds_from
from amanat.scope.gaps import estimate_gaps
from amanat.scope.masked import masked, shown
from amanat.scope.people import nobody, read_people
from amanat.scope.register import open_register
from amanat.scope.sample import Item, draw

FOLDER = "audit"
COLUMNS = ("item", "question", "answer", "shown", "person", "register", "same", "named", "path", "place", "record", "part")
QUESTIONS = {
    "missed": "How many persons stand here of whom nothing is marked with ‹ ›? (0, 1, 2 …)",
    "link": "Is it this person of the register whose data stand here? (yes or no)",
}


class BadCase(Fixable):
    """The folder holds no results of a scan, or its files or register are not there any more."""


class BadAnswers(Fixable):
    """The answers cannot be used."""


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
    passwords: Sequence[str] = (),
    databases: Sequence[Path] = (),
    who: str = "command line",
    workers: int = 2,
    progress: Progress = silent,
) -> tuple[Path, dict[str, Any]]:
    """Draws the sample into `case`/audit: sheet.csv to be filled in, items.json with the same for programs, and draw.json without a word of them.

    Gives the sheet and what was drawn.

    Args:
        files: the stolen files of the case; they are read once more, as are its databases.
        reveal: why the values themselves must be shown; noted in the journal of the case.
    """
    for name in ("findings.parquet", "exposures.parquet", "places.parquet"):
        if not (case / name).is_file():
            raise BadCase(f"{case}: holds no {name}; give the folder that `amanat run --out` or `amanat scope files --out` wrote")
    people = read_people(open_register(register), key, now=now, progress=progress) if register else nobody()
    drawn = draw(case, files, people, n=n, seed=seed, passwords=passwords, databases=databases, workers=workers, progress=progress)
    if not drawn.items:
        raise BadCase(f"{case}: nothing was read in its files, so nothing can be drawn; look at gaps.csv first")
    folder = case / FOLDER
    folder.mkdir(mode=0o700, exist_ok=True)
    sheet = folder / "sheet.csv"
    registered = _rows_of(register, drawn.items)
    rows = [_row(number, item, registered, is_revealed=bool(reveal)) for number, item in enumerate(drawn.items)]
    _write_sheet(sheet, rows)
    _write_privately(folder / "items.json", json.dumps(rows, ensure_ascii=False))
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
    """What the answers in a filled sheet show; written to `case`/audit/bounds.json."""
    drawn = _drawn(case)
    given = _answers(answers, drawn["items"])
    bounds = bounds_from(drawn, given)
    if bounds is None:
        raise BadAnswers(f"{answers}: no item is answered yet; fill the column `answer` from the top")
    (case / FOLDER / "bounds.json").write_text(json.dumps(as_json(bounds), ensure_ascii=False, indent=1), encoding="utf-8")
    what = {"n_checked": sum(s.n_checked for s in bounds.strata), "missed_upper": bounds.missed_upper, "wrong_upper": bounds.wrong_upper}
    _note(case, who=who, act="audit.answered", at=now, what=what)
    return bounds


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


def _row(number: int, item: Item, registered: Mapping[str, str], *, is_revealed: bool) -> dict[str, Any]:
    """One item, as `items.json` and the sheet have it."""
    row = registered.get(item.person_id, "")
    return {
        "item": _name(number),
        "question": QUESTIONS[item.ask],
        "answer": "",
        "shown": shown(item.text, item.labels, item.marks, is_revealed=is_revealed),
        "person": item.person_id,
        "register": row if is_revealed else _masked_row(row),
        "same": list(item.same),
        "named": list(item.named),
        "path": item.path,
        "place": item.place,
        "record": item.record,
        "part": item.passage,
    }


def _write_sheet(path: Path, rows: Sequence[Mapping[str, Any]]) -> None:
    whole = io.StringIO(newline="")
    writer = csv.writer(whole)
    writer.writerow(COLUMNS)
    for row in rows:
        cells = {name: ", ".join(value) if isinstance(value, list) else value for name, value in row.items()}
        writer.writerow([inert(cells[name]) if isinstance(cells[name], str) else cells[name] for name in COLUMNS])
    _write_privately(path, "\ufeff" + whole.getvalue())


def _write_privately(path: Path, text: str) -> None:
    """A file for its owner only, also when there was one already."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", newline="", encoding="utf-8") as file:
        os.fchmod(file.fileno(), 0o600)
        file.write(text)


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
                if word and word != UNSURE and not (word in YES | NO if is_link else word.isdecimal()):
                    wanted = "yes, no or ?" if is_link else "a whole number (0 when nobody is missing) or ?"
                    raise BadAnswers(f"{path}, row {number}: the answer to {name} is {wanted}")
                found[name] = word
            return found
    except FileNotFoundError:
        raise BadAnswers(f"{path}: there is no such file; give the filled sheet") from None
    except UnicodeDecodeError:
        raise BadAnswers(f"{path}: is not UTF-8; save it as CSV in UTF-8") from None


def _note(case: Path, *, who: str, act: str, at: datetime, what: dict[str, Any], why: str = "") -> None:
    """A line in the journal of a case that has one; a folder of `amanat scope files` has none."""
    if (case / "journal.jsonl").is_file():
        Journal(case / "journal.jsonl").write(who=who, act=act, at=at, what=what, why=why)
