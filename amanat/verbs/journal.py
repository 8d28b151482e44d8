"""Read and verify a journal: who did what, when, why."""

import json
from argparse import Namespace
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING

from amanat.lib.command import Result, Verb, argument
from amanat.lib.journal import verify_file

if TYPE_CHECKING:
    from amanat.lib.merkle import Tree

VERB = Verb("journal", __doc__)


@VERB.command(
    "verify",
    argument("file", type=Path, help="a journal.jsonl"),
    argument("--head", metavar="HASH", help="the last hash, kept elsewhere; without it cut-off entries cannot be seen"),
    argument("--heads", type=Path, metavar="FILE", help="the heads.json that the company published: each must be the beginning of this journal"),
    argument("--keys", type=Path, metavar="FILE", help="with --heads: the keys.json that the company publishes"),
    json_keys=("is_whole", "n_entries", "head", "problem", "is_head_checked", "root"),
)
def verify(given: Namespace) -> Result:
    """Check that no entry of a journal was changed, removed or moved.

    Every entry carries the hash of the one before it. Entries cut off at the end leave a whole chain:
    only --head, a last hash that was kept elsewhere, shows that; or --heads, the signed heads that the company published.
    """
    verdict = verify_file(given.file, head=given.head)
    root = ""
    if verdict.is_whole and (tree := _tree(given.file)):
        root = tree.root().hex()
        if given.heads:
            problem = _why_not_published(tree, given)
            verdict = replace(verdict, is_whole=not problem, problem=problem, is_head_checked=True)
    if not verdict.is_whole:
        text = f"NOT WHOLE: {verdict.problem}. The first {verdict.n_entries} entries are whole."
    elif not verdict.n_entries:
        # A journal of ours has a first entry from its first moment: nothing in it is no proof of anything.
        text = f"EMPTY: {given.file} holds no entry. A journal begins with one: all were cut off, or this is another file."
    else:
        text = f"Whole: {verdict.n_entries} entries, head {verdict.head}."
        if not verdict.is_head_checked:
            text += "\nNo head was given, so entries cut off at the end would not be seen: keep this head elsewhere and give it with --head."
    return Result(keys=asdict(verdict) | {"root": root}, text=text, is_passed=verdict.is_whole and verdict.n_entries > 0)


def _tree(file: Path) -> "Tree":
    """The Merkle tree over a journal that is known to be whole."""
    from amanat.lib.tree_head import tree_of

    with file.open(encoding="utf-8") as lines:
        return tree_of(json.loads(line)["hash"] for line in lines)


def _why_not_published(tree: "Tree", given: Namespace) -> str:
    """Why a published head is not the beginning of this journal; empty when each is. Heads of other journals are left aside."""
    from amanat.lib.signing import read_keys
    from amanat.lib.tree_head import read_heads

    keys = read_keys(given.keys) if given.keys else None
    heads = [head for found in read_heads(given.heads).values() for head, _path in found]
    roots = {head.size: tree.root(head.size).hex() for head in heads if head.size <= len(tree)}
    ours = {head.log for head in heads if roots.get(head.size) == head.root}
    if not ours:
        return "no published head is the beginning of this journal: it was rewritten from its first entries on, or it is another one"
    for head in sorted((one for one in heads if one.log in ours), key=lambda one: one.size):
        if keys is not None and not (head.key in keys and head.is_signed_by(keys[head.key].public)):
            return f"the published head of {head.size} entries is not signed by a published key"
        if head.size > len(tree):
            return f"a head of {head.size} entries was published, and this journal has {len(tree)}: entries were cut off at the end"
        if roots[head.size] != head.root:
            return f"the first {head.size} entries are not those whose head was published: something in them was changed"
    return ""
