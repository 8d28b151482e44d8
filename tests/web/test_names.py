"""No code is shown to people: acts, channels, states, reasons and rules have names, and places are named as people say them."""

import ast
from pathlib import Path

import pytest
from django.utils.translation import gettext, override

import amanat
from amanat.terms.places import SUBDIVISIONS, subdivision_name
from amanat.web import messages
from amanat.web.languages import LANGUAGES
from amanat.web.templatetags import names

HOUSE = Path(amanat.__file__).parent


def acts_written():
    """Every act that any code hands to a journal: the words given as `act=`, also through a function that passes its own `act` on.

    An act that is put together (`f"duty.{decision}"`) is found as its beginning, "duty.".
    """
    found = set()
    for path in HOUSE.rglob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        passes_on = {
            (f.name, [a.arg for a in f.args.args].index("act"))
            for f in ast.walk(tree)
            if isinstance(f, ast.FunctionDef) and "act" in [a.arg for a in f.args.args] and f.name != "link"
        }
        for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
            given = [k.value for k in call.keywords if k.arg == "act"]
            given += [call.args[at] for name, at in passes_on if getattr(call.func, "id", "") == name and len(call.args) > at]
            for value in given:
                found |= {c.value for c in ast.walk(value) if isinstance(c, ast.Constant) and isinstance(c.value, str) and "." in c.value}
    return found


def test_the_search_finds_acts_in_every_shape():
    assert {"incident.declared", "sending.paused", "notices.approved", "unsure.settled", "scope.found"} <= acts_written()


def test_every_act_that_code_writes_has_a_name():
    nameless = {act for act in acts_written() if act not in names.ACTS and not (act.endswith(".") and any(n.startswith(act) for n in names.ACTS))}

    assert nameless == set()


def test_no_name_is_for_an_act_that_nobody_writes():
    sources = [path.read_text(encoding="utf-8") for path in HOUSE.rglob("*.py") if path.name != "names.py"]
    put_together = tuple(act for act in acts_written() if act.endswith("."))

    assert [act for act in names.ACTS if not act.startswith(put_together) and not any(f'"{act}"' in source for source in sources)] == []


def test_decisions_that_become_acts_have_names():
    from amanat.web.assess.actions import DECISIONS
    from amanat.web.scope.actions import STATE_AFTER

    acts = {f"duty.{decision}" for decision in DECISIONS} | {f"person.{decision}" for decision in STATE_AFTER}
    assert acts - set(names.ACTS) == set()


def test_every_rule_channel_state_and_reason_has_a_name():
    from amanat.notify.channel import channel_types
    from amanat.notify.gate import checks
    from amanat.notify.ledger import STATES
    from amanat.terms.notice import READERS

    assert set(names.RULES) == set(checks())
    # A sending is known by what carries it ("email"), whoever that is; outlets have names of their own.
    assert set(names.CHANNELS) == {one.carries or name for name, one in channel_types().items()}
    assert set(names.STATES) == set(STATES)
    assert set(names.WHO_READS) == set(READERS)
    plan = (HOUSE / "notify/plan.py").read_text(encoding="utf-8")
    for reason in names.REASONS:
        assert reason in plan or reason in {c.lacks for c in channel_types().values()}, reason


@pytest.mark.parametrize("language", [code for code, _name in LANGUAGES[1:]])
def test_names_are_translated(language):
    known = {m.id: m.string for m in messages.catalogue(language)}
    for table in (names.ACTS, names.CHANNELS, names.STATES, names.REASONS, names.RULES, names.WHO_READS, names.STOPS):
        for code in table:
            with override("en"):
                english = str(table[code])
            assert known.get(english), code


def test_every_state_and_province_has_a_name_in_three_languages():
    assert [(place, lang) for place in sorted(SUBDIVISIONS) for lang in ("en", "fr", "fa") if not subdivision_name(place, lang)] == []


@pytest.mark.parametrize(
    ("language", "code", "says"),
    [
        ("en", "US-CA", "California (United States)"),
        ("fr", "CA-QC", "Québec (Canada)"),
        ("fa", "US-CA", "کالیفرنیا (ایالات متحده)"),
        ("en", "GB", "United Kingdom"),
        ("fr", "EEA", "Espace économique européen"),
        ("en", "", "place not known"),
    ],
)
def test_a_place_is_named_as_people_say_it(language, code, says):
    with override(language):
        assert names.place(code) == says


@pytest.mark.parametrize(
    ("group", "says"),
    [("us-ca", "California (United States)"), ("eu-gdpr", "European Economic Area"), ("uk-gdpr", "United Kingdom"), ("br-lgpd", "Brazil")],
)
def test_a_letter_group_is_named_after_the_place_of_its_law(group, says):
    with override("en"):
        assert names.letter_group(group) == says


def test_a_language_with_a_region_is_named():
    with override("fr"):
        assert names.language_name("fr-CA") == "français (Canada)"


def test_several_reasons_are_said_one_by_one():
    with override("en"):
        assert names.reason("no e-mail address on file; no postal address on file") == "no e-mail address on file; no postal address on file"
        assert names.reason("there is no notice for the letter group 'us-ca'") == "there is no text for the letter group California (United States)"
    with override("fa"):
        assert names.reason("no e-mail address on file; no postal address on file").count("؛") == 1
        assert gettext("Letter") == "نامه"


def test_why_somebody_is_not_written_to_in_their_language_is_said_with_its_name():
    from amanat.wording import choose_language

    with override("en"):
        assert names.language_reason(choose_language("de", ["en", "fr"], "fr")[1]) == "we do not write their language: German"
        assert names.language_reason(choose_language(None, ["en", "fr"], "fr")[1]) == "no language is known"
        assert names.language_reason(choose_language("x y", ["en"], "en")[1]) == "we do not write their language: language not known"


def test_what_a_told_person_does_is_not_said_of_amanat():
    assert names.doer("amanat", "claim.received") == "a person"
    assert names.doer("amanat", "run.finished") == "amanat"
    assert names.doer("Alice", "case.opened") == "Alice"
