"""The clock wall on a terminal: duties with the nearest deadline first, why, and what to ask."""

import textwrap
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo

from amanat.terms.assessment import Assessment, Duty, Reason
from amanat.terms.fact import Fact, fact_types

_MARK = {True: "yes", False: "no", None: "unknown"}


def as_text(assessment: Assessment, *, at: datetime) -> str:
    """The whole assessment, for reading."""
    reached = [d for d in assessment.duties if d.reach is True]
    of = {state: [d for d in reached if d.state == state] for state in ("due", "undetermined", "exempt", "not_due")}
    lines = _severity(assessment)
    for state, heading in (("due", "DUE"), ("undetermined", "NOT SETTLED YET (the clock runs all the same)")):
        if of[state]:
            lines += ["", f"{heading}: {len(of[state])}"]
            for duty in sorted(of[state], key=_when):
                lines += _duty(duty, at)
    for state, heading in (("exempt", "EXEMPT"), ("not_due", "NOT DUE")):
        if of[state]:
            lines += ["", f"{heading}: {len(of[state])}"]
            for duty in of[state]:
                change = f"; would change: {duty.would_change_if[0]}" if duty.would_change_if else ""
                lines += _wrapped(f"{duty.id:<24} {_because(duty)}{change}", "  ")
    lines += _unreached(assessment)
    if assessment.questions:
        lines += ["", "ASK, in this order:"]
        for n, question in enumerate(assessment.questions, 1):
            settles = ", ".join(question.settles) if len(question.settles) < 4 else f"{len(question.settles)} duties"
            lines += _wrapped(f"{n}. {question.says}  [{question.fact}: {settles}]", "  ")
    if assessment.fines:
        lines += ["", "LEGAL MAXIMA (not a forecast):"]
        for fine in assessment.fines:
            most = f"{fine['currency']} {fine['maximum']:,}" if fine["maximum"] is not None else "no sum"
            lines += _wrapped(f"{fine['law']}: {most}; {fine['basis']} ({fine['cite']})", "  ")
    if assessment.assumed:
        lines += ["", "TAKEN FROM SOMETHING ELSE:", *[f"  {sentence}" for sentence in assessment.assumed]]
    return "\n".join(lines)


_STANDINGS = {"proposed": "DRAFT, not in force", "voluntary": "VOLUNTARY", "adopted": "ADOPTED, perhaps not applied yet"}


def clock_wall(assessment: Assessment, *, at: datetime | None = None) -> str:
    """Only the clocks, a line each: what is due, what is not settled yet, and how much is not due. With `at`, how long is left."""
    lines = []
    reached = [d for d in assessment.duties if d.reach is True]
    for state, mark in (("due", ""), ("undetermined", "not settled yet: ")):
        for duty in sorted((d for d in reached if d.state == state), key=_when):
            left = f", {_left(duty.due_at - at)}" if duty.due_at and at else ""
            when = moment(duty.due_at, duty.zone) + left if duty.due_at else duty.limit.split(";")[0] or "at all times"
            standing = (" (CONTRACT)" if duty.is_contract else "") + (f" ({_STANDINGS[duty.status]})" if duty.status in _STANDINGS else "")
            lines += _wrapped(f"{duty.id:<22} {when}: {mark}{duty.who}{standing}", "  ")
    rest = {words: [d.id for d in reached if d.state == state] for state, words in (("exempt", "exempt"), ("not_due", "not due"))}
    lines += [line for words, ids in rest.items() if ids for line in _wrapped(f"{words}: {', '.join(ids)}", "  ")]
    return "\n".join([*lines, *_unreached(assessment)])


def _unreached(assessment: Assessment) -> list[str]:
    """The laws that do not reach us, or of which nobody knows it yet, by name only: there are many."""
    lines = []
    for reach, heading in (
        (None, "OPEN UNTIL WE KNOW WHERE THE PERSONS LIVE AND WHERE WE ARE"),
        (False, "OUT OF REACH: nobody affected lives there, and we are not established there"),
    ):
        laws = sorted({d.law for d in assessment.duties if d.reach is reach})
        if laws:
            lines += ["", *_wrapped(f"{heading} ({len(laws)} laws): {', '.join(laws)}", "")]
    return lines


def explained(duty: Duty, facts: Mapping[str, Fact] | None = None) -> str:
    """One duty with every step that led to its state; with the facts, since when each is known and who said it."""
    lines = [f"{duty.id}: {duty.state.replace('_', ' ')}", f"  to {duty.who}", *_wrapped(f"“{duty.says}”", "  "), f"  {duty.cite}, {duty.source}"]
    lines.append(f"  {_trust(duty)}")
    if duty.due_at is not None:
        lines.append(f"  by {moment(duty.due_at, duty.zone)}: {duty.limit}")
    elif duty.limit:
        lines.append(f"  when: {duty.limit}")
    if duty.law_since or duty.law_until:
        lines.append(f"  version of the law: since {duty.law_since or 'the act itself'}{f', until {duty.law_until}' if duty.law_until else ''}")
    if duty.late:
        lines.append(f"  if late, it goes with: {duty.late}")
    lines += ["", "Why:"]
    for reason in duty.why:
        lines += _tree(reason, 1, facts or {})
    if duty.would_change_if:
        lines += ["", "It would change if:", *[f"  - {sentence}" for sentence in duty.would_change_if]]
    if duty.ask:
        lines += ["", f"Ask for: {', '.join(duty.ask)}"]
    return "\n".join(lines)


def moment(at: datetime, zone: str) -> str:
    """A moment where the authority is, and in UTC.

    >>> moment(datetime(2026, 3, 9, 17, tzinfo=timezone.utc), "Europe/Paris")
    'Mon 9 Mar 2026 18:00 CET (17:00 UTC)'
    """
    there, utc = at.astimezone(ZoneInfo(zone)), at.astimezone(timezone.utc)
    clock = "%H:%M:%S" if there.second else "%H:%M"
    # strftime's %Z of zones without an abbreviation gives "-03": said as an offset it is clear.
    name = there.strftime("%Z")
    name = f"UTC{name}" if name[:1] in "+-" else name
    other_day = f"{utc.day} {utc:%b} " if utc.date() != there.date() else ""
    return f"{there:%a} {there.day} {there:%b %Y} {there.strftime(clock)} {name} ({other_day}{utc.strftime(clock)} UTC)"


def _when(duty: Duty) -> tuple[datetime, str]:
    return duty.due_at or datetime.max.replace(tzinfo=timezone.utc), duty.id


def _severity(assessment: Assessment) -> list[str]:
    s = assessment.severity
    if s.band == "unknown":
        asked = [f"  ask: {fact_types()[name].says}" for name in s.ask]
        advice = [f"  asks for {rule}" for rule in s.overrides]
        return [f"SEVERITY not known yet: nobody has said which data are affected; advice so far: {s.advice} (a person decides)", *asked, *advice]
    lines = [
        f"SEVERITY {s.score:g}, {s.band.replace('_', ' ')} = context {s.context:g} × identification {s.identification:g}"
        f" + circumstances {s.circumstances:g}; advice: {s.advice} (a person decides)"
    ]
    return lines + [f"  {reason}" for reason in s.reasons] + [f"  asks for {rule}" for rule in s.overrides]


def _duty(duty: Duty, at: datetime) -> list[str]:
    when = f"{moment(duty.due_at, duty.zone)}, {_left(duty.due_at - at)}" if duty.due_at else "no fixed moment"
    standing = ("  CONTRACT" if duty.is_contract else "") + (f"  {_STANDINGS[duty.status]}" if duty.status in _STANDINGS else "")
    lines = [f"  {duty.id:<24} {when}{standing}"]
    n = "" if duty.n_persons is None else f"; {duty.n_persons:,} affected persons"
    lines += _wrapped(f"to {duty.who}{n}; {duty.limit or 'at all times'}; {duty.cite}; {_trust(duty)}", "      ")
    lines += _wrapped(f"because {_because(duty)}", "      ")
    if duty.state == "undetermined" and duty.would_change_if:
        lines += _wrapped(f"settled by {' | '.join(duty.would_change_if[:4])}", "      ")
    return lines


def _left(left: timedelta) -> str:
    hours = abs(left) // timedelta(hours=1)
    span = f"{hours // 24} d {hours % 24} h" if hours >= 24 else f"{hours} h {abs(left) % timedelta(hours=1) // timedelta(minutes=1)} min"
    return f"in {span}" if left >= timedelta(0) else f"OVERDUE by {span}"


def _because(duty: Duty) -> str:
    """The leaves that carried the state: for what is due the yeses, for what is not the noes, else the unknowns."""
    carries = {"due": True, "exempt": True, "not_due": False, "undetermined": None}[duty.state]
    tops = [r for r in duty.why if r.outcome is carries and not r.says.startswith("the version of the law") and " is taken from " not in r.says]
    if duty.state == "exempt":
        tops = tops[-1:]
    leaves = [leaf for top in tops for leaf in _leaves(top) if leaf.outcome is carries and (carries is not None or leaf.fact in ("", *duty.ask))]
    found = list(dict.fromkeys(map(_leaf, leaves)))
    return "; ".join(found[:6]) or "; ".join(top.says for top in tops[:1])


def _leaves(reason: Reason) -> Iterable[Reason]:
    if reason.fact or not reason.below:
        yield reason
    elif reason.says.isidentifier() and len(reason.below) == 1 and reason.below[0].fact:
        # A definition of the law file says it shorter than the list of kinds behind it.
        yield replace(reason.below[0], says=reason.says.replace("_", " "))
    else:
        for part in reason.below:
            yield from _leaves(part)


def _leaf(reason: Reason) -> str:
    note = f" ({reason.below[0].says})" if reason.fact and reason.below else ""
    return f"{_short(reason.says)}{_got(reason)}{note}"


def _short(says: str) -> str:
    return says if len(says) <= 90 else says[:87] + "…"


def _got(reason: Reason) -> str:
    if reason.got is None:
        return "" if reason.outcome is not None else " (unknown)"
    got = reason.got
    words = ("yes" if got else "no") if isinstance(got, bool) else (", ".join(map(str, got)) or "none") if isinstance(got, list) else str(got)
    return f" [{words}]"


def _tree(reason: Reason, depth: int, facts: Mapping[str, Fact]) -> list[str]:
    cite = f"  ({reason.cite})" if reason.cite else ""
    indent = "  " * depth
    lines = textwrap.wrap(
        f"{_MARK[reason.outcome]:<8}{reason.says}{_got(reason)}{_known(facts.get(reason.fact))}{cite}",
        140,
        initial_indent=indent,
        subsequent_indent=indent + " " * 8,
    )
    return lines + [line for part in reason.below for line in _tree(part, depth + 1, facts)]


def _known(fact: Fact | None) -> str:
    """How sure a fact is, since when, and who said it."""
    if fact is None:
        return ""
    parts = [fact.status, f"since {fact.since:%Y-%m-%d %H:%M %z}" if fact.since else "", fact.source]
    return f"  · {', '.join(filter(None, parts))}"


def _trust(duty: Duty) -> str:
    return f"confidence {duty.confidence}, {'checked against a source' if duty.verified else 'NOT checked against a source'}"


def _wrapped(text: str, indent: str) -> list[str]:
    return textwrap.wrap(text, 140, initial_indent=indent, subsequent_indent=indent + "  ")
