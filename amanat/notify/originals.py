"""Signed originals: a list of released files with their hashes, signed once, so that a copy from anywhere can be held against it.

A press release, a picture or a post is copied, mirrored and changed out of our sight. Whoever has a file sees offline whether it is one
that the company released, byte for byte; and whoever has the words of a post, whether they are ours, however blanks were changed.
"""

import hashlib
import json
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from amanat.lib.errors import Fixable
from amanat.lib.signing import PublicKey, Signer, is_signed, key_id, spelled
from amanat.lib.tree_head import is_hex

KIND, PURPOSE = "amanat originals", "originals"
LIST_MAX, TEXT_MAX = 20_000_000, 200_000  # bytes


class BadOriginals(Fixable):
    """A file that should be a list of originals."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Original:
    """One released file."""

    name: str
    sha256: str
    size_bytes: int
    released_at: str  # ISO 8601; empty when nobody said
    withdrawn_at: str = ""
    words: str = ""  # of a text: the hash of its words, without regard to blanks and line ends


@dataclass(frozen=True, slots=True, kw_only=True)
class OriginalVerdict:
    """Whether a file is one that was released."""

    state: str  # true | withdrawn | same_words | unknown | not_genuine (the list itself)
    why: str = ""
    company: str = ""
    name: str = ""
    released_at: str = ""


def original_of(name: str, content: bytes, *, released_at: str, withdrawn_at: str = "") -> Original:
    """A file as the list names it."""
    return Original(
        name=name,
        sha256=hashlib.sha256(content).hexdigest(),
        size_bytes=len(content),
        released_at=released_at,
        withdrawn_at=withdrawn_at,
        words=words_of(content),
    )


def signed_originals(originals: Iterable[Original], *, company: str, made_at: datetime, signer: Signer) -> str:
    """The list as it is published."""
    files = [{name: getattr(one, name) for name in Original.__dataclass_fields__} for one in originals]
    body: dict[str, Any] = {
        "kind": KIND,
        "version": 1,
        "company": company,
        "made_at": made_at.astimezone(timezone.utc).isoformat(timespec="microseconds"),
        "files": sorted(files, key=lambda one: (one["released_at"], one["name"], one["sha256"])),
        "key": {"id": signer.id, "public_key": signer.public.hex()},
    }
    return spelled(body | {"signature": signer.sign(PURPOSE, spelled(body).encode()).hex()})


def check_original(content: bytes, listed: Path, keys: Mapping[str, PublicKey]) -> OriginalVerdict:
    """Whether the file is on the list, and the list signed by a published key. Raises BadOriginals for what is no list."""
    body = _read(listed)
    key = keys.get(body["key"]["id"])
    unsigned = {name: value for name, value in body.items() if name != "signature"}
    if key is None or key_id(key.public) != body["key"]["id"]:
        return OriginalVerdict(state="not_genuine", why=f"the list names the key {body['key']['id']}, which the company does not publish")
    if not is_hex(body["signature"], 128) or not is_signed(key.public, PURPOSE, spelled(unsigned).encode(), bytes.fromhex(body["signature"])):
        return OriginalVerdict(state="not_genuine", why="the list was changed after it was signed, or made by somebody else")
    if why_not := key.why_not(datetime.fromisoformat(body["made_at"])):
        return OriginalVerdict(state="not_genuine", why=why_not)
    digest, words = hashlib.sha256(content).hexdigest(), words_of(content)
    same = [one for one in body["files"] if one["sha256"] == digest]
    alike = [one for one in body["files"] if words and one["words"] == words]
    for found, state in ((same, "true"), (alike, "same_words")):
        if found:
            # Released twice and withdrawn once: the newest word counts.
            one = max(found, key=lambda each: str(each["released_at"]))
            is_withdrawn = bool(one["withdrawn_at"])
            return OriginalVerdict(
                state="withdrawn" if is_withdrawn else state, company=body["company"], name=one["name"], released_at=one["released_at"]
            )
    return OriginalVerdict(state="unknown", company=body["company"], why="no released file has these bytes or these words")


def words_of(content: bytes) -> str:
    """The hash of the words of a text in UTF-8; empty for anything else."""
    if len(content) > TEXT_MAX or b"\x00" in content:
        return ""
    try:
        plain = " ".join(unicodedata.normalize("NFKC", content.decode("utf-8-sig")).split())
    except UnicodeDecodeError:
        return ""
    return hashlib.sha256(plain.encode()).hexdigest() if plain else ""


def _read(listed: Path) -> dict[str, Any]:
    with listed.open("rb") as file:
        raw = file.read(LIST_MAX + 1)
    try:
        body = json.loads(raw)
        if len(raw) > LIST_MAX or body["kind"] != KIND or body["version"] != 1 or spelled(body).encode() != raw:
            raise ValueError
        for one in body["files"]:
            if set(one) != set(Original.__dataclass_fields__):
                raise ValueError
        datetime.fromisoformat(body["made_at"])
        str(body["key"]["id"] + body["signature"] + body["company"])
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise BadOriginals(f"{listed}: is no list of originals as amanat signs it, or was changed; take the company's originals.json again") from None
    found: dict[str, Any] = body
    return found
