"""Signatures that outsiders can check: Ed25519 keys, their short names, and the list in which a company publishes them.

Every signature is bound to what it is for (`purpose`), so that one made for a letter can never be shown as one over a journal.
A key that was replaced stays on the list with the time during which it was used: what it signed then stays true.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from amanat.lib.errors import Fixable

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.x509 import Certificate, CertificateBuilder

LIST_KIND = "amanat keys"
_KEYS_FILE_MAX = 1_000_000


class BadKeys(Fixable):
    """A file that should hold published keys."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicKey:
    """One key as the company publishes it."""

    public: bytes  # 32 bytes
    company: str = ""
    since: datetime | None = None  # it signs from here …
    until: datetime | None = None  # … to here; None: still
    is_revoked: bool = False  # it fell into other hands: nothing that it signed proves anything any more

    @property
    def id(self) -> str:
        return key_id(self.public)

    def why_not(self, at: datetime | None) -> str:
        """Why a signature of this key made at that moment proves nothing; empty when it does."""
        if self.is_revoked:
            return f"the key {self.id} was revoked: it fell into other hands, and nothing that it signed proves anything any more"
        if at is not None and self.since is not None and at < self.since:
            return f"the key {self.id} was not in use yet at the time that this names"
        if at is not None and self.until is not None and at > self.until:
            return f"the key {self.id} was no longer in use at the time that this names"
        return ""


class Signer:
    """A private key that signs; it does not show itself."""

    def __init__(self, key: "Ed25519PrivateKey") -> None:
        self._key = key
        self.public = key.public_key().public_bytes_raw()
        self.id = key_id(self.public)

    def __repr__(self) -> str:
        return f"<signer {self.id}>"

    def sign(self, purpose: str, message: bytes) -> bytes:
        """64 bytes."""
        return self._key.sign(_bound(purpose, message))

    def certify(self, certificate: "CertificateBuilder") -> "Certificate":
        """The certificate, issued by this key. It begins as no bound message does (DER: 0x30), so neither can be shown as the other."""
        return certificate.sign(self._key, None)


def key_id(public: bytes) -> str:
    """The short name of a key: 16 hex digits, made from the key itself, so that nobody hands out names.

    >>> key_id(bytes(32))
    'eb4ea57f72740068'
    """
    return hashlib.sha256(b"amanat key" + public).hexdigest()[:16]


def is_signed(public: bytes, purpose: str, message: bytes, signature: bytes) -> bool:
    """Whether the owner of this key signed this message for this purpose."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, _bound(purpose, message))
    except (InvalidSignature, ValueError):
        return False
    return True


def _bound(purpose: str, message: bytes) -> bytes:
    return b"amanat " + purpose.encode() + b"\n" + message


def spelled(body: Mapping[str, Any]) -> str:
    """JSON in the one spelling in which we sign it: sorted keys, one blank of indent, UTF-8, a line's end."""
    return json.dumps(body, sort_keys=True, indent=1, ensure_ascii=False) + "\n"


# ---- the published list ----


def list_of(keys: Iterable[PublicKey]) -> dict[str, Any]:
    """The list as it is published in `keys.json`."""
    return {
        "kind": LIST_KIND,
        "version": 1,
        "keys": [
            {
                "id": key.id,
                "public_key": key.public.hex(),
                "company": key.company,
                "since": key.since.isoformat() if key.since else None,
                "until": key.until.isoformat() if key.until else None,
                "is_revoked": key.is_revoked,
            }
            for key in keys
        ],
    }


def read_keys(path: Path) -> dict[str, PublicKey]:
    """Keys by their id, from a published `keys.json` or from a file with nothing but 64 hex digits; raises BadKeys."""
    try:
        with path.open("rb") as file:
            raw = file.read(_KEYS_FILE_MAX + 1)
    except OSError as error:
        raise BadKeys(
            f"{path}: cannot be read ({error.strerror}); give the keys.json that the company publishes beside its page for checking"
        ) from None
    try:
        text = raw.decode()
        if len(raw) > _KEYS_FILE_MAX:
            raise ValueError
        keys = _keys_of(json.loads(text)) if text.lstrip().startswith("{") else [PublicKey(public=_public(text.strip()))]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise BadKeys(f"{path}: is no list of keys; give the company's keys.json, or a file with the 64 hex digits of one key") from None
    return {key.id: key for key in keys}


def _keys_of(body: Mapping[str, Any]) -> list[PublicKey]:
    if body["kind"] != LIST_KIND or body["version"] != 1 or not isinstance(body["keys"], list):
        raise ValueError
    return [
        PublicKey(
            public=_public(one["public_key"]),
            company=str(one.get("company") or ""),
            since=_moment(one.get("since")),
            until=_moment(one.get("until")),
            is_revoked=bool(one.get("is_revoked")),
        )
        for one in body["keys"]
    ]


def _public(text: str) -> bytes:
    public = bytes.fromhex(text)
    if len(public) != 32:
        raise ValueError
    return public


def _moment(text: str | None) -> datetime | None:
    if text is None:
        return None
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError
    return moment
