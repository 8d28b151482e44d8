"""A proof for one person: what they were sent, when, by whose word, and that the journal says so; signed, and checked without us.

The file is JSON in one spelling (`lib.signing.spelled`) with its own signature in it, so that any changed byte is noticed. It holds the
text as it was approved, with its slots unfilled, and names the person only as far as the person wishes: otherwise keyed hashes stand there,
which whoever has the opening (a key that is handed out beside the file) can compare with a name or address.

What it rests on: each receipt is a leaf under a root that the journal noted soon after (`receipts.sealed`), each line of the journal is
a leaf under the tree head, and the head is signed. So a receipt that was invented later would need another journal than the one
whose heads the company published.
"""

import hashlib
import hmac
import json
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime, timezone
from typing import Any

from amanat.lib.journal import hash_of
from amanat.lib.merkle import Tree, is_included, leaf_of
from amanat.lib.signing import PublicKey, Signer, is_signed, key_id, spelled
from amanat.lib.tree_head import NotAHead, TreeHead, head_from, is_hex

KIND, PURPOSE = "amanat person proof", "person proof"
PROOF_SIZE_MAX = 20_000_000  # bytes; a person gets a handful of messages
OPENING_BYTES = 16
SIGNED, APPROVED, SEALED = "notices.signed_by_author", "notices.approved", "receipts.sealed"  # acts of the journal


@dataclass(frozen=True, slots=True, kw_only=True)
class ProofVerdict:
    """What checking a proof showed."""

    is_whole: bool  # nothing was changed since it was signed, and its parts fit together
    is_key_known: bool | None  # None: no published keys were given, so whoever made it may have brought a key of their own
    problems: tuple[str, ...]
    gaps: tuple[str, ...] = ()  # what the proof itself says that it cannot show
    incident: str = ""
    company: str = ""
    made_at: str = ""
    key: str = ""
    head: TreeHead | None = None  # of the journal that it rests on
    is_about: bool | None = None  # whether it is about whom was named; None: nobody was
    messages: tuple[dict[str, Any], ...] = field(default=())

    @property
    def is_passed(self) -> bool:
        return self.is_whole and self.is_key_known is not False and self.is_about is not False


# ---- made ----


def make_person_proof(
    *,
    proof_id: str,
    incident: str,
    company: str,
    made_at: datetime,
    person: Mapping[str, Any],
    messages: Sequence[Mapping[str, Any]],
    texts: Mapping[str, Mapping[str, Any]],
    approvals: Sequence[Mapping[str, Any]],
    entries: Iterable[Mapping[str, Any]],
    tree: Tree,
    head: TreeHead,
    signer: Signer,
    gaps: Sequence[str] = (),
) -> bytes:
    """The file.

    Args:
        person: as `named_or_hashed` gives it.
        messages: sending_id, notice_id, content_hash, channel, approval, states (state, at, answer), seal (`seal_of`, or None).
        texts: the words of each notice by their content hash.
        approvals: approval, notices_hash, recipients_hash, n_recipients, author, approver, authored_at, approved_at, texts (hashes of
            all its texts, or None).
        entries: lines of the journal that it rests on.
        tree: over the journal up to `head`.
        gaps: what cannot be shown, each as a sentence.
    """
    journal = [{"entry": dict(entry), "path": [one.hex() for one in tree.inclusion(entry["seq"] - 1, head.size)]} for entry in entries]
    body: dict[str, Any] = {
        "kind": KIND,
        "version": 1,
        "id": proof_id,
        "incident": incident,
        "company": company,
        "made_at": made_at.astimezone(timezone.utc).isoformat(timespec="microseconds"),
        "person": dict(person),
        "messages": [dict(one) for one in messages],
        "texts": {name: dict(text) for name, text in texts.items()},
        "approvals": [dict(one) for one in approvals],
        "journal": sorted(journal, key=lambda one: int(one["entry"]["seq"])),
        "tree_head": asdict(head),
        "key": {"id": signer.id, "public_key": signer.public.hex()},
        "gaps": list(gaps),
    }
    body["signature"] = signer.sign(PURPOSE, spelled(body).encode()).hex()
    return spelled(body).encode()


def named_or_hashed(known: Mapping[str, str], *, opening: bytes, named: Iterable[str] = ()) -> dict[str, Any]:
    """Who the proof is about: what `named` asks for in the clear, the rest as keyed hashes.

    >>> named_or_hashed({"name": "Sara Karimi"}, opening=bytes(16))["named"]
    {}
    """
    wanted = set(named)
    return {
        "named": {what: value for what, value in known.items() if what in wanted and value},
        "hashed": {what: _hashed(opening, what, value) for what, value in known.items() if what not in wanted and value},
    }


def receipt_leaf(sending_id: str, content_hash: str, channel: str, states: Sequence[Mapping[str, str]]) -> bytes:
    """The leaf of one sending in a seal: what was sent on which channel, and every receipt until then."""
    body = [sending_id, content_hash, channel, [[one["state"], one["at"], one["answer"]] for one in states]]
    return leaf_of(json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode())


def hash_of_hashes(content_hashes: Iterable[str]) -> str:
    """What an approval says about its texts (`plan.notices_hash`), from their content hashes alone."""
    return hashlib.sha256("\n".join(sorted(content_hashes)).encode()).hexdigest()


def _hashed(opening: bytes, what: str, value: str) -> str:
    plain = " ".join(unicodedata.normalize("NFKC", value).casefold().split())
    return hmac.digest(opening, f"{what}\0{plain}".encode(), "sha256").hex()


# ---- checked ----


def verify_person_proof(
    raw: bytes,
    *,
    keys: Mapping[str, PublicKey] | None = None,
    about: Mapping[str, str] | None = None,
    opening: bytes | None = None,
) -> ProofVerdict:
    """Whether the file is as it was signed, its parts fit together, and the key is one that the company publishes.

    Args:
        keys: the published keys by their id (`lib.signing.read_keys`); without them a forger's own key looks as good as the company's.
        about: a name or an e-mail address that should be the person's ("name", "email").
        opening: the key that came beside the file; needed where the proof holds keyed hashes.
    """
    body = _read(raw)
    if isinstance(body, str):
        return ProofVerdict(is_whole=False, is_key_known=None, problems=(body,))
    try:
        return _verdict(body, keys, about, opening)
    except (KeyError, TypeError, ValueError, AttributeError, IndexError, RecursionError):
        # Nothing that we signed looks like this.
        return ProofVerdict(is_whole=False, is_key_known=None, problems=("a part is missing or of another sort: this was not made by amanat",))


def _read(raw: bytes) -> dict[str, Any] | str:
    """The body, or the sentence that says why there is none."""
    if len(raw) > PROOF_SIZE_MAX:
        return "it is larger than any proof of ours"
    try:
        text = raw.decode()
        body = json.loads(text)
        if isinstance(body, dict) and body.get("kind") == KIND:
            if body.get("version") != 1:
                return "it is of a later form than this program knows; use a newer amanat"
            if spelled(body) == text:
                return body
            return "it is not spelled as it was signed: something was changed, added or laid out anew"
    except (ValueError, RecursionError):
        pass
    return "it is no proof that amanat made, or it was changed so that it cannot be read"


def _verdict(body: dict[str, Any], keys: Mapping[str, PublicKey] | None, about: Mapping[str, str] | None, opening: bytes | None) -> ProofVerdict:
    public = bytes.fromhex(body["key"]["public_key"])
    problems: list[str] = []
    unsigned = {name: value for name, value in body.items() if name != "signature"}
    if not is_hex(body["signature"], 128) or not is_signed(public, PURPOSE, spelled(unsigned).encode(), bytes.fromhex(body["signature"])):
        problems.append("the signature does not fit: the file was changed after it was signed, or signed with another key than it names")
    if body["key"]["id"] != key_id(public):
        problems.append("the key does not have the name that stands beside it")
    head, entries = _journal(body, public, keys, problems)
    _texts(body, problems)
    _approvals(body, entries, problems)
    _messages(body, entries, problems)
    made_at = datetime.fromisoformat(body["made_at"])
    is_key_known = _is_known(body["key"]["id"], public, keys, made_at, problems)
    return ProofVerdict(
        is_whole=not problems,
        is_key_known=is_key_known,
        problems=tuple(problems),
        gaps=tuple(str(one) for one in body["gaps"]),
        incident=body["incident"],
        company=body["company"],
        made_at=body["made_at"],
        key=body["key"]["id"],
        head=head,
        is_about=_is_about(body["person"], about, opening),
        messages=tuple(_told(body, one) for one in body["messages"]),
    )


def _journal(
    body: dict[str, Any], public: bytes, keys: Mapping[str, PublicKey] | None, problems: list[str]
) -> tuple[TreeHead | None, dict[int, dict[str, Any]]]:
    """The head and the journal's lines by number, those that the head proves."""
    try:
        head = head_from(body["tree_head"])
    except NotAHead as error:
        problems.append(str(error))
        return None, {}
    if head.log != body["incident"]:
        problems.append("the tree head is of another incident's journal")
    # The head may be older than the proof, and of a key that was replaced since.
    of_head = public if head.key == key_id(public) else keys[head.key].public if keys and head.key in keys else None
    if of_head is None or not head.is_signed_by(of_head):
        problems.append("the tree head is not signed by the key that it names, or by one that is not published")
    if datetime.fromisoformat(body["made_at"]) < datetime.fromisoformat(head.at):
        problems.append("the tree head is later than the proof itself")
    found = {}
    for one in body["journal"]:
        entry, path = one["entry"], [bytes.fromhex(step) for step in one["path"]]
        seq = entry["seq"]
        if hash_of(entry) != entry["hash"]:
            problems.append(f"line {seq} of the journal was changed after it was written")
        elif not is_included(leaf_of(bytes.fromhex(entry["hash"])), seq - 1, head.size, path, bytes.fromhex(head.root)):
            problems.append(f"line {seq} is not in the journal that the tree head stands for")
        else:
            found[seq] = entry
    return head, found


def _texts(body: dict[str, Any], problems: list[str]) -> None:
    for name, text in body["texts"].items():
        spelling = json.dumps(text, sort_keys=True, ensure_ascii=False, separators=(",", ":"))  # as `Notice.content_hash`
        if hashlib.sha256(spelling.encode()).hexdigest() != name:
            problems.append(f"the text {text.get('id', '')} is not the one that was approved: its hash does not fit")


def _approvals(body: dict[str, Any], entries: Mapping[int, Mapping[str, Any]], problems: list[str]) -> None:
    for one in body["approvals"]:
        if not one["author"] or not one["approver"] or one["author"] == one["approver"]:
            problems.append("an approval does not name two different persons")
        if one["texts"] is not None and hash_of_hashes(one["texts"]) != one["notices_hash"]:
            problems.append("the texts of an approval are not those that were signed for: their common hash does not fit")
        for act, who in ((SIGNED, one["author"]), (APPROVED, one["approver"])):
            wanted = {name: one[name] for name in ("notices_hash", "recipients_hash", "n_recipients")}
            said = [e for e in entries.values() if e["act"] == act and e["who"] == who and wanted.items() <= e["what"].items()]
            if not said:
                whose = "author" if act == SIGNED else "approver"
                problems.append(f"the journal does not bear out that the {whose} signed for these texts and this list")


def _messages(body: dict[str, Any], entries: Mapping[int, Mapping[str, Any]], problems: list[str]) -> None:
    approvals = {one["approval"]: one for one in body["approvals"]}
    for number, one in enumerate(body["messages"], 1):
        if one["content_hash"] not in body["texts"]:
            problems.append(f"the text of message {number} is missing")
        approval = approvals.get(one["approval"])
        if approval is None or (approval["texts"] is not None and one["content_hash"] not in approval["texts"]):
            problems.append(f"the text of message {number} is not among those that its approval covers")
        seal = one["seal"]
        if seal is None:
            continue
        entry = entries.get(seal["seq"])
        states = one["states"][: seal["n_states"]]
        leaf = receipt_leaf(one["sending_id"], one["content_hash"], one["channel"], states)
        path = [bytes.fromhex(step) for step in seal["path"]]
        is_noted = entry is not None and entry["act"] == SEALED and entry["what"]["n"] == seal["size"]
        if not is_noted or entry is None or not is_included(leaf, seal["index"], seal["size"], path, bytes.fromhex(entry["what"]["root"])):
            problems.append(f"the receipts of message {number} are not those that the journal sealed")


def _is_known(name: str, public: bytes, keys: Mapping[str, PublicKey] | None, at: datetime, problems: list[str]) -> bool | None:
    if keys is None:
        return None
    known = keys.get(name)
    if known is None or known.public != public:
        return False
    why_not = known.why_not(at)
    if why_not:
        problems.append(why_not)
    return True


def _is_about(person: Mapping[str, Any], about: Mapping[str, str] | None, opening: bytes | None) -> bool | None:
    if not about:
        return None
    return all(
        _hashed(b"", what, person["named"][what]) == _hashed(b"", what, value)
        if what in person["named"]
        else opening is not None and hmac.compare_digest(str(person["hashed"].get(what, "")), _hashed(opening, what, value))
        for what, value in about.items()
    )


def _told(body: Mapping[str, Any], message: Mapping[str, Any]) -> dict[str, Any]:
    text = body["texts"].get(message["content_hash"], {})
    return {
        "notice_id": message["notice_id"],
        "title": text.get("title", ""),
        "language": text.get("language", ""),
        "content_hash": message["content_hash"],
        "channel": message["channel"],
        "states": [dict(state) for state in message["states"]],
        "n_sealed": message["seal"]["n_states"] if message["seal"] else 0,
    }
