"""Languages: who gets which, and how each writes dates, digits and plurals."""

from datetime import datetime, timezone

import pytest

from amanat import wording
from amanat.lib.shape import NotToml
from amanat.wording import language as of
from amanat.wording.language import BadWording, UnknownLanguage


@pytest.mark.parametrize(
    ("tag", "got"),
    [("fr", "fr"), ("fr-CA", "fr"), ("FR_ca", "fr"), ("fa-IR", "fa"), ("de", "fr"), (None, "fr"), ("", "fr"), ("x", "fr")],
)
def test_a_person_gets_their_language_or_the_companys(tag, got):
    assert wording.language_for(tag, ["en", "fa", "fr"], "fr") == got


def test_without_either_a_person_gets_english():
    assert wording.language_for("de", ["fr"], "es") == "en"


def test_a_language_we_lack_is_said_with_those_we_have():
    with pytest.raises(UnknownLanguage, match="We have: "):
        wording.words("tlh")


def test_a_missing_key_is_named(tmp_path):
    path = tmp_path / "xx.toml"
    path.write_text(of.TEMPLATE.read_text(encoding="utf-8").replace('closing = "Yours sincerely,"\n', ""), encoding="utf-8")
    with pytest.raises(BadWording, match=r"\[text\] lacks 'closing'"):
        of._read(path)


def test_an_unknown_key_is_named_with_its_line(tmp_path):
    path = tmp_path / "xx.toml"
    path.write_text(of.TEMPLATE.read_text(encoding="utf-8").replace("closing =", "closnig ="), encoding="utf-8")
    with pytest.raises(BadWording, match="closing|closnig"):
        of._read(path)


def test_a_sentence_that_is_no_message_format_is_named(tmp_path):
    path = tmp_path / "xx.toml"
    path.write_text(of.TEMPLATE.read_text(encoding="utf-8").replace("Yours sincerely,", "Yours {sincerely"), encoding="utf-8")
    with pytest.raises(BadWording, match="closing is not valid MessageFormat"):
        of._read(path)


def test_a_file_that_is_no_toml_is_said(tmp_path):
    path = tmp_path / "xx.toml"
    path.write_text("[text\n", encoding="utf-8")
    with pytest.raises(NotToml):
        of._read(path)


def test_english_has_two_plurals():
    words = wording.words("en")
    assert words.say(words.text["minutes"], n=1) == "about 1 minute"
    assert words.say(words.text["told"], n=41870) == "We are writing to 41,870 people about this."


def test_a_date_is_that_of_the_readers_zone():
    late = datetime(2026, 3, 6, 23, 30, tzinfo=timezone.utc)
    assert wording.words("en").day(late, "Europe/Paris") == "7 March 2026"
    assert wording.words("en").moment(late, "Europe/Paris") == "7 March 2026, 00:30 UTC+1"
