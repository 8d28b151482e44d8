"""Commands about the identifiers: `text` finds them in lines of text, `identifiers` lists them, `check` tries their examples."""

import json
import sys
from argparse import Namespace
from datetime import UTC, datetime

from amanat.lib.command import Result, Verb, argument
from amanat.lib.table import table


def add_to(verb: Verb) -> None:
    """Adds the commands to `amanat scope`."""
    verb.command(
        "text",
        argument(
            "--region", action="append", default=[], metavar="COUNTRY", help="ISO 3166-1 code of a country whose national telephone numbers are read"
        ),
        json_keys=("id", "findings"),
    )(text)
    verb.command("identifiers", json_keys=("identifiers",))(identifiers)
    verb.command("check", json_keys=("n_identifiers", "n_examples", "problems"))(check)


def text(given: Namespace) -> Result:
    """Find kinds of data in texts: JSON lines {"id", "text"} in, {"id", "findings"} out, one for one.

    Each finding has the identifier, its kind, start and end in characters, and the belief that it is what it seems.
    Values are never printed.
    """
    from amanat.scope import scan_text

    is_passed = True
    for answer in scan_text(sys.stdin, regions=given.region, now=datetime.now(UTC)):
        is_passed = is_passed and "error" not in answer
        sys.stdout.write(json.dumps(answer, ensure_ascii=False) + "\n")
        sys.stdout.flush()
    return Result(keys={}, text=None, is_passed=is_passed)


def identifiers(given: Namespace) -> Result:
    """List what can be found: every identifier with its kind and source."""
    from amanat.scope import identifiers as members

    found = members()
    keys = [
        {"identifier": name, "kind": m.kind, "form": m.form, "check": m.check, "headers": list(m.headers), "source": m.source}
        for name, m in found.items()
    ]
    return Result(keys={"identifiers": keys}, text=table(["identifier", "kind", "source"], [[n, m.kind, m.source] for n, m in found.items()]))


def check(given: Namespace) -> Result:
    """Try every identifier on its own examples and counter-examples, through the real scan."""
    from amanat.scope import identifiers as members
    from amanat.scope.check import check_identifiers

    problems = check_identifiers(datetime.now(UTC))
    found = members()
    n = sum(len(m.examples) + len(m.not_examples) for m in found.values())
    text = "\n".join(problems) if problems else f"All {n} examples of {len(found)} identifiers are as they should be."
    return Result(keys={"n_identifiers": len(found), "n_examples": n, "problems": problems}, text=text, is_passed=not problems)
