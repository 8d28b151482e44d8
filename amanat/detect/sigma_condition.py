"""Conditions of Sigma rules as functions over one event: what each modifier means, by the specification."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timezone
from ipaddress import ip_address
from typing import Any

from amanat.detect.event import Event

VALUE_MAX = 65536  # characters of a value that a rule looks at

Test = Callable[[Event], bool]


class CannotRun(Exception):
    """The rule asks for something that is not evaluated here."""


def test_of(node: Any) -> Test:
    from sigma.conditions import ConditionAND, ConditionFieldEqualsValueExpression, ConditionNOT, ConditionOR, ConditionValueExpression

    if isinstance(node, ConditionNOT):
        inner = test_of(node.args[0])
        return lambda event: not inner(event)
    if isinstance(node, (ConditionAND, ConditionOR)):
        is_all = isinstance(node, ConditionAND)
        tests = [test_of(each) for each in node.args] if is_all else _either(node.args)
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
    raise CannotRun(f"it has a condition of a kind that is not evaluated ({type(node).__name__})")


def _either(nodes: Sequence[Any]) -> list[Test]:
    """Values of one field are looked for together."""
    from sigma.conditions import ConditionFieldEqualsValueExpression

    by_field: dict[str, list[Any]] = {}
    others = []
    for node in nodes:
        if isinstance(node, ConditionFieldEqualsValueExpression):
            by_field.setdefault(node.field, []).append(node.value)
        else:
            others.append(test_of(node))
    return [_of_field(name, values) for name, values in by_field.items()] + others


def _of_field(name: str, values: Sequence[Any]) -> Test:
    """Whether one of the values is in the field."""
    from sigma.types import SigmaExists, SigmaFieldReference, SigmaNull

    texts: list[Any] = []
    tests: list[Test] = []
    for value in spread(values):
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


def spread(values: Sequence[Any]) -> list[Any]:
    from sigma.types import SigmaExpansion

    return [one for value in values for one in (spread(value.values) if isinstance(value, SigmaExpansion) else [value])]


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
            exact.add(plain_number(value.number))
        elif isinstance(value, SigmaBool):
            exact.add(str(bool(value)).lower())
        elif isinstance(value, SigmaCasedString):
            others.append(_pattern(_as_pattern(value), 0))
        elif isinstance(value, SigmaString):
            shape, text = shape_of(value)
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
            raise CannotRun(f"it uses {type(value).__name__.removeprefix('Sigma')}, which is not evaluated")
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


def plain_number(number: Any) -> str:
    if isinstance(number, bool):
        return str(number).lower()
    return str(int(number)) if isinstance(number, float) and number.is_integer() else str(number)


def shape_of(value: Any) -> tuple[str, str]:
    """How a text with wildcards is looked for: exact, begins, ends, part, or by pattern; and the letters, lower case."""
    from sigma.types import SpecialChars

    pieces = list(value.s)
    if any(not isinstance(p, (str, SpecialChars)) for p in pieces):
        raise CannotRun("it has a placeholder (%…%) that must be filled in first")
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
        raise CannotRun("it has a placeholder (%…%) that must be filled in first")
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
        raise CannotRun(f"its regular expression cannot be run in linear time ({error})") from None
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
        text = plain_number(value.number)
        return lambda event: text in event.text
    if isinstance(value, SigmaRegularExpression):
        search = _pattern(str(value.regexp), 0)
        return lambda event: search(event.text)
    if not isinstance(value, SigmaString):
        raise CannotRun(f"it looks for {type(value).__name__.removeprefix('Sigma')} anywhere, which is not evaluated")
    shape, word = shape_of(value)
    if shape == "pattern":
        search = _pattern(_as_pattern(value).replace(r"\A", "").replace(r"\Z", ""), re.IGNORECASE)
        return lambda event: search(event.text)
    return lambda event: word in event.text.lower()


def plain(value: Any) -> str:
    """A field's value as the text that rules compare with, cut where it is very long."""
    text = value if isinstance(value, str) else plain_number(value) if isinstance(value, (int, float)) else str(value)
    text = text[:VALUE_MAX]
    try:
        text.encode()
    except UnicodeEncodeError:
        # Half of a letter outside the basic plane, as JSON can spell it; RE2 takes only whole ones.
        text = text.encode("utf-8", "replace").decode()
    return text
