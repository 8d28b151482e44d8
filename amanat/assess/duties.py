"""Duties: what each law makes of a situation. The version in force, the state with its reasons, and the deadline."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from amanat.assess.clock import due_at, next_working_day, zone_of
from amanat.assess.law import Deadline, Law, Limit, Rule, Version
from amanat.assess.situation import Situation
from amanat.assess.statute_book import Ready
from amanat.assess.verdict import NOTHING, Verdict, answer_of, asked_of, covered_kinds, is_ours, verdict_of, what_if
from amanat.terms.assessment import Duty, Reason
from amanat.terms.places import lies_in


def duties_of(laws: Iterable[Ready], now: Situation, *, at: datetime, include_proposed: bool = False) -> tuple[Duty, ...]:
    """Every duty of the laws, those that others wait for first computed; in the order of the laws."""
    rules = {rule.id: (ready, rule) for ready in laws for rule in ready.law.duty}
    done: dict[str, Duty | None] = {}

    def settle(name: str) -> Duty | None:
        if name not in done:
            ready, rule = rules[name]
            for before in {v.deadline.after for v in rule.version if v.deadline.after}:
                settle(before)
            done[name] = _duty(ready, rule, now, at=at, include_proposed=include_proposed, done=done)
        return done[name]

    settled = [settle(name) for name in rules]
    return tuple(duty for duty in settled if duty is not None)


def _duty(ready: Ready, rule: Rule, now: Situation, *, at: datetime, include_proposed: bool, done: dict[str, Duty | None]) -> Duty | None:
    law = ready.law
    zone = _zone(law, now)
    chosen = _version(rule, now, zone, at=at, include_proposed=include_proposed, done=done)
    if chosen is None and all(v.status == "proposed" for v in rule.version):
        return None  # a draft that nobody asked for
    if chosen is None:
        first = min((v.since for v in rule.version if v.since), default=None)
        reason = Reason(
            says=f"no version of this rule was in force on the day of the event (the first is since {first})", outcome=False, cite=rule.cite
        )
        return _with(rule, law, zone, now, Verdict("not_due", (reason,)), None)
    version, day, day_note = chosen
    leaves = asked_of(ready, rule, version, law)
    verdict = verdict_of(ready, rule, version, now, NOTHING)
    chosen_reason = Reason(says=f"the version of the law of {day.isoformat()} applies{day_note}", outcome=True, cite=version.cite or rule.cite)
    verdict = replace(verdict, why=(*verdict.why, chosen_reason))
    change, ask = what_if(ready, rule, version, now, verdict.state, leaves)
    duty = replace(
        _with(rule, law, zone, now, verdict, version),
        would_change_if=change,
        ask=ask,
        kinds=covered_kinds(ready, rule, version, now),
        content=(*rule.content, *(i for items in rule.content_if if answer_of(ready, items.when, now) is not False for i in items.items)),
    )
    return _timed(duty, ready, rule, version.deadline, now, zone, done)


def _with(rule: Rule, law: Law, zone: ZoneInfo, now: Situation, verdict: Verdict, version: Version | None) -> Duty:
    is_beyond = law.by_establishment and is_ours(law, now)
    count = now.residents(() if is_beyond else law.places, ())
    is_counted = now.groups is not None or now.given("residents") is not None
    return Duty(
        id=rule.id,
        law=law.id,
        to=rule.to,
        who=rule.who,
        says=rule.says,
        state=verdict.state,
        due_at=None,
        standard="",
        limit="",
        from_event="",
        from_at=None,
        why=verdict.why,
        would_change_if=(),
        cite=(version.cite if version and version.cite else rule.cite),
        source=rule.source,
        confidence=rule.confidence,
        verified=rule.verified,
        ask=(),
        places=law.places,
        zone=zone.key,
        n_persons=int(count.low) if is_counted else None,
        portal=rule.portal or (law.authority.portal if rule.to == "authority" else ""),
        content=rule.content,
        forbidden=rule.forbidden,
        headings=rule.headings,
        letter_group=law.letter_group if rule.to == "individuals" else "",
        is_beyond_places=is_beyond,
        status=version.status if version else "in_force",
    )


# ---- which version ----


def _zone(law: Law, now: Situation) -> ZoneInfo:
    main = now.given("main_establishment")
    if law.authority.is_of_establishment and main and lies_in(main, law.places):
        return ZoneInfo(zone_of(main) or law.authority.zone)
    return ZoneInfo(law.authority.zone)


def _version(
    rule: Rule, now: Situation, zone: ZoneInfo, *, at: datetime, include_proposed: bool, done: dict[str, Duty | None]
) -> tuple[Version, date, str] | None:
    """The version in force on the local day of the event that it names."""
    found = []
    for version in rule.version:
        if version.status == "proposed" and not include_proposed:
            continue
        day, note = _day_of(version.deadline, now, zone, at=at, done=done)
        if (version.since is None or version.since <= day) and (version.until is None or day < version.until):
            found.append((version, day, note))
    # A draft that was asked for comes before what it would replace.
    return min(found, key=lambda f: f[0].status != "proposed", default=None)


def _day_of(deadline: Deadline, now: Situation, zone: ZoneInfo, *, at: datetime, done: dict[str, Duty | None]) -> tuple[date, str]:
    if deadline.since:
        moment, _ = now.moment(deadline.since)
        if moment is not None:
            return moment.astimezone(zone).date(), f" (day of {deadline.since})"
        before = done.get(deadline.after)
        if before is not None and before.due_at is not None:
            return before.due_at.astimezone(zone).date(), f" (planned day of {deadline.since})"
    moment, _ = now.moment("awareness")
    if moment is not None:
        return moment.astimezone(zone).date(), " (day of awareness)"
    return at.astimezone(zone).date(), " (today, because no moment of the incident is known)"


# ---- by when ----

_STANDARDS = {
    "undue_delay": "without undue delay",
    "unreasonable_delay": "without unreasonable delay",
    "unnecessary_delay": "without unnecessary delay",
    "asap": "as soon as possible",
    "reasonable_time": "within a reasonable time",
    "first_reasonable_opportunity": "at the first reasonable opportunity",
}


def _timed(duty: Duty, ready: Ready, rule: Rule, deadline: Deadline, now: Situation, zone: ZoneInfo, done: dict[str, Duty | None]) -> Duty:
    duty = replace(duty, standard=deadline.standard, from_event=deadline.since)
    limit, notes = _limit(ready, deadline, now)
    words = _words(limit, deadline)
    if duty.state in ("not_due", "exempt"):
        return replace(duty, limit=words)
    event, note = now.moment(deadline.since) if deadline.since else (None, "")
    if note:
        duty = replace(duty, why=(*duty.why, Reason(says=note, outcome=True, fact=deadline.since)))
    due = due_at(event, limit, zone=zone, calendar=deadline.calendar) if event is not None else None
    before = done.get(deadline.after)
    if event is None and before is not None and words:
        if before.due_at is not None and before.state in ("due", "undetermined"):
            due = due_at(before.due_at, limit, zone=zone, calendar=deadline.calendar)
            notes.append(f"planned: counted from the last moment for {before.id}; it moves when {deadline.since} happens")
        else:
            notes.append(f"runs only once {deadline.since} has happened")
    elif event is None and words:
        notes.append(f"no date yet: {deadline.since} is not known")
    if due is not None and deadline.roll and limit.within_hours is None:
        rolled = next_working_day(due.date(), deadline.calendar)
        if rolled != due.date():
            notes.append(f"the earlier date is the safe one; by the roll rule it would end on {rolled.isoformat()}")
    if rule.may_wait_for and answer_of(ready, rule.may_wait_for, now):
        notes.append(f"may wait while this holds: {rule.may_wait_for}; the date is what holds without it")
    return replace(duty, due_at=due, from_at=event, limit="; ".join([words, *notes] if words else notes))


def _limit(ready: Ready, deadline: Deadline, now: Situation) -> tuple[Limit, list[str]]:
    notes = []
    for other in deadline.instead:
        answer = answer_of(ready, other.when, now)
        if answer:
            return other, [f"this limit because {other.when} ({other.cite})"]
        if answer is None:
            notes.append(f"{_words(other, deadline)} if {other.when} ({other.cite})")
    return deadline, notes


def _words(limit: Limit, deadline: Deadline) -> str:
    numbers = [
        (limit.within_hours, "hour"),
        (limit.within_days, "calendar day"),
        (limit.within_working_days, "working day"),
        (limit.within_months, "month"),
    ]
    cap = next((f"{n} {unit}{'s' if n != 1 else ''} from {deadline.since}" for n, unit in numbers if n is not None), "")
    if not cap and deadline.standard:
        return f"{_STANDARDS.get(deadline.standard, deadline.standard)}; the law names no number"
    return cap
