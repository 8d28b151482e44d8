"""How many of somebody else's examples the scan gets right: python -m tests.scope.judged_elsewhere FILE

FILE is JSON, a list of {"file", "text", "expected", "positions"}: the parametrised examples of Microsoft Presidio's
recogniser tests (github.com/microsoft/presidio, MIT licence). `expected` is the number of matches, 0 for a counter-example.
"""

import json
import sys
from collections import Counter
from datetime import date
from pathlib import Path

from amanat.lib.table import table
from amanat.scope.identifier import BELIEF_MIN
from amanat.scope.scan import Scanner, best_of, records_of

# The identifiers that both have, and whose recogniser asks the same question as ours.
SAME = {
    "test_ca_sin_recognizer.py": "ca_sin",
    "test_credit_card_recognizer.py": "card",
    "test_de_tax_id_recognizer.py": "de_tax_id",
    "test_email_recognizer.py": "email",
    "test_iban_recognizer.py": "iban",
    "test_ip_recognizer.py": "ip",
    "test_phone_recognizer.py": "phone",
    "test_uk_nino_recognizer.py": "uk_nino",
    "test_us_ssn_recognizer.py": "us_ssn",
}


def right_of(examples: list[dict[str, object]], *, in_field: bool) -> dict[str, Counter[str]]:
    """Of each identifier: how many examples and counter-examples there are, and how many are right.

    With `in_field` each text stands in a column named as the identifier's first header says, as in an export.
    """
    scanner = Scanner(bytes(16), now=date(2026, 11, 22))
    counts: dict[str, Counter[str]] = {}
    for example in examples:
        name = SAME.get(str(example["file"]))
        if name is None:
            continue
        label = scanner.members[name].headers[0] if in_field else ""
        found = scanner.scan(records_of([str(example["text"])], [label]))
        stands = best_of(found) & (found.belief >= BELIEF_MIN) & (found.identifier == scanner.names.index(name))
        n = int(stands.sum())
        count = counts.setdefault(name, Counter())
        which = "examples" if example["expected"] else "counter"
        count[which] += 1
        count[f"{which} right"] += n >= 1 if example["expected"] else n == 0
    return counts


def main() -> None:
    examples = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    free, fields = right_of(examples, in_field=False), right_of(examples, in_field=True)
    free["all"], fields["all"] = sum(free.values(), Counter()), sum(fields.values(), Counter())
    columns = ((free, "examples"), (fields, "examples"), (free, "counter"))
    rows = [[name, *(f"{counts[name][f'{which} right']} of {counts[name][which]}" for counts, which in columns)] for name in sorted(free)]
    print(table(["identifier", "examples", "the same in a field", "counter-examples"], rows, right=[1, 2, 3]))


if __name__ == "__main__":
    main()
