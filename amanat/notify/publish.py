"""Publishing: what each outlet makes of the notices, which code it carries, and the one hash that two people sign."""

import glob
import hashlib
import hmac
import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from amanat.lib.moment import zone_of
from amanat.lib.signing import Signer
from amanat.notify.outlet import Draft, NoStatement, Picture, Statement, draft, notices_for, outlet_named, outlets
from amanat.notify.said import Said
from amanat.notify.verify import code_for
from amanat.terms.company import Company
from amanat.terms.notice import Notice

PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".webp")


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """All that a statement to everybody is made of."""

    notices: Sequence[Notice]
    company: Company
    key: bytes  # from which codes are made
    next_at: datetime | None = None
    kinds: tuple[str, ...] = ()
    pictures: tuple[Picture, ...] = ()
    zone: str = ""  # in which moments are said; empty: that of the company's country
    page_url: str = ""


def chosen(notices: Sequence[Notice], only: Collection[str] = ()) -> tuple[dict[str, tuple[Notice, ...]], dict[str, str]]:
    """The notices of each outlet, and why an outlet has none; `only` names the outlets that are asked for (empty: all)."""
    for name in only:
        outlet_named(name)
    found: dict[str, tuple[Notice, ...]] = {}
    without: dict[str, str] = {}
    for name, one in outlets().items():
        if only and name not in only:
            continue
        try:
            found[name] = notices_for(one, notices)
        except NoStatement as error:
            without[name] = str(error)
    return found, without


def code_on(key: bytes, outlet: str, notices: Iterable[Notice]) -> str:
    """The code of these texts on this outlet. Other words or another outlet have another code, so a copied one is seen to be out of place."""
    hashes = "".join(sorted(notice.content_hash for notice in notices))
    return code_for(key, f"outlet {outlet} {hashlib.sha256(hashes.encode()).hexdigest()}")


def release_key(key: bytes, n_before: int) -> bytes:
    """The key from which the codes of one release are made: the same words released again after a withdrawal get other codes."""
    return hmac.digest(key, f"amanat release {n_before}".encode(), "sha256")


def pictures_in(folder: Path) -> tuple[Picture, ...]:
    """The pictures of a folder, each with what it shows: `map.png` beside `map.en.txt`, `map.fr.txt` and so on."""
    found = []
    for path in sorted(folder.glob("*")) if folder.is_dir() else ():
        if path.suffix.lower() in PICTURES:
            alts = {
                one.name[len(path.stem) + 1 : -4]: one.read_text(encoding="utf-8").strip() for one in folder.glob(f"{glob.escape(path.stem)}.*.txt")
            }
            found.append(Picture(name=path.name, content=path.read_bytes(), alt=alts))
    return tuple(found)


def make_drafts(
    source: Source,
    only: Collection[str] = (),
    *,
    at: datetime,
    before: Mapping[str, tuple[Said, ...]] | None = None,
    signer: Signer | None = None,
    id: str = "",
) -> list[Draft]:
    """What every outlet makes of it at this moment; with a signer it is no draft any more, but what is released."""
    return [
        draft(
            name,
            Statement(
                notices=notices,
                company=source.company,
                at=at,
                code=code_on(source.key, name, notices),
                zone=source.zone or zone_of(source.company.country) or "UTC",
                next_at=source.next_at,
                before=before,
                kinds=source.kinds,
                pictures=source.pictures,
                signer=signer,
                page_url=source.page_url,
                id=id,
            ),
        )
        for name, notices in chosen(source.notices, only)[0].items()
    ]


def statement_hash(source: Source, only: Collection[str] = ()) -> str:
    """What two people put their names to: which words go out where, with which pictures, and what is promised. A change of any voids it."""
    body = {
        "outlets": {name: sorted(notice.content_hash for notice in notices) for name, notices in chosen(source.notices, only)[0].items()},
        "next_at": source.next_at.isoformat() if source.next_at else None,
        "pictures": [[one.name, hashlib.sha256(one.content).hexdigest(), dict(one.alt)] for one in source.pictures],
    }
    return hashlib.sha256(json.dumps(body, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()
