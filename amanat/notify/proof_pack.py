"""The proof pack for a regulator, checked: a ZIP whose manifest names every file with its hash and is signed with the journal's head.

What is checked is what the files say. How the ZIP is laid out (order, dates, compression) says nothing, and is not signed.
"""

import hashlib
import json
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from amanat.lib.journal import verify_entries
from amanat.lib.merkle import Frontier, leaf_of
from amanat.lib.signing import PublicKey, Signer, is_signed, key_id, spelled
from amanat.lib.tree_head import NotAHead, TreeHead, head_from, is_hex
from amanat.notify.person_proof import APPROVED, SEALED, SIGNED, ProofVerdict, receipt_leaf

KIND, PURPOSE = "amanat proof pack", "proof pack"
MANIFEST = "manifest.json"
MANIFEST_MAX, LINE_MAX = 5_000_000, 50_000_000  # bytes
LEAF_BYTES = 16 + 32  # of a sealed sending: its id and its leaf
_PIECE = 1 << 20


class _Broken(Exception):
    """The pack cannot be read further; the words say why."""


def signed_manifest(body: Mapping[str, Any], signer: Signer) -> str:
    """The manifest of a pack with its key and signature, as it stands in the ZIP."""
    whole = {"kind": KIND, "version": 1, **body, "key": {"id": signer.id, "public_key": signer.public.hex()}}
    return spelled(whole | {"signature": signer.sign(PURPOSE, spelled(whole).encode()).hex()})


def verify_pack(path: Path, *, keys: Mapping[str, PublicKey] | None = None) -> ProofVerdict:
    """Whether a pack is as it was signed, and what it says fits together: files, journal, texts, approvals and receipts."""
    try:
        with zipfile.ZipFile(path) as pack:
            return _verdict(pack, keys)
    except _Broken as error:
        return ProofVerdict(is_whole=False, is_key_known=None, problems=(str(error),))
    except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, RuntimeError, EOFError, OSError) as error:
        if isinstance(error, OSError) and error.filename is not None:
            raise  # the path itself: the command says what to do
        return ProofVerdict(is_whole=False, is_key_known=None, problems=("the ZIP is damaged: it was cut off, or changed after it was made",))
    except (KeyError, TypeError, ValueError, AttributeError, IndexError, RecursionError, NotAHead):
        return ProofVerdict(is_whole=False, is_key_known=None, problems=("a part is missing or of another sort: this was not made by amanat",))


def _verdict(pack: zipfile.ZipFile, keys: Mapping[str, PublicKey] | None) -> ProofVerdict:
    manifest = _manifest(pack)
    public = bytes.fromhex(manifest["key"]["public_key"])
    unsigned = {name: value for name, value in manifest.items() if name != "signature"}
    if not is_hex(manifest["signature"], 128) or not is_signed(public, PURPOSE, spelled(unsigned).encode(), bytes.fromhex(manifest["signature"])):
        # Nothing unsigned is unpacked: it may be a bomb.
        raise _Broken("the signature of manifest.json does not fit: it was changed after it was signed, or signed with another key than it names")
    problems: list[str] = []
    if manifest["key"]["id"] != key_id(public):
        problems.append("the key does not have the name that stands beside it")
    names = [info.filename for info in pack.infolist()]
    wanted = {MANIFEST, *manifest["files"]}
    problems += [f"{name}: is not in the pack" for name in sorted(wanted - set(names))]
    problems += [f"{_shown(name)}: is in the pack, and the manifest does not know it" for name in sorted(set(names) - wanted)]
    if len(names) != len(set(names)):
        problems.append("the ZIP holds two files of one name, of which only one can be the signed one")
    if not problems:
        problems += [f"{name}: was changed after it was signed" for name, said in manifest["files"].items() if not _is_as_signed(pack, name, said)]
    head = head_from(manifest["tree_head"])
    of_head = public if head.key == key_id(public) else keys[head.key].public if keys and head.key in keys else None
    if of_head is None or not head.is_signed_by(of_head) or head.log != manifest["incident"]:
        problems.append("the tree head is not of this incident, or not signed by a key that is known")
    if not problems:  # signed as it stands: now whether it fits together
        problems += _Contents(pack, manifest, head).problems()
    made_at = datetime.fromisoformat(manifest["made_at"])
    known = None if keys is None else manifest["key"]["id"] in keys and keys[manifest["key"]["id"]].public == public
    if known and keys and (why_not := keys[manifest["key"]["id"]].why_not(made_at)):
        problems.append(why_not)
    return ProofVerdict(
        is_whole=not problems,
        is_key_known=known,
        problems=tuple(problems),
        gaps=tuple(str(one) for one in manifest.get("gaps", ())),
        incident=manifest["incident"],
        company=manifest["company"],
        made_at=manifest["made_at"],
        key=manifest["key"]["id"],
        head=head,
    )


def _manifest(pack: zipfile.ZipFile) -> dict[str, Any]:
    if MANIFEST not in pack.namelist():
        raise _Broken("there is no manifest.json in it: this is no proof pack, or one that was made before packs were signed")
    with pack.open(MANIFEST) as file:
        raw = file.read(MANIFEST_MAX + 1)
    try:
        text = raw.decode()
        body = json.loads(text) if len(raw) <= MANIFEST_MAX else None
        if isinstance(body, dict) and "signature" not in body and "journal_head" in body:
            raise _Broken("manifest.json is not signed: this pack was made before packs were signed; check its journal with `amanat journal verify`")
        if isinstance(body, dict) and body.get("kind") == KIND and body.get("version") == 1 and spelled(body) == text:
            return body
    except (ValueError, RecursionError):
        pass
    raise _Broken("manifest.json is not spelled as it was signed: it was changed")


def _is_as_signed(pack: zipfile.ZipFile, name: str, said: Mapping[str, Any]) -> bool:
    digest, n = hashlib.sha256(), 0
    try:
        with pack.open(name) as file:
            while piece := file.read(_PIECE):
                n += len(piece)
                if n > said["size"]:
                    return False
                digest.update(piece)
    except (zipfile.BadZipFile, EOFError, OSError, RuntimeError, NotImplementedError):
        return False
    return n == said["size"] and digest.hexdigest() == said["sha256"]


def _shown(name: str) -> str:
    return "".join(c if c.isprintable() else "?" for c in name)[:100]


@dataclass(slots=True)
class _Contents:
    """The files of a pack that are known to be as they were signed, read once each, line by line."""

    pack: zipfile.ZipFile
    manifest: Mapping[str, Any]
    head: TreeHead
    entries: list[dict[str, Any]] = field(default_factory=list)  # of the journal, those that other files lean on

    def problems(self) -> list[str]:
        return [*self._journal(), *self._texts_and_approvals(), *self._sendings()]

    def _journal(self) -> Iterator[str]:
        tree = Frontier()

        def seen() -> Iterator[dict[str, Any]]:
            for entry in self._lines("journal.jsonl"):
                if is_hex(entry.get("hash"), 64):
                    tree.append(leaf_of(bytes.fromhex(entry["hash"])))
                if entry.get("act") in (SIGNED, APPROVED, SEALED):
                    self.entries.append(entry)
                yield entry

        verdict = verify_entries(seen(), head=self.head.last)
        if not verdict.is_whole:
            yield f"journal.jsonl: {verdict.problem}"
        elif len(tree) != self.head.size or tree.root().hex() != self.head.root:
            yield "journal.jsonl: is not the journal that the tree head stands for"

    def _texts_and_approvals(self) -> Iterator[str]:
        for row in self._lines("notices.jsonl"):
            spelling = json.dumps(row["content"], sort_keys=True, ensure_ascii=False, separators=(",", ":"))
            if hashlib.sha256(spelling.encode()).hexdigest() != row["content_hash"]:
                yield f"notices.jsonl: the text {row['notice_id']} does not have the hash that stands beside it"
        for row in self._lines("approvals.jsonl"):
            if row["approver"] is None:
                continue  # the author's half; nothing was sent on it
            named = {name: row[name] for name in ("approval", "notices_hash", "recipients_hash", "n_recipients")}
            who = {act: {e["who"] for e in self.entries if e["act"] == act and named.items() <= e["what"].items()} for act in (SIGNED, APPROVED)}
            if not who[SIGNED] or not who[APPROVED] or who[SIGNED] & who[APPROVED]:
                yield f"approvals.jsonl: the journal does not bear out that two different persons signed approval {row['approval']}"

    def _sendings(self) -> Iterator[str]:
        """Each message's text is in the pack, and its receipts are those that the journal sealed; all files are in the order of ids."""
        texts = {row["content_hash"] for row in self._lines("notices.jsonl")}
        seals = [_Seal(self.pack, entry) for entry in self.entries if entry["act"] == SEALED]
        before, n_lost, n_other, n_unsealed = "", 0, 0, 0
        for row in self._lines("sendings.jsonl"):
            if row["sending_id"] <= before:
                yield "sendings.jsonl: is not in the order of ids, so a message could stand in it twice"
                return
            before = row["sending_id"]
            n_lost += row["content_hash"] not in texts
            leaves = [receipt_leaf(before, row["content_hash"], row["channel"], row["receipts"][:n]) for n in range(len(row["receipts"]) + 1)]
            found = [leaf for seal in seals if (leaf := seal.leaf(before)) is not None]
            n_other += any(leaf not in leaves for leaf in found)
            n_unsealed += not found and bool(row["receipts"])
        if n_lost:
            yield f"sendings.jsonl: messages whose text is not among notices.jsonl: {n_lost:,}"
        if n_other:
            yield f"sendings.jsonl: messages whose receipts are not those that the journal sealed: {n_other:,}"
        for seal in seals:
            if problem := seal.end():
                yield problem

    def _lines(self, name: str) -> Iterator[dict[str, Any]]:
        with self.pack.open(name) as file:
            while line := file.readline(LINE_MAX):
                body = json.loads(line)
                if not isinstance(body, dict):
                    raise ValueError(name)
                yield body


class _Seal:
    """One seal of receipts: its file of ids and leaves, read side by side with the messages."""

    def __init__(self, pack: zipfile.ZipFile, entry: Mapping[str, Any]) -> None:
        self._name = seal_name(entry["seq"])
        self._what = entry["what"]
        self._file: IO[bytes] = pack.open(self._name)
        self._tree, self._n_missed = Frontier(), 0
        self._next()

    def leaf(self, sending_id: str) -> bytes | None:
        """The leaf of this message, when it stands in the seal."""
        while self._id and self._id < sending_id:
            self._n_missed += 1  # sealed, and not among the messages any more
            self._next()
        if self._id != sending_id:
            return None
        found = self._leaf
        self._next()
        return found

    def end(self) -> str:
        """What is wrong with it, after all messages were seen."""
        while self._id:
            self._n_missed += 1
            self._next()
        self._file.close()
        if len(self._tree) != self._what["n"] or self._tree.root().hex() != self._what["root"]:
            return f"{self._name}: is not what the journal sealed"
        if self._n_missed:
            return f"sendings.jsonl: messages that the journal sealed are missing: {self._n_missed:,}"
        return ""

    def _next(self) -> None:
        record = self._file.read(LEAF_BYTES)
        self._id, self._leaf = record[:16].hex(), record[16:]
        if self._id:
            self._tree.append(self._leaf)


def seal_name(seq: int) -> str:
    """The file of the seal that line `seq` of the journal notes."""
    return f"seals/{seq:08}.leaves"
