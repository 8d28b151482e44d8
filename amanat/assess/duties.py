"""Duties: what each law makes of a situation. The version in force, the state with its reasons, and the deadline."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from amanat.assess.clock import due_at, next_working_day, noon_of, zone_of
from amanat.assess.law import CONTRACT, Clock, Deadline, Law, Limit, Rule, Version
from amanat.assess.situation import Situation
from amanat.assess.statute_book import Ready
from amanat.assess.verdict import NOTHING, Verdict, answer_of, asked_of, covered_kinds, is_ours, verdict_of, what_if
from amanat.terms.assessment import Duty, Reason
from amanat.terms.places import lies_in


def duties_of(laws: Iterable[Ready], now: Situation, *, at: datetime, include_proposed: bool = False, with_changes: bool = True) -> tuple[Duty, ...]:
    """Every duty of the laws, those that others wait for first computed; in the order of the laws.

    Without changes nothing is said about what would change a state and what to ask, which takes most of the time.
    """
    rules = {rule.id: (ready, rule) for ready in laws for rule in ready.law.duty}
    done: dict[str, Duty | None] = {}

    def settle(name: str) -> Duty | None:
        if name not in done:
            ready, rule = rules[name]
            for before in rule.waits_for:
                settle(before)
            done[name] = _duty(ready, rule, now, at=at, include_proposed=include_proposed, with_changes=with_changes, done=done)
        return done[name]

    settled = [settle(name) for name in rules]
    return tuple(duty for duty in settled if duty is not None)


def _duty(
    ready: Ready, rule: Rule, now: Situation, *, at: datetime, include_proposed: bool, with_changes: bool, done: dict[str, Duty | None]
) -> Duty | None:
    law = ready.law
    zone = _zone(law, now)
    chosen = _version(rule, now, zone, at=at, include_proposed=include_proposed, done=done)
    if chosen is None and not include_proposed and all(v.status == "proposed" for v in rule.version):
        return None  # a draft that nobody asked for
    if chosen is None:
        first = min((v.since for v in rule.version if v.since), default=None)
        reason = Reason(
            says=f"no version of this rule was in force on the day of the event (the first is since {first})", outcome=False, cite=rule.cite
        )
        return _with(rule, law, zone, now, Verdict("not_due", (reason,)), None)
    version, day, day_note = chosen
    verdict = verdict_of(ready, rule, version, now, NOTHING)
    chosen_reason = Reason(says=f"the version of the law of {day.isoformat()} applies{day_note}", outcome=True, cite=version.cite or rule.cite)
    verdict = replace(verdict, why=(*verdict.why, chosen_reason))
    change, ask = _changes(ready, rule, version, now, verdict) if with_changes else ((), ())
    duty = replace(
        _with(rule, law, zone, now, verdict, version),
        reach=verdict.why[0].outcome,
        would_change_if=change,
        ask=ask,
        kinds=covered_kinds(ready, rule, version, now),
        content=(*rule.content, *(i for items in rule.content_if if answer_of(ready, items.when, now) is not False for i in items.items)),
    )
    return _timed(duty, ready, rule, version.deadline, now, zone, done)


def _changes(ready: Ready, rule: Rule, version: Version, now: Situation, verdict: Verdict) -> tuple[tuple[str, ...], tuple[str, ...]]:
    # Of a law that does not reach us nothing else could make a difference.
    leaves = asked_of(ready, rule, version, ready.law, is_reach_alone=verdict.why[0].outcome is False)
    return what_if(ready, rule, version, now, verdict.state, leaves)


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
        is_contract=law.kind == CONTRACT,
        status=version.status if version else "in_force",
        law_since=version.since.isoformat() if version and version.since else "",
        law_until=version.until.isoformat() if version and version.until else "",
        late=version.deadline.late if version else "",
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

# What may look like a duty and is less than one today.
_STANDINGS = {
    "voluntary": "voluntary: as far as is known no law asks for it",
    "adopted": "adopted, and perhaps not applied yet: look whether it binds us",
}


def _timed(duty: Duty, ready: Ready, rule: Rule, deadline: Deadline, now: Situation, zone: ZoneInfo, done: dict[str, Duty | None]) -> Duty:
    duty = replace(duty, standard=deadline.standard, from_event=deadline.since)
    limit, notes = _limit(ready, deadline, now)
    words = words_of(limit, deadline)
    if duty.state in ("not_due", "exempt"):
        return replace(duty, limit=words)
    calendar, calendar_note = _calendar(deadline, ready.law, now)
    due, event, why, said = _ending(deadline, limit, words, now, zone, calendar, done)
    notes += said
    for earlier in deadline.or_earlier:
        runs = answer_of(ready, earlier.when, now)
        if runs is False:
            continue
        ends, _, more, said = _ending(earlier, earlier, _cap(earlier, earlier), now, zone, calendar, done)
        if_true = "" if runs else f" if {earlier.when}"
        notes.append("; ".join([f"and no later than {_cap(earlier, earlier)}{if_true} ({earlier.cite})", *said]))
        why += more
        due = ends if due is None or (ends is not None and ends < due) else due
    if due is not None and deadline.roll:
        due, said = _rolled(due, ready, deadline, limit, now, zone, calendar)
        notes += said
    notes += [calendar_note] if calendar_note else []
    notes += [f"softened by the law: {deadline.soft}"] if deadline.soft else []
    notes += [f"if late: {deadline.late}"] if deadline.late else []
    notes += [f"more time: {deadline.extension}"] if deadline.extension else []
    notes += ["the number stands in guidance of the authority, not in the law"] if deadline.is_guidance else []
    notes += [_STANDINGS[duty.status]] if duty.status in _STANDINGS else []
    if rule.may_wait_for and answer_of(ready, rule.may_wait_for, now):
        notes.append(f"may wait while this holds: {rule.may_wait_for}; the date is what holds without it")
    if due is None and duty.state == "due" and event is None and deadline.since and not deadline.after and _cap(limit, deadline):
        duty = replace(duty, ask=(*duty.ask, deadline.since))  # what is due has no date before somebody says when its clock began
    reasons = tuple(Reason(says=note, outcome=True, fact=deadline.since) for note in dict.fromkeys(why))
    is_planned = event is None and due is not None
    return replace(
        duty,
        why=(*duty.why, *reasons),
        due_at=due,
        from_at=event,
        limit="; ".join([words, *notes] if words else notes),
        waits_for=deadline.after if is_planned else "",
    )


def _ending(
    clock: Clock, limit: Limit, words: str, now: Situation, zone: ZoneInfo, calendar: str, done: dict[str, Duty | None]
) -> tuple[datetime | None, datetime | None, list[str], list[str]]:
    """When one clock ends, its event, where the event's moment was taken from, and what is to be said about it."""
    event, note = now.moment(clock.since) if clock.since else (None, "")
    why = [note] if note else []
    if event is not None:
        return due_at(event, limit, zone=zone, calendar=calendar, clock=clock), event, why, []
    before = done.get(clock.after)
    if not words:
        return None, None, why, []
    if before is None:
        return None, None, why, [f"no date yet: {clock.since} is not known", *_at_the_earliest(clock, limit, now, zone, calendar)]
    if before.due_at is None or before.state not in ("due", "undetermined"):
        return None, None, why, [f"runs only once {clock.since} has happened"]
    planned = f"planned: counted from the last moment for {before.id}; it moves when {clock.since} happens"
    return due_at(before.due_at, limit, zone=zone, calendar=calendar, clock=clock), None, why, [planned]


def _at_the_earliest(clock: Clock, limit: Limit, now: Situation, zone: ZoneInfo, calendar: str) -> list[str]:
    """Of a clock that begins with a conclusion: when it would end had we concluded on the day on which we were sure. No date, but a warning."""
    aware, _ = now.moment("awareness")
    if aware is None or not now.is_conclusion(clock.since):
        return []
    ends = due_at(aware, limit, zone=zone, calendar=calendar, clock=clock)
    return [] if ends is None else [f"had it been on the day of awareness, it would end on {ends.astimezone(zone).date().isoformat()}"]


def _calendar(deadline: Deadline, law: Law, now: Situation) -> tuple[str, str]:
    """The calendar of working days; the safe reading, with what to say, while nobody knows where we are established."""
    if deadline.calendar != "main_establishment":
        return deadline.calendar, ""
    main = now.given("main_establishment")
    if main and lies_in(main, law.places):
        return main, ""
    return "", "public holidays are not counted: name the main establishment, whose calendar holds"


def _rolled(
    due: datetime, ready: Ready, deadline: Deadline, limit: Limit, now: Situation, zone: ZoneInfo, calendar: str
) -> tuple[datetime, list[str]]:
    """The deadline after its roll rule. It moves only where the law itself moves it and it is sure that the rule is ours."""
    if deadline.roll == "next_working_day" and limit.within_hours is not None:
        return due, []
    day = due.astimezone(zone).date()
    rolled = next_working_day(day, calendar)
    if rolled == day:
        return due, []
    ours = False if not deadline.roll_unless else answer_of(ready, deadline.roll_unless, now)
    if ours is True:
        return due, [f"no move to a working day, because {deadline.roll_unless}"]
    if deadline.roll == "next_working_day":
        return due, [f"the earlier date is the safe one; by the roll rule it would end on {rolled.isoformat()}"]
    noon = noon_of(rolled, zone)
    if ours is None:
        return due, [f"the earlier moment is the safe one; it moves to {noon.isoformat()} unless {deadline.roll_unless}"]
    return noon, [f"moved from {due.isoformat()} to noon of the next working day"]


def _limit(ready: Ready, deadline: Deadline, now: Situation) -> tuple[Limit, list[str]]:
    notes = []
    for other in deadline.instead:
        answer = answer_of(ready, other.when, now)
        if answer:
            return other, [f"this limit because {other.when} ({other.cite})"]
        if answer is None:
            notes.append(f"{words_of(other, deadline)} if {other.when} ({other.cite})")
    return deadline, notes


def words_of(limit: Limit, deadline: Clock) -> str:
    """A limit with its standard in words: "72 hours from awareness", or "without undue delay; the law names no number"."""
    cap = _cap(limit, deadline)
    if not cap and isinstance(deadline, Deadline) and deadline.standard:
        return f"{_STANDARDS.get(deadline.standard, deadline.standard)}; the law names no number"
    return cap


_AT = {"same_time": "no later than", "before": "before"}
_START = {"": "from", "same_day": "from the day, itself counted, of", "year_end": "from the end of the calendar year of"}


def _cap(limit: Limit, clock: Clock) -> str:
    """A limit in words: "72 hours from awareness"; empty when it has no number."""
    if clock.at:
        return f"{_AT[clock.at]} {clock.since}"
    numbers = [
        (limit.within_hours, "hour"),
        (limit.within_days, "calendar day"),
        (limit.within_working_days, "working day"),
        (limit.within_months, "month"),
    ]
    return next((f"{n} {unit}{'s' if n != 1 else ''} {_START[clock.start]} {clock.since}" for n, unit in numbers if n is not None), "")
