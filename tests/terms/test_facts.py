"""A facts file says what is known, believed and unknown; mistakes are named with their line."""

from datetime import datetime, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amanat.terms.fact import BadFact, Fact, UnknownFact, fact_types, facts_as_toml, read_facts


def facts(tmp_path, text):
    (tmp_path / "facts.toml").write_text(text, encoding="utf-8")
    return read_facts(tmp_path / "facts.toml")


def test_each_fact_has_value_status_since_and_source(tmp_path):
    read = facts(tmp_path, '[malicious]\nvalue = true\nstatus = "believed"\nsince = 2026-11-13T19:00:00Z\nsource = "ransom note"\n')
    assert (read["malicious"].value, read["malicious"].status, read["malicious"].source) == (True, "believed", "ransom note")
    assert read["malicious"].since == datetime(2026, 11, 13, 19, tzinfo=timezone.utc)


def test_a_short_form_is_a_known_fact(tmp_path):
    assert facts(tmp_path, 'role = "controller"')["role"].status == "known"


def test_a_short_statement_is_one_text_per_language(tmp_path):
    assert facts(tmp_path, '[cause]\nen = "A stolen password."\nfr = "Un mot de passe volé."\n')["cause"].value["fr"] == "Un mot de passe volé."


def test_a_typing_mistake_is_named_with_its_line(tmp_path):
    with pytest.raises(UnknownFact, match=r"facts.toml:2: there is no fact 'awarness'; did you mean 'awareness'\?"):
        facts(tmp_path, 'role = "controller"\nawarness = 2026-11-13T19:00:00Z\n')


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("malicious = 1", "malicious must be true or false"),
        ('role = "contoller"', "one of controller, joint_controller, processor; did you mean 'controller'"),
        ("awareness = 2026-11-13", "awareness must be a moment with its offset"),
        ('residents = { FR = "many" }', "residents must be numbers of persons by place"),
        ('[risk]\nvalue = "high"\nstatus = "unknown"', "risk is 'unknown' and has a value"),
    ],
)
def test_a_value_that_does_not_fit_is_said(tmp_path, text, says):
    with pytest.raises(BadFact, match=says):
        facts(tmp_path, text)


def test_every_fact_asks_a_question_and_every_choice_has_choices():
    for fact in fact_types().values():
        assert fact.says.endswith("?") or fact.type in ("moment", "decimal", "counts", "list", "choice"), fact.name
        assert fact.choices if fact.type == "choice" else not fact.choices or fact.type == "list", fact.name
        assert not fact.like or fact_types()[fact.like].family == fact.family, fact.name


TEXTS = st.text(st.characters(blacklist_categories=("Cs",)))
MOMENTS = st.integers(0, 4 * 10**9).map(lambda seconds: datetime.fromtimestamp(seconds, timezone.utc))
VALUES = {
    "malicious": st.booleans(),
    "restore_hours": st.floats(0, 1e6),
    "cause": st.dictionaries(st.sampled_from(["en", "fr", "fa"]), TEXTS, min_size=1),
    "establishments": st.lists(st.sampled_from(["FR", "IR", "US-CA"])),
    "residents": st.dictionaries(st.sampled_from(["FR", "US-CA"]), st.integers(0, 10**9), min_size=1),
    "awareness": MOMENTS,
}


@given(st.data())
def test_facts_written_and_read_again_are_the_same(tmp_path_factory, data):
    name = data.draw(st.sampled_from(sorted(VALUES)))
    status = data.draw(st.sampled_from(["known", "believed", "unknown"]))
    value = None if status == "unknown" else data.draw(VALUES[name])
    fact = Fact(name=name, value=value, status=status, since=data.draw(st.none() | MOMENTS), source=data.draw(TEXTS))
    file = tmp_path_factory.mktemp("facts") / "facts.toml"
    file.write_text(facts_as_toml({name: fact}), encoding="utf-8", newline="")

    assert read_facts(file) == {name: fact}
