"""C2PA: what a picture or film says of its own origin, signed inside the file, and whether that stands under the company's certificate.

The list of signed originals knows a file byte for byte; a manifest goes along when the file is passed on, and says what was done to it.
A file from anywhere is opened in a process of its own that can reach nothing. Reading needs the extra `c2pa`; what the web releases is
signed by `pictures`, anything else by the camera or program that the company uses.
Source: C2PA Technical Specification, as the library c2pa-python 0.38 (c2pa-rs 0.91) reads it.
"""

import json
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from amanat.lib.confine import CLEAN_ENVIRONMENT
from amanat.lib.errors import Fixable
from amanat.lib.signing import PublicKey

SIZE_MAX = 200_000_000  # bytes
SECONDS_MAX = 60
_TYPES = {
    ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".png": "image/png", ".webp": "image/webp", ".gif": "image/gif", ".avif": "image/avif",
    ".heic": "image/heic", ".heif": "image/heif", ".tif": "image/tiff", ".tiff": "image/tiff", ".svg": "image/svg+xml",
    ".mp4": "video/mp4", ".mov": "video/quicktime", ".avi": "video/avi", ".m4a": "audio/mp4", ".mp3": "audio/mpeg", ".wav": "audio/wav",
}  # fmt: skip

State = Literal["trusted", "valid", "broken", "none", "unreadable", "too_large", "no_reader", "not_a_picture"]


class NoCertificate(Fixable):
    """A file that should hold the company's certificate for pictures."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """What a file says of its origin. `signer` is what the certificate calls itself; anybody can write that, so only "trusted" counts."""

    state: State
    signer: str = ""
    signed_at: str = ""
    failures: tuple[str, ...] = ()  # codes of the specification
    is_house_key: bool = False  # trusted, and the certificate is of one of the keys that the company publishes
    is_changed: bool = False  # broken, and yet its manifest is one that the company signed: of this file before a change, or of another

    @property
    def sentence(self) -> str:
        by = "the company's own key" if self.is_house_key else "the company's certificate"
        why = ", ".join(self.failures) or "no reason given"
        return {
            "trusted": f"Its C2PA manifest is whole and signed under {by}.",
            "valid": "It carries a whole C2PA manifest, signed by somebody who is not known here: that proves nothing about the company.",
            "broken": f"Its C2PA manifest does not fit: the file was changed, or the manifest was made up ({why}).",
            "none": "It carries no C2PA manifest. Most programs and networks take it out, so that says nothing.",
            "unreadable": "It cannot be read as the picture or film that its name says; it may be damaged or an attack.",
            "too_large": f"It is larger than {SIZE_MAX // 1_000_000} MB and was not opened.",
            "no_reader": "Whether it carries a C2PA manifest was not looked at: install amanat[c2pa] for that.",
            "not_a_picture": "",
        }[self.state]


def read_credentials(path: Path, certificate: Path | None, keys: Mapping[str, PublicKey]) -> Credentials:
    """What a picture or film says of its origin; "not_a_picture" by the name alone. Raises NoCertificate.

    Args:
        certificate: PEM of the authority under which the company signs pictures; without it nothing is trusted.
        keys: those that the company publishes.
    """
    kind = _TYPES.get(path.suffix.lower())
    if kind is None:
        return Credentials(state="not_a_picture")
    pem, is_house_key = _certificate(certificate, keys) if certificate else (b"", False)
    if path.stat().st_size > SIZE_MAX:
        return Credentials(state="too_large")
    return credentials_of(path.read_bytes(), kind, pem, is_house_key=is_house_key)


def credentials_of(content: bytes, kind: str, certificates: bytes, *, is_house_key: bool = True, seconds_max: int = SECONDS_MAX) -> Credentials:
    """The same of bytes, whose media type is known.

    Args:
        certificates: PEM of those that are trusted; none: nothing is.
        is_house_key: they are all of keys that the company publishes and has not revoked.
    """
    command = [sys.executable, "-m", "amanat.notify.credentials_child", kind, str(SIZE_MAX)]
    # The child gets nothing of our environment but where our own code lies.
    environment = CLEAN_ENVIRONMENT | {"PYTHONPATH": str(Path(__file__).parents[2])}
    given = b"%d\n" % len(certificates) + certificates + content
    try:
        child = subprocess.run(command, input=given, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment, timeout=seconds_max)
        said = json.loads(child.stdout)
        state: State = said["state"]
    except (subprocess.TimeoutExpired, ValueError, KeyError, TypeError):
        return Credentials(state="unreadable")  # the file had its process stopped
    return Credentials(
        state=state,
        signer=str(said.get("signer", "")),
        signed_at=str(said.get("at", "")),
        failures=tuple(map(str, said.get("failures", ()))),
        is_house_key=is_house_key and state == "trusted",
        is_changed=state == "broken" and said.get("is_trusted") is True,
    )


def _certificate(path: Path, keys: Mapping[str, PublicKey]) -> tuple[bytes, bool]:
    from cryptography import x509
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    try:
        pem = path.read_bytes()
        found = x509.load_pem_x509_certificates(pem)
    except (OSError, ValueError):
        raise NoCertificate(f"{path}: holds no certificate; give the PEM of the authority under which the company signs its pictures") from None
    published = {key.public for key in keys.values() if not key.is_revoked}
    ours = [one.public_key() for one in found]
    return pem, all(isinstance(key, Ed25519PublicKey) and key.public_bytes_raw() in published for key in ours)
