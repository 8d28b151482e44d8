"""Sigma rules: parsed by pySigma, compiled to functions over one event.

A rule that asks for something that cannot be evaluated here is not run: it is counted, with the reason. What a rule needs at
least (an exact value, or a field that must be there) is known beforehand, so that most rules never look at most events.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from ipaddress import ip_address
from pathlib import Path
from typing import Any, NamedTuple

from amanat.detect.event import Event
from amanat.lib.errors import Fixable
from amanat.terms.alert import AlertKind, Severity

HOME = Path(__file__).parent / "rules"
VALUE_MAX = 65536  # characters of a value that a rule looks at


class BadRules(Fixable):
    """The folder of rules cannot be used."""


class _CannotRun(Exception):
    """The rule asks for something that is not evaluated here."""


Test = Callable[[Event], bool]


class Need(NamedTuple):
    """Something that must stand in a field for a rule to match: a text at its place, or anything at all ("any")."""

    field: str
    shape: str  # exact | begins | ends | part | any
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule, ready to run."""

    id: str
    title: str
    severity: Severity
    kind: AlertKind
    product: str
    category: str
    service: str
    test: Test
    needs: tuple[Need, ...] | None  # one of these must be in the event; None: nothing is known beforehand
    path: str

    def is_about(self, event: Event) -> bool:
        """Whether the event comes from where the rule looks; where the log does not say, the rule's fields decide."""
        return (
            (not self.product or not event.product or self.product == event.product)
            and (not self.category or self.category == event.category or (not event.category and not event.product))
            and (not self.service or self.service == event.service or (not event.service and not event.product))
        )


@dataclass(frozen=True, slots=True)
class NotRun:
    """A rule that is not run, and why."""

    path: str
    reason: str


def rule_texts(folder: Path | None) -> list[tuple[str, str]]:
    """Name and text of every rule file in a folder (None: amanat's own)."""
    folder = folder or HOME
    if not folder.is_dir():
        raise BadRules(f"{folder}: there is no such folder; name one with Sigma rules (*.yml)")
    paths = sorted(p for p in folder.rglob("*") if p.suffix in (".yml", ".yaml"))
    if not paths:
        raise BadRules(f"{folder}: holds no Sigma rules (*.yml); name the folder that does")
    return [(str(p.relative_to(folder)), p.read_text(encoding="utf-8", errors="replace")) for p in paths]


def compile_rules(texts: Sequence[tuple[str, str]]) -> tuple[list[Rule], list[NotRun]]:
    """Every rule that can be run, and every one that cannot."""
    rules: list[Rule] = []
    not_run: list[NotRun] = []
    for path, text in texts:
        try:
            rules += _rules_of(path, text, not_run)
        except Exception as error:  # whatever a strange file does to the parsers: one rule less, said, and the others run
            not_run.append(NotRun(path, f"it does not parse ({type(error).__name__}: {' '.join(str(error).split())[:160]})"))
    return rules, not_run


def _rules_of(path: str, text: str, not_run: list[NotRun]) -> list[Rule]:
    import yaml
    from sigma.rule import SigmaRule

    found = []
    for document in yaml.safe_load_all(text):
        if not isinstance(document, dict):
            raise ValueError("it is no Sigma rule")
        if "correlation" in document:
            not_run.append(NotRun(path, "correlation rules are not run; the patterns of amanat count instead"))
            continue
        parsed = SigmaRule.from_dict(document)
        try:
            tests, needs = [], []  # type: ignore[var-annotated]
            for condition in parsed.detection.parsed_condition:
                tests.append(_test(condition.parsed))
                needs.append(_needs(condition.parsed))
        except _CannotRun as reason:
            not_run.append(NotRun(path, str(reason)))
            continue
        source, tags = parsed.logsource, [f"{t.namespace}.{t.name}" for t in parsed.tags]
        found.append(
            Rule(
                id=str(parsed.id or parsed.title),
                title=str(parsed.title)[:200],
                severity=_severity(parsed.level.name.lower() if parsed.level else ""),
                kind=_kind(tags),
                product=source.product or "",
                category=source.category or "",
                service=source.service or "",
                test=tests[0] if len(tests) == 1 else lambda event, tests=tests: any(test(event) for test in tests),  # type: ignore[misc]
                needs=None if any(n is None for n in needs) else tuple(need for each in needs for need in each or ()),
                path=path,
            )
        )
    return found


def _severity(level: str) -> Severity:
    return {"critical": "critical", "high": "high", "medium": "medium"}.get(level, "low")  # type: ignore[return-value]


def _kind(tags: Sequence[str]) -> AlertKind:
    said = " ".join(tags)
    if re.search(r"attack\.(?:impact|t1498|t1499)\b", said) and "t1486" not in said:
        return "denial_of_service"
    if re.search(r"attack\.(?:exfiltration|collection)|attack\.t1190", said):
        return "data_breach"
    if re.search(r"attack\.(?:credential.access|t1110|t1078|t1621)", said):
        return "social_engineering"
    return "phishing" if "attack.t1566" in said else "malware"


# --- conditions to functions -------------------------------------------------------------------------------------------


def _test(node: Any) -> Test:
    from sigma.conditions import ConditionAND, ConditionFieldEqualsValueExpression, ConditionNOT, ConditionOR, ConditionValueExpression

    if isinstance(node, ConditionNOT):
        inner = _test(node.args[0])
        return lambda event: not inner(event)
    if isinstance(node, (ConditionAND, ConditionOR)):
        is_all = isinstance(node, ConditionAND)
        tests = [_test(each) for each in node.args] if is_all else _either(node.args)
        if len(tests) == 1:
            return tests[0]
        if is_all:
            # What is cheap to refuse comes first in most rules; their authors write them so.
            return lambda event: all(test(event) for test in tests)
        return lambda event: any(test(event) for test in tests)
    if isinstance(node, ConditionFieldEqualsValueExpression):
        return _of_field(node.field, [node.value])
    if isinstance(node, ConditionValueExpression):
        return _anywhere(node.value)
    raise _CannotRun(f"it has a condition of a kind that is not evaluated ({type(node).__name__})")


def _either(nodes: Sequence[Any]) -> list[Test]:
    """Values of one field are looked for together."""
    from sigma.conditions import ConditionFieldEqualsValueExpression

    by_field: dict[str, list[Any]] = {}
    others = []
    for node in nodes:
        if isinstance(node, ConditionFieldEqualsValueExpression):
            by_field.setdefault(node.field, []).append(node.value)
        else:
            others.append(_test(node))
    return [_of_field(name, values) for name, values in by_field.items()] + others


def _of_field(name: str, values: Sequence[Any]) -> Test:
    """Whether one of the values is in the field."""
    from sigma.types import SigmaExists, SigmaFieldReference, SigmaNull

    texts: list[Any] = []
    tests: list[Test] = []
    for value in _spread(values):
        if isinstance(value, SigmaNull):
            tests.append(lambda event: event.fields.get(name) in (None, ""))
        elif isinstance(value, SigmaExists):
            wanted = bool(value.exists)
            tests.append(lambda event, wanted=wanted: (event.fields.get(name) is not None) == wanted)  # type: ignore[misc]
        elif isinstance(value, SigmaFieldReference):
            tests.append(_same_as(name, value))
        else:
            texts.append(value)
    if texts:
        is_in = _matcher(texts)

        def in_field(event: Event) -> bool:
            value = event.fields.get(name)
            if value is None:
                return False
            if isinstance(value, list):
                return any(is_in(each) for each in value)
            return is_in(value)

        tests.append(in_field)
    return tests[0] if len(tests) == 1 else lambda event: any(test(event) for test in tests)


def _spread(values: Sequence[Any]) -> list[Any]:
    from sigma.types import SigmaExpansion

    return [one for value in values for one in (_spread(value.values) if isinstance(value, SigmaExpansion) else [value])]


def _same_as(name: str, value: Any) -> Test:
    other, begins, ends = value.field, value.starts_with, value.ends_with

    def test(event: Event) -> bool:
        a, b = (str(event.fields.get(n) or "").lower() for n in (name, other))
        return bool(b) and (a.startswith(b) if begins else a.endswith(b) if ends else a == b)

    return test


def _matcher(values: Sequence[Any]) -> Callable[[Any], bool]:
    """A function that says whether a field's value is one of these; plain beginnings, ends and parts are looked for without patterns."""
    from sigma.types import (
        SigmaBool,
        SigmaCasedString,
        SigmaCIDRExpression,
        SigmaCompareExpression,
        SigmaNumber,
        SigmaRegularExpression,
        SigmaString,
        SigmaTimestampPart,
    )

    exact: set[str] = set()
    begins: list[str] = []
    ends: list[str] = []
    parts: list[str] = []
    others: list[Callable[[Any], bool]] = []
    for value in values:
        if isinstance(value, SigmaTimestampPart):
            others.append(_moment_part(value.timestamp_part.name.lower(), int(value.number)))
        elif isinstance(value, SigmaNumber):
            exact.add(_plain_number(value.number))
        elif isinstance(value, SigmaBool):
            exact.add(str(bool(value)).lower())
        elif isinstance(value, SigmaCasedString):
            others.append(_pattern(_as_pattern(value), 0))
        elif isinstance(value, SigmaString):
            shape, text = _shape(value)
            match shape:
                case "exact":
                    exact.add(text)
                case "begins":
                    begins.append(text)
                case "ends":
                    ends.append(text)
                case "part":
                    parts.append(text)
                case _:
                    others.append(_pattern(_as_pattern(value), re.IGNORECASE))
        elif isinstance(value, SigmaRegularExpression):
            flags = {"IGNORECASE": re.IGNORECASE, "MULTILINE": re.MULTILINE, "DOTALL": re.DOTALL}
            others.append(_pattern(str(value.regexp), sum(flags[f.name] for f in value.flags)))
        elif isinstance(value, SigmaCIDRExpression):
            others.append(_in_network(value.network))
        elif isinstance(value, SigmaCompareExpression):
            others.append(_compared(value))
        else:
            raise _CannotRun(f"it uses {type(value).__name__.removeprefix('Sigma')}, which is not evaluated")
    starts, stops, held = tuple(begins), tuple(ends), tuple(parts)

    def is_in(value: Any) -> bool:
        low = plain(value).lower()
        if low in exact or low.startswith(starts) or low.endswith(stops):
            return True
        for part in held:
            if part in low:
                return True
        return any(test(value) for test in others)

    return is_in


def _plain_number(number: Any) -> str:
    if isinstance(number, bool):
        return str(number).lower()
    return str(int(number)) if isinstance(number, float) and number.is_integer() else str(number)


def _shape(value: Any) -> tuple[str, str]:
    """How a text with wildcards is looked for: exact, begins, ends, part, or by pattern; and the letters, lower case."""
    from sigma.types import SpecialChars

    pieces = list(value.s)
    if any(not isinstance(p, (str, SpecialChars)) for p in pieces):
        raise _CannotRun("it has a placeholder (%…%) that must be filled in first")
    texts = [p for p in pieces if isinstance(p, str)]
    if len(texts) <= 1 and SpecialChars.WILDCARD_SINGLE not in pieces:
        text = (texts or [""])[0].lower()
        before = bool(pieces) and not isinstance(pieces[0], str)
        after = bool(pieces) and not isinstance(pieces[-1], str)
        return ("part" if before and after else "ends" if before else "begins" if after else "exact"), text
    return "pattern", ""


def _as_pattern(value: Any) -> str:
    from sigma.types import SpecialChars

    if any(not isinstance(p, (str, SpecialChars)) for p in value.s):
        raise _CannotRun("it has a placeholder (%…%) that must be filled in first")
    inner = "".join(re.escape(p) if isinstance(p, str) else ".*" if p is SpecialChars.WILDCARD_MULTI else "." for p in value.s)
    return rf"(?s:\A{inner}\Z)"


def _pattern(pattern: str, flags: int) -> Callable[[Any], bool]:
    """A regular expression, run by RE2: in linear time whatever the rule and the value are, which Python's own cannot promise."""
    import re2

    given = "".join(letter for letter, flag in (("i", re.IGNORECASE), ("m", re.MULTILINE), ("s", re.DOTALL)) if flags & flag)
    options = re2.Options()
    options.log_errors = False
    try:
        search = re2.compile((f"(?{given})" if given else "") + pattern.replace(r"\Z", r"\z"), options).search
    except (re2.error, ValueError) as error:
        raise _CannotRun(f"its regular expression cannot be run in linear time ({error})") from None
    return lambda value: bool(search(plain(value)))


def _in_network(network: Any) -> Callable[[Any], bool]:
    def test(value: Any) -> bool:
        try:
            return ip_address(str(value)) in network
        except ValueError:
            return False

    return test


def _compared(value: Any) -> Callable[[Any], bool]:
    limit, name = float(value.number.number), value.op.name
    compare: Mapping[str, Callable[[float], bool]] = {
        "LT": lambda n: n < limit,
        "LTE": lambda n: n <= limit,
        "GT": lambda n: n > limit,
        "GTE": lambda n: n >= limit,
        "NEQ": lambda n: n != limit,
    }
    test = compare[name]

    def holds(given: Any) -> bool:
        try:
            return test(float(given))
        except (TypeError, ValueError):
            return False

    return holds


def _moment_part(part: str, number: int) -> Callable[[Any], bool]:
    from amanat.detect.event import moment

    def test(value: Any) -> bool:
        at = moment(value)
        if at is None:
            return False
        when = datetime.fromtimestamp(at, timezone.utc)
        return (when.isocalendar().week if part == "week" else getattr(when, part)) == number

    return test


def _anywhere(value: Any) -> Test:
    """A word anywhere in the event."""
    from sigma.types import SigmaNumber, SigmaRegularExpression, SigmaString

    if isinstance(value, SigmaNumber):
        text = _plain_number(value.number)
        return lambda event: text in event.text
    if isinstance(value, SigmaRegularExpression):
        search = _pattern(str(value.regexp), 0)
        return lambda event: search(event.text)
    if not isinstance(value, SigmaString):
        raise _CannotRun(f"it looks for {type(value).__name__.removeprefix('Sigma')} anywhere, which is not evaluated")
    shape, word = _shape(value)
    if shape == "pattern":
        search = _pattern(_as_pattern(value).replace(r"\A", "").replace(r"\Z", ""), re.IGNORECASE)
        return lambda event: search(event.text)
    return lambda event: word in event.text.lower()


# --- what a rule needs at least ----------------------------------------------------------------------------------------


def _needs(node: Any) -> list[Need] | None:
    """Needs of which one must hold for the rule to match; None when nothing can be said."""
    from sigma.conditions import ConditionAND, ConditionFieldEqualsValueExpression, ConditionOR

    if isinstance(node, ConditionFieldEqualsValueExpression):
        found = [_need_of(node.field, value) for value in _spread([node.value])]
        return None if any(need is None for need in found) else [need for need in found if need]
    if isinstance(node, ConditionOR):
        each = [_needs(inner) for inner in node.args]
        return None if any(needs is None for needs in each) else list(dict.fromkeys(n for needs in each for n in needs or ()))
    if isinstance(node, ConditionAND):
        known = [needs for inner in node.args if (needs := _needs(inner)) is not None]
        # Long texts are rare in events, and few of them rarer than many; a field that must only be there tells least.
        return min(known, key=lambda needs: (-min((len(n.text) for n in needs), default=0), len(needs)), default=None)
    return None


def _need_of(name: str, value: Any) -> Need | None:
    from sigma.types import SigmaBool, SigmaExists, SigmaNull, SigmaNumber, SigmaString, SigmaTimestampPart

    if isinstance(value, SigmaNull) or (isinstance(value, SigmaExists) and not value.exists):
        return None
    if isinstance(value, SigmaNumber) and not isinstance(value, SigmaTimestampPart):
        return Need(name, "exact", _plain_number(value.number))
    if isinstance(value, SigmaBool):
        return Need(name, "exact", str(bool(value)).lower())
    if isinstance(value, SigmaString):
        shape, text = _shape(value)
        if shape == "pattern":
            # Of a text with wildcards inside, its longest piece.
            shape, text = "part", max((p.lower() for p in value.s if isinstance(p, str)), key=len, default="")
        return Need(name, shape, text) if text or shape == "exact" else Need(name, "any")
    return Need(name, "any")


class RuleSet:
    """Rules by what they need, so that an event meets only those that could match it.

    The texts that rules need in one field are looked for all at once, by one automaton of RE2.
    """

    def __init__(self, rules: Sequence[Rule]) -> None:
        self.always: list[Rule] = []
        present: dict[str, list[Rule]] = {}
        texts: dict[str, dict[Need, list[Rule]]] = {}
        for rule in rules:
            if rule.needs is None:
                self.always.append(rule)
                continue
            for need in rule.needs:
                if need.shape == "any":
                    present.setdefault(need.field, []).append(rule)
                else:
                    texts.setdefault(need.field, {}).setdefault(need, []).append(rule)
        self.by_field = {name: (present.get(name, []), _automata(texts.get(name, {}))) for name in {*present, *texts}}

    def matches(self, event: Event) -> list[Rule]:
        """The rules that match the event."""
        found: dict[str, Rule] = {}
        tried: set[int] = set()
        for rule in self._candidates(event):
            if id(rule) not in tried:
                tried.add(id(rule))
                if rule.is_about(event) and rule.test(event):
                    found[rule.id] = rule
        return list(found.values())

    def _candidates(self, event: Event) -> Sequence[Rule]:
        candidates = list(self.always)
        for name, value in event.fields.items():
            known = self.by_field.get(name)
            if known is None or value is None:
                continue
            present, automata = known
            candidates += present
            for one in value if isinstance(value, list) else (value,):
                low = plain(one).lower()
                for automaton, owners in automata:
                    for index in automaton.Match(low) or ():
                        candidates += owners[index]
        return candidates


AT_ONCE = 1000  # texts in one automaton; the memory it may use is far more than so many need


def _automata(texts: Mapping[Need, list[Rule]]) -> list[tuple[Any, list[list[Rule]]]]:
    import re2

    options = re2.Options()
    options.log_errors, options.max_mem, options.dot_nl = False, 256 << 20, True
    found = []
    needs = list(texts)
    for begin in range(0, len(needs), AT_ONCE):
        some = needs[begin : begin + AT_ONCE]
        automaton = re2.Set.SearchSet(options)
        for need in some:
            head, tail = (r"\A" if need.shape in ("exact", "begins") else ""), (r"\z" if need.shape in ("exact", "ends") else "")
            automaton.Add(head + re2.escape(need.text) + tail)
        automaton.Compile()
        found.append((automaton, [texts[need] for need in some]))
    return found


def plain(value: Any) -> str:
    """A field's value as the text that rules compare with, cut where it is very long."""
    text = value if isinstance(value, str) else _plain_number(value) if isinstance(value, (int, float)) else str(value)
    text = text[:VALUE_MAX]
    try:
        text.encode()
    except UnicodeEncodeError:
        # Half of a letter outside the basic plane, as JSON can spell it; RE2 takes only whole ones.
        text = text.encode("utf-8", "replace").decode()
    return text
