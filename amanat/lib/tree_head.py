"""A signed tree head: the company's word that its journal had this many entries with this root at this moment.

Whoever keeps one can see later whether the journal was rewritten: a longer journal must begin with the one that was signed
(`is_later`), and two different roots for the same length prove that somebody was shown another journal.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timezone
from typing import Any

from amanat.lib.merkle import Tree, is_consistent, leaf_of
from amanat.lib.signing import Signer, is_signed, spelled

PURPOSE = "tree head"


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


def is_hex(text: Any, n: int) -> bool:
    """Whether this is text of `n` hex digits in small letters.

    >>> is_hex("0a", 2), is_hex("0A", 2), is_hex(10, 2)
    (True, False, False)
    """
    return isinstance(text, str) and len(text) == n and not set(text) - set("0123456789abcdef")
