"""Signing in the house's name: its key, the published list of keys, and the heads of journals.

The private key lies in the database under the master key, so that every worker signs with the same one and a copy of the database alone
signs nothing. Only the worker and the staff door sign; the public door's account cannot even read the sealed key.
See docs/decisions, "One signing key of the house".
"""

from datetime import datetime
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import connection, transaction

from amanat import notify
from amanat.lib.merkle import Tree
from amanat.lib.signing import PublicKey, Signer, key_id
from amanat.lib.tree_head import TreeHead, is_later, sign_head, tree_of
from amanat.web import crypto
from amanat.web.respond.models import CertificateRow, Incident, JournalEntry, SigningKeyRow, TreeHeadRow

_SEALED_FOR = "signing key"
_LOCK = 0x616D616E6174  # one maker of keys at a time: "amanat" in hex


class JournalChanged(Exception):
    """The journal does not begin with what was signed before: somebody rewrote it in the database. Nothing is signed over it."""


@transaction.atomic
def signer(*, now: datetime) -> Signer:
    """The key that signs now; the first one is made when it is first needed."""
    row = _active() or _make(now)
    return Signer(Ed25519PrivateKey.from_private_bytes(bytes.fromhex(crypto.decrypt_text(row.sealed, purpose=f"{_SEALED_FOR} {row.pk}"))))


@transaction.atomic
def rotate(*, now: datetime, is_revoked: bool) -> str:
    """Ends the key that signs and makes the next; returns its id.

    Args:
        is_revoked: the old key fell into other hands: nothing that it signed proves anything any more.
    """
    _one_at_a_time()
    SigningKeyRow.objects.filter(until=None).update(until=now, is_revoked=is_revoked)
    return _make(now).pk


def published_keys() -> list[PublicKey]:
    """Every key of the house, the newest first; what may be read at the public door."""
    rows = SigningKeyRow.objects.order_by("-since").values_list("public", "since", "until", "is_revoked")
    return [PublicKey(public=bytes(public), since=since, until=until, is_revoked=is_revoked) for public, since, until, is_revoked in rows]


@transaction.atomic
def authority(*, now: datetime) -> bytes:
    """The certificate of the key that signs now, in PEM; made when the first picture goes out under it."""
    signs = signer(now=now)
    row = CertificateRow.objects.filter(key_id=signs.id).first()
    if row is None:
        _one_at_a_time()
        row, _ = CertificateRow.objects.get_or_create(key_id=signs.id, defaults={"pem": notify.house_certificate(signs, at=now).decode()})
    return row.pem.encode()


def published_certificates() -> bytes:
    """Those of all keys that were not revoked, the newest first, in PEM; what may be read at the public door."""
    rows = CertificateRow.objects.filter(key__is_revoked=False).order_by("-key__since").values_list("pem", flat=True)
    return "".join(rows).encode()


@transaction.atomic
def sign_journal(incident: Incident, *, now: datetime) -> tuple[TreeHead, Tree]:
    """The head of the incident's journal as it stands, signed and kept, and the tree for proofs. Raises JournalChanged."""
    # Nobody writes a line meanwhile, and two heads follow one another.
    Incident.objects.select_for_update(no_key=True).only("id").get(pk=incident.pk)
    hashes = list(JournalEntry.objects.filter(incident=incident).order_by("seq").values_list("hash", flat=True))
    tree, signs = tree_of(hashes), signer(now=now)
    before = TreeHeadRow.objects.filter(incident=incident).order_by("-id").first()
    if before and before.size == len(tree) and before.key_id == signs.id and before.root == tree.root().hex():
        return head_of(before), tree
    if before and before.size > len(tree):
        raise JournalChanged(f"the journal of {incident.pk} is shorter than it was when its head was signed")
    head = sign_head(tree, log=str(incident.pk), last=hashes[-1] if hashes else "0" * 64, at=now, signer=signs)
    path = [one.hex() for one in tree.consistency(before.size)] if before and before.size else []
    if before and not is_later(head_of(before), head, path):
        raise JournalChanged(f"the journal of {incident.pk} is not the one whose head was signed before")
    TreeHeadRow.objects.create(
        incident=incident, size=head.size, root=head.root, last=head.last, at=head.at, key_id=head.key, signature=head.signature, path=path
    )
    return head, tree


def head_of(row: TreeHeadRow) -> TreeHead:
    """The head that the row keeps."""
    return TreeHead(log=str(row.incident_id), size=row.size, root=row.root, last=row.last, at=row.at, key=row.key_id, signature=row.signature)


def published_heads(incident: Incident, *, most: int) -> list[dict[str, Any]]:
    """The newest heads of a journal, the newest first, each with the path from the one before."""
    from dataclasses import asdict

    rows = TreeHeadRow.objects.filter(incident=incident).order_by("-id")[:most]
    return [{"head": asdict(head_of(row)), "path": row.path} for row in rows]


def _active() -> SigningKeyRow | None:
    return SigningKeyRow.objects.filter(until=None).first()


def _make(now: datetime) -> SigningKeyRow:
    _one_at_a_time()
    if row := _active():
        return row  # somebody else made it this moment
    key = Ed25519PrivateKey.generate()
    public = key.public_key().public_bytes_raw()
    name = key_id(public)
    sealed = crypto.encrypt_text(key.private_bytes_raw().hex(), purpose=f"{_SEALED_FOR} {name}")
    return SigningKeyRow.objects.create(id=name, public=public, sealed=sealed, since=now)


def _one_at_a_time() -> None:
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s)", [_LOCK])
