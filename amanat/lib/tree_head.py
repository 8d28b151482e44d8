"""A signed tree head: the company's word that its journal had this many entries with this root at this moment.

Whoever keeps one can see later whether the journal was rewritten: a longer journal must begin with the one that was signed
(`is_later`), and two different roots for the same length prove that somebody was shown another journal.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timezone
from itertools import pairwise
from pathlib import Path
from typing import Any

from amanat.lib.errors import Fixable
from amanat.lib.merkle import Tree, is_consistent, leaf_of
from amanat.lib.signing import PublicKey, Signer, is_signed, spelled

PURPOSE = "tree head"
LIST_KIND = "amanat tree heads"
_HEADS_FILE_MAX = 20_000_000


class BadHeads(Fixable):
    """A file that should hold published heads."""


class NotAHead(ValueError):
    """What was read is no tree head."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TreeHead:
    """The state of one journal, as it was signed. Hashes are in hex."""

    log: str  # whose journal: the incident's id
    size: int  # entries
    root: str  # of the Merkle tree over the entries' hashes
    last: str  # hash of the last entry
    at: str  # ISO 8601 in UTC
    key: str  # id of the key
    signature: str

    def is_signed_by(self, public: bytes) -> bool:
        body = asdict(self)
        signature = bytes.fromhex(body.pop("signature"))
        return is_signed(public, PURPOSE, spelled(body).encode(), signature)


def tree_of(hashes: Iterable[str]) -> Tree:
    """The tree over a journal, from its entries' hashes in order."""
    return Tree(leaf_of(bytes.fromhex(one)) for one in hashes)


def sign_head(tree: Tree, *, log: str, last: str, at: datetime, signer: Signer) -> TreeHead:
    """The head of the tree as it stands."""
    moment = at.astimezone(timezone.utc).isoformat(timespec="microseconds")
    body = {"log": log, "size": len(tree), "root": tree.root().hex(), "last": last, "at": moment, "key": signer.id}
    return TreeHead(**body, signature=signer.sign(PURPOSE, spelled(body).encode()).hex())  # type: ignore[arg-type]


def head_from(body: Any) -> TreeHead:
    """A head as it was read from JSON; raises NotAHead for anything that is not spelled as ours are."""
    if not isinstance(body, Mapping) or set(body) != set(TreeHead.__dataclass_fields__):
        raise NotAHead("the tree head lacks a part, or has one too many")
    for name, n_hex in (("root", 64), ("last", 64), ("key", 16), ("signature", 128)):
        if not is_hex(body[name], n_hex):
            raise NotAHead(f"the tree head's {name!r} is no {n_hex} hex digits")
    if type(body["size"]) is not int or not 0 <= body["size"] < 1 << 62 or not isinstance(body["log"], str) or not isinstance(body["at"], str):
        raise NotAHead("the tree head's length, journal or moment is none")
    try:
        if datetime.fromisoformat(body["at"]).tzinfo is None:
            raise ValueError
    except ValueError:
        raise NotAHead("the tree head's moment is none") from None
    return TreeHead(**body)


def is_later(earlier: TreeHead, later: TreeHead, path: Sequence[str]) -> bool:
    """Whether the later head is of the same journal, with more or as many entries, and nothing of the earlier was changed."""
    if earlier.log != later.log:
        return False
    if earlier.size == 0:
        return not path
    return is_consistent(earlier.size, later.size, bytes.fromhex(earlier.root), bytes.fromhex(later.root), [bytes.fromhex(one) for one in path])


# ---- the published list ----


def list_of_heads(journals: Mapping[str, Sequence[Mapping[str, Any]]]) -> dict[str, Any]:
    """The heads of several journals as they are published in `heads.json`: each newest first, with the path from the one before."""
    return {"kind": LIST_KIND, "version": 1, "journals": [{"log": log, "heads": list(heads)} for log, heads in journals.items()]}


def read_heads(path: Path) -> dict[str, list[tuple[TreeHead, list[str]]]]:
    """The heads of each journal in a published `heads.json`, the newest first, with their paths; raises BadHeads."""
    try:
        with path.open("rb") as file:
            raw = file.read(_HEADS_FILE_MAX + 1)
    except OSError as error:
        raise BadHeads(
            f"{path}: cannot be read ({error.strerror}); give the heads.json that the company publishes beside its page for checking"
        ) from None
    try:
        body = json.loads(raw)
        if len(raw) > _HEADS_FILE_MAX or body["kind"] != LIST_KIND or body["version"] != 1:
            raise ValueError
        found = {one["log"]: [(head_from(each["head"]), _path(each["path"])) for each in one["heads"]] for one in body["journals"]}
    except (ValueError, KeyError, TypeError, RecursionError):
        raise BadHeads(f"{path}: is no list of tree heads; give the company's heads.json") from None
    return found


def why_not_published(head: TreeHead, published: Sequence[tuple[TreeHead, list[str]]], keys: Mapping[str, PublicKey] | None = None) -> str:
    """Why this head is not one of those published; empty when it is, and the published ones follow from one another."""
    for one, _steps in published:
        if one.log != head.log:
            return "the published heads are of another journal"
        if keys is not None and (one.key not in keys or not one.is_signed_by(keys[one.key].public)):
            return f"a published head (of {one.size} lines) is not signed by a published key"
    for (later, steps), (earlier, _) in pairwise(published):
        if not is_later(earlier, later, steps):
            return f"the published head of {later.size} lines does not go on from the one of {earlier.size}: the journal was rewritten in between"
    same = [one for one, _steps in published if one.size == head.size]
    if any(one.root != head.root for one in same):
        return f"the company published another journal of {head.size} lines than the one that this rests on: one of the two was rewritten"
    return "" if same else f"no published head has {head.size} lines; ask for a newer heads.json, or for the one of the day when this was made"


def _path(steps: Any) -> list[str]:
    if not isinstance(steps, list) or not all(is_hex(one, 64) for one in steps):
        raise NotAHead("a path is none")
    return steps


def is_hex(text: Any, n: int) -> bool:
    """Whether this is text of `n` hex digits in small letters.

    >>> is_hex("0a", 2), is_hex("0A", 2), is_hex(10, 2)
    (True, False, False)
    """
    return isinstance(text, str) and len(text) == n and not set(text) - set("0123456789abcdef")
