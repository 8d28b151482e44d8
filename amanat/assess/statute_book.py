"""The laws as they are used: every file read strictly, checked, its conditions parsed, and all of them held against each other."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from amanat.assess.expression import parse
from amanat.assess.law import Example, Law, Rule
from amanat.assess.law_checks import BadLaw, check_law
from amanat.assess.leaves import BadExpression
from amanat.assess.tree import Branch, Expression
from amanat.lib import settings
from amanat.lib.errors import Fixable, did_you_mean
from amanat.lib.open_set import OpenSet
from amanat.lib.shape import build, read_toml
from amanat.lib.toml_lines import line_at
from amanat.terms.fact import Fact, fact_types

LAWS = OpenSet("assess/laws", suffix=".toml")


@dataclass(frozen=True, slots=True, eq=False)  # a law that was read is the same only as itself
class Ready:
    """A law with its conditions parsed."""

    law: Law
    path: Path
    conditions: dict[str, Expression]  # text -> tree
    print_of_file: str = ""  # a short hash of the file as it was read: another one means that somebody has changed it

    def condition(self, text: str) -> Expression:
        return self.conditions[text]


def read_laws() -> tuple[Ready, ...]:
    """Every law file, checked on its own and against the others; raises BadLaw and the errors of `lib.shape`."""
    return _read_all(settings.get("AMANAT_EXTRA"))


class NoLaws(Fixable):
    """A folder that holds no law file."""


@cache
def read_folder(folder: Path) -> tuple[Ready, ...]:
    """The laws of a folder kept elsewhere, such as last year's; raises NoLaws, and BadLaw where a condition cannot be understood.

    What has become stricter since then for authors of law files is not asked of them: they are only compared with ours.
    """
    paths = sorted(path for path in folder.glob("*.toml") if not path.name.startswith("_"))
    if not paths:
        raise NoLaws(f"{folder}: holds no law files (*.toml); name a folder laid out like amanat/assess/laws")
    return _joined(paths, is_checked=False)


@cache
def _read_all(extra: str) -> tuple[Ready, ...]:
    return _joined(LAWS.paths().values())


def _joined(paths: Iterable[Path], *, is_checked: bool = True) -> tuple[Ready, ...]:
    laws = tuple(read_law(path, is_checked=is_checked) for path in paths)
    seen: dict[str, Path] = {}
    for ready in laws:
        for i, rule in enumerate(ready.law.duty):
            if rule.id in seen:
                raise BadLaw(f"{line_at(ready.path, f'duty[{i}].id')}: the duty {rule.id!r} stands in {seen[rule.id]} already; give it another id")
            seen[rule.id] = ready.path
    _check_chains(laws)
    return laws


def read_law(path: Path, *, is_checked: bool = True) -> Ready:
    """One law file; raises BadLaw and the errors of `lib.shape`, each with file and line."""
    try:
        return _read(path, path.read_bytes(), is_checked)
    except FileNotFoundError:
        return _read(path, b"", is_checked)  # says so itself


@lru_cache(maxsize=1024)
def _read(path: Path, content: bytes, is_checked: bool) -> Ready:
    # By its content: a file that has not changed is not read a second time, however often the folder of our own laws changes.
    law = build(Law, _with_since(read_toml(path)), where=path)
    if is_checked:
        check_law(law, path)
    conditions: dict[str, Expression] = {}
    definitions: dict[str, Expression] = {}
    for name, text in law.define.items():
        if name in fact_types():
            raise BadLaw(f"{line_at(path, f'define.{name}')}: {name!r} is a fact already; give the definition another name")
        definitions[name] = _condition(text, path, f"define.{name}", definitions)
    if law.for_whom:
        conditions[law.for_whom] = _condition(law.for_whom, path, "for_whom", definitions)
    for i, rule in enumerate(law.duty):
        for at, text in _texts(rule):
            conditions[text] = _condition(text, path, f"duty[{i}].{at}", definitions)
    return Ready(law, path, conditions, hashlib.sha256(content).hexdigest()[:12])


def _with_since(table: Any) -> Any:
    # `from` is a word of Python and cannot name a field; inside a deadline it is the event.
    if isinstance(table, list):
        return [_with_since(item) for item in table]
    if not isinstance(table, dict):
        return table
    fixed = {key: _with_since(value) for key, value in table.items()}
    for name in ("deadline", "or_earlier"):
        if name in fixed:
            fixed[name] = _renamed(fixed[name])
    return fixed


def _renamed(table: Any) -> Any:
    if isinstance(table, list):
        return [_renamed(item) for item in table]
    return {"since" if key == "from" else key: value for key, value in table.items()} if isinstance(table, dict) else table


def _texts(rule: Rule) -> Iterator[tuple[str, str]]:
    """Every condition of a rule, and where in it it stands."""
    if rule.may_wait_for:
        yield "may_wait_for", rule.may_wait_for
    for i, items in enumerate(rule.content_if):
        yield f"content_if[{i}]", items.when
    for i, version in enumerate(rule.version):
        at, deadline = f"version[{i}]", version.deadline
        yield f"{at}.when", version.when
        yield from ((f"{at}.unless[{n}]", exemption.when) for n, exemption in enumerate(version.unless))
        yield from ((f"{at}.deadline", other.when) for other in deadline.instead)
        yield from ((f"{at}.deadline", clock.when) for clock in deadline.or_earlier)
        if deadline.roll_unless:
            yield f"{at}.deadline", deadline.roll_unless


def _condition(text: str, path: Path, at: str, definitions: dict[str, Expression]) -> Expression:
    try:
        tree = parse(text, definitions=definitions)
    except BadExpression as error:
        raise BadLaw(f"{line_at(path, at)}: {error}") from None
    # The trace shows the condition as it stands in the file.
    return Branch(" ".join(text.split()), tree.join, tree.below) if isinstance(tree, Branch) and not text.isidentifier() else tree


def _check_chains(laws: tuple[Ready, ...]) -> None:
    after = {rule.id: rule.waits_for for ready in laws for rule in ready.law.duty}
    for ready in laws:
        for i, rule in enumerate(ready.law.duty):
            for n, version in enumerate(rule.version):
                for name in (clock.after for clock in version.deadline.clocks if clock.after and clock.after not in after):
                    line = line_at(ready.path, f"duty[{i}].version[{n}].deadline")
                    raise BadLaw(f"{line}: {rule.id} comes after {name!r}, which is no duty{did_you_mean(name, after)}")
    for ready in laws:
        for i, rule in enumerate(ready.law.duty):
            if rule.id in _before(rule.id, after):
                raise BadLaw(
                    f"{line_at(ready.path, f'duty[{i}]')}: {rule.id} waits for itself (after = …);"
                    " one of the duties in the ring must count from an event"
                )


def _before(name: str, after: Mapping[str, frozenset[str]]) -> set[str]:
    """All duties that a duty waits for, directly or by way of others."""
    waiting, seen = list(after[name]), set[str]()
    while waiting:
        one = waiting.pop()
        if one not in seen:
            seen.add(one)
            waiting += after[one]
    return seen


def facts_of(example: Example) -> dict[str, Fact]:
    """The facts of an example, all known."""
    return {name: Fact(name=name, value=value, status="known") for name, value in example.facts.items()}
