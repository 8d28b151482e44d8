"""The family of a person who has died reads a letter about that person: nothing in it is “yours”, and every step is one they can take."""

import re
from datetime import datetime, timezone

import pytest

from amanat import notify, wording
from amanat.notify.select import sections_for, title_for
from amanat.terms.assessment import Assessment
from amanat.terms.fact import Fact
from tests.notify.delivery_world import a_company, a_contact
from tests.notify.test_same_record import exposed, owed

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=timezone.utc)
KINDS = ["address", "iban", "medical", "name", "password", "phone", "ssn"]
# What would speak to the one who has died.
OF_THE_LIVING = {
    "en": r"\byours\b|\byour (full name|data|password|account|number|health|bank)\b|where you live|you trusted|pretend to be you",
    "fr": r"\bvos données\b|\bvotre (nom|mot de passe|compte|santé|numéro|banque)\b|vous concernant|vous nous aviez confié|où vous habitez",
    "fa": r"داده‌های شما|گذرواژهٔ (خود|شما)|حساب شما|کارت شما|شمارهٔ شما|به نام شما|خود را به ما سپردید",
}


def a_letter(language, residence="US-CA"):
    contact = a_contact("1", language=language, residence=residence)
    exposures = exposed([contact], **{"1": ("content", KINDS)})
    [notice] = notify.compose(
        {"what_happened": Fact(name="what_happened", value={"en": "Attackers broke in."}, status="known")},
        a_company(languages=("en", "fr", "fa"), my_page_url="https://hotel.example/my"),
        Assessment(severity=None, duties=(), fines=(), questions=(), assumed=()),
        exposures,
        owed(("1", "general", [], ["letter"])),
        now=NOW,
    )
    return notice


def read(notice, reader, residence="US-CA"):
    found = sections_for(notice, set(KINDS), "content", residence, reader)
    return {section.id: [sentence.text for sentence in section.sentences] for section in found}


@pytest.fixture(scope="module", params=["en", "fr", "fa"])
def letter(request):
    return a_letter(request.param)


def test_nothing_in_it_speaks_to_the_one_who_has_died(letter):
    family, living = ("\n".join(text for some in read(letter, who).values() for text in some) for who in ("family", "self"))
    pattern = OF_THE_LIVING[letter.language]
    assert re.search(pattern, living)  # so the pattern sees what it should
    assert re.search(pattern, f"{title_for(letter, 'family')}\n{family}") is None


def test_its_steps_are_those_of_an_estate(letter):
    words, steps = wording.words(letter.language), read(letter, "family")["what_you_do"]
    own = ["tell_banks_of_death", "estate_accounts", "estate_statements", "estate_contracts", "estate_health", "estate_vigilance"]
    for step in own:
        assert any(words.steps[step] in said for said in steps), step
    for step in ("password_change", "second_factor", "card_block", "sim", "id_watch", "vigilance", "credit_alert", "tax_pin"):
        assert not any(words.steps[step] in said for said in steps), step
    living = read(letter, "self")["what_you_do"]
    assert any(words.steps["password_change"] in said for said in living)
    assert not any(words.steps[step] in said for step in own for said in living)


def test_where_there_are_credit_bureaus_they_are_asked_to_mark_the_file():
    american = read(a_letter("en"), "family")["what_you_do"]
    assert any("marked as that of a person who has died" in said and "Equifax" in said for said in american)
    assert not any("Freeze your credit file" in said for said in american)
    french = a_letter("fr", "FR")
    assert not any("dossier de crédit" in said for said in read(french, "family", "FR")["what_you_do"])


def test_each_kind_of_data_stands_there_by_its_name(letter):
    said, words = read(letter, "family"), wording.words(letter.language)
    assert "what_of_yours" not in said and "what_of_theirs" not in read(letter, "self")
    assert words.kinds["iban"].name in said["what_of_theirs"] and words.kinds["ssn"].name in said["what_of_theirs"]
    assert words.kinds["medical"].name not in said["what_of_theirs"]  # where others may read along
    assert words.family["sensitive"] in said["what_of_theirs"]


def test_the_apology_is_theirs_too(letter):
    assert read(letter, "family")["apology"] == [wording.words(letter.language).family["apology"]]
    assert read(letter, "self")["apology"] == [wording.words(letter.language).text["apology"]]


def test_my_page_gives_the_family_the_same_steps():
    ids = [todo.id for todo in notify.steps_for(KINDS, "US-CA", "family", wording.words("en"))]
    assert ids == [
        "tell_banks_of_death",
        "estate_credit",
        "estate_accounts",
        "estate_statements",
        "estate_contracts",
        "estate_health",
        "estate_vigilance",
    ] + (["police"] if "police" in ids else [])


def test_a_text_from_before_there_were_other_titles_keeps_its_hash(letter):
    old = letter.as_dict()
    del old["other_titles"]
    assert "other_titles" not in notify.notice_from(old).as_dict()
