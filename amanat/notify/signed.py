"""Signed statements: a text with an Ed25519 signature, so that another system shows what we said and nothing else.

The key comes from the case's own key and is used for nothing else. What is signed is the text as it stands, byte for byte: whoever
checks it need not know how we write JSON.
"""

import hmac
import json
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

PURPOSE = b"amanat signed statements"


def signing_key(key: bytes) -> Ed25519PrivateKey:
    """The key that signs statements, out of the case's own."""
    return Ed25519PrivateKey.from_private_bytes(hmac.digest(key, PURPOSE, "sha256"))


def public_key_of_statements(key: bytes) -> str:
    """64 hex digits, which the other system is given once, by hand."""
    return signing_key(key).public_key().public_bytes_raw().hex()


def sign_statement(body: dict[str, Any], key: bytes) -> str:
    """`{"payload": "…", "signature": "…"}`: the payload is JSON in a string, the signature stands over its UTF-8 bytes."""
    payload = json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    signature = signing_key(key).sign(payload.encode()).hex()
    return json.dumps({"payload": payload, "signature": signature}, ensure_ascii=False) + "\n"


def read_statement(text: str, public_key: str) -> dict[str, Any] | None:
    """The body of a signed statement, or None when it is not signed with this key, or was changed."""
    try:
        envelope = json.loads(text)
        payload = str(envelope["payload"])
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(public_key)).verify(bytes.fromhex(envelope["signature"]), payload.encode())
        body: dict[str, Any] = json.loads(payload)
    except (ValueError, KeyError, TypeError, InvalidSignature):
        return None
    return body
