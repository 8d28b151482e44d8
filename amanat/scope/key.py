"""The secret behind the hashes of one scan's results."""

import os
import secrets
from pathlib import Path


def hash_key(out: Path) -> bytes:
    """The key kept beside the results, for its owner only; made at the first call, so that a second scan gives the same hashes.

    Whoever has the key can try out values against the hashes: keep it as carefully as the register, and erase it with the case.
    """
    out.mkdir(parents=True, exist_ok=True)
    path = out / "hash.key"
    if not path.exists():
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_hex(32))
    return bytes.fromhex(path.read_text().strip())
