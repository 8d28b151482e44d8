"""Requests between amanat and the company's own portal: an opaque token for each person, and a signature over everything that is asked.

The token is made of the person's number in the register and a secret that both sides keep, so the portal finds its account without a
name, an address or a number in any URL or log. What the portal must do stands in `docs/how-to/portal.md`.
"""

import hashlib
import hmac
import re
from collections.abc import Mapping
from datetime import datetime, timedelta, timezone

FRESH_FOR = timedelta(minutes=10)  # a request that somebody recorded is worth nothing later
AT, SIGNATURE = "Amanat-At", "Amanat-Signature"


def token_of(secret: str, person_id: str) -> str:
    """The name of a person's account between the two sides; says nothing to whoever lacks the secret.

    >>> token_of("s3cret", "4711") == token_of("s3cret", "4711"), len(token_of("s3cret", "4711")), "4711" in token_of("s3cret", "4711")
    (True, 64, False)
    """
    return hmac.digest(secret.encode(), f"amanat portal person\0{person_id}".encode(), "sha256").hex()


def signed_headers(secret: str, method: str, path: str, body: bytes, *, at: datetime) -> dict[str, str]:
    """The two headers that prove a request."""
    moment = at.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    return {AT: moment, SIGNATURE: _signature(secret, method, path, moment, body)}


def is_signed_request(secret: str, method: str, path: str, body: bytes, headers: Mapping[str, str], *, now: datetime) -> bool:
    """Whether a request carries a fresh signature made with the secret."""
    moment, given = headers.get(AT, ""), headers.get(SIGNATURE, "")
    if not secret or not re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", moment, re.ASCII) or not given.isascii():
        return False
    try:
        at = datetime.strptime(moment, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=timezone.utc)
    except ValueError:
        return False
    is_fresh = abs(now - at) <= FRESH_FOR
    return hmac.compare_digest(_signature(secret, method, path, moment, body), given) and is_fresh


def _signature(secret: str, method: str, path: str, moment: str, body: bytes) -> str:
    what = "\n".join((method.upper(), path, moment, hashlib.sha256(body).hexdigest()))
    return "v1=" + hmac.digest(secret.encode(), what.encode(), "sha256").hex()
