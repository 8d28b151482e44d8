"""What the looks at the DNS share: each domain of ours once, and nothing said about a domain that does not resolve."""

import base64
import binascii
from collections.abc import Callable

from amanat.prepare.control import Seen
from amanat.prepare.world import World

# What every look at the DNS may have to say, before its own findings.
DNS_SAYS = {
    "not_asked": {
        "en": "The DNS was not asked.",
        "fr": "Le DNS n’a pas été interrogé.",
        "fa": "از DNS پرسیده نشد.",
    },
    "no_domains": {
        "en": "No domains of ours are known: name them in company.toml.",
        "fr": "Aucun domaine n’est connu : indiquez-les dans company.toml.",
        "fa": "دامنه‌ای از ما شناخته نیست: آن‌ها را در company.toml بنویسید.",
    },
    "no_name": {
        "en": "%(domain)s does not resolve, so nothing can be said about it.",
        "fr": "%(domain)s n’existe pas dans le DNS : on ne peut rien en dire.",
        "fa": "%(domain)s در DNS پیدا نشد؛ پس چیزی درباره‌اش نمی‌توان گفت.",
    },
    "failed": {
        "en": "The DNS gave no answer about %(domain)s (%(why)s).",
        "fr": "Le DNS n’a pas répondu au sujet de %(domain)s (%(why)s).",
        "fa": "DNS دربارهٔ %(domain)s پاسخی نداد (%(why)s).",
    },
}


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
