"""Expressions of forms: three values, facts that would settle them, and nothing of Python."""

import ast

import pytest

from amanat.notify.form_expression import BadFormExpression, Got, World, evaluate, parse


class Told(World):
    """Answers from a table; what is not in it is not known."""

    def __init__(self, **facts):
        self.facts = facts

    def fact(self, name):
        return Got(self.facts[name], (f"fact:{name}",)) if name in self.facts else Got(ask=(name,))

    def word(self, name):
        return Got(self.facts.get(name))

    def call(self, name, arguments):
        assert name == "count"
        return Got(len(arguments[0].value))


@pytest.mark.parametrize(
    ("text", "facts", "value", "ask"),
    [
        ("malicious", {"malicious": True}, True, ()),
        ("malicious", {}, None, ("malicious",)),
        ("not malicious", {"malicious": False}, True, ()),
        ("not malicious", {}, None, ("malicious",)),
        # Kleene: one no settles an `and`, one yes settles an `or`, whatever is unknown beside it.
        ("malicious and acquired", {"acquired": False}, False, ()),
        ("malicious and acquired", {"acquired": True}, None, ("malicious",)),
        ("malicious or acquired", {"acquired": True}, True, ()),
        ("malicious or acquired", {"acquired": False}, None, ("malicious",)),
        ("malicious and acquired", {}, None, ("malicious", "acquired")),
        ("risk == 'high'", {"risk": "high"}, True, ()),
        ("risk != 'high'", {"risk": "none"}, True, ()),
        ("risk == 'high'", {}, None, ("risk",)),
        ("'bank' in sectors", {"sectors": ["bank", "shop"]}, True, ()),
        ("'bank' not in sectors", {"sectors": ["shop"]}, True, ()),
        ("risk in ('none', 'risk')", {"risk": "risk"}, True, ()),
        ("users_affected > 100", {"users_affected": 100}, False, ()),
        ("users_affected >= 100", {"users_affected": 100}, True, ()),
        ("'a' if malicious else 'b'", {"malicious": False}, "b", ()),
        ("'a' if malicious else 'b'", {}, None, ("malicious",)),
        ("count(sectors)", {"sectors": ["bank"]}, 1, ()),
    ],
)
def test_what_an_expression_comes_to_and_which_facts_would_settle_it(text, facts, value, ask):
    parse(text)
    got = evaluate(text, Told(**facts))
    assert (got.value, got.ask) == (value, ask)


def test_a_value_names_the_facts_that_it_rests_on():
    got = evaluate("malicious and risk == 'high'", Told(malicious=True, risk="high"))
    assert (got.value, got.sources) == (True, ("fact:malicious", "fact:risk"))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("maliciuos", "did you mean 'malicious'"),
        ("perzons()", "did you mean 'persons'"),
        ("malicious.__class__", "cannot stand"),
        ("[x for x in sectors]", "cannot stand"),
        ("lambda: 1", "cannot stand"),
        ("__import__('os')", "there is no __import__()"),
        ("malicious +", "is not an expression"),
        ("persons(places='FR')", "cannot stand"),
        ("1 < users_affected < 3", "cannot stand"),
        ("sectors[0]", "cannot stand"),
        ("field('9')", "does not stand earlier"),
        ("f'{malicious}'", "cannot stand"),
    ],
)
def test_what_is_not_on_the_short_list_is_refused_with_a_sentence(text, says):
    with pytest.raises(BadFormExpression, match=says.replace("(", r"\(").replace(")", r"\)")):
        parse(text, fields={"3"})


def test_an_earlier_field_may_be_asked_about():
    asked = parse("field('3') == 'a'", fields={"3"})
    assert ast.unparse(asked) == "field('3') == 'a'"
