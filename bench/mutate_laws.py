"""Do the examples of the law files guard their numbers? Changes one number, operator, date or unit at a time and looks whether an example fails.

`./run mutations [LAW …]` prints each change that no example noticed, and the share that was noticed.
"""

import re
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from amanat.assess.examples import check_examples
from amanat.assess.statute_book import LAWS, Ready, read_law, read_laws
from amanat.lib.errors import Fixable
from amanat.lib.progress import Line

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
    (r"\bwithin_hours\b", ("within_days",)),
    (r"\bwithin_days\b", ("within_hours",)),
    (r"\bwithin_working_days\b", ("within_days",)),
    (r"\bwithin_months\b", ("within_days",)),
)
_NUMBER = re.compile(r"(?<![\w.\-'\"])\d+(?![\w.\-:'\"])")
_DATE = re.compile(r"\b(\d{4})-(\d\d)-(\d\d)\b")
# Before the first section.
_HEAD_KEYS = ("for_whom",)
_KEYS = ("when", "deadline", "since", "until", "unless", "may_wait_for")


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
        rules = section == "[define]" or (section == "[[duty.version]]" and (key in _KEYS or is_open))
        if section == "[[duty.version]]" and key == "unless":
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
        dates = [m.span() for m in _DATE.finditer(hidden)]
        found += [(m.start(), m.end(), f"{m[1]}-{m[2]}-{int(m[3]) % 28 + 1:02d}") for m in _DATE.finditer(hidden)]
        for number in _NUMBER.finditer(hidden):
            if not any(a <= number.start() < b for a, b in dates):
                found += [(number.start(), number.end(), str(int(number[0]) + step)) for step in (-1, 1) if int(number[0]) + step > 0]
        for a, b, other in found:
            yield text[: begin + a] + other + text[begin + b :], f"{line.strip()[:70]!r}: {line[a:b]} -> {other}"


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


def main(names: list[str]) -> int:
    chosen = [path for path in LAWS.paths().values() if not names or path.stem.replace("_", "-") in names]
    n = n_noticed = 0
    line = Line(unit="laws")
    for done, path in enumerate(chosen):
        line("changing laws", done, len(chosen))
        for text, what in mutants(path.read_text(encoding="utf-8")):
            n += 1
            if is_noticed(text, path):
                n_noticed += 1
            else:
                print(f"not noticed in {path.stem}: {what}", flush=True)
    line.close()
    print(f"{n_noticed:,} of {n:,} changes were noticed ({100 * n_noticed / max(n, 1):.1f} %), in {len(chosen)} laws")
    return 0 if n == n_noticed else 1


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
