"""The laws as they are used: every file read strictly, its conditions parsed, its dates, ids, events and examples checked."""

import itertools
import re
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from amanat.assess.clock import UnknownCalendar, check_calendar
from amanat.assess.expression import parse
from amanat.assess.law import Clock, Deadline, Example, Law, Limit, Rule
from amanat.assess.leaves import BadExpression, check_place
from amanat.assess.tree import Branch, Expression
from amanat.lib import settings
from amanat.lib.errors import Fixable, did_you_mean
from amanat.lib.open_set import OpenSet
from amanat.lib.shape import build, line_of, read_toml
from amanat.terms.fact import BadFact, Fact, UnknownFact, check_value, fact_types
from amanat.terms.kinds import KINDS

LAWS = OpenSet("assess/laws", suffix=".toml")


class BadLaw(Fixable):
    """A law file that says something that cannot be, with file, line and what to change."""


@dataclass(frozen=True, slots=True)
class Ready:
    """A law with its conditions parsed."""

    law: Law
    path: Path
    conditions: dict[str, Expression]  # text -> tree

    def condition(self, text: str) -> Expression:
        return self.conditions[text]


def read_laws() -> tuple[Ready, ...]:
    """Every law file, checked on its own and against the others; raises BadLaw and the errors of `lib.shape`."""
    return _read_all(settings.get("AMANAT_EXTRA"))


@cache
def _read_all(extra: str) -> tuple[Ready, ...]:
    laws = tuple(read_law(path) for path in LAWS.paths().values())
    seen: dict[str, Path] = {}
    for ready in laws:
        for rule in ready.law.duty:
            if rule.id in seen:
                raise BadLaw(f"{line_with(ready.path, rule.id)}: the duty {rule.id!r} stands in {seen[rule.id]} already; give it another id")
            seen[rule.id] = ready.path
    for ready in laws:
        _check_chain(ready, laws)
    return laws


def read_law(path: Path) -> Ready:
    """One law file; raises BadLaw and the errors of `lib.shape`, each with file and line."""
    law = build(Law, _with_since(read_toml(path)), where=path)
    _check_names(law, path)
    conditions: dict[str, Expression] = {}
    definitions: dict[str, Expression] = {}
    for name, text in law.define.items():
        if name in fact_types():
            raise BadLaw(f"{line_of(path, name)}: {name!r} is a fact already; give the definition another name")
        definitions[name] = _condition(text, path, definitions)
    if law.for_whom:
        conditions[law.for_whom] = _condition(law.for_whom, path, definitions)
    for rule in law.duty:
        for text in _texts(rule):
            conditions[text] = _condition(text, path, definitions)
        _check_versions(rule, path)
    for example in law.example:
        _check_example(example, law, path)
    return Ready(law, path, conditions)


def line_with(path: Path, text: str) -> str:
    """`path:line` of the first line that holds the beginning of `text`, or just the path."""
    start = text.strip().split("\n")[0].strip()
    for number, line in enumerate(path.read_text(encoding="utf-8-sig").split("\n"), 1):
        if start and start in line and not line.lstrip().startswith("#"):
            return f"{path}:{number}"
    return str(path)


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


def _texts(rule: Rule) -> list[str]:
    texts = [rule.may_wait_for] if rule.may_wait_for else []
    texts += [items.when for items in rule.content_if]
    for version in rule.version:
        deadline = version.deadline
        texts += [version.when, *(e.when for e in version.unless), *(o.when for o in deadline.instead), *(c.when for c in deadline.or_earlier)]
        texts += [deadline.roll_unless] if deadline.roll_unless else []
    return texts


def _condition(text: str, path: Path, definitions: dict[str, Expression]) -> Expression:
    try:
        tree = parse(text, definitions=definitions)
    except BadExpression as error:
        raise BadLaw(f"{line_with(path, text)}: {error}") from None
    # The trace shows the condition as it stands in the file.
    return Branch(" ".join(text.split()), tree.join, tree.below) if isinstance(tree, Branch) and not text.isidentifier() else tree


def _check_names(law: Law, path: Path) -> None:
    if law.id != path.stem.replace("_", "-"):
        raise BadLaw(
            f"{line_of(path, 'id')}: the law's id is {law.id!r}, but the file's name makes it {path.stem.replace('_', '-')!r}; let them agree"
        )
    if not law.duty or not law.example:
        raise BadLaw(f"{path}: a law needs at least one [[duty]] and one [[example]]")
    for place in law.places:
        try:
            check_place(place)
        except BadExpression as error:
            raise BadLaw(f"{line_of(path, 'places')}: {error}") from None
    _check_zone(law.authority.zone, path)
    ids = [rule.id for rule in law.duty]
    for rule in law.duty:
        if ids.count(rule.id) > 1:
            raise BadLaw(f"{line_with(path, rule.id)}: the duty {rule.id!r} stands here twice; give one of them another id")
        if not re.fullmatch(rf"{re.escape(law.id)}\.[a-z0-9_]+", rule.id):
            raise BadLaw(f"{line_with(path, rule.id)}: the duty's id {rule.id!r} must be {law.id}. and a short name")
        for key in ("who", "says", "cite", "source"):
            if not getattr(rule, key).strip():
                raise BadLaw(f"{line_with(path, rule.id)}: {rule.id} has no {key!r}; no duty without its citation and source")
        if not rule.source.startswith("https://"):
            raise BadLaw(f"{line_with(path, rule.source)}: {rule.id}: the source is the https address of the official page")


def _check_zone(zone: str, path: Path) -> None:
    try:
        ZoneInfo(zone)
    except (KeyError, OSError, ValueError):
        raise BadLaw(f"{line_of(path, 'zone')}: there is no time zone {zone!r}; use an IANA name such as Europe/Paris") from None


def _check_versions(rule: Rule, path: Path) -> None:
    at = line_with(path, rule.id)
    if not rule.version:
        raise BadLaw(f"{at}: {rule.id} has no [[duty.version]]")
    for version in rule.version:
        if version.since and version.until and version.until <= version.since:
            raise BadLaw(
                f"{at}: {rule.id}: a version ends ({version.until}) before it begins ({version.since});"
                " `until` is the first day on which it no longer holds"
            )
        _check_deadline(rule, version.deadline, path)
        for exemption in version.unless:
            if not exemption.cite.strip():
                raise BadLaw(f"{line_with(path, exemption.when)}: the exemption {exemption.id!r} of {rule.id} has no citation")
    # A draft may overlap what it would replace; it only runs when it is asked for.
    dated = sorted((v for v in rule.version if v.status != "proposed"), key=lambda v: v.since or date.min)
    for one, next_one in itertools.pairwise(dated):
        if one.until is None or (next_one.since or date.min) < one.until:
            raise BadLaw(
                f"{at}: {rule.id}: the versions since {one.since} and since {next_one.since} overlap; end the first with until = {next_one.since}"
            )


def _check_deadline(rule: Rule, deadline: Deadline, path: Path) -> None:
    at = line_with(path, rule.id)
    types = fact_types()
    moments = [name for name, fact in types.items() if fact.type == "moment"]
    for clock in deadline.clocks:
        if clock.since and clock.since not in moments:
            raise BadLaw(
                f"{at}: {rule.id}: there is no event {clock.since!r}{did_you_mean(clock.since, moments) or '.'}"
                " `amanat assess facts` lists the moments."
            )
        if clock.at and not clock.since:
            raise BadLaw(f"{at}: {rule.id}: `at = {clock.at!r}` needs the event that it looks at; name it with `from`")
        if clock.at and _numbers(clock):
            raise BadLaw(f"{at}: {rule.id}: a clock has a number or `at`, not both")
    for limit in (*deadline.clocks, *deadline.instead):
        given = _numbers(limit)
        if len(given) > 1 or any(n <= 0 for n in given):
            raise BadLaw(f"{at}: {rule.id}: give one limit, of one hour, day or month at least")
        if given and not (limit.since if isinstance(limit, Clock) else deadline.since):
            raise BadLaw(f"{at}: {rule.id}: a limit counts `from` an event; name it")
        if limit.within_working_days is not None and not deadline.calendar:
            raise BadLaw(f"{at}: {rule.id}: working days need a `calendar`, such as BR or US-NY")
    if deadline.calendar not in ("", "main_establishment"):
        try:
            check_calendar(deadline.calendar)
        except UnknownCalendar as error:
            raise BadLaw(f"{at}: {rule.id}: {error}") from None
    if deadline.roll and not deadline.calendar:
        raise BadLaw(f"{at}: {rule.id}: a limit that rolls to a working day needs a `calendar`, such as BR or main_establishment")


def _numbers(limit: Limit) -> list[int]:
    return [n for n in (limit.within_hours, limit.within_days, limit.within_working_days, limit.within_months) if n is not None]


def _check_chain(ready: Ready, laws: tuple[Ready, ...]) -> None:
    after = {rule.id: rule.waits_for for r in laws for rule in r.law.duty}
    for rule in ready.law.duty:
        for name in after[rule.id]:
            if name not in after:
                raise BadLaw(f"{line_with(ready.path, name)}: {rule.id} comes after {name!r}, which is no duty{did_you_mean(name, after)}")
        waiting, seen = list(after[rule.id]), set()
        while waiting:
            name = waiting.pop()
            if name == rule.id:
                raise BadLaw(
                    f"{line_with(ready.path, rule.id)}: {rule.id} waits for itself (after = …);"
                    " one of the duties in the ring must count from an event"
                )
            if name not in seen:
                seen.add(name)
                waiting += after.get(name, ())


def _check_example(example: Example, law: Law, path: Path) -> None:
    at = line_with(path, example.story)
    ids = [rule.id for rule in law.duty]
    if not example.duties:
        raise BadLaw(f"{at}: the example expects nothing; name its duties")
    for name, expected in example.duties.items():
        if name not in ids:
            raise BadLaw(f"{at}: the example names the duty {name!r}, which this law has not{did_you_mean(name, ids)}")
        is_moment = isinstance(expected, datetime) and expected.tzinfo is not None
        if not is_moment and expected not in ("due", "not_due", "exempt", "undetermined"):
            raise BadLaw(f"{at}: {name} must be due, not_due, exempt, undetermined, or the moment with its offset at which it is due")
    for place in [*example.residents, *example.kinds]:
        try:
            check_place(place)
        except BadExpression as error:
            raise BadLaw(f"{at}: {error}") from None
    for kind in (k for kinds in example.kinds.values() for k in kinds):
        if kind not in KINDS:
            raise BadLaw(f"{at}: {kind!r} is no kind of data{did_you_mean(kind, KINDS)}")
    facts_of(example, path)


def facts_of(example: Example, path: Path) -> dict[str, Fact]:
    """The facts of an example, all known."""
    types = fact_types()
    facts = {}
    for name, value in example.facts.items():
        if name not in types:
            raise UnknownFact(
                f"{line_with(path, example.story)}: there is no fact {name!r}{did_you_mean(name, types) or '.'} `amanat assess facts` lists them all."
            )
        try:
            check_value(types[name], value, path)
        except BadFact as error:
            raise BadLaw(f"{error} (example {example.story!r})") from None
        facts[name] = Fact(name=name, value=value, status="known")
    return facts
