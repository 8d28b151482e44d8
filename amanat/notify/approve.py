"""Approval: an author signs, a different approver countersigns; a change of text or list voids both."""

import json
import os
import stat
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from amanat.lib.errors import Fixable, did_you_mean
from amanat.lib.shape import build, read_toml
from amanat.notify.plan import Plan, notices_hash, recipients_hash
from amanat.terms.approval import Approval
from amanat.terms.company import Company, Staff
from amanat.terms.notice import Finding, Notice


class NotApproved(Fixable):
    """The approval does not cover what is about to be sent, or not yet."""


class BadSigner(Fixable):
    """Somebody who cannot sign this."""


class BadKeyFile(Fixable):
    """A file that should hold a signing key."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Authored:
    """The author's half of an approval, as the file holds it until a second person countersigns."""

    incident: str
    notices_hash: str
    recipients_hash: str
    n_recipients: int
    author: str
    authored_at: datetime
    author_signature: str


# ---- keys ----


def new_key(path: Path) -> str:
    """Makes a signing key in a file that only its owner reads, and gives the public key for `company.toml`."""
    key = Ed25519PrivateKey.generate()
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise BadKeyFile(f"{path}: is there already, and a key is never written over; choose another name") from None
    except OSError as error:
        raise BadKeyFile(f"{path}: cannot be written ({error.strerror})") from None
    with os.fdopen(handle, "w") as file:
        file.write(key.private_bytes_raw().hex() + "\n")
    return public_key_of(key)


def read_key(path: Path) -> Ed25519PrivateKey:
    """The signing key of a file written by `new_key`; raises BadKeyFile."""
    try:
        mode = path.stat().st_mode
        lines = path.read_text(encoding="utf-8").splitlines()
        key = Ed25519PrivateKey.from_private_bytes(bytes.fromhex("".join(line for line in lines if not line.startswith("#"))))
    except OSError as error:
        raise BadKeyFile(f"{path}: cannot be read ({error.strerror}); make one with `amanat notify approve --new-key {path}`") from None
    except ValueError:
        raise BadKeyFile(f"{path}: is not a signing key (64 hex digits; lines that begin with # are comments)") from None
    if mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise BadKeyFile(f"{path}: others than its owner may read it, so its signature proves nothing; run: chmod 600 {path}")
    return key


def public_key_of(key: Ed25519PrivateKey) -> str:
    """64 hex digits, for `public_key` of a member of staff in `company.toml`."""
    return key.public_key().public_bytes_raw().hex()


# ---- signing ----


def author(
    *,
    incident_id: str,
    notices: Iterable[Notice],
    plan: Plan,
    company: Company,
    staff_id: str,
    key: Ed25519PrivateKey,
    now: datetime,
    findings: Iterable[Finding] = (),
) -> Authored:
    """The author's signature on a text and a list. Findings of the honesty gate that block must be mended first."""
    _refuse_blocked(findings)
    _check_signer(company, staff_id, key)
    unsigned: dict[str, Any] = {
        "incident": incident_id,
        "notices_hash": notices_hash(notices),
        "recipients_hash": recipients_hash(plan.sendings, plan.further, together=plan.together, envelopes=plan.envelopes),
        "n_recipients": plan.sendings.num_rows,
        "author": staff_id,
        "authored_at": _in_utc(now),
    }
    return Authored(**unsigned, author_signature=key.sign(_author_words(unsigned)).hex())


def approve(
    authored: Authored,
    *,
    incident_id: str,
    notices: Iterable[Notice],
    plan: Plan,
    company: Company,
    staff_id: str,
    key: Ed25519PrivateKey,
    now: datetime,
    findings: Iterable[Finding] = (),
) -> Approval:
    """The second signature, by somebody else, on what the author signed; raises when that has changed since."""
    _refuse_blocked(findings)
    if staff_id == authored.author:
        raise BadSigner(f"{staff_id!r} wrote this and cannot approve it; a second member of staff must")
    _check_signer(company, staff_id, key)
    unsigned = {k: v for k, v in asdict(authored).items()} | {"approver": staff_id, "approved_at": _in_utc(now)}
    approval = Approval(**unsigned, approver_signature=key.sign(_approver_words(unsigned)).hex())
    check_approval(approval, incident_id=incident_id, notices=notices, plan=plan, company=company)
    return approval


def check_approval(approval: Approval, *, incident_id: str, notices: Iterable[Notice], plan: Plan, company: Company) -> None:
    """Raises NotApproved or BadSigner unless two different members of staff signed exactly this text and this list."""
    if approval.incident != incident_id:
        raise NotApproved("the approval is of another incident; approve this one")
    if approval.notices_hash != notices_hash(notices):
        raise NotApproved("the text of the notices has changed since it was approved; read it again and approve it anew")
    if approval.n_recipients != plan.sendings.num_rows:
        then_and_now = f"{approval.n_recipients:,} then, {plan.sendings.num_rows:,} now"
        raise NotApproved(f"the list of recipients has changed since it was approved ({then_and_now}); approve it anew")
    if approval.recipients_hash != recipients_hash(plan.sendings, plan.further, together=plan.together, envelopes=plan.envelopes):
        raise NotApproved(
            "the list of recipients has changed since it was approved (the same number, not the same persons or channels); approve it anew"
        )
    if approval.author == approval.approver:
        raise BadSigner(f"{approval.author!r} signed as author and as approver; two different members of staff must")
    signed = asdict(approval)
    _check_signature(staff_of(company, approval.author), approval.author_signature, _author_words(signed), "author")
    _check_signature(staff_of(company, approval.approver), approval.approver_signature, _approver_words(signed), "approver")
    if _key_of(company, approval.author) == _key_of(company, approval.approver):
        raise BadSigner(f"{approval.author!r} and {approval.approver!r} have the same public key: that is one person; give each their own key")


# ---- the file ----


def write_approval(path: Path, approval: Approval | Authored) -> None:
    """Writes the approval, or the author's half of it, as TOML. The file appears whole or not at all."""
    lines = ["# An approval of amanat: what two members of staff put their names to. A change of text or list voids it."]
    for field in fields(approval):
        value = getattr(approval, field.name)
        if isinstance(value, datetime):
            lines.append(f"{field.name} = {value.isoformat(timespec='microseconds')}")
        else:
            lines.append(f"{field.name} = {json.dumps(value, ensure_ascii=False)}")
    beside = path.with_name(path.name + ".part")
    beside.write_text("\n".join(lines) + "\n", encoding="utf-8")
    os.replace(beside, path)


def read_signed(path: Path) -> Approval | Authored:
    """The approval of a file: whole, or the author's half while nobody has countersigned."""
    table = read_toml(path)
    return build(Approval, table, where=path) if "approver" in table else build(Authored, table, where=path)


def read_approval(path: Path) -> Approval:
    """The approval of a file; raises NotApproved while only its author has signed."""
    found = read_signed(path)
    if isinstance(found, Authored):
        raise NotApproved(f"{path}: only {found.author!r} has signed; a second member of staff approves with `amanat notify approve`")
    return found


# ---- inside ----


def _author_words(signed: Mapping[str, Any]) -> bytes:
    return _words("amanat approval, author", signed, ("incident", "notices_hash", "recipients_hash", "n_recipients", "author", "authored_at"))


def _approver_words(signed: Mapping[str, Any]) -> bytes:
    # The approver signs the author's signature too, so that neither half can be taken into another approval.
    names = ("incident", "notices_hash", "recipients_hash", "n_recipients", "author", "authored_at", "author_signature", "approver", "approved_at")
    return _words("amanat approval, approver", signed, names)


def _words(purpose: str, signed: Mapping[str, Any], names: Sequence[str]) -> bytes:
    body = {name: _in_utc(v).isoformat(timespec="microseconds") if isinstance(v := signed[name], datetime) else v for name in names}
    return json.dumps([purpose, body], sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def _in_utc(moment: datetime) -> datetime:
    return moment.astimezone(timezone.utc)


def _refuse_blocked(findings: Iterable[Finding]) -> None:
    blocking = [f for f in findings if f.is_blocking]
    if blocking:
        first = blocking[0]
        raise NotApproved(
            f"the honesty gate blocks {len(blocking)} passage(s), the first in {first.where or 'the notice'}: {first.says}; mend the text first"
        )


def _check_signer(company: Company, staff_id: str, key: Ed25519PrivateKey) -> None:
    if _key_of(company, staff_id) != public_key_of(key):
        raise BadSigner(f"the key is not that of {staff_id!r} in company.toml; use the right key file, or have the new public key entered there")


def _check_signature(staff: Staff, signature: str, words: bytes, role: str) -> None:
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(staff.public_key)).verify(bytes.fromhex(signature), words)
    except (InvalidSignature, ValueError):
        raise BadSigner(f"the signature of the {role} {staff.id!r} does not fit; the approval or the key was changed. Approve anew") from None


def _key_of(company: Company, staff_id: str) -> str:
    staff = staff_of(company, staff_id)
    if not staff.public_key:
        raise BadSigner(f"{staff_id!r} has no public_key in company.toml; make a key with `amanat notify approve --new-key FILE` and enter it there")
    return staff.public_key.lower()


def staff_of(company: Company, staff_id: str) -> Staff:
    """The member of staff of that id; raises BadSigner."""
    known = {s.id: s for s in company.staff}
    if staff_id not in known:
        raise BadSigner(
            f"company.toml knows no member of staff {staff_id!r}{did_you_mean(staff_id, known)}; add them under [[staff]] with their public_key"
        )
    return known[staff_id]
