"""Law: one act in one place as its TOML file holds it, read strictly: dated versions, conditions, deadlines, sources, examples."""

import re
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, Literal
from zoneinfo import ZoneInfo

from amanat.assess.expression import BadExpression, Branch, Expression, check_place, parse
from amanat.lib import settings
from amanat.lib.errors import Fixable, did_you_mean
from amanat.lib.open_set import OpenSet
from amanat.lib.shape import build, line_of, read_toml
from amanat.terms.assessment import To
from amanat.terms.fact import BadFact, Fact, UnknownFact, check_value, fact_types
from amanat.terms.kinds import KINDS

LAWS = OpenSet("assess/laws", suffix=".toml")

Status = Literal["in_force", "adopted", "proposed", "superseded", "voluntary"]
Standard = Literal[
    "",
    "undue_delay",
    "unreasonable_delay",
    "unnecessary_delay",
    "asap",
    "immediately",
    "promptly",
    "rapidly",
    "reasonable_time",
    "first_reasonable_opportunity",
]


class BadLaw(Fixable):
    """A law file that says something that cannot be, with file, line and what to change."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Authority:
    """Who enforces the law, and in whose time zone its days end."""

    name: str
    zone: str  # IANA name
    address: str = ""
    portal: str = ""
    is_of_establishment: bool = False  # the zone is that of our main establishment, where it lies in one of the law's places


@dataclass(frozen=True, slots=True, kw_only=True)
class Penalty:
    """A legal maximum. `rule` says how the fixed sum and the share of turnover join."""

    says: str
    cite: str
    fixed: Decimal | None = None
    currency: str = ""
    turnover_share: Decimal | None = None  # 0..1
    rule: Literal["", "whichever_is_higher", "capped_at_fixed"] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """A number of hours, days, working days or months; at most one of them."""

    within_hours: int | None = None
    within_days: int | None = None
    within_working_days: int | None = None
    within_months: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherLimit(Limit):
    """A limit that replaces the usual one when its condition holds for sure."""

    when: str
    cite: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadline(Limit):
    """When a duty must be done: a standard ("undue_delay"), a limit, or both; counted from an event."""

    standard: Standard = ""
    since: str = ""  # the event, a fact of type moment; the file says `from`
    after: str = ""  # the duty whose day stands in for the event until it happens
    calendar: str = ""  # for working days: "BR", "US-NY"
    roll: Literal["", "next_working_day"] = ""
    instead: tuple[OtherLimit, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Exemption:
    """Why a duty may fall away although its condition holds."""

    id: str
    when: str
    cite: str
    says: str = ""
    # An exemption that we must show ourselves does not apply while nobody has shown it; any other leaves the duty undetermined until it is known.
    must_be_shown: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """The rule as it stands from `since` until the day before `until`."""

    since: date | None = None
    until: date | None = None
    status: Status = "in_force"
    when: str
    unless: tuple[Exemption, ...] = ()
    deadline: Deadline = field(default_factory=Deadline)
    cite: str = ""  # where it differs from the duty's


@dataclass(frozen=True, slots=True, kw_only=True)
class Items:
    """Further items that a notice holds when a condition may hold."""

    when: str
    items: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One `[[duty]]` of a law file."""

    id: str
    to: To
    who: str
    says: str
    cite: str
    source: str
    confidence: Literal["high", "medium", "low"]
    verified: bool
    version: tuple[Version, ...]
    role: Literal["", "controller", "processor"] = ""  # whom the rule addresses; a joint controller is a controller
    may_wait_for: str = ""  # an expression: while it holds the notice may wait; the date is kept and this is said beside it
    content: tuple[str, ...] = ()
    content_if: tuple[Items, ...] = ()
    forbidden: tuple[str, ...] = ()
    headings: tuple[str, ...] = ()
    portal: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A story with its facts, whose data it is, and what the law makes of it."""

    story: str
    facts: dict[str, Any]
    duties: dict[str, Any]  # id -> state, or the instant it is due
    residents: dict[str, int] = field(default_factory=dict)  # as if counted from exposures
    kinds: dict[str, tuple[str, ...]] = field(default_factory=dict)  # kinds of data of all residents of the place
    include_proposed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Law:
    """One act in one place."""

    id: str
    name: str
    citation: str
    places: tuple[str, ...]
    kind: str
    by_establishment: bool  # reaches us by our establishment too, not only by where the persons live
    authority: Authority
    read_on: date
    verified: bool
    duty: tuple[Rule, ...]
    example: tuple[Example, ...]
    letter_group: str = ""
    read_by: str = ""  # who compared this file with the enacted text; empty: nobody yet
    note: str = ""
    penalties: tuple[Penalty, ...] = ()
    define: dict[str, str] = field(default_factory=dict)  # names for conditions used more than once, in order


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
    if isinstance(fixed.get("deadline"), dict):
        fixed["deadline"] = {"since" if key == "from" else key: value for key, value in fixed["deadline"].items()}
    return fixed


def _texts(rule: Rule) -> list[str]:
    texts = [rule.may_wait_for] if rule.may_wait_for else []
    texts += [items.when for items in rule.content_if]
    for version in rule.version:
        texts += [version.when, *(e.when for e in version.unless), *(o.when for o in version.deadline.instead)]
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
    except (OSError, ValueError):
        raise BadLaw(f"{line_of(path, 'zone')}: there is no time zone {zone!r}; use an IANA name such as Europe/Paris") from None


def _check_versions(rule: Rule, path: Path) -> None:
    at = line_with(path, rule.id)
    if not rule.version:
        raise BadLaw(f"{at}: {rule.id} has no [[duty.version]]")
    for version in rule.version:
        if version.since and version.until and version.until <= version.since:
            raise BadLaw(
                f"{at}: {rule.id}: a version ends ({version.until}) before it begins ({version.since}); `until` is the first day on which it no longer holds"
            )
        _check_deadline(rule, version.deadline, path)
        for exemption in version.unless:
            if not exemption.cite.strip():
                raise BadLaw(f"{line_with(path, exemption.when)}: the exemption {exemption.id!r} of {rule.id} has no citation")
    # A draft may overlap what it would replace; it only runs when it is asked for.
    dated = sorted((v for v in rule.version if v.status != "proposed"), key=lambda v: v.since or date.min)
    for one, next_one in zip(dated, dated[1:], strict=False):
        if one.until is None or (next_one.since or date.min) < one.until:
            raise BadLaw(
                f"{at}: {rule.id}: the versions since {one.since} and since {next_one.since} overlap; end the first with until = {next_one.since}"
            )


def _check_deadline(rule: Rule, deadline: Deadline, path: Path) -> None:
    at = line_with(path, rule.id)
    types = fact_types()
    moments = [name for name, fact in types.items() if fact.type == "moment"]
    if deadline.since and deadline.since not in moments:
        raise BadLaw(
            f"{at}: {rule.id}: there is no event {deadline.since!r}{did_you_mean(deadline.since, moments)} `amanat assess facts` lists the moments."
        )
    for limit in (deadline, *deadline.instead):
        given = [n for n in (limit.within_hours, limit.within_days, limit.within_working_days, limit.within_months) if n is not None]
        if len(given) > 1 or any(n <= 0 for n in given):
            raise BadLaw(f"{at}: {rule.id}: give one limit, of one hour, day or month at least")
        if given and not deadline.since:
            raise BadLaw(f"{at}: {rule.id}: a limit counts `from` an event; name it")
        if limit.within_working_days is not None and not deadline.calendar:
            raise BadLaw(f"{at}: {rule.id}: working days need a `calendar`, such as BR or US-NY")


def _check_chain(ready: Ready, laws: tuple[Ready, ...]) -> None:
    after = {rule.id: {v.deadline.after for v in rule.version if v.deadline.after} for r in laws for rule in r.law.duty}
    for rule in ready.law.duty:
        for name in after[rule.id]:
            if name not in after:
                raise BadLaw(f"{line_with(ready.path, name)}: {rule.id} comes after {name!r}, which is no duty{did_you_mean(name, after)}")
        waiting, seen = list(after[rule.id]), set()
        while waiting:
            name = waiting.pop()
            if name == rule.id:
                raise BadLaw(
                    f"{line_with(ready.path, rule.id)}: {rule.id} waits for itself (after = …); one of the duties in the ring must count from an event"
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
                f"{line_with(path, example.story)}: there is no fact {name!r}{did_you_mean(name, types)} `amanat assess facts` lists them all."
            )
        try:
            check_value(types[name], value, path)
        except BadFact as error:
            raise BadLaw(f"{error} (example {example.story!r})") from None
        facts[name] = Fact(name=name, value=value, status="known")
    return facts
