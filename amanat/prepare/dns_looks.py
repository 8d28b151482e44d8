"""What the looks at the DNS share: each domain of ours once, and nothing said about a domain that does not resolve."""

import base64
import binascii
from collections.abc import Callable

from amanat.prepare.control import Seen
from amanat.prepare.world import World


def each_domain(world: World, look: Callable[[World, str], Seen]) -> tuple[Seen, ...]:
    """What `look` sees at each of our domains."""
    if not world.domains:
        return (Seen("unknown", "no_domains"),)
    if world.dns is None:
        return (Seen("unknown", "not_asked"),)
    found = []
    for domain in world.domains:
        answer = world.dns.exists(domain)
        if answer.state == "no such name":
            found.append(Seen("unknown", "no_name", {"domain": domain}))
        elif answer.state == "failed":
            found.append(Seen("unknown", "failed", {"domain": domain, "why": answer.why}))
        else:
            found.append(look(world, domain))
    return tuple(found)


def key_bits(kind: str, encoded: str) -> tuple[str, int | None]:
    """The kind of a DKIM key and its length in bits; None when it cannot be read."""
    try:
        raw = base64.b64decode("".join(encoded.split()), validate=True)
    except (binascii.Error, ValueError):
        return kind, None
    if kind == "ed25519":
        return kind, 256 if len(raw) == 32 else None
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
    from cryptography.hazmat.primitives.serialization import load_der_public_key

    try:
        key = load_der_public_key(raw)
    except (ValueError, UnsupportedAlgorithm):
        return kind, None
    return ("rsa", key.key_size) if isinstance(key, RSAPublicKey) else (kind, None)
