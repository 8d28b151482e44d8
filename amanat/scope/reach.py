"""Reach: what an intruder had within reach, as a person describes it and as logs show it.

`access/` of a story holds `reach.toml` (stores, compromised accounts, logs) or the short lists `tables.csv` and `accounts.csv`, or both.
"""

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Literal

from amanat.lib.errors import Fixable, did_you_mean
from amanat.lib.shape import build, read_toml
from amanat.scope.acts import Act, read_acts
from amanat.terms.kinds import KINDS

BELIEF = {"accessed": 0.8, "accessible": 0.4}
NAMED = 0.95  # a log names the very person
_TABLES = {"tables.csv": "table", "accounts.csv": "account"}
EVERYBODY = "register"


class BadAccess(Fixable):
    """A file of the access folder says something that cannot be, or is missing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Intruder:
    """Whose hands: compromised accounts and addresses, and the time between which they were in them."""

    accounts: list[str] = field(default_factory=list)
    addresses: list[str] = field(default_factory=list)
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Log:
    """A log of the access folder; `complete` says that nothing was read that is not in it."""

    file: str
    complete: bool = False
    stores: list[str] = field(default_factory=list)  # of which it would show a reading; empty: of all


@dataclass(frozen=True, slots=True, kw_only=True)
class Store:
    """Something that holds data of persons: a table, bucket, mailbox or folder."""

    name: str  # as logs name it
    kind: Literal["table", "bucket", "mailbox", "folder"] = "table"
    kinds: list[str] = field(default_factory=list)
    columns: list[str] = field(default_factory=list)  # names of its columns, where nobody has said the kinds
    rows: int | None = None
    persons: str = ""  # a CSV with person_id or email, or "register": everybody
    content: str = ""  # a copy of it at hand, which is scanned
    accounts: list[str] = field(default_factory=list)  # who could open it; empty: every account
    reached: Literal["", "accessed", "accessible"] = ""  # where a person knows; otherwise logs and accounts decide


@dataclass(frozen=True, slots=True, kw_only=True)
class ReachFile:
    """`reach.toml`."""

    intruder: Intruder = field(default_factory=Intruder)
    log: list[Log] = field(default_factory=list)
    store: list[Store] = field(default_factory=list)
    schema: str = ""  # CSV with table, column and if known rows: an export of information_schema.columns


@dataclass(slots=True, kw_only=True)
class Reached:
    """One store that was within reach."""

    store: Store
    reached: str  # accessed | accessible
    belief: float
    persons: Path | None  # None: see store.persons
    content: Path | None
    objects: list[str] = field(default_factory=list, repr=False)  # what the intruder's acts named, where it may name a person


def read_reach(folder: Path) -> tuple[list[Reached], list[str]]:
    """Every store within reach, and sentences about what is not known.

    Raises BadAccess, and BadLog for a log that cannot be read.
    """
    known = [name for name in ("reach.toml", *_TABLES) if (folder / name).is_file()] if folder.is_dir() else []
    if not known:
        raise BadAccess(f"{folder}: holds none of reach.toml, tables.csv, accounts.csv; say there what was within reach")
    found, notes = list(_from_lists(folder)), list[str]()
    if "reach.toml" in known:
        more, notes = _from_file(folder)
        found += more
    return found, notes


def _from_file(folder: Path) -> tuple[list[Reached], list[str]]:
    path = folder / "reach.toml"
    said = build(ReachFile, read_toml(path), where=path)
    notes: list[str] = []
    for name in ("since", "until"):
        moment = getattr(said.intruder, name)
        if moment is not None and moment.tzinfo is None:
            raise BadAccess(f"{path}: intruder.{name} needs its offset from UTC, such as 2026-11-08T03:00:00Z")
    if said.intruder.since and said.intruder.until and said.intruder.until <= said.intruder.since:
        raise BadAccess(f"{path}: the intruder left (until) before they came (since); correct one of the moments")
    stores = [_checked(store, path, number) for number, store in enumerate(said.store, start=1)]
    if said.schema:
        stores += _from_schema(_below(folder, said.schema, path, "schema"), {store.name.casefold() for store in stores})
    acts = _acts(folder, path, said, notes)
    found, untouched, closed = [], [], []
    mine = {name.casefold() for name in said.intruder.accounts}
    for store in stores:
        of_store = [act for act in acts if names(act.object, store.name) or (store.kind == "mailbox" and same_account(act.account, store.name))]
        can_open = not store.accounts or bool(mine & {name.casefold() for name in store.accounts})
        if store.reached:
            reached = store.reached
        elif of_store:
            reached = "accessed"
        elif not can_open:
            closed.append(store.name)
            continue
        elif any(log.complete and (not log.stores or store.name in log.stores) for log in said.log):
            untouched.append(store.name)
            continue
        else:
            reached = "accessible"
        found.append(
            Reached(
                store=store,
                reached=reached,
                belief=BELIEF[reached],
                persons=_below(folder, store.persons, path, "the list of persons") if store.persons and store.persons != EVERYBODY else None,
                content=_below(folder, store.content, path, "the content", is_folder_fine=True) if store.content else None,
                objects=sorted({act.object for act in of_store if act.object}),
            )
        )
    if closed:
        notes.append(f"Not within reach, because no compromised account could open it: {', '.join(closed)}.")
    if untouched:
        notes.append(f"Within reach, but a log said to be complete shows that it was not opened: {', '.join(untouched)}. Nobody is listed for it.")
    if said.log and not acts:
        notes.append("The logs show no act of the compromised accounts or addresses in that time: everything counts as accessible only.")
    return found, notes


def _checked(store: Store, path: Path, number: int) -> Store:
    for kind in store.kinds:
        if kind not in KINDS:
            raise BadAccess(f"{path}: store {number} ({store.name}): there is no kind of data {kind!r}{did_you_mean(kind, KINDS)}")
    kinds = list(dict.fromkeys([*store.kinds, *kinds_of_columns(store.columns), *(["email", "communications"] if store.kind == "mailbox" else [])]))
    if not kinds and not store.content:
        raise BadAccess(f"{path}: store {number} ({store.name}) says neither kinds nor columns nor content; say what stands in it")
    if store.rows is not None and store.rows < 0:
        raise BadAccess(f"{path}: store {number} ({store.name}): rows is a number from 0")
    return replace(store, kinds=kinds)


def kinds_of_columns(columns: Sequence[str]) -> list[str]:
    """Kinds of data that columns of these names hold.

    >>> kinds_of_columns(["id", "first_name", "last_name", "e_mail", "created_at"])
    ['name', 'email']
    """
    from amanat.scope.column_names import Headers
    from amanat.scope.identifier import identifiers

    members = identifiers()
    headers, names_ = Headers(members), list(members)
    found: dict[str, None] = {}
    for column in columns:
        kinds = {members[names_[i]].kind for i in headers.of(column)} - {""}
        if len(kinds) == 1:
            found.setdefault(kinds.pop())
    return list(found)


def _from_schema(path: Path, known: set[str]) -> Iterator[Store]:
    tables: dict[str, list[str]] = {}
    rows: dict[str, int] = {}
    for row in read_rows(path, ()):
        plain = {re.sub(r"\W+", "_", name.strip().lower()): value.strip() for name, value in row.items()}
        table, column = (next((plain[n] for n in (f"{what}_name", what) if plain.get(n)), "") for what in ("table", "column"))
        if not table or not column:
            raise BadAccess(f"{path}: needs the columns table and column (or table_name and column_name), filled in every row")
        place = plain.get("table_schema") or plain.get("schema")
        name = f"{place}.{table}" if place else table
        tables.setdefault(name, []).append(column)
        count = plain.get("rows") or plain.get("row_count") or plain.get("table_rows") or ""
        if count.isdecimal():
            rows[name] = int(count)
    for name, columns in tables.items():
        kinds = kinds_of_columns(columns)
        if kinds and name.casefold() not in known:
            yield Store(name=name, kinds=kinds, columns=columns, rows=rows.get(name))


def _acts(folder: Path, path: Path, said: ReachFile, notes: list[str]) -> list[Act]:
    """What the intruder did, as far as logs show it: by a compromised account or from one of the addresses, in that time, with success."""
    found: dict[tuple[str, str], Act] = {}
    n_timeless = 0
    if said.log and not (said.intruder.accounts or said.intruder.addresses):
        raise BadAccess(f"{path}: names logs, but neither accounts nor addresses of the intruder; say whose acts to look for")
    for log in said.log:
        for act in read_acts(_below(folder, log.file, path, "the log"), [*said.intruder.accounts, *said.intruder.addresses]):
            is_theirs = act.address in said.intruder.addresses or any(same_account(act.account, name) for name in said.intruder.accounts)
            if not is_theirs or not act.succeeded:
                continue
            n_timeless += act.at is None
            # A time that cannot be read speaks for nobody's innocence.
            is_then = act.at is None or (
                (said.intruder.since is None or act.at >= said.intruder.since) and (said.intruder.until is None or act.at < said.intruder.until)
            )
            if is_then:
                found.setdefault((act.account, act.object), act)
    if n_timeless:
        notes.append(f"{n_timeless:,} acts in the logs have no time that can be read; they count as done by the intruder.")
    return list(found.values())


def same_account(seen: str, name: str) -> bool:
    """Whether a log's name of an account is this one: the whole, or the last part of a path or ARN.

    >>> same_account("arn:aws:iam::123456789012:user/svc-backup", "svc-backup"), same_account("backup", "svc-backup")
    (True, False)
    """
    seen, name = seen.casefold(), name.casefold()
    return bool(name) and (seen == name or re.split(r"[/:\\]", seen)[-1] == name)


def names(what: str, store: str) -> bool:
    """Whether the object of an act is the store or lies in it.

    >>> names("public.guests select * from guests", "guests"), names("karvan-backups/2026/a.zip", "karvan-backups"), names("guests_old", "guests")
    (True, True, False)
    """
    store = store.casefold()
    return any(
        token == store or token.startswith(store + "/") or token.endswith("." + store) or (token and store.endswith("." + token))
        for token in re.findall(r"[\w.@/:\-]+", what.casefold())
    )


def _from_lists(folder: Path) -> Iterator[Reached]:
    for name, subject in _TABLES.items():
        path = folder / name
        if not path.is_file():
            continue
        for number, row in enumerate(read_rows(path, (subject, "reached", "kinds", "persons")), start=2):
            reached = row["reached"].strip().lower()
            if reached not in BELIEF:
                raise BadAccess(f"{path}, row {number}: reached is accessed or accessible{did_you_mean(reached, BELIEF)}")
            kinds = [kind.strip() for kind in row["kinds"].split(";") if kind.strip()]
            for kind in kinds:
                if kind not in KINDS:
                    raise BadAccess(f"{path}, row {number}: there is no kind of data {kind!r}{did_you_mean(kind, KINDS)}")
            persons = (folder / row["persons"].strip()).resolve()
            if not persons.is_relative_to(folder.resolve()) or not persons.is_file():
                raise BadAccess(f"{path}, row {number}: the list of persons {row['persons']!r} is not there; give a path below {folder}")
            store = Store(name=row[subject].strip(), kinds=kinds, kind="mailbox" if row.get("kind", "").strip() == "mailbox" else "table")
            yield Reached(store=store, reached=reached, belief=BELIEF[reached], persons=persons, content=None)


def _below(folder: Path, name: str, where: Path, what: str, *, is_folder_fine: bool = False) -> Path:
    path = (folder / name).resolve()
    if not path.is_relative_to(folder.resolve()) or not (path.is_file() or (is_folder_fine and path.is_dir())):
        raise BadAccess(f"{where}: {what} {name!r} is not there; give a path below {folder}")
    return path


def read_rows(path: Path, columns: tuple[str, ...]) -> Iterator[dict[str, str]]:
    """Rows of a CSV file; raises BadAccess when one of the columns is missing."""
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            reader = csv.DictReader(file)
            for column in columns:
                if column not in (reader.fieldnames or ()):
                    raise BadAccess(f"{path}: the column {column!r} is missing; it needs {', '.join(columns)}")
            for row in reader:
                yield {name: value or "" for name, value in row.items() if isinstance(name, str) and not isinstance(value, list)}
    except UnicodeDecodeError as error:
        raise BadAccess(f"{path}: is not UTF-8 text (byte {error.start}); save it as UTF-8") from None
