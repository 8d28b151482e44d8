"""Read and verify a journal: who did what, when, why."""

from argparse import Namespace
from dataclasses import asdict
from pathlib import Path

from amanat.lib.command import Result, Verb, argument
from amanat.lib.journal import verify_file

VERB = Verb("journal", __doc__)


@VERB.command(
    "verify",
    argument("file", type=Path, help="a journal.jsonl"),
    argument("--head", metavar="HASH", help="the last hash, kept elsewhere; without it cut-off entries cannot be seen"),
    json_keys=("is_whole", "n_entries", "head", "problem", "is_head_checked"),
)
def verify(given: Namespace) -> Result:
    """Check that no entry of a journal was changed, removed or moved.

    Every entry carries the hash of the one before it. Entries cut off at the end leave a whole chain:
    only --head, a last hash that was kept elsewhere, shows that.
    """
    verdict = verify_file(given.file, head=given.head)
    if not verdict.is_whole:
        text = f"NOT WHOLE: {verdict.problem}. The first {verdict.n_entries} entries are whole."
    elif not verdict.n_entries:
        # A journal of ours has a first entry from its first moment: nothing in it is no proof of anything.
        text = f"EMPTY: {given.file} holds no entry. A journal begins with one: all were cut off, or this is another file."
    else:
        text = f"Whole: {verdict.n_entries} entries, head {verdict.head}."
        if not verdict.is_head_checked:
            text += "\nNo head was given, so entries cut off at the end would not be seen: keep this head elsewhere and give it with --head."
    return Result(keys=asdict(verdict), text=text, is_passed=verdict.is_whole and verdict.n_entries > 0)
