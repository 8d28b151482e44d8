"""What stages say in English, in the language of the page; what has no translation stands marked as English."""

from types import SimpleNamespace

import pytest
from django.utils import translation

from amanat import assess
from amanat.web.templatetags.sentences import authority, cited, fact_answer, sentence, telling


@pytest.mark.parametrize(
    ("text", "french"),
    [
        ("It is encrypted.", "Il est chiffré."),
        ("It could be read only up to record 1,300. It is encrypted.", "Il n’a pu être lu que jusqu’à l’enregistrement 1\u202f300. Il est chiffré."),
        (
            "Ask for the password, unpack it on a machine kept apart, and scan the files.",
            "Demandez le mot de passe, décompressez-le sur une machine isolée, puis lisez le résultat.",
        ),
    ],
)
def test_reasons_of_gaps_are_said_in_french(text, french):
    with translation.override("fr"):
        assert sentence(text) == french


def test_numbers_in_reasons_are_persian_on_persian_pages():
    with translation.override("fa"):
        assert sentence("It breaks off or is damaged after 1,138 bytes.") == "پس از ۱٬۱۳۸ بایت قطع می‌شود یا آسیب دیده است."


def test_a_sentence_that_nobody_translated_is_marked_as_english_and_escaped():
    with translation.override("fr"):
        assert sentence("It is <odd>.") == '<span lang="en" dir="ltr" class="english">It is &lt;odd&gt;.</span>'


def test_authorities_have_their_own_names():
    with translation.override("fr"):
        assert authority("competent supervisory authority") == "autorité de contrôle compétente"
        assert 'lang="en"' in authority("Ministry of Silly Walks")
    with translation.override("en"):
        assert authority("Ministry of Silly Walks") == "Ministry of Silly Walks"


def test_answers_are_said_by_name_and_never_as_codes():
    with translation.override("fr"):
        assert fact_answer("unknown_or_public", "recipients") == "un inconnu, ou le public"
        assert fact_answer(["FR", "BE"], "establishments") == "France, Belgique"
        assert fact_answer({"FR": 12000}, "residents") == "France: 12\u202f000"
        assert fact_answer("FR", "main_establishment") == "France"
        assert fact_answer(True, "acquired") == "oui"
        assert fact_answer(3, "kinds") == "3"  # a reason counts them
    with translation.override("fa"):
        assert fact_answer(["FR", "BE"], "establishments") == "فرانسه، بلژیک"


def test_every_reason_and_next_step_of_scope_is_known_here():
    """Read from the source, so that a new sentence without a translation is noticed."""
    import ast
    from pathlib import Path

    import amanat.scope

    said = set()
    for file in Path(amanat.scope.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("Unreadable", "Gap", "Hole", "Damaged", "TooMuch", "_gap"):
                values = [*node.args, *(k.value for k in node.keywords)]
                said |= {v.value for v in values if isinstance(v, ast.Constant) and isinstance(v.value, str) and v.value.endswith(".")}
    with translation.override("fr"):
        assert len(said) > 15
        assert [text for text in sorted(said) if "english" in sentence(text)] == []


def test_whom_a_law_of_a_state_names_is_said_with_the_state_in_the_language_of_the_page():
    with translation.override("fr"):
        assert authority("affected residents of Texas") == "résidents touchés (Texas (États-Unis))"
    with translation.override("fa"):
        assert authority("affected residents of North Dakota").startswith("ساکنان آسیب‌دیدهٔ داکوتای شمالی")
        assert "english" in str(authority("affected residents of Nowhere"))


def test_whom_we_tell_stands_behind_the_colon_of_the_language():
    rule = next(rule for rule in assess.laws()["ch-finma"].duty if rule.id == "ch-finma.first")
    with translation.override("fr"):
        assert (
            telling({"authority": "Informer l’autorité"}, rule)
            == "Informer l’autorité\u00a0: FINMA\u00a0: premier avis au chargé de surveillance responsable"
        )
    with translation.override("fa"):
        assert "فینما" in telling({"authority": "اطلاع به مرجع رسمی"}, rule)
    with translation.override("en"):
        assert telling({}, SimpleNamespace(to="<b>", who="<i>x</i>")) == ": &lt;i&gt;x&lt;/i&gt;"


def test_an_article_stands_as_the_law_file_has_it_from_left_to_right():
    assert cited("§ 501.171(4)(a) <b>") == '<bdi dir="ltr">§ 501.171(4)(a) &lt;b&gt;</bdi>'


def test_an_incident_without_a_folder_is_said_in_the_language_of_the_page():
    says = "this incident has no folder yet, so nobody knows in whose name to write; give it one with files, register.csv and company.toml"
    with translation.override("fr"):
        assert sentence(says).startswith("Cet incident n’a pas encore de dossier")
