"""What a case folder said to everybody: the drafts, two signatures, what was released when with which code, and what was withdrawn.

`CASE/pictures/` may hold pictures for posts, each with what it shows (`map.png`, `map.en.txt`, …). `CASE/public/` holds `drafts/`
(to look at), `approval.toml` (the signatures), `site/` (status page, feeds and portal message: a web server can hand it out as it is),
`handed/` (for the press and for posting) and `releases.json`, the record. Nothing of it is about one person.
"""

import json
import os
import shutil
import uuid
from collections.abc import Collection, Iterable
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from amanat.lib.errors import Fixable
from amanat.lib.journal import Journal
from amanat.notify.case import company_of, key_of, notices_of
from amanat.notify.outlet import Draft, is_carried_on, outlets
from amanat.notify.publish import Source, code_on, make_drafts, pictures_in, release_key, statement_hash
from amanat.notify.said import Said, said_of
from amanat.notify.signed import case_signer
from amanat.notify.store import notice_from, read_findings, read_notice
from amanat.notify.verify import Answer, hash_of_code, read_code
from amanat.terms.notice import Notice

PAGE = "status_page"


class NotReleasable(Fixable):
    """A statement that may not go out as it stands."""


class NotReleased(Fixable):
    """An outlet that carries nothing of ours."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Carried:
    """What one outlet carries since a release."""

    outlet: str
    notice_ids: tuple[str, ...]
    code_hash: str  # keyed, hex: whoever reads the record cannot make the code out of it
    artefacts: dict[str, str]  # name -> SHA-256
    withdrawn_at: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """One statement that went out: when, on whose word, where."""

    id: str  # a UUID
    at: str
    author: str
    approver: str
    statement_hash: str
    next_at: str = ""
    carried: tuple[Carried, ...] = ()
    notices: tuple[dict[str, Any], ...] = field(default=(), repr=False)  # of the status page, so that what was said before stays


def source_of(case: Path) -> Source:
    """The notices of the case that are not for persons, with the company, the next promise, and the kinds of data that are out."""
    from amanat.terms.fact import read_facts

    promise = read_facts(case / "facts.toml").get("next_update") if (case / "facts.toml").is_file() else None
    value = promise.value if promise and promise.status != "unknown" else None
    return Source(
        notices=[*notices_of(case), *_texts_of(case)],
        company=company_of(case),
        key=release_key(key_of(case), len(releases_of(case))),
        pictures=pictures_in(case / "pictures"),
        next_at=value if isinstance(value, datetime) else None,
        kinds=_kinds_of(case),
    )


def write_drafts(case: Path, only: Collection[str] = (), *, at: datetime) -> list[Draft]:
    """What every outlet would carry, written to `public/drafts/` to be looked at."""
    made = make_drafts(source_of(case), only, at=at, before=said_before(case))
    folder = case / "public" / "drafts"
    shutil.rmtree(folder, ignore_errors=True)
    for one in made:
        _write(one, folder / one.outlet)
    return made


def check_releasable(case: Path, drafts: Iterable[Draft]) -> None:
    """Raises NotReleasable while the honesty gate or an outlet objects to any of it."""
    drafts = list(drafts)
    if not drafts:
        raise NotReleasable(
            f"{case}: holds no text for everybody, the press or agents; `amanat notify compose {case} --audience public` writes one (press, agent)"
        )
    ids = {id for one in drafts for id in one.notice_ids}
    gate = [replace(f, where=f"{id} {f.where}".strip()) for id in sorted(ids) for f in read_findings(_file_of(case, id)) if f.is_blocking]
    blocked = gate + [f for one in drafts for f in one.findings if f.is_blocking]
    if blocked:
        first = blocked[0]
        raise NotReleasable(f"{len(blocked)} passage(s) must be mended first, the first in {first.where}: {first.says}")


def release(case: Path, only: Collection[str], *, author: str, approver: str, now: datetime) -> Release:
    """Puts the statement out: our own files under `public/site/`, the rest under `public/handed/`; notes it in record and journal."""
    source, key, id = source_of(case), key_of(case), str(uuid.uuid4())
    made = make_drafts(source, only, at=now, before=said_before(case), signer=case_signer(key), id=id)
    check_releasable(case, made)
    for one in made:
        _write(one, _place(case, one.outlet))
    page = next((one for one in made if one.outlet == PAGE), None)
    row = Release(
        id=id,
        at=now.isoformat(timespec="seconds"),
        author=author,
        approver=approver,
        statement_hash=statement_hash(source, only),
        next_at=source.next_at.isoformat() if source.next_at else "",
        carried=tuple(
            Carried(
                outlet=one.outlet,
                notice_ids=one.notice_ids,
                code_hash=_hash_of(key, one.code),
                artefacts={a.name: a.content_hash for a in one.artefacts},
            )
            for one in made
        ),
        notices=tuple(notice.as_dict() for notice in source.notices if page and notice.id in page.notice_ids),
    )
    _keep(case, [*releases_of(case), row])
    what = {"release": id, "statement_hash": row.statement_hash, "outlets": [one.outlet for one in made]}
    Journal(case / "journal.jsonl").write(who=approver, act="statement.released", at=now, what=what)
    return row


def withdraw_outlet(case: Path, outlet: str, *, why: str, who: str, now: datetime) -> Carried:
    """Ends what the outlet carries: its code is answered with "withdrawn", and the status page says so where it stood.

    Our own files of it are taken away, except the status page, which is written anew; what was handed out must be called back by people.
    """
    rows = releases_of(case)
    found = next((row for row in reversed(rows) for one in row.carried if one.outlet == outlet and not one.withdrawn_at), None)
    if found is None:
        carrying = sorted({one.outlet for row in rows for one in row.carried if not one.withdrawn_at})
        raise NotReleased(f"{case}: {outlet} carries nothing; carrying are: {', '.join(carrying) or 'none'}")
    stamp = now.isoformat(timespec="seconds")
    carried = tuple(replace(one, withdrawn_at=stamp, why=why) if one.outlet == outlet else one for one in found.carried)
    rows = [replace(row, carried=carried) if row is found else row for row in rows]
    _keep(case, rows)
    if outlet == PAGE:
        _write_page_again(case)
    elif outlets()[outlet].released_by == "us":
        for one in carried:
            for name in one.artefacts if one.outlet == outlet else ():
                (_place(case, outlet) / name).unlink(missing_ok=True)
    Journal(case / "journal.jsonl").write(who=who, act="statement.withdrawn", at=now, what={"release": found.id, "outlet": outlet}, why=why)
    return next(one for one in carried if one.outlet == outlet)


def releases_of(case: Path) -> list[Release]:
    """Every release, the oldest first."""
    path = case / "public" / "releases.json"
    if not path.is_file():
        return []
    body = json.loads(path.read_text(encoding="utf-8"))
    return [
        Release(
            **{
                **row,
                "carried": tuple(Carried(**{**one, "notice_ids": tuple(one["notice_ids"])}) for one in row["carried"]),
                "notices": tuple(row["notices"]),
            }
        )
        for row in body
    ]


def outlet_of_code(case: Path, number: int | None) -> tuple[Release, Carried] | None:
    """The release and the outlet whose code this is; None for a code that stands in no statement of ours."""
    wanted = hash_of_code(key_of(case), number if number is not None else 1 << 63).hex()
    return next(((row, one) for row in releases_of(case) for one in row.carried if one.code_hash == wanted), None)


def verify_statement(code: str, case: Path, *, came_by: str = "") -> Answer:
    """Whether the code stands in a statement of this case to everybody: true, withdrawn, unknown, or never used on the channel by which it came.

    Args:
        came_by: one of `verify.CAME_BY`, where somebody said how the message came.
    """
    number = read_code(code)
    found = outlet_of_code(case, number)
    if found is None or number is None:
        return Answer(state="unknown", is_mistyped=number is None)
    row, one = found
    if not is_carried_on(one.outlet, came_by):
        return Answer(state="other_channel", company=company_of(case).name)
    notices = {notice.id: notice for notice in [*notices_of(case), *_texts_of(case)]}
    notice = next((notices[id] for id in one.notice_ids if id in notices), None)
    return Answer(
        state="withdrawn" if one.withdrawn_at else "true",
        title=notice.title if notice else "",
        language=notice.language if notice else "",
        sent_on=row.at[:10],
        company=company_of(case).name,
    )


def said_before(case: Path) -> dict[str, tuple[Said, ...]]:
    """By language, what the status page carried until now, the newest first."""
    company, key = company_of(case), key_of(case)
    found: dict[str, tuple[Said, ...]] = {}
    for n, row in enumerate(releases_of(case)):
        page = next((one for one in row.carried if one.outlet == PAGE), None)
        if page is None:
            continue
        notices = [notice_from(body) for body in row.notices]
        code = code_on(release_key(key, n), PAGE, notices)
        for notice in notices:
            before = found.get(notice.language, ())
            last = next((one for one in before if not one.withdrawn_at), None)
            next_at = datetime.fromisoformat(row.next_at) if row.next_at else None
            one = said_of(notice, company, code=code, at=datetime.fromisoformat(row.at), next_at=next_at, last=last, id=row.id)
            withdrawn_at = datetime.fromisoformat(page.withdrawn_at) if page.withdrawn_at else None
            found[notice.language] = (replace(one, withdrawn_at=withdrawn_at), *before)
    return found


# ---- inside ----


def _write_page_again(case: Path) -> None:
    """Status page and feeds as the record has them now."""
    from amanat.notify.outlets.feeds import feeds_of
    from amanat.notify.outlets.status_page import pages_of

    company, all_said, site = company_of(case), said_before(case), _place(case, PAGE)
    for language, said in all_said.items():
        files = pages_of(said, language, sorted(all_said), company.notices_url)
        if (site / language / "feed.atom").is_file():
            files |= feeds_of(said, language, company.notices_url)
        for name, text in files.items():
            _put(site / language / name, text.encode())


def _texts_of(case: Path) -> list[Notice]:
    """Texts for others than the persons of the case, as `amanat notify compose --audience` wrote them."""
    return [read_notice(path) for path in sorted((case / "texts").glob("*/notice.json"))]


def _file_of(case: Path, notice_id: str) -> Path:
    texts = case / "texts" / notice_id / "notice.json"
    return texts if texts.is_file() else case / "notices" / notice_id / "notice.json"


def _kinds_of(case: Path) -> tuple[str, ...]:
    from amanat.lib.parquet import read_parquet
    from amanat.terms.kinds import KINDS

    path = case / "exposures.parquet"
    if not path.is_file():
        return ()
    import pyarrow.compute as pc

    found = set(pc.unique(pc.list_flatten(read_parquet(path)["kinds"].combine_chunks())).to_pylist())
    return tuple(kind for kind in KINDS if kind in found)


def _place(case: Path, outlet: str) -> Path:
    # What we release ourselves makes one site; what is handed out lies by outlet.
    return case / "public" / "site" if outlets()[outlet].released_by == "us" else case / "public" / "handed" / outlet


def _write(one: Draft, folder: Path) -> None:
    for artefact in one.artefacts:
        _put(folder / artefact.name, artefact.content)


def _put(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(path.name + ".part")
    part.write_bytes(content)
    os.replace(part, path)


def _keep(case: Path, rows: list[Release]) -> None:
    _put(case / "public" / "releases.json", (json.dumps([asdict(row) for row in rows], ensure_ascii=False, indent=1) + "\n").encode())


def _hash_of(key: bytes, code: str) -> str:
    number = read_code(code)
    assert number is not None
    return hash_of_code(key, number).hex()
