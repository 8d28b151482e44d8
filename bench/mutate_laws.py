"""Do the examples of the law files guard their rules? Changes one number, operator, date, unit or event at a time: does an example fail?

`./run mutations [LAW …]` prints each change that no example noticed, and a table with the share that was noticed in each law.
What was measured is kept in bench/mutations.json: a law is measured again once its file or the engine has changed (`--again`: in any case).
"""

import hashlib
import json
import multiprocessing
import os
import re
import sys
import tempfile
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import amanat.terms
from amanat.assess.examples import check_examples
from amanat.assess.statute_book import LAWS, Ready, read_law, read_laws
from amanat.lib.errors import Fixable
from amanat.lib.progress import Line
from amanat.lib.table import table

KEPT = Path(__file__).parent / "mutations.json"
N_PROCESSES = 2

# What a change may be: a pattern, and what stands in its place.
CHANGES: tuple[tuple[str, tuple[str, ...]], ...] = (
    (r"(?<=[^<>=!])>=", (">",)),
    (r"<=", ("<",)),
    (r"(?<=[^<>=!-])>(?!=)", (">=",)),
    (r"(?<=[^<>=!])<(?!=)", ("<=",)),
    (r"==", ("!=",)),
    (r"!=", ("==",)),
    (r"\band\b", ("or",)),
    (r"\bor\b", ("and",)),
    (r"\bnot (?!in\b)", ("",)),
    (r"\bany_of\b(?=\(kinds\([^)]*\),[^,)]*,)", ("all_of",)),  # of a single kind both say the same
    (r"\ball_of\b", ("any_of",)),
    (r"\bwithin_hours\b", ("within_days",)),
    (r"\bwithin_days\b", ("within_hours",)),
    (r"\bwithin_working_days\b", ("within_days",)),
    (r"\bwithin_months\b", ("within_days",)),
)
_EVENT = re.compile(r'(?<=from = ")\w+')
_NUMBER = re.compile(r"(?<![\w.\-'\"])\d+(?:\.\d+)?(?![\w.\-:'\"])")
_DATE = re.compile(r"\b(\d{4})-(\d\d)-(\d\d)\b")
# Before the first section.
_HEAD_KEYS = ("for_whom",)
_KEYS = {
    "[[penalties]]": ("fixed", "each", "each_low", "floor", "turnover_share"),
    "[[duty]]": ("may_wait_for", "content_if"),
    "[[duty.version]]": ("when", "deadline", "since", "until", "unless"),
}
_LISTS = ("unless", "content_if")


def ruling(text: str) -> Iterator[tuple[int, int]]:
    """From and until of each line that rules: conditions, deadlines, dates and definitions, up to the first example."""
    at, section, is_open = 0, "", False
    for line in text.splitlines(keepends=True):
        bare = line.strip()
        if bare.startswith("[[example]]"):
            return
        if bare.startswith("["):
            section, is_open = bare, False
        key = bare.split("=", 1)[0].strip()
        rules = section == "[define]" or key in _KEYS.get(section, ()) or is_open
        if section in _KEYS and key in _LISTS:
            is_open = not bare.rstrip(",").endswith("]")
        rules = rules or (not section and key in _HEAD_KEYS)
        if is_open and bare == "]":
            is_open = False
        if rules and not bare.startswith("#"):
            yield at, at + len(line.split(" #")[0] if " #" in line else line)
        at += len(line)


def mutants(text: str) -> Iterator[tuple[str, str]]:
    """The text with one change each, and what was changed."""
    for begin, end in ruling(text):
        line = text[begin:end]
        # Words of explanation and citations do not rule.
        hidden = re.sub(r'\b(?:says|cite|id|soft|late|extension)\s*=\s*"[^"]*"', lambda m: " " * len(m[0]), line)
        found: list[tuple[int, int, str]] = []
        for pattern, others in CHANGES:
            found += [(m.start(), m.end(), other) for m in re.finditer(pattern, hidden) for other in others]
        # An event that no example gives: the clock never begins. Without a number an event only chooses the version, which the dates guard.
        found += [(*m.span(), "handled") for m in _EVENT.finditer(hidden) if re.search(r"\bwithin_|\bat = ", _clock_around(hidden, m.start()))]
        dates = [m.span() for m in _DATE.finditer(hidden)]
        found += [(*m.span(), (date.fromisoformat(m[0]) + timedelta(days=step)).isoformat()) for m in _DATE.finditer(hidden) for step in (-1, 1)]
        for number in _NUMBER.finditer(hidden):
            if not any(a <= number.start() < b for a, b in dates):
                step = Decimal(1).scaleb(Decimal(number[0]).as_tuple().exponent)  # one of its last digit
                found += [(*number.span(), f"{other:f}") for other in (Decimal(number[0]) - step, Decimal(number[0]) + step) if other > 0]
        for a, b, other in found:
            if line[a:b] == other:
                continue
            number = text.count("\n", 0, begin) + 1
            yield text[: begin + a] + other + text[begin + b :], f"{number}: {line.strip()[:80]}: {line[a:b]} -> {other or 'nothing'}"


def _clock_around(line: str, at: int) -> str:
    """The innermost braces around a place."""
    return line[line.rfind("{", 0, at) : line.find("}", at)]


def _others(ready: Ready) -> list[Ready]:
    """Laws whose duties it waits for: a form goes with the notification of another law."""
    names = {name.partition(".")[0] for rule in ready.law.duty for name in rule.waits_for} - {ready.law.id}
    return [other for other in read_laws() if other.law.id in names]


def is_noticed(text: str, path: Path) -> bool:
    """Whether the changed law is refused or one of its examples fails."""
    with tempfile.TemporaryDirectory() as folder:
        changed = Path(folder) / path.name
        changed.write_text(text, encoding="utf-8")
        try:
            ready = read_law(changed)
            _, misses = check_examples((ready, *_others(ready)))
        except Fixable:
            return True
    return any(miss.law == ready.law.id for miss in misses)


def _measured(path: Path) -> tuple[str, dict[str, Any]]:
    """How many changes of one law there are, and those that no example noticed."""
    text = path.read_text(encoding="utf-8")
    changes = list(mutants(text))
    return path.stem, {
        "state": _state(path),
        "changes": len(changes),
        "not_noticed": [what for changed, what in changes if not is_noticed(changed, path)],
    }


def _state(path: Path) -> str:
    """What a measurement hangs on: the law, those its duties wait for, the engine, and this file."""
    files = [path, *sorted(other.path for other in _others(read_law(path)))]
    return _hash(*files)[:16] + _engine()[:16]


@cache
def _engine() -> str:
    # What judging an example has loaded, and the facts.
    loaded = [module.__file__ for name, module in sys.modules.items() if name.startswith(("amanat.assess", "amanat.terms"))]
    return _hash(Path(__file__), *sorted(Path(file) for file in loaded if file), *sorted(Path(amanat.terms.__file__).parent.glob("*.toml")))


def _hash(*files: Path) -> str:
    return hashlib.sha256(b"\0".join(file.read_bytes() for file in files)).hexdigest()


def main(arguments: list[str]) -> int:
    names = [name for name in arguments if name != "--again"]
    chosen = {path.stem: path for path in LAWS.paths().values() if not names or path.stem.replace("_", "-") in names}
    kept = json.loads(KEPT.read_text(encoding="utf-8")) if KEPT.exists() and "--again" not in arguments else {}
    found = {stem: kept[stem] for stem, path in chosen.items() if kept.get(stem, {}).get("state") == _state(path)}
    waiting = [path for stem, path in chosen.items() if stem not in found]
    line = Line(unit="laws")
    os.nice(10)
    with multiprocessing.get_context("fork").Pool(N_PROCESSES) as pool:
        for done, (stem, row) in enumerate(pool.imap_unordered(_measured, waiting)):
            line("changing laws", done, len(waiting))
            found[stem] = kept[stem] = row
            KEPT.write_text(json.dumps(dict(sorted(kept.items())), indent=1, ensure_ascii=False), encoding="utf-8")
    line.close()
    return _show(found)


def _show(found: dict[str, dict[str, Any]]) -> int:
    rows = []
    for stem, row in sorted(found.items(), key=lambda item: (_share(item[1]), item[0])):
        for what in row["not_noticed"]:
            print(f"not noticed: {stem}.toml:{what}")
        rows.append([stem.replace("_", "-"), row["changes"], row["changes"] - len(row["not_noticed"]), f"{_share(row):.1%}"])
    print(table(["law", "changes", "noticed", "share"], rows, right=[1, 2, 3]))
    n, n_missed = sum(row["changes"] for row in found.values()), sum(len(row["not_noticed"]) for row in found.values())
    print(f"{n - n_missed:,} of {n:,} changes were noticed ({1 - n_missed / max(n, 1):.1%}), in {len(found)} laws")
    return 1 if n_missed else 0


def _share(row: dict[str, Any]) -> float:
    return float(1 - len(row["not_noticed"]) / max(row["changes"], 1))


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
