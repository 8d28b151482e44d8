"""The laws as they are used: every file read strictly, its conditions parsed, its dates, ids, events and examples checked."""

import hashlib
import itertools
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache, lru_cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from amanat.assess.clock import UnknownCalendar, check_calendar
from amanat.assess.expression import parse
from amanat.assess.law import CONTRACT, Clock, Deadline, Example, Law, Limit, Rule
from amanat.assess.leaves import BadExpression, check_place
from amanat.assess.tree import Branch, Expression
from amanat.lib import settings
from amanat.lib.errors import Fixable, did_you_mean
from amanat.lib.open_set import OpenSet
from amanat.lib.shape import build, read_toml
from amanat.lib.toml_lines import line_at
from amanat.terms.fact import BadFact, Fact, check_value, fact_types
from amanat.terms.kinds import KINDS

LAWS = OpenSet("assess/laws", suffix=".toml")


class BadLaw(Fixable):
    """A law file that says something that cannot be, with file, line and what to change."""


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
    """The laws of a folder kept elsewhere, such as yesterday's; raises NoLaws and the errors of `read_laws`."""
    paths = sorted(path for path in folder.glob("*.toml") if not path.name.startswith("_"))
    if not paths:
        raise NoLaws(f"{folder}: holds no law files (*.toml); name a folder laid out like amanat/assess/laws")
    return _joined(paths)


@cache
def _read_all(extra: str) -> tuple[Ready, ...]:
    return _joined(LAWS.paths().values())


def _joined(paths: Iterable[Path]) -> tuple[Ready, ...]:
    laws = tuple(read_law(path) for path in paths)
    seen: dict[str, Path] = {}
    for ready in laws:
        for i, rule in enumerate(ready.law.duty):
            if rule.id in seen:
                raise BadLaw(f"{line_at(ready.path, f'duty[{i}].id')}: the duty {rule.id!r} stands in {seen[rule.id]} already; give it another id")
            seen[rule.id] = ready.path
    _check_chains(laws)
    return laws


def read_law(path: Path) -> Ready:
    """One law file; raises BadLaw and the errors of `lib.shape`, each with file and line."""
    try:
        return _read(path, path.read_bytes())
    except FileNotFoundError:
        return _read(path, b"")  # says so itself


@lru_cache(maxsize=1024)
def _read(path: Path, content: bytes) -> Ready:
    # By its content: a file that has not changed is not read a second time, however often the folder of our own laws changes.
    law = build(Law, _with_since(read_toml(path)), where=path)
    _check_names(law, path)
    _check_penalties(law, path)
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
        _check_versions(rule, path, f"duty[{i}]")
    for i, example in enumerate(law.example):
        _check_example(example, law, path, f"example[{i}]")
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


def _check_names(law: Law, path: Path) -> None:
    if law.id != path.stem.replace("_", "-"):
        raise BadLaw(
            f"{line_at(path, 'id')}: the law's id is {law.id!r}, but the file's name makes it {path.stem.replace('_', '-')!r}; let them agree"
        )
    if law.kind == CONTRACT and law.letter_group:
        raise BadLaw(
            f"{line_at(path, 'letter_group')}: a contract chooses no letter: what a person reads is for the law alone; take letter_group out"
        )
    if not law.duty or not law.example:
        raise BadLaw(f"{line_at(path, '')}: a law needs at least one [[duty]] and one [[example]]")
    for place in law.places:
        try:
            check_place(place)
        except BadExpression as error:
            raise BadLaw(f"{line_at(path, 'places')}: {error}") from None
    _check_zone(law.authority.zone, path)
    ids = [rule.id for rule in law.duty]
    for i, rule in enumerate(law.duty):
        at = f"duty[{i}]"
        if rule.id in ids[:i]:
            raise BadLaw(f"{line_at(path, f'{at}.id')}: the duty {rule.id!r} stands here twice; give one of them another id")
        if not re.fullmatch(rf"{re.escape(law.id)}\.[a-z0-9_]+", rule.id):
            raise BadLaw(f"{line_at(path, f'{at}.id')}: the duty's id {rule.id!r} must be {law.id}. and a short name")
        for key in ("who", "says", "cite", "source"):
            if not getattr(rule, key).strip():
                raise BadLaw(f"{line_at(path, f'{at}.{key}')}: {rule.id} has no {key!r}; no duty without its citation and source")
        if not rule.source.startswith("https://") and law.kind != CONTRACT:
            raise BadLaw(f"{line_at(path, f'{at}.source')}: {rule.id}: the source is the https address of the official page")


_AMOUNT = re.compile(r"(\d[\d,]*(?:\.\d+)?)(?:\s*(thousand|million|billion)\b)?")
_PERCENT = re.compile(r"(\d+(?:\.\d+)?)\s*%")
_TIMES = {"thousand": 10**3, "million": 10**6, "billion": 10**9, "": 1}


def _check_penalties(law: Law, path: Path) -> None:
    """Each number that is reckoned with stands in the sentence beside it: a slip of one digit is found by the other."""
    for i, penalty in enumerate(law.penalties):
        said = {Decimal(number.replace(",", "")) * _TIMES[times] for number, times in _AMOUNT.findall(penalty.says)}
        shares = {Decimal(number) / 100 for number in _PERCENT.findall(penalty.says)}
        for key in ("fixed", "each", "each_low", "floor", "turnover_share"):
            number: Decimal | None = getattr(penalty, key)
            if number is not None and number not in (shares if key == "turnover_share" else said):
                shown = f"{(100 * number).normalize():f} %" if key == "turnover_share" else f"{number:,}"
                raise BadLaw(f"{line_at(path, f'penalties[{i}].{key}')}: {key} is {shown}, which its sentence (`says`) does not name; let them agree")


def _check_zone(zone: str, path: Path) -> None:
    try:
        ZoneInfo(zone)
    except (KeyError, OSError, ValueError):
        raise BadLaw(f"{line_at(path, 'authority.zone')}: there is no time zone {zone!r}; use an IANA name such as Europe/Paris") from None


def _check_versions(rule: Rule, path: Path, at: str) -> None:
    if not rule.version:
        raise BadLaw(f"{line_at(path, at)}: {rule.id} has no [[duty.version]]")
    for i, version in enumerate(rule.version):
        if version.since and version.until and version.until <= version.since:
            raise BadLaw(
                f"{line_at(path, f'{at}.version[{i}].until')}: {rule.id}: a version ends ({version.until}) before it begins ({version.since});"
                " `until` is the first day on which it no longer holds"
            )
        _check_deadline(rule, version.deadline, path, f"{at}.version[{i}].deadline")
        for n, exemption in enumerate(version.unless):
            if not exemption.cite.strip():
                line = line_at(path, f"{at}.version[{i}].unless[{n}]")
                raise BadLaw(f"{line}: the exemption {exemption.id!r} of {rule.id} has no citation")
        names = [exemption.id for exemption in version.unless]
        for n, name in enumerate(names):
            if name in names[:n]:
                line = line_at(path, f"{at}.version[{i}].unless[{n}]")
                raise BadLaw(f"{line}: {rule.id} has two exemptions {name!r} at the same time; give one of them another id")
    # A draft may overlap what it would replace, and no other draft; it only runs when it is asked for.
    for is_draft in (False, True):
        dated = [(i, version) for i, version in enumerate(rule.version) if (version.status == "proposed") is is_draft]
        dated.sort(key=lambda pair: pair[1].since or date.min)
        for (_, one), (i, next_one) in itertools.pairwise(dated):
            if one.until is None or (next_one.since or date.min) < one.until:
                raise BadLaw(
                    f"{line_at(path, f'{at}.version[{i}].since')}: {rule.id}: the versions since {one.since} and since {next_one.since} overlap;"
                    f" end the first with until = {next_one.since}"
                )


def _check_deadline(rule: Rule, deadline: Deadline, path: Path, at: str) -> None:
    def wrong(says: str) -> BadLaw:
        return BadLaw(f"{line_at(path, at)}: {rule.id}: {says}")

    moments = [name for name, fact in fact_types().items() if fact.type == "moment"]
    for clock in deadline.clocks:
        if clock.since and clock.since not in moments:
            raise wrong(f"there is no event {clock.since!r}{did_you_mean(clock.since, moments) or '.'} `amanat assess facts` lists the moments.")
        if clock.at and not clock.since:
            raise wrong(f"`at = {clock.at!r}` needs the event that it looks at; name it with `from`")
        if clock.at and _numbers(clock):
            raise wrong("a clock has a number or `at`, not both")
    for limit in (*deadline.clocks, *deadline.instead):
        given = _numbers(limit)
        if len(given) > 1 or any(n <= 0 for n in given):
            raise wrong("give one limit, of one hour, day or month at least")
        if given and not (limit.since if isinstance(limit, Clock) else deadline.since):
            raise wrong("a limit counts `from` an event; name it")
        if limit.within_working_days is not None and not deadline.calendar:
            raise wrong("working days need a `calendar`, such as BR or US-NY")
    if deadline.calendar not in ("", "main_establishment"):
        try:
            check_calendar(deadline.calendar)
        except UnknownCalendar as error:
            raise wrong(f"{error}") from None
    if deadline.roll and not deadline.calendar:
        raise wrong("a limit that rolls to a working day needs a `calendar`, such as BR or main_establishment")


def _numbers(limit: Limit) -> list[int]:
    return [n for n in (limit.within_hours, limit.within_days, limit.within_working_days, limit.within_months) if n is not None]


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


def _check_example(example: Example, law: Law, path: Path, at: str) -> None:
    def wrong(key: str, says: object) -> BadLaw:
        return BadLaw(f"{line_at(path, f'{at}.{key}')}: {says}")

    ids = [rule.id for rule in law.duty]
    if not example.duties:
        raise wrong("duties", "the example expects nothing; name its duties")
    for name, expected in example.duties.items():
        if name not in ids:
            raise wrong("duties", f"the example names the duty {name!r}, which this law has not{did_you_mean(name, ids)}")
        is_moment = isinstance(expected, datetime) and expected.tzinfo is not None
        if not is_moment and expected not in ("due", "not_due", "exempt", "undetermined"):
            raise wrong("duties", f"{name} must be due, not_due, exempt, undetermined, or the moment with its offset at which it is due")
    for key, names in (("by", example.by), ("adds", example.adds)):
        for name in names:
            if name not in ids:
                raise wrong(key, f"the example names the duty {name!r}, which this law has not{did_you_mean(name, ids)}")
    for key, places in (("residents", example.residents), ("kinds", example.kinds)):
        for place in places:
            try:
                check_place(place)
            except BadExpression as error:
                raise wrong(key, error) from None
    for kind in (k for kinds in example.kinds.values() for k in kinds):
        if kind not in KINDS:
            raise wrong("kinds", f"{kind!r} is no kind of data{did_you_mean(kind, KINDS)}")
    types = fact_types()
    for name, value in example.facts.items():
        if name not in types:
            raise wrong("facts", f"there is no fact {name!r}{did_you_mean(name, types) or '.'} `amanat assess facts` lists them all.")
        try:
            check_value(types[name], value, path)
        except BadFact as error:
            raise wrong("facts", f"{str(error).partition(': ')[2]} (example {example.story!r})") from None


def facts_of(example: Example) -> dict[str, Fact]:
    """The facts of an example, all known."""
    return {name: Fact(name=name, value=value, status="known") for name, value in example.facts.items()}
