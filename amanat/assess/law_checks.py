"""What a law file may not say: names, sums, versions, deadlines and examples that cannot be, each refused with its line."""

import itertools
import re
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

from amanat.assess.clock import UnknownCalendar, check_calendar
from amanat.assess.law import CONTRACT, Clock, Deadline, Example, Law, Limit, Rule
from amanat.assess.leaves import BadExpression, check_place
from amanat.lib.errors import Fixable, did_you_mean
from amanat.lib.toml_lines import line_at
from amanat.terms.fact import BadFact, check_value, fact_types
from amanat.terms.kinds import KINDS


class BadLaw(Fixable):
    """A law file that says something that cannot be, with file, line and what to change."""


def check_law(law: Law, path: Path) -> None:
    """Raises BadLaw with the line of the first thing that cannot be. Conditions are checked where they are parsed."""
    _check_names(law, path)
    _check_penalties(law, path)
    for i, rule in enumerate(law.duty):
        _check_versions(rule, path, f"duty[{i}]")
    for i, example in enumerate(law.example):
        _check_example(example, law, path, f"example[{i}]")


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
