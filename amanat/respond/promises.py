"""The register of public promises: what a notice or an update promises by itself, and how each is kept, broken or moved."""

import hashlib
import json
import os
from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, replace
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from amanat.lib.errors import Fixable, did_you_mean
from amanat.lib.moment import moment_of
from amanat.terms.fact import Fact
from amanat.terms.promise import MadeIn, Promise, PromiseKind

FILE = "promises.jsonl"
# Facts that promise something as soon as the public has read them.
PROMISING: dict[str, PromiseKind] = {"next_update": "next_update", "what_we_offer": "offer", "what_we_will_do": "measure"}


class BadPromise(Fixable):
    """A promise that cannot be made or settled so."""


def promises_made(facts: Mapping[str, Fact], carried: Collection[str], *, made_in: MadeIn, made_at: datetime, owner: str) -> list[Promise]:
    """What the public was promised by texts that rest on these facts. The same words with the same date are the same promise.

    Args:
        carried: names of the facts that the texts say; what nobody read was promised to nobody.
    """
    found = []
    for name, kind in PROMISING.items():
        fact = facts.get(name)
        if fact is None or fact.value is None or fact.status == "unknown" or name not in carried:
            continue
        due_at: datetime | None = None
        words: dict[str, str] = {}
        if kind == "next_update":
            due_at = fact.value if isinstance(fact.value, datetime) else moment_of(str(fact.value))
            if due_at is None:
                continue
        else:
            words = (
                {language: str(text) for language, text in fact.value.items() if text} if isinstance(fact.value, Mapping) else {"en": str(fact.value)}
            )
        found.append(a_promise(kind, words, made_in=made_in, made_at=made_at, due_at=due_at, owner=owner))
    return found


def a_promise(
    kind: PromiseKind, words: Mapping[str, str], *, made_in: MadeIn, made_at: datetime, due_at: datetime | None, owner: str, after: str = ""
) -> Promise:
    """A new promise; raises BadPromise for one without words or without anybody who keeps it.

    Args:
        after: the promise in whose place it stands: back at its first date, it is another promise all the same.
    """
    said = {language: text.strip() for language, text in words.items() if text.strip()}
    if not said and not (kind == "next_update" and due_at):
        raise BadPromise("a promise needs its words in at least one language; the next update needs its moment")
    if not owner.strip():
        raise BadPromise("a promise needs somebody who keeps it; name its owner")
    spelled = json.dumps([kind, said, due_at.astimezone(timezone.utc).isoformat() if due_at else None, after], sort_keys=True, ensure_ascii=False)
    name = hashlib.sha256(spelled.encode()).hexdigest()[:12]
    return Promise(id=name, kind=kind, words=said, made_in=made_in, made_at=made_at, due_at=due_at, owner=owner.strip())


def keep(promise: Promise, *, at: datetime, evidence: str) -> Promise:
    """It was kept at that moment, and this shows it. One that was settled as broken may turn out to have been kept. Raises BadPromise."""
    if promise.state in ("kept", "moved"):
        raise BadPromise(f"promise {promise.id} is settled already: it was {promise.state}")
    if not evidence.strip():
        raise BadPromise("say where anybody can see that it was kept: an address, a document, a number in the journal")
    if at < promise.made_at:
        raise BadPromise("it cannot have been kept before it was made; look at the moment")
    return replace(promise, state="kept", settled_at=at, evidence=evidence.strip())


def break_(promise: Promise, *, at: datetime, why: str) -> Promise:
    """It was not kept, and this is why. Raises BadPromise."""
    _check_open(promise)
    if not why.strip():
        raise BadPromise("say why it was not kept; those to whom it was promised will ask")
    return replace(promise, state="broken", settled_at=at, why=why.strip())


def move(promise: Promise, *, at: datetime, due_at: datetime, why: str) -> tuple[Promise, Promise]:
    """It gets another date, with the reason: the old one as it ended, and the new one. Raises BadPromise."""
    _check_open(promise)
    if not why.strip():
        raise BadPromise("say why it is moved; those to whom it was promised will ask")
    if due_at == promise.due_at:
        raise BadPromise("the new date is the old one")
    if due_at <= at:
        raise BadPromise("the new date has passed already; choose one that can be kept")
    new = a_promise(promise.kind, promise.words, made_in=promise.made_in, made_at=at, due_at=due_at, owner=promise.owner, after=promise.id)
    return replace(promise, state="moved", settled_at=at, why=why.strip(), moved_to=new.id), new


def _check_open(promise: Promise) -> None:
    if promise.state != "open":
        raise BadPromise(f"promise {promise.id} is settled already: it was {promise.state}")


# ---- the register of a case folder ----


def read_promises(case: Path) -> dict[str, Promise]:
    """The promises of a case by id, each as its last line has it, in the order in which they were made; raises BadPromise."""
    path, found = case / FILE, {}
    if not path.is_file():
        return {}
    for n, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        try:
            one = _from_json(json.loads(line))
        except (ValueError, KeyError, TypeError, AttributeError):
            raise BadPromise(
                f"{path}: line {n} is no promise; the file was changed or cut. Restore it from a copy; the journal names every change"
            ) from None
        found[one.id] = one
    return found


def write_promises(case: Path, promises: Iterable[Promise]) -> None:
    """Adds promises, or how they stand now, at the end of the register: what stood before stays readable."""
    lines = "".join(json.dumps(_as_json(one), ensure_ascii=False, sort_keys=True) + "\n" for one in promises)
    with (case / FILE).open("a", encoding="utf-8") as file:
        file.write(lines)
        file.flush()
        os.fsync(file.fileno())


def promise_named(promises: Mapping[str, Promise], name: str) -> Promise:
    """The promise with this id; raises BadPromise."""
    if name not in promises:
        raise BadPromise(f"there is no promise {name!r}{did_you_mean(name, promises) or '.'} `amanat respond promises CASE` lists them")
    return promises[name]


def take_promises(
    case: Path, facts: Mapping[str, Fact], carried: Collection[str], *, made_in: MadeIn, made_at: datetime, owner: str
) -> list[Promise]:
    """Writes down what was promised by what just went out; what stands there already is not written twice. Returns what is new."""
    there = read_promises(case)
    new = [one for one in promises_made(facts, carried, made_in=made_in, made_at=made_at, owner=owner) if one.id not in there]
    if new:
        write_promises(case, new)
    return new


def as_json(promise: Promise, *, now: datetime) -> dict[str, Any]:
    """The promise with its standing, for `--format json`."""
    return _as_json(promise) | {"standing": promise.standing(now)}


def _as_json(promise: Promise) -> dict[str, Any]:
    return {name: value.isoformat() if isinstance(value, datetime) else value for name, value in asdict(promise).items()}


def _from_json(body: Mapping[str, Any]) -> Promise:
    moments = {name: datetime.fromisoformat(body[name]) if body[name] else None for name in ("made_at", "due_at", "settled_at")}
    if moments["made_at"] is None or body["state"] not in ("open", "kept", "broken", "moved"):
        raise ValueError
    return Promise(**{**body, **moments})
