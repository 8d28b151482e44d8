"""Encryption of personal data: a data key per incident, wrapped by a master key, and a blind index for look-ups.

AES-256-GCM throughout. What a value is encrypted for (table, column, row) is bound to it, so a value that is moved
to another row no longer opens. Whoever erases an incident's keys erases its people; copies of the database taken
earlier still hold the wrapped keys, so they need a deletion date of their own.
"""

import hashlib
import hmac
import json
import os
import secrets
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from amanat.lib import settings
from amanat.lib.errors import Fixable

_VERSION = b"\x01"
_NONCE_BYTES = 12


class KeysErased(Exception):
    """The incident's keys were erased, so its persons cannot be read any more, by anyone."""


class BadMasterKey(Fixable):
    """The master key's file is missing, is open to others, or holds no key."""


class DoesNotOpen(Exception):
    """A stored value was changed, belongs to another row, or was encrypted with another key."""


@dataclass(frozen=True, slots=True)
class IncidentKeys:
    """The keys of one incident, unwrapped: one to encrypt, one for blind indexes."""

    data: bytes
    index: bytes

    def __repr__(self) -> str:
        return "<incident keys>"

    def encrypt(self, value: Any, *, place: str, row: UUID) -> bytes:
        """A JSON value for one column (`place`, as "scope_affectedperson.secret") of one row."""
        text = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
        return _seal(self.data, text, _bound_to(place, row))

    def decrypt(self, sealed: bytes, *, place: str, row: UUID) -> Any:
        """The value again; raises DoesNotOpen."""
        return json.loads(_open(self.data, bytes(sealed), _bound_to(place, row)))

    def blind(self, kind: str, value: str) -> bytes:
        """16 bytes that are equal for equal (kind, normalised value) of this incident, and tell nothing to others."""
        return hmac.digest(self.index, f"{kind}\0{value}".encode(), "sha256")[:16]


def new_keys() -> IncidentKeys:
    """Fresh random keys for a new incident."""
    return IncidentKeys(secrets.token_bytes(32), secrets.token_bytes(32))


def wrap(keys: IncidentKeys, *, incident_id: UUID) -> bytes:
    """The keys, encrypted with the master key, as they stand in the incident's row."""
    return _seal(master_key(), keys.data + keys.index, _bound_to("respond_incident.wrapped_keys", incident_id))


def unwrap(wrapped: bytes, *, incident_id: UUID) -> IncidentKeys:
    """The keys again; raises DoesNotOpen when the row was changed or the master key is another."""
    both = _open(master_key(), bytes(wrapped), _bound_to("respond_incident.wrapped_keys", incident_id))
    return IncidentKeys(both[:32], both[32:])


def encrypt_text(text: str, *, purpose: str) -> str:
    """A short secret of the system itself (such as a staff member's TOTP secret), under the master key."""
    return _seal(master_key(), text.encode(), purpose.encode()).hex()


def decrypt_text(sealed: str, *, purpose: str) -> str:
    """The secret again; raises DoesNotOpen."""
    return _open(master_key(), bytes.fromhex(sealed), purpose.encode()).decode()


@cache
def master_key() -> bytes:
    """The 32 bytes of AMANAT_MASTER_KEY_FILE, or of `master.key` in the data folder, which is made the first time."""
    named = settings.get("AMANAT_MASTER_KEY_FILE")
    if named:
        return _read_key(Path(named).expanduser())
    path = settings.data_folder() / "master.key"
    make_secret_file(path, secrets.token_hex(32))
    return _read_key(path)


def make_secret_file(path: Path, text: str) -> None:
    """Writes a file for its owner only, unless it is there already; two processes may try at once."""
    if path.exists():
        return
    part = path.with_name(f"{path.name}.{os.getpid()}")
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(part, path)  # unlike a rename, never replaces the other process's file
    except FileExistsError:
        pass
    finally:
        part.unlink()


def _read_key(path: Path) -> bytes:
    try:
        text, mode = path.read_text().strip(), path.stat().st_mode
    except OSError as error:
        raise BadMasterKey(f"{path}: the master key cannot be read ({error.strerror}); mend the path in AMANAT_MASTER_KEY_FILE") from None
    if mode & 0o077:
        raise BadMasterKey(f"{path}: others may read the master key; close it with `chmod 600`")
    try:
        key = bytes.fromhex(text)
    except ValueError:
        key = b""
    if len(key) != 32:
        raise BadMasterKey(f"{path}: must hold 64 hexadecimal digits (32 bytes), such as `openssl rand -hex 32` writes")
    return key


def _bound_to(place: str, row: UUID) -> bytes:
    return f"{place}.{row}".encode()


def _seal(key: bytes, text: bytes, bound_to: bytes) -> bytes:
    nonce = secrets.token_bytes(_NONCE_BYTES)
    return _VERSION + nonce + AESGCM(key).encrypt(nonce, text, bound_to)


def _open(key: bytes, sealed: bytes, bound_to: bytes) -> bytes:
    if sealed[:1] != _VERSION or len(sealed) < 1 + _NONCE_BYTES + 16:
        raise DoesNotOpen("the stored value is not in a form that we know")
    try:
        return AESGCM(key).decrypt(sealed[1 : 1 + _NONCE_BYTES], sealed[1 + _NONCE_BYTES :], bound_to)
    except InvalidTag:
        raise DoesNotOpen("the stored value was changed, belongs to another row, or needs another key") from None


def fingerprint(key: bytes) -> str:
    """A short name for a key, to say which one is meant without showing it."""
    return hashlib.sha256(b"fingerprint" + key).hexdigest()[:12]
