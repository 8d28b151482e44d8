"""Signed statements: a text with a signature of the house, so that another system shows what we said and nothing else.

What is signed is the text as it stands, byte for byte: whoever checks it need not know how we write JSON. A draft is not signed,
for a signed draft that leaks is a true message of ours.
"""

import hmac
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from amanat.lib.signing import PublicKey, Signer, is_signed

PURPOSE = "statement"


def case_signer(key: bytes) -> Signer:
    """The key that signs the statements of a case folder, out of the case's own key. The web signs with the key of the house."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    return Signer(Ed25519PrivateKey.from_private_bytes(hmac.digest(key, b"amanat signed statements", "sha256")))


def sign_statement(body: dict[str, Any], signer: Signer | None) -> str:
    """`{"payload": "…", "key": "…", "signature": "…"}`: the payload is JSON in a string; without a signer the signature is null."""
    payload = json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    signature = signer.sign(PURPOSE, payload.encode()).hex() if signer else None
    return json.dumps({"payload": payload, "key": signer.id if signer else None, "signature": signature}, ensure_ascii=False) + "\n"


def read_statement(text: str, keys: Mapping[str, PublicKey]) -> dict[str, Any] | None:
    """The body of a signed statement, or None when no key of ours signed it, when that key was not in use, or when it was changed."""
    try:
        envelope = json.loads(text)
        key, payload = keys[envelope["key"]], str(envelope["payload"])
        if not is_signed(key.public, PURPOSE, payload.encode(), bytes.fromhex(envelope["signature"])):
            return None
        body: dict[str, Any] = json.loads(payload)
        return None if key.why_not(datetime.fromisoformat(body["said_at"])) else body
    except (ValueError, KeyError, TypeError):
        return None
