"""Two signatures under a statement to everybody: an author, and a different approver, on the same words for the same outlets."""

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from amanat.lib.errors import Fixable
from amanat.lib.shape import build, read_toml
from amanat.lib.signing import Signer, is_signed
from amanat.notify.approve import BadSigner, NotApproved, public_key_of, read_key, staff_of
from amanat.notify.case import company_of, incident_of


class NotTheSame(Fixable):
    """What was signed is not what stands there now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementApproval:
    """Who stands for which statement; while nobody has countersigned, the approver is missing."""

    incident: str
    statement_hash: str
    author: str
    authored_at: str
    author_signature: str
    approver: str | None = None
    approved_at: str | None = None
    approver_signature: str | None = None


def sign(file: Path, statement_hash: str, *, case: Path, staff_id: str, key_file: Path, now: datetime) -> StatementApproval:
    """The author's signature, or the approver's on top of it when somebody else signed the same before. Writes the file; raises BadSigner."""
    company = company_of(case)
    key = read_key(key_file)
    if staff_of(company, staff_id).public_key.lower() != public_key_of(key):
        raise BadSigner(f"the key is not that of {staff_id!r} in company.toml; use the right key file, or have the new public key entered there")
    signer, stamp = Signer(key), now.isoformat(timespec="microseconds")
    before = build(StatementApproval, read_toml(file), where=file) if file.is_file() else None
    if before and before.statement_hash == statement_hash and before.author != staff_id:
        words = _words(before.incident, statement_hash, before.author, before.authored_at, before.author_signature, staff_id, stamp)
        signature = signer.sign("statement approval, approver", words).hex()
        made = StatementApproval(
            incident=before.incident,
            statement_hash=statement_hash,
            author=before.author,
            authored_at=before.authored_at,
            author_signature=before.author_signature,
            approver=staff_id,
            approved_at=stamp,
            approver_signature=signature,
        )
    else:
        incident = incident_of(case)
        signature = signer.sign("statement approval, author", _words(incident, statement_hash, staff_id, stamp)).hex()
        made = StatementApproval(incident=incident, statement_hash=statement_hash, author=staff_id, authored_at=stamp, author_signature=signature)
    lines = ["# Two people's word for a statement to everybody. A change of text, picture or outlet voids it."]
    for name in StatementApproval.__dataclass_fields__:
        if (value := getattr(made, name)) is not None:
            lines.append(f"{name} = {json.dumps(value)}")
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return made


def countersign(signed: StatementApproval, statement_hash: str, *, case: Path) -> None:
    """Raises NotApproved or BadSigner unless two different members of staff, with two different keys, signed exactly this statement."""
    company = company_of(case)
    if signed.incident != incident_of(case):
        raise NotApproved("the approval is of another incident; sign this one")
    if signed.statement_hash != statement_hash:
        raise NotTheSame("the statement has changed since it was signed; read it again and sign it anew")
    if signed.approver is None or signed.approved_at is None or signed.approver == signed.author:
        raise NotApproved("only one person has signed; a different member of staff must")
    author, approver = staff_of(company, signed.author), staff_of(company, signed.approver)
    if author.public_key.lower() == approver.public_key.lower():
        raise BadSigner(f"{author.id!r} and {approver.id!r} have the same public key: that is one person; give each their own key")
    first = _words(signed.incident, statement_hash, signed.author, signed.authored_at)
    second = _words(signed.incident, statement_hash, signed.author, signed.authored_at, signed.author_signature, signed.approver, signed.approved_at)
    for who, purpose, words, signature in (
        (author, "statement approval, author", first, signed.author_signature),
        (approver, "statement approval, approver", second, signed.approver_signature or ""),
    ):
        try:
            fits = is_signed(bytes.fromhex(who.public_key), purpose, words, bytes.fromhex(signature))
        except ValueError:
            fits = False
        if not fits:
            raise BadSigner(f"the signature of {who.id!r} does not fit; the approval or the key was changed. Sign anew")


def start_again(file: Path) -> None:
    """A signature stands for one release: the next statement is signed anew."""
    file.unlink(missing_ok=True)


def _words(*parts: str) -> bytes:
    return json.dumps(parts, separators=(",", ":"), ensure_ascii=False).encode()
