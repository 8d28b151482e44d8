"""Sigma rules: every modifier means what the specification says, and a rule that cannot run is said."""

import textwrap

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from amanat.detect.event import Event
from amanat.detect.rule_set import RuleSet
from amanat.detect.sigma_rule import compile_rules

RULE = """
title: Probe
id: 00000000-0000-4000-8000-000000000001
logsource: {{category: test}}
detection:
  it:
{it}
  condition: {condition}
level: high
"""


def rules_of(it, condition="it"):
    return compile_rules([("probe.yml", RULE.format(it=textwrap.indent(it, "    "), condition=condition))])


def matches(it, fields, *, condition="it", text=""):
    rules, not_run = rules_of(it, condition)
    assert not_run == [], not_run
    event = Event(fields=fields, place=(0, 1), text=text, category="test")
    found = bool(RuleSet(rules).matches(event))
    # What a rule needs at least must never hide an event from it.
    assert found == rules[0].test(event)
    return found


# https://sigmahq.io/docs/basics/modifiers.html
CASES = [
    ("A: cmd.exe", {"A": "CMD.EXE"}, True),
    ("A: cmd.exe", {"A": "cmd.exe "}, False),
    ("A: 5", {"A": "5"}, True),
    ("A: 5", {"A": 5}, True),
    ("A: 5", {"A": 5.0}, True),
    ("A: true", {"A": True}, True),
    ("A: 'a*d'", {"A": "abcd"}, True),
    ("A: 'a?d'", {"A": "abcd"}, False),
    ("A: 'a?d'", {"A": "abd"}, True),
    ("A: 'a\\*d'", {"A": "a*d"}, True),
    ("A: 'a\\*d'", {"A": "abd"}, False),
    ("A: [x, y]", {"A": "Y"}, True),
    ("A: x", {"A": ["w", "X"]}, True),
    ("A|contains: '\\win\\'", {"A": "C:\\WIN\\x"}, True),
    ("A|contains|all: [x, y]", {"A": "axb"}, False),
    ("A|contains|all: [x, y]", {"A": "y--x"}, True),
    ("A|startswith: ab", {"A": "ABc"}, True),
    ("A|endswith: bc", {"A": "aBC"}, True),
    ("A|contains|cased: Ab", {"A": "xAb"}, True),
    ("A|contains|cased: Ab", {"A": "xab"}, False),
    ("A|re: '^a\\d+$'", {"A": "a12"}, True),
    ("A|re: '^a\\d+$'", {"A": "A12"}, False),
    ("A|re|i: '^a\\d+$'", {"A": "A12"}, True),
    ("A|cidr: 10.0.0.0/8", {"A": "10.2.3.4"}, True),
    ("A|cidr: 10.0.0.0/8", {"A": "110.2.3.4"}, False),
    ("A|cidr: 'fd00::/8'", {"A": "fd12::1"}, True),
    ("A|gt: 5", {"A": "6"}, True),
    ("A|gt: 5", {"A": "5"}, False),
    ("A|gte: 5", {"A": 5}, True),
    ("A|lt: 5", {"A": "x"}, False),
    ("A|lte: 5", {"A": 4.5}, True),
    ("A|neq: 5", {"A": 5}, False),
    ("A|neq: 5", {"A": 6}, True),
    ("A: null", {}, True),
    ("A: null", {"A": ""}, True),
    ("A: null", {"A": "x"}, False),
    ("A|exists: true", {"A": ""}, True),
    ("A|exists: false", {}, True),
    ("A|fieldref: B", {"A": "X", "B": "x"}, True),
    ("A|fieldref: B", {"A": "X"}, False),
    ("A|windash|contains: ' -e '", {"A": "p /e z"}, True),
    ("A|base64: foo", {"A": "Zm9v"}, True),
    ("A|base64offset|contains: foobar", {"A": "xx" + "Zvb2Jhc" + "yy"}, True),
    ("A|wide|base64offset|contains: ping", {"A": "cABpAG4AZw"}, True),
    ("A|hour: 9", {"A": "2026-11-13T09:30:00Z"}, True),
    ("A|year: 2025", {"A": "2026-11-13T09:30:00Z"}, False),
    ("A: 'x'", {"A": "\ud83d"}, False),  # half a letter, as JSON can spell it
    ("A|re: 'x|.'", {"A": "\ud83d"}, True),
    ("A|contains: 'é'", {"A": "CAFÉ"}, True),
    ("A|contains: 'a*b\\*c'", {"A": "--a-b*c--"}, True),
    ("A: ''", {"A": ""}, True),
    ("- A: x\n- B: y", {"B": "y"}, True),
    ("A: x\nB: y", {"B": "y"}, False),
]


@pytest.mark.parametrize(("it", "fields", "wanted"), CASES)
def test_a_modifier_means_what_the_specification_says(it, fields, wanted):
    assert matches(it, fields) is wanted


def test_words_without_a_field_are_looked_for_anywhere():
    assert matches("- evil\n- b*d", {}, text="something EVIL here")
    assert matches("- evil\n- b*d", {}, text="a bad thing")
    assert not matches("'|all': [one, two]", {}, text="only one")
    assert matches("'|all': [one, two]", {}, text="two and one")


def test_not_is_true_where_the_field_is_missing():
    assert matches("A: x", {}, condition="not it")
    assert not matches("A: x", {"A": "x"}, condition="not it")


def test_a_rule_is_asked_only_about_events_from_where_it_looks():
    rules, _ = rules_of("A: x")
    assert not RuleSet(rules).matches(Event(fields={"A": "x"}, place=(0, 1), category="other", product="windows"))
    assert RuleSet(rules).matches(Event(fields={"A": "x"}, place=(0, 1)))  # the log does not say where it comes from


def test_what_cannot_run_is_counted_with_its_reason():
    good = RULE.format(it="    A: x", condition="it")
    rules, not_run = compile_rules(
        [
            ("good.yml", good),
            ("broken.yml", "title: [unclosed"),
            ("empty.yml", "just words"),
            ("placeholder.yml", RULE.format(it="    A|expand: '%admins%'", condition="it")),
            ("correlation.yml", "title: C\ncorrelation: {type: event_count}\n"),
            ("lookahead.yml", RULE.format(it="    A|re: '(?=a)ab'", condition="it")),
            ("condition.yml", RULE.format(it="    A: x", condition="it and nobody")),
        ]
    )
    assert [rule.path for rule in rules] == ["good.yml"]
    assert [one.path for one in not_run] == ["broken.yml", "empty.yml", "placeholder.yml", "correlation.yml", "lookahead.yml", "condition.yml"]
    assert "placeholder" in not_run[2].reason


_values = st.sampled_from(["x", "y", "xy", "", "X"])


@settings(max_examples=200, deadline=None)
@given(
    fields=st.dictionaries(st.sampled_from("ABC"), _values),
    it=st.sampled_from(["A: x\nB|contains: y", "- A: [x, y]\n- B: null", "A|startswith: x\nC: y", "A|exists: true", "- A: x\n- B|endswith: y"]),
    condition=st.sampled_from(["it", "not it"]),
)
def test_the_index_never_hides_a_match(fields, it, condition):
    matches(it, fields, condition=condition)
