"""Duties: what each law makes of a situation. State, deadline, reasons, what would change it, and what to ask."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from amanat.assess.clock import due_at, next_working_day, zone_of
from amanat.assess.expression import Instead, Known, Leaf
from amanat.assess.law import Deadline, Law, Limit, Rule, Version
from amanat.assess.situation import Situation
from amanat.assess.statute_book import Ready
from amanat.terms.assessment import Duty, DutyState, Reason
from amanat.terms.places import lies_in

NOTHING: Instead = {}


@dataclass(frozen=True, slots=True)
class Verdict:
    """The state of a duty and the steps that led to it."""

    state: DutyState
    why: tuple[Reason, ...]


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
    leaves = _leaves(ready, rule, version, law)
    verdict = _verdict(ready, rule, version, now, NOTHING)
    chosen_reason = Reason(says=f"the version of the law of {day.isoformat()} applies{day_note}", outcome=True, cite=version.cite or rule.cite)
    verdict = replace(verdict, why=(*verdict.why, chosen_reason))
    change, ask = _what_if(ready, rule, version, now, verdict.state, leaves)
    duty = replace(
        _with(rule, law, zone, now, verdict, version),
        would_change_if=change,
        ask=ask,
        kinds=_covered_kinds(ready, rule, version, now),
        content=(*rule.content, *(i for items in rule.content_if if _answer(ready, items.when, now) is not False for i in items.items)),
    )
    return _timed(duty, ready, rule, version.deadline, now, zone, done)


def _with(rule: Rule, law: Law, zone: ZoneInfo, now: Situation, verdict: Verdict, version: Version | None) -> Duty:
    everywhere = law.by_establishment and _is_yes(now.established(law.places))
    places = () if everywhere else law.places
    count = now.residents(places, ())
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
        places=places,
        zone=zone.key,
        n_persons=int(count.low) if is_counted else None,
        portal=rule.portal or (law.authority.portal if rule.to == "authority" else ""),
        content=rule.content,
        forbidden=rule.forbidden,
        headings=rule.headings,
        letter_group=law.letter_group if rule.to == "individuals" else "",
        status=version.status if version else "in_force",
    )


def _is_yes(found: Known | None) -> bool:
    return found is not None and found.value is True


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


# ---- which state ----


def _verdict(ready: Ready, rule: Rule, version: Version, now: Situation, instead: Instead) -> Verdict:
    """Gates first (does the law reach us, does the rule address us), then the condition, then the exemptions in their order."""
    law = ready.law
    why: list[Reason] = []
    gates = [_reach(law, now, instead), *([_role(rule, now, instead)] if rule.role else [])]
    why += gates
    if any(gate.outcome is False for gate in gates):
        # The reach of the law stands or falls with the law, not with the single rule.
        return Verdict("not_due" if law.verified else "undetermined", tuple(why))
    holds = ready.condition(version.when).answer(now, instead)
    why.append(replace(holds, cite=version.cite or rule.cite))
    if holds.outcome is False:
        return Verdict(*_removed("not_due", rule, why))
    state: DutyState = "due" if holds.outcome and all(gate.outcome for gate in gates) else "undetermined"
    for exemption in version.unless:
        answer = ready.condition(exemption.when).answer(now, instead)
        step = Reason(
            says=f"exemption {exemption.id}: {exemption.says or exemption.when}", outcome=answer.outcome, cite=exemption.cite, below=(answer,)
        )
        why.append(step)
        if answer.outcome is True:
            return Verdict(*_removed("exempt", rule, why))
        if answer.outcome is None and not exemption.must_be_shown:
            state = "undetermined"
    return Verdict(state, tuple(why))


def _removed(state: DutyState, rule: Rule, why: list[Reason]) -> tuple[DutyState, tuple[Reason, ...]]:
    """An unverified rule may create a duty, never remove one."""
    if rule.verified:
        return state, tuple(why)
    says = f"by its words the duty would be {state.replace('_', ' ')}, but nobody has checked this rule against a source: a person must look"
    return "undetermined", (*why, Reason(says=says, outcome=None, cite=rule.cite))


def _reach(law: Law, now: Situation, instead: Instead) -> Reason:
    """Whether the law reaches us: by where the affected persons live, or by where we are."""
    says = f"persons who live in {', '.join(law.places) or 'any place'} are affected"
    count = now.residents(law.places, ())
    # Only here a doubt about the extent does not count as "there may be one": otherwise every law of the world would stay open.
    lives: bool | None = True if count.low >= 1 else None if count.high > 0 else False
    lives = instead.get(says, lives)
    residents = Reason(says=says, outcome=lives, fact="residents", got=int(count.low), below=_noted(count.note))
    if not law.by_establishment:
        return residents
    says_here = f"we are established in {', '.join(law.places)}"
    found = now.established(law.places)
    here = instead.get(says_here, None if found is None else found.value)
    establishment = Reason(says=says_here, outcome=here, fact="establishments", got=now.given("establishments"))
    outcome = True if True in (lives, here) else None if None in (lives, here) else False
    return Reason(says=f"the law reaches us: {says}, or {says_here}", outcome=outcome, below=(residents, establishment))


def _role(rule: Rule, now: Situation, instead: Instead) -> Reason:
    says = f"the rule addresses the {rule.role}"
    role = now.given("role")
    outcome = instead.get(says, None if role is None else role.removeprefix("joint_") == rule.role)
    return Reason(says=says, outcome=outcome, fact="role", got=role)


def _noted(note: str) -> tuple[Reason, ...]:
    return (Reason(says=note, outcome=None),) if note else ()


def _answer(ready: Ready, text: str, now: Situation) -> bool | None:
    return ready.condition(text).answer(now, NOTHING).outcome


# ---- what if ----


@dataclass(frozen=True, slots=True)
class _Asked:
    """One thing that is asked on the way to a state: its key in the trace, its fact, and the words for either answer."""

    key: str
    fact: str
    if_yes: str
    if_no: str
    is_asked: bool  # False: an exemption that we must show ourselves; nobody has to ask for it


def _leaves(ready: Ready, rule: Rule, version: Version, law: Law) -> tuple[_Asked, ...]:
    """What the condition asks, then the exemptions, then whether the law reaches us at all."""
    trees = [(ready.condition(version.when), True), *((ready.condition(e.when), not e.must_be_shown) for e in version.unless)]
    found = [_Asked(leaf.says, leaf.fact, leaf.wants(True), leaf.wants(False), asked) for tree, asked in trees for leaf in tree.leaves() if leaf.fact]
    places = ", ".join(law.places) or "any place"
    if rule.role:
        found.append(_Asked(f"the rule addresses the {rule.role}", "role", f"role: {rule.role}", f"role: not {rule.role}", True))
    who = f"affected residents of {places}"
    found.append(_Asked(f"persons who live in {places} are affected", "residents", f"{who}: at least 1", f"{who}: none", True))
    if law.by_establishment:
        here = f"we are established in {places}"
        found.append(_Asked(here, "establishments", f"establishments: with one in {places}", f"establishments: none in {places}", True))
    return tuple({asked.key: asked for asked in reversed(found)}.values())[::-1]


def _what_if(
    ready: Ready, rule: Rule, version: Version, now: Situation, state: DutyState, leaves: tuple[_Asked, ...]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Which single answer would give another state, and which unknown facts to ask for, the most decisive first."""
    got = _answers(ready, rule, version, now)
    change: list[tuple[bool, str]] = []
    weight: dict[str, int] = {}
    for leaf in leaves:
        known, shown = got.get(leaf.key, (None, None))
        for answer, words in ((True, leaf.if_yes), (False, leaf.if_no)):
            if answer is known:
                continue
            other = _verdict(ready, rule, version, now, {leaf.key: answer}).state
            if other != state:
                change.append((known is not None, f"{words}{_now(known, shown)} → {other.replace('_', ' ')}"))
            if known is None and leaf.is_asked and state == "undetermined":
                weight[leaf.fact] = weight.get(leaf.fact, 0) + (2 if other != state else 1)
    change.sort(key=lambda c: c[0])  # what is unknown first
    ask = tuple(sorted(weight, key=lambda fact: (-weight[fact], fact)))
    return tuple(dict.fromkeys(words for _, words in change)), ask


def _now(known: bool | None, shown: object) -> str:
    if shown is None or shown == []:
        return " (now unknown)" if known is None else ""
    return f" (now {_plain(shown)})"


def _plain(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _answers(ready: Ready, rule: Rule, version: Version, now: Situation) -> dict[str, tuple[bool | None, object]]:
    found: dict[str, tuple[bool | None, object]] = {}
    waiting = [_reach(ready.law, now, NOTHING), _role(rule, now, NOTHING)]
    waiting += [ready.condition(text).answer(now, NOTHING) for text in (version.when, *(e.when for e in version.unless))]
    while waiting:
        reason = waiting.pop()
        found[reason.says] = (reason.outcome, reason.got)
        waiting += reason.below
    return found


def _covered_kinds(ready: Ready, rule: Rule, version: Version, now: Situation) -> tuple[str, ...]:
    """Kinds without which a person is not owed this duty; empty when it is owed whatever is affected."""
    if rule.to != "individuals":
        return ()
    tree = ready.condition(version.when)
    asked: list[Leaf] = [leaf for leaf in tree.leaves() if leaf.kinds]
    if not asked or tree.answer(now, {leaf.says: False for leaf in asked}).outcome is not False:
        return ()
    return tuple(dict.fromkeys(kind for leaf in asked for kind in leaf.kinds))


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
    if rule.may_wait_for and _answer(ready, rule.may_wait_for, now):
        notes.append(f"may wait while this holds: {rule.may_wait_for}; the date is what holds without it")
    return replace(duty, due_at=due, from_at=event, limit="; ".join([words, *notes] if words else notes))


def _limit(ready: Ready, deadline: Deadline, now: Situation) -> tuple[Limit, list[str]]:
    notes = []
    for other in deadline.instead:
        answer = _answer(ready, other.when, now)
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
