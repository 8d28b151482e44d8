"""Many rules at once: what each needs at least is looked for by one automaton, so that an event meets only the rules that could match it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from amanat.detect.event import Event
from amanat.detect.sigma_condition import plain, plain_number, shape_of, spread

if TYPE_CHECKING:
    from amanat.detect.sigma_rule import Rule


class Need(NamedTuple):
    """Something that must stand in a field for a rule to match: a text at its place, or anything at all ("any")."""

    field: str
    shape: str  # exact | begins | ends | part | any
    text: str = ""


def needs_of(node: Any) -> list[Need] | None:
    """Needs of which one must hold for the rule to match; None when nothing can be said."""
    from sigma.conditions import ConditionAND, ConditionFieldEqualsValueExpression, ConditionOR

    if isinstance(node, ConditionFieldEqualsValueExpression):
        found = [_need_of(node.field, value) for value in spread([node.value])]
        return None if any(need is None for need in found) else [need for need in found if need]
    if isinstance(node, ConditionOR):
        each = [needs_of(inner) for inner in node.args]
        return None if any(needs is None for needs in each) else list(dict.fromkeys(n for needs in each for n in needs or ()))
    if isinstance(node, ConditionAND):
        known = [needs for inner in node.args if (needs := needs_of(inner)) is not None]
        # Long texts are rare in events, and few of them rarer than many; a field that must only be there tells least.
        return min(known, key=lambda needs: (-min((len(n.text) for n in needs), default=0), len(needs)), default=None)
    return None


def _need_of(name: str, value: Any) -> Need | None:
    from sigma.types import SigmaBool, SigmaExists, SigmaNull, SigmaNumber, SigmaString, SigmaTimestampPart

    if isinstance(value, SigmaNull) or (isinstance(value, SigmaExists) and not value.exists):
        return None
    if isinstance(value, SigmaNumber) and not isinstance(value, SigmaTimestampPart):
        return Need(name, "exact", plain_number(value.number))
    if isinstance(value, SigmaBool):
        return Need(name, "exact", str(bool(value)).lower())
    if isinstance(value, SigmaString):
        shape, text = shape_of(value)
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
