"""DKIM (RFC 6376, 8463) and ARC (RFC 8617): whether signatures fit the message, with public keys that were given.

Nothing is looked up: a message that is judged must not be able to make us ask its sender's name servers.
"""

import base64
import binascii
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from amanat.lib.errors import Fixable

SIGNATURES_MAX = 10


class BadKeys(Fixable):
    """The file of public keys cannot be used."""


@dataclass(frozen=True, slots=True)
class Signature:
    """One signature: who signed, and whether it fits; None when the key is not at hand or its kind is not known."""

    kind: Literal["dkim", "arc-message", "arc-seal"]
    domain: str
    is_whole: bool | None
    instance: int = 0  # of ARC


def read_keys(path: Path) -> dict[str, str]:
    """Public keys, one a line: the name (`selector._domainkey.example.org`), a blank, the TXT record."""
    keys = {}
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        raise BadKeys(f"{path}: cannot be read as text; give a file with one key a line: NAME, a blank, the TXT record") from None
    for number, line in enumerate(lines, 1):
        if not line.strip() or line.startswith("#"):
            continue
        name, _, record = line.strip().partition(" ")
        if "._domainkey." not in name or "p=" not in record:
            raise BadKeys(f"{path}:{number}: is no key; write `selector._domainkey.example.org v=DKIM1; p=…`")
        keys[name.strip(".").lower()] = record.replace('" "', "").strip().strip('"')
    return keys


def signatures(raw: bytes, keys: Mapping[str, str]) -> list[Signature]:
    """Every DKIM and ARC signature of a message, checked."""
    raw = re.sub(rb"\r?\n", b"\r\n", raw)
    head, _, body = raw.partition(b"\r\n\r\n")
    headers = [
        (name.strip().lower(), name + b":" + value) for field in re.split(rb"\r\n(?![ \t])", head) for name, s, value in [field.partition(b":")] if s
    ]
    found: list[Signature] = []
    seals = []
    for index, (name, field) in enumerate(headers):
        if len(found) >= SIGNATURES_MAX:
            break
        tags = _tags(field.partition(b":")[2])
        if name == b"dkim-signature":
            found.append(Signature("dkim", tags.get("d", ""), _is_whole(headers, index, tags, body, keys)))
        elif name == b"arc-message-signature" and tags.get("i", "").isdigit():
            found.append(Signature("arc-message", tags.get("d", ""), _is_whole(headers, index, tags, body, keys), int(tags["i"])))
        elif name == b"arc-seal" and tags.get("i", "").isdigit():
            seals.append((int(tags["i"]), tags, field))
    # Only the newest ARC-Message-Signature must still fit: every server on the way may change the message before it signs anew.
    newest = max((s.instance for s in found if s.kind == "arc-message"), default=0)
    found = [s for s in found if s.kind == "dkim" or s.instance == newest]
    for instance, tags, field in sorted(seals, key=lambda s: s[0])[:SIGNATURES_MAX]:
        found.append(Signature("arc-seal", tags.get("d", ""), _is_sealed(headers, instance, tags, field, keys), instance))
    return found


def _tags(value: bytes) -> dict[str, str]:
    pairs = (part.partition(b"=") for part in value.split(b";"))
    return {name.strip().decode("ascii", "replace"): b"".join(given.split()).decode("ascii", "replace") for name, sign, given in pairs if sign}


def _is_whole(headers: list[tuple[bytes, bytes]], index: int, tags: dict[str, str], body: bytes, keys: Mapping[str, str]) -> bool | None:
    key = keys.get(f"{tags.get('s', '')}._domainkey.{tags.get('d', '')}".lower())
    if key is None or tags.get("a", "") not in ("rsa-sha256", "ed25519-sha256"):
        return None
    of_head, _, of_body = tags.get("c", "simple/simple").partition("/")
    canonical = _body(body, of_body or "simple")
    if tags.get("l", "").isdigit():
        canonical = canonical[: int(tags["l"])]
    if _decode(tags.get("bh", "")) != hashlib.sha256(canonical).digest():
        return False
    left: dict[bytes, list[bytes]] = {}
    for name, field in headers:
        left.setdefault(name, []).append(field)
    signed = b""
    for wanted in tags.get("h", "").lower().split(":"):
        if same := left.get(wanted.strip().encode()):
            signed += _field(same.pop(), of_head) + b"\r\n"  # the lowest first
    signed += _field(_without_b(headers[index][1]), of_head)
    return _fits(key, tags, signed)


def _is_sealed(headers: list[tuple[bytes, bytes]], instance: int, tags: dict[str, str], field: bytes, keys: Mapping[str, str]) -> bool | None:
    key = keys.get(f"{tags.get('s', '')}._domainkey.{tags.get('d', '')}".lower())
    if key is None or tags.get("a", "") not in ("rsa-sha256", "ed25519-sha256"):
        return None
    if tags.get("cv") != ("none" if instance == 1 else "pass"):
        return False
    signed = b""
    for each in range(1, instance + 1):
        for name in (b"arc-authentication-results", b"arc-message-signature", b"arc-seal"):
            fields = [f for n, f in headers if n == name and _tags(f.partition(b":")[2]).get("i", "").split(";")[0] == str(each)]
            if len(fields) != 1:
                return False
            is_last = each == instance and name == b"arc-seal"
            signed += _field(_without_b(fields[0]) if is_last else fields[0], "relaxed") + (b"" if is_last else b"\r\n")
    return _fits(key, tags, signed)


def _without_b(field: bytes) -> bytes:
    return re.sub(rb"([;\s:]b[ \t\r\n]*=)[^;]*", rb"\1", field, count=1)


def _field(field: bytes, how: str) -> bytes:
    if how == "simple":
        return field
    name, _, value = field.partition(b":")
    return name.strip().lower() + b":" + b" ".join(value.split())


def _body(body: bytes, how: str) -> bytes:
    if how == "relaxed":
        body = re.sub(rb"[ \t]+(?=\r\n|\Z)", b"", body)
        body = re.sub(rb"[ \t]+", b" ", body)
    body = re.sub(rb"(?:\r\n)+\Z", b"", body)
    return body + b"\r\n" if body or how == "simple" else b""


def _fits(record: str, tags: dict[str, str], signed: bytes) -> bool | None:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric import ed25519, padding, rsa
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.serialization import load_der_public_key

    public = _decode(_tags(record.encode()).get("p", ""))
    if not public:
        return False  # an empty key was withdrawn by its owner
    try:
        if tags["a"].startswith("ed25519"):
            ed25519.Ed25519PublicKey.from_public_bytes(public).verify(_decode(tags.get("b", "")), hashlib.sha256(signed).digest())
            return True
        key = load_der_public_key(public)
        if not isinstance(key, rsa.RSAPublicKey) or key.key_size < 1024:
            return None  # RFC 8301: shorter keys prove nothing
        key.verify(_decode(tags.get("b", "")), signed, padding.PKCS1v15(), SHA256())
    except InvalidSignature:
        return False
    except (ValueError, TypeError):
        return None
    return True


def _decode(text: str) -> bytes:
    try:
        return base64.b64decode(text)
    except (binascii.Error, ValueError):
        return b""


# Signed once by an independent program with a throw-away key, for examples.
EXAMPLE_KEYS = {
    "probe._domainkey.example.org": (
        "v=DKIM1; k=rsa; p=MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQCycyPG9J+2yNWHGIga+d3c+QSCeVG3aC4xRhPbGMZgUpaRvsjTuZmQ"
        "m59DwM8hNdiqJs54m3TpYdpI0Y/9uJglxdx2K6kyFNB6Q8jdIJpwVaR4xC1HyfhxUtdNu8pu2RcHrRXyfACQ8TRc0G2EEcX1OeBHdiERvZwn9J"
        "P8X+P2NQIDAQAB"
    )
}
EXAMPLE_SIGNED = (
    b"DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=example.org;\r\n i=@example.org; q=dns/txt; s=probe; t=1"
    b"795332690; h=from : subject :\r\n date; bh=sSUCf/ESeT8mKimhoKLQ0MKv0THB25bzG1Mvjfw7zhA=;\r\n b=fiM7UFBXl/yjRu9Vm7Y"
    b"pqBhO4Ci+0XXMfLpUTO6hVqIQZ6nJaFcnovxYQwbjh5Ftfmg8U\r\n kH+kfly6annCpSOEYFv0pTxi6X86ra5jdLiz/ZYvp4Fa+XyENhfKP0Bbr"
    b"qXjMZcNbNZQNYT\r\n 0vGaWI6F0S2cSHjakLj/J6cqBu/MjYA=\r\nFrom: Sara <sara@example.org>\r\nTo: desk@karvan.example\r\nSub"
    b"ject: Monday\r\nDate: Fri, 13 Nov 2026 09:00:00 +0100\r\nMessage-ID: <1@example.org>\r\n\r\nSee you  on Monday. \r\n\r\n\r\n"
)
