"""DKIM (RFC 6376): the company signs its mail itself, for a relay that does not do it.

The header is signed "relaxed", the body "simple": it is base64, which nobody rewrites on the way. Large receivers verify RSA alone
(RFC 8463's Ed25519 is rare), so an RSA key must be there; an Ed25519 key may stand beside it.
"""

import hashlib
import re
from base64 import b64encode
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from amanat.notify.channel import BadChannelAddress
from amanat.notify.mime import ascii_domain

# Whoever adds one more of these breaks the signature: each is signed once more than it occurs (RFC 6376, 8.15).
_NO_MORE_OF = (b"from", b"to", b"cc", b"subject", b"date", b"reply-to")
_SELECTOR = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]{0,61}[A-Za-z0-9])?")
_BLANKS = re.compile(rb"[ \t\r\n]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class DkimKey:
    """One `[[dkim]]` of `email.toml`."""

    domain: str  # whose DNS holds the public key: the sender's domain, or the one above it
    selector: str  # the key is published at SELECTOR._domainkey.DOMAIN
    key_file: str  # private key (PEM) without a passphrase, readable by its owner only; beside email.toml


class Dkim:
    """Signs finished messages with one or two keys."""

    def __init__(self, keys: Sequence[DkimKey], *, sender: str, beside: Path) -> None:
        at = sender.rsplit("@", 1)[-1].lower()
        self._signers: list[tuple[bytes, Callable[[bytes], bytes]]] = []
        for n, key in enumerate(keys, 1):
            domain, where = key.domain.lower(), f"{beside}: [[dkim]] {n}"
            if not (at == domain or at.endswith(f".{domain}") or domain.endswith(f".{at}")):
                raise BadChannelAddress(
                    f"{where}: signs for {key.domain}, and the sender is at {at}; DMARC counts a signature of the sender's own domain only"
                )
            name, sign = _signer(beside.parent / key.key_file, where)
            if not _SELECTOR.fullmatch(key.selector):
                raise BadChannelAddress(f"{where}: a selector is letters, digits, dashes and dots, such as amanat2026")
            start = f"v=1; a={name}-sha256; c=relaxed/simple; d={ascii_domain(domain)}; s={key.selector}; "
            self._signers.append((start.encode(), sign))
        if keys and not any(start.startswith(b"v=1; a=rsa") for start, _ in self._signers):
            raise BadChannelAddress(f"{beside}: [[dkim]] needs an RSA key; Google, Microsoft and Yahoo do not verify Ed25519 yet")

    def headers(self, own: bytes, common: bytes, body: bytes, *, at: int) -> bytes:
        """`DKIM-Signature` headers for a message: header fields of its own, fields that many share, and what follows the empty line.

        Args:
            own, common: fields with their line ends, in this order in the message.
            at: seconds since 1970, when it was signed.
        """
        # All fields are signed. Of equal names the last comes first (RFC 6376, 5.4.2), so they are walked from the end.
        names, lines = (last + first for last, first in zip(_shared(common), _relaxed(own), strict=True))
        digest = b64encode(hashlib.sha256(_simple(body)).digest())
        listed = _listed(names)
        made = b""
        for start, sign in self._signers:
            value = b"%bt=%d; bh=%b;\r\n\th=%b;\r\n\tb=" % (start, at, digest, listed)
            mine = b"dkim-signature:" + _BLANKS.sub(b" ", value).strip()
            made += b"DKIM-Signature: %b%b\r\n" % (value, _folded(b64encode(sign(b"".join(lines) + mine))))
        return made


def _relaxed(head: bytes) -> tuple[tuple[bytes, ...], tuple[bytes, ...]]:
    """Names and relaxed lines (RFC 6376, 3.4.2) of header fields, the last one first."""
    names, lines = [], []
    for field in reversed(re.split(rb"\r\n(?![ \t])", head.removesuffix(b"\r\n"))):
        name, _, value = field.partition(b":")
        names.append(name.strip().lower())
        lines.append(names[-1] + b":" + _BLANKS.sub(b" ", value).strip() + b"\r\n")
    return tuple(names), tuple(lines)


_shared = lru_cache(maxsize=1000)(_relaxed)  # a text in a language; thousands of messages have these fields in common


@lru_cache(maxsize=1000)
def _listed(names: tuple[bytes, ...]) -> bytes:
    """The names of what is signed, as the signature lists them."""
    return _folded(b":".join([*names, *_NO_MORE_OF]), b":")


def _simple(body: bytes) -> bytes:
    """The body as RFC 6376, 3.4.3 wants it: one line end at its end."""
    return body.rstrip(b"\r\n") + b"\r\n" if body.endswith(b"\r\n\r\n") or not body.endswith(b"\r\n") else body


def _folded(text: bytes, after: bytes = b"") -> bytes:
    """The text on lines of at most 72 characters; where `after` is given, lines end behind it."""
    if not after:
        return b"\r\n\t ".join(text[i : i + 72] for i in range(0, len(text), 72))
    lines, line = [], b""
    for part in text.split(after):
        if line and len(line) + len(part) > 70:
            lines.append(line)
            line = b""
        line += part + after
    return b"\r\n\t ".join([*lines, line.removesuffix(after)])


def _signer(path: Path, where: str) -> tuple[str, Callable[[bytes], bytes]]:
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ed25519, padding, rsa
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    try:
        key: Any = load_pem_private_key(path.read_bytes(), password=None)
    except OSError as error:
        raise BadChannelAddress(
            f"{where}: {path} cannot be read ({error.strerror}); key_file names a private key in PEM, beside email.toml"
        ) from None
    except (ValueError, TypeError):
        raise BadChannelAddress(f"{where}: {path} holds no private key (PEM, no passphrase); openssl genrsa -out dkim.pem 2048 makes one") from None
    if isinstance(key, rsa.RSAPrivateKey):
        if key.key_size < 1024 or key.key_size > 4096:
            raise BadChannelAddress(f"{where}: the key has {key.key_size} bits; receivers verify 1024 to 4096, take 2048")
        pad, sha = padding.PKCS1v15(), hashes.SHA256()
        return "rsa", lambda data: bytes(key.sign(data, pad, sha))
    if isinstance(key, ed25519.Ed25519PrivateKey):
        return "ed25519", lambda data: bytes(key.sign(hashlib.sha256(data).digest()))  # RFC 8463, 3: over the hash
    raise BadChannelAddress(f"{where}: {path} is neither an RSA nor an Ed25519 key; openssl genrsa -out dkim.pem 2048 makes one")
