"""Legal watch: what another version of the law folder says differently, which open incidents that moves, and which files grow old."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from amanat.assess.diff import ORDER, Change, changes
from amanat.assess.duties import words_of
from amanat.assess.law import Law, Rule, Version
from amanat.assess.statute_book import Ready
from amanat.lib import settings
from amanat.terms.assessment import Assessment, Duty


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleChange:
    """One thing that one rule says differently; `before` is empty for what is new, `after` for what is gone."""

    law: str
    duty: str
    what: str  # rule | version | deadline | when | unless | status | cite | verified | confidence
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """One duty that came out differently, and in which incidents."""

    duty: str
    change: Change
    before: str  # the limit in words, or the state where that has changed
    after: str
    cases: tuple[str, ...]


def rule_changes(before: Iterable[Law], after: Iterable[Law]) -> list[RuleChange]:
    """What the rules say differently, whether or not it touches an incident: versions, conditions, deadlines, standing, checks."""
    old, new = ({rule.id: rule for law in laws for rule in law.duty} for laws in (before, after))
    found: list[RuleChange] = []
    for name in sorted(old.keys() | new.keys()):
        said = _said(old.get(name)), _said(new.get(name))
        found += [
            RuleChange(law=name.partition(".")[0], duty=name, what=what.split(" ")[0], before=said[0].get(what, ""), after=said[1].get(what, ""))
            for what in sorted(said[0].keys() | said[1].keys())
            if said[0].get(what, "") != said[1].get(what, "")
        ]
    return found


def _said(rule: Rule | None) -> dict[str, str]:
    """Everything of a rule that can matter to an incident, in words that can be compared."""
    if rule is None:
        return {}
    said = {"rule": rule.who, "cite": rule.cite, "verified": "yes" if rule.verified else "no", "confidence": rule.confidence}
    for version in rule.version:
        of = f" {version.since or ''}"
        said["status" + of] = version.status
        said["deadline" + of] = _deadline(version)
        said["when" + of] = " ".join(version.when.split())
        said["unless" + of] = "; ".join(" ".join(one.when.split()) for one in version.unless)
        said["version" + of] = f"{version.since or 'always'} – {version.until or ''}"
    return said


def _deadline(version: Version) -> str:
    limits = [version.deadline, *version.deadline.instead]
    return "; ".join(filter(None, [*(words_of(limit, version.deadline) for limit in limits), *(words_of(c, c) for c in version.deadline.or_earlier)]))


def moved_of(pairs: Mapping[str, tuple[Assessment, Assessment]]) -> list[Moved]:
    """Changes of several incidents (before, after), the same change once with all the incidents that it affects; new or earlier first."""
    cases: dict[tuple[str, Change, str, str], list[str]] = {}
    for case, (before, after) in pairs.items():
        old, new = ({duty.id: duty for duty in one.duties} for one in (before, after))
        for one in changes(before, after):
            was, now = old.get(one.duty), new.get(one.duty)
            is_limit = one.change in ("earlier", "later")
            said = (_limit(was), _limit(now)) if is_limit else (one.state_before or "", one.state_after or "")
            cases.setdefault((one.duty, one.change, *said), []).append(case)
    found = [Moved(duty=d, change=c, before=b, after=a, cases=tuple(names)) for (d, c, b, a), names in cases.items()]
    return sorted(found, key=lambda one: (ORDER.index(one.change), -len(one.cases), one.duty))


def _limit(duty: Duty | None) -> str:
    return duty.limit.split("; ")[0] if duty else ""


def age_allowed() -> timedelta:
    """For how long the reading of a law file counts as fresh (AMANAT_LAW_DAYS)."""
    days = settings.get("AMANAT_LAW_DAYS")
    return timedelta(days=int(days) if days.isdecimal() else 180)


def is_stale(law: Law, today: date) -> bool:
    """Whether nobody has compared the file with its source for longer than is allowed."""
    return today - law.read_on > age_allowed()


def prints_of(laws: Iterable[Ready]) -> dict[str, str]:
    """Law id -> a short hash of its file, so that an assessment remembers by which wording it was made."""
    return {ready.law.id: ready.print_of_file for ready in laws}
