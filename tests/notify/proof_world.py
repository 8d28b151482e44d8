"""A journal, two signers and one person who got a letter after a bounced mail: what a proof is made of."""

from datetime import datetime, timedelta, timezone

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from amanat.lib.journal import FIRST, link
from amanat.lib.merkle import Tree
from amanat.lib.signing import PublicKey, Signer
from amanat.lib.tree_head import sign_head, tree_of
from amanat.notify import hash_of_hashes, make_person_proof, named_or_hashed, receipt_leaf
from tests.notify.delivery_world import a_notice

NOON = datetime(2026, 11, 22, 12, tzinfo=timezone.utc)
OPENING = bytes(range(16))
MAIL, LETTER, OTHER = "a" * 32, "b" * 32, "c" * 32


def a_signer(seed: int = 1) -> Signer:
    return Signer(Ed25519PrivateKey.from_private_bytes(bytes([seed]) * 32))


def keys_of(*signers, **more):
    found = [PublicKey(public=one.public, **more) for one in signers]
    return {key.id: key for key in found}


def states(*names):
    return [{"state": name, "at": (NOON + timedelta(minutes=i)).isoformat(), "answer": f"answer {i}"} for i, name in enumerate(names)]


class World:
    """The parts of a proof; a test changes one and makes the proof anew."""

    def __init__(self, *, seed: int = 1, log: str = "incident-1") -> None:
        self.signer, self.log, self.entries = a_signer(seed), log, []
        self.notice = a_notice()
        hashes = [self.notice.content_hash]
        signed = {"approval": "approval-1", "notices_hash": hash_of_hashes(hashes), "recipients_hash": "1" * 64, "n_recipients": 2}
        self.approval = {
            **signed,
            "author": "ada",
            "approver": "ben",
            "authored_at": NOON.isoformat(),
            "approved_at": NOON.isoformat(),
            "texts": hashes,
        }
        self.receipts = {MAIL: ("email", states("attempting", "bounced")), LETTER: ("letter", states("attempting", "accepted"))}
        everybody = {**self.receipts, OTHER: ("email", states("attempting", "accepted"))}
        self.seal = Tree(receipt_leaf(i, self.notice.content_hash, channel, said) for i, (channel, said) in sorted(everybody.items()))
        self.note("amanat", "incident.declared", {})
        self.note("ada", "notices.signed_by_author", signed)
        self.note("ben", "notices.approved", signed)
        self.note("amanat", "receipts.sealed", {"n": 3, "root": self.seal.root().hex()})

    def note(self, who, act, what):
        before = self.entries[-1]["hash"] if self.entries else FIRST
        entry = link(seq=len(self.entries) + 1, at=NOON, who=who, act=act, what=what, why="", prev=before)
        self.entries.append({name: getattr(entry, name) for name in ("seq", "at", "who", "act", "what", "why", "prev", "hash")})

    def tree(self):
        return tree_of(entry["hash"] for entry in self.entries)

    def head(self, **more):
        return sign_head(self.tree(), log=self.log, last=self.entries[-1]["hash"], at=NOON, signer=self.signer, **more)

    def messages(self):
        return [
            {
                "sending_id": sending_id,
                "notice_id": self.notice.id,
                "content_hash": self.notice.content_hash,
                "channel": channel,
                "approval": "approval-1",
                "states": said,
                "seal": {"seq": 4, "size": 3, "index": at, "n_states": len(said), "path": [one.hex() for one in self.seal.inclusion(at)]},
            }
            for at, (sending_id, (channel, said)) in enumerate(self.receipts.items())
        ]

    def proof(self, **changes) -> bytes:
        parts = {
            "proof_id": "proof-1",
            "incident": self.log,
            "company": "Hotel Example",
            "made_at": NOON + timedelta(minutes=5),
            "person": named_or_hashed({"name": "Sara Karimi", "email": "sara@example.org"}, opening=OPENING),
            "messages": self.messages(),
            "texts": {self.notice.content_hash: self.notice.as_dict()},
            "approvals": [self.approval],
            "entries": self.entries[1:],
            "tree": self.tree(),
            "head": self.head(),
            "signer": self.signer,
        }
        return make_person_proof(**{**parts, **changes})
