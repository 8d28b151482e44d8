"""Pictures and films that go out with a statement: looked into before, and signed inside (C2PA) when they are released.

The house's key issues a certificate for each file; the key of that certificate signs the one file and is forgotten. So the house's own key
never comes near a file, and whoever trusts its certificate trusts every picture that it released. Files are opened in a confined process.
Source: C2PA Technical Specification 2.2, "Certificate Profile", as the library c2pa-python 0.38 writes it.
"""

import json
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from amanat.lib.confine import CLEAN_ENVIRONMENT
from amanat.lib.signing import Signer

if TYPE_CHECKING:
    from cryptography import x509
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

PICTURE_MAX = 3_500_000  # bytes; with its manifest it still fits through the page where anybody has it checked
SECONDS_MAX = 30
PICTURE_TYPES = {"image/png": ".png", "image/jpeg": ".jpg", "image/webp": ".webp", "video/mp4": ".mp4"}
_YEARS = 10  # without a time stamp of a third party a manifest counts for as long as its certificate
_EMAIL_PROTECTION = "1.3.6.1.5.5.7.3.4"  # the use that the specification asks of whoever signs a claim

State = Literal["good", "tells", "unreadable", "too_large"]


class NotSigned(Exception):
    """The library for C2PA is missing, or cannot sign this file; the argument says which: "no_writer" or "unreadable"."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """What a file is that should be released."""

    state: State  # tells: it says where, when or with what it was taken
    kind: str = ""  # one of PICTURE_TYPES


def kind_of(content: bytes) -> str:
    """The media type that its first bytes say, one of PICTURE_TYPES; empty for any other.

    >>> kind_of(b"\\x89PNG\\r\\n\\x1a\\n..."), kind_of(b"%PDF-1.7")
    ('image/png', '')
    """
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if content.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp"
    return "video/mp4" if content[4:8] == b"ftyp" and content[8:11] in (b"iso", b"mp4", b"avc", b"M4V") else ""


def look_into(content: bytes) -> Looked:
    """Whether it is a picture or film that can be released, by opening it where it can reach nothing."""
    kind = kind_of(content)
    if len(content) > PICTURE_MAX or not kind:
        return Looked(state="unreadable" if not kind else "too_large")
    said, _ = _ask("look", kind, content, {})
    state = said.get("state")
    known: dict[object, State] = {"good": "good", "tells": "tells", "too_large": "too_large"}
    return Looked(state=known.get(state, "unreadable"), kind=kind)


def house_certificate(signer: Signer, *, at: datetime) -> bytes:
    """The house's key as an authority for pictures, in PEM; published, and handed to whoever wants to check by other programs."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    from cryptography.hazmat.primitives.serialization import Encoding

    name = _name(f"House key {signer.id}", f"House key {signer.id}")
    key = Ed25519PublicKey.from_public_bytes(signer.public)
    made = _certificate(name, name, key, key, at=at, years=3 * _YEARS, is_authority=True)
    return signer.certify(made).public_bytes(Encoding.PEM)


def sign_picture(content: bytes, *, title: str, company: str, signer: Signer, authority: bytes, at: datetime) -> bytes:
    """The file with its manifest: this company released it, under its house's key. Raises NotSigned.

    Args:
        authority: what `house_certificate` made of the same key.
    """
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    own, house = Ed25519PrivateKey.generate(), f"House key {signer.id}"
    made = _certificate(
        _name(company, company),
        _name(house, house),
        own.public_key(),
        Ed25519PublicKey.from_public_bytes(signer.public),
        at=at,
        years=_YEARS,
        is_authority=False,
    )
    chain = signer.certify(made).public_bytes(Encoding.PEM) + authority
    given = {
        "manifest": {"title": title, "claim_generator_info": [{"name": "amanat"}], "assertions": []},
        "chain": chain.decode(),
        "key": own.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode(),
    }
    said, signed = _ask("sign", kind_of(content), content, given)
    if said.get("state") != "signed" or not signed:
        raise NotSigned("no_writer" if said.get("state") == "no_writer" else "unreadable")
    return signed


# ---- inside ----


def _ask(act: str, kind: str, content: bytes, given: Mapping[str, object]) -> tuple[dict[str, object], bytes]:
    command = [sys.executable, "-m", "amanat.notify.picture_child", act, kind, str(PICTURE_MAX)]
    environment = CLEAN_ENVIRONMENT | {"PYTHONPATH": str(Path(__file__).parents[2])}
    whole = json.dumps(given).encode() + b"\n" + content
    try:
        child = subprocess.run(command, input=whole, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment, timeout=SECONDS_MAX)
        line, _, signed = child.stdout.partition(b"\n")
        said = json.loads(line)
    except (subprocess.TimeoutExpired, ValueError):
        return {}, b""  # the file had its process stopped
    return (said, signed) if isinstance(said, dict) else ({}, b"")


def _name(organisation: str, called: str) -> "x509.Name":
    from cryptography import x509

    # X.509 takes 64 characters in each.
    parts = ((x509.NameOID.ORGANIZATION_NAME, organisation), (x509.NameOID.COMMON_NAME, called))
    return x509.Name([x509.NameAttribute(kind, (text.strip() or "amanat")[:64]) for kind, text in parts])


def _certificate(
    name: "x509.Name",
    issuer: "x509.Name",
    key: "Ed25519PublicKey",
    issuer_key: "Ed25519PublicKey",
    *,
    at: datetime,
    years: int,
    is_authority: bool,
) -> "x509.CertificateBuilder":
    from cryptography import x509

    made = x509.CertificateBuilder().subject_name(name).issuer_name(issuer).public_key(key).serial_number(x509.random_serial_number())
    # A year of room, because clocks differ, of drills above all. When the file was released stands in the signed list of originals.
    made = made.not_valid_before(at - timedelta(days=366)).not_valid_after(at + timedelta(days=366 * years))
    usage = dict.fromkeys(("content_commitment", "key_encipherment", "data_encipherment", "key_agreement", "encipher_only", "decipher_only"), False)
    usage |= {"key_cert_sign": is_authority, "crl_sign": is_authority, "digital_signature": not is_authority}
    made = made.add_extension(x509.BasicConstraints(ca=is_authority, path_length=0 if is_authority else None), critical=True)
    made = made.add_extension(x509.KeyUsage(**usage), critical=True)
    made = made.add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key), critical=False)
    made = made.add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
    if not is_authority:
        made = made.add_extension(x509.ExtendedKeyUsage([x509.ObjectIdentifier(_EMAIL_PROTECTION)]), critical=False)
    return made
