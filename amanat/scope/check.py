"""Every identifier against its own examples and counter-examples, through the scan itself."""

from datetime import date

from amanat.scope.identifier import BELIEF_MIN
from amanat.scope.scan import Scanner, best_of, records_of


def check_identifiers(now: date) -> list[str]:
    """A sentence for each example that is not found and each counter-example that is."""
    scanner = Scanner(bytes(16), now=now)
    problems = []
    for name, member in scanner.members.items():
        for texts, wanted in ((member.examples, True), (member.not_examples, False)):
            for number, text in enumerate(texts, start=1):
                found = scanner.scan(records_of([text]))
                stands = best_of(found) & (found.belief >= BELIEF_MIN)
                is_found = scanner.names.index(name) in found.identifier[stands]
                if is_found != wanted:
                    which = f"example {number} is not found" if wanted else f"counter-example {number} is found"
                    problems.append(f"identifiers/{name}.py: {which}")
    return problems
