"""The reasons of a duty in the language of the page: what the law asks, as questions with the answer that it wants.

Conditions of law files are expressions (`risk >= 'high' and not key_taken`); here they are read again and put into words.
Sentences that exist in English only, such as an exemption's, stand as they are and are marked.
"""

import ast
import re
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from django import template
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _lazy

from amanat.terms.fact import fact_types
from amanat.web.templatetags.names import answer, english, kind, place
from amanat.web.templatetags.sentences import CHOICES, fact_answer, listed, sentence
from amanat.web.templatetags.words import day, ltr, moment, number

register = template.Library()

# The event that starts a clock, as it stands behind "within 72 hours".
EVENTS: dict[str, Promise] = {
    "awareness": _lazy("after we were sure"),
    "discovery": _lazy("after the breach was discovered"),
    "discovery_or_notification": _lazy("after we discovered the breach or were told of it"),
    "knowledge_incident_affected_personal_data": _lazy("after we knew that personal data were affected"),
    "initial_notification": _lazy("after the first report was filed"),
    "notice_to_individuals": _lazy("after the affected persons were told"),
    "notice_to_hhs": _lazy("after the US Department of Health was told"),
    "end_of_individual_notice_period": _lazy("after the period for telling the persons ended"),
    "detection": _lazy("after it was detected"),
    "occurrence": _lazy("after it happened"),
    "determination": _lazy("after we concluded that it has to be notified"),
    "reason_to_believe": _lazy("after we had reason to believe it"),
    "confirmation": _lazy("after the breach was confirmed"),
    "classification_major": _lazy("after the incident was classified as major"),
    "ransom_payment": _lazy("after a ransom was paid"),
    "request": _lazy("after it was asked for"),
    "incident": _lazy("after the incident"),
    "failure_of_protection": _lazy("after the protection of the data failed"),
    "severe_security_incident": _lazy("after the severe security incident"),
    "inside_information_exists": _lazy("after the incident became inside information"),
    "suspicion": _lazy("after we had reason to suspect it"),
    "noticing": _lazy("after somebody of ours noticed it"),
    "identification": _lazy("after the incident was identified"),
    "discovery_of_circumstances_requiring_notice": _lazy("after we learned of the circumstances that require a notice"),
    "knows_or_reason_to_know": _lazy("after we knew, or had reason to know, of it"),
    "learns_of_acquisition": _lazy("after we learned that somebody acquired the data"),
    "knowledge_or_reasonable_belief": _lazy("after we knew or reasonably believed it"),
    "detection_and_knowledge_of_responsible_area": _lazy("after it was detected and known to whoever is in charge"),
    "reasonable_belief": _lazy("after we reasonably believed it"),
    "reasonable_suspicion": _lazy("after we reasonably suspected it"),
    "reasonable_grounds": _lazy("after there were reasonable grounds to believe it"),
    "discovery_or_reason_to_believe": _lazy("after we discovered it or had reason to believe it"),
    "determination_or_reason_to_believe": _lazy("after we concluded it or had reason to believe it"),
    "determination_of_breach_and_harm_or_agent_notice": _lazy(
        "after we concluded that there was a breach with a risk of harm, or heard of one from a contractor"
    ),
    "determination_notification_incident": _lazy("after we concluded that the incident has to be reported"),
    "confirmation_and_ability_to_ascertain_content": _lazy("after the breach was confirmed and the content of the notice could be found out"),
    "aware_and_scope_identified": _lazy("after we knew of the breach and its scope"),
    "assessment_notifiable": _lazy("after we assessed it as one that has to be notified"),
    "materiality_determination": _lazy("after we concluded that it is material to investors"),
    "facts_clarified": _lazy("after the facts were clear"),
    "affected_persons_identified": _lazy("after we knew who the affected persons are"),
    "statement_prepared": _lazy("after the statement for the authority was ready"),
    "notice_to_authority": _lazy("after the authority was told"),
    "incident_notification": _lazy("after the second report was filed"),
    "early_warning": _lazy("after the early warning was sent"),
    "intermediate_report": _lazy("after the last intermediate report was filed"),
    "disclosure_abroad": _lazy("after it was disclosed in another country"),
    "order": _lazy("after the authority ordered it"),
    "new_information": _lazy("after substantial new information came up"),
    "corrective_measure_available": _lazy("after a corrective measure was available"),
    "handled": _lazy("after the incident was dealt with"),
    "public_knowledge": _lazy("after the public heard of it"),
    "occurrence_end": _lazy("after it ended"),
}
_STATES = {
    "due": _lazy("due"),
    "not due": _lazy("not due"),
    "exempt": _lazy("exempt"),
    "undetermined": _lazy("undetermined"),
}
_COMPARED: dict[type[ast.cmpop], Promise] = {
    ast.NotEq: _lazy("not %(x)s"),
    ast.Lt: _lazy("less than %(x)s"),
    ast.LtE: _lazy("at most %(x)s"),
    ast.Gt: _lazy("more than %(x)s"),
    ast.GtE: _lazy("at least %(x)s"),
    ast.In: _lazy("one of these: %(x)s"),
    ast.NotIn: _lazy("none of these: %(x)s"),
}
# What a change would have to be, in the words of `assess.leaves`.
_WANTED: dict[str, Promise] = {
    "other than ": _COMPARED[ast.NotEq],
    "not ": _COMPARED[ast.NotEq],
    "fewer than ": _COMPARED[ast.Lt],
    "less than ": _COMPARED[ast.Lt],
    "at most ": _COMPARED[ast.LtE],
    "more than ": _COMPARED[ast.Gt],
    "at least ": _COMPARED[ast.GtE],
    "one of ": _COMPARED[ast.In],
    "none of ": _COMPARED[ast.NotIn],
    "with one in ": _lazy("with one in %(x)s"),
    "none in ": _lazy("without one in %(x)s"),
    "with ": _lazy("with %(x)s"),
    "without ": _lazy("without %(x)s"),
    "exactly ": _lazy("exactly %(x)s"),
}


@register.filter
def event(name: str) -> str:
    """When a clock began, after the number of hours or days; a fact without a name of its own by its question."""
    return str(EVENTS.get(name) or f"({question(name)})")


@register.filter
def limit(text: str) -> Any:
    """A time limit of `assess` with its notes: "72 hours from awareness; planned: …"."""
    # Not within "the law names no number", nor within the brackets of a citation.
    parts = re.split(r"; (?!the law names)(?![^()]*\))", text)
    shown = [_said(part, _LIMITS) or sentence(part) for part in parts]
    return format_html(" · ".join(["{}"] * len(shown)), *shown)


@register.filter
def limit_alone(text: str) -> Any:
    """The first part of a time limit, without its notes: for lists."""
    return limit(re.split(r"; (?!the law names)(?![^()]*\))", text)[0])


@register.filter
def is_condition(says: str) -> bool:
    """Whether this step of the reasons is a condition as the law file has it, and not a sentence."""
    try:
        ast.parse(says, mode="eval")
    except (SyntaxError, ValueError, RecursionError):
        return False
    return True


@register.filter
def changed_word(text: str) -> Any:
    """A state or a limit, as what changed from one to the other."""
    return str(_STATES[text.replace("_", " ")]) if text.replace("_", " ") in _STATES else limit(text)


@register.filter
def because(says: str) -> Any:
    """One step of the reasons: a sentence of `assess`, or a condition of the law file."""
    if said := _said(says, _STEPS):
        return said
    try:
        return _condition(ast.parse(says, mode="eval").body) or english(says)
    except (SyntaxError, ValueError, RecursionError):
        parts = says.split("; ")
        if len(parts) > 1 and all(_said(part, _STEPS) for part in parts):
            return "; ".join(str(_said(part, _STEPS)) for part in parts)
        return english(says)


@register.filter
def change(text: str) -> Any:
    """Which answer would change a duty: "risk: high (now none) → due"."""
    found = re.fullmatch(r"(?P<what>.+?)(?: \(now (?P<now>[^()]*)\))? → (?P<state>[a-z ]+)", text)
    if not found or found["state"] not in _STATES or (said := _wanted(found["what"])) is None:
        return english(text)
    if found["now"]:
        now = gettext("now: %(x)s") % {"x": _value(found["now"], found["what"].split(":")[0])}
        said = f"{said} ({now})"
    return f"{said} {'←' if _is_rtl() else '→'} {_STATES[found['state']]}"


def question(name: str) -> str:
    """What a fact answers, or the name as it is."""
    types = fact_types()
    return gettext(types[name].says) if name in types else name


def _answered(name: str, says: Any) -> str:
    return f"{question(name)} – {says}"


def _value(text: str, name: str) -> str:
    """One value as the page says it: yes and no, a number, a choice, places, kinds."""
    plain = text.strip("'")
    if plain in ("yes", "no", "unknown"):
        return {"yes": gettext("yes"), "no": gettext("no"), "unknown": gettext("unknown")}[plain]
    if re.fullmatch(r"\d+", plain):
        return number(int(plain))
    if spread := re.fullmatch(r"(\d+) (or more|to (\d+))", plain):
        low = number(int(spread[1]))
        return gettext("%(n)s or more") % {"n": low} if spread[2] == "or more" else f"{low} – {number(int(spread[3]))}"
    if name == "establishments":
        return _places(plain)
    choices = CHOICES.get(name, {})
    return listed([str(choices.get(one, kind(one) if kind(one) != one else one)) for one in plain.split(", ")])


def _wanted(text: str) -> str | None:
    """The change of one answer, as the words before the arrow say it."""
    if found := re.fullmatch(r"kinds of data of residents of (?P<places>[^:]+): (?P<how>with|without) (?P<kinds>.+)", text):
        more = re.search(r" or (\d+) more$", found["kinds"])
        kinds = listed([kind(one) for one in re.sub(r" or \d+ more$", "", found["kinds"]).split(", ")])
        kinds += " " + gettext("or %(n)s more") % {"n": number(int(more[1]))} if more else ""
        whose = gettext("data of residents of %(places)s") % {"places": _places(found["places"])}
        return f"{whose} – {_WANTED[found['how'] + ' '] % {'x': kinds}}"
    if found := re.fullmatch(r"(?:affected )?residents of (?P<places>.+?)(?P<kinds> with covered data)?:? (?P<op>[a-z ]+? |)(?P<n>\d+|none)", text):
        who = _residents(_places(found["places"]), is_named=bool(found["kinds"]))
        n = gettext("nobody") if found["n"] == "none" else number(int(found["n"]))
        return f"{who} – {str(_WANTED[found['op']]) % {'x': n} if found['op'] in _WANTED else n}"
    if found := re.fullmatch(r"affected persons (?P<op>[a-z ]+ )(?P<n>\d+)", text):
        who = gettext("affected persons")
        return f"{who} – {str(_WANTED.get(found['op'], '%(x)s')) % {'x': number(int(found['n']))}}"
    name, _colon, wanted = text.partition(": ")
    if name not in fact_types():
        return None
    op = next((op for op in _WANTED if wanted.startswith(op)), "")
    value = wanted.removeprefix(op)
    said = _places(value) if name == "establishments" else _value(value, name)
    return _answered(name, str(_WANTED[op]) % {"x": said} if op else said)


def _places(text: str) -> str:
    return gettext("any place") if text in ("any place", "") else listed([place(code.strip()) for code in text.split(",")])


def _residents(places: str, *, is_named: bool) -> str:
    who = gettext("affected residents of %(places)s") % {"places": places}
    named = gettext("with data that the law names")
    return f"{who} ({named})" if is_named else who


def _condition(node: ast.expr) -> Any:
    """A condition of a law file in words; None where it is none."""
    match node:
        case ast.BoolOp(op=ast.And()):
            return gettext("All of these:")
        case ast.BoolOp(op=ast.Or()):
            return gettext("At least one of these:")
        case ast.Call(func=ast.Name(id="at_least"), args=[ast.Constant(value=n), *_]):
            return gettext("At least %(n)s of these:") % {"n": number(n)}
        case ast.UnaryOp(op=ast.Not()):
            return gettext("Not so:")
        case ast.Name(id="always"):
            return gettext("In every case")
        case ast.Name(id=name) if name in fact_types():
            return question(name)
        case ast.Name(id=name):
            return format_html("{} {}", gettext("As this law defines it:"), ltr(name.replace("_", " ")))
        case ast.Compare(left=ast.Constant(value=member), ops=[op], comparators=[ast.Name(id=name)]):
            says = fact_answer([member], name)
            return _answered(name, says if isinstance(op, ast.In) else _COMPARED[ast.NotEq] % {"x": says})
        case ast.Compare(left=ast.Name(id=name), ops=[op], comparators=[bound]) if name in fact_types():
            return _answered(name, _compared(op, _literal(bound), name))
        case ast.Compare(left=ast.Call(func=ast.Name(id="residents_of_one_state"), args=[where]), ops=[op], comparators=[bound]):
            who = gettext("residents of the state of %(place)s in which most of them live") % {"place": place(_literal(where))}
            return f"{who} – {_compared(op, _literal(bound), '')}"
        case ast.Compare(left=ast.Call(func=ast.Name(id="hours_between"), args=[one, other]), ops=[op], comparators=[bound]):
            events = {"one": question(_literal(one)), "other": question(_literal(other))}
            return f"{gettext('hours between two moments: %(one)s %(other)s') % events} – {_compared(op, _literal(bound), '')}"
        case ast.Compare(left=ast.Call(func=ast.Name(id=called), args=given), ops=[op], comparators=[bound]):
            texts = [_literal(one) for one in given]
            places = [text for text in texts if place(text) != text or text == "EEA"]
            who = _residents(_places(", ".join(places)), is_named=called == "residents_with")
            return f"{who} – {_compared(op, _literal(bound), '')}"
        case ast.Call(func=ast.Name(id="any_of" | "all_of" as called), args=[ast.Call(args=places_), *wanted]):
            whose = gettext("data of residents of %(places)s") % {"places": _places(", ".join(str(_literal(p)) for p in places_))}
            how = gettext("one of these: %(x)s") if called == "any_of" else gettext("all of these: %(x)s")
            return f"{whose} – {how % {'x': listed([kind(_literal(one)) for one in wanted])}}"
        case ast.Call(func=ast.Name(id="any_of"), args=[ast.Name(id=name), *wanted]) if name in fact_types():
            return _answered(name, gettext("one of these: %(x)s") % {"x": fact_answer([_literal(one) for one in wanted], name)})
        case ast.Call(func=ast.Name(id="established"), args=given):
            return gettext("We are established in: %(places)s") % {"places": _places(", ".join(str(_literal(one)) for one in given))}
    return None


def _compared(op: ast.cmpop, bound: Any, name: str) -> str:
    says = listed([str(fact_answer(one, name)) for one in bound]) if isinstance(bound, (list, tuple)) else str(fact_answer(bound, name))
    return str(_COMPARED[type(op)]) % {"x": says} if type(op) in _COMPARED else says


def _literal(node: ast.expr) -> Any:
    return ast.literal_eval(node)


def _is_rtl() -> bool:
    return (get_language() or "").startswith("fa")


# ---- sentences of assess, with what stands in them ----


def _said(text: str, known: tuple[tuple[str, Callable[[re.Match[str]], Any]], ...]) -> Any:
    for pattern, says in known:
        if found := re.fullmatch(pattern, text, re.DOTALL):
            return says(found)
    return None


def _taken(found: re.Match[str]) -> Any:
    why = found["why"]
    why_says = _said(why, _WHYS) or english(why)
    taken = gettext("%(fact)s – taken as: %(value)s.") % {"fact": question(found["fact"]), "value": _value(found["value"], found["fact"])}
    return format_html("{} {}", taken, why_says)


def _plain(says: str | Promise) -> Callable[[re.Match[str]], Any]:
    return lambda found: str(says)


_WHYS: tuple[tuple[str, Callable[[re.Match[str]], Any]], ...] = (
    ("it is confirmed that data left our systems", _plain(_lazy("It is confirmed that data left our systems."))),
    ("persons were found in the stolen files themselves", _plain(_lazy("Persons were found in the stolen files themselves."))),
    ("data that were taken were also within reach", _plain(_lazy("Data that were taken were also within reach."))),
    ("data were taken or seen", _plain(_lazy("Data were taken or seen."))),
    ("the stolen files could be read without a key", _plain(_lazy("The stolen files could be read without a key."))),
    ("the exposures list minors", _plain(_lazy("Minors are among those who were found."))),
    ("minors are among the persons", _plain(_lazy("Minors are among the persons."))),
    ("a high risk was decided", _plain(_lazy("A person decided that the risk is high."))),
    ("nobody decided it, and the severity advises a high risk", _plain(_lazy("Nobody decided it, and the severity advises a high risk."))),
    (
        r"it is (?P<kind>\w+), which nobody does by mistake",
        lambda f: gettext("It is %(kind)s, which nobody does by mistake.") % {"kind": CHOICES["incident_kind"].get(f["kind"], f["kind"])},
    ),
)
_STEPS: tuple[tuple[str, Callable[[re.Match[str]], Any]], ...] = (
    ("the law reaches us: .+", _plain(_lazy("The law reaches us"))),
    (
        r"persons who live in (?P<p>.+) are affected",
        lambda f: gettext("Persons who live there are affected: %(places)s") % {"places": _places(f["p"])},
    ),
    (r"we are established in (?P<p>.+)", lambda f: gettext("We are established in: %(places)s") % {"places": _places(f["p"])}),
    (
        r"the rule addresses the (?P<role>\w+)",
        lambda f: gettext("The rule addresses whoever is: %(role)s") % {"role": CHOICES["role"].get(f["role"], f["role"])},
    ),
    (
        r"the version of the law of (?P<day>[\d-]+) applies(?: \((?P<note>.+)\))?",
        lambda f: format_html("{} {}", gettext("The law applies in its version of this day:"), day(date.fromisoformat(f["day"]))),
    ),
    (
        r"no version of this rule was in force on the day of the event \(the first is since (?P<day>[\d-]+)\)",
        lambda f: format_html(
            "{} {}", gettext("This rule was not in force on the day of the event; its first day:"), day(date.fromisoformat(f["day"]))
        ),
    ),
    (r"exemption (?P<id>\w+): (?P<says>.+)", lambda f: format_html("{} {}", gettext("Exemption:"), because(f["says"]))),
    (
        r"by its words the duty would be (?P<state>[a-z ]+), but nobody has checked this rule against a source: a person must look",
        lambda f: (
            gettext("By its words the duty would be: %(state)s. But nobody has checked this rule against a source, so a person must look.")
            % {"state": _STATES.get(f["state"], f["state"])}
        ),
    ),
    (
        r"(?P<fact>\w+) is taken from (?P<other>\w+): nobody gave it, and one date per family is enough",
        lambda f: (
            gettext("%(fact)s – nobody said; this date counts for it: %(other)s") % {"fact": question(f["fact"]), "other": question(f["other"])}
        ),
    ),
    (
        r"(?P<fact>\w+) is taken from (?P<other>\w+): nobody gave it, and it cannot have been later; an earlier moment makes the date earlier",
        lambda f: (
            gettext("%(fact)s – nobody said; at the latest then: %(other)s An earlier moment makes the date earlier.")
            % {"fact": question(f["fact"]), "other": question(f["other"])}
        ),
    ),
    (r"(?P<fact>\w+) is taken as (?P<value>'[^']*'|\w+): (?P<why>.+)", _taken),
    (r"(?P<fact>\w+) is believed, not known", lambda f: gettext("This is believed, not known.")),
    (
        r"nobody has decided the risk yet; the severity advises to treat it as '(?P<risk>\w+)'",
        lambda f: gettext("Nobody has decided the risk yet; the severity advises: %(risk)s.") % {"risk": CHOICES["risk"].get(f["risk"], f["risk"])},
    ),
    (
        r"(?P<n>\d+) more may live there: they wait for a reviewer, or their state or residence is not known",
        lambda f: gettext("%(n)s more may live there: they wait for a reviewer, or their residence is not known.") % {"n": number(int(f["n"]))},
    ),
    (
        r"(?P<told>\d+) were given by people, (?P<seen>\d+) counted in exposures: the larger number counts",
        lambda f: (
            gettext("People named %(told)s, the files show %(seen)s: the larger number counts.")
            % {"told": number(int(f["told"])), "seen": number(int(f["seen"]))}
        ),
    ),
    ("the extent is not known yet: there may be more", _plain(_lazy("The extent is not known yet: there may be more."))),
    (
        "the extent is not known yet: every number of persons is what is known today, and there may be more",
        _plain(_lazy("The extent is not known yet: every number of persons is what is known today, and there may be more.")),
    ),
    (
        "some persons wait for a reviewer, or their state or residence is not known",
        _plain(_lazy("Some persons wait for a reviewer, or their residence is not known.")),
    ),
    (
        r"(?P<n>\d+) persons wait for a reviewer: they may raise a number of residents, and never lower one",
        lambda f: (
            gettext("%(n)s persons wait for a reviewer: they may raise a number of residents, and never lower one.") % {"n": number(int(f["n"]))}
        ),
    ),
    (
        r"we hold no general law on breaches for (?P<p>.+), where affected persons live: that is unknown, and not no",
        lambda f: (
            gettext("Affected persons live where we hold no general law on breaches: %(places)s. What theirs asks for is unknown, and not no.")
            % {"places": _places(f["p"])}
        ),
    ),
    (
        r"the residence of (?P<n>\d+) persons is not known: they count in the whole, and under no place's law",
        lambda f: (
            gettext("The residence of %(n)s persons is not known: they count in the whole, and under no place’s law.") % {"n": number(int(f["n"]))}
        ),
    ),
)
_UNITS: dict[str, Promise] = {
    "hour": _lazy("%(n)s hours %(event)s"),
    "calendar day": _lazy("%(n)s calendar days %(event)s"),
    "working day": _lazy("%(n)s working days %(event)s"),
    "month": _lazy("%(n)s months %(event)s"),
}


def _number_of(found: re.Match[str]) -> str:
    said = str(_UNITS[found["unit"]]) % {"n": number(int(found["n"])), "event": event(found["event"])}
    if found.groupdict().get("start"):
        said = str(_STARTS[found["start"]]) % {"limit": said}
    return said if found.groupdict().get("when") is None else f"{said} – {because(found['when'])}"


_STARTS: dict[str, Promise] = {
    "the end of the calendar year of ": _lazy("%(limit)s, counted from the end of that calendar year"),
    "the day, itself counted, of ": _lazy("%(limit)s, that day itself counted"),
}
_NUMBER = (
    r"(?P<n>\d+) (?P<unit>hour|calendar day|working day|month)s? from"
    r" (?P<start>the end of the calendar year of |the day, itself counted, of )?(?P<event>\w+)"
)
_CITED = r" \((?P<cite>[^()]*(?:\([^()]*\)[^()]*)*)\)"


def _also(found: re.Match[str]) -> Any:
    """A further clock, perhaps only under a condition."""
    parts = [gettext("and in any case within:"), _said(found["limit"], _LIMITS) or english(found["limit"])]
    parts += [gettext("if this holds:"), because(found["when"])] if found["when"] else []
    return format_html(" ".join(["{}"] * len(parts)) + " ({})", *parts, ltr(found["cite"]))


def _before_english(says: str | Promise) -> Callable[[re.Match[str]], Any]:
    """Our words, then what the law file says in English."""
    return lambda found: format_html("{} {}", str(says), english(found["x"]))


def _before_condition(says: str | Promise) -> Callable[[re.Match[str]], Any]:
    return lambda found: format_html("{} {}", str(says), because(found["when"]))


_LIMITS: tuple[tuple[str, Callable[[re.Match[str]], Any]], ...] = (
    (_NUMBER, _number_of),
    (_NUMBER + r" if (?P<when>.+)" + _CITED, _number_of),
    (r"and no later than (?P<limit>.+? from .*?\w+|before \w+|no later than \w+)(?: if (?P<when>.+?))?" + _CITED, _also),
    (r"no later than (?P<event>\w+)", lambda f: gettext("no later than: %(question)s") % {"question": question(f["event"])}),
    (r"before (?P<event>\w+)", lambda f: gettext("before: %(question)s") % {"question": question(f["event"])}),
    ("softened by the law: (?P<x>.+)", _before_english(_lazy("the law softens it:"))),
    ("if late: (?P<x>.+)", _before_english(_lazy("if it is late:"))),
    ("more time: (?P<x>.+)", _before_english(_lazy("more time:"))),
    (
        "the number stands in guidance of the authority, not in the law",
        _plain(_lazy("the number stands in guidance of the authority, not in the law")),
    ),
    (
        "voluntary: as far as is known no law asks for it",
        _plain(_lazy("voluntary: as far as is known no law asks for it")),
    ),
    (
        "adopted, and perhaps not applied yet: look whether it binds us",
        _plain(_lazy("adopted, and perhaps not applied yet: look whether it binds us")),
    ),
    (
        "public holidays are not counted: name the main establishment, whose calendar holds",
        _plain(_lazy("public holidays are not counted: name the main establishment, whose calendar holds")),
    ),
    (
        r"moved from (?P<at>\S+) to noon of the next working day",
        lambda f: format_html(
            "{} {}", gettext("moved to noon of the next working day; without that rule it would have ended:"), moment(datetime.fromisoformat(f["at"]))
        ),
    ),
    (r"no move to a working day, because (?P<when>.+)", _before_condition(_lazy("it does not move to a working day, because:"))),
    ("the earlier moment is the safe one", _plain(_lazy("the earlier moment is the safe one"))),
    (
        r"it moves to (?P<at>\S+) unless (?P<when>.+)",
        lambda f: format_html(
            "{} {}", gettext("it moves to %(moment)s, unless:") % {"moment": moment(datetime.fromisoformat(f["at"]))}, because(f["when"])
        ),
    ),
    (
        r"this limit because (?P<when>.+) \((?P<cite>[^()]*(?:\([^()]*\)[^()]*)*)\)",
        lambda f: format_html("{} {} ({})", gettext("this limit, because:"), because(f["when"]), ltr(f["cite"])),
    ),
    (
        r"planned: counted from the last moment for (?P<before>\S+)",
        lambda f: format_html("{} {}", gettext("planned: counted from the last moment for"), ltr(f["before"])),
    ),
    (
        r"it moves when (?P<event>\w+) happens",
        lambda f: gettext("it moves once there is an answer to: %(question)s") % {"question": question(f["event"])},
    ),
    (
        r"runs only once (?P<event>\w+) has happened",
        lambda f: gettext("it runs only once there is an answer to: %(question)s") % {"question": question(f["event"])},
    ),
    (
        r"no date yet: (?P<event>\w+) is not known",
        lambda f: gettext("no date yet, because nobody has said: %(question)s") % {"question": question(f["event"])},
    ),
    (
        r"had it been on the day of awareness, it would end on (?P<day>[\d-]+)",
        lambda f: format_html("{} {}", gettext("had it been on the day on which we were sure, it would end on"), day(date.fromisoformat(f["day"]))),
    ),
    (
        r"may wait while this holds: (?P<when>.+)",
        lambda f: format_html("{} {}", gettext("may wait while this holds:"), because(f["when"])),
    ),
    ("the date is what holds without it", _plain(_lazy("the date is what holds without it"))),
    ("the earlier date is the safe one", _plain(_lazy("the earlier date is the safe one"))),
    (
        r"by the roll rule it would end on (?P<day>[\d-]+)",
        lambda f: format_html("{} {}", gettext("because of a holiday it could end on"), day(date.fromisoformat(f["day"]))),
    ),
)


@register.filter
def got(value: Any, name: str) -> Any:
    """What was found for a question of the law: places and kinds by name, "41 or more" in the page's words."""
    if isinstance(value, str) and re.fullmatch(r"\d+ (or more|to \d+)|at least '\w+'", value):
        rank = re.fullmatch(r"at least '(\w+)'", value)
        return gettext("at least %(x)s") % {"x": _value(rank[1], name)} if rank else _value(value, name)
    return fact_answer(value, name) if name else answer(value)
