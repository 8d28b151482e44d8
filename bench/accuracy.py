"""How right is the scan on labelled texts, beside Presidio? `./run accuracy TEXTS.json`, in the format of Presidio's own labelled sets.

TEXTS.json is a list of `{"full_text": …, "spans": [{"entity_type", "start_position", "end_position"}]}`. The package
`presidio-evaluator` makes such texts from its templates; a value counts as found when a finding of the right kind overlaps
it, and a finding as right when it overlaps a value of its kind. Presidio runs with its patterns and no language model.
"""

import json
import sys
from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

from amanat.lib.table import table

# Presidio's entity -> our identifiers that look for the same.
SAME = {
    "CREDIT_CARD": ("card", "card_maestro"),
    "EMAIL_ADDRESS": ("email",),
    "IBAN_CODE": ("iban",),
    "IP_ADDRESS": ("ip",),
    "PHONE_NUMBER": ("phone",),
    "US_SSN": ("us_ssn",),
    "PERSON": ("person_name", "given_name", "family_name"),
}
Spans = dict[str, list[tuple[int, int]]]


def ours_in(texts: list[str]) -> list[Spans]:
    """What amanat finds, above the belief at which a finding counts without a register."""
    from amanat.scope.identifier import BELIEF_MIN
    from amanat.scope.introduced import with_introduced
    from amanat.scope.scan import Scanner, best_of, records_of

    scanner = Scanner(bytes(32), now=date(2026, 11, 22))
    records = records_of(texts)
    found = with_introduced(scanner.scan(records), records, scanner)
    found = found.take(best_of(found) & (found.belief >= BELIEF_MIN))
    kinds = {identifier: entity for entity, names in SAME.items() for identifier in names}
    spans: list[Spans] = [defaultdict(list) for _ in texts]
    for record, start, end, identifier in zip(found.record, found.start, found.end, found.identifier, strict=True):
        if entity := kinds.get(scanner.names[identifier]):
            spans[record][entity].append((int(start), int(end)))
    return spans


def presidio_in(texts: list[str]) -> list[Spans]:
    """What Presidio finds by its patterns, at its own default threshold."""
    from presidio_analyzer import AnalyzerEngine, RecognizerRegistry

    from bench.bench_scan import no_language_model

    registry = RecognizerRegistry()
    registry.load_predefined_recognizers(languages=["en"])
    presidio = AnalyzerEngine(registry=registry, nlp_engine=no_language_model(), supported_languages=["en"])
    spans: list[Spans] = []
    for text in texts:
        of: Spans = defaultdict(list)
        for result in presidio.analyze(text, "en"):
            of[result.entity_type].append((result.start, result.end))
        spans.append(of)
    return spans


def figures(wanted: list[Spans], found: list[Spans]) -> dict[str, tuple[int, int, int, int]]:
    """For each entity: values there, values found, findings, findings that are right."""
    sums: dict[str, list[int]] = {entity: [0, 0, 0, 0] for entity in SAME}
    for want, have in zip(wanted, found, strict=True):
        for entity, row in sums.items():
            theirs, mine = want.get(entity, []), have.get(entity, [])
            row[0] += len(theirs)
            row[1] += sum(any(_overlap(a, b) for b in mine) for a in theirs)
            row[2] += len(mine)
            row[3] += sum(any(_overlap(a, b) for b in theirs) for a in mine)
    return {entity: (row[0], row[1], row[2], row[3]) for entity, row in sums.items()}


def _overlap(one: tuple[int, int], other: tuple[int, int]) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def _share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f} %" if whole else "–"


def _wanted(rows: Iterable[dict[str, Any]]) -> list[Spans]:
    wanted: list[Spans] = []
    for row in rows:
        of: Spans = defaultdict(list)
        for span in row["spans"]:
            of[span["entity_type"]].append((span["start_position"], span["end_position"]))
        wanted.append(of)
    return wanted


def main(arguments: list[str]) -> int:
    if len(arguments) != 1:
        print("say which texts: ./run accuracy TEXTS.json", file=sys.stderr)
        return 2
    rows = json.loads(Path(arguments[0]).read_text(encoding="utf-8"))
    texts = [row["full_text"] for row in rows]
    wanted = _wanted(rows)
    ours, theirs = figures(wanted, ours_in(texts)), figures(wanted, presidio_in(texts))
    lines = [
        [
            entity,
            str(ours[entity][0]),
            _share(ours[entity][1], ours[entity][0]),
            _share(ours[entity][3], ours[entity][2]),
            _share(theirs[entity][1], theirs[entity][0]),
            _share(theirs[entity][3], theirs[entity][2]),
        ]
        for entity in SAME
    ]
    print(table(["kind", "values", "found by us", "ours right", "found by Presidio", "theirs right"], lines))
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
